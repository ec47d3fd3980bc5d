"""Ancillary PV: car parks under canopies, corridors, guard houses and equipment rooms, as a class of their own."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from core.jobs import Job
from layers.city import City
from potential import Assessment, Potential
from potential.solar.classes import SolarClass, is_municipal
from potential.solar.open_air import Places, shine_on_places
from potential.solar.pv_sums import option_rows
from potential.solar.roof_sun import RoofSettings
from potential.solar.structures import (
    Ground,
    ground_of,
    open_air_rows,
    parcel_results,
    roofs_of_class,
    structure_totals,
)

PREFIX = "ancillary"
SOUTH_DEG = 180.0
SMALLEST_M2 = 1.0  # of open ground; slivers between outlines are none


@dataclass(frozen=True)
class AncillarySettings(RoofSettings):
    """What a planner may set; as `RoofSettings`."""


def assess(city: City, demand: Any, settings: AncillarySettings, job: Job) -> Assessment:
    """PV on ancillary structures of every parcel of a city.

    Parameters
    ----------
    city : City
        With tables `building` and `parcel` (with `parking_stalls` or `parking_roofless_m2`), and weather.
    demand : object
        Not needed.
    settings : AncillarySettings
        What the planner set.
    job : Job
        Reports progress and stops when asked.

    Returns
    -------
    Assessment
        `details` has `building` (ancillary buildings) and `canopy` (the open ground of parcels with car parks);
        `parcels` and `options`.

    Raises
    ------
    UserError
        Where buildings or weather are missing.
    """
    ground = ground_of(city, settings, job)
    roofs = roofs_of_class(city, ground, SolarClass.ANCILLARY, PREFIX)
    stalls = parking(city, ground)
    canopies = _canopies(stalls, city, ground, job)
    rows = {"building": roofs, "canopy": pd.DataFrame(canopies.drop(columns="geometry"))}
    yuan = 1000 * ground.taken.number("costs", key="pv_carport", item="capex")
    nothing = "no ancillary structure known"
    by_parcel = parcel_results(
        pd.concat([frame.reset_index(drop=True) for frame in rows.values()]),
        city.tables.get("parcel"),
        PREFIX,
        ground.numbers.spread,
        nothing,
    )
    return Assessment(
        name=PREFIX,
        parcels=by_parcel,
        options=option_rows(by_parcel, PREFIX, "canopy_pv", yuan),
        details=MappingProxyType({"building": roofs, "canopy": canopies}),
        totals=MappingProxyType(structure_totals(rows, by_parcel, PREFIX, ground.numbers.spread)),
        numbers=ground.used,
        remarks=_remarks(city),
    )


ANCILLARY = Potential(
    name=PREFIX,
    title="Ancillary PV",
    tables=("building", "parcel"),
    rasters=(),
    standards=(
        "solar_classes",
        "canopies",
        "pv_parameters",
        "pv_roof",
        "pv_safety_rules",
        "rooftop_grades",
        "grid_factors",
        "energy_conversion",
        "costs",
    ),
    settings=AncillarySettings,
    assess=assess,
)


def parking(city: City, ground: Ground) -> gpd.GeoDataFrame:
    """Open car parks of parcels that are not municipal: their open ground with the stalls that canopies may cover.

    Where the open area of parking is given, it tells how many of the stalls are not under the ground; where only
    stalls are given, they are limited by the open ground of the parcel.

    Returns
    -------
    GeoDataFrame
        By parcel, with `stalls` and the open ground as geometry; empty where nothing of parking is known.
    """
    taken = ground.taken
    stall_m2 = taken.number("canopies", place="canopy", case="stall", quantity="area")
    with_lanes = taken.number("canopies", place="canopy", case="ground", quantity="area")
    most_share = taken.number("canopies", place="canopy", case="open_ground", quantity="share")
    parcels = city.tables.get("parcel")
    if parcels is None or parcels.empty:
        return gpd.GeoDataFrame({"stalls": []}, geometry=[], crs=city.crs)
    number = _numbers(parcels, "parking_stalls")
    area = _numbers(parcels, "parking_roofless_m2")
    open_ground = _open_ground(parcels, city.tables["building"])
    free_m2 = shapely.area(open_ground)
    told = np.where(np.isnan(area), np.inf, area / with_lanes)
    room = np.where(np.isnan(area), most_share * free_m2 / with_lanes, np.inf)
    stalls = np.floor(np.fmin(np.fmin(number, told), np.fmin(room, free_m2 / stall_m2)))
    stalls = np.where(np.isnan(number) & np.isnan(area), 0.0, stalls)
    municipal = is_municipal(parcels["use"], city.standards) if "use" in parcels else False
    kept = (stalls >= 1) & ~np.asarray(municipal, bool) & (free_m2 > SMALLEST_M2)
    return gpd.GeoDataFrame(
        {"stalls": stalls[kept].astype(int)},
        geometry=open_ground[kept],
        crs=parcels.crs,
        index=parcels.index[kept],
    )


def _canopies(stalls: gpd.GeoDataFrame, city: City, ground: Ground, job: Job) -> gpd.GeoDataFrame:
    """Potential of the canopies over open car parks."""
    taken = ground.taken
    stall_m2 = taken.number("canopies", place="canopy", case="stall", quantity="area")
    cover = taken.number("canopies", place="canopy", case="cover", quantity="share")
    tilt = taken.number("canopies", place="canopy", case="tilt", quantity="tilt")
    height = taken.number("canopies", place="canopy", case="height", quantity="height")
    count = len(stalls)
    places = Places(stalls.geometry, np.full(count, tilt), np.full(count, SOUTH_DEG), np.full(count, height))
    shone = shine_on_places(places, ground.site, ground.numbers.chain, job)
    modules = stalls["stalls"].to_numpy() * stall_m2 * cover
    parcel_id = pd.Series(stalls.index.to_numpy(), index=stalls.index)
    rows = open_air_rows(
        ground, PREFIX, parcel_id, modules, modules * ground.numbers.kwp_per_module_m2, shone
    )
    rows.index = pd.Index([f"{one}-C" for one in stalls.index], name="canopy_id")
    return gpd.GeoDataFrame(
        rows.assign(parking_stalls=stalls["stalls"].to_numpy()),
        geometry=stalls.geometry.to_numpy(),
        crs=city.crs,
    )


def _open_ground(parcels: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> Any:
    """Parcels without their buildings."""
    shapes = parcels.geometry.to_numpy()
    place, one = buildings.sindex.query(shapes, predicate="intersects")
    over: dict[int, list[int]] = {}
    for parcel, building in zip(place.tolist(), one.tolist(), strict=True):
        over.setdefault(parcel, []).append(building)
    outlines = buildings.geometry.to_numpy()
    ground = np.array(shapes, dtype=object)
    for parcel, those in over.items():
        ground[parcel] = shapely.difference(ground[parcel], shapely.union_all(outlines[those]))
    return ground


def _numbers(frame: gpd.GeoDataFrame, name: str) -> Any:
    if name not in frame:
        return np.full(len(frame), np.nan)
    return pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=float)


def _remarks(city: City) -> tuple[str, ...]:
    parcels = city.tables.get("parcel")
    known = parcels is not None and any(name in parcels for name in ("parking_stalls", "parking_roofless_m2"))
    said = ["Guard houses, sheds, corridors and equipment rooms are told by their names."]
    if known:
        said.append(
            "Where on a parcel its car park lies is not known: canopies see the mean of its open ground."
        )
    else:
        said.append(
            "Nothing is known of car parks: stalls or open parking area of parcels would tell of canopies."
        )
    return tuple(said)
