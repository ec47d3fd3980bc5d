"""Changes of shapes: parcels and protection zones drawn, reshaped, split, merged and deleted; each can be undone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import count as numbers
from typing import Any

import numpy as np
import pandas as pd
import shapely

from core.problems import Problem, Severity, UserError
from core.units import land_area, quantity
from layers import shapes
from layers.contents import GIVEN, table_id
from layers.corrections import ADDED, GEOMETRY, REMOVED, ROW, shape_text
from layers.edits import Edit
from layers.geometry import layer_title
from layers.given_shapes import shapes_near, shapes_now
from layers.project import Project

EDITABLE = ("parcel", "protection_zone")
AREA = "plot_area_m2"
# What belongs to the ground of a parcel and is shared out with it; everything else holds for each piece alike.
SHARED = (AREA, "gfa_m2", "parking_roofless_m2", "beds", "pupils", "households", "parking_stalls")
COUNTS = ("beds", "pupils", "households", "parking_stalls")
HECTARE_M2 = 10_000.0  # a smaller area is said in m²
PREFIX = {"parcel": "N", "protection_zone": "NZ"}  # of the ids of what is drawn

Cells = dict[str, Any]
Line = Sequence[tuple[float, float]]


def draw_shape(project: Project, table: str, shape: Any, values: Mapping[str, Any], why: str = "") -> str:
    """Add an area that was drawn; gives its id."""
    _editable(table)
    shapes.sound(shape)
    row = new_id(project, table)
    after = {row: {ROW: ADDED, GEOMETRY: shape_text(shape), **values}}
    if table == "parcel":
        after[row].setdefault(AREA, round(float(shape.area), 1))
    project.apply(Edit("Draw {row}", table, *_frames(table, {row: {}}, after), why, {"row": row}))
    return row


def reshape(project: Project, table: str, changed: Mapping[str, Any], why: str = "") -> None:
    """Give some rows other shapes, by their ids; the stated area of a parcel follows in proportion."""
    _editable(table)
    old = _shapes(project, table, list(changed))
    for shape in changed.values():
        shapes.sound(shape)
    before: dict[str, Cells] = {}
    after: dict[str, Cells] = {}
    stated = project.cells(table, list(changed), AREA) if table == "parcel" else pd.Series(dtype=object)
    for row, shape in changed.items():
        before[row], after[row] = {GEOMETRY: shape_text(old[row])}, {GEOMETRY: shape_text(shape)}
        area = stated.get(row)
        if area is not None and area == area and old[row].area > 0:
            before[row][AREA] = area
            after[row][AREA] = round(float(area) * float(shape.area / old[row].area), 1)
    said = {"row": next(iter(changed)), "count": len(changed)}
    project.apply(
        Edit(
            "Reshape {row}" if len(changed) == 1 else "Reshape {count} shapes",
            table,
            *_frames(table, before, after),
            why,
            said,
        )
    )


def split_shapes(project: Project, table: str, rows: Sequence[str], line: Line, why: str = "") -> list[str]:
    """Cut areas by a line; the largest piece keeps the id, the others get new ones, which are given back.

    What belongs to the ground, such as floor area and households, is shared out by area; all else is copied.
    """
    _editable(table)
    old = _shapes(project, table, rows)
    cut = {row: shapes.split(shape, line) for row, shape in old.items()}
    before: dict[str, Cells] = {}
    after: dict[str, Cells] = {}
    made: list[str] = []
    for row, pieces in cut.items():
        values = values_of(project, table, row)
        shares = [float(piece.area) for piece in pieces]
        cells = _shared_out(values, shares)
        before[row] = {GEOMETRY: shape_text(old[row]), **{name: values[name] for name in cells[0]}}
        after[row] = {GEOMETRY: shape_text(pieces[0]), **cells[0]}
        for piece, own in zip(pieces[1:], cells[1:], strict=True):
            new = new_id(project, table, row, (*made, *after))
            before[new] = {}
            after[new] = {**values, **own, ROW: ADDED, GEOMETRY: shape_text(piece)}
            made.append(new)
    said = {"row": rows[0], "count": len(rows)}
    project.apply(
        Edit(
            "Split {row}" if len(rows) == 1 else "Split {count} shapes",
            table,
            *_frames(table, before, after),
            why,
            said,
        )
    )
    return made


def merge_shapes(project: Project, table: str, rows: Sequence[str], why: str = "") -> str:
    """Make one area of several that share edges; the largest keeps id and attributes, which is given back.

    What belongs to the ground, such as floor area and households, is added up.
    """
    _editable(table)
    wanted = list(dict.fromkeys(rows))
    if len(wanted) < 2:
        raise UserError(
            Problem("There is nothing to merge.", "Select at least two shapes that share an edge.")
        )
    old = _shapes(project, table, wanted)
    kept = max(old, key=lambda row: old[row].area)
    order = [kept, *(row for row in wanted if row != kept)]
    merged = shapes.merge([old[row] for row in order])
    values = {row: values_of(project, table, row) for row in wanted}
    sums: Cells = {}
    for name in SHARED if table == "parcel" else ():
        known = [values[row].get(name) for row in wanted]
        if all(one is not None and one == one for one in known):
            sums[name] = sum(known)
    before: dict[str, Cells] = {row: {ROW: None} for row in wanted if row != kept}
    after = {row: {ROW: REMOVED} for row in wanted if row != kept}
    before[kept] = {GEOMETRY: shape_text(old[kept]), **{name: values[kept][name] for name in sums}}
    after[kept] = {GEOMETRY: shape_text(merged), **sums}
    said = {"count": len(wanted), "row": kept}
    project.apply(Edit("Merge {count} shapes into {row}", table, *_frames(table, before, after), why, said))
    return kept


def remove_shapes(project: Project, table: str, rows: Sequence[str], why: str = "") -> None:
    """Take areas away; the given data itself stays as it was."""
    _editable(table)
    wanted = list(_shapes(project, table, rows))
    before: dict[str, Cells] = {row: {ROW: None} for row in wanted}
    after: dict[str, Cells] = {row: {ROW: REMOVED} for row in wanted}
    said = {"row": wanted[0], "count": len(wanted)}
    project.apply(
        Edit(
            "Delete {row}" if len(wanted) == 1 else "Delete {count} shapes",
            table,
            *_frames(table, before, after),
            why,
            said,
        )
    )


def doubts_about(project: Project, table: str, rows: Sequence[str]) -> list[Problem]:
    """What should be said of areas as they are now: parcels that overlap others."""
    if table != "parcel":
        return []
    problems = []
    for row, shape in shapes_now(project.store, table, rows).items():
        others = shapes_near(project.store, table, shape.bounds)
        others.pop(row, None)
        for other, area_m2 in shapes.overlaps(shape, others).items():
            problems.append(
                Problem(
                    "{row} overlaps {other} by {area}.",
                    "Move the shared corners together, or cut one of the two.",
                    severity=Severity.WARNING,
                    table=table,
                    rows=(row, other),
                    row=row,
                    other=other,
                    area=land_area(area_m2) if area_m2 >= HECTARE_M2 else quantity(area_m2, "m²"),
                )
            )
    return problems


def crossed_by(project: Project, table: str, line: Line) -> list[str]:
    """Ids of the shapes that a line passes through."""
    knife = shapely.LineString(line)
    near = shapes_near(project.store, table, knife.bounds)
    return [row for row, shape in near.items() if shapely.crosses(knife, shape)]


def sharing(project: Project, table: str, place: tuple[float, float], *, but: str) -> dict[str, Any]:
    """Shapes near a place that may have a corner there, but for one. [m]"""
    x, y = place
    reach = shapes.REACH_M
    near = shapes_near(project.store, table, (x - reach, y - reach, x + reach, y + reach))
    return {row: shape for row, shape in near.items() if row != but}


def values_of(project: Project, table: str, row: str) -> Cells:
    """Attributes of one row with their corrections; those that are missing are left out."""
    name, key = GIVEN + table, table_id(table)
    found: Cells = {}
    if project.store.has(name):
        types = {one["name"]: one["type"] for one in project.store.rows(f'PRAGMA table_info("{name}")')}
        rows = project.store.rows(f'SELECT * FROM "{name}" WHERE "{key}" = ?', [row])
        for column in types if rows else ():
            if column not in ("fid", "geom", "given_id", key):
                value = rows[0][column]
                found[column] = bool(value) if types[column] == "BOOLEAN" and value is not None else value
    overlay = project.overlay()
    laid = overlay[(overlay["table_name"] == table) & (overlay["row_id"] == row)]
    for column, value in zip(laid["field"], laid["value"], strict=True):
        if column not in (GEOMETRY, ROW):
            found[str(column)] = json.loads(str(value))
    return {column: value for column, value in found.items() if value is not None and value == value}


def new_id(project: Project, table: str, of: str = "", taken: Sequence[str] = ()) -> str:
    """An id that no row of a table bears: that of a piece from its whole, else a number of its own."""
    name, key = GIVEN + table, table_id(table)
    there = project.store.has(name)
    overlay = project.overlay()
    known = {*overlay["row_id"][overlay["table_name"] == table], *taken}
    for number in numbers(2 if of else 1):
        candidate = f"{of}-{number}" if of else f"{PREFIX[table]}-{number:03d}"
        if candidate in known:
            continue
        if not there or not project.store.rows(f'SELECT 1 FROM "{name}" WHERE "{key}" = ?', [candidate]):
            return candidate
    raise AssertionError("numbers do not end")


def _shared_out(values: Cells, shares: Sequence[float]) -> list[Cells]:
    """What belongs to the ground of each piece, by area; counts stay whole and add up to what they were."""
    weights = np.asarray(shares) / sum(shares)
    cells: list[Cells] = [{} for _ in shares]
    for name in SHARED:
        if name not in values:
            continue
        parts = float(values[name]) * weights
        if name in COUNTS:
            whole = np.floor(parts)
            missing = round(float(values[name]) - whole.sum())
            whole[np.argsort(whole - parts, kind="stable")[:missing]] += 1
            own: list[float] = [int(one) for one in whole]
        else:
            own = [round(float(one), 1) for one in parts]
        for piece, value in zip(cells, own, strict=True):
            piece[name] = value
    return cells


def _editable(table: str) -> None:
    if table not in EDITABLE:
        raise UserError(
            Problem(
                "Shapes of “{layer}” cannot be edited here.",
                "Choose parcels or protection zones; import other layers anew where they are wrong.",
                layer=layer_title(table),
            )
        )


def _shapes(project: Project, table: str, rows: Sequence[str]) -> dict[str, Any]:
    """Shapes of some rows as they are now, repaired; UserError if one is not there."""
    found = shapes_now(project.store, table, list(dict.fromkeys(rows)))
    lost = [row for row in rows if row not in found]
    if lost or not found:
        raise UserError(
            Problem(
                "Some of these shapes are not in the data.",
                "Check the ids, or select shapes first.",
                table=table,
                rows=tuple(lost),
            )
        )
    return {row: shape if shape.is_valid else shapely.make_valid(shape) for row, shape in found.items()}


def _frames(
    table: str, before: Mapping[str, Cells], after: Mapping[str, Cells]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cells of an edit before and after; its rows need not have the same."""
    names = list(dict.fromkeys(name for cells in after.values() for name in cells))
    rows = list(after)
    old = [[before[row].get(name) for name in names] for row in rows]
    new = [[after[row].get(name, before[row].get(name)) for name in names] for row in rows]
    index = pd.Index(rows, name=table_id(table))
    return (
        pd.DataFrame(old, index=index, columns=names, dtype=object),
        pd.DataFrame(new, index=index, columns=names, dtype=object),
    )
