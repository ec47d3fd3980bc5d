"""A right click on any number of the window leads to where it comes from."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from desktop.addresses import Address
from desktop.ui import theme
from desktop.ui.card_parts import FactRow, YearChart
from desktop.ui.grade_parts import ResultRow
from desktop.ui.main_window import MainWindow
from desktop.ui.trace import NumberTraceDialog, _table, trace_of
from tests.desktop.ui.small_city import quiet, select, words


def right_click(widget: QWidget, place: QPoint | None = None) -> QMenu:
    """The menu that a right click on a widget opens."""
    place = widget.rect().center() if place is None else place
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place))
    QApplication.sendEvent(widget, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def traced(window: MainWindow, qtbot: QtBot, menu: QMenu, number: int = 0) -> NumberTraceDialog:
    """The trace that an entry of a menu leads to."""
    menu.actions()[number].trigger()
    menu.close()
    quiet(window, qtbot)
    dialogs = [one for one in window.findChildren(NumberTraceDialog) if one.isVisible()]
    assert len(dialogs) == 1
    return dialogs[0]


@pytest.mark.parametrize("kind", [FactRow, ResultRow, YearChart])
def test_every_kind_of_number_on_a_card_leads_to_its_trace(
    small_window: MainWindow, qtbot: QtBot, kind: type[QWidget]
) -> None:
    select(small_window, qtbot, "parcel", "P1")
    assert small_window.workbench is not None
    rows = small_window.workbench.card.findChildren(kind)
    row = next(one for one in rows if one.contextMenuPolicy() is Qt.ContextMenuPolicy.CustomContextMenu)
    menu = right_click(row)
    assert menu.actions()[0].text().startswith("Trace this number")
    dialog = traced(small_window, qtbot, menu)
    assert "Parcel P1" in words(dialog) or "selected" in words(dialog)
    assert "Computed at" in words(dialog) or "Meaning" in words(dialog)
    dialog.close()


@pytest.mark.parametrize(("table", "row_id"), [("parcel", "P1"), ("building", "B1")])
def test_the_whole_card_of_a_parcel_or_a_building_is_traced(
    small_window: MainWindow, table: str, row_id: str
) -> None:
    workspace = small_window.workspace
    assert workspace.city is not None
    row_id = row_id if row_id in workspace.city.tables[table].index else workspace.city.tables[table].index[0]
    found = trace_of(workspace.city, workspace.assessments, table, row_id)
    titles = {row["title"] for part in found["results"] for row in part["rows"]}
    assert any("apacity" in title for title in titles), titles


def test_the_words_of_a_row_leave_the_right_click_to_the_row(small_window: MainWindow, qtbot: QtBot) -> None:
    select(small_window, qtbot, "parcel", "P1")
    assert small_window.workbench is not None
    rows = small_window.workbench.card.findChildren(ResultRow)
    row = next(one for one in rows if one.contextMenuPolicy() is Qt.ContextMenuPolicy.CustomContextMenu)
    menu = right_click(row.findChildren(QLabel)[-1], QPoint(2, 2))
    assert menu.actions()[0].text().startswith("Trace this number")
    menu.close()


def test_a_cell_of_the_attribute_table_leads_to_its_trace(small_window: MainWindow, qtbot: QtBot) -> None:
    bench = small_window.workbench
    assert bench is not None
    small_window.workspace.activate("building")
    bench.show_table(shown=True)
    quiet(small_window, qtbot)
    view, model = bench.drawer.table.view, bench.drawer.table.model
    number = next(n for n in range(model.columnCount()) if model.column(n).name == "pv_kwp")
    view.scrollTo(model.index(1, number))
    menu = right_click(view.viewport(), view.visualRect(model.index(1, number)).center())
    dialog = traced(small_window, qtbot, menu)
    assert "Building" in words(dialog) and model.shown(int(model.rows[1]), number) in words(dialog)
    dialog.close()


def test_a_chart_offers_each_of_its_numbers(small_window: MainWindow, qtbot: QtBot) -> None:
    bench = small_window.workbench
    assert bench is not None
    bench.show_charts(shown=True)
    bench.charts.show_chart("typical_day", "6")
    qtbot.waitUntil(lambda: not bench.charts.busy)
    menu = right_click(bench.charts.view)
    dialog = traced(small_window, qtbot, menu)
    assert "Rooftop PV" in words(dialog)
    dialog.close()


def test_a_number_that_is_not_there_any_more_is_said(small_window: MainWindow, qtbot: QtBot) -> None:
    refused: list[object] = []
    small_window.workspace.refused.connect(refused.append)
    small_window.workspace.trace_asked.emit(Address(table="parcel", row="P9", column="pv_kwp"))
    quiet(small_window, qtbot)
    assert "no row P9" in str(refused[0])
    assert not [one for one in small_window.findChildren(NumberTraceDialog) if one.isVisible()]


@pytest.mark.parametrize("letters", range(1, 30))
def test_no_words_of_a_trace_are_cut_off(qtbot: QtBot, qapp: QApplication, letters: int) -> None:
    theme.apply_theme(qapp)
    said = "Energy conversion: electricity equivalent " + "n" * letters
    table = _table(("Quantity", "Source"), [(said, "")])
    qtbot.addWidget(table)
    table.resize(800, 200)
    table.show()
    table.resizeRowsToContents()
    room = QRect(0, 0, table.columnWidth(0) - 16, 1000)  # paddings and the bearing of the first letter
    needed = table.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, said).height()
    assert table.rowHeight(0) >= needed
