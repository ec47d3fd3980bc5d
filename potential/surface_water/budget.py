"""Budgets of water: the heat that rivers, lakes and sewage may give or take under the limits of their temperature."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

WATER_J_PER_M3K = 4.187e6  # heat that a cubic metre of water holds for a kelvin
Floats = NDArray[np.float64]


def heat_of_flow(flow: ArrayLike, difference: ArrayLike) -> Floats:
    """Heat that flowing water carries: 4.19 MW for a cubic metre a second and a kelvin.

    Parameters
    ----------
    flow : array_like
        Volume in time. [m³/s]
    difference : array_like
        Temperature difference. [K]

    Returns
    -------
    ndarray
        Power. [W]
    """
    power: Floats = np.asarray(flow, dtype=float) * WATER_J_PER_M3K * np.asarray(difference, dtype=float)
    return power


def usable_fall(temperature: ArrayLike, usual: ArrayLike, least_after: float, least_source: float) -> Floats:
    """By how much water can be cooled in a plant: by the usual difference, but never too near freezing.

    Parameters
    ----------
    temperature : array_like
        Of the water. [°C]
    usual : array_like
        Difference that plants use. [K]
    least_after : float
        Least temperature of the water behind the plant. [°C]
    least_source : float
        Water colder than this is not used at all. [°C]

    Returns
    -------
    ndarray
        At least 0; NaN where the temperature is. [K]
    """
    water = np.asarray(temperature, dtype=float)
    fall = np.clip(np.minimum(usual, water - least_after), 0.0, None)
    return np.where(np.isnan(water), np.nan, np.where(water < least_source, 0.0, fall))


def usable_rise(temperature: ArrayLike, usual: ArrayLike, most_source: float) -> Floats:
    """By how much water can be warmed in a plant: by the usual difference, not at all above a temperature. [K]"""
    water = np.asarray(temperature, dtype=float)
    return np.where(np.isnan(water), np.nan, np.where(water > most_source, 0.0, usual))


def river_power(
    low_flow: ArrayLike, difference: ArrayLike, withdrawal_share: float, most_change: float
) -> Floats:
    """Heat that a reach of a river may give or take.

    The plant's share of the low flow, changed by the usable difference; yet the whole low flow, fully mixed, never
    changes by more than the limit of the weekly mean.

    Parameters
    ----------
    low_flow : array_like
        Flow exceeded 95 % of the time, or lowest weekly mean in ten years. [m³/s]
    difference : array_like
        Change of the water taken, see `usable_fall` and `usable_rise`. [K]
    withdrawal_share : float
        Share of the low flow that may be taken. [-]
    most_change : float
        Most change of the mixed river. [K]

    Returns
    -------
    ndarray
        [W]
    """
    change = np.asarray(difference, dtype=float)
    mixed = np.where(change > 0, np.minimum(withdrawal_share * change, most_change), 0.0 * change)
    return heat_of_flow(low_flow, mixed)


def lake_power(
    area: ArrayLike,
    volume: ArrayLike,
    difference: ArrayLike,
    exchange: ArrayLike,
    *,
    most_change: float,
    peak_to_mean: float,
    spell: float,
) -> Floats:
    """Heat that still water may give or take at its highest hours.

    Its surface exchanges the mean with the air; its volume evens out the hours of a week over that mean, and cannot
    give more in a spell than it holds.

    Parameters
    ----------
    area, volume : array_like
        Surface and volume; where the volume is not known (NaN) there is no more than the mean. [m²], [m³]
    difference : array_like
        Usable change in a plant; the lake changes by no more. [K]
    exchange : array_like
        Heat exchanged with the air by area and kelvin of change. [W/(m² K)]
    most_change : float
        Most change of the weekly mean. [K]
    peak_to_mean : float
        Highest hours over the mean of a week. [-]
    spell : float
        Time over which the limit is a mean. [s]

    Returns
    -------
    ndarray
        [W]
    """
    change = np.minimum(np.asarray(difference, dtype=float), most_change)
    mean = np.asarray(exchange) * np.asarray(area, dtype=float) * change
    held = np.nan_to_num(np.asarray(volume, dtype=float)) * WATER_J_PER_M3K * change / spell
    power: Floats = np.minimum(mean * peak_to_mean, mean + held)
    return power


def reaches(length: float, recovery: float) -> tuple[int, float]:
    """Reaches into which a river is cut, and the share of a whole budget that each has.

    Heat added within the recovery length adds up. A river shorter than twice that length is one reach with one budget;
    a longer one is cut into reaches of at least that length with half a budget each, so that nowhere within a recovery
    length, which meets two reaches at most, more than one budget is used.
    """
    count = int(length // recovery)
    return (1, 1.0) if count < 2 else (count, 0.5)
