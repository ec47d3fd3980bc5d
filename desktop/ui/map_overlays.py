"""What is painted over the map in each frame: scale bar, north arrow, outlines, notes. Few primitives, no state."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from cartography.layers import StyledLayer
from cartography.ragged import Kind
from cartography.view import View
from core.look import LIGHT
from core.units import NO_BREAK_SPACE, count, figure, quantity
from desktop.ui import theme

CARD_MARGIN, CARD_PADDING, CARD_HEIGHT, RADIUS = 12.0, 12.0, 32.0, 8.0
LONGEST_BAR_PX = 130.0
MOST_PARTS, MOST_VERTICES = 40, 4_000  # of outlines painted here; more are left to the shading
RIM = QColor(31, 42, 46, 26)
Colours = Mapping[str, str]  # of the look, by name; those of the window where none are given


def card(painter: QPainter, box: QRectF, colours: Colours | None = None) -> None:
    """A card with round corners and a soft rim, in the colours of the window; the map itself is always light."""
    painter.setPen(QPen(RIM, 1))
    painter.setBrush(QColor((colours or theme.tokens())["panel"]))
    painter.drawRoundedRect(box, RADIUS, RADIUS)


def round_length(longest_m: float) -> float:
    """The longest of 1, 2, 5 times a power of ten that is not longer than given. [m]"""
    power = 10.0 ** math.floor(math.log10(longest_m))
    return next(step * power for step in (5.0, 2.0, 1.0) if step * power <= longest_m * (1 + 1e-9))


def scale_said(view: View) -> str:
    """The numeric scale of a view on a screen, as 1:5 000, to two significant figures."""
    power = 10.0 ** (math.floor(math.log10(max(view.scale_number, 1.0))) - 1)
    return f"1:{count(round(view.scale_number / power) * power)}"


def length_said(length_m: float) -> str:
    """A length in m or, from a kilometre on, in km."""
    if length_m < 1000:
        return quantity(length_m, "m")
    return f"{figure(length_m / 1000)}{NO_BREAK_SPACE}km"


def bar_said(length_m: float) -> str:
    """The length of the scale bar, a round number without decimals that say nothing."""
    unit, shown = ("km", length_m / 1000) if length_m >= 1000 else ("m", length_m)
    return f"{shown:g}{NO_BREAK_SPACE}{unit}"


def paint_scale_bar(
    painter: QPainter,
    view: View,
    height: float,
    notes: Sequence[str] = (),
    colours: Colours | None = None,
) -> QRectF:
    """The scale bar with the numeric scale on a card at the lower left, and notes on cards beside it."""
    colours = colours or theme.tokens()
    metrics = QFontMetricsF(painter.font())
    length_m = round_length(LONGEST_BAR_PX * view.m_per_px)
    bar = length_m / view.m_per_px
    said, scale = bar_said(length_m), scale_said(view)
    width = bar + metrics.horizontalAdvance(said) + metrics.horizontalAdvance(scale) + 2 * CARD_PADDING + 22
    box = QRectF(CARD_MARGIN, height - CARD_MARGIN - CARD_HEIGHT, width, CARD_HEIGHT)
    card(painter, box, colours)
    painter.setPen(QPen(QColor(colours["ink"]), 1.5))
    left, line = box.left() + CARD_PADDING, box.center().y() + 4
    painter.drawPolyline(
        [
            QPointF(left, line - 7),
            QPointF(left, line),
            QPointF(left + bar, line),
            QPointF(left + bar, line - 7),
        ]
    )
    painter.drawLine(QPointF(left + bar / 2, line - 4), QPointF(left + bar / 2, line))
    words = QRectF(left + bar + 8, box.top(), width, CARD_HEIGHT)
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, said)
    words.translate(metrics.horizontalAdvance(said) + 14, 0)
    painter.setPen(QColor(colours["muted"]))
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, scale)
    place = box
    for note in notes:
        place = QRectF(
            place.right() + 8, box.top(), metrics.horizontalAdvance(note) + 2 * CARD_PADDING, CARD_HEIGHT
        )
        card(painter, place, colours)
        painter.setPen(QColor(colours["muted"]))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, note)
    return box


def paint_north_arrow(painter: QPainter, width: float, colours: Colours | None = None) -> None:
    """A slim arrow to grid north at the upper right."""
    colours = colours or theme.tokens()
    middle, top = width - CARD_MARGIN - 16, CARD_MARGIN + 2
    circle = QRectF(middle - 16, top, 32, 44)
    card(painter, circle, colours)
    painter.setPen(Qt.PenStyle.NoPen)
    tip, foot, waist = top + 17, top + 38, top + 33
    painter.setBrush(QColor(colours["ink"]))
    painter.drawPolygon(QPolygonF([QPointF(middle, tip), QPointF(middle - 6, foot), QPointF(middle, waist)]))
    painter.setBrush(QColor(colours["line"]).darker(115))
    painter.drawPolygon(QPolygonF([QPointF(middle, tip), QPointF(middle + 6, foot), QPointF(middle, waist)]))
    font = painter.font()
    small = painter.font()
    small.setPixelSize(11)
    painter.setFont(small)
    painter.setPen(QColor(colours["ink"]))
    painter.drawText(QRectF(middle - 16, top + 2, 32, 14), Qt.AlignmentFlag.AlignCenter, "N")
    painter.setFont(font)


def paint_message(painter: QPainter, width: float, words: str) -> None:
    """A short message on a card at the top."""
    metrics = QFontMetricsF(painter.font())
    wide = min(width - 2 * CARD_MARGIN, metrics.horizontalAdvance(words) + 2 * CARD_PADDING)
    box = QRectF((width - wide) / 2, CARD_MARGIN, wide, 34)
    card(painter, box)
    painter.setPen(QColor(theme.tokens()["ink"]))
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, wide - CARD_PADDING)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)


def paint_label(painter: QPainter, place: QPointF, words: str) -> None:
    """A few words on a card beside a place of the map, e.g. a length at the cursor."""
    metrics = QFontMetricsF(painter.font())
    box = QRectF(place.x() + 12, place.y() - 30, metrics.horizontalAdvance(words) + 16, 24)
    card(painter, box)
    painter.setPen(QColor(theme.tokens()["ink"]))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def paint_mark(painter: QPainter, place: QPointF) -> None:
    """A ring with a cross at a place that was gone to."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(255, 255, 255, 220), 5.0), (QColor(LIGHT["bad"]), 2.0)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(place, 9.0, 9.0)
        painter.drawLine(place - QPointF(15, 0), place + QPointF(15, 0))
        painter.drawLine(place - QPointF(0, 15), place + QPointF(0, 15))


def paint_box(painter: QPainter, box: QRectF, *, dashed: bool = False) -> None:
    """A rubber band."""
    accent = QColor(LIGHT["accent"])
    painter.setPen(QPen(accent, 1.5, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
    accent.setAlpha(30)
    painter.setBrush(accent)
    painter.drawRect(box)


def outline_path(layer: StyledLayer, rows: NDArray[np.int64], view: View) -> QPainterPath | None:
    """Outlines of some features in the pixels of a view; None where there are too many to paint them here."""
    ragged = layer.ragged
    path = QPainterPath()
    if ragged is None or not len(rows):
        return path
    parts = ragged.parts_of(rows)
    west, south, east, north = view.bounds
    box = ragged.bounds[parts]
    meets = (box[:, 0] <= east) & (box[:, 2] >= west) & (box[:, 1] <= north) & (box[:, 3] >= south)
    parts = parts[meets]
    first, last = ragged.part_offsets[parts], ragged.part_offsets[parts + 1]
    vertices = int((ragged.ring_offsets[last] - ragged.ring_offsets[first]).sum())
    if len(parts) > MOST_PARTS or vertices > MOST_VERTICES:
        return None
    for part in parts:
        for ring in ragged.rings(int(part)):
            places = (ring - (view.west, view.north)) / (view.m_per_px, -view.m_per_px)
            if ragged.kind is Kind.POINT:
                radius = layer.point_px / 2 + 1
                path.addEllipse(QPointF(*places[0].tolist()), radius, radius)
            else:
                path.addPolygon(QPolygonF([QPointF(x, y) for x, y in places.tolist()]))
    return path


def paint_outlines(painter: QPainter, path: QPainterPath, *, strong: bool = False) -> None:
    """Outlines of selected or flashing features: the accent over a white rim, so that they show on any colour."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    join = Qt.PenJoinStyle.RoundJoin
    cap, style = Qt.PenCapStyle.RoundCap, Qt.PenStyle.SolidLine
    painter.setPen(QPen(QColor(255, 255, 255, 200), 7 if strong else 4.5, style, cap, join))
    painter.drawPath(path)
    painter.setPen(QPen(QColor(LIGHT["accent"]), 4 if strong else 2.5, style, cap, join))
    painter.drawPath(path)
