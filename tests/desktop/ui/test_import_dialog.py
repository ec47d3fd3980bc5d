"""The import dialog: a file is looked at, understood and corrected before it is taken in."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QMessageBox
from shapely.geometry import box

from core import texts
from core.jobs import Job
from core.problems import Severity
from desktop import operations
from desktop.data_in import TableImport
from desktop.imports import RasterImport, WeatherImport, kind_of, work_of
from desktop.ui.import_dialog import ImportDialog
from layers.project import Project

READ_MS = 20_000


@pytest.fixture
def project(tmp_path) -> Project:
    made = operations.new_project(tmp_path / "city", name="青禾市", city="西安")  # EPSG:4545
    yield made
    made.close()


def parcels(count: int = 12) -> gpd.GeoDataFrame:
    """Plots of one hectare near Xi'an, their areas given in mu."""
    shapes = [box(500_000 + 120 * n, 3_797_000, 500_100 + 120 * n, 3_797_100) for n in range(count)]
    return gpd.GeoDataFrame(
        {
            "地块编号": [f"QH-{n:04d}" for n in range(count)],
            "用地面积": [15.0] * count,
            "用地性质": ["居住用地"] * count,
            "PYNAME": ["qh"] * count,
        },
        geometry=shapes,
        crs="EPSG:4545",
    )


def without_prj(folder: Path) -> Path:
    path = folder / "地块.shp"
    parcels().to_file(path, encoding="gbk")
    for ending in (".prj", ".cpg"):
        path.with_suffix(ending).unlink(missing_ok=True)
    return path


@pytest.fixture
def open_dialog(qtbot, project):
    def opened(path: Path | None) -> ImportDialog:
        dialog = ImportDialog(project, path)
        qtbot.addWidget(dialog)
        dialog.show()
        settle(qtbot, dialog)
        return dialog

    return opened


def settle(qtbot, dialog: ImportDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.busy, timeout=READ_MS)


def test_a_layer_is_read_and_its_columns_matched_with_their_units(qtbot, open_dialog, tmp_path):
    path = tmp_path / "parcels.gpkg"
    parcels().to_file(path)
    dialog = open_dialog(path)
    form = dialog.form
    assert form.table == "parcel"
    assert form.matching.columns["plot_area_m2"].currentData() == "用地面积"
    assert form.matching.units["plot_area_m2"].currentData() == "亩"  # told by the shapes
    assert "PYNAME" in form.matching.kept.text()
    assert form.take.isEnabled()


def test_the_first_rows_are_shown_as_they_will_be_in_the_project(qtbot, open_dialog, tmp_path):
    path = tmp_path / "parcels.gpkg"
    parcels().to_file(path)
    dialog = open_dialog(path)
    frame = dialog.form.rows.frame
    assert frame["plot_area_m2"].iloc[0] == pytest.approx(15 * 666.67)
    assert frame["land_use_name"].iloc[0] == "居住用地"


def test_rows_are_counted_from_one_and_ids_keep_all_their_digits(qtbot, open_dialog, tmp_path):
    path = tmp_path / "parcels.gpkg"
    parcels().assign(OBJ=40778100.0, 地块编号=[40778101.0 + n for n in range(12)]).to_file(path)
    form = open_dialog(path).form
    assert form.rows.shown(0, 0) == "1"
    shown = [form.rows.shown(0, column) for column in range(form.rows.columnCount())]
    assert "40778101" in shown and not any("e+" in words for words in shown)
    samples = [one.text() for one in form.matching.findChildren(QLabel)]
    assert any("40778101" in words for words in samples) and not any("e+" in words for words in samples)


def test_an_empty_dialog_says_how_to_begin(qtbot, open_dialog):
    assert "Drop a file" in open_dialog(None).form.state.text()


def test_columns_and_units_chosen_by_hand_are_what_is_imported(qtbot, open_dialog, tmp_path, project):
    path = tmp_path / "parcels.gpkg"
    parcels().to_file(path)
    dialog = open_dialog(path)
    matching = dialog.form.matching
    matching.columns["name"].setCurrentIndex(matching.columns["name"].findData("PYNAME"))
    matching.units["plot_area_m2"].setCurrentIndex(matching.units["plot_area_m2"].findData("m2"))
    assert dialog.form.rows.frame["plot_area_m2"].iloc[0] == pytest.approx(15)
    with qtbot.waitSignal(dialog.import_wanted) as said:
        qtbot.mouseClick(dialog.form.take, Qt.MouseButton.LeftButton)
    wanted = said.args[0]
    assert isinstance(wanted, TableImport) and wanted.table == "parcel"
    operations.carry_out(project, work_of(project, wanted), Job())
    kept = project.table("parcel")
    assert kept["name"].iloc[0] == "qh" and kept["plot_area_m2"].iloc[0] == pytest.approx(15)
    assert kept.index[0] == "QH-0000"


def test_a_layer_is_replaced_only_after_a_question_whose_default_is_cancel(
    qtbot, open_dialog, tmp_path, project
):
    path = tmp_path / "parcels.gpkg"
    parcels().to_file(path)
    dialog = open_dialog(path)
    operations.carry_out(project, work_of(project, dialog.wanted), Job())
    handed = []
    dialog.import_wanted.connect(handed.append)
    for answer, times in (("Cancel", 0), ("Replace", 1)):
        dialog.accept()
        asked = dialog.findChildren(QMessageBox)[-1]
        assert "12 rows" in asked.text() and asked.defaultButton().text() == "Cancel"
        next(one for one in asked.buttons() if one.text() == answer).click()
        assert len(handed) == times
        qtbot.waitUntil(lambda: not dialog.findChildren(QMessageBox))


def test_an_import_that_replaces_says_what_it_replaced(tmp_path, project):
    first, second = tmp_path / "first.gpkg", tmp_path / "second.gpkg"
    parcels().to_file(first)
    parcels(3).to_file(second)
    pending = [
        operations.carry_out(project, operations.add_table(project, TableImport(path, "parcel")), Job())
        for path in (first, second)
    ]
    said = [[one.said() for one in made.problems if one.severity is Severity.NOTE] for made in pending]
    assert not any("replaces" in words for words in said[0])
    assert any("first.gpkg" in words for words in said[1])


def test_the_next_file_of_this_kind_is_matched_as_this_one_was(qtbot, open_dialog, tmp_path, project):
    path = tmp_path / "parcels.gpkg"
    parcels().to_file(path)
    dialog = open_dialog(path)
    names = dialog.form.matching.columns["name"]
    names.setCurrentIndex(names.findData("PYNAME"))
    operations.carry_out(project, work_of(project, dialog.wanted), Job())
    again = open_dialog(path)
    assert again.form.matching.columns["name"].currentData() == "PYNAME"


def test_no_column_becomes_two_of_ours(qtbot, open_dialog, tmp_path):
    path = tmp_path / "parcels.gpkg"
    parcels().to_file(path)
    matching = open_dialog(path).form.matching
    matching.columns["name"].setCurrentIndex(matching.columns["name"].findData("用地性质"))
    assert matching.columns["land_use_name"].currentData() == ""
    fields_of = {pair.column: pair.field for pair in matching.match.pairs}
    assert fields_of["用地性质"] == "name"


def test_a_column_of_the_dictionary_can_be_added(qtbot, open_dialog, tmp_path):
    path = tmp_path / "parcels.gpkg"
    parcels().to_file(path)
    matching = open_dialog(path).form.matching
    place = matching.more.findData("population")
    matching.more.setCurrentIndex(place)
    matching.more.activated.emit(place)
    assert "population" in matching.columns


def test_a_file_without_reference_system_waits_for_one_and_offers_those_near_the_city(
    qtbot, open_dialog, tmp_path
):
    dialog = open_dialog(without_prj(tmp_path))
    form = dialog.form
    assert not form.take.isEnabled() and dialog.wanted is None
    codes = [form.systems.itemData(n) for n in range(form.systems.count())]
    assert "EPSG:4545" in codes
    place = codes.index("EPSG:4545")
    form.systems.setCurrentIndex(place)
    form.systems.activated.emit(place)
    settle(qtbot, dialog)
    assert form.take.isEnabled() and dialog.wanted.crs == "EPSG:4545"
    assert form.systems.lineEdit().cursorPosition() == 0, "a long name is read from its beginning"
    assert form.systems.view().minimumWidth() > form.systems.view().sizeHintForColumn(0)
    assert form.matching.units["plot_area_m2"].currentData() == "亩"


def test_a_reference_system_that_is_none_is_refused_in_words(qtbot, open_dialog, tmp_path):
    dialog = open_dialog(without_prj(tmp_path))
    dialog.form.systems.setCurrentText("EPSG:1")
    qtbot.keyClick(dialog.form.systems.lineEdit(), Qt.Key.Key_Return)
    settle(qtbot, dialog)
    assert not dialog.form.take.isEnabled()
    assert any("EPSG:1" in problem.said() for problem in dialog.form.problems.problems)


def test_degrees_without_reference_system_may_be_those_of_web_maps(qtbot, open_dialog, tmp_path):
    path = tmp_path / "poi.csv"
    path.write_text("名称,经度,纬度\n污水厂,108.93,34.27\n电厂,108.95,34.28\n", encoding="gbk")
    form = open_dialog(path).form
    codes = [form.systems.itemData(n) for n in range(form.systems.count())]
    assert "GCJ-02" in codes and "BD-09" in codes


def test_the_sample_changes_with_the_encoding(qtbot, open_dialog, tmp_path):
    dialog = open_dialog(without_prj(tmp_path))
    form = dialog.form
    assert form.encodings.currentData() == "gb18030" and "居住用地" in form.sample.text()
    place = form.encodings.findData("utf-8")
    form.encodings.setCurrentIndex(place)
    form.encodings.activated.emit(place)
    assert "居住用地" not in form.sample.text()
    settle(qtbot, dialog)
    assert "居住用地" not in form.rows.frame.astype(str).to_numpy()


def test_a_gbk_archive_as_it_comes_from_a_bureau_is_understood(qtbot, open_dialog, shared):
    path = shared / "data" / "cn_gbk_shapefiles" / "chongqing_districts_gbk.zip"
    if not path.exists():
        pytest.skip("the GBK Shapefiles are not here")
    form = open_dialog(path).form
    assert form.table == "district" and form.encodings.currentData() == "gb18030"
    assert form.rows.frame["name"].iloc[0] == "奉节县"


def test_a_file_that_cannot_be_read_is_refused_in_words(qtbot, open_dialog, tmp_path):
    path = tmp_path / "broken.gpkg"
    path.write_bytes(b"nothing of the kind")
    dialog = open_dialog(path)
    assert not dialog.form.take.isEnabled() and dialog.form.problems.problems


def test_weather_and_rasters_are_told_by_their_files(qtbot, open_dialog, shared):
    weather = shared / "data" / "weather_china" / "Shanghai-Hongqiao_1956_2023_TMYx.epw"
    height = shared / "data" / "lidar" / "nyc_ccny_dsm_1m.tif"
    if not (weather.exists() and height.exists()):
        pytest.skip("the weather file or the height raster is not here")
    assert (kind_of(weather), kind_of(height)) == ("weather", "raster")
    dialog = open_dialog(weather)
    assert dialog.wanted == WeatherImport(weather)
    assert "Shanghai" in dialog.form.facts.text()
    dialog.set_path(height)
    settle(qtbot, dialog)
    assert dialog.wanted == RasterImport(height, "surface")


def test_a_file_can_be_dropped_on_the_dialog(qtbot, open_dialog, tmp_path):
    path = tmp_path / "parcels.gpkg"
    parcels().to_file(path)
    dialog = open_dialog(None)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    dialog.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    settle(qtbot, dialog)
    assert dialog.form.path.text() == str(path) and dialog.form.take.isEnabled()


def test_the_window_goes_on_while_a_file_is_read(qtbot, project, tmp_path, monkeypatch):
    path = tmp_path / "parcels.gpkg"
    parcels().to_file(path)
    beats: list[int] = []
    timer = QTimer()
    timer.timeout.connect(lambda: beats.append(1))
    timer.start(5)
    dialog = ImportDialog(project, path)
    qtbot.addWidget(dialog)
    assert dialog.busy and dialog.form.rows.rowCount() == 0
    settle(qtbot, dialog)
    assert beats


def test_every_input_has_a_name_and_speaks_chinese(qtbot, open_dialog, tmp_path):
    path = tmp_path / "parcels.gpkg"
    parcels().to_file(path)
    texts.use("zh")
    try:
        dialog = open_dialog(path)
        for kind in (QComboBox, QLineEdit):
            for one in dialog.findChildren(kind):
                assert isinstance(one.parent(), QComboBox) or one.accessibleName(), one
        assert dialog.form.take.text() == "导入" and dialog.form.state.text().startswith("12 行")
    finally:
        texts.use("en")
