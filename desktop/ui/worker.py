"""Workers: long work in a thread of its own, one after another, with progress, cancel and plain outcomes."""

from __future__ import annotations

import logging
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from core.jobs import Cancelled, Job, Progress
from core.memory import give_back
from core.problems import UserError
from desktop.task_log import MOST_ENDED, Course, Ended


@dataclass(eq=False)
class Task:
    """One piece of long work and what to do with its outcome, in the window's thread.

    `work` runs in the worker's thread; `done` gets what it returns. `refused` gets the problems of a
    UserError. Both are called in the window's thread. Of a `quiet` one nobody waits for the end: it stands in
    the list of what is over only where something stood in its way. `part` says which of how many runs of one wish it is.
    """

    title: str
    work: Callable[[Job], Any]
    done: Callable[[Any], None]
    refused: Callable[[UserError], None]
    quiet: bool = False
    part: tuple[int, int] = (1, 1)
    job: Job = field(default_factory=Job)


# How long a thread of Python may keep the others waiting. Each of Qt's calls back into Python while painting waits its
# turn; with the usual 5 ms some twenty of them hold a window for 100 ms while a task is at work.
WINDOW_WAITS_S = 0.0005


LONGEST_WAIT_MS = 10_000  # for a task that was stopped, at the end of the program


class _Thread(QThread):
    """Runs one task and keeps its outcome."""

    progressed = Signal(object)

    def __init__(self, task: Task, parent: QObject) -> None:
        super().__init__(parent)
        self.task = task
        self.result: Any = None
        self.error: BaseException | None = None
        self.trace = ""
        task.job = Job(self.progressed.emit)

    def run(self) -> None:
        """Do the work; called by Qt in the new thread."""
        try:
            self.result = self.task.work(self.task.job)
        except BaseException as error:
            self.error = error
            self.trace = traceback.format_exc()
        give_back()

    def let_go(self) -> None:
        """Hold nothing more: a task tells its thread of its progress, so each would keep the other, and the result."""
        self.result = self.error = None
        self.task.job = Job()
        self.deleteLater()


class Tasks(QObject):
    """The queue of tasks; one runs at a time.

    Signals
    -------
    changed()
        A task was added, began or ended.
    progressed(Progress)
        The running task moved on.
    queued(Task)
        A task has to wait until the one at work is done.
    crashed(str, str)
        A task ended in a bug of ours: message and trace.
    """

    changed = Signal()
    progressed = Signal(object)
    queued = Signal(object)
    crashed = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[Task] = deque()
        self._thread: _Thread | None = None
        self.progress: Progress | None = None
        self.course = Course()  # of the running task
        self.ended: list[Ended] = []
        self._began = 0.0
        sys.setswitchinterval(WINDOW_WAITS_S)

    @property
    def running(self) -> Task | None:
        """The task at work."""
        return self._thread.task if self._thread else None

    @property
    def waiting(self) -> list[Task]:
        """Tasks that have not begun."""
        return list(self._waiting)

    def add(self, task: Task) -> None:
        """Begin a task, or put it behind those before it."""
        self._waiting.append(task)
        waits = self._thread is not None
        self._next()
        if waits:
            self.queued.emit(task)

    def cancel(self) -> None:
        """Stop the running task and drop those that wait."""
        for task in self.waiting:
            self.stop(task)
        if self._thread:
            self._thread.task.job.cancel()

    def stop(self, task: Task) -> None:
        """Stop one task, whether it runs or waits; the others go on."""
        if self._thread is not None and self._thread.task is task:
            task.job.cancel()
        elif task in self._waiting:
            self._waiting.remove(task)
            self._note(task, Ended(task.title, "stopped", time.strftime("%H:%M"), 0.0, ()))
            self.changed.emit()

    def wait(self, milliseconds: int = LONGEST_WAIT_MS) -> None:
        """Wait for the running task's thread, at the end of the program."""
        if self._thread:
            self._thread.wait(milliseconds)

    @property
    def share(self) -> float:
        """How much is done of what was wished for, the runs before this one included."""
        number, of = self._thread.task.part if self._thread else (1, 1)
        return (number - 1 + (self.progress.share if self.progress else 0.0)) / of

    @property
    def at_work(self) -> bool:
        """Whether a thread is at work still, also one that was stopped."""
        return self._thread is not None and self._thread.isRunning()

    def _next(self) -> None:
        if self._thread is None and self._waiting:
            self._thread = _Thread(self._waiting.popleft(), self)
            self.course, self._began = Course(), time.monotonic()
            self._thread.progressed.connect(self._move_on)
            self._thread.finished.connect(self._end)
            self._thread.start()
        self.changed.emit()

    def _move_on(self, progress: Progress) -> None:
        self.progress = progress
        self.course.move_on(progress)
        self.progressed.emit(progress)

    def _end(self) -> None:
        thread = self._thread
        if thread is None:
            return
        self._thread, self.progress = None, None
        try:
            self._record(thread)
            if thread.error is None:
                thread.task.done(thread.result)
            elif isinstance(thread.error, UserError):
                thread.task.refused(thread.error)
            elif not isinstance(thread.error, Cancelled):
                logging.getLogger("lutu").error("a task failed\n%s", thread.trace)
                self.crashed.emit(str(thread.error) or type(thread.error).__name__, thread.trace)
        except UserError as error:
            thread.task.refused(error)
        finally:
            thread.let_go()
            self._next()

    def _record(self, thread: _Thread) -> None:
        """Keep how a task went and ended."""
        seconds, error = time.monotonic() - self._began, thread.error
        state = "done" if error is None else "stopped" if isinstance(error, Cancelled) else "failed"
        if isinstance(error, UserError):
            state = "refused"
            for problem in error.problems:
                self.course.add(seconds, problem.said())
        elif state == "failed":
            self.course.add(seconds, thread.trace.rstrip())
        ended = Ended(thread.task.title, state, time.strftime("%H:%M"), seconds, tuple(self.course.lines))
        self._note(thread.task, ended)

    def _note(self, task: Task, ended: Ended) -> None:
        if task.quiet and ended.state in ("done", "stopped"):
            return
        self.ended = [*self.ended, ended][-MOST_ENDED:]
