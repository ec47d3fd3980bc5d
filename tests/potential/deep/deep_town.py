"""A made demand for any table of parcels, and a small town over a hot reservoir, for tests of deep heat."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from affine import Affine
from pyproj import CRS
from shapely.geometry import box

from demand import CARRIERS, Demand
from layers.city import City, Raster

QINGHE = CRS.from_epsg(4545)
X, Y = 500_000.0, 3_797_000.0
MONTH_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=float)
WINTER = np.array(
    [1.0, 0.85, 0.5, 0.05, 0, 0, 0, 0, 0, 0.05, 0.5, 0.9]
)  # mean heating power over the coldest month's
DAY = 1 + 0.15 * np.cos(2 * np.pi * (np.arange(24) - 6) / 24)
UNBUILT = ("green", "square", "reserve", "water", "road")


def demand_of(
    parcels: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame | None = None,
    *,
    heat_w_per_m2: float = 28.0,
    water_w_per_m2: float = 1.5,
) -> Demand:
    """Heat of so much per floor area in the coldest month, hot water all the year, a peak of 1.5 times the mean."""
    floor = parcels["gfa_m2"].fillna(0.0).to_numpy(dtype=float)
    if "use" in parcels:
        floor = np.where(parcels["use"].astype(str).isin(UNBUILT), 0.0, floor)
    frame = pd.DataFrame({"gfa_m2": floor}, index=parcels.index)
    days: dict[str, np.ndarray] = {}
    means = {"heat": heat_w_per_m2 * WINTER, "hot_water": water_w_per_m2 * np.ones(12)}
    for carrier in CARRIERS:
        mean = means.get(carrier, np.zeros(12))
        kw = floor[:, None] * mean / 1000
        days[carrier] = (kw[:, :, None, None] * np.ones((2, 1)) * DAY).astype(np.float32)
        months = kw * MONTH_DAYS * 24
        frame[f"{carrier}_kwh_per_year"] = months.sum(axis=1)
        for month in range(12):
            frame[f"{carrier}_kwh_month_{month + 1:02d}"] = months[:, month]
        frame[f"{carrier}_peak_kw"] = 1.5 * kw.max(axis=1)
    by_building = pd.DataFrame(
        {"parcel_id": pd.Series(dtype=object), "heat_kwh_per_year": pd.Series(dtype=float)}
    )
    if buildings is not None:
        area = buildings["gfa_m2"].fillna(0.0)
        by_building = pd.DataFrame(
            {"parcel_id": buildings["parcel_id"], "heat_kwh_per_year": area * heat_w_per_m2},
            index=buildings.index,
        )
    return Demand(by_building, frame, days)


RESERVOIR = {
    "deep_reservoir_depth_m": 2_400.0,
    "deep_reservoir_temp_c": 90.0,
    "deep_reservoir_thickness_m": 200.0,
    "deep_reservoir_porosity": 0.22,
    "deep_well_flow_m3_per_h": 80.0,
    "heat_flow_mw_per_m2": 66.0,
    "ground_temp_c": 15.0,
}


def raster(value: float, cells: int = 40) -> Raster:
    """One value over the town, 100 m cells."""
    values = np.full((cells, cells), value, dtype=np.float32)
    return Raster(values, Affine(100, 0, X - 500, 0, -100, Y + 3_500), QINGHE)


def town(
    *,
    columns: int = 6,
    rows: int = 5,
    approved: bool = True,
    zones: list[dict[str, Any]] | None = None,
    without: tuple[str, ...] = (),
    **values: float,
) -> City:
    """Parcels of 200 m by 200 m with 40,000 m² of floor each, on one planning unit; zones as they are given."""
    names, shapes = [], []
    for row in range(rows):
        for column in range(columns):
            names.append(f"P{row:02d}{column:02d}")
            shapes.append(box(X + 220 * column, Y + 220 * row, X + 220 * column + 200, Y + 220 * row + 200))
    parcels = gpd.GeoDataFrame(
        {
            "use": "residential",
            "gfa_m2": 40_000.0,
            "planning_unit": "U1",
            "deep_resource_assessed": approved,
            "deep_environment_assessed": approved,
        },
        geometry=shapes,
        crs=QINGHE,
        index=pd.Index(names, name="parcel_id"),
    )
    found = zones or []
    zone_table = gpd.GeoDataFrame(
        {"kind": [zone["kind"] for zone in found], "zone_level": [zone.get("level", "") for zone in found]},
        geometry=[zone["geometry"] for zone in found],
        crs=QINGHE,
    )
    rasters = {
        name: raster(values.get(name, usual)) for name, usual in RESERVOIR.items() if name not in without
    }
    tables = {"parcel": parcels, "protection_zone": zone_table}
    return City(
        "测试市",
        QINGHE,
        {name: table for name, table in tables.items() if name not in without},
        rasters,
        facts={"province": "陕西"},
    )
