"""A layer is styled in its panel: how classes are found, which way the colours run, outlines and decimals, or one colour."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QComboBox
from pytestqt.qtbot import QtBot

from cartography.colours import RAMPS
from desktop.layer_look import NO_OUTLINE
from desktop.ui.class_style import CHOSEN
from desktop.ui.layers_panel import LayersPanel
from desktop.ui.main_window import MainWindow
from tests.desktop.ui.small_city import colour_by, quiet


@pytest.fixture
def panel(small_window: MainWindow, qtbot: QtBot) -> LayersPanel:
    """The panel with the parcels in front, coloured by a number."""
    assert small_window.workbench is not None
    small_window.workspace.activate("parcel")
    colour_by(small_window, qtbot, "parcel", "pv_kwh_per_year")
    return small_window.workbench.left.layers


@pytest.mark.parametrize("method", ["deviation", "pretty"])
def test_every_method_can_be_chosen(
    panel: LayersPanel, small_window: MainWindow, qtbot: QtBot, method: str
) -> None:
    place = panel.method.findData(method)
    panel.method.setCurrentIndex(place)
    panel.method.activated.emit(place)
    quiet(small_window, qtbot)
    layer = small_window.canvas.layer("parcel")
    assert layer.classes is not None and layer.classes.method == method
    assert panel.method.itemText(place).split()[0] in panel.note.text()


def test_colours_run_the_other_way_and_back(
    panel: LayersPanel, small_window: MainWindow, qtbot: QtBot
) -> None:
    def ends() -> tuple[str, str]:
        classes = small_window.canvas.layer("parcel").classes
        assert classes is not None
        return classes.colours[0], classes.colours[-1]

    small_window.workspace.restyle("parcel", method="manual", breaks=(1.0, 2.0))
    quiet(small_window, qtbot)
    before = ends()
    panel.inverted.click()
    quiet(small_window, qtbot)
    assert ends() == before[::-1] and panel.inverted.isChecked()
    panel.ramp.setCurrentIndex(panel.ramp.findData("green"))
    panel.ramp.activated.emit(panel.ramp.currentIndex())
    quiet(small_window, qtbot)
    assert ends() == (RAMPS["green"][-1], RAMPS["green"][0])
    panel.inverted.click()
    quiet(small_window, qtbot)
    assert ends() == (RAMPS["green"][0], RAMPS["green"][-1])


def chosen(box: QComboBox, data: object) -> None:
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


def test_the_outline_of_coloured_areas_is_chosen_taken_away_and_given_back(
    panel: LayersPanel, small_window: MainWindow, qtbot: QtBot
) -> None:
    style, before = panel.class_style, small_window.canvas.layer("parcel").outline
    assert style.outline.isVisible() and not style.colour.isVisible()
    chosen(style.outline, NO_OUTLINE)
    quiet(small_window, qtbot)
    assert small_window.canvas.layer("parcel").outline == ""
    chosen(style.outline, CHOSEN)
    quiet(small_window, qtbot)
    qtbot.mouseClick(style.colour, Qt.MouseButton.LeftButton)
    dialog = next(one for one in small_window.findChildren(QColorDialog) if one.isVisible())
    assert dialog.windowTitle() == "Colour of the outline"
    dialog.setCurrentColor(QColor("#ab12cd"))
    dialog.accept()
    quiet(small_window, qtbot)
    assert small_window.canvas.layer("parcel").outline == "#ab12cd" == style.colour.colour
    chosen(style.outline, "")
    quiet(small_window, qtbot)
    assert small_window.canvas.layer("parcel").outline == before
    small_window.workspace.restyle("parcel", theme=None)
    quiet(small_window, qtbot)
    assert not style.isVisible()


def test_decimals_are_those_of_the_legend_on_the_map_and_in_the_list(
    panel: LayersPanel, small_window: MainWindow, qtbot: QtBot
) -> None:
    small_window.workspace.restyle("parcel", method="manual", breaks=(1.0, 2.5))
    quiet(small_window, qtbot)
    chosen(panel.class_style.decimals, 2)
    quiet(small_window, qtbot)
    rows = [panel.list.item(number).text() for number in range(panel.list.count())]
    assert small_window.workbench is not None
    small_window.workbench.legend.set_wanted(True)
    legend = [row.entry.label for row in small_window.workbench.legend.legend.rows]
    for words in (rows, legend):
        assert any("1.00 – 2.50" in one for one in words)
    chosen(panel.class_style.decimals, None)
    quiet(small_window, qtbot)
    assert small_window.workspace.looks["parcel"].decimals is None


def test_a_layer_without_a_theme_takes_one_colour_and_gives_it_back(
    panel: LayersPanel, small_window: MainWindow, qtbot: QtBot
) -> None:
    small_window.workspace.restyle("parcel", theme=None)
    quiet(small_window, qtbot)
    assert panel.colour.isVisible() and not panel.ramp.isVisible() and not panel.first_colour.isVisible()
    before = small_window.canvas.layer("parcel")
    qtbot.mouseClick(panel.colour, Qt.MouseButton.LeftButton)
    dialog = next(one for one in small_window.findChildren(QColorDialog) if one.isVisible())
    dialog.setCurrentColor(QColor("#336699"))
    dialog.accept()
    quiet(small_window, qtbot)
    layer = small_window.canvas.layer("parcel")
    assert (layer.colour, layer.classes) == ("#336699", None)
    assert panel.colour.colour == "#336699"
    qtbot.mouseClick(panel.first_colour, Qt.MouseButton.LeftButton)
    quiet(small_window, qtbot)
    assert small_window.canvas.layer("parcel").colour == before.colour
    assert not panel.first_colour.isVisible()
