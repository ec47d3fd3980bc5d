"""The guide through a new project: where the city lies, what its files hold, and what they become; no window."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from pyproj import CRS, Geod

from core.fields import fields
from core.jobs import Job
from core.problems import Problem, Severity, UserError
from core.texts import language, text
from core.units import MINUS, count, figure
from desktop import imports, operations
from desktop.data_in import TableImport
from desktop.imports import RasterImport, WeatherImport
from desktop.map_layers import RASTER, layer_title
from desktop.names import TABLES
from desktop.steps import NEEDED
from layers.crs import suggest_crs
from layers.project import Project
from layers.sources import Source
from standards import SHIPPED, Standards
from standards.grid import grid_factor
from standards.place_names import place_said as name_said

Wanted = TableImport | RasterImport | WeatherImport
COORDINATES = re.compile(r"^\s*(\d{1,3}(?:\.\d+)?)\s*[°,，\s]\s*(\d{1,3}(?:\.\d+)?)\s*°?\s*$")
EAST, NORTH = (73.0, 136.0), (3.0, 54.0)  # of China
BRACKETS = re.compile(r"[()（）]")
CITY_NAMES = ("city_zh", "city_en")
AREAS = ("Polygon", "MultiPolygon", "Geometry", "WKT")
NEEDS_AREAS = ("building", "parcel", "planning_unit", "district", "protection_zone", "key_area")


@dataclass(frozen=True)
class Place:
    """Where a project lies: the city of the climate tables that serves it, and the point. [°], [km]"""

    city: str
    longitude: float
    latitude: float
    distance_km: float = 0.0


@dataclass(frozen=True)
class Offered:
    """A layer of a file and what it becomes.

    Parameters
    ----------
    path : Path
        The file.
    layer : str
        Its layer; empty for rasters and weather.
    wanted : TableImport, RasterImport, WeatherImport or None
        How it is taken in; None where it is not.
    rows : int
        Number of its rows; 0 for rasters and weather.
    said : str
        What is known of it, in a few words.
    columns : tuple of str
        Our fields that were found among its columns.
    problem : Problem, optional
        What stands in the way.
    settled : bool
        Whether the planner looked at its columns.
    """

    path: Path
    layer: str
    wanted: Wanted | None
    rows: int = 0
    said: str = ""
    columns: tuple[str, ...] = ()
    problem: Problem | None = None
    settled: bool = False

    @property
    def becomes(self) -> str:
        """The table, `raster:name` or `weather` it becomes; empty where it is left out."""
        if isinstance(self.wanted, TableImport):
            return self.wanted.table
        if isinstance(self.wanted, RasterImport):
            return RASTER + self.wanted.name
        return "weather" if isinstance(self.wanted, WeatherImport) else ""


# The place


def places(words: str, standards: Standards = SHIPPED) -> list[Place]:
    """Cities of the climate tables by name, province or coordinates, the nearest first; all where nothing is said."""
    cities = standards.table("cities")
    said = words.strip().casefold()
    found = COORDINATES.match(words)
    if found:
        east, north = sorted((float(found[1]), float(found[2])), reverse=True)
        if not (EAST[0] <= east <= EAST[1] and NORTH[0] <= north <= NORTH[1]):
            return []
        near = [
            Place(str(row["city_zh"]), east, north, _away_km(east, north, row))
            for _, row in cities.iterrows()
        ]
        return sorted(near, key=lambda one: one.distance_km)[:3]
    parts = [part.strip().removesuffix("市").removesuffix("省") for part in BRACKETS.split(said)]
    wanted = [part for part in parts if part] or [""]
    fits = [
        row
        for _, row in cities.iterrows()
        if any(part in str(row[name]).casefold() for part in wanted for name in (*CITY_NAMES, "province_zh"))
    ]
    begins = tuple(wanted)
    fits.sort(key=lambda row: not any(str(row[name]).casefold().startswith(begins) for name in CITY_NAMES))
    return [Place(str(row["city_zh"]), float(row["lon"]), float(row["lat"])) for row in fits]


def place_said(place: Place) -> str:
    """A place as it stands in the list."""
    row = operations.climate_city(place.city)
    name = name_said(str(row["city_zh"]))
    province = f"{name}（{row['province_zh']}）" if language() == "zh" else f"{name} ({row['city_zh']})"
    if not place.distance_km:
        return province
    return f"{province} · {text('{distance} km away', distance=figure(place.distance_km))}"


def facts_of(place: Place, standards: Standards = SHIPPED) -> list[tuple[str, str]]:
    """What follows from the place: climate zone, weather station, heating, grid factor; each with its title."""
    row = operations.climate_city(place.city)
    zone, names = str(row["zone"]), standards.table("climate_zones").set_index("zone")
    titles = names["name_zh" if language() == "zh" else "name_en"].to_dict()
    months = standards.table("climate_monthly").drop_duplicates("station_wmo")
    away = months.apply(lambda one: _away_km(place.longitude, place.latitude, one), axis=1)
    station = months.iloc[int(away.to_numpy().argmin())]
    name = str(station["name_zh" if language() == "zh" else "name"])
    factor = grid_factor(standards, str(row["province_zh"]))
    return [
        (text("Climate zone"), f"{zone} {titles.get(zone, '')}".strip()),
        (
            text("Weather station"),
            text("{name}, {distance} km from the place", name=name, distance=figure(float(away.min()), 2)),
        ),
        (text("Design temperature, heating"), f"{float(row['t_heating_c']):.1f} °C".replace("-", MINUS)),
        (text("Emission factor of the grid"), f"{factor.value:.4f} kgCO₂/kWh"),
    ]


def systems_of(place: Place) -> list[CRS]:
    """Reference systems of the place: the 3-degree zone without and with the number of the zone in eastings."""
    return [suggest_crs(place.longitude, prefix, latitude=place.latitude) for prefix in (False, True)]


def _away_km(longitude: float, latitude: float, row: pd.Series[Any]) -> float:
    away_m = Geod(ellps="GRS80").inv(longitude, latitude, float(row["lon"]), float(row["lat"]))[2]
    return float(away_m) / 1000


# The files


def look_into(path: Path, remembered: Mapping[str, Any], standards: Standards, job: Job) -> list[Offered]:
    """Everything a file offers, each layer with what it most likely becomes; UserError where nothing can be read."""
    kind = imports.kind_of(path)
    if kind == "weather":
        seen = imports.look_at_weather(path, standards)
        return [Offered(path, "", WeatherImport(path), said=seen.said)]
    if kind == "raster":
        seen = imports.look_at_raster(path)
        problem = None if seen.crs is not None else imports.without_system()
        return [Offered(path, "", RasterImport(path, raster_of(path)), said=seen.said, problem=problem)]
    sources = job.each(operations.offered(path, None, job), "Looking into the file")
    return [_of_source(path, source, remembered, job) for source in sources]


def raster_of(path: Path) -> str:
    """The raster that a file most likely is: of the dictionary by its title, else terrain or surface."""
    stem = path.stem.casefold()
    for one in fields().values():
        if one.type == "number" and stem in (one.title_zh.casefold(), one.title_en.casefold(), one.name):
            return str(one.name)
    return imports.likely_raster(path)


def _of_source(path: Path, source: Source, remembered: Mapping[str, Any], job: Job) -> Offered:
    table = table_of(source)
    if not table:
        return Offered(path, source.layer, None, source.features, text("not recognised"))
    if table in NEEDS_AREAS and source.geometry_type not in AREAS:
        return Offered(path, source.layer, None, source.features, text("lines or points"))
    return become(Offered(path, source.layer, None, source.features), table, remembered, job)


def table_of(source: Source) -> str:
    """The table a layer most likely is, by its title, name, columns and shapes; empty where nothing says so."""
    name = source.layer.casefold()
    for table in TABLES:
        if name in (table, layer_title(table).casefold()):
            return table
    likely = imports.likely_table(source)
    said = f"{source.layer} {source.path.stem}".casefold()
    named = any(word in said for word in imports.HINTS.get(likely, ()))
    return likely if named or likely in ("building", "parcel") else ""


def become(
    offered: Offered,
    table: str,
    remembered: Mapping[str, Any],
    job: Job,
    like: TableImport | None = None,
) -> Offered:
    """The layer as another table, its columns matched anew; an empty name leaves it out.

    `like` is another layer of the file whose reference system and encoding hold for this one too.
    """
    if not table:
        return leave_out(offered)
    wanted = TableImport(offered.path, table, offered.layer)
    if like is not None:
        wanted = replace(wanted, crs=like.crs, swapped=like.swapped, encoding=like.encoding)
    try:
        seen = imports.look_at_table(wanted, remembered, job)
    except UserError as error:
        return replace(offered, wanted=wanted, problem=error.problems[0], said="")
    matched = tuple(pair.field for pair in seen.match.pairs)
    grave = [one for one in seen.problems if one.severity is Severity.ERROR and not one.rows]
    problem = imports.refusal(table, seen.crs, wanted.crs) or next(iter(grave), None)
    return replace(
        offered,
        wanted=wanted,
        rows=seen.rows,
        columns=matched,
        problem=problem,
        said=text("{rows} rows, {columns} columns matched", rows=count(seen.rows), columns=len(matched)),
        settled=False,
    )


def settle(offered: Offered, wanted: Wanted) -> Offered:
    """The layer as the planner settled it."""
    columns = offered.columns
    if isinstance(wanted, TableImport) and wanted.match is not None:
        columns = tuple(pair.field for pair in wanted.match.pairs)
    return replace(offered, wanted=wanted, columns=columns, problem=None, settled=True)


def leave_out(offered: Offered) -> Offered:
    """The layer left out."""
    return replace(offered, wanted=None, problem=None, settled=False)


def doubt(offered: Offered, problem: Problem) -> Offered:
    """The layer with what stands in its way."""
    return replace(offered, problem=problem, settled=False)


def chosen_once(offered: Sequence[Offered]) -> list[Offered]:
    """The layers with each table only once: the one with most columns recognised is taken, the others are left out."""
    best: dict[str, Offered] = {}
    for one in offered:
        now = best.get(one.becomes)
        if one.becomes and (now is None or _fit(one) > _fit(now)):
            best[one.becomes] = one
    return [one if not one.becomes or best[one.becomes] is one else leave_out(one) for one in offered]


def _fit(one: Offered) -> tuple[int, int]:
    """How well a layer fits what it becomes: recognised columns, then rows."""
    return len(one.columns), one.rows


def columns_said(offered: Offered) -> str:
    """Titles of the fields that were found, in the order of the file."""
    titles = [fields()[name].title for name in offered.columns if name in fields()]
    return text(", ").join(titles)


def title_of(becomes: str) -> str:
    """What a layer becomes, in words."""
    if not becomes:
        return text("Leave out")
    raster = becomes.removeprefix(RASTER)
    if raster != becomes and raster in fields():
        return fields()[raster].title
    return text("Weather") if becomes == "weather" else layer_title(becomes)


def still_missing(project: Project) -> list[str]:
    """Needed data that the project does not have yet, in words."""
    return [text(words) for name, words in NEEDED.items() if name not in project.sources]
