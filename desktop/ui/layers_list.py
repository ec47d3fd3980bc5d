"""The list of layers in groups: a checkbox, the title and the number of features of each; dragged into another order."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen
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
GROUP = Qt.ItemDataRole.UserRole + 3  # of heads; layers have none
FILTERED = Qt.ItemDataRole.UserRole + 4
ROW_PX = 30
HEAD_PX = 26
BOX_PX = 15
FUNNEL_PX = 14
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
    group_moved(str, int)
        A group is to stand one place higher (1) or lower (-1).
    opened_changed()
        A group was opened or closed.
    menu_asked(str, QPoint)
        What can be done with a layer is asked for: its name, and the place on the screen.
    """

    shown_changed = Signal(str, bool)
    activated_layer = Signal(str)
    reordered = Signal(list)
    group_moved = Signal(str, int)
    opened_changed = Signal()
    menu_asked = Signal(str, QPoint)

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
        self._groups: Mapping[str, str] = {}
        self._filters: Mapping[str, str] = {}
        self.closed: set[str] = set()  # groups of which the head alone is seen
        self._filling = False
        self.currentItemChanged.connect(self._activate)
        self.model().rowsMoved.connect(self._moved)

    def show_layers(
        self,
        layers: tuple[StyledLayer, ...],
        active: str,
        groups: Mapping[str, str] | None = None,
        titles: Mapping[str, str] | None = None,
        filters: Mapping[str, str] | None = None,
    ) -> None:
        """List the layers, or bring the list up to date.

        Parameters
        ----------
        groups : Mapping of layer name to group
            Layers of one group must stand beside each other; without it there are no heads.
        titles : Mapping of group to words
            What the heads say.
        filters : Mapping of layer name to condition
            Those of which only some features are shown.
        """
        self._filling = True
        self._filters = filters or {}
        self._groups = groups or {}
        known = {layer.name: layer for layer in layers}
        wanted = self._rows_for([layer.name for layer in reversed(layers)])
        if wanted != self._rows():
            self.clear()
            for group, name in wanted:
                item = QListWidgetItem()
                item.setData(NAME, name)
                item.setData(GROUP, group)
                item.setSizeHint(QSize(100, HEAD_PX if group else ROW_PX))
                if group:
                    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDragEnabled)
                self.addItem(item)
        for number, (_group, name) in enumerate(wanted):
            if name:
                self._fill(self.item(number), known[name], active)
        for number, (group, _name) in enumerate(wanted):
            if group:
                self._fill_head(self.item(number), group, (titles or {}).get(group, group), known)
        self._filling = False

    def _fill(self, item: QListWidgetItem, layer: StyledLayer, active: str) -> None:
        item.setText(layer.title)
        item.setData(SHOWN, layer.visible)
        number = "" if layer.ragged is None else count(layer.ragged.features)
        words, said = self._filters.get(layer.name, ""), layer.title
        if words and layer.shown is not None:
            number = f"{count(int(layer.shown.sum()))} / {number}"
            said = f"{layer.title} · {text('Filter: {words}', words=words)}"
        item.setData(COUNT, number)
        item.setData(FILTERED, bool(words))
        item.setToolTip(said)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
        if layer.visible or layer.name == active or layer.name.endswith("kwh_per_m2"):
            self._used.add(layer.name)
        item.setHidden(self._is_folded(layer.name) or self._groups.get(layer.name) in self.closed)
        now = self.currentItem()
        if layer.name == active and not (now is not None and now.data(GROUP)):  # a head keeps the keys
            self.setCurrentItem(item)

    def _fill_head(
        self, item: QListWidgetItem, group: str, title: str, known: Mapping[str, StyledLayer]
    ) -> None:
        members = [name for name in known if self._groups.get(name) == group]
        item.setText(title)
        item.setData(SHOWN, any(known[name].visible for name in members))
        item.setData(COUNT, "▸" if group in self.closed else "▾")
        state = text("folded") if group in self.closed else text("unfolded")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title}, {state}")
        item.setToolTip(text("Press to open or close the group; the box switches all its layers"))
        item.setHidden(all(self._is_folded(name) for name in members))

    def _is_folded(self, name: str) -> bool:
        return not self.unfolded and name not in self._used

    def _rows_for(self, names: list[str]) -> list[tuple[str, str]]:
        """Heads and layers as they are to stand: pairs of group and name, one of them empty."""
        rows: list[tuple[str, str]] = []
        before = ""
        for name in names:
            group = self._groups.get(name, "")
            if group and group != before:
                rows.append((group, ""))
            rows.append(("", name))
            before = group
        return rows

    def _rows(self) -> list[tuple[str, str]]:
        items = [self.item(number) for number in range(self.count())]
        return [(str(item.data(GROUP) or ""), str(item.data(NAME))) for item in items]

    @property
    def folded(self) -> int:
        """How many layers wait out of sight."""
        return sum(1 for name in self._names() if self._is_folded(name))

    def height_of_rows(self) -> int:
        """Height that shows every row in sight."""
        seen = [item for n in range(self.count()) if not (item := self.item(n)).isHidden()]
        return sum(item.sizeHint().height() for item in seen) + 4

    def toggle(self, item: QListWidgetItem) -> None:
        """Switch a layer, or all layers of a group that were used, on or off."""
        group = item.data(GROUP)
        if group:
            for name in [one for one in self._names() if self._groups.get(one) == group]:
                if not self._is_folded(name):
                    self.shown_changed.emit(name, not item.data(SHOWN))
            return
        self.shown_changed.emit(item.data(NAME), not item.data(SHOWN))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space switches the layer or group; Ctrl with arrows moves it; arrows across open and close a group."""
        item, step = self.currentItem(), {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if item is not None and event.key() == Qt.Key.Key_Space:
            self.toggle(item)
        elif item is not None and step and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if item.data(GROUP):
                self.group_moved.emit(item.data(GROUP), -step)
            else:
                self._move(str(item.data(NAME)), step)
        elif (
            item is not None
            and item.data(GROUP)
            and Qt.Key(event.key()) in (Qt.Key.Key_Left, Qt.Key.Key_Right)
        ):
            self.open_group(item.data(GROUP), opened=event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on the box switches the layer without choosing it."""
        if event.button() is Qt.MouseButton.RightButton:
            return  # what follows asks for the menu
        item = self.itemAt(event.position().toPoint())
        if item is not None and event.position().x() < 32:
            self.toggle(item)
            return
        if item is not None and item.data(GROUP):
            self.open_group(item.data(GROUP), opened=item.data(GROUP) in self.closed)
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Right button or menu key: what can be done with the layer."""
        keys = event.reason() is QContextMenuEvent.Reason.Keyboard
        item = self.currentItem() if keys else self.itemAt(event.pos())
        if item is None or not item.data(NAME):
            return
        place = self.visualItemRect(item).center() if keys else event.pos()
        self.setCurrentItem(item)
        self.menu_asked.emit(str(item.data(NAME)), self.viewport().mapToGlobal(place))

    def open_group(self, group: str, *, opened: bool) -> None:
        """Show or hide the layers of a group in the list; the map stays as it is."""
        (self.closed.discard if opened else self.closed.add)(group)
        self.opened_changed.emit()

    def _move(self, name: str, step: int) -> None:
        names = self._names()
        row = names.index(name)
        if 0 <= row + step < len(names) and self._groups.get(names[row + step]) == self._groups.get(name):
            names[row], names[row + step] = names[row + step], names[row]
            self.reordered.emit(names[::-1])

    def _names(self) -> list[str]:
        return [name for _group, name in self._rows() if name]

    def _activate(self, item: QListWidgetItem | None) -> None:
        if item is not None and not self._filling and item.data(NAME):
            self.activated_layer.emit(str(item.data(NAME)))

    def _moved(self) -> None:
        if not self._filling:
            self.reordered.emit(self._names()[::-1])


class _Row(QStyledItemDelegate):
    """Paints a row: box, title, number."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Heads are lower than layers."""
        return QSize(100, HEAD_PX if index.data(GROUP) else ROW_PX)

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
        head = bool(index.data(GROUP))
        number = str(index.data(COUNT) or "")
        room = painter.fontMetrics().horizontalAdvance(number) + 12 if number else 8
        if index.data(FILTERED):
            room += FUNNEL_PX
            side = QRect(rect.right() - room, rect.center().y() - FUNNEL_PX // 2, FUNNEL_PX, FUNNEL_PX)
            theme.icon("ph.funnel", "accent").paint(painter, side)
        words = QRect(rect.left() + 33, rect.top(), rect.width() - 33 - room, rect.height())
        painter.setPen(QColor(colours["muted" if head else "ink"]))
        if head:
            font = theme.body_font(12)
            font.setBold(True)
            painter.setFont(font)
        title = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, title)
        painter.setPen(QColor(colours["muted"]))
        painter.setFont(theme.body_font(12))
        place = QRect(rect.right() - room - 8, rect.top(), room, rect.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number)
        painter.restore()
