"""Ranks: where accounts are in each other's way, those of larger ranks give way, and each as little as it must."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.jobs import Job
from plans.allocation.branches import searched
from plans.allocation.choices import Floats
from plans.allocation.closing import closed
from plans.allocation.dual import SOFTNESS, Goals
from plans.allocation.effects import Response, in_the_way, response_of
from plans.allocation.found import Found
from plans.allocation.linear import BY_HIGHS, shared
from plans.allocation.search import search
from plans.allocation.switches import MET
from plans.allocation.table import Passes

OUTBID = 1000.0  # by how much accounts outbid those that are to give way to them
EASED = (
    5e-4,
    5e-3,
)  # shares of values below what parts of parcels could reach, that whole parcels are tried at
NEARLY = 1e-7  # share of its scale by which parts of parcels may miss a value: the tolerance of HiGHS
AT_TOP = 1 - 1e-6  # share of the ceiling from which a price is at it


@dataclass(frozen=True)
class Settled:
    """Choices for goals of which some gave way.

    Parameters
    ----------
    goals : Goals
        Those that were met in the end.
    found : Found
        The search for them.
    gave_way : ndarray of bool, shape (accounts,)
        Accounts whose price rose to the ceiling.
    hindered_by : dict
        Of accounts that gave way, those that are in the way.
    """

    goals: Goals
    found: Found
    gave_way: NDArray[np.bool_]
    hindered_by: dict[int, tuple[int, ...]]


def settled(passes: Passes, goals: Goals, start: Floats | None, reach: Floats, job: Job) -> Settled:
    """The search for all goals, or where they cannot be met together, for what is left of those that give way.

    Parameters
    ----------
    passes : Passes
        Over the options.
    goals : Goals
        As the accounts are given.
    start : ndarray, shape (accounts,), or None
        Prices near the ones looked for.
    reach : ndarray, shape (accounts,)
        What each account could reach alone.
    job : Job
        Reports progress and stops when asked.

    Notes
    -----
    Rank after rank is met as far as its own ceilings allow, as if there were no larger ranks. What gives way is
    lowered to what it reaches there, and outbids all that come after. The least cost of that is the answer, unless
    what was found before is worth more.
    """
    missed, price = np.zeros(len(goals.sign), dtype=np.bool_), start
    soon = len(passes.table.cost) <= BY_HIGHS
    if soon:  # where not even parts of parcels could meet the goals, whole parcels need not be tried
        part = shared(passes, goals, start)
        missed, price = goals.short(part.sums) > NEARLY * goals.scale, part.price
    if not (soon and in_conflict(goals, missed, part.price, reach)):
        found = searched(passes, goals, price, job)
        missed, price = goals.short(found.sums) > MET * goals.scale, found.price
        if not in_conflict(goals, missed, price, reach):
            return Settled(goals, found, missed & (price >= AT_TOP * goals.ceiling), {})
    value, gave_way = goals.value, np.zeros(len(goals.sign), dtype=np.bool_)
    hindered: dict[int, tuple[int, ...]] = {}
    ranks = np.unique(goals.rank)
    for rank in ranks:
        if rank < ranks[-1] and not missed[goals.rank <= rank].any():
            continue
        bids = np.where(goals.rank < rank, OUTBID, np.where(goals.rank == rank, 1.0, 0.0))
        asked = replace(goals, value=value, ceiling=goals.ceiling * bids)
        price, used = _elastic(passes, asked, price, job)
        short = goals.short(used)
        here = (goals.rank == rank) & (price >= AT_TOP * goals.ceiling) & (short > MET * goals.scale)
        response = response_of(passes, asked, price, used)
        hindered.update(_hindered(passes, goals, response, here))
        value = np.where(here, used - goals.sign * EASED[0] * goals.scale, value)
        gave_way = gave_way | here
    below = len(ranks) - 1 - np.searchsorted(ranks, goals.rank)
    bidding = replace(goals, ceiling=goals.ceiling * OUTBID**below)
    for ease in EASED:
        eased = np.where(gave_way, value - goals.sign * ease * goals.scale, value)
        strict = replace(goals, value=eased, ceiling=goals.ceiling * OUTBID)
        last = searched(passes, strict, price if soon else None, job)
        if not (strict.short(last.sums) > MET * goals.scale).any():
            return Settled(strict, last, gave_way, hindered)
    found = closed(passes, asked, search(passes, asked, price, job), job)
    if worth(bidding, found) < worth(bidding, last):
        return Settled(asked, found, gave_way, hindered)
    return Settled(strict, last, gave_way, hindered)


def _hindered(
    passes: Passes, goals: Goals, response: Response, here: NDArray[np.bool_]
) -> dict[int, tuple[int, ...]]:
    """Accounts in the way of those that gave way; of one that would be met alone, at least those in the way of others."""
    found = in_the_way(response, np.flatnonzero(here))
    anyone = tuple(sorted({other for others in found.values() for other in others}))
    anyone = anyone or tuple(int(other) for other in np.flatnonzero((response.price > 0) & ~here))
    for which, others in found.items():
        bid = np.zeros(len(here))
        bid[which] = goals.sign[which] * goals.ceiling[which]
        if not others and goals.short(passes.hard(bid, ties=True)[2])[which] <= MET * goals.scale[which]:
            found[which] = anyone
    return found


def _elastic(passes: Passes, goals: Goals, start: Floats | None, job: Job) -> tuple[Floats, Floats]:
    """Prices and sums where parcels may be shared among options and what is missed costs its ceiling."""
    if len(passes.table.cost) <= BY_HIGHS:
        found = shared(passes, goals, start)
        return found.price, found.sums
    price = search(passes, goals, None, job).price
    return price, passes.soft(goals.sign * price, SOFTNESS[-1] * passes.table.mean_cost)[2]


def in_conflict(goals: Goals, missed: NDArray[np.bool_], price: Floats, reach: Floats) -> bool:
    """Whether accounts that are missed could be met if others gave way, or others with them.

    Parameters
    ----------
    goals : Goals
        What is to be met.
    missed : ndarray of bool, shape (accounts,)
        What is not.
    price : ndarray, shape (accounts,)
        [yuan per unit]
    reach : ndarray, shape (accounts,)
        What each account could reach alone.
    """
    beyond = goals.short(reach) > MET * goals.scale
    above = (goals.rank[None, :] > goals.rank[missed][:, None]) & (price > 0)
    at_top = missed & (price >= AT_TOP * goals.ceiling)
    return bool(above.any() or (at_top & ~beyond).any())


def worth(goals: Goals, found: Found) -> float:
    """Cost of choices with what is missed at its price ceiling."""
    short = goals.short(found.sums)
    return found.cost + float(goals.ceiling @ np.where(short > MET * goals.scale, short, 0.0))
