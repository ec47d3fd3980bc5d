"""The standards browser: all tables of published numbers, their rows with sources, and the project's own in their place."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtWidgets import QDialog, QLineEdit, QTableView, QWidget
from shiboken6 import isValid

from core.texts import text
from core.units import count
from desktop import operations, standard_numbers
from desktop.standard_numbers import OWN, RULE_TABLES, RowShown, TableShown, column_title
from desktop.ui.card_parts import across, button, down, label
from desktop.ui.inputs import ComboBox
from desktop.ui.override_question import OverrideQuestion
from desktop.ui.rule_question import RuleQuestion
from desktop.ui.words_model import WordsModel, set_lines, share_room, words_view
from desktop.ui.workspace import Message, Workspace
from layers.contents import CITY
from reports.wording import listed, title_of

WIDTH_PX, HEIGHT_PX, TABLES_PX = 1180, 660, 280
ROW_PX, VALUES_PX, ROOM_PX = 330, 260, 16
SEARCH_MS = 150  # after the last key
KINDS = (
    ("", "All rows"),
    ("published", "Published"),
    ("assumed", "Assumed"),
    ("unverified", "Unverified"),
    (OWN, "Your own"),
)


class StandardsBrowser(QDialog):
    """Tables at the left, the rows of the chosen one at the right; what is changed can be taken back."""

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.setWindowTitle(text("Standards"))
        self.setAccessibleName(text("Standards"))
        self.resize(min(WIDTH_PX, parent.width() - 40), min(HEIGHT_PX, parent.height() - 40))
        self._whole: Mapping[str, list[RowShown]] = {}
        self.shown: list[TableShown] = []
        self.listed: list[RowShown] = []
        self._name = ""
        self.search = QLineEdit()
        self.search.setPlaceholderText(text("Search tables and rows"))
        self.search.setAccessibleName(text("Search tables and rows"))
        self.search.setClearButtonEnabled(True)
        self.kind = ComboBox()
        self.kind.setAccessibleName(text("Kind of rows"))
        for name, words in KINDS:
            self.kind.addItem(text(words), name)
        self.tables, self.rows = words_view(text("Tables")), words_view(text("Rows of the table"))
        self.tables.setFixedWidth(TABLES_PX)
        self.about = label("", "small", wraps=True)
        self.change = button(text("Change…"), "plain", self.ask_change)
        self.add = button(text("Add a row…"), "plain", self.ask_row)
        self.back = button(text("Take back"), "plain", self.take_back)
        self._lay_out()
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _: self._wait.start(SEARCH_MS))
        self.kind.currentIndexChanged.connect(lambda _: self.refresh())
        self.rows.doubleClicked.connect(lambda _: self.ask_change())
        workspace.edits_changed.connect(self.read)
        self.read()

    def _lay_out(self) -> None:
        lead = text(
            "Every number the results stand on, with its source; put your own in place of any of them."
        )
        column = down(self, margins=(20, 18, 20, 16), spacing=10)
        column.addWidget(label(text("Standards"), "title"))
        column.addWidget(label(lead, "small", wraps=True))
        column.addLayout(across(self.search, self.kind, spacing=8))
        right = down(spacing=8)
        right.addWidget(self.about)
        right.addWidget(self.rows, 1)
        body = across(self.tables, spacing=14)
        body.addLayout(right, 1)
        column.addLayout(body, 1)
        shut = button(text("Close"), "main", self.accept)
        for one in (self.change, self.add, self.back, shut):
            one.setAutoDefault(False)
        column.addLayout(across(self.change, self.add, self.back, None, shut, spacing=8))

    # ---- what is shown

    def read(self) -> None:
        """Read all tables anew, beside the window's thread."""
        project = self.workspace.project
        if project is None:
            return
        self.standards = standards = project.standards
        own = standard_numbers.overrides(project)
        self._published = {(one.override.table, one.override.keys): one.published for one in own}

        def work() -> dict[str, list[RowShown]]:
            return {name: standard_numbers.rows(standards, name) for name in standards.names()}

        self.workspace.later.ask("standards", work, self._take)

    def _take(self, whole: Mapping[str, list[RowShown]]) -> None:
        if isValid(self):  # it may be closed by now
            self._whole = whole
            self.refresh()

    def refresh(self) -> None:
        """List the tables and rows that answer to search and kind; what was chosen stays chosen."""
        words, kind = self.search.text().strip(), str(self.kind.currentData())
        self.shown = standard_numbers.tables_with(self.standards, self._whole, words, kind)
        heads = (text("Tables"), text("Rows"))
        _show(self.tables, WordsModel(heads, len(self.shown), self._table_said, right=(1,), parent=self), 0)
        self.tables.selectionModel().currentRowChanged.connect(lambda now, before: self._choose(now))
        names = [one.name for one in self.shown]
        if names:
            self.tables.selectRow(names.index(self._name) if self._name in names else 0)
        else:
            self._choose(QModelIndex())

    def show_table(self, name: str) -> None:
        """Choose a table by its name."""
        self._name = name
        self.refresh()

    def _choose(self, index: QModelIndex) -> None:
        """Show the rows of a table: those with the words, or all where the words are of the table itself."""
        key = self.row.keys if self.row is not None else ()
        table = self.shown[index.row()] if index.isValid() else None
        kept = self._name if table is None else table.name
        same, self._name = kept == self._name, kept
        rows = self._whole.get(self._name, []) if table is not None else []
        words, kind = self.search.text().strip(), str(self.kind.currentData())
        found = standard_numbers.matching(rows, words, kind)
        self.listed = found or standard_numbers.matching(rows, "", kind)
        heads = (text("Row"), text("Values"), text("Source and note"))
        _show(self.rows, WordsModel(heads, len(self.listed), self._row_said, parent=self), 2)
        longest = max((row.title for row in self.listed), key=len, default="")
        cut = self.rows.fontMetrics().horizontalAdvance(f"● {longest}") > ROW_PX - ROOM_PX
        set_lines(self.rows, 2 if cut else 1)  # rows often differ in their last words alone
        self.rows.setColumnWidth(0, ROW_PX)
        self.rows.setColumnWidth(1, VALUES_PX)
        self.rows.selectionModel().currentRowChanged.connect(lambda now, before: self._enable())
        keys = [one.keys for one in self.listed]
        if keys:
            self.rows.selectRow(keys.index(key) if same and key in keys else 0)
        self.about.setText(table.about if table is not None else "")
        self.about.setVisible(bool(self.about.text()))  # else the rows stand lower than the tables
        self._enable()

    def _enable(self) -> None:
        table, row = self.table, self.row
        changeable = table is not None and table.changeable
        self.change.setEnabled(changeable and row is not None)
        self.add.setEnabled(changeable)
        held = {(one.table, one.keys) for one in self.standards.overrides}
        self.back.setEnabled(row is not None and (row.table, row.keys) in held)
        why = (
            ""
            if changeable or table is None
            else text("This table is read when files are brought in; match words there.")
        )
        self.change.setToolTip(why)
        self.add.setToolTip(why)

    @property
    def table(self) -> TableShown | None:
        """The table that is chosen."""
        return next((one for one in self.shown if one.name == self._name), None)

    @property
    def row(self) -> RowShown | None:
        """The row that is chosen."""
        chosen = self.rows.currentIndex() if self.rows.model() is not None else QModelIndex()
        return self.listed[chosen.row()] if chosen.isValid() and chosen.row() < len(self.listed) else None

    def _table_said(self, number: int) -> tuple[str, str]:
        one = self.shown[number]
        return one.title, text("{own} own", own=one.own) if one.own else count(one.rows)

    def _row_said(self, number: int) -> tuple[str, str, str]:
        row = self.listed[number]
        mark = "● " if OWN in row.kinds else ""
        keys = self.standards.keys(row.table)
        published = self._published.get((row.table, row.keys), {})
        values = [
            f"{column_title(name)} {value}" + _was(published.get(name, ""))
            for name, value in row.cells.items()
            if value and name not in keys and name != "unit"
        ]
        figures = f"{listed(values)} {row.unit}".strip()
        return f"{mark}{row.title}", figures, " · ".join(part for part in (row.source, row.note) if part)

    # ---- what is changed

    def ask_change(self) -> None:
        """Ask what stands in the chosen row from now on."""
        if self.row is not None and self.change.isEnabled():
            self._ask(self.row)

    def ask_row(self) -> None:
        """Ask for a new row."""
        self._ask(None)

    def take_back(self) -> None:
        """Let the published row hold again."""
        row = self.row
        if row is None:
            return
        if self.workspace.edit(lambda project: operations.take_back(project, row.table, row.keys)):
            self._say("The published row holds again. Out of date: {names}.")

    def _ask(self, row: RowShown | None) -> None:
        table, name = self.table, self._name
        if table is None:
            return
        published = self._published.get((row.table, row.keys), {}) if row is not None else {}
        asked = (
            RuleQuestion(self, self.workspace, table, self.standards, row, published)
            if name in RULE_TABLES
            else OverrideQuestion(self, table, self.standards, row, published)
        )

        def put() -> None:
            if self.workspace.edit(
                lambda project: (
                    operations.override(
                        project, name, asked.keys, asked.cells, source=asked.source, why=asked.reason
                    ),
                    None,
                )[1]
            ):
                self._say("Your number holds now. Out of date: {names}.")

        asked.accepted.connect(put)
        asked.finished.connect(asked.deleteLater)
        asked.open()

    def _say(self, words: str) -> None:
        """Say what is out of date now, if anything is."""
        workspace, stale = self.workspace, self.workspace.stale
        names = [text("Checked data")] if CITY in stale else []
        names += [title_of(made) for name, made in workspace.assessments.items() if name in stale]
        names += [text("The plan")] if workspace.plan is not None and not workspace.plan_fresh else []
        said = text(words, names=listed(names)) if names else text("All results agree with the data again.")
        workspace.said.emit(Message(said))


def _was(value: str) -> str:
    """What was published, behind what stands in its place."""
    return f" ({text('was {value}', value=value)})" if value else ""


def _show(view: QTableView, model: WordsModel, stretched: int) -> None:
    """Another model for a view; the one before is let go."""
    before = view.model()
    view.setModel(model)
    share_room(view, stretched)
    if before is not None:
        before.deleteLater()
