"""Selecting by shape: a polygon drawn corner by corner, and a circle drawn from its middle."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from cartography.layers import StyledLayer
from cartography.ragged import Kind, Ragged
from core.look import LIGHT
from core.texts import text
from desktop.ui.map_overlays import length_said, paint_label

if TYPE_CHECKING:
    from desktop.ui.map_canvas import MapCanvas

CLICK_PX = 4.0  # what moves less is a click
CORNERS = 64  # of the polygon that stands for a circle


class Circle:
    """Drag from the middle outwards; what meets the circle is selected."""

    def __init__(self, start: QPointF, m_per_px: float) -> None:
        self._start, self._place, self._m_per_px = start, start, m_per_px

    @property
    def radius_px(self) -> float:
        """From the middle to the mouse."""
        step = self._place - self._start
        return math.hypot(step.x(), step.y())

    def move(self, canvas: MapCanvas, place: QPointF) -> None:
        """The circle grows."""
        self._place = place
        canvas.update()

    def end(self, canvas: MapCanvas, place: QPointF, keys: Qt.KeyboardModifier) -> None:
        """Select; a click picks one feature."""
        self._place = place
        if self.radius_px < CLICK_PX:
            canvas.pick(place, keys)
            return
        x, y = canvas.view.to_world(self._start.x(), self._start.y())
        turns = np.linspace(0.0, 2 * np.pi, CORNERS, endpoint=False)
        radius = self.radius_px * canvas.view.m_per_px
        corners = np.column_stack([x + radius * np.cos(turns), y + radius * np.sin(turns)])
        canvas.select_shape(corners, keys)

    def cancel(self, canvas: MapCanvas) -> None:
        """Nothing is selected."""

    def paint(self, painter: QPainter) -> None:
        """The circle with its radius."""
        _take_pen(painter)
        painter.drawEllipse(self._start, self.radius_px, self.radius_px)
        painter.drawLine(self._start, self._place)
        paint_label(
            painter,
            self._place,
            text("Radius {length}", length=length_said(self.radius_px * self._m_per_px)),
        )


class Lasso:
    """A polygon under the hand: each click is a corner, double click or Enter closes it."""

    def __init__(self) -> None:
        self.points: list[tuple[float, float]] = []
        self.cursor: tuple[float, float] | None = None

    def add(self, x: float, y: float) -> None:
        """Another corner, unless it lies on the last."""
        if not self.points or self.points[-1] != (x, y):
            self.points.append((x, y))

    def closed(self) -> NDArray[np.float64] | None:
        """Its corners, shape (corners, 2), and the hand is free again; None where they enclose nothing."""
        corners, self.points, self.cursor = self.points, [], None
        return np.array(corners, dtype=np.float64) if len(corners) >= 3 else None

    def paint(self, painter: QPainter, canvas: MapCanvas) -> None:
        """The polygon so far, up to the mouse."""
        run = [*self.points, self.cursor] if self.cursor and self.points else list(self.points)
        places = [QPointF(*canvas.view.to_px(x, y)) for x, y in run]
        if not places:
            return
        _take_pen(painter)
        painter.drawPolygon(QPolygonF(places))
        painter.setBrush(QColor(LIGHT["panel"]))
        for place in places:
            painter.drawEllipse(place, 3.5, 3.5)
        if len(self.points) >= 2:
            paint_label(painter, places[-1], text("Double click or Enter closes the polygon"))


def features_in(layer: StyledLayer, corners: NDArray[np.float64], *, wholly: bool) -> NDArray[np.bool_]:
    """Which features of a layer meet a polygon by their geometry, or lie wholly in it.

    Parameters
    ----------
    corners : ndarray of float64, shape (corners, 2)
        The polygon; where it crosses itself, all that its line encloses counts. [m]

    Returns
    -------
    ndarray of bool, shape (features)
    """
    ragged = layer.ragged
    if ragged is None:
        raise ValueError(f"layer {layer.name!r} has no features")
    shape = shapely.make_valid(shapely.polygons(corners))
    west, south, east, north = (float(value) for value in shapely.bounds(shape))
    parts = ragged.query((west, south, east, north))
    shapely.prepare(shape)
    pieces = _geometries(ragged, parts)
    hit = shapely.contains(shape, pieces) if wholly else shapely.intersects(shape, pieces)
    caught = np.bincount(ragged.part_feature[parts[hit]], minlength=ragged.features)
    if not wholly:
        return np.asarray(caught > 0)
    return np.asarray((caught > 0) & (caught == np.bincount(ragged.part_feature, minlength=ragged.features)))


def _geometries(ragged: Ragged, parts: NDArray[np.int64]) -> NDArray[Any]:
    """Some parts as shapely geometries, all at once."""
    rings = _runs(ragged.part_offsets[parts], ragged.part_offsets[parts + 1])
    corners = _runs(ragged.ring_offsets[rings], ragged.ring_offsets[rings + 1])
    ring_offsets = _offsets(ragged.ring_offsets[rings + 1] - ragged.ring_offsets[rings])
    part_offsets = _offsets(ragged.part_offsets[parts + 1] - ragged.part_offsets[parts])
    kinds = shapely.GeometryType
    if ragged.kind is Kind.POINT:
        return np.asarray(shapely.points(ragged.xy[corners]))
    if ragged.kind is Kind.LINE:
        return np.asarray(shapely.from_ragged_array(kinds.LINESTRING, ragged.xy[corners], (ring_offsets,)))
    offsets = (ring_offsets, part_offsets)
    return np.asarray(shapely.from_ragged_array(kinds.POLYGON, ragged.xy[corners], offsets))


def _runs(starts: NDArray[np.int64], stops: NDArray[np.int64]) -> NDArray[np.int64]:
    """All numbers from each start up to its stop, one run after another."""
    lengths = stops - starts
    begins = np.repeat(starts - _offsets(lengths)[:-1], lengths)
    return begins + np.arange(int(lengths.sum()))


def _offsets(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _take_pen(painter: QPainter) -> None:
    accent = QColor(LIGHT["accent"])
    painter.setPen(QPen(accent, 1.5))
    accent.setAlpha(30)
    painter.setBrush(accent)
