"""Branches: parcels so large that their choice leaves a gap are decided one way and the other, and each way is solved."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.jobs import Job
from plans.allocation.choices import Floats, Places
from plans.allocation.closing import closed
from plans.allocation.dual import Goals
from plans.allocation.exact import FEW_HUGE, HUGE, MOST_OPTIONS, losses, spreads
from plans.allocation.found import ENOUGH, Found
from plans.allocation.search import search
from plans.allocation.table import Passes, Table

MOST_BRANCHES = 12
LARGE = 0.1  # of what is to be saved: options of one parcel that differ by less leave no gap worth a branch


@dataclass(frozen=True)
class Branch:
    """What is left when some parcels are decided.

    Parameters
    ----------
    kept : ndarray of bool, shape (options,)
        Options of the table that are left.
    found : Found
        The best of them, in places of the table; `found.table` holds those that are left.
    """

    kept: NDArray[np.bool_]
    found: Found


def searched(passes: Passes, goals: Goals, start: Floats | None, job: Job) -> Found:
    """Prices, choices and proof for some goals, with large parcels decided one way and the other where a gap is left.

    Parameters
    ----------
    passes, goals, start, job
        As of `search`.

    Notes
    -----
    Branch and bound, best bound first: the least worth of all choices is that of the branches still open.
    """
    found = closed(passes, goals, search(passes, goals, start, job), job)
    if found.worth > found.cost:
        return found  # not even parts of parcels could meet the goals
    large = HUGE if len(passes.table.cost) <= MOST_OPTIONS else LARGE
    best = Branch(np.ones(len(passes.table.cost), dtype=np.bool_), found)
    waiting, shut, count = [best], np.inf, 1
    while waiting and count < MOST_BRANCHES:
        waiting.sort(key=lambda one: one.found.least)
        branch = waiting[0]
        if best.found.worth - branch.found.least <= ENOUGH * abs(best.found.worth):
            break
        del waiting[0]
        options = split(passes.table, goals, branch, best.found.worth - branch.found.level, large)
        if not len(options):
            shut = min(shut, branch.found.least)
        for option in options:
            new = _decided(passes, goals, branch, int(option), job)
            best = new if new.found.worth < best.found.worth else best
            waiting.append(new)
            count += 1
    if count == 1:
        return found
    least = max(found.least, min([shut, *(one.found.least for one in waiting)]))
    last = _solved(passes, goals, best, best.found.price, job, close=True).found
    level = found.level - float(found.price @ np.maximum(goals.short(last.sums), 0.0))
    bound = max(level, min(least, last.worth) - (last.worth - last.cost))
    return replace(last, least=min(least, last.worth), bound=min(bound, last.cost))


def split(table: Table, goals: Goals, branch: Branch, away: float, large: float) -> Places:
    """The options worth a look of the parcel that leaves most of a gap; none where no parcel is large.

    Options that lose more than `away` stand in no better choice.
    """
    near = branch.kept & (losses(table, goals, branch.found.price) <= away)
    spread = spreads(table, near)
    largest, count = int(spread.argmax()), int((spread > large * away).sum())
    if not count or (large >= HUGE and count > FEW_HUGE):
        return np.zeros(0, np.int64)
    start, end = table.start[largest : largest + 2]
    return np.asarray(start + np.flatnonzero(near[start:end]), dtype=np.int64)


def _decided(passes: Passes, goals: Goals, branch: Branch, option: int, job: Job) -> Branch:
    """The branch in which a parcel takes one option."""
    start = passes.table.start
    parcel = int(np.searchsorted(start, option, side="right")) - 1
    kept = branch.kept.copy()
    kept[start[parcel] : start[parcel + 1]] = False
    kept[option] = True
    return _solved(passes, goals, Branch(kept, branch.found), branch.found.price, job, close=False)


def _solved(passes: Passes, goals: Goals, branch: Branch, start: Floats, job: Job, *, close: bool) -> Branch:
    """The branch with the best of the options that are left in it."""
    part, places = passes.table.part_of(np.arange(len(passes.table)), branch.kept)
    with Passes(part, job, passes.threads) as inner:
        found = search(inner, goals, start, job)
        found = closed(inner, goals, found, job) if close else found
        passes.calls += inner.calls
    return Branch(branch.kept, replace(found, chosen=places[found.chosen]))
