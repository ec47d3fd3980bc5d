"""Pages of the left panel stay where they were read when they are written anew, and messages say what they are."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.ui.main_window import MainWindow
from desktop.ui.map_panel import MessageBar
from desktop.ui.notes import Message
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


def test_only_what_was_done_is_called_done(opened: MainWindow, qtbot: QtBot) -> None:
    bench = opened.workbench
    assert bench is not None
    for note, shown in ((True, "Notice"), (False, "Done")):
        opened.workspace.said.emit(Message("There is nothing to undo.", note=note))
        bar = opened.findChild(MessageBar)
        chips = [
            one.text()
            for one in bar.findChildren(QLabel)
            if one.property("part") == "chip" and one.isVisible()
        ]
        assert chips == [shown]
