"""The plain way to a horizon, to judge the sweep by: step along every ray and look."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

STEP_CELLS = 0.25


def marched_lit(
    height_m: NDArray[np.floating],
    cell_m: float,
    azimuth_deg: NDArray[np.float64],
    tan_elevation: NDArray[np.float64],
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    *,
    bilinear: bool,
) -> NDArray[np.uint8]:
    """Lit bands of chosen cells, the surface read as blocks (nearest cell) or as bilinear between centres."""
    lit = np.empty((rows.size, azimuth_deg.size), np.uint8)
    height = np.ascontiguousarray(height_m, np.float32)
    _march(height, cell_m, np.radians(azimuth_deg), tan_elevation, rows, columns, bilinear, lit)
    return lit


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def _march(
    height: NDArray[np.float32],
    cell: float,
    azimuth: NDArray[np.float64],
    tests: NDArray[np.float64],
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    bilinear: bool,
    lit: NDArray[np.uint8],
) -> None:
    tall, wide = height.shape
    highest = height.max()
    for number in range(rows.size):
        start = height[rows[number], columns[number]]
        for a in range(azimuth.size):
            to_row, to_column = -np.cos(azimuth[a]), np.sin(azimuth[a])
            steepest = 0.0
            step = 1
            while True:
                cells = step * STEP_CELLS
                distance = cells * cell
                if steepest * distance >= highest - start:
                    break  # nothing in the raster is high enough to be seen above what was met
                y, x = rows[number] + cells * to_row, columns[number] + cells * to_column
                if y < 0 or x < 0 or y > tall - 1 or x > wide - 1:
                    break
                if bilinear:
                    i, j = min(int(y), tall - 2), min(int(x), wide - 2)
                    v, u = y - i, x - j
                    upper = height[i, j] * (1 - u) + height[i, j + 1] * u
                    lower = height[i + 1, j] * (1 - u) + height[i + 1, j + 1] * u
                    met = upper * (1 - v) + lower * v
                else:
                    met = height[int(y + 0.5), int(x + 0.5)]
                steepest = max(steepest, (met - start) / distance)
                step += 1
            above = 0
            for band in range(tests.shape[1]):
                if tests[a, band] >= steepest:
                    above += 1
            lit[number, a] = above
