"""Prices of the accounts: the dual of the allocation, smoothed and raised step by step until the smoothing is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from plans.allocation.choices import Account, Floats
from plans.allocation.table import Passes

SOFTNESS = (0.3, 0.05, 0.01, 0.002, 0.0005)  # of the mean cost
MOST_STEPS = 60  # of each softness
FLATTEST = 1e-5  # share of a value by which soft sums may miss it
STEEPEST = 1e-10  # relative rise of the dual below which it is no longer followed
REMEMBERED = 12  # steps of which the curvature is made
LEAST_SHARE = 1e-6  # of what could be summed up; a value below it is no measure of its account


@dataclass(frozen=True)
class Goals:
    """The accounts as arrays.

    Parameters
    ----------
    sign, value, ceiling, scale : ndarray, shape (accounts,)
        +1 or -1; the value; the highest price; the size by which sums of the account are measured.
    rank : ndarray of int64, shape (accounts,)
    """

    sign: Floats
    value: Floats
    ceiling: Floats
    scale: Floats
    rank: Floats

    def short(self, sums: Floats) -> Floats:
        """What is missing to each value, or stands above a cap; below 0 where there is room."""
        return np.asarray(self.sign * (self.value - sums))

    def moved(self, value: Floats) -> Goals:
        """The same with other values."""
        return replace(self, value=value)


def goals_of(accounts: Sequence[Account], least: Floats, most: Floats) -> Goals:
    """The accounts as arrays, each measured by its value, or where that is next to nothing by what it could sum up to."""
    value = np.array([account.value for account in accounts], dtype=float)
    largest = np.maximum(np.abs(least), np.abs(most))
    scale = np.where(np.abs(value) > LEAST_SHARE * largest, np.abs(value), largest)
    return Goals(
        np.array([account.sign for account in accounts]),
        value,
        np.array([account.price_ceiling for account in accounts], dtype=float),
        np.where(scale > 0, scale, 1.0),
        np.array([account.rank for account in accounts], dtype=float),
    )


def raised(passes: Passes, goals: Goals, price: Floats, softness: float) -> Floats:
    """Prices at which the smoothed dual is highest [1]_.

    Parameters
    ----------
    passes : Passes
        Over the options.
    goals : Goals
        The accounts.
    price : ndarray, shape (accounts,)
        Where to start. [yuan per unit]
    softness : float
        Of the minimum, as a share of the mean cost.

    Returns
    -------
    ndarray, shape (accounts,)
        Between 0 and the ceilings. [yuan per unit]

    Notes
    -----
    Costs are measured by their mean and accounts by their scale, so that prices are some ones and slopes are shares.

    References
    ----------
    .. [1] Y. Nesterov, "Smooth minimization of non-smooth functions," Math. Programming 103, 127-152, 2005.
    """
    table = passes.table
    whole = table.mean_cost * len(table)
    unit = whole / goals.scale  # yuan per unit of the account, of a price of one

    def fallen(scaled: Floats) -> tuple[float, Floats]:
        value, _, used = passes.soft(goals.sign * scaled * unit, softness * table.mean_cost)
        slope = goals.short(used) / goals.scale
        return -float(scaled @ (goals.sign * goals.value / goals.scale)) - value / whole, -slope

    if not len(price):
        return price
    solved = minimize(
        fallen,
        np.clip(price, 0.0, goals.ceiling) / unit,
        jac=True,
        method="L-BFGS-B",
        bounds=[(0.0, top) for top in goals.ceiling / unit],
        options={"maxiter": MOST_STEPS, "maxcor": REMEMBERED, "ftol": STEEPEST, "gtol": FLATTEST},
    )
    return np.asarray(np.minimum(solved.x * unit, goals.ceiling))


def bound_of(passes: Passes, goals: Goals, price: Floats) -> float:
    """A cost below which no choices meet the goals: the dual at some prices, without softness.

    Parameters
    ----------
    passes : Passes
        Over the options.
    goals : Goals
        With the values that are to be met.
    price : ndarray, shape (accounts,)
        Any, not below 0. [yuan per unit]
    """
    value, _, _, _ = passes.hard(goals.sign * price, ties=False)
    return value + float(price @ (goals.sign * goals.value))
