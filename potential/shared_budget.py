"""Shared budgets: one resource given out among many parcels in turn, in no month more than it has."""

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
    capacity: Floats,
    share: Floats,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Give what resources have to those who may use them, link after link.

    A link reserves a part of its resource once, for all periods: as much as its parcel needs in its hardest period.
    In each period it gives what is still wanted, and no more than the reserved part then has.

    Parameters
    ----------
    parcel, resource : ndarray of int, shape (links,)
        Who may draw from what, in the order in which they are served.
    drawn_per_unit : ndarray, shape (links, periods)
        What a unit served draws from the resource, above 0; NaN where nothing can be served.
    wanted : ndarray, shape (parcels, periods)
        What every parcel wants in a period.
    capacity : ndarray, shape (resources,)
        What every resource has in its best period, in the unit of what is drawn.
    share : ndarray, shape (resources, periods)
        What it has in each period over that, 0 to 1.

    Returns
    -------
    served : ndarray, shape (links, periods)
        What every link serves.
    unserved : ndarray, shape (parcels, periods)
        What is still wanted.
    reserved : ndarray, shape (links,)
        Capacity that every link reserves.
    left : ndarray, shape (resources,)
        Capacity that nobody reserved.

    Notes
    -----
    What is drawn in a period is at most `share` of what is reserved, and so of the capacity. All links stand in one
    order, so this is the one stable allocation of that order: a further resource, or a larger one, never leaves a
    parcel with less in any period.
    """
    links, periods = drawn_per_unit.shape
    served = np.zeros((links, periods))
    reserved = np.zeros(links)
    unserved = wanted.copy()
    left = capacity.copy()
    for link in range(links):
        who, what = parcel[link], resource[link]
        most = 0.0
        for period in range(periods):
            unit, part, want = drawn_per_unit[link, period], share[what, period], unserved[who, period]
            if unit > 0 and part > 0 and want > 0:
                most = max(most, want * unit / part)
        taken = min(most, left[what])
        if not taken > 0:
            continue
        for period in range(periods):
            unit, part, want = drawn_per_unit[link, period], share[what, period], unserved[who, period]
            if unit > 0 and part > 0 and want > 0:
                given = want if taken >= most else min(want, taken * part / unit)
                served[link, period] = given
                unserved[who, period] = want - given
        reserved[link] = taken
        left[what] -= taken
    return served, unserved, reserved, left


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
