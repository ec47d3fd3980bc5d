"""Places: what rasters say at parcels, and how much of each parcel lies in zones of some kinds."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from layers.city import City


def raster_at(city: City, name: str, parcels: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Value of a raster in the middle of every parcel.

    Parameters
    ----------
    city : City
        Its rasters.
    name : str
        Raster, named as the field it holds.
    parcels : GeoDataFrame
        Where to look.

    Returns
    -------
    ndarray, shape (parcels,)
        In the unit of the field; NaN where the raster is missing, has no value, or does not reach.
    """
    found = np.full(len(parcels), np.nan)
    raster = city.rasters.get(name)
    if raster is None or parcels.empty:
        return found
    middle = parcels.geometry.representative_point()
    column, row = ~raster.transform @ (middle.x.to_numpy(), middle.y.to_numpy())
    column, row = np.floor(column), np.floor(row)
    rows, columns = raster.values.shape
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    found[inside] = raster.values[row[inside].astype(int), column[inside].astype(int)]
    return found


def missing_rasters(city: City, names: Sequence[str], parcels: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Where each of some rasters says nothing, shape (parcels, names)."""
    if not names:
        return np.zeros((len(parcels), 0), dtype=bool)
    return np.column_stack([np.isnan(raster_at(city, name, parcels)) for name in names])


def zone_share(
    city: City,
    parcels: gpd.GeoDataFrame,
    table: str,
    kinds: Sequence[str],
    *,
    levels: Sequence[str] = (),
    distance_m: float = 0.0,
) -> NDArray[np.float64]:
    """Share of every parcel that lies in zones of some kinds.

    Parameters
    ----------
    city : City
        Its tables.
    parcels : GeoDataFrame
        Areas.
    table : str
        Table of zones with `kind`, e.g. `protection_zone`; nothing lies in a table that is missing.
    kinds, levels : sequence of str
        Kinds, and where not empty the `zone_level` that are meant.
    distance_m : float
        By how much zones are widened. [m]

    Returns
    -------
    ndarray, shape (parcels,)
        From 0 to 1.
    """
    share = np.zeros(len(parcels))
    zones = city.tables.get(table)
    if zones is None or zones.empty or "kind" not in zones:
        return share
    meant = zones["kind"].isin(list(kinds))
    if levels and "zone_level" in zones:
        meant &= zones["zone_level"].isin(list(levels))
    shapes = zones.geometry[meant].to_numpy()
    if not len(shapes):
        return share
    area = shapely.union_all(shapely.buffer(shapes, distance_m) if distance_m > 0 else shapes)
    outlines = parcels.geometry.to_numpy()
    shapely.prepare(area)
    near = shapely.intersects(area, outlines)
    cut = shapely.area(shapely.intersection(outlines[near], area))
    share[near] = cut / np.maximum(shapely.area(outlines[near]), 1e-9)
    return share
