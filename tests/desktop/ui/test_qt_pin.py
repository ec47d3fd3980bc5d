"""The pinned Qt keeps its references: an upgrade that loses one to None in every call dies after some thousands."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPainter

CALLS, SLACK = 1000, 20


def test_painting_loses_no_reference_to_none(qapp):
    image = QImage(8, 8, QImage.Format.Format_ARGB32_Premultiplied)
    with QPainter(image) as painter:
        painter.drawRect(1, 1, 3, 3)
        before = sys.getrefcount(None)
        for _ in range(CALLS):
            painter.drawRect(1, 1, 3, 3)
        after = sys.getrefcount(None)
    assert after >= before - SLACK


def test_emitting_loses_no_reference_to_none(qapp):
    class Bell(QObject):
        rang = Signal()

    bell = Bell()
    bell.rang.emit()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        bell.rang.emit()
    assert sys.getrefcount(None) >= before - SLACK
