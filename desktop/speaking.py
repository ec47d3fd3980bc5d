"""Speaking: progress and results on the terminal, or one JSON object for machines; Ctrl-C stops the job."""

from __future__ import annotations

import json
import math
import shutil
import signal
import sys
import threading
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Self

import click

from core.jobs import Job, Progress
from core.problems import Problem, Severity

if TYPE_CHECKING:
    from desktop.operations import Work
    from layers.contents import Pending
    from layers.project import Project

MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.NOTE: "·"}
LASTING_S = 1.0  # a step that took longer leaves a line
BAR_CELLS = 24


class Bar:
    """Progress on the terminal: one line that moves; steps that took a while leave a line of their own."""

    def __init__(self, silent: bool) -> None:
        self._silent = silent
        self._moves = not silent and sys.stderr.isatty()
        self._step, self._began, self._last = "", 0.0, 0.0

    def __call__(self, progress: Progress) -> None:
        if self._silent:
            return
        if progress.step != self._step:
            self._leave()
            self._step, self._began = progress.step, progress.seconds
        self._last = progress.seconds
        if self._moves:
            done = round(min(max(progress.share, 0.0), 1.0) * BAR_CELLS)
            bar = f" {'━' * done}{'─' * (BAR_CELLS - done)} {progress.share:4.0%} {progress.seconds:4.0f} s"
            columns = shutil.get_terminal_size().columns
            step = _cut(progress.step, columns - len(bar) - 1)
            click.echo(f"\r\x1b[K{step}{bar if columns > len(bar) + 10 else ''}", nl=False, err=True)

    def close(self) -> None:
        """Leave the line empty for what is said next."""
        self._leave()
        self._step = ""

    def _leave(self) -> None:
        if self._step and self._moves:
            click.echo("\r\x1b[K", nl=False, err=True)
        if self._step and self._last - self._began >= LASTING_S:
            click.echo(f"✓ {self._step} {self._last - self._began:.0f} s", err=True)


class Speaker:
    """Says results to people or, with `--json`, to machines; inside its `with` block Ctrl-C stops the job.

    The first Ctrl-C asks the job to stop at its next step, the second stops at once.
    """

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self.bar = Bar(as_json)
        self.job = Job(self.bar)
        self._before: Any = None

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.close()
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self.job.cancelled:
            raise KeyboardInterrupt
        self.job.cancel()

    def carry_out(self, project: Project, work: Work) -> Pending:
        """Do long work with a progress bar."""
        from desktop import operations  # late: it brings the whole program

        try:
            return operations.carry_out(project, work, self.job)
        finally:
            self.bar.close()

    def say(self, sentence: str) -> None:
        """Say something to people."""
        self.bar.close()
        if not self.as_json:
            click.echo(sentence)

    def result(self, sentence: str, **facts: Any) -> None:
        """Say what was done."""
        self.say(sentence)
        if self.as_json:
            say_json({"status": "done", **facts})

    def problems(self, problems: Iterable[Problem]) -> None:
        """Say every problem, the gravest first."""
        order = list(Severity)
        for problem in sorted(problems, key=lambda one: order.index(one.severity)):
            self.say(f"{MARKS[problem.severity]} {problem.said()}")


def records(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Problems as they stand in JSON."""
    return [
        {
            "severity": str(problem.severity),
            "text": problem.said(),
            "table": problem.table,
            "rows": [str(row) for row in problem.rows],
        }
        for problem in problems
    ]


def say_json(facts: Mapping[str, Any]) -> None:
    """One JSON object on standard output, in ASCII where that is not UTF-8."""
    wide = (sys.stdout.encoding or "").lower().startswith("utf")
    click.echo(json.dumps(_plain(facts), ensure_ascii=not wide, allow_nan=False))


def _plain(value: Any) -> Any:
    """A value as JSON knows it: numbers that are not finite become null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(one) for one in value]
    if isinstance(value, float):  # numpy's float64 too
        return float(value) if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Path):
        return str(value)
    plain = value.item() if hasattr(value, "item") else str(value)
    return _plain(plain) if hasattr(value, "item") else plain


def _cut(words: str, cells: int) -> str:
    """The beginning of words that fits into so many cells of a terminal; Chinese letters take two."""
    used, fitting = 0, ""
    for letter in words:
        used += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if used > cells:
            break
        fitting += letter
    return fitting
