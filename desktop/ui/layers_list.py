"""The list of layers: a checkbox, the title and the number of features of each; dragged into another order."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from cartography.layers import StyledLayer
from core.texts import text
from core.units import count
from desktop.ui import theme

NAME, COUNT, SHOWN = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
ROW_PX = 30
BOX_PX = 15
AnyIndex = QModelIndex | QPersistentModelIndex


class LayersList(QListWidget):
    """All layers of the map, the uppermost first. Those never switched on are folded away until asked for.

    Signals
    -------
    shown_changed(str, bool)
        A layer was switched on or off.
    activated_layer(str)
        Another layer was chosen.
    reordered(list)
        Names in their new order, from below to above.
    """

    shown_changed = Signal(str, bool)
    activated_layer = Signal(str)
    reordered = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "layers")
        self.setItemDelegate(_Row(self))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSpacing(0)
        self.setMouseTracking(True)
        self.setAccessibleName(text("Layers"))
        self.unfolded = False
        self._used: set[str] = set()  # layers that were switched on at some time
        self._filling = False
        self.currentItemChanged.connect(self._activate)
        self.model().rowsMoved.connect(self._moved)

    def show_layers(self, layers: tuple[StyledLayer, ...], active: str) -> None:
        """List the layers, or bring the list up to date."""
        self._filling = True
        names = [layer.name for layer in reversed(layers)]
        if names != self._names():
            self.clear()
            for layer in reversed(layers):
                item = QListWidgetItem()
                item.setData(NAME, layer.name)
                item.setSizeHint(QSize(100, ROW_PX))
                self.addItem(item)
        for number, layer in enumerate(reversed(layers)):
            item = self.item(number)
            item.setText(layer.title)
            item.setToolTip(layer.title)
            item.setData(SHOWN, layer.visible)
            item.setData(COUNT, "" if layer.ragged is None else count(layer.ragged.features))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, layer.title)
            if layer.visible or layer.name == active or layer.name.endswith("kwh_per_m2"):
                self._used.add(layer.name)
            item.setHidden(not self.unfolded and layer.name not in self._used)
            if layer.name == active:
                self.setCurrentItem(item)
        self._filling = False

    @property
    def folded(self) -> int:
        """How many layers wait out of sight."""
        return sum(1 for number in range(self.count()) if self.item(number).isHidden())

    def height_of_rows(self) -> int:
        """Height that shows every row in sight."""
        return (self.count() - self.folded) * ROW_PX + 4

    def toggle(self, item: QListWidgetItem) -> None:
        """Switch a layer on or off."""
        self.shown_changed.emit(item.data(NAME), not item.data(SHOWN))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space switches the layer; Ctrl with arrows moves it."""
        item, step = self.currentItem(), {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if item is not None and event.key() == Qt.Key.Key_Space:
            self.toggle(item)
        elif item is not None and step and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._move(self.row(item), step)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on the box switches the layer without choosing it."""
        item = self.itemAt(event.position().toPoint())
        if item is not None and event.position().x() < 32:
            self.toggle(item)
            return
        super().mousePressEvent(event)

    def _move(self, row: int, step: int) -> None:
        names = self._names()
        if 0 <= row + step < len(names):
            names[row], names[row + step] = names[row + step], names[row]
            self.reordered.emit(names[::-1])

    def _names(self) -> list[str]:
        return [str(self.item(number).data(NAME)) for number in range(self.count())]

    def _activate(self, item: QListWidgetItem | None) -> None:
        if item is not None and not self._filling:
            self.activated_layer.emit(str(item.data(NAME)))

    def _moved(self) -> None:
        if not self._filling:
            self.reordered.emit(self._names()[::-1])


class _Row(QStyledItemDelegate):
    """Paints a row: box, title, number."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """All rows are of one height."""
        return QSize(100, ROW_PX)

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
        shown = bool(index.data(SHOWN))
        box = QRectF(rect.left() + 9, rect.center().y() - BOX_PX / 2 + 0.5, BOX_PX, BOX_PX)
        painter.setPen(QPen(QColor(colours["accent" if shown else "muted"]), 1))
        painter.setBrush(QColor(colours["accent_soft" if shown else "panel"]))
        painter.drawRoundedRect(box, 4, 4)
        if shown:
            tick = QPainterPath()
            tick.moveTo(box.left() + 3.5, box.top() + 7.5)
            tick.lineTo(box.left() + 6.5, box.top() + 10.5)
            tick.lineTo(box.left() + 11.5, box.top() + 4.5)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours["accent"]), 1.6))
            painter.drawPath(tick)
        number = str(index.data(COUNT) or "")
        room = painter.fontMetrics().horizontalAdvance(number) + 12 if number else 8
        words = QRect(rect.left() + 33, rect.top(), rect.width() - 33 - room, rect.height())
        painter.setPen(QColor(colours["ink"]))
        title = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, title)
        painter.setPen(QColor(colours["muted"]))
        painter.setFont(theme.body_font(12))
        place = QRect(rect.right() - room - 8, rect.top(), room, rect.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number)
        painter.restore()
