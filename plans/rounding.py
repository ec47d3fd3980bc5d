"""Rounding that adds up: whole steps shared by weight among areas and years, so that parts are always the whole."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Counts = NDArray[np.int64]
NEAR = 1e-9


def whole_steps(value: float, step: float, *, upwards: bool = True) -> int:
    """How many steps a value is; what lies between two goes up, or down for a cap."""
    count = value / step
    near = round(count)
    if abs(count - near) <= NEAR * max(1.0, abs(count)):
        return near
    return int(np.ceil(count)) if upwards else int(np.floor(count))


def shared(total: int, weight: ArrayLike) -> Counts:
    """A whole number of steps shared by weight, by the largest remainder; of equal ones the first.

    Parameters
    ----------
    total : int
        Steps to be shared, none below 0.
    weight : array_like, (n,)
        None below 0, their sum above 0.

    Returns
    -------
    ndarray of int64, (n,)
        Steps of each; they add up to `total` exactly, and each is less than one step from its share.

    Raises
    ------
    ValueError
        Weights are below 0 or all 0.
    """
    weights = np.asarray(weight, dtype=np.float64)
    if (weights < 0).any() or not weights.sum() > 0:
        raise ValueError("weights must be 0 or more, and one of them above 0")
    return _filled(np.zeros(len(weights), dtype=np.int64), total * (weights / weights.sum()), total)


def shared_in_years(totals: ArrayLike, steps: ArrayLike) -> Counts:
    """What every area has reached by each year, so that areas add up in each year and never fall.

    Parameters
    ----------
    totals : array_like of int, (areas,)
        Steps of each area at the end.
    steps : array_like of int, (years,)
        What all areas together have reached by each year; rising, the last is the sum of `totals`.

    Returns
    -------
    ndarray of int64, (areas, years)
        Sums over areas are `steps`; the last year is `totals`.

    Raises
    ------
    ValueError
        The last year is not the sum of the areas, or the years fall.
    """
    ends, reached = np.asarray(totals, dtype=np.int64), np.asarray(steps, dtype=np.int64)
    if reached[-1] != ends.sum() or (np.diff(reached) < 0).any():
        raise ValueError("years must rise to the sum of the areas")
    found = np.zeros((len(ends), len(reached)), dtype=np.int64)
    before = np.zeros(len(ends), dtype=np.int64)
    for year, sum_ in enumerate(reached):
        part = float(sum_) / float(reached[-1]) if reached[-1] else 0.0
        ideal = np.asarray(ends * part, dtype=np.float64)
        before = ends if year == len(reached) - 1 else _filled(before, ideal, int(sum_))
        found[:, year] = before
    return found


def _filled(least: Counts, ideal: NDArray[np.float64], total: int) -> Counts:
    """Whole numbers from `least` up, as near to `ideal` as may be, that add up to `total`."""
    floor = np.maximum(least, np.floor(ideal + NEAR).astype(np.int64))
    found = floor if floor.sum() <= total else least.copy()
    while (left := total - int(found.sum())) > 0:
        order = np.argsort(-(ideal - found), kind="stable")[: min(left, len(found))]
        found[order] += 1
    return found
