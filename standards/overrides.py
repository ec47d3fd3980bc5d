"""Overrides: numbers and rows that a planner puts in place of the published ones, each with its source and reason."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from core.problems import Problem, UserError
from standards.checks import named
from standards.sources import Source, keys_of

OWN_DOCUMENT = "own-"  # begins the keys of documents that only the project knows
SAID_BESIDE = ("note", "confidence", "checked", "default_basis")  # what was said of the published number


@dataclass(frozen=True)
class Override:
    """A row put in place of a published one, or added to its table.

    Parameters
    ----------
    table : str
    keys : tuple of str
        Cells of the columns that tell the rows apart, as text, in the order of those columns.
    cells : tuple of (str, str)
        Column and what stands in it now, as text; other columns keep what was published.
    source : str
        Key of a document with the place, the word `assumption`, or the title of a document of the project's own.
    reason : str
        Why, printed as the note of the row.
    """

    table: str
    keys: tuple[str, ...]
    cells: tuple[tuple[str, str], ...]
    source: str
    reason: str


def words_of(cells: Iterable[Any]) -> tuple[str, ...]:
    """Cells as text: whole numbers without a point, missing ones empty."""
    return tuple(_word(cell) for cell in cells)


def cited(source: str, known: Mapping[str, Source]) -> str:
    """A source as it stands in a table: with known keys as it is, else the key of a document of the project's own."""
    return source if set(keys_of(source)) <= set(known) else own_document(source).key


def own_document(title: str) -> Source:
    """A document that the list of sources does not know, named by its title."""
    return Source(OWN_DOCUMENT + "_".join(title.replace(";", ",").split()), title.strip(), "", "", "local")


def laid_over(
    table: pd.DataFrame, keys: Sequence[str], overrides: Sequence[Override], known: Mapping[str, Source]
) -> pd.DataFrame:
    """A table with overrides laid over it; rows keep their places, new ones come last and all are marked `local`.

    Parameters
    ----------
    table : DataFrame
        With the column `local`.
    keys : sequence of str
        Columns that tell the rows apart.
    overrides : sequence of Override
        Of this table.
    known : Mapping of str to Source
        Documents that may be cited.

    Raises
    ------
    UserError
        A cell is no number in a column of numbers, or a column is not in the table.
    """
    rows: list[dict[Any, Any]] = [dict(row) for row in table.to_dict("records")]
    places = {words_of(row[key] for key in keys): place for place, row in enumerate(rows)}
    numeric = {str(column) for column in table.columns if table[column].dtype.kind in "if"}
    problems: list[Problem] = []
    for one in overrides:
        lost = [column for column, _ in one.cells if column not in table.columns]
        if lost:
            problems.append(
                Problem(
                    "The table {name} has no column {columns}.",
                    "Choose from: {known}.",
                    name=one.table,
                    columns=", ".join(lost),
                    known=", ".join(map(str, table.columns)),
                )
            )
            continue
        cells = {**dict(zip(keys, one.keys, strict=True)), **dict(one.cells)}
        cells |= {"source": cited(one.source, known), "note": one.reason}
        place = places.get(one.keys)
        before = rows[place] if place is not None else {}
        whole = {
            column: before.get(column) if _kept(column, one.cells) else None
            for column in map(str, table.columns)
        }
        for column, words in cells.items():
            if column not in whole:
                continue
            value = _number(words) if column in numeric else words
            if value is None:
                problems.append(_no_number(one, column, words))
            whole[column] = value
        for column in whole:
            if whole[column] is None or whole[column] != whole[column]:
                whole[column] = math.nan if column in numeric else ""
        whole["local"] = True
        if place is None:
            places[one.keys] = len(rows)
            rows.append(whole)
        else:
            rows[place] = whole
    if problems:
        raise UserError(*problems)
    made = pd.DataFrame(rows, columns=table.columns)
    for column in map(str, table.columns):
        kind = table[column].dtype
        whole_numbers = kind.kind == "i"
        fits = not whole_numbers or bool((made[column].notna() & (made[column] % 1 == 0)).all())
        made[column] = made[column].astype(kind if fits else "float64")
    return made


def _kept(column: str, cells: Sequence[tuple[str, str]]) -> bool:
    """Whether a column keeps what was published: not what was said of a number that is put in, such as its range."""
    parts = column.split("_")
    if {"low", "high"} & set(parts):
        rest = [part for part in parts if part not in ("low", "high")]
        return all([part for part in name.split("_") if part != "default"] != rest for name, _ in cells)
    return column not in SAID_BESIDE


def _number(words: str) -> float | None:
    """A number, missing where there are no words; None where the words are none."""
    if not words.strip():
        return math.nan
    try:
        found = float(words.replace("，", ".").replace(",", "."))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _no_number(one: Override, column: str, words: str) -> Problem:
    return Problem(
        "{words} is no number; the column {column} of table {name} holds numbers.",
        "Write a plain number with a decimal point.",
        table=one.table,
        rows=(named(one.keys),),
        words=words,
        column=column,
        name=one.table,
    )


def _word(cell: Any) -> str:
    if isinstance(cell, float):
        return "" if math.isnan(cell) else f"{cell:.12g}"
    return str(cell)
