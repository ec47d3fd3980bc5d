"""One filter a layer: list, map, table, charts and reports show the same rows."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop import operations
from desktop.themes import themes_of
from desktop.ui.dialogs import ReportDialog
from desktop.ui.layer_rows import CLASS, COUNT, FILTERED, NAME
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


def test_classes_and_histogram_count_the_rows_that_pass(small_window, qtbot):
    window = small_window
    workspace, panel = window.workspace, window.workbench.left.layers
    theme = next(
        one for one in themes_of(workspace.city, workspace.results, "building") if one.column == "height_m"
    )
    workspace.restyle("building", theme=theme, visible=True, method="manual", breaks=(10.0, 20.0))
    write_filter(window, qtbot, "building", 'building_id in ["B0", "B1"]')
    rows = panel.list
    items = [rows.item(n) for n in range(rows.count()) if rows.item(n).data(NAME) == "building"]
    qtbot.waitUntil(
        lambda: [one.data(COUNT) for one in items if one.data(CLASS) is not None] == ["0", "2", "0"]
    )
    assert panel.histogram._spread.counts.sum() == 2
    window.workbench.show_step("plan")
    qtbot.waitUntil(window.workbench.legend.isVisible)
    assert [row.entry.features for row in window.workbench.legend.legend.rows] == [0, 2, 0]
    workspace.filters.clear("building")
    quiet(window, qtbot)
    qtbot.waitUntil(lambda: [row.entry.features for row in window.workbench.legend.legend.rows] == [0, 12, 0])


def test_filters_are_in_force_again_when_the_project_is_opened_again(window, folder, qtbot):
    window.flows.open(folder)
    quiet(window, qtbot)
    write_filter(window, qtbot, "parcel", 'parcel_id in ["P1", "P2"]')
    window.flows.open(folder)
    quiet(window, qtbot)
    assert window.workspace.filters.words("parcel") == 'parcel_id in ["P1", "P2"]'
    assert window.workspace.layer("parcel").seen.sum() == 2


def test_a_filter_that_suits_the_data_no_longer_is_said_and_left_out(small_window, qtbot):
    said = []
    small_window.workspace.said.connect(lambda message: said.append(message.words))
    small_window.workspace.filters.take_up({"parcel": "phlogiston_kw > 3", "no_table": "a > 1"})
    quiet(small_window, qtbot)
    assert small_window.workspace.filters.tables == () and small_window.workspace.filters.written == {}
    assert len(said) == 1 and "phlogiston_kw > 3" in said[0]


def test_a_kept_view_brings_its_filters_and_takes_others_away(opened, qtbot):
    window = opened
    write_filter(window, qtbot, "parcel", 'parcel_id == "P1"')
    window.map_flows.keep("narrow", place=False, looks=True)
    window.map_flows.keep("place", place=True, looks=False)
    write_filter(window, qtbot, "building", 'building_id == "B0"')
    window.workspace.filters.clear("parcel")
    narrow, place = window.map_flows.views()
    window.map_flows.show_view(place)
    assert window.workspace.filters.written == {"building": 'building_id == "B0"'}
    window.map_flows.show_view(narrow)
    quiet(window, qtbot)
    assert window.workspace.filters.written == {"parcel": 'parcel_id == "P1"'}
    assert window.workspace.layer("parcel").seen.sum() == 1
    assert window.workspace.layer("building").shown is None
