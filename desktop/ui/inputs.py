"""Inputs: combo boxes, number boxes and sliders that the wheel changes only after a click or key has chosen them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QSlider,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from desktop.ui.painting import guarded

# How a person chooses an input; whatever else gives it the focus is the window's doing.
CHOSEN_BY = (
    Qt.FocusReason.MouseFocusReason,
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
PASSING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)  # it comes back as it was

if TYPE_CHECKING:
    _Widget = QWidget
else:
    _Widget = object


class _Chosen(_Widget):
    """Takes the wheel while it is chosen; else the page around scrolls."""

    _chosen = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A click or a key chooses it."""
        if event.reason() not in PASSING:
            self._chosen = event.reason() in CHOSEN_BY
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Another input is chosen."""
        if event.reason() not in PASSING:
            self._chosen = False
        super().focusOutEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change the value where it was chosen; else leave the wheel to the page around."""
        if self._chosen and self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ComboBox(_Chosen, QComboBox):
    """One of several words; words that are longer than the box end in an ellipsis."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel does not choose it

    def let_type(self) -> None:
        """One of its many words is found by typing a part of it."""
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it; Qt itself would cut long words off in the middle of a letter."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width()
        words = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)
        if self.isEditable() or words == self.currentText():
            super().paintEvent(event)
            return
        option.currentText = words
        painter = QStylePainter(self)
        with painter:
            painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
            painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class NumberBox(_Chosen, QSpinBox):
    """A whole number between two."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


class Slider(_Chosen, QSlider):
    """A whole number between two, by its place on a line from left to right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
