"""Questions of editing: what a drawn shape is, other values for selected rows, and what to keep after a crash."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

from core.fields import field, fields
from core.problems import Problem, UserError
from core.texts import text
from core.units import count, land_area
from desktop.drafts import Crash
from desktop.map_layers import table_title
from desktop.shape_forms import ZONE, asked_of, land_uses, zone_kinds
from desktop.ui.ask import NOTHING, Choice, Question
from desktop.ui.form_dialog import FormDialog
from desktop.ui.inputs import ComboBox
from desktop.words import parsed_value
from standards import Standards

WAYS = (("value", "One value"), ("formula", "Formula"))
KEEPS = (("keep", "Keep them"), ("back", "Undo them all"))


class DrawnQuestion(Question):
    """What a drawn shape is."""

    def __init__(self, parent: QWidget, table: str, area_m2: float, standards: Standards) -> None:
        title = text("New protection zone") if table == ZONE else text("New parcel")
        super().__init__(parent, title, text("Area {area}", area=land_area(area_m2)), text("Add"))
        self._table = table
        self.inputs: dict[str, QLineEdit | QComboBox] = {}
        for name in asked_of(table):
            made: QLineEdit | QComboBox = QLineEdit()
            if name == "kind":
                made = _chooser(zone_kinds(standards))
            elif name == "land_use_code":
                made = _chooser(land_uses(standards))
            elif field(name).choices:
                made = _chooser({choice: field(name).shown(choice) for choice in field(name).choices})
            self.inputs[name] = made
            self.add(field(name).title, made)
        self.add_reason()
        self.values: dict[str, Any] = {}

    def read(self) -> None:
        """A zone needs its kind, a parcel its land use: both decide what may be built there."""
        needed = "kind" if self._table == ZONE else "land_use_code"
        self.values = {}
        for name, made in self.inputs.items():
            typed = str(made.currentData() or "") if isinstance(made, QComboBox) else made.text().strip()
            if typed:
                self.values[name] = parsed_value(name, typed)
            elif name == needed:
                raise UserError(
                    Problem(
                        "{field} is missing.",
                        "Choose it: results follow from it.",
                        field=field(name).title,
                    )
                )
        if self._table != ZONE:
            self.values["land_use_system"] = "plan2023"


class AttributesQuestion(Question):
    """Another value for a column of the selected rows: the same for all, or by a formula."""

    def __init__(self, parent: QWidget, table: str, ids: Sequence[str], columns: Sequence[str]) -> None:
        rows = text("{count} rows", count=count(len(ids))) if len(ids) > 1 else ids[0]
        note = text("The given data stays as it was; the correction is laid over it.")
        lead = f"{table_title(table)} · {rows} · {note}"
        super().__init__(parent, text("Edit attributes"), lead, text("Correct"))
        self.column = _chooser(
            {name: fields()[name].label if name in fields() else name for name in columns}, empty=False
        )
        self.add(text("Attribute"), self.column)
        self.way = Choice(WAYS)
        self.way.choose("value")
        self.add(text("New value"), self.way)
        self.typed, self.word = QLineEdit(), ComboBox()
        self.formula = QLineEdit()
        self.formula.setPlaceholderText(text("For example: floors_above * 3.0"))
        self.formula.setCompleter(QCompleter(list(columns)))
        self.add(text("Value"), self.typed)
        self.add(text("Value"), self.word)
        self.add(text("Formula"), self.formula)
        self.add_reason()
        self.column.currentIndexChanged.connect(lambda _: self._suit())
        self.way.changed(self._suit)
        self.value: Any = None
        self._suit()

    @property
    def name(self) -> str:
        """The column."""
        return str(self.column.currentData())

    @property
    def by_formula(self) -> bool:
        """Whether a formula was given."""
        return self.way.chosen == "formula"

    def read(self) -> None:
        """The value as its column allows it, or the formula as it was typed."""
        if self.by_formula:
            self.value = self.formula.text().strip()
            if not self.value:
                raise UserError(Problem("There is no formula.", "Write one over columns of this table."))
            return
        words = str(self.word.currentData()) if self._choices() else self.typed.text().strip()
        self.value = parsed_value(self.name, words)

    def _choices(self) -> tuple[str, ...]:
        known = fields().get(self.name)
        if known is None:
            return ()
        return ("yes", "no") if known.type == "flag" else tuple(known.choices)

    def _suit(self) -> None:
        choices = self._choices()
        self.form.setRowVisible(self.typed, not choices and not self.by_formula)
        self.form.setRowVisible(self.word, bool(choices) and not self.by_formula)
        self.form.setRowVisible(self.formula, self.by_formula)
        self.word.clear()
        for choice in choices:
            self.word.addItem(text(choice), choice)
        self.trouble.hide()


class RestoreQuestion(FormDialog):
    """What to keep of a session that the program did not end properly."""

    def __init__(self, parent: QWidget, crash: Crash) -> None:
        moment = datetime.fromisoformat(crash.since).astimezone().strftime("%Y-%m-%d %H:%M")
        lead = text(
            "The program did not end properly. Every change made since {moment} was kept: {count} in all.",
            moment=moment,
            count=count(crash.changes),
        )
        super().__init__(text("Restore the project"), lead, text("Go on"), parent)
        self.cancel.hide()  # one of the two it must be
        self.keeping = Choice(KEEPS)
        self.keeping.choose("keep")
        self.add(text("Changes"), self.keeping)
        self.drawing = Choice((("on", "Go on drawing"), ("off", "Let it go")))
        self.drawing.choose("on")
        if crash.draft is not None:
            self.add(
                text("Half-drawn shape, {count} corners", count=count(len(crash.draft.line))), self.drawing
            )
        else:
            self.drawing.hide()
        self._draft = crash.draft

    @property
    def goes_back(self) -> bool:
        """Whether the changes are not wanted."""
        return self.keeping.chosen == "back"

    @property
    def goes_on(self) -> bool:
        """Whether what was half-drawn is taken up."""
        return self._draft is not None and self.drawing.chosen not in ("off", NOTHING)


def _chooser(offered: dict[str, str], *, empty: bool = True) -> ComboBox:
    """One of many words, found by typing a part of it."""
    made = ComboBox()
    if empty:
        made.addItem("", "")
    for name, words in offered.items():
        made.addItem(words, name)
    if len(offered) > 12:
        made.let_type()
    return made
