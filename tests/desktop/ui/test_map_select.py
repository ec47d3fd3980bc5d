"""Polygons and circles drawn on the map select what they meet."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from shapely.geometry import Point, Polygon, box

from cartography.layers import StyledLayer
from cartography.ragged import Ragged
from desktop.ui.map_canvas import MapCanvas
from desktop.ui.map_flows import ViewHistory
from desktop.ui.map_select import features_in
from desktop.ui.map_tools import Tool

Left, Keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier
SQUARES = [box(100 * c, 100 * r, 100 * c + 80, 100 * r + 80) for r in range(3) for c in range(3)]


@pytest.fixture
def canvas(qtbot) -> MapCanvas:
    made = MapCanvas()
    qtbot.addWidget(made)
    made.resize(600, 600)
    made.set_layers([StyledLayer("parcel", "", Ragged.of(SQUARES))])
    made.show()
    qtbot.waitUntil(lambda: made.settled, timeout=60_000)
    yield made
    made.close()


def at(canvas: MapCanvas, x: float, y: float) -> QPoint:
    px, py = canvas.view.to_px(x, y)
    return QPoint(round(px), round(py))


def chosen(canvas: MapCanvas) -> list[int]:
    return np.flatnonzero(canvas.selection("parcel")).tolist()


def corners(canvas: MapCanvas, *places: tuple[float, float]) -> None:
    for x, y in places:
        QTest.mouseClick(canvas, Left, pos=at(canvas, x, y))


def test_a_polygon_closed_by_enter_selects_what_it_meets(canvas):
    canvas.set_tool(Tool.POLYGON)
    corners(canvas, (-10, -10), (150, -10), (-10, 150))
    assert chosen(canvas) == []
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert chosen(canvas) == [0, 1, 3]


def test_a_polygon_is_closed_by_a_double_click(canvas):
    canvas.set_tool(Tool.POLYGON)
    corners(canvas, (210, 210), (270, 210))
    QTest.mouseClick(canvas, Left, pos=at(canvas, 240, 260))
    QTest.mouseDClick(canvas, Left, pos=at(canvas, 240, 260))
    assert chosen(canvas) == [8] and not canvas.lasso.points


def test_escape_leaves_the_polygon_and_selects_nothing(canvas):
    canvas.set_tool(Tool.POLYGON)
    corners(canvas, (-10, -10), (300, -10), (300, 300))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert chosen(canvas) == []


def test_a_circle_drawn_from_its_middle_selects_and_shift_adds(canvas):
    canvas.set_tool(Tool.RADIUS)
    for (x, y), keys in (((40, 40), Keys.NoModifier), ((240, 240), Keys.ShiftModifier)):
        QTest.mousePress(canvas, Left, keys, at(canvas, x, y))
        QTest.mouseMove(canvas, at(canvas, x + 20, y))
        QTest.mouseRelease(canvas, Left, keys, at(canvas, x + 30, y))
    assert chosen(canvas) == [0, 8]


def test_wholly_within_needs_every_part_inside():
    layer = StyledLayer("two", "", Ragged.of([SQUARES[0].union(SQUARES[1]), SQUARES[3]]))
    around = np.array(box(-5, -5, 90, 190).exterior.coords)[:-1]
    assert features_in(layer, around, wholly=False).tolist() == [True, True]
    assert features_in(layer, around, wholly=True).tolist() == [False, True]


def test_a_polygon_with_a_hole_is_not_met_from_inside_its_hole():
    ring = Polygon(box(0, 0, 100, 100).exterior.coords, [box(20, 20, 80, 80).exterior.coords])
    layer = StyledLayer("ring", "", Ragged.of([ring, box(200, 0, 300, 100)]))
    assert features_in(layer, np.array(box(30, 30, 70, 70).exterior.coords), wholly=False).tolist() == [
        False,
        False,
    ]
    points = StyledLayer("point", "", Ragged.of([Point(50, 50), Point(500, 50)]))
    assert features_in(points, np.array(box(30, 30, 70, 70).exterior.coords), wholly=False).tolist() == [
        True,
        False,
    ]


def test_the_map_goes_back_to_what_it_showed_and_forth_again(canvas, qtbot):
    history = ViewHistory(canvas)
    history.remember()
    first = canvas.view
    canvas.zoom_to((0.0, 0.0, 80.0, 80.0))
    second = canvas.view
    history.go(-1)
    assert canvas.view.m_per_px == pytest.approx(first.m_per_px) and history.can_go_forth
    history.go(1)
    assert canvas.view.middle == pytest.approx(second.middle)
    assert canvas.view.m_per_px == pytest.approx(second.m_per_px) and not history.can_go_forth
