"""Slopes of height rasters towards east and north, cell by cell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.compiled import kernel
from sun.lines import MARGIN, Floats


def horn(height_m: NDArray[np.floating], cell_m: float) -> tuple[Floats, Floats]:
    """Slopes of a height raster towards east and north by Horn's operator [1]_.

    Parameters
    ----------
    height_m : ndarray, (rows, columns)
        Heights, rows from north to south. A missing neighbour counts as level with the cell. [m]
    cell_m : float
        Edge of a cell. [m]

    Returns
    -------
    slope_east, slope_north : ndarray of float32, (rows, columns)
        Rise per metre; NaN where the height is. [-]

    References
    ----------
    .. [1] B. K. P. Horn, "Hill shading and the reflectance map," Proc. IEEE 69(1), 14-47, 1981.
    """
    east, north = np.empty(height_m.shape, np.float32), np.empty(height_m.shape, np.float32)
    _horn(height_m, float(cell_m), east, north)
    return east, north


def horn_planes(
    height_m: NDArray[np.floating], cell_m: float, before: int = 0, after: int = 0
) -> tuple[Floats, Floats]:
    """Slopes as planes with a margin, level where missing; rows `before` and `after` them are only looked at."""
    rows, columns = height_m.shape
    shape = rows - before - after + 2 * MARGIN, columns + 2 * MARGIN
    east, north = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    seen = slice(MARGIN - before, MARGIN - before + rows), slice(MARGIN, -MARGIN)
    _horn(height_m, float(cell_m), east[seen], north[seen])
    _level_missing(east, north)
    return east, north


@kernel
def _horn(height: NDArray[np.floating], cell: float, east: Floats, north: Floats) -> None:
    rows, columns = height.shape
    for row in range(rows):
        up, down = max(row - 1, 0), min(row + 1, rows - 1)
        for column in range(columns):
            left, right = max(column - 1, 0), min(column + 1, columns - 1)
            nw, n, ne = height[up, left], height[up, column], height[up, right]
            w, here, e = height[row, left], height[row, column], height[row, right]
            sw, s, se = height[down, left], height[down, column], height[down, right]
            if not np.isfinite(nw + n + ne + w + e + sw + s + se):
                nw, n, ne = _or(nw, here), _or(n, here), _or(ne, here)
                w, e = _or(w, here), _or(e, here)
                sw, s, se = _or(sw, here), _or(s, here), _or(se, here)
            east[row, column] = (ne - nw + 2 * (e - w) + se - sw) / (8 * cell)
            north[row, column] = (nw - sw + 2 * (n - s) + ne - se) / (8 * cell)


@kernel
def _or(height: float, other: float) -> float:
    return height if np.isfinite(height) else other


@kernel
def _level_missing(east: Floats, north: Floats) -> None:
    for row in range(east.shape[0]):
        for column in range(east.shape[1]):
            if not np.isfinite(east[row, column] + north[row, column]):
                east[row, column], north[row, column] = 0, 0
