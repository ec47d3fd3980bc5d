"""The table view: rows picked by mouse and keys, written to the selection of the layer, copied as text."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from core.texts import text
from desktop.addresses import Address
from desktop.column_figures import copied
from desktop.table_looks import TableLook
from desktop.ui.cell_delegate import CellDelegate
from desktop.ui.later import Later
from desktop.ui.table_columns import Heads, TableColumns
from desktop.ui.table_model import Mask, TableModel
from desktop.ui.trace_menu import trace_menu

ROW_PX = 28
MOST_COPIED = 100_000
COPIED_AT_ONCE = 50_000  # cells


class TableView(QTableView):
    """A table in which clicking picks rows.

    Signals
    -------
    picked(object)
        The user picked rows: the new selection (ndarray of bool, shape (rows of the table)).
    activated_row(str)
        A row was double-clicked or Enter was pressed on it: its id.
    trace_asked(str, str)
        Where the value of a cell comes from is asked for: id of its row, and its column.
    columns_asked()
        Columns are to be chosen.
    cut(int, int)
        Only so many rows of so many selected ones were copied.
    """

    picked = Signal(object)
    activated_row = Signal(str)
    trace_asked = Signal(str, str)
    columns_asked = Signal()
    cut = Signal(int, int)

    def __init__(self, model: TableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = model
        self._anchor = 0
        self._swept: Mask | None = None
        self._later = Later(self)
        self._fitted_for = self.font()
        self.setHorizontalHeader(Heads(self))
        self.setModel(model)
        self.columns = TableColumns(self, model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.NoEditTriggers
        )  # `mouseDoubleClickEvent` and F2 do
        self.setItemDelegate(CellDelegate(self))
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setTabKeyNavigation(False)
        self.setSortingEnabled(True)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        heads = self.horizontalHeader()
        heads.setSortIndicatorClearable(True)
        heads.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        heads.setMinimumHeight(32)
        heads.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        heads.customContextMenuRequested.connect(self._ask_head)
        model.modelReset.connect(self._keep_to_rows)
        self.retranslate()

    def retranslate(self) -> None:
        """Say what it is in the language of the moment."""
        self.setAccessibleName(text("Attribute table"))

    def fit_columns(self) -> None:
        """Give every column the width of its head and first values."""
        self._fitted_for = self.font()
        self.columns.fit()

    def show_look(self, look: TableLook) -> None:
        """Show the columns of the table as a person left them, the others as wide as what they hold."""
        self._fitted_for = self.font()
        self.columns.show(look)

    def copy(self) -> int:
        """Copy the selected rows that are shown, else the current one, as text parted by tabs; gives how many.

        Columns that are hidden are left out; many rows are written beside the window. What is left out of very many
        rows is said by `cut`.
        """
        table = self._table
        picked = table.rows[table.selected[table.rows]]
        rows = picked[:MOST_COPIED]
        if not len(rows) and self.currentIndex().isValid():
            rows = table.rows[[self.currentIndex().row()]]
        columns = self.shown_columns()
        heads, values = [table.head(number) for number in columns], [table.column(one) for one in columns]

        def said() -> str:
            return copied(heads, [column.iloc[rows] for column in values])

        if len(rows) * len(columns) <= COPIED_AT_ONCE:
            QGuiApplication.clipboard().setText(said())
        else:
            self._later.ask("copy", said, lambda words: QGuiApplication.clipboard().setText(words))
        if len(picked) > MOST_COPIED:
            self.cut.emit(len(rows), len(picked))
        return len(rows)

    def shown_columns(self) -> list[int]:
        """Columns that are not hidden, from left to right as they stand."""
        heads = self.horizontalHeader()
        order = [heads.logicalIndex(place) for place in range(heads.count())]
        return [number for number in order if not self.isColumnHidden(number)]

    def close_workers(self) -> None:
        """End what is still copied or measured."""
        self.columns.stop()
        self._later.close()

    def show_row(self, row: int) -> None:
        """Bring a row of the table into view, if it is among those shown."""
        place = np.flatnonzero(self._table.rows == row)
        if len(place):
            index = self._table.index(int(place[0]), max(0, self.currentIndex().column()))
            self.setCurrentIndex(index)
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    # Picking

    def pick(self, row: int, *, adds: bool = False, reaches: bool = False) -> None:
        """Pick a row shown, as a click does.

        Parameters
        ----------
        row : int
            Its place among the rows shown.
        adds : bool
            Ctrl: toggle this row, or add the range.
        reaches : bool
            Shift: all rows from the one picked last to this one.
        """
        table = self._table
        mask = table.selected.copy() if adds else np.zeros(len(table.frame), dtype=bool)
        if reaches:
            first, last = sorted((min(self._anchor, len(table.rows) - 1), row))
            mask[table.rows[first : last + 1]] = True
        else:
            place = int(table.rows[row])
            mask[place] = not mask[place] if adds else True
            self._anchor = row
        self.picked.emit(mask)

    def pick_all(self) -> None:
        """Pick all rows shown."""
        mask = np.zeros(len(self._table.frame), dtype=bool)
        mask[self._table.rows] = True
        self.picked.emit(mask)

    def pick_none(self) -> None:
        """Let go of all rows."""
        self.picked.emit(np.zeros(len(self._table.frame), dtype=bool))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the row under the mouse."""
        super().mousePressEvent(event)
        row = self._row_at(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and row >= 0:
            held = event.modifiers()
            self.pick(
                row,
                adds=bool(held & Qt.KeyboardModifier.ControlModifier),
                reaches=bool(held & Qt.KeyboardModifier.ShiftModifier),
            )
            self._swept = self._table.selected if held & Qt.KeyboardModifier.ControlModifier else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pick the rows the mouse is dragged over."""
        row = self._row_at(event.position().toPoint())
        if event.buttons() & Qt.MouseButton.LeftButton and row >= 0 and row != self._anchor:
            self.pick(row, adds=self._swept is not None, reaches=True)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Write into a cell that can be corrected; of others go to the row's feature."""
        row = self._row_at(event.position().toPoint())
        if event.button() is not Qt.MouseButton.LeftButton or row < 0:
            return
        if not self.write_into(self.indexAt(event.position().toPoint())):
            self._go_to(row)

    def write_into(self, index: QModelIndex) -> bool:
        """Let a person write into a cell; False where it cannot be corrected."""
        if not index.isValid() or not index.flags() & Qt.ItemFlag.ItemIsEditable:
            return False
        self.setCurrentIndex(index)
        self.edit(index)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pick, copy and go by keys."""
        row = self.currentIndex().row()
        held, key = event.modifiers(), event.key()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.pick_all()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0:
            self._go_to(row)
        elif key == Qt.Key.Key_F2 and row >= 0:
            self.write_into(self.currentIndex())
        elif key == Qt.Key.Key_Space and row >= 0:
            self.pick(row, adds=True)
        elif key == Qt.Key.Key_Escape and self._table.selected.any():
            self.pick_none()
        else:
            super().keyPressEvent(event)
            moved = self.currentIndex().row()
            if held & Qt.KeyboardModifier.ShiftModifier and moved not in (row, -1):
                self.pick(moved, reaches=True)
            return
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Right button or menu key: where the value of the cell comes from."""
        keys = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keys else self.indexAt(event.pos())
        if not index.isValid():
            return
        self.setCurrentIndex(index)
        spot = self.visualRect(index).center() if keys else event.pos()
        menu = self.cell_menu(index.row(), index.column())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.viewport().mapToGlobal(spot))

    def cell_menu(self, row: int, column: int) -> QMenu:
        """What can be done with a cell; `row` is its place among the rows shown."""
        table = self._table
        place = int(table.rows[row])
        name = str(table.column(column).name)
        at = Address(row=str(table.frame.index[place]), column=name)
        return trace_menu(
            self,
            [(name, at)],
            lambda one: self.trace_asked.emit(one.row, one.column),
            table.shown(place, column),
        )

    def _ask_head(self, place: QPoint) -> None:
        heads = self.horizontalHeader()
        menu = self.head_menu(heads.logicalIndexAt(place))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(heads.viewport().mapToGlobal(place))

    def head_menu(self, column: int) -> QMenu:
        """What can be done with a column: its rows sorted by it, or the column hidden; -1 beside all."""
        menu = QMenu(self)
        if column >= 0:
            for words, order in (
                ("Sort, smallest first", Qt.SortOrder.AscendingOrder),
                ("Sort, largest first", Qt.SortOrder.DescendingOrder),
            ):
                menu.addAction(text(words)).triggered.connect(partial(self._sort, column, order))
            menu.addAction(text("In the order of the data")).triggered.connect(
                partial(self._sort, -1, Qt.SortOrder.AscendingOrder)
            )
            menu.addSeparator()
            hide = menu.addAction(text("Hide this column"))
            hide.setEnabled(column > 0)  # the id tells rows apart
            hide.triggered.connect(partial(self._hide, column))
        menu.addAction(text("Columns…")).triggered.connect(self.columns_asked.emit)
        return menu

    def _sort(self, column: int, order: Qt.SortOrder, checked: bool = False) -> None:
        self.horizontalHeader().setSortIndicator(column, order)

    def _hide(self, column: int, checked: bool = False) -> None:
        self.setColumnHidden(column, True)

    def changeEvent(self, event: QEvent) -> None:
        """Fit the columns when the font is another one; of other styles Qt says the same."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.font() != self._fitted_for:
            self.fit_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure columns that come into sight."""
        super().resizeEvent(event)
        self.columns.fit_seen()

    def _row_at(self, place: QPoint) -> int:
        return int(self.rowAt(place.y()))

    def _go_to(self, row: int) -> None:
        self.activated_row.emit(str(self._table.frame.index[int(self._table.rows[row])]))

    def _keep_to_rows(self) -> None:
        """The row picked last is gone when other rows are shown."""
        self._anchor = 0


def without_shapes(frame: pd.DataFrame) -> pd.DataFrame:
    """A table without its columns of shapes; no copy of the others is made."""
    shapes = [name for name, kind in zip(frame.columns, frame.dtypes, strict=True) if kind.name == "geometry"]
    return (
        pd.DataFrame(frame).drop(columns=shapes) if shapes else frame
    )  # geopandas would copy all that is left
