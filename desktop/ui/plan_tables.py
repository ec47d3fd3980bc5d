"""The lists of the plan: projects, phases, indicators and all its other tables, each value with its trace."""

from __future__ import annotations

import pandas as pd
from PySide6.QtWidgets import QDialog, QWidget

from core.texts import text
from core.units import count
from desktop.addresses import Address
from desktop.plan_tables import plan_table_title, tables_shown
from desktop.ui.card_parts import across, button, down, label
from desktop.ui.inputs import ComboBox
from desktop.ui.table_model import TableModel
from desktop.ui.table_view import TableView, without_shapes
from desktop.ui.workspace import Workspace
from plans import Part

SIZE = (1080, 620)


class PlanTables(QDialog):
    """One list of the plan at a time; a right click on a value leads to where it comes from."""

    def __init__(self, workspace: Workspace, plan: Part, parent: QWidget, first: str = "project") -> None:
        super().__init__(parent)
        self.workspace, self.plan = workspace, plan
        self.setWindowTitle(text("Lists of the plan"))
        self.setAccessibleName(text("Lists of the plan"))
        self.resize(min(SIZE[0], parent.width() - 40), min(SIZE[1], parent.height() - 40))
        self.lists = ComboBox()
        self.lists.setAccessibleName(text("Which list"))
        for name in tables_shown(plan):
            self.lists.addItem(plan_table_title(name), name)
        self.lists.setCurrentIndex(max(0, self.lists.findData(first)))
        self.lists.activated.connect(self.refresh)
        self.rows = label("", "small")
        self.model = TableModel(self)
        self.view = TableView(self.model)
        self.view.setAccessibleName(text("Lists of the plan"))
        self.view.trace_asked.connect(self._trace)
        self.view.activated_row.connect(self.show_on_map)
        shut, copies = button(text("Close"), "plain", self.reject), button(text("Copy rows"), "plain")
        copies.clicked.connect(self._copy)
        for one in (shut, copies):
            one.setAutoDefault(False)
        column = down(self, margins=(20, 18, 20, 16), spacing=10)
        column.addLayout(across(self.lists, self.rows, None, spacing=12))
        hint = text(
            "Double click on a row shows its parcels or buildings on the map; right click on a value, where it comes from."
        )
        column.addWidget(label(hint, "note", wraps=True))
        column.addWidget(self.view, 1)
        column.addLayout(across(None, copies, shut, spacing=8))
        self.finished.connect(lambda _: self._let_go())
        self.refresh()

    @property
    def table(self) -> str:
        """Name of the list in front."""
        return str(self.lists.currentData())

    def refresh(self) -> None:
        """Show the list that is chosen."""
        frame = without_shapes(self.plan.tables[self.table])
        self.model.set_frame(frame)
        self.view.fit_columns()
        self.rows.setText(text("{count} rows", count=count(len(frame))))

    def show_on_map(self, row: str) -> None:
        """Select what a row is about on the map and go there; the list gives way, as it lies over the map."""
        table, ids = features_of(self.plan.tables[self.table], row)
        if not ids or self.workspace.city is None or table not in self.workspace.city.tables:
            self.rows.setText(text("This row is about no single parcel or building."))
            return
        self.accept()
        self.workspace.select_ids(table, ids)
        self.workspace.find_asked.emit()

    def _trace(self, row: str, column: str) -> None:
        self.workspace.trace_asked.emit(Address(table=self.table, row=row, column=column, planned=True))

    def _copy(self) -> None:
        """All rows that are shown, for a spreadsheet."""
        self.model.set_selected(self.model.selected | True)
        self.view.copy()

    def _let_go(self) -> None:
        self.view.close_workers()
        self.model.close()


def features_of(frame: pd.DataFrame, row: str) -> tuple[str, tuple[str, ...]]:
    """The table and the ids of the parcels or buildings that a row of a list of the plan is about."""
    found = frame.iloc[int(frame.index.astype(str).get_indexer(pd.Index([row]))[0])]
    if isinstance(found.get("parcel_ids"), str):
        return "parcel", tuple(found["parcel_ids"].split())
    for name in ("building_id", "parcel_id"):
        value = row if frame.index.name == name else found.get(name)
        if isinstance(value, str) and value:
            return name.removesuffix("_id"), (value,)
    return "", ()
