"""The drawer: the attribute table of the active layer, linked with the map both ways."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QIcon, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from core.texts import text
from core.units import count
from desktop.addresses import Address
from desktop.result_tables import frame_of, with_results
from desktop.table_looks import TableLook
from desktop.ui import theme
from desktop.ui.calculator import ask_calculation
from desktop.ui.card_parts import down
from desktop.ui.map_canvas import MapCanvas
from desktop.ui.table_panel import TablePanel
from desktop.ui.table_view import without_shapes
from desktop.ui.workspace import Mask, Message, Workspace

NARROW, CRAMPED, ICON = 1100, 900, 38  # [px]
WIDEST = 16_777_215  # Qt's word for no limit [px]


class Drawer(QWidget):
    """The table of the layer selected last, else of the active one."""

    def __init__(self, workspace: Workspace, canvas: MapCanvas, close: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("drawer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumHeight(170)
        self.workspace, self.canvas = workspace, canvas
        self.table = TablePanel()
        down(self, spacing=0).addWidget(self.table)
        self._words = {
            self.table.first: ("ph.arrow-line-up", self.table.first.text()),
            self.table.columns: ("ph.columns", self.table.columns.text()),
            self.table.calculates: ("ph.calculator", self.table.calculates.text()),
            self.table.copies: ("ph.copy", self.table.copies.text()),
        }
        self._shown: tuple[str, int] = ("", 0)
        self._asked = ""  # the table whose filter is to be written
        self.table.mask_changed.connect(self._picked)
        self.table.filter_changed.connect(self._filtered)
        self.table.row_activated.connect(self._activated)
        self.table.view.trace_asked.connect(self._trace)
        self.table.view.cut.connect(self._say_cut)
        self.table.look_changed.connect(self._keep_look)
        self.table.close_asked.connect(lambda: close())
        self.table.calculation_asked.connect(lambda: ask_calculation(self.workspace, self.table))
        self._view_timer = QTimer(self)
        self._view_timer.setSingleShot(True)
        self._view_timer.setInterval(200)
        self._view_timer.timeout.connect(self._look_at_view)
        self._connections = [
            (workspace.selection_changed, self._selected),
            (workspace.data_changed, self.refresh),
            (workspace.layers_changed, self._layer_changed),
            (canvas.view_changed, self._view_moved),
            (workspace.filters.changed, self._filter_changed),
        ]
        for signal, slot in self._connections:
            signal.connect(slot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room anew."""
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while hidden."""
        self.refresh()

    def _fit(self) -> None:
        """Where it is narrow, buttons show their icons alone."""
        narrow = self.width() < NARROW
        for made, (icon, words) in self._words.items():
            made.setIcon(theme.icon(icon) if narrow else QIcon())
            made.setText("" if narrow else words)
            made.setMaximumWidth(ICON if narrow else WIDEST)
            made.setToolTip(words)
            made.setAccessibleName(words)
        self.table.picked.setVisible(self.width() >= CRAMPED)
        self.table.filter.setMinimumWidth(150 if self.width() < CRAMPED else 220)

    def let_go(self) -> None:
        """End the link with the map, before another drawer takes it."""
        for signal, slot in self._connections:
            signal.disconnect(slot)
        self.table.close_workers()

    def refresh(self) -> None:
        """Show the table of the active layer with all results."""
        workspace = self.workspace
        city, table = workspace.city, workspace.active
        if not self.isVisible() or city is None or frame_of(city, workspace.results, table) is None:
            return
        now = (table, id(city) ^ id(workspace.assessments) ^ id(workspace.plan))
        if now != self._shown:
            self._shown = now
            made = workspace.results

            def take(frame: pd.DataFrame) -> None:
                if isValid(self) and now == self._shown:
                    self._take(table, frame)

            workspace.later.ask("table", lambda: without_shapes(with_results(city, made, table)), take)
        self._look_at_view()

    def _take(self, table: str, frame: pd.DataFrame) -> None:
        """Show the rows of a table, put together beside the window's thread."""
        workspace = self.workspace
        mask, look = workspace.selection.get(table), workspace.table_looks.get(table)
        self.table.set_table(table, frame, mask, workspace.filters.written.get(table, ""), look)
        if mask is not None:
            self.table.set_mask(mask)
        self._fit()  # its buttons have their words again
        self._look_at_view()
        self._give_filter()

    def _layer_changed(self) -> None:
        if self.workspace.active != self._shown[0]:
            self.refresh()

    def _selected(self, table: str) -> None:
        if self.isVisible() and table == self.table.table:
            mask = self.workspace.selection.get(table)
            empty = np.zeros(len(self.workspace.ids(table)), dtype=np.bool_)
            self.table.set_mask(empty if mask is None else mask)

    def _picked(self, mask: Mask) -> None:
        self.workspace.select(self.table.table, mask)

    def _filtered(self, mask: Mask | None) -> None:
        self.workspace.filters.set(self.table.table, self.table.filter.text(), mask)

    def _filter_changed(self, table: str) -> None:
        """The filter was changed elsewhere, such as in the list of layers."""
        words = self.workspace.filters.written.get(table, "")
        if table == self.table.table and self.table.filter.text().strip() != words:
            self.table.set_filter(words)

    def ask_filter(self, table: str) -> None:
        """Bring the table of a layer to the front, its filter ready to be written."""
        self.workspace.activate(table)
        self.refresh()
        self._asked = table
        self._give_filter()

    def _give_filter(self) -> None:
        """Let a filter that was asked for be written, once it is that of its table."""
        if self._asked and self._asked == self.table.table:
            self._asked = ""
            self.table.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.table.filter.selectAll()

    def _activated(self, row_id: str) -> None:
        self.workspace.select_ids(self.table.table, [row_id])
        self.workspace.find_asked.emit()

    def _trace(self, row: str, column: str) -> None:
        self.workspace.trace_asked.emit(Address(table=self.table.table, row=row, column=column))

    def _keep_look(self, table: str, look: TableLook) -> None:
        self.workspace.table_looks[table] = look

    def _say_cut(self, copied: int, picked: int) -> None:
        """Say that not all rows went into the clipboard, and how all of them leave the program."""
        words = text(
            "Copied the first {copied} of {picked} selected rows; export the table to have all of them.",
            copied=count(copied),
            picked=count(picked),
        )
        self.workspace.said.emit(Message(words))

    def _view_moved(self) -> None:
        self._view_timer.start()

    def _look_at_view(self) -> None:
        """Find the rows that the map has in view, beside the window's thread."""
        layer, bounds = self.workspace.layer(self.table.table), self.canvas.view.bounds
        if not self.isVisible() or layer is None or (shapes := layer.ragged) is None:
            return

        def take(mask: Mask) -> None:
            if layer.name == self.table.table and len(mask) == len(self.table.model.selected):
                self.table.set_visible_mask(mask)

        self.workspace.later.ask("rows in view", lambda: shapes.within(bounds, wholly=False), take)
