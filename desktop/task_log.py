"""The log of long work: what ran, how it went on, how it ended, and how much longer it may take."""

from __future__ import annotations

from dataclasses import dataclass

from core.jobs import Progress

MOST_LINES = 400  # of one task; older ones give way
MOST_ENDED = 50  # tasks kept in the list
LEAST_SHARE, LEAST_S = 0.02, 1.0  # before that much is done nothing can be said of the time left


@dataclass(frozen=True)
class Line:
    """One line of a log: seconds since the task began, and what it said."""

    seconds: float
    words: str


@dataclass(frozen=True)
class Ended:
    """A task that is over.

    Parameters
    ----------
    title : str
        What it did.
    state : str
        `done`, `stopped`, `refused` or `failed`.
    at : str
        When it ended, as HH:MM.
    seconds : float
        How long it took.
    lines : tuple of Line
        Its steps, and what stood in its way.
    """

    title: str
    state: str
    at: str
    seconds: float
    lines: tuple[Line, ...]

    def written(self) -> str:
        """The log as text, to be copied."""
        return "\n".join([f"{self.at} {self.title}", *(said(line) for line in self.lines)])


class Course:
    """The course of one task: its steps as they come, and the time left in the step at work."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.progress: Progress | None = None
        self._step, self._began_s = "", 0.0

    def move_on(self, progress: Progress) -> None:
        """Take in where the task is."""
        if progress.step != self._step:
            self._step, self._began_s = progress.step, progress.seconds
            self.add(progress.seconds, progress.step)
        self.progress = progress

    def add(self, seconds: float, words: str) -> None:
        """A further line."""
        self.lines.append(Line(seconds, words))
        del self.lines[:-MOST_LINES]

    @property
    def left_s(self) -> float | None:
        """Time left in this step, as it went so far; None where too little is done to say. [s]"""
        now = self.progress
        if now is None or now.share < LEAST_SHARE or now.share >= 1:
            return None
        spent = now.seconds - self._began_s
        return spent * (1 - now.share) / now.share if spent >= LEAST_S else None


def said(line: Line) -> str:
    """A line of a log with its time: minutes and seconds."""
    minutes, seconds = divmod(int(line.seconds), 60)
    return f"{minutes:02d}:{seconds:02d}  {line.words}"
