"""Given values: what stood in a cell before people corrected it, to be shown beside the correction."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from core.fields import fields
from core.units import given
from layers.contents import GIVEN, table_id
from layers.corrections import ADDED, GEOMETRY, ROW, row_states
from layers.project import ROWS_AT_ONCE, Project


class Corrected(NamedTuple):
    """A corrected cell: the value now, and the given one; `added` says that the whole row was drawn."""

    now: Any
    given: Any
    added: bool


def corrected_cells(project: Project, table: str) -> dict[tuple[str, str], Corrected]:
    """All corrected cells of a given table, by row and column; shapes are left to the map."""
    overlay = project.overlay()
    overlay = overlay[overlay["table_name"] == table]
    added = {row for row, state in row_states(overlay).items() if state == ADDED}
    laid = overlay[~overlay["field"].isin([GEOMETRY, ROW])]
    if laid.empty:
        return {}
    given_rows = _given(project, table, sorted(set(laid["row_id"])))
    found = {}
    for row, name, value in zip(laid["row_id"], laid["field"], laid["value"], strict=True):
        before = given_rows.get(str(row), {}).get(str(name))
        found[str(row), str(name)] = Corrected(json.loads(str(value)), before, row in added)
    return found


class Cell(NamedTuple):
    """A cell of a row: its value now, the given one, and whether the one was corrected."""

    now: Any
    given: Any
    corrected: bool


def correctable_columns(project: Project, table: str) -> list[str]:
    """Columns of a given table that can be corrected: those that were given, without ids and shapes."""
    found = project.store.rows(f'PRAGMA table_info("{GIVEN}{table}")')
    others = ("fid", "geom", "given_id", table_id(table))
    return [str(row["name"]) for row in found if row["name"] not in others]


def row_cells(project: Project, table: str, row: str) -> dict[str, Cell]:
    """Every correctable cell of one row by its column; `row` is the id it was given with."""
    given, laid = _given(project, table, [row]).get(row, {}), laid_over(project, table, row)
    found = {}
    for name in correctable_columns(project, table):
        before = _as_kept(name, given.get(name))
        found[name] = Cell(laid.get(name, before), before, name in laid)
    return found


def given_cells(project: Project, table: str, row: str) -> dict[str, Any]:
    """What was given of one row, by column; nothing of a row that was drawn."""
    found = _given(project, table, [row]).get(row, {})
    return {name: _as_kept(name, value) for name, value in found.items()}


def _as_kept(name: str, value: Any) -> Any:
    """A value as it is typed: yes or no is kept as a number."""
    known = fields().get(name)
    return bool(value) if known is not None and known.type == "flag" and value is not None else value


def laid_over(project: Project, table: str, row: str) -> dict[str, Any]:
    """What was corrected of one row, by column; `row` is the id it was given with."""
    overlay = project.overlay()
    laid = overlay[(overlay["table_name"] == table) & (overlay["row_id"] == row)]
    cells = zip(laid["field"], laid["value"], strict=True)
    return {str(name): json.loads(str(value)) for name, value in cells}


def value_said(field: str, value: Any) -> str:
    """A value of a cell as people read it, a dash where there is none."""
    known = fields().get(field)
    if value is None or value != value:
        return "—"
    if isinstance(value, float) and (known is None or known.type != "flag"):
        return given(value)
    return known.shown(value) if known is not None else str(value)


def _given(project: Project, table: str, rows: list[str]) -> dict[str, dict[str, Any]]:
    """Attributes of some rows as they were given."""
    name, key = GIVEN + table, table_id(table)
    found: dict[str, dict[str, Any]] = {}
    if not project.store.has(name):
        return found
    for begin in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[begin : begin + ROWS_AT_ONCE]
        marks = ", ".join("?" * len(some))
        for row in project.store.rows(f'SELECT * FROM "{name}" WHERE "{key}" IN ({marks})', some):
            found[row[key]] = {column: row[column] for column in row.keys() if column != "geom"}  # noqa: SIM118
    return found
