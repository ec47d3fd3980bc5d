"""Dialogs of what a planner sets by hand: a grade, a retrofit, and a sheet of own data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QPushButton, QWidget

from core.fields import field
from core.problems import Problem, UserError
from core.texts import text
from core.units import count
from desktop import operations
from desktop.own_data import KINDS
from desktop.ui.ask import NOTHING, Choice, Question
from desktop.ui.form_dialog import column

RETROFITS = (("yes", "Must be retrofitted"), ("no", "Must not be retrofitted"), ("", "By its priority"))


class GradeQuestion(Question):
    """Which green-building grade some parcels get by hand."""

    def __init__(self, parent: QWidget, ids: Sequence[str]) -> None:
        lead = (
            text("Parcel {id}", id=ids[0])
            if len(ids) == 1
            else text("{count} parcels", count=count(len(ids)))
        )
        super().__init__(parent, text("Set the grade by hand"), lead, text("Set"))
        self.grade = QComboBox()
        self.grade.addItem(text("As the rules say"), None)
        known = field("green_grade")
        for one in known.choices:
            self.grade.addItem(known.shown(one), one)
        self.add(known.title, self.grade)
        self.add_reason()
        self.why.setPlaceholderText(text("Printed beside the grade"))

    @property
    def chosen(self) -> str | None:
        """The grade; None leaves it to the rules."""
        chosen = self.grade.currentData()
        return None if chosen is None else str(chosen)

    def read(self) -> None:
        """A grade needs a reason."""
        if self.chosen is not None and not self.reason:
            raise UserError(
                Problem("A grade set by hand needs a reason.", "Say why; it is printed beside the grade.")
            )


class RetrofitQuestion(Question):
    """Whether some buildings must, or must not, be retrofitted."""

    def __init__(self, parent: QWidget, ids: Sequence[str]) -> None:
        lead = (
            text("Building {id}", id=ids[0])
            if len(ids) == 1
            else text("{count} buildings", count=count(len(ids)))
        )
        super().__init__(parent, text("Decide about retrofit"), lead, text("Decide"))
        self.decision = Choice(RETROFITS)
        self.add(text("Decision"), self.decision)
        self.add_reason()

    @property
    def chosen(self) -> bool | None:
        """Must, must not, or None where its priority decides."""
        return {"yes": True, "no": False}.get(self.decision.chosen)

    def read(self) -> None:
        """The decision must be chosen."""
        if self.decision.chosen == NOTHING:
            raise UserError(Problem("Nothing is decided.", "Choose a decision."))


class OwnDataQuestion(Question):
    """Which sheet of own data is taken in; an empty one can be written first."""

    def __init__(self, parent: QWidget, folder: str) -> None:
        lead = text("Rows of the same place, kind and year are replaced; it can be undone.")
        super().__init__(parent, text("Own data"), lead, text("Import"))
        self._folder = folder
        self.kind = QComboBox()
        for name, one in KINDS.items():
            self.kind.addItem(text(one.title), name)
        self.add(text("Kind"), self.kind)
        self.file = QLineEdit()
        self.file.setPlaceholderText(text("XLSX or CSV"))
        self.add(text("File"), self.file)
        self.browse = QPushButton(text("Browse…"))
        self.empty = QPushButton(text("Write an empty template…"))
        for made, act in ((self.browse, self._browse), (self.empty, self._template)):
            made.setAutoDefault(False)
            made.clicked.connect(act)
            made.setProperty("part", "link")
        self.form.addRow(column([self.browse, self.empty]))
        self.add_reason()

    @property
    def path(self) -> Path:
        """The file as it stands."""
        return Path(self.file.text().strip()).expanduser()

    def read(self) -> None:
        """A file must be named."""
        if not self.file.text().strip():
            raise UserError(Problem("No file is named.", "Choose a file."))

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, text("Choose a file"), self._folder, "XLSX, CSV (*.xlsx *.xlsm *.csv)"
        )
        if chosen:
            self.file.setText(chosen)

    def _template(self) -> None:
        name = str(self.kind.currentData())
        begin = str(Path(self._folder) / f"{text(KINDS[name].title)}.xlsx")
        chosen, _ = QFileDialog.getSaveFileName(
            self, text("Write an empty template…"), begin, "XLSX (*.xlsx)"
        )
        if not chosen:
            return
        path = Path(chosen)
        path = path if path.suffix.lower() in (".xlsx", ".csv") else path.with_name(f"{path.name}.xlsx")
        self.file.setText(str(operations.write_template(name, path)))
