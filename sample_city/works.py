"""How plants, stores, stations, utilities, parks and special places are built."""

from __future__ import annotations

from collections.abc import Callable

from shapely import Polygon, affinity, box

from sample_city import homes, public, shapes
from sample_city.public import at, one, rows
from sample_city.site import Site


def plant(site: Site, gate: bool = True) -> None:
    """Large halls under metal roofs, an office block at the gate, small houses for equipment."""
    rng = site.rng
    if gate:
        _one_at_side(
            site, lambda w, d: shapes.angle_shape(w, d, 14.0), (52, 30), "厂区办公楼", int(rng.integers(3, 6))
        )
    deep = float(rng.choice([36.0, 48.0, 60.0]))
    wide = float(rng.uniform(90, 170))

    def build(shape: Polygon, row: int, column: int) -> None:
        site.put(shape, "厂房", 1, float(rng.uniform(9.0, 14.5)), roof="metal")

    def hall(width: float, depth: float) -> Polygon:
        kind = rng.random()
        if kind < 0.18 and width > 70:
            return shapes.angle_shape(width, depth, 0.55 * depth)
        if kind < 0.28:
            return shapes.t_shape(width, depth, 0.6 * depth)
        return shapes.block(width, depth)

    site.rows(hall, build, depth=deep, widths=(38, wide), gap=14.0, pitch=deep + 16.0, empty=0.05)
    site.settle(8.0)
    one(site, shapes.block, (14, 10), "设备用房", 1, 5.0)


def works(site: Site) -> None:
    """Storeyed workshops of light industry, flat roofs, with dormitories."""
    rng = site.rng
    _one_at_side(site, shapes.block, (56, 15), "研发楼", int(rng.integers(5, 9)))
    floors = int(rng.integers(2, 5))

    def build(shape: Polygon, row: int, column: int) -> None:
        metal = rng.random() < 0.45
        storeys = 1 if metal else floors
        site.put(
            shape, "厂房", storeys, 10.5 if metal else 4.8 * floors + 1, roof="metal" if metal else "flat"
        )

    site.rows(
        shapes.block,
        build,
        depth=float(rng.uniform(24, 34)),
        widths=(40, 92),
        gap=14.0,
        pitch=48.0,
        empty=0.06,
    )


def heavy(site: Site) -> None:
    """A chemical works: small hazardous halls far apart, tanks, one large hall."""
    rng = site.rng
    _one_at_side(site, shapes.block, (52, 15), "厂区办公楼", 4)
    for number in range(4):
        made = site.largest(lambda w, d: shapes.oval(min(w, d), min(w, d)), (22, 22), 0.9)
        if made is not None and site.put(made, "储罐", 1, 12.0 + number, roof="metal"):
            site.settle(9.0)
    role = "甲类厂房" if rng.random() < 0.5 else "乙类厂房"
    one(site, shapes.block, (60, 30), "甲类仓库", 1, 7.5, roof="metal")
    rows(site, shapes.block, role, (1, 3), 7.5, (40, 90), 22.0, 62.0, 0.1, depth=30.0, roof="metal")


def stores(site: Site) -> None:
    """Long halls side by side with yards for lorries."""
    _one_at_side(site, shapes.block, (40, 14), "物流办公楼", 4)
    rows(site, shapes.block, "仓库", (1, 2), 10.0, (70, 160), 18.0, 74.0, 0.03, depth=42.0, roof="metal")


def station(site: Site) -> None:
    """A railway station: a wide hall with a canopy."""
    one(site, lambda w, d: shapes.chamfered(w, d, 6.0), (190, 46), "火车站站房", 2, 10.0, 0.9, below=1)
    one(site, shapes.block, (64, 16), "铁路办公楼", 6, 3.8)
    one(site, shapes.block, (60, 20), "行包房", 1, 7.0, roof="metal")


def coaches(site: Site) -> None:
    """A coach station with its hall."""
    one(site, lambda w, d: shapes.chamfered(w, d, 5.0), (86, 38), "客运站站房", 2, 7.0)
    one(site, shapes.block, (40, 18), "车辆检修库", 1, 8.0, roof="metal")


def depot(site: Site) -> None:
    """Buses under long canopies, a workshop, an office."""
    _one_at_side(site, shapes.block, (40, 14), "调度楼", 4)
    one(site, shapes.block, (60, 26), "车辆检修库", 1, 9.0, roof="metal")
    rows(site, shapes.block, "停车棚", (1, 2), 5.5, (40, 90), 12.0, 34.0, 0.0, depth=14.0, roof="metal")


def car_park(site: Site) -> None:
    """An open car park with a gatehouse."""
    _one_at_side(site, shapes.block, (8, 6), "门卫房", 1)


def basins(site: Site, offices: str) -> None:
    """Water or sewage works: round and long basins stay open, pump houses and offices are built."""
    _one_at_side(site, lambda w, d: shapes.angle_shape(w, d, 13.0), (46, 30), offices, 4)
    west, south, east, north = site.free.bounds
    for share in (0.3, 0.55, 0.8):
        at(site, shapes.oval(42, 42), west + share * (east - west), south + 0.66 * (north - south), "水池", 0)
    rows(site, shapes.block, "泵房", (1, 2), 7.5, (22, 46), 26.0, 58.0, 0.1, depth=16.0)


def power_plant(site: Site) -> None:
    """Boiler house, turbine hall, cooling towers, coal shed."""
    one(site, lambda w, d: shapes.t_shape(w, d, 34.0), (130, 70), "主厂房", 5, 9.0, 0.6, roof="metal")
    for _ in range(2):
        made = site.largest(lambda w, d: shapes.oval(min(w, d), min(w, d)), (62, 62), 0.9)
        if made is not None and site.put(made, "冷却塔", 1, 78.0):
            site.settle(18.0)
    one(site, shapes.block, (120, 52), "封闭煤棚", 1, 22.0, roof="metal")
    one(site, lambda w, d: shapes.angle_shape(w, d, 14.0), (50, 34), "生产办公楼", 5, 3.8)


def incinerator(site: Site) -> None:
    """Waste to energy: one large hall."""
    one(
        site, lambda w, d: shapes.angle_shape(w, d, 46.0), (120, 76), "焚烧主厂房", 3, 13.0, 0.8, roof="metal"
    )
    one(site, shapes.block, (44, 15), "生产办公楼", 4, 3.8)


def data_centre(site: Site) -> None:
    """Server halls and their power house."""
    rows(site, shapes.block, "机房楼", (4, 5), 5.4, (60, 96), 20.0, 62.0, 0.0, depth=38.0)
    site.settle(12.0)
    one(site, shapes.block, (36, 16), "动力楼", 2, 6.0)


def small_utility(site: Site, role: str) -> None:
    """A substation, heat station or the like: one or two plain houses."""
    one(site, shapes.block, (44, 22), role, 2, 5.5, 0.8)
    one(site, shapes.block, (20, 12), "设备用房", 1, 5.0)


def filling_station(site: Site) -> None:
    """A canopy over the pumps and a shop."""
    shape = site.largest(shapes.block, (30, 18), 0.9)
    if shape is not None:
        site.put(shape, "加油罩棚", 1, 7.0, roof="metal", base_m=5.0)
        site.settle(6.0)
    one(site, shapes.block, (18, 10), "站房", 1, 4.5)


def fire_station(site: Site) -> None:
    """Garage, barracks and a training tower."""
    one(site, lambda w, d: shapes.angle_shape(w, d, 15.0), (54, 36), "消防站楼", 4, 4.0)
    one(site, shapes.block, (9, 9), "训练塔", 8, 3.4)


def barracks(site: Site) -> None:
    """Low blocks in strict rows."""
    rows(site, shapes.block, "营房", (3, 5), 3.5, (44, 66), 16.0, 44.0, 0.1)


def temple(site: Site) -> None:
    """Halls one behind the other on the axis, galleries at the sides."""
    if site.free.is_empty:
        return
    west, south, east, north = site.free.bounds
    middle, deep = (west + east) / 2, north - south
    for share, wide, height in ((0.14, 15, 7.0), (0.42, 26, 11.0), (0.70, 21, 9.0), (0.9, 17, 9.5)):
        hall = shapes.block(min(wide, 0.5 * (east - west)), min(0.13 * deep, 17.0))
        at(site, hall, middle, south + share * deep, "殿堂", 1, height)
    for side in (-1, 1):
        wing = shapes.block(6.5, 0.34 * deep)
        at(site, wing, middle + side * 0.33 * (east - west), south + 0.45 * deep, "厢房", 1, 6.0)


def pagoda(site: Site) -> None:
    """A brick pagoda in the middle of a temple garden."""
    centre = site.free.centroid
    at(site, shapes.chamfered(19, 19, 5.5), centre.x, centre.y, "古塔", 9, 46.0)
    site.settle(14.0)
    west, south, east, north = site.free.bounds
    for share in (0.12, 0.88):
        at(site, shapes.block(24, 12), centre.x, south + share * (north - south), "殿堂", 1, 9.0)
    for side in (0.1, 0.9):
        at(site, shapes.block(7, 34), west + side * (east - west), centre.y, "厢房", 1, 6.0)


def park(site: Site) -> None:
    """A pavilion or a service house, now and then."""
    if site.plot.area > 6_000 and site.rng.random() < 0.55:
        inner = site.free.representative_point()
        shape = affinity.translate(shapes.chamfered(15, 12, 3.0), inner.x - 7, inner.y - 6)
        site.put(shape, "公园服务用房", 1, 5.0, roof="pitched")


def nothing(site: Site) -> None:
    """Open ground."""


def village_centre(site: Site) -> None:
    """Village committee and clinic."""
    one(site, shapes.block, (30, 11), "村委会", 2, 3.6)
    one(site, shapes.block, (20, 10), "村卫生室", 1, 4.0)


def _one_at_side(
    site: Site, shape: Callable[[float, float], Polygon], most: tuple[float, float], role: str, floors: int
) -> None:
    """One building in the southern strip of the plot, near the gate."""
    if site.free.is_empty:
        return
    west, south, east, north = site.free.bounds
    whole = site.free
    strip = whole.intersection(box(west, south, east, south + 0.42 * (north - south)))
    if strip.geom_type != "Polygon" or strip.is_empty:
        return
    site.free = strip
    made = site.largest(shape, most, 0.8)
    site.free = whole
    if made is not None and site.put(made, role, floors, 3.8 * floors + 1.0):
        site.settle(12.0)


LAYOUTS: dict[str, tuple[Callable[[Site], None], float]] = {
    "courtyard": (homes.courtyards, 2.0), "slab": (homes.slabs, 6.0), "tower": (homes.towers, 9.0),
    "garden": (homes.garden_houses, 8.0), "village": (homes.village, 2.5), "urban_village": (homes.urban_village, 2.5),
    "village_centre": (village_centre, 3.0), "community": (lambda site: public.low_public(site, "社区服务楼"), 5.0),
    "government": (public.government, 10.0), "research": (public.research, 10.0), "library": (public.culture, 9.0),
    "culture": (public.culture, 7.0), "university": (public.university, 16.0), "vocational": (public.school, 10.0),
    "school": (public.school, 8.0), "kindergarten": (public.kindergarten, 5.0), "sport": (public.stadium, 10.0),
    "hospital": (public.hospital, 10.0), "clinic": (public.clinic, 6.0),
    "welfare": (lambda site: public.low_public(site, "养老公寓"), 6.0), "shops": (public.shop_street, 5.0),
    "mall": (public.mall, 8.0), "market": (public.market, 8.0),
    "catering": (lambda site: public.low_public(site, "餐饮楼"), 5.0), "hotel": (public.hotel, 7.0),
    "gas_station": (filling_station, 5.0), "office": (public.offices, 7.0),
    "leisure": (lambda site: public.low_public(site, "影剧院"), 5.0),
    "other_commerce": (lambda site: public.low_public(site, "综合商业楼"), 6.0), "light_plant": (works, 9.0),
    "plant": (plant, 10.0), "heavy_plant": (heavy, 14.0), "warehouse": (stores, 10.0), "reserve_store": (stores, 12.0),
    "station": (station, 8.0), "coach_station": (coaches, 8.0), "depot": (depot, 7.0), "car_park": (car_park, 3.0),
    "water_works": (lambda site: basins(site, "水厂综合楼"), 10.0),
    "sewage_works": (lambda site: basins(site, "污水厂综合楼"), 12.0),
    "substation": (lambda site: small_utility(site, "变电站"), 8.0), "power_plant": (power_plant, 14.0),
    "gas_supply": (lambda site: small_utility(site, "燃气门站"), 12.0),
    "heat_station": (lambda site: small_utility(site, "锅炉房"), 7.0), "data_centre": (data_centre, 9.0),
    "waste_station": (lambda site: small_utility(site, "转运车间"), 8.0), "incinerator": (incinerator, 12.0),
    "fire_station": (fire_station, 6.0), "park": (park, 8.0), "belt": (nothing, 5.0), "square": (nothing, 5.0),
    "military": (barracks, 14.0), "temple": (temple, 4.0), "heritage": (pagoda, 4.0), "blank": (nothing, 5.0),
}  # fmt: skip
