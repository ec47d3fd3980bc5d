"""The table of buildings: use, years, structure, roof, ownership, safety flags, labels, beds and households."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sample_city.land_use import STYLES
from sample_city.site import Body

# What a building is, where it differs from the use of its plot.
ROLE_USE = {
    "住宅楼": "residential", "洋房": "residential", "院落住宅": "residential", "农房": "rural_house",
    "沿街商铺": "retail", "商业楼": "retail", "百货商店": "retail", "商务裙房": "retail", "幼儿园": "education",
    "厂区办公楼": "business_office", "物流办公楼": "business_office", "生产办公楼": "business_office",
    "研发楼": "research", "公园服务用房": "other_commerce", "水厂综合楼": "business_office",
    "污水厂综合楼": "business_office", "调度楼": "business_office", "铁路办公楼": "business_office",
    "站房": "utility_outlet", "加油罩棚": "utility_outlet", "村卫生室": "health", "体育馆": "sport",
}  # fmt: skip
HAZARD = {"甲类厂房": "甲", "甲类仓库": "甲", "乙类厂房": "乙", "厂房": "丁", "仓库": "丙", "储罐": "乙",
    "焚烧主厂房": "丁",
          "主厂房": "丁", "封闭煤棚": "丙", "加油罩棚": "甲", "交易大厅": None}  # fmt: skip
# Span of years in which most of a style was built, where it differs from the quarter's.
STYLE_YEARS = {
    "courtyard": (1905, 1978), "slab": (1979, 2003), "tower": (2006, 2025), "garden": (2008, 2022),
    "village": (1986, 2020), "urban_village": (1990, 2012), "heritage": (1587, 1588), "temple": (1640, 1655),
    "school": (1986, 2022), "kindergarten": (1992, 2022), "mall": (2003, 2022), "office": (1998, 2023),
    "hotel": (1988, 2019), "university": (1984, 2016), "military": (1972, 2004), "data_centre": (2017, 2021),
    "sewage_works": (2004, 2012), "power_plant": (1994, 2008), "plant": (1985, 2020), "light_plant": (1990, 2021),
    "heavy_plant": (1978, 2008), "station": (2009, 2011), "library": (2010, 2015), "sport": (2008, 2016),
    "incinerator": (2018, 2020),
}  # fmt: skip
QUARTER_YEARS = {"old": (1900, 2012), "core": (1978, 2008), "east": (2005, 2024), "north": (2011, 2025),
                 "south": (1994, 2022), "west": (1986, 2022), "village": (1985, 2020), "belt": (2005, 2022)}  # fmt: skip
# Floor area for one bed or pupil. [m²]
BEDS_M2 = {"住院楼": 95.0, "客房楼": 42.0, "养老公寓": 38.0, "宿舍楼": 10.5, "营房": 14.0}
PUPILS_M2 = {"教学楼": 8.0, "幼儿园": 11.0, "学院楼": 26.0}
NOW = 2026


def building_table(
    rng: np.random.Generator,
    plots: gpd.GeoDataFrame,
    parcels: gpd.GeoDataFrame,
    bodies: list[tuple[int, Body]],
) -> gpd.GeoDataFrame:
    """All buildings, indexed by `building_id`, in the order of their parcels."""
    plot = np.array([number for number, _ in bodies])
    of_plot = parcels.iloc[plot]
    style = plots["style"].to_numpy()[plot]
    quarter = plots["quarter"].to_numpy()[plot]
    role = np.array([body.role for _, body in bodies], dtype=object)
    table = gpd.GeoDataFrame(
        {
            "parcel_id": of_plot.index.to_numpy(),
            "use": [ROLE_USE.get(what, STYLES[how].use) for what, how in zip(role, style, strict=True)],
            "height_m": [body.height_m for _, body in bodies],
            "min_height_m": [body.base_m for _, body in bodies],
            "floors_above": np.array([body.floors for _, body in bodies], dtype="int64"),
            "floors_below": np.array([body.below for _, body in bodies], dtype="int64"),
            "roof_type": [body.roof for _, body in bodies],
        },
        geometry=[body.outline for _, body in bodies],
    )
    count = pd.Series(plot).groupby(plot).cumcount() + 1
    table.index = pd.Index(
        [f"{parcel}-{n:02d}" for parcel, n in zip(table["parcel_id"], count, strict=True)], name="building_id"
    )
    table["name"] = _names(of_plot["name"].to_numpy(), role, count, style)
    table["address"] = of_plot["address"].to_numpy()
    table["footprint_m2"] = table.area.round(1)
    table["gfa_m2"] = (table["footprint_m2"] * table["floors_above"]).round(0)
    table["year_built"] = _years(rng, plots)[plot] + rng.integers(0, 3, len(table))
    table.loc[style == "heritage", "year_built"] = 1587
    table["year_built"] = table["year_built"].clip(upper=NOW - 1).astype("int64")
    table["structure"] = _structures(rng, table, role)
    table["roof_year"] = _roof_years(rng, table)
    _owners(rng, table, of_plot)
    _safety(rng, table, of_plot, role, style)
    _labels(rng, table, of_plot, style, quarter)
    return _counts(rng, table, role, style)


def _names(
    parcel: NDArray[np.object_],
    role: NDArray[np.object_],
    count: Iterable[int],
    style: NDArray[np.object_],
) -> list[str]:
    found = []
    for name, what, number, how in zip(parcel, role, count, style, strict=True):
        if what in ("住宅楼", "洋房", "院落住宅", "农房"):
            found.append(f"{name}{number}号" + ("院" if what in ("院落住宅", "农房") else "楼"))
        elif how == "military":
            found.append("")
        else:
            found.append(f"{name}{what}")
    return found


def _years(rng: np.random.Generator, plots: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Year in which most of each plot was built: older towards the bell tower."""
    found = []
    for style, quarter in zip(plots["style"], plots["quarter"], strict=True):
        early, late = STYLE_YEARS.get(style, QUARTER_YEARS[quarter])
        if style in ("slab", "school", "kindergarten") and quarter in ("south", "west", "east", "north"):
            early = max(early, 1990 if quarter != "north" else 2000)
            late = max(late, early + 8)
        found.append(
            int(rng.triangular(early, early + 0.6 * (late - early), late)) if late > early + 1 else early
        )
    return np.array(found)


def _structures(
    rng: np.random.Generator, table: gpd.GeoDataFrame, role: NDArray[np.object_]
) -> NDArray[np.object_]:
    year, floors = table["year_built"].to_numpy(), table["floors_above"].to_numpy()
    old = (table["roof_type"] == "pitched").to_numpy() & (floors <= 2) & (year < 1985)
    brick = (floors <= 7) & ((year < 2003) | (role == "农房") | (rng.random(len(table)) < 0.08))
    steel = (table["roof_type"] == "metal").to_numpy() | np.isin(role, ["体育场", "连廊"])
    return np.select([steel, old, brick], ["钢", "砖木", "混合"], "钢混").astype(object)


def _roof_years(rng: np.random.Generator, table: gpd.GeoDataFrame) -> pd.Series:
    """Year the roof was made: of old buildings some were renewed."""
    year = table["year_built"].to_numpy()
    chance = np.where(table["roof_type"] == "metal", 0.45, 0.3) * (NOW - year > 14)
    renewed = rng.random(len(table)) < chance
    late = np.maximum(year + 8, 2005)
    new = late + (rng.random(len(table)) * (NOW - 1 - np.minimum(late, NOW - 2))).astype(int)
    made = np.where(renewed, np.clip(new, None, NOW - 1), year)
    return pd.Series(made, index=table.index).where(lambda found: found >= 1900).astype("Int64")


def _owners(rng: np.random.Generator, table: gpd.GeoDataFrame, of_plot: gpd.GeoDataFrame) -> None:
    public = (of_plot["investor"] == "government").to_numpy()
    home = table["use"].isin(["residential"]).to_numpy()
    rural = (table["use"] == "rural_house").to_numpy() | (of_plot["settlement"] == "rural").to_numpy()
    table["investor"] = np.where(home | rural, "private", np.where(public, "government", "private"))
    table.loc[(of_plot["use"] == "rural_community_service").to_numpy(), "investor"] = "government"
    table["ownership"] = np.select([rural, home, public], ["集体", "私有", "国有"], "企业")
    danwei = home & (table["year_built"] < 1998).to_numpy() & (rng.random(len(table)) < 0.2)
    table.loc[danwei, "ownership"] = "国有"
    table["settlement"] = of_plot["settlement"].to_numpy()
    table["district_code"] = of_plot["district_code"].to_numpy()


def _safety(
    rng: np.random.Generator,
    table: gpd.GeoDataFrame,
    of_plot: gpd.GeoDataFrame,
    role: NDArray[np.object_],
    style: NDArray[np.object_],
) -> None:
    """What the safety gates of rooftop panels ask for."""
    chance = rng.random((7, len(table)))
    year = table["year_built"].to_numpy()
    metal = (table["roof_type"] == "metal").to_numpy()
    works = np.isin(table["use"], ["industry", "warehouse", "power_plant", "utility", "utility_outlet"])
    hazard = np.array([HAZARD.get(what) for what in role], dtype=object)
    table["hazard_class"] = np.where(works & (hazard == None), "戊", hazard)  # noqa: E711
    table["heritage"] = np.isin(style, ["heritage", "temple"]) | (
        (style == "courtyard") & (year < 1935) & (chance[0] < 0.3)
    )
    table["dangerous"] = (year < 1990) & np.isin(style, ["courtyard", "slab"]) & (chance[1] < 0.018)
    table["illegal"] = np.isin(style, ["urban_village", "village", "courtyard"]) & (chance[2] < 0.02)
    table["military"] = style == "military"
    table["planned_demolition"] = of_plot["planned_demolition"].to_numpy()
    table["asbestos_roof"] = (
        metal & (year < 1998) & (table["roof_year"].fillna(0) < 1998).to_numpy() & (chance[3] < 0.5)
    )
    table["old_estate"] = (
        (table["use"] == "residential") & np.isin(style, ["slab", "courtyard"]) & (year <= 2000)
    )
    table["landmark"] = np.isin(role, ["古塔", "体育场", "火车站站房"]) | (
        np.isin(style, ["office", "culture", "library"]) & (table["height_m"] > 95).to_numpy()
    )
    likely = np.where(metal | (table["investor"] == "government").to_numpy(), 0.14, 0.03) * (year >= 1995)
    checked = chance[4] < likely
    passed = chance[5] < 0.85
    check = np.full(len(table), None, dtype=object)
    check[checked] = np.where(passed[checked], "passed", "failed")
    table["structural_check"] = check
    load = np.where(metal, 0.15 + 0.25 * chance[6], 0.5 + 1.5 * chance[6])
    table["roof_load_kn_per_m2"] = np.where(checked & passed, np.round(load, 2), np.nan)
    table["fire_rating"] = np.select(
        [table["structure"] == "砖木", table["structure"] == "混合", table["height_m"] > 50],
        ["四级", "三级", "一级"],
        "二级",
    )


def _labels(
    rng: np.random.Generator,
    table: gpd.GeoDataFrame,
    of_plot: gpd.GeoDataFrame,
    style: NDArray[np.object_],
    quarter: NDArray[np.object_],
) -> None:
    """Green labels, prefabrication, retrofits, heating."""
    chance = rng.random((5, len(table)))
    year = table["year_built"].to_numpy()
    civil = ~np.isin(
        table["use"], ["industry", "warehouse", "power_plant", "utility", "utility_outlet", "rural_house"]
    )
    public = (table["investor"] == "government").to_numpy()
    star = np.where((year >= 2021) & civil, "basic", "none").astype(object)
    star[(year >= 2014) & civil & (chance[0] < 0.30)] = "one"
    star[(year >= 2016) & civil & (chance[0] < np.where(public, 0.22, 0.10))] = "two"
    star[(year >= 2018) & civil & (chance[0] < np.where(of_plot["key_area"], 0.06, 0.01))] = "three"
    table["green_star"] = star
    table["prefabricated"] = (year >= 2018) & civil & (chance[1] < 0.24)
    table["ultra_low_energy"] = (year >= 2021) & civil & (chance[2] < 0.03)
    old = civil & (year <= 2001) & (chance[3] < np.where(table["use"] == "residential", 0.30, 0.16))
    done = 2009 + (rng.random(len(table)) * 16).astype(int)
    table["retrofit_year"] = pd.Series(done, index=table.index).where(old).astype("Int64")
    heated = np.select(
        [
            np.isin(style, ["village", "urban_village", "village_centre"]),
            style == "courtyard",
            ~civil,
            quarter == "north",
        ],
        [0.0, 0.2, 0.15, 0.8],
        0.92,
    )
    table["central_heating"] = chance[4] < heated


def _counts(
    rng: np.random.Generator, table: gpd.GeoDataFrame, role: NDArray[np.object_], style: NDArray[np.object_]
) -> gpd.GeoDataFrame:
    """Beds, pupils and households from floor areas."""
    gfa = table["gfa_m2"].to_numpy()
    per_bed = pd.Series(role).map(BEDS_M2).to_numpy(dtype=float)
    per_pupil = pd.Series(role).map(PUPILS_M2).to_numpy(dtype=float)
    table["beds"] = np.nan_to_num(np.round(gfa / per_bed)).astype("int64")
    table["pupils"] = np.nan_to_num(np.round(gfa / per_pupil)).astype("int64")
    flat_m2 = np.select([style == "slab", style == "garden"], [72.0, 135.0], 104.0)
    homes = np.where((table["use"] == "residential").to_numpy(), np.maximum(1, np.round(gfa / flat_m2)), 0)
    rural = (table["use"] == "rural_house").to_numpy()
    homes = np.where(rural, np.where(style == "urban_village", rng.integers(3, 9, len(table)), 1), homes)
    table["households"] = homes.astype("int64")
    return table
