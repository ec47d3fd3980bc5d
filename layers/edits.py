"""Edits: changes people make to tables, with who, when and why, that can be undone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pandas as pd

from core.fields import fields
from core.texts import text, word
from core.units import given, unit_said


@dataclass(frozen=True)
class Edit:
    """A change of some cells of one table.

    Parameters
    ----------
    label : str
        What is done, an English phrase with a translation; may hold `{placeholders}`.
    table : str
        A given table (the edit is a correction laid over it), or a decided one.
    before, after : DataFrame
        The cells before and after, the same rows and columns.
    why : str
        The reason, as the user gave it.
    values : Mapping
        What fills the placeholders of the label.
    """

    label: str
    table: str
    before: pd.DataFrame
    after: pd.DataFrame
    why: str = ""
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        same_rows = self.before.index.equals(self.after.index)
        if not same_rows or list(self.before.columns) != list(self.after.columns):
            raise ValueError("an edit needs the same rows and columns before and after")


@dataclass(frozen=True)
class HistoryEntry:
    """One line of the history: what was done, by whom, when, why, and whether it was undone."""

    number: int
    label: str
    table: str
    who: str
    at: str
    why: str
    undone: bool
    cells: int


def label_said(row: Any) -> str:
    """Label of a line of the history in the language of the moment; a column is called by its title.

    A value before and after reads as on a card, with the unit behind the second.
    """
    values = json.loads(row["label_values"])
    name = values.get("field")
    for side in ("before", "after"):
        if side in values:
            values[side] = _value_said(name, values[side])
    if row["table_name"] == "target" and "row" in values:  # indicator, year and area
        values["row"] = " ".join(word(part) for part in str(values["row"]).split("/") if part != "city")
    if name in fields():
        unit = fields()[name].unit
        values["field"] = fields()[name].title
        if unit and "after" in values:
            values["after"] = f"{values['after']} {unit_said(unit)}"
    return text(row["label"], **values)


def _value_said(name: str, value: Any) -> str:
    """One value of a column as it was given; a dash where it was missing."""
    known = fields().get(name)
    if value is None or value != value:
        return "—"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return known.shown(value) if known is not None else str(value)
    if known is not None and known.type == "flag":
        return known.shown(bool(value))
    return str(int(value)) if "year" in name.split("_") and value == int(value) else given(value)
