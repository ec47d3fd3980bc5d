"""Sizes of a window: what is wanted, what is needed at least, and what the screen has room for."""

from __future__ import annotations

from PySide6.QtCore import QSize

SIZE = QSize(1440, 900)
LEAST = QSize(1000, 640)
FRAME = QSize(16, 40)  # what borders and title bar of a window take of the screen at most


def fitting(wanted: QSize, room: QSize) -> QSize:
    """The size of a window that, with its frame, is no larger than the room on the screen. [px]"""
    return wanted.boundedTo(room - FRAME)
