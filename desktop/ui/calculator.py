"""The field calculator: a column of the selected or shown rows corrected by an expression, with a look ahead."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QCompleter, QLabel, QLineEdit, QWidget

from core.fields import field, fields
from core.problems import Problem, UserError
from core.texts import text
from core.units import count
from desktop import operations
from desktop.calculating import Calculation
from desktop.column_figures import figures_said
from desktop.map_layers import table_title
from desktop.names import TABLES
from desktop.ui.ask import Question
from desktop.ui.asking import put
from desktop.ui.inputs import ComboBox
from desktop.ui.table_panel import TablePanel
from desktop.ui.workspace import Message, Workspace

PAUSE_MS = 300  # after the last key before the look ahead


class CalculatorQuestion(Question):
    """What is calculated, of which column, and why."""

    def __init__(
        self, parent: QWidget, frame: pd.DataFrame, table: str, ids: Sequence[str], offered: Sequence[str]
    ) -> None:
        lead = text(
            "{table}: {count} rows. The given data stays as it was; the values are laid over it.",
            table=table_title(table),
            count=count(len(ids)),
        )
        super().__init__(parent, text("Calculate a column"), lead, text("Calculate"))
        self._frame, self._table, self._ids = frame, table, ids
        self.made: Calculation | None = None
        self.field, self.columns = ComboBox(), ComboBox()
        for name in offered:
            self.field.addItem(field(name).label, name)
        self.columns.addItem(text("Insert a column…"), "")
        for name in map(str, frame.columns):
            if name in fields():
                self.columns.addItem(f"{field(name).label}  ·  {name}", name)
        self.words, self.ahead = QLineEdit(), QLabel()
        self.words.setPlaceholderText(text("A number, or a calculation: gfa_m2 / floors_above"))
        self.ahead.setProperty("part", "small")
        self.ahead.setWordWrap(True)
        for box in (self.field, self.columns):
            box.setEditable(True)
            box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            completer = box.completer()
            if completer is not None:
                completer.setFilterMode(Qt.MatchFlag.MatchContains)
                completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.add(text("Column"), self.field)
        self.add(text("Calculation"), self.words)
        self.add("", self.columns)
        self.columns.setAccessibleName(text("Insert a column…"))
        self.add(text("What comes out"), self.ahead)
        self.add_reason()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.look_ahead)
        self.columns.activated.connect(self._insert)
        self.words.textChanged.connect(lambda _: self._pause.start())
        self.field.currentIndexChanged.connect(lambda _: self._pause.start())
        self.words.setFocus()

    @property
    def name(self) -> str:
        """The column that is calculated."""
        return str(self.field.currentData() or "")

    def read(self) -> None:
        """Calculate; UserError with everything that is wrong."""
        self.made = self._calculated()
        if not self.reason:
            raise UserError(Problem("The reason is missing.", "Say why the values are changed."))

    def look_ahead(self) -> None:
        """Say what would come out, or what is wrong."""
        self._pause.stop()
        if not self.words.text().strip():
            self.ahead.setText("")
            return
        try:
            made = self._calculated()
        except UserError as error:
            self.ahead.setText(error.problems[0].said())
            return
        parts = figures_said(made.values, field(made.field))
        if made.without:
            parts.append(text("{count} rows stay as they are: a value is missing", count=count(made.without)))
        self.ahead.setText("  ·  ".join(parts))

    def _calculated(self) -> Calculation:
        return operations.calculated(self._frame, self._table, self._ids, self.name, self.words.text())

    def _insert(self, number: int) -> None:
        name = str(self.columns.itemData(number) or "")
        if name:
            self.words.insert(f"{name} ")
            self.words.setFocus()
        self.columns.setCurrentIndex(0)


def ask_calculation(workspace: Workspace, panel: TablePanel) -> CalculatorQuestion | None:
    """Ask for a calculation on the selected rows among those shown, else on all shown, and make it."""
    project, table, model = workspace.project, panel.table, panel.model
    if project is None:
        return None
    offered = operations.calculable(project, table) if table in TABLES else []
    if not offered or not len(model.rows):
        problem = Problem("Nothing of this table can be corrected.", "Choose a layer of the given data.")
        workspace.refused.emit(UserError(problem))
        return None
    picked = model.rows[model.selected[model.rows]]
    ids = [str(one) for one in model.frame.index[picked if len(picked) else model.rows]]
    asked = CalculatorQuestion(panel.window(), model.frame, table, ids, offered)

    def done() -> None:
        made, why = asked.made, asked.reason
        if made is None:
            return
        changed: list[int] = []
        if workspace.edit(lambda now: changed.append(operations.calculate(now, made, why))):
            words = text("{count} values were corrected.", count=count(changed[0]))
            workspace.said.emit(Message(words, text("Undo") if changed[0] else "", workspace.undo))

    put(asked, workspace, done)
    return asked
