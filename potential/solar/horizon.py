"""Exact horizons of every cell of a height raster, and how much of the sky its planes see."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from core.jobs import Job
from potential.solar.lines import line_direction, line_offsets
from potential.solar.sky import sky_integrals

Numbers = NDArray[np.float64]


def horizons(
    height_m: NDArray[np.floating], cell_m: float, azimuth_deg: float, *, break_m: float = 1.0
) -> Numbers:
    """Elevation of the horizon of every cell in one azimuth.

    Each line keeps the upper hull of what lies towards the azimuth, so the result is exact along it [1]_.

    Parameters
    ----------
    height_m : ndarray, (rows, columns)
        Heights, rows from north to south; NaN obstructs nothing. [m]
    cell_m : float
        Edge of a cell. [m]
    azimuth_deg : float
        Direction looked at, clockwise from grid north. [°]
    break_m : float
        A step down higher than this is a wall, whose face stands half a step beyond its last cell; infinite to
        measure between cell centres. [m]

    Returns
    -------
    ndarray, (rows, columns)
        Elevation, 0 or more; NaN where the height is. [°]

    References
    ----------
    .. [1] V. Timonen and J. Westerholm, "Scalable height field self-shadowing," Computer Graphics Forum 29(2),
       723-731, 2010.
    """
    across, rising, shear = line_direction(azimuth_deg)
    height = np.asarray(height_m, np.float64)
    plane = np.ascontiguousarray(height.T if across else height)
    tangent = np.full(plane.shape, np.nan)
    offsets = line_offsets(plane.shape[0], shear)
    _hull_sweep(plane, offsets, not rising, cell_m * float(np.hypot(1.0, shear)), break_m, tangent)
    return np.degrees(np.arctan(tangent.T if across else tangent))


def sky_view(
    height_m: NDArray[np.floating],
    cell_m: float,
    *,
    slope_east: ArrayLike = 0.0,
    slope_north: ArrayLike = 0.0,
    azimuths: int = 72,
    break_m: float = 1.0,
    job: Job | None = None,
) -> Numbers:
    """Share of an even sky's light that the plane of every cell receives.

    Parameters
    ----------
    height_m, cell_m, break_m
        As in `horizons`.
    slope_east, slope_north : array_like
        Rise of the planes towards grid east and north; level if not given. [-]
    azimuths : int
        Number of directions, evenly spread, none of them along the raster.
    job : Job, optional
        To report progress and to be stopped.

    Returns
    -------
    ndarray, (rows, columns)
        View factor: for a level plane the mean of cos² of the horizon. [-]
    """
    east, north = np.broadcast_arrays(np.asarray(slope_east, np.float64), np.asarray(slope_north, np.float64))
    length = np.sqrt(1.0 + east**2 + north**2)
    seen = np.zeros(height_m.shape)
    directions = ((np.arange(azimuths) + 0.5) * (360.0 / azimuths)).tolist()
    for azimuth in directions if job is None else job.each(directions, "Measuring horizons"):
        rise = east * np.sin(np.radians(azimuth)) + north * np.cos(np.radians(azimuth))
        own = np.degrees(np.arctan(rise))
        outward, up = sky_integrals(np.maximum(horizons(height_m, cell_m, azimuth, break_m=break_m), own))
        seen += (up - rise * outward) / length
    return seen * (2.0 / azimuths)


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def _hull_sweep(
    height: Numbers, offsets: NDArray[np.int64], forward: bool, step: float, wall: float, tangent: Numbers
) -> None:
    """Tangent of the horizon along every line, from the hull of the points passed."""
    ranks, width = height.shape
    hull_z, hull_s = np.empty(2 * ranks), np.empty(2 * ranks)
    for line in range(-offsets.max(), width - offsets.min()):
        points = 0
        before = -np.inf
        for number in range(ranks):
            rank = number if forward else ranks - 1 - number
            place = line + offsets[rank]
            if place < 0 or place >= width:
                continue
            here = height[rank, place]
            known = np.isfinite(here)
            distance = number * step
            if before > -np.inf and (not known or before - here > wall):
                edge = distance - step / 2
                points = _hull_below(hull_z, hull_s, points, before, edge)
                hull_z[points], hull_s[points] = before, edge
                points += 1
            before = here if known else -np.inf
            if not known:
                continue
            points = _hull_below(hull_z, hull_s, points, here, distance)
            steepest = 0.0
            if points > 0:
                steepest = max(0.0, (hull_z[points - 1] - here) / (distance - hull_s[points - 1]))
            tangent[rank, place] = steepest
            hull_z[points], hull_s[points] = here, distance
            points += 1


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def _hull_below(hull_z: Numbers, hull_s: Numbers, points: int, z: float, s: float) -> int:
    """Points left on the hull once those hidden from a new point are dropped."""
    while points >= 2:
        rise_far, run_far = hull_z[points - 2] - z, s - hull_s[points - 2]
        rise_near, run_near = hull_z[points - 1] - z, s - hull_s[points - 1]
        if rise_far * run_near < rise_near * run_far:
            break
        points -= 1
    return points
