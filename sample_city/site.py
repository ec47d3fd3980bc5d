"""A plot to build on, turned so that its buildings lie along x; rows, edges and single bodies are set on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon, affinity, box
from shapely.geometry.base import BaseGeometry

from sample_city.lines import frame, pieces

Interval = tuple[float, float]


@dataclass(frozen=True)
class Body:
    """A building as placed: outline, what it is, storeys, height and underside in metres, roof, basements."""

    outline: Polygon
    role: str
    floors: int
    height_m: float
    roof: str = "flat"
    below: int = 0
    base_m: float = 0.0


@dataclass
class Site:
    """A plot being filled.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    plot : Polygon
        The plot in the city's frame.
    setback_m : float
        Distance kept from its boundary. [m]
    south : bool
        Turn buildings to the south where the plot leans more than 25 degrees.
    """

    rng: np.random.Generator
    plot: Polygon
    setback_m: float = 6.0
    south: bool = False
    bodies: list[Body] = field(default_factory=list)

    def __post_init__(self) -> None:
        angle, _, _ = frame(self.plot)
        if angle > np.pi / 4:
            angle -= np.pi / 2
        elif angle < -np.pi / 4:
            angle += np.pi / 2
        if self.south and abs(angle) > np.radians(25):
            angle = float(np.copysign(np.radians(12), angle))
        self.angle = angle
        self.middle = self.plot.centroid
        inner = self.plot.buffer(-self.setback_m, join_style="mitre")
        self.free: BaseGeometry = affinity.rotate(inner, -angle, origin=self.middle, use_radians=True)
        self._placed: list[BaseGeometry] = []

    @property
    def size(self) -> tuple[float, float]:
        """Width and depth of what is free."""
        if self.free.is_empty:
            return 0.0, 0.0
        west, south, east, north = self.free.bounds
        return east - west, north - south

    def put(self, shape: BaseGeometry, role: str, floors: int, height_m: float, **more: object) -> bool:
        """Build a shape given in the turned frame if it lies on free ground; the ground is then taken."""
        if (
            not shape.is_valid
            or not self.free.covers(shape)
            or any(shape.distance(other) < 1.0 for other in self._placed)
        ):
            return False
        self.stand(shape, role, floors, height_m, **more)
        self._placed.append(shape)
        return True

    def stand(self, shape: BaseGeometry, role: str, floors: int, height_m: float, **more: object) -> None:
        """Build a shape where the caller knows that it fits, as a tower in the gap of its podium."""
        outline = affinity.rotate(shape, self.angle, origin=self.middle, use_radians=True)
        self.bodies.append(Body(_surveyed(outline), role, floors, round(height_m, 1), **more))  # type: ignore[arg-type]

    def take(self, shape: BaseGeometry, gap_m: float = 8.0) -> None:
        """Keep ground free of buildings."""
        self.free = self.free.difference(shape.buffer(gap_m, join_style="mitre"))

    def standing(self) -> list[Polygon]:
        """Outlines of all that stands, in the turned frame."""
        return [
            affinity.rotate(body.outline, -self.angle, origin=self.middle, use_radians=True)
            for body in self.bodies
        ]

    def settle(self, gap_m: float = 8.0) -> None:
        """Take the ground of what was built since the last time, with a gap around it."""
        if self._placed:
            self.take(shapely.union_all(self._placed), gap_m)
            self._placed = []

    def rows(
        self,
        make: Callable[[float, float], Polygon],
        set_body: Callable[[Polygon, int, int], object],
        *,
        depth: float,
        widths: Interval,
        gap: float,
        pitch: float,
        empty: float = 0.0,
        stagger: float = 0.0,
    ) -> None:
        """Rows of like buildings from south to north, evenly spread over the free ground.

        `make(width, depth)` gives an outline, `set_body(outline, row, column)` builds it.
        """
        if self.free.is_empty:
            return
        _, south, _, north = self.free.bounds
        reach = north - south - depth
        if reach < 0:
            return
        count = int(reach // pitch) + 1
        step = reach / (count - 1) if count > 1 else 0.0
        step = min(step, 1.25 * pitch)
        start = south + (reach - step * (count - 1)) / 2
        for row in range(count):
            y = start + row * step
            for low, high in self.runs(y, y + depth):
                length = high - low
                number = max(1, int((length + gap) // (np.mean(widths) + gap)))
                width = (length - (number - 1) * gap) / number
                if width < widths[0]:
                    continue
                width = min(width, widths[1])
                spare = (length - number * width) / number
                shift = stagger * (row % 2 - 0.5) * max(spare - gap, 0.0)
                for column in range(number):
                    if self.rng.random() < empty:
                        continue
                    x = low + spare / 2 + shift + column * (width + spare)
                    set_body(affinity.translate(make(width, depth), x, y), row, column)

    def runs(self, low: float, high: float) -> list[Interval]:
        """Spans of x that are free over the whole depth of a row."""
        west, _, east, _ = self.free.bounds
        found: list[Interval] = [(west, east)]
        for y in (low + 0.01, (low + high) / 2, high - 0.01):
            crossed = self.free.intersection(LineString([(west - 1, y), (east + 1, y)]))
            spans = [
                (part.bounds[0], part.bounds[2]) for part in shapely.get_parts([crossed]) if part.length > 0
            ]
            found = [
                (max(a, c), min(b, d)) for a, b in found for c, d in spans if min(b, d) - max(a, c) > 1.0
            ]
        return [(a + 0.05, b - 0.05) for a, b in found]

    def along_edges(
        self,
        depth: float,
        lengths: Interval,
        gap: float,
        set_body: Callable[[Polygon], object],
        sides: int,
        least: float = 45.0,
    ) -> None:
        """Buildings along some of the longest sides of the free ground, as shops along a street."""
        parts = pieces(self.free)
        if not parts:
            return
        part = parts[0]
        ring = shapely.get_coordinates(pieces(part.simplify(3.0))[0].exterior)
        steps = np.diff(ring, axis=0)
        size = np.hypot(steps[:, 0], steps[:, 1])
        order = np.argsort(-size * self.rng.uniform(0.6, 1.0, len(size)))
        for side in order[:sides]:
            if size[side] < least:
                continue
            unit = steps[side] / size[side]
            turn = float(np.arctan2(unit[1], unit[0]))
            inward = 1.0 if shapely.is_ccw(part.exterior) else -1.0
            at = 2.0
            while at + lengths[0] < size[side]:
                length = min(float(self.rng.uniform(*lengths)), size[side] - at - 2.0)
                if length < lengths[0]:
                    break
                shape = box(0, 0, length, depth) if inward > 0 else box(0, -depth, length, 0)
                shape = affinity.rotate(shape, turn, origin=(0, 0), use_radians=True)
                place = ring[side] + unit * at
                normal = np.array([-unit[1], unit[0]]) * inward * 0.4
                set_body(affinity.translate(shape, *(place + normal)))
                at += length + gap

    def largest(
        self, shape: Callable[[float, float], Polygon], most: Interval, fill: float = 1.0
    ) -> Polygon | None:
        """The largest of a kind of shape that fits on the free ground, at most so wide and deep, rather inside."""
        if self.free.is_empty:
            return None
        west, south, east, north = self.free.bounds
        wide, deep = east - west, north - south
        middle = self.free.centroid
        nudges = [(0.0, 0.0), *(_NUDGES[i] for i in self.rng.permutation(len(_NUDGES)))]
        shapely.prepare(self.free)
        for share in np.arange(fill, 0.22, -0.09):
            width, depth = min(wide * share, most[0]), min(deep * share, most[1])
            width, depth = min(width, 5 * depth), min(depth, 2.2 * width)
            if width < 10 or depth < 8:
                return None
            made = shape(width, depth)
            if not made.is_valid:
                continue
            x0, y0, x1, y1 = made.bounds
            for dx, dy in nudges:
                x = min(max(middle.x + dx * wide, west + width / 2), east - width / 2)
                y = min(max(middle.y + dy * deep, south + depth / 2), north - depth / 2)
                placed = affinity.translate(made, x - (x0 + x1) / 2, y - (y0 + y1) / 2)
                if self.free.covers(placed):
                    return placed
        return None


_NUDGES = tuple(
    (dx, dy) for dx in (-0.42, -0.21, 0.0, 0.21, 0.42) for dy in (-0.42, -0.21, 0.0, 0.21, 0.42) if dx or dy
)


def _surveyed(outline: BaseGeometry) -> Polygon:
    """Corners to the centimetre, as surveyed."""

    def centimetres(corners: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.round(corners, 2)

    return pieces(shapely.make_valid(shapely.transform(outline, centimetres)))[0]
