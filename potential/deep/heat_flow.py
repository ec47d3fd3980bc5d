"""Heat flow between measured points: a weighted median of the nearest, so that no outlier rules."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import KDTree

NEAREST = 12  # points that are asked; more change little, fewer let one neighbour decide
Floats = NDArray[np.float64]


def interpolated(
    at: ArrayLike, points: ArrayLike, values: ArrayLike, *, nearest: int = NEAREST, near: float = 1_000.0
) -> tuple[Floats, Floats]:
    """Value at some places from scattered measurements, and how far the nearest of them is.

    Parameters
    ----------
    at : array_like, shape (places, 2 or 3)
        Where it is wanted. [m]
    points : array_like, shape (points, 2 or 3)
        Where it was measured; pairs that hold NaN count for nothing. [m]
    values : array_like, shape (points,)
        What was measured.
    nearest : int
        How many points are asked.
    near : float
        Distance below which points weigh alike. [m]

    Returns
    -------
    value : ndarray, shape (places,)
        Median of the nearest points weighted by 1/distance²; NaN where there is no point.
    distance : ndarray, shape (places,)
        To the nearest point, infinite where there is none. [m]

    Notes
    -----
    Heat flow has outliers of ten times the usual value, from moving water and from poor measurements. A mean carries
    them into their surroundings, a median does not.
    """
    places = np.atleast_2d(np.asarray(at, dtype=float))
    known, measured = np.atleast_2d(np.asarray(points, dtype=float)), np.asarray(values, dtype=float)
    if not len(measured):
        return np.full(len(places), np.nan), np.full(len(places), np.inf)
    good = ~np.isnan(measured) & ~np.isnan(known).any(axis=1)
    known, measured = known[good], measured[good]
    if not len(measured):
        return np.full(len(places), np.nan), np.full(len(places), np.inf)
    asked = min(nearest, len(measured))
    away, which = KDTree(known).query(places, k=asked)
    away, which = away.reshape(len(places), asked), which.reshape(len(places), asked)
    return _weighted_median(measured[which], 1 / np.maximum(away, near) ** 2), away[:, 0]


def _weighted_median(values: Floats, weights: Floats) -> Floats:
    """Along the last axis: the value below and above which half the weight lies, straight between neighbours."""
    order = np.argsort(values, axis=1, kind="stable")
    ranked = np.take_along_axis(values, order, axis=1)
    weight = np.take_along_axis(weights, order, axis=1)
    middle = (np.cumsum(weight, axis=1) - weight / 2) / weight.sum(axis=1, keepdims=True)
    found = np.empty(len(values))
    for row in range(len(values)):
        found[row] = np.interp(0.5, middle[row], ranked[row])
    return found
