"""The words model: a table of words that are made row by row when they come into sight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
ROWS_KEPT, ROW_PX = 4096, 19


class WordsModel(QAbstractTableModel):
    """Rows of words.

    Parameters
    ----------
    heads : sequence of str
        Titles of the columns.
    rows : int
        How many rows there are.
    say : callable
        The words of a row, one for each column.
    right : sequence of int
        Columns of figures, which stand at the right.
    """

    def __init__(
        self,
        heads: Sequence[str],
        rows: int,
        say: Callable[[int], Sequence[str]],
        right: Sequence[int] = (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._heads, self._rows, self._right = tuple(heads), rows, frozenset(right)
        self._say = lru_cache(maxsize=ROWS_KEPT)(say)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many rows."""
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """How many columns."""
        return 0 if parent.isValid() else len(self._heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words of a cell, also as its hint; figures to the right."""
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._say(index.row())[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignRight if index.column() in self._right else Qt.AlignmentFlag.AlignLeft
            )
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Titles of columns."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._heads):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in self._right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


def words_view(name: str, *, lines: int = 1) -> QTableView:
    """A calm table for a words model whose cells have so many lines; whole rows are chosen."""
    made = QTableView()
    made.setAccessibleName(name)
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    made.setShowGrid(False)
    made.setAlternatingRowColors(True)
    made.setTabKeyNavigation(False)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.verticalHeader().hide()
    made.horizontalHeader().setHighlightSections(False)
    set_lines(made, lines)
    return made


def set_lines(view: QTableView, lines: int) -> None:
    """How many lines the cells of a table have; words are wrapped where there is more than one."""
    view.setWordWrap(lines > 1)
    view.verticalHeader().setDefaultSectionSize(ROW_PX * lines + 6)


def share_room(view: QTableView, stretched: int) -> None:
    """One column takes the room that the others leave; those keep their widths and can be dragged."""
    header = view.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
