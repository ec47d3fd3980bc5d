"""Corrected cells: the attribute table shows a correction at once, marked, with the given value beside it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from desktop.given_values import corrected_cells
from desktop.names import TABLES
from desktop.ui.drawer import Drawer
from desktop.ui.workspace import Workspace


class CorrectedCells(QObject):
    """Keeps the corrections of the table that a drawer shows up to date in its model."""

    def __init__(self, workspace: Workspace, drawer: Drawer) -> None:
        super().__init__(drawer)
        self._workspace, self._drawer = workspace, drawer
        workspace.edits_changed.connect(self.refresh)
        drawer.table.model.modelReset.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say which cells of the table were corrected."""
        project, table = self._workspace.project, self._drawer.table.table
        if project is not None and table in TABLES:
            self._drawer.table.model.set_corrected(corrected_cells(project, table))
