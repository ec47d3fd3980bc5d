"""The table of parcels: ids, units and districts, names, planning controls, flags that the policy's rules ask for."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from sample_city.land_use import STYLES
from sample_city.names import Names
from sample_city.streets import merged_roads

EXAMPLE = 311  # place of QH-0312, the school of some 3 ha that the manual shows
LIMITS_M = np.array([9, 12, 15, 18, 24, 30, 36, 45, 54, 60, 80, 100, 120, 150, 200], dtype=float)
# Planning units: key, name, street office, quarter, district, type of unit, point around which it lies.
UNITS: tuple[tuple[str, str, str, str, str, str, float, float], ...] = (
    ("G01", "古城西单元", "钟楼街道", "old", "619901", "preferred", 2340, 2420),
    ("G02", "古城东单元", "文庙街道", "old", "619901", "preferred", 2980, 2420),
    ("Z01", "城西单元", "土门街道", "core", "619901", "basic", 1420, 2300),
    ("Z02", "西北城单元", "土门街道", "core", "619901", "basic", 1700, 3250),
    ("Z03", "城北单元", "滨河街道", "core", "619901", "basic", 2500, 3400),
    ("Z04", "城东单元", "东关街道", "core", "619901", "preferred", 3700, 2500),
    ("Z05", "城南单元", "南关街道", "core", "619901", "preferred", 2900, 1350),
    ("Z06", "西南城单元", "南关街道", "core", "619901", "basic", 1700, 1500),
    ("D01", "丝路商务单元", "丝路街道", "east", "619902", "leading", 4500, 2500),
    ("D02", "东北单元", "高新街道", "east", "619902", "leading", 5200, 3300),
    ("D03", "东城单元", "高新街道", "east", "619902", "preferred", 5450, 2300),
    ("N01", "青禾湖单元", "湖滨街道", "south", "619902", "preferred", 4700, 1200),
    ("N02", "东南单元", "湖滨街道", "south", "619902", "basic", 5400, 800),
    ("N03", "大学城单元", "学府街道", "south", "619901", "preferred", 1900, 500),
    ("N04", "站南单元", "学府街道", "south", "619901", "basic", 3300, 500),
    ("B01", "北岸西单元", "望河街道", "north", "619903", "preferred", 1300, 4300),
    ("B02", "北岸中单元", "龙门街道", "north", "619903", "leading", 2900, 4200),
    ("B03", "北岸科创单元", "科创街道", "north", "619903", "leading", 4400, 4300),
    ("W01", "西工北单元", "西郊街道", "west", "619904", "basic", 600, 3100),
    ("W02", "西工中单元", "西郊街道", "west", "619904", "basic", 600, 2000),
    ("W03", "西工南单元", "禾丰街道", "west", "619904", "basic", 700, 900),
)  # fmt: skip
DISTRICTS = {"619901": "古城区", "619902": "高新区", "619903": "北岸新区", "619904": "西郊区"}
KEY_AREAS: tuple[tuple[str, str, str, tuple[float, float, float, float]], ...] = (
    ("ZD-01", "丝路商务区", "商务中心", (4040, 2130, 4990, 3010)),
    ("ZD-02", "北岸科创城", "科技创新", (3000, 3900, 4920, 4720)),
    ("ZD-03", "古城文旅区", "文化旅游", (2360, 2120, 3290, 2700)),
)
LEAST_LIMIT_M = {"old": 12.0, "village": 12.0, "core": 36.0, "belt": 9.0, "west": 24.0}
DEEP_APPROVED = "B03"  # the unit whose medium-deep heat was assessed and approved as a whole
PLANNED_LIMIT_M = {"tower": 100.0, "garden": 24.0, "slab": 36.0, "office": 150.0, "mall": 60.0, "hotel": 80.0,
                   "research": 60.0, "hospital": 80.0, "light_plant": 30.0, "plant": 24.0}  # fmt: skip


def number(plots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Plots with planning unit, district and `parcel_id`, in the order of the ids; the index is new."""
    points = shapely.get_coordinates(shapely.point_on_surface(plots.geometry.to_numpy()))
    units = pd.DataFrame(
        UNITS, columns=["key", "name", "subdistrict", "quarter", "district", "type", "x", "y"]
    )
    away = np.hypot(points[:, :1] - units["x"].to_numpy(), points[:, 1:] - units["y"].to_numpy())
    strange = plots["quarter"].to_numpy()[:, None] != units["quarter"].to_numpy()[None, :]
    loose = np.isin(plots["quarter"], ["belt", "village"])
    away = away + np.where(strange & ~loose[:, None], 1e5, 0.0)
    unit = np.argmin(away, axis=1)
    out = plots.assign(
        planning_unit=units["key"].to_numpy()[unit],
        district_code=units["district"].to_numpy()[unit],
        subdistrict=units["subdistrict"].to_numpy()[unit],
        x=points[:, 0],
        y=points[:, 1],
    )
    out["band"] = (out["y"] // 180).astype(int)
    out = out.sort_values(["planning_unit", "band", "x"], ascending=[True, False, True]).reset_index(
        drop=True
    )
    example = out[(out["style"] == "school") & (out["status"] == "existing")]
    if len(out) > EXAMPLE and len(example):
        chosen = int((example.area - 30_000).abs().idxmin())
        order = np.arange(len(out))
        order[[EXAMPLE, chosen]] = chosen, EXAMPLE
        out = out.iloc[order].reset_index(drop=True)
    out["parcel_id"] = [f"QH-{n + 1:04d}" for n in range(len(out))]
    return out


def parcel_table(
    rng: np.random.Generator, plots: gpd.GeoDataFrame, roads: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Everything of the parcels that does not depend on their buildings, indexed by `parcel_id`."""
    names = Names(rng)
    styles = [STYLES[style] for style in plots["style"]]
    claims = plots["claim"].where(
        plots["claim"].isin(["lake_park", "wall_park", "river_park", "incinerator"]), ""
    )
    existing = (plots["status"] == "existing").to_numpy()
    public = rng.random(len(plots)) < np.array([style.public for style in styles])
    table = gpd.GeoDataFrame(
        {
            "name": [names.of(claim or style) for claim, style in zip(claims, plots["style"], strict=True)],
            "address": _addresses(rng, plots, roads),
            "land_use_system": "plan2023",
            "land_use_code": [style.code for style in styles],
            "land_use_name": [style.name for style in styles],
            "mix_ratio": None,
            "use": [style.use for style in styles],
            "status": plots["status"].to_numpy(),
            "plot_area_m2": plots.area.round(0).to_numpy(),
            "investor": np.where(public, "government", "private"),
            "planning_unit": plots["planning_unit"].to_numpy(),
            "district_code": plots["district_code"].to_numpy(),
            "district_name": [DISTRICTS[code] for code in plots["district_code"]],
            "subdistrict": plots["subdistrict"].to_numpy(),
            "settlement": np.where(
                (plots["quarter"] == "village") | (plots["style"] == "urban_village"), "rural", "urban"
            ),
            "key_area": in_key_area(plots),
            "military": (plots["style"] == "military").to_numpy(),
            "planned_demolition": _going(rng, plots),
            "affordable_housing": (plots["style"] == "tower").to_numpy() & (rng.random(len(plots)) < 0.09),
            "quality_auction": (plots["style"] == "tower").to_numpy()
            & ~existing
            & (rng.random(len(plots)) < 0.5),
            "deep_resource_assessed": (plots["style"] == "hospital").to_numpy()
            | (rng.random(len(plots)) < 0.03),
        },
        geometry=plots.geometry.to_numpy(),
        index=pd.Index(plots["parcel_id"], name="parcel_id"),
    )
    table["deep_environment_assessed"] = table["deep_resource_assessed"] & (rng.random(len(table)) < 0.45)
    table.loc[
        table["planning_unit"] == DEEP_APPROVED, ["deep_resource_assessed", "deep_environment_assessed"]
    ] = True
    mixed = np.flatnonzero((plots["style"] == "office").to_numpy() & ~existing)[:6]
    table.iloc[mixed, table.columns.get_loc("land_use_code")] = "0902/0901"
    table.iloc[mixed, table.columns.get_loc("land_use_name")] = "商务金融用地/商业用地"
    table.iloc[mixed, table.columns.get_loc("mix_ratio")] = "7:3"
    return table


def add_controls(
    rng: np.random.Generator, parcels: gpd.GeoDataFrame, plots: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Parcels with floor area, ratio, density, green ratio, height limit, beds, pupils, stalls and parking."""
    by_parcel = buildings.groupby("parcel_id")
    index = parcels.index
    built = {
        name: by_parcel[name].sum().reindex(index).fillna(0.0)
        for name in ("gfa_m2", "footprint_m2", "beds", "pupils", "households")
    }
    highest = by_parcel["height_m"].max().reindex(index).fillna(0.0).to_numpy()
    style = plots["style"].to_numpy()
    controls = [STYLES[name] for name in style]
    existing = (parcels["status"] == "existing").to_numpy()
    area = parcels["plot_area_m2"].to_numpy()
    jitter = rng.uniform(0.85, 1.15, len(parcels))
    far = np.where(existing, built["gfa_m2"] / area, np.round([c.far for c in controls] * jitter, 1))
    least = np.array([LEAST_LIMIT_M.get(quarter, 24.0) for quarter in plots["quarter"]])
    wanted = np.where(
        existing, np.maximum(highest, least), [PLANNED_LIMIT_M.get(name, 24.0) for name in style]
    )
    limit = LIMITS_M[np.minimum(np.searchsorted(LIMITS_M, wanted), len(LIMITS_M) - 1)]
    density = np.where(existing, built["footprint_m2"] / area, [c.density for c in controls])
    green = np.clip([c.green for c in controls] * rng.uniform(0.85, 1.1, len(parcels)), 0, 0.95)
    share = pd.Series(style).map(OPEN_PARKING).fillna(0.015).to_numpy()
    open_m2 = np.where(existing, np.round(share * area, 0), 0.0)
    stalls = np.round(
        open_m2 / 30 + 0.55 * built["households"] + built["gfa_m2"] * np.isin(style, ["mall", "office"]) / 130
    )
    return parcels.assign(
        gfa_m2=np.where(existing, built["gfa_m2"], np.round(far * area, 0)),
        far=np.round(far, 2),
        building_density=np.round(density, 3),
        green_ratio=np.round(green, 2),
        height_limit_m=limit,
        beds=built["beds"].astype("int64"),
        pupils=built["pupils"].astype("int64"),
        households=built["households"].astype("int64"),
        parking_stalls=stalls.astype("int64"),
        parking_roofless_m2=open_m2,
    )


OPEN_PARKING = {"car_park": 0.75, "depot": 0.30, "mall": 0.06, "market": 0.12, "station": 0.15, "coach_station": 0.30,
                "plant": 0.06, "light_plant": 0.05, "warehouse": 0.10, "sport": 0.12, "hospital": 0.08, "office": 0.07,
                "government": 0.06, "hotel": 0.08, "university": 0.03, "park": 0.01, "village": 0.0, "courtyard": 0.0,
                "belt": 0.0, "square": 0.0, "heritage": 0.0, "military": 0.0}  # fmt: skip


def in_key_area(plots: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Whether each plot lies in a key functional area."""
    found = np.zeros(len(plots), dtype=bool)
    for _, _, _, (west, south, east, north) in KEY_AREAS:
        found |= plots["x"].between(west, east).to_numpy() & plots["y"].between(south, north).to_numpy()
    return found


def _going(rng: np.random.Generator, plots: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Plots that are to be pulled down: urban villages, a few old works and old courts."""
    style, existing = plots["style"].to_numpy(), (plots["status"] == "existing").to_numpy()
    chance = np.select(
        [style == "urban_village", np.isin(style, ["plant", "light_plant"]), style == "courtyard"],
        [1.0, 0.06, 0.05],
        0.0,
    )
    found: NDArray[np.bool_] = existing & (rng.random(len(plots)) < chance)
    return found


def _addresses(rng: np.random.Generator, plots: gpd.GeoDataFrame, roads: gpd.GeoDataFrame) -> list[str]:
    named = merged_roads(roads[(roads["name"] != "") & (roads["kind"] != "railway")])
    nearest = named.sindex.nearest(plots.geometry, return_all=False)[1]
    names = named["name"].to_numpy()[nearest]
    lines = named.geometry.to_numpy()[nearest]
    along = shapely.line_locate_point(lines, shapely.centroid(plots.geometry.to_numpy()))
    numbers = (along / 18).astype(int) * 2 + rng.integers(1, 3, len(plots))
    return [f"{name}{max(house, 1)}号" for name, house in zip(names, numbers, strict=True)]
