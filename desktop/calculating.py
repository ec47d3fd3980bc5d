"""Calculating: a column of many rows corrected at once by an expression on the others; one change, one undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from core.fields import Field, field, fields, out_of_limits
from core.problems import Problem, UserError
from desktop.changes import correctable, given_id
from desktop.expressions import values_meant
from layers import contents
from layers.edits import Edit
from layers.project import Project


@dataclass(frozen=True)
class Calculation:
    """Values of one column by given id, and how many rows have none because something is missing."""

    table: str
    field: str
    values: pd.Series
    without: int


def calculable(project: Project, table: str) -> list[str]:
    """Columns of a given table that the dictionary knows, in its order."""
    key = contents.table_id(table)
    given = {row["name"] for row in project.store.rows(f'PRAGMA table_info("{contents.GIVEN}{table}")')}
    return [name for name in fields() if name in given and name not in (key, "geom", "fid")]


def calculated(frame: pd.DataFrame, table: str, ids: Sequence[str], name: str, words: str) -> Calculation:
    """What an expression makes of a column of some rows.

    Parameters
    ----------
    frame : DataFrame
        The table by id, with all results.
    table, name : str
        The table and its column that is to be corrected.
    ids : sequence of str
        The rows.
    words : str
        See `values_meant`.

    Returns
    -------
    Calculation
        Rows of which a value is missing that the expression needs stay as they are.

    Raises
    ------
    UserError
        The expression cannot be understood, no row gets a value, or values do not suit the column: all at once.
    """
    rows = frame.loc[frame.index.isin([str(one) for one in ids])]
    values = values_meant(rows, words)
    known = values.notna()
    without, values = int((~known).sum()), values[known]
    if values.empty:
        raise UserError(
            Problem("No row gets a value.", "Choose other rows, or a calculation on columns that are filled.")
        )
    values = _suiting(values, table, name)
    values.index = pd.Index([given_id(str(one)) for one in values.index], name=contents.table_id(table))
    twice = values[values.index.duplicated(keep=False)]
    apart = twice.groupby(level=0).nunique()
    if (apart > 1).any():
        raise UserError(
            Problem(
                "Pieces of one building get different values.",
                "Calculate on columns that are the same for all pieces.",
                table=table,
                rows=tuple(apart.index[apart > 1]),
            )
        )
    return Calculation(table, name, values[~values.index.duplicated()], without)


def calculate(project: Project, made: Calculation, why: str = "") -> int:
    """Lay calculated values over the given ones as corrections; gives how many cells change."""
    correctable(project, made.table, made.field)
    before = project.cells(made.table, [str(one) for one in made.values.index], made.field)
    after = made.values.reindex(before.index)
    different = [not _same(one, other) for one, other in zip(before, after, strict=True)]
    before, after = before[different], after[different]
    if len(before):
        said = {"field": made.field, "count": len(before)}
        edit = Edit(
            "{field}: {count} rows",
            made.table,
            before.to_frame(made.field).astype(object),
            after.astype(object).to_frame(made.field),
            why,
            said,
        )
        project.apply(edit)
    return len(before)


def _suiting(values: pd.Series, table: str, name: str) -> pd.Series:
    """The values as their column stores them; UserError with everything that does not suit it."""
    if name not in fields():
        raise UserError(
            Problem(
                "There is no column {name} in this table.",
                "Choose one of its columns; the tip of each head says its name.",
                name=name,
            )
        )
    known = field(name)
    numbers = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    if known.type in ("number", "count"):
        if not numbers:
            raise _unsuited(known, table, values)
        problems = out_of_limits(values.to_frame(name), table)
        broken = values != values.round()
        if known.type == "count" and broken.any():
            problems.append(
                Problem(
                    "{title} counts something, and some values are not whole.",
                    "Divide with // to leave decimals out, as in height_m // 3.",
                    table=table,
                    rows=tuple(values.index[broken]),
                    title=known.title,
                )
            )
        if problems:
            raise UserError(*problems)
        return values.astype("int64") if known.type == "count" else values
    if known.type == "flag":
        if not (pd.api.types.is_bool_dtype(values) or set(values.unique()) <= {0, 1}):
            raise _unsuited(known, table, values)
        return values.astype(bool)
    if numbers:
        raise _unsuited(known, table, values)
    words = values.astype(str).replace({known.shown(choice): choice for choice in known.choices})
    if known.choices and not words.isin(known.choices).all():
        raise _unsuited(known, table, words[~words.isin(known.choices)])
    return words


def _unsuited(known: Field, table: str, values: pd.Series) -> UserError:
    allowed = ", ".join(known.shown(choice) for choice in known.choices) or known.unit or known.type
    return UserError(
        Problem(
            "{value} does not suit the column {title}.",
            "Give values of this kind: {allowed}.",
            table=table,
            rows=tuple(values.index),
            value=str(values.iloc[0]),
            title=known.title,
            allowed=allowed,
        )
    )


def _same(one: Any, other: Any) -> bool:
    if one is None or (isinstance(one, float) and one != one):
        return other is None or (isinstance(other, float) and other != other)
    return bool(one == other)
