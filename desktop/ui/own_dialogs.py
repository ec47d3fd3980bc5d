"""Dialogs of what a planner sets by hand: a grade and a retrofit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from core.fields import field
from core.problems import Problem, UserError
from core.texts import text
from core.units import count
from desktop.ui.ask import NOTHING, Choice, Question
from desktop.ui.inputs import ComboBox

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
        self.grade = ComboBox()
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
