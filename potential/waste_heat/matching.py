"""Matching sources of heat with those who need it, as a transport problem: at least cost, nothing given twice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
MOST_LINKS = 60_000  # of one problem; more parcels are gathered in cells first
LEAST = 1e-9


def match(
    source: Places, sink: Places, cost: Floats, supply: Floats, demand: Floats, worth: float
) -> tuple[Floats, Floats]:
    """Flows from sources to sinks that save most: the worth of what is served less the cost of the way.

    Parameters
    ----------
    source, sink : ndarray of int, shape (links,)
        Ends of every link.
    cost : ndarray, shape (links,)
        Cost of a unit over each link; links at `worth` or more, or without a cost (NaN), carry nothing.
    supply : ndarray, shape (sources,)
        What sources have.
    demand : ndarray, shape (sinks,)
        What sinks need.
    worth : float
        Cost of a unit from elsewhere.

    Returns
    -------
    flow : ndarray, shape (links,)
        At least 0; over the links of a source never more than its supply, of a sink than its demand.
    price : ndarray, shape (sources,)
        What a further unit of each source would save; 0 where something is left.

    Notes
    -----
    A linear programme (HiGHS). Where every sink can have its cheapest source, that is the answer at once. A further
    source leaves no sink with less, but where two answers cost the same.
    """
    flow, price = np.zeros(len(source)), np.zeros(len(supply))
    open_links = np.flatnonzero((cost < worth) & (supply[source] > LEAST) & (demand[sink] > LEAST))
    if not len(open_links):
        return flow, price
    source, sink, cost = source[open_links], sink[open_links], cost[open_links]
    order = np.lexsort((cost, sink))
    cheapest = order[np.r_[True, np.diff(sink[order]) > 0]]
    asked = np.bincount(source[cheapest], weights=demand[sink[cheapest]], minlength=len(supply))
    if (asked <= supply).all():
        flow[open_links[cheapest]] = demand[sink[cheapest]]
        return flow, price
    from scipy.optimize import linprog  # late: it takes a while to import

    sources, from_ = np.unique(source, return_inverse=True)
    sinks, to = np.unique(sink, return_inverse=True)
    links = np.arange(len(source))
    rows = np.concatenate([from_, len(sources) + to])
    bounds = coo_array(
        (np.ones(2 * len(links)), (rows, np.concatenate([links, links]))),
        shape=(len(sources) + len(sinks), len(links)),
    )
    limits = np.concatenate([supply[sources], demand[sinks]])
    scale = limits.max()
    solved = linprog(cost - worth, A_ub=bounds.tocsr(), b_ub=limits / scale, method="highs")
    if solved.x is None:
        raise RuntimeError(f"the transport problem was not solved: {solved.message}")
    flow[open_links] = within_limits(source, sink, np.maximum(solved.x, 0) * scale, supply, demand)
    price[sources] = np.maximum(-solved.ineqlin.marginals[: len(sources)], 0.0)
    return flow, price


def within_limits(source: Places, sink: Places, flow: Floats, supply: Floats, demand: Floats) -> Floats:
    """Flows less what the solver's rounding put above a limit."""
    for ends, limit in ((source, supply), (sink, demand)):
        total = np.bincount(ends, weights=flow, minlength=len(limit))
        over = total > limit
        if over.any():
            flow = flow * np.where(over, limit / np.where(total > 0, total, 1), 1.0)[ends]
    return flow


def match_gathered(
    source: Places,
    sink: Places,
    cost: Floats,
    supply: Floats,
    demand: Floats,
    worth: float,
    cell: Places,
) -> tuple[Floats, Floats]:
    """The same for many sinks, gathered in cells in which costs differ little.

    The problem is solved for cells, at their mean cost; what a source gives to a cell is shared there among the sinks
    it reaches by their demand.

    Parameters
    ----------
    cell : ndarray of int, shape (sinks,)
        Cell of every sink; sinks of one cell must be reached by the same sources.

    Returns
    -------
    flow, price : ndarray, shape (links,) and (sources,)
        As of `match`.
    """
    cells = int(cell.max()) + 1 if len(cell) else 0
    flow = np.zeros(len(source))
    kept = np.flatnonzero((cost < worth) & (demand[sink] > LEAST))
    if not len(kept):
        return flow, np.zeros(len(supply))
    source, sink, cost, need = source[kept], sink[kept], cost[kept], demand[sink[kept]]
    keys, link_of = np.unique(source * cells + cell[sink], return_inverse=True)
    reached = np.bincount(link_of, weights=need)
    mean = np.bincount(link_of, weights=need * cost) / reached
    wanted: Floats = np.bincount(cell, weights=demand, minlength=cells).astype(float)
    gathered, price = match(keys // cells, keys % cells, mean, supply, wanted, worth)
    flow[kept] = within_limits(source, sink, (gathered / reached)[link_of] * need, supply, demand)
    return flow, price


def by_price(source: Places, sink: Places, cost: Floats, price: Floats, worth: float) -> Places:
    """Order of links in which giving in turn comes near the match that the prices belong to.

    First those over which a sink has its best source at cost and price, the most saving first; then the others by
    how much worse they are. Links not worth while are left out.
    """
    full = np.where(np.isnan(cost), np.inf, cost + price[source])
    best = np.full(int(sink.max()) + 1 if len(sink) else 0, np.inf)
    np.minimum.at(best, sink, full)
    worth_while = np.flatnonzero(np.nan_to_num(cost, nan=np.inf) < worth)
    behind = np.round(full[worth_while] - best[sink[worth_while]], 9)
    return worth_while[np.lexsort((best[sink[worth_while]], behind))]


def cells_of(x: Floats, y: Floats, reached_by: NDArray[np.bool_], size: float) -> Places:
    """Cell of every sink: a square of the grid, parted by the set of sources that reach it.

    Parameters
    ----------
    x, y : ndarray, shape (sinks,)
        Where sinks are. [m]
    reached_by : ndarray of bool, shape (sinks, sources)
        Which sources reach each.
    size : float
        Side of a square. [m]
    """
    places = np.column_stack([np.floor(x / size), np.floor(y / size), np.packbits(reached_by, axis=1)])
    _, cell = np.unique(places, axis=0, return_inverse=True)
    return cell.astype(np.int64).ravel()
