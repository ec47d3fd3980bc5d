"""The input of one cell: made from the dictionary, with its words, limits and meaning; the same on card and in table."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from core.fields import Field, fields
from core.texts import text
from core.units import given, unit_said
from desktop.ui.inputs import ComboBox
from desktop.words import parsed_value

FLAGS = (("yes", True), ("no", False))
SEARCHED = 12  # words, from which on they are found by typing


def cell_input(name: str, value: Any, parent: QWidget | None = None) -> QLineEdit | QComboBox:
    """An input for a column that holds a value: words are chosen, numbers and names typed; empty for none."""
    known = fields().get(name)
    if known is not None and (known.choices or known.type == "flag"):
        return _chooser(known, value, parent)
    typed = QLineEdit("" if missing(value) else as_typed(value), parent)
    typed.setClearButtonEnabled(False)
    if known is not None:
        typed.setPlaceholderText(limits_said(known))
        typed.setToolTip("\n".join(part for part in (known.meaning, limits_said(known)) if part))
    return typed


def typed_in(made: QWidget) -> str:
    """What stands in an input, as `parsed_value` takes it."""
    if isinstance(made, QComboBox):
        return str(made.currentData() if made.currentData() is not None else "")
    return made.text().strip() if isinstance(made, QLineEdit) else ""


def value_in(name: str, made: QWidget) -> Any:
    """The value in an input; UserError where the column does not allow it."""
    return parsed_value(name, typed_in(made))


def missing(value: Any) -> bool:
    """Whether a cell holds nothing."""
    return value is None or value != value


def as_typed(value: Any) -> str:
    """A value as a person would type it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def limits_said(known: Field) -> str:
    """Between which values a number lies, with its unit; empty for words."""
    if known.type not in ("number", "count"):
        return ""
    unit = unit_said(known.unit)
    if known.low is None and known.high is None:
        return unit
    if known.high is None:
        return f"≥ {given(known.low)} {unit}".strip()
    if known.low is None:
        return f"≤ {given(known.high)} {unit}".strip()
    return f"{given(known.low)} – {given(known.high)} {unit}".strip()


def _chooser(known: Field, value: Any, parent: QWidget | None) -> ComboBox:
    made = ComboBox(parent)
    made.addItem(text("(none)"), "")
    offered = (
        [(known.shown(flag), word) for word, flag in FLAGS]
        if known.type == "flag"
        else [(known.shown(choice), choice) for choice in known.choices]
    )
    for words, key in offered:
        made.addItem(words, key)
    if len(offered) > SEARCHED:
        made.let_type()
    place = 0 if missing(value) else made.findData(as_typed(value))
    if place < 0:  # a word that the dictionary does not know stands there all the same
        made.addItem(str(value), str(value))
        place = made.count() - 1
    made.setCurrentIndex(place)
    made.setToolTip(known.meaning)
    line = made.lineEdit()
    if line is not None:
        line.setCursorPosition(0)
    return made
