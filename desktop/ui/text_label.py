"""The text label: words on the screen, in which no line ends within a number or its unit."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from core.texts import THIN_SPACE

UNBROKEN = "\u202f"  # as narrow as the thin space, but no line ends there
JOINT = "\u2060"  # is not seen, and no line ends there
TEN_THOUSANDS = re.compile(r"(?<=[万亿])(?=[kt])")
PER = re.compile(
    r"(?<![\w/.-])([万亿]?(?:[kMGT]?Wh?|kWp|k?tCO₂|k?gce|k?tce|kgCO₂|kg|m²|m³|㎡|CNY|元))/(?=\w)"
)


class TextLabel(QLabel):
    """Plain text; it is given back as it was set."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(words)

    def setText(self, words: str) -> None:
        """Show other words."""
        joined = PER.sub(rf"\1{JOINT}/{JOINT}", words)
        super().setText(TEN_THOUSANDS.sub(JOINT, joined).replace(THIN_SPACE, UNBROKEN))

    def text(self) -> str:
        """The words that are shown."""
        return super().text().replace(UNBROKEN, THIN_SPACE).replace(JOINT, "")
