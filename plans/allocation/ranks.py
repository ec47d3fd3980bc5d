"""Ranks: where accounts are in each other's way, those of larger ranks give way to those of smaller ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.jobs import Job
from plans.allocation.dual import Goals
from plans.allocation.search import Found, search
from plans.allocation.switches import MET
from plans.allocation.table import Passes

OUTBID = 1000.0  # by how much accounts outbid those that are to give way to them


def ranked(passes: Passes, goals: Goals, found: Found, job: Job) -> tuple[Goals, Found]:
    """The goals with what larger ranks may not take from smaller ones, and the search for them.

    Parameters
    ----------
    passes : Passes
        Over the options.
    goals : Goals
        As the accounts are given.
    found : Found
        For these goals, every account bidding up to its own ceiling.
    job : Job
        Reports progress and stops when asked.

    Notes
    -----
    Rank after rank is met as far as its own ceilings allow, as if there were no larger ranks. What it reaches becomes
    its value, and it outbids all that come after. Where nothing is missed that larger ranks could make room for,
    goals and search stay as they are.
    """
    missed = goals.short(found.sums) > MET * goals.scale
    priced = found.price > 0
    if not any((goals.rank[priced] > rank).any() for rank in goals.rank[missed]):
        return goals, found
    ranks = np.unique(goals.rank)
    value = goals.value.copy()
    for rank in ranks[:-1]:
        if not missed[goals.rank <= rank].any():
            continue
        bids = np.where(goals.rank < rank, OUTBID, np.where(goals.rank == rank, 1.0, 0.0))
        alone = search(passes, replace(goals, value=value, ceiling=goals.ceiling * bids), found.price, job)
        here = (goals.rank == rank) & (goals.short(alone.sums) > MET * goals.scale)
        value = np.where(here, alone.sums, value)
    bids = np.where(goals.rank < ranks[-1], OUTBID, 1.0)
    strict = replace(goals, value=value, ceiling=goals.ceiling * bids)
    return strict, search(passes, strict, found.price, job)
