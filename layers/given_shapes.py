"""Given shapes: those of some rows or of a place, with corrections, read from the project without the whole table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from layers.contents import GIVEN, table_id
from layers.corrections import ADDED, GEOMETRY, REMOVED, ROW, shape_of
from layers.features import shapes_from
from layers.store import Store

ROWS_AT_ONCE = 500  # of the rows asked for in one query


@dataclass(frozen=True)
class Changed:
    """Rows of a table whose shape was corrected, or that were added or removed.

    Parameters
    ----------
    shapes : dict of str to shape
        Those corrected and those added, by id.
    added, removed : frozenset of str
        Ids of whole rows.
    """

    shapes: dict[str, Any]
    added: frozenset[str]
    removed: frozenset[str]

    @property
    def rows(self) -> frozenset[str]:
        """Ids of all of them."""
        return frozenset(self.shapes) | self.removed


def changed_shapes(store: Store, table: str) -> Changed:
    """What people changed of the shapes of a table."""
    shapes: dict[str, Any] = {}
    states: dict[str, str] = {}
    query = "SELECT row_id, field, value FROM lutu_overlay WHERE table_name = ? AND field IN (?, ?)"
    for row in store.rows(query, [table, GEOMETRY, ROW]):
        if row["field"] == ROW:
            states[row["row_id"]] = json.loads(row["value"])
        else:
            shapes[row["row_id"]] = shape_of(json.loads(row["value"]))
    removed = frozenset(row for row, state in states.items() if state == REMOVED)
    added = frozenset(row for row, state in states.items() if state == ADDED)
    return Changed({row: one for row, one in shapes.items() if row not in removed}, added, removed)


def given_shapes(store: Store, table: str, rows: Sequence[str]) -> dict[str, Any]:
    """Shapes of some rows as they were given; rows that are not there, or have none, are left out."""
    name, key = GIVEN + table, table_id(table)
    found: dict[str, Any] = {}
    if not store.has(name):
        return found
    for begin in range(0, len(rows), ROWS_AT_ONCE):
        some = [str(row) for row in rows[begin : begin + ROWS_AT_ONCE]]
        marks = ", ".join("?" * len(some))
        for row in store.rows(f'SELECT "{key}" AS id, geom FROM "{name}" WHERE "{key}" IN ({marks})', some):
            if row["geom"] is not None:
                found[row["id"]] = shape_from(row["geom"])
    return found


def shapes_now(store: Store, table: str, rows: Sequence[str]) -> dict[str, Any]:
    """Shapes of some rows with corrections; removed rows are left out."""
    changed = changed_shapes(store, table)
    wanted = [row for row in rows if row not in changed.rows]
    found = given_shapes(store, table, wanted)
    return {row: shape for row in rows if (shape := changed.shapes.get(row, found.get(row))) is not None}


def shapes_near(store: Store, table: str, bounds: tuple[float, float, float, float]) -> dict[str, Any]:
    """Shapes with corrections whose box meets a rectangle (west, south, east, north). [m]"""
    changed = changed_shapes(store, table)
    name, key, tree = GIVEN + table, table_id(table), f"rtree_{GIVEN}{table}_geom"
    west, south, east, north = bounds
    found: dict[str, Any] = {}
    if store.has(tree):
        query = (
            f'SELECT "{key}" AS id, geom FROM "{name}" WHERE fid IN (SELECT id FROM "{tree}" '
            "WHERE minx <= ? AND maxx >= ? AND miny <= ? AND maxy >= ?)"
        )
        for row in store.rows(query, [east, west, north, south]):
            if row["geom"] is not None and row["id"] not in changed.rows:
                found[row["id"]] = shape_from(row["geom"])
    place = shapely.box(*bounds)
    found |= {
        row: shape
        for row, shape in changed.shapes.items()
        if shapely.intersects(place, shapely.box(*shape.bounds))
    }
    return found


def shape_from(blob: bytes) -> Any:
    """The shape in a binary of a GeoPackage."""
    return shapely.force_2d(shapes_from([blob])[0])
