"""Features: a layer of a store read some rows at a time, equal words kept once, so that a large city fits into memory."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from geopandas.array import GeometryArray
from numpy.typing import NDArray

from core.jobs import Job
from layers.packed_shapes import PackedShapes

ROWS_AT_ONCE = 20_000  # edits wait for a run of rows
MANY_ROWS = (
    200_000  # from which on shapes are packed: before, their objects take little room and are quicker at hand
)
FEW_ROWS = 1000  # tell whether a column holds words or ids
MOST_WORDS = 0.5  # of these rows; a column with more different words than that is one of ids
ESCAPED = re.compile("%[0-9A-Fa-f]{2}")  # a letter as it is written in addresses
PLAIN = ("object", "float64", "int64", "bool")  # columns that SQLite gives as GDAL does
HEAD = 8  # bytes before the box in the binary shapes of a GeoPackage (OGC 12-128r19, 2.1.3)
BOX_BYTES = (0, 32, 48, 48, 64)  # of the box, by its kind

Column = NDArray[Any]


def read_features(path: Path, layer: str) -> gpd.GeoDataFrame:
    """A spatial layer of a store; see `read_layers`."""
    return read_layers(path, [layer], Job(), "Reading given layers")[layer]


def read_layers(path: Path, layers: Sequence[str], job: Job, step: str) -> dict[str, gpd.GeoDataFrame]:
    """Spatial layers of a store, as `pyogrio` reads them, also while an edit is being written.

    GDAL says what a layer is; rows are read through the SQLite of Python. GDAL brings another, and in one program the one
    does not see the locks of the other. It also makes a word of its own for every cell, and keeps what it read until
    garbage is collected.

    Parameters
    ----------
    path : Path
        The store.
    layers : sequence of str
        Their names.
    job : Job
        Told of every run of rows, and stops between two of them.
    step : str
        What is being done, an English phrase with a translation.

    Raises
    ------
    pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, sqlite3.DatabaseError
        The file or a layer cannot be read.
    """
    known = {layer: _Layer.of(path, layer) for layer in layers}
    with closing(sqlite3.connect(path, timeout=5)) as connection:
        runs = [(one, start) for one in known.values() for start in one.starts(connection)]
        words: dict[str, str] = {}
        for one, start in job.each(runs, step):
            one.take(connection, start, words)
    return {layer: one.table() for layer, one in known.items()}


@dataclass
class _Layer:
    """What a layer is, and what was read of it so far, by column; the shapes apart, packed where there are many."""

    path: Path
    name: str
    columns: dict[str, str]
    geometry: str
    crs: str | None
    plain: bool
    many: bool = False
    pieces: list[list[Column]] = field(default_factory=list)
    shapes: list[GeometryArray] = field(default_factory=list)

    @classmethod
    def of(cls, path: Path, name: str) -> _Layer:
        """A layer as GDAL describes it.

        Layers only change with the whole file, so GDAL is told that the file stays as it is, and asks for neither lock
        nor journal: it would take that of an edit under way for one of a crash. It cannot be told where the path reads
        as if it were escaped (`%41`), since GDAL does not escape that.
        """
        said = pyogrio.read_info(path, layer=name, **_unchanged(path))
        columns = dict(zip(said["fields"].tolist(), said["dtypes"].tolist(), strict=True))
        kinds = set(said["ogr_subtypes"]) - {"OFSTNone", "OFSTBoolean"}
        plain = not kinds and set(columns.values()) <= set(PLAIN) and bool(said["geometry_name"])
        return cls(path, name, columns, said["geometry_name"], said["crs"], plain)

    def starts(self, connection: sqlite3.Connection) -> list[int]:
        """Numbers of the rows with which the runs begin."""
        if not self.plain:
            return []
        ends = (f"(SELECT {end}(rowid) FROM {_quoted(self.name)})" for end in ("min", "max"))
        first, last = connection.execute(f"SELECT {', '.join(ends)}").fetchone()
        if first is None:
            return []
        self.many = last - first >= MANY_ROWS
        return list(range(first, last + 1, ROWS_AT_ONCE))

    def take(self, connection: sqlite3.Connection, start: int, words: dict[str, str]) -> None:
        """Read one run of rows; words that were met before are not kept again."""
        wanted = ", ".join(_quoted(name) for name in (*self.columns, self.geometry))
        query = f"SELECT {wanted} FROM {_quoted(self.name)} WHERE rowid BETWEEN ? AND ? ORDER BY rowid"
        rows = connection.execute(query, [start, start + ROWS_AT_ONCE - 1]).fetchall()
        if not rows:
            return
        *cells, blobs = zip(*rows, strict=True)
        ids: list[tuple[Any, ...]] = []
        made = [
            _shared(cell, ids, words) if kind == "object" else _numbers(cell, kind)
            for cell, kind in zip(cells, self.columns.values(), strict=True)
        ]
        self.pieces.append(made)
        shapes = shapes_from(blobs)
        self.shapes.append(PackedShapes.of(shapes) if self.many else GeometryArray(shapes))

    def table(self) -> gpd.GeoDataFrame:
        """All that was read."""
        if not self.plain:
            whole: gpd.GeoDataFrame = pyogrio.read_dataframe(
                self.path, layer=self.name, **_unchanged(self.path)
            )
            return whole
        empty = [[np.zeros(0, dtype=kind) for kind in self.columns.values()]]
        columns = (np.concatenate(parts) for parts in zip(*(self.pieces or empty), strict=True))
        frame = pd.DataFrame(dict(zip(self.columns, columns, strict=True)))
        if self.many:
            shapes = PackedShapes.joined(self.shapes)
        else:
            shapes = GeometryArray(np.concatenate([np.zeros(0, object), *(one._data for one in self.shapes)]))
        self.pieces.clear()
        self.shapes.clear()
        return gpd.GeoDataFrame(frame, geometry=shapes, crs=self.crs)


def shapes_from(blobs: Sequence[bytes | None]) -> Column:
    """The shapes in binaries of a GeoPackage; None where there is none."""
    inside = [None if one is None else one[HEAD + BOX_BYTES[one[3] >> 1 & 7] :] for one in blobs]
    shapes: Column = shapely.from_wkb(np.array([*inside, None], dtype=object)[:-1])
    return shapes


def _numbers(cells: tuple[Any, ...], kind: str) -> Column:
    """Numbers or flags of a column; where some are missing they are all numbers with NaN."""
    return np.array(cells, dtype="float64" if None in cells else kind)


def _shared(cells: tuple[Any, ...], ids: list[tuple[Any, ...]], words: dict[str, str]) -> Column:
    """Words of a column, equal ones as one object: one in every cell would take seven times the room.

    Ids differ from row to row; those that are the same in two columns are shared between these.
    """
    if len(set(cells[:FEW_ROWS])) > MOST_WORDS * min(len(cells), FEW_ROWS):
        same = next((one for one in ids if one == cells), cells)
        ids.append(same)
        return np.array([*same, None], dtype=object)[:-1]
    take = words.setdefault
    return np.array([None if cell is None else take(cell, cell) for cell in cells] + [None], dtype=object)[
        :-1
    ]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _unchanged(path: Path) -> dict[str, str]:
    return {} if ESCAPED.search(str(path)) else {"IMMUTABLE": "YES"}
