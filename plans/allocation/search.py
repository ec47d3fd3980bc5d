"""Search: prices for some goals, choices at these prices, their repair, and the proof of how good they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.jobs import Job
from plans.allocation.choices import Floats, Places
from plans.allocation.dual import SOFTNESS, Goals, bound_of, raised
from plans.allocation.exact import polished
from plans.allocation.switches import MET, repaired
from plans.allocation.table import Passes, Table

FINEST = 0.00005  # of the mean cost: softness where a gap is left
GOAL = 1e-4  # gap at which prices are good enough
ENOUGH = 8e-4  # gap, below the thousandth that is promised, at which parcels need no exact search
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


def search(passes: Passes, goals: Goals, start: Floats | None, job: Job, *, polish: bool = True) -> Found:
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
    polish : bool
        Whether undecided parcels are looked at together where a gap is left.
    """
    price = np.zeros(len(goals.sign)) if start is None else np.minimum(start, goals.ceiling)
    steps = SOFTNESS if start is None else SOFTNESS[-1:]
    for softness in job.each(steps, "Finding the price of each target"):
        price = raised(passes, goals, price, softness)
    chosen = repaired(passes, goals, price, _at(passes, goals, price))
    best = judged(passes, goals, chosen, price, bound_of(passes, goals, price), -np.inf)
    best = _tightened(passes, goals, best, job)
    if best.gap > GOAL:
        best = _better(passes, goals, best, raised(passes, goals, best.price, FINEST))
    return _polished(passes, goals, best) if polish else best


def _tightened(passes: Passes, goals: Goals, best: Found, job: Job) -> Found:
    """The best of what is found when the values that are missed before any repair are raised somewhat."""
    aimed, price = goals, best.price
    for _ in job.each(range(MOST_TIGHTENINGS), "Fitting choices to the targets"):
        short = goals.short(passes.sums(_at(passes, goals, price))[1])
        missed = (short > MET * goals.scale) & (price < goals.ceiling)
        if best.gap <= GOAL or not missed.any():
            break
        step = np.where(missed, OVERSHOT * np.maximum(short, 0.0), 0.0)
        aimed = aimed.moved(aimed.value + goals.sign * step)
        price = raised(passes, aimed, price, SOFTNESS[-1])
        best = _better(passes, goals, best, price)
    return best


def _polished(passes: Passes, goals: Goals, best: Found) -> Found:
    """Choices in which undecided parcels were looked at together, as long as that helps and is needed."""
    for turn in range(MOST_POLISHINGS):
        missed = goals.short(best.sums) > MET * goals.scale
        if best.gap <= ENOUGH and not (missed & (best.price < goals.ceiling)).any():
            break
        before = best
        chosen, least = polished(
            passes, goals, best.price, best.chosen, best.worth - best.level, ENOUGH - GOAL, first=turn == 0
        )
        chosen = repaired(passes, goals, best.price, chosen)
        least = best.least if missed.any() else max(least, best.least)
        new = judged(passes, goals, chosen, best.price, best.level, least)
        best = (
            new
            if new.worth <= best.worth
            else judged(passes, goals, best.chosen, best.price, best.level, least)
        )
        if (turn or least > before.least) and best.worth >= before.worth - GOAL * abs(before.worth):
            break  # the same parcels would be looked at again
    return best


def _better(passes: Passes, goals: Goals, old: Found, price: Floats) -> Found:
    """The better of old choices and of those at a price, proved by the better of the old and the new price."""
    chosen = repaired(passes, goals, price, _at(passes, goals, price))
    level = bound_of(passes, goals, price)
    if level < old.level:
        price, level = old.price, old.level
    new = judged(passes, goals, chosen, price, level, old.least)
    return new if new.worth < old.worth else judged(passes, goals, old.chosen, price, level, old.least)


def _at(passes: Passes, goals: Goals, price: Floats) -> Places:
    """What every parcel chooses at some prices."""
    return passes.hard(goals.sign * price, ties=True)[3]
