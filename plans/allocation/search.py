"""Search: prices for some goals, choices at these prices, their repair, and the proof of how good they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.jobs import Job
from plans.allocation.choices import Floats, Places
from plans.allocation.dual import SOFTNESS, Goals, bound_of, raised
from plans.allocation.found import GOAL, Found, better, judged
from plans.allocation.linear import BY_HIGHS, largest, shared
from plans.allocation.switches import MET, repaired
from plans.allocation.table import Passes

FINEST = 0.00005  # of the mean cost: softness where a gap is left
OVERSHOT = 1.2  # of what is missed, by which a target is tightened
MOST_TIGHTENINGS = 4


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
    if len(passes.table.cost) <= BY_HIGHS:
        return _by_linear_programme(passes, goals, start, job)
    price = np.zeros(len(goals.sign)) if start is None else np.minimum(start, goals.ceiling)
    steps = SOFTNESS if start is None else SOFTNESS[-1:]
    for softness in job.each(steps, "Finding the price of each target"):
        price = raised(passes, goals, price, softness)
    chosen = repaired(passes, goals, price, _at(passes, goals, price))
    best = judged(passes, goals, chosen, price, bound_of(passes, goals, price), -np.inf)
    best = _tightened(passes, goals, best, job)
    if best.gap > GOAL:
        best = _retried(passes, goals, best, raised(passes, goals, best.price, FINEST))
    return best


def _by_linear_programme(passes: Passes, goals: Goals, start: Floats | None, job: Job) -> Found:
    """The same where HiGHS shares parcels among options soon: few of them are shared, and all others decided."""
    job.say("Finding the price of each target", 0.0)
    found = shared(passes, goals, start)
    chosen = repaired(passes, goals, found.price, largest(passes.table, found.share))
    level = bound_of(passes, goals, found.price)
    best = judged(passes, goals, chosen, found.price, level, -np.inf)
    if best.gap > GOAL:
        best = _retried(passes, goals, best, found.price)
    return replace(best, share=found.share)


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
        best = _retried(passes, goals, best, price)
    return best


def _retried(passes: Passes, goals: Goals, old: Found, price: Floats) -> Found:
    """The better of old choices and of those at a price."""
    chosen = repaired(passes, goals, price, _at(passes, goals, price))
    return better(passes, goals, old, chosen, price, bound_of(passes, goals, price))


def _at(passes: Passes, goals: Goals, price: Floats) -> Places:
    """What every parcel chooses at some prices."""
    return passes.hard(goals.sign * price, ties=True)[3]
