"""Light on planes that many cells lie on, summed azimuth by azimuth, so that no horizons need be held."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from core.compiled import kernel
from sun.lines import Floats
from sun.sky import SkyTable
from sun.sweep import by_horizon, first_faced

Lit = Iterator[
    tuple[int, NDArray[np.uint8]]
]  # azimuth and lit bands of every cell, from `sweep.lit_by_azimuth`
Slopes = tuple[NDArray[np.floating], NDArray[np.floating]]


def yearly_light(
    lit: Lit, sky: SkyTable, plane: NDArray[np.integer], *slopes: Slopes, convergence_deg: float = 0.0
) -> list[Floats]:
    """Yearly irradiation of every cell in the plane it lies on.

    Parameters
    ----------
    lit : iterable
        Lit bands of the cells by azimuth, from `sweep.lit_by_azimuth`.
    sky : SkyTable
        Light by direction, with the azimuths and bands of `lit`.
    plane : ndarray of int, (n,)
        Plane of each cell.
    *slopes : tuple of ndarray, (planes,)
        Rise of the planes towards grid east and north; several pairs, such as of roofs and of modules on them. [-]
    convergence_deg : float
        Meridian convergence: true azimuth less grid azimuth. [°]

    Returns
    -------
    list of ndarray of float32, (n,)
        For each pair of slopes the year of `sweep.plane_irradiation`. [kWh/m²]
    """
    year = sky.whole_year
    light = by_horizon(year, convergence_deg)
    sets = [(np.asarray(east, np.float32), np.asarray(north, np.float32)) for east, north in slopes]
    tables = [np.empty((east.size, sky.tan_elevation.shape[1] + 1), np.float32) for east, _ in sets]
    sums = [np.full(plane.size, year.ground[0], np.float32) for _ in sets]
    for azimuth, counts in lit:
        for pair, table, total in zip(sets, tables, sums, strict=True):
            _fill_table(azimuth, *pair, *light, table)
            _look_up(counts, plane, table, total)
    return sums


def monthly_sums(
    lit: Lit,
    sky: SkyTable,
    plane: NDArray[np.integer],
    weight: Floats,
    slopes: Slopes,
    *,
    convergence_deg: float = 0.0,
) -> NDArray[np.float64]:
    """Irradiation of planes month by month, each the sum over its cells by their weights.

    Parameters
    ----------
    lit, sky, plane, convergence_deg
        As in `yearly_light`.
    weight : ndarray of float32, (n,)
        Of each cell; one of weight 0 does not count.
    slopes : tuple of ndarray, (planes,)
        Rise of the planes towards grid east and north. [-]

    Returns
    -------
    ndarray, (planes, months of the sky)
        Sums of weight times irradiation. [kWh/m²]

    Notes
    -----
    Cells of a plane with the same number of lit bands receive the same, so their weights are summed first.
    """
    light = by_horizon(sky, convergence_deg)
    east, north = np.asarray(slopes[0], np.float32), np.asarray(slopes[1], np.float32)
    by_bands = np.empty((east.size, sky.tan_elevation.shape[1] + 1))
    sums = np.bincount(plane, weight, east.size)[:, None] * sky.ground
    for azimuth, counts in lit:
        by_bands[:] = 0
        _weigh(counts, plane, weight, by_bands)
        _add_months(azimuth, by_bands, east, north, *light, sums)
    return sums


@kernel
def _fill_table(
    azimuth: int, east: Floats, north: Floats, faced_beam: Floats, faced_sky: Floats,
    beam: Floats, diffuse: Floats, both: Floats, table: Floats,
) -> None:  # fmt: skip
    """Yearly light of one azimuth on every plane, by the number of lit bands."""
    bands = faced_beam.shape[1]
    for plane in range(east.size):
        x, y = east[plane], north[plane]
        length = np.sqrt(np.float32(1) + x * x + y * y)
        for lit in range(bands + 1):
            first = first_faced(faced_beam, azimuth, bands - lit, x, y)
            other = first_faced(faced_sky, azimuth, bands - lit, x, y)
            if first == other:
                light = _dot(both, azimuth, first, x, y, 0)
            else:
                light = _dot(beam, azimuth, first, x, y, 0) + _dot(diffuse, azimuth, other, x, y, 0)
            table[plane, lit] = light / length


@kernel
def _add_months(
    azimuth: int, by_bands: NDArray[np.float64], east: Floats, north: Floats, faced_beam: Floats,
    faced_sky: Floats, beam: Floats, diffuse: Floats, both: Floats, sums: NDArray[np.float64],
) -> None:  # fmt: skip
    """Light of one azimuth on every plane in each month, by the weights of its numbers of lit bands."""
    bands = faced_beam.shape[1]
    for plane in range(east.size):
        x, y = east[plane], north[plane]
        length = np.sqrt(np.float32(1) + x * x + y * y)
        for lit in range(bands + 1):
            share = by_bands[plane, lit] / length
            if share == 0:
                continue
            first = first_faced(faced_beam, azimuth, bands - lit, x, y)
            other = first_faced(faced_sky, azimuth, bands - lit, x, y)
            for month in range(sums.shape[1]):
                if first == other:
                    light = _dot(both, azimuth, first, x, y, month)
                else:
                    light = _dot(beam, azimuth, first, x, y, month)
                    light += _dot(diffuse, azimuth, other, x, y, month)
                sums[plane, month] += share * light


@kernel
def _dot(light: Floats, azimuth: int, band: int, x: float, y: float, month: int) -> float:
    """The upward normal of a plane times the light above a band."""
    level = x * light[azimuth, band, 0, month] + y * light[azimuth, band, 1, month]
    return light[azimuth, band, 2, month] - level  # type: ignore[no-any-return]


@kernel
def _look_up(counts: NDArray[np.uint8], plane: NDArray[np.integer], table: Floats, total: Floats) -> None:
    for cell in range(counts.size):
        total[cell] += table[plane[cell], counts[cell]]


@kernel
def _weigh(
    counts: NDArray[np.uint8], plane: NDArray[np.integer], weight: Floats, by_bands: NDArray[np.float64]
) -> None:
    for cell in range(counts.size):
        by_bands[plane[cell], counts[cell]] += weight[cell]
