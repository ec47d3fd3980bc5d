"""Sliders of a moment: the day of the year and the hour of the day at which the sun is to stand."""

from __future__ import annotations

import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSlider, QWidget

from core.texts import text
from desktop.ui.card_parts import across, down, label

MINUTES = 15  # between two places of the hour's slider
DAYS = 365  # of every year, leap years too
FIRST_DAY = 355  # the winter solstice, when shadows are longest
NOON = 12 * 60 // MINUTES
NAMED = {79: "spring equinox", 171: "summer solstice", 265: "autumn equinox", 355: "winter solstice"}


class MomentSliders(QWidget):
    """Two sliders, one below the other, each with its word.

    Signals
    -------
    moved()
        Another day or hour was chosen.
    """

    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.day = slider(text("Day of the year"), DAYS - 1)
        self.hour = slider(text("Hour of the day"), 24 * 60 // MINUTES - 1)
        self.day.setValue(FIRST_DAY)
        self.hour.setValue(NOON)
        column = down(self, spacing=4)
        column.addLayout(across(label(text("Date"), tone="muted"), self.day, spacing=8))
        column.addLayout(across(label(text("Hour"), tone="muted"), self.hour, spacing=8))
        for one in (self.day, self.hour):
            one.valueChanged.connect(lambda value: self.moved.emit())

    @property
    def date(self) -> datetime.date:
        """The day, in this year."""
        return datetime.date(datetime.date.today().year, 1, 1) + datetime.timedelta(days=self.day.value())

    @property
    def minutes(self) -> int:
        """The time of the day, from midnight on. [min]"""
        return self.hour.value() * MINUTES

    @property
    def said(self) -> str:
        """Day and time in words, a solstice or equinox by its name."""
        named = text(NAMED[self.day.value()]) if self.day.value() in NAMED else ""
        day = text("{month}-{day}", month=self.date.month, day=self.date.day)
        return f"{day} {named}".strip() + f"  {self.minutes // 60:02d}:{self.minutes % 60:02d}"


def slider(name: str, most: int) -> QSlider:
    """A slider over whole numbers from 0; its page is one step where there are few."""
    made = QSlider(Qt.Orientation.Horizontal)
    made.setRange(0, most)
    made.setPageStep(1 if most <= 12 else 4)
    made.setAccessibleName(name)
    made.setToolTip(name)
    return made
