"""Footprints on a grid: which cells each building covers, by cell centre."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray

from core.compiled import kernel

Floats = NDArray[np.float64]
Heights = NDArray[np.float32]
Ints = NDArray[np.int64]
Rows = NDArray[np.int32]


@dataclass(frozen=True)
class Footprints:
    """Cells of buildings on a grid.

    Parameters
    ----------
    cells : ndarray of int64
        Flat cell numbers (row * columns + column), building after building.
    start : ndarray of int64, one longer than there are buildings
        Where the cells of each building begin; the last entry is the end.
    nearest : ndarray of bool
        Buildings without a cell centre inside, which got the cell they lie in.
    """

    cells: NDArray[np.int64]
    start: NDArray[np.int64]
    nearest: NDArray[np.bool_]


def footprints_on_grid(shapes: NDArray[np.object_], transform: Affine, shape: tuple[int, int]) -> Footprints:
    """Cells whose centre lies inside each shape; the cell of a point inside where no centre does.

    Parameters
    ----------
    shapes : ndarray of polygons or multipolygons
        In the reference system of the grid. Shapes beside each other never share a cell.
    transform : Affine
        Of a grid of square cells, north up.
    shape : tuple of int
        Rows and columns. Parts outside the grid have no cells.
    """
    rows, columns = shape
    if not len(shapes):
        none = np.zeros(0, dtype=np.int64)
        return Footprints(none, np.zeros(1, dtype=np.int64), np.zeros(0, dtype=bool))
    _, points, offsets = shapely.to_ragged_array(_as_multi(shapes))
    ring_start, polygon_start, shape_start = (np.asarray(one, dtype=np.int64) for one in offsets)
    x = (points[:, 0] - transform.c) / transform.a
    y = (points[:, 1] - transform.f) / transform.e
    ring_of_shape = polygon_start[shape_start]
    count = np.zeros(len(shapes), dtype=np.int64)
    _scan(x, y, ring_start, ring_of_shape, rows, columns, count, np.zeros(1, np.int64), np.zeros(0, np.int64))
    inner = shapely.get_coordinates(shapely.point_on_surface(shapes))
    column = np.floor((inner[:, 0] - transform.c) / transform.a).astype(np.int64)
    row = np.floor((inner[:, 1] - transform.f) / transform.e).astype(np.int64)
    on_grid = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    nearest = (count == 0) & on_grid
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.where(nearest, 1, count))])
    cells = np.empty(start[-1], dtype=np.int64)
    _scan(x, y, ring_start, ring_of_shape, rows, columns, np.zeros(len(shapes), np.int64), start, cells)
    cells[start[:-1][nearest]] = (row * columns + column)[nearest]
    return Footprints(cells, start, nearest)


def _as_multi(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Shapes with at least one multipolygon among them, so that all are laid out as multipolygons."""
    out = shapes.copy()
    if shapely.get_type_id(out[0]) == 3:
        out[0] = shapely.MultiPolygon([out[0]])
    return out


@kernel
def _scan(
    x: Floats,
    y: Floats,
    ring_start: Ints,
    ring_of_shape: Ints,
    rows: int,
    columns: int,
    count: Ints,
    start: Ints,
    cells: Ints,
) -> None:
    """Count the cells of every shape, and write them where room is given.

    A cell belongs to a shape if a ray from its centre crosses the outline an odd number of times.
    """
    write = len(cells) > 0
    for shape in range(len(count)):
        first, last = ring_of_shape[shape], ring_of_shape[shape + 1]
        begin, end = ring_start[first], ring_start[last]
        if end == begin:
            continue
        top = max(0, int(np.floor(y[begin:end].min() - 0.5)))
        bottom = min(rows - 1, int(np.ceil(y[begin:end].max() - 0.5)))
        crossings = np.empty(end - begin, dtype=np.float64)
        for row in range(top, bottom + 1):
            middle = row + 0.5
            found = 0
            for ring in range(first, last):
                for k in range(ring_start[ring], ring_start[ring + 1] - 1):
                    if (y[k] <= middle) != (y[k + 1] <= middle):
                        crossings[found] = x[k] + (middle - y[k]) / (y[k + 1] - y[k]) * (x[k + 1] - x[k])
                        found += 1
            crossings[:found].sort()
            for k in range(0, found - 1, 2):
                left = max(0, int(np.ceil(crossings[k] - 0.5)))
                right = min(columns, int(np.ceil(crossings[k + 1] - 0.5)))
                for column in range(left, right):
                    if write:
                        cells[start[shape] + count[shape]] = row * columns + column
                    count[shape] += 1


@kernel
def ground_under(values: Heights, cells: Ints, start: Ints, lowest_from: float) -> Floats:
    """Height on which each building stands: the median of the ground under it, the lowest on steep ground.

    Parameters
    ----------
    values : ndarray of float32, flat
        Heights of the ground; NaN where unknown. [m]
    cells, start : ndarray of int64
        As in `Footprints`.
    lowest_from : float
        Relief under a footprint from which the lowest ground counts. [m]

    Returns
    -------
    ndarray of float64
        NaN where the ground is unknown. [m]
    """
    base = np.full(len(start) - 1, np.nan)
    for one in range(len(base)):
        ground = values[cells[start[one] : start[one + 1]]]
        ground = ground[~np.isnan(ground)]
        if len(ground):
            relief = ground.max() - ground.min()
            base[one] = ground.min() if relief > lowest_from else np.median(ground)
    return base


@kernel
def raise_roofs(height: Heights, building: Rows, cells: Ints, start: Ints, roof: Floats) -> None:
    """Set the roofs of buildings into a height raster; where buildings overlap the highest wins.

    Parameters
    ----------
    height : ndarray of float32, flat
        Heights of the ground, changed in place. [m]
    building : ndarray of int32, flat
        Row number of the building of each cell, -1 for none; changed in place.
    cells, start : ndarray of int64
        As in `Footprints`.
    roof : ndarray of float64
        Height of each roof; NaN leaves the cells as they are. [m]
    """
    for one in range(len(roof)):
        if np.isnan(roof[one]):
            continue
        for k in range(start[one], start[one + 1]):
            cell = cells[k]
            if building[cell] < 0 or roof[one] > roof[building[cell]]:
                building[cell] = one
    for cell in range(len(height)):
        if building[cell] >= 0:
            top = np.float32(roof[building[cell]])
            if np.isnan(height[cell]) or top > height[cell]:
                height[cell] = top


@kernel
def outline_steps(height: Heights, building: Rows, count: int, least: float) -> tuple[Ints, Ints]:
    """How many outline sections of each building there are, and how many show a step up to the roof.

    A section is a side of a cell at the rim of a building. The step is taken from one cell inside to two
    cells outside, since the cells at the rim are mixed; sections towards another building do not count.

    Parameters
    ----------
    height : ndarray of float32, shape (rows, columns)
        Measured surface, NaN where missing. [m]
    building : ndarray of int32, shape (rows, columns)
        Row number of the building of each cell, -1 for none.
    count : int
        Number of buildings.
    least : float
        Height of a step that counts. [m]

    Returns
    -------
    sections, steps : ndarray of int64
    """
    sections = np.zeros(count, dtype=np.int64)
    steps = np.zeros(count, dtype=np.int64)
    rows, columns = height.shape
    for row in range(rows):
        for column in range(columns):
            one = building[row, column]
            if one < 0:
                continue
            for side in range(4):
                down = (0, 0, 1, -1)[side]
                right = (1, -1, 0, 0)[side]
                near_row, near_column = row + down, column + right
                far_row, far_column = row + 2 * down, column + 2 * right
                if far_row < 0 or far_row >= rows or far_column < 0 or far_column >= columns:
                    continue
                if building[near_row, near_column] >= 0 or building[far_row, far_column] >= 0:
                    continue
                inner_row, inner_column = row - down, column - right
                inside = 0 <= inner_row < rows and 0 <= inner_column < columns
                if not inside or building[inner_row, inner_column] != one:
                    inner_row, inner_column = row, column
                step = height[inner_row, inner_column] - height[far_row, far_column]
                if not np.isnan(step):
                    sections[one] += 1
                    steps[one] += step > least
    return sections, steps
