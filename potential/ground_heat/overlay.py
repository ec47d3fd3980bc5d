"""Overlay: areas less their obstacles, one reason after another, and how much each reason took."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from potential.ground_heat.obstacles import MITRE, Obstacles, Shapes, areas_of

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

NOISE_M2 = 1e-6  # of overlays


def sound(shapes: Shapes) -> Shapes:
    """Areas that are valid; what is missing, or has no area, becomes an empty one."""
    found = shapes.copy()
    found[shapely.is_missing(found) | (shapely.get_dimensions(found) < 2)] = shapely.Polygon()
    broken = ~shapely.is_valid(found)
    found[broken] = shapely.make_valid(found[broken], method="structure", keep_collapsed=False)
    return found


def shrunk(areas: Shapes, distance: float) -> Shapes:
    """What of areas lies at least a distance away from their edge."""
    return np.asarray(shapely.buffer(areas, -distance, join_style="mitre", mitre_limit=MITRE))


def less(
    areas: Shapes, obstacles: Obstacles, tree: shapely.STRtree, new_layout: NDArray[np.bool_], reasons: int
) -> tuple[Shapes, Floats]:
    """Areas less what stands in their way.

    Parameters
    ----------
    areas : ndarray of Polygon or MultiPolygon, shape (n,)
        Valid.
    obstacles, tree : Obstacles, STRtree
        What to take away, and its index. The lowest number of reasons takes first.
    new_layout : ndarray of bool, shape (n,)
        Areas from which nothing built is taken away.
    reasons : int
        How many there are.

    Returns
    -------
    left : ndarray of Polygon or MultiPolygon, shape (n,)
        What is left; empty where nothing is.
    lost : ndarray, shape (n, reasons)
        What each reason took of what those before it had left. [m²]
    """
    row, which = met(areas, obstacles, tree, new_layout)
    left, size = areas.copy(), shapely.area(areas)
    lost = np.zeros((len(areas), reasons))
    for reason in np.unique(obstacles.reason[which]):
        mine = (obstacles.reason[which] == reason) & (size[row] > NOISE_M2)
        rows, joined = joined_by_row(row[mine], obstacles.shapes[which[mine]])
        left[rows] = shapely.difference(left[rows], joined)
        now = shapely.area(left[rows])
        lost[rows, reason] = np.maximum(size[rows] - now, 0.0)
        size[rows] = now
    return left, lost


def covered(areas: Shapes, obstacles: Obstacles, tree: shapely.STRtree, reasons: int) -> Floats:
    """How much of each area lies under the obstacles of each reason, shape (n, reasons). [m²]"""
    row, which = met(areas, obstacles, tree, np.zeros(len(areas), dtype=bool))
    found = np.zeros((len(areas), reasons))
    for reason in np.unique(obstacles.reason[which]):
        mine = obstacles.reason[which] == reason
        rows, joined = joined_by_row(row[mine], obstacles.shapes[which[mine]])
        found[rows, reason] = shapely.area(shapely.intersection(areas[rows], joined))
    return found


def met(
    areas: Shapes, obstacles: Obstacles, tree: shapely.STRtree, new_layout: NDArray[np.bool_]
) -> tuple[Rows, Rows]:
    """Areas and the obstacles that touch them, by row and by obstacle."""
    row, which = tree.query(areas, predicate="intersects")
    there = ~(obstacles.built[which] & new_layout[row])
    return row[there], which[there]


def joined_by_row(row: Rows, shapes: Shapes) -> tuple[Rows, Shapes]:
    """The rows, each once and rising, and the union of the shapes of each."""
    order = np.argsort(row, kind="stable")
    row, shapes = row[order], shapes[order]
    rows, first, count = np.unique(row, return_index=True, return_counts=True)
    joined = shapes[first]
    several = count > 1
    if several.any():
        many = several[np.searchsorted(rows, row)]
        place = np.searchsorted(rows[several], row[many])
        groups = np.asarray(shapely.geometrycollections(shapes[many], indices=place))
        joined[several] = shapely.union_all(groups[:, None], axis=1)
    return rows, joined


def common(first: Shapes, second: Shapes) -> Shapes:
    """The common areas of pairs of shapes, without the points and lines where they only touch."""
    found = np.asarray(shapely.intersection(first, second), dtype=object)
    mixed = ~np.isin(
        shapely.get_type_id(found), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
    )
    for place in np.flatnonzero(mixed):
        found[place] = areas_of(found[place])
    return found
