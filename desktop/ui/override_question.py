"""The question what stands in a row of published numbers from now on, from which document and why."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QFrame, QLineEdit, QScrollArea, QWidget

from core.problems import Problem, UserError
from core.texts import text
from desktop.standard_numbers import BESIDE, RowShown, TableShown, column_title
from desktop.ui.ask import Question
from desktop.ui.inputs import ComboBox
from reports.wording import listed
from standards import Standards
from standards.sources import ASSUMPTION

HIGHEST_PX, FOOT_PX, LEAST_PX = 640, 64, 560
MOST_WORDS = 30  # of a column that are offered


class OverrideQuestion(Question):
    """Asks for the cells of a row, the document they come from, and the reason.

    Parameters
    ----------
    table : TableShown
        Whose row it is.
    standards : Standards
        With the documents that may be cited.
    row : RowShown, optional
        The row that is changed; a new one where none is given.
    published : Mapping of str to str
        What was published in cells that are changed already.
    """

    def __init__(
        self,
        parent: QWidget,
        table: TableShown,
        standards: Standards,
        row: RowShown | None,
        published: Mapping[str, str],
    ) -> None:
        title = text("Put your own number") if row is not None else text("Add a row")
        lead = f"{table.title} / {row.title}" if row is not None else table.title
        super().__init__(parent, title, lead, text("Put in place"))
        self._before = row.cells if row is not None else {}
        self._keys = standards.keys(table.name)
        frame = standards.table(table.name)
        self.lines: dict[str, QLineEdit] = {}
        for name in map(str, frame.columns):
            if name in BESIDE or (row is not None and name in self._keys):
                continue
            line = QLineEdit(self._before.get(name, ""))
            if published.get(name):
                line.setPlaceholderText(text("published: {value}", value=published[name]))
                line.setToolTip(text("published: {value}", value=published[name]))
            elif frame[name].dtype == "str":
                _offer(line, [str(one) for one in frame[name].unique() if one])
            self.lines[name] = line
            self.add_line(name, line)
        self._row = row
        self.document = ComboBox()
        self.document.setEditable(True)
        self.document.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for key, source in sorted(
            standards.sources().items(), key=lambda one: (one[0] != ASSUMPTION, one[1].title)
        ):
            self.document.addItem(source.title, key)
        self.document.setCurrentIndex(-1)
        completer, edit = self.document.completer(), self.document.lineEdit()
        assert completer is not None and edit is not None  # an editable box has both
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        edit.setPlaceholderText(text("Title of a document, or assumption"))
        self.document.setMinimumContentsLength(20)
        self.document.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.add(text("Document"), self.document)
        self.place = QLineEdit()
        self.place.setPlaceholderText(text("Clause or table"))
        self.add(text("Place in the document"), self.place)
        self.add_reason()
        self.why.setPlaceholderText(text("Printed beside the number"))
        self._scroll()

    def add_line(self, name: str, line: QLineEdit) -> None:
        """The input of a column."""
        self.add(column_title(name), line)

    @property
    def keys(self) -> tuple[str, ...]:
        """What tells the row apart."""
        if self._row is not None:
            return self._row.keys
        return tuple(self.lines[key].text().strip() for key in self._keys)

    @property
    def cells(self) -> dict[str, str]:
        """The cells that differ from before."""
        return {
            name: line.text().strip()
            for name, line in self.lines.items()
            if name not in self._keys and line.text().strip() != self._before.get(name, "")
        }

    @property
    def source(self) -> str:
        """The document by its key, or by its title where the list does not know it; with the place."""
        words = self.document.currentText().strip()
        known = self.document.findText(words, Qt.MatchFlag.MatchExactly)
        key = str(self.document.itemData(known)) if known >= 0 else words
        return f"{key} {self.place.text().strip()}".strip() if key else ""

    def read(self) -> None:
        """Something must be changed, and source and reason given; all that is missing is said at once."""
        problems = []
        if self._row is None and not any(self.keys):
            problems.append(Problem("The row has no name.", "Fill in the columns that tell it apart."))
        if not self.cells:
            problems.append(Problem("Nothing is changed.", "Give at least one number or word."))
        if not self.source:
            problems.append(
                Problem(
                    "It is not said where the number comes from.",
                    "Name the document and the place, or write assumption.",
                )
            )
        if not self.reason:
            problems.append(
                Problem("A number of your own needs a reason.", "Say why; it is printed beside it.")
            )
        if problems:
            raise UserError(*problems)

    def _scroll(self) -> None:
        """Let a long form scroll, with its buttons in view."""
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = self.layout()
        if layout is not None:
            layout.replaceWidget(self.body, area)
        wanted = self.body.heightForWidth(LEAST_PX)
        area.setWidget(self.body)
        self.resize(LEAST_PX, min(HIGHEST_PX, max(wanted, 300) + FOOT_PX))


def _offer(line: QLineEdit, words: list[str]) -> None:
    """Offer the words of a column where they are few, while another is typed."""
    if not 0 < len(words) <= MOST_WORDS:
        return
    completer = QCompleter(words, line)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    line.setCompleter(completer)
    said = text("such as {words}", words=listed(words[:3]))
    line.setPlaceholderText(said)
    line.setToolTip(listed(words))
