"""The figure row: a figure of the plan that, pressed, shows where it comes from."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QPushButton

from core.texts import text
from desktop.ui.card_parts import across, label


class FigureRow(QPushButton):
    """What it is to the left, its value to the right; click, right click, Enter or Space lead to its trace."""

    def __init__(self, title: str, value: str, trace: Callable[[], None]) -> None:
        super().__init__()
        self._trace = trace
        self.setProperty("part", "figure")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(True)  # Enter presses it too
        self.setToolTip(text("Where this comes from"))
        self.setAccessibleName(f"{title}: {value}")
        self.setAccessibleDescription(text("Where this comes from"))
        name, shown = label(title, "small", wraps=True), label(value)
        shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for part in (name, shown):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            part.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._row = across(name, shown, spacing=8)
        self._row.setContentsMargins(6, 3, 6, 3)
        self.setLayout(self._row)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.clicked.connect(lambda: trace())

    def sizeHint(self) -> QSize:
        """As large as its words."""
        return self._row.sizeHint()

    def hasHeightForWidth(self) -> bool:
        """Long titles take a second line."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as its words at a width. [px]"""
        return max(26, self._row.heightForWidth(width))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The right button does the same."""
        event.accept()
        self._trace()
