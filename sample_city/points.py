"""Boreholes and facilities: points with what was measured there, or what they give off."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.city import Raster
from sample_city import skeleton
from sample_city.ground import sample

IN_THE_FAN = (20.0, 300.0)  # of a pumping test, from the south-west corner
# What stands on a plot of a style, and its values: kind, then fields.
OF_STYLE: dict[str, tuple[str, dict[str, float]]] = {
    "sewage_works": ("sewage_works", {"sewage_m3_per_day": 80_000, "waste_heat_c": 19.5, "waste_heat_winter_c": 13.2,
                                      "operating_hours": 8760, "canopy_area_m2": 42_000}),
    "water_works": ("water_works", {"operating_hours": 8760, "canopy_area_m2": 21_000}),
    "data_centre": ("data_centre", {"it_power_kw": 12_000, "waste_heat_kw": 11_400, "waste_heat_c": 32,
                                    "waste_heat_winter_c": 30, "operating_hours": 8760}),
    "power_plant": ("power_plant", {"electric_power_kw": 100_000, "waste_heat_kw": 62_000, "waste_heat_c": 42,
                                    "waste_heat_winter_c": 38, "operating_hours": 5200, "canopy_area_m2": 6_000}),
    "incinerator": ("waste_incinerator", {"waste_t_per_day": 750, "electric_power_kw": 15_000, "waste_heat_kw": 15_600,
                                          "waste_heat_c": 85, "waste_heat_winter_c": 82, "operating_hours": 8000}),
    "waste_station": ("waste_station", {"waste_t_per_day": 120, "operating_hours": 4300, "canopy_area_m2": 1_800}),
    "depot": ("bus_depot", {"operating_hours": 6500}),
    "car_park": ("car_park", {"operating_hours": 8760}),
    "heat_station": ("heat_station", {"operating_hours": 2880}),
    "substation": ("substation", {"transformer_kva": 100_000, "operating_hours": 8760}),
    "heavy_plant": ("industrial_heat", {"waste_heat_kw": 3_400, "waste_heat_c": 68, "waste_heat_winter_c": 62,
                                        "operating_hours": 6200}),
}  # fmt: skip
# Along streets: kind, name, x, y, fields.
BESIDE: tuple[tuple[str, str, float, float, dict[str, float]], ...] = (
    ("noise_barrier", "绕城东路声屏障西侧", 5778, 2600, {"length_m": 640, "height_m": 4.0, "azimuth_deg": 88}),
    ("noise_barrier", "铁路北侧声屏障", 3600, 712, {"length_m": 900, "height_m": 3.5, "azimuth_deg": 181}),
    ("noise_barrier", "二环东路声屏障", 4075, 1700, {"length_m": 420, "height_m": 4.0, "azimuth_deg": 262}),
    ("footbridge", "钟楼人行天桥", 2655, 2470, {"canopy_area_m2": 620, "length_m": 120, "azimuth_deg": 180}),
    ("footbridge", "丝路中心人行天桥", 4300, 2500, {"canopy_area_m2": 420, "length_m": 86, "azimuth_deg": 175}),
    ("footbridge", "大学城人行天桥", 2400, 430, {"canopy_area_m2": 260, "length_m": 58, "azimuth_deg": 180}),
    ("swap_station", "高新换电站", 5250, 2960, {"canopy_area_m2": 380, "electric_power_kw": 1200}),
    ("swap_station", "西郊换电站", 760, 1660, {"canopy_area_m2": 420, "electric_power_kw": 1500}),
    ("biomass", "上原秸秆收储点", 470, 4980, {"residues_t_per_year": 21_000}),
    ("biomass", "南坡果枝收储点", 1700, -260, {"residues_t_per_year": 8_500}),
    ("reclaimed_water", "再生水泵站", 4990, 3700, {"sewage_m3_per_day": 25_000, "waste_heat_c": 19,
    "waste_heat_winter_c": 13}),
)  # fmt: skip


def facilities(plots: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Municipal facilities and sources of waste heat, as points."""
    rows: list[dict[str, object]] = []
    for number, (style, claim) in enumerate(zip(plots["style"], plots["claim"], strict=True)):
        found = OF_STYLE.get("incinerator" if claim == "incinerator" else style)
        parcel = parcels.iloc[number]
        if found is None or parcel["status"] != "existing":
            continue
        kind, values = found
        more = dict(values)
        if kind in ("bus_depot", "car_park"):
            more["canopy_area_m2"] = float(parcel["parking_roofless_m2"])
        rows.append({"name": parcel["name"], "kind": kind, "parcel_id": parcels.index[number], **more,
                     "geometry": plots.geometry.iloc[number].representative_point()})  # fmt: skip
    rows += [{"name": name, "kind": kind, "parcel_id": None, **values, "geometry": gpd.points_from_xy([x], [y])[0]}
             for kind, name, x, y, values in BESIDE]  # fmt: skip
    table = gpd.GeoDataFrame(rows)
    columns = [name for name in table.columns if name != "geometry"]
    table.index = pd.Index([f"SS-{n + 1:03d}" for n in range(len(table))], name="facility_id")
    return table[[*columns, "geometry"]]


def boreholes(
    rng: np.random.Generator,
    plots: gpd.GeoDataFrame,
    geology: gpd.GeoDataFrame,
    rasters: Mapping[str, Raster],
) -> gpd.GeoDataFrame:
    """Survey holes, thermal response tests, pumping tests and one deep well."""
    chosen = np.sort(rng.choice(len(plots), 36, replace=False))
    points = gpd.GeoDataFrame(geometry=plots.geometry.iloc[chosen].representative_point().to_numpy())
    x = points.geometry.x.to_numpy() + skeleton.EAST0
    y = points.geometry.y.to_numpy() + skeleton.NORTH0
    kind = np.array(
        ["survey"] * 14 + ["thermal_response"] * 12 + ["pumping"] * 8 + ["deep"] * 2, dtype=object
    )
    within = geology.sindex.query(points.geometry, predicate="within")
    unit = np.zeros(len(points), dtype=int)
    unit[within[0]] = within[1]
    here = geology.iloc[unit]

    def measured(name: str, spread: float, digits: int = 2) -> np.ndarray:
        return np.round(sample(rasters[name], x, y) * rng.normal(1, spread, len(x)), digits)

    tested = kind == "thermal_response"
    pumped = kind == "pumping"
    depth = np.select([kind == "deep", tested, pumped], [2_350.0, 120.0, 80.0], 100.0) + rng.integers(
        -4, 5, len(x)
    )
    data = {
        "name": [f"{_KINDS[what]}{n + 1:02d}孔" for n, what in enumerate(kind)],
        "kind": kind,
        "borehole_depth_m": depth,
        "lithology": here["lithology"].to_numpy(),
        "strata": here["strata"].to_numpy(),
        "quaternary_m": measured("quaternary_m", 0.03, 0),
        "water_table_depth_m": measured("water_table_depth_m", 0.05, 1),
        "ground_temp_c": measured("ground_temp_c", 0.015, 1),
        "ground_conductivity_w_per_mk": np.where(tested, measured("ground_conductivity_w_per_mk", 0.06), np.nan),
        "ground_capacity_mj_per_m3k": np.where(tested, measured("ground_capacity_mj_per_m3k", 0.03), np.nan),
        "borehole_resistance_mk_per_w": np.where(tested, np.round(rng.uniform(0.085, 0.135, len(x)), 3), np.nan),
        "aquifer_thickness_m": np.where(pumped, measured("aquifer_thickness_m", 0.06, 1), np.nan),
        "hydraulic_conductivity_m_per_day": np.where(pumped, measured("hydraulic_conductivity_m_per_day", 0.15, 1), np.nan),
        "specific_yield_m3_per_day_m": np.where(pumped,
        np.round(here["specific_yield_m3_per_day_m"].to_numpy() * rng.uniform(0.8, 1.2, len(x))), np.nan),
        "reinjection_share": np.where(pumped, np.round(np.clip(here["reinjection_share"].to_numpy() * rng.uniform(0.85,
        1.3, len(x)), 0, 1), 2), np.nan),
        "deep_reservoir_temp_c": np.where(kind == "deep", measured("deep_reservoir_temp_c", 0.01, 1), np.nan),
        "deep_well_flow_m3_per_h": np.where(kind == "deep", measured("deep_well_flow_m3_per_h", 0.05, 0), np.nan),
        "heat_flow_mw_per_m2": np.where(kind == "deep", measured("heat_flow_mw_per_m2", 0.02, 1), np.nan),
    }  # fmt: skip
    ids = pd.Index([f"ZK-{n + 1:02d}" for n in range(len(x))], name="borehole_id")
    holes = gpd.GeoDataFrame(data, geometry=points.geometry.to_numpy(), index=ids)
    return gpd.GeoDataFrame(pd.concat([holes, _test_in_the_fan(rasters, geology, holes)]))


def _test_in_the_fan(
    rasters: Mapping[str, Raster], geology: gpd.GeoDataFrame, holes: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """The one pumping test in the gravel of the fan, whose wells take back most of what they yield."""
    at = shapely.Point(IN_THE_FAN)
    x, y = np.array([at.x + skeleton.EAST0]), np.array([at.y + skeleton.NORTH0])
    here = geology[geology.covers(at)].iloc[0]
    number = len(holes) + 1
    row = {name: np.nan for name in holes.columns if name != "geometry"} | {
        "name": f"{_KINDS['pumping']}{number:02d}孔",
        "kind": "pumping",
        "borehole_depth_m": 80,
        "lithology": here["lithology"],
        "strata": here["strata"],
        **{name: round(float(sample(rasters[name], x, y)[0]), 1) for name in _TESTED},
        "specific_yield_m3_per_day_m": 545.0,
        "reinjection_share": 0.86,
    }
    index = pd.Index([f"ZK-{number:02d}"], name=holes.index.name)
    return gpd.GeoDataFrame([row], geometry=[at], index=index).astype(holes.drop(columns="geometry").dtypes)


_TESTED = (
    "quaternary_m",
    "water_table_depth_m",
    "ground_temp_c",
    "aquifer_thickness_m",
    "hydraulic_conductivity_m_per_day",
)


_KINDS = {"survey": "勘察", "thermal_response": "热响应试验", "pumping": "抽水回灌试验", "deep": "中深层地热"}
