"""Fields of boreholes of all shapes, and their g-functions by pygfunction."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from shapely import Point, Polygon, box, union_all
from shapely.geometry.base import BaseGeometry

H, HEAD, RADIUS, B = 100.0, 2.0, 0.075, 5.0
LN_TIMES = np.array(
    [-2.5, -1.0, 0.0, 0.25]
)  # ln(t/ts): of holes of 75 m, the least that is planned, up to 25 years
LATE = LN_TIMES >= -1

Floats = NDArray[np.float64]


def ten_shapes() -> dict[str, BaseGeometry]:
    """The shapes the method was measured on, 80 to 140 holes at 5 m."""
    strip = union_all([box(0, 0, 150, 10), box(140, 0, 150, 90)])
    return {
        "L": box(0, 0, 60, 60) - box(25, 25, 70, 70),
        "U": box(0, 0, 60, 60) - box(15, 15, 45, 70),
        "ring": box(0, 0, 65, 65) - box(9, 9, 56, 56),
        "wide ring": box(0, 0, 60, 60) - box(16, 16, 44, 44),
        "triangle": Polygon([(0, 0), (85, 0), (0, 60)]),
        "cross": box(20, 0, 40, 60) | box(0, 20, 60, 40),
        "bent strip": strip,
        "circle": Point(30, 30).buffer(29, quad_segs=32),
        "two blocks": box(0, 0, 30, 30) | box(60, 0, 90, 30),
        "T": box(0, 40, 80, 55) | box(30, 0, 45, 40),
    }


def g_of(points: Floats, *, length: float = H, method: str = "similarities") -> Floats:
    """g-function of a field at `LN_TIMES`, uniform temperature of the walls, by pygfunction."""
    gt = pytest.importorskip("pygfunction", reason="pygfunction is not installed")
    field = [gt.boreholes.Borehole(length, HEAD, RADIUS, float(x), float(y)) for x, y in points]
    alpha = 1e-6
    times = np.exp(LN_TIMES) * length**2 / (9 * alpha)
    options = {"nSegments": 8, "disp": False}
    found = gt.gfunction.gFunction(
        field, alpha, time=times, boundary_condition="UBWT", method=method, options=options
    )
    return np.asarray(found.gFunc)


@cache
def _rectangle(n1: int, n2: int, spacing: float, length: float, method: str) -> tuple[float, ...]:
    points = np.array([(i * spacing, j * spacing) for i in range(n1) for j in range(n2)])
    return tuple(g_of(points, length=length, method=method))


def g_of_rectangle(
    long: float, short: float, spacing: float = B, *, length: float = H, method: str = "similarities"
) -> Floats:
    """g-function of a rectangle of real numbers of holes, between whole ones on the logarithm of the numbers."""

    def ends(count: float) -> list[tuple[int, float]]:
        below = math.floor(count + 1e-9)
        if count - below < 1e-6:
            return [(below, 1.0)]
        share = math.log(count / below) / math.log((below + 1) / below)
        return [(below, 1 - share), (below + 1, share)]

    return np.sum(
        [
            one * other * np.array(_rectangle(n1, n2, spacing, length, method))
            for n1, one in ends(long)
            for n2, other in ends(short)
        ],
        axis=0,
    )
