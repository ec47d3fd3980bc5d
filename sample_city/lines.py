"""Lines and outlines: smoothing, bending, cutting along a line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

Floats = NDArray[np.float64]


def smooth(points: Sequence[tuple[float, float]], *, closed: bool = False, steps: int = 8) -> Floats:
    """Points on a Catmull-Rom curve through the given ones, shape (n, 2)."""
    known = np.asarray(points, dtype=float)
    if closed:
        around = np.vstack([known[-1:], known, known[:2]])
    else:
        around = np.vstack([2 * known[0] - known[1], known, 2 * known[-1] - known[-2]])
    a, b, c, d = (around[i : len(around) - 3 + i][:, None, :] for i in range(4))
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    flat = curve.reshape(-1, 2)
    return flat if closed else np.vstack([flat, known[-1]])


def curve(points: Sequence[tuple[float, float]]) -> LineString:
    """A smooth line through points."""
    return LineString(smooth(points))


def blob(points: Sequence[tuple[float, float]]) -> Polygon:
    """A smooth outline through points."""
    return Polygon(smooth(points, closed=True))


def frame(polygon: Polygon) -> tuple[float, float, float]:
    """Direction of the longer side of the smallest rectangle around a polygon [rad, -π/2 to π/2], and both sides."""
    corners = shapely.get_coordinates(polygon.minimum_rotated_rectangle)
    sides = np.diff(corners[:3], axis=0)
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    longer = int(lengths[1] > lengths[0])
    direction = float(np.arctan2(sides[longer, 1], sides[longer, 0]))
    return (direction + np.pi / 2) % np.pi - np.pi / 2, float(lengths[longer]), float(lengths[1 - longer])


def cut(polygon: Polygon, line: BaseGeometry) -> list[Polygon]:
    """The pieces of a polygon on either side of a line."""
    return [piece for piece in pieces(split(polygon, line)) if piece.area > 1.0]


def bent_line(
    rng: np.random.Generator, middle: Floats, direction: float, half_m: float, bend: float
) -> LineString:
    """A line through a point, straight where `bend` is 0, else with kinks."""
    if bend < 0.2:
        along = np.array([-half_m, half_m])
        aside = np.zeros(2)
    else:
        along = np.linspace(-half_m, half_m, 9)
        walk = np.cumsum(rng.normal(0, 0.045 * bend * half_m, 9))
        aside = walk - walk[4]
    unit = np.array([np.cos(direction), np.sin(direction)])
    normal = np.array([-unit[1], unit[0]])
    return LineString(middle + along[:, None] * unit + aside[:, None] * normal)


def rounded(polygon: Polygon, radius_m: float) -> BaseGeometry:
    """The polygon with its corners rounded and slivers gone; may be empty or many."""
    return polygon.buffer(-radius_m, join_style="mitre").buffer(radius_m, quad_segs=3)


def pieces(geometry: BaseGeometry) -> list[Polygon]:
    """The polygons of any geometry, largest first."""
    found = [
        part
        for part in shapely.get_parts(geometry).tolist()
        if isinstance(part, Polygon) and not part.is_empty
    ]
    return sorted(found, key=lambda part: -part.area)
