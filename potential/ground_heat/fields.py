"""Fields of boreholes as kernels take them: arrays of holes, ground and limits, and what is found of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

MONTH_S = 730 * 3600.0

# Columns of the fields laid out for kernels.
N1, N2, HOLES, SPACING, LENGTH, HEAD, RADIUS, RESISTANCE, CONDUCTIVITY, CAPACITY = range(10)
TEMPERATURE, FLUID_MIN, FLUID_MAX, COLUMNS = range(10, 14)


@dataclass(frozen=True)
class Fields:
    """Boreholes of some parcels, and the ground they stand in; every array is (parcels,) or one number for all.

    Parameters
    ----------
    n1, n2 : array_like
        Holes along the sides of the equivalent rectangle, real numbers from 1.
    holes : array_like
        Number of holes.
    spacing, length, head, radius : array_like
        Spacing, active length of one hole, depth of its head, its radius. [m]
    resistance : array_like
        Between fluid and wall of a hole. [m·K/W]
    conductivity, capacity : array_like
        Of the ground. [W/(m·K)], [J/(m³·K)]
    temperature : array_like
        Of the undisturbed ground. [°C]
    fluid_min, fluid_max : array_like
        Limits of the mean fluid temperature. [°C]
    """

    n1: ArrayLike
    n2: ArrayLike
    holes: ArrayLike
    spacing: ArrayLike
    length: ArrayLike
    head: ArrayLike
    radius: ArrayLike
    resistance: ArrayLike
    conductivity: ArrayLike
    capacity: ArrayLike
    temperature: ArrayLike
    fluid_min: ArrayLike
    fluid_max: ArrayLike

    def laid_out(self, parcels: int) -> Numbers:
        """The fields as rows of numbers, (parcels, COLUMNS)."""
        columns = (
            self.n1, self.n2, self.holes, self.spacing, self.length, self.head, self.radius, self.resistance,
            self.conductivity, self.capacity, self.temperature, self.fluid_min, self.fluid_max,
        )  # fmt: skip
        rows = np.empty((parcels, COLUMNS))
        for number, column in enumerate(columns):
            rows[:, number] = np.asarray(column, float)
        rows[np.isnan(rows[:, SPACING]) & (rows[:, N1] * rows[:, N2] <= 1), SPACING] = (
            1.0  # one hole has none
        )
        return rows


@dataclass(frozen=True)
class Run:
    """How long and how finely a field is followed.

    Parameters
    ----------
    years : int
        The last year; at least 3.
    peak_s : float
        How long a peak lasts. [s]
    margin : float
        Distance of the undisturbed ground to a limit under which no field is sized. [K]
    month_s : float
        A month. [s]
    """

    years: int
    peak_s: float
    margin: float
    month_s: float = MONTH_S

    def __post_init__(self) -> None:
        if self.years < 3:
            raise ValueError("the method needs three years or more")


class Limit(IntEnum):
    """Which limit governs."""

    NONE = 0
    WARM = 1  # the fluid becomes too warm: cooling governs
    COLD = 2  # the fluid becomes too cold: heating governs


@dataclass(frozen=True)
class Found:
    """What is found of some fields; every array is (parcels,), NaN where nothing could be found.

    Parameters
    ----------
    length, holes : ndarray
        Active length of one hole, and number of holes, those looked for among them. [m]
    ratio : ndarray
        Use of the temperature span; 1 is at the limit.
    share : ndarray
        The present load times this can be carried, heat and cold in the present mix.
    heat_share, cold_share : ndarray
        The same for the heat alone and for the cold alone; NaN where there is none.
    fluid_max, fluid_min : ndarray
        Extremes of the mean fluid temperature under the present load. [°C]
    warmest_year, warmest_month, coldest_year, coldest_month : ndarray of int
        When they come, from 1; 0 where nothing was found.
    limit : ndarray of int
        `Limit` that governs.
    limit_year : ndarray of int
        Year in which it governs.
    drift_first, drift_last : ndarray
        Mean wall temperature of the first and of the last year less that of the undisturbed ground. [K]
    flags : ndarray of int
        `Flag`.
    evaluations : ndarray of int
        How often temperatures were worked out.
    """

    length: Numbers
    holes: Numbers
    ratio: Numbers
    share: Numbers
    heat_share: Numbers
    cold_share: Numbers
    fluid_max: Numbers
    fluid_min: Numbers
    warmest_year: Whole
    warmest_month: Whole
    coldest_year: Whole
    coldest_month: Whole
    limit: Whole
    limit_year: Whole
    drift_first: Numbers
    drift_last: Numbers
    flags: Whole
    evaluations: Whole
