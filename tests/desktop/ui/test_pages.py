"""A page of the left panel stays where it was read when it is written anew."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.ui.main_window import MainWindow
from tests.desktop.ui.small_city import quiet


def test_a_page_does_not_scroll_when_the_button_with_the_focus_is_written_anew(
    opened: MainWindow, qtbot: QtBot
) -> None:
    bench = opened.workbench
    assert bench is not None
    bench.show_step("results")
    opened.activateWindow()
    quiet(opened, qtbot)
    page = bench.left.pages.currentWidget()
    button = next(one for one in page.findChildren(QPushButton) if one.isVisible())
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    bar = page.verticalScrollBar()
    before = bar.value()
    page.refresh()
    quiet(opened, qtbot)
    assert bar.value() == before
