"""Checks of a whole city: everything that is wrong with the given data, found before any long run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from core.fields import FieldTitle, fields, out_of_limits
from core.jobs import Job
from core.problems import Problem, Severity, UserError
from core.texts import Phrase
from layers.areas import in_areas, off_parcels_in_areas
from layers.city import City, Raster
from layers.completion import complete
from layers.geometry import as_ids, layer_title, repair, shapes_of
from layers.join import join_to_parcels
from layers.overlaps import overlap_problems, overlaps
from layers.parts import lay_out_parts
from layers.pv_assets import asset_problems
from layers.raster_checks import value_problems
from layers.surface import grid_of
from standards import Standards, grid_factor
from standards.grid import NATIONAL
from standards.place_names import PlaceName

NEEDED = ("building", "parcel")
AREAS = ("district", "planning_unit")
REFERRED = ("building", "parcel", "district")  # tables whose ids stand in columns of others
AREA_TOLERANCE = 0.1  # a given area may differ from the shape's by this share
AREA_UNITS = {"ha": 1e-4, "亩": 1 / 666.67, "km²": 1e-6, "万m²": 1e-4}
FARTHEST_IN_A_CITY_M = 100_000.0
LEAST_TO_COMPARE = 3  # buildings
ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


def fit_tables(
    tables: Mapping[str, gpd.GeoDataFrame], facts: Mapping[str, Any], standards: Standards, job: Job
) -> tuple[dict[str, gpd.GeoDataFrame], list[Problem]]:
    """Given tables made fit for computing: repaired, parts laid out, joined, completed.

    Parameters
    ----------
    tables : Mapping of str to GeoDataFrame
        Given tables with the corrections laid over them, in one projected reference system.
    facts : Mapping
        As in `complete`.
    standards : Standards
        Published and assumed numbers.
    job : Job
        Reports progress and can stop the work.

    Returns
    -------
    dict of str to GeoDataFrame
        Each table indexed by its ids. Where the reference system of a table is unfit the table stays as
        it was, and what needs it is left out.
    list of Problem
        Everything that was mended, assumed or is wrong, errors first.
    """
    fit: dict[str, gpd.GeoDataFrame] = {}
    problems: list[Problem] = []
    for name in job.each(list(tables), "Checking layers"):
        problems += out_of_limits(tables[name], name)
        fit[name], found = repair(tables[name], name, job)
        problems += found
    unfit = {problem.table for problem in problems if problem.severity == Severity.ERROR and not problem.rows}
    if "building" in fit and "building" not in unfit:
        fit["building"], found = lay_out_parts(fit["building"], standards)
        problems += found
    for name in NEEDED:
        if name in fit and name not in unfit:
            problems += overlap_problems(_between_buildings(overlaps(fit[name], job), fit[name]), name)
    if "building" in fit and "building" not in unfit:
        parcels = fit.get("parcel") if "parcel" not in unfit else None
        if parcels is None:
            parcels = _no_parcels(fit["building"])
        fit["building"], found = join_to_parcels(fit["building"], parcels, standards, job)
        problems += found
        fit["building"], completed, found = complete(fit["building"], parcels, facts, standards)
        problems += found
        areas = {one: fit[one] for one in AREAS if one in fit and one not in unfit}
        fit["building"], found = off_parcels_in_areas(fit["building"], areas)
        problems += found
        if "parcel" in fit and "parcel" not in unfit:
            fit["parcel"], found = in_areas(completed, areas)
            problems += found
    for name, frame in fit.items():
        if name not in unfit:
            problems += _references(frame, name, fit)
    if "parcel" in fit and "parcel" not in unfit:
        problems += _areas(fit["parcel"], tables["parcel"])
    return fit, in_order(problems)


def check_city(city: City, job: Job | None = None, *, cell_m: float = 1.0) -> list[Problem]:
    """Everything wrong with the given data of a city, errors first; as `fit_city`."""
    return fit_city(city, job, cell_m=cell_m)[1]


def fit_city(
    city: City, job: Job | None = None, *, cell_m: float = 1.0
) -> tuple[dict[str, gpd.GeoDataFrame], list[Problem]]:
    """The tables of a city made fit for computing, and everything wrong with its given data.

    Parameters
    ----------
    city : City
        Of given tables and rasters.
    job : Job, optional
        Reports progress and can stop the work.
    cell_m : float
        Cell size that a surface would be built with. [m]

    Returns
    -------
    dict of str to GeoDataFrame
        As of `fit_tables`.
    list of Problem
        Errors first.
    """
    job = job or Job()
    problems = missing(city)
    tables = {
        name: frame for name, frame in city.tables.items() if frame.crs is None or frame.crs == city.crs
    }
    for name in sorted(set(city.tables) - set(tables)):
        problems.append(
            Problem(
                "The table “{layer}” is in {own}, the city in {crs}.",
                "Convert the table to the reference system of the city.",
                table=name,
                layer=layer_title(name),
                own=city.tables[name].crs.name,
                crs=city.crs.name,
            )
        )
    fit, found = fit_tables(tables, city.facts, city.standards, job)
    problems += found
    problems += asset_problems(fit, date.today())
    problems += _distances(fit)
    problems += _astray(fit.get("building"))
    buildings = fit.get("building")
    for name, raster in city.rasters.items():
        problems += _raster(name, raster, city, buildings)
    if (
        buildings is not None
        and len(buildings)
        and buildings.crs == city.crs
        and "surface" not in city.rasters
    ):
        try:
            grid_of(tuple(buildings.total_bounds), cell_m, city.standards)
        except UserError as error:
            problems += error.problems
    return fit, in_order(problems)


def missing(city: City) -> list[Problem]:
    """What a city lacks to be computed at all, or to be computed well."""
    problems = [
        Problem(
            "The city has no layer “{layer}”.",
            "Import it.",
            # buildings alone can be assessed, parcels alone be planned
            severity=Severity.WARNING if set(NEEDED) & set(city.tables) else Severity.ERROR,
            table=name,
            layer=layer_title(name),
        )
        for name in NEEDED
        if name not in city.tables
    ]
    if city.weather is None:
        problems.append(
            Problem(
                "The city has no weather.",
                "Import an EPW file or choose the nearest city.",
                severity=Severity.WARNING,
            )
        )
    elif set(NEEDED) & set(city.tables):
        away_km = _distance_km(city)
        if away_km > city.standards.number("weather_defaults", quantity="station_distance_limit").value:
            problems.append(
                Problem(
                    "The weather is of {station}, {distance} km from the buildings and parcels.",
                    "Use a station nearer by, or compare results with local yields.",
                    severity=Severity.WARNING,
                    station=PlaceName(city.weather.name),
                    distance=f"{away_km:.0f}",
                )
            )
    return problems + _grid(city)


def _grid(city: City) -> list[Problem]:
    """A note where carbon dioxide is counted with the emission factor of the whole country."""
    province = str(city.facts.get("province") or "")
    factor = grid_factor(city.standards, province)
    if NATIONAL not in factor.key.split(" / "):
        return []
    return [
        Problem(
            "The grid has no emission factor of its own for “{province}”; that of the whole country is taken."
            if province
            else "No province is named; the grid's emission factor of the whole country is taken.",
            "Name the province in Chinese, such as 湖北, or give a factor in the project's own table of standards.",
            severity=Severity.NOTE,
            province=province,
        )
    ]


def _distance_km(city: City) -> float:
    """Distance of the weather station from the middle of the city. [km]"""
    place, weather = city.place, city.weather
    if weather is None:
        return 0.0
    metres = Geod(ellps="GRS80").inv(place.longitude, place.latitude, weather.longitude, weather.latitude)[2]
    return float(metres) / 1000


def in_order(problems: list[Problem]) -> list[Problem]:
    """Problems with the gravest first, otherwise in the order they were found."""
    return sorted(problems, key=lambda problem: ORDER.index(problem.severity))


def _no_parcels(buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """A table of no parcels, in the reference system of the buildings."""
    index = pd.Index([], name="parcel_id", dtype=object)
    return gpd.GeoDataFrame(geometry=gpd.GeoSeries([], index=index, crs=buildings.crs))


def _between_buildings(pairs: pd.DataFrame, frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Overlaps without those among the parts of one building, which may stand on each other."""
    if "root_id" not in frame.columns or pairs.empty:
        return pairs
    root = as_ids(frame["root_id"])
    root = root.where(root.ne(""), frame["given_id"])
    other = root[pairs["first"]].to_numpy() != root[pairs["second"]].to_numpy()
    kept: pd.DataFrame = pairs.loc[other].reset_index(drop=True)
    return kept


def _references(frame: gpd.GeoDataFrame, name: str, tables: Mapping[str, gpd.GeoDataFrame]) -> list[Problem]:
    """Ids of other tables that are not there; of buildings the join has said it already."""
    problems = []
    for other in REFERRED:
        column = f"{other}_id"
        if other == name or name == "building" or other not in tables or column not in frame.columns:
            continue
        ids = as_ids(frame[column])
        known = tables[other].index.union(tables[other].get("given_id", pd.Series(dtype=object)))
        lost = ids.ne("") & ~ids.isin(known)
        if lost.any():
            problems.append(
                Problem(
                    "{count} rows of the table “{layer}” name ids that the table “{other}” does not hold.",
                    "Correct these ids, or add the missing rows.",
                    severity=Severity.WARNING,
                    table=name,
                    rows=tuple(frame.index[lost]),
                    count=int(lost.sum()),
                    layer=layer_title(name),
                    other=layer_title(other),
                )
            )
    return problems


def _areas(parcels: gpd.GeoDataFrame, given: gpd.GeoDataFrame) -> list[Problem]:
    """Given plot areas that do not fit the shapes, with the unit they may be in."""
    if "plot_area_m2" not in given.columns or parcels.empty:
        return []
    shape_m2 = pd.Series(shapely.area(shapes_of(parcels)), index=parcels.index)
    ratio = parcels["plot_area_m2"] / shape_m2
    wrong = (ratio - 1).abs() > AREA_TOLERANCE
    if not wrong.any():
        return []
    middle = float(ratio[wrong].median())
    unit = next((name for name, share in AREA_UNITS.items() if abs(middle / share - 1) < AREA_TOLERANCE), "")
    rows = tuple(parcels.index[wrong])
    if unit:
        return [
            Problem(
                "The plot areas of {count} parcels seem to be in {unit}, not in m².",
                "Choose their unit when importing.",
                table="parcel",
                rows=rows,
                count=len(rows),
                unit=unit,
            )
        ]
    return [
        Problem(
            "The plot areas of {count} parcels differ by more than {share} % from their shapes.",
            "Correct the areas or the outlines; the given areas are used.",
            severity=Severity.WARNING,
            table="parcel",
            rows=rows,
            count=len(rows),
            share=f"{AREA_TOLERANCE * 100:g}",
        )
    ]


def _astray(buildings: gpd.GeoDataFrame | None) -> list[Problem]:
    """Buildings so far from all others that their coordinates must be wrong."""
    if buildings is None or len(buildings) < LEAST_TO_COMPARE:
        return []
    middles = shapely.get_coordinates(shapely.centroid(shapes_of(buildings)))
    if len(middles) != len(buildings):
        return []
    away_m = np.hypot(*(middles - np.median(middles, axis=0)).T)
    far = away_m > FARTHEST_IN_A_CITY_M
    if not far.any():
        return []
    return [
        Problem(
            "{count} buildings lie up to {distance} km away from the middle of all others.",
            "Check their coordinates, or remove them: they make the computed area large.",
            severity=Severity.WARNING,
            table="building",
            rows=tuple(buildings.index[far]),
            count=int(far.sum()),
            distance=f"{away_m[far].max() / 1000:.0f}",
        )
    ]


def _distances(tables: Mapping[str, gpd.GeoDataFrame]) -> list[Problem]:
    """Layers that do not meet the buildings at all."""
    buildings = tables.get("building")
    if buildings is None or buildings.empty:
        return []
    city = shapely.box(*buildings.total_bounds)
    return [
        Problem(
            "The layer “{layer}” lies {distance} km away from the buildings.",
            "Check the reference system of both layers.",
            severity=Severity.ERROR if name in NEEDED else Severity.WARNING,
            table=name,
            layer=layer_title(name),
            distance=f"{away / 1000:.0f}",
        )
        for name, frame in tables.items()
        if len(frame) and np.isfinite(frame.total_bounds).all()
        for away in [shapely.distance(city, shapely.box(*frame.total_bounds))]
        if away > 0
    ]


def _raster(name: str, raster: Raster, city: City, buildings: gpd.GeoDataFrame | None) -> list[Problem]:
    """What is wrong with one raster of the city."""
    if raster.crs != city.crs:
        return [
            Problem(
                "The raster “{name}” is in {own}, the city in {crs}.",
                "Convert the raster to the reference system of the city.",
                name=raster_title(name),
                own=raster.crs.name,
                crs=city.crs.name,
            )
        ]
    problems = value_problems(raster.values) if name in ("terrain", "surface") else []
    if buildings is None or buildings.empty:
        return problems
    inside = shapely.get_coordinates(shapely.point_on_surface(shapes_of(buildings)))
    columns, rows = ~raster.transform @ (inside[:, 0], inside[:, 1])
    rows, columns = np.floor(rows).astype(int), np.floor(columns).astype(int)
    height, width = raster.values.shape
    on = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    on[on] = ~np.isnan(raster.values[rows[on], columns[on]])
    if not on.all():
        problems.append(
            Problem(
                "{count} buildings stand where the raster “{name}” has no values.",
                "Use a raster that covers all buildings.",
                severity=Severity.WARNING if on.any() else Severity.ERROR,
                table="building",
                rows=tuple(buildings.index[~on]),
                count=int((~on).sum()),
                name=raster_title(name),
            )
        )
    return problems


def raster_title(name: str) -> Phrase:
    """What a raster is called; said in the language in which it is read."""
    return FieldTitle(name) if name in fields() else Phrase(name)
