"""Closing: the gap of choices that were found is closed by covers of shared accounts and by exact search of parcels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.jobs import Job
from plans.allocation.choices import Floats
from plans.allocation.covers import Cover, covers_of, with_covers
from plans.allocation.dual import Goals, bound_of
from plans.allocation.exact import polished
from plans.allocation.found import ENOUGH, GOAL, Found, better, judged, missed_below_ceiling
from plans.allocation.linear import largest, shared
from plans.allocation.switches import MET, repaired
from plans.allocation.table import Passes

MOST_POLISHINGS = 4
MOST_COVERINGS = 10
RISEN = 2e-5  # share of the bound by which it must rise for more covers to be looked for


@dataclass(frozen=True)
class Covered:
    """Covers that were found, and the dual with them.

    Parameters
    ----------
    covers : tuple of Cover
        Further accounts.
    price : ndarray, shape (accounts + covers,)
        At which the dual is highest. [yuan per unit]
    level : float
        The dual at these prices: no choices that meet all goals cost less. [yuan]
    """

    covers: tuple[Cover, ...]
    price: Floats
    level: float


def closed(passes: Passes, goals: Goals, best: Found, job: Job) -> Found:
    """Choices and proof with the gap closed as far as it can be and needs to be.

    Parameters
    ----------
    passes : Passes
        Over the options.
    goals : Goals
        What is to be met.
    best : Found
        What was found for them.
    job : Job
        Reports progress and stops when asked.
    """
    if _good(goals, best):
        return best
    covered = Covered((), best.price, best.level)
    if best.share is not None:
        best, covered = _covered(passes, goals, best, best.share, job)
    table, asked = with_covers(passes.table, goals, covered.covers)
    with Passes(table, job, passes.threads) as wider:
        best = _polished(passes, goals, best, wider, asked, covered)
        passes.calls += wider.calls
    return best


def _good(goals: Goals, found: Found) -> bool:
    return found.gap <= ENOUGH and not missed_below_ceiling(goals, found)


def _covered(passes: Passes, goals: Goals, best: Found, share: Floats, job: Job) -> tuple[Found, Covered]:
    """The best of what is found while covers are added that shared parcels exceed, as long as the bound rises."""
    covered = Covered((), best.price, best.level)
    for _ in job.each(range(MOST_COVERINGS), "Fitting choices to the targets"):
        price = covered.price[: len(goals.sign)]
        tight = np.flatnonzero((price > 0.0) & (price < goals.ceiling))
        new = covers_of(passes.table, goals, share, tight)
        if not new:
            break
        covers = (*covered.covers, *new)
        table, asked = with_covers(passes.table, goals, covers)
        with Passes(table, job, passes.threads) as wider:
            found = shared(wider, asked, np.concatenate([covered.price, np.zeros(len(new))]))
            level = bound_of(wider, asked, found.price)
            chosen = repaired(wider, asked, found.price, largest(table, found.share))
            passes.calls += wider.calls
        risen = level > covered.level + RISEN * abs(covered.level)
        if level > covered.level:
            covered = Covered(covers, found.price, level)
        best = better(passes, goals, best, chosen, best.price, best.level)
        best = _proved(passes, goals, best, covered.level)
        share = found.share
        if _good(goals, best) or not risen:
            break
    return best, covered


def _proved(passes: Passes, goals: Goals, best: Found, level: float) -> Found:
    """The same choices, with a cost below which none meet all goals."""
    if (goals.short(best.sums) > MET * goals.scale).any():
        return best  # what misses something may cost less
    return judged(passes, goals, best.chosen, best.price, best.level, max(level, best.least))


def _polished(
    passes: Passes, goals: Goals, best: Found, wider: Passes, asked: Goals, covered: Covered
) -> Found:
    """Choices in which undecided parcels were looked at together, as long as that helps and is needed."""
    for turn in range(MOST_POLISHINGS):
        if _good(goals, best):
            break
        before, missed = best, (goals.short(best.sums) > MET * goals.scale).any()
        away = best.worth - covered.level
        chosen, least = polished(wider, asked, covered.price, best.chosen, away, ENOUGH - GOAL, turn)
        chosen, whole = repaired(wider, asked, covered.price, chosen), np.isfinite(least)
        least = -np.inf if missed else least
        best = _proved(
            passes, goals, better(passes, goals, best, chosen, best.price, best.level, least), covered.level
        )
        if whole and best.worth >= before.worth - GOAL * abs(before.worth):
            break  # the same parcels would be looked at again
    return best
