"""Blocks of flat-topped prisms, to judge walls by: what a point sees between them, found from the outlines themselves."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from core.compiled import kernel

Numbers = NDArray[np.float64]


def seen_horizons(
    shapes: NDArray[np.object_], top_m: Numbers, points: Numbers, z_m: Numbers, azimuth_deg: Numbers
) -> Numbers:
    """Tangent of the horizon of points in some azimuths over prisms on level ground, (points, A).

    Every ray is cut with every side of every outline: no raster, no steps.
    """
    rings, owner = shapely.get_rings(shapes, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    sides = np.column_stack([xy[:-1], xy[1:]])[same]
    top = top_m[owner[ring[:-1][same]]]
    tangent = np.zeros((len(points), len(azimuth_deg)))
    _cut(sides, top, points, z_m, np.radians(azimuth_deg), tangent)
    return tangent


@kernel
def _cut(
    sides: Numbers, top: Numbers, points: Numbers, z: Numbers, azimuth: Numbers, tangent: Numbers
) -> None:
    for a in range(azimuth.size):
        ex, ny = np.sin(azimuth[a]), np.cos(azimuth[a])
        for p in range(len(points)):
            steepest = 0.0
            for s in range(len(sides)):
                if top[s] <= z[p]:
                    continue
                ax, ay = sides[s, 0] - points[p, 0], sides[s, 1] - points[p, 1]
                bx, by = sides[s, 2] - points[p, 0], sides[s, 3] - points[p, 1]
                left, right = ax * ny - ay * ex, bx * ny - by * ex  # to the side of the ray
                if (left > 0) == (right > 0):
                    continue
                share = left / (left - right)
                distance = (ax + share * (bx - ax)) * ex + (ay + share * (by - ay)) * ny
                if distance > 1e-3:
                    steepest = max(steepest, (top[s] - z[p]) / distance)
            tangent[p, a] = steepest
