"""How shapes under the hand are painted: what was changed, what was given, corners, lines, and what is wrong where."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import shapely
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from cartography.snapping import Onto
from cartography.view import View
from core.look import LIGHT, MAP_PARCEL
from core.texts import text
from desktop.ui.map_overlays import length_said, paint_label
from desktop.ui.map_tools import area_said
from layers.shapes import Outline, area_of

if TYPE_CHECKING:
    from desktop.ui.shape_editor import ShapeEditor

HANDLE_PX = 7.0
MOST_SHAPES, MOST_CORNERS = 400, 1_500  # painted at once; where more are in view the scale is too coarse
LABELLED_PX = 60.0  # a shape narrower than this bears no id


def paint_all(painter: QPainter, editor: ShapeEditor) -> None:
    """Everything that is edited, and what was edited before and is not computed with yet."""
    view = editor.canvas.view
    for table, shapes in editor.pending.items():
        _paint_changed(painter, view, table, shapes)
    for table, edited in editor.edited.items():
        given = editor.given.get(table, {})
        _paint_given(painter, view, {row: given[row] for row in edited.rows if row in given})
    if not editor.active:
        return
    _paint_chosen(painter, editor)
    if editor.outline is not None:
        _paint_handles(painter, editor, editor.outline)
    if editor.line or editor.cursor:
        _paint_line(painter, editor)
    _paint_snap(painter, editor)
    _paint_fault(painter, editor)


def path_of(shape: Any, view: View) -> QPainterPath:
    """A shape in the pixels of a view."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon" and not part.is_empty:
            for ring in (part.exterior, *part.interiors):
                places = shapely.get_coordinates(ring)
                path.addPolygon(QPolygonF([QPointF(*view.to_px(x, y)) for x, y in places.tolist()]))
    return path


def _in_view(shapes: dict[str, Any], view: View) -> dict[str, Any]:
    west, south, east, north = view.bounds
    found = {}
    for row, shape in shapes.items():
        if shape is None:
            continue
        left, low, right, high = shape.bounds
        if left <= east and right >= west and low <= north and high >= south:
            found[row] = shape
    return found if len(found) <= MOST_SHAPES else {}


def _paint_changed(painter: QPainter, view: View, table: str, shapes: dict[str, Any]) -> None:
    """Shapes as they are now, in the colour of their layer under a rim of the accent."""
    ground = QColor(LIGHT["bad"] if table == "protection_zone" else MAP_PARCEL)
    ground.setAlpha(46)  # buildings lie below and stay in sight
    ink = QColor(LIGHT["bad" if table == "protection_zone" else "accent"])
    for row, shape in _in_view(shapes, view).items():
        painter.setPen(QPen(ink, 1.6))
        painter.setBrush(ground)
        painter.drawPath(path_of(shape, view))
        if (shape.bounds[2] - shape.bounds[0]) / view.m_per_px >= LABELLED_PX:
            place = shapely.point_on_surface(shape)
            spot = QPointF(*view.to_px(place.x, place.y))
            painter.setPen(QColor(LIGHT["muted"]))
            painter.drawText(QRectF(spot.x() - 80, spot.y() - 10, 160, 20), Qt.AlignmentFlag.AlignCenter, row)


def _paint_given(painter: QPainter, view: View, shapes: dict[str, Any]) -> None:
    """Shapes as they were given, dashed, below the corrected ones."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(LIGHT["muted"]), 1.2, Qt.PenStyle.DashLine))
    for shape in _in_view(shapes, view).values():
        painter.drawPath(path_of(shape, view))


def _paint_chosen(painter: QPainter, editor: ShapeEditor) -> None:
    view = editor.canvas.view
    accent = QColor(LIGHT["accent"])
    soft = QColor(accent)
    soft.setAlpha(26)
    moved = editor.shifted != (0.0, 0.0)
    for row in editor.chosen[:MOST_SHAPES]:
        if editor.outline is not None:
            path = path_of(editor.outline.shape, view)
        else:
            shape = editor.chosen_shapes.get(row)
            if shape is None:
                continue
            path = path_of(Outline.of(shape).shifted(*editor.shifted).shape if moved else shape, view)
        painter.setBrush(soft)
        painter.setPen(QPen(QColor(255, 255, 255, 200), 4.5))
        painter.drawPath(path)
        painter.setPen(QPen(accent, 2.0))
        painter.drawPath(path)


def _paint_handles(painter: QPainter, editor: ShapeEditor, outline: Outline) -> None:
    """Corners as full squares, middles of edges as hollow ones, the corner of the keys in the accent."""
    view, accent = editor.canvas.view, QColor(LIGHT["accent"])
    corners = outline.corners
    if len(corners) > MOST_CORNERS:
        return
    half = HANDLE_PX / 2
    for corner in corners:
        middle = QPointF(*view.to_px(*outline.middle(corner)))
        painter.setPen(QPen(accent, 1))
        painter.setBrush(QColor(255, 255, 255, 150))
        painter.drawRect(QRectF(middle.x() - half + 1, middle.y() - half + 1, HANDLE_PX - 2, HANDLE_PX - 2))
    for corner in corners:
        place = QPointF(*view.to_px(*outline.place(corner)))
        taken = corner == editor.corner
        painter.setPen(QPen(QColor("#ffffff") if taken else accent, 1.4))
        painter.setBrush(QColor(LIGHT["sun"]) if taken else QColor(LIGHT["panel"]))
        size = HANDLE_PX + 3 if taken else HANDLE_PX
        painter.drawRect(QRectF(place.x() - size / 2, place.y() - size / 2, size, size))


def _paint_line(painter: QPainter, editor: ShapeEditor) -> None:
    """What is drawn so far, up to the mouse, with its size."""
    view, accent = editor.canvas.view, QColor(LIGHT["accent"])
    run = [*editor.line, editor.cursor] if editor.cursor is not None and editor.line else list(editor.line)
    places = [QPointF(*view.to_px(*place)) for place in run]
    if not places:
        return
    area = editor.mode == "draw" and len(run) > 2
    if area:
        soft = QColor(accent)
        soft.setAlpha(34)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(soft)
        painter.drawPolygon(QPolygonF(places))
    style = Qt.PenStyle.SolidLine if editor.mode == "draw" else Qt.PenStyle.DashLine
    painter.setPen(QPen(accent, 2, style))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(places))
    painter.setPen(QPen(accent, 1.4))
    painter.setBrush(QColor(LIGHT["panel"]))
    half = HANDLE_PX / 2
    for place in places[: len(editor.line)]:
        painter.drawRect(QRectF(place.x() - half, place.y() - half, HANDLE_PX, HANDLE_PX))
    if len(run) > 1 and editor.fault is None:
        last = math.dist(run[-2], run[-1])
        words = length_said(last)
        if area:
            words = text("{length} · area {area}", length=words, area=area_said(area_of(run).area))
        paint_label(painter, places[-1], words)


def _paint_snap(painter: QPainter, editor: ShapeEditor) -> None:
    """A ring on the corner, or a cross on the edge, that the mouse has snapped to."""
    snapped = editor.snapped
    if snapped is None:
        return
    place = QPointF(*editor.canvas.view.to_px(snapped.x, snapped.y))
    painter.setPen(QPen(QColor(LIGHT["sun"]), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if snapped.onto is Onto.CORNER:
        painter.drawEllipse(place, 7.0, 7.0)
    else:
        painter.drawLine(place - QPointF(6, 6), place + QPointF(6, 6))
        painter.drawLine(place - QPointF(6, -6), place + QPointF(6, -6))


def _paint_fault(painter: QPainter, editor: ShapeEditor) -> None:
    """What is wrong, at its place."""
    fault = editor.fault
    if fault is None or not math.isfinite(fault.x):
        return
    place = QPointF(*editor.canvas.view.to_px(fault.x, fault.y))
    painter.setPen(QPen(QColor(LIGHT["bad"]), 2.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(place, 9.0, 9.0)
    paint_label(painter, place, text(fault.problem.message))
