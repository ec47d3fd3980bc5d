"""Fields: the dictionary of every column, read from `fields.csv`, and of every setting, from `settings.csv`."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from core.problems import Problem, Severity
from core.texts import Phrase, language, text, word

DICTIONARY = Path(__file__).with_name("fields.csv")
SETTINGS = Path(__file__).with_name("settings.csv")  # apart: no column of a file is ever one of these

# How the values of a field are stored. A phrase is one or more English phrases parted by "; ", each with
# a translation, so that stored results can be read in any language.
CODED = ("kind",)  # of words of ours, and of any others that a planner has
TYPES = {"text": "str", "phrase": "str", "number": "float64", "count": "int64", "flag": "bool"}


@dataclass(frozen=True)
class Field:
    """One column or setting: its name, unit, limits and how it is called.

    `low` and `high` are the limits of possible values, in the field's unit; None where there is none.
    `short_name` has at most 10 bytes, for Shapefiles. `choices` are the allowed words, empty for any.
    """

    name: str
    type: str
    unit: str
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    short_name: str
    title_zh: str
    title_en: str
    meaning_zh: str
    meaning_en: str

    @property
    def title(self) -> str:
        """What the field is called in the language of the moment."""
        return self.title_zh if language() == "zh" else self.title_en

    @property
    def meaning(self) -> str:
        """What the field means, one sentence in the language of the moment."""
        return self.meaning_zh if language() == "zh" else self.meaning_en

    def shown(self, value: object) -> str:
        """A word, phrase or flag of this field in the language of the moment; other values as they are."""
        if value is None or value is pd.NA or value != value:
            return "—"
        if self.type == "flag":
            return text("yes") if value else text("no")
        if self.type == "phrase":
            known = fields()  # a phrase may name fields: what is missing, by its title
            parts = [part for part in str(value).split("; ") if part]
            return text("; ").join(known[part].title if part in known else text(part) for part in parts)
        coded = self.name in CODED or (self.choices and str(value) in self.choices)
        return word(str(value)) if coded else str(value)

    @property
    def label(self) -> str:
        """Title with the unit, as it stands over a column."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


class FieldTitle(Phrase):
    """The title of a field, by its name, in the language in which it is read."""

    def said(self) -> str:
        """The title in the language of the moment."""
        return field(str(self)).title


@cache
def fields() -> Mapping[str, Field]:
    """All columns by name, in the order of the dictionary."""
    return _read(DICTIONARY)


@cache
def settings() -> Mapping[str, Field]:
    """All settings that are no columns, by name."""
    return _read(SETTINGS)


def field(name: str) -> Field:
    """One column or setting; KeyError if the dictionary has no such name."""
    return fields()[name] if name in fields() else settings()[name]


def setting(name: str) -> Field:
    """One setting; the column of that name where settings have none. KeyError if the dictionary has no such name."""
    return settings()[name] if name in settings() else fields()[name]


def out_of_limits(frame: pd.DataFrame, table: str, names: Iterable[str] = ()) -> list[Problem]:
    """A problem for every column with values that the dictionary does not allow."""
    problems = []
    for name in names or frame.columns:
        known = fields().get(str(name))
        if known is None or known.type not in ("number", "count"):
            continue
        values = pd.to_numeric(frame[name], errors="coerce")
        wrong = pd.Series(False, index=frame.index)
        if known.low is not None:
            wrong |= values < known.low
        if known.high is not None:
            wrong |= values > known.high
        if wrong.any():
            problems.append(
                Problem(
                    "{title} is outside {low} to {high}.",
                    "Correct these rows.",
                    severity=Severity.ERROR,
                    table=table,
                    rows=tuple(frame.index[wrong]),
                    title=FieldTitle(known.name),
                    low="−∞" if known.low is None else f"{known.low:g}",
                    high=f"{'∞' if known.high is None else f'{known.high:g}'} {known.unit}".strip(),
                )
            )
    return problems


def _read(path: Path) -> dict[str, Field]:
    with path.open(encoding="utf-8", newline="") as file:
        found = [_field(row) for row in csv.DictReader(file)]
    return {field.name: field for field in found}


def _field(row: dict[str, str]) -> Field:
    def limit(word: str) -> float | None:
        return float(word) if word else None

    return Field(
        name=row["name"],
        type=row["type"],
        unit=row["unit"],
        low=limit(row["low"]),
        high=limit(row["high"]),
        choices=tuple(row["choices"].split("|")) if row["choices"] else (),
        short_name=row["short_name"],
        title_zh=row["title_zh"],
        title_en=row["title_en"],
        meaning_zh=row["meaning_zh"],
        meaning_en=row["meaning_en"],
    )
