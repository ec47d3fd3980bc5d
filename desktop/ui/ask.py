"""Questions of the card: a decision about a technology, a structural check, a correction; each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QWidget,
)

from core.fields import Field, field
from core.problems import UserError
from core.texts import text
from core.units import count, unit_said
from desktop.ui.card_parts import across, button, down, label
from desktop.words import parsed_value

WIDTH = 440
FIELDS = ("height_m", "floors_above", "gfa_m2", "use", "roof_type", "year_built", "roof_year")
DECISIONS = (("install", "Install"), ("defer", "Defer"), ("decline", "Decline"), ("", "No decision"))
CHECKS = (("passed", "Passed"), ("failed", "Failed"), ("", "Not made"))


class Question(QDialog):
    """A form with a reason and two buttons."""

    def __init__(self, parent: QWidget, title: str, lead: str, go: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(WIDTH)
        self.form = QFormLayout()
        self.form.setSpacing(10)
        self.form.setHorizontalSpacing(16)
        self.why = QPlainTextEdit()
        self.why.setFixedHeight(64)
        self.why.setTabChangesFocus(True)
        self.why.setPlaceholderText(text("Kept in the history, and in the reports"))
        self.why.setAccessibleName(text("Reason"))
        self.trouble = label("", "error", wraps=True)
        self.trouble.hide()
        self.go = button(go, "main", self.try_accept)
        self.go.setDefault(True)
        column = down(self, margins=(20, 18, 20, 16), spacing=12)
        column.addWidget(label(title, "title"))
        column.addWidget(label(lead, "small", wraps=True))
        column.addLayout(self.form)
        column.addWidget(self.trouble)
        column.addLayout(across(None, button(text("Cancel"), "plain", self.reject), self.go, spacing=8))

    def add_reason(self) -> None:
        """The reason is the last row of the form."""
        self.form.addRow(text("Reason"), self.why)

    @property
    def reason(self) -> str:
        """Why, as it was given."""
        return self.why.toPlainText().strip()

    def try_accept(self) -> None:
        """Close with yes if everything can be read; else say what cannot."""
        try:
            self.read()
        except UserError as error:
            self.trouble.setText(str(error))
            self.trouble.show()
            return
        self.accept()

    def read(self) -> None:
        """Read the form; UserError where something cannot be."""


class DecisionQuestion(Question):
    """What is decided about a technology on some parcels."""

    def __init__(self, parent: QWidget, ids: Sequence[str], technologies: Sequence[str]) -> None:
        lead = (
            text("Parcel {id}", id=ids[0])
            if len(ids) == 1
            else text("{count} parcels", count=count(len(ids)))
        )
        super().__init__(parent, text("Decide about a technology"), lead, text("Decide"))
        self.technology = QComboBox()
        for name in technologies:
            self.technology.addItem(text(name), name)
        self.technology.setAccessibleName(text("Technology"))
        self.form.addRow(text("Technology"), self.technology)
        self.decision = Choice(DECISIONS)
        self.form.addRow(text("Decision"), self.decision)
        self.add_reason()

    @property
    def chosen(self) -> tuple[str, str | None]:
        """The technology, and install, defer, decline or None."""
        return str(self.technology.currentData()), self.decision.chosen or None


class CheckQuestion(Question):
    """What the structural check of some buildings found."""

    def __init__(self, parent: QWidget, ids: Sequence[str]) -> None:
        lead = (
            text("Building {id}", id=ids[0])
            if len(ids) == 1
            else text("{count} buildings", count=count(len(ids)))
        )
        super().__init__(parent, text("Enter structural check"), lead, text("Enter"))
        self.outcome = Choice(CHECKS)
        self.form.addRow(text("Outcome"), self.outcome)
        self.add_reason()
        self.why.setPlaceholderText(text("Number and date of the check report"))

    @property
    def chosen(self) -> str | None:
        """Passed, failed, or None where there was no check."""
        return self.outcome.chosen or None


class CorrectionQuestion(Question):
    """Another value for an attribute of some buildings."""

    def __init__(self, parent: QWidget, ids: Sequence[str], name: str, now: str) -> None:
        lead = (
            text("Building {id}", id=ids[0])
            if len(ids) == 1
            else text("{count} buildings", count=count(len(ids)))
        )
        super().__init__(parent, text("Correct an attribute"), lead, text("Correct"))
        self.form.insertRow(
            0,
            label(
                text("The given data stays as it was; the correction is laid over it."), "small", wraps=True
            ),
        )
        self.field = QComboBox()
        for known in FIELDS:
            self.field.addItem(field(known).label, known)
        self.field.setCurrentIndex(max(0, self.field.findData(name)))
        self.field.setAccessibleName(text("Attribute"))
        self.form.addRow(text("Attribute"), self.field)
        self.number = QLineEdit()
        self.word = QComboBox()
        for part in (self.number, self.word):
            part.setAccessibleName(text("Value"))
        self.form.addRow(text("Value"), self.number)
        self.form.addRow(text("Value"), self.word)
        self.add_reason()
        self.field.currentIndexChanged.connect(lambda _: self._fit(""))
        self.value: Any = None
        self._fit(now)

    @property
    def name(self) -> str:
        """The attribute."""
        return str(self.field.currentData())

    def read(self) -> None:
        """The value, as its column allows it."""
        words = str(self.word.currentData()) if field(self.name).choices else self.number.text()
        self.value = parsed_value(self.name, words)

    def _fit(self, now: str) -> None:
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


class Choice(QWidget):
    """One of a few words, all in view."""

    def __init__(self, offered: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._names = [name for name, _ in offered]
        row = across(spacing=14)
        for number, (_, words) in enumerate(offered):
            made = QRadioButton(text(words))
            made.setChecked(number == 0)
            self._group.addButton(made, number)
            row.addWidget(made)
        row.addStretch(1)
        self.setLayout(row)

    @property
    def chosen(self) -> str:
        """The name of the word."""
        return self._names[self._group.checkedId()]

    def choose(self, name: str) -> None:
        """Choose a word by its name."""
        self._group.button(self._names.index(name)).setChecked(True)


def _limits(known: Field) -> str:
    if known.low is None or known.high is None:
        return unit_said(known.unit)
    return f"{known.low:g} – {known.high:g} {unit_said(known.unit)}".strip()
