"""A small city for tests of plans: buildings and parcels in rows, with the demand that a test says."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS
from shapely.geometry import box

from layers.city import City

QINGHE = CRS.from_epsg(4545)
FACTS = {"climate_zone": "2B", "climate_city": "西安", "province": "陕西"}
BUILDING = {
    "use": "residential",
    "year_built": 1990.0,
    "central_heating": True,
    "old_estate": False,
    "gfa_m2": 1000.0,
}


def city(buildings: list[dict[str, Any]], parcels: list[dict[str, Any]] | None = None, **tables: Any) -> City:
    """Buildings B0, B1 … on parcels P0, P1 …, 60 m wide and 100 m apart in a row."""
    land = parcels if parcels is not None else [{"use": one.get("use", "residential")} for one in buildings]
    plots = gpd.GeoDataFrame(
        land, geometry=[box(100.0 * n, 0, 100.0 * n + 60, 60) for n in range(len(land))], crs=QINGHE
    )
    plots.index = pd.Index([f"P{n}" for n in range(len(land))], name="parcel_id")
    rows = [BUILDING | one for one in buildings]
    houses = gpd.GeoDataFrame(
        rows, geometry=[box(100.0 * n, 0, 100.0 * n + 20, 20) for n in range(len(rows))], crs=QINGHE
    )
    houses.index = pd.Index([f"B{n}" for n in range(len(rows))], name="building_id")
    houses["parcel_id"] = [one.get("parcel_id", f"P{n}") for n, one in enumerate(rows)]
    return City("测试市", QINGHE, {"building": houses, "parcel": plots, **tables}, weather=None, facts=FACTS)


def demand(city: City, **columns: Any) -> pd.DataFrame:
    """Demand of the buildings of a city: 1,000 m² with 81 MWh of heat, 30 of cold, 8.4 of hot water, 20 of electricity."""
    usual = {
        "gfa_m2": 1000.0,
        "heat_kwh_per_year": 81_000.0,
        "cold_kwh_per_year": 30_000.0,
        "hot_water_kwh_per_year": 8_400.0,
        "electricity_kwh_per_year": 20_000.0,
        "cooking_kwh_per_year": 6_000.0,
        "non_heating_kwh_per_m2": np.nan,
        "limit_kwh_per_m2": np.nan,
        "guide_kwh_per_m2": np.nan,
        "metered_electricity_kwh_per_year": np.nan,
        "metered_heat_kwh_per_year": np.nan,
    }
    return pd.DataFrame(usual | columns, index=city.tables["building"].index)


def days(parcels: list[str], carrier: str, kw: float | list[float]) -> pd.DataFrame:
    """Typical days on which a carrier is needed alike in every month, constant or hour by hour."""
    hours = [kw] * 24 if isinstance(kw, float) else kw
    rows = [
        {"carrier": carrier, "month": month, "day_kind": kind}
        | {f"demand_kw_hour_{hour:02d}": value for hour, value in enumerate(hours)}
        for _ in parcels
        for month in range(1, 13)
        for kind in ("workday", "holiday")
    ]
    return pd.DataFrame(rows, index=pd.Index(np.repeat(parcels, 24), name="parcel_id"))


def sun_days(parcels: list[str], kw: list[float]) -> pd.DataFrame:
    """Typical days of PV, alike in every month."""
    rows = [
        {"month": month} | {f"pv_wh_hour_{hour:02d}": 1000.0 * value for hour, value in enumerate(kw)}
        for _ in parcels
        for month in range(1, 13)
    ]
    return pd.DataFrame(rows, index=pd.Index(np.repeat(parcels, 12), name="parcel_id"))


def chosen(**columns: Any) -> pd.DataFrame:
    """One choice of a plan: 100 kW of PV on P0 that give 100 MWh a year."""
    row = {
        "parcel_id": "P0",
        "technology": "rooftop_pv",
        "family": "pv",
        "planned_kw": 100.0,
        "kwh_per_year": 100_000.0,
        "cold_kwh_per_year": 0.0,
        "electricity_kwh_per_year": 0.0,
        "served_m2": 0.0,
        "panel_m2": 500.0,
        "capex_yuan": 300_000.0,
        "opex_yuan_per_year": 5_000.0,
        "approved": True,
    } | columns
    name = f"{row['parcel_id']}/{row['technology']}"
    return pd.DataFrame([row], index=pd.Index([name], name="choice_id"))
