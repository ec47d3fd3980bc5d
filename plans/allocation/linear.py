"""Linear programmes of parcels that may be shared among options, solved by HiGHS over the few options that matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, hstack

from plans.allocation.choices import Floats, Places
from plans.allocation.dual import SOFTNESS, Goals, raised
from plans.allocation.table import Passes, Table

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

BY_HIGHS = 200_000  # options up to which HiGHS finds prices soon, however few parcels share an account
FEW_ACCOUNTS = 40  # whose prices are found faster by raising the dual than by trying options
MOST_TURNS = 40
BETTER = 1e-7  # of the mean cost, by which an option must beat those of the programme to enter it


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


@dataclass(frozen=True)
class Shared:
    """Parcels shared among options at least cost, what accounts miss counted at their price ceilings.

    Parameters
    ----------
    cost : float
        [yuan]
    price : ndarray, shape (accounts,)
        [yuan per unit]
    sums : ndarray, shape (accounts,)
    share : ndarray, shape (options,)
        Of every option in its parcel, 0 to 1.
    """

    cost: float
    price: Floats
    sums: Floats
    share: Floats


def programme_of(table: Table, goals: Goals, elsewhere: Floats, missed: Places) -> Programme:
    """The programme of all parcels of a table, where others give something and some accounts may be missed."""
    options, accounts = len(table.cost), table.accounts
    owner = np.repeat(np.arange(len(table)), np.diff(table.start))
    each = coo_array(
        (np.ones(options), (owner, np.arange(options))), shape=(len(table), options + len(missed))
    )
    signed = (gains_of(table) * (goals.sign / goals.scale)[None, :]).T
    return Programme(
        np.concatenate([table.cost, (goals.ceiling * goals.scale)[missed]]) / table.mean_cost,
        each.tocsr(),
        hstack([csr_array(signed), csr_array(np.eye(accounts)[:, missed])]).tocsr(),
        goals.sign * (goals.value - elsewhere) / goals.scale,
    )


def gains_of(table: Table) -> csr_array:
    """What every option gives to every account, in double precision, (options, accounts)."""
    return csr_array(
        (table.gain.astype(np.float64), table.account.astype(np.int64), table.first),
        shape=(len(table.cost), table.accounts),
    )


def linear_bound(table: Table, goals: Goals) -> Shared:
    """Parcels shared among all their options at once, by HiGHS.

    Raises
    ------
    RuntimeError
        HiGHS did not reach the optimum.
    """
    solved = _solved(table, goals)
    return _shared(table, goals, solved, solved.x[: len(table.cost)])


def shared(passes: Passes, goals: Goals, start: Floats | None) -> Shared:
    """The same by HiGHS over the options that are best at some prices, and those that beat them at the prices found.

    Parameters
    ----------
    passes : Passes
        Over the options.
    goals : Goals
        What is to be met.
    start : ndarray, shape (accounts,), or None
        Prices near the ones looked for, where some are known. [yuan per unit]

    Raises
    ------
    RuntimeError
        HiGHS did not reach the optimum.

    Notes
    -----
    Column generation [1]_: an option that does not enter has no share in the optimum, for at the prices found it costs
    no less than what its parcel has.

    References
    ----------
    .. [1] P. C. Gilmore and R. E. Gomory, "A linear programming approach to the cutting-stock problem," Operations
       Research 9(6), 849-859, 1961.
    """
    table = passes.table
    price = np.zeros(table.accounts) if start is None else np.minimum(start, goals.ceiling)
    if start is None and table.accounts <= FEW_ACCOUNTS:
        for softness in SOFTNESS[:2]:
            price = raised(passes, goals, price, softness)
    gain = gains_of(table)
    owner = np.repeat(np.arange(len(table)), np.diff(table.start))
    reduced = table.cost - gain @ (goals.sign * price)
    loss = reduced - np.minimum.reduceat(reduced, table.start[:-1])[owner]
    kept = np.zeros(len(loss), dtype=np.bool_)
    kept[np.argsort(loss, kind="stable")[: 2 * len(table)]] = True
    kept[largest(table, -loss)] = True  # of each parcel one, however many options are alike
    for _ in range(MOST_TURNS):
        passes.check()
        part, options = table.part_of(np.arange(len(table)), kept)
        solved = _solved(part, goals)
        price = _prices(table, goals, solved)
        worth = solved.eqlin.marginals * table.mean_cost
        beaten = table.cost - gain @ (goals.sign * price) - worth[owner]
        new = np.flatnonzero((beaten < -BETTER * table.mean_cost) & ~kept)
        if not len(new):
            break
        kept[new[np.argsort(beaten[new], kind="stable")[: len(table)]]] = True
    share = np.zeros(len(loss))
    share[options] = solved.x[: len(options)]
    return _shared(table, goals, solved, share)


def largest(table: Table, share: Floats) -> Places:
    """The option of the largest share of every parcel."""
    owner = np.repeat(np.arange(len(table)), np.diff(table.start))
    order = np.lexsort((-share, owner))
    return np.asarray(order[table.start[:-1]], dtype=np.int64)


def _solved(table: Table, goals: Goals) -> OptimizeResult:
    made = programme_of(table, goals, np.zeros(table.accounts), np.arange(table.accounts))
    from scipy.optimize import linprog  # late: it takes a while to import

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
    return solved


def _prices(table: Table, goals: Goals, solved: OptimizeResult) -> Floats:
    if not table.accounts:
        return np.zeros(0)
    return np.asarray(np.maximum(-solved.ineqlin.marginals, 0.0) * table.mean_cost / goals.scale)


def _shared(table: Table, goals: Goals, solved: OptimizeResult, share: NDArray[Any]) -> Shared:
    weights = np.repeat(share, np.diff(table.first)) * table.gain
    sums = np.bincount(table.account, weights=weights, minlength=table.accounts).astype(np.float64)
    return Shared(float(solved.fun * table.mean_cost), _prices(table, goals, solved), sums, share)
