"""Temperatures of walls and fluid of a field whose loads repeat every year, in its first, second and last year."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from core.compiled import kernel
from potential.ground_heat.g_table import Table, field_curve, g_at, too_late

Numbers = NDArray[np.float64]

MONTHS = 12
LAGS = 3 * MONTHS + 2  # values of g kept exactly, from none to 37 months
HOUR_S = 3600.0

# What `extremes` finds.
RISE, RISE_YEAR, RISE_MONTH, FALL, FALL_YEAR, FALL_MONTH, DRIFT_FIRST, DRIFT_LAST, FOUND = range(9)


@kernel
def responses(
    table: Table, curve: Numbers, bend: Numbers, length: float, radius: float, diffusivity: float, years: int,
    month_s: float, peak_s: float, lags: Numbers, late: Numbers,
) -> float:  # fmt: skip
    """Fill g after whole months, and give g after a peak.

    Parameters
    ----------
    table, curve, bend
        The table and the curve of the field, from `g_table.field_curve`.
    length, radius, diffusivity : float
        Active length and radius of the holes, diffusivity of the ground. [m], [m²/s]
    years : int
        At least 3.
    month_s, peak_s : float
        A month, and how long a peak lasts. [s]
    lags : ndarray, (LAGS,)
        Filled: g after 0, 1, … months.
    late : ndarray, (13,)
        Filled: g after 12 (years − 1) + 1, … + 13 months.

    Returns
    -------
    float
        g after a peak.
    """
    scale = 9.0 * diffusivity / (length * length)
    lags[0] = 0.0
    for month in range(1, lags.size):
        time = month * month_s
        lags[month] = g_at(table, curve, bend, math.log(time * scale), time, radius, diffusivity)
    for month in range(late.size):
        time = (MONTHS * (years - 1) + 1 + month) * month_s
        late[month] = g_at(table, curve, bend, math.log(time * scale), time, radius, diffusivity)
    return g_at(table, curve, bend, math.log(peak_s * scale), peak_s, radius, diffusivity)


@kernel
def wall_rises(load: Numbers, lags: Numbers, late: Numbers, rises: Numbers) -> None:
    """Rise of the wall at the end of each month of the first, second and last year, for 1/(2πkL) = 1.

    In the last year the load of the latest `month + 25` months is kept; what came before is a whole number of years, of
    which the mean and the first moment are enough.

    Parameters
    ----------
    load : ndarray, (12,)
        Mean power into the ground. [W]
    lags, late : ndarray
        From `responses`.
    rises : ndarray, (3, 12)
        Filled. [W]
    """
    mean = moment = 0.0
    for month in range(MONTHS):
        mean += load[month] / MONTHS
        moment += load[month] * (5.5 - month)
    for month in range(MONTHS):
        rise = 0.0
        for lag in range(month + 1):
            rise += load[month - lag] * (lags[lag + 1] - lags[lag])
        rises[0, month] = rise
        for lag in range(month + 1, month + MONTHS + 1):
            rise += load[(month - lag) % MONTHS] * (lags[lag + 1] - lags[lag])
        rises[1, month] = rise
        kept = month + 2 * MONTHS + 1
        for lag in range(month + MONTHS + 1, kept):
            rise += load[(month - lag) % MONTHS] * (lags[lag + 1] - lags[lag])
        slope = (late[month + 1] - late[month]) - (lags[kept + 1] - lags[kept])
        rises[2, month] = rise + mean * (late[month] - lags[kept]) + moment * slope / MONTHS


@kernel
def extremes(
    load: Numbers, extraction_peak: Numbers, injection_peak: Numbers, lags: Numbers, late: Numbers,
    peak_g: float, conductivity: float, resistance: float, total_length: float, years: int, rises: Numbers,
    found: Numbers,
) -> None:  # fmt: skip
    """Largest rise and fall of the mean fluid temperature, when they come, and the yearly mean of the walls.

    From the second year on the temperature of a month moves one way, so that the first, the second and the last year hold
    the extremes. A month without a peak counts with its wall.

    Parameters
    ----------
    load, extraction_peak, injection_peak : ndarray, (12,)
        Mean power into the ground; peaks, not negative. [W]
    lags, late : ndarray
        From `responses`.
    peak_g : float
        g after a peak.
    conductivity, resistance, total_length : float
        Of the ground, of a hole, and length of all holes. [W/(m·K)], [m·K/W], [m]
    years : int
        The last year.
    rises : ndarray, (3, 12)
        Work space.
    found : ndarray, (FOUND,)
        Filled: see the names above. [K], years from 1, months from 1
    """
    wall_rises(load, lags, late, rises)
    factor = 1.0 / (2.0 * math.pi * conductivity * total_length)
    ground = peak_g / (2.0 * math.pi * conductivity)
    found[RISE] = found[FALL] = -np.inf
    for number in range(3):
        year = years if number == 2 else number + 1
        mean = 0.0
        for month in range(MONTHS):
            wall = factor * rises[number, month]
            mean += wall / MONTHS
            rise, fall = wall, -wall
            before = load[month] * ground
            if injection_peak[month] > 0.0:
                rise += (injection_peak[month] * (ground + resistance) - before) / total_length
            if extraction_peak[month] > 0.0:
                fall += (extraction_peak[month] * (ground + resistance) + before) / total_length
            if rise > found[RISE]:
                found[RISE], found[RISE_YEAR], found[RISE_MONTH] = rise, year, month + 1
            if fall > found[FALL]:
                found[FALL], found[FALL_YEAR], found[FALL_MONTH] = fall, year, month + 1
        if number == 0:
            found[DRIFT_FIRST] = mean
        if number == 2:
            found[DRIFT_LAST] = mean


@kernel
def whole_course(
    table: Table, field: Numbers, load: Numbers, extraction_peak: Numbers, injection_peak: Numbers, years: int,
    month_s: float, peak_s: float, course: Numbers,
) -> int:  # fmt: skip
    """Every month of every year of one field, each load superposed exactly.

    Parameters
    ----------
    table : Table
        The table.
    field : ndarray
        Counts along the sides, number of holes, spacing, active length, depth of the heads, radius, resistance of a hole,
        conductivity and heat capacity of the ground. SI units
    load, extraction_peak, injection_peak : ndarray, (12,)
        As in `extremes`. [W]
    years : int
        At least 1.
    month_s, peak_s : float
        As in `responses`. [s]
    course : ndarray, (12 years, 3)
        Filled: above the undisturbed ground, the wall at the end of the month, and the mean fluid after the injection peak
        and after the extraction peak. [K]

    Returns
    -------
    int
        Flags of the axes whose end was passed.
    """
    n1, n2, holes, spacing, length, head, radius, resistance, conductivity, capacity = field[:10]
    curve, bend = np.empty(table.log_times.size), np.empty(table.log_times.size)
    flags = field_curve(table, n1, n2, spacing / length, head / length, radius / length, curve, bend)
    diffusivity = conductivity / capacity
    scale = 9.0 * diffusivity / (length * length)
    count, total_length = MONTHS * years, holes * length
    steps = np.empty(count)
    before = 0.0
    for month in range(count):
        time = (month + 1) * month_s
        g = g_at(table, curve, bend, math.log(time * scale), time, radius, diffusivity)
        steps[month] = g - before
        before = g
    flags |= too_late(table, math.log(count * month_s * scale))
    peak_g = g_at(table, curve, bend, math.log(peak_s * scale), peak_s, radius, diffusivity)
    ground = peak_g / (2.0 * math.pi * conductivity)
    for month in range(count):
        wall = 0.0
        for lag in range(month + 1):
            wall += load[(month - lag) % MONTHS] * steps[lag]
        wall /= 2.0 * math.pi * conductivity * total_length
        course[month, :] = wall
        season = month % MONTHS
        own = load[season] * ground
        if injection_peak[season] > 0.0:
            course[month, 1] += (injection_peak[season] * (ground + resistance) - own) / total_length
        if extraction_peak[season] > 0.0:
            course[month, 2] -= (extraction_peak[season] * (ground + resistance) + own) / total_length
    return flags
