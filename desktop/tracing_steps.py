"""Steps of traces: rows found by their ids, values in words, and the lines that every kind of trace shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from core.fields import field, fields
from core.texts import text
from core.units import MISSING, count, given
from desktop import cards
from desktop.card_words import shown, title, words_of
from desktop.map_layers import table_title
from desktop.plan_tables import plan_table_title
from desktop.tracing import Step, unknown
from reports.wording import value_said

MOST_PARTS = 12  # parts of a sum that are listed one by one, the largest first


def row_by_id(frame: pd.DataFrame, row_id: str) -> pd.Series[Any]:
    """A row by its id as people write it."""
    places = frame.index.astype(str).get_indexer(pd.Index([row_id]))
    if places[0] < 0:
        raise unknown("row", row_id, [str(one) for one in frame.index[:20]])
    return frame.iloc[int(places[0])]


def value_shown(row: pd.Series[Any], column: str) -> str:
    return shown(row, column) or MISSING


def said_of(column: str, value: float) -> str:
    """A number of a column with its unit."""
    if column in fields():
        known = field(column)
        return count(value) if known.type == "count" else value_said(known, value)
    return given(value)


def meaning_of(column: str) -> str:
    return field(column).meaning if column in fields() else ""


def meant(column: str) -> list[tuple[str, str]]:
    meaning = meaning_of(column)
    return [(text("Meaning"), meaning)] if meaning else []


def called(table: str, row: pd.Series[Any], row_id: str) -> str:
    """What a row is called."""
    if table == "parcel":
        return text("Parcel {id}", id=row_id)
    if table == "building":
        return text("Building {id}", id=row_id)
    known = table_title(table)
    called = plan_table_title(table) if known == table else known
    return f"{called} {words_of(row, 'name') or row_id}"


def siblings(row: pd.Series[Any], column: str, origin: str) -> list[Step]:
    """The other values of a row."""
    return [
        Step(1, title(str(name)), said, "", origin)
        for name in row.index
        if name not in (column, *cards.HIDDEN) and str(name) in fields() and (said := shown(row, str(name)))
    ]


def parts_of(
    parts: pd.Series[Any], column: str, depth: int, what: str, called: Callable[[Any], str]
) -> list[Step]:
    """Parts of a sum, the largest first; of many how many more there are and what they come to."""
    there = parts[parts != 0].sort_values(ascending=False)
    formula = text("sum of {count} values", count=count(len(there)))
    steps = [Step(depth, what, said_of(column, float(parts.sum())), formula)]
    for one, value in there[:MOST_PARTS].items():
        steps.append(Step(depth + 1, called(one), said_of(column, float(value))))
    rest = there[MOST_PARTS:]
    if len(rest):
        steps.append(
            Step(depth + 1, text("{count} more", count=count(len(rest))), said_of(column, float(rest.sum())))
        )
    return steps
