"""Hot water follows from beds, pupils and households, by norms and months."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from shapely.geometry import box

from demand.hot_water import DAYS, HotWater, cold_water, hot_water, mains_temperature
from layers.city import City
from layers.weather_stations import weather_for

QINGHE = CRS.from_epsg(4545)
XIAN = weather_for("西安")
HOSPITAL = {"use": "health", "beds": 300.0, "gfa_m2": 30_000.0}


def need(*rows: dict[str, Any]) -> HotWater:
    """Hot water of some buildings in Xi'an."""
    squares = [box(500_000 + 40 * row, 3_797_000, 500_020 + 40 * row, 3_797_020) for row in range(len(rows))]
    frame = gpd.GeoDataFrame(list(rows), geometry=squares, crs=QINGHE)
    frame.index = pd.Index([f"B{row}" for row in range(len(rows))], name="building_id")
    return hot_water(City("测试市", QINGHE, {"building": frame}, weather=XIAN))


def test_a_hospital_needs_what_its_beds_need() -> None:
    """By hand: 300 beds, 155 L a bed and day, 0.85 of them in use; 4.187 kJ a litre and kelvin up to 60 °C."""
    found = need(HOSPITAL)
    litres = 300 * 155 * 0.85
    assert found.buildings["litres_per_day"].tolist() == pytest.approx([litres])
    january = litres * 4.187 / 3600 * (60 - found.cold_c[0]) * 31
    assert found.kwh[0, 0] == pytest.approx(january)
    assert found.kwh[0].sum() == pytest.approx(696_500, rel=1e-3)


def test_the_range_of_the_norm_is_the_range_of_the_need() -> None:
    """110 to 200 L a bed and day about 155."""
    row = need(HOSPITAL).buildings.iloc[0]
    assert row["low"] / row["litres_per_day"] == pytest.approx(110 / 155)
    assert row["high"] / row["litres_per_day"] == pytest.approx(200 / 155)


def test_beds_that_are_missing_follow_from_the_floor_area_and_are_marked() -> None:
    """100 m² a bed: 30,000 m² are 300 beds."""
    found = need(HOSPITAL, HOSPITAL | {"beds": np.nan}).buildings
    assert found["litres_per_day"].nunique() == 1
    assert found["source"].tolist() == ["given", "derived"]


def test_a_column_that_is_missing_is_like_empty_cells() -> None:
    without = {"use": "health", "gfa_m2": 30_000.0}
    assert (
        need(without).buildings["litres_per_day"].iloc[0]
        == need(HOSPITAL).buildings["litres_per_day"].iloc[0]
    )


def test_a_hospital_said_to_have_no_beds_needs_none() -> None:
    found = need(HOSPITAL | {"beds": 0.0})
    assert found.kwh.sum() == 0.0
    assert found.buildings.iloc[0][["source", "division"]].tolist() == ["", ""]


def test_without_count_and_floor_area_nothing_is_needed() -> None:
    assert need({"use": "hotel", "gfa_m2": np.nan}).kwh.sum() == 0.0


def test_an_office_has_no_steady_need() -> None:
    found = need({"use": "business_office", "gfa_m2": 10_000.0})
    assert found.buildings["division"].tolist() == [""]
    assert found.kwh.sum() == 0.0


def test_a_school_needs_nothing_in_its_holidays() -> None:
    school = need({"use": "education", "pupils": 1000.0, "gfa_m2": 10_000.0}).kwh[0]
    assert (school[[1, 6, 7]] == 0).all()
    assert (np.delete(school, [1, 6, 7]) > 0).all()


def test_beside_the_beds_of_a_dormitory_no_pupils_are_derived() -> None:
    """By hand: 500 beds, 55 L, 0.9 in use; pupils count only where they are given: 100, 5 L, 0.7."""
    dormitory = {"use": "education", "beds": 500.0, "gfa_m2": 8_000.0}
    found = need(dormitory | {"pupils": np.nan}, dormitory | {"pupils": 100.0}).buildings
    assert found["litres_per_day"].tolist() == pytest.approx([500 * 55 * 0.9, 500 * 55 * 0.9 + 100 * 5 * 0.7])


def test_a_dormitory_counted_as_housing_comes_first_and_other_housing_by_value() -> None:
    housing = {"use": "residential", "gfa_m2": 5_000.0, "households": np.nan}
    found = need(housing | {"beds": 200.0}, housing | {"beds": 0.0}).buildings
    assert found["division"].tolist() == ["first", "value"]
    assert found["litres_per_day"].tolist() == pytest.approx([200 * 55 * 0.9, 50 * 2.6 * 50 * 0.8])


@given(beds=st.floats(1, 2000), more=st.floats(1, 500))
def test_more_beds_never_need_less(beds: float, more: float) -> None:
    found = need(HOSPITAL | {"beds": beds}, HOSPITAL | {"beds": beds + more})
    assert (found.kwh[1] >= found.kwh[0]).all()


def test_mains_water_of_the_year_is_warmer_than_the_air_by_six_degrees_fahrenheit() -> None:
    mean = mains_temperature(14.0, 27.0, np.arange(1, 366)).mean()
    assert mean == pytest.approx(14.0 + 6 / 1.8, abs=0.1)


def test_mains_water_is_coldest_after_the_air_and_swings_less() -> None:
    """By hand for 10 °C, 50 °F: 15 + 35 - 6 days; the swing is 0.46 of the air's."""
    days = mains_temperature(10.0, 30.0, np.arange(1, 366))
    assert int(np.argmin(days)) + 1 == pytest.approx(15 + 35 - 6, abs=1)
    assert days.max() - days.min() == pytest.approx(0.46 * 30.0, rel=1e-3)


def test_mains_water_never_freezes() -> None:
    harbin = weather_for("哈尔滨")
    assert cold_water(harbin, 2.0).min() == 2.0
    assert cold_water(harbin, 0.0).min() < 2.0


def test_the_months_of_a_year_have_all_its_days() -> None:
    assert DAYS.sum() == 365
