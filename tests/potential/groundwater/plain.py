"""A plain of sand with groundwater that flows north, and parcels on it that need heat and cold."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from affine import Affine
from pyproj import CRS
from shapely.geometry import Point, box

from demand import CARRIERS, Demand
from layers.city import City, Raster

QINGHE = CRS.from_epsg(4545)
X, Y = 500_000.0, 3_797_000.0
GROUND = {
    "aquifer_thickness_m": 30.0,
    "hydraulic_conductivity_m_per_day": 50.0,
    "water_table_depth_m": 12.0,
    "hydraulic_gradient": 0.005,
    "flow_direction_deg": 0.0,
    "ground_temp_c": 16.0,
}
HEAT_MONTHS = (0.25, 0.2, 0.12, 0.03, 0, 0, 0, 0, 0, 0.03, 0.14, 0.23)
COLD_MONTHS = (0, 0, 0, 0, 0.08, 0.22, 0.32, 0.28, 0.1, 0, 0, 0)


def parcel(x: float, y: float, width: float = 150.0, length: float = 150.0) -> Any:
    return box(X + x, Y + y, X + x + width, Y + y + length)


def raster(value: float | np.ndarray, cell_m: float = 100.0) -> Raster:
    """Three kilometres each way around the parcels, of one value."""
    values = np.broadcast_to(np.asarray(value, dtype=np.float32), (60, 60)).copy()
    return Raster(values, Affine(cell_m, 0, X - 3000, 0, -cell_m, Y + 3000), QINGHE)


def plain(
    *shapes: Any,
    ground: dict[str, Any] | None = None,
    geology: dict[str, Any] | None = None,
    without: tuple[str, ...] = (),
    **more: Any,
) -> City:
    """A city of parcels; `ground` changes rasters (None leaves one out), `geology` its one row, `more` adds tables."""
    values = GROUND | (ground or {})
    row = {
        "lithology": "coarse_sand",
        "reinjection_share": 0.85,
        "specific_yield_m3_per_day_m": 600.0,
        "porosity": 0.2,
        "ground_capacity_mj_per_m3k": 2.6,
        "water_level_fall_m_per_year": 0.1,
        "dissolved_solids_g_per_l": 0.5,
    } | (geology or {})
    index = pd.Index([f"P{number}" for number in range(len(shapes))], name="parcel_id")
    tables = {
        "parcel": gpd.GeoDataFrame(geometry=list(shapes), index=index, crs=QINGHE),
        "geology": gpd.GeoDataFrame([row], geometry=[parcel(-3000, -3000, 6000, 6000)], crs=QINGHE),
        "borehole": hole(75, 75),
        "protection_zone": zones(),
    } | more
    rasters = {name: raster(value) for name, value in values.items() if value is not None}
    kept = {name: table for name, table in tables.items() if table is not None and name not in without}
    return City("测试市", QINGHE, kept, rasters, facts={"province": "陕西"})


def hole(x: float, y: float, **known: Any) -> gpd.GeoDataFrame:
    row = {"kind": "pumping", "hydraulic_conductivity_m_per_day": 50.0, "reinjection_share": 0.85} | known
    return gpd.GeoDataFrame([row], geometry=[Point(X + x, Y + y)], crs=QINGHE)


def zones(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    known = list(rows) or [{"kind": "no_burn", "zone_level": "", "geometry": parcel(-2900, -2900, 10, 10)}]
    return gpd.GeoDataFrame(known, geometry="geometry", crs=QINGHE)


def need(city: City, heat_kw: float = 200.0, cold_kw: float = 150.0) -> Demand:
    """Every parcel needs the same: 1500 hours of its peak in heat, 800 in cold."""
    index = city.tables["parcel"].index
    count = len(index)
    frame = pd.DataFrame({"gfa_m2": np.full(count, 5000.0)}, index=index)
    days = {}
    for carrier in CARRIERS:
        peak, hours, shares = {
            "heat": (heat_kw, 1500, HEAT_MONTHS),
            "cold": (cold_kw, 800, COLD_MONTHS),
        }.get(carrier, (0.0, 0, HEAT_MONTHS))
        months = peak * hours * np.array(shares)
        frame[f"{carrier}_peak_kw"] = peak
        frame[f"{carrier}_kwh_per_year"] = months.sum()
        for month in range(12):
            frame[f"{carrier}_kwh_month_{month + 1:02d}"] = months[month]
        course = 1 + 0.3 * np.cos(2 * np.pi * (np.arange(24) - 6) / 24)
        mean = months / (365.25 / 12 * 24)
        day = (mean[:, None, None] * np.ones((1, 2, 1)) * course).astype(np.float32)
        days[carrier] = np.broadcast_to(day, (count, 12, 2, 24)).copy()
    return Demand(pd.DataFrame(), frame, days)
