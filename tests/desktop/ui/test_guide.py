"""The guide leads from nothing to a checked project, one page after another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from shapely.geometry import box

from core import texts
from core.jobs import Job
from desktop import guide as facts
from desktop.ui.flows import Flows
from desktop.ui.guide import COLUMNS, FILES, PLACE, PROBLEMS, READY, GuideDialog
from desktop.ui.import_dialog import ImportDialog
from desktop.ui.workspace import Workspace
from standards import SHIPPED

WEST, SOUTH = 500_000.0, 3_800_000.0
RUN_MS = 60_000


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Blocks, parcels, and a layer of something else."""
    path = tmp_path / "城市.gpkg"
    west = WEST + 10 + 30.0 * np.arange(6)
    gpd.GeoDataFrame(
        {"楼栋编号": [f"B{n}" for n in range(6)], "高度": 15.0, "用途": "住宅"},
        geometry=[box(x, SOUTH + 20, x + 20, SOUTH + 32) for x in west],
        crs=4545,
    ).to_file(path, layer="建筑")
    plots = [box(WEST + 90 * n, SOUTH, WEST + 90 * (n + 1), SOUTH + 60) for n in range(2)]
    gpd.GeoDataFrame({"地块编号": ["P0", "P1"], "用地代码": "070102"}, geometry=plots, crs=4545).to_file(
        path, layer="地块"
    )
    gpd.GeoDataFrame({"foo": [1, 2]}, geometry=plots, crs=4545).to_file(path, layer="xyz")
    return path


@pytest.fixture
def guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[GuideDialog]:
    monkeypatch.setenv("LUTU_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(texts, "_chosen", "en")
    workspace, window = Workspace(), QWidget()
    qtbot.addWidget(window)
    made = GuideDialog(Flows(workspace, window), str(tmp_path), (), window)
    made.show()
    yield made
    made.close()
    workspace.close()


def press(qtbot: QtBot, button: QWidget) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def words(widget: QWidget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def at_files(guide: GuideDialog, qtbot: QtBot) -> None:
    """Fill in the place and make the project."""
    guide.place.name.setText("小城")
    qtbot.keyClicks(guide.place.search, "xi'an")
    press(qtbot, guide.next)
    qtbot.waitUntil(lambda: guide.page == FILES and not guide.busy, timeout=RUN_MS)


def test_a_place_says_climate_station_and_reference_system(guide, qtbot):
    qtbot.keyClicks(guide.place.search, "Xi'an")
    qtbot.waitUntil(lambda: "2B" in words(guide.place))
    assert "km from the place" in words(guide.place)
    assert "EPSG:4545" in guide.place.crs.currentText()


@pytest.mark.parametrize("said", ["上海", "Shanghai (上海)", "上海（上海市）", "shangh", "上海市"])
def test_a_city_is_found_by_either_name(said):
    assert facts.places(said)[0].city == "上海"


def test_a_new_project_gets_a_folder_of_its_name(guide, qtbot, tmp_path):
    guide.place.name.setText("青禾市")
    qtbot.keyClicks(guide.place.search, "Shanghai")
    wanted = guide.place.read()
    assert wanted.folder == tmp_path / "青禾市"
    assert (wanted.city, wanted.crs) == ("上海", "EPSG:4549")  # 120° E


def test_everything_that_is_missing_is_said_at_once(guide, qtbot):
    guide.place.name.setText("a/b")
    guide.place.crs.setCurrentText("EPSG:1")
    press(qtbot, guide.next)
    assert len(guide.trouble.text().splitlines()) == 3


def test_every_input_of_the_guide_has_a_name_for_those_who_cannot_see_it(guide):
    for kind in (QLineEdit, QComboBox, QAbstractButton):
        for one in guide.findChildren(kind):
            within = isinstance(one.parent(), QComboBox)
            assert within or one.accessibleName() or getattr(one, "text", str)(), one


def test_coordinates_find_the_nearest_cities_with_their_distance():
    found = facts.places("109.0, 34.5")
    assert found[0].city == "西安"
    assert 0 < found[0].distance_km < 50
    assert facts.places("200, 300") == []


def test_without_name_and_city_the_guide_stays_and_says_what_is_missing(guide, qtbot):
    press(qtbot, guide.next)
    assert guide.page == PLACE
    assert "needs a name" in guide.trouble.text()


def test_the_guide_leads_from_files_to_a_checked_city(guide, qtbot, data):
    at_files(guide, qtbot)
    guide.take_files([data])
    qtbot.waitUntil(lambda: not guide.busy, timeout=RUN_MS)
    assert "Buildings, Parcels" in guide.files.list.item(0).text()
    press(qtbot, guide.next)
    assert guide.page == COLUMNS
    by_layer = {one.layer: one.becomes for one in guide.offered}
    assert by_layer == {"建筑": "building", "地块": "parcel", "xyz": ""}
    press(qtbot, guide.back)
    assert guide.page == FILES
    press(qtbot, guide.next)
    press(qtbot, guide.next)
    qtbot.waitUntil(lambda: guide.page == PROBLEMS, timeout=RUN_MS)
    press(qtbot, guide.next)
    assert guide.page == READY
    assert "Still missing" not in words(guide.ready)
    project = guide._workspace.project
    assert set(project.sources) == {"building", "parcel", "weather"}
    assert project.is_fresh("city")


def test_a_city_that_is_not_in_the_tables_is_said_and_cannot_be_chosen(guide, qtbot):
    qtbot.keyClicks(guide.place.search, "xianyang")
    assert "longitude" in guide.place.found.item(0).text()
    assert not guide.place.found.item(0).flags() & Qt.ItemFlag.ItemIsSelectable
    assert guide.place.place is None
    guide.place.search.clear()
    qtbot.keyClicks(guide.place.search, "108.7, 34.3")
    assert guide.place.place is not None and guide.place.place.city == "西安"


def test_what_was_wrong_is_no_longer_said_once_something_is_written(guide, qtbot):
    press(qtbot, guide.next)
    assert guide.trouble.isVisible() and "not a known" not in guide.trouble.text()
    qtbot.keyClicks(guide.place.name, "a")
    assert not guide.trouble.isVisible()


def test_a_file_given_by_mistake_is_taken_out_again(guide, qtbot, data, tmp_path):
    other = tmp_path / "其他.gpkg"
    plot = box(WEST, SOUTH, WEST + 9, SOUTH + 9)
    gpd.GeoDataFrame({"foo": [1]}, geometry=[plot], crs=4545).to_file(other, layer="其他")
    at_files(guide, qtbot)
    guide.take_files([data, other])
    qtbot.waitUntil(lambda: not guide.busy, timeout=RUN_MS)
    guide.files.list.setCurrentRow(1)
    press(qtbot, guide.files.out)
    assert guide.files.list.count() == 1
    assert {one.path for one in guide.offered} == {data}
    guide.files.list.setCurrentRow(0)
    guide.files.list.setFocus()
    qtbot.keyClick(guide.files.list, Qt.Key.Key_Delete)
    assert guide.offered == [] and not guide.files.out.isVisible()
    guide.take_files([data])  # and may be given again
    qtbot.waitUntil(lambda: not guide.busy, timeout=RUN_MS)
    assert guide.files.list.count() == 1 and guide.offered


def test_import_says_which_layer_of_how_many_and_not_as_an_error(guide, qtbot, data):
    at_files(guide, qtbot)
    guide.take_files([data])
    qtbot.waitUntil(lambda: not guide.busy, timeout=RUN_MS)
    press(qtbot, guide.next)
    press(qtbot, guide.next)
    assert "(1 of 2)" in words(guide) and not guide.trouble.isVisible()
    qtbot.waitUntil(lambda: guide.page == PROBLEMS, timeout=RUN_MS)
    assert "Checking the data" not in words(guide)


def test_rows_of_a_problem_are_shown_on_the_map_while_the_guide_stands_aside(guide, qtbot, data):
    at_files(guide, qtbot)
    guide.take_files([data])
    qtbot.waitUntil(lambda: not guide.busy, timeout=RUN_MS)
    press(qtbot, guide.next)
    press(qtbot, guide.next)
    qtbot.waitUntil(lambda: guide.page == PROBLEMS, timeout=RUN_MS)
    wide = guide.width()
    with qtbot.waitSignal(guide._workspace.find_asked):
        guide.problems.show_rows.emit("building", ("B1",))
    assert guide._workspace.chosen.ids == ("B1",)
    assert guide.isVisible() and guide.width() < wide
    press(qtbot, guide.next)
    assert guide.page == READY


def test_a_layer_without_reference_system_has_to_be_decided_about(guide, qtbot, tmp_path):
    (tmp_path / "建筑.geojson").unlink(missing_ok=True)
    frame = gpd.GeoDataFrame({"高度": [9.0]}, geometry=[box(WEST, SOUTH, WEST + 20, SOUTH + 20)], crs=None)
    frame.to_file(tmp_path / "建筑.shp", encoding="utf-8")
    at_files(guide, qtbot)
    guide.take_files([tmp_path / "建筑.shp"])
    qtbot.waitUntil(lambda: not guide.busy, timeout=RUN_MS)
    press(qtbot, guide.next)
    press(qtbot, guide.next)
    assert guide.page == COLUMNS
    assert "Decide about" in guide.trouble.text()
    becomes = guide.columns.findChild(QComboBox)
    becomes.activated.emit(becomes.findData(""))
    qtbot.waitUntil(lambda: not guide.busy, timeout=RUN_MS)
    assert guide.offered[0].wanted is None
    assert not guide.trouble.isVisible()


def test_the_layer_to_decide_about_comes_into_sight(guide, qtbot, tmp_path):
    for number in range(9):
        frame = gpd.GeoDataFrame({"foo": [1]}, geometry=[box(WEST, SOUTH, WEST + 9, SOUTH + 9)], crs=4545)
        frame.to_file(tmp_path / "其他.gpkg", layer=f"其他{number}")
    frame = gpd.GeoDataFrame({"高度": [9.0]}, geometry=[box(WEST, SOUTH, WEST + 20, SOUTH + 20)], crs=None)
    frame.to_file(tmp_path / "建筑.shp", encoding="utf-8")
    at_files(guide, qtbot)
    guide.take_files([tmp_path / "其他.gpkg", tmp_path / "建筑.shp"])
    qtbot.waitUntil(lambda: not guide.busy, timeout=RUN_MS)
    press(qtbot, guide.next)
    row = guide.columns.rows[-1]
    qtbot.waitUntil(lambda: row.isVisible() and guide.columns.verticalScrollBar().maximum() > 0)
    assert row.visibleRegion().isEmpty()
    press(qtbot, guide.next)
    assert not row.visibleRegion().isEmpty()


def test_layers_are_recognised_in_drawings_too(tmp_path):
    import ezdxf

    document = ezdxf.new("R2010")
    space = document.modelspace()
    corners = [(WEST, SOUTH), (WEST + 90, SOUTH), (WEST + 90, SOUTH + 60), (WEST, SOUTH + 60)]
    space.add_lwpolyline(corners, close=True, dxfattribs={"layer": "规划地块"})
    space.add_text("R2", height=4, dxfattribs={"insert": (WEST + 40, SOUTH + 30), "layer": "用地代码"})
    document.saveas(tmp_path / "控规.dxf")
    found = facts.look_into(tmp_path / "控规.dxf", {}, SHIPPED, Job())
    assert [(one.layer, one.becomes) for one in found] == [("规划地块", "parcel")]
    assert "land_use_code" in found[0].columns
    assert "reference system" in found[0].problem.message


def test_a_drawing_is_settled_in_the_import_form_and_taken_in(guide, qtbot, tmp_path):
    import ezdxf

    document = ezdxf.new("R2010")
    space = document.modelspace()
    for number in range(3):
        x = WEST + 90 * number
        corners = [(x, SOUTH), (x + 90, SOUTH), (x + 90, SOUTH + 60), (x, SOUTH + 60)]
        space.add_lwpolyline(corners, close=True, dxfattribs={"layer": "规划地块"})
        space.add_lwpolyline([(x + 5, SOUTH + 5), (x + 9, SOUTH + 5)], dxfattribs={"layer": "道路中线"})
        for said, layer, up in (("R2", "用地代码", 30), ("2.5", "容积率", 20)):
            space.add_text(said, height=4, dxfattribs={"insert": (x + 40, SOUTH + up), "layer": layer})
    document.saveas(tmp_path / "控规.dxf")
    at_files(guide, qtbot)
    guide.take_files([tmp_path / "控规.dxf"])
    qtbot.waitUntil(lambda: not guide.busy, timeout=RUN_MS)
    press(qtbot, guide.next)
    number = next(n for n, one in enumerate(guide.offered) if one.becomes == "parcel")
    look = [one for one in guide.columns.findChildren(QAbstractButton) if one.text() == "Details…"][number]
    press(qtbot, look)
    asked = guide.findChild(ImportDialog)
    systems = asked.form.systems
    qtbot.waitUntil(lambda: not asked.busy and systems.count() > 0, timeout=RUN_MS)
    assert asked.form.layer == "规划地块"
    systems.setCurrentIndex(systems.findData("EPSG:4545"))
    systems.activated.emit(systems.currentIndex())
    qtbot.waitUntil(lambda: not asked.busy and asked.wanted is not None, timeout=RUN_MS)
    press(qtbot, asked.form.take)
    assert guide.offered[number].settled
    qtbot.waitUntil(lambda: not guide.busy, timeout=RUN_MS)
    assert {one.layer: one.problem for one in guide.offered} == {"规划地块": None, "道路中线": None}
    press(qtbot, guide.next)
    qtbot.waitUntil(lambda: guide.page == PROBLEMS, timeout=RUN_MS)
    parcels = guide._workspace.city.tables["parcel"]
    assert parcels["far"].tolist() == [2.5, 2.5, 2.5]
    assert parcels["land_use_code"].tolist() == ["R2"] * 3
