"""Prices of the accounts: the dual of the allocation, smoothed and raised step by step until the smoothing is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from plans.allocation.choices import Account, Floats
from plans.allocation.table import Passes

SOFTNESS = (0.3, 0.05, 0.01, 0.002, 0.0005)  # of the mean cost
MOST_STEPS = 60  # of each softness
FLATTEST = 1e-5  # share of a value by which soft sums may miss it
STEEPEST = 1e-8  # foreseen rise of the dual, as a share of it, below which it is no longer followed
TRUSTED = 0.1  # share of the foreseen rise that a step must bring
CAREFUL = 1e-3  # of the largest curvature or slope, added where the foreseen rise does not come
STIFFEST = 1e-9  # of the largest curvature, which every account has at least
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
    """Prices at which the smoothed dual [1]_ is highest.

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
    Newton's method: at every step the dual is taken as a parabola, whose top between 0 and the ceilings is found
    exactly; where the foreseen rise does not come, the parabola is bent more (Levenberg). Costs are measured by their
    mean and accounts by their scale, so that prices are some ones and slopes are shares. Steps along slopes alone
    (L-BFGS) end far below the top where targets and budgets hardly leave room.

    References
    ----------
    .. [1] Y. Nesterov, "Smooth minimization of non-smooth functions," Math. Programming 103, 127-152, 2005.
    """
    soft = softness * passes.table.mean_cost
    unit = unit_of(passes, goals)
    top = goals.ceiling / unit
    at = np.minimum(price / unit, top)
    height, slope = _slope(passes, goals, at, soft)
    bent, care = curvature_of(passes, goals, at * unit, soft), 0.0
    for _ in range(MOST_STEPS if len(price) else 0):
        free = np.where(at <= 0.0, np.maximum(slope, 0.0), np.where(at >= top, np.minimum(slope, 0.0), slope))
        steepest = float(np.abs(free).max())
        if steepest <= FLATTEST:
            break
        step = top_of(slope, bent + care * np.eye(len(at)), -at, top - at)
        foreseen = float(slope @ step - step @ bent @ step / 2)
        new = np.clip(at + step, 0.0, top)
        there, tilted = _slope(passes, goals, new, soft)
        careful = CAREFUL * max(float(np.diag(bent).max()), steepest)
        trusted = there - height >= TRUSTED * foreseen
        care = (care / 4.0 if care > careful else 0.0) if trusted else max(4.0 * care, careful)
        if there > height:
            done = there - height <= STEEPEST * abs(height)
            at, height, slope = new, there, tilted
            if done:
                break
            bent = curvature_of(passes, goals, at * unit, soft)
        elif foreseen <= STEEPEST * abs(height):
            break
    return np.asarray(np.minimum(at * unit, goals.ceiling))


def _slope(passes: Passes, goals: Goals, at: Floats, soft: float) -> tuple[float, Floats]:
    """Height and slope of the smoothed dual, in mean costs of all parcels."""
    value, _, used = passes.soft(goals.sign * at * unit_of(passes, goals), soft)
    whole = passes.table.mean_cost * len(passes.table)
    return value / whole + float(at @ (goals.sign * goals.value / goals.scale)), goals.short(
        used
    ) / goals.scale


def unit_of(passes: Passes, goals: Goals) -> Floats:
    """The price by which each account is measured: at it, the scale of the account costs as much as all parcels."""
    return np.asarray(passes.table.mean_cost * len(passes.table) / goals.scale)


def curvature_of(passes: Passes, goals: Goals, price: Floats, soft: float) -> Floats:
    """By what share of its scale the sum of each account grows with each measured price, shape (accounts, accounts)."""
    signed = goals.sign / goals.scale
    bent = passes.curvature(goals.sign * price, soft)
    return np.asarray(passes.table.mean_cost * len(passes.table) * bent * np.outer(signed, signed))


def top_of(slope: Floats, bent: Floats, low: Floats, high: Floats) -> Floats:
    """The step within limits at which the parabola of a slope and a curvature is highest.

    An active-set method: accounts are taken as free until they meet a limit, and set free again where the parabola
    rises inwards.
    """
    size = max(float(np.diag(bent).max()), float(np.abs(slope).max()), STIFFEST)
    bent = bent + STIFFEST * size * np.eye(len(slope))
    step = np.zeros(len(slope))
    free = ~(((low >= 0.0) & (slope <= 0.0)) | ((high <= 0.0) & (slope >= 0.0)))
    for _ in range(10 * len(slope)):
        inside = np.flatnonzero(free)
        aim = step.copy()
        held = bent[np.ix_(inside, ~free)] @ step[~free]
        aim[inside] = np.linalg.solve(bent[np.ix_(inside, inside)], slope[inside] - held)
        way = aim - step
        with np.errstate(divide="ignore", invalid="ignore"):
            far = np.where(way > 0.0, (high - step) / way, np.where(way < 0.0, (low - step) / way, np.inf))
        first = int(np.argmin(np.where(free, far, np.inf)))
        if free[first] and far[first] < 1.0:
            step = step + far[first] * way
            step[first] = high[first] if way[first] > 0.0 else low[first]
            free[first] = False
            continue
        step = aim
        rise = slope - bent @ step
        inwards = np.where(step <= low, rise, np.where(step >= high, -rise, 0.0))
        inwards[free | (high <= low)] = 0.0
        if inwards.max() <= STIFFEST * size:
            break
        free[int(inwards.argmax())] = True
    return np.clip(step, low, high)


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
