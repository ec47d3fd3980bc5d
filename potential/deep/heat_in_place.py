"""Heat in place: what a reservoir holds above a temperature, and what part of it can be brought up in a life."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

YEAR_S = 8760 * 3600.0
Floats = NDArray[np.float64]


def volumetric_heat(porosity: ArrayLike, rock: ArrayLike, water: ArrayLike) -> Floats:
    """Volumetric heat capacity of rock with water in its pores. [J/(m³ K)]

    Parameters
    ----------
    porosity : array_like
        Share of pores, 0 to 1.
    rock, water : array_like
        Volumetric heat capacities of the grains and of the water. [J/(m³ K)]
    """
    pores = np.asarray(porosity, dtype=float)
    return np.asarray((1 - pores) * np.asarray(rock) + pores * np.asarray(water))


def heat_in_place(
    area: ArrayLike, thickness: ArrayLike, volumetric: ArrayLike, temperature: ArrayLike, reference: ArrayLike
) -> Floats:
    """Heat that a reservoir holds above a reference temperature, never below zero. [J]

    Parameters
    ----------
    area, thickness : array_like
        Of the reservoir. [m²], [m]
    volumetric : array_like
        Its volumetric heat capacity, see `volumetric_heat`. [J/(m³ K)]
    temperature, reference : array_like
        Of the reservoir, and that to which it is counted. [°C]

    Notes
    -----
    An upper bound of the resource, not a plant.
    """
    above = np.maximum(np.asarray(temperature, dtype=float) - np.asarray(reference, dtype=float), 0.0)
    return np.asarray(np.asarray(area) * np.asarray(thickness) * np.asarray(volumetric) * above)


def recoverable_rate(in_place: ArrayLike, recovery: ArrayLike, years: ArrayLike) -> Floats:
    """Mean power at which the recoverable share of the heat in place lasts so many years. [W]

    Parameters
    ----------
    in_place : array_like
        Heat in place. [J]
    recovery : array_like
        Share of it that can be brought up.
    years : array_like
        Life of the use. [a]
    """
    return np.asarray(np.asarray(in_place) * np.asarray(recovery) / (np.asarray(years) * YEAR_S))
