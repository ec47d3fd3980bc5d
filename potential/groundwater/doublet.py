"""One doublet of wells: drawdown, rise, the share of its own water it gets back, and when that water and its heat arrive."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.compiled import kernel

Floats = NDArray[np.float64]

WATER_J_PER_M3K = 4.18e6  # volumetric heat of water
ON_THE_CUT = math.radians(
    1e-4
)  # a doublet right along the flow lies on the branch cut: it is turned by so little


def drawdown(flow: ArrayLike, transmissivity: ArrayLike, spacing: ArrayLike, radius: ArrayLike) -> Floats:
    """Drawdown in the production well of a doublet in a confined aquifer, steady; the rise in the other is as high.

    Parameters
    ----------
    flow : array_like
        Flow, all of it returned. [m³/s]
    transmissivity : array_like
        Conductivity times thickness. [m²/s]
    spacing, radius : array_like
        Between the wells, and of the wells. [m]

    Returns
    -------
    ndarray
        Drawdown without well loss. [m]

    Notes
    -----
    Superposition of a sink and a source (Thiem): no radius of influence is needed, and with flow along the doublet
    nothing changes.
    """
    distance = np.log(_array(spacing) / _array(radius))
    found: Floats = _array(flow) / (2 * np.pi * _array(transmissivity)) * distance
    return found


def unconfined_flow(
    conductivity: ArrayLike, thickness: ArrayLike, change: ArrayLike, distance: ArrayLike
) -> Floats:
    """Flow that moves the water table of an unconfined aquifer at a well of a doublet (Dupuit).

    Parameters
    ----------
    conductivity : array_like
        Hydraulic conductivity. [m/s]
    thickness : array_like
        Saturated thickness. [m]
    change : array_like
        Drawdown below zero, rise above zero. [m]
    distance : array_like
        Natural logarithm of spacing over radius, or that of several wells (`row_distance`). [-]

    Returns
    -------
    ndarray
        Flow, always positive. [m³/s]
    """
    b = _array(thickness)
    level = np.maximum(b + _array(change), 0.0)
    found: Floats = np.pi * _array(conductivity) * np.abs(level**2 - b**2) / _array(distance)
    return found


def drawdown_of_wells(
    x: ArrayLike, y: ArrayLike, flow: ArrayLike, transmissivity: float, radius: float
) -> Floats:
    """Change of the head in each of several wells that together give back what they take, steady and confined.

    Parameters
    ----------
    x, y : array_like, (wells,)
        Places. [m]
    flow : array_like, (wells,)
        Taken above zero, given back below; the sum is zero. [m³/s]
    transmissivity : float
        Conductivity times thickness. [m²/s]
    radius : float
        Of the wells. [m]

    Returns
    -------
    ndarray, shape (wells,)
        Drawdown above zero, rise below. [m]
    """
    place = np.column_stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])
    apart = np.hypot(*(place[:, None, :] - place[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(apart, radius)
    found: Floats = -np.log(apart) @ np.asarray(flow, dtype=float) / (2 * np.pi * transmissivity)
    return found


def row_distance(
    spacing: ArrayLike, radius: float, count: ArrayLike, across: ArrayLike, most: int = 64
) -> Floats:
    """Logarithm that stands for ln(spacing/radius) in the middle one of a row of equal doublets side by side.

    Parameters
    ----------
    spacing, radius : array_like, float
        Between the wells of one doublet, and of the wells. [m]
    count : array_like
        Doublets in the row.
    across : array_like
        Between neighbouring doublets. [m]
    most : int
        Doublets on either side that are counted; further ones add less than a thousandth.

    Returns
    -------
    ndarray
        The sum over all doublets of ln(distance to their far well over that to their near one). [-]
    """
    length, number, step = np.broadcast_arrays(
        *(np.asarray(one, dtype=float) for one in (spacing, count, across))
    )
    total = np.log(length / radius)
    for one in range(1, most + 1):
        beside = np.clip(number - 1 - 2 * (one - 1), 0.0, 2.0)  # two beside the middle one, or one at the end
        if not beside.any():
            break
        with np.errstate(divide="ignore"):
            total = total + beside * 0.5 * np.log1p((length / np.where(step > 0, one * step, np.inf)) ** 2)
    found: Floats = total
    return found


def critical_flow(through: ArrayLike, spacing: ArrayLike) -> Floats:
    """Flow up to which a doublet right along the flow of the groundwater gets none of its own water back.

    Parameters
    ----------
    through : array_like
        Flow of the groundwater through a metre across it: conductivity times thickness times gradient. [m²/s]
    spacing : array_like
        Between the wells. [m]

    Returns
    -------
    ndarray
        Flow. [m³/s]
    """
    found: Floats = np.pi / 2 * _array(through) * _array(spacing)
    return found


def returned_share(beta: ArrayLike, angle: ArrayLike) -> Floats:
    """Share of the water of a doublet that comes back to its production well in the end, for any direction of flow.

    The two stagnation points of the complex potential part the water that returns from that which goes [1]_.

    Parameters
    ----------
    beta : array_like
        Flow over critical flow; infinite where the groundwater stands still. [-]
    angle : array_like
        Between the flow of the groundwater and the line from the production to the injection well; 0 is injection
        right downstream. [°]

    Returns
    -------
    ndarray
        From 0 to 1. Injection right upstream gives 1 whatever the flow.

    References
    ----------
    .. [1] J. Bear, Dynamics of Fluids in Porous Media, Elsevier, 1972, chapter 7.
    """
    flow, turn = np.broadcast_arrays(np.asarray(beta, dtype=float), np.asarray(angle, dtype=float))
    out = np.empty(flow.size)
    _returned_shares(np.ascontiguousarray(flow).ravel(), np.ascontiguousarray(turn).ravel(), out)
    return out.reshape(flow.shape)


def arrival_at_rest(flow: ArrayLike, thickness: ArrayLike, spacing: ArrayLike, porosity: ArrayLike) -> Floats:
    """Time after which the first returned water arrives where the groundwater stands still [1]_.

    Parameters
    ----------
    flow : array_like
        Of the doublet. [m³/s]
    thickness, spacing : array_like
        Of the aquifer, and between the wells. [m]
    porosity : array_like
        Effective porosity. [-]

    Returns
    -------
    ndarray
        Time of the water; that of the heat is `retardation` times as long. [s]

    References
    ----------
    .. [1] A. C. Gringarten and J. P. Sauty, "A theoretical study of heat extraction from aquifers with uniform
       regional flow," J. Geophys. Res. 80(35), 4956-4962, 1975.
    """
    volume = _array(porosity) * _array(thickness) * _array(spacing) ** 2
    found: Floats = np.pi / 3 * volume / _array(flow)
    return found


def arrival_along(
    flow: ArrayLike,
    thickness: ArrayLike,
    spacing: ArrayLike,
    porosity: ArrayLike,
    darcy: ArrayLike,
    *,
    upstream: bool = False,
) -> Floats:
    """Time of the first returned water of a doublet right along the flow of the groundwater.

    Parameters
    ----------
    flow, thickness, spacing, porosity : array_like
        As in `arrival_at_rest`.
    darcy : array_like
        Darcy velocity, conductivity times gradient, above zero. [m/s]
    upstream : bool
        Whether the injection well lies upstream, as it never should.

    Returns
    -------
    ndarray
        Time; infinite where no water returns. [s]
    """
    length, u = _array(spacing), _array(darcy)
    alpha = _array(flow) / (2 * np.pi * _array(thickness)) * length / u
    if upstream:
        root = np.sqrt(4 * alpha + length**2)
        found = length - 2 * alpha / root * np.log((root + length) / (root - length))
    else:
        delta = 4 * alpha - length**2
        root = np.sqrt(np.where(delta > 0, delta, np.nan))
        found = -length + 4 * alpha / root * np.arctan(length / root)
    time: Floats = np.nan_to_num(_array(porosity) / u * found, nan=np.inf)
    return time


def retardation(aquifer_heat: ArrayLike, porosity: ArrayLike) -> Floats:
    """How many times slower heat moves than the water.

    Parameters
    ----------
    aquifer_heat : array_like
        Volumetric heat of water and grains together. [J/(m³·K)]
    porosity : array_like
        Effective porosity. [-]
    """
    found: Floats = _array(aquifer_heat) / (_array(porosity) * WATER_J_PER_M3K)
    return found


def plume_width(flow: ArrayLike, through: ArrayLike) -> Floats:
    """Final width of the plume below wells that are used one-sidedly. [m]

    Parameters
    ----------
    flow : array_like
        Mean flow of the year. [m³/s]
    through : array_like
        Flow of the groundwater through a metre across it; where it is zero the width has no end. [m²/s]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = _array(flow) / _array(through)
    return np.nan_to_num(found, nan=0.0, posinf=np.inf)


def plume_length(darcy: ArrayLike, aquifer_heat: ArrayLike, seconds: ArrayLike) -> Floats:
    """How far the heat is carried by the groundwater in some time. [m]

    Parameters
    ----------
    darcy : array_like
        Darcy velocity. [m/s]
    aquifer_heat : array_like
        Volumetric heat of the aquifer. [J/(m³·K)]
    seconds : array_like
        Time. [s]
    """
    found: Floats = _array(darcy) * WATER_J_PER_M3K / _array(aquifer_heat) * _array(seconds)
    return found


def thermal_power(flow: ArrayLike, difference: ArrayLike) -> Floats:
    """Heat taken from, or given to, a flow of water whose temperature changes by so many kelvin. [W]"""
    found: Floats = _array(flow) * WATER_J_PER_M3K * _array(difference)
    return found


def _array(values: ArrayLike) -> Floats:
    """Plain numbers, whatever table they come from."""
    return np.asarray(values, dtype=float)


@kernel
def returned(beta: float, angle: float) -> float:
    """Share that returns, of one doublet; see `returned_share`."""
    if np.isnan(beta) or np.isnan(angle):
        return np.nan
    if not beta > 0:
        return 0.0
    turn = abs(angle) % 360.0
    turn = 360.0 - turn if turn > 180.0 else turn
    if turn > 179.999 or beta == np.inf:
        return 1.0
    phi = max(turn * np.pi / 180.0, ON_THE_CUT)
    zeta = complex(np.cos(phi), np.sin(phi))
    root = np.sqrt(zeta * zeta - zeta * beta)
    first, second = (zeta + root) / 2, (zeta - root) / 2
    drift = 2 / (np.pi * beta)
    one = drift * first + np.log((first - zeta) / first) / (2 * np.pi)
    other = drift * second + np.log((second - zeta) / second) / (2 * np.pi)
    share: float = min(1.0, max(0.0, 1.0 - abs(one.imag - other.imag)))
    return share


@kernel
def _returned_shares(beta: Floats, angle: Floats, out: Floats) -> None:
    for one in range(len(out)):
        out[one] = returned(beta[one], angle[one])
