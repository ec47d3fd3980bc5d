"""Finite line source: what a borehole does to the ground at a distance, averaged over another of the same length."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.compiled import kernel

Numbers = NDArray[np.float64]

ROOT_PI = math.sqrt(math.pi)
FAR = 6.5  # e^(−d²s²) is nothing beyond this d·s
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
PANELS = 6


@kernel
def integrated_error(x: float) -> float:
    """Integral of the error function from 0."""
    return x * math.erf(x) - (1.0 - math.exp(-x * x)) / ROOT_PI


@kernel
def line_source(distance: float, length: float, head: float, reach: float, panels: int) -> float:
    """Response of one point in plan; `reach` is 4 a t. Two vertical lines of the same length and head depth. [m], [m²]"""
    first, last = -0.5 * math.log(reach), math.log(FAR / distance)
    if first >= last:
        return 0.0
    step, total = (last - first) / panels, 0.0
    for panel in range(panels):
        for node in range(NODES.size):
            s = math.exp(first + step * (panel + 0.5 + 0.5 * NODES[node]))
            x, y = length * s, head * s
            lines = 2.0 * integrated_error(x) + 2.0 * integrated_error(x + 2.0 * y)
            lines -= integrated_error(2.0 * (x + y)) + integrated_error(2.0 * y)
            total += WEIGHTS[node] * math.exp(-((distance * s) ** 2)) * lines / x
    return 0.25 * step * total


@kernel
def _fill(columns: Numbers, found: Numbers) -> None:
    for i in range(columns.shape[0]):
        distance, length, head, reach = columns[i]
        found[i] = line_source(distance, length, head, reach, PANELS)


def h(
    distance: ArrayLike, *, length: ArrayLike, head: ArrayLike, diffusivity: ArrayLike, time: ArrayLike
) -> Numbers:
    """Response between vertical lines at a distance, after Claesson and Javed [1]_.

    The rise of temperature along the one is `q h / (2πk)` for `q` W per metre along the other.

    Parameters
    ----------
    distance : array_like
        Between the lines; the radius for the wall of a hole itself. [m]
    length, head : array_like
        Active length and depth of the heads. [m]
    diffusivity : array_like
        Of the ground. [m²/s]
    time : array_like
        Since the load began. [s]

    Returns
    -------
    ndarray
        The response, without unit.

    References
    ----------
    .. [1] J. Claesson and S. Javed, "An analytical method to calculate borehole fluid temperatures for time-scales from
       minutes to decades," ASHRAE Trans. 117(2), 279-288, 2011.
    """
    reach = 4 * np.asarray(diffusivity, float) * np.asarray(time, float)
    columns = np.broadcast_arrays(np.asarray(distance, float), length, head, reach)
    found = np.empty(columns[0].size)
    _fill(np.column_stack([np.ravel(column).astype(float) for column in columns]), found)
    return found.reshape(columns[0].shape)
