"""Breaks: where classes of numbers begin, by each method of classing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cartography.natural_breaks import natural_breaks
from core.problems import Problem, UserError
from core.units import figure

METHODS = ("quantile", "natural_breaks", "equal", "deviation", "pretty", "manual")
SAMPLE = 20_000  # values beyond which natural breaks are found on a sample
SEED = 20260101
ROUND_STEPS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)  # times a power of ten

Numbers = NDArray[np.float64]


def inner_breaks(numbers: Numbers, method: str, count: int) -> tuple[Numbers, tuple[int, ...]]:
    """Borders between classes, and on how many of how many values they were found; empty if on all.

    Borders are rounded to three significant figures where that keeps them apart, so that a border is what the
    legend says.

    Parameters
    ----------
    numbers : ndarray
        Finite values that are not all equal.
    method : str
        One of `METHODS` but `manual`. `deviation` steps by the standard deviation about the mean, `pretty` by 1, 2
        or 5 times a power of ten.
    count : int
        Most classes.
    """
    low, high = float(numbers.min()), float(numbers.max())
    sampled: tuple[int, ...] = ()
    if method == "pretty":
        return _pretty(low, high, count), sampled
    if method == "quantile":
        inner = np.quantile(numbers, np.linspace(0, 1, count + 1)[1:-1])
    elif method == "equal":
        inner = np.linspace(low, high, count + 1)[1:-1]
    elif method == "deviation":
        inner = numbers.mean() + (np.arange(count - 1) - (count - 2) / 2) * numbers.std()
    elif method == "natural_breaks":
        if numbers.size > SAMPLE:
            sampled = (SAMPLE, numbers.size)
            numbers = np.random.default_rng(SEED).choice(numbers, SAMPLE, replace=False)
        inner = _natural(numbers, count)
    else:
        raise ValueError(f"no such method of classing: {method!r}; there are {', '.join(METHODS)}")
    inner = np.unique(_rounded(inner))
    return inner[(inner > low) & (inner < high)], sampled


def manual_breaks(breaks: Sequence[float]) -> Numbers:
    """Borders as they were given; UserError where they do not ascend."""
    inner = np.asarray(breaks, dtype=np.float64)
    if not np.isfinite(inner).all() or (np.diff(inner) <= 0).any():
        raise UserError(
            Problem(
                "The borders of the classes do not ascend: {breaks}.",
                "Give each border once, from the lowest to the highest.",
                breaks="; ".join(figure(float(border)) for border in inner),
            )
        )
    return inner


def _pretty(low: float, high: float, count: int) -> Numbers:
    """Multiples of the smallest round step that gives no more classes than wanted."""
    power = 10.0 ** np.floor(np.log10((high - low) / count))
    for step in power * np.array(ROUND_STEPS):
        inner = np.arange(np.floor(low / step) + 1, np.ceil(high / step)) * step
        if inner.size < count:
            break
    return np.array([float(f"{border:.12g}") for border in inner])


def _natural(numbers: Numbers, count: int) -> Numbers:
    """Inner borders of natural breaks (Fisher and Jenks)."""
    distinct = np.unique(numbers)
    if distinct.size <= count:
        return distinct[:-1]
    return natural_breaks(numbers, count)


def _rounded(inner: Numbers) -> Numbers:
    """Borders to three significant figures, unless two of them would fall together."""
    rounded = np.array([float(f"{border:.3g}") for border in inner])
    return rounded if np.unique(rounded).size == np.unique(inner).size else inner
