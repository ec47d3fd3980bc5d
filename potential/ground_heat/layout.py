"""Layout: boreholes on a square grid in the usable ground of every parcel, as many as fit, the middle ones first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from core.jobs import Job
from potential.ground_heat.blocks import by_blocks
from potential.ground_heat.grid_fit import best_grids, directions, grid_points

BLOCK = 2000  # parcels

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Layout:
    """Boreholes of every parcel, one after another.

    Parameters
    ----------
    start : ndarray of int, shape (parcels + 1,)
        Holes `start[p]` to `start[p + 1]` stand on parcel p.
    points : ndarray, shape (holes, 2)
        Where they stand, in the reference system of the city. The first N of a parcel are its compact field of N:
        they grow as a square, row by row, from the middle of its widest place. [m]
    cells : ndarray of int, shape (holes, 2)
        Place of each hole on the grid of its parcel, in spacings.
    angle_deg : ndarray, shape (parcels,)
        Direction of the rows, counter-clockwise from east. [°]
    spacing_m : float
        Between neighbouring holes. [m]
    """

    start: Ints
    points: Floats
    cells: NDArray[np.int32]
    angle_deg: Floats
    spacing_m: float

    @property
    def count(self) -> Ints:
        """Number of holes on each parcel."""
        return np.diff(self.start)

    def first(self, wanted: ArrayLike) -> Layout:
        """The compact field of so many holes on each parcel, of all where fewer stand there."""
        kept = np.clip(np.asarray(wanted, dtype=np.int64), 0, self.count)
        start = np.concatenate([[0], np.cumsum(kept)])
        rows = np.arange(start[-1]) - np.repeat(start[:-1] - self.start[:-1], kept)
        return Layout(start, self.points[rows], self.cells[rows], self.angle_deg, self.spacing_m)


def layout(shapes: NDArray[Any], spacing_m: float, job: Job, *, most: int | None = None) -> Layout:
    """Boreholes in the usable ground of every parcel.

    A grid of the spacing is turned to the minimum rotated rectangle and to the longest edge of the ground and
    shifted both ways; the place with most holes is kept.

    Parameters
    ----------
    shapes : ndarray of Polygon or MultiPolygon, shape (parcels,)
        Where holes may stand, edges included.
    spacing_m : float
        Between neighbouring holes. [m]
    job : Job
        Reports progress and stops when asked.
    most : int, optional
        Largest number of holes on a parcel; of more that fit the compact field of so many is kept.
    """

    def block(rows: slice) -> tuple[Ints, Floats, NDArray[np.int32], Floats]:
        edges, start = edges_of(shapes[rows])
        grids = best_grids(edges, start, directions(*edges_of(shapely.convex_hull(shapes[rows]))), spacing_m)
        points, cells = grid_points(edges, start, grids, spacing_m)
        return grids[:, 0].astype(np.int64), points, cells, np.degrees(grids[:, 1])

    found = by_blocks(job, len(shapes), BLOCK, block, "Placing boreholes")
    if not found:
        return Layout(
            np.zeros(1, np.int64), np.zeros((0, 2)), np.zeros((0, 2), np.int32), np.zeros(0), spacing_m
        )
    count, points, cells, angle = (np.concatenate(parts) for parts in zip(*found, strict=True))
    whole = Layout(np.concatenate([[0], np.cumsum(count)]), points, cells, angle, spacing_m)
    return whole if most is None else whole.first(most)


def edges_of(shapes: NDArray[Any]) -> tuple[Floats, Ints]:
    """Edges of the rings of all shapes: x and y of both ends, and where those of each shape start."""
    polygons, shape = shapely.get_parts(shapes, return_index=True)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    inner = ring[1:] == ring[:-1]
    edges = np.hstack([points[:-1], points[1:]])[inner]
    owner = shape[polygon[ring[:-1][inner]]]
    return edges, np.searchsorted(owner, np.arange(len(shapes) + 1))
