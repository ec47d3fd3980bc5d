"""Covers: options of parcels that share an account and exceed it together, as further accounts that close the gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack

from core.compiled import kernel
from plans.allocation.choices import Floats, Places
from plans.allocation.dual import Goals
from plans.allocation.table import Table, ranges

MOST_SHARERS = 200  # parcels of an account; where more share it, none of them matters much
STEPS = 1000  # into which the room of an account is parted
BEYOND = 1e-8  # share of its scale by which an account is exceeded for certain
ROUNDING = 1e-10  # of such shares: amounts so near to each other are the same
CROSSED = 1e-3  # parcels by which a cover must be exceeded to be of use


@dataclass(frozen=True)
class Cover:
    """Options of which only some can be chosen, as more would exceed an account.

    Parameters
    ----------
    options : ndarray of int64
        Of the table.
    counts : ndarray, shape (options,)
        For how many each counts.
    most : int
        That can be chosen, each as often as it counts.
    account : int
        That is exceeded else.
    size : float
        The most that one of them takes more of the account than its parcel must.
    """

    options: Places
    counts: Floats
    most: int
    account: int
    size: float


@kernel
def lightest_cover(
    begin: Places, weight: Floats, lacking: Floats, room: float, taken: Places, before: Places, picked: Places
) -> float:
    """Of every group one candidate at most, together heavier than the room, that lack least together.

    Parameters
    ----------
    begin : ndarray of int64, shape (groups + 1,)
        Where the candidates of every group begin.
    weight, lacking : ndarray, shape (candidates,)
        Weights are rounded down to thousandths of the room.
    room : float
        Above 0.
    taken, before : ndarray of int64, shape (groups, STEPS + 2)
        Filled: the candidate taken for each sum of weights, -1 for none, and the sum without it.
    picked : ndarray of int64, shape (groups,)
        Filled: the candidate of each group, -1 for none.

    Returns
    -------
    float
        What they lack together; infinity where all candidates fit into the room.

    Notes
    -----
    Dynamic programming over the sum of weights, the last state being any that is beyond the room.
    """
    over = STEPS + 1
    best = np.full(over + 1, np.inf)
    best[0] = 0.0
    for group in range(begin.size - 1):
        new = best.copy()
        for state in range(over + 1):
            taken[group, state], before[group, state] = -1, state
        for one in range(begin[group], begin[group + 1]):
            step = int(min(weight[one] / room * STEPS * (1.0 - 1e-12), over))
            if step == 0:
                continue
            for state in range(over + 1):
                there = min(state + step, over)
                if best[state] + lacking[one] < new[there]:
                    new[there] = best[state] + lacking[one]
                    taken[group, there], before[group, there] = one, state
        best = new
    state = over
    for group in range(begin.size - 2, -1, -1):
        picked[group] = taken[group, state]
        state = before[group, state]
    return float(best[over])


def covers_of(table: Table, goals: Goals, share: Floats, accounts: Places) -> list[Cover]:
    """Covers that parcels shared among options exceed.

    Parameters
    ----------
    table : Table
        Options.
    goals : Goals
        What is to be met.
    share : ndarray, shape (options,)
        Of every option in its parcel.
    accounts : ndarray of int64
        That are looked at; those that many parcels share are left out.
    """
    owner = np.repeat(np.arange(len(table)), np.diff(table.start))
    option_of = np.repeat(np.arange(len(table.cost)), np.diff(table.first))
    order = np.argsort(table.account, kind="stable")
    edges = np.searchsorted(table.account[order], np.arange(table.accounts + 1))
    found = []
    for which in accounts:
        places = order[edges[which] : edges[which + 1]]
        parcels = np.unique(owner[option_of[places]])
        if not 0 < len(parcels) <= MOST_SHARERS:
            continue
        start, options = ranges(table.start, parcels)
        used = np.zeros(len(options))
        used[np.searchsorted(options, option_of[places])] = table.gain[places]
        used *= -goals.sign[which] / goals.scale[which]
        least = np.minimum.reduceat(used, start[:-1])
        room = -float(goals.sign[which] * goals.value[which] / goals.scale[which]) - float(least.sum())
        used -= np.repeat(least, np.diff(start))
        if room <= BEYOND:
            continue
        counts, most = _cover(start, used, share[options], room)
        inside = np.flatnonzero(counts)
        if len(inside):
            size = float(used[inside].max()) * goals.scale[which]
            found.append(Cover(options[inside], counts[inside], most, int(which), size))
    return found


def _cover(start: Places, used: Floats, share: Floats, room: float) -> tuple[Floats, int]:
    """For how many every option counts in the cover that is exceeded most, and how many can be chosen."""
    group = np.repeat(np.arange(len(start) - 1), np.diff(start))
    order = np.lexsort((-used, group))
    above = np.cumsum(share[order])
    above -= np.repeat(np.concatenate([[0.0], above])[start[:-1]], np.diff(start))
    lacking = np.maximum(1.0 - above, 0.0)
    shape = (len(start) - 1, STEPS + 2)
    picked = np.empty(shape[0], np.int64)
    lacks = lightest_cover(
        start,
        used[order],
        lacking + BEYOND,
        room,
        np.empty(shape, np.int64),
        np.empty(shape, np.int64),
        picked,
    )
    nothing = np.zeros(len(used)), 0
    if lacks >= 1.0 - CROSSED:
        return nothing
    least = np.full(shape[0], np.inf)  # amount from which options of a parcel count
    inside = np.flatnonzero(picked >= 0)
    least[inside] = used[order][picked[inside]]
    for one in inside[np.lexsort((inside, -lacking[picked[inside]]))]:
        if least[np.isfinite(least)].sum() - least[one] > room + BEYOND:
            least[one] = np.inf  # it is a cover without this parcel
    if least[np.isfinite(least)].sum() <= room + BEYOND:
        return nothing
    found = [(counted(group, used, one, room), np.isfinite(one).sum() - 1) for one in (
        least, _lowered(start, used, least, room),
    )]  # fmt: skip
    counts, most = max(found, key=lambda one: float(one[0] @ share))
    return (counts, int(most)) if counts @ share > most + CROSSED else nothing


def _lowered(start: Places, used: Floats, least: Floats, room: float) -> Floats:
    """The amounts from which options count, lowered as far as they still exceed the room together."""
    least = least.copy()
    inside = np.flatnonzero(np.isfinite(least))
    total = float(least[inside].sum())
    for one in inside:
        amounts = np.unique(used[start[one] : start[one + 1]])
        for less in amounts[(amounts > 0.0) & (amounts < least[one])][::-1]:
            if total - least[one] + less <= room + BEYOND:
                break
            total += float(less - least[one])
            least[one] = less
    return least


def counted(group: Places, used: Floats, least: Floats, room: float) -> Floats:
    """For how many every option counts in a cover.

    Parameters
    ----------
    group : ndarray of int64, shape (options,)
        Parcel of every option.
    used : ndarray, shape (options,)
        What it takes beyond the least of its parcel.
    least : ndarray, shape (parcels,)
        From what amount the options of each parcel count, infinity outside the cover; together they exceed the room.
    room : float
        What all parcels may take.

    Notes
    -----
    Lifting after Letchford and Souli [1]_: with the amounts cut at the height at which they just fill the room, an
    option counts for as many as it takes more than the largest of. A parcel that takes a larger option than the one
    in the cover is as another parcel outside it, so that the rule holds where parcels choose among options.

    References
    ----------
    .. [1] A. N. Letchford and G. Souli, "On lifted cover inequalities: a new lifting procedure with unusual
       properties," Operations Research Letters 47(2), 83-87, 2019.
    """
    amounts = np.sort(least[np.isfinite(least)])[::-1]
    room += BEYOND
    height = room / len(amounts)
    for count in range(1, len(amounts)):  # the `count` largest are cut
        cut = (room - float(amounts[count:].sum())) / count
        if cut >= amounts[count]:
            height = cut
            break
    fills = np.cumsum(np.minimum(amounts, height))
    counts = np.searchsorted(fills + ROUNDING, used, side="left").astype(float)
    low = np.where(least <= height, least, np.inf)
    return np.where(used >= low[group], np.maximum(counts, 1.0), counts)


def with_covers(table: Table, goals: Goals, covers: Sequence[Cover]) -> tuple[Table, Goals]:
    """The table and the goals with every cover as a further cap, in options."""
    if not covers:
        return table, goals
    options = np.concatenate([one.options for one in covers])
    counts = np.concatenate([one.counts for one in covers])
    column = np.repeat(np.arange(len(covers)), [len(one.options) for one in covers])
    given = csr_array(
        (table.gain, table.account.astype(np.int64), table.first), shape=(len(table.cost), table.accounts)
    )
    more = coo_array(
        (counts.astype(table.gain.dtype), (options, column)), shape=(len(table.cost), len(covers))
    )
    rows = hstack([given, more.tocsr()]).tocsr()
    of = np.array([one.account for one in covers])
    most = np.array([float(one.most) for one in covers])
    sizes = np.array([one.size for one in covers])
    wider = replace(
        table, first=rows.indptr.astype(np.int64), account=rows.indices.astype(np.uint16), gain=rows.data,
        accounts=rows.shape[1],
    )  # fmt: skip
    return wider, Goals(
        np.concatenate([goals.sign, -np.ones(len(covers))]),
        np.concatenate([goals.value, most]),
        np.concatenate([goals.ceiling, goals.ceiling[of] * sizes]),
        np.concatenate([goals.scale, np.maximum(most, 1.0)]),
        np.concatenate([goals.rank, goals.rank[of]]),
    )
