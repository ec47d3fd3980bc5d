"""The charts of the window: what passes the filter, values by mouse and keys, files."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QToolTip

from core import texts
from desktop.ui.main_window import MainWindow
from tests.desktop.ui.small_city import quiet
from tests.desktop.ui.test_filters import write_filter


def open_charts(window: MainWindow, qtbot, name: str):
    window.actions_by_name["charts"].trigger()
    panel = window.workbench.charts
    panel.show_chart(name)
    qtbot.waitUntil(lambda: not panel.busy)
    return panel


def test_map_table_charts_and_reports_count_the_same(small_window, qtbot):
    window = small_window
    panel = open_charts(window, qtbot, "electricity_months")
    write_filter(window, qtbot, "parcel", 'parcel_id in ["P1", "P2", "P3"]')
    qtbot.waitUntil(lambda: not panel.busy)
    counts = {
        len(panel.scope.ids),
        window.workbench.drawer.table.model.rowCount(),
        int(window.workspace.layer("parcel").seen.sum()),
        len(window.workspace.filters.ids("parcel")),
    }
    assert counts == {3}
    assert "3" in panel.counted.text()


def test_a_chart_follows_the_selection(small_window, qtbot):
    window = small_window
    panel = open_charts(window, qtbot, "typical_day")
    panel.show_scope("selection")
    qtbot.waitUntil(lambda: not panel.busy)
    assert panel.chart.picture is None
    assert "Nothing is selected" in panel.note.text()
    window.workspace.select_ids("parcel", ["P0", "P1"])
    quiet(window, qtbot)
    qtbot.waitUntil(lambda: panel.chart is not None and panel.chart.picture is not None)
    assert len(panel.scope.ids) == 2


def test_mouse_and_keys_say_the_values_of_a_chart(small_window, qtbot):
    window = small_window
    panel = open_charts(window, qtbot, "typical_day")
    view = panel.view
    assert len(view.marks) == 24
    box, words = view.marks[12]
    qtbot.mouseMove(view, view._on_screen(box).center().toPoint())
    qtbot.waitUntil(lambda: view.current == 12)
    assert words.startswith("12:00")
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.current == 13
    assert view.accessibleDescription().startswith("13:00")
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.current == 0
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.current == -1
    QToolTip.hideText()


def test_a_chart_is_saved_as_picture_drawing_and_values(small_window, qtbot, tmp_path):
    window = small_window
    panel = open_charts(window, qtbot, "typical_day")
    for ending in ("png", "svg", "csv"):
        panel.write(tmp_path / f"chart.{ending}")
    image = QImage(str(tmp_path / "chart.png"))
    assert image.width() > 2 * panel.view.width()
    assert image.pixelColor(QPoint(2, 2)) == QColor("#ffffff")
    assert "<title>" in (tmp_path / "chart.svg").read_text(encoding="utf-8")
    lines = (tmp_path / "chart.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 25
    assert lines[0].startswith("Hour,")


def test_a_place_that_cannot_be_written_is_said(small_window, qtbot, tmp_path):
    window = small_window
    panel = open_charts(window, qtbot, "typical_day")
    found = []
    window.workspace.refused.disconnect(window._refused)
    window.workspace.refused.connect(found.append)
    panel.write(tmp_path / "nowhere" / "chart.csv")
    assert "cannot be written" in str(found[0])


def test_charts_speak_the_language_of_the_moment_and_stay_open(small_window, qtbot):
    window = small_window
    open_charts(window, qtbot, "typical_day")
    window.switch_language()
    quiet(window, qtbot)
    panel = window.workbench.charts
    assert panel.isVisible()
    qtbot.waitUntil(lambda: not panel.busy)
    assert panel.kind.itemText(0) == "逐月用电与可发电量"
    texts.use("en")
