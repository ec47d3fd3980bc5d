"""The question what a rule of grades says from now on: words to choose from, names to put in, and what it would give."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QWidget
from shiboken6 import isValid

from core.problems import UserError
from core.texts import text
from desktop import grade_rules, planning, scenarios, standard_numbers
from desktop.standard_numbers import RowShown, TableShown, column_title
from desktop.ui.card_parts import label
from desktop.ui.form_dialog import column
from desktop.ui.inputs import ComboBox
from desktop.ui.override_question import OverrideQuestion
from desktop.ui.workspace import Workspace
from standards import Standards

AFTER_MS = 300  # after the last key
TEST = "test"


class RuleQuestion(OverrideQuestion):
    """Asks for the cells of a rule; below, how many parcels it would give each grade.

    Parameters
    ----------
    workspace : Workspace
        Its city says what the rule gives; the rest as of `OverrideQuestion`.
    """

    def __init__(
        self,
        parent: QWidget,
        workspace: Workspace,
        table: TableShown,
        standards: Standards,
        row: RowShown | None,
        published: Mapping[str, str],
    ) -> None:
        self.effect = label("", "note", wraps=True)
        super().__init__(parent, table, standards, row, published)
        self._workspace, self._table, self._standards = workspace, table.name, standards
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.timeout.connect(self.look_ahead)
        for line in self.lines.values():
            line.textChanged.connect(lambda _: self._wait.start(AFTER_MS))
        self.look_ahead()

    def add_line(self, name: str, line: QLineEdit) -> None:
        """Words of a list are chosen; into the condition, names are put from one."""
        known = grade_rules.choices(name)
        if known:
            self.add(column_title(name), _chooser(line, known))
        elif name == TEST:
            names = ComboBox()
            names.setAccessibleName(text("Put a name in"))
            names.addItem(text("Put a name in…"))
            for one, meaning in grade_rules.facts_said():
                names.addItem(f"{meaning}  ({one})", one)
            names.activated.connect(lambda number: self._put_in(line, names, number))
            signs = label(
                text("! not, & and, | or; > >= < <= = with a number or the word threshold"),
                "note",
                wraps=True,
            )
            line.setMinimumWidth(0)
            self.add(column_title(name), column([line, names, signs, self.effect]), line)
        else:
            super().add_line(name, line)

    def read(self) -> None:
        """The condition must be one that plans can read."""
        super().read()
        standard_numbers.tried(self._standards, self._table, self.keys, self.cells)

    def look_ahead(self) -> None:
        """Find what the rule would give, in the thread beside the window."""
        city, project = self._workspace.city, self._workspace.project
        if city is None or project is None or not self.keys or not all(self.keys):
            return
        chosen = scenarios.scenario_named(project, self._workspace.scenario)
        switches = dict(planning.settings_of(project, chosen).switches)
        standards, table, keys, cells = self._standards, self._table, self.keys, self.cells

        def work() -> str:
            try:
                changed = standard_numbers.tried(standards, table, keys, cells) if cells else standards
                before, after = (
                    grade_rules.grade_counts(city, one, switches) for one in (standards, changed)
                )
            except UserError as error:
                return str(error)
            return grade_rules.change_said(before, after)

        self._workspace.later.ask("rule", work, self._say)

    def _say(self, words: str) -> None:
        if isValid(self):  # it may be closed by now
            self.effect.setText(words)

    @staticmethod
    def _put_in(line: QLineEdit, names: ComboBox, number: int) -> None:
        """Put a name where the cursor is."""
        if number > 0:
            line.insert(str(names.itemData(number)))
            line.setFocus()
        names.setCurrentIndex(0)


def _chooser(line: QLineEdit, known: tuple[tuple[str, str], ...]) -> ComboBox:
    """A list of words that writes what is chosen into a line."""
    made = ComboBox()
    made.setToolTip(line.toolTip())
    for one, said in known:
        made.addItem(said, one)
    now = line.text().removesuffix(".0")
    if made.findData(now) < 0:
        made.addItem(now or "—", now)
    made.setCurrentIndex(made.findData(now))
    made.activated.connect(lambda number: line.setText(str(made.itemData(number))))
    line.setParent(made)
    line.hide()
    return made
