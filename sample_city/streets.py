"""Streets and the plots between them: main streets cut the city into quarters, smaller ones cut on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, polygonize, unary_union

from sample_city import skeleton
from sample_city.lines import bent_line, blob, curve, cut, frame, pieces, rounded
from sample_city.skeleton import QUARTERS, Quarter


@dataclass(frozen=True)
class Claim:
    """A plot kept whole for one purpose: cutting stops around its point once the plot is this small."""

    use: str
    x: float
    y: float
    area_m2: float


@dataclass(frozen=True)
class Plots:
    """Streets and plots in the city's frame: plots have `quarter`, `claim` (a use or
    empty) and `cell`, the plot with half of the streets around it."""

    plots: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    river: BaseGeometry
    brook: BaseGeometry
    lake: Polygon
    pond: Polygon
    moat: BaseGeometry
    wall: Polygon


@dataclass
class _Network:
    """Streets found so far."""

    names: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    lines: list[BaseGeometry] = field(default_factory=list)

    def add(self, name: str, kind: str, width_m: float, line: BaseGeometry) -> None:
        self.names.append(name)
        self.kinds.append(kind)
        self.widths.append(width_m)
        self.lines.append(line)


def lay_out(rng: np.random.Generator, claims: tuple[Claim, ...]) -> Plots:
    """Streets, waters and plots of the whole city."""
    river_line, brook_line = curve(skeleton.RIVER), curve(skeleton.BROOK)
    wall = blob(skeleton.WALL)
    river = _wavy_band(river_line, skeleton.RIVER_HALF_M, rng)
    brook = brook_line.buffer(11, cap_style="flat")
    lake, pond = blob(skeleton.LAKE), blob(skeleton.POND)
    network = _main_streets(wall, river_line)
    moat = wall.buffer(36).difference(wall.buffer(20))
    outline = Polygon(skeleton.OUTLINE)
    outside = unary_union([river_line.buffer(skeleton.RIVERSIDE_M - 1), wall.buffer(skeleton.RING_M)])
    town = outline.difference(outside)
    faces = _faces(town, [*network.lines, brook_line])
    faces += _faces(wall, network.lines)
    cells: list[tuple[Polygon, str, str]] = []
    for face in faces:
        quarter = _quarter(face)
        cells += _cut(
            rng, network, face, quarter, [claim for claim in claims if face.contains(Point(claim.x, claim.y))]
        )
    cells += _green_belts(outline, wall, river_line, brook_line, network)
    for name, x, y, radius in skeleton.VILLAGES:
        cells += _village(rng, network, name, Point(x, y), radius, outline)
    waters = [river.buffer(14), brook.buffer(6), moat.buffer(4), lake.buffer(6), pond.buffer(5)]
    plots = _plots(cells, network, waters)
    table = gpd.GeoDataFrame(
        {
            "quarter": [plot[1] for plot in plots],
            "claim": [plot[2] for plot in plots],
            "cell": [plot[3] for plot in plots],
        },
        geometry=[plot[0] for plot in plots],
    )
    roads = gpd.GeoDataFrame(
        {"name": network.names, "kind": network.kinds, "width_m": network.widths}, geometry=network.lines
    )
    return Plots(table, roads, river, brook, lake, pond, moat, wall)


def _plots(
    cells: list[tuple[Polygon, str, str]], network: _Network, waters: Sequence[BaseGeometry]
) -> list[tuple[Polygon, str, str, Polygon]]:
    """What streets and waters leave of the cells, corners rounded."""
    streets = shapely.buffer(
        np.array(network.lines), np.array(network.widths) / 2, quad_segs=4, cap_style="flat"
    )
    taken = np.array([*streets[np.array(network.widths) > 0], *waters])
    tree = shapely.STRtree(taken)
    found: list[tuple[BaseGeometry, str, str, Polygon]] = []
    for cell, quarter, claim in cells:
        near = shapely.clip_by_rect(taken[np.sort(tree.query(cell))], *cell.buffer(1).bounds)
        free = cell.difference(shapely.union_all(near))
        for part in pieces(free):
            corners = rounded(part, 2.5 if quarter in ("old", "village") else 7.0)
            found += [
                (plot.simplify(0.3), quarter, claim, cell)
                for plot in pieces(corners)
                if plot.area > 1_400 and plot.area / plot.length > 6.5
            ]
    return _apart(found)


def _apart(
    plots: Sequence[tuple[BaseGeometry, str, str, Polygon]],
) -> list[tuple[Polygon, str, str, Polygon]]:
    """Plots to the centimetre, none reaching into one before it."""
    shapes = np.array([plot[0] for plot in plots])
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=0.1)
    for later in np.unique(one):
        before = np.sort(other[(one == later) & (other < later)])
        if len(before):
            gap = shapely.union_all(shapely.buffer(shapes[before], 0.04, join_style="mitre"))
            shapes[later] = pieces(shapes[later].difference(gap))[0]
    shapes = shapely.transform(shapes, lambda corners: np.round(corners, 2))
    return [(shape, *plot[1:]) for shape, plot in zip(shapes, plots, strict=True)]


def _wavy_band(line: LineString, half_m: float, rng: np.random.Generator) -> BaseGeometry:
    """A river around its middle line, wider here and narrower there."""
    along = np.linspace(0, line.length, 160)
    swing = np.interp(along, np.linspace(0, line.length, 24), rng.normal(0, 1, 24))
    points = shapely.line_interpolate_point(line, along)
    half = half_m * (1 + 0.10 * swing)
    return (
        unary_union(
            [
                LineString([a, b]).buffer(width)
                for a, b, width in zip(points[:-1], points[1:], half[:-1], strict=True)
            ]
        )
        .buffer(20)
        .buffer(-20)
        .simplify(1.0)
    )


def _main_streets(wall: Polygon, river_line: LineString) -> _Network:
    network = _Network()
    for street in skeleton.STREETS:
        network.add(street.name, street.kind, street.width_m, curve(street.points))
    network.add(skeleton.RAILWAY.name, "railway", skeleton.RAILWAY.width_m, curve(skeleton.RAILWAY.points))
    network.add(
        "环城路", "arterial", skeleton.RING_WIDTH_M, LineString(wall.buffer(skeleton.RING_M).exterior)
    )
    network.add("顺城巷", "lane", 9.0, LineString(wall.buffer(-4).exterior))
    for name, side in (("滨河北路", 1), ("滨河南路", -1)):
        bank = river_line.offset_curve(side * skeleton.RIVERSIDE_M).simplify(1.0)
        network.add(name, "arterial", skeleton.RIVERSIDE_WIDTH_M, bank)
    return network


def _faces(area: BaseGeometry, lines: Sequence[BaseGeometry]) -> list[Polygon]:
    edges = [part.exterior for part in pieces(area)] + [
        LineString(ring) for part in pieces(area) for ring in part.interiors
    ]
    inside = [line.intersection(area.buffer(1)) for line in lines]
    noded = unary_union([*(LineString(edge) for edge in edges), *inside])
    within = area.buffer(0.5)
    return [
        face for face in polygonize(noded) if face.area > 900 and within.contains(face.representative_point())
    ]


def _quarter(face: Polygon) -> Quarter:
    middle = face.representative_point()
    return next(quarter for quarter in QUARTERS if blob_of(quarter).contains(middle) or quarter.key == "core")


def blob_of(quarter: Quarter) -> Polygon:
    """Outline of a quarter."""
    return Polygon(quarter.outline)


def _cut(
    rng: np.random.Generator, network: _Network, face: Polygon, quarter: Quarter, claims: list[Claim]
) -> list[tuple[Polygon, str, str]]:
    """Cut a block in two, and the halves again, until plots are as small as is usual in the quarter."""
    if claims and face.area < 1.75 * claims[0].area_m2:
        return [(face, quarter.key, claims[0].use)]
    direction, longer, shorter = frame(face)
    least = quarter.parcel_m2 * rng.lognormal(0.0, 0.28) * 1.9
    if not claims and face.area < least and longer / shorter < 3.2:
        return [(face, quarter.key, "")]
    share = rng.uniform(0.40, 0.60) if not claims else rng.uniform(0.36, 0.64)
    corners = shapely.get_coordinates(face)
    unit = np.array([np.cos(direction), np.sin(direction)])
    reach = corners @ unit
    middle = np.array(face.centroid.coords[0])
    middle = middle + unit * (reach.min() + share * (reach.max() - reach.min()) - middle @ unit)
    lean = rng.normal(0, 0.03 + 0.13 * quarter.bend)
    line = bent_line(rng, middle, direction + np.pi / 2 + lean, shorter * 1.6 + 60, quarter.bend)
    halves = cut(face, line)
    if len(halves) < 2:
        return [(face, quarter.key, claims[0].use if claims else "")]
    kind, width_m = _street_kind(rng, quarter, face.area)
    if width_m > 0:
        inside = line.intersection(face)
        for part in shapely.get_parts([inside]):
            if part.geom_type == "LineString" and part.length > 20:
                network.add("", kind, width_m, part)
    found = []
    for half in halves:
        left = [claim for claim in claims if half.contains(Point(claim.x, claim.y))]
        found += _cut(rng, network, half, quarter, left)
    return found


def _street_kind(rng: np.random.Generator, quarter: Quarter, area_m2: float) -> tuple[str, float]:
    ratio = area_m2 / quarter.parcel_m2
    if quarter.key == "old":
        return ("street", 11.0) if ratio > 7 else ("lane", float(rng.uniform(4.5, 7.0)))
    if area_m2 > 260_000:
        return "collector", float(rng.choice([24.0, 26.0, 28.0]))
    if ratio > 3.6:
        return "street", float(rng.choice([16.0, 18.0, 20.0]))
    if rng.random() < quarter.shared:
        return "boundary", 0.0
    return "lane", float(rng.uniform(8.0, 13.0))


def _green_belts(
    outline: Polygon, wall: Polygon, river_line: LineString, brook_line: LineString, network: _Network
) -> list[tuple[Polygon, str, str]]:
    """Parks along the river banks, the wall and the brook, cut where main streets cross."""
    main = [
        line
        for line, kind in zip(network.lines, network.kinds, strict=True)
        if kind in ("arterial", "collector", "expressway", "railway")
    ]
    ring = wall.buffer(skeleton.RING_M).difference(wall)
    banks = river_line.buffer(skeleton.RIVERSIDE_M).intersection(outline)
    found = [(face, "belt", "wall_park") for face in _faces(ring, main)]
    found += [(face, "belt", "river_park") for face in _faces(banks, [*main, river_line])]
    return found


def _village(
    rng: np.random.Generator, network: _Network, name: str, middle: Point, radius_m: float, outline: Polygon
) -> list[tuple[Polygon, str, str]]:
    """A village outside the city: a few irregular clumps with lanes between."""
    turn = np.linspace(0, 2 * np.pi, 11, endpoint=False)
    reach = radius_m * rng.uniform(0.72, 1.18, 11)
    area = blob(
        [(middle.x + r * np.cos(t), middle.y + r * np.sin(t)) for r, t in zip(reach, turn, strict=True)]
    )
    parts = pieces(area.difference(outline.buffer(25)))
    if not parts:
        return []
    quarter = Quarter("village", 17_000, (1985, 2018), 0.6, 0.0, ())
    network.add(f"{name}路", "lane", 7.0, LineString([middle, _toward(outline, middle)]))
    return _cut_village(rng, network, parts[0], quarter)


def _cut_village(
    rng: np.random.Generator, network: _Network, face: Polygon, quarter: Quarter
) -> list[tuple[Polygon, str, str]]:
    if face.area < 1.5 * quarter.parcel_m2:
        return [(face, "village", "")]
    return _cut(rng, network, face, quarter, [])


def _toward(outline: Polygon, middle: Point) -> Point:
    boundary = outline.exterior
    return boundary.interpolate(boundary.project(middle))


def merged_roads(roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Streets as lines to draw, those without width left out, joined where they share a name."""
    real = roads[roads["width_m"] > 0].reset_index(drop=True)
    joined = [linemerge(line) if line.geom_type == "MultiLineString" else line for line in real.geometry]
    return real.set_geometry(gpd.GeoSeries(joined, index=real.index))
