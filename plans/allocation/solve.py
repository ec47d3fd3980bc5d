"""Solving an allocation: from choices and accounts to one option for every parcel, with what proves and what limits it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.jobs import Job
from plans.allocation.choices import (
    Account,
    Allocation,
    Choices,
    Floats,
    Limit,
    Prices,
    check_accounts,
)
from plans.allocation.dual import SOFTNESS, Goals, goals_of
from plans.allocation.effects import price_ranges, response_of
from plans.allocation.ranks import Settled, settled
from plans.allocation.switches import MET
from plans.allocation.table import Passes, table_of


def allocate(
    choices: Choices,
    accounts: Sequence[Account],
    *,
    warm: Prices | Mapping[str, float] | None = None,
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
    warm : Prices or Mapping of str to float, optional
        Prices of an earlier solution to start from, by the names of accounts; the table of `Prices` is used again where
        the choices are the same object.
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
    of all choices that meet the values. Prices are found by raising that bound, smoothed, by Newton's method; at the prices
    every parcel decides alone.

    References
    ----------
    .. [1] H. Everett III, "Generalized Lagrange multiplier method for solving problems of optimum allocation of
       resources," Operations Research 11(3), 399-417, 1963.
    """
    check_accounts(choices, accounts)
    if not len(choices):
        return _of_nothing(choices, accounts)
    table = warm.table if isinstance(warm, Prices) and warm.table.choices is choices else table_of(choices)
    with Passes(table, job, threads) as passes:
        least, most = passes.reach()
        goals = goals_of(accounts, least, most)
        reach = np.where(goals.sign > 0, most, least)
        outcome = settled(passes, goals, _start(accounts, warm), reach, job)
        return _allocation(passes, accounts, goals, outcome, reach, job)


def _of_nothing(choices: Choices, accounts: Sequence[Account]) -> Allocation:
    """What there is without any parcel: every target above zero is out of reach."""
    none = np.zeros(len(accounts))
    value = np.array([account.value for account in accounts], dtype=float)
    short = np.maximum(np.array([account.sign for account in accounts]) * value, 0.0)
    ceiling = np.array([account.price_ceiling for account in accounts], dtype=float)
    prices = np.where(short > 0.0, ceiling, 0.0)
    limits = tuple(Limit("reach", 0.0) if one > 0.0 else Limit() for one in short)
    warm = Prices(tuple(one.name for one in accounts), none, 0.0, none, table_of(choices))
    return Allocation(
        np.zeros(0, np.int64), 0.0, 0.0, 0.0, prices, prices, prices, none, short, limits, none, 0.0, 0, warm
    )


def _start(accounts: Sequence[Account], warm: Prices | Mapping[str, float] | None) -> Floats | None:
    """Prices of an earlier solution for the accounts it knew, 0 for others; nothing where it knew none."""
    known = dict(zip(warm.names, warm.price, strict=True)) if isinstance(warm, Prices) else warm or {}
    if not any(account.name in known for account in accounts):
        return None
    return np.array([float(known.get(account.name, 0.0)) for account in accounts])


def _allocation(
    passes: Passes,
    accounts: Sequence[Account],
    goals: Goals,
    outcome: Settled,
    reach: Floats,
    job: Job,
) -> Allocation:
    """What was found, in the order of the parcels as they were given."""
    table, found = passes.table, outcome.found
    short = goals.short(found.sums)
    short = np.where(short > MET * goals.scale, short, 0.0)
    with Passes(found.table, job, passes.threads) as left:
        _, cost, used = left.soft(goals.sign * found.price, SOFTNESS[-1] * table.mean_cost)
        response = response_of(left, outcome.goals, found.price, used)
    low, high = price_ranges(response, reach)
    prices = np.where(outcome.gave_way, goals.ceiling, np.minimum(found.price, goals.ceiling))
    limits = tuple(_limit(accounts, goals, outcome, reach, short, which) for which in range(len(accounts)))
    unlimited = np.array([limit.kind == "" for limit in limits], dtype=bool)
    chosen = np.empty(len(table), np.int64)
    chosen[table.order] = table.source[found.chosen]
    return Allocation(
        chosen=chosen,
        cost=found.cost,
        bound=found.bound,
        gap=found.gap,
        prices=prices,
        price_low=np.minimum(low, prices),
        price_high=np.clip(high, prices, goals.ceiling),
        reached=found.sums,
        shortfall=short,
        limits=limits,
        reach=reach,
        violation=float((np.maximum(goals.short(found.sums), 0.0) / goals.scale)[unlimited].max(initial=0.0)),
        calls=passes.calls,
        warm=Prices(tuple(one.name for one in accounts), found.price, cost, used, table),
    )


def _limit(
    accounts: Sequence[Account],
    goals: Goals,
    outcome: Settled,
    reach: Floats,
    short: Floats,
    which: int,
) -> Limit:
    """What stops one account from being met."""
    value = goals.value[which]
    share = float(reach[which] / value) if abs(value) > MET * goals.scale[which] else 1.0
    others = outcome.hindered_by.get(which, ())
    if short[which] == 0.0:
        return Limit(share=share)
    if goals.sign[which] * (value - reach[which]) > MET * goals.scale[which]:
        return Limit("reach", share)
    if others:
        return Limit("together", share, tuple(accounts[other].name for other in others))
    return Limit("price" if outcome.gave_way[which] else "size", share)
