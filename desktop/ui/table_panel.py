"""The table panel: attributes of one layer with filter, choice of rows, and figures of the current column."""

from __future__ import annotations

import numpy as np
import pandas as pd
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.problems import UserError
from core.texts import text
from core.units import count
from desktop.column_figures import figures_said
from desktop.expressions import examples, rows_meant
from desktop.map_layers import table_title
from desktop.table_looks import TableLook
from desktop.ui import theme
from desktop.ui.card_parts import tool_button
from desktop.ui.column_chooser import ColumnChooser
from desktop.ui.inputs import ComboBox
from desktop.ui.later import Later
from desktop.ui.table_model import SORTED_AT_ONCE, Mask, Show, TableModel
from desktop.ui.table_view import TableView, without_shapes

SHOWS = {
    Show.ALL: "All rows",
    Show.SELECTED: "Selected rows",
    Show.VISIBLE: "Rows in view",
    Show.FILTERED: "Filtered rows",
}
PAUSE_MS = 350  # after the last key before the filter is read


class TablePanel(QWidget):
    """The attribute table of a layer.

    The selection is the layer's mask: the owner sets it with `set_mask`, picks of the user come by
    `mask_changed`, and nothing changes here until the owner sets it.

    Signals
    -------
    mask_changed(object)
        The user picked rows: ndarray of bool in the order of the table.
    filter_changed(object)
        The filter was read: ndarray of bool in the order of the table, or None without a filter.
    row_activated(str)
        Id of a row that was double-clicked.
    calculation_asked()
        A column is to be calculated.
    close_asked()
        The table is to be closed.
    look_changed(str, TableLook)
        Columns of a table were hidden, shown, moved or widened by hand.
    """

    mask_changed = Signal(object)
    filter_changed = Signal(object)
    row_activated = Signal(str)
    calculation_asked = Signal()
    close_asked = Signal()
    look_changed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._table = ""
        self._columns: tuple[str, ...] = ()
        self._column = -1
        self.model = TableModel(self)
        self.view = TableView(self.model)
        self.title, self.picked = QLabel(), QLabel()
        self.title.setProperty("part", "section")
        self.picked.setProperty("part", "small")
        self.shows = ComboBox()
        self.shows.setMinimumWidth(120)
        self.filter = QLineEdit()
        self.filter.setClearButtonEnabled(True)
        self.filter.setMinimumWidth(220)
        self.filter.addAction(theme.icon("ph.funnel", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.first, self.copies = QPushButton(), QPushButton()
        self.columns, self.calculates = QPushButton(), QPushButton()
        self.first.setCheckable(True)
        self.shut = tool_button("ph.x", "", self.close_asked.emit)
        self.trouble = QLabel()
        self.trouble.setProperty("part", "error")
        self.trouble.setWordWrap(True)
        self.trouble.hide()
        self.figures = QLabel()
        self.figures.setProperty("part", "small")
        self.figures.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._later = Later(self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._lay_out()
        self._connect()
        self.retranslate()

    # What the owner says

    @property
    def table(self) -> str:
        """Name of the table shown."""
        return self._table

    def set_table(
        self,
        table: str,
        frame: pd.DataFrame,
        mask: Mask | None = None,
        filtered: str | None = None,
        look: TableLook | None = None,
    ) -> None:
        """Show a table of the city.

        Parameters
        ----------
        table : str
            Its name: `building`, `parcel` …
        frame : DataFrame
            Its rows by id, with whatever was computed for them; shapes are left out.
        mask : ndarray of bool, shape (rows), optional
            Its selection.
        filtered : str, optional
            Its filter; without one what is written stays for the same table.
        look : TableLook, optional
            What was chosen of its columns by hand.
        """
        kept = self.filter.text() if table == self._table else ""
        kept = kept if filtered is None else filtered
        self._column = self._column if table == self._table else -1
        self._table = table
        with_order = self.view.horizontalHeader()
        with_order.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.model.set_frame(without_shapes(frame))
        self.view.show_look(look or TableLook())
        if mask is not None:
            self.model.set_selected(mask)
        self.set_filter(kept)
        self._columns = tuple(map(str, frame.columns))
        self.filter.setPlaceholderText(examples(self._columns))
        self.title.setText(table_title(table))
        self._say_figures()

    def set_mask(self, mask: Mask) -> None:
        """Show the selection of the layer, in the order of the table."""
        self.model.set_selected(mask)
        self._say_picked()
        self._say_figures()
        rows = np.flatnonzero(mask)
        if len(rows) == 1:
            self.view.show_row(int(rows[0]))

    def set_visible_mask(self, mask: Mask | None) -> None:
        """Say which rows the map has in view, in the order of the table."""
        self.model.set_mask_of(Show.VISIBLE, mask)

    def set_filter(self, words: str) -> None:
        """Write a filter and read it at once."""
        self.filter.setText(words)
        self._read_filter()

    def set_show(self, show: Show) -> None:
        """Choose which rows are shown."""
        self.shows.setCurrentIndex(list(SHOWS).index(show))

    def choose_columns(self) -> None:
        """Ask which columns are shown."""
        chooser = ColumnChooser(self.view, self)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        now = max(0, self.shows.currentIndex())
        self.shows.blockSignals(True)
        self.shows.clear()
        for words in SHOWS.values():
            self.shows.addItem(text(words))
        self.shows.setCurrentIndex(now)
        self.shows.blockSignals(False)
        self.shows.setAccessibleName(text("Rows shown"))
        self.filter.setPlaceholderText(examples(self._columns))
        self.filter.setAccessibleName(text("Filter of the table"))
        self.first.setText(text("Selection to top"))
        self.columns.setText(text("Columns…"))
        self.calculates.setText(text("Calculate…"))
        self.shut.setToolTip(text("Close the table"))
        self.shut.setAccessibleName(text("Close the table"))
        self.copies.setText(text("Copy rows"))
        self.copies.setToolTip(text("Copy the selected rows for a spreadsheet (Ctrl+C)"))
        self.title.setText(table_title(self._table))
        self.view.retranslate()
        self.model.retranslate()
        self._say_picked()
        self._say_figures()
        if self.trouble.isVisible():
            self._read_filter()

    def close_workers(self) -> None:
        """End what is still sorted or looked for, at the end of the program."""
        self._later.close()
        self.view.close_workers()
        self.model.close()

    # Inside

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 8)
        head.setSpacing(8)
        for widget in (self.title, self.picked):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self.filter, 2)
        for control in (self.shows, self.first, self.columns, self.calculates, self.copies, self.shut):
            head.addWidget(control)
        foot = QFrame()
        foot.setProperty("part", "foot")
        line = QHBoxLayout(foot)
        line.setContentsMargins(12, 6, 12, 6)
        line.addWidget(self.figures, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        trouble = QHBoxLayout()
        trouble.setContentsMargins(12, 0, 12, 0)
        trouble.addWidget(self.trouble)
        whole.addLayout(trouble)
        whole.addWidget(self.view, 1)
        whole.addWidget(foot)

    def _connect(self) -> None:
        self.view.picked.connect(self.mask_changed)
        self.view.activated_row.connect(self.row_activated)
        self.view.selectionModel().currentColumnChanged.connect(
            lambda current, before: self._look_at(current.column())
        )
        self.view.horizontalHeader().sectionClicked.connect(self._look_at)
        self.model.rows_changed.connect(self._say_figures)
        self.model.rows_changed.connect(self._say_picked)
        self.shows.currentIndexChanged.connect(lambda number: self.model.set_show(list(SHOWS)[number]))
        self.first.toggled.connect(self.model.set_selection_first)
        self.copies.clicked.connect(self.view.copy)
        self.columns.clicked.connect(self.choose_columns)
        self.view.columns_asked.connect(self.choose_columns)
        self.calculates.clicked.connect(self.calculation_asked)
        self.view.columns.changed.connect(lambda look: self.look_changed.emit(self._table, look))
        self._pause.timeout.connect(self._read_filter)
        self.filter.textEdited.connect(lambda _: self._pause.start())
        self.filter.returnPressed.connect(self._read_filter)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.filter.setFocus)

    def _read_filter(self) -> None:
        """Find the rows the filter means; of a large table beside the window."""
        self._pause.stop()
        frame, words = self.model.frame, self.filter.text()

        def meant() -> tuple[Mask | None, UserError | None]:
            try:
                return rows_meant(frame, words), None
            except UserError as error:
                return None, error

        if len(frame) <= SORTED_AT_ONCE:
            self._take_filter(*meant())
        else:
            self._later.ask("filter", meant, lambda found: self._take_filter(*found))

    def _take_filter(self, mask: Mask | None, error: UserError | None) -> None:
        """Show the rows found; a filter that cannot be read changes nothing."""
        self.trouble.setText(str(error) if error else "")
        self.trouble.setVisible(error is not None)
        if error is not None or (mask is not None and len(mask) != len(self.model.frame)):
            return
        self.model.set_mask_of(Show.FILTERED, mask)
        if mask is not None and self.model.show is Show.ALL:
            self.set_show(Show.FILTERED)
        elif mask is None and self.model.show is Show.FILTERED:
            self.set_show(Show.ALL)
        self._say_picked()
        self.filter_changed.emit(mask)

    def _say_picked(self) -> None:
        self.picked.setText(
            text(
                "{shown} of {all} rows shown, {selected} selected",
                shown=count(len(self.model.rows)),
                all=count(len(self.model.frame)),
                selected=count(int(self.model.selected.sum())),
            )
        )

    def _look_at(self, column: int) -> None:
        """The column whose figures are said; none where there is none."""
        if column >= 0:
            self._column = column
        self._say_figures()

    def _say_figures(self) -> None:
        """Figures of the column looked at over the selected rows among those shown, else over all shown."""
        model = self.model
        number = self._column
        if not 0 <= number < model.columnCount():
            self.figures.setText(text("Click a column to see its sum, mean and range."))
            return
        picked = model.rows[model.selected[model.rows]]
        rows, head = (picked, text("Selected")) if len(picked) else (model.rows, "")
        column, known = model.column(number), model.field(number)
        title = " ".join(part for part in (head, model.head(number)) if part)

        def said() -> str:
            return "  ·  ".join([title, *figures_said(column.iloc[rows], known)])

        if len(rows) <= SORTED_AT_ONCE:
            self.figures.setText(said())
        else:
            self._later.ask("figures", said, self.figures.setText)
