"""Inputs: combo boxes, number boxes and sliders that the wheel changes only after a click or key has chosen them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSlider, QSpinBox, QWidget

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
    """One of several words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel does not choose it


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
