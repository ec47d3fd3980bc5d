"""The text label: words on the screen, in which no number is broken between its thousands."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from core.units import THIN_SPACE

UNBROKEN = "\u202f"  # as narrow as the thin space, but no line ends there


class TextLabel(QLabel):
    """Plain text; it is given back as it was set."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(words)

    def setText(self, words: str) -> None:
        """Show other words."""
        super().setText(words.replace(THIN_SPACE, UNBROKEN))

    def text(self) -> str:
        """The words that are shown."""
        return super().text().replace(UNBROKEN, THIN_SPACE)
