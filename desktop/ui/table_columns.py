"""Table columns: as wide as what they hold, those in sight at once and the others in turns, or as a person chose by name."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from desktop.table_looks import TableLook
from desktop.ui.table_model import TableModel

NARROWEST_PX, WIDEST_PX = 72, 240
HEAD_ROOM_PX = 36  # for the padding and the arrow of a sorted column
LOOKED_AT = 40  # rows that decide how wide a column is
TURN_S = 0.012  # of measuring at a stretch


class Heads(QHeaderView):
    """Heads of columns of one height; Qt else asks for the words of hundreds of them whenever one width changes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._size: QSize | None = None
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)

    def sizeHint(self) -> QSize:
        """As Qt finds it, once for every style."""
        if self._size is None or not self.count():
            self._size = super().sizeHint()
        return self._size

    def changeEvent(self, event: QEvent) -> None:
        """Another style or font: another height."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._size = None


class TableColumns(QObject):
    """Widths, order and choice of the columns of a table.

    Signals
    -------
    changed(TableLook)
        A person hid, showed, moved or widened a column.
    """

    changed = Signal(object)

    def __init__(self, view: QTableView, model: TableModel) -> None:
        super().__init__(view)
        self._view, self._table = view, model
        self._look = TableLook()
        self._open: list[int] = []  # columns still to be measured, from left to right
        self._own = False  # whether what changes is of the program's doing
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._go_on)
        self._told = QTimer(self)
        self._told.setSingleShot(True)
        self._told.timeout.connect(self._tell)
        heads = view.horizontalHeader()
        heads.sectionResized.connect(self._resized)
        heads.sectionMoved.connect(self._moved)
        view.horizontalScrollBar().valueChanged.connect(lambda _: self.fit_seen())

    @property
    def measuring(self) -> bool:
        """Whether the widths of some columns are still to come."""
        return bool(self._open)

    def show(self, look: TableLook) -> None:
        """Take over what a person chose for the table that is shown now."""
        self._look = look
        self._told.stop()
        view, heads = self._view, self._view.horizontalHeader()
        names = self._names()
        self._own = True
        try:
            numbers = {name: number for number, name in enumerate(names)}
            for place, name in enumerate([names[0], *look.ordered(names[1:])] if names else []):
                if heads.visualIndex(numbers[name]) != place:
                    heads.moveSection(heads.visualIndex(numbers[name]), place)
            for number, name in enumerate(names):
                hidden = number > 0 and name in look.hidden  # the id tells rows apart
                if view.isColumnHidden(number) != hidden:
                    view.setColumnHidden(number, hidden)
        finally:
            self._own = False
        self.fit()

    def fit(self) -> None:
        """Give every column the width of its head and first values, or that given by hand; those out of sight soon."""
        heads = self._view.horizontalHeader()
        self._open = [heads.logicalIndex(place) for place in range(heads.count())]
        self.fit_seen()

    def fit_seen(self) -> None:
        """Measure the columns in sight that were not measured yet."""
        if not self._open:
            return
        heads, open_ = self._view.horizontalHeader(), set(self._open)
        edge = self._view.viewport().width()
        for place in range(max(0, heads.visualIndexAt(0)), heads.count()):
            number = heads.logicalIndex(place)
            if heads.isSectionHidden(number):
                continue
            if heads.sectionViewportPosition(number) > edge:
                break
            if number in open_:
                self._measure(number)
                open_.remove(number)
        self._open = [number for number in self._open if number in open_]
        if self._open:
            self._turn.start(0)

    def stop(self) -> None:
        """Measure no more."""
        self._open = []

    def _go_on(self) -> None:
        """Measure some columns out of sight, the others in the next turn."""
        end = time.perf_counter() + TURN_S
        while self._open and time.perf_counter() < end:
            self._measure(self._open.pop(0))
        if self._open:
            self._turn.start(0)

    def _measure(self, number: int) -> None:
        table = self._table
        if number >= table.columnCount() or self._view.isColumnHidden(number):
            return  # one that is shown again is measured then
        width = self._look.widths.get(str(table.column(number).name))
        if width is None:
            metrics = QFontMetrics(self._view.font())
            values = (table.shown(int(row), number) for row in table.rows[:LOOKED_AT])
            widest = max((metrics.horizontalAdvance(words) for words in values), default=0)
            head = metrics.horizontalAdvance(table.head(number))
            wanted = max(widest + 24, min(head, WIDEST_PX) + HEAD_ROOM_PX)
            width = int(min(max(wanted, NARROWEST_PX), WIDEST_PX))
        self._own = True
        try:
            self._view.setColumnWidth(number, width)
        finally:
            self._own = False

    def _resized(self, number: int, before: int, width: int) -> None:
        if self._own or self._view.horizontalHeader().sectionResizeMode(number) != (
            QHeaderView.ResizeMode.Interactive
        ):
            return
        if before and width:
            name = str(self._table.column(number).name)
            self._look = TableLook(self._look.hidden, {**self._look.widths, name: width}, self._look.order)
        elif width:
            self._open.append(number)  # shown again
            self._turn.start(0)
        self._told.start(0)

    def _moved(self, number: int, before: int, place: int) -> None:
        if not self._own:
            names, heads = self._names(), self._view.horizontalHeader()
            order = tuple(names[heads.logicalIndex(one)] for one in range(heads.count()))
            self._look = TableLook(self._look.hidden, self._look.widths, order)
            self._told.start(0)

    def _tell(self) -> None:
        """Say what is chosen; columns that the table has not now stay as they were."""
        names = self._names()
        hidden = {name for number, name in enumerate(names) if self._view.isColumnHidden(number)}
        kept = self._look.hidden - set(names)
        self._look = TableLook(frozenset(kept | hidden), self._look.widths, self._look.order)
        self.changed.emit(self._look)

    def _names(self) -> list[str]:
        return [str(self._table.column(number).name) for number in range(self._table.columnCount())]
