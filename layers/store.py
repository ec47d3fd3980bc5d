"""The store: one GeoPackage with given layers, results, decisions and history, written so that a crash loses nothing."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from core.jobs import Cancelled
from core.problems import Problem, UserError
from layers import lock
from layers.features import read_features

STORE_VERSION = 1

SCHEMA = """
CREATE TABLE lutu_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE lutu_source (
    table_name TEXT PRIMARY KEY, file TEXT NOT NULL, digest TEXT NOT NULL, imported_at TEXT NOT NULL,
    details TEXT NOT NULL);
CREATE TABLE lutu_overlay (
    table_name TEXT NOT NULL, row_id TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (table_name, row_id, field));
CREATE TABLE lutu_history (
    number INTEGER PRIMARY KEY AUTOINCREMENT, label TEXT NOT NULL, label_values TEXT NOT NULL,
    table_name TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, why TEXT NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0, changes TEXT NOT NULL);
CREATE TABLE lutu_computed (
    name TEXT PRIMARY KEY, stamp TEXT NOT NULL, made_at TEXT NOT NULL, seconds REAL NOT NULL,
    facts TEXT NOT NULL);
"""

# What people change through edits; carried over when a prepared copy takes the place of the file.
EDITED = ("lutu_meta", "lutu_overlay", "lutu_history")

# Files that are to take their names with the store, as pairs in the meta data.
MOVES = "moves"

# What columns of plain tables are read as, by their kind in SQL; all else as it comes.
PLAIN = {"BOOLEAN": "bool", "REAL": "float64"}

# Copied at a stretch (4 MB); in between, edits are written, which would else wait for the whole copy.
PAGES_AT_ONCE = 1024

# From a store version to the next: what is done to the database, in one transaction.
MIGRATIONS: dict[int, Callable[[sqlite3.Connection], None]] = {}


class Unreadable(UserError):
    """Raised where the file of a project is damaged or gone; `folder` is that of the project."""

    def __init__(self, folder: Path, problem: Problem) -> None:
        super().__init__(problem)
        self.folder = folder


@dataclass(frozen=True)
class Prepared:
    """A copy of the store with new layers or results in it, not yet in place."""

    path: Path


class Store:
    """The file `city.gpkg` of a project.

    Plain tables are changed through sqlite3, each change one transaction. Spatial layers are written by
    GDAL into a copy that then takes the place of the file, so that it is never half-written. Any thread may read and
    write; one at a time does, and all wait while a copy takes the place of the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._gate = threading.RLock()
        self._open = True
        self._locked = path.is_file()
        alone = self._locked and lock.take(path.parent)
        try:
            self._connection = self._connect()
            self._finish()
            if alone:
                self._remove_leftovers()
        except BaseException:
            self._release()
            raise

    @classmethod
    def create(cls, path: Path, meta: Mapping[str, Any]) -> Store:
        """A new store with its meta data; UserError if the file exists or cannot be written."""
        if path.exists():
            raise UserError(
                Problem(
                    "There is already a project in {folder}.",
                    "Open it, or choose another folder.",
                    folder=path.parent,
                )
            )
        about = pd.DataFrame({"about": ["A project of Lütu; tables named lutu_ are its own."]})
        fresh = path.with_suffix(".new.gpkg")
        fresh.unlink(missing_ok=True)
        try:
            pyogrio.write_dataframe(
                about, fresh, layer="lutu_about", driver="GPKG", dataset_options={"VERSION": "1.3"}
            )
            with sqlite3.connect(fresh) as connection:
                connection.executescript(SCHEMA)
                everything = {"store_version": STORE_VERSION, **meta}
                connection.executemany(
                    "INSERT INTO lutu_meta VALUES (?, ?)",
                    [(key, json.dumps(value, ensure_ascii=False)) for key, value in everything.items()],
                )
            connection.close()
            fresh.replace(path)
        except OSError as error:
            raise UserError(_cannot_write(path, error)) from error
        return cls(path)

    def close(self) -> None:
        """Let go of the file."""
        with self._gate:
            self._open = False
            self._connection.close()
            self._release()

    def _release(self) -> None:
        if self._locked:
            self._locked = False
            lock.release(self.path.parent)

    # Plain tables

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All that is done inside is written together, or not at all."""
        try:
            with self._gate, self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
        except sqlite3.OperationalError as error:
            raise UserError(_cannot_write(self.path, error)) from error
        except sqlite3.DatabaseError as error:
            raise damaged(self.path, error) from error

    def rows(self, query: str, values: Iterable[Any] = ()) -> list[sqlite3.Row]:
        """Rows of a query; UserError if the file is damaged."""
        try:
            with self._gate:
                return self._connection.execute(query, tuple(values)).fetchall()
        except sqlite3.DatabaseError as error:
            raise refusal(self.path, error) from error

    def meta(self, key: str, default: Any = None) -> Any:
        """One value of the meta data."""
        found = self.rows("SELECT value FROM lutu_meta WHERE key = ?", [key])
        return json.loads(found[0]["value"]) if found else default

    def set_meta(self, key: str, value: Any) -> None:
        """Keep one value of the meta data."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO lutu_meta VALUES (?, ?)",
                [key, json.dumps(value, ensure_ascii=False)],
            )

    def read_table(self, name: str, index: str) -> pd.DataFrame:
        """A plain table; flags come back as booleans, numbers of which none is known as numbers."""
        try:
            with self._gate:
                frame = pd.read_sql_query(f'SELECT * FROM "{name}"', self._connection)
        except pd.errors.DatabaseError as error:
            raise damaged(self.path, error) from error
        kinds = {row["name"]: PLAIN.get(row["type"]) for row in self.rows(f'PRAGMA table_info("{name}")')}
        return frame.astype({column: kind for column, kind in kinds.items() if kind}).set_index(index)

    def has(self, name: str) -> bool:
        """Whether there is a table or view of this name."""
        return bool(self.rows("SELECT 1 FROM sqlite_master WHERE name = ?", [name]))

    # Spatial layers

    def layers(self) -> list[str]:
        """Names of the spatial layers."""
        return [row["table_name"] for row in self.rows("SELECT table_name FROM gpkg_geometry_columns")]

    def read_layer(self, name: str, index: str) -> gpd.GeoDataFrame:
        """A spatial layer by its id."""
        try:
            frame = read_features(self.path, name)
        except (
            pyogrio.errors.DataSourceError,
            pyogrio.errors.DataLayerError,
            sqlite3.DatabaseError,
        ) as error:
            raise damaged(self.path, error) from error
        frame.index = frame.pop(index).astype(str)
        frame.index.name = index
        return frame

    def prepare(
        self,
        frames: Mapping[str, gpd.GeoDataFrame],
        then: Callable[[sqlite3.Connection], None] = lambda connection: None,
    ) -> Prepared:
        """Write layers and plain tables into a copy, which `commit` puts in place. May run in any thread.

        One preparation at a time. Edits made meanwhile are not lost: `commit` carries them over.
        """
        copy = self.path.with_suffix(".new.gpkg")
        copy.unlink(missing_ok=True)
        try:
            source, target = open_file(self.path), open_file(copy)
            source.backup(target, pages=PAGES_AT_ONCE, sleep=0.01)
            source.close()
            target.close()
            for name, frame in frames.items():
                _write_layer(copy, name, frame)
            connection = open_file(copy)
            with connection:
                connection.execute("BEGIN")
                then(connection)
            connection.close()
        except (OSError, sqlite3.OperationalError, pyogrio.errors.DataSourceError) as error:
            copy.unlink(missing_ok=True)
            raise UserError(_cannot_write(self.path, error)) from error
        except sqlite3.DatabaseError as error:
            copy.unlink(missing_ok=True)
            raise damaged(self.path, error) from error
        return Prepared(copy)

    def commit(
        self,
        prepared: Prepared,
        files: Iterable[tuple[Path, Path]] = (),
        then: Callable[[sqlite3.Connection], None] = lambda connection: None,
    ) -> None:
        """Put a prepared copy in the place of the file, with the edits made since. May run in any thread.

        `files` are pairs of a temporary file beside the store and the name it takes in the same moment: the
        pairs are kept in the store, so that the next start finishes what a crash cut short. What `then` writes comes
        with them. Cancelled where the store was closed meanwhile.
        """
        moves = [[str(part.relative_to(self.path.parent)) for part in pair] for pair in files]
        with self._gate:
            if not self._open:
                prepared.path.unlink(missing_ok=True)
                raise Cancelled
            try:
                with closing(open_file(prepared.path)) as new:
                    new.execute("ATTACH ? AS old", [str(self.path)])
                    with new:
                        new.execute("BEGIN")
                        for table in EDITED:
                            new.execute(f"DELETE FROM main.{table}")
                            new.execute(f"INSERT INTO main.{table} SELECT * FROM old.{table}")
                        new.execute(
                            "INSERT OR REPLACE INTO main.lutu_meta VALUES (?, ?)", [MOVES, json.dumps(moves)]
                        )
                        then(new)
                self._connection.close()
                try:
                    prepared.path.replace(self.path)
                finally:
                    self._connection = self._connect()
                self._finish()
            except (OSError, sqlite3.OperationalError) as error:
                prepared.path.unlink(missing_ok=True)
                raise UserError(_cannot_write(self.path, error)) from error

    def _connect(self) -> sqlite3.Connection:
        if not self.path.is_file():
            raise Unreadable(
                self.path.parent,
                Problem(
                    "There is no project in {folder}.",
                    "Choose a folder that holds a file city.gpkg, or make a new project.",
                    folder=self.path.parent,
                ),
            )
        try:
            connection = open_file(self.path)
        except sqlite3.DatabaseError as error:
            raise damaged(self.path, error) from error
        try:
            found = connection.execute("SELECT value FROM lutu_meta WHERE key = 'store_version'").fetchone()
            version = int(json.loads(found["value"]))
        except (sqlite3.OperationalError, TypeError, ValueError) as error:
            connection.close()
            raise _no_project(self.path) from error
        except sqlite3.DatabaseError as error:
            connection.close()
            raise damaged(self.path, error) from error
        if version > STORE_VERSION:
            connection.close()
            raise UserError(
                Problem(
                    "The project was written by a newer version of Lütu.",
                    "Open it with version {version} or newer.",
                    version=_written_by(self.path),
                )
            )
        if version < STORE_VERSION:
            _migrate(connection, self.path, version)
        return connection

    def _finish(self) -> None:
        """Give files the names that they were to take with the store, within its folder."""
        folder = self.path.parent
        moves = self.meta(MOVES, [])
        for temporary, final in moves:
            old, new = folder / temporary, folder / final
            if old.exists() and all(path.resolve().is_relative_to(folder.resolve()) for path in (old, new)):
                old.replace(new)
        if moves:
            self.set_meta(MOVES, [])

    def _remove_leftovers(self) -> None:
        """Remove what an earlier program left half-written."""
        folder = self.path.parent
        for leftover in (*folder.glob("city.new.gpkg*"), *folder.glob("rasters/*.new.tif")):
            leftover.unlink(missing_ok=True)


def _written_by(path: Path) -> str:
    """Version of the program that last wrote a store."""
    connection = open_file(path)
    found = connection.execute("SELECT value FROM lutu_meta WHERE key = 'program'").fetchone()
    connection.close()
    return str(json.loads(found["value"])) if found else "?"


def encode(value: Any) -> str:
    """A cell's value as JSON; missing becomes null."""
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return "null"
    if isinstance(value, np.generic):
        value = value.item()
    return json.dumps(value, ensure_ascii=False)


def open_file(path: Path) -> sqlite3.Connection:
    """A connection to the file of a store, or of a copy of one."""
    connection = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Bring an older store up to this version, keeping a copy of it as it was."""
    shutil.copyfile(path, path.with_suffix(f".version{version}.gpkg"))
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        for step in range(version, STORE_VERSION):
            MIGRATIONS[step](connection)
        connection.execute(
            "UPDATE lutu_meta SET value = ? WHERE key = 'store_version'", [json.dumps(STORE_VERSION)]
        )


def _write_layer(path: Path, name: str, frame: gpd.GeoDataFrame) -> None:
    flat = frame.reset_index()
    for column in flat.columns[flat.dtypes == "category"]:
        flat[column] = flat[column].astype(str)
    pyogrio.write_dataframe(
        flat,
        path,
        layer=name,
        driver="GPKG",
        append=False,
        promote_to_multi=bool(flat.geometry.geom_type.str.startswith("Multi").any()),
        layer_options={"GEOMETRY_NAME": "geom", "OVERWRITE": "YES"},
    )


def _no_project(path: Path) -> UserError:
    problem = Problem(
        "{file} is not a project of Lütu.",
        "Choose the folder of a project, or import the file into a new one.",
        file=path,
    )
    return UserError(problem) if path.stat().st_size else Unreadable(path.parent, problem)


def damaged(path: Path, error: object) -> Unreadable:
    """That the file of a project is damaged, and by what one sees it."""
    return Unreadable(
        path.parent,
        Problem(
            "The project in {folder} is damaged: {cause}.",
            "Copy it back from a backup; given data can be imported anew into a new project.",
            folder=path.parent,
            cause=error,
        ),
    )


def refusal(path: Path, error: sqlite3.Error) -> UserError:
    """What an error of SQLite says of a store: that another program holds it, or that it is damaged."""
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return UserError(_cannot_write(path, error))
    return damaged(path, error)


def _cannot_write(path: Path, error: Exception) -> Problem:
    return Problem(
        "The project in {folder} cannot be written: {cause}.",
        "Close other programs that have it open, and check free space and permissions.",
        folder=path.parent,
        cause=error,
    )
