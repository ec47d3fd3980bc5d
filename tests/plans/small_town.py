"""A town of a few parcels with options whose sums can be done by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS
from shapely.geometry import box

from layers.city import City
from plans.options import ProgrammeSettings
from potential import Assessment

METRES = CRS.from_epsg(4545)
GRADES = {"grade": "suitable", "reason": ""}


def town(parcels: Mapping[str, Mapping[str, Any]], **tables: pd.DataFrame) -> City:
    """A city of parcels; what is not said of one is usual."""
    usual: dict[str, Any] = {
        "use": "business_office", "status": "existing", "investor": "private", "settlement": "urban",
        "name": "", "address": "", "planning_unit": "U1", "district_code": "D1", "district_name": "east",
        "gfa_m2": 10_000.0, "plot_area_m2": 5_000.0, "planned_demolition": False, "military": False,
    }  # fmt: skip
    frame = pd.DataFrame(
        [{**usual, **said} for said in parcels.values()], index=pd.Index(list(parcels), name="parcel_id")
    )
    shapes = [box(100 * place, 0, 100 * place + 50, 50) for place in range(len(frame))]
    named = {"parcel": gpd.GeoDataFrame(frame, geometry=shapes, crs=METRES), **tables}
    return City("small town", METRES, named, facts={"province": "陕西", "climate_zone": "2B"})


def demand(
    city: City, heat: float = 1e6, hot_water: float = 2e5, cold: float = 1e6, days: pd.DataFrame | None = None
) -> Assessment:
    """The same demand on every parcel. [kWh]"""
    index = city.tables["parcel"].index
    parcels = pd.DataFrame(
        {
            "heat_kwh_per_year": heat,
            "hot_water_kwh_per_year": hot_water,
            "cold_kwh_per_year": cold,
            "gfa_m2": city.tables["parcel"]["gfa_m2"],
            "grade": "",
            "reason": "",
        },
        index=index,
    )
    return assessment("demand", parcels, [], {} if days is None else {"parcel_day": days})


def assessment(
    name: str,
    parcels: pd.DataFrame,
    options: Iterable[Mapping[str, Any]],
    details: Mapping[str, pd.DataFrame] | None = None,
) -> Assessment:
    """An assessment of parcels with options."""
    rows = pd.DataFrame(list(options))
    if rows.empty:
        rows = pd.DataFrame(columns=["parcel_id", "technology"])
    rows.index.name = "option_id"
    return Assessment(name, parcels, rows, MappingProxyType(dict(details or {})), MappingProxyType({}))


def graded(index: pd.Index, **columns: Any) -> pd.DataFrame:
    """Parcels that are suitable unless it is said otherwise."""
    return pd.DataFrame({**GRADES, **columns}, index=index)


def rooftop(
    city: City, kw: Mapping[str, float], yuan_per_kw: float = 3000.0, hours: float = 1000.0
) -> Assessment:
    """Panels on roofs: capacity by parcel, nothing of which is used at once."""
    index = city.tables["parcel"].index
    capacity = pd.Series(kw, dtype=float).reindex(index).fillna(0.0)
    parcels = graded(index, pv_kwp=capacity, module_m2=capacity * 5.0, pv_self_use_share=0.0)
    options = [
        {
            "parcel_id": parcel, "technology": "rooftop_pv", "most_kw": most, "kwh_per_kw": hours,
            "capex_yuan": most * yuan_per_kw, "opex_yuan_per_year": most * 50.0,
            "avoided_tco2_per_year": most * hours * 0.6 / 1000,
        }
        for parcel, most in kw.items()
    ]  # fmt: skip
    return assessment("rooftop", parcels, options)


def heat_source(
    city: City, name: str, technology: str, kw: Mapping[str, float], *, yuan_per_kw: float = 2000.0,
    hours: float = 2000.0, **more: Any,
) -> Assessment:  # fmt: skip
    """A source of heat that takes no electricity: what it avoids is what a gas boiler would emit."""
    index = city.tables["parcel"].index
    kgco2 = 3.6e-6 * 55.54 * 1000 / 0.915
    options = [
        {
            "parcel_id": parcel, "technology": technology, "most_kw": most, "kwh_per_kw": hours,
            "capex_yuan": most * yuan_per_kw, "opex_yuan_per_year": most * 40.0,
            "avoided_tco2_per_year": most * hours * kgco2 / 1000, **more,
        }
        for parcel, most in kw.items()
    ]  # fmt: skip
    columns = {
        "waste_heat_kwh_per_year": 1.0, "ghe_heat_kwh_per_year": 1.0, "ghe_cold_kwh_per_year": 0.0,
        "deep_doublet_grade": "suitable", "deep_doublet_reason": "", "deep_closed_grade": "suitable",
        "deep_closed_reason": "", "solar_heat_kwh_per_year": 1.0, "solar_heat_kw": 100.0, "collector_m2": 150.0,
        "air_cold_kwh_per_year": 0.0, "air_cooling_electricity_kwh_per_year": 0.0,
    }  # fmt: skip
    return assessment(name, graded(index, **columns), options)


def targets(
    *rows: tuple[str, float], year: int = 2030, kind: str = "city", area: str = "", operator: str = ">="
) -> pd.DataFrame:
    """A table of targets from indicators and values."""
    found = pd.DataFrame(
        [
            {
                "indicator": name,
                "area_kind": kind,
                "area_id": area,
                "year": year,
                "operator": operator,
                "value": value,
            }
            for name, value in rows
        ],
        columns=["indicator", "area_kind", "area_id", "year", "operator", "value"],
    )
    found.index = pd.Index(
        [f"T/{row.indicator}/{row.area_id}/{row.year}" for row in found.itertuples()], dtype=object
    )
    return found


def typical_days(city: City, kw: float) -> pd.DataFrame:
    """Heat of so many kilowatts in every hour of every day, of every parcel."""
    hours = {f"demand_kw_hour_{hour:02d}": kw for hour in range(24)}
    rows = [
        {"parcel_id": parcel, "carrier": "heat", "month": month, "day_kind": kind, **hours}
        for parcel in city.tables["parcel"].index
        for month in range(1, 13)
        for kind in ("workday", "holiday")
    ]
    return pd.DataFrame(rows).set_index("parcel_id")


def settings(**more: Any) -> ProgrammeSettings:
    """What the planner set, with what is said otherwise."""
    return ProgrammeSettings(**more)


def close(found: float, expected: float, within: float = 1e-9) -> bool:
    """Whether two numbers are the same but for rounding."""
    return bool(np.isclose(found, expected, rtol=within, atol=within))
