"""The problems panel: what is wrong, what to do, and in which rows, gravest first."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from core import texts
from core.problems import Problem, Severity
from desktop.ui.problems_panel import MOST_SHOWN, ProblemRow, ProblemsPanel

NOTE = Problem("There are no parcels.", "Nothing needs to be done.", severity=Severity.NOTE)
ERROR = Problem(
    "Some coordinates are infinite.", "Correct these rows.", table="building", rows=("B-1", "B-2", "B-3")
)
WARNING = Problem(
    "There is no weather.", "Import it.", severity=Severity.WARNING, table="building", rows=("B-9",)
)


@pytest.fixture
def panel(qtbot) -> ProblemsPanel:
    made = ProblemsPanel()
    qtbot.addWidget(made)
    made.resize(320, 400)
    made.show()
    return made


def words(panel: ProblemsPanel) -> list[str]:
    rows = panel.findChildren(ProblemRow)
    return [label.text() for row in rows for label in row.findChildren(QLabel)]


def test_errors_come_before_warnings_and_notes(panel):
    panel.set_problems([NOTE, WARNING, ERROR])
    said = words(panel)
    assert said.index(ERROR.message) < said.index(WARNING.message) < said.index(NOTE.message)
    assert "Correct these rows." in said and "3" in said


def test_each_severity_is_counted_and_can_be_hidden(panel):
    panel.set_problems([NOTE, WARNING, ERROR, ERROR])
    assert panel.chips[Severity.ERROR].text().endswith("2")
    panel.chips[Severity.ERROR].setChecked(False)
    assert ERROR.message not in words(panel) and WARNING.message in words(panel)


def test_the_button_asks_for_the_rows_of_its_problem(qtbot, panel):
    panel.set_problems([NOTE, ERROR])
    button = panel.findChild(ProblemRow).findChild(QPushButton)
    with qtbot.waitSignal(panel.show_rows) as said:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert said.args == ["building", ("B-1", "B-2", "B-3")]


def test_a_problem_of_no_row_has_no_button(panel):
    panel.set_problems([NOTE])
    assert panel.findChild(ProblemRow).findChild(QPushButton) is None


def test_the_language_changes_while_the_problems_stay(panel):
    panel.set_problems([ERROR])
    with texts.speaking("zh"):
        panel.retranslate()
        assert "请更正这些行。" in words(panel)
        assert panel.findChild(ProblemRow).findChild(QPushButton).text() == "查看"
    panel.retranslate()
    assert "Correct these rows." in words(panel)


def test_many_problems_are_drawn_on_demand(qtbot, panel):
    panel.set_problems([NOTE] * (MOST_SHOWN + 5))
    assert len(panel.findChildren(ProblemRow)) == MOST_SHOWN
    more = next(one for one in panel.findChildren(QPushButton) if "5" in one.text())
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(panel.findChildren(ProblemRow)) == MOST_SHOWN + 5)


def test_without_problems_it_says_so(panel):
    panel.set_problems([])
    assert panel.empty.isVisible() and panel.empty.text() == "No problem was found."


def test_a_problem_is_read_out_with_its_remedy(panel):
    panel.set_problems([ERROR])
    assert panel.findChild(ProblemRow).accessibleName() == f"{ERROR.message} {ERROR.remedy}"
