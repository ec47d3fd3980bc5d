"""The problems panel: what was found in the data, gravest first, each with what to do and the rows concerned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.problems import Problem, Severity
from core.texts import text
from core.units import count
from desktop.map_layers import table_title
from desktop.ui.workspace import Workspace

SEVERITIES = {
    Severity.ERROR: ("To correct", "bad"),
    Severity.WARNING: ("To note", "warning"),
    Severity.NOTE: ("Handled", "unsuitable"),
}
MOST_SHOWN = 60  # problems of one severity drawn at once; the rest follows on demand


class ProblemsPanel(QWidget):
    """All problems by severity.

    Signals
    -------
    show_rows(str, object)
        The user wants to see the rows of a problem: name of the table, tuple of ids.
    """

    show_rows = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._problems: tuple[Problem, ...] = ()
        self._whole: set[Severity] = set()
        self.chips = {severity: QToolButton() for severity in SEVERITIES}
        self.empty = QLabel()
        self.empty.setProperty("part", "small")
        self.empty.setWordWrap(True)
        self._body = QWidget()
        self._rows = QVBoxLayout(self._body)
        self._rows.setContentsMargins(12, 0, 12, 12)
        self._rows.setSpacing(0)
        self.area = QScrollArea()
        self.area.setWidget(self._body)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 8)
        head.setSpacing(4)
        for severity, (_, tone) in SEVERITIES.items():
            chip = self.chips[severity]
            chip.setCheckable(True)
            chip.setChecked(True)
            chip.setProperty("part", "count")
            chip.setProperty("tone", tone)
            chip.toggled.connect(self._fill)
            head.addWidget(chip)
        head.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(self.area, 1)
        self._fill()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems shown."""
        return self._problems

    def set_problems(self, problems: Sequence[Problem]) -> None:
        """Show other problems."""
        if tuple(problems) == self._problems and self._rows.count():
            return
        self._problems = tuple(problems)
        self._whole.clear()
        self._fill()

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self._fill()

    def _fill(self) -> None:
        self.area.setAccessibleName(text("Problems of the data"))
        found = Counter(problem.severity for problem in self._problems)
        for severity, (words, _) in SEVERITIES.items():
            chip = self.chips[severity]
            chip.setText(f"{text(words)} {count(found[severity])}")
            chip.setAccessibleName(chip.text())
            chip.setToolTip(text("Show or hide these"))
            chip.setVisible(found[severity] > 0)
        while item := self._rows.takeAt(0):
            if old := item.widget():
                if old is not self.empty:
                    old.deleteLater()
                old.setParent(None)
        if not self._problems:
            self.empty.setText(text("No problem was found."))
            self._rows.addWidget(self.empty)
            self.empty.show()
        for severity in SEVERITIES:
            group = [problem for problem in self._problems if problem.severity is severity]
            if group and self.chips[severity].isChecked():
                self._add_group(severity, group)
        self._rows.addStretch(1)

    def _add_group(self, severity: Severity, group: Sequence[Problem]) -> None:
        most = len(group) if severity in self._whole else MOST_SHOWN
        for problem in group[:most]:
            row = ProblemRow(problem, SEVERITIES[severity][1])
            row.shown.connect(self.show_rows)
            self._rows.addWidget(row)
        if len(group) > most:
            more = QPushButton(text("Show {count} more", count=count(len(group) - most)))
            more.setProperty("part", "link")
            more.clicked.connect(lambda: self._open(severity))
            self._rows.addWidget(more)

    def _open(self, severity: Severity) -> None:
        self._whole.add(severity)
        self._fill()


class ProblemRow(QFrame):
    """One problem: the sentence, what to do, how many rows, and a button that shows them.

    Signals
    -------
    shown(str, object)
        Name of the table and tuple of ids.
    """

    shown = Signal(str, object)

    def __init__(self, problem: Problem, tone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "row")
        message = text(problem.message, **problem.values)
        remedy = text(problem.remedy, **problem.values)
        sentence, secondary = _words(message, "body"), _words(remedy, "small")
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(sentence)
        lines.addWidget(secondary)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 8, 0, 8)
        across.setSpacing(8)
        number = QLabel(count(len(problem.rows)) if problem.rows else "·")
        number.setProperty("part", "chip")
        number.setProperty("tone", tone)
        number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        number.setMinimumWidth(36)
        number.setToolTip(
            text("{count} rows of {table}", count=count(len(problem.rows)), table=table_title(problem.table))
            if problem.rows
            else text("This concerns no single row.")
        )
        across.addWidget(number, 0, Qt.AlignmentFlag.AlignTop)
        across.addLayout(lines, 1)
        self.setAccessibleName(f"{message} {remedy}")
        if problem.rows and problem.table:
            button = QPushButton(text("Show"))
            button.setProperty("part", "link")
            button.setAccessibleName(text("Show the rows of: {problem}", problem=message))
            button.clicked.connect(lambda: self.shown.emit(problem.table, tuple(problem.rows)))
            across.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)


def show_rows_of(workspace: Workspace, table: str, rows: Sequence[str]) -> None:
    """Select the rows of a problem and show them on the map."""
    ids = {str(row) for row in rows}
    pieces = [str(one) for one in workspace.ids(table) if str(one).split("#", 1)[0] in ids]
    workspace.select_ids(table, pieces)
    workspace.restyle(table, visible=True)
    workspace.find_asked.emit()


def _words(words: str, part: str) -> QLabel:
    made = QLabel(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    made.setProperty("part", part)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.MinimumExpanding)
    policy.setHeightForWidth(True)
    made.setSizePolicy(policy)
    return made
