"""Exact allocation of some parcels by HiGHS: whole problems where they are small, else the parcels that are undecided."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack, vstack

from core.quiet import quiet
from plans.allocation.choices import Floats, Places
from plans.allocation.dual import Goals
from plans.allocation.table import Passes, Table, ranges

MOST_OPTIONS = 12_000  # of all parcels that are looked at together
MOST_UNDECIDED = (
    1_500  # options beside the best of each parcel that are looked at together where there are more
)
FINER = 4.0  # where only part of the parcels is searched, and the bound is that of the prices
MOST_NODES = 100
FEW_NODES = 20  # of parts, and where something is missed: what is not met soon is rarely met late


@dataclass(frozen=True)
class Programme:
    """The linear programme of some parcels: options first, then what each account that may be missed misses.

    Parameters
    ----------
    cost : ndarray, shape (options + missed,)
        In mean costs; what is missed costs its price ceiling.
    one_each : sparse array, shape (parcels, options + missed)
        Sums the options of every parcel.
    sums : sparse array, shape (accounts, options + missed)
        Sums of the accounts with their sign, in their scale, and what is missed added.
    least : ndarray, shape (accounts,)
        What these sums must reach.
    """

    cost: Floats
    one_each: csr_array
    sums: csr_array
    least: Floats


def programme_of(table: Table, goals: Goals, elsewhere: Floats, missed: Places) -> Programme:
    """The programme of all parcels of a table, where others give something and some accounts may be missed."""
    options, accounts = len(table.cost), table.accounts
    owner = np.repeat(np.arange(len(table)), np.diff(table.start))
    each = coo_array(
        (np.ones(options), (owner, np.arange(options))), shape=(len(table), options + len(missed))
    )
    gain = csr_array(
        (table.gain.astype(np.float64), table.account.astype(np.int64), table.first),
        shape=(options, accounts),
    )
    signed = (gain * (goals.sign / goals.scale)[None, :]).T
    return Programme(
        np.concatenate([table.cost, (goals.ceiling * goals.scale)[missed]]) / table.mean_cost,
        each.tocsr(),
        hstack([csr_array(signed), csr_array(np.eye(accounts)[:, missed])]).tocsr(),
        goals.sign * (goals.value - elsewhere) / goals.scale,
    )


def linear_bound(table: Table, goals: Goals) -> tuple[float, Floats, Floats]:
    """Least cost where parcels may be shared among options, prices and sums of the accounts, by HiGHS.

    What accounts miss is counted at their price ceilings.

    Raises
    ------
    RuntimeError
        HiGHS did not reach the optimum.
    """
    from scipy.optimize import linprog  # late: it takes a while to import

    made = programme_of(table, goals, np.zeros(table.accounts), np.arange(table.accounts))
    solved = linprog(
        made.cost,
        A_ub=-made.sums if table.accounts else None,
        b_ub=-made.least if table.accounts else None,
        A_eq=made.one_each,
        b_eq=np.ones(len(table)),
        method="highs-ds",
    )
    if solved.status != 0:
        raise RuntimeError(f"the linear programme was not solved: {solved.message}")
    prices = -solved.ineqlin.marginals * table.mean_cost / goals.scale if table.accounts else np.zeros(0)
    weights = np.repeat(solved.x[: len(table.cost)], np.diff(table.first)) * table.gain
    sums = np.bincount(table.account, weights=weights, minlength=table.accounts)
    return float(solved.fun * table.mean_cost), np.asarray(prices), np.asarray(sums)


def chosen_exactly(
    table: Table, goals: Goals, elsewhere: Floats, missed: Places, gap: float, nodes: int = MOST_NODES
) -> tuple[Places, float] | None:
    """The options of least cost for all parcels of a table, within a gap, by branch and bound.

    Parameters
    ----------
    table : Table
        Of few parcels.
    goals : Goals
        Of the whole city.
    elsewhere : ndarray, shape (accounts,)
        What all other parcels give.
    missed : ndarray of int64
        Accounts that may be missed.
    gap : float
        The search stops when no choice can be cheaper by more, as a share of the cost.
    nodes : int
        Of the search at most; a limit of time would give another plan on another machine.

    Returns
    -------
    chosen : ndarray of int64, shape (parcels,)
        Options of the table.
    bound : float
        No choice of these parcels costs less, what is missed counted at its price ceiling. [yuan]
    None
        Where the search ended without any choice.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # late: it takes a while to import

    made = programme_of(table, goals, elsewhere, missed)
    options = len(table.cost)
    ones, endless = np.ones(len(table)), np.full(table.accounts, np.inf)
    limits = LinearConstraint(
        vstack([made.one_each, made.sums]).tocsr(),
        np.concatenate([ones, made.least]),
        np.concatenate([ones, endless]),
    )
    with quiet():  # HiGHS speaks of repaired choices whatever its options say
        solved = milp(
            made.cost,
            integrality=np.concatenate([np.ones(options), np.zeros(len(missed))]),
            constraints=limits,
            bounds=Bounds(0.0, np.concatenate([np.ones(options), endless[missed]])),
            options={"mip_rel_gap": gap, "node_limit": nodes},
        )
    if solved.x is None:
        return None
    owner = np.repeat(np.arange(len(table)), np.diff(table.start))
    order = np.lexsort((-solved.x[:options], owner))
    bound = solved.mip_dual_bound
    return (
        np.asarray(order[table.start[:-1]], dtype=np.int64),
        -np.inf if bound is None else float(bound) * table.mean_cost,
    )


def polished(
    passes: Passes, goals: Goals, price: Floats, chosen: Places, away: float, gap: float, *, first: bool
) -> tuple[Places, float]:
    """Choices in which the undecided parcels were looked at together, and the bound that this proves.

    Parameters
    ----------
    passes : Passes
        Over the options.
    goals : Goals
        What is to be met.
    price : ndarray, shape (accounts,)
        At which options are compared. [yuan per unit]
    chosen : ndarray of int64, shape (parcels,)
        Options of the table; not changed.
    away : float
        Cost of these choices less the bound. [yuan]
    gap : float
        Share of the whole cost within which the search may stop; a part of the parcels is searched four times finer.
    first : bool
        Whether few parcels are to be looked at before all: what they save leaves fewer options for the next time.

    Returns
    -------
    chosen : ndarray of int64, shape (parcels,)
        Options of the table.
    bound : float
        Of the cost of all choices that meet the goals; -inf where nothing is proved. [yuan]

    Notes
    -----
    An option that loses more than `away` against the best one of its parcel stands in no better choice. Where not too
    many others are left, all of them are looked at, and the bound holds for the whole.
    """
    table = passes.table
    loss = losses(table, goals, price)
    loss[chosen] = 0.0
    kept = loss <= away
    most = len(table) + 2 * MOST_UNDECIDED if first else MOST_OPTIONS
    whole = int(kept.sum()) <= most
    if not whole:
        kept[:] = False
        kept[np.argsort(loss, kind="stable")[: len(table) + MOST_UNDECIDED]] = True
    left = np.add.reduceat(kept, table.start[:-1])
    open_ = np.flatnonzero(left > 1)
    if not len(open_):
        return chosen, -np.inf
    part, options = table.part_of(open_, kept)
    sums, own = passes.sums(chosen), part_sums(table, chosen[open_])
    cost = float(table.cost[chosen[open_]].sum())
    missed = np.flatnonzero(goals.short(sums[1]) > 0)
    asked = gap if whole else gap / FINER
    asked *= abs(sums[0]) / (abs(cost) or 1.0)
    nodes = FEW_NODES if len(missed) or not whole else MOST_NODES
    found = chosen_exactly(part, goals, sums[1] - own, missed, asked, nodes)
    if found is None:
        return chosen, -np.inf
    better = chosen.copy()
    better[open_] = options[found[0]]
    return better, found[1] + sums[0] - cost if whole else -np.inf


def part_sums(table: Table, options: Places) -> Floats:
    """Sums of the accounts over some options."""
    _, places = ranges(table.first, options)
    sums = np.zeros(table.accounts)
    np.add.at(sums, table.account[places], table.gain[places])
    return sums


def losses(table: Table, goals: Goals, price: Floats) -> Floats:
    """By how much the reduced cost of every option is above that of the best one of its parcel. [yuan]"""
    gain = csr_array(
        (table.gain.astype(np.float64), table.account.astype(np.int64), table.first),
        shape=(len(table.cost), table.accounts),
    )
    reduced = table.cost - gain @ (goals.sign * price)
    best = np.minimum.reduceat(reduced, table.start[:-1])
    return np.asarray(reduced - np.repeat(best, np.diff(table.start)))
