"""Spikes of outlines: vertices where the line goes out and comes back on itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

SPIKE_WIDTH_M = 0.01  # a tongue narrower than this is a slip of the pen
SPIKE_COSINE = 0.996  # the line turns back by more than 175°


def without_spikes(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Areas without spikes, and which of them had some.

    Parameters
    ----------
    shapes : ndarray of polygons or multipolygons
        In metres; others pass unchanged.

    Returns
    -------
    ndarray of shapes, ndarray of bool
        A ring that consists of nothing but spikes is left as it is: mending what is invalid removes it.
    """
    out = shapes.copy()
    had = np.zeros(len(shapes), dtype=bool)
    areas = np.flatnonzero(np.isin(shapely.get_type_id(shapes), (3, 6)))
    if not len(areas):
        return out, had
    parts, part_owner = shapely.get_parts(shapes[areas], return_index=True)
    rings, ring_owner = shapely.get_rings(parts, return_index=True)
    owner = areas[part_owner[ring_owner]]
    points, ring = shapely.get_coordinates(rings, return_index=True)
    had[owner[np.unique(ring[_spikes(points, ring)])]] = True
    for number in np.flatnonzero(had):
        out[number] = _cleaned(shapes[number])
        had[number] = not shapely.equals_exact(out[number], shapes[number], 0.0)
    return out, had


def _spikes(points: NDArray[np.float64], ring: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which points of closed rings, laid end to end, are the tip of a spike; never the closing point."""
    count = len(points)
    first = np.flatnonzero(np.r_[True, ring[1:] != ring[:-1]])
    last = np.r_[first[1:], count] - 1
    before = np.arange(count) - 1
    after = np.arange(count) + 1
    before[first] = last - 1  # the last point repeats the first
    after[last] = first + 1
    back = points[before] - points
    ahead = points[np.minimum(after, count - 1)] - points
    lengths = np.hypot(*back.T), np.hypot(*ahead.T)
    product = lengths[0] * lengths[1]
    along = (back * ahead).sum(axis=1)
    across = np.abs(back[:, 0] * ahead[:, 1] - back[:, 1] * ahead[:, 0])
    width = np.divide(across, np.maximum(*lengths), out=np.zeros(count), where=product > 0)
    tips: NDArray[np.bool_] = (product > 0) & (along > SPIKE_COSINE * product) & (width < SPIKE_WIDTH_M)
    tips[last] = False
    return tips


def _cleaned(shape: Any) -> Any:
    """One area without its spikes."""
    polygons = [
        shapely.Polygon(_ring(polygon.exterior), [_ring(hole) for hole in polygon.interiors])
        for polygon in shapely.get_parts(shape)
    ]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _ring(ring: Any) -> Any:
    """A ring without spikes; the ring itself if less than a triangle would be left."""
    points = shapely.get_coordinates(ring)
    while True:
        tips = np.flatnonzero(_spikes(points, np.zeros(len(points), dtype=np.int64)))
        if not len(tips):
            return shapely.linearrings(points)
        kept = np.delete(points[:-1], tips[0], axis=0)
        kept = kept[np.any(kept != np.roll(kept, 1, axis=0), axis=1)]
        if len(kept) < 3:
            return ring
        points = np.vstack([kept, kept[:1]])
