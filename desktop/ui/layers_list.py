"""The list of layers in groups: box, title and number of features of each, its classes below; dragged into another order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem

from cartography.classes import LegendEntry
from cartography.layers import StyledLayer
from core.texts import text
from core.units import count
from desktop.ui.layer_rows import (
    CLASS,
    CLASS_LEFT_PX,
    CLASS_PX,
    COUNT,
    FILTERED,
    FOLD,
    FOLD_PX,
    GROUP,
    HEAD_PX,
    NAME,
    ROW_PX,
    SHOWN,
    SMALL_BOX_PX,
    SWATCH,
    SWITCHED,
    LayerRow,
)

Legends = Mapping[str, Sequence[LegendEntry]]  # classes by the name of their layer


class LayersList(QListWidget):
    """All layers of the map, the uppermost first. Those never switched on are folded away until asked for.

    Signals
    -------
    shown_changed(str, bool)
        A layer was switched on or off.
    classes_changed(str, frozenset)
        Classes of a layer that are switched off now.
    activated_layer(str)
        Another layer was chosen.
    reordered(list)
        Names in their new order, from below to above.
    group_moved(str, int)
        A group is to stand one place higher (1) or lower (-1).
    opened_changed()
        A group, or the classes of a layer, were opened or closed.
    menu_asked(str, QPoint)
        What can be done with a layer is asked for: its name, and the place on the screen.
    """

    shown_changed = Signal(str, bool)
    classes_changed = Signal(str, frozenset)
    activated_layer = Signal(str)
    reordered = Signal(list)
    group_moved = Signal(str, int)
    opened_changed = Signal()
    menu_asked = Signal(str, QPoint)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "layers")
        self.setItemDelegate(LayerRow(self))
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
        self.folds: dict[str, bool] = {}  # layers whose classes somebody opened (True) or closed
        self._legends: Legends = {}
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
        legends: Legends | None = None,
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
        legends : Mapping of layer name to classes
            Those that have classes; of layers whose classes are folded they may be left empty.
        """
        self._filling = True
        self._filters = filters or {}
        self._groups = groups or {}
        self._legends = legends or {}
        known = {layer.name: layer for layer in layers}
        wanted = self._rows_for([layer.name for layer in reversed(layers)])
        if wanted != self._rows():
            before = self._current()
            self.clear()
            for group, name, number in wanted:
                item = QListWidgetItem()
                item.setData(NAME, name)
                item.setData(GROUP, group)
                item.setData(CLASS, number)
                high = HEAD_PX if group else ROW_PX if number is None else CLASS_PX
                item.setSizeHint(QSize(100, high))
                if group or number is not None:
                    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDragEnabled)
                self.addItem(item)
            if before in wanted:  # who goes through the rows by keys stays where he is
                self.setCurrentRow(wanted.index(before))
        for row, (_group, name, number) in enumerate(wanted):
            if name and number is None:
                self._fill(self.item(row), known[name], active)
            elif name:
                self._fill_class(self.item(row), known[name], self._entry(name, number))
        for row, (group, _name, _number) in enumerate(wanted):
            if group:
                self._fill_head(self.item(row), group, (titles or {}).get(group, group), known)
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
        item.setData(FOLD, self.is_open(layer.name) if layer.name in self._legends else None)
        item.setHidden(self._is_folded(layer.name) or self._groups.get(layer.name) in self.closed)
        now = self.currentItem()
        kept = now is not None and (
            now.data(GROUP) or (now.data(CLASS) is not None and now.data(NAME) == active)
        )
        if layer.name == active and not kept:  # a head or a class of it keeps the keys
            self.setCurrentItem(item)

    def _fill_class(self, item: QListWidgetItem, layer: StyledLayer, entry: LegendEntry) -> None:
        shown = entry.number not in layer.hidden_classes
        item.setText(entry.label)
        item.setData(SHOWN, shown)
        item.setData(SWITCHED, can_hide(layer))
        item.setData(SWATCH, (entry.colour, entry.hatch, entry.outline))
        item.setData(COUNT, count(entry.features) if layer.raster is None else "")
        state = text("shown") if shown else text("hidden")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.label}, {state}")
        item.setToolTip(text("Show or hide this class") if can_hide(layer) else entry.label)
        item.setHidden(self._is_folded(layer.name) or self._groups.get(layer.name) in self.closed)

    def _entry(self, name: str, number: int | None) -> LegendEntry:
        return next(one for one in self._legends[name] if one.number == number)

    def is_open(self, name: str) -> bool:
        """Whether the classes of a layer are in sight: those of a layer on the map, unless somebody folded them."""
        return self.folds.get(name, name in self._legends)

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

    def _rows_for(self, names: list[str]) -> list[tuple[str, str, int | None]]:
        """Heads, layers and classes as they are to stand: group and name, one of them empty, and number of the class."""
        rows: list[tuple[str, str, int | None]] = []
        before = ""
        for name in names:
            group = self._groups.get(name, "")
            if group and group != before:
                rows.append((group, "", None))
            rows.append(("", name, None))
            if self.is_open(name):
                rows += [("", name, entry.number) for entry in self._legends.get(name, ())]
            before = group
        return rows

    def _rows(self) -> list[tuple[str, str, int | None]]:
        return [_row_of(self.item(number)) for number in range(self.count())]

    def _current(self) -> tuple[str, str, int | None]:
        item = self.currentItem()
        return ("", "", None) if item is None else _row_of(item)

    @property
    def folded(self) -> int:
        """How many layers wait out of sight."""
        return sum(1 for name in self._names() if self._is_folded(name))

    def height_of_rows(self) -> int:
        """Height that shows every row in sight."""
        seen = [item for n in range(self.count()) if not (item := self.item(n)).isHidden()]
        return sum(item.sizeHint().height() for item in seen) + 4

    def toggle(self, item: QListWidgetItem) -> None:
        """Switch a class, a layer, or all layers of a group that were used, on or off."""
        group, name = item.data(GROUP), str(item.data(NAME))
        if item.data(CLASS) is not None:
            if item.data(SWITCHED):
                rows = [one for one in map(self.item, range(self.count())) if one.data(CLASS) is not None]
                mine = [one for one in rows if one.data(NAME) == name]
                off = {one.data(CLASS) for one in mine if not one.data(SHOWN)} ^ {item.data(CLASS)}
                self.classes_changed.emit(name, frozenset(off))
            return
        if group:
            for name in [one for one in self._names() if self._groups.get(one) == group]:
                if not self._is_folded(name):
                    self.shown_changed.emit(name, not item.data(SHOWN))
            return
        self.shown_changed.emit(item.data(NAME), not item.data(SHOWN))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space switches the row; Ctrl with arrows moves a layer or group; arrows across open and close what is below."""
        item, step = self.currentItem(), {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if item is not None and event.key() == Qt.Key.Key_Space:
            self.toggle(item)
        elif item is not None and step and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if item.data(GROUP):
                self.group_moved.emit(item.data(GROUP), -step)
            else:
                self._move(str(item.data(NAME)), step)
        elif item is not None and Qt.Key(event.key()) in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            opened = event.key() == Qt.Key.Key_Right
            if item.data(GROUP):
                self.open_group(item.data(GROUP), opened=opened)
            else:
                self.open_classes(str(item.data(NAME)), opened=opened)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on the box switches the layer without choosing it."""
        if event.button() is Qt.MouseButton.RightButton:
            return  # what follows asks for the menu
        item = self.itemAt(event.position().toPoint())
        x = event.position().x()
        ends = CLASS_LEFT_PX + SMALL_BOX_PX + 6 if item is not None and item.data(CLASS) is not None else 32
        if item is not None and x < ends:
            self.toggle(item)
            return
        if item is not None and item.data(FOLD) is not None and x > self.viewport().width() - FOLD_PX - 4:
            self.open_classes(str(item.data(NAME)), opened=not item.data(FOLD))
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

    def open_classes(self, name: str, *, opened: bool) -> None:
        """Show or hide the classes of a layer in the list; the map stays as it is."""
        if name in self._legends and self.is_open(name) != opened:
            self.folds[name] = opened
            self.opened_changed.emit()

    def _move(self, name: str, step: int) -> None:
        names = self._names()
        row = names.index(name)
        if 0 <= row + step < len(names) and self._groups.get(names[row + step]) == self._groups.get(name):
            names[row], names[row + step] = names[row + step], names[row]
            self.reordered.emit(names[::-1])

    def _names(self) -> list[str]:
        return [name for _group, name, number in self._rows() if name and number is None]

    def _activate(self, item: QListWidgetItem | None) -> None:
        if item is not None and not self._filling and item.data(NAME):
            self.activated_layer.emit(str(item.data(NAME)))

    def _moved(self) -> None:
        if not self._filling:
            self.reordered.emit(self._names()[::-1])


def _row_of(item: QListWidgetItem) -> tuple[str, str, int | None]:
    number = item.data(CLASS)
    return str(item.data(GROUP) or ""), str(item.data(NAME)), None if number is None else int(number)


def can_hide(layer: StyledLayer) -> bool:
    """Whether classes of a layer can be switched off: those of features, not steps along a ramp."""
    return layer.raster is None and layer.classes is not None and layer.classes.method != "continuous"
