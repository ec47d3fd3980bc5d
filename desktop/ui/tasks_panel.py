"""The list of tasks: what runs with its progress and the time left, what waits, and what is over with its log."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QProgressBar, QScrollArea, QWidget

from core.jobs import Progress
from core.texts import text
from core.units import percent
from desktop.task_log import Ended, said
from desktop.ui.card_parts import across, button, chip, down, emptied, label, tool_button
from desktop.ui.worker import Task, Tasks

HEIGHT = 210
MINUTE_S = 60
ENDS = {  # tone of the chip, and its word
    "done": ("accent", "finished"),
    "stopped": ("", "was stopped"),
    "refused": ("warning", "needs you"),
    "failed": ("bad", "ended by a fault"),
}


class TasksPanel(QWidget):
    """Tasks beside the log of the one that is chosen.

    Parameters
    ----------
    tasks : Tasks
        The queue.
    shut : callable
        Closes the list.
    """

    def __init__(self, tasks: Tasks, shut: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("drawer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(text("Tasks"))
        self.setMinimumHeight(150)
        self._tasks = tasks
        self._chosen: Ended | None = None
        self._bar, self._left = QProgressBar(), label("", "small")
        head = across(
            label(text("Tasks"), "strong"),
            None,
            button(text("Stop all"), "link", tasks.cancel),
            tool_button("ph.x", text("Close the list of tasks"), shut),
            spacing=14,
        )
        inside = QWidget()
        self._rows = down(inside, margins=(0, 0, 8, 8), spacing=4)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setTabChangesFocus(True)
        self.log.setAccessibleName(text("Log of the task"))
        self.log.setPlaceholderText(text("The steps of a task are listed here."))
        self.copies = button(text("Copy log"), "link", self._copy)
        beside = down(spacing=4)
        beside.addWidget(self.log, 1)
        beside.addWidget(self.copies, 0, Qt.AlignmentFlag.AlignRight)
        body = QHBoxLayout()
        body.setSpacing(14)
        body.addWidget(area, 3)
        body.addLayout(beside, 2)
        column = down(self, margins=(14, 6, 14, 8), spacing=4)
        column.addLayout(head)
        column.addLayout(body, 1)
        tasks.changed.connect(self.refresh)
        tasks.progressed.connect(self._move_on)

    def let_go(self) -> None:
        """End the link with the queue, before another list takes it."""
        self._tasks.changed.disconnect(self.refresh)
        self._tasks.progressed.disconnect(self._move_on)

    def showEvent(self, event: QShowEvent) -> None:
        """List the tasks when the list comes into sight."""
        self.refresh()

    def refresh(self) -> None:
        """List the tasks as they are now, where the list is seen."""
        if not self.isVisible():
            return
        emptied(self._rows)
        running = self._tasks.running
        if running is not None:
            self._chosen = None
            self._rows.addWidget(self._at_work(running))
        for task in self._tasks.waiting:
            self._rows.addWidget(self._waiting(task))
        for ended in reversed(self._tasks.ended):
            self._rows.addWidget(self._over(ended))
        if self._rows.count() == 0:
            words = text(
                "Nothing ran yet. Long work is listed here with its progress; you can go on working."
            )
            self._rows.addWidget(label(words, "small", wraps=True))
        self._rows.addStretch(1)
        self._write_log()

    def _at_work(self, task: Task) -> QWidget:
        self._bar = QProgressBar()
        self._bar.setProperty("part", "task")
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(task.title)
        self._bar.setRange(0, 0)
        self._left = label("", "small")
        stop = tool_button("ph.x", text("Stop {task}", task=task.title), partial(self._tasks.stop, task))
        stop.setProperty("part", "small")
        row = QWidget()
        column = down(row, spacing=3)
        column.addLayout(across(label(task.title, "strong"), None, self._left, stop, spacing=8))
        column.addWidget(self._bar)
        if self._tasks.progress is not None:
            self._move_on(self._tasks.progress)
        return row

    def _waiting(self, task: Task) -> QWidget:
        row = QWidget()
        words = text("Take {task} out of the queue", task=task.title)
        drop = tool_button("ph.x", words, partial(self._tasks.stop, task))
        drop.setProperty("part", "small")
        row.setLayout(across(label(task.title), None, chip(text("waiting")), drop, spacing=8))
        return row

    def _over(self, ended: Ended) -> QWidget:
        tone, word = ENDS[ended.state]
        shown = button(
            ended.title, "link", partial(self._choose, ended), hint=text("Show the log of this task")
        )
        words = f"{ended.at} · {duration(ended.seconds)}" if ended.seconds else ended.at
        took = label(words, "small")
        row = QWidget()
        row.setLayout(across(shown, None, took, chip(text(word), tone), spacing=8))
        return row

    def _choose(self, ended: Ended) -> None:
        self._chosen = ended
        self._write_log()

    def _move_on(self, progress: Progress) -> None:
        if not self.isVisible():
            return
        left = self._tasks.course.left_s
        words = [progress.step]
        if progress.share > 0:
            words.append(percent(progress.share, 2))
        if left is not None:
            words.append(text("{time} left in this step", time=duration(left)))
        self._left.setText(" · ".join(words))
        self._bar.setRange(0, 1000 if progress.share > 0 else 0)
        self._bar.setValue(round(progress.share * 1000))
        if self._chosen is None and len(self._tasks.course.lines) != self.log.blockCount():
            self._write_log()

    def _write_log(self) -> None:
        ended = self._chosen
        if ended is None and self._tasks.running is None and self._tasks.ended:
            ended = self._tasks.ended[-1]
        lines = self._tasks.course.lines if ended is None else ended.lines
        self.log.setPlainText("\n".join(said(line) for line in lines))
        self.log.verticalScrollBar().setValue(self.log.verticalScrollBar().maximum())
        self.copies.setEnabled(bool(lines))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.log.toPlainText())


def duration(seconds: float) -> str:
    """A time as people say it: seconds below a minute, else minutes and seconds."""
    whole = max(1, round(seconds))
    if whole < MINUTE_S:
        return text("{count} s", count=whole)
    minutes, rest = divmod(whole, MINUTE_S)
    return text("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
