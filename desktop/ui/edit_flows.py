"""Flows of editing: from the wish to draw or to correct to an operation, and back to work after a crash."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pandas as pd
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.problems import UserError
from core.texts import text
from core.units import count
from desktop import operations
from desktop.changes import change_said, newest_change
from desktop.drafts import begin_session, take_back
from desktop.given_values import correctable_columns, corrected_cells
from desktop.names import TABLES
from desktop.result_tables import with_results
from desktop.shape_changes import EDITABLE
from desktop.ui.asking import put
from desktop.ui.corrected_cells import CorrectedCells
from desktop.ui.edit_bar import EditBar
from desktop.ui.edit_questions import AttributesQuestion, DrawnQuestion, RestoreQuestion
from desktop.ui.map_canvas import MapCanvas
from desktop.ui.shape_editor import ShapeEditor
from desktop.ui.shape_hand import ShapeHand
from desktop.ui.workbench import Workbench
from desktop.ui.workspace import Workspace
from layers.project import Project

log = logging.getLogger(__name__)


class EditFlows(QObject):
    """What the window does about shapes and attributes."""

    def __init__(self, workspace: Workspace, canvas: MapCanvas, window: QWidget) -> None:
        super().__init__(window)
        self.workspace, self.canvas, self.window = workspace, canvas, window
        self.editor = ShapeEditor(workspace, canvas)
        self.hand = ShapeHand(self.editor)
        self.bar: EditBar | None = None
        self.editor.drawn.connect(self._ask_drawn)
        workspace.opened.connect(self._opened)

    def commands(self) -> dict[str, Callable[[], None]]:
        """What menu, keys and search call."""
        return {"edit": self.switch, "attributes": self.ask_attributes}

    def build(self, bench: Workbench) -> None:
        """The bar over a new map panel and the marks in a new table, in the language and colours of the moment."""
        self.let_go()
        self.bar = EditBar(bench.map, self.editor)
        bench.map.show_tool(self.canvas.tool)
        CorrectedCells(self.workspace, bench.drawer)

    def let_go(self) -> None:
        """Leave the editor to another bar: the map panel of this one goes."""
        if self.bar is not None:
            self.bar.let_go()
            self.bar = None

    def switch(self) -> None:
        """Begin to edit shapes, or end it."""
        if self.editor.active:
            self.editor.end()
        else:
            self.editor.begin()
            self.canvas.setFocus()

    # ---- shapes

    def _ask_drawn(self, shape: Any) -> None:
        project = self.workspace.project
        if project is None:
            return
        asked = DrawnQuestion(self.window, self.editor.table, float(shape.area), project.standards)
        put(asked, self.workspace, lambda: self.editor.draw(shape, asked.values, asked.reason))

    # ---- attributes

    def ask_attributes(self) -> None:
        """Correct a column of the selected rows."""
        project = self.workspace.project
        table, ids = self._rows()
        if project is None:
            return
        if table not in TABLES or not ids:
            self.editor.say(text("Select rows of a layer of the data first."))
            return
        asked = AttributesQuestion(self.window, table, ids, columns_of(project, table))

        def then() -> None:
            missing = 0

            def change(now: Project) -> None:
                nonlocal missing
                operations.correctable(now, table, asked.name)
                if asked.by_formula:
                    frame = self._frame(now, table)
                    made = operations.calculated(frame, table, ids, asked.name, asked.value)
                    missing = made.without
                    operations.calculate(now, made, asked.reason)
                else:
                    operations.correct(now, table, ids, asked.name, asked.value, asked.reason)

            before = newest_change(project)
            if self.workspace.edit(change):
                words = change_said(project, before)
                if missing:
                    left = text("{count} rows without a value were left out.", count=count(missing))
                    words = f"{words} {left}"
                self.editor.say(words)

        put(asked, self.workspace, then)

    def _frame(self, project: Project, table: str) -> pd.DataFrame:
        """The rows of a table with all results, and with corrections that are not computed with yet."""
        city = self.workspace.city
        if city is None:
            return pd.DataFrame(project.table(table).drop(columns="geometry"))
        frame = with_results(city, self.workspace.assessments, table).copy()
        for (row, name), cell in corrected_cells(project, table).items():
            if name in frame.columns and row in frame.index:
                frame[name] = frame[name].astype(object)
                frame.loc[row, name] = cell.now
        return pd.DataFrame(frame.infer_objects())

    def _rows(self) -> tuple[str, tuple[str, ...]]:
        if self.editor.active and self.editor.chosen:
            return self.editor.table, self.editor.chosen
        chosen = self.workspace.chosen
        return chosen.table, chosen.ids

    # ---- after a crash

    def _opened(self) -> None:
        project = self.workspace.project
        if project is None:
            return
        try:
            crash = begin_session(project)
        except UserError as error:  # a folder that cannot be written is opened to be read
            log.warning("The session is not noted: %s", error)
            return
        if crash is None or not (crash.changes or crash.draft):
            return
        asked = RestoreQuestion(self.window, crash)

        def then() -> None:
            if asked.goes_back:
                self.workspace.edit(lambda now: take_back(now, crash.changes))
            if asked.goes_on and crash.draft is not None:
                self.editor.take_up(crash.draft)

        put(asked, self.workspace, then)


def columns_of(project: Project, table: str) -> list[str]:
    """Columns of a table that can be corrected; of a layer that was only drawn those that are asked of a new shape."""
    return correctable_columns(project, table) or (
        ["name", "kind", "zone_level"] if table in EDITABLE else []
    )
