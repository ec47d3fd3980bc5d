"""Plain tables and views in a store, registered so that GIS programs list them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

import pandas as pd

SQL_TYPES = {"b": "BOOLEAN", "i": "INTEGER", "u": "INTEGER", "f": "REAL"}


def write_tables(
    connection: sqlite3.Connection,
    tables: Mapping[str, pd.DataFrame],
    views: Mapping[str, tuple[str, str, str]],
) -> None:
    """Write plain tables, and views of them on a layer, in the transaction of a connection.

    Parameters
    ----------
    tables : Mapping of str to DataFrame
        By the name each will have; the index becomes the first column.
    views : Mapping of str to (layer, table, id)
        A view by name: the spatial layer it shows, the table joined to it, the id both share.
    """
    for name in views:
        _forget(connection, name)
    for name, frame in tables.items():
        _forget(connection, name)
        _insert(connection, name, frame)
    for name, (layer, table, key) in views.items():
        _view(connection, name, layer, table, key)


def _insert(connection: sqlite3.Connection, name: str, frame: pd.DataFrame) -> None:
    flat = frame.reset_index()
    columns = [f'"{column}" {SQL_TYPES.get(flat[column].dtype.kind, "TEXT")}' for column in flat]
    connection.execute(f'CREATE TABLE "{name}" ({", ".join(columns)})')
    values = zip(*(_plain(flat.iloc[:, place]) for place in range(flat.shape[1])), strict=True)
    marks = ", ".join("?" * flat.shape[1])
    connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', values)
    key = flat.columns[0]
    connection.execute(f'CREATE INDEX "{name}_{key}" ON "{name}" ("{key}")')
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?, 'attributes', ?, 0)",
        [name, name],
    )


def _plain(column: pd.Series[Any]) -> list[Any]:
    """Values of a column as SQLite takes them; missing ones are None."""
    if column.dtype.kind in "iub":
        return column.to_numpy().tolist()
    return column.astype(object).where(column.notna(), None).tolist()


def _forget(connection: sqlite3.Connection, name: str) -> None:
    kind = connection.execute("SELECT type FROM sqlite_master WHERE name = ?", [name]).fetchone()
    if kind:
        connection.execute(f'DROP {kind["type"].upper()} "{name}"')
    for table in ("gpkg_geometry_columns", "gpkg_contents"):
        connection.execute(f"DELETE FROM {table} WHERE table_name = ?", [name])


def _view(connection: sqlite3.Connection, name: str, layer: str, table: str, key: str) -> None:
    """A spatial view that joins results to a layer, registered so that GIS programs list it."""
    shown = connection.execute("SELECT * FROM gpkg_geometry_columns WHERE table_name = ?", [layer]).fetchone()
    columns = [row["name"] for row in connection.execute(f'PRAGMA table_info("{table}")')]
    listed = ", ".join(f'r."{column}"' for column in columns)
    connection.execute(
        f'CREATE VIEW "{name}" AS SELECT g.fid AS OGC_FID, g."{shown["column_name"]}" AS geom, {listed} '
        f'FROM "{layer}" g JOIN "{table}" r ON g."{key}" = r."{key}"'
    )
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id, min_x, min_y, max_x, max_y) "
        "SELECT ?, 'features', ?, srs_id, min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?",
        [name, name, layer],
    )
    connection.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, ?, ?)",
        [name, shown["geometry_type_name"], shown["srs_id"], shown["z"], shown["m"]],
    )
