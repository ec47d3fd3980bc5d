"""The table model: rows of a table in the order and choice of the moment, its selection painted, never copied."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from core.fields import Field, fields
from core.texts import language, text
from core.units import MISSING, unit_said
from desktop.column_figures import is_number, number_shown
from desktop.given_values import Corrected, value_said
from desktop.ui import theme
from desktop.ui.later import Later

Index = QModelIndex | QPersistentModelIndex
Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]

NOWHERE = QModelIndex()
SORTED_AT_ONCE = 20_000  # rows; larger tables are sorted beside the window
SLICE = 10_000  # words brought into another form at a stretch: numpy holds the GIL meanwhile


class Show(StrEnum):
    """Which rows of a table are shown."""

    ALL = "all"
    SELECTED = "selected"
    VISIBLE = "visible"
    FILTERED = "filtered"


class TableModel(QAbstractTableModel):
    """A table without its shapes: one row per feature, the id first.

    The frame, the selection and the masks of what the map shows belong to others; the model keeps only the
    order of rows.

    Signals
    -------
    rows_changed()
        Other rows are shown, or in another order.
    cell_typed(str, str, object)
        A value was written into a cell: the id of its row, its column, and what was typed.
    """

    rows_changed = Signal()
    cell_typed = Signal(str, str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._frame = pd.DataFrame()
        self._columns: list[pd.Series[Any]] = []
        self._fields: list[Field | None] = []
        self._numbers: dict[int, bool] = {}  # columns that were asked about; asked for every cell
        self._heads: dict[
            tuple[int, str], str
        ] = {}  # Qt asks for hundreds of them at every change of a width
        self._selected: Mask = np.zeros(0, dtype=bool)
        self._shown: dict[Show, Mask | None] = {Show.VISIBLE: None, Show.FILTERED: None}
        self._show = Show.ALL
        self._sorted: Rows = np.zeros(0, dtype=np.int64)
        self._rows: Rows = np.zeros(0, dtype=np.int64)
        self._later = Later(self)
        self._corrected: dict[tuple[str, str], Corrected] = {}
        self.correctable: frozenset[str] = frozenset()  # columns whose cells may be written into
        self.selection_first = False

    # What it shows

    @property
    def frame(self) -> pd.DataFrame:
        """The table, in its own order."""
        return self._frame

    @property
    def rows(self) -> Rows:
        """Positions in the table of the rows shown, in their order."""
        return self._rows

    @property
    def selected(self) -> Mask:
        """Which rows of the table are selected, in the table's own order."""
        return self._selected

    @property
    def show(self) -> Show:
        """Which rows are shown."""
        return self._show

    def set_frame(self, frame: pd.DataFrame) -> None:
        """Show another table; columns of shapes must not be among its columns."""
        self.beginResetModel()
        self._frame = frame
        names = list(frame.columns)
        index = pd.Series(frame.index.array, name=str(frame.index.name or "id"), copy=False)
        self._columns = [index, *(frame[name] for name in names)]
        self._fields = [fields().get(str(column.name)) for column in self._columns]
        self._numbers, self._heads = {}, {}
        self._selected = np.zeros(len(frame), dtype=bool)
        self._shown = {Show.VISIBLE: None, Show.FILTERED: None}
        self._sorted = np.arange(len(frame))
        self._rows = self._sorted
        self.endResetModel()
        self.rows_changed.emit()

    def set_selected(self, mask: Mask) -> None:
        """Paint another selection."""
        self._selected = mask
        if self._show is Show.SELECTED or self.selection_first:
            self._refill()
        elif len(self._rows):
            last = self.index(len(self._rows) - 1, len(self._columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last, [Qt.ItemDataRole.BackgroundRole])

    def set_corrected(self, cells: dict[tuple[str, str], Corrected]) -> None:
        """Mark corrected cells, by row id and column, which show the value now and keep the given one in sight."""
        if cells != self._corrected:
            self._corrected = cells
            if len(self._rows):
                last = self.index(len(self._rows) - 1, len(self._columns) - 1)
                self.dataChanged.emit(self.index(0, 0), last)

    def corrected(self, row: int, column: int) -> Corrected | None:
        """The correction of a cell; `row` is a position in the table."""
        if not self._corrected or column == 0:
            return None
        one = str(self._frame.index[row]).split("#", 1)[0]  # pieces of a building bear its corrections
        return self._corrected.get((one, str(self._columns[column].name)))

    def set_mask_of(self, show: Show, mask: Mask | None) -> None:
        """Say which rows are visible on the map or pass the filter; None for all."""
        self._shown[show] = mask
        if self._show is show:
            self._refill()

    def set_show(self, show: Show) -> None:
        """Choose which rows are shown."""
        self._show = show
        self._refill()

    def set_selection_first(self, on: bool) -> None:
        """Move selected rows to the top, or let them back to their places."""
        self.selection_first = on
        self._refill()

    def retranslate(self) -> None:
        """Say heads and words in the language of the moment."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, len(self._columns) - 1))
        if len(self._rows):
            last = self.index(len(self._rows) - 1, len(self._columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    # Values

    def column(self, number: int) -> pd.Series[Any]:
        """A column of the table, in the table's own order."""
        return self._columns[number]

    def field(self, number: int) -> Field | None:
        """What the dictionary says of a column; None for columns that are not ours."""
        return self._fields[number]

    def is_number(self, number: int) -> bool:
        """Whether a column holds numbers."""
        if number not in self._numbers:
            self._numbers[number] = is_number(self._columns[number])
        return self._numbers[number]

    def head(self, number: int) -> str:
        """What stands over a column."""
        key = (number, language())
        if key not in self._heads:
            known = self._fields[number]
            unit = unit_said(known.unit) if known is not None else ""
            title = known.title if known is not None else str(self._columns[number].name)
            self._heads[key] = f"{title} ({unit})" if unit else title
        return self._heads[key]

    def shown(self, row: int, column: int) -> str:
        """The value of a cell as people read it; `row` is a position in the table."""
        value: Any = self._columns[column].iat[row]
        known = self._fields[column]
        laid = self.corrected(row, column)
        if laid is not None and laid.now is not None:
            value = laid.now
        if self.is_number(column) and not isinstance(value, str):
            return number_shown(float(value), known) if not pd.isna(value) else MISSING
        if known is not None:
            return known.shown(value)
        return MISSING if pd.isna(value) else str(value)

    def raw(self, row: int, column: int) -> str:
        """The value of a cell as other programs take it; `row` is a position in the table."""
        value: Any = self._columns[column].iat[row]
        return "" if pd.isna(value) else str(value).replace("\t", " ").replace("\n", " ")

    def kept(self, row: int, column: int) -> Any:
        """The value of a cell with its correction; `row` is a position in the table."""
        laid = self.corrected(row, column)
        value: Any = self._columns[column].iat[row] if laid is None else laid.now
        return None if value is None or pd.isna(value) else value

    # Sorting

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, equal values in their order before, missing ones last."""
        descending = order is Qt.SortOrder.DescendingOrder
        work = self._sorting(column, descending)
        if len(self._frame) <= SORTED_AT_ONCE:
            self._take_order(work())
        else:
            self._later.ask("sort", work, self._take_order)

    def close(self) -> None:
        """End what is still sorting."""
        self._later.close()

    def _sorting(self, column: int, descending: bool) -> Callable[[], Rows]:
        if not 0 <= column < len(self._columns):
            rows = len(self._frame)
            return lambda: np.arange(rows)
        values, known = self._columns[column], self._fields[column]
        return lambda: order_of(values, known, descending=descending)

    def _take_order(self, order: Rows) -> None:
        if len(order) == len(self._frame):
            self._sorted = order
            self._refill()

    def _refill(self) -> None:
        """Rows shown, from the order, the choice and the selection."""
        rows = self._sorted
        mask = self._selected if self._show is Show.SELECTED else self._shown.get(self._show)
        if mask is not None:
            rows = rows[mask[rows]]
        if self.selection_first:
            rows = rows[np.argsort(~self._selected[rows], kind="stable")]
        before = self._rows
        if len(rows) == len(before) and self._show is not Show.SELECTED:
            self.layoutAboutToBeChanged.emit()
            self._rows = rows
            self._remap(before)
            self.layoutChanged.emit()
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        self.rows_changed.emit()

    def _remap(self, before: Rows) -> None:
        """Keep the current cell on its feature when rows move."""
        kept = self.persistentIndexList()
        if not kept:
            return
        place = np.full(len(self._frame), -1)
        place[self._rows] = np.arange(len(self._rows))
        moved = [
            self.index(int(place[before[one.row()]]), one.column())
            if place[before[one.row()]] >= 0
            else NOWHERE
            for one in kept
        ]
        self.changePersistentIndexList(kept, moved)

    # What Qt asks

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Number of rows shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Number of columns with the id."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell: its text, side and ground."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = int(self._rows[index.row()]), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.shown(row, column)
        if role == Qt.ItemDataRole.EditRole:
            return self.kept(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.is_number(column) else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.BackgroundRole and self._selected[row]:
            return QColor(theme.tokens()["accent_soft"])
        laid = self.corrected(row, column)
        if role == Qt.ItemDataRole.ForegroundRole and laid is not None:
            return QColor(theme.tokens()["accent"])
        if role == Qt.ItemDataRole.ToolTipRole and laid is not None:
            if laid.added:
                return text("Drawn here; not in the given data")
            return text(
                "Corrected; given: {value}", value=value_said(str(self._columns[column].name), laid.given)
            )
        if role == Qt.ItemDataRole.ToolTipRole:
            said = self.raw(row, column)
            return said if said != self.shown(row, column) else None
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Cells of given columns may be written into."""
        flags = super().flags(index)
        if index.isValid() and str(self._columns[index.column()].name) in self.correctable and index.column():
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Hand over what was written into a cell; it shows once it is a correction."""
        if role != Qt.ItemDataRole.EditRole or not index.flags() & Qt.ItemFlag.ItemIsEditable:
            return False
        row = str(self._frame.index[int(self._rows[index.row()])])
        self.cell_typed.emit(row, str(self._columns[index.column()].name), value)
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The head of a column: title with unit, and what it means."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.head(section)
        if role == Qt.ItemDataRole.ToolTipRole:
            known = self._fields[section]
            name = str(self._columns[section].name)
            return "\n".join(part for part in (known.meaning if known else "", name) if part)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.is_number(section) else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


def order_of(values: pd.Series[Any], known: Field | None, *, descending: bool) -> Rows:
    """Positions in sorted order: words by the dictionary's order where it has one, missing values last."""
    if known is not None and known.choices:
        place = {choice: number for number, choice in enumerate(known.choices)}
        codes, kinds = pd.factorize(values)
        ranks = np.array([place.get(str(kind), len(place)) for kind in kinds], dtype=float)
        keys = np.append(ranks, np.nan)[codes]
    elif pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        keys = values.to_numpy(dtype=float, na_value=np.nan)
    else:
        there = values.notna().to_numpy()
        objects = values.astype(object).where(there, "").to_numpy()
        parts = (objects[start : start + SLICE] for start in range(0, max(len(objects), 1), SLICE))
        words = np.concatenate([part.astype("U") for part in parts])  # sorted without the GIL
        keys = np.where(there, np.unique(words, return_inverse=True)[1], np.nan)
    return np.argsort(-keys if descending else keys, kind="stable")
