"""How schools, hospitals, offices, shops, hotels and other public buildings stand on their plots."""

from __future__ import annotations

from collections.abc import Callable

import shapely
from shapely import Polygon, affinity, box
from shapely.geometry.base import BaseGeometry

from sample_city import shapes
from sample_city.homes import random_turn
from sample_city.site import Site

# Roofs of what stands alone.
ROOFS = {"体育馆": "metal", "殿堂": "pitched", "厢房": "pitched", "古塔": "pitched"}

Shape = Callable[[float, float], Polygon]


def school(site: Site) -> None:
    """Teaching wings at one end, the running track at the other, canteen and gymnasium between."""
    rng = site.rng
    wide, deep = site.size
    if wide < 50 or deep < 40:
        one(site, lambda w, d: shapes.angle_shape(w, d, 13), (70, 50), "教学楼", 4, 3.8)
        return
    west, south, east, north = site.free.bounds
    track = (92.0, 172.0) if deep > wide and deep > 210 else (min(0.42 * wide, 95.0), min(0.8 * deep, 175.0))
    left = rng.random() < 0.5
    field = box(west, south, west + track[0], north) if left else box(east - track[0], south, east, north)
    site.take(field, 4.0)
    floors = int(rng.integers(4, 6))
    teeth = 3 if site.size[0] > 70 else 2
    one(site, lambda w, d: shapes.comb(w, d, 11.0, teeth), (96, 56), "教学楼", floors, 3.8, 0.9)
    one(site, shapes.block, (46, 18), "综合楼", 5, 3.9)
    one(site, lambda w, d: shapes.chamfered(w, d, 3.0), (34, 26), "体育馆", 1, 12.0)
    one(site, lambda w, d: shapes.angle_shape(w, d, 12.0), (36, 24), "食堂", 2, 4.8)
    one(site, shapes.block, (52, 14), "宿舍楼", 6, 3.3)


def kindergarten(site: Site) -> None:
    """One low building around a playground."""
    shape = random_turn(site.rng, shapes.u_shape(46, 34, 11))
    one(site, lambda w, d: affinity.scale(shape, w / 46, d / 34, origin=(0, 0)), (46, 34), "幼儿园", 3, 3.7)


def university(site: Site) -> None:
    """Campus: library in the middle, teaching blocks around, dormitories in rows, a stadium."""
    rng = site.rng
    west, south, east, north = site.free.bounds
    one(site, lambda w, d: shapes.court(w, d, 22.0), (96, 80), "图书馆", 6, 4.5)
    at(
        site,
        shapes.oval(105, 175),
        west + 0.14 * (east - west),
        south + 0.5 * (north - south),
        "体育场看台",
        0,
    )
    for share, shape, role, floors in (
        (0.30, shapes.h_shape(92, 66, 17), "教学楼", 6), (0.42, shapes.comb(88, 62, 16, 3), "教学楼", 6),
        (0.62, shapes.court(84, 64, 16), "实验楼", 7), (0.72, shapes.angle_shape(78, 60, 18), "学院楼", 8),
        (0.36, shapes.u_shape(70, 56, 16), "行政楼", 5), (0.66, shapes.chamfered(66, 50, 8), "体育馆", 1),
        (0.50, shapes.crescent(96, 60, 18), "大礼堂", 2), (0.80, shapes.angle_shape(56, 44, 20), "食堂", 3),
    ):  # fmt: skip
        for high in (0.72, 0.28):
            if rng.random() < 0.85:
                height = 16.0 if role == "体育馆" else 4.2 * floors + 1
                at(site, random_turn(rng, shape), west + share * (east - west), south + high * (north - south), role,
                    floors, height)  # fmt: skip
    site.settle(16.0)
    rows(site, lambda w, d: shapes.slab(rng, w, d), "宿舍楼", (6, 7), 3.4, (45, 78), 14.0, 40.0, 0.08)


def hospital(site: Site) -> None:
    """Ward tower, outpatient podium linked by a bridge, smaller blocks around."""
    rng = site.rng
    podium = site.largest(lambda w, d: shapes.comb(w, d, 24.0, 3), (120, 78), 0.72)
    if podium is not None and site.put(podium, "门诊医技楼", 4, 19.5, below=1):
        west, _, east, north = podium.bounds
        bridge = box((west + east) / 2 - 3, north + 0.05, (west + east) / 2 + 3, north + 13.95)
        ward = shapes.chamfered(74, 24, 5.0)
        placed = affinity.translate(ward, (west + east) / 2 - 37, north + 14.0)
        if site.free.covers(placed) and site.put(placed, "住院楼", 16, 16 * 4.0 + 2, below=2):
            site.stand(bridge, "连廊", 1, 13.0, base_m=8.0)
    site.settle(14.0)
    floors = int(rng.integers(9, 18))
    one(site, lambda w, d: shapes.h_shape(w, d, 15.0), (64, 44), "住院楼", floors, 4.0, 0.8, below=1)
    one(site, lambda w, d: shapes.angle_shape(w, d, 15.0), (50, 36), "感染科楼", 4, 4.0)
    one(site, shapes.block, (48, 16), "行政后勤楼", 6, 3.8)
    one(site, shapes.block, (22, 14), "设备用房", 1, 6.0)


def clinic(site: Site) -> None:
    """A community clinic."""
    one(
        site,
        lambda w, d: shapes.angle_shape(w, d, 15.0),
        (56, 40),
        "卫生服务楼",
        int(site.rng.integers(4, 7)),
        3.8,
    )
    one(site, shapes.block, (26, 14), "附属用房", 2, 3.6)


def government(site: Site) -> None:
    """A symmetrical main building with lower wings."""
    rng = site.rng
    floors = int(rng.integers(6, 13))
    one(site, lambda w, d: shapes.h_shape(w, d, 20.0), (104, 58), "办公主楼", floors, 3.9, 0.75, below=1)
    one(site, lambda w, d: shapes.u_shape(w, d, 15.0), (60, 40), "政务服务楼", 5, 4.2)
    one(site, shapes.block, (48, 16), "附楼", 5, 3.7)
    one(site, shapes.block, (36, 18), "机关食堂", 2, 4.5)


def offices(site: Site) -> None:
    """One or two towers on a podium that follows the plot, higher in the east."""
    rng = site.rng
    floors = int(rng.choice([9, 12, 16, 20, 24, 28, 32], p=[0.2, 0.2, 0.17, 0.15, 0.12, 0.09, 0.07]))
    _towers_on_podium(site, "写字楼", floors, 4.0, "商务裙房", int(rng.integers(2, 4)), 34.0, 2)
    if site.free.area > 4_500:
        storeys = max(8, floors - int(rng.integers(2, 7)))
        one(site, lambda w, d: shapes.chamfered(w, d, 4.0), (46, 26), "写字楼", storeys, 4.0, below=2)


def hotel(site: Site) -> None:
    """A slab or crescent of rooms over a podium."""
    rng = site.rng
    floors = int(rng.integers(8, 21))
    if rng.random() < 0.4:
        one(site, lambda w, d: shapes.crescent(w, d, 18.0), (92, 52), "客房楼", floors, 3.5, 0.85, below=1)
        one(site, lambda w, d: shapes.angle_shape(w, d, 16.0), (46, 36), "宴会楼", 3, 5.0)
        return
    _towers_on_podium(site, "客房楼", floors, 3.5, "酒店裙房", 3, 26.0, 1)


def mall(site: Site) -> None:
    """A big box as the plot is shaped, with a tower where there is room."""
    rng = site.rng
    floors = int(rng.integers(4, 7))
    inner = site.free.buffer(-3.0, join_style="mitre").buffer(-6).buffer(6, quad_segs=3)
    if inner.geom_type != "Polygon" or inner.is_empty:
        return
    if inner.area > 21_000:
        west, south, east, north = inner.bounds
        split = west + (east - west) * float(rng.uniform(0.5, 0.62))
        parts = [
            inner.intersection(box(west, south, split - 12, north)),
            inner.intersection(box(split + 12, south, east, north)),
        ]
        if all(part.geom_type == "Polygon" and part.area > 1_500 for part in parts):
            built = [
                site.put(part.simplify(0.2), "购物中心", floors, 5.2 * floors + 1.5, below=2)
                for part in parts
            ]
            if all(built):
                middle = (south + north) / 2
                bridge = box(split - 11.9, middle - 4, split + 11.9, middle + 4)
                if not any(bridge.crosses(part) or bridge.overlaps(part) for part in parts):
                    site.stand(bridge, "连廊", 1, 16.0, base_m=10.0)
            return
    site.put(inner.simplify(0.2), "百货商场", floors, 5.0 * floors + 1.5, below=1)


def shop_street(site: Site) -> None:
    """Shops on all sides around a service yard, a department store in the middle."""
    rng = site.rng
    floors = int(rng.integers(2, 5))
    depth = float(rng.uniform(14, 18))
    site.along_edges(
        depth, (30, 70), 6.0, lambda shape: site.put(shape, "商业楼", floors, 4.5 * floors + 0.8), 4, 30.0
    )
    site.settle(10.0)
    one(site, lambda w, d: shapes.chamfered(w, d, 4.0), (60, 42), "百货商店", floors + 1, 4.8, 0.9)


def market(site: Site) -> None:
    """Halls in rows under light metal roofs."""
    rows(site, shapes.block, "交易大厅", (1, 3), 5.5, (50, 110), 12.0, 40.0, 0.04, depth=26.0, roof="metal")


def low_public(site: Site, role: str, roof: str = "flat") -> None:
    """Two or three low buildings: community houses, restaurants, leisure, welfare."""
    rng = site.rng
    floors = int(rng.integers(2, 6))
    kind = rng.random()
    shape: Shape = (
        (lambda w, d: shapes.u_shape(w, d, 13.0))
        if kind < 0.4
        else (lambda w, d: shapes.angle_shape(w, d, 14.0))
    )
    if kind > 0.75:
        shape = lambda w, d: shapes.t_shape(w, d, 15.0)  # noqa: E731
    one(site, shape, (62, 44), role, floors, 3.8, 0.9, roof=roof)
    one(site, shapes.block, (40, 14), role, max(1, floors - 1), 3.7, roof=roof)
    if site.free.area > 3_500:
        one(site, shapes.block, (44, 14), role, floors, 3.7, roof=roof)


def culture(site: Site) -> None:
    """A hall with a free form and a square before it."""
    rng = site.rng
    kind = rng.random()
    shape: Shape = shapes.oval if kind < 0.4 else lambda w, d: shapes.chamfered(w, d, 0.22 * min(w, d))
    one(site, shape, (92, 72), "文化馆", 3, 7.0, 0.62, below=1)
    one(site, lambda w, d: shapes.skewed(w, d, 9.0), (70, 40), "展览馆", 3, 6.0, 0.9)
    one(site, lambda w, d: shapes.angle_shape(w, d, 16.0), (54, 40), "少年宫", 4, 4.2)


def stadium(site: Site) -> None:
    """A stadium ring, a gymnasium and a swimming hall."""
    ring = Polygon(
        shapes.oval(150, 200).exterior, [affinity.translate(shapes.oval(92, 142), 29, 29).exterior.coords]
    )
    west, south, east, north = site.free.bounds
    if not at(site, ring, west + 0.36 * (east - west), (south + north) / 2, "体育场", 2, 22.0):
        one(site, lambda w, d: _ring(w, d), (180, 220), "体育场", 2, 11.0, 0.7)
    site.free = site.free.difference(shapely.union_all([Polygon(part.exterior) for part in site.standing()]))
    site.settle(16.0)
    one(site, shapes.oval, (76, 62), "体育馆", 2, 10.5, 0.8, roof="metal")
    one(site, lambda w, d: shapes.chamfered(w, d, 7.0), (62, 40), "游泳馆", 1, 14.0, 0.8, roof="metal")


def research(site: Site) -> None:
    """Laboratories in a loose campus."""
    rng = site.rng
    one(
        site,
        lambda w, d: shapes.h_shape(w, d, 17.0),
        (84, 56),
        "科研楼",
        int(rng.integers(6, 12)),
        4.2,
        0.6,
        below=1,
    )
    for _ in range(4):
        kind = rng.random()
        shape: Shape = (
            (lambda w, d: shapes.angle_shape(w, d, 16.0))
            if kind < 0.5
            else (lambda w, d: shapes.u_shape(w, d, 14.0))
        )
        one(site, shape, (62, 44), "实验楼", int(rng.integers(3, 9)), 4.2)


def _towers_on_podium(
    site: Site,
    role: str,
    floors: int,
    storey_m: float,
    podium_role: str,
    podium_floors: int,
    side: float,
    most: int,
) -> None:
    """A podium with gaps where its towers stand: nothing overlaps."""
    rng = site.rng
    kind = rng.random()
    form: Shape = (lambda w, d: shapes.chamfered(w, d, 3.0)) if kind < 0.5 else (
        lambda w, d: shapes.chamfered(w, d, 0.16 * min(w, d)) if kind < 0.88 else shapes.skewed(w, d, 0.14 * w)
    )  # fmt: skip
    base = site.largest(form, (118, float(rng.uniform(50, 90))), 0.9)
    if base is None:
        return
    west, south, east, north = base.bounds
    inner = base.buffer(-3.5, join_style="mitre")
    towers: list[Polygon] = []
    count = most if east - west > 2.6 * side and rng.random() < 0.6 else 1
    for number in range(count):
        wide = min(side * float(rng.uniform(0.9, 1.5)), (east - west) / count - 10)
        deep = min(side * float(rng.uniform(0.7, 0.95)), north - south - 9)
        if wide < 15 or deep < 13:
            continue
        x = west + (east - west) * (number + float(rng.uniform(0.35, 0.65))) / count - wide / 2
        y = south + 4 + float(rng.choice([0.05, 0.5, 0.95])) * (north - south - deep - 8)
        shape = shapes.chamfered(wide, deep, 3.5) if rng.random() < 0.6 else shapes.block(wide, deep)
        tower = affinity.translate(shape, x, y)
        if inner.covers(tower) and all(tower.distance(other) > 12 for other in towers):
            towers.append(tower)
    podium: BaseGeometry = base
    for tower in towers:
        podium = podium.difference(tower.buffer(0.06, join_style="mitre"))
    if podium.geom_type != "Polygon" or not site.put(
        podium, podium_role, podium_floors, 5.0 * podium_floors + 1, below=2
    ):
        return
    for number, tower in enumerate(towers):
        storeys = max(floors - int(rng.integers(0, 5)) * number, podium_floors + 3)
        site.stand(tower, role, storeys, storey_m * storeys + 4.0, below=2)
    site.settle(13.0)
    if site.free.area > 2_000:
        one(
            site, lambda w, d: shapes.angle_shape(w, d, 16.0), (56, 38), podium_role, max(3, floors // 3), 3.9
        )


def one(
    site: Site, shape: Shape, most: tuple[float, float], role: str, floors: int, storey_m: float, fill: float = 0.95,
    *, below: int = 0, roof: str = "flat",
) -> bool:  # fmt: skip
    """One building as large as fits, then the ground around it is kept free."""
    made = site.largest(shape, most, fill)
    if (
        made is None
        or made.area < 90
        or not site.put(made, role, floors, storey_m * floors + 1.0, below=below, roof=roof)
    ):
        return False
    site.settle(max(9.0, 0.55 * storey_m * min(floors, 8)))
    return True


def at(site: Site, shape: Polygon, x: float, y: float, role: str, floors: int, height_m: float = 0.0) -> bool:
    """A building around a point; with no storeys only the ground is kept, as for a running track."""
    x0, y0, x1, y1 = shape.bounds
    placed = affinity.translate(shape, x - (x0 + x1) / 2, y - (y0 + y1) / 2)
    if floors == 0:
        site.take(placed, 6.0)
        return True
    roof = ROOFS.get(role, "flat")
    return site.put(placed, role, floors, height_m, roof=roof)


def rows(
    site: Site, shape: Shape, role: str, floors: tuple[int, int], storey_m: float, widths: tuple[float, float],
    gap: float, pitch: float, empty: float, *, depth: float = 14.0, roof: str = "flat",
) -> None:  # fmt: skip
    def build(outline: Polygon, row: int, column: int) -> None:
        storeys = int(site.rng.integers(floors[0], floors[1]))
        site.put(outline, role, storeys, storey_m * storeys + 1.0, roof=roof)

    site.rows(shape, build, depth=depth, widths=widths, gap=gap, pitch=pitch, empty=empty)


def _ring(width: float, depth: float) -> Polygon:
    arm = 0.2 * min(width, depth)
    hole = affinity.translate(shapes.oval(width - 2 * arm, depth - 2 * arm), arm, arm)
    return Polygon(shapes.oval(width, depth).exterior, [hole.exterior.coords])
