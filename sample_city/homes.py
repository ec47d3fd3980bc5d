"""How housing is built: courtyards, villages, walk-up slabs, tower estates, garden houses."""

from __future__ import annotations

import numpy as np
from shapely import Polygon, affinity

from sample_city import shapes
from sample_city.lines import bent_line, cut, frame, pieces
from sample_city.site import Site


def courtyards(site: Site) -> None:
    """Old courtyard houses: the plot falls into lots along the lanes, each built around a yard."""
    rng = site.rng
    for part in pieces(site.free):
        for lot in _lots(rng, part, float(rng.uniform(900, 1450))):
            inner = lot.buffer(-1.1, join_style="mitre")
            if inner.geom_type != "Polygon" or inner.area < 130 or rng.random() < 0.06:
                continue
            house = _around_yard(rng, inner)
            floors = 2 if rng.random() < 0.3 else 1
            if house is not None:
                site.put(house, "院落住宅", floors, 3.6 * floors + 1.2, roof="pitched")


def _lots(rng: np.random.Generator, ground: Polygon, usual_m2: float) -> list[Polygon]:
    if ground.area < 1.45 * usual_m2:
        return [ground]
    direction, longer, shorter = frame(ground)
    across = np.array([np.cos(direction), np.sin(direction)])
    middle = np.array(ground.centroid.coords[0]) + across * float(rng.uniform(-0.1, 0.1)) * longer
    line = bent_line(rng, middle, direction + np.pi / 2 + float(rng.normal(0, 0.05)), shorter + 30, 0.0)
    return [lot for half in cut(ground, line) for lot in _lots(rng, half, usual_m2)]


def _around_yard(rng: np.random.Generator, lot: Polygon) -> Polygon | None:
    """The lot without its yard: closed all round, open to the south, or only its northern half."""
    arm = float(rng.uniform(5.0, 6.6))
    yard = lot.buffer(-arm, join_style="mitre")
    if yard.is_empty or yard.geom_type != "Polygon" or yard.area < 25:
        return lot if lot.area < 420 else None
    kind = rng.random()
    if kind < 0.42:
        return pieces(lot.difference(yard))[0]
    toward = (0.0, -arm - 4.0) if kind < 0.75 else (float(rng.choice([-1, 1])) * (arm + 4.0), 0.0)
    opened = yard.union(affinity.translate(yard, *toward)).convex_hull
    if kind > 0.88:
        opened = opened.union(affinity.translate(opened, 0.0, -arm - 4.0)).convex_hull
    rest = pieces(lot.difference(opened))
    return rest[0] if rest and rest[0].area > 70 else None


def village(site: Site) -> None:
    """Farmhouses side by side, each with its yard."""
    _farmhouses(site, 1, 3, 0.08)


def urban_village(site: Site) -> None:
    """A village the city has swallowed: the same plots, built higher and closer."""
    _farmhouses(site, 2, 5, 0.03)


def _farmhouses(site: Site, lowest: int, highest: int, empty: float) -> None:
    rng = site.rng

    def house(width: float, depth: float) -> Polygon:
        arm, kind = float(rng.uniform(5.0, 6.5)), rng.random()
        if kind < 0.45:
            flipped = affinity.scale(
                shapes.angle_shape(width, depth, arm), xfact=rng.choice([-1, 1]), yfact=-1
            )
            return affinity.translate(flipped, -flipped.bounds[0], -flipped.bounds[1])
        if kind < 0.75:
            return shapes.u_shape(width, depth, arm)
        return shapes.block(width, depth * 0.55)

    def build(shape: Polygon, row: int, column: int) -> None:
        floors = int(rng.integers(lowest, highest))
        pitched = rng.random() < (0.8 if highest <= 3 else 0.15)
        site.put(
            shape,
            "农房",
            floors,
            3.3 * floors + (1.2 if pitched else 0.4),
            roof="pitched" if pitched else "flat",
        )

    depth = float(rng.uniform(16, 19))
    site.rows(house, build, depth=depth, widths=(16, 27), gap=2.6 if highest > 3 else 4.5,
    pitch=depth + float(rng.uniform(8, 12)),
              empty=empty)  # fmt: skip


def slabs(site: Site) -> None:
    """Walk-ups of the 1980s and 1990s in rows to the south, a row's height and a quarter apart, shops along a street."""
    rng = site.rng
    floors = int(rng.choice([5, 6, 6, 6, 7]))
    if site.plot.area > 15_000 and rng.random() < 0.55:
        shops(site, 1, 2)
    if site.plot.area > 22_000 and rng.random() < 0.35:
        _kindergarten(site)
    height = 2.85 * floors + 0.9

    def build(shape: Polygon, row: int, column: int) -> None:
        storeys = floors - int(rng.random() < 0.12)
        pitched = rng.random() < 0.10
        site.put(
            shape,
            "住宅楼",
            storeys,
            2.85 * storeys + (2.4 if pitched else 0.9),
            roof="pitched" if pitched else "flat",
        )

    site.rows(lambda width, depth: shapes.slab(rng, width, depth), build, depth=float(rng.uniform(12.0, 14.2)),
              widths=(28, 84), gap=float(rng.uniform(7, 11)), pitch=13.0 + height * float(rng.uniform(1.1, 1.3)),
              empty=0.07)  # fmt: skip


def towers(site: Site) -> None:
    """High-rise estate: towers apart for the sun, shops at the street, sometimes a kindergarten."""
    rng = site.rng
    if rng.random() < 0.75:
        shops(site, 2, 3 if site.plot.area > 20_000 else 2)
    if site.plot.area > 42_000 and rng.random() < 0.6:
        _kindergarten(site)
    highest = int(rng.choice([11, 15, 18, 18, 24, 26, 30, 33]))
    slim = highest <= 18
    below = 1 if highest < 20 else 2

    def build(shape: Polygon, row: int, column: int) -> None:
        floors = max(8, highest - int(rng.integers(0, 4)) - (4 if row == 0 and rng.random() < 0.5 else 0))
        pitched = highest <= 11 and rng.random() < 0.4
        roof = "pitched" if pitched else "flat"
        site.put(shape, "住宅楼", floors, 2.95 * floors + 1.2, roof=roof, below=below)

    if slim:
        site.rows(lambda width, depth: shapes.slab(rng, width, depth), build, depth=14.5, widths=(30, 58), gap=15.0,
                  pitch=14.5 + min(1.05 * 2.95 * highest, 52.0), empty=0.06, stagger=0.5)  # fmt: skip
    else:
        site.rows(lambda width, depth: shapes.tower(rng, width, depth), build, depth=float(rng.uniform(19, 25)),
                  widths=(30, 52), gap=17.0, pitch=63.0, empty=0.05, stagger=0.9)  # fmt: skip


def garden_houses(site: Site) -> None:
    """Low houses with pitched roofs among gardens."""
    rng = site.rng

    def build(shape: Polygon, row: int, column: int) -> None:
        floors = int(rng.integers(4, 7))
        site.put(shape, "洋房", floors, 3.1 * floors + 2.0, roof="pitched", below=1)

    site.rows(lambda width, depth: shapes.slab(rng, width, depth), build, depth=14.0, widths=(28, 46), gap=14.0, pitch=41.0,
              empty=0.08, stagger=0.5)  # fmt: skip


def shops(site: Site, highest: int, sides: int) -> None:
    """Low shops along the plot's longest sides."""
    rng = site.rng
    floors = int(rng.integers(1, highest + 1))
    depth = float(rng.uniform(10, 14))
    sides = int(rng.integers(1, sides + 1))

    def build(shape: Polygon) -> None:
        site.put(shape, "沿街商铺", floors, 4.2 * floors + 0.8, below=0)

    site.along_edges(depth, (52.0, 120.0), 9.0, build, sides)
    site.settle(11.0)


def _kindergarten(site: Site) -> None:
    shape = site.largest(lambda width, depth: shapes.u_shape(width, depth, 11.0), (40.0, 32.0), 0.5)
    if shape is not None and site.put(shape, "幼儿园", 3, 11.6):
        site.settle(14.0)


def random_turn(rng: np.random.Generator, shape: Polygon) -> Polygon:
    """The shape mirrored east to west, north to south, or not."""
    turned = affinity.scale(shape, xfact=float(rng.choice([-1, 1])), yfact=float(rng.choice([-1, 1])))
    return affinity.translate(turned, -turned.bounds[0], -turned.bounds[1])
