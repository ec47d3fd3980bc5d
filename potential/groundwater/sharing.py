"""Sharing of an aquifer: parcels along a flow line may together use no more groundwater than flows through."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from core.compiled import kernel
from core.jobs import Job
from layers.city import Raster

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

PROPORTIONAL, UPSTREAM_FIRST, LARGEST_FIRST = "proportional", "upstream_first", "largest_first"
# What is said of the order in which parcels get their water.
ORDERS = {
    PROPORTIONAL: "Parcels along a flow tube share its water in proportion to what they could use, so that none upstream "
    "takes it from those downstream.",
    UPSTREAM_FIRST: "Parcels upstream get the water of their flow tube first; those downstream get the rest.",
    LARGEST_FIRST: "Parcels that could use most get the water of their flow tube first; the others get the rest.",
}
PASSES = 4
FULL = 1e-9
ACROSS = 11  # places across a flow tube at which its width is looked for
STEPS = 4  # of a flow line in one width of a tube
MOST_STEPS = 20_000


@dataclass(frozen=True)
class Tubes:
    """Flow tubes: strips of aquifer along flow lines, none over another.

    Parameters
    ----------
    tube : ndarray of int, (parcels,)
        Of each parcel; -1 where the flow is not known.
    along : ndarray, (parcels,)
        Place of the parcel along its tube, growing downstream.
    width : ndarray, (parcels,)
        Of the tube where the parcel is. [m]
    order : ndarray of int
        Parcels with a tube, tube by tube and each from upstream to downstream.
    first : ndarray of int, (tubes + 1,)
        Where each tube begins in `order`.
    """

    tube: Counts
    along: Floats
    width: Floats
    order: Counts
    first: Counts

    def __len__(self) -> int:
        return len(self.first) - 1


def flow_tubes(
    x: Floats, y: Floats, able: NDArray[np.bool_], flow_deg: Raster | None, width: float, job: Job
) -> Tubes:
    """Flow tubes through all parcels.

    From the first parcel that has none yet a flow line is followed up and down the raster; all parcels within half a
    width of it that have none yet share its tube. Where lines run closer than a width, each place belongs to the
    nearest: so the tubes together are never wider than the aquifer.

    Parameters
    ----------
    x, y : ndarray, (parcels,)
        Middles. [m]
    able : ndarray of bool, (parcels,)
        Whether a parcel takes part.
    flow_deg : Raster, optional
        Azimuth the groundwater flows to; without it there are no tubes. [°]
    width : float
        Of the tubes. [m]
    job : Job
        Reports progress and stops when asked.
    """
    count = len(x)
    tube, along, effective = np.full(count, -1, dtype=np.int64), np.zeros(count), np.zeros(count)
    points = np.column_stack([x, y])
    taking = np.flatnonzero(able) if flow_deg is not None else np.empty(0, dtype=np.int64)
    tree = cKDTree(points[taking]) if len(taking) else None
    lines: list[Floats] = []
    for parcel in job.each(taking.tolist(), "Following the groundwater"):
        if tree is None or flow_deg is None or tube[parcel] >= 0:
            continue
        line = flow_line(points[parcel], flow_deg, width / STEPS)
        found = tree.query_ball_point(line, width / 2)
        near = np.unique(np.concatenate([np.array(one, dtype=np.int64) for one in found]))
        mine = taking[near][tube[taking[near]] < 0]
        tube[mine] = len(lines)
        tube[parcel] = len(lines)
        _, place = cKDTree(line).query(points[tube == len(lines)])
        along[tube == len(lines)] = place
        lines.append(line)
    if lines:
        effective[taking] = _widths(tube[taking], along[taking].astype(np.int64), lines, width)
    order = taking[np.lexsort((taking, along[taking], tube[taking]))]
    first = np.searchsorted(tube[order], np.arange(len(lines) + 1))
    return Tubes(tube, along, effective, order, first)


def flow_line(seed: Floats, flow_deg: Raster, step: float) -> Floats:
    """Points of the flow line through a place, from upstream to downstream, shape (points, 2). [m]

    It ends at the edge of the raster, where the direction is not known, and where flow from two sides meets.
    """
    inverse = ~flow_deg.transform
    matrix = np.array([inverse.a, inverse.b, inverse.c, inverse.d, inverse.e, inverse.f])
    values = np.ascontiguousarray(flow_deg.values)
    rows, columns = values.shape
    most = min(int(4 * (rows + columns) * abs(flow_deg.transform.a) / step) + 2, MOST_STEPS)
    parts = [_followed(seed[0], seed[1], values, matrix, step * sign, most) for sign in (-1.0, 1.0)]
    return np.concatenate([parts[0][::-1], seed[None, :], parts[1]])


def shared_flow(wanted: Floats, through: Floats, tubes: Tubes, rule: str) -> Floats:
    """Mean flow that every parcel may use.

    At each parcel all that it and the parcels upstream in its tube use is no more than what flows through the tube
    there: so their plumes, side by side, fit into the tube.

    Parameters
    ----------
    wanted : ndarray, (parcels,)
        Mean flow of the year that wells, heat and need allow. [m³/s]
    through : ndarray, (parcels,)
        Flow of the groundwater through a metre across it. [m²/s]
    tubes : Tubes
        Of the parcels.
    rule : str
        Order: `PROPORTIONAL`, `UPSTREAM_FIRST` or `LARGEST_FIRST`.

    Returns
    -------
    ndarray, shape (parcels,)
        [m³/s]; zero outside tubes.
    """
    out = np.zeros(len(wanted))
    if not len(tubes.order):
        return out
    want = np.ascontiguousarray(np.nan_to_num(wanted[tubes.order]), dtype=np.float64)
    supply = np.nan_to_num(through[tubes.order] * tubes.width[tubes.order])
    given = np.zeros_like(want)
    if rule == PROPORTIONAL:
        _proportional(want, supply, tubes.first, given)
    else:
        _one_by_one(want, supply, tubes.first, rule == LARGEST_FIRST, given)
    out[tubes.order] = given
    return out


def _widths(tube: Counts, along: Counts, lines: list[Floats], width: float) -> Floats:
    """Width of each parcel's tube where it is: that part of the full width that is nearest to its own line."""
    lengths = np.array([len(line) for line in lines])
    points, owner = np.concatenate(lines), np.repeat(np.arange(len(lines)), lengths)
    first = np.cumsum(lengths) - lengths
    here = first[tube] + along
    ahead = first[tube] + np.minimum(along + 1, lengths[tube] - 1)
    behind = first[tube] + np.maximum(along - 1, 0)
    direction = points[ahead] - points[behind]
    length = np.maximum(np.hypot(direction[:, 0], direction[:, 1]), 1e-9)
    aside = np.column_stack([direction[:, 1], -direction[:, 0]]) / length[:, None]
    steps = (np.arange(ACROSS) + 0.5) / ACROSS - 0.5
    places = points[here][:, None, :] + width * steps[None, :, None] * aside[:, None, :]
    _, nearest = cKDTree(points).query(places.reshape(-1, 2))
    own = owner[nearest].reshape(-1, ACROSS) == tube[:, None]
    found: Floats = width * own.mean(axis=1)
    return found


@kernel
def _followed(
    x: float, y: float, values: NDArray[np.float32], matrix: Floats, step: float, most: int
) -> Floats:
    found = np.empty((most, 2))
    rows, columns = values.shape
    before_east, before_north = 0.0, 0.0
    for number in range(most):
        column = int(np.floor(matrix[0] * x + matrix[1] * y + matrix[2]))
        row = int(np.floor(matrix[3] * x + matrix[4] * y + matrix[5]))
        if row < 0 or row >= rows or column < 0 or column >= columns or np.isnan(values[row, column]):
            return found[:number]
        turn = values[row, column] * np.pi / 180
        east, north = np.sin(turn), np.cos(turn)
        if number > 0 and east * before_east + north * before_north < 0:
            return found[:number]
        before_east, before_north = east, north
        x += step * east
        y += step * north
        found[number, 0], found[number, 1] = x, y
    return found


@kernel
def _proportional(want: Floats, supply: Floats, first: Counts, given: Floats) -> None:
    for tube in range(len(first) - 1):
        a, b = first[tube], first[tube + 1]
        open_still = np.ones(b - a, np.bool_)  # those that no full place downstream holds
        share = np.ones(b - a)
        for _ in range(b - a + PASSES):
            used, asked = 0.0, 0.0
            for one in range(a, b):
                used += given[one]
                if open_still[one - a]:
                    asked += want[one] - given[one]
                left = max(supply[one] - used, 0.0)
                share[one - a] = min(1.0, left / asked) if asked > 0 else 1.0
                if left <= FULL * supply[one]:
                    share[one - a] = 0.0
            least, changed = 1.0, False
            for one in range(b - 1, a - 1, -1):
                least = min(least, share[one - a])
                if open_still[one - a] and least > 0:
                    given[one] += least * (want[one] - given[one])
                    changed = True
                if least <= 0 or given[one] >= want[one] * (1 - FULL):
                    open_still[one - a] = False
            if not changed:
                break


@kernel
def _one_by_one(want: Floats, supply: Floats, first: Counts, by_size: bool, given: Floats) -> None:
    for tube in range(len(first) - 1):
        a, b = first[tube], first[tube + 1]
        order = np.argsort(-want[a:b], kind="mergesort") if by_size else np.arange(b - a)
        left = np.empty(b - a)
        for one in range(b - a):
            left[one] = max(supply[a + one], 0.0)
        for one in order:
            room = left[one]
            for other in range(one, b - a):
                room = min(room, left[other])
            given[a + one] = min(want[a + one], room)
            for other in range(one, b - a):
                left[other] -= given[a + one]
