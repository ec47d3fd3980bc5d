"""Neighbours: how far the fields around warm or cool the ground of each field until the last year."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from core.compiled import kernel
from core.jobs import Job
from potential.ground_heat.fields import Numbers
from potential.ground_heat.line_source import line_source
from potential.ground_heat.parts import in_parts

Whole = NDArray[np.int64]

SIDE = 3  # sub-sources along each axis of a field
NEAREST_M = 1.0  # closer sub-sources count as this far
NODES = 24  # of the line source over the logarithm of the distance
PANELS = 2
LOOKING = "Looking for neighbouring borehole fields"
PART = 2000  # fields between two looks at whether to stop


def sub_sources_of_rectangles(
    x: ArrayLike, y: ArrayLike, n1: ArrayLike, n2: ArrayLike, spacing: ArrayLike, angle: ArrayLike
) -> Numbers:
    """Nine points that stand for the holes of rectangular fields, with the same centre and the same spread.

    Parameters
    ----------
    x, y : array_like, (fields,)
        Centre. [m]
    n1, n2, spacing : array_like, (fields,)
        Holes along the sides, and their spacing. [m]
    angle : array_like, (fields,)
        Of the side of `n1`, anticlockwise from east. [rad]

    Returns
    -------
    ndarray, (fields, 9, 2)
        The points. [m]
    """
    east, north, first, second, gap, turn = (
        np.atleast_1d(each).astype(float) for each in np.broadcast_arrays(x, y, n1, n2, spacing, angle)
    )
    along, across = (gap * np.sqrt((np.square(count) - 1) / 12) for count in (first, second))
    return _nine(np.stack([east, north], axis=-1), along, across, turn)


def sub_sources_of_holes(holes: Numbers, field: Whole, fields: int) -> Numbers:
    """Nine points that stand for the holes of fields of any shape, along their principal axes.

    Parameters
    ----------
    holes : ndarray, (holes, 2)
        Where they are. [m]
    field : ndarray of int, (holes,)
        Field of each.
    fields : int
        Number of fields; NaN is given for one without holes.

    Returns
    -------
    ndarray, (fields, 9, 2)
        The points. [m]
    """
    count = np.bincount(field, minlength=fields).astype(float)
    count[count == 0] = np.nan

    def mean(values: Numbers) -> Numbers:
        return np.asarray(np.bincount(field, values, fields) / count)

    centre = np.stack([mean(holes[:, 0]), mean(holes[:, 1])], axis=1)
    east, north = (holes - centre[field]).T
    xx, yy, xy = mean(east * east), mean(north * north), mean(east * north)
    half, lean = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
    angle = 0.5 * np.arctan2(2 * xy, xx - yy)
    return _nine(centre, np.sqrt(half + lean), np.sqrt(np.maximum(half - lean, 0.0)), angle)


def _nine(centre: Numbers, first: Numbers, second: Numbers, angle: Numbers) -> Numbers:
    """Three by three points about centres, with given standard deviations along the axes."""
    along, across = np.meshgrid(*[np.sqrt(1.5) * np.array([-1.0, 0.0, 1.0])] * 2, indexing="ij")
    u, v = first[:, None] * along.ravel(), second[:, None] * across.ravel()
    turn = angle[:, None]
    east, north = u * np.cos(turn) - v * np.sin(turn), u * np.sin(turn) + v * np.cos(turn)
    return np.asarray(centre[:, None, :] + np.stack([east, north], axis=-1))


def shifts(
    points: Numbers, power: ArrayLike, *, length: ArrayLike, head: ArrayLike,
    conductivity: ArrayLike, capacity: ArrayLike, time: float, reach: float, job: Job | None = None,
) -> Numbers:  # fmt: skip
    """Rise of the ground under each field that the other fields cause; only yearly means matter at a distance.

    Parameters
    ----------
    points : ndarray, (fields, 9, 2)
        Points that stand for the holes. [m]
    power : array_like, (fields,)
        Mean power of the year into the ground; NaN for a field that is not there. [W]
    length, head : array_like, (fields,)
        Active length of one hole, depth of the heads. [m]
    conductivity, capacity : array_like, (fields,)
        Of the ground. [W/(m·K)], [J/(m³·K)]
    time : float
        Since the fields began. [s]
    reach : float
        Distance beyond which nothing is felt. [m]
    job : Job, optional
        Reports and stops.

    Returns
    -------
    ndarray, (fields,)
        Rise, negative where neighbours cool. [K]
    """
    fields = len(points)
    columns = [np.broadcast_to(np.asarray(each, float), (fields,)) for each in
               (power, length, head, conductivity, capacity)]  # fmt: skip
    strength = columns[0] / (columns[1] * 2 * np.pi * columns[3])  # of all holes of a field together
    sources = np.column_stack([columns[1], columns[2], 4 * columns[3] / columns[4] * time])
    there = np.isfinite(points).all(axis=(1, 2)) & np.isfinite(sources).all(axis=1) & np.isfinite(strength)
    rise = np.zeros(fields)
    if there.sum() < 2:
        return rise
    spots = np.ascontiguousarray(points[there])
    kinds, kind = np.unique(sources[there], axis=0, return_inverse=True)
    start, step = np.log(NEAREST_M), (np.log(reach) - np.log(NEAREST_M)) / (NODES - 1)
    distances, tables = np.exp(start + step * np.arange(NODES)), np.empty((len(kinds), NODES))
    work = job or Job()
    in_parts(
        lambda first, last: _tabulate(kinds[first:last], distances, tables[first:last]),
        len(kinds), PART, work, LOOKING,
    )  # fmt: skip
    rise[there] = _felt(spots, strength[there], tables, kind.ravel(), reach, start, step, work)
    return rise


def _felt(
    spots: Numbers, strength: Numbers, tables: Numbers, kind: Whole, reach: float, start: float, step: float,
    job: Job,
) -> Numbers:  # fmt: skip
    centres = spots.mean(axis=1)
    extent = np.sqrt(((spots - centres[:, None]) ** 2).sum(axis=2).max(axis=1))
    tree, felt = cKDTree(centres), np.zeros(len(spots))
    around = reach + extent + extent.max()
    for first in job.each(range(0, len(spots), PART), LOOKING):
        some = slice(first, first + PART)
        near = tree.query_ball_point(centres[some], around[some], workers=-1, return_sorted=True)
        offsets = np.concatenate([[0], np.cumsum([len(each) for each in near])]).astype(np.int64)
        _sum(
            spots, centres, extent, strength, tables, kind, _joined(near), offsets, first, reach, start, step,
            felt,
        )  # fmt: skip
    return felt


def _joined(lists: Sequence[Sequence[int]]) -> Whole:
    return np.concatenate([np.asarray(each, np.int64) for each in lists])


def worsened(
    fluid_min: ArrayLike, fluid_max: ArrayLike, rise: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Limits of the mean fluid drawn closer by what neighbours do; what helps is not counted.

    Parameters
    ----------
    fluid_min, fluid_max : array_like, (fields,)
        Limits. [°C]
    rise : array_like, (fields,)
        From `shifts`. [K]

    Returns
    -------
    fluid_min, fluid_max : ndarray, (fields,)
        Limits for a field reckoned as if it were alone. [°C]
    """
    shift = np.asarray(rise, float)
    return np.asarray(fluid_min - np.minimum(shift, 0.0)), np.asarray(fluid_max - np.maximum(shift, 0.0))


@kernel
def _tabulate(kinds: Numbers, distances: Numbers, tables: Numbers) -> None:
    for i in range(kinds.shape[0]):
        length, head, reach = kinds[i]
        for j in range(distances.size):
            tables[i, j] = line_source(distances[j], length, head, reach, PANELS)


@kernel
def _looked_up(table: Numbers, place: float) -> float:
    """A table between its nodes, by a cubic through four of them."""
    first = min(max(int(place) - 1, 0), table.size - 4)
    x = place - first
    a, b, c = x - 1.0, x - 2.0, x - 3.0
    return float(
        -a * b * c * table[first] / 6.0
        + x * b * c * table[first + 1] / 2.0
        - x * a * c * table[first + 2] / 2.0
        + x * a * b * table[first + 3] / 6.0
    )


@kernel
def _sum(
    spots: Numbers, centres: Numbers, extent: Numbers, strength: Numbers, tables: Numbers, kind: Whole,
    near: Whole, offsets: Whole, first: int, reach: float, start: float, step: float, felt: Numbers,
) -> None:  # fmt: skip
    """Add what the fields near each of some fields do, averaged over its points."""
    count = spots.shape[1]
    for row in range(offsets.size - 1):
        i = first + row
        for f in near[offsets[row] : offsets[row + 1]]:
            apart = np.hypot(centres[i, 0] - centres[f, 0], centres[i, 1] - centres[f, 1])
            if f == i or apart > reach + extent[i] + extent[f]:
                continue
            total = 0.0
            for a in range(count):
                for b in range(count):
                    distance = np.hypot(spots[i, a, 0] - spots[f, b, 0], spots[i, a, 1] - spots[f, b, 1])
                    if distance < reach:
                        place = (np.log(max(distance, NEAREST_M)) - start) / step
                        total += _looked_up(tables[kind[f]], place)
            felt[i] += strength[f] * total / (count * count)
