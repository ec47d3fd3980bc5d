"""Layers around the buildings: water, streets, metro, underground space, zones, units, districts, greenery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring, unary_union

from sample_city import skeleton
from sample_city.ground import fissure_line
from sample_city.lines import blob, curve, pieces, smooth
from sample_city.parcels import DISTRICTS, KEY_AREAS, UNITS
from sample_city.streets import Plots, merged_roads

RIVER_TEMP_C = (3.2, 4.6, 9.1, 14.6, 19.0, 23.1, 25.6, 25.0, 20.4, 15.1, 9.3, 4.7)
LAKE_TEMP_C = (2.4, 3.9, 8.7, 15.2, 20.6, 25.0, 27.4, 26.7, 21.9, 15.6, 8.8, 4.0)
METRO: tuple[tuple[str, str, float, float, tuple[tuple[float, float], ...], tuple[tuple[str, float, float], ...]], ...] = (
    ("地铁1号线", "existing", 18.0, 50.0,
     ((-600, 2290), (500, 2200), (1250, 2260), (1985, 2370), (2650, 2420), (3360, 2440), (4020, 2500), (4700, 2450),
      (5400, 2330), (6700, 2390)),
     (("工业大道", 480, 2202), ("二环西", 1140, 2245), ("西门", 1980, 2370), ("钟楼", 2650, 2420), ("东门", 3365, 2441),
      ("丝路中心", 4300, 2492), ("迎宾大道", 4985, 2415), ("绕城东路", 5780, 2325))),
    ("地铁2号线", "existing", 20.0, 50.0,
     ((2380, -600), (2420, 60), (2400, 420), (2560, 905), (2590, 1250), (2612, 1735), (2625, 2100), (2650, 2420),
      (2670, 2750), (2710, 3140), (2770, 3500), (2900, 4050), (2985, 4500), (3080, 5600)),
     (("学府路", 2404, 400), ("青禾站", 2558, 880), ("文苑路", 2596, 1430), ("南门", 2612, 1740), ("北门", 2708, 3130),
      ("龙门", 2905, 4070), ("青禾大道", 2972, 4420))),
    ("地铁3号线", "planned", 22.0, 50.0,
     ((4760, -900), (4870, 500), (4960, 1500), (4990, 2400), (5010, 3200), (4960, 3800), (4900, 4500), (4880, 5600)),
     (("青禾湖", 4950, 1400), ("丝绸路", 4984, 2120), ("建设东路", 5004, 2990), ("科创城", 4912, 4400))),
)  # fmt: skip
TUNNELS = ("人民东路", "迎宾大道", "青禾大道", "长宁南路", "建设西路")


def waters(city: Plots) -> gpd.GeoDataFrame:
    """River, brook, lakes and moat with low flow and water temperature by month."""
    rows = [
        ("W-01", "青川河", "river", 6.4, 38.0, 386.0, 1.9, RIVER_TEMP_C, city.river),
        ("W-02", "皂水", "river", 0.22, 1.6, 393.0, 0.6, RIVER_TEMP_C, city.brook),
        ("W-03", "青禾湖", "lake", 0.05, 0.3, 396.5, 3.4, LAKE_TEMP_C, city.lake),
        ("W-04", "鹭影池", "lake", 0.0, 0.0, 391.0, 2.0, LAKE_TEMP_C, city.pond),
        ("W-05", "护城河", "canal", 0.08, 0.4, 394.0, 1.6, LAKE_TEMP_C, city.moat),
    ]
    table = _table(
        "water",
        [row[0] for row in rows],
        {
            "name": [row[1] for row in rows],
            "kind": [row[2] for row in rows],
            "low_flow_m3_per_s": [row[3] for row in rows],
            "mean_flow_m3_per_s": [row[4] for row in rows],
            "surface_level_m": [row[5] for row in rows],
            "water_depth_m": [row[6] for row in rows],
            "navigable": False,
            **{f"water_temp_c_month_{month + 1:02d}": [row[7][month] for row in rows] for month in range(12)},
        },
        [row[8] for row in rows],
    )
    table.insert(7, "water_area_m2", table.area.round(0))
    return table


def roads(city: Plots) -> gpd.GeoDataFrame:
    """Middle lines of the streets with their width."""
    lines = merged_roads(city.roads)
    return _table(
        "road",
        [f"R-{n + 1:04d}" for n in range(len(lines))],
        {
            "name": lines["name"].to_numpy(),
            "kind": lines["kind"].to_numpy(),
            "width_m": lines["width_m"].round(1).to_numpy(),
            "length_m": lines.length.round(0).to_numpy(),
            "lamps": np.where(lines["kind"] == "railway", 0, (lines.length / 28).round()).astype("int64"),
        },
        list(lines.geometry.simplify(0.2)),
    )


def metro() -> gpd.GeoDataFrame:
    """Metro tunnels and stations as lines, with the protection distance on either side."""
    rows: list[tuple[str, str, str, float, float, BaseGeometry]] = []
    river = curve(skeleton.RIVER).buffer(skeleton.RIVER_HALF_M + 10)
    for name, status, depth, protection, points, stations in METRO:
        line = curve(points)
        below = line.intersection(river)
        rows += [(f"{name}区间", "tunnel", status, depth, protection, part)
                 for part in shapely.get_parts([line.difference(river)])]  # fmt: skip
        rows += [(f"{name}过河段", "under_river", status, depth + 12, 100.0, part)
                 for part in shapely.get_parts([below]) if part.length > 10]  # fmt: skip
        for station, x, y in stations:
            at = line.project(Point(x, y))
            box = substring(line, at - 95, at + 95)
            rows.append((f"{station}站", "station", status, depth, 30.0, box))
    return _table(
        "metro",
        [f"M-{n + 1:02d}" for n in range(len(rows))],
        {
            "name": [row[0] for row in rows],
            "kind": [row[1] for row in rows],
            "status": [row[2] for row in rows],
            "depth_top_m": [row[3] for row in rows],
            "protection_m": [row[4] for row in rows],
            "width_m": [22.0 if row[1] == "station" else 14.0 for row in rows],
        },
        [row[5] for row in rows],
    )


def underground(city: Plots, parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Planned underground space, utility tunnels, civil defence and car parks below squares."""
    rows: list[tuple[str, str, str, float, float, BaseGeometry]] = []
    named = city.roads[city.roads["name"].isin(TUNNELS)]
    outline = Polygon(skeleton.OUTLINE)
    for name, line in zip(named["name"], named.geometry, strict=True):
        inside = line.intersection(outline)
        rows.append(
            (f"{name}综合管廊", "utility_tunnel", "existing", 3.0, 8.5, inside.buffer(3.5, cap_style="flat"))
        )
    for name, planned, bounds in (
        ("丝路商务区地下空间", "planned", (4110, 2180, 4960, 2960)), ("北岸科创城地下空间", "planned", (4160, 4230, 4480,
        4440)),
        ("钟楼地下商业街", "existing", (2560, 2340, 2760, 2520)), ("站前地下空间", "planned", (2400, 770, 2760, 900)),
    ):  # fmt: skip
        west, south, east, north = bounds
        shape = blob(
            ((west, south), ((west + east) / 2, south - 8), (east, south), (east, north), (west, north))
        )
        clear = shape.difference(city.river.buffer(60))
        rows.append(
            (name, "planned_space" if planned == "planned" else "shopping", planned, 0.0, 18.0, clear)
        )
    for use, kind, bottom in (("square", "car_park", 9.0), ("government", "civil_defence", 6.0)):
        found = parcels[parcels["use"].str.startswith(use) & (parcels["status"] == "existing")].head(4)
        rows += [(f"{name}地下空间", kind, "existing", 1.5, bottom, shape.buffer(-8))
                 for name, shape in zip(found["name"], found.geometry, strict=True)]  # fmt: skip
    rows = [row for row in rows if not row[5].is_empty]
    return _table(
        "underground_space",
        [f"DX-{n + 1:02d}" for n in range(len(rows))],
        {
            "name": [row[0] for row in rows],
            "kind": [row[1] for row in rows],
            "status": [row[2] for row in rows],
            "depth_top_m": [row[3] for row in rows],
            "depth_bottom_m": [row[4] for row in rows],
            "protection_m": [5.0 if row[1] == "utility_tunnel" else 3.0 for row in rows],
        },
        [row[5] for row in rows],
    )


def protection_zones(city: Plots, parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Zones that limit heat from the ground, panels or burning: with kind and level."""
    works = Point(330, 3330)
    fissure = fissure_line()
    heritage = parcels[parcels["land_use_code"].isin(["1504", "1503"])]
    town = Polygon(skeleton.OUTLINE)
    cone = blob(
        ((1500, 1500), (2300, 900), (3500, 1000), (4000, 1900), (3600, 2900), (2600, 3150), (1700, 2700))
    )
    rows: list[tuple[str, str, str, float, BaseGeometry]] = [
        ("青禾水厂水源地一级保护区", "drinking_water", "一级", 0.0, works.buffer(330)),
        (
            "青禾水厂水源地二级保护区",
            "drinking_water",
            "二级",
            0.0,
            works.buffer(820).difference(works.buffer(330)),
        ),
        (
            "青禾水厂水源地准保护区",
            "drinking_water",
            "准保护区",
            0.0,
            works.buffer(1300).difference(works.buffer(820)),
        ),
        ("古城地下水禁采区", "groundwater_ban", "禁采", 0.0, city.wall.buffer(180)),
        ("中心城区地下水限采区", "groundwater_limit", "限采", 0.0, cone.difference(city.wall.buffer(180))),
        ("中心城区地下水超采区", "overexploited", "一般超采", 0.0, cone.buffer(-350)),
        ("F1地裂缝影响带", "ground_fissure", "", 60.0, fissure.buffer(60).intersection(town.buffer(800))),
        ("城南地面沉降区", "subsidence", "累计沉降大于500mm", 0.0, Point(3050, 1250).buffer(420)),
        (
            "明代城墙保护范围",
            "heritage_core",
            "保护范围",
            0.0,
            city.wall.buffer(20).difference(city.wall.buffer(-12)),
        ),
        (
            "明代城墙建设控制地带",
            "heritage_control",
            "建设控制地带",
            0.0,
            city.wall.buffer(74).difference(city.wall.buffer(20)),
        ),
        ("青川河生态保护红线", "ecology", "", 0.0, city.river.buffer(20).intersection(town.buffer(900))),
        ("高污染燃料禁燃区", "no_burn", "", 0.0, town.intersection(Point(3000, 2500).buffer(2_700))),
        ("汉代陶窑地下文物埋藏区", "archaeology", "", 0.0, Point(3350, 560).buffer(300)),
    ]
    for name, shape in zip(heritage["name"], heritage.geometry, strict=True):
        rows.append((f"{name}保护范围", "heritage_core", "保护范围", 0.0, shape.buffer(5)))
        rows.append(
            (
                f"{name}建设控制地带",
                "heritage_control",
                "建设控制地带",
                0.0,
                shape.buffer(60).difference(shape.buffer(5)),
            )
        )
    return _table(
        "protection_zone",
        [f"BH-{n + 1:02d}" for n in range(len(rows))],
        {
            "name": [row[0] for row in rows],
            "kind": [row[1] for row in rows],
            "zone_level": [row[2] for row in rows],
            "protection_m": [row[3] for row in rows],
            "subsidence_mm": [620.0 if row[1] == "subsidence" else np.nan for row in rows],
        },
        [row[4] for row in rows],
    )


def units(plots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Planning units: the plots of a unit with the streets between them."""
    shapes = _joined(plots, "planning_unit")
    known = {row[0]: row for row in UNITS}
    keys = sorted(shapes)
    return _table(
        "planning_unit",
        keys,
        {
            "name": [known[key][1] for key in keys],
            "subdistrict": [known[key][2] for key in keys],
            "district_code": [known[key][4] for key in keys],
            "district_name": [DISTRICTS[known[key][4]] for key in keys],
            "unit_type": [known[key][5] for key in keys],
            "plot_area_m2": [round(shapes[key].area) for key in keys],
        },
        [shapes[key] for key in keys],
    )


def districts(plots: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Districts with residents, transformers, peak load and panels already connected."""
    shapes = _joined(plots, "district_code")
    keys = sorted(shapes)
    floor = parcels.groupby("district_code")["gfa_m2"].sum()
    homes = parcels[parcels["status"] == "existing"].groupby("district_code")["households"].sum()
    peak = np.array([round(floor[key] * 0.021, -2) for key in keys])
    return _table(
        "district",
        keys,
        {
            "name": [DISTRICTS[key] for key in keys],
            "district_code": keys,
            "district_name": [DISTRICTS[key] for key in keys],
            "population": np.array([round(homes[key] * 2.7, -2) for key in keys], dtype="int64"),
            "transformer_kva": np.round(peak * np.array([1.55, 1.9, 2.3, 1.8]), -2),
            "peak_load_kw": peak,
            "pv_connected_kw": np.round(peak * np.array([0.010, 0.035, 0.02, 0.11]), -1),
        },
        [shapes[key] for key in keys],
    )


def key_areas(plots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Key functional areas, along the streets around their plots."""
    shapes = []
    for _, _, _, (west, south, east, north) in KEY_AREAS:
        inside = plots["x"].between(west, east) & plots["y"].between(south, north)
        cells = unary_union(list(plots.loc[inside, "cell"])).buffer(0.6, join_style="mitre")
        shapes.append(cells.buffer(-0.6, join_style="mitre"))
    return _table(
        "key_area",
        [row[0] for row in KEY_AREAS],
        {"name": [row[1] for row in KEY_AREAS], "kind": [row[2] for row in KEY_AREAS]},
        shapes,
    )


def greenery(
    rng: np.random.Generator, plots: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Tree crowns and groves: in parks dense, in estates and campuses among the buildings."""
    points: list[np.ndarray] = []
    radii: list[np.ndarray] = []
    per_ha = {"park": 34, "belt": 40, "university": 22, "school": 10, "tower": 15, "slab": 9, "garden": 16, "hospital": 12,
              "government": 14, "heritage": 26, "temple": 12, "military": 12, "research": 12, "courtyard": 6,
              "village": 9}  # fmt: skip
    here = plots[(plots["status"] == "existing") & plots["style"].isin(list(per_ha))]
    for style, shape in zip(here["style"], here.geometry, strict=True):
        count = round(per_ha[style] * shape.area / 10_000)
        west, south, east, north = shape.bounds
        tries = rng.uniform((west, south), (east, north), (count * 3, 2))
        radius = np.round(rng.uniform(2.2, 5.2, len(tries)) * (1.35 if style == "park" else 1.0), 1)
        shapely.prepare(shape)
        inside = shapely.dwithin(shape, shapely.points(tries), 0.0)
        points.append(tries[inside][:count])
        radii.append(radius[inside][:count])
    crowns = gpd.GeoSeries(
        shapely.buffer(shapely.points(np.vstack(points)), np.concatenate(radii), quad_segs=2)
    )
    hit = buildings.sindex.query(crowns, predicate="intersects")[0]
    free = crowns.drop(index=np.unique(hit)).reset_index(drop=True)
    groves = pieces(unary_union(list(free)))
    groves.sort(key=lambda grove: (round(grove.centroid.x), round(grove.centroid.y)))
    return _table(
        "tree",
        [f"T-{n + 1:05d}" for n in range(len(groves))],
        {
            "kind": ["grove" if grove.area > 140 else "tree" for grove in groves],
            "height_m": np.round(rng.uniform(5.0, 14.0, len(groves)), 1),
        },
        groves,
    )


def geology(city: Plots) -> gpd.GeoDataFrame:
    """Ground by landform: strata, hydraulic and thermal values of the first hundred metres."""
    frame = shapely.box(-1_500, -3_500, 7_500, 6_000)
    line = curve(skeleton.RIVER)
    low = line.buffer(420)
    first = line.buffer(1_350)
    foot = shapely.Polygon([*smooth(((-1500, -900), (600, -650), (2500, -1000), (4600, -760), (7500, -1100))),
                            (7500, -3500), (-1500, -3500)])  # fmt: skip
    fan = shapely.Polygon([*smooth(((-1500, 350), (1400, 420), (3200, 200), (5200, 330), (7500, 120))), (7500, -3500),
                           (-1500, -3500)]).difference(foot)  # fmt: skip
    terrace = frame.difference(unary_union([first, fan, foot]))
    rows = (
        ("DZ-1", "漫滩及一级阶地", "coarse_sand", "silt:6;coarse_sand:32;gravel:24;clay:18;medium_sand:20", 12.0, 640.0,
        0.62, 0.24,
         0.3, 0.45, 2.02, 2.45, low),
        ("DZ-2", "二级阶地", "medium_sand", "silt:14;fine_sand:16;medium_sand:34;clay:22;coarse_sand:14", 3.0, 410.0,
        0.55, 0.22, 0.6,
         0.52, 1.86, 2.42, first.difference(low).difference(unary_union([fan, foot]))),
        ("DZ-3", "黄土台塬", "silt", "silt:46;clay:20;fine_sand:22;medium_sand:12", 0.0, 230.0, 0.38, 0.16, 0.9, 0.71,
        1.64, 2.31,
         terrace),
        ("DZ-4", "山前洪积扇", "gravel", "silt:8;gravel:52;cobble:16;clay:24", 26.0, 520.0, 0.80, 0.20, 0.7, 0.40, 1.92,
        2.40,
         fan.difference(low)),
        ("DZ-5", "秦岭山前基岩", "granite", "gravel:9;gneiss:36;granite:55", 4.0, 45.0, 0.0, 0.04, 0.1, 0.30, 3.05, 2.52,
        foot),
    )  # fmt: skip
    columns = ("name", "lithology", "strata", "cobble_m", "specific_yield_m3_per_day_m", "reinjection_share", "porosity",
               "water_level_fall_m_per_year", "dissolved_solids_g_per_l", "ground_conductivity_w_per_mk",
               "ground_capacity_mj_per_m3k")  # fmt: skip
    data = {name: [row[n + 1] for row in rows] for n, name in enumerate(columns)}
    return _table("geology", [row[0] for row in rows], data, [row[-1].intersection(frame) for row in rows])


def _joined(plots: gpd.GeoDataFrame, column: str) -> dict[str, BaseGeometry]:
    cells = gpd.GeoSeries(plots["cell"].to_numpy(), index=plots.index)
    return {
        str(key): unary_union(list(group)).buffer(0.6, join_style="mitre").buffer(-0.6, join_style="mitre")
        for key, group in cells.groupby(plots[column].to_numpy())
    }


def _table(
    name: str, ids: Sequence[str], data: Mapping[str, object], shapes: Sequence[object]
) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(dict(data), geometry=list(shapes), index=pd.Index(ids, name=f"{name}_id"))
