"""Calculating: one column of some rows from a formula over the others, as one change that can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from core.fields import fields
from core.problems import Problem, UserError
from desktop.changes import correctable, given_id
from desktop.expressions import columns_meant, values_meant
from desktop.words import parsed_value
from layers.contents import GIVEN, table_id
from layers.edits import Edit
from layers.project import Project


def calculate(
    project: Project, table: str, ids: Sequence[str], field: str, formula: str, why: str = ""
) -> list[str]:
    """Correct a column of some rows of a given table by a formula; gives the rows where a value was missing.

    Columns are taken as they are given with corrections, else as they were completed when the data was checked.

    Raises
    ------
    UserError
        If the formula cannot be understood, or with all rows whose result the column does not allow.
    """
    correctable(project, table, field)
    rows = list(dict.fromkeys(given_id(str(one)) for one in ids))
    frame = _columns_of(project, table, rows, formula)
    values = values_meant(frame, formula)
    missing = [str(row) for row in values.index[values.isna()]]
    values = values.dropna()
    after: dict[str, Any] = {}
    refused: list[tuple[str, Problem]] = []
    for row, value in values.items():
        try:
            after[str(row)] = parsed_value(field, _typed(value))
        except UserError as error:
            refused.append((str(row), error.problems[0]))
    if refused:
        known = fields().get(field)
        raise UserError(
            Problem(
                "The formula gives values that {field} does not allow.",
                "Change the formula, or leave these rows out; the first says: {first}",
                table=table,
                rows=tuple(row for row, _ in refused),
                field=known.title if known is not None else field,
                first=refused[0][1].said(),
            )
        )
    if not after:
        raise UserError(
            Problem(
                "The formula gives no value for any of these rows.",
                "Choose rows in which the columns of the formula are filled.",
                table=table,
                rows=tuple(missing),
            )
        )
    before = project.cells(table, list(after), field).to_frame(field)
    made = pd.DataFrame({field: pd.Series(after, dtype=object)}).reindex(before.index)
    said = {"field": field, "formula": formula, "count": len(made)}
    project.apply(Edit("{field} = {formula}: {count} rows", table, before, made, why, said))
    return missing


def _columns_of(project: Project, table: str, rows: list[str], formula: str) -> pd.DataFrame:
    """The columns of a formula for some rows."""
    found = project.store.rows(f'PRAGMA table_info("{GIVEN}{table}")')
    given = [row["name"] for row in found if row["name"] not in ("fid", "geom")]
    city = project.city
    prepared = city.tables[table] if city is not None and table in city.tables else pd.DataFrame()
    overlay = project.overlay()
    corrected = overlay.loc[overlay["table_name"] == table, "field"]
    names = dict.fromkeys([*given, *(str(name) for name in prepared.columns), *corrected])
    wanted = [name for name in columns_meant(names, formula) if name != table_id(table)]
    there = project.cells(table, rows, table_id(table)).index
    if there.empty:
        raise UserError(
            Problem(
                "Some of these rows are not in the given data.",
                "Check the ids, or select rows first.",
                table=table,
                rows=tuple(rows),
            )
        )
    frame = pd.DataFrame(index=pd.Index(there, name=table_id(table)))
    for name in wanted:
        cells: pd.Series[Any] = project.cells(table, list(there), name)
        if name in prepared.columns:
            completed = prepared.loc[~prepared.index.duplicated(), name].reindex(there)
            cells = cells.where(cells.notna(), completed.astype(object))
        frame[name] = cells.infer_objects()
    return frame


def _typed(value: Any) -> str:
    """A value as a person would type it."""
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)
