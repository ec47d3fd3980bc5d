"""Switches: single parcels take another option, to meet what is missed or to save what is not needed, caps respected."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.compiled import kernel
from plans.allocation.choices import Floats, Places
from plans.allocation.dual import Goals
from plans.allocation.table import Passes, Table

MET = 1e-9  # share of its scale by which an account may miss its value: the rounding of sums
MOST_ROUNDS = 20


@kernel
def changed(
    first: Places, account: NDArray[np.uint16], gain: NDArray[Any], old: int, new: int, change: Floats
) -> None:
    """Add to `change` what every account gets when one option takes the place of another."""
    for place in range(first[old], first[old + 1]):
        change[account[place]] -= gain[place]
    for place in range(first[new], first[new + 1]):
        change[account[place]] += gain[place]


@kernel
def allowed(change: Floats, sign: Floats, room: Floats, kept: NDArray[np.bool_]) -> bool:
    """Whether all accounts that are kept stay met, or get no worse where they are not."""
    for which in range(change.size):
        if kept[which] and change[which] != 0.0:
            step = sign[which] * change[which]
            if step < 0.0 and room[which] + step < 0.0:
                return False
    return True


@kernel
def helpers(
    start: Places, cost: Floats, tilt: NDArray[np.float32], first: Places, account: NDArray[np.uint16],
    gain: NDArray[Any], price: Floats, sign: Floats, which: int, need: float, chosen: Places,
    better: Places, ratio: Floats, single: Places, extra: Floats,
) -> None:  # fmt: skip
    """Of every parcel, the option that helps one account at the least loss.

    Filled: `better` with the least loss for a unit of gain and `ratio` with that; `single` with the least loss among
    those that fill the whole need and `extra` with that. Without any, -1 and infinity.
    """
    for parcel in range(start.size - 1):
        better[parcel], single[parcel] = -1, -1
        ratio[parcel], extra[parcel] = np.inf, np.inf
        now = chosen[parcel]
        worth, given = reduced(cost, tilt, first, account, gain, price, which, now)
        for option in range(start[parcel], start[parcel + 1]):
            loss, gives = reduced(cost, tilt, first, account, gain, price, which, option)
            step = sign[which] * (gives - given)
            if step <= 0.0:
                continue
            loss -= worth
            if loss / step < ratio[parcel]:
                better[parcel], ratio[parcel] = option, loss / step
            if step >= need and loss < extra[parcel]:
                single[parcel], extra[parcel] = option, loss


@kernel
def reduced(
    cost: Floats, tilt: NDArray[np.float32], first: Places, account: NDArray[np.uint16], gain: NDArray[Any],
    price: Floats, which: int, option: int,
) -> tuple[float, float]:  # fmt: skip
    """Reduced cost of an option, and what it gives to one account."""
    value, gives = cost[option] + tilt[option], 0.0
    for place in range(first[option], first[option + 1]):
        value -= price[account[place]] * gain[place]
        if account[place] == which:
            gives = gain[place]
    return value, gives


@kernel
def help_in_turn(
    order: Places, better: Places, first: Places, account: NDArray[np.uint16], gain: NDArray[Any],
    sign: Floats, which: int, kept: NDArray[np.bool_], room: Floats, chosen: Places,
) -> int:  # fmt: skip
    """Switch parcels in an order until an account is met, wherever the others allow it; gives how many switched."""
    count = 0
    change = np.zeros(sign.size)
    for parcel in order:
        if room[which] >= 0.0:
            break
        change[:] = 0.0
        changed(first, account, gain, chosen[parcel], better[parcel], change)
        if allowed(change, sign, room, kept):
            room += sign * change
            chosen[parcel] = better[parcel]
            count += 1
    return count


@kernel
def savers(
    start: Places, cost: Floats, tilt: NDArray[np.float32], first: Places, account: NDArray[np.uint16],
    gain: NDArray[Any], price: Floats, sign: Floats, room: Floats, kept: NDArray[np.bool_], chosen: Places,
    better: Places, ratio: Floats,
) -> None:  # fmt: skip
    """Of every parcel, the cheaper option that all accounts allow and that loses least for the money it saves."""
    change = np.zeros(sign.size)
    for parcel in range(start.size - 1):
        better[parcel], ratio[parcel] = -1, np.inf
        now = chosen[parcel]
        worth, _ = reduced(cost, tilt, first, account, gain, price, 0, now)
        for option in range(start[parcel], start[parcel + 1]):
            saved = cost[now] - cost[option]
            if saved <= 0.0:
                continue
            loss, _ = reduced(cost, tilt, first, account, gain, price, 0, option)
            if (loss - worth) / saved >= ratio[parcel]:
                continue
            change[:] = 0.0
            changed(first, account, gain, now, option, change)
            if allowed(change, sign, room, kept):
                better[parcel], ratio[parcel] = option, (loss - worth) / saved


@kernel
def save_in_turn(
    order: Places, better: Places, first: Places, account: NDArray[np.uint16], gain: NDArray[Any],
    sign: Floats, kept: NDArray[np.bool_], room: Floats, chosen: Places,
) -> int:  # fmt: skip
    """Switch parcels in an order wherever the accounts still allow it; gives how many switched."""
    count = 0
    change = np.zeros(sign.size)
    for parcel in order:
        change[:] = 0.0
        changed(first, account, gain, chosen[parcel], better[parcel], change)
        if allowed(change, sign, room, kept):
            room += sign * change
            chosen[parcel] = better[parcel]
            count += 1
    return count


def repaired(passes: Passes, goals: Goals, price: Floats, chosen: Places) -> Places:
    """Choices with what is missed made good, as far as parcels and price ceilings allow, and nothing needless kept.

    Parameters
    ----------
    passes : Passes
        Over the options.
    goals : Goals
        What is to be met, with the values that count.
    price : ndarray, shape (accounts,)
        By which losses are judged. [yuan per unit]
    chosen : ndarray of int64, shape (parcels,)
        Options of the table; not changed.

    Notes
    -----
    Accounts are mended by rank, the worst first; first so that no other suffers, then so that only those of a larger
    rank do, which are mended after.
    """
    chosen = chosen.copy()
    everything = np.ones(len(goals.sign), dtype=np.bool_)
    for _ in range(MOST_ROUNDS):
        before = chosen.copy()
        short = goals.short(passes.sums(chosen)[1]) / goals.scale
        missed = np.flatnonzero(short > MET)
        for which in missed[np.lexsort((-short[missed], goals.rank[missed]))]:
            for kept in (everything, goals.rank <= goals.rank[which]):
                _help(passes, goals, price, chosen, int(which), kept)
        if (chosen == before).all():
            break
    _save(passes, goals, price, chosen)
    return chosen


def _help(
    passes: Passes, goals: Goals, price: Floats, chosen: Places, which: int, kept: NDArray[np.bool_]
) -> None:
    table, signed = passes.table, goals.sign * price
    room = _room(passes, goals, chosen)
    if room[which] >= 0.0:
        return
    better, single = np.empty(len(table), np.int64), np.empty(len(table), np.int64)
    ratio, extra = np.empty(len(table)), np.empty(len(table))
    helpers(
        table.start, table.cost, table.tilt, table.first, table.account, table.gain, signed, goals.sign, which,
        -float(room[which]), chosen, better, ratio, single, extra,
    )  # fmt: skip
    dearest = goals.ceiling[which] - price[which]
    worth_while = np.flatnonzero(np.isfinite(ratio) & (ratio <= dearest))
    order = worth_while[np.argsort(ratio[worth_while], kind="stable")]
    trial, left = chosen.copy(), room.copy()
    help_in_turn(order, better, table.first, table.account, table.gain, goals.sign, which, kept, left, trial)
    alone, rest = chosen.copy(), room.copy()
    can = np.flatnonzero(extra <= dearest * -room[which])
    help_in_turn(
        can[np.argsort(extra[can], kind="stable")], single, table.first, table.account, table.gain, goals.sign,
        which, kept, rest, alone,
    )  # fmt: skip
    signed_cost = [_loss(table, signed, chosen, one) for one in (trial, alone)]
    met = [left[which] >= 0.0, rest[which] >= 0.0]
    chosen[:] = alone if met[1] and (not met[0] or signed_cost[1] < signed_cost[0]) else trial


def _loss(table: Table, signed: Floats, old: Places, new: Places) -> float:
    """How much reduced cost the switched parcels lose."""
    moved = np.flatnonzero(old != new)
    change = np.zeros(table.accounts)
    for parcel in moved:
        changed(table.first, table.account, table.gain, old[parcel], new[parcel], change)
    return float((table.cost[new[moved]] - table.cost[old[moved]]).sum() - signed @ change)


def _save(passes: Passes, goals: Goals, price: Floats, chosen: Places) -> None:
    """Let parcels take cheaper options as long as some are allowed."""
    table = passes.table
    kept = np.ones(len(goals.sign), dtype=np.bool_)
    better, ratio = np.empty(len(table), np.int64), np.empty(len(table))
    for _ in range(MOST_ROUNDS):
        room = _room(passes, goals, chosen)
        savers(
            table.start, table.cost, table.tilt, table.first, table.account, table.gain, goals.sign * price,
            goals.sign, room, kept, chosen, better, ratio,
        )  # fmt: skip
        order = np.flatnonzero(better >= 0)
        order = order[np.argsort(ratio[order], kind="stable")]
        if not save_in_turn(
            order, better, table.first, table.account, table.gain, goals.sign, kept, room, chosen
        ):
            break


def _room(passes: Passes, goals: Goals, chosen: Places) -> Floats:
    """How far every account is from its value, a rounding of sums counted as met."""
    return MET * goals.scale - goals.short(passes.sums(chosen)[1])
