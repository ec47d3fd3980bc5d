"""Kernels of the allocation: passes over the options of some parcels, all sums in double precision."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.compiled import kernel

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Gains = NDArray[Any]
Marks = NDArray[np.uint16]

FARTHEST = 40.0  # exp(-40) adds nothing to a sum in double precision
MOST = 64  # options of a parcel for which room is made beforehand


@kernel
def soft_pass(
    start: Places, cost: Floats, tilt: Gains, lean: float, first: Places, account: Marks, gain: Gains,
    price: Floats, softness: float, low: int, high: int, found: Floats,
) -> None:  # fmt: skip
    """Soft minimum of the reduced costs of parcels `low` to `high`, and what accounts get at its weights.

    Parameters
    ----------
    start, cost, tilt, lean, first, account, gain
        The options, as in `Table`; `lean` is 1 where ties are to be broken, else 0.
    price : ndarray, shape (accounts,)
        With its sign: what a unit of the account earns the parcel. [yuan per unit]
    softness : float
        Above 0. [yuan]
    found : ndarray, shape (accounts + 2,)
        Filled: sums of the accounts, sum of costs, sum of the soft minima.
    """
    accounts = price.size
    reduced = np.empty(MOST)
    found[:] = 0.0
    for parcel in range(low, high):
        begin, end = start[parcel], start[parcel + 1]
        count = end - begin
        if count > reduced.size:
            reduced = np.empty(count)
        least = np.inf
        for option in range(begin, end):
            value = cost[option] + lean * tilt[option]
            for place in range(first[option], first[option + 1]):
                value -= price[account[place]] * gain[place]
            reduced[option - begin] = value
            least = min(least, value)
        total = 0.0
        for k in range(count):
            away = (reduced[k] - least) / softness
            weight = np.exp(-away) if away < FARTHEST else 0.0
            reduced[k] = weight
            total += weight
        found[accounts + 1] += least - softness * np.log(total)
        for k in range(count):
            if reduced[k] > 0.0:
                weight = reduced[k] / total
                option = begin + k
                found[accounts] += weight * cost[option]
                for place in range(first[option], first[option + 1]):
                    found[account[place]] += weight * gain[place]


@kernel
def curvature_pass(
    start: Places, cost: Floats, tilt: Gains, first: Places, account: Marks, gain: Gains, price: Floats,
    softness: float, low: int, high: int, found: Floats,
) -> None:  # fmt: skip
    """By how much the sums of the accounts of parcels `low` to `high` rise with each price.

    Filled: `found`, shape (accounts, accounts), symmetric: the covariance of gains at the weights of the soft minimum,
    over the softness. [unit² per yuan]
    """
    accounts = price.size
    found[:] = 0.0
    weights, mean = np.empty(MOST), np.zeros(accounts)
    touched, seen = np.empty(accounts, np.int64), np.zeros(accounts, np.bool_)
    for parcel in range(low, high):
        begin, end = start[parcel], start[parcel + 1]
        count = end - begin
        if count > weights.size:
            weights = np.empty(count)
        least = np.inf
        for option in range(begin, end):
            value = cost[option] + tilt[option]
            for place in range(first[option], first[option + 1]):
                value -= price[account[place]] * gain[place]
            weights[option - begin] = value
            least = min(least, value)
        total = 0.0
        for k in range(count):
            away = (weights[k] - least) / softness
            weights[k] = np.exp(-away) if away < FARTHEST else 0.0
            total += weights[k]
        if total == 1.0:
            continue
        known = 0
        for k in range(count):
            weight = weights[k] / total
            if weight == 0.0:
                continue
            option = begin + k
            for place in range(first[option], first[option + 1]):
                which = account[place]
                if not seen[which]:
                    seen[which] = True
                    touched[known] = which
                    known += 1
                mean[which] += weight * gain[place]
                for other in range(first[option], first[option + 1]):
                    found[which, account[other]] += weight * gain[place] * gain[other] / softness
        for one in touched[:known]:
            for other in touched[:known]:
                found[one, other] -= mean[one] * mean[other] / softness
        for one in touched[:known]:
            mean[one] = 0.0
            seen[one] = False


@kernel
def hard_pass(
    start: Places, cost: Floats, tilt: Gains, lean: float, first: Places, account: Marks, gain: Gains,
    price: Floats, low: int, high: int, chosen: Places, found: Floats,
) -> None:  # fmt: skip
    """The option of least reduced cost of parcels `low` to `high`; sums as of `soft_pass`, without softness."""
    accounts = price.size
    found[:] = 0.0
    for parcel in range(low, high):
        least, best = np.inf, start[parcel]
        for option in range(start[parcel], start[parcel + 1]):
            value = cost[option] + lean * tilt[option]
            for place in range(first[option], first[option + 1]):
                value -= price[account[place]] * gain[place]
            if value < least:
                least, best = value, option
        chosen[parcel] = best
        found[accounts + 1] += least
        found[accounts] += cost[best]
        for place in range(first[best], first[best + 1]):
            found[account[place]] += gain[place]


@kernel
def sums_of(
    cost: Floats,
    first: Places,
    account: Marks,
    gain: Gains,
    low: int,
    high: int,
    chosen: Places,
    found: Floats,
) -> None:
    """Sums of the accounts and of costs over the chosen options of parcels `low` to `high`."""
    accounts = found.size - 2
    found[:] = 0.0
    for parcel in range(low, high):
        option = chosen[parcel]
        found[accounts] += cost[option]
        for place in range(first[option], first[option + 1]):
            found[account[place]] += gain[place]


@kernel
def reach_of(
    start: Places,
    first: Places,
    account: Marks,
    gain: Gains,
    low: int,
    high: int,
    least: Floats,
    most: Floats,
) -> None:
    """The least and the most that parcels `low` to `high` could give to every account alone."""
    accounts = least.size
    least[:] = 0.0
    most[:] = 0.0
    lowest, highest = np.zeros(accounts), np.zeros(accounts)
    seen = np.zeros(accounts, np.int64)
    for parcel in range(low, high):
        begin, end = start[parcel], start[parcel + 1]
        for place in range(first[begin], first[end]):
            which = account[place]
            if seen[which] == 0:
                lowest[which], highest[which] = gain[place], gain[place]
            lowest[which] = min(lowest[which], gain[place])
            highest[which] = max(highest[which], gain[place])
            seen[which] += 1
        for place in range(first[begin], first[end]):
            which = account[place]
            if seen[which] > 0:
                if seen[which] < end - begin:  # some option gives nothing
                    lowest[which], highest[which] = min(lowest[which], 0.0), max(highest[which], 0.0)
                least[which] += lowest[which]
                most[which] += highest[which]
                seen[which] = 0
