"""The map's tools: what a press, a drag and a release mean; one gesture at a time, Esc ends it."""

from __future__ import annotations

import math
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, TypeAlias

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF

from core.look import LIGHT
from core.texts import text
from core.units import figure, land_area, quantity
from desktop.geodesy import Ellipsoid
from desktop.ui.map_overlays import length_said, paint_box, paint_label
from desktop.ui.map_select import Circle

if TYPE_CHECKING:
    from desktop.ui.map_canvas import MapCanvas

MU_M2 = 2000 / 3  # 亩, fifteen to the hectare
SMALL_M2 = 10_000.0  # below it an area is said in m² too
CLICK_PX = 4.0  # what moves less is a click

Button: TypeAlias = Qt.MouseButton
Key: TypeAlias = Qt.KeyboardModifier


class Tool(StrEnum):
    """What the left button does."""

    SELECT = "select"  # click picks, drag draws a rectangle
    PAN = "pan"
    IDENTIFY = "identify"
    ZOOM = "zoom"  # drag draws what is to be shown
    MEASURE = "measure"
    POLYGON = "polygon"  # select by a polygon
    RADIUS = "radius"  # select by a circle
    EDIT = "edit"  # draw and reshape; the canvas leaves it to its hand


class Gesture(Protocol):
    """From press to release. Positions are logical pixels of the canvas."""

    def move(self, canvas: MapCanvas, place: QPointF) -> None:
        """The mouse moved with the button down."""

    def end(self, canvas: MapCanvas, place: QPointF, keys: Key) -> None:
        """The button was released."""

    def cancel(self, canvas: MapCanvas) -> None:
        """Esc: as if nothing had been done."""

    def paint(self, painter: QPainter) -> None:
        """Draw what the gesture shows."""


class Hand(Protocol):
    """What edits on the map while the edit tool is held."""

    def press(self, event: QMouseEvent) -> Gesture | None:
        """The gesture that a press begins."""

    def hover(self, place: QPointF, keys: Key) -> None:
        """The mouse moved without a gesture."""

    def double(self) -> None:
        """A double click."""

    def key(self, event: QKeyEvent) -> bool:
        """Whether a key was taken."""

    def paint(self, painter: QPainter) -> None:
        """Draw what is edited, whatever tool is held."""


class Pan:
    """Drag the map; a press that hardly moves is a click."""

    def __init__(self, start: QPointF, middle: tuple[float, float], *, clicks: bool) -> None:
        self._start, self._middle, self._clicks = start, middle, clicks
        self._moved = False

    def move(self, canvas: MapCanvas, place: QPointF) -> None:
        """The ground follows the hand."""
        step = place - self._start
        if not self._moved and math.hypot(step.x(), step.y()) < CLICK_PX:
            return
        self._moved = True
        m_per_px = canvas.view.m_per_px
        canvas.move_to(self._middle[0] - step.x() * m_per_px, self._middle[1] + step.y() * m_per_px)

    def end(self, canvas: MapCanvas, place: QPointF, keys: Key) -> None:
        """A click identifies."""
        if not self._moved and self._clicks:
            canvas.identify(place)

    def cancel(self, canvas: MapCanvas) -> None:
        """Back to where the drag began."""
        canvas.move_to(*self._middle)

    def paint(self, painter: QPainter) -> None:
        """The map itself moves; nothing is drawn."""


class Box:
    """Draw a rectangle, to select what it meets or to zoom to it."""

    def __init__(self, start: QPointF, *, zooms: bool) -> None:
        self._start, self._place, self._zooms = start, start, zooms

    @property
    def _box(self) -> QRectF:
        return QRectF(self._start, self._place).normalized()

    def move(self, canvas: MapCanvas, place: QPointF) -> None:
        """The rectangle grows."""
        self._place = place
        canvas.update()

    def end(self, canvas: MapCanvas, place: QPointF, keys: Key) -> None:
        """Select or zoom; a click picks one feature."""
        self._place = place
        box = self._box
        if max(box.width(), box.height()) < CLICK_PX:
            canvas.pick(place, keys)
        elif self._zooms:
            canvas.zoom_to(canvas.world_box(box))
        else:
            canvas.select_box(canvas.world_box(box), keys)

    def cancel(self, canvas: MapCanvas) -> None:
        """Nothing is selected."""

    def paint(self, painter: QPainter) -> None:
        """The rubber band."""
        paint_box(painter, self._box, dashed=self._zooms)


class Measure:
    """A line of several points with its length, and the area it encloses.

    Lengths and areas are of the ellipsoid where one is given, else of the map plane.
    """

    def __init__(self, ellipsoid: Ellipsoid | None = None) -> None:
        self._ellipsoid = ellipsoid
        self.points: list[tuple[float, float]] = []
        self.cursor: tuple[float, float] | None = None
        self.closed = False

    def add(self, x: float, y: float) -> None:
        """Another point; after a finished line a new one begins."""
        if self.closed:
            self.points.clear()
            self.closed = False
        self.points.append((x, y))

    def finish(self) -> None:
        """The line is done."""
        self.closed = True
        self.cursor = None

    @property
    def length_m(self) -> float:
        """Length of the line, up to the cursor. [m]"""
        run = self._run()
        if self._ellipsoid is not None:
            return self._ellipsoid.length_m(run)
        return sum(math.dist(a, b) for a, b in pairwise(run))

    @property
    def area_m2(self) -> float:
        """Area enclosed when the line is closed straight to its beginning. [m²]"""
        run = self._run()
        if len(run) < 3:
            return 0.0
        if self._ellipsoid is not None:
            return self._ellipsoid.area_m2(run)
        x0, y0 = run[0]
        doubled = sum((xa - x0) * (yb - y0) - (xb - x0) * (ya - y0) for (xa, ya), (xb, yb) in pairwise(run))
        return abs(doubled) / 2

    def _run(self) -> list[tuple[float, float]]:
        return [*self.points, self.cursor] if self.cursor and self.points else list(self.points)

    def said(self) -> str:
        """Length and, from three points on, area."""
        said = length_said(self.length_m)
        if self.area_m2 > 0:
            area = area_said(self.area_m2)
            said = text("{length} · area {area}", length=said, area=area)
        return said

    def paint(self, painter: QPainter, canvas: MapCanvas) -> None:
        """The line, its points and the length at its end."""
        run = [QPointF(*canvas.view.to_px(x, y)) for x, y in self._run()]
        if not run:
            return
        accent = QColor(LIGHT["accent"])
        if len(run) > 2:
            soft = QColor(accent)
            soft.setAlpha(28)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(soft)
            painter.drawPolygon(QPolygonF(run))
        painter.setPen(QPen(accent, 2))
        painter.drawPolyline(QPolygonF(run))
        painter.setBrush(QColor(LIGHT["panel"]))
        for place in run:
            painter.drawEllipse(place, 3.5, 3.5)
        if len(run) > 1:
            paint_label(painter, run[-1], self.said())


def area_said(area_m2: float) -> str:
    """An area of land in hectares and mu; a small one in square metres instead of hectares."""
    metric = quantity(area_m2, "m²") if area_m2 < SMALL_M2 else land_area(area_m2)
    return text("{metric} ({mu} mu)", metric=metric, mu=figure(area_m2 / MU_M2))


def gesture_for(canvas: MapCanvas, event: QMouseEvent) -> Gesture | None:
    """The gesture that a press begins, by tool, button and keys."""
    place, keys = event.position(), event.modifiers()
    if event.button() == Button.MiddleButton or canvas.space_held:
        return Pan(place, canvas.view.middle, clicks=False)
    if event.button() != Button.LeftButton:
        return None
    if canvas.tool is Tool.EDIT and canvas.hand is not None:
        return canvas.hand.press(event)
    if canvas.tool is Tool.SELECT:
        return Box(place, zooms=False)
    if canvas.tool is Tool.RADIUS:
        return Circle(place, canvas.view.m_per_px)
    if canvas.tool is Tool.POLYGON:
        canvas.lasso.add(*canvas.view.to_world(place.x(), place.y()))
        canvas.update()
        return None
    if canvas.tool is Tool.ZOOM or keys & Key.ShiftModifier:
        return Box(place, zooms=True)
    if canvas.tool is Tool.MEASURE:
        canvas.measure.add(*canvas.view.to_world(place.x(), place.y()))
        canvas.update()
        return None
    return Pan(place, canvas.view.middle, clicks=True)


CURSORS = {
    Tool.SELECT: Qt.CursorShape.ArrowCursor,
    Tool.PAN: Qt.CursorShape.OpenHandCursor,
    Tool.IDENTIFY: Qt.CursorShape.WhatsThisCursor,
    Tool.ZOOM: Qt.CursorShape.CrossCursor,
    Tool.MEASURE: Qt.CursorShape.CrossCursor,
    Tool.POLYGON: Qt.CursorShape.CrossCursor,
    Tool.RADIUS: Qt.CursorShape.CrossCursor,
    Tool.EDIT: Qt.CursorShape.CrossCursor,
}
