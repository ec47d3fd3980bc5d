"""Pair sums: what the boreholes of a field do to one another on the average, by the finite line source."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft

from core.compiled import inlined, kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Cells = NDArray[np.int32]

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
FADED = 6.5  # exp(-x²) is nothing beyond
MANY = 1500  # holes: more are summed by Fourier transform
ROOT_PI = math.sqrt(math.pi)


def finite_line_source(
    distance: ArrayLike, time: ArrayLike, length: ArrayLike, head: ArrayLike, diffusivity: ArrayLike
) -> Floats:
    """Response of the ground along one borehole to another of the same length beside it, after [1]_.

    `q h / (2πk)` is the rise of its mean temperature for `q` W per metre of the other; the wall of a hole itself lies
    at its radius.

    Parameters
    ----------
    distance : array_like
        Between the two. [m]
    time : array_like
        Since the heat began. [s]
    length, head : array_like
        Active length of the holes and depth of their heads. [m]
    diffusivity : array_like
        Of the ground. [m²/s]

    Returns
    -------
    ndarray
        The response. [-]

    References
    ----------
    .. [1] J. Claesson and S. Javed, "An analytical method to calculate borehole fluid temperatures for time-scales
       from minutes to decades," ASHRAE Trans. 117(2), 279-288, 2011.
    """
    given = (np.asarray(value, dtype=float) for value in (distance, time, length, head, diffusivity))
    columns = np.broadcast_arrays(*given)
    found = np.empty(columns[0].size)
    _fill(np.column_stack([column.ravel() for column in columns]), found)
    return found.reshape(columns[0].shape)


def field_sums(cells: Cells, start: Ints, responses: Floats) -> Floats:
    """Mean over the holes of each field of the responses to all its holes, its own among them.

    Parameters
    ----------
    cells : ndarray of int, shape (holes, 2)
        Places on a square grid, field by field, each once.
    start : ndarray of int, shape (fields + 1,)
        Where the holes of each field start.
    responses : ndarray, shape (times, n)
        Response at some times by the square of the distance in spacings; the first is a hole's own, and nothing is
        felt beyond the last. [-]

    Returns
    -------
    ndarray, shape (fields, times)
        0 for a field without holes.
    """
    found = np.zeros((start.size - 1, responses.shape[0]))
    _small_sums(cells, start, responses, found)
    for field in np.flatnonzero(np.diff(start) > MANY):
        found[field] = _large_sum(cells[start[field] : start[field + 1]], responses)
    return found


@kernel
def _small_sums(cells: Cells, start: Ints, responses: Floats, found: Floats) -> None:
    """Pair by pair."""
    squares = responses.shape[1]
    pairs = np.empty(squares, np.int64)
    for field in range(start.size - 1):
        first, last = start[field], start[field + 1]
        if last == first or last - first > MANY:
            continue
        pairs[:] = 0
        for one in range(first, last):
            for other in range(first, one):
                east, north = cells[one, 0] - cells[other, 0], cells[one, 1] - cells[other, 1]
                square = east * east + north * north
                if square < squares:
                    pairs[square] += 1
        for time in range(responses.shape[0]):
            total = 0.0
            for square in range(1, squares):
                total += pairs[square] * responses[time, square]
            found[field, time] = responses[time, 0] + 2 * total / (last - first)


def _large_sum(cells: Cells, responses: Floats) -> Floats:
    """By the autocorrelation of the places that are taken."""
    place = cells - cells.min(axis=0)
    size = place.max(axis=0) + 1
    taken = np.zeros(2 * size)
    taken[place[:, 0], place[:, 1]] = 1.0
    pairs = np.rint(fft.irfft2(np.abs(fft.rfft2(taken)) ** 2, taken.shape))
    east, north = (np.minimum(np.arange(2 * n), 2 * n - np.arange(2 * n)) for n in size)
    square = east[:, None] ** 2 + north[None, :] ** 2
    near = square < responses.shape[1]
    return np.asarray(responses[:, square[near]] @ pairs[near] / len(cells))


@inlined
def _integrated_error(x: float) -> float:
    """Integral of the error function from 0."""
    return x * math.erf(x) + math.expm1(-x * x) / ROOT_PI


@kernel
def _fill(columns: Floats, found: Floats) -> None:
    """Panels of a Gauss rule on the logarithm of the variable of integration."""
    for one in range(found.size):
        distance, time, length, head, diffusivity = columns[one]
        low = -0.5 * math.log(4 * diffusivity * time)
        high = math.log(FADED / distance)
        found[one] = 0.0
        if high <= low:
            continue
        panels = max(2, math.ceil(high - low))
        width = (high - low) / panels
        for panel in range(panels):
            for node in range(NODES.size):
                s = math.exp(low + width * (panel + 0.5 + 0.5 * NODES[node]))
                x, y = length * s, head * s
                lines = 2 * _integrated_error(x) + 2 * _integrated_error(x + 2 * y)
                lines -= _integrated_error(2 * (x + y)) + _integrated_error(2 * y)
                found[one] += 0.25 * width * WEIGHTS[node] * math.exp(-((distance * s) ** 2)) * lines / x
