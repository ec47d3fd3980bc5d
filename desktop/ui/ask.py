"""Questions of the card: a decision about a technology, a structural check, a correction; each with its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import (
    QButtonGroup,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QWidget,
)

from core.fields import Field, field
from core.problems import Problem, UserError
from core.texts import text
from core.units import count, unit_said
from desktop.card_words import technology_said
from desktop.ui.card_parts import across
from desktop.ui.form_dialog import FormDialog
from desktop.ui.inputs import ComboBox
from desktop.words import number_typed, parsed_value

FIELDS = ("height_m", "floors_above", "gfa_m2", "use", "roof_type", "year_built", "roof_year")
DECISIONS = (("install", "Install"), ("defer", "Defer"), ("decline", "Decline"), ("", "No decision"))
NOTHING = "?"  # no word was chosen yet
PITCHES_SAID = (("gb50797", "GB 50797"), ("loss", "By the loss to the row in front"))
ORIENTATIONS_SAID = (
    ("best", "Whichever holds more"),
    ("portrait", "Up the slope"),
    ("landscape", "Along the row"),
)
LEAST_LOSS, MOST_LOSS = 0.001, 0.5  # shares, as the setting of the layout allows them
CHECKS = (("passed", "Passed"), ("failed", "Failed"), ("", "Not made"))


class Question(FormDialog):
    """A form that ends with the reason."""

    def __init__(self, parent: QWidget, title: str, lead: str, go: str) -> None:
        super().__init__(title, lead, go, parent)
        self.why = QPlainTextEdit()
        self.why.setFixedHeight(64)
        self.why.setTabChangesFocus(True)
        self.why.setPlaceholderText(text("Kept in the history"))

    def add_reason(self) -> None:
        """The reason is the last row of the form."""
        self.add(text("Reason"), self.why)

    @property
    def reason(self) -> str:
        """Why, as it was given."""
        return self.why.toPlainText().strip()


class DecisionQuestion(Question):
    """What is decided about a technology on some parcels."""

    def __init__(self, parent: QWidget, ids: Sequence[str], technologies: Sequence[str]) -> None:
        lead = (
            text("Parcel {id}", id=ids[0])
            if len(ids) == 1
            else text("{count} parcels", count=count(len(ids)))
        )
        super().__init__(parent, text("Decide about a technology"), lead, text("Decide"))
        self.technology = ComboBox()
        for name in technologies:
            self.technology.addItem(technology_said(name), name)
        self.add(text("Technology"), self.technology)
        self.decision = Choice(DECISIONS)
        self.add(text("Decision"), self.decision)
        self.size_kw, self.year = QLineEdit(), QLineEdit()
        self.size_kw.setPlaceholderText(text("Empty: the largest that is offered"))
        self.year.setPlaceholderText(text("Empty: as the programme has it"))
        self.add(text("Capacity of each (kW)"), self.size_kw)
        self.add(text("Year of completion"), self.year)
        self.add_reason()
        self.planned_kw: float | None = None
        self.phase_year: int | None = None

    def read(self) -> None:
        """The decision must be chosen; size and year are numbers or empty."""
        if self.decision.chosen == NOTHING:
            raise UserError(Problem("Nothing is decided.", "Choose a decision."))
        size, year = (str(one.text()).strip() for one in (self.size_kw, self.year))
        self.planned_kw = parsed_value("planned_kw", size) if size else None
        self.phase_year = parsed_value("phase_year", year) if year else None

    @property
    def chosen(self) -> tuple[str, str | None]:
        """The technology, and install, defer, decline or None."""
        return str(self.technology.currentData()), self.decision.chosen or None


class CheckQuestion(Question):
    """What the structural check of some buildings found."""

    def __init__(self, parent: QWidget, ids: Sequence[str]) -> None:
        super().__init__(parent, text("Enter structural check"), _buildings(ids), text("Enter"))
        self.outcome = Choice(CHECKS)
        self.add(text("Outcome"), self.outcome)
        self.add_reason()
        self.why.setPlaceholderText(text("Number and date of the check report"))

    @property
    def chosen(self) -> str | None:
        """Passed, failed, or None where there was no check."""
        return self.outcome.chosen or None

    def read(self) -> None:
        """Nothing passes by itself: the outcome must be chosen."""
        if self.outcome.chosen == NOTHING:
            raise UserError(Problem("The outcome is not chosen.", "Say what the structural check found."))


class CorrectionQuestion(Question):
    """Another value for an attribute of some buildings."""

    def __init__(self, parent: QWidget, ids: Sequence[str], name: str, now: str) -> None:
        note = text("The given data stays as it was; the correction is laid over it.")
        lead = f"{_buildings(ids)} · {note}"
        super().__init__(parent, text("Correct an attribute"), lead, text("Correct"))
        self.field = ComboBox()
        for known in FIELDS:
            self.field.addItem(field(known).label, known)
        self.field.setCurrentIndex(max(0, self.field.findData(name)))
        self.add(text("Attribute"), self.field)
        self.number = QLineEdit()
        self.word = ComboBox()
        self.add(text("Value"), self.number)
        self.add(text("Value"), self.word)
        self.add_reason()
        self.field.currentIndexChanged.connect(lambda _: self._suit(""))
        self.value: Any = None
        self._suit(now)

    @property
    def name(self) -> str:
        """The attribute."""
        return str(self.field.currentData())

    def read(self) -> None:
        """The value, as its column allows it."""
        words = str(self.word.currentData()) if field(self.name).choices else self.number.text()
        self.value = parsed_value(self.name, words)

    def _suit(self, now: str) -> None:
        known = field(self.name)
        words = bool(known.choices)
        self.form.setRowVisible(self.number, not words)
        self.form.setRowVisible(self.word, words)
        self.word.clear()
        for choice in known.choices:
            self.word.addItem(text(choice), choice)
        self.word.setCurrentIndex(max(0, self.word.findText(now)))
        self.number.setText(now if not words else "")
        self.number.setPlaceholderText(_limits(known))
        self.trouble.hide()


class LayoutQuestion(FormDialog):
    """How modules are laid out on the roof of a building."""

    def __init__(self, parent: QWidget, building_id: str) -> None:
        super().__init__(text("Lay out modules"), _buildings([building_id]), text("Lay out"), parent)
        self.pitch = Choice(PITCHES_SAID)
        self.pitch.choose("gb50797")
        self.add(text("Pitch of rows"), self.pitch)
        self.loss = QLineEdit()
        self.loss.setPlaceholderText(text("Empty: that of the tables"))
        self.add(text("Most yearly loss to the row in front (%)"), self.loss)
        self.pitch.changed(lambda: self.loss.setEnabled(self.pitch.chosen == "loss"))
        self.loss.setEnabled(False)
        self.orientation = Choice(ORIENTATIONS_SAID)
        self.orientation.choose("best")
        self.add(text("Long side of modules"), self.orientation)
        self.ending = ComboBox()
        for ending, words in (("gpkg", "GeoPackage"), ("geojson", "GeoJSON")):
            self.ending.addItem(words, ending)
        self.add(text("Saved as"), self.ending)
        self.most_loss: float | None = None
        self.file_ending = "gpkg"

    def read(self) -> None:
        """The loss is a share within limits, or empty."""
        self.file_ending = str(self.ending.currentData())
        typed = self.loss.text().strip()
        self.most_loss = None
        if not typed or self.pitch.chosen != "loss":
            return
        share = number_typed(typed) / 100
        if not LEAST_LOSS <= share <= MOST_LOSS:
            raise UserError(
                Problem(
                    "{value} is out of the question.",
                    "Give a value from {low} to {high}.",
                    value=f"{typed} %",
                    low=f"{LEAST_LOSS * 100:g} %",
                    high=f"{MOST_LOSS * 100:g} %",
                )
            )
        self.most_loss = share


class Choice(QWidget):
    """One of a few words, all in view."""

    def __init__(self, offered: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._names = [name for name, _ in offered]
        row = across(spacing=14)
        for number, (_, words) in enumerate(offered):
            made = QRadioButton(text(words))
            self._group.addButton(made, number)
            row.addWidget(made)
        row.addStretch(1)
        self.setLayout(row)

    @property
    def chosen(self) -> str:
        """The name of the word; `NOTHING` while none is chosen."""
        number = self._group.checkedId()
        return NOTHING if number < 0 else self._names[number]

    def changed(self, then: Callable[[], None]) -> None:
        """Have something done whenever another word is chosen."""
        self._group.idToggled.connect(lambda number, on: then() if on else None)

    def choose(self, name: str) -> None:
        """Choose a word by its name."""
        self._group.button(self._names.index(name)).setChecked(True)


def _buildings(ids: Sequence[str]) -> str:
    if len(ids) == 1:
        return text("Building {id}", id=ids[0])
    return text("{count} buildings", count=count(len(ids)))


def _limits(known: Field) -> str:
    if known.low is None or known.high is None:
        return unit_said(known.unit)
    return f"{known.low:g} – {known.high:g} {unit_said(known.unit)}".strip()
