"""Hot water follows from beds, pupils and households, and from the water that comes out of the ground."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import CRS
from shapely.geometry import box

from demand.hot_water import hot_water, mains_temperature
from layers.city import City
from layers.weather_stations import weather_for

QINGHE = CRS.from_epsg(4545)


def city(**columns: list[Any]) -> City:
    count = len(columns["use"])
    frame = gpd.GeoDataFrame(
        columns,
        geometry=[box(500_000 + 50 * n, 3_797_000, 500_030 + 50 * n, 3_797_020) for n in range(count)],
        crs=QINGHE,
        index=pd.Index([f"B{n}" for n in range(count)], name="building_id"),
    )
    return City("测试市", QINGHE, {"building": frame}, weather=weather_for("西安"))


def test_a_hospital_needs_what_its_beds_need_by_the_norm() -> None:
    """200 beds, 85 % of them in use, 155 L a day each."""
    water = hot_water(city(use=["health"], beds=[200]))
    assert water.buildings.loc["B0", "litres_per_day"] == pytest.approx(200 * 0.85 * 155)
    assert water.buildings.loc["B0", ["source", "division"]].tolist() == ["given", "first"]
    january = 200 * 0.85 * 155 * 4.187 * (60 - water.cold_c[0]) * 31 / 3600
    assert water.kwh[0, 0] == pytest.approx(january)


def test_beds_that_the_data_leave_out_follow_from_the_floor_area() -> None:
    water = hot_water(city(use=["hotel"], gfa_m2=[4200.0]))
    assert water.buildings.loc["B0", "litres_per_day"] == pytest.approx(100 * 0.6 * 125)
    assert water.buildings.loc["B0", "source"] == "derived"


def test_a_house_without_beds_needs_nothing() -> None:
    water = hot_water(city(use=["health", "industry"], beds=[0, 0]))
    assert water.kwh.sum() == 0.0
    assert water.buildings["division"].tolist() == ["", ""]


def test_schools_are_empty_in_the_holidays_and_their_dormitories_too() -> None:
    water = hot_water(city(use=["education"], beds=[100], pupils=[600]))
    assert water.kwh[0, [1, 6, 7]].sum() == 0.0
    assert (water.kwh[0, [0, 2, 3, 4, 5, 8, 9, 10, 11]] > 0).all()
    assert water.buildings.loc["B0", "litres_per_day"] == pytest.approx(100 * 0.9 * 55 + 600 * 0.7 * 5)


def test_the_range_of_the_norm_is_the_range_of_the_need() -> None:
    row = hot_water(city(use=["hotel"], beds=[100])).buildings.loc["B0"]
    assert row["low"] / row["litres_per_day"] == pytest.approx(110 / 125)
    assert row["high"] / row["litres_per_day"] == pytest.approx(140 / 125)


def test_mains_water_is_the_air_of_the_year_and_swings_less() -> None:
    days = np.arange(365)
    mains = mains_temperature(14.0, 27.0, days)
    assert mains.mean() == pytest.approx(14.0 + 6 / 1.8, abs=0.1)
    assert mains.max() - mains.min() < 27.0
    assert 200 < days[np.argmax(mains)] < 240  # some weeks after the sun


def test_mains_water_does_not_freeze() -> None:
    assert mains_temperature(-5.0, 50.0, np.arange(365)).min() == 2.0
