"""The legend on the map shows all classes where the map has room for them, and hides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from cartography.classes import categories
from desktop.themes import themes_of
from desktop.ui.main_window import MainWindow
from desktop.ui.map_legend import MapLegend
from tests.desktop.ui.small_city import quiet


@pytest.fixture
def legend_of(small_window: MainWindow, qtbot: QtBot) -> Callable[[int], MapLegend]:
    """The legend of a theme of parcels at the step of the plan, in a window of 1200 by 750."""
    small_window.resize(1200, 750)
    bench, workspace = small_window.workbench, small_window.workspace
    assert bench is not None and workspace.city is not None
    bench.show_step("plan")

    def shown(classes: int) -> MapLegend:
        theme = next(one for one in themes_of(workspace.city, workspace.results, "parcel"))
        workspace.activate("parcel")
        workspace.restyle("parcel", theme=theme, visible=True)
        workspace.restyle("building", theme=None)
        quiet(small_window, qtbot)
        words = np.array([f"class {n % classes}" for n in range(len(workspace.ids("parcel")))], dtype=object)
        workspace.change_layer(
            "parcel", lambda layer: replace(layer, values=words, classes=categories(words))
        )
        qtbot.waitUntil(lambda: bench.legend.isVisible() and len(bench.legend.legend.rows) == classes)
        return bench.legend

    return shown


def scrolls(legend: MapLegend) -> bool:
    return legend._scroll.verticalScrollBar().maximum() > 0


@pytest.mark.parametrize("classes", [3, 4])
@pytest.mark.parametrize("below", [False, True], ids=["alone", "above charts and table"])
def test_a_few_classes_are_all_in_sight(
    legend_of: Callable[[int], MapLegend], small_window: MainWindow, qtbot: QtBot, classes: int, below: bool
) -> None:
    bench = small_window.workbench
    assert bench is not None
    bench.show_table(shown=below)
    bench.show_charts(shown=below)
    legend = legend_of(classes)
    qtbot.wait(50)
    assert not scrolls(legend)


def test_on_a_low_map_the_legend_stands_beside_the_tools(
    legend_of: Callable[[int], MapLegend], small_window: MainWindow, qtbot: QtBot
) -> None:
    bench = small_window.workbench
    assert bench is not None
    legend = legend_of(3)
    assert legend.x() == bench.map.tools.x()
    bench.show_table(shown=True)
    bench.show_charts(shown=True)
    qtbot.waitUntil(lambda: legend.x() > bench.map.tools.geometry().right())
    assert not legend.geometry().intersects(bench.map.tools.geometry())


def test_every_coloured_layer_is_explained_the_active_one_first(
    legend_of: Callable[[int], MapLegend], small_window: MainWindow, qtbot: QtBot
) -> None:
    legend, workspace = legend_of(3), small_window.workspace
    assert workspace.city is not None
    theme = next(one for one in themes_of(workspace.city, workspace.results, "building"))
    workspace.restyle("building", theme=theme, visible=True)
    quiet(small_window, qtbot)
    qtbot.waitUntil(lambda: list(legend.others) == ["building"])
    assert legend.heading.text().startswith("Parcels") and legend.others["building"].rows
    legend.others["building"].rows[0].click()
    quiet(small_window, qtbot)
    assert workspace.looks["building"].hidden and not workspace.looks["parcel"].hidden
    workspace.activate("building")
    qtbot.waitUntil(lambda: list(legend.others) == ["parcel"])
    assert legend.heading.text().startswith("Buildings")
    workspace.restyle("building", theme=None)
    qtbot.waitUntil(lambda: not legend.others)
    assert legend.heading.text().startswith("Parcels")  # the one that is coloured, though the other is active
