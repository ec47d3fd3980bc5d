"""Datum check: whether buildings would lie better in their parcels if their coordinates were those of a web map."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from core.problems import Problem, Severity
from layers.datum import BD09, GCJ02, WGS84, convert

MOST_LOOKED_AT = 2_000  # buildings; enough to tell, and quick
TOLERANCE_M = 0.5
LEAST_GAIN = 0.2  # of all buildings that lie within one parcel


def shifted_problems(table: str, frame: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> list[Problem]:
    """A warning where a layer seems to be in the shifted degrees of a Chinese web map.

    Parameters
    ----------
    table : str
        `building` or `parcel`: which of the two `frame` is.
    frame : GeoDataFrame
        The layer just read, in the reference system of the project.
    other : GeoDataFrame
        The other of the two, in the same system.
    """
    moved = {datum: _share(table, _unshifted(frame, datum), other) for datum in (GCJ02, BD09)}
    as_it_is = _share(table, frame, other)
    best = max(moved, key=lambda datum: moved[datum])
    if moved[best] < as_it_is + LEAST_GAIN:
        return []
    return [
        Problem(
            "{share} % of the buildings lie within one parcel; with the coordinates taken as {datum} {better} % would.",
            "If the file comes from a web map, import it once more with {datum} as its reference system.",
            severity=Severity.WARNING,
            table=table,
            share=f"{as_it_is * 100:.0f}",
            better=f"{moved[best] * 100:.0f}",
            datum=best,
        )
    ]


def _unshifted(frame: gpd.GeoDataFrame, datum: str) -> gpd.GeoDataFrame:
    """A layer with the shift of a web map taken out."""
    shapes = frame[[frame.geometry.name]]
    return convert(shapes.to_crs(4326), datum, WGS84).to_crs(frame.crs)


def _share(table: str, frame: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> float:
    """Share of the buildings that lie within one parcel, of those near any."""
    buildings, parcels = (frame, other) if table == "building" else (other, frame)
    shapes = buildings.geometry.to_numpy()
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    if len(shapes) > MOST_LOOKED_AT:
        shapes = shapes[np.linspace(0, len(shapes) - 1, MOST_LOOKED_AT).astype(int)]
    areas = parcels.geometry.to_numpy()
    areas = areas[shapely.is_valid(areas) & ~shapely.is_empty(areas)]
    if not len(shapes) or not len(areas):
        return 0.0
    shapes = shapely.buffer(shapes, -TOLERANCE_M)  # many buildings stand on the boundary of their parcel
    shapes = shapes[~shapely.is_empty(shapes)]
    if not len(shapes):
        return 0.0
    within, _ = shapely.STRtree(areas).query(shapes, predicate="within")
    return len(np.unique(within)) / len(shapes)
