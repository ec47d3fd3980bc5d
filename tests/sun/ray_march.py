"""The plain way to a horizon, to judge the sweep by: step along every ray and look."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.compiled import kernel

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
    """Lit bands of chosen cells, the surface read as blocks (nearest cell) or as bilinear between centres.

    Missing cells hide nothing.
    """
    lit = np.empty((rows.size, azimuth_deg.size), np.uint8)
    height = np.ascontiguousarray(np.where(np.isnan(height_m), -1e9, height_m), np.float32)
    _march(height, cell_m, np.radians(azimuth_deg), tan_elevation, rows, columns, bilinear, lit)
    return lit


@kernel
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


def marched_walls(
    height_m: NDArray[np.floating],
    cell_m: float,
    azimuth_deg: NDArray[np.float64],
    places: NDArray[np.float64],
    *,
    clear_cells: float,
    bilinear: bool,
) -> NDArray[np.float64]:
    """Tangent of the horizon of places on walls in some azimuths, (places, A); 0 behind the wall.

    `places` has a row for each: column and row in cells from the upper left corner, height, and the unit vector away
    from the wall, to the right and downwards. Rays see nothing until they are `clear_cells` before the wall.
    """
    tangent = np.zeros((len(places), azimuth_deg.size))
    height = np.ascontiguousarray(height_m, np.float32)
    _march_walls(height, cell_m, np.radians(azimuth_deg), places, clear_cells, bilinear, tangent)
    return tangent


@kernel
def _march_walls(
    height: NDArray[np.float32],
    cell: float,
    azimuth: NDArray[np.float64],
    places: NDArray[np.float64],
    clear: float,
    bilinear: bool,
    tangent: NDArray[np.float64],
) -> None:
    tall, wide = height.shape
    highest = np.nanmax(height)
    for number in range(len(places)):
        x0, y0, z, ahead_x, ahead_y = places[number]
        for a in range(azimuth.size):
            to_row, to_column = -np.cos(azimuth[a]), np.sin(azimuth[a])
            ahead = to_column * ahead_x + to_row * ahead_y
            if ahead <= 0:
                continue
            steepest = 0.0
            cells = max(STEP_CELLS, clear / ahead)
            while steepest * cells * cell < highest - z:
                y, x = y0 + cells * to_row, x0 + cells * to_column
                if bilinear:
                    v, u = y - 0.5, x - 0.5
                    if v < 0 or u < 0 or v >= tall - 1 or u >= wide - 1:
                        break
                    i, j = int(v), int(u)
                    v, u = v - i, u - j
                    upper = height[i, j] * (1 - u) + height[i, j + 1] * u
                    lower = height[i + 1, j] * (1 - u) + height[i + 1, j + 1] * u
                    met = upper * (1 - v) + lower * v
                else:
                    if y < 0 or x < 0 or y >= tall or x >= wide:
                        break
                    met = height[int(y), int(x)]
                steepest = max(steepest, (met - z) / (cells * cell))
                cells += STEP_CELLS
            tangent[number, a] = steepest
