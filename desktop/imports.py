"""Imports: what a file may become in a project, looked at before it is taken in."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import rasterio
from pyproj import CRS

import standards
from core.fields import fields
from core.jobs import Job
from core.problems import Problem
from core.texts import text
from core.units import count, figure
from desktop import operations
from desktop.data_in import TableImport, coordinates_of, reference_system
from desktop.map_layers import RASTER, layer_title
from desktop.names import TABLES
from desktop.operations import Work
from desktop.places import centre_of as centre_of
from layers.aliases import units
from layers.column_units import SHARE_UNITS
from layers.columns import ColumnMatch, Pair, convert, match_columns, signature
from layers.crs import candidates, swap_axes
from layers.datum import BD09, GCJ02, datum_name
from layers.project import Project
from layers.readers import read
from layers.sources import Source, unreadable
from layers.system_names import system_said
from layers.weather_files import read_epw, read_tmy_csv

RASTERS = {".tif", ".tiff", ".img", ".asc", ".vrt"}
WEATHER = {".epw"}
SHEETS = {".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls"}  # rows whose place stands in columns
KINDS = ("table", "raster", "weather")
RASTER_NAMES = ("terrain", "surface")
HEAD_ROWS = 200  # kept to show how the import will look
# What a layer likely is, by words in its name.
HINTS = {
    "building": ("building", "建筑", "楼", "房屋", "jzw", "footprint"),
    "parcel": ("parcel", "landuse", "land_use", "地块", "用地", "宗地", "plot"),
    "water": ("water", "river", "lake", "水", "河", "湖"),
    "tree": ("tree", "park", "绿地", "绿植", "公园", "林", "树"),
    "road": ("road", "street", "道路", "路网"),
    "metro": ("metro", "subway", "rail", "地铁", "轨道"),
    "underground_space": ("underground", "地下空间"),
    "protection_zone": ("protect", "保护区", "禁采", "限采"),
    "key_area": ("key_area", "重点"),
    "planning_unit": ("unit", "控规单元", "规划单元", "单元"),
    "district": ("district", "admin", "区县", "行政区", "街道"),
    "geology": ("geolog", "地质", "岩"),
    "borehole": ("borehole", "钻孔"),
    "pv_asset": ("pv_asset", "photovoltaic", "光伏"),
    "facility": ("facility", "poi", "设施", "污水", "电厂"),
}


@dataclass(frozen=True)
class RasterImport:
    """How a raster file becomes a raster of the project; `crs` where the file states none."""

    path: Path
    name: str
    crs: str = ""


@dataclass(frozen=True)
class WeatherImport:
    """A weather file."""

    path: Path


@dataclass(frozen=True)
class TablePreview:
    """A layer as the import would read it: its first rows, where it lies, and which columns are ours.

    `bounds` are west, south, east, north in the layer's own reference system; NaN where nothing lies
    anywhere.
    """

    wanted: TableImport
    head: gpd.GeoDataFrame
    rows: int
    crs: CRS | None
    bounds: tuple[float, float, float, float]
    match: ColumnMatch
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class FilePreview:
    """A raster or weather file in words."""

    path: Path
    said: str
    crs: CRS | None
    bounds: tuple[float, float, float, float]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class SystemChoice:
    """A reference system to choose: `code` as an import takes it, how it is called, and whether north and
    east have to be exchanged."""

    code: str
    said: str
    swapped: bool = False


def is_sheet(path: Path) -> bool:
    """Whether a file holds rows whose place stands in columns, by its name."""
    return path.suffix.lower() in SHEETS


def kind_of(path: Path) -> str:
    """What a file is by its name: `table`, `raster` or `weather`."""
    ending = path.suffix.lower()
    return "raster" if ending in RASTERS else "weather" if ending in WEATHER else "table"


def likely_raster(path: Path) -> str:
    """What a raster of heights most likely holds, by its name."""
    name = path.stem.casefold()
    return "surface" if any(word in name for word in ("dsm", "surface", "地表")) else "terrain"


def likely_table(source: Source) -> str:
    """The table that a layer most likely becomes, by its name, its columns and its shapes."""
    name = f"{source.layer} {source.path.stem}".casefold()
    for table, words in HINTS.items():
        if any(word in name for word in words):
            return table
    frame = gpd.GeoDataFrame(source.sample, geometry=[None] * len(source.sample))
    found = {table: len(match_columns(frame, table).pairs) for table in ("building", "parcel")}
    best = max(found, key=lambda table: found[table])
    return best if "Polygon" in source.geometry_type and found[best] else "facility"


def look_at_table(wanted: TableImport, remembered: Mapping[str, Any], job: Job) -> TablePreview:
    """Read a layer as the import would, without taking it in.

    Parameters
    ----------
    wanted : TableImport
        The file and what was chosen so far.
    remembered : Mapping
        Matches of earlier files by the signature of their columns.
    """
    stated = datum_name(wanted.crs) or (reference_system(wanted.crs) if wanted.crs else None)
    given = read(
        wanted.path,
        wanted.layer,
        encoding=wanted.encoding,
        crs=stated,
        coordinates=coordinates_of(wanted.coordinates),
        job=job,
    )
    frame = swap_axes(given.frame) if wanted.swapped else given.frame
    match = match_columns(frame, wanted.table, remembered=remembered.get(signature(frame)))
    west, south, east, north = (float(value) for value in given.frame.total_bounds)
    return TablePreview(
        wanted,
        frame.head(HEAD_ROWS).copy(),
        len(frame),
        frame.crs,
        (west, south, east, north),
        match,
        given.problems,
    )


def as_imported(preview: TablePreview, match: ColumnMatch) -> tuple[pd.DataFrame, list[Problem]]:
    """The first rows under our names, and what cannot be read in them."""
    converted = convert(preview.head, match)
    frame = converted.frame.drop(columns=converted.frame.geometry.name)
    for name in frame.columns:
        known = fields().get(str(name))
        if known is None or str(name).endswith("_id"):  # codes and ids as they stand in the file
            frame[name] = _as_written(frame[name])
    frame.index = pd.RangeIndex(1, len(frame) + 1, name=text("No."))
    return pd.DataFrame(frame), [*preview.problems, *match.problems, *converted.problems]


def look_at_raster(path: Path) -> FilePreview:
    """What a raster file holds, from its head."""
    try:
        with rasterio.open(path) as source:
            size = text("{columns} × {rows} cells", columns=count(source.width), rows=count(source.height))
            cell = (
                f"{figure(abs(source.transform.a))} {'m' if source.crs and source.crs.is_projected else '°'}"
            )
            crs = CRS.from_user_input(source.crs.to_wkt()) if source.crs else None
            west, south, east, north = (float(value) for value in source.bounds)
            return FilePreview(path, f"{size} · {cell}", crs, (west, south, east, north))
    except rasterio.errors.RasterioIOError as error:
        raise unreadable(path.name, error) from error


def look_at_weather(path: Path, project_standards: standards.Standards) -> FilePreview:
    """What a weather file holds."""
    weather = (read_epw if path.suffix.lower() == ".epw" else read_tmy_csv)(path, project_standards)
    said = text(
        "{name}, {latitude}° N {longitude}° E: {ghi} kWh/m² a year on level ground, {mean} °C on average",
        name=weather.name,
        latitude=f"{weather.latitude:.2f}",
        longitude=f"{weather.longitude:.2f}",
        ghi=figure(weather.ghi_kwh_per_m2_year, 4),
        mean=figure(float(weather.hours["temp_air"].mean())),
    )
    return FilePreview(path, said, None, (math.nan,) * 4, weather.notes)


def system_choices(
    crs: CRS | None, bounds: tuple[float, float, float, float], centre: tuple[float, float] | None
) -> list[SystemChoice]:
    """Reference systems that a layer may be in: as stated, else those that put it near the city."""
    choices = []
    if crs is not None:
        choices.append(SystemChoice("", text("As the file says: {name}", name=system_said(crs))))
    elif all(math.isfinite(value) for value in bounds):
        for found in candidates(bounds, centre):
            away = figure(found.distance_m / 1000)
            far = (
                ""
                if math.isnan(found.distance_m)
                else f" · {text('{distance} km from the city', distance=away)}"
            )
            turned = f" · {text('north and east exchanged')}" if found.swapped else ""
            choices.append(
                SystemChoice(_code(found.crs), f"{system_said(found.crs)}{far}{turned}", found.swapped)
            )
    if _in_degrees(bounds) and (crs is None or not crs.is_projected):
        choices.append(SystemChoice(GCJ02, text("GCJ-02, degrees of Amap and Tencent maps")))
        choices.append(SystemChoice(BD09, text("BD-09, degrees of Baidu maps")))
    return choices


def remembered_matches(project: Project) -> Mapping[str, Any]:
    """Which column was which in files before, by the signature of their columns."""
    found: Mapping[str, Any] = project.store.meta("matches", {})
    return found


def own_fields(table: str, match: ColumnMatch | None = None) -> list[str]:
    """Our fields that a table is usually given with, those matched first."""
    aliases = standards.table("field_aliases")
    usual = [str(name) for name in aliases.loc[aliases["table"] == table, "field"] if name in fields()]
    first = [pair.field for pair in match.pairs] if match else []
    common = [name for name in (f"{table}_id", "name", "kind", "note") if name in fields()]
    return list(dict.fromkeys([*first, *usual, *common]))


def units_of(table: str, field: str) -> tuple[str, ...]:
    """Units that a field is met in; empty where it has none to choose from."""
    known = fields()[field]
    if known.type == "number" and not known.unit and (known.low, known.high) == (0, 1):
        return SHARE_UNITS
    quantity = {"m²": "area", "m": "length"}.get(known.unit, "")
    return tuple(name for name, unit in units().items() if unit.quantity == quantity) if quantity else ()


def pair_of(field: str, column: str, unit: str) -> Pair:
    """One of our fields with the column it comes from."""
    return Pair(field, column, unit, units()[unit].factor if unit else 1.0)


def with_pairs(match: ColumnMatch, pairs: Sequence[Pair], settled: set[str]) -> ColumnMatch:
    """A match with other pairs; doubts about fields that were settled by hand are gone."""
    theirs = {pair.column for pair in match.pairs} | set(match.unmatched)
    taken = {pair.field for pair in pairs}
    doubts = tuple(one for one in match.ambiguities if one.field in taken - settled)
    used = {pair.column for pair in pairs}
    unmatched = tuple(sorted(theirs - used))
    return replace(match, pairs=tuple(pairs), ambiguities=doubts, unmatched=unmatched)


def work_of(project: Project, wanted: TableImport | RasterImport | WeatherImport) -> Work:
    """The operation that takes a file in."""
    if isinstance(wanted, TableImport):
        return operations.add_table(project, wanted)
    if isinstance(wanted, RasterImport):
        return operations.add_raster(project, wanted.path, wanted.name, wanted.crs)
    return operations.add_weather(project, wanted.path)


def replacement(project: Project, wanted: TableImport | RasterImport | WeatherImport) -> str:
    """The question to ask before a layer of the project gives way to this import; empty where none does."""
    if isinstance(wanted, TableImport):
        name, title = wanted.table, layer_title(wanted.table)
    elif isinstance(wanted, RasterImport):
        name = RASTER + wanted.name
        title = layer_title(name)
    else:
        name, title = "weather", text("Weather")
    before = project.sources.get(name)
    if before is None:
        return ""
    rows = before.details.get("rows")
    if rows is None:
        return text("Replace the layer “{layer}” that is there?", layer=title)
    return text(
        "Replace the layer “{layer}” that is there ({count} rows)?", layer=title, count=count(int(rows))
    )


def refusal(table: str, crs: CRS | None, crs_chosen: str) -> Problem | None:
    """What still keeps a layer from being imported."""
    if table not in TABLES:
        return Problem("It is not said what this layer becomes.", "Choose a table.")
    if crs is None and not crs_chosen:
        return without_system()
    return None


def without_system() -> Problem:
    """A file that does not say in which reference system it lies."""
    return Problem(
        "The file does not state its reference system.",
        "Choose one; those that put it nearest to the city come first.",
    )


def checked_system(words: str) -> str:
    """A reference system as an import takes it; UserError if there is none."""
    plain = words.strip()
    if not plain or datum_name(plain):
        return datum_name(plain) or ""
    reference_system(plain)
    return plain


def _as_written(values: pd.Series[Any]) -> pd.Series[Any]:
    """Whole numbers as words without exponent or grouping; everything else as it is."""
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return values
    there = values.dropna()
    if not len(there) or not bool(((there % 1 == 0) & (there.abs() < 2**63)).all()):
        return values
    return values.map(lambda value: f"{value:.0f}" if not pd.isna(value) else None).astype(object)


def _code(crs: CRS) -> str:
    epsg = crs.to_epsg()
    return f"EPSG:{epsg}" if epsg else crs.to_wkt()


def _in_degrees(bounds: tuple[float, float, float, float]) -> bool:
    west, south, east, north = bounds
    return bool(west >= -180 and east <= 180 and south >= -90 and north <= 90)  # False where any is NaN
