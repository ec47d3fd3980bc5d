"""Small cities with a demand made for the tests of air-source machines."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from demand import CARRIERS, Demand
from layers.city import City
from layers.weather import Weather, year_index
from layers.weather_stations import weather_for
from standards import Standards

ZONES = {"哈尔滨": "1B", "沈阳": "1C", "北京": "2B", "西安": "2B", "武汉": "3A", "广州": "4B", "昆明": "5A"}
DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
WINTER = np.array([5, 4, 2, 0, 0, 0, 0, 0, 0, 0, 2, 4]) / 17
SUMMER = np.array([0, 0, 0, 0, 0, 2, 4, 4, 1, 0, 0, 0]) / 11


@cache
def weather_in(name: str) -> Weather:
    """Weather of a city of the tables, made once."""
    return weather_for(name)


def demand_of(ids: Sequence[str], **years: Any) -> Demand:
    """Demand of some kWh a year by carrier: heat in winter, cold in summer, the rest all year; peaks twice the mean."""
    index = pd.Index(ids, name="parcel_id")
    columns: dict[str, Any] = {"gfa_m2": np.full(len(index), 10_000.0)}
    days = {}
    for carrier in CARRIERS:
        year = np.broadcast_to(np.asarray(years.get(carrier, 0.0), dtype=float), (len(index),))
        shares = {"heat": WINTER, "cold": SUMMER}.get(carrier, DAYS / 365)
        months = year[:, None] * shares
        mean = months / DAYS / 24
        columns[f"{carrier}_kwh_per_year"] = year
        columns |= {f"{carrier}_kwh_month_{month + 1:02d}": months[:, month] for month in range(12)}
        columns[f"{carrier}_peak_kw"] = 2 * mean.max(axis=1)
        days[carrier] = np.broadcast_to(mean[:, :, None, None], (len(index), 12, 2, 24)).astype(np.float32)
    return Demand(pd.DataFrame(), pd.DataFrame(columns, index=index), days)


def steady_weather(temperature: Any, **columns: Any) -> Weather:
    """A year whose air has a temperature in every hour, or one temperature throughout."""
    hours = pd.DataFrame(
        {"temp_air": np.broadcast_to(np.asarray(temperature, dtype=float), 8760)}, index=year_index(8.0)
    )
    return Weather(hours.assign(**columns), 34.0, 108.0, 400.0, "somewhere", "measured_typical_year", "test")


def city_of(
    name: str,
    count: int = 3,
    weather: Weather | None = None,
    buildings: gpd.GeoDataFrame | None = None,
    **columns: Any,
) -> City:
    """Some parcels of a hundred metres in a city of the tables, with its weather."""
    west = 500_000.0 + 120.0 * np.arange(count)
    parcels = gpd.GeoDataFrame(
        {"plot_area_m2": 10_000.0, "use": "industry", **columns},
        geometry=shapely.box(west, 3_800_000.0, west + 100.0, 3_800_100.0),
        index=pd.Index([f"P{number}" for number in range(count)], name="parcel_id"),
        crs="EPSG:4545",
    )
    tables = {"parcel": parcels} | ({} if buildings is None else {"building": buildings})
    facts = {"climate_city": name, "climate_zone": ZONES[name], "province": ""}
    return City(name, parcels.crs, tables, {}, weather or weather_in(name), facts, Standards())
