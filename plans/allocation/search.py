"""Search: prices for some goals, choices at these prices, their repair, and the proof of how good they are."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.jobs import Job
from plans.allocation.choices import Floats, Places
from plans.allocation.dual import SOFTNESS, Goals, bound_of, raised
from plans.allocation.exact import polished
from plans.allocation.switches import MET, repaired
from plans.allocation.table import Passes

FINEST = 0.00005  # of the mean cost: softness where a gap is left
GOAL = 1e-4  # gap at which prices are good enough
ENOUGH = 5e-4  # gap at which parcels need no exact search
MOST_POLISHINGS = 3
OVERSHOT = 1.2  # of what is missed, by which a target is tightened
MOST_TIGHTENINGS = 4


@dataclass(frozen=True)
class Found:
    """Choices on the way, and what proves them.

    Parameters
    ----------
    chosen : ndarray of int64, shape (parcels,)
        Options of the table.
    price : ndarray, shape (accounts,)
        At which the bound is highest. [yuan per unit]
    cost, bound : float
        The bound is of choices that reach what these reach. [yuan]
    sums : ndarray, shape (accounts,)
    """

    chosen: Places
    price: Floats
    cost: float
    bound: float
    sums: Floats

    @property
    def gap(self) -> float:
        """(cost - bound) / |bound|; of the cost where the bound is 0."""
        away = self.cost - self.bound
        return away / (abs(self.bound) or abs(self.cost) or 1.0)


def search(passes: Passes, goals: Goals, start: Floats | None, job: Job) -> Found:
    """Prices, choices and proof for some goals.

    Parameters
    ----------
    passes : Passes
        Over the options.
    goals : Goals
        What is to be met, where prices stay below their ceilings.
    start : ndarray, shape (accounts,), or None
        Prices near the ones looked for; without them the search begins with a softer problem.
    job : Job
        Reports progress and stops when asked.
    """
    price = np.zeros(len(goals.sign)) if start is None else start
    for softness in job.each(
        SOFTNESS if start is None else SOFTNESS[-1:], "Finding the price of each target"
    ):
        price = raised(passes, goals, price, softness)
    best = _proved(passes, goals, price, repaired(passes, goals, price, _at(passes, goals, price)))
    aimed, at = goals, price
    for _ in job.each(range(MOST_TIGHTENINGS), "Fitting choices to the targets"):
        short = goals.short(passes.sums(_at(passes, goals, at))[1])
        missed = (short > MET * goals.scale) & (at < goals.ceiling)
        if best.gap <= GOAL or not missed.any():
            break
        step = np.where(missed, OVERSHOT * np.maximum(short, 0.0), 0.0)
        aimed = aimed.moved(aimed.value + goals.sign * step)
        at = raised(passes, aimed, at, SOFTNESS[-1])
        best = _better(passes, goals, best, repaired(passes, goals, at, _at(passes, goals, at)), at)
    if best.gap > GOAL:
        finer = raised(passes, goals, best.price, FINEST)
        best = _better(passes, goals, best, repaired(passes, goals, finer, _at(passes, goals, finer)), finer)
    for _ in range(MOST_POLISHINGS):
        missed = goals.short(best.sums) > MET * goals.scale
        if best.gap <= ENOUGH and not (missed & (best.price < goals.ceiling)).any():
            break
        before = best
        away = np.inf if missed.any() else best.cost - best.bound
        chosen, bound = polished(passes, goals, best.price, best.chosen, away, GOAL)
        best = _better(passes, goals, best, repaired(passes, goals, best.price, chosen), best.price)
        if bound > best.bound and not (goals.short(best.sums) > MET * goals.scale).any():
            best = replace(best, bound=min(bound, best.cost))
        if (best.chosen == before.chosen).all() and best.gap >= before.gap:
            break
    return best


def _at(passes: Passes, goals: Goals, price: Floats) -> Places:
    """What every parcel chooses at some prices."""
    return passes.hard(goals.sign * price, ties=True)[3]


def _proved(passes: Passes, goals: Goals, price: Floats, chosen: Places) -> Found:
    """Choices with their cost, and the bound of the cost of all that reach what they reach."""
    cost, sums = passes.sums(chosen)
    short = np.maximum(goals.short(sums), 0.0)
    bound = bound_of(passes, goals, price) - float(price @ short)
    return Found(chosen, price, cost, min(bound, cost), sums)


def _better(passes: Passes, goals: Goals, old: Found, chosen: Places, price: Floats) -> Found:
    """The better of old and new choices, proved by the better of the old and the new price."""
    new = _proved(passes, goals, old.price, chosen)
    if _worth(goals, new) >= _worth(goals, old):
        new = old
    other = _proved(passes, goals, price, new.chosen) if price is not old.price else new
    return other if other.bound > new.bound else new


def _worth(goals: Goals, found: Found) -> float:
    """Cost with what is missed at its price ceiling; less is better."""
    short = goals.short(found.sums)
    return found.cost + float(goals.ceiling @ np.where(short > MET * goals.scale, short, 0.0))
