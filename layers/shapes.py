"""Shapes: splitting, merging and reshaping areas, and what is wrong with one that was drawn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from core.problems import Problem, UserError

SMALLEST_M2 = 0.1  # a piece below it is a slip of the hand along an edge, not an area
REACH_M = 0.01  # a line ending this short of an edge was meant to end on it; vertices this close are one
WHERE = re.compile(r"\[(\S+) (\S+)\]")

Corners = NDArray[np.float64]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a shape, and where."""

    problem: Problem
    x: float
    y: float


@dataclass(frozen=True)
class Corner:
    """A corner of an outline: its part, the ring of the part (the outer one is 0), and its number there."""

    part: int
    ring: int
    number: int


@dataclass(frozen=True)
class Outline:
    """The corners of an area, to be moved one by one.

    Parameters
    ----------
    parts : tuple of tuple of ndarray of float64, shape (corners, 2)
        Rings of each part, the outer one first; the last corner is not the first again. [m]
    """

    parts: tuple[tuple[Corners, ...], ...]

    @classmethod
    def of(cls, shape: Any) -> Outline:
        """The outline of a polygon or of several."""
        return cls(
            tuple(
                tuple(shapely.get_coordinates(ring)[:-1] for ring in (part.exterior, *part.interiors))
                for part in shapely.get_parts(shape)
                if part.geom_type == "Polygon" and not part.is_empty
            )
        )

    @property
    def shape(self) -> Any:
        """The area, valid or not; a ring with fewer than three corners is left out."""
        made = [
            shapely.Polygon(part[0], [ring for ring in part[1:] if len(ring) >= 3])
            for part in self.parts
            if len(part[0]) >= 3
        ]
        return made[0] if len(made) == 1 else shapely.MultiPolygon(made)

    @property
    def corners(self) -> list[Corner]:
        """All corners, ring after ring."""
        return [
            Corner(part, ring, number)
            for part, rings in enumerate(self.parts)
            for ring, places in enumerate(rings)
            for number in range(len(places))
        ]

    def place(self, corner: Corner) -> tuple[float, float]:
        """Where a corner is. [m]"""
        x, y = self.parts[corner.part][corner.ring][corner.number]
        return float(x), float(y)

    def middle(self, corner: Corner) -> tuple[float, float]:
        """The middle of the edge from a corner to the next. [m]"""
        ring = self.parts[corner.part][corner.ring]
        x, y = (ring[corner.number] + ring[(corner.number + 1) % len(ring)]) / 2
        return float(x), float(y)

    def moved(self, corner: Corner, x: float, y: float) -> Outline:
        """With a corner at another place. [m]"""
        ring = self.parts[corner.part][corner.ring].copy()
        ring[corner.number] = x, y
        return self._with(corner, ring)

    def inserted(self, after: Corner, x: float, y: float) -> Outline:
        """With another corner on the edge that begins at a corner. [m]"""
        ring = self.parts[after.part][after.ring]
        return self._with(after, np.insert(ring, after.number + 1, (x, y), axis=0))

    def removed(self, corner: Corner) -> Outline:
        """Without a corner; a hole that would be left with two vanishes.

        Raises
        ------
        UserError
            If an outer ring would be left with two.
        """
        ring = np.delete(self.parts[corner.part][corner.ring], corner.number, axis=0)
        if len(ring) >= 3:
            return self._with(corner, ring)
        if corner.ring == 0:
            raise UserError(
                Problem(
                    "An area needs at least three corners.", "Delete the whole shape if it is not wanted."
                )
            )
        rings = self.parts[corner.part]
        fewer = (*rings[: corner.ring], *rings[corner.ring + 1 :])
        return Outline((*self.parts[: corner.part], fewer, *self.parts[corner.part + 1 :]))

    def shifted(self, across: float, up: float) -> Outline:
        """The whole outline moved. [m]"""
        return Outline(tuple(tuple(ring + np.array([across, up]) for ring in part) for part in self.parts))

    def _with(self, corner: Corner, ring: Corners) -> Outline:
        rings = self.parts[corner.part]
        part = (*rings[: corner.ring], ring, *rings[corner.ring + 1 :])
        return Outline((*self.parts[: corner.part], part, *self.parts[corner.part + 1 :]))


def fault_of(shape: Any) -> Fault | None:
    """What is wrong with a drawn area, at its place; None for a sound one."""
    if shape.is_empty:
        return Fault(_too_few(), float("nan"), float("nan"))
    if not shape.is_valid:
        reason = shapely.is_valid_reason(shape)
        found = WHERE.search(reason)
        middle = shapely.centroid(shapely.MultiPoint(shapely.get_coordinates(shape)))
        x, y = (float(found[1]), float(found[2])) if found else (middle.x, middle.y)
        if shape.area <= SMALLEST_M2 and "Self" not in reason:
            return Fault(_no_area(), x, y)
        return Fault(
            Problem(
                "The outline crosses or touches itself.",
                "Move or delete a corner at the marked place.",
            ),
            x,
            y,
        )
    if shape.area <= SMALLEST_M2:
        x, y = shapely.get_coordinates(shape)[0]
        return Fault(_no_area(), float(x), float(y))
    return None


def sound(shape: Any) -> Any:
    """The shape, if nothing is wrong with it; UserError otherwise."""
    fault = fault_of(shape)
    if fault is not None:
        raise UserError(fault.problem)
    return shape


def area_of(corners: Sequence[tuple[float, float]]) -> Any:
    """The area that a line of corners encloses, valid or not; empty for fewer than three different ones. [m]"""
    kept = [place for number, place in enumerate(corners) if number == 0 or place != corners[number - 1]]
    if len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return shapely.Polygon(kept) if len(kept) >= 3 else shapely.Polygon()


def split(shape: Any, line: Sequence[tuple[float, float]]) -> list[Any]:
    """The pieces into which a line cuts an area, the largest first.

    Parts that the line does not meet stay with the largest piece. Pieces too small to be meant stay with it too.

    Parameters
    ----------
    shape : shapely Polygon or MultiPolygon
        May have holes.
    line : sequence of (x, y)
        At least two places; it must pass through the area from edge to edge. [m]

    Raises
    ------
    UserError
        If the line does not cut the area.
    """
    knife = _longer(line)
    pieces: list[Any] = []
    whole: list[Any] = []
    for part in shapely.get_parts(shape):
        edges = shapely.union_all([part.boundary, knife])
        found = [
            piece
            for piece in shapely.get_parts(shapely.polygonize(shapely.get_parts(edges)))
            if part.contains(piece.representative_point())
        ]
        small = [piece for piece in found if piece.area < SMALLEST_M2]
        large = [piece for piece in found if piece.area >= SMALLEST_M2]
        if len(large) < 2:
            whole.append(part)
            continue
        large.sort(key=lambda piece: piece.area, reverse=True)
        if small:
            large[0] = shapely.union_all([large[0], *small])
        pieces += large
    if not pieces:
        raise UserError(
            Problem(
                "The line does not cut the shape.",
                "Draw it through the shape, from outside one edge to outside another.",
            )
        )
    pieces.sort(key=lambda piece: piece.area, reverse=True)
    if whole:
        pieces[0] = shapely.MultiPolygon([*shapely.get_parts(pieces[0]), *whole])
    return pieces


def merge(shapes: Sequence[Any]) -> Any:
    """One area of several that touch; gaps below a centimetre are closed.

    Raises
    ------
    UserError
        If they do not touch one another.
    """
    merged = shapes[0]
    waiting = list(shapes[1:])
    while waiting:
        near = next(
            (one for one in waiting if shapely.distance(merged, one) <= REACH_M and _meet(merged, one)), None
        )
        if near is None:
            raise UserError(
                Problem(
                    "These shapes do not share an edge.",
                    "Choose shapes that lie side by side, or move their corners together first.",
                )
            )
        waiting.remove(near)
        merged = shapely.union(merged, shapely.snap(near, merged, REACH_M))
    return merged


def overlaps(shape: Any, others: dict[str, Any]) -> dict[str, float]:
    """Areas that a shape shares with others, by their ids, those too small to be meant left out. [m²]"""
    shared = {row: float(shapely.area(shapely.intersection(shape, other))) for row, other in others.items()}
    return {row: area for row, area in shared.items() if area > SMALLEST_M2}


def together(shape: Any, before: tuple[float, float], after: tuple[float, float]) -> Any | None:
    """A neighbour with the corner it shares at a place moved along; None where it has none there. [m]"""
    outline = Outline.of(shape)
    shared = [
        corner
        for corner in outline.corners
        if np.hypot(*np.subtract(outline.place(corner), before)) <= REACH_M
    ]
    for corner in shared:
        outline = outline.moved(corner, *after)
    return outline.shape if shared else None


def _meet(one: Any, other: Any) -> bool:
    """Whether two areas share more than a corner."""
    rim = shapely.buffer(one, REACH_M, join_style="mitre")
    return float(shapely.length(shapely.intersection(rim, other.boundary))) > 4 * REACH_M


def _longer(line: Sequence[tuple[float, float]]) -> Any:
    """A line with both ends drawn out a little, so that ends on an edge reach over it."""
    places = [
        np.asarray(place, dtype=float) for n, place in enumerate(line) if n == 0 or place != line[n - 1]
    ]
    if len(places) < 2:
        raise UserError(
            Problem(
                "The line does not cut the shape.",
                "Draw it through the shape, from outside one edge to outside another.",
            )
        )
    first, last = places[0] - places[1], places[-1] - places[-2]
    begin = places[0] + first / np.hypot(*first) * REACH_M
    end = places[-1] + last / np.hypot(*last) * REACH_M
    return shapely.LineString([begin, *places[1:-1], end])


def _too_few() -> Problem:
    return Problem("An area needs at least three corners.", "Draw more corners, then close the outline.")


def _no_area() -> Problem:
    return Problem("The outline encloses no area.", "Draw corners that do not lie on one line.")
