"""Doublets: power, life until the cold front arrives, spacing for a set life, drawdown, pumping, loss in the well."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from potential.deep.heat_in_place import YEAR_S, volumetric_heat

GRAVITY = 9.80665  # m/s²
Floats = NDArray[np.float64]


def doublet_power(flow: ArrayLike, water: ArrayLike, produced: ArrayLike, injected: ArrayLike) -> Floats:
    """Heat of a flow of water between well head and injection, never below zero. [W]

    Parameters
    ----------
    flow : array_like
        [m³/s]
    water : array_like
        Volumetric heat capacity of the water. [J/(m³ K)]
    produced, injected : array_like
        [°C]
    """
    cooled = np.maximum(np.asarray(produced, dtype=float) - np.asarray(injected, dtype=float), 0.0)
    return np.asarray(np.asarray(flow) * np.asarray(water) * cooled)


def thermal_life(
    spacing: ArrayLike,
    thickness: ArrayLike,
    porosity: ArrayLike,
    mean_flow: ArrayLike,
    rock: ArrayLike,
    water: ArrayLike,
) -> Floats:
    """Years until the cold front reaches the production well of a doublet [1]_.

    Parameters
    ----------
    spacing, thickness : array_like
        Between the two wells in the reservoir, and of the reservoir. [m]
    porosity : array_like
        Share of pores.
    mean_flow : array_like
        Mean over the whole year, the idle season included. [m³/s]
    rock, water : array_like
        Volumetric heat capacities. [J/(m³ K)]

    Returns
    -------
    ndarray
        [a]

    Notes
    -----
    No heat from the rock above and below, no regional flow: an early date.

    References
    ----------
    .. [1] A. C. Gringarten and J. P. Sauty, "A theoretical study of heat extraction from aquifers with uniform
       regional flow," J. Geophys. Res. 80(35), 4956-4962, 1975.
    """
    swept = np.pi / 3 * volumetric_heat(porosity, rock, water) / np.asarray(water)
    volume = swept * np.asarray(spacing, dtype=float) ** 2 * np.asarray(thickness)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(volume / np.asarray(mean_flow, dtype=float) / YEAR_S)


def spacing_for_life(
    years: ArrayLike,
    thickness: ArrayLike,
    porosity: ArrayLike,
    mean_flow: ArrayLike,
    rock: ArrayLike,
    water: ArrayLike,
) -> Floats:
    """Spacing at which the cold front takes so many years; the inverse of `thermal_life`. [m]

    Infinite where the reservoir has no thickness.
    """
    of_one_metre = thermal_life(1.0, thickness, porosity, mean_flow, rock, water)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.sqrt(np.asarray(years, dtype=float) / of_one_metre))


def doublet_drawdown(
    flow: ArrayLike, transmissivity: ArrayLike, spacing: ArrayLike, well_radius: ArrayLike
) -> Floats:
    """Fall of the head in the production well, and rise in the other, of a steady confined doublet. [m]

    Parameters
    ----------
    flow : array_like
        [m³/s]
    transmissivity : array_like
        Of the reservoir at its own temperature. [m²/s]
    spacing, well_radius : array_like
        [m]
    """
    ratio = np.log(np.asarray(spacing, dtype=float) / np.asarray(well_radius, dtype=float))
    return np.asarray(np.asarray(flow) * ratio / (2 * np.pi * np.asarray(transmissivity, dtype=float)))


def pumping_power(flow: ArrayLike, density: ArrayLike, head: ArrayLike, efficiency: ArrayLike) -> Floats:
    """Electric power that lifts and presses back a flow against a head. [W]

    Parameters
    ----------
    flow, density, head : array_like
        [m³/s], [kg/m³], [m]
    efficiency : array_like
        Of pump and motor together.
    """
    return np.asarray(
        np.asarray(flow) * np.asarray(density) * GRAVITY * np.asarray(head) / np.asarray(efficiency)
    )


def well_loss(
    depth: ArrayLike,
    gradient: ArrayLike,
    capacity_flow: ArrayLike,
    *,
    conductivity: float,
    diffusivity: float,
    radius: float,
    seconds: float,
) -> Floats:
    """How much colder water arrives at the well head than it leaves the reservoir [1]_. [K]

    Parameters
    ----------
    depth, gradient : array_like
        Of the well, and of the ground temperature beside it. [m], [K/m]
    capacity_flow : array_like
        Mass flow times specific heat. [W/K]
    conductivity, diffusivity : float
        Of the rock. [W/(m K)], [m²/s]
    radius : float
        Of the well. [m]
    seconds : float
        Since production began. [s]

    Notes
    -----
    Holds from some weeks on, when the warmed rock is far wider than the well.

    References
    ----------
    .. [1] H. J. Ramey, "Wellbore heat transmission," J. Petrol. Technol. 14(4), 427-435, 1962.
    """
    time_function = -np.log(1.1 * radius / np.sqrt(4 * diffusivity * seconds)) - 0.29
    relaxation = np.asarray(capacity_flow, dtype=float) * time_function / (2 * np.pi * conductivity)
    down = np.asarray(depth, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        kept = np.where(relaxation > 0, relaxation * -np.expm1(-down / relaxation), 0.0)
    return np.asarray(np.asarray(gradient) * (down - kept))
