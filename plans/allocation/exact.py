"""Exact allocation of some parcels by HiGHS: whole problems where they are small, else the parcels that are undecided."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array, hstack, vstack

from plans.allocation.choices import Floats, Places
from plans.allocation.dual import Goals
from plans.allocation.table import Passes, Table

SMALL_OPTIONS = 6_000  # a problem of so many is solved whole where the dual leaves a gap
UNDECIDED_PARCELS = 300  # looked at again in a larger problem
MOST_NODES = 200  # of the search; a limit of time would give another plan on another machine


@dataclass(frozen=True)
class Programme:
    """The elastic linear programme of some parcels: options first, then what each account misses.

    Parameters
    ----------
    cost : ndarray, shape (options + accounts,)
        In mean costs; what is missed costs its price ceiling.
    one_each : sparse array, shape (parcels, options + accounts)
        Sums the options of every parcel.
    sums : sparse array, shape (accounts, options + accounts)
        Sums of the accounts with their sign, in their scale, and what is missed added.
    least : ndarray, shape (accounts,)
        What these sums must reach.
    """

    cost: Floats
    one_each: csr_array
    sums: csr_array
    least: Floats


def programme_of(table: Table, goals: Goals, elsewhere: Floats) -> Programme:
    """The programme of all parcels of a table, of which others already give something."""
    options, accounts = len(table.cost), table.accounts
    owner = np.repeat(np.arange(len(table)), np.diff(table.start))
    each = coo_array((np.ones(options), (owner, np.arange(options))), shape=(len(table), options + accounts))
    gain = csr_array(
        (table.gain.astype(np.float64), table.account.astype(np.int64), table.first),
        shape=(options, accounts),
    )
    signed = (gain * (goals.sign / goals.scale)[None, :]).T
    return Programme(
        np.concatenate([table.cost, goals.ceiling * goals.scale]) / table.mean_cost,
        each.tocsr(),
        hstack([csr_array(signed), csr_array(np.eye(accounts))]).tocsr(),
        goals.sign * (goals.value - elsewhere) / goals.scale,
    )


def linear_bound(table: Table, goals: Goals) -> tuple[float, Floats]:
    """Least cost where parcels may be shared among options, and the price of each account, by HiGHS.

    What accounts miss is counted at their price ceilings.

    Raises
    ------
    RuntimeError
        HiGHS did not reach the optimum.
    """
    made = programme_of(table, goals, np.zeros(table.accounts))
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
    return float(solved.fun * table.mean_cost), np.asarray(prices)


def chosen_exactly(
    table: Table, goals: Goals, elsewhere: Floats, slack: float
) -> tuple[Places, float] | None:
    """The options of least cost for all parcels of a table, within a slack, by branch and bound.

    Parameters
    ----------
    table : Table
        Of few parcels.
    goals : Goals
        Of the whole city.
    elsewhere : ndarray, shape (accounts,)
        What all other parcels give.
    slack : float
        The search stops when no choice can be cheaper by more. [yuan]

    Returns
    -------
    chosen : ndarray of int64, shape (parcels,)
        Options of the table.
    bound : float
        No choice of these parcels costs less, what is missed counted at its price ceiling. [yuan]
    None
        Where the search ended without any choice.
    """
    made = programme_of(table, goals, elsewhere)
    options = len(table.cost)
    integral = np.concatenate([np.ones(options), np.zeros(table.accounts)])
    rows = vstack([made.one_each, made.sums]).tocsr()
    ones = np.ones(len(table))
    limits = LinearConstraint(
        rows, np.concatenate([ones, made.least]), np.concatenate([ones, np.full(table.accounts, np.inf)])
    )
    about = max(float(np.abs(table.cost[table.start[:-1]]).sum()), table.mean_cost)
    solved = milp(
        made.cost,
        integrality=integral,
        constraints=limits,
        bounds=Bounds(0.0, np.concatenate([np.ones(options), np.full(table.accounts, np.inf)])),
        options={"mip_rel_gap": slack / about, "node_limit": MOST_NODES, "presolve": True},
    )
    if solved.x is None:
        return None
    shares = solved.x[:options]
    largest = np.maximum.reduceat(shares, table.start[:-1])
    owner = np.repeat(np.arange(len(table)), np.diff(table.start))
    first = np.flatnonzero(shares >= largest[owner])
    _, where = np.unique(owner[first], return_index=True)
    bound = solved.mip_dual_bound
    return first[where].astype(np.int64), -np.inf if bound is None else float(bound) * table.mean_cost


def polished(
    passes: Passes, goals: Goals, price: Floats, chosen: Places, slack: float
) -> tuple[Places, float]:
    """Choices in which the undecided parcels were looked at together, and a bound where all of them were.

    Undecided is a parcel whose second option costs hardly more than its first at these prices, or one that alone
    moves an account much.
    """
    table = passes.table
    if len(table.cost) <= SMALL_OPTIONS:
        found = chosen_exactly(table, goals, np.zeros(table.accounts), slack)
        return found if found else (chosen, -np.inf)
    parcels = np.sort(undecided(table, goals, price)[:UNDECIDED_PARCELS])
    part = table.part(parcels)
    rest = chosen.copy()
    _, all_sums = passes.sums(rest)
    own = sums_over(table, rest[parcels])
    found = chosen_exactly(part, goals, all_sums - own, slack)
    if found:
        starts = table.start[parcels] - part.start[:-1]
        rest[parcels] = found[0] + starts
    return rest, -np.inf


def sums_over(table: Table, options: Places) -> Floats:
    """Sums of the accounts over some options."""
    gain = csr_array(
        (table.gain.astype(np.float64), table.account.astype(np.int64), table.first),
        shape=(len(table.cost), table.accounts),
    )
    return np.asarray(gain[options].sum(axis=0)).ravel()


def undecided(table: Table, goals: Goals, price: Floats) -> Places:
    """Parcels by how little their second option loses against their first at these prices, the nearest first."""
    gain = csr_array(
        (table.gain.astype(np.float64), table.account.astype(np.int64), table.first),
        shape=(len(table.cost), table.accounts),
    )
    reduced = table.cost + table.tilt - gain @ (goals.sign * price)
    starts = table.start[:-1]
    owner = np.repeat(np.arange(len(table)), np.diff(table.start))
    best = np.minimum.reduceat(reduced, starts)
    order = np.lexsort((reduced, owner))
    second = np.full(len(table), np.inf)
    more = np.flatnonzero(np.diff(table.start) > 1)
    second[more] = reduced[order[starts[more] + 1]]
    lead = second - best
    near = np.argsort(lead, kind="stable")
    return np.asarray(near[np.isfinite(lead[near])], dtype=np.int64)
