"""The chip of the running task: its step, the share that is done, and a cross to stop it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QProgressBar

from core.jobs import Progress
from core.texts import text
from core.units import percent
from desktop.ui.card_parts import across, down, label, tool_button
from desktop.ui.worker import Tasks

CHIP_WIDTH = 180


class TaskChip(QFrame):
    """The task at work: its step, share done, and a cross to stop it.

    Signals
    -------
    opened()
        The chip was clicked: the list of tasks is to be shown.
    """

    opened = Signal()

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.setProperty("part", "floating")
        self._tasks = tasks
        self._words = label("", "small")
        self.set_width(CHIP_WIDTH)
        self._bar = QProgressBar()
        self._bar.setProperty("part", "task")
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self.cancel = tool_button("ph.x", text("Stop the task"), self._stop)
        self.cancel.setProperty("part", "small")
        column = down(spacing=3)
        column.addWidget(self._words)
        column.addWidget(self._bar)
        row = across(spacing=6)
        row.setContentsMargins(10, 3, 4, 4)
        row.addLayout(column)
        row.addWidget(self.cancel)
        self.setLayout(row)
        self.setFixedHeight(38)
        tasks.changed.connect(self.refresh)
        tasks.progressed.connect(self._move_on)
        self.refresh()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask for the list of tasks."""
        self.opened.emit()

    def refresh(self) -> None:
        """Show what is at work; nothing while all is quiet."""
        running = self._tasks.running
        self.setVisible(running is not None)
        if running is not None and self._tasks.progress is None:
            self._say(running.title)
            self._bar.setRange(0, 0)

    def _move_on(self, progress: Progress) -> None:
        running = self._tasks.running
        number, of = running.part if running is not None else (1, 1)
        words = [f"{number}/{of}"] if of > 1 else []
        words.append(progress.step)
        if progress.share > 0:
            words.append(percent(progress.share, 2))
        self._say(" ".join(words))
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(self._tasks.share * 1000))

    def set_width(self, pixels: int) -> None:
        """Take more or less room for words. [px]"""
        self._width = pixels
        self._words.setFixedWidth(pixels)

    def _stop(self) -> None:
        if (running := self._tasks.running) is not None:
            self._tasks.stop(running)

    def _say(self, words: str) -> None:
        waiting = len(self._tasks.waiting)
        whole = f"{words} · {text('{count} waiting', count=waiting)}" if waiting else words
        self._words.setText(
            self._words.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, self._width - 2)
        )
        self.setToolTip(whole)
        self.setAccessibleName(whole)
