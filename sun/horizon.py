"""Exact horizons of every cell of a height raster, and how much of the sky its planes see."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.compiled import kernel
from core.jobs import Job
from sun.lines import BREAK_M, line_direction, line_offsets
from sun.sky import sky_integrals

Numbers = NDArray[np.float64]


def horizons(
    height_m: NDArray[np.floating], cell_m: float, azimuth_deg: float, *, break_m: float = BREAK_M
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
    elevation: Numbers = np.degrees(np.arctan(tangent.T if across else tangent))
    return elevation


def sky_view(
    height_m: NDArray[np.floating],
    cell_m: float,
    *,
    slope_east: ArrayLike = 0.0,
    slope_north: ArrayLike = 0.0,
    azimuths: int = 72,
    first_azimuth_deg: float = 0.0,
    break_m: float = BREAK_M,
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
        Number of directions, evenly spread.
    first_azimuth_deg : float
        The first direction. A view along a wall counts as open: turn the fan where that matters. [°]
    job : Job, optional
        To report progress and to be stopped.

    Returns
    -------
    ndarray, (rows, columns)
        View factor: for a level plane the mean of cos² of the horizon. [-]
    """
    directions = first_azimuth_deg + np.arange(azimuths) * (360.0 / azimuths)
    seen = np.zeros(height_m.shape)
    for azimuth in directions if job is None else job.each(directions.tolist(), "Measuring horizons"):
        horizon = horizons(height_m, cell_m, azimuth, break_m=break_m)
        seen += _seen(horizon, azimuth, slope_east, slope_north)
    return seen * (2.0 / azimuths)


def view_factor(
    horizon_deg: NDArray[np.floating],
    azimuth_deg: ArrayLike,
    slope_east: ArrayLike = 0.0,
    slope_north: ArrayLike = 0.0,
) -> Numbers:
    """Share of an even sky's light on planes behind known horizons.

    Parameters
    ----------
    horizon_deg : ndarray, (..., A)
        Elevation of the horizon in evenly spread azimuths. [°]
    azimuth_deg : array_like, (A,)
        These azimuths. [°]
    slope_east, slope_north : array_like, scalar or (..., 1)
        Rise of the planes towards east and north. [-]

    Returns
    -------
    ndarray, (...)
        View factor. [-]
    """
    factor: Numbers = 2.0 * _seen(horizon_deg, azimuth_deg, slope_east, slope_north).mean(axis=-1)
    return factor


def _seen(horizon: ArrayLike, azimuth: ArrayLike, slope_east: ArrayLike, slope_north: ArrayLike) -> Numbers:
    """Light per radian of azimuth above the horizon and the plane itself, for a radiance of one."""
    phi = np.radians(np.asarray(azimuth, np.float64))
    east, north = np.asarray(slope_east, np.float64), np.asarray(slope_north, np.float64)
    rise = east * np.sin(phi) + north * np.cos(phi)
    outward, up = sky_integrals(np.maximum(horizon, np.degrees(np.arctan(rise))))
    light: Numbers = (up - rise * outward) / np.sqrt(1.0 + east**2 + north**2)
    return light


@kernel
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


@kernel
def _hull_below(hull_z: Numbers, hull_s: Numbers, points: int, z: float, s: float) -> int:
    """Points left on the hull once those hidden from a new point are dropped."""
    while points >= 2:
        rise_far, run_far = hull_z[points - 2] - z, s - hull_s[points - 2]
        rise_near, run_near = hull_z[points - 1] - z, s - hull_s[points - 1]
        if rise_far * run_near < rise_near * run_far:
            break
        points -= 1
    return points
