"""Temperature at depth: conduction through layers with heat of their own; a measured gradient wins."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def conductive_temperature(
    depth: ArrayLike,
    *,
    surface: ArrayLike,
    heat_flow: ArrayLike,
    thickness: ArrayLike,
    conductivity: ArrayLike,
    production: ArrayLike,
) -> Floats:
    """Temperature at a depth below layers of rock, from the heat that flows out of the ground.

    In every layer T(z) = T0 + q z/k - A z²/2k, and the heat flow at its foot is less by what the layer itself makes.

    Parameters
    ----------
    depth : array_like, shape (...)
        Depth below the surface. [m]
    surface : array_like, shape (...)
        Undisturbed temperature at the surface. [°C]
    heat_flow : array_like, shape (...)
        Conductive heat flow at the surface. [W/m²]
    thickness : array_like, shape (layers,)
        From the surface down; the last layer reaches to any depth. [m]
    conductivity, production : array_like, shape (layers,)
        Of each layer. [W/(m K)], [W/m³]

    Returns
    -------
    ndarray, shape (...)
        NaN where depth, surface or heat flow is. [°C]

    Notes
    -----
    Holds without moving water; in convective fields measured gradients decide.
    """
    depth, temperature, flow = (np.asarray(one, dtype=float) for one in (depth, surface, heat_flow))
    layers = [np.atleast_1d(np.asarray(one, dtype=float)) for one in (thickness, conductivity, production)]
    above = 0.0
    last = len(layers[0]) - 1
    for number, (thick, k, heat) in enumerate(zip(*layers, strict=True)):
        below = np.maximum(depth - above, 0.0)
        within = below if number == last else np.minimum(below, thick)
        temperature = temperature + flow * within / k - heat * within**2 / (2 * k)
        flow = flow - heat * within
        above += thick
    return np.asarray(temperature)


def measured_gradient(depth: ArrayLike, temperature: ArrayLike, surface: ArrayLike) -> Floats:
    """Mean gradient from the surface to a measured temperature, NaN where nothing was measured. [K/m]

    Parameters
    ----------
    depth : array_like
        Depth of the measured temperature. [m]
    temperature, surface : array_like
        There, and at the surface. [°C]
    """
    down = np.asarray(depth, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(
            down > 0, (np.asarray(temperature, dtype=float) - np.asarray(surface, dtype=float)) / down, np.nan
        )
    return found


def best_temperature(
    depth: ArrayLike, surface: ArrayLike, gradient: ArrayLike, conductive: ArrayLike
) -> Floats:
    """Temperature at a depth: by the measured gradient where there is one, else what conduction says. [°C]

    Parameters
    ----------
    depth, surface, gradient : array_like
        Depth, temperature at the surface, and measured gradient or NaN. [m], [°C], [K/m]
    conductive : array_like
        Temperature at the same depth from heat flow, or NaN. [°C]
    """
    measured = np.asarray(surface, dtype=float) + np.asarray(gradient, dtype=float) * np.asarray(
        depth, dtype=float
    )
    return np.asarray(np.where(np.isnan(measured), np.asarray(conductive, dtype=float), measured))
