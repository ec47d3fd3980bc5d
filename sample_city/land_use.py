"""Land use of every plot: fixed claims, schools and parks spread evenly, shops near crossings, the rest by quarter."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPoint, Point

from sample_city.streets import Claim


class Style(NamedTuple):
    """A way of using a plot: code and name of the 2023 guide, kind of use, share of public investors,
    and the controls of a planned plot: floor-area ratio, building density, green ratio."""

    code: str
    name: str
    use: str
    public: float
    far: float
    density: float
    green: float


STYLES: dict[str, Style] = {
    "courtyard": Style("070103", "三类城镇住宅用地", "residential", 0.1, 0.9, 0.45, 0.10),
    "slab": Style("070102", "二类城镇住宅用地", "residential", 0.2, 1.6, 0.28, 0.30),
    "tower": Style("070102", "二类城镇住宅用地", "residential", 0.05, 2.6, 0.20, 0.35),
    "garden": Style("070101", "一类城镇住宅用地", "residential", 0.0, 1.1, 0.28, 0.40),
    "village": Style("070301", "一类农村宅基地", "rural_house", 0.0, 0.7, 0.40, 0.10),
    "urban_village": Style("070302", "二类农村宅基地", "rural_house", 0.0, 1.2, 0.50, 0.05),
    "village_centre": Style("0704", "农村社区服务设施用地", "rural_community_service", 0.9, 0.6, 0.30, 0.25),
    "community": Style("0702", "城镇社区服务设施用地", "community_service", 0.8, 1.2, 0.35, 0.30),
    "government": Style("0801", "机关团体用地", "government_office", 1.0, 1.5, 0.25, 0.35),
    "research": Style("0802", "科研用地", "research", 0.6, 1.6, 0.28, 0.35),
    "library": Style("080301", "图书与展览用地", "culture", 1.0, 1.0, 0.30, 0.35),
    "culture": Style("080302", "文化活动用地", "culture", 1.0, 1.2, 0.32, 0.30),
    "university": Style("080401", "高等教育用地", "education", 1.0, 0.9, 0.20, 0.40),
    "vocational": Style("080402", "中等职业教育用地", "education", 0.9, 0.8, 0.22, 0.35),
    "school": Style("080403", "中小学用地", "education", 0.9, 0.9, 0.22, 0.35),
    "kindergarten": Style("080404", "幼儿园用地", "education", 0.6, 0.7, 0.28, 0.30),
    "sport": Style("0805", "体育用地", "sport", 1.0, 0.6, 0.25, 0.35),
    "hospital": Style("080601", "医院用地", "health", 0.9, 1.8, 0.28, 0.35),
    "clinic": Style("0806", "医疗卫生用地", "health", 1.0, 1.2, 0.30, 0.30),
    "welfare": Style("0807", "社会福利用地", "welfare", 0.7, 1.2, 0.28, 0.35),
    "shops": Style("0901", "商业用地", "retail", 0.05, 1.8, 0.50, 0.15),
    "mall": Style("090101", "零售商业用地", "retail", 0.0, 3.0, 0.50, 0.20),
    "market": Style("090102", "批发市场用地", "market", 0.1, 1.2, 0.50, 0.15),
    "catering": Style("090103", "餐饮用地", "catering", 0.0, 1.5, 0.45, 0.20),
    "hotel": Style("090104", "旅馆用地", "hotel", 0.1, 2.5, 0.35, 0.25),
    "gas_station": Style("090105", "公用设施营业网点用地", "utility_outlet", 0.3, 0.2, 0.20, 0.25),
    "office": Style("0902", "商务金融用地", "business_office", 0.15, 3.5, 0.35, 0.25),
    "leisure": Style("0903", "娱乐用地", "entertainment", 0.05, 1.6, 0.42, 0.20),
    "other_commerce": Style("0904", "其他商业服务业用地", "other_commerce", 0.1, 1.5, 0.40, 0.20),
    "light_plant": Style("100101", "一类工业用地", "industry", 0.1, 1.2, 0.45, 0.15),
    "plant": Style("100102", "二类工业用地", "industry", 0.15, 1.0, 0.45, 0.15),
    "heavy_plant": Style("100103", "三类工业用地", "industry", 0.3, 0.8, 0.35, 0.20),
    "warehouse": Style("1101", "物流仓储用地", "warehouse", 0.1, 0.9, 0.45, 0.15),
    "reserve_store": Style("1102", "储备库用地", "warehouse", 1.0, 0.6, 0.40, 0.20),
    "station": Style("1201", "铁路用地", "transport", 1.0, 0.6, 0.25, 0.15),
    "coach_station": Style("120801", "对外交通场站用地", "transport", 1.0, 0.6, 0.30, 0.15),
    "depot": Style("120802", "公共交通场站用地", "depot_parking", 1.0, 0.4, 0.25, 0.15),
    "car_park": Style("120803", "社会停车场用地", "depot_parking", 0.7, 0.1, 0.05, 0.15),
    "water_works": Style("1301", "供水用地", "utility", 1.0, 0.3, 0.25, 0.35),
    "sewage_works": Style("1302", "排水用地", "utility", 1.0, 0.3, 0.25, 0.35),
    "substation": Style("1303", "供电用地", "utility", 1.0, 0.5, 0.30, 0.25),
    "power_plant": Style("1303", "供电用地", "power_plant", 0.9, 0.6, 0.35, 0.20),
    "gas_supply": Style("1304", "供燃气用地", "utility", 0.8, 0.3, 0.20, 0.30),
    "heat_station": Style("1305", "供热用地", "utility", 0.9, 0.5, 0.30, 0.25),
    "data_centre": Style("1306", "通信用地", "data_centre", 0.4, 1.5, 0.40, 0.20),
    "waste_station": Style("1309", "环卫用地", "utility", 1.0, 0.5, 0.30, 0.30),
    "fire_station": Style("1310", "消防用地", "utility", 1.0, 0.8, 0.30, 0.25),
    "park": Style("1401", "公园绿地", "green", 1.0, 0.02, 0.02, 0.75),
    "belt": Style("1402", "防护绿地", "green", 1.0, 0.0, 0.0, 0.90),
    "square": Style("1403", "广场用地", "square", 1.0, 0.0, 0.0, 0.30),
    "military": Style("1501", "军事设施用地", "special", 1.0, 0.5, 0.22, 0.40),
    "temple": Style("1503", "宗教用地", "special", 0.3, 0.4, 0.35, 0.30),
    "heritage": Style("1504", "文物古迹用地", "special", 1.0, 0.2, 0.15, 0.50),
    "blank": Style("16", "留白用地", "reserve", 1.0, 0.0, 0.0, 0.0),
}

CLAIMS: tuple[Claim, ...] = tuple(
    Claim(*claim)
    for claim in (
        ("university", 2020, 555, 230_000), ("research", 2980, 520, 70_000), ("military", 3500, 500, 110_000),
        ("hospital", 3640, 2240, 52_000), ("hospital", 1820, 1320, 34_000), ("hospital", 3400, 3980, 60_000),
        ("government", 4720, 2290, 62_000), ("library", 4720, 2600, 46_000), ("square", 4640, 2420, 30_000),
        ("culture", 3560, 2660, 22_000), ("sport", 4240, 3080, 95_000), ("lake_park", 4570, 1290, 430_000),
        ("park", 3430, 4690, 80_000), ("park", 3680, 1820, 62_000), ("station", 2560, 800, 80_000),
        ("coach_station", 3120, 830, 28_000), ("power_plant", 900, 640, 110_000),
        ("sewage_works", 5300, 4170, 120_000), ("water_works", 330, 3330, 80_000),
        ("waste_station", 260, 1220, 40_000), ("incinerator", 5860, 1000, 70_000), ("depot", 1290, 2470, 24_000),
        ("depot", 5240, 3780, 30_000), ("data_centre", 5420, 3300, 52_000), ("pagoda", 2910, 2130, 20_000),
        ("temple", 2330, 2690, 9_000), ("square", 2600, 2500, 8_000), ("substation", 4150, 800, 14_000),
        ("substation", 700, 2560, 16_000), ("substation", 4350, 4550, 14_000), ("vocational", 5300, 880, 90_000),
        ("market", 1480, 3560, 42_000), ("warehouse", 560, 1010, 120_000), ("mall", 2730, 2350, 10_000),
        ("mall", 4300, 2660, 44_000), ("mall", 3120, 4240, 44_000), ("office", 4330, 2380, 36_000),
        ("office", 4850, 2830, 36_000), ("gas_supply", 200, 2060, 30_000), ("heat_station", 3180, 4680, 18_000),
        ("reserve_store", 1250, 520, 60_000), ("heavy_plant", 330, 2450, 110_000),
        ("heavy_plant", 560, 1880, 100_000), ("government", 2480, 2560, 11_000), ("park", 5350, 2330, 60_000),
    )
)  # fmt: skip

# Per quarter: how many plots of each style are spread over it, and the weights of what fills the rest.
SPREAD: dict[str, dict[str, int]] = {
    "old": {"school": 2, "kindergarten": 2, "clinic": 1, "community": 2, "car_park": 2, "park": 3, "shops": 6,
            "catering": 3, "hotel": 2, "leisure": 1, "culture": 1},
    "core": {"school": 9, "kindergarten": 7, "clinic": 2, "community": 5, "car_park": 4, "park": 6, "shops": 5,
             "mall": 2, "hotel": 5, "office": 6, "government": 5, "welfare": 2, "catering": 2, "leisure": 2,
             "gas_station": 2, "fire_station": 1, "heat_station": 1, "other_commerce": 2, "square": 2},
    "east": {"school": 4, "kindergarten": 3, "community": 2, "car_park": 2, "park": 4, "mall": 3, "hotel": 3,
             "office": 10, "shops": 3, "clinic": 1, "gas_station": 1, "leisure": 1, "fire_station": 1, "culture": 1,
             "other_commerce": 1, "blank": 1, "research": 2},
    "north": {"school": 5, "kindergarten": 4, "community": 3, "car_park": 2, "park": 5, "mall": 2, "hotel": 1,
              "office": 5, "shops": 2, "welfare": 1, "gas_station": 1, "urban_village": 1, "blank": 3, "depot": 1,
              "research": 3},
    "south": {"school": 5, "kindergarten": 3, "community": 2, "car_park": 2, "park": 4, "shops": 3, "hotel": 1,
              "office": 2, "research": 5, "welfare": 1, "gas_station": 1, "urban_village": 1, "vocational": 1,
              "clinic": 1, "blank": 1},
    "west": {"car_park": 1, "park": 2, "office": 1, "gas_station": 1, "depot": 1, "fire_station": 1, "blank": 1,
             "research": 1, "slab": 3, "community": 1, "waste_station": 1},
    "village": {"village_centre": 4, "park": 1},
    "belt": {},
}  # fmt: skip
REST: dict[str, dict[str, float]] = {
    "old": {"courtyard": 0.80, "slab": 0.20},
    "core": {"slab": 0.74, "tower": 0.20, "light_plant": 0.06},
    "east": {"tower": 0.80, "garden": 0.12, "slab": 0.08},
    "north": {"tower": 0.84, "garden": 0.12, "slab": 0.04},
    "south": {"slab": 0.46, "tower": 0.50, "garden": 0.04},
    "west": {"light_plant": 0.34, "plant": 0.42, "warehouse": 0.20, "heavy_plant": 0.04},
    "village": {"village": 1.0},
    "belt": {"park": 1.0},
}
# Styles that want a busy place, and the span of plot sizes of those that cannot take any. [m²]
BUSY = ("mall", "office", "hotel", "shops", "catering", "leisure")
SIZES: dict[str, tuple[float, float]] = {
    "school": (14_000, 45_000), "kindergarten": (3_500, 12_000), "clinic": (4_000, 15_000),
    "community": (2_500, 12_000), "car_park": (2_500, 10_000), "park": (4_000, 40_000), "mall": (9_000, 40_000),
    "hotel": (5_000, 22_000), "gas_station": (1_500, 14_000), "fire_station": (3_000, 12_000),
    "heat_station": (2_500, 12_000), "square": (3_000, 16_000), "welfare": (6_000, 22_000),
    "catering": (2_000, 12_000), "leisure": (4_000, 16_000), "other_commerce": (5_000, 20_000),
    "village_centre": (2_000, 12_000), "vocational": (30_000, 120_000), "depot": (8_000, 40_000),
    "waste_station": (3_000, 30_000), "culture": (4_000, 20_000), "blank": (10_000, 60_000), "urban_village": (18_000,
    48_000), "sport": (9_000, 60_000),
}  # fmt: skip
NAMED_CLAIMS = {
    "lake_park": "park", "wall_park": "park", "river_park": "park", "incinerator": "waste_station",
    "pagoda": "heritage",
}  # fmt: skip
# Where building has not begun: middle and reach. [m]
EMPTY_PLACES = ((3900.0, 4560.0, 520.0), (4600.0, 4250.0, 420.0), (5900.0, 2700.0, 380.0), (1500.0, 4620.0, 420.0),
                (4700.0, 230.0, 330.0), (200.0, 2900.0, 330.0), (5850.0, 1600.0, 360.0), (700.0, 4150.0,
                300.0))  # fmt: skip


def assign(rng: np.random.Generator, plots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Plots with `style` and `status` (existing, planned, granted, approved)."""
    points = shapely.get_coordinates(shapely.point_on_surface(plots.geometry.to_numpy()))
    area = plots.area.to_numpy()
    style = np.array([NAMED_CLAIMS.get(claim, claim) for claim in plots["claim"]], dtype=object)
    busy: NDArray[np.float64] = np.asarray(
        shapely.distance(MultiPoint(busy_places()), shapely.points(points))
    )
    for quarter, wanted in SPREAD.items():
        here = (plots["quarter"] == quarter).to_numpy()
        for name, count in wanted.items():
            low, high = SIZES.get(name, (4_000.0, 80_000.0))
            candidates = np.flatnonzero(here & (style == "") & (area >= low) & (area <= high))
            for chosen in _spread(rng, points, candidates, count, busy if name in BUSY else None):
                style[chosen] = name
        rest = np.flatnonzero(here & (style == ""))
        names, weights = zip(*REST[quarter].items(), strict=True)
        style[rest] = rng.choice(np.array(names, dtype=object), len(rest), p=np.array(weights))
    return plots.assign(style=style, status=_status(rng, plots, points, style))


def busy_places() -> list[Point]:
    """Crossings of main streets and metro stations, where shops and offices gather."""
    crossings = ((480, 2200), (1110, 2240), (1985, 2370), (2650, 2420), (3360, 2440), (4020, 2500), (4990, 2400),
                 (2612, 1735), (2560, 905), (2770, 3250), (2960, 4400), (4020, 4170), (4990, 1800), (3560, 1480),
                 (4990, 2990), (4930, 4420), (2600, 1430))  # fmt: skip
    return [Point(x, y) for x, y in crossings]


def _spread(
    rng: np.random.Generator,
    points: NDArray[np.float64],
    candidates: NDArray[np.intp],
    count: int,
    busy: NDArray[np.float64] | None,
) -> list[int]:
    """Some of the candidates, far from each other, or near busy places where these are given."""
    chosen: list[int] = []
    for _ in range(min(count, len(candidates))):
        left = np.setdiff1d(candidates, chosen)
        if not len(left):
            break
        if busy is not None:
            score = -busy[left] / 300 + rng.gumbel(0, 0.5, len(left))
        elif not chosen:
            score = rng.random(len(left))
        else:
            away = points[left][:, None, :] - points[chosen][None, :, :]
            score = np.hypot(away[..., 0], away[..., 1]).min(axis=1) * rng.uniform(0.75, 1.0, len(left))
        chosen.append(int(left[np.argmax(score)]))
    return chosen


def _status(
    rng: np.random.Generator, plots: gpd.GeoDataFrame, points: NDArray[np.float64], style: NDArray[np.object_]
) -> NDArray[np.object_]:
    """State of development: building has not begun in some places at the edge."""
    status = np.full(len(plots), "existing", dtype=object)
    never = {
        "village",
        "urban_village",
        "village_centre",
        "courtyard",
        "blank",
        "heritage",
        "temple",
        "military",
        "gas_station",
    }
    free = (
        (plots["claim"] == "").to_numpy()
        & ~np.isin(style, list(never))
        & (plots["quarter"] != "belt").to_numpy()
    )
    for x, y, reach in EMPTY_PLACES:
        near = np.hypot(points[:, 0] - x, points[:, 1] - y) < reach
        status[free & near & (rng.random(len(plots)) < 0.8)] = "planned"
    scattered = free & np.isin(plots["quarter"], ["north", "east", "south"]) & (rng.random(len(plots)) < 0.05)
    status[scattered] = "planned"
    status[style == "blank"] = "planned"
    later = status == "planned"
    status[later & (style != "blank") & (rng.random(len(plots)) < 0.38)] = "granted"
    status[later & (status == "planned") & (style != "blank") & (rng.random(len(plots)) < 0.12)] = "approved"
    return status
