"""Contents of a project folder: reading and preparing given layers, the city and computed results, in any thread."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from dataclasses import fields as dataclass_fields
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import pandas as pd
import rasterio
from pyproj import CRS
from rasterio.transform import Affine

from core.jobs import Job
from core.problems import Problem, UserError
from layers.city import City, Raster
from layers.corrections import empty_table, lay_over, let_go_of_parcels
from layers.edits import Edit
from layers.features import read_features, read_layers
from layers.problem_records import problem_from, problem_record
from layers.store import Prepared, Store
from layers.store_tables import write_tables
from layers.weather import Weather
from standards import Standards

GIVEN = "given_"
WEATHER = "given_weather"
CITY = "city"


@dataclass(frozen=True)
class Origin:
    """Where a given table, raster or weather comes from."""

    file: str
    digest: str
    imported_at: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Inputs:
    """Everything a city is prepared from, as it was at one moment; may be handed to another thread."""

    folder: Path
    name: str
    crs: CRS
    facts: Mapping[str, Any]
    tables: tuple[str, ...]
    rasters: tuple[str, ...]
    overlay: pd.DataFrame
    standards: Standards
    stamp: str

    @property
    def path(self) -> Path:
        """The file of layers and tables."""
        return self.folder / "city.gpkg"


@dataclass(frozen=True)
class Computed:
    """Something computed, in the form in which it is kept: tables by id, rasters, and single facts."""

    name: str
    tables: Mapping[str, pd.DataFrame]
    rasters: Mapping[str, Raster]
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Pending:
    """Written beside the project and not yet part of it; `Project.keep` takes it in.

    `files` are pairs of a temporary file and the name it will have; `problems` is what was noticed;
    `memory` says which column was which in a kind of file, for the next one; `computed` is the result that
    was written, so that nobody has to read it again, and `before` those it stands on that were made with it; `edit` is
    a change that is made together with it.
    """

    prepared: Prepared
    changed: tuple[str, ...]
    files: tuple[tuple[Path, Path], ...] = ()
    city: City | None = None
    problems: tuple[Problem, ...] = ()
    memory: Mapping[str, Any] = field(default_factory=dict)
    computed: Computed | None = None
    before: tuple[Computed, ...] = ()
    edit: Edit | None = None

    @property
    def results(self) -> tuple[Computed, ...]:
        """All results that were written."""
        return self.before if self.computed is None else (*self.before, self.computed)


def table_id(table: str) -> str:
    """Name of the id of a table."""
    return f"{table}_id"


def digest_of(*parts: Any) -> str:
    """A short hash of anything that can be written as JSON, or of bytes."""
    hasher = hashlib.sha256()
    for part in parts:
        hasher.update(
            part if isinstance(part, bytes) else json.dumps(part, sort_keys=True, default=str).encode()
        )
    return hasher.hexdigest()[:16]


def digest_of_file(path: Path) -> str:
    """A short hash of a file, or of the names and contents of all files of a folder."""
    hasher = hashlib.sha256()
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file():
            if file != path:
                hasher.update(f"{file.relative_to(path).as_posix()}\n".encode())
            with file.open("rb") as content:
                while piece := content.read(1 << 20):
                    hasher.update(piece)
    return hasher.hexdigest()[:16]


def now() -> str:
    """This moment, as it stands in histories."""
    return datetime.now(UTC).isoformat(timespec="seconds")


# Given


def load_given(inputs: Inputs, job: Job) -> dict[str, gpd.GeoDataFrame]:
    """Given tables with the corrections laid over them."""
    given = {}
    for table in job.each(inputs.tables, "Reading given layers"):
        there = _has_layer(inputs.path, GIVEN + table)
        frame = read_given(inputs.path, table) if there else empty_table(table, inputs.crs)
        given[table] = lay_over(frame, inputs.overlay[inputs.overlay["table_name"] == table])
    return let_go_of_parcels(given, inputs.overlay)


def read_given(path: Path, table: str) -> gpd.GeoDataFrame:
    """A given table of a project, without corrections."""
    frame = read_features(path, GIVEN + table)
    frame.index = pd.Index(frame.pop(table_id(table)).astype(str), name=table_id(table))
    return frame


def _has_layer(path: Path, layer: str) -> bool:
    """Whether a layer is in the file; what people drew in a table of its own is not, before it is prepared."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT 1 FROM gpkg_geometry_columns WHERE table_name = ?"
        return connection.execute(query, [layer]).fetchone() is not None


def load_rasters(inputs: Inputs, job: Job) -> dict[str, Raster]:
    """Given rasters."""
    return {
        name: read_geotiff(inputs.folder / "rasters" / f"{name}.tif")
        for name in job.each(inputs.rasters, "Reading rasters")
    }


def load_weather(path: Path) -> Weather | None:
    """The weather of a project, None until one is given."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT details FROM lutu_source WHERE table_name = 'weather'").fetchone()
        if found is None:
            return None
        hours = pd.read_sql_query(f"SELECT * FROM {WEATHER}", connection)
    facts = json.loads(found[0])
    facts["notes"] = tuple(problem_from(record) for record in facts["notes"])
    stamps = pd.to_datetime(hours.pop("hour"), utc=True)
    hours.index = pd.DatetimeIndex(stamps).tz_convert(
        timezone(timedelta(hours=facts.pop("utc_offset_hours")))
    )
    return Weather(hours=hours.astype(float), **facts)


def prepare_given(store: Store, table: str, frame: gpd.GeoDataFrame, source: Origin) -> Pending:
    """Write a given table beside the project."""

    def then(connection: sqlite3.Connection) -> None:
        name, key = GIVEN + table, table_id(table)
        if frame.index.name == key:  # rows are looked up by their ids while people edit
            connection.execute(f'CREATE INDEX IF NOT EXISTS "{name}_by_id" ON "{name}" ("{key}")')
        write_source(connection, table, source)

    return Pending(store.prepare({GIVEN + table: frame}, then), (table,))


def prepare_raster(store: Store, name: str, raster: Raster, source: Origin) -> Pending:
    """Write a given raster beside the project."""
    final = store.path.parent / "rasters" / f"{name}.tif"
    temporary = write_geotiff(final, raster)

    def then(connection: sqlite3.Connection) -> None:
        write_source(connection, f"raster:{name}", source)

    return Pending(store.prepare({}, then), (name,), ((temporary, final),))


def prepare_weather(store: Store, weather: Weather, source: Origin) -> Pending:
    """Write the weather beside the project."""
    hours = weather.hours.copy()
    hours.index = pd.Index([stamp.isoformat() for stamp in hours.index], name="hour")
    facts = {
        item.name: getattr(weather, item.name)
        for item in dataclass_fields(weather)
        if item.name not in ("hours", "notes")
    }
    facts["notes"] = [problem_record(note) for note in weather.notes]
    facts["utc_offset_hours"] = weather.hours.index[0].utcoffset().total_seconds() / 3600

    def then(connection: sqlite3.Connection) -> None:
        write_tables(connection, {WEATHER: hours}, {})
        write_source(connection, "weather", replace(source, details=facts))

    return Pending(store.prepare({}, then), ("weather",))


def write_source(connection: sqlite3.Connection, name: str, source: Origin) -> None:
    """Keep where something given comes from."""
    connection.execute(
        "INSERT OR REPLACE INTO lutu_source VALUES (?, ?, ?, ?, ?)",
        [
            name,
            source.file,
            source.digest,
            source.imported_at,
            json.dumps(dict(source.details), ensure_ascii=False, default=str),
        ],
    )


# City


def prepare_city(store: Store, city: City, problems: list[Problem], *, stamp: str, seconds: float) -> Pending:
    """Write the prepared city and what was found in it beside the project."""
    facts = {"problems": [problem_record(problem) for problem in problems]}

    def then(connection: sqlite3.Connection) -> None:
        write_computed(connection, CITY, stamp, seconds, facts)

    layers = {table: pd.DataFrame(frame) for table, frame in city.tables.items()}
    frames = {
        table: gpd.GeoDataFrame(frame, geometry="geometry", crs=city.crs) for table, frame in layers.items()
    }
    return Pending(store.prepare(frames, then), tuple(city.tables), city=city)


def read_city(inputs: Inputs, job: Job) -> City:
    """The city as it was prepared last."""
    known = [table for table in inputs.tables if _has_layer(inputs.path, table)]
    tables = read_layers(inputs.path, known, job, "Reading the city")
    for table, frame in tables.items():
        frame.index = pd.Index(frame.pop(table_id(table)).astype(str), name=table_id(table))
    return make_city(inputs, tables, load_rasters(inputs, job))


def make_city(inputs: Inputs, tables: Mapping[str, gpd.GeoDataFrame], rasters: Mapping[str, Raster]) -> City:
    """A city of prepared tables and rasters."""
    return City(
        name=inputs.name,
        crs=inputs.crs,
        tables=MappingProxyType(dict(tables)),
        rasters=MappingProxyType(dict(rasters)),
        weather=load_weather(inputs.path),
        facts=MappingProxyType(dict(inputs.facts)),
        standards=inputs.standards,
    )


# Computed


@dataclass(frozen=True)
class Made:
    """A result to be kept, with the stamp of what it was computed from and how long that took.

    `also` names other results whose settings count for it too, since it stands on them.
    """

    computed: Computed
    stamp: str
    seconds: float
    also: tuple[str, ...] = ()


def prepare_computed(
    store: Store,
    computed: Computed,
    *,
    stamp: str,
    seconds: float,
    spatial: set[str],
    also: tuple[str, ...] = (),
    before: Sequence[Made] = (),
) -> Pending:
    """Write a result beside the project, with a view of each table that has a layer of its own.

    `spatial` names the layers, e.g. `parcel`; a table `parcel` is shown on it by its `parcel_id`. A table with
    shapes of its own, e.g. of roof planes, becomes a layer. `before` are results it stands on, which are kept with it.
    """
    made = (*before, Made(computed, stamp, seconds, also))
    folder = store.path.parent / "rasters"
    files = [
        (write_geotiff(final, raster), final)
        for one in made
        for name, raster in one.computed.rasters.items()
        if (final := folder / f"{one.computed.name}_{name}.tif")
    ]
    shapes = {
        f"{one.computed.name}_{name}": frame
        for one in made
        for name, frame in one.computed.tables.items()
        if isinstance(frame, gpd.GeoDataFrame)
    }

    def then(connection: sqlite3.Connection) -> None:
        for one in made:
            _write_made(connection, one, spatial)

    names = tuple(one.computed.name for one in made)
    earlier = tuple(one.computed for one in before)
    return Pending(store.prepare(shapes, then), names, tuple(files), computed=computed, before=earlier)


def _write_made(connection: sqlite3.Connection, made: Made, spatial: set[str]) -> None:
    """Write the plain tables of a result, its views and facts."""
    computed = made.computed
    layers = {name: one for name, one in computed.tables.items() if isinstance(one, gpd.GeoDataFrame)}
    tables = {
        f"{computed.name}_{name}": frame for name, frame in computed.tables.items() if name not in layers
    }
    views = {
        f"{computed.name}_{name}_map": (name, f"{computed.name}_{name}", table_id(name))
        for name, frame in computed.tables.items()
        if name in spatial and name not in layers and frame.index.name == table_id(name)
    }
    facts = {
        **computed.facts,
        "tables": {n: one.index.name for n, one in computed.tables.items() if n not in layers},
        "layers": {name: frame.index.name for name, frame in layers.items()},
        "rasters": list(computed.rasters),
        "also": list(made.also),
    }
    write_tables(connection, tables, views)
    write_computed(connection, computed.name, made.stamp, made.seconds, facts)


def read_computed(store: Store, name: str) -> Computed | None:
    """A result as it was kept last, fresh or stale; None if there is none."""
    found = store.rows("SELECT facts FROM lutu_computed WHERE name = ?", [name])
    if not found:
        return None
    facts = json.loads(found[0]["facts"])
    tables = {key: store.read_table(f"{name}_{key}", index) for key, index in facts.pop("tables").items()}
    for key, index in facts.pop(
        "layers", {}
    ).items():  # results of earlier versions had no shapes of their own
        tables[key] = store.read_layer(f"{name}_{key}", index)
    folder = store.path.parent / "rasters"
    rasters = {key: read_geotiff(folder / f"{name}_{key}.tif") for key in facts.pop("rasters")}
    return Computed(name, tables, rasters, facts)


def write_computed(
    connection: sqlite3.Connection, name: str, stamp: str, seconds: float, facts: Mapping[str, Any]
) -> None:
    """Keep the stamp and the single facts of a result."""
    connection.execute(
        "INSERT OR REPLACE INTO lutu_computed VALUES (?, ?, ?, ?, ?)",
        [name, stamp, now(), seconds, json.dumps(facts, ensure_ascii=False, default=str)],
    )


# Rasters


def read_geotiff(path: Path) -> Raster:
    """A raster the project wrote itself; UserError if it is gone or damaged."""
    try:
        file = rasterio.open(path)
    except rasterio.errors.RasterioIOError as error:
        raise UserError(
            Problem(
                "{file} of the project cannot be read: {cause}.",
                "Import the raster again, or assess again.",
                file=path,
                cause=error,
            )
        ) from error
    with file:
        return Raster(file.read(1), file.transform, CRS.from_user_input(file.crs.to_wkt()))


def write_geotiff(final: Path, raster: Raster) -> Path:
    """Write a raster beside its final place; gives the temporary file."""
    final.parent.mkdir(exist_ok=True)
    temporary = final.with_suffix(".new.tif")
    rows, columns = raster.values.shape
    with rasterio.open(
        temporary,
        "w",
        driver="GTiff",
        height=rows,
        width=columns,
        count=1,
        dtype="float32",
        nodata=float("nan"),
        crs=raster.crs.to_wkt(),
        transform=Affine(*raster.transform[:6]),
        compress="deflate",
        predictor=3,
        zlevel=1,
        tiled=True,
        num_threads=2,
        bigtiff="if_safer",
    ) as file:
        file.write(raster.values, 1)
    return temporary
