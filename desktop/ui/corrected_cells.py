"""Corrected cells: the attribute table takes corrections in its cells, and shows them at once beside the given values."""

from __future__ import annotations

from PySide6.QtCore import QObject

from core.problems import UserError
from desktop.changes import change_said, correct_row, newest_change
from desktop.given_values import correctable_columns, corrected_cells
from desktop.names import TABLES
from desktop.ui.drawer import Drawer
from desktop.ui.workspace import Message, Workspace
from desktop.words import parsed_value


class CorrectedCells(QObject):
    """Keeps the corrections of the table that a drawer shows up to date in its model, and makes those typed there."""

    def __init__(self, workspace: Workspace, drawer: Drawer) -> None:
        super().__init__(drawer)
        self._workspace, self._drawer = workspace, drawer
        self._model = drawer.table.model
        workspace.edits_changed.connect(self.refresh)
        self._model.modelReset.connect(self.refresh)
        self._model.cell_typed.connect(self.correct)
        self.refresh()

    def refresh(self) -> None:
        """Say which cells of the table were corrected, and which can be."""
        project, table = self._workspace.project, self._drawer.table.table
        given = project is not None and table in TABLES and table in project.sources
        if project is None or not given:
            self._model.correctable = frozenset()
            return
        self._model.correctable = frozenset(correctable_columns(project, table))
        self._model.set_corrected(corrected_cells(project, table))

    def correct(self, row: str, column: str, typed: str) -> None:
        """Lay what was typed into a cell over the given value, as `lutu set` does."""
        project, table = self._workspace.project, self._drawer.table.table
        if project is None:
            return
        try:
            value = parsed_value(column, typed)
        except UserError as error:
            self._workspace.refused.emit(error)
            return
        before = newest_change(project)
        if self._workspace.edit(lambda now: correct_row(now, table, row, {column: value})):
            self._workspace.said.emit(Message(change_said(project, before)))
