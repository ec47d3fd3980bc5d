"""Balancing: parcels raised to higher grades, best suited first, until the shares of units, districts and city are met."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True)
class Goal:
    """A share of the floor area of a group that is to be reached.

    Parameters
    ----------
    column : str
        Column of the parcels that names their group; empty for the whole city.
    shares : Series, indexed by group
        Least share of each group, 0 to 1.
    """

    column: str
    shares: pd.Series[float]


@dataclass(frozen=True)
class Gap:
    """A group that falls short of its share, and what limits it: `no_area` or `fixed`."""

    group: str
    column: str
    share: float
    reached: float
    limit: str


def chosen(
    area_m2: pd.Series[float],
    counted: pd.Series[bool],
    free: pd.Series[bool],
    score: pd.Series[float],
    group: pd.Series[str],
    shares: pd.Series[float],
) -> tuple[NDArray[np.bool_], list[tuple[str, float, str]]]:
    """Which parcels are taken, highest score first, so that every group reaches its share.

    Parameters
    ----------
    area_m2 : Series
        Floor area of every parcel. [m²]
    counted : Series of bool
        Parcels that count to the share already.
    free : Series of bool
        Parcels that may be taken.
    score : Series
        Order within a group; of equal scores the lower id goes first.
    group : Series of str
        Group of every parcel.
    shares : Series, indexed by group
        Least share of each group, 0 to 1; groups that are not there are left alone.

    Returns
    -------
    ndarray of bool
        Parcels taken; no more than is needed in the order of the score.
    list of tuple
        Groups that stay below: group, share reached (NaN without floor area), limit.
    """
    taken = np.zeros(len(area_m2), dtype=bool)
    total = area_m2.groupby(group).sum()
    held = area_m2.where(counted, 0.0).groupby(group).sum()
    need = (shares * total.reindex(shares.index).fillna(0.0) - held.reindex(shares.index).fillna(0.0)).clip(
        lower=0.0
    )
    order = pd.DataFrame({"group": group, "score": -score, "area": area_m2, "at": np.arange(len(area_m2))})
    order = order[(free & ~counted & (area_m2 > 0)).to_numpy() & group.isin(need.index).to_numpy()]
    order = order.sort_values(["group", "score", "at"], kind="stable")
    before = order.groupby("group")["area"].cumsum() - order["area"]
    least = need.reindex(order["group"]).to_numpy()
    tolerance = 1e-9 * total.reindex(order["group"]).to_numpy()
    taken[order["at"].to_numpy()[before.to_numpy() < least - tolerance]] = True
    reached = held.add(area_m2.where(taken, 0.0).groupby(group).sum(), fill_value=0.0)
    gaps = []
    for name, share in shares.items():
        area = float(total.get(name, 0.0))
        if area <= 0:
            gaps.append((str(name), float("nan"), "no_area"))
        elif reached.get(name, 0.0) < share * area * (1 - 1e-9):
            gaps.append((str(name), float(reached.get(name, 0.0)) / area, "fixed"))
    return taken, gaps


def balanced(
    area_m2: pd.Series[float],
    counted: pd.Series[bool],
    free: pd.Series[bool],
    score: pd.Series[float],
    places: pd.DataFrame,
    goals: list[Goal],
) -> tuple[pd.Series[str], list[Gap]]:
    """Parcels taken for one share, goal after goal: units, then districts, then the city.

    Parameters
    ----------
    area_m2, counted, free, score : Series
        As of `chosen`.
    places : DataFrame
        The columns that the goals name.
    goals : list of Goal
        In the order in which they are met; what an earlier one took counts to the later.

    Returns
    -------
    Series of str
        The column of the goal for which a parcel was taken, `city` for the whole city; empty where it was not.
    list of Gap
        Groups that fall short.
    """
    why = pd.Series("", index=area_m2.index, dtype="str")
    gaps: list[Gap] = []
    for goal in goals:
        group = places[goal.column] if goal.column else pd.Series("", index=area_m2.index, dtype="str")
        taken, short = chosen(area_m2, counted | why.ne(""), free, score, group, goal.shares)
        why[taken] = goal.column or "city"
        gaps += [
            Gap(name, goal.column or "city", float(goal.shares[name]), reached, limit)
            for name, reached, limit in short
        ]
    return why, gaps
