"""Own data as read: which column of a planner's sheet is which of ours, and its rows as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from core.fields import Field, field
from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import LANGUAGES, speaking, text
from layers import table_files
from layers.encodings import of_csv
from layers.project import DECIDED
from layers.values import plain
from plans.energy_sources import AUDIT, COLUMNS, STATISTICS
from plans.monitoring import MEASURED

CITY, DISTRICT, UNIT, BUILDING = "city", "district", "unit", "building"


@dataclass(frozen=True)
class Kind:
    """A kind of own data: its table, columns in the order of the template, and what must be filled in.

    Parameters
    ----------
    table : str
        The decided table it becomes.
    title : str
        What it is, English with a translation.
    columns, needed, key : tuple of str
        All columns; those without which a row says nothing; those that tell rows apart.
    allowed : Mapping
        Words a column may hold, where fewer than those of the dictionary.
    by_scenario : bool
        Whether it belongs to the plan of a scenario; facts of the city hold for all.
    """

    table: str
    title: str
    columns: tuple[str, ...]
    needed: tuple[str, ...]
    key: tuple[str, ...]
    allowed: Mapping[str, tuple[str, ...]]
    by_scenario: bool = False


KINDS: Mapping[str, Kind] = {
    "statistics": Kind(
        "statistics",
        "Energy statistics and audits",
        COLUMNS,
        ("energy_source", "area_kind", "carrier", "statistics_year", "statistics_amount", "statistics_unit"),
        ("energy_source", "area_kind", "area_id", "use", "carrier", "statistics_year"),
        {
            "energy_source": (AUDIT, STATISTICS),
            "area_kind": (CITY, DISTRICT, BUILDING),
            "carrier": ("electricity", "gas", "heat"),
            "statistics_unit": ("kWh", "GJ", "m3"),
        },
    ),
    "actual": Kind(
        "actual_value",
        "Values of indicators that were reached",
        ("indicator", "area_kind", "area_id", "year", "value"),
        ("indicator", "area_kind", "year", "value"),
        ("indicator", "area_kind", "area_id", "year"),
        {"area_kind": (CITY, DISTRICT, UNIT)},
    ),
    "measured": Kind(
        "measured_project",
        "Measured projects",
        ("choice_id", "year", *MEASURED),
        ("choice_id", "year"),
        ("choice_id", "year"),
        {},
        by_scenario=True,
    ),
}


def kind_named(name: str) -> Kind:
    """A kind of own data by name."""
    if name not in KINDS:
        raise UserError(
            Problem(
                "There is no kind of own data {name}.",
                "Choose one of: {names}.",
                name=name,
                names=", ".join(KINDS),
            )
        )
    return KINDS[name]


def read_sheet(path: Path, encoding: str | None = None, sheet: str | None = None) -> pd.DataFrame:
    """A sheet of a workbook, the first where none is named, or a CSV, under its own heads.

    Raises
    ------
    UserError
        The workbook has no such sheet.
    """
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return table_files.table(table_files.csv_rows(path, of_csv(path, encoding).encoding, Job()))
    names = table_files.sheet_names(path)
    if sheet and sheet not in names:
        raise UserError(
            Problem(
                "The file has no sheet {name}.", "Choose one of: {names}.", name=sheet, names=", ".join(names)
            )
        )
    rows, _ = table_files.sheet_rows(path, sheet or names[0], Job())
    return table_files.table(rows)


def sheets_of(path: Path) -> list[str]:
    """The sheets of a workbook; none of a CSV."""
    return table_files.sheet_names(path) if path.suffix.lower() in (".xlsx", ".xlsm") else []


def found_pairs(kind: Kind, given: pd.DataFrame) -> dict[str, str]:
    """Which column of the file is which of ours, by name, title or short name."""
    heads = {_bare(str(one)): str(one) for one in given.columns}
    found = {}
    for one in kind.columns:
        known = field(one)
        names = (one, known.title_zh, known.title_en, known.short_name)
        head = next((heads[_bare(name)] for name in names if _bare(name) in heads), None)
        if head is not None:
            found[one] = head
    return found


def pairs_with(
    kind: Kind, given: pd.DataFrame, by_hand: Sequence[str], known: Mapping[str, str]
) -> dict[str, str]:
    """Which column is which: by hand (`ours=theirs`; nothing behind the sign leaves ours out), else as known.

    Raises
    ------
    UserError
        A pair names no column.
    """
    found = {ours: theirs for ours, theirs in known.items() if theirs in given.columns}
    problems = []
    for pair in by_hand:
        ours, sign, theirs = (part.strip() for part in pair.partition("="))
        if ours in kind.columns and sign and not theirs:
            found.pop(ours, None)
        elif ours in kind.columns and theirs in given.columns:
            found = {one: column for one, column in found.items() if column != theirs} | {ours: theirs}
        else:
            problems.append(
                Problem(
                    "{pair} names no column.",
                    "Write ours=theirs; ours are {ours}, those of the file {theirs}.",
                    pair=pair,
                    ours=", ".join(kind.columns),
                    theirs=", ".join(map(str, given.columns)),
                )
            )
    if problems:
        raise UserError(*problems)
    return found


def lacking(kind: Kind, pairs: Mapping[str, str]) -> list[Problem]:
    """That columns are missing without which a row says nothing; empty where none is."""
    missing = [one for one in kind.needed if one not in pairs]
    if not missing:
        return []
    return [
        Problem(
            "The file lacks the columns {columns}.",
            "Fill in the template, or name the columns.",
            columns=", ".join(field(one).title for one in missing),
        )
    ]


def _bare(head: str) -> str:
    """A head without its unit in brackets."""
    return plain(head).partition("(")[0].strip()


def rows_of(kind: Kind, given: pd.DataFrame, pairs: Mapping[str, str]) -> pd.DataFrame:
    """The rows under our names, each with a key; every wrong cell is said at once."""
    problems: list[Problem] = []
    made: dict[str, list[Any]] = {}
    for one in kind.columns:
        cells = given[pairs[one]] if one in pairs else pd.Series([None] * len(given), index=given.index)
        read = [_value(kind, one, value) for value in cells]
        wrong = [number for number, (_, fine) in enumerate(read, start=2) if not fine]
        if wrong:
            problems.append(
                Problem(
                    "{column} holds what cannot be read, in rows {lines} of the file.",
                    "Write what the column takes: {help}.",
                    column=field(one).title,
                    lines=", ".join(map(str, wrong[:20])),
                    help=help_of(kind, one),
                )
            )
        made[one] = [value for value, _ in read]
    rows = pd.DataFrame(made, dtype=object)
    if rows.empty:
        problems.append(Problem("The file has no rows.", "Fill in the template."))
    if problems:
        raise UserError(*problems)
    keys = [
        "/".join(str(value) for value in row if value not in (None, ""))
        for row in rows[list(kind.key)].to_numpy()
    ]
    twice = pd.Index(keys)[pd.Index(keys).duplicated()]
    if len(twice):
        raise UserError(
            Problem(
                "The file says these more than once: {keys}.",
                "Keep one row of each.",
                keys=", ".join(twice.unique()[:20]),
            )
        )
    rows.index = pd.Index(keys, name=DECIDED[kind.table])
    return rows


def _value(kind: Kind, name: str, value: object) -> tuple[Any, bool]:
    """A cell as a value of a column, and whether it can be one."""
    known = field(name)
    if value is None or value != value or str(value).strip() == "":
        return ("" if name in ("area_id", "use") else None), name not in kind.needed
    if known.type in ("number", "count"):
        number = float(pd.to_numeric(str(value).replace(",", "").strip(), errors="coerce"))
        low = -float("inf") if known.low is None else known.low
        high = float("inf") if known.high is None else known.high
        fine = low <= number <= high and (known.type == "number" or number == int(number))
        return (int(number) if fine and known.type == "count" else number), fine
    allowed = kind.allowed.get(name, known.choices)
    if not allowed or name == "use":
        words = _words(known, (*known.choices, "public")) if name == "use" else {}
        said = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
        return (words.get(plain(said), ""), plain(said) in words) if words else (said, True)
    found = _words(known, allowed).get(plain(value))
    return found, found is not None


def _words(known: Field, allowed: Sequence[str]) -> dict[str, str]:
    """What people write for each allowed word: the key, and its words in both languages."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with speaking(language):
            found |= {
                plain(known.shown(one) if one != "public" else text("Public buildings")): one
                for one in allowed
            }
    return found | {plain(one): one for one in allowed}


def help_of(kind: Kind, name: str) -> str:
    """What a column takes."""
    known = field(name)
    parts = [text("needed") if name in kind.needed else text("may be empty")]
    allowed = kind.allowed.get(name, known.choices)
    if allowed:
        parts.append(text("one of: {words}", words=", ".join(known.shown(one) for one in allowed)))
    if name == "use":
        parts.append(text("or {word}; empty means all civil buildings", word=text("Public buildings")))
    if name == "area_id":
        parts.append(text("code or name of the district, id of the building; empty for the city"))
    if name == "choice_id":
        parts.append(text("parcel/technology, as in the list of projects"))
    if known.meaning:
        parts.append(known.meaning)
    if name == "value":
        parts.append(text("in the base unit: m², kW, kWh, tce, tCO2; shares from 0 to 1"))
    return text("; ").join(parts)
