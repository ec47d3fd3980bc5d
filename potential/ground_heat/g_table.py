"""G-functions from the table: responses of rectangular fields of boreholes at any size, spacing, depth, radius and time."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.compiled import kernel
from potential.ground_heat.build_table import PATH
from potential.ground_heat.flags import (
    CLIPPED_COUNT,
    CLIPPED_DEPTH,
    CLIPPED_RADIUS,
    CLIPPED_SPACING,
    CLIPPED_TIME,
)

Numbers = NDArray[np.float64]

EULER = 0.5772156649015329
BEYOND_RADII = 0.08  # by which the root of the factor of the radius may lie beyond its nodes
ROUNDING = 1e-9  # of an axis, by which a value may lie beyond its end


class Table(NamedTuple):
    """The table of g-functions, laid out for kernels.

    Parameters
    ----------
    counts, corrected_counts : ndarray
        Logarithms of the nodes: holes along a side, and those of the correction.
    spacings, depths, radii : ndarray
        Logarithms of the nodes, over the active length: spacing, depth of the heads, and the radius met with each depth.
    factors : ndarray, (3,)
        Roots of the factors of these radii: narrower, as they are, wider.
    log_times : ndarray
        Nodes of ln(t/ts), evenly spaced.
    single : ndarray, (depths, times)
        g of a single hole.
    log_excess : ndarray of float32, (counts, counts, spacings, depths, times)
        ln(g − g of a single hole + `offset`).
    correction : ndarray of float32, (2, corrected counts, corrected counts, spacings, depths, times)
        What is added to it for the narrower and for the wider radius.
    offset : float
        See `log_excess`.
    """

    counts: Numbers
    corrected_counts: Numbers
    spacings: Numbers
    depths: Numbers
    radii: Numbers
    factors: Numbers
    log_times: Numbers
    single: Numbers
    log_excess: NDArray[np.float32]
    correction: NDArray[np.float32]
    offset: float


@lru_cache(maxsize=1)
def load() -> Table:
    """The table that comes with the program."""
    with np.load(PATH) as file:
        low, high = np.sqrt(file["radius_factors"])
        return Table(
            np.log(file["counts"]),
            np.log(file["corrected_counts"]),
            np.log(file["spacings_over_length"]),
            np.log(file["depths_over_length"]),
            np.log(file["radii_over_length"]),
            np.array([low, 1.0, high]),
            file["log_times"],
            file["single"],
            _square(file["log_excess"], len(file["counts"])),
            np.stack([_square(each, len(file["corrected_counts"])) for each in file["correction"]]),
            float(file["offset"]),
        )


def _square(pairs: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Values of all pairs of counts from those of one order."""
    upper = np.triu_indices(size)
    square = np.empty((size, size, *pairs.shape[1:]), np.float32)
    square[upper] = square[upper[::-1]] = pairs
    return square


def about() -> str:
    """The library and the method that made the table."""
    with np.load(PATH) as file:
        return f"{file['library']} ({file['method']})"


@kernel
def exponential_integral(x: float) -> float:
    """E1 of a positive number, to 1e-12."""
    if x <= 1.0:
        total, term = -EULER - math.log(x), 1.0
        for order in range(1, 30):
            term *= -x / order
            total -= term / order
            if abs(term) < 1e-15:
                break
        return total
    if x > 700.0:
        return 0.0
    fraction, depth = 0.0, 12 + int(300.0 / x)
    for order in range(depth, 0, -1):
        fraction = order / (1.0 + order / (x + fraction))
    return math.exp(-x) / (x + fraction)


@kernel
def nodes_near(nodes: Numbers, value: float, weights: Numbers) -> int:
    """First of the nodes round a value, and Lagrange's weights of as many as `weights` holds; the value lies on the axis."""
    width = weights.size
    interval = 0
    while interval < nodes.size - 2 and value > nodes[interval + 1]:
        interval += 1
    first = min(max(interval - (width - 2) // 2, 0), nodes.size - width)
    for one in range(width):
        weight = 1.0
        for other in range(width):
            if other != one:
                weight *= (value - nodes[first + other]) / (nodes[first + one] - nodes[first + other])
        weights[one] = weight
    return first


@kernel
def within(nodes: Numbers, value: float) -> float:
    """The value, moved to the end of the axis if it lies beyond."""
    return float(min(max(value, nodes[0]), nodes[-1]))


@kernel
def add_values(
    values: NDArray[np.float32],
    share: float,
    firsts: tuple[int, int, int, int],
    weights: Numbers,
    curve: Numbers,
) -> None:
    """Add values of a table between four nodes of each axis to a curve, times a share; `weights` is (4, 4)."""
    for a in range(4):
        for b in range(4):
            for c in range(4):
                outer = share * weights[0, a] * weights[1, b] * weights[2, c]
                for d in range(4):
                    row = values[firsts[0] + a, firsts[1] + b, firsts[2] + c, firsts[3] + d]
                    weight = outer * weights[3, d]
                    for time in range(curve.size):
                        curve[time] += weight * row[time]


@kernel
def field_curve(
    table: Table,
    n1: float,
    n2: float,
    spacing: float,
    depth: float,
    radius: float,
    curve: Numbers,
    bend: Numbers,
) -> int:
    """g of one field at the times of the table.

    The wall of a hole itself differs from that of another radius by the difference of two line sources. The excess over a
    single hole depends on the radius too: it is corrected by a parabola over the root of the radius.

    Parameters
    ----------
    table : Table
        The table.
    n1, n2 : float
        Holes along the sides, real numbers from 1.
    spacing, depth, radius : float
        Spacing of the holes, depth of their heads and their radius, over the active length.
    curve, bend : ndarray, (times,)
        Filled: g, and its second derivative by ln t over six, times the step squared.

    Returns
    -------
    int
        Flags of the axes whose end was passed.
    """
    flags = 0
    logs = (math.log(n1), math.log(n2), math.log(spacing), math.log(depth))
    count1, count2 = within(table.counts, logs[0]), within(table.counts, logs[1])
    near, head = within(table.spacings, logs[2]), within(table.depths, logs[3])
    weights = np.empty((4, 4))
    first1, first2 = (
        nodes_near(table.counts, count1, weights[0]),
        nodes_near(table.counts, count2, weights[1]),
    )
    first3, first4 = nodes_near(table.spacings, near, weights[2]), nodes_near(table.depths, head, weights[3])
    own = 0.0
    for d in range(4):
        own += weights[3, d] * table.radii[first4 + d]
    own = math.exp(own)
    low, middle, high = table.factors
    factor = math.sqrt(radius / own)
    root = min(max(factor, low - BEYOND_RADII), high + BEYOND_RADII)
    if n1 * n2 > 1.0:
        if abs(count1 - logs[0]) > ROUNDING or abs(count2 - logs[1]) > ROUNDING:
            flags |= CLIPPED_COUNT
        if abs(near - logs[2]) > ROUNDING:
            flags |= CLIPPED_SPACING
        if root != factor:
            flags |= CLIPPED_RADIUS
    if abs(head - logs[3]) > ROUNDING:
        flags |= CLIPPED_DEPTH
    curve[:] = 0.0
    add_values(table.log_excess, 1.0, (first1, first2, first3, first4), weights, curve)
    corrected = table.corrected_counts
    first1 = nodes_near(corrected, within(corrected, count1), weights[0])
    first2 = nodes_near(corrected, within(corrected, count2), weights[1])
    narrow = (root - middle) * (root - high) / ((low - middle) * (low - high))
    wide = (root - middle) * (root - low) / ((high - middle) * (high - low))
    add_values(table.correction[0], narrow, (first1, first2, first3, first4), weights, curve)
    add_values(table.correction[1], wide, (first1, first2, first3, first4), weights, curve)
    for time in range(curve.size):
        early = 2.25 * math.exp(-table.log_times[time])  # 1/(4at) times the length squared
        shift = exponential_integral(early * radius * radius) - exponential_integral(early * own * own)
        curve[time] = math.exp(curve[time]) - table.offset + 0.5 * shift
        for d in range(4):
            curve[time] += weights[3, d] * table.single[first4 + d, time]
    bend_of(curve, bend)
    return flags


@kernel
def bend_of(curve: Numbers, bend: Numbers) -> None:
    """Second derivatives of the natural cubic spline through evenly spaced values, times the step squared over six."""
    size = curve.size
    share = np.empty(size)
    bend[0] = share[0] = 0.0
    for i in range(1, size - 1):
        pivot = 4.0 - share[i - 1]
        share[i] = 1.0 / pivot
        bend[i] = (curve[i - 1] - 2.0 * curve[i] + curve[i + 1] - bend[i - 1]) / pivot
    bend[size - 1] = 0.0
    for i in range(size - 2, 0, -1):
        bend[i] -= share[i] * bend[i + 1]


@kernel
def g_at(
    table: Table,
    curve: Numbers,
    bend: Numbers,
    log_time: float,
    time: float,
    radius: float,
    diffusivity: float,
) -> float:
    """g of one field at one time; before the first time of the table it is the line source.

    Parameters
    ----------
    table : Table
        The table.
    curve, bend : ndarray, (times,)
        Of the field, from `field_curve`.
    log_time, time : float
        ln(t/ts) and t. [s]
    radius, diffusivity : float
        Radius of the holes, diffusivity of the ground. [m], [m²/s]
    """
    if log_time < table.log_times[0]:
        return 0.5 * exponential_integral(radius * radius / (4.0 * diffusivity * time))
    last = table.log_times.size - 1
    step = table.log_times[1] - table.log_times[0]
    place = min((log_time - table.log_times[0]) / step, float(last))
    left = min(int(place), last - 1)
    right_share = place - left
    left_share = 1.0 - right_share
    return float(
        left_share * curve[left]
        + right_share * curve[left + 1]
        + (left_share**3 - left_share) * bend[left]
        + (right_share**3 - right_share) * bend[left + 1]
    )


@kernel
def too_late(table: Table, log_time: float) -> int:
    """Flag of a time beyond the table."""
    return CLIPPED_TIME if log_time > table.log_times[-1] + ROUNDING else 0


@kernel
def _fill(table: Table, fields: Numbers, times: Numbers, found: Numbers, flags: NDArray[np.int64]) -> None:
    curve, bend = np.empty(table.log_times.size), np.empty(table.log_times.size)
    for i in range(fields.shape[0]):
        n1, n2, spacing, length, head, radius, diffusivity = fields[i]
        flags[i] = field_curve(table, n1, n2, spacing / length, head / length, radius / length, curve, bend)
        characteristic = length * length / (9.0 * diffusivity)
        for j in range(times.shape[1]):
            log_time = math.log(times[i, j] / characteristic)
            flags[i] |= too_late(table, log_time)
            found[i, j] = g_at(table, curve, bend, log_time, times[i, j], radius, diffusivity)


def g_values(
    n1: ArrayLike, n2: ArrayLike, *, spacing: ArrayLike, length: ArrayLike, head: ArrayLike, radius: ArrayLike,
    diffusivity: ArrayLike, time: ArrayLike,
) -> tuple[Numbers, NDArray[np.int64]]:  # fmt: skip
    """g of some fields at some times.

    Parameters
    ----------
    n1, n2 : array_like, (fields,)
        Holes along the sides of the equivalent rectangle, real numbers from 1.
    spacing, length, head, radius : array_like, (fields,)
        Spacing of the holes, active length, depth of the heads, radius. [m]
    diffusivity : array_like, (fields,)
        Of the ground. [m²/s]
    time : array_like, (fields, times) or (times,)
        Since the load began. [s]

    Returns
    -------
    g : ndarray, (fields, times)
        The g-functions.
    flags : ndarray of int, (fields,)
        `Flag` of the axes whose end was passed.
    """
    columns = np.broadcast_arrays(n1, n2, spacing, length, head, radius, diffusivity)
    fields = np.column_stack([np.atleast_1d(np.asarray(column, float)) for column in columns])
    times = np.atleast_2d(np.asarray(time, float))
    times = np.ascontiguousarray(np.broadcast_to(times, (len(fields), times.shape[1])))
    found, flags = np.empty(times.shape), np.zeros(len(fields), np.int64)
    _fill(load(), fields, times, found, flags)
    return found, flags
