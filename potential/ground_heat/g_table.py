"""G-functions from the table: responses of rectangular fields of boreholes at any size, spacing, depth, radius and time."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.compiled import kernel
from potential.ground_heat.build_table import PATH
from potential.ground_heat.flags import CLIPPED_COUNT, CLIPPED_DEPTH, CLIPPED_SPACING, CLIPPED_TIME

Numbers = NDArray[np.float64]

EULER = 0.5772156649015329
LATE = 1e-4  # rb²/(4at) below which the line source is a logarithm
ROUNDING = 1e-9  # of an axis, by which a value may lie beyond its end


class Table(NamedTuple):
    """The table of g-functions, laid out for kernels.

    Parameters
    ----------
    counts, spacings, depths : ndarray
        Logarithms of the nodes: holes along a side, spacing and head depth over the active length.
    log_times : ndarray
        Nodes of ln(t/ts), evenly spaced.
    single : ndarray, (depths, times)
        g of a single hole.
    log_excess : ndarray of float32, (counts, counts, spacings, depths, times)
        ln(g − g of a single hole + `offset`).
    radius : float
        Radius of the holes over the active length.
    offset : float
        See `log_excess`.
    """

    counts: Numbers
    spacings: Numbers
    depths: Numbers
    log_times: Numbers
    single: Numbers
    log_excess: NDArray[np.float32]
    radius: float
    offset: float


@lru_cache(maxsize=1)
def load() -> Table:
    """The table that comes with the program."""
    with np.load(PATH) as file:
        size = len(file["counts"])
        upper = np.triu_indices(size)
        log_excess = np.empty((size, size, *file["log_excess"].shape[1:]), np.float32)
        log_excess[upper] = file["log_excess"]
        log_excess[upper[::-1]] = file["log_excess"]
        return Table(
            np.log(file["counts"]),
            np.log(file["spacings_over_length"]),
            np.log(file["depths_over_length"]),
            file["log_times"],
            file["single"],
            log_excess,
            float(file["radius_over_length"]),
            float(file["offset"]),
        )


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
    return min(max(value, nodes[0]), nodes[-1])


@kernel
def field_curve(
    table: Table, n1: float, n2: float, spacing: float, depth: float, curve: Numbers, bend: Numbers
) -> int:
    """g of one field at the times of the table.

    Parameters
    ----------
    table : Table
        The table.
    n1, n2 : float
        Holes along the sides, real numbers from 1.
    spacing, depth : float
        Spacing of the holes and depth of their heads, over the active length.
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
    if abs(count1 - logs[0]) > ROUNDING or abs(count2 - logs[1]) > ROUNDING:
        flags |= CLIPPED_COUNT
    if abs(near - logs[2]) > ROUNDING and n1 * n2 > 1.0:
        flags |= CLIPPED_SPACING
    if abs(head - logs[3]) > ROUNDING:
        flags |= CLIPPED_DEPTH
    weight1, weight2, weight3, weight4 = np.empty(4), np.empty(4), np.empty(4), np.empty(3)
    first1, first2 = nodes_near(table.counts, count1, weight1), nodes_near(table.counts, count2, weight2)
    first3, first4 = nodes_near(table.spacings, near, weight3), nodes_near(table.depths, head, weight4)
    times = table.log_times.size
    curve[:] = 0.0
    for a in range(4):
        for b in range(4):
            for c in range(4):
                for d in range(3):
                    weight = weight1[a] * weight2[b] * weight3[c] * weight4[d]
                    row = table.log_excess[first1 + a, first2 + b, first3 + c, first4 + d]
                    for time in range(times):
                        curve[time] += weight * row[time]
    for time in range(times):
        single = 0.0
        for d in range(3):
            single += weight4[d] * table.single[first4 + d, time]
        curve[time] = math.exp(curve[time]) - table.offset + single
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
    table: Table, curve: Numbers, bend: Numbers, log_time: float, time: float, length: float, radius: float,
    diffusivity: float,
) -> float:  # fmt: skip
    """g of one field at one time and radius.

    Before the first time of the table, g is the line source. The table holds walls of its own radius; the wall of
    another differs by the difference of two line sources, which becomes a logarithm when the ground nearby has warmed.

    Parameters
    ----------
    table : Table
        The table.
    curve, bend : ndarray, (times,)
        Of the field, from `field_curve`.
    log_time, time : float
        ln(t/ts) and t. [s]
    length, radius, diffusivity : float
        Active length and radius of the holes, diffusivity of the ground. [m], [m²/s]
    """
    early = radius * radius / (4.0 * diffusivity * time)
    if log_time < table.log_times[0]:
        return 0.5 * exponential_integral(early)
    last = table.log_times.size - 1
    step = table.log_times[1] - table.log_times[0]
    place = min((log_time - table.log_times[0]) / step, float(last))
    left = min(int(place), last - 1)
    right_share = place - left
    left_share = 1.0 - right_share
    g = (
        left_share * curve[left]
        + right_share * curve[left + 1]
        + (left_share**3 - left_share) * bend[left]
        + (right_share**3 - right_share) * bend[left + 1]
    )
    own = table.radius * length
    early_own = own * own / (4.0 * diffusivity * time)
    if early < LATE and early_own < LATE:
        return g - math.log(radius / own)
    return g + 0.5 * (exponential_integral(early) - exponential_integral(early_own))


@kernel
def too_late(table: Table, log_time: float) -> int:
    """Flag of a time beyond the table."""
    return CLIPPED_TIME if log_time > table.log_times[-1] + ROUNDING else 0


@kernel
def _fill(table: Table, fields: Numbers, times: Numbers, found: Numbers, flags: NDArray[np.int64]) -> None:
    curve, bend = np.empty(table.log_times.size), np.empty(table.log_times.size)
    for i in range(fields.shape[0]):
        n1, n2, spacing, length, head, radius, diffusivity = fields[i]
        flags[i] = field_curve(table, n1, n2, spacing / length, head / length, curve, bend)
        characteristic = length * length / (9.0 * diffusivity)
        for j in range(times.shape[1]):
            log_time = math.log(times[i, j] / characteristic)
            flags[i] |= too_late(table, log_time)
            found[i, j] = g_at(table, curve, bend, log_time, times[i, j], length, radius, diffusivity)


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
