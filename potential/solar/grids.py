"""Grids of modules: the rows and columns slid over a polygon, and the place that holds most modules inside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from core.compiled import kernel

Floats = NDArray[np.float64]

SLIDES_ALONG, SLIDES_ACROSS = 8, 12  # places of the grid that are tried within one module and one row
TOUCH_M = 1e-7  # modules may touch the outline


@dataclass(frozen=True)
class Grid:
    """Where modules may stand, from the corner of the grid, and their size in plan.

    Parameters
    ----------
    columns, rows : ndarray
        Lower ends of the modules along and across the rows. [m]
    width_m, depth_m : float
        Size of a module along and across the rows, in plan. [m]
    """

    columns: Floats
    rows: Floats
    width_m: float
    depth_m: float


@dataclass(frozen=True)
class Fitted:
    """Modules that fit: their corners in the plane of the map, shape (n, 4, 2), and row and column of each."""

    corners: Floats
    row: NDArray[np.int64]
    column: NDArray[np.int64]


def places(
    extent_m: float,
    size_m: float,
    gap_m: float,
    *,
    block_m: float,
    aisle_m: float,
    group: int = 0,
    path_m: float = 0.0,
) -> Floats:
    """Lower ends of pieces in a line, parted into blocks by aisles and, within them, into groups by paths.

    Parameters
    ----------
    extent_m : float
        Length to fill. [m]
    size_m, gap_m : float
        Size of a piece, and the gap to the next. [m]
    block_m, aisle_m : float
        Most length of a block, and least gap between blocks. [m]
    group, path_m : int, float
        Pieces between paths, 0 for no paths; and least gap at a path. [-], [m]
    """
    found: list[float] = []
    at = block = 0.0
    since = 0
    while at + size_m <= extent_m + TOUCH_M or not found:
        if at + size_m - block > block_m + TOUCH_M and at > block:
            at += max(aisle_m - gap_m, 0.0)
            block, since = at, 0
        elif group and since == group:
            at += max(path_m - gap_m, 0.0)
            since = 0
            continue
        found.append(at)
        since += 1
        at += size_m + gap_m
    return np.array(found)


def fitted(polygon: shapely.Geometry, facing_deg: float, grid: Grid) -> Fitted:
    """The most modules of a grid that lie inside a polygon, over all places the grid is slid to.

    Parameters
    ----------
    polygon : Polygon or MultiPolygon
        In metres.
    facing_deg : float
        Direction the rows face, down the slope, clockwise from the north of the grid of the map. [°]
    grid : Grid
        Seen with the rows facing towards the viewer.
    """
    turn = np.radians(facing_deg)
    down = np.array([np.sin(turn), np.cos(turn)])
    along = np.array([-down[1], down[0]])
    axes = np.column_stack([along, -down])  # along the row, and up the slope
    points, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(polygon)), return_index=True)
    if not len(points):
        return Fitted(np.zeros((0, 4, 2)), np.zeros(0, np.int64), np.zeros(0, np.int64))
    origin = points.mean(axis=0)
    turned = (points - origin) @ axes
    same = ring[1:] == ring[:-1]
    sides = np.column_stack([turned[:-1][same], turned[1:][same]])
    low = turned.min(axis=0)
    step_u = grid.columns[1] if len(grid.columns) > 1 else grid.width_m
    step_v = grid.rows[1] if len(grid.rows) > 1 else grid.depth_m
    starts_u = low[0] + np.arange(SLIDES_ALONG) / SLIDES_ALONG * step_u
    starts_v = low[1] + np.arange(SLIDES_ACROSS) / SLIDES_ACROSS * step_v
    size = np.array([grid.width_m, grid.depth_m])
    best_u, best_v = _best(sides, grid.columns, grid.rows, size, starts_u, starts_v)
    row, column = np.nonzero(_inside(sides, grid.columns + best_u, grid.rows + best_v, size))
    corner = np.column_stack([grid.columns[column] + best_u, grid.rows[row] + best_v])
    box = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]) * size
    return Fitted((corner[:, None] + box) @ axes.T + origin, row, column)


@kernel
def _best(
    sides: Floats, columns: Floats, rows: Floats, size: Floats, starts_u: Floats, starts_v: Floats
) -> tuple[float, float]:
    """Place of the grid's corner with most modules inside; the first of those that hold as many."""
    most = -1
    best_u, best_v = starts_u[0], starts_v[0]
    count = np.zeros(len(starts_u), dtype=np.int64)
    for v in starts_v:
        count[:] = 0
        for row in rows:
            free = _free(sides, v + row, v + row + size[1])
            for k in range(len(free)):
                for one in range(len(starts_u)):
                    for column in columns:
                        left = starts_u[one] + column
                        if left + size[0] > free[k, 1] + TOUCH_M:
                            break
                        count[one] += left >= free[k, 0] - TOUCH_M
        for one in range(len(starts_u)):
            if count[one] > most:
                most, best_u, best_v = count[one], starts_u[one], v
    return best_u, best_v


@kernel
def _inside(sides: Floats, columns: Floats, rows: Floats, size: Floats) -> NDArray[np.bool_]:
    """Which modules of a grid lie inside, by row and column."""
    inside = np.zeros((len(rows), len(columns)), dtype=np.bool_)
    for i in range(len(rows)):
        free = _free(sides, rows[i], rows[i] + size[1])
        for k in range(len(free)):
            for j in range(len(columns)):
                if columns[j] >= free[k, 0] - TOUCH_M and columns[j] + size[0] <= free[k, 1] + TOUCH_M:
                    inside[i, j] = True
    return inside


@kernel
def _free(sides: Floats, low: float, high: float) -> Floats:
    """Stretches of a strip across the polygon that lie inside it over the whole depth of the strip.

    Every side of the outline that enters the strip blocks the stretch it runs over; what lies between blocked
    stretches is wholly inside or wholly outside.
    """
    blocked = np.empty((len(sides), 2))
    count = 0
    for k in range(len(sides)):
        u0, v0, u1, v1 = sides[k]
        if max(v0, v1) <= low + TOUCH_M or min(v0, v1) >= high - TOUCH_M:
            continue
        if v1 == v0:
            first, last = u0, u1
        else:
            first = u0 + (u1 - u0) * (min(max(low, min(v0, v1)), max(v0, v1)) - v0) / (v1 - v0)
            last = u0 + (u1 - u0) * (max(min(high, max(v0, v1)), min(v0, v1)) - v0) / (v1 - v0)
        blocked[count, 0], blocked[count, 1] = min(first, last), max(first, last)
        count += 1
    order = np.argsort(blocked[:count, 0])
    free = np.empty((count, 2))
    found = 0
    middle = (low + high) / 2
    end = -np.inf
    for one in order:
        if end > -np.inf and blocked[one, 0] > end + TOUCH_M:
            u = (end + blocked[one, 0]) / 2
            crossed = 0
            for k in range(len(sides)):
                u0, v0, u1, v1 = sides[k]
                if (v0 <= middle) != (v1 <= middle) and u0 + (middle - v0) / (v1 - v0) * (u1 - u0) < u:
                    crossed += 1
            if crossed % 2 == 1:
                free[found, 0], free[found, 1] = end, blocked[one, 0]
                found += 1
        end = max(end, blocked[one, 1])
    return free[:found]
