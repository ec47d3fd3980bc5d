"""Facilities and car parks in the open air: where they stand, how large they are, and under which class they count."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.city import City
from layers.join import standing_on
from potential.solar.classes import is_municipal, kinds_of_parking
from standards import Taken

BARRIER = "noise_barrier"
SMALLEST_M2 = 1.0  # of open ground; slivers between outlines are none
RULES = "municipal_pv"


def given_facilities(city: City) -> gpd.GeoDataFrame:
    """Given facilities of kinds that can carry modules, each with the parcel it stands on.

    The parcel that is given holds; else that in which the facility lies; none on streets and squares outside. Noise
    barriers get `barrier_m2`, their length times their height.

    Returns
    -------
    GeoDataFrame
        By `facility_id`, with `kind`, `parcel_id` and what is known of their size; empty where no layer is given.
    """
    kinds = set(city.standards.table(RULES)["kind"])
    given = city.tables.get("facility")
    if given is None or "kind" not in given:
        empty = pd.Index([], name="facility_id", dtype=object)
        none: dict[str, Any] = {"kind": [], "parcel_id": []}
        return gpd.GeoDataFrame(none, geometry=[], crs=city.crs, index=empty)
    found = given[given["kind"].isin(kinds)].copy()
    found["parcel_id"] = standing_on(found, city.tables.get("parcel"), "parcel_id")
    if {"length_m", "height_m"} <= set(found.columns):
        barrier = found["kind"] == BARRIER
        found["barrier_m2"] = (found["length_m"] * found["height_m"]).where(barrier)
    found.index.name = "facility_id"
    return found


def municipal_facilities(city: City, taken: Taken) -> gpd.GeoDataFrame:
    """Given facilities, and the car parks of municipal parcels as `<parcel>-P`.

    A parcel's car park counts only where no facility of known size stands on the parcel, so that nothing is taken
    twice: the area of a depot or works may hold its stalls.
    """
    given = given_facilities(city)
    sized = given.loc[~np.isnan(capacity(given, taken)), "parcel_id"].dropna()
    parks = car_parks(city, taken)
    own = parks[parks["municipal"] & ~parks.index.isin(sized)]
    extra = gpd.GeoDataFrame(
        {
            "kind": "car_park",
            "parcel_id": own.index.to_numpy(),
            "canopy_area_m2": own["roofless_m2"].to_numpy(),
            "parking_stalls": own["stalls"].where(own["roofless_m2"].isna()).to_numpy(dtype=float),
        },
        geometry=own.geometry.to_numpy(),
        crs=city.crs,
        index=pd.Index([f"{one}-P" for one in own.index], name="facility_id"),
    )
    if extra.empty or given.empty:
        return given if extra.empty else extra
    both = gpd.GeoDataFrame(pd.concat([given, extra]), geometry="geometry", crs=city.crs)
    both.index.name = "facility_id"
    return both


def ancillary_car_parks(city: City, taken: Taken) -> gpd.GeoDataFrame:
    """Car parks of parcels that are not municipal and on which no public car park stands as a facility."""
    given = given_facilities(city)
    public = given["kind"].isin(kinds_of_parking(city.standards)) & ~np.isnan(capacity(given, taken))
    parks = car_parks(city, taken)
    return parks[~parks["municipal"] & ~parks.index.isin(given.loc[public, "parcel_id"].dropna())]


def car_parks(city: City, taken: Taken) -> gpd.GeoDataFrame:
    """Open car parks of parcels: the stalls that canopies may cover.

    Where the open area of parking is given, it tells how many of the stalls are not under the ground; where only
    stalls are given, they are limited by the open ground of the parcel.

    Returns
    -------
    GeoDataFrame
        By parcel, with `stalls`, `roofless_m2` as given, `municipal` and the open ground as geometry; empty where
        nothing of parking is known.
    """
    stall_m2 = taken.number("canopies", place="canopy", case="stall", quantity="area")
    with_lanes = taken.number("canopies", place="canopy", case="ground", quantity="area")
    most_share = taken.number("canopies", place="canopy", case="open_ground", quantity="share")
    parcels = city.tables.get("parcel")
    if parcels is None or parcels.empty:
        columns: dict[str, Any] = {"stalls": [], "roofless_m2": [], "municipal": np.zeros(0, bool)}
        return gpd.GeoDataFrame(columns, geometry=[], crs=city.crs)
    number, area = _numbers(parcels, "parking_stalls"), _numbers(parcels, "parking_roofless_m2")
    open_ground = _open_ground(parcels, city.tables["building"])
    free_m2 = shapely.area(open_ground)
    told = np.where(np.isnan(area), np.inf, area / with_lanes)
    room = np.where(np.isnan(area), most_share * free_m2 / with_lanes, np.inf)
    stalls = np.floor(np.fmin(np.fmin(number, told), np.fmin(room, free_m2 / stall_m2)))
    stalls = np.where(np.isnan(number) & np.isnan(area), 0.0, stalls)
    municipal = is_municipal(parcels["use"], city.standards) if "use" in parcels else np.zeros(len(parcels))
    kept = (stalls >= 1) & (free_m2 > SMALLEST_M2)
    return gpd.GeoDataFrame(
        {
            "stalls": stalls[kept].astype(int),
            "roofless_m2": area[kept],
            "municipal": np.asarray(municipal, bool)[kept],
        },
        geometry=open_ground[kept],
        crs=parcels.crs,
        index=parcels.index[kept],
    )


def capacity(facilities: gpd.GeoDataFrame, taken: Taken) -> NDArray[np.float64]:
    """Capacity that each facility can carry, the least that the rules of its kind allow; NaN without a size. [kWp]"""
    kwp = np.full(len(facilities), np.nan)
    kind = facilities["kind"].to_numpy(dtype=object)
    for _, row in taken.standards.table(RULES).iterrows():
        name, by = str(row["kind"]), str(row["by"])
        here = kind == name
        if not here.any() or by not in facilities:
            continue
        size = pd.to_numeric(facilities[by], errors="coerce").to_numpy(dtype=float)
        kwp = np.where(here, np.fmin(kwp, size * taken.number(RULES, kind=name, by=by)), kwp)
    return kwp


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


def _numbers(frame: gpd.GeoDataFrame, name: str) -> NDArray[np.float64]:
    """A column as numbers; NaN where it is not there or not known."""
    if name not in frame:
        return np.full(len(frame), np.nan)
    numbers: NDArray[np.float64] = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=float)
    return numbers
