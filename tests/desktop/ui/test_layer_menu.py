"""The menu of a layer leads to its style and writes it alone: all rows, those that pass, or the selected ones."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.ui.layer_export import ALL, FILTERED, SELECTED, LayerExportDialog
from desktop.ui.main_window import MainWindow
from tests.desktop.ui.small_city import quiet


def choose(window: MainWindow, layer: str, words: str) -> None:
    assert window.workbench is not None
    menu = window.workbench.layer_menu.made(layer)
    next(one for one in menu.actions() if one.text() == words).trigger()


def asked(window: MainWindow) -> LayerExportDialog:
    choose(window, "building", "Export this layer…")
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


def test_what_cannot_be_chosen_is_grey_and_a_bad_name_is_said(small_window: MainWindow, qtbot: QtBot) -> None:
    dialog = asked(small_window)
    assert [button.isEnabled() for button in dialog.which.values()] == [True, False, False]
    dialog.name.setText("a/b")
    dialog.go.click()
    assert dialog.isVisible() and "name" in dialog.trouble.text()
    dialog.reject()
