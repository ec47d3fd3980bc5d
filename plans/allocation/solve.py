"""Solving an allocation: prices first, then choices at these prices, repair, and the proof of how good they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.jobs import Job
from plans.allocation.choices import (
    Account,
    Allocation,
    Choices,
    Floats,
    Limit,
    Places,
    Prices,
    check_accounts,
)
from plans.allocation.dual import SOFTNESS, Goals, bound_of, goals_of, raised
from plans.allocation.effects import SAMPLE_PARCELS, in_the_way, price_ranges, sample_of
from plans.allocation.exact import polished
from plans.allocation.switches import MET, repaired
from plans.allocation.table import Passes, table_of

FINEST = 0.00005  # of the mean cost: softness where a gap is left
GOAL = 1e-4  # gap at which nothing more is tried
OVERSHOT = 1.2  # of what is missed, by which a target is tightened
MOST_TIGHTENINGS = 4
OUTBID = 1000.0  # by how much an account outbids one of the next rank, once they are in each other's way


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


def allocate(
    choices: Choices,
    accounts: Sequence[Account],
    *,
    warm: Prices | None = None,
    job: Job,
    threads: int | None = None,
) -> Allocation:
    """The choice of least cost for every parcel that meets the accounts, what each costs, and a proof [1]_.

    Parameters
    ----------
    choices : Choices
        Feasible options of all parcels.
    accounts : sequence of Account
        One for each column of `choices.gain`.
    warm : Prices, optional
        Of an earlier solution: prices to start from; its table is used again where the choices are the same object.
    job : Job
        Reports progress and stops when asked.
    threads : int, optional
        As many as there are processors by default; the result does not depend on it.

    Returns
    -------
    Allocation
        Never infeasible: what cannot be met is met as far as price ceilings allow, with what stops it.

    Raises
    ------
    UserError
        An account has no number or no price ceiling, or two have one name.

    Notes
    -----
    For any prices the sum of every parcel's least reduced cost and of prices times values is a lower bound of the cost
    of all choices that meet the values. Prices are found by raising that bound, smoothed, with L-BFGS-B; at the prices
    every parcel decides alone.

    References
    ----------
    .. [1] H. Everett III, "Generalized Lagrange multiplier method for solving problems of optimum allocation of
       resources," Operations Research 11(3), 399-417, 1963.
    """
    check_accounts(choices, accounts)
    table = warm.table if warm is not None and warm.table.choices is choices else table_of(choices)
    with Passes(table, job, threads) as passes:
        least, most = passes.reach()
        goals = goals_of(accounts, least, most)
        reach = np.where(goals.sign > 0, most, least)
        start = _start(accounts, warm)
        found = _found(passes, goals, start, job)
        ranked = _ranked(goals, found, reach)
        if ranked is not None:
            found = _found(passes, ranked, found.price, job)
        return _allocation(passes, accounts, goals, found, reach, job)


def _start(accounts: Sequence[Account], warm: Prices | None) -> Floats | None:
    """Prices of an earlier solution for the accounts it knew, 0 for others; nothing where it knew none."""
    known = {} if warm is None else dict(zip(warm.names, warm.price, strict=True))
    if not any(account.name in known for account in accounts):
        return None
    return np.array([float(known.get(account.name, 0.0)) for account in accounts])


def _found(passes: Passes, goals: Goals, start: Floats | None, job: Job) -> Found:
    """Prices, choices and proof for some goals."""
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
    if best.gap > GOAL:
        chosen, bound = polished(passes, goals, best.price, best.chosen, GOAL * abs(best.bound))
        best = _better(passes, goals, best, repaired(passes, goals, best.price, chosen), best.price)
        if bound > best.bound and not (goals.short(best.sums) > MET * goals.scale).any():
            best = replace(best, bound=min(bound, best.cost))
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


def _ranked(goals: Goals, found: Found, reach: Floats) -> Goals | None:
    """Goals in which smaller ranks outbid larger ones, where an account is missed that others could make room for."""
    possible = goals.short(reach) <= MET * goals.scale
    missed = (goals.short(found.sums) > MET * goals.scale) & possible
    priced = found.price > 0
    if not any((goals.rank[priced] > rank).any() for rank in goals.rank[missed]):
        return None
    ranks = np.unique(goals.rank)
    above = len(ranks) - 1 - np.searchsorted(ranks, goals.rank)
    return replace(goals, ceiling=goals.ceiling * OUTBID**above)


def _allocation(
    passes: Passes, accounts: Sequence[Account], goals: Goals, found: Found, reach: Floats, job: Job
) -> Allocation:
    """What was found, in the order of the parcels as they were given."""
    table = passes.table
    short = goals.short(found.sums)
    short = np.where(short > MET * goals.scale, short, 0.0)
    _, cost, used = passes.soft(goals.sign * found.price, SOFTNESS[-1] * table.mean_cost)
    sampled = min(len(table), SAMPLE_PARCELS)
    with Passes(table.part(np.arange(sampled, dtype=np.int64)), job) as part:
        sample = sample_of(part, len(table), goals, found.price, used)
        low, high = price_ranges(sample, goals.value)
        missed = [int(which) for which in np.flatnonzero(short)]
        others = in_the_way(sample, goals.value, missed) if missed else {}
        calls = passes.calls
    limits = tuple(
        _limit(accounts, goals, found, reach, short, others.get(which, ()), which)
        for which in range(len(accounts))
    )
    unlimited = np.array([limit.kind == "" for limit in limits], dtype=bool)
    chosen = np.empty(len(table), np.int64)
    chosen[table.order] = table.source[found.chosen]
    return Allocation(
        chosen=chosen,
        cost=found.cost,
        bound=found.bound,
        gap=found.gap,
        prices=np.minimum(found.price, goals.ceiling),
        price_low=np.minimum(low, goals.ceiling),
        price_high=np.minimum(high, goals.ceiling),
        reached=found.sums,
        shortfall=short,
        limits=limits,
        reach=reach,
        violation=float((np.maximum(goals.short(found.sums), 0.0) / goals.scale)[unlimited].max(initial=0.0)),
        calls=calls,
        warm=Prices(tuple(one.name for one in accounts), found.price, cost, used, table),
    )


def _limit(
    accounts: Sequence[Account],
    goals: Goals,
    found: Found,
    reach: Floats,
    short: Floats,
    others: tuple[int, ...],
    which: int,
) -> Limit:
    """What stops one account from being met."""
    value = goals.value[which]
    share = float(reach[which] / value) if value else 1.0
    if short[which] == 0.0:
        return Limit(share=share)
    if goals.sign[which] * (value - reach[which]) > MET * goals.scale[which]:
        return Limit("reach", share)
    if others:
        return Limit("together", share, tuple(accounts[other].name for other in others))
    if found.price[which] >= goals.ceiling[which]:
        return Limit("price", share)
    return Limit("size", share)
