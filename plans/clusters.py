"""Clusters: neighbouring parcels that together use more of their PV at once, grown from the parcels with most to spare."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Courses = NDArray[np.float64] | NDArray[np.float32]


@dataclass(frozen=True)
class Growth:
    """How clusters grow.

    Parameters
    ----------
    gap : float
        Parcels whose edges are this near are neighbours. [m]
    most : int
        Parcels of a cluster at most.
    least_gain : float
        Share more of the cluster's PV that a parcel must use at once to join.
    """

    gap: float
    most: int
    least_gain: float


def clusters(
    parcels: gpd.GeoDataFrame,
    within: NDArray[np.object_],
    pv: Numbers,
    load: Courses,
    days: Numbers,
    growth: Growth,
) -> NDArray[np.int64]:
    """Number of the cluster of every parcel, -1 where it is in none, (n,).

    Parameters
    ----------
    parcels : GeoDataFrame, (n)
        Outlines in metres.
    within : ndarray of str, (n,)
        Area a cluster stays in, such as the planning unit.
    pv : ndarray, (n, 12, 24)
        Power of PV on the typical day of each month. [kW]
    load : ndarray, (n, 12, 2, 24)
        Electric load on a working day and a holiday of each month. [kW]
    days : ndarray, (12, 2)
        Number of such days in a year.
    growth : Growth
        How they grow.

    Notes
    -----
    Seeds are taken by the PV they cannot use at once, most first; each takes the neighbour with which most more is
    used, until none gains enough. The order is fixed, so the same city gives the same clusters.
    """  # fmt: skip
    left, right = shapely.STRtree(parcels.geometry.to_numpy()).query(
        parcels.geometry.to_numpy(), predicate="dwithin", distance=growth.gap
    )
    same = (left != right) & (within[left] == within[right])
    order = np.lexsort((right[same], left[same]))
    left, right = left[same][order], right[same][order]
    starts = np.searchsorted(left, np.arange(len(parcels) + 1))
    yearly = np.einsum("nmh,m->n", pv, days.sum(axis=1))
    spare = yearly - used_at_once(pv, load, days)
    found = np.full(len(parcels), -1, dtype=np.int64)
    number = 0
    for seed in np.lexsort((np.arange(len(parcels)), -spare)):
        if found[seed] >= 0 or yearly[seed] <= 0:
            continue
        found[seed] = number
        members, sun, need = [int(seed)], pv[seed].copy(), load[seed].astype(np.float64)
        while len(members) < growth.most:
            near = np.unique(np.concatenate([right[starts[one] : starts[one + 1]] for one in members]))
            near = near[found[near] < 0]
            if not len(near):
                break
            apart = used_at_once(sun, need, days) + used_at_once(pv[near], load[near], days)
            gain = used_at_once(sun + pv[near], need + load[near], days) - apart
            best = int(np.argmax(gain))
            if gain[best] < growth.least_gain * float(np.einsum("mh,m->", sun, days.sum(axis=1))):
                break
            joined = int(near[best])
            found[joined] = number
            members.append(joined)
            sun, need = sun + pv[joined], need + load[joined]
        number += 1
    return found


def used_at_once(pv: Numbers, load: Courses, days: Numbers) -> Numbers:
    """Energy of a year used in the hour it comes, of courses (..., 12, 24) and (..., 12, 2, 24). [kWh]"""
    found: Numbers = np.einsum("...mdh,md->...", np.minimum(pv[..., :, None, :], load), days)
    return found
