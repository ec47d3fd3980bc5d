"""Sites of deep wells: where they are forbidden or under conditions, and the ground that is open for drilling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from layers.city import City

WHOLE = 0.99  # share of a parcel from which it counts as wholly inside; shapes of two layers never match to the last
OUTER_LEVELS = ("准", "三", "III", "3")  # of drinking water: under conditions; every other level forbids
METRO_M = 50.0  # where a line names no protection distance of its own
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Ban:
    """A kind of zone in which wells are forbidden, or under a condition; `closed` says whether closed wells are too."""

    reason: str
    kinds: tuple[str, ...]
    closed: bool = True
    levels: str = ""  # of drinking water: `inner` or `outer`
    beside: bool = False  # widened by the distance to faults


BANS = (
    Ban("fault or ground fissure", ("ground_fissure", "fault"), beside=True),
    Ban("drinking water protection zone", ("drinking_water",), levels="inner"),
    Ban("heritage protection", ("heritage_core", "archaeology")),
    Ban("ecological protection", ("ecology",)),
    Ban("subsidence area", ("subsidence",), closed=False),
    Ban("groundwater ban area", ("groundwater_ban",), closed=False),
)
CONDITIONS = (
    Ban("outer drinking water protection zone", ("drinking_water",), levels="outer"),
    Ban("heritage control zone", ("heritage_control",)),
    Ban("groundwater limit area", ("groundwater_limit", "overexploited"), closed=False),
)


@dataclass(frozen=True)
class Sites:
    """Where wells may stand.

    Parameters
    ----------
    banned : dict of str to ndarray, shape (parcels,)
        Share of every parcel in each kind of forbidden zone, by reason.
    conditions : dict of str to ndarray of bool
        Parcels that touch zones with a condition.
    doublet_room, closed_room : ndarray, shape (parcels,)
        Ground open for each technology. [m²]
    doublet_ban, closed_ban : BaseGeometry or None
        Where each is forbidden.
    """

    banned: dict[str, Floats]
    conditions: dict[str, Bools]
    doublet_room: Floats
    closed_room: Floats
    doublet_ban: BaseGeometry | None
    closed_ban: BaseGeometry | None


def well_sites(city: City, parcels: gpd.GeoDataFrame, fault_m: float) -> Sites:
    """Zones and open ground of every parcel.

    Parameters
    ----------
    city : City
        With `protection_zone`, `metro`, `underground_space` and `building` where known.
    parcels : GeoDataFrame
        Areas.
    fault_m : float
        Kept to faults and fissures. [m]
    """
    outlines = parcels.geometry.to_numpy()
    shapes = {ban.reason: _zone(city, ban, fault_m) for ban in (*BANS, *CONDITIONS)}
    below = _below_ground(city)
    doublet = _together([*(shapes[ban.reason] for ban in BANS), below])
    closed = _together([*(shapes[ban.reason] for ban in BANS if ban.closed), below])
    built = _built(city, parcels)
    # Where no table of zones is given, nothing is known to be open.
    area = shapely.area(outlines) * (0.0 if city.tables.get("protection_zone") is None else 1.0)
    return Sites(
        banned={ban.reason: _share(outlines, shapes[ban.reason]) for ban in BANS},
        conditions={ban.reason: _share(outlines, shapes[ban.reason]) > 0 for ban in CONDITIONS},
        doublet_room=np.maximum(area * (1 - _share(outlines, doublet)) - built, 0.0),
        closed_room=np.maximum(area * (1 - _share(outlines, closed)) - built, 0.0),
        doublet_ban=doublet,
        closed_ban=closed,
    )


def well_point(
    outline: BaseGeometry, buildings: NDArray[np.object_], ban: BaseGeometry | None, least_m2: float
) -> Point | None:
    """The middle of the widest open ground of a parcel, None where no piece of it is large enough."""
    free = outline if not len(buildings) else outline.difference(shapely.union_all(buildings))
    if ban is not None and ban.intersects(outline):
        free = free.difference(ban)
    parts = [part for part in shapely.get_parts(free) if part.area >= least_m2 > 0]
    if not parts:
        return None
    widest = max(parts, key=lambda part: part.area)
    middle = shapely.get_point(shapely.maximum_inscribed_circle(widest, tolerance=1.0), 0)
    return middle if isinstance(middle, Point) else None


def _zone(city: City, ban: Ban, fault_m: float) -> BaseGeometry | None:
    zones = city.tables.get("protection_zone")
    if zones is None or zones.empty or "kind" not in zones:
        return None
    meant = zones["kind"].isin(ban.kinds)
    if ban.levels:
        level = (
            zones["zone_level"].fillna("").astype(str)
            if "zone_level" in zones
            else pd.Series("", zones.index)
        )
        outer = level.map(lambda words: any(word in words for word in OUTER_LEVELS) and "一" not in words)
        meant &= outer if ban.levels == "outer" else ~outer
    shapes = zones.geometry[meant & zones.geometry.notna()].to_numpy()
    return _together([*(shapely.buffer(shapes, fault_m) if ban.beside else shapes)])


def _below_ground(city: City) -> BaseGeometry | None:
    """Metro with its protection, and what is built or planned below ground."""
    shapes: list[BaseGeometry] = []
    for name, usual in (("metro", METRO_M), ("underground_space", 0.0)):
        table = city.tables.get(name)
        if table is None or table.empty:
            continue
        beside = np.full(len(table), usual)
        for column, factor in (("protection_m", 1.0), ("width_m", 0.5)):
            if column in table:
                given = pd.to_numeric(table[column], errors="coerce").to_numpy(dtype=float) * factor
                beside = np.where(
                    np.isnan(given), beside, given if column == "protection_m" else beside + given
                )
        shapes += list(shapely.buffer(table.geometry.to_numpy(), beside))
    return _together(shapes)


def _together(shapes: Sequence[BaseGeometry | None]) -> BaseGeometry | None:
    given = [shape for shape in shapes if shape is not None and not shape.is_empty]
    if not given:
        return None
    area: BaseGeometry = shapely.union_all(given)
    shapely.prepare(area)
    return area


def _share(outlines: NDArray[np.object_], area: BaseGeometry | None) -> Floats:
    share = np.zeros(len(outlines))
    if area is None or not len(outlines):
        return share
    near = shapely.intersects(area, outlines)
    inside = near & shapely.covers(area, outlines)
    share[inside] = 1.0
    cut = near & ~inside
    share[cut] = shapely.area(shapely.intersection(outlines[cut], area)) / np.maximum(
        shapely.area(outlines[cut]), 1e-9
    )
    return share


def _built(city: City, parcels: gpd.GeoDataFrame) -> Floats:
    """Ground under buildings, or that planned buildings will cover. [m²]"""
    found = np.zeros(len(parcels))
    buildings = city.tables.get("building")
    if buildings is not None and "parcel_id" in buildings and not buildings.empty:
        area = pd.Series(buildings.area.to_numpy()).groupby(buildings["parcel_id"].to_numpy()).sum()
        found = area.reindex(parcels.index).fillna(0.0).to_numpy(dtype=float)
    if "building_density" in parcels:
        density = (
            pd.to_numeric(parcels["building_density"], errors="coerce").fillna(0.0).to_numpy(dtype=float)
        )
        found = np.maximum(found, density * parcels.area.to_numpy())
    return found
