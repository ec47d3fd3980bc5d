"""The menu of a layer leads to its style and writes it alone: all rows, those that pass, or the selected ones."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import rasterio
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.problems import UserError
from desktop.ui.layer_export import ALL, FILTERED, SELECTED, LayerExportDialog
from desktop.ui.main_window import MainWindow
from desktop.ui.notes import Message
from tests.desktop.ui.small_city import quiet

IRRADIATION = "raster:irradiation_kwh_per_m2"


def choose(window: MainWindow, layer: str, words: str) -> None:
    assert window.workbench is not None
    menu = window.workbench.layer_menu.made(layer)
    next(one for one in menu.actions() if one.text() == words).trigger()


def asked(window: MainWindow, layer: str = "building") -> LayerExportDialog:
    choose(window, layer, "Export this layer…")
    return next(one for one in window.findChildren(LayerExportDialog) if one.isVisible())


@pytest.mark.parametrize("layer", ["building", "parcel"])
def test_style_brings_the_style_of_the_layer_into_sight(
    small_window: MainWindow, qtbot: QtBot, layer: str
) -> None:
    assert small_window.workbench is not None
    left = small_window.workbench.left
    left.show_tab("problems")
    choose(small_window, layer, "Style…")
    qtbot.waitUntil(lambda: QApplication.focusWidget() is left.layers.themes)
    assert left.tab == "layers" and small_window.workspace.active == layer
    shown = left.layers.viewport().rect()
    place = left.layers.themes.mapTo(left.layers.viewport(), left.layers.themes.rect().center())
    assert shown.contains(place)


@pytest.mark.parametrize(("which", "ids"), [(SELECTED, ["B3"]), (FILTERED, ["B1", "B2"]), (ALL, None)])
def test_all_rows_the_filtered_or_the_selected_ones_are_written(
    opened: MainWindow, qtbot: QtBot, tmp_path: Path, which: str, ids: list[str] | None
) -> None:
    opened.workspace.filters.take_up({"building": 'building_id in ["B1", "B2"]'})
    opened.workspace.select_ids("building", ["B3"])
    quiet(opened, qtbot)
    dialog = asked(opened)
    assert dialog.which[SELECTED].isChecked()
    dialog.which[which].setChecked(True)
    dialog.form_choice.setCurrentIndex(dialog.form_choice.findData("gpkg"))
    dialog.name.setText("楼栋")
    dialog.folder.line.setText(str(tmp_path))
    dialog.go.click()
    quiet(opened, qtbot)
    found = gpd.read_file(tmp_path / "楼栋.gpkg", layer="Buildings")
    assert sorted(found["building_id"]) == (ids or sorted(opened.workspace.ids("building")))


def test_a_raster_is_written_and_the_message_leads_to_it(
    opened: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    said: list[Message] = []
    opened.workspace.said.connect(said.append)
    dialog = asked(opened, IRRADIATION)
    assert [dialog.form_choice.itemData(n) for n in range(dialog.form_choice.count())] == ["tif"]
    assert not dialog.which[ALL].isVisible() and not dialog.encoding.isVisible()
    dialog.name.setText("辐照")
    dialog.folder.line.setText(str(tmp_path / "new"))
    dialog.go.click()
    quiet(opened, qtbot)
    with rasterio.open(tmp_path / "new" / "辐照.tif") as band:
        assert band.units == ("kWh/m²",) and band.count == 1
    assert "辐照.tif" in said[-1].words and said[-1].link == "Open the folder"


def test_a_raster_in_a_place_that_cannot_be_written_is_a_problem(
    opened: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    refused: list[UserError] = []
    opened.workspace.refused.connect(refused.append)
    (tmp_path / "file").write_text("")
    dialog = asked(opened, IRRADIATION)
    dialog.folder.line.setText(str(tmp_path / "file" / "inside"))
    dialog.go.click()
    quiet(opened, qtbot)
    assert len(refused) == 1 and "inside" in str(refused[0])


def test_what_cannot_be_chosen_is_grey_and_a_bad_name_is_said(small_window: MainWindow, qtbot: QtBot) -> None:
    dialog = asked(small_window)
    assert [button.isEnabled() for button in dialog.which.values()] == [True, False, False]
    dialog.name.setText("a/b")
    dialog.go.click()
    assert dialog.isVisible() and "name" in dialog.trouble.text()
    dialog.reject()
