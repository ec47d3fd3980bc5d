"""Later: short work in a thread beside the tasks, such as finding classes; of each kind only the newest arrives."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

Result = TypeVar("Result")


class Later(QObject):
    """Does short work in a thread and hands its result over in the window's thread."""

    _returned = Signal(str, int, object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="later")
        self._newest: dict[str, int] = {}
        self._returned.connect(self._take)
        self._open = 0
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether something is still to come."""
        return self._open > 0

    def ask(self, kind: str, work: Callable[[], Result], take: Callable[[Result], None]) -> None:
        """Have something done; what was asked for under the same kind before is forgotten. Once closed, nothing is done."""
        if self._closed:
            return  # a timer of the window that was still running
        number = self._newest.get(kind, 0) + 1
        self._newest[kind] = number
        self._open += 1

        def run() -> None:
            result, error = None, None
            try:
                result = work() if self._newest[kind] == number else None
            except Exception as trouble:
                error = trouble
            self._returned.emit(kind, number, take, result, error)

        self._thread.submit(run)

    def close(self) -> None:
        """Drop what waits and end the thread."""
        self._closed = True
        self._newest = {kind: number + 1 for kind, number in self._newest.items()}
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _take(
        self,
        kind: str,
        number: int,
        take: Callable[[object], None],
        result: object,
        error: Exception | None,
    ) -> None:
        self._open -= 1
        if self._newest.get(kind) != number:
            return
        if error is not None:
            raise error
        take(result)
