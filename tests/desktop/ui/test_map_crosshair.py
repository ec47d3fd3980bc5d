"""Identifying, measuring and selecting by a polygon are done by keys alone; F7 leads to the style of the layer."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.ui.main_window import MainWindow
from desktop.ui.map_canvas import MapCanvas
from desktop.ui.map_crosshair import STEP_PX, WIDE_PX
from desktop.ui.map_tools import Tool
from tests.desktop.ui.small_city import SOUTH, WEST, quiet

Key = Qt.Key


@pytest.fixture
def canvas(small_window: MainWindow, qtbot: QtBot) -> MapCanvas:
    """The map, with the middle of the second plot in its middle."""
    small_window.canvas.move_to(WEST + 135, SOUTH + 5)
    quiet(small_window, qtbot)
    return small_window.canvas


def choose(window: MainWindow, tool: Tool) -> None:
    assert window.workbench is not None
    window.workbench.map.choose(tool)


def test_a_place_is_identified_by_keys_and_esc_leaves(
    small_window: MainWindow, canvas: MapCanvas, qtbot: QtBot
) -> None:
    found: list[list[tuple[str, int]]] = []
    canvas.identified.connect(found.append)
    small_window.actions_by_name["identify"].trigger()
    middle = canvas.view.middle
    qtbot.keyClick(canvas, Key.Key_Right)
    assert canvas.crosshair.place == pytest.approx(middle) and canvas.view.middle == middle
    qtbot.keyClick(canvas, Key.Key_Return)
    assert ("parcel", 1) in found[-1]
    qtbot.keyClick(canvas, Key.Key_Escape)
    assert canvas.crosshair.place is None and canvas.tool is Tool.SELECT


def test_a_line_is_measured_by_keys_and_ended_by_enter_on_its_last_point(
    small_window: MainWindow, canvas: MapCanvas, qtbot: QtBot
) -> None:
    choose(small_window, Tool.MEASURE)
    qtbot.keyClick(canvas, Key.Key_Up)
    qtbot.keyClick(canvas, Key.Key_Return)
    qtbot.keyClick(canvas, Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(canvas, Key.Key_Right)
    step_m = (WIDE_PX + STEP_PX) * canvas.view.m_per_px
    assert canvas.measure.length_m == pytest.approx(step_m, rel=0.01)  # to the crosshair
    qtbot.keyClick(canvas, Key.Key_Return)
    assert not canvas.measure.closed
    qtbot.keyClick(canvas, Key.Key_Return)
    assert canvas.measure.closed and len(canvas.measure.points) == 2
    qtbot.keyClick(canvas, Key.Key_Escape)  # the line first, then the tool
    assert not canvas.measure.points and canvas.tool is Tool.MEASURE
    qtbot.keyClick(canvas, Key.Key_Escape)
    assert canvas.tool is Tool.SELECT


def test_the_map_follows_the_crosshair_beyond_its_edge(
    small_window: MainWindow, canvas: MapCanvas, qtbot: QtBot
) -> None:
    choose(small_window, Tool.MEASURE)
    before = canvas.view.middle
    for _ in range(2 + int(canvas.width() / WIDE_PX)):
        qtbot.keyClick(canvas, Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert canvas.view.middle[0] < before[0]
    assert canvas.crosshair.place is not None
    assert 0 <= canvas.view.to_px(*canvas.crosshair.place)[0] <= canvas.width()


def test_arrow_keys_still_move_the_map_while_selecting(
    small_window: MainWindow, canvas: MapCanvas, qtbot: QtBot
) -> None:
    before = canvas.view.middle
    qtbot.keyClick(canvas, Key.Key_Right)
    assert canvas.view.middle[0] > before[0] and canvas.crosshair.place is None


def test_f7_gives_the_keys_to_the_style_of_the_layer(small_window: MainWindow, qtbot: QtBot) -> None:
    small_window.actions_by_name["style"].trigger()
    quiet(small_window, qtbot)
    bench = small_window.workbench
    assert bench is not None and bench.left.tab == "layers"
    focused = QApplication.focusWidget()
    assert focused is None or bench.left.layers.isAncestorOf(
        focused
    )  # offscreen the window may not be active
    assert small_window.actions_by_name["style"].shortcut().toString() == "F7"
