"""Obstacles of wells: what they must keep away from, and the basements that limit how far the water may rise."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from layers.city import City
from potential.groundwater.screening import Zone
from potential.groundwater.well_numbers import WellNumbers
from potential.groundwater.wells import CORNERS, WellPlaces

Floats = NDArray[np.float64]


def obstacles_of(city: City, zones: list[Zone], numbers: WellNumbers) -> NDArray[np.object_]:
    """Areas where no well may stand: buildings, tunnels and underground space with their distance, zones and water."""
    found = [_widened(city.tables.get("building"), numbers.building)]
    for name in ("metro", "underground_space"):
        table = city.tables.get(name)
        if table is not None and not table.empty:
            half = _column(table, "width_m") / 2 if name == "metro" else np.zeros(len(table))
            found.append(_widened(table, half + _column(table, "protection_m")))
    found.append(_widened(city.tables.get("water"), 0.0))
    found += [zone.shapes for zone in zones]
    return np.concatenate(found)


def rise_allowed(city: City, depth_m: Floats, places: WellPlaces, numbers: WellNumbers) -> Floats:
    """How far the water table may rise at the injection wells of every parcel, shape (parcels,). [m]

    Up to the freeboard below the ground, and below the deepest basement near an injection well. A basement that stands
    in the groundwater already is built for it: there the water may rise a little.
    """
    allowed = depth_m - numbers.freeboard
    buildings = city.tables.get("building")
    if buildings is None or "floors_below" not in buildings:
        return np.maximum(allowed, 0.0)
    deep = buildings[(pd.to_numeric(buildings["floors_below"], errors="coerce") > 0).to_numpy()]
    wells = np.flatnonzero(~places.production)
    if deep.empty or not len(wells):
        return np.maximum(allowed, 0.0)
    points = shapely.points(places.x[wells], places.y[wells])
    tree = STRtree(deep.geometry.to_numpy())
    well, basement = tree.query(points, predicate="dwithin", distance=numbers.basement_distance)
    floor = np.zeros(len(depth_m))
    below = pd.to_numeric(deep["floors_below"]).to_numpy(dtype=float) * numbers.storey
    np.maximum.at(floor, places.parcel[wells[well]], below[basement])
    dry, wet = (floor > 0) & (floor < depth_m), (floor > 0) & (floor >= depth_m)
    allowed = np.where(dry, allowed - floor, allowed)
    return np.maximum(np.where(wet, np.minimum(allowed, numbers.wet_basement), allowed), 0.0)


def _column(table: gpd.GeoDataFrame, name: str) -> Floats:
    if name not in table:
        return np.zeros(len(table))
    found: Floats = pd.to_numeric(table[name], errors="coerce").fillna(0.0).to_numpy(dtype=float)
    return found


def _widened(table: gpd.GeoDataFrame | None, distance: float | Floats) -> NDArray[np.object_]:
    if table is None or table.empty:
        return np.empty(0, dtype=object)
    shapes = np.array(table.geometry.to_numpy(), dtype=object)
    kept = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    wide = np.broadcast_to(distance, len(shapes))[kept]
    return np.asarray(shapely.buffer(shapes[kept], wide, quad_segs=CORNERS), dtype=object)
