"""Labels, shadows, time, views and places on the map of the real window, by keys and clicks."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cartography.tiles import place
from core import texts
from desktop.themes import Theme
from desktop.ui import theme
from desktop.ui.form_dialog import FormDialog
from desktop.ui.main_window import MainWindow
from tests.desktop.ui.small_city import gone, quiet, twelve_blocks

Left = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("mapped") / "项目"
    return Path(shutil.copytree(twelve_blocks(tmp_path_factory), place))


@pytest.fixture
def window(
    qtbot: QtBot, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    monkeypatch.setenv("LUTU_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(texts, "_chosen", "en")
    (folder / "map.json").unlink(missing_ok=True)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply_theme(application)
    made = MainWindow()
    made.resize(1280, 800)
    made.show()
    made.flows.open(folder)
    quiet(made, qtbot)
    yield made
    gone(made)


def asked(window: MainWindow, name: str) -> FormDialog:
    """The dialog that an action opens."""
    window.actions_by_name[name].trigger()
    return next(one for one in window.findChildren(FormDialog) if one.isVisible())


def ink_at(window: MainWindow, x: float, y: float) -> QColor:
    px, py = window.canvas.view.to_px(x, y)
    return window.canvas.grab().toImage().pixelColor(QPoint(round(px), round(py)))


def test_labels_chosen_in_the_panel_stand_on_their_parcels(window, qtbot):
    window.workspace.activate("parcel")
    quiet(window, qtbot)
    box = window.workbench.left.layers.labels
    assert box.accessibleName() == "Labels"
    qtbot.waitUntil(lambda: box.findData("@id") > 0)
    box.setFocus()
    for _ in range(box.findData("@id")):
        QTest.keyClick(box, Qt.Key.Key_Down)
    extras = window.workbench.map.extras
    qtbot.waitUntil(lambda: len(extras.labels.placed) == 4, timeout=10_000)
    assert {label.words for label in extras.labels.placed} == {"P0", "P1", "P2", "P3"}
    window.workspace.restyle("parcel", visible=False)
    qtbot.waitUntil(lambda: not extras.labels.placed, timeout=10_000)


def test_shadows_of_an_hour_fall_north_at_noon_and_go_with_their_box(window, qtbot):
    before = ink_at(window, 500_020.0, 3_800_040.0)
    window.actions_by_name["sun"].trigger()
    quiet(window, qtbot)
    shaded = ink_at(window, 500_020.0, 3_800_040.0)
    assert shaded.lightness() < before.lightness() - 30
    assert window.workbench.map.extras.sun.said.text().endswith("12:00")
    QTest.keyClick(window.workbench.map.extras.sun.moment.hour, Qt.Key.Key_Home)
    qtbot.wait(60)
    quiet(window, qtbot)
    assert "down" in window.workbench.map.extras.sun.note.text()
    assert ink_at(window, 500_020.0, 3_800_040.0) == before
    window.actions_by_name["sun"].trigger()
    quiet(window, qtbot)
    assert not window.workbench.map.extras.sun.isVisible()


def test_the_slider_goes_through_the_months_in_the_same_classes_and_back_to_the_year(window, qtbot):
    workspace = window.workspace
    whole = Theme("building", "pv_kwh_per_year", "sum")
    workspace.activate("building")
    workspace.restyle("building", theme=whole)
    quiet(window, qtbot)
    window.actions_by_name["time"].trigger()
    slider = window.workbench.map.extras.time.slider
    classes = []
    for month in (1, 2):
        QTest.keyClick(slider, Qt.Key.Key_Right)
        quiet(window, qtbot)
        assert workspace.looks["building"].theme.column == f"pv_kwh_month_{month:02d}"
        classes.append(workspace.layer("building").classes.breaks)
    assert classes[0] == classes[1]
    assert window.workbench.left.layers.themes.currentText() == "PV yield in month 2"
    window.actions_by_name["time"].trigger()
    quiet(window, qtbot)
    assert workspace.looks["building"].theme == whole and workspace.looks["building"].method == ""


def test_a_condition_selects_rows_and_invert_takes_the_others(window, qtbot):
    window.workspace.activate("building")
    form = asked(window, "expression")
    QTest.keyClicks(form.words, "height_m > 99")
    QTest.keyClick(form.words, Qt.Key.Key_Return)
    assert form.isVisible() and "No row" in form.trouble.text()
    form.words.clear()
    QTest.keyClicks(form.words, 'building_id == "B3" or building_id == "B5"')
    QTest.mouseClick(form.go, Left)
    assert window.workspace.chosen.ids == ("B3", "B5")
    window.actions_by_name["invert"].trigger()
    assert len(window.workspace.chosen.ids) == 10


def test_a_coordinate_is_gone_to_and_marked_until_escape(window, qtbot):
    form = asked(window, "coordinate")
    QTest.keyClicks(form.words, "36500180, 3800026")
    QTest.keyClick(form.words, Qt.Key.Key_Return)
    assert window.canvas.view.middle == pytest.approx((500_180, 3_800_026), abs=1)
    assert window.canvas.mark == pytest.approx((500_180, 3_800_026), abs=0.01)
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert window.canvas.mark is None


def test_a_kept_view_brings_back_place_and_looks(window, qtbot):
    canvas, workspace = window.canvas, window.workspace
    canvas.zoom_to((500_000.0, 3_800_000.0, 500_050.0, 3_800_050.0))
    middle = canvas.view.middle
    workspace.restyle("parcel", opacity=0.5)
    form = asked(window, "bookmark")
    form.name.setText("老城")
    QTest.mouseClick(form.go, Left)
    window.workbench.map.zoom_to_city()
    workspace.restyle("parcel", opacity=1.0)
    form = asked(window, "bookmark")
    form.list.setCurrentRow(0)
    QTest.mouseClick(form.shown, Left)
    quiet(window, qtbot)
    assert canvas.view.middle == pytest.approx(middle)
    assert workspace.looks["parcel"].opacity == 0.5


def test_no_base_map_is_shown_and_nothing_fetched_until_one_is_chosen(window, qtbot, tmp_path):
    base = window.workbench.map.extras.base
    assert base.base is None and base._network is None
    crs = window.workspace.project.crs
    x, y = window.canvas.view.middle
    longitude, latitude = Transformer.from_crs(crs, 4490, always_xy=True).transform(x, y)
    column, row = (place("mercator", 15, np.array([longitude]), np.array([latitude]))[0] // 256).astype(int)
    image = QImage(256, 256, QImage.Format.Format_RGB32)
    image.fill(QColor("#3060c0"))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    with sqlite3.connect(tmp_path / "own.mbtiles") as file:
        file.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        file.execute("CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)")
        file.executemany(
            "INSERT INTO tiles VALUES (15, ?, ?, ?)",
            [
                (int(column) + dx, 2**15 - 1 - int(row) - dy, bytes(data.data()))
                for dx in (-1, 0, 1)
                for dy in (-1, 0, 1)
            ],
        )
    form = asked(window, "base")
    form.choice.setCurrentIndex(form.choice.count() - 1)
    form.name.setText("own")
    form.address.setText(str(tmp_path / "own.mbtiles"))
    QTest.mouseClick(form.go, Left)
    qtbot.waitUntil(lambda: base.settled and window.canvas.settled, timeout=20_000)
    assert ink_at(window, 500_180.0, 3_800_090.0).name() == "#3060c0"
    assert base.said() == "Base map: own" and base._network is None
    form = asked(window, "base")
    form.choice.setCurrentIndex(0)
    QTest.mouseClick(form.go, Left)
    quiet(window, qtbot)
    assert ink_at(window, 500_180.0, 3_800_090.0).name() != "#3060c0"


def test_coordinates_are_said_in_the_form_chosen_in_the_status_line(window, qtbot):
    status = window.workbench.status
    status.show_place(500_100.0, 3_800_100.0)
    assert status.place.text().startswith("E 500")
    status.system.offered.aboutToShow.emit()
    said = [action.text() for action in status.system.offered.actions()]
    assert len(said) == 4 and "36" in said[1] and "°E" in said[2]
    status.system.offered.actions()[2].trigger()
    assert status.place.text().endswith("°N")


def test_a_group_is_folded_switched_and_moved_by_keys(window, qtbot):
    panel, workspace = window.workbench.left.layers, window.workspace
    listed = panel.list
    heads = [
        item for item in map(listed.item, range(listed.count())) if "Parcels and base layers" in item.text()
    ]
    assert len(heads) == 1
    listed.setCurrentItem(heads[0])
    QTest.keyClick(listed, Qt.Key.Key_Space)
    quiet(window, qtbot)
    assert workspace.layer("building").visible and not workspace.layer("parcel").visible
    QTest.keyClick(listed, Qt.Key.Key_Space)
    quiet(window, qtbot)
    assert workspace.layer("building").visible and workspace.layer("parcel").visible
    before = listed.height_of_rows()
    QTest.keyClick(listed, Qt.Key.Key_Left)
    assert listed.height_of_rows() < before and listed.closed == {"base"}
    QTest.keyClick(listed, Qt.Key.Key_Right)
    assert listed.height_of_rows() == before


def test_labels_never_hold_up_the_hand(window, qtbot):
    extras = window.workbench.map.extras
    window.workspace.restyle("building", label="@id")
    window.workspace.restyle("parcel", label="@id")
    extras.labels.place()
    spent = []
    for _ in range(5):
        begun = time.process_time()
        extras.labels.place()
        spent.append(time.process_time() - begun)
    assert min(spent) < 0.1


def test_a_project_opens_as_it_was_left(window, qtbot, folder):
    canvas, workspace = window.canvas, window.workspace
    height = Theme("parcel", "far")
    workspace.restyle("parcel", theme=height, opacity=0.5)
    workspace.restyle("building", theme=None, visible=False)
    workspace.reorder([layer.name for layer in reversed(workspace.layers)])
    workspace.activate("parcel")
    window.workbench.show_step("plan")
    quiet(window, qtbot)
    canvas.zoom_to((500_000.0, 3_800_000.0, 500_050.0, 3_800_050.0))
    bounds, order = canvas.view.bounds, [layer.name for layer in workspace.layers]
    window.close()
    again = MainWindow()
    again.resize(1280, 800)
    again.show()
    again.flows.open(folder)
    quiet(again, qtbot)
    assert again.canvas.view.bounds == pytest.approx(bounds, abs=0.5)
    assert [layer.name for layer in again.workspace.layers] == order
    looks = again.workspace.looks
    assert (looks["parcel"].theme, looks["parcel"].opacity) == (height, 0.5)
    assert (looks["building"].theme, looks["building"].visible) == (None, False)
    assert (again.workspace.active, again.workbench.step) == ("parcel", "plan")
    gone(again)


def test_the_city_in_space_is_seen_where_the_map_was_and_gives_its_place_back(window, qtbot):
    canvas, panel = window.canvas, window.workbench.map
    canvas.zoom_to((500_000.0, 3_800_000.0, 500_050.0, 3_800_050.0))
    middle, scale = canvas.view.middle, canvas.view.m_per_px
    window.actions_by_name["sun"].trigger()
    window.actions_by_name["space"].trigger()
    space = panel.space.view
    qtbot.waitUntil(lambda: space.settled, timeout=60_000)
    assert space.place.middle == pytest.approx(middle) and space.place.m_per_px == pytest.approx(scale)
    assert not panel.extras.sun.isVisible() and panel.space.shaded  # one sun, in one box
    space.setFocus()
    form = asked(window, "coordinate")
    QTest.keyClicks(form.words, "36500180, 3800026")
    QTest.keyClick(form.words, Qt.Key.Key_Return)
    assert space.place.middle == pytest.approx((500_180, 3_800_026), abs=1)
    assert space.mark == pytest.approx((500_180, 3_800_026), abs=0.01)
    QTest.keyClick(space, Qt.Key.Key_Escape)
    assert space.mark is None and panel.space.isVisible()
    QTest.keyClick(space, Qt.Key.Key_PageUp)
    nearer = space.place
    QTest.keyClick(space, Qt.Key.Key_Escape)
    assert not panel.space.isVisible() and panel.extras.sun.isVisible()
    assert canvas.view.middle == pytest.approx(nearer.middle)
    assert canvas.view.m_per_px == pytest.approx(nearer.m_per_px)


def test_another_parcel_is_read_from_its_head(window, qtbot):
    window.workspace.select_ids("parcel", ["P0"])
    card = window.workbench.card
    qtbot.waitUntil(lambda: not card.writing)
    bar = card._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 50)
    bar.setValue(50)
    window.workspace.select_ids("parcel", ["P1"])
    qtbot.waitUntil(lambda: not card.writing)
    qtbot.wait(20)
    assert card.card.title == "Parcel P1" and bar.value() == 0


def test_colours_of_parcels_take_those_of_the_buildings_away_and_stay(window, qtbot):
    workspace, panel = window.workspace, window.workbench.left.layers
    assert workspace.looks["building"].theme is not None
    workspace.activate("parcel")
    quiet(window, qtbot)
    offered = [panel.themes.itemData(n) for n in range(panel.themes.count())]
    panel.themes.setCurrentIndex(offered.index(Theme("parcel", "use", "never")))
    panel.themes.activated.emit(panel.themes.currentIndex())
    quiet(window, qtbot)
    assert workspace.looks["parcel"].theme is not None and workspace.looks["building"].theme is None
    workspace.activate("building")
    quiet(window, qtbot)
    panel.themes.setCurrentIndex(1)
    panel.themes.activated.emit(1)
    quiet(window, qtbot)
    assert workspace.looks["building"].theme is not None and workspace.looks["parcel"].theme is None


@pytest.mark.parametrize("height", [520, 640, 900])
def test_the_boxes_leave_the_tools_and_each_other_free_however_low_the_map_is(
    window: MainWindow, qtbot: QtBot, height: int
) -> None:
    bench = window.workbench
    assert bench is not None
    window.setMinimumSize(0, 0)
    window.resize(1366, height)
    bench.show_table(shown=True)
    bench.map.extras.show_sun(shown=True)
    bench.map.extras.show_time(shown=True)
    quiet(window, qtbot)
    sun, time_box, tools = bench.map.extras.sun, bench.map.extras.time, bench.map.tools
    assert not sun.geometry().intersects(tools.geometry())
    assert not time_box.geometry().intersects(tools.geometry())
    assert not sun.geometry().intersects(time_box.geometry())
    assert bench.map.rect().contains(sun.geometry())
    bench.show_table(shown=False)
