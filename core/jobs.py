"""Jobs: long work that reports its progress and can be stopped, the same for window, command line and tests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from core.texts import language, speaking, text

Item = TypeVar("Item")
Result = TypeVar("Result")


class Cancelled(Exception):
    """Raised inside a job that was asked to stop. Nothing it computed is kept."""


@dataclass(frozen=True)
class Progress:
    """Where a job is: the step in words, the share of it done (0 to 1), seconds since the job began."""

    step: str
    share: float
    seconds: float


class Job:
    """One piece of long work.

    Parameters
    ----------
    report : callable, optional
        Called with a `Progress`, at most every `interval_s` seconds and at the ends of a step.
    interval_s : float
        Shortest time between two reports. [s]
    """

    def __init__(self, report: Callable[[Progress], None] | None = None, *, interval_s: float = 0.1) -> None:
        self._report = report
        self._interval_s = interval_s
        self._language = language()  # of the person who waits, whatever language a document is written in
        self._stop = threading.Event()
        self._began = time.monotonic()
        self._last = 0.0

    def cancel(self) -> None:
        """Ask the job to stop; it does at its next step. Safe from any thread."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        """Whether the job was asked to stop."""
        return self._stop.is_set()

    def check(self) -> None:
        """Raise `Cancelled` if the job was asked to stop."""
        if self._stop.is_set():
            raise Cancelled

    def each(self, items: Sequence[Item] | Iterable[Item], step: str) -> Iterator[Item]:
        """Loop over items, reporting the step and stopping when asked.

        Parameters
        ----------
        items : iterable
            What to loop over; a length gives the share done.
        step : str
            What is being done, an English phrase with a translation ("Casting shadows").
        """
        things = items if isinstance(items, Sequence) else list(items)
        self.say(step, 0.0, force=True)
        for number, thing in enumerate(things):
            self.check()
            yield thing
            self.say(step, (number + 1) / len(things), force=number + 1 == len(things))
        self.check()

    def map(self, function: Callable[[Item], Result], items: Sequence[Item], step: str) -> list[Result]:
        """The results of a function for every item, in order, with progress."""
        return [function(item) for item in self.each(items, step)]

    def say(self, step: str, share: float, *, force: bool = False) -> None:
        """Report where the job is; quiet when the last report was just now."""
        self.check()
        now = time.monotonic()
        if self._report and (force or now - self._last >= self._interval_s):
            self._last = now
            with speaking(self._language):
                said = text(step)
            self._report(Progress(said, share, now - self._began))
