"""Files that were written: opened with the programs of the system, and said with the way to their folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from core.texts import text
from desktop.ui.notes import Message


def show_file(path: Path) -> None:
    """Open a file or folder with the program of the system."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def written_in(folder: Path, words: str, *, stays: bool = False) -> Message:
    """What was written, with a link that opens its folder; `stays` until it is closed or another comes."""
    return Message(words, text("Open the folder"), lambda: show_file(folder), stays=stays)
