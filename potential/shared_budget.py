"""Shared budgets: one resource given out among many parcels in turn, month by month, never more than it has."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.compiled import kernel

Floats = NDArray[np.float64]


@kernel
def serve_in_turn(
    parcel: NDArray[np.int64],
    resource: NDArray[np.int64],
    drawn_per_unit: Floats,
    wanted: Floats,
    budget: Floats,
) -> tuple[Floats, Floats, Floats]:
    """Give what resources have to those who may use them, link after link, each period by itself.

    Parameters
    ----------
    parcel, resource : ndarray of int, shape (links,)
        Who may draw from what, in the order in which they are served.
    drawn_per_unit : ndarray, shape (links, periods)
        What a unit served draws from the resource, above 0; NaN where nothing can be served.
    wanted : ndarray, shape (parcels, periods)
        What every parcel wants in a period.
    budget : ndarray, shape (resources, periods)
        What every resource has in a period, in the unit of what is drawn.

    Returns
    -------
    served : ndarray, shape (links, periods)
        What every link serves.
    unserved : ndarray, shape (parcels, periods)
        What is still wanted.
    left : ndarray, shape (resources, periods)
        What is still there.

    Notes
    -----
    All links stand in one order, so this is the one stable allocation of that order: a further resource never
    leaves a parcel with less, and a larger budget never does.
    """
    links, periods = drawn_per_unit.shape
    served = np.zeros((links, periods))
    unserved = wanted.copy()
    left = budget.copy()
    for link in range(links):
        who, what = parcel[link], resource[link]
        for period in range(periods):
            unit, want, have = drawn_per_unit[link, period], unserved[who, period], left[what, period]
            if not unit > 0 or not want > 0 or not have > 0:
                continue
            if unit * want <= have:
                served[link, period] = want
                unserved[who, period] = 0.0
                left[what, period] = have - unit * want
            else:
                served[link, period] = have / unit
                unserved[who, period] = want - have / unit
                left[what, period] = 0.0
    return served, unserved, left


def turn(distance_m: ArrayLike, demand: ArrayLike, step_m: float) -> NDArray[np.int64]:
    """Order of service: by nearness in steps of `step_m`, within a step by demand, the largest first.

    Parameters
    ----------
    distance_m, demand : array_like, shape (links,)
        How far, and how much the parcel of the link wants.
    step_m : float
        Distances within a step count as equal. [m]

    Returns
    -------
    ndarray of int, shape (links,)
        Places of the links in their order; equal ones keep the order in which they stand.
    """
    steps = np.floor(np.asarray(distance_m, dtype=float) / step_m)
    return np.lexsort((-np.nan_to_num(np.asarray(demand, dtype=float)), steps))
