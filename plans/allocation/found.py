"""Found: choices on the way, what they cost and miss, and what proves how good they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plans.allocation.choices import Floats, Places
from plans.allocation.dual import Goals
from plans.allocation.switches import MET
from plans.allocation.table import Passes, Table

GOAL = 1e-4  # gap at which prices are good enough
ENOUGH = 8e-4  # gap, below the thousandth that is promised, at which parcels need no exact search


@dataclass(frozen=True)
class Found:
    """Choices on the way, and what proves them.

    Parameters
    ----------
    chosen : ndarray of int64, shape (parcels,)
        Options of the table.
    cost : float
        Of these choices. [yuan]
    sums : ndarray, shape (accounts,)
    price : ndarray, shape (accounts,)
        At which the dual is highest. [yuan per unit]
    level : float
        The dual at these prices. [yuan]
    worth : float
        The cost with what is missed at its price ceiling. [yuan]
    least : float
        No choices are worth less. [yuan]
    bound : float
        No choices that reach what these reach cost less. [yuan]
    table : Table
        Options among which these were chosen: all, or those that are left once some parcels were decided.
    share : ndarray, shape (options,), or None
        How parcels would be shared among options at these prices, where it is known.
    """

    chosen: Places
    cost: float
    sums: Floats
    price: Floats
    level: float
    worth: float
    least: float
    bound: float
    table: Table
    share: Floats | None = None

    @property
    def gap(self) -> float:
        """(cost - bound) / |bound|; of the cost where the bound is 0."""
        away = self.cost - self.bound
        return away / (abs(self.bound) or abs(self.cost) or 1.0)


def judged(passes: Passes, goals: Goals, chosen: Places, price: Floats, level: float, least: float) -> Found:
    """Choices with their cost and bound, from the dual at some prices and from what else is known of the least worth."""
    cost, sums = passes.sums(chosen)
    short = goals.short(sums)
    missed = np.where(short > MET * goals.scale, short, 0.0)
    worth = cost + float(goals.ceiling @ missed)
    least = min(max(least, level), worth)
    bound = max(level - float(price @ np.maximum(short, 0.0)), least - (worth - cost))
    return Found(chosen, cost, sums, price, level, worth, least, min(bound, cost), passes.table)


def better(
    passes: Passes,
    goals: Goals,
    old: Found,
    chosen: Places,
    price: Floats,
    level: float,
    least: float = -np.inf,
) -> Found:
    """The better of old and new choices, proved by the better of the old and the new prices.

    Parameters
    ----------
    passes : Passes
        Over the options.
    goals : Goals
        What is to be met.
    old : Found
        Choices before.
    chosen : ndarray of int64, shape (parcels,)
        New ones.
    price : ndarray, shape (accounts,)
        At which they were found. [yuan per unit]
    level : float
        The dual at these prices. [yuan]
    least : float
        A worth below which there are no choices, if one is known. [yuan]
    """
    if level < old.level:
        price, level = old.price, old.level
    least = max(least, old.least)
    new = judged(passes, goals, chosen, price, level, least)
    return new if new.worth < old.worth else judged(passes, goals, old.chosen, price, level, least)


def missed_below_ceiling(goals: Goals, found: Found) -> bool:
    """Whether the choices miss an account of which a further unit could still be had."""
    short = goals.short(found.sums) > MET * goals.scale
    return bool((short & (found.price < goals.ceiling)).any())
