"""What cannot be painted is logged; the program goes on, and every part of the window is guarded so."""

from __future__ import annotations

import ast
import logging
from pathlib import Path

import pytest
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

import desktop.ui
from desktop.ui.painting import guarded

OWN_WAY = "map_surface.py"  # says on the map itself what went wrong


class Broken(QWidget):
    """Fails while its painter is at work."""

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Begin, then fail."""
        with QPainter(self) as painter:
            painter.drawLine(0, 0, 9, 9)
            raise ValueError("no colour")


def test_an_error_while_painting_is_logged_and_lets_the_program_go_on(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    widget = Broken()
    qtbot.addWidget(widget)
    widget.resize(20, 20)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            assert not widget.grab().isNull()
    assert "Broken.paintEvent failed" in caplog.text
    assert "no colour" in caplog.text


def test_every_part_of_the_window_that_paints_itself_is_guarded() -> None:
    bare = []
    for path in sorted(Path(desktop.ui.__file__).parent.glob("*.py")):
        for item in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(item, ast.FunctionDef) and item.name == "paintEvent" and path.name != OWN_WAY:
                names = [one.id for one in item.decorator_list if isinstance(one, ast.Name)]
                bare += [] if "guarded" in names else [f"{path.name}:{item.lineno}"]
    assert bare == []
