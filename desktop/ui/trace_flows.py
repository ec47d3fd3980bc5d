"""Flows of tracing: from a number that was pointed at to the dialog that says where it comes from."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QWidget

from core.problems import UserError
from core.texts import text
from desktop import tracing
from desktop.addresses import Address
from desktop.tracing import Traced
from desktop.ui.asking import put
from desktop.ui.trace import NumberTraceDialog, TraceDialog, trace_of
from desktop.ui.workspace import Workspace
from layers.project import PLAN


class TraceFlows:
    """What the window does when the origin of a number is asked for."""

    def __init__(self, workspace: Workspace, window: QWidget) -> None:
        self.workspace, self.window = workspace, window
        workspace.trace_asked.connect(self.number)

    def number(self, address: Address) -> None:
        """Show where one number comes from."""
        workspace, project = self.workspace, self.workspace.project
        if project is None:
            return
        own = address.scenario is None or address.scenario == workspace.scenario
        material = tracing.material_of(
            project,
            address,
            workspace.scenario if address.scenario is None else address.scenario,
            city=workspace.city,
            assessments=workspace.assessments,
            plan=workspace.plan if own else None,
            stale=(*workspace.stale, *(() if workspace.plan_fresh else (PLAN,))) if own else None,
        )

        def found() -> Traced | UserError:
            try:
                return tracing.trace(material, address)
            except UserError as error:
                return error

        def show(made: Traced | UserError) -> None:
            if isinstance(made, UserError):
                workspace.refused.emit(made)
            else:
                self._show(NumberTraceDialog(self.window, made, material.standards))

        workspace.later.ask("trace", found, show)

    def row(self, table: str, row_id: str) -> None:
        """Show where all numbers of a card come from."""
        city, made = self.workspace.city, self.workspace.assessments
        if city is None:
            return
        title = text("Parcel {id}" if table == "parcel" else "Building {id}", id=row_id)
        self.workspace.later.ask(
            "trace",
            lambda: trace_of(city, made, table, row_id),
            lambda found: self._show(TraceDialog(self.window, title, found)),
        )

    def figure(self, key: str) -> None:
        """Show what a figure of the plan was computed from."""
        self.number(Address(key=key))

    def _show(self, dialog: QDialog) -> None:
        put(dialog, self.workspace)
