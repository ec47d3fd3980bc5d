"""A right click on the map offers what lies there and what can be done with the place; the main menu fits its screen."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from desktop.searching import search
from desktop.session import Session
from desktop.ui.actions import OFFERS
from desktop.ui.main_window import MainWindow
from desktop.ui.map_tools import Tool
from desktop.ui.start_page import StartPage, quiet_ways
from desktop.ui.worker import Tasks
from tests.desktop.ui.small_city import SOUTH, WEST, card, place_of, quiet


def menu_at(window: MainWindow, x: float, y: float) -> QMenu:
    """The menu of a place of the world."""
    assert window.workbench is not None
    return window.workbench.map_menu.made(QPointF(place_of(window, x, y)))


def choose(menu: QMenu, words: str) -> None:
    next(one for one in menu.actions() if one.text().startswith(words)).trigger()


@pytest.fixture
def window(small_window: MainWindow, qtbot: QtBot) -> MainWindow:
    assert small_window.workbench is not None
    small_window.workbench.map.zoom_to_city()
    quiet(small_window, qtbot)
    return small_window


def test_everything_that_lies_there_can_be_selected(window: MainWindow, qtbot: QtBot) -> None:
    menu = menu_at(window, WEST + 10 + 30 * 4 + 10, SOUTH + 26)
    words = [one.text() for one in menu.actions()]
    assert "Select Building B4" in words and "Select Parcel P1" in words
    choose(menu, "Select Parcel P1")
    quiet(window, qtbot)
    assert window.workspace.chosen.ids == ("P1",)
    choose(menu, "Show all that lies here")
    quiet(window, qtbot)
    assert "Objects here: 2" in card(window)


def test_the_topmost_thing_is_shown_in_its_table(window: MainWindow, qtbot: QtBot) -> None:
    choose(menu_at(window, WEST + 10 + 30 * 4 + 10, SOUTH + 26), "Show in the attribute table")
    quiet(window, qtbot)
    assert window.workbench is not None and window.workbench.drawer.isVisible()
    assert (window.workspace.active, window.workspace.chosen.ids) == ("building", ("B4",))
    before = window.canvas.view.m_per_px
    choose(menu_at(window, WEST + 10 + 30 * 4 + 10, SOUTH + 26), "Zoom to it")
    assert window.canvas.view.m_per_px < before


def test_the_place_is_copied_and_measured_from(window: MainWindow) -> None:
    menu = menu_at(window, WEST + 100, SOUTH + 5)
    choose(menu, "Copy")
    copied = QGuiApplication.clipboard().text()
    assert re.fullmatch(r"50\d{4}\.\d, 3\d{6}\.\d", copied)
    assert window.workspace.city is not None
    found = search(window.workspace.city, copied)
    assert found[0].place == pytest.approx((WEST + 100, SOUTH + 5), abs=window.canvas.view.m_per_px)
    choose(menu, "Measure from here")
    assert window.canvas.tool is Tool.MEASURE
    x, y = window.canvas.measure.points[0]
    assert abs(x - WEST - 100) < window.canvas.view.m_per_px
    assert abs(y - SOUTH - 5) < window.canvas.view.m_per_px


def test_the_parcel_there_is_reported_on(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    assert window.workbench is not None
    asked: list[list[str]] = []
    monkeypatch.setattr(window.workbench.map_menu, "_report", asked.append)
    choose(menu_at(window, WEST + 10 + 30 * 4 + 10, SOUTH + 26), "Print the report of parcel P1")
    assert asked == [["P1"]]


def test_open_ground_offers_only_its_place(window: MainWindow) -> None:
    menu = menu_at(window, WEST - 5, SOUTH - 5)
    able = [one.text().split()[0] for one in menu.actions() if one.isEnabled() and not one.isSeparator()]
    assert able == ["Copy", "Measure", "Save", "Copy"]


def test_a_right_click_opens_it(window: MainWindow, qtbot: QtBot) -> None:
    window.canvas.customContextMenuRequested.emit(place_of(window, WEST + 100, SOUTH + 5))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu) and any(one.text().startswith("Copy") for one in menu.actions())
    menu.close()


def test_the_menu_of_the_window_is_short_and_leads_to_every_action(window: MainWindow) -> None:
    assert window.menu is not None
    top = window.menu.actions()
    assert len([one for one in top if not one.isSeparator()]) <= 16
    inner = [one for part in window.menu.findChildren(QMenu) for one in part.actions()]
    assert all(entry.text() for entry in top if entry.menu())
    offered = {one.text() for one in (*top, *inner)}
    wanted = {action.text() for name, action in window.actions_by_name.items() if name != "search"}
    assert wanted <= offered
    assert {one.name for one in OFFERS} == set(window.actions_by_name)


def test_the_start_page_offers_help_tour_and_language(qtbot: QtBot) -> None:
    done: list[str] = []
    ways = quiet_ways(*(lambda name=name: done.append(name) for name in ("help", "tour", "language")))
    page = StartPage(Session(), Tasks(), [], lambda path: None, ways)
    qtbot.addWidget(page)
    page.show()
    for one in page.quiet.values():
        assert one.isVisible() and one.accessibleName()
        qtbot.mouseClick(one, Qt.MouseButton.LeftButton)
    assert done == ["help", "tour", "language"]


def test_esc_leaves_identifying_and_closes_its_list(window: MainWindow, qtbot: QtBot) -> None:
    window.canvas.set_tool(Tool.IDENTIFY)
    qtbot.mouseClick(
        window.canvas, Qt.MouseButton.LeftButton, pos=place_of(window, WEST + 10 + 30 * 4 + 10, SOUTH + 26)
    )
    quiet(window, qtbot)
    assert "Objects here: 2" in card(window)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
    quiet(window, qtbot)
    assert window.canvas.tool is Tool.SELECT
    assert "Objects here" not in card(window)


@pytest.mark.parametrize("leave", ["tool", "step"])
def test_what_lies_at_a_place_goes_with_the_tool_and_the_step(
    window: MainWindow, qtbot: QtBot, leave: str
) -> None:
    assert window.workbench is not None
    choose(menu_at(window, WEST + 10 + 30 * 4 + 10, SOUTH + 26), "Show all that lies here")
    quiet(window, qtbot)
    assert "Objects here: 2" in card(window)
    if leave == "tool":
        window.canvas.set_tool(Tool.PAN)
    else:
        window.workbench.show_step("plan")
    quiet(window, qtbot)
    assert "Objects here" not in card(window)
