"""Checks of tables of numbers: source, unit, range and keys of every row."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from core.problems import Problem, Severity
from standards.sources import Source, is_assumption, keys_of

NUMBER_COLUMNS = ("low", "high", "default", "value", "constraint", "guide")


def row_names(table: pd.DataFrame, keys: Sequence[str]) -> list[str]:
    """What the rows are called in messages: their keys, else their line in the file."""
    if not keys or any(key not in table.columns for key in keys):
        return [str(line) for line in range(2, len(table) + 2)]
    return [named(cells) for cells in table[list(keys)].to_numpy()]


def named(cells: Iterable[Any]) -> str:
    """The cells of a row's keys in one line, empty ones left out."""
    words = (f"{cell:g}" if isinstance(cell, float) and not math.isnan(cell) else str(cell) for cell in cells)
    return " / ".join(word for word in words if word not in ("", "nan"))


def problems_of(
    name: str, table: pd.DataFrame, keys: Sequence[str], sources: Mapping[str, Source]
) -> list[Problem]:
    """Everything wrong with a table.

    Parameters
    ----------
    name : str
        Name of the table.
    table : DataFrame
        Its rows.
    keys : sequence of str
        Columns that tell the rows apart.
    sources : Mapping of str to Source
        Documents that may be cited.
    """
    labels = pd.Series(row_names(table, keys), index=table.index)
    found: list[Problem] = []

    def add(wrong: pd.Series, message: str, remedy: str, severity: Severity, **values: str) -> None:
        if wrong.any():
            rows = tuple(labels[wrong])
            found.append(
                Problem(message, remedy, severity=severity, table=name, rows=rows, name=name, **values)
            )

    if "source" not in table.columns:
        everywhere = pd.Series(True, index=table.index)
        add(
            everywhere,
            "The table {name} has no column for sources.",
            "Add the column source with the key of a document, or the word assumption.",
            Severity.ERROR,
        )
        return found
    source = table["source"].fillna("").astype(str)
    add(
        source.str.strip() == "",
        "Rows of table {name} have no source.",
        "Name the document by its key in the list of sources, or write assumption and say why in the note.",
        Severity.ERROR,
    )
    unknown = sorted({key for text in source for key in keys_of(text) if key not in sources})
    add(
        source.map(lambda text: any(key in unknown for key in keys_of(text))),
        "Rows of table {name} cite sources that are not in the list: {unknown}.",
        "Add the document to sources.toml, or correct the key.",
        Severity.ERROR,
        unknown=", ".join(unknown),
    )
    note = table["note"].fillna("") if "note" in table.columns else pd.Series("", index=table.index)
    add(
        source.map(is_assumption) & (note == ""),
        "Rows of table {name} are assumptions without a reason.",
        "Say in the note why the number was taken.",
        Severity.WARNING,
    )
    if keys and all(key in table.columns for key in keys):
        add(
            table.duplicated(list(keys), keep=False),
            "Rows of table {name} stand there twice.",
            "Keep one row for every {keys}.",
            Severity.ERROR,
            keys=", ".join(keys),
        )
    if "unit" in table.columns:
        numbers = [column for column in NUMBER_COLUMNS if column in table.columns]
        has_number = pd.Series(False, index=table.index)
        for column in numbers:
            has_number |= pd.to_numeric(table[column], errors="coerce").notna()
        add(
            has_number & (table["unit"] == ""),
            "Rows of table {name} have a number without a unit.",
            "Write the unit, or - for a plain number or share.",
            Severity.ERROR,
        )
    add(
        _out_of_range(table),
        "Rows of table {name} have a low end above the high end, or a default outside them.",
        "Correct low, default and high so that they rise.",
        Severity.ERROR,
    )
    return found


def _out_of_range(table: pd.DataFrame) -> pd.Series:
    """Rows where low <= default <= high does not hold, in any group of such columns."""
    wrong = pd.Series(False, index=table.index)
    for column in table.columns:
        if "low" not in column.split("_"):
            continue
        low, default, high = (
            pd.to_numeric(table[name], errors="coerce") if name in table.columns else None
            for name in (column, column.replace("low", "default"), column.replace("low", "high"))
        )
        for smaller, larger in ((low, high), (low, default), (default, high)):
            if smaller is not None and larger is not None:
                wrong |= smaller > larger
    return wrong
