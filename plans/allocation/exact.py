"""Exact allocation of some parcels by HiGHS: whole problems where they are small, else the parcels that are undecided."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import vstack

from core.quiet import quiet
from plans.allocation.choices import Floats, Places
from plans.allocation.dual import Goals
from plans.allocation.linear import gains_of, largest, programme_of
from plans.allocation.table import Passes, Table, ranges

MOST_OPTIONS = 20_000  # of all parcels that are looked at together
FEW_UNDECIDED = 150  # options beside the best of each parcel that are looked at together at first
WIDER = 4  # times as many each further time
HUGE = 0.5  # of what is to be saved: parcels whose options differ by more are decided before others
FEW_HUGE = 6  # where more are as large, deciding single ones helps little
FINER = 4.0  # where only part of the parcels is searched, and the bound is that of the prices
MOST_NODES = 100
FEW_NODES = 20  # of parts, and where something is missed: what is not met soon is rarely met late


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
    made = programme_of(table, goals, elsewhere, missed)
    options = len(table.cost)
    ones, endless = np.ones(len(table)), np.full(table.accounts, np.inf)
    from scipy.optimize import Bounds, LinearConstraint, milp  # late: it takes a while to import

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
    bound = solved.mip_dual_bound
    return (
        largest(table, solved.x[:options]),
        -np.inf if bound is None else float(bound) * table.mean_cost,
    )


def polished(
    passes: Passes, goals: Goals, price: Floats, chosen: Places, away: float, gap: float, turn: int
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
    turn : int
        How often parcels were looked at before: few at first, as what they save leaves fewer options for the next time.

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
    if 0 < int((spreads(table, kept) > HUGE * away).sum()) <= FEW_HUGE:
        return chosen, -np.inf
    few = FEW_UNDECIDED * WIDER**turn
    whole = int(kept.sum()) <= (MOST_OPTIONS if turn else len(table) + 2 * few)
    if not whole:
        kept[:] = False
        kept[np.argsort(loss, kind="stable")[: len(table) + few]] = True
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
    reduced = table.cost - gains_of(table) @ (goals.sign * price)
    best = np.minimum.reduceat(reduced, table.start[:-1])
    return np.asarray(reduced - np.repeat(best, np.diff(table.start)))


def spreads(table: Table, near: NDArray[np.bool_]) -> Floats:
    """By how much the costs of some options of every parcel differ. [yuan]"""
    cost, starts = np.where(near, table.cost, np.nan), table.start[:-1]
    return np.asarray(np.nan_to_num(np.fmax.reduceat(cost, starts) - np.fmin.reduceat(cost, starts)))
