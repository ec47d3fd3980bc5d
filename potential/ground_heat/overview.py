"""Overview: what one borehole alone gives over a season, by the closed formula G.POT, for maps of a whole city."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from potential.ground_heat.fields import Numbers

YEAR_S = 365 * 86400.0


def single_hole_power(
    *, season: ArrayLike, conductivity: ArrayLike, capacity: ArrayLike, temperature: ArrayLike,
    limit: ArrayLike, length: ArrayLike, resistance: ArrayLike, radius: ArrayLike, life: ArrayLike,
) -> Numbers:  # fmt: skip
    """Mean power over the year that one isolated hole gives or takes when it is used one way only [1]_.

    Good for a city map, never for a parcel with many holes.

    Parameters
    ----------
    season : array_like
        Days of use in a year. [d]
    conductivity, capacity : array_like
        Of the ground. [W/(m·K)], [J/(m³·K)]
    temperature, limit : array_like
        Of the undisturbed ground, and the mean fluid temperature that is not to be passed. [°C]
    length, resistance, radius : array_like
        Of the hole. [m], [m·K/W], [m]
    life : array_like
        Years of use. [a]

    Returns
    -------
    ndarray
        Power, negative where the limit lies above the ground. [W]

    References
    ----------
    .. [1] A. Casasso and R. Sethi, "G.POT: A quantitative method for the assessment and mapping of the shallow geothermal
       potential," Energy 106, 765-773, 2016.
    """
    k, days = np.asarray(conductivity, float), np.asarray(season, float)
    share = days / 365
    four_a_over_r2 = 4 * k / np.asarray(capacity, float) / np.square(np.asarray(radius, float))
    whole = 1 / (four_a_over_r2 * np.asarray(life, float) * YEAR_S)
    one = 1 / (four_a_over_r2 * days * 86400)
    g = -0.619 * share * np.log(whole) + (0.532 * share - 0.962) * np.log(one) - 0.455 * share - 1.619
    span = np.asarray(temperature, float) - np.asarray(limit, float)
    power = (
        8 * span * k * np.asarray(length, float) * share / (g + 4 * np.pi * k * np.asarray(resistance, float))
    )
    return np.asarray(power)
