"""Sensors: what single points at some height above the surface see of the sky, by marching from each of them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from core.compiled import kernel
from core.jobs import Job
from layers.city import Raster
from sun.sky import SkyTable

STEP_CELLS = 0.5
AZIMUTHS_AT_ONCE = 8


def sensor_lit(
    surface: Raster,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    above_m: NDArray[np.float64],
    sky: SkyTable,
    *,
    convergence_deg: float = 0.0,
    job: Job | None = None,
) -> NDArray[np.uint8]:
    """Number of lit elevation bands of points in every azimuth of a sky.

    Parameters
    ----------
    surface : Raster
        Heights of ground and roofs, read as blocks; NaN obstructs nothing. [m]
    x, y : ndarray, (n,)
        Places. [m]
    above_m : ndarray, (n,)
        Height above the surface there. Outside the surface, or where it is unknown, a point sees the whole sky. [m]
    sky : SkyTable
        Azimuths and bands.
    convergence_deg : float
        True azimuth less grid azimuth. [°]
    job : Job, optional
        Reports progress and stops when asked.

    Returns
    -------
    ndarray of uint8, (n, A)
    """
    job = job or Job()
    column, row = ~surface.transform @ (np.asarray(x, float), np.asarray(y, float))
    height = np.ascontiguousarray(surface.values, np.float32)
    grid = np.radians(sky.azimuth_deg - convergence_deg)
    lit = np.full((len(column), len(grid)), sky.tan_elevation.shape[1], np.uint8)
    highest = float(np.nanmax(height)) if np.isfinite(height).any() else 0.0
    groups = [
        np.arange(n, min(n + AZIMUTHS_AT_ONCE, len(grid))) for n in range(0, len(grid), AZIMUTHS_AT_ONCE)
    ]
    for group in job.each(groups, "Looking at the sky"):
        _march(height, surface.cell_m, row, column, np.asarray(above_m, float), highest,
               np.sin(grid), np.cos(grid), sky.tan_elevation, group, lit)  # fmt: skip
    return lit


def points_in(
    shapes: gpd.GeoSeries, most: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Points spread evenly over shapes, at most so many in each, and the row of the shape of each.

    A lattice is laid over each shape's box and what lies inside is kept; a shape without any keeps one point on its
    surface.
    """
    xs, ys, owners = [], [], []
    geometry = shapes.to_numpy()
    boxes = shapely.bounds(geometry)
    shapely.prepare(geometry)
    for number, (shape, box) in enumerate(zip(geometry, boxes, strict=True)):
        if shape is None or shape.is_empty:
            continue
        step = max(np.sqrt(shape.area / most), 1e-6) if shape.area > 0 else 1.0
        x, y = np.meshgrid(
            np.arange(box[0] + step / 2, box[2] + step, step),
            np.arange(box[1] + step / 2, box[3] + step, step),
        )
        inside = shapely.contains_xy(shape, x.ravel(), y.ravel())
        here_x, here_y = x.ravel()[inside][:most], y.ravel()[inside][:most]
        if not len(here_x):
            point = shape.representative_point()
            here_x, here_y = np.array([point.x]), np.array([point.y])
        xs.append(here_x)
        ys.append(here_y)
        owners.append(np.full(len(here_x), number))
    if not xs:
        return np.zeros(0), np.zeros(0), np.zeros(0, np.int64)
    return np.concatenate(xs), np.concatenate(ys), np.concatenate(owners)


@kernel
def _march(
    height: NDArray[np.float32],
    cell: float,
    row: NDArray[np.float64],
    column: NDArray[np.float64],
    above: NDArray[np.float64],
    highest: float,
    east: NDArray[np.float64],
    north: NDArray[np.float64],
    tests: NDArray[np.float64],
    group: NDArray[np.int64],
    lit: NDArray[np.uint8],
) -> None:
    """Step along every ray until nothing in the raster can stand above what was met."""
    tall, wide = height.shape
    bands = tests.shape[1]
    for number in range(row.size):
        here, there = int(np.floor(row[number])), int(np.floor(column[number]))
        if here < 0 or there < 0 or here >= tall or there >= wide or not np.isfinite(height[here, there]):
            continue
        eye = height[here, there] + above[number]
        for azimuth in group:
            steepest = 0.0
            step = 1
            while True:
                distance = step * STEP_CELLS * cell
                if steepest * distance >= highest - eye:
                    break
                y = int(np.floor(row[number] - north[azimuth] * step * STEP_CELLS))
                x = int(np.floor(column[number] + east[azimuth] * step * STEP_CELLS))
                if y < 0 or x < 0 or y >= tall or x >= wide:
                    break
                met = height[y, x]
                if np.isfinite(met) and met - eye > steepest * distance:
                    steepest = (met - eye) / distance
                step += 1
            dark = 0
            while dark < bands and tests[azimuth, dark] < steepest:
                dark += 1
            lit[number, azimuth] = bands - dark
