"""Rows of the list of layers: how a head, a layer and a class of its legend are painted, and where their boxes are."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.ui import theme
from desktop.ui.legend import rim_pen
from desktop.ui.painting import guarded

NAME, COUNT, SHOWN = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
GROUP = Qt.ItemDataRole.UserRole + 3  # of heads; layers have none
FILTERED = Qt.ItemDataRole.UserRole + 4
CLASS = Qt.ItemDataRole.UserRole + 5  # number of a class; layers and heads have none
SWATCH = Qt.ItemDataRole.UserRole + 6  # colour, hatch and outline of a class
SWITCHED = Qt.ItemDataRole.UserRole + 7  # whether a class can be switched on and off
FOLD = Qt.ItemDataRole.UserRole + 8  # of layers with classes: whether those are in sight
ROW_PX, HEAD_PX, CLASS_PX = 30, 26, 22
BOX_PX, SMALL_BOX_PX = 15, 12
FUNNEL_PX, FOLD_PX = 14, 16
LEFT_PX, CLASS_LEFT_PX = 9, 33  # of the boxes
SWATCH_PX = QSize(18, 12)
AnyIndex = QModelIndex | QPersistentModelIndex


def height_of(index: AnyIndex) -> int:
    """Height of a row. [px]"""
    if index.data(CLASS) is not None:
        return CLASS_PX
    return HEAD_PX if index.data(GROUP) else ROW_PX


class LayerRow(QStyledItemDelegate):
    """Paints a row: box, title, number; of a class also its colour, of a layer also whether its classes are in sight."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Heads are lower than layers, classes lower still."""
        return QSize(100, height_of(index))

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint one row."""
        colours = theme.tokens()
        rect, state = QRect(option.rect), option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours["accent_soft" if chosen else "ground"]))
            painter.drawRoundedRect(QRectF(rect).adjusted(0, 1, 0, -1), 6, 6)
        if index.data(CLASS) is not None:
            _paint_class(painter, rect, index)
        else:
            _paint_layer(painter, rect, index)
        painter.restore()


def _paint_layer(painter: QPainter, rect: QRect, index: AnyIndex) -> None:
    """A layer, or the head of a group."""
    colours = theme.tokens()
    box = QRectF(rect.left() + LEFT_PX, rect.center().y() - BOX_PX / 2 + 0.5, BOX_PX, BOX_PX)
    _box(painter, box, shown=bool(index.data(SHOWN)))
    head, fold = bool(index.data(GROUP)), index.data(FOLD)
    number = str(index.data(COUNT) or "")
    room = painter.fontMetrics().horizontalAdvance(number) + 12 if number else 8
    right = rect.right() - (FOLD_PX if fold is not None else 0)
    if fold is not None:
        painter.setPen(QColor(colours["muted"]))
        place = QRect(right - 2, rect.top(), FOLD_PX, rect.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "▾" if fold else "▸")
    if index.data(FILTERED):
        room += FUNNEL_PX
        side = QRect(right - room, rect.center().y() - FUNNEL_PX // 2, FUNNEL_PX, FUNNEL_PX)
        theme.icon("ph.funnel", "accent").paint(painter, side)
    words = QRect(rect.left() + 33, rect.top(), right - rect.left() - 33 - room, rect.height())
    painter.setPen(QColor(colours["muted" if head else "ink"]))
    if head:
        painter.setFont(theme.body_font(12))  # bold, the dense signs of this size run together
    _words(painter, words, str(index.data()))
    painter.setPen(QColor(colours["muted"]))
    painter.setFont(theme.body_font(12))
    place = QRect(right - room - 8, rect.top(), room, rect.height())
    painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number)


def _paint_class(painter: QPainter, rect: QRect, index: AnyIndex) -> None:
    """A class of a layer: its box where it can be switched, its colour, what it holds, and how many."""
    colours, shown = theme.tokens(), bool(index.data(SHOWN))
    left = rect.left() + CLASS_LEFT_PX
    if index.data(SWITCHED):
        box = QRectF(left, rect.center().y() - SMALL_BOX_PX / 2 + 0.5, SMALL_BOX_PX, SMALL_BOX_PX)
        _box(painter, box, shown=shown)
        left += SMALL_BOX_PX + 8
    painter.setOpacity(1.0 if shown else 0.4)
    colour, hatch, outline = index.data(SWATCH)
    swatch = QRectF(
        left, rect.center().y() - SWATCH_PX.height() / 2 + 0.5, SWATCH_PX.width(), SWATCH_PX.height()
    )
    painter.setPen(rim_pen(outline if shown else None))  # else a class that is off could not be seen
    painter.setBrush(QColor(colour) if shown else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(swatch, 3, 3)
    if hatch and shown:
        painter.setBrush(QBrush(QColor("#ffffff"), Qt.BrushStyle.BDiagPattern))
        painter.drawRoundedRect(swatch, 3, 3)
    painter.setFont(theme.body_font(12))
    number = str(index.data(COUNT) or "")
    room = painter.fontMetrics().horizontalAdvance(number) + 12 if number else 8
    begins = round(swatch.right()) + 8
    painter.setPen(QColor(colours["ink"]))
    _words(painter, QRect(begins, rect.top(), rect.right() - room - begins, rect.height()), str(index.data()))
    painter.setPen(QColor(colours["muted"]))
    place = QRect(rect.right() - room - 8, rect.top(), room, rect.height())
    painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number)


def _words(painter: QPainter, room: QRect, words: str) -> None:
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)


def _box(painter: QPainter, box: QRectF, *, shown: bool) -> None:
    """A box, ticked where what it stands for is on the map."""
    colours = theme.tokens()
    painter.setPen(QPen(QColor(colours["accent" if shown else "muted"]), 1))
    painter.setBrush(QColor(colours["accent_soft" if shown else "panel"]))
    painter.drawRoundedRect(box, 4, 4)
    if not shown:
        return
    size = box.width() / BOX_PX
    tick = QPainterPath()
    tick.moveTo(box.left() + 3.5 * size, box.top() + 7.5 * size)
    tick.lineTo(box.left() + 6.5 * size, box.top() + 10.5 * size)
    tick.lineTo(box.left() + 11.5 * size, box.top() + 4.5 * size)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colours["accent"]), 1.6 * size))
    painter.drawPath(tick)
