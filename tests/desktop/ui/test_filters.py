"""One filter a layer: list, map, table, charts and reports show the same rows."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop import operations
from desktop.ui.dialogs import ReportDialog
from desktop.ui.layer_rows import COUNT, FILTERED, NAME
from desktop.ui.main_window import MainWindow
from tests.desktop.ui.small_city import quiet


def write_filter(window: MainWindow, qtbot: QtBot, table: str, words: str) -> None:
    """Ask for the filter of a layer and type it."""
    window.workspace.activate(table)
    window.actions_by_name["filter"].trigger()
    box = window.workbench.drawer.table.filter
    qtbot.waitUntil(lambda: window.workbench.drawer.table.table == table and box.hasFocus())
    qtbot.keyClicks(box, words)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    quiet(window, qtbot)


def item_of(window: MainWindow, name: str):
    rows = window.workbench.left.layers.list
    return next(rows.item(n) for n in range(rows.count()) if rows.item(n).data(NAME) == name)


def test_list_map_table_and_reports_show_the_rows_that_pass(small_window, qtbot):
    window = small_window
    write_filter(window, qtbot, "parcel", 'parcel_id in ["P1", "P2", "P3"]')
    workspace, table = window.workspace, window.workbench.drawer.table
    assert workspace.layer("parcel").seen.sum() == 3
    assert table.model.rowCount() == 3
    assert list(workspace.filters.ids("parcel")) == ["P1", "P2", "P3"]
    qtbot.waitUntil(lambda: item_of(window, "parcel").data(COUNT) == "3 / 4")
    assert item_of(window, "parcel").data(FILTERED)
    window.actions_by_name["report"].trigger()
    dialog = next(one for one in window.findChildren(ReportDialog) if one.isVisible())
    assert "3" in dialog.every.text()
    dialog.every.setChecked(True)
    dialog.read()
    assert dialog.answer.parcel_ids == ("P1", "P2", "P3")
    dialog.reject()


def test_every_layer_keeps_a_filter_of_its_own(small_window, qtbot):
    window = small_window
    write_filter(window, qtbot, "parcel", 'parcel_id == "P1"')
    write_filter(window, qtbot, "building", 'building_id in ["B0", "B1"]')
    workspace = window.workspace
    assert {table: int(workspace.layer(table).seen.sum()) for table in ("parcel", "building")} == {
        "parcel": 1,
        "building": 2,
    }
    workspace.activate("parcel")
    qtbot.wait(50)
    assert window.workbench.drawer.table.filter.text() == 'parcel_id == "P1"'


def test_the_menu_of_a_layer_takes_its_filter_away(small_window, qtbot):
    window = small_window
    write_filter(window, qtbot, "parcel", 'parcel_id == "P1"')
    rows = window.workbench.left.layers.list
    rows.setCurrentItem(item_of(window, "parcel"))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(rows.viewport(), event)
    menu = window.workbench.layer_menu.menu
    assert menu.isVisible()
    next(one for one in menu.actions() if one.text() == "Remove the filter").trigger()
    menu.hide()
    quiet(window, qtbot)
    assert window.workspace.layer("parcel").shown is None
    assert window.workbench.drawer.table.filter.text() == ""
    assert window.workbench.drawer.table.model.rowCount() == 4


def test_a_filter_stays_when_results_are_computed_anew(small_window, qtbot):
    window = small_window
    write_filter(window, qtbot, "parcel", 'parcel_id in ["P1", "P2"]')
    window.workspace.assess(["rooftop"])
    quiet(window, qtbot)
    assert window.workspace.layer("parcel").seen.sum() == 2
    assert window.workspace.filters.words("parcel") == 'parcel_id in ["P1", "P2"]'


def test_another_project_begins_without_filters(small_window, qtbot, tmp_path):
    window = small_window
    write_filter(window, qtbot, "parcel", 'parcel_id == "P1"')
    project = operations.new_project(tmp_path / "other", name="Other", city="西安")
    project.close()
    window.flows.open(tmp_path / "other")
    quiet(window, qtbot)
    assert window.workspace.filters.tables == ()
