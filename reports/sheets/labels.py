"""Labels of sheets: names of districts, units, roads and waters, set so that none lies over another."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import geopandas as gpd
import numpy as np
import shapely

from core.look import LIGHT
from layers.city import City
from reports.sheets.paper import Frame
from reports.svg import MM_PER_POINT
from reports.typesetting import FAMILY

TABLE_POINTS, LEAST_COLUMN_MM, HEAD_MM, CELL_MM = 7.0, 4.0, 12.0, 1.6
NARROW = 0.56  # width of a Latin letter or digit, in sizes of type
WATER_INK, ROAD_INK, UNIT_INK, DISTRICT_INK = "#2f6a99", "#59646a", LIGHT["ink"], "#7a3358"
STREETS = ("expressway", "arterial", "collector", "railway")
SAME_NAME_MM = 90.0  # between two labels of the same water
STRAIGHT = 0.985  # how much of a road's way below its name is the straight way
ALONG = (0.5, 0.3, 0.7, 0.15, 0.85)
SHIFTS = ((0.0, 0.0), (0.0, -1.2), (0.0, 1.2), (-0.6, 0.0), (0.6, 0.0), (0.0, -2.4), (0.0, 2.4))
PLACES = ("name", "district_name", "unit_name")


def width_mm(words: str, points: float) -> float:
    """About how wide words are set. [mm]"""
    wide = sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else NARROW for letter in words)
    return wide * points * MM_PER_POINT


def column_mm(head: str, cells: Sequence[str], points: float = TABLE_POINTS) -> float:
    """How wide a column of a small table has to be: for its cells, the words of its head, and half of that head. [mm]"""
    words = [word for word in head.split() if word.isascii()]  # Chinese breaks anywhere
    wide = [width_mm(one, points) for one in (*words, *cells)]
    return max(LEAST_COLUMN_MM, min(HEAD_MM, width_mm(head, points) / 2), *wide) + CELL_MM


def turned(
    x: float, y: float, words: str, *, points: float, colour: str, angle: float = 0.0, halo: bool = True
) -> str:
    """Words with their middle at a place, turned clockwise, light around them so that they read on any ground. [mm], [°]"""
    size = points * MM_PER_POINT
    turn = f' transform="rotate({angle:.1f} {x:.2f} {y:.2f})"' if abs(angle) > 0.05 else ""
    around = (
        f' stroke="#fff" stroke-width="{size / 4.5:.2f}" stroke-linejoin="round" paint-order="stroke"'
        if halo
        else ""
    )
    return (
        f'<text x="{x:.2f}" y="{y + size * 0.36:.2f}" font-family="{FAMILY}" font-size="{size:.3f}" '
        f'text-anchor="middle" fill="{colour}"{around}{turn}>{escape(words)}</text>'
    )


@dataclass
class Placer:
    """Keeps what is set already, and says whether there is room for more. Changed only while one map is set."""

    frame: Frame
    taken: list[shapely.Geometry] = field(default_factory=list)

    def take(self, x: float, y: float, width: float, height: float, angle: float = 0.0) -> bool:
        """Take the room of words around a place, if it is free and on the map. [mm], [°]"""
        if not (math.isfinite(x) and math.isfinite(y)):
            return False
        turn = math.radians(angle)
        cos, sin = math.cos(turn), math.sin(turn)
        corners = [
            (x + dx * cos - dy * sin, y + dx * sin + dy * cos)
            for dx, dy in (
                (-width / 2, -height / 2),
                (width / 2, -height / 2),
                (width / 2, height / 2),
                (-width / 2, height / 2),
            )
        ]
        inside = all(
            0.6 < a < self.frame.width_mm - 0.6 and 0.6 < b < self.frame.height_mm - 0.6 for a, b in corners
        )
        room = shapely.Polygon(corners)
        if not inside or any(room.intersects(other) for other in self.taken):
            return False
        self.taken.append(room)
        return True

    def words(
        self, x: float, y: float, lines: Sequence[str], *, points: float, colour: str, angle: float = 0.0
    ) -> list[str]:
        """One or two lines of words near a place; nothing where there is no room."""
        size = points * MM_PER_POINT
        wide, high = max(width_mm(line, points) for line in lines), size * 1.25 * len(lines)
        for across, down in SHIFTS if angle == 0.0 else SHIFTS[:1]:
            at_x, at_y = x + across * wide, y + down * size
            if self.take(at_x, at_y, wide + 0.6, high, angle):
                first = at_y - (len(lines) - 1) * size * 0.62
                return [
                    turned(at_x, first + n * size * 1.24, line, points=points, colour=colour, angle=angle)
                    for n, line in enumerate(lines)
                ]
        return []


def labels(city: City, placer: Placer, wanted: Sequence[str]) -> list[str]:
    """The labels of a map in the order of their weight: districts, units, waters, roads.

    Parameters
    ----------
    wanted : sequence of str
        Of district, unit, unit_code (code and name), road and water.
    """
    makers: Mapping[str, Callable[[City, Placer], Iterator[str]]] = {
        "district": _districts,
        "unit_code": _units_with_code,
        "unit": _units,
        "water": _waters,
        "road": _roads,
    }
    return [part for name, maker in makers.items() if name in wanted for part in maker(city, placer)]


def middle(shape: shapely.Geometry) -> tuple[float, float]:
    """A place well inside a shape: the middle of the largest circle in its largest part."""
    parts = shapely.get_parts(shape)
    largest = parts[int(np.argmax(shapely.area(parts)))]
    tolerance = math.sqrt(largest.area) / 50
    line = shapely.maximum_inscribed_circle(shapely.simplify(largest, tolerance / 4), tolerance=tolerance)
    x, y = shapely.get_coordinates(line)[0]
    return float(x), float(y)


def named(table: gpd.GeoDataFrame) -> list[str]:
    """What the rows of a table are called: their name, else their id."""
    column = next((name for name in PLACES if name in table), None)
    if column is None:
        return [str(row) for row in table.index]
    return [str(name) if isinstance(name, str) and name else str(row) for row, name in table[column].items()]


def _of_areas(
    table: gpd.GeoDataFrame, placer: Placer, points: float, colour: str, with_code: bool = False
) -> Iterator[str]:
    frame = placer.frame
    rows = table.iloc[frame.rows_of(table)]
    shapes = shapely.clip_by_rect(rows.geometry.to_numpy(), *frame.bounds)
    for row, shape, name in zip(rows.index, shapes, named(rows), strict=True):
        if shape.is_empty or shape.area == 0:
            continue
        lines = (str(row), name) if with_code and name != str(row) else (name,)
        yield from placer.words(*frame.on_paper(*middle(shape)), lines, points=points, colour=colour)


def _districts(city: City, placer: Placer) -> Iterator[str]:
    if "district" in city.tables:
        yield from _of_areas(city.tables["district"], placer, 13, DISTRICT_INK)


def _units(city: City, placer: Placer) -> Iterator[str]:
    if "planning_unit" in city.tables:
        yield from _of_areas(city.tables["planning_unit"], placer, 8, UNIT_INK)


def _units_with_code(city: City, placer: Placer) -> Iterator[str]:
    if "planning_unit" in city.tables:
        yield from _of_areas(city.tables["planning_unit"], placer, 9, UNIT_INK, with_code=True)


def _waters(city: City, placer: Placer) -> Iterator[str]:
    table = city.tables.get("water")
    if table is None or "name" not in table:
        return
    frame = placer.frame
    rows = table.iloc[frame.rows_of(table)]
    order = np.argsort(-rows.geometry.area.to_numpy())
    said: dict[str, list[tuple[float, float]]] = {}
    for row in order:
        shape = shapely.clip_by_rect(rows.geometry.iloc[row], *frame.bounds)
        name = rows["name"].iloc[row]
        if shape.is_empty or not isinstance(name, str) or not name:
            continue
        x, y = middle(shape)
        place = frame.on_paper(x, y)
        if any(math.dist(place, other) < SAME_NAME_MM for other in said.get(name, ())):
            continue  # a river may be cut into many pieces
        reach = 14 / frame.mm_per_m
        near = shapely.clip_by_rect(shape, x - reach, y - reach, x + reach, y + reach)
        angle = _long_side(near) if str(rows.get("kind", {}).get(rows.index[row], "")) != "lake" else 0.0
        found = placer.words(*place, (name,), points=8, colour=WATER_INK, angle=angle)
        if found:
            said.setdefault(name, []).append(place)
            yield from found


def _long_side(shape: shapely.Geometry) -> float:
    """Direction on paper of the long side of the rectangle around a shape, so that words read upright. [°]"""
    box = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))
    if len(box) < 4:
        return 0.0
    sides = np.diff(box[:3], axis=0)
    lengths = np.hypot(*sides.T)
    if lengths.max() < 1.5 * lengths.min():
        return 0.0
    return _upright(sides[int(np.argmax(lengths))])


def _upright(step: np.ndarray) -> float:
    angle = -math.degrees(math.atan2(step[1], step[0]))  # paper runs down
    return (angle + 90) % 180 - 90


def _roads(city: City, placer: Placer) -> Iterator[str]:
    table = city.tables.get("road")
    if table is None or "name" not in table:
        return
    frame = placer.frame
    rows = table.iloc[frame.rows_of(table)]
    rows = rows[rows["name"].map(lambda name: isinstance(name, str) and bool(name)).astype(bool)]
    if rows.empty:
        return
    weight = (
        rows["kind"].map({kind: n for n, kind in enumerate(STREETS)})
        if "kind" in rows
        else rows["name"].map(lambda _: 0)
    )
    rows, weight = rows[weight.notna()], weight[weight.notna()]
    joined = rows.geometry.groupby([weight, rows["name"]]).apply(
        lambda lines: shapely.line_merge(shapely.union_all(lines.to_numpy()))
    )
    for (kind, name), line in joined.items():
        points = 7.0 if kind < 2 else 6.0
        yield from _along(line, name, placer, points)


def _along(line: shapely.Geometry, name: str, placer: Placer, points: float) -> Iterator[str]:
    """A name along the straightest free piece of a road."""
    frame = placer.frame
    half = (width_mm(name, points) / 2 + 0.5) / frame.mm_per_m
    pieces = shapely.get_parts(shapely.clip_by_rect(line, *frame.bounds))
    for piece in sorted(pieces, key=lambda one: -one.length):
        if piece.length < 2.4 * half:
            return
        for share in ALONG:
            place = share * piece.length
            if place < half or place > piece.length - half:
                continue
            ends = shapely.get_coordinates(
                shapely.line_interpolate_point(piece, [place - half, place, place + half])
            )
            if np.hypot(*(ends[2] - ends[0])) < STRAIGHT * 2 * half:
                continue
            found = placer.words(
                *frame.on_paper(*ends[1]),
                (name,),
                points=points,
                colour=ROAD_INK,
                angle=_upright(ends[2] - ends[0]),
            )
            if found:
                yield from found
                return
