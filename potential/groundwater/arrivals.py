"""Arrival of returned water and heat at production wells over the years, from a table of tracked stream tubes."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from core.compiled import kernel
from potential.groundwater.doublet import arrival_along, returned
from potential.groundwater.tracking import TABLE

Floats = NDArray[np.float64]


class Arrivals(NamedTuple):
    """The table of `tracking`: when parts of the water that returns have arrived.

    Parameters
    ----------
    angles, shares, parts : ndarray
        Axes: angle of injection to the flow [°], share that returns in the end, part of that share.
    times : ndarray, (angles, shares, parts)
        Logarithm of the time over that of the first arrival at rest.
    """

    angles: Floats
    shares: Floats
    parts: Floats
    times: Floats


@cache
def arrivals() -> Arrivals:
    """The table that comes with the program."""
    frame = pd.read_csv(TABLE)
    names = [str(name) for name in frame if str(name).startswith("part_")]
    angles, shares = np.unique(frame["angle_deg"]).astype(float), np.unique(frame["share"])
    times = np.log(frame.sort_values(["angle_deg", "share"])[names].to_numpy(dtype=float))
    parts = np.array([int(name.removeprefix("part_")) / 100 for name in names])
    return Arrivals(angles, shares, parts, times.reshape(len(angles), len(shares), len(parts)))


def returned_by(beta: ArrayLike, angle: ArrayLike, time: ArrayLike) -> Floats:
    """Share of a doublet's production that is returned water after some time.

    Parameters
    ----------
    beta : array_like
        Flow over critical flow. [-]
    angle : array_like
        Between the flow of the groundwater and the line from the production to the injection well, 0 to 165. [°]
    time : array_like
        Since the start, over the first arrival at rest (`arrival_at_rest`); for heat, over that of heat. [-]

    Returns
    -------
    ndarray
        From 0 to `returned_share`. Pure transport along stream tubes: conduction and dispersion smear the arrival
        and lower the share by some percentage points in the first year.

    Raises
    ------
    ValueError
        For angles beyond the table: nobody injects right upstream.
    """
    flow, turn, when = np.broadcast_arrays(*(np.asarray(one, dtype=float) for one in (beta, angle, time)))
    known = arrivals()
    if np.nanmax(np.abs(turn), initial=0.0) > known.angles[-1]:
        raise ValueError(f"angles of injection beyond {known.angles[-1]:g}° are not in the table")
    out = np.empty(flow.size)
    _returned_by(
        np.ascontiguousarray(flow).ravel(),
        np.ascontiguousarray(np.abs(turn)).ravel(),
        np.ascontiguousarray(when).ravel(),
        known,
        out,
    )
    return out.reshape(flow.shape)


def first_arrival(beta: ArrayLike, angle: ArrayLike) -> Floats:
    """Time of the first returned water over that at rest, for any angle; infinite where none returns.

    Parameters
    ----------
    beta, angle : array_like
        As in `returned_by`, but up to 180°: from the last angle of the table on straight to injection right upstream.
    """
    flow, turn = np.broadcast_arrays(np.asarray(beta, dtype=float), np.abs(np.asarray(angle, dtype=float)))
    known, last = arrivals(), arrivals().angles[-1]
    out = np.empty(flow.size)
    _first(
        np.ascontiguousarray(flow).ravel(), np.ascontiguousarray(np.minimum(turn, last)).ravel(), known, out
    )
    time: Floats = out.reshape(flow.shape)
    drift = 2 / (np.pi * np.where(np.isfinite(flow), flow, np.nan))
    against = np.nan_to_num(arrival_along(1.0, 1.0, 1.0, 1.0, drift, upstream=True) * 3 / np.pi, posinf=1.0)
    part = np.clip((turn - last) / (180.0 - last), 0.0, 1.0)
    with np.errstate(invalid="ignore"):
        beyond = np.where(np.isfinite(time), (1 - part) * time + part * against, against)
    found: Floats = np.where(part > 0, beyond, time)
    return found


def produced_shift(returned_shares: Floats, shift: ArrayLike) -> Floats:
    """Shift of the produced temperature where the plant changes the water by the same number of kelvin all the time.

    What comes back was already shifted, and is shifted again.

    Parameters
    ----------
    returned_shares : ndarray, (..., steps)
        Share of the production that is returned water, at the end of each step of time.
    shift : array_like, (...)
        Of the plant. [K]

    Returns
    -------
    ndarray, shape (..., steps)
        [K]. In the end `shift f/(1-f)`, without bound where all water returns.
    """
    shares = np.maximum.accumulate(np.asarray(returned_shares, dtype=float), axis=-1)
    gained = np.diff(shares, axis=-1, prepend=0.0)
    plant = np.broadcast_to(np.asarray(shift, dtype=float), shares.shape[:-1])
    out = np.zeros_like(shares)
    for step in range(shares.shape[-1]):
        before = sum(gained[..., back] * out[..., step - back] for back in range(1, step + 1))
        rest = np.maximum(1 - gained[..., 0], 1e-6)  # what returns within the step itself
        out[..., step] = (shares[..., step] * plant + before) / rest
    return out


@kernel
def share_at(beta: float, angle: float, time: float, known: Arrivals) -> float:
    """Share of returned water after some time, of one doublet; see `returned_by`."""
    final = returned(beta, angle)
    if np.isnan(final) or np.isnan(time):
        return np.nan
    if final <= 0 or time <= 0:
        return 0.0
    turn, weight = _place(known.angles, angle)
    row, along = _place_of_share(known.shares, final)
    when = np.log(time)
    last = len(known.parts) - 1
    if when < _logarithm(known, turn, weight, row, along, 0):
        return 0.0
    latest = _logarithm(known, turn, weight, row, along, last)
    if when >= latest:
        late: float = final * (1 - (1 - known.parts[last]) * np.exp(latest - when))
        return late
    low, high = 0, last
    while high - low > 1:
        middle = (low + high) // 2
        if when < _logarithm(known, turn, weight, row, along, middle):
            high = middle
        else:
            low = middle
    before = _logarithm(known, turn, weight, row, along, low)
    after = _logarithm(known, turn, weight, row, along, high)
    part = known.parts[low] + (known.parts[high] - known.parts[low]) * (when - before) / (after - before)
    found: float = final * part
    return found


@kernel
def _logarithm(known: Arrivals, turn: int, weight: float, row: int, along: float, part: int) -> float:
    """Logarithm of the time of a part, between four nodes of the table."""
    times = known.times
    here = (1 - along) * times[turn, row, part] + along * times[turn, row + 1, part]
    there = (1 - along) * times[turn + 1, row, part] + along * times[turn + 1, row + 1, part]
    found: float = (1 - weight) * here + weight * there
    return found


@kernel
def _place(nodes: Floats, value: float) -> tuple[int, float]:
    one = min(max(int(np.searchsorted(nodes, value, side="right")) - 1, 0), len(nodes) - 2)
    return one, min(max((value - nodes[one]) / (nodes[one + 1] - nodes[one]), 0.0), 1.0)


@kernel
def _place_of_share(nodes: Floats, share: float) -> tuple[int, float]:
    """As `_place`, by the logarithm where few return, for then the first to return are late."""
    one = min(max(int(np.searchsorted(nodes, share, side="right")) - 1, 0), len(nodes) - 2)
    if share >= 0.5:
        return one, (share - nodes[one]) / (nodes[one + 1] - nodes[one])
    return one, max(np.log(share / nodes[one]) / np.log(nodes[one + 1] / nodes[one]), 0.0)


@kernel
def _returned_by(beta: Floats, angle: Floats, time: Floats, known: Arrivals, out: Floats) -> None:
    for one in range(len(out)):
        out[one] = share_at(beta[one], angle[one], time[one], known)


@kernel
def _first(beta: Floats, angle: Floats, known: Arrivals, out: Floats) -> None:
    for one in range(len(out)):
        final = returned(beta[one], angle[one])
        if not final > 0:
            out[one] = np.inf if final == 0 else np.nan
            continue
        turn, weight = _place(known.angles, angle[one])
        row, along = _place_of_share(known.shares, final)
        out[one] = np.exp(_logarithm(known, turn, weight, row, along, 0))
