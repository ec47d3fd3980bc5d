"""Roofs are shared between heat and power, and no square metre is used twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import CRS
from shapely.geometry import box

from core.jobs import Job
from core.problems import UserError
from demand.hot_water import hot_water
from layers.city import City
from layers.weather_stations import weather_for
from potential import Assessment
from potential.records import from_record, to_record
from potential.solar.passive_houses import heating_degree_days
from potential.solar.rooftop import RooftopSettings
from potential.solar.rooftop import assess as assess_rooftop
from potential.solar.sharing import HeatNumbers
from potential.solar.solar_thermal import SOLAR_THERMAL, SUMS, SolarThermalSettings, assess

QINGHE = CRS.from_epsg(4545)
X, Y = 500_000.0, 3_797_000.0
SETTINGS = SolarThermalSettings(azimuths=36, bands=12)
Make = Callable[..., City]


def building(x: float, y: float, **known: Any) -> dict[str, Any]:
    """A hotel of 30 m by 20 m and 12 m, flat, with 60 beds, unless said otherwise."""
    usual: dict[str, Any] = {
        "geometry": box(X + x, Y + y, X + x + 30, Y + y + 20),
        "height_m": 12.0,
        "use": "hotel",
        "roof_type": "flat",
        "year_built": 2010,
        "gfa_m2": 2400.0,
        "beds": 60.0,
        "pupils": 0.0,
        "households": 0.0,
        "parcel_id": "P1",
    }
    return usual | known


@pytest.fixture(scope="module")
def make() -> Make:
    weather = weather_for("西安")

    def city(*rows: dict[str, Any]) -> City:
        frame = gpd.GeoDataFrame(list(rows), crs=QINGHE)
        frame.index = pd.Index([f"B{number}" for number in range(len(rows))], name="building_id")
        parcels = gpd.GeoDataFrame(
            {"use": ["hotel"]},
            geometry=[box(X - 50, Y - 50, X + 900, Y + 500)],
            crs=QINGHE,
            index=pd.Index(["P1"], name="parcel_id"),
        )
        tables = {"building": frame, "parcel": parcels}
        return City("测试市", QINGHE, tables, weather=weather, facts={"province": "陕西"})

    return city


@pytest.fixture(scope="module")
def town(make: Make) -> tuple[City, Assessment, Assessment]:
    city = make(
        building(0, 0),
        building(60, 0, use="education", beds=0.0, pupils=600.0),
        building(120, 0, beds=6000.0),
        building(180, 0, use="industry", beds=0.0),
        building(240, 0, heritage=True),
        building(300, 0, use="residential", beds=0.0, households=30.0),
        building(360, 0, roof_load_kn_per_m2=0.2),
        building(420, 0, beds=5.0),
        building(480, 0, use="rural_house", beds=0.0, households=1.0, roof_type="pitched", height_m=6.0),
    )
    return city, assess(city, None, SETTINGS, Job()), assess_rooftop(city, None, RooftopSettings(36), Job())


def test_collectors_are_sized_by_the_need_where_the_roof_is_large_enough(
    town: tuple[City, Assessment, Assessment],
) -> None:
    """By hand: litres · 4.187 · (60 − cold) · 0.4 over light · 0.45 · 0.8."""
    city, made, _ = town
    water = hot_water(city)
    row = made.details["building"].loc["B0"]
    assert row["hot_water_l_per_day"] == 60 * 0.6 * 125
    heat = 4500 * 4.187 * (60 - water.cold_c.mean())
    light = heat * 0.4 / (row["collector_m2"] * 0.45 * 0.8) / 3600 * 365  # what the area tells of the light
    assert 1250 < light < 1500  # kWh/m² a year on 35° south in Xi'an
    assert row["hot_water_source"] == "given"


def test_the_sun_covers_about_the_share_that_collectors_are_sized_for(
    town: tuple[City, Assessment, Assessment],
) -> None:
    assert 0.3 < town[1].details["building"].loc["B0", "solar_fraction"] < 0.6


def test_collectors_and_modules_never_take_more_than_the_usable_roof(
    town: tuple[City, Assessment, Assessment],
) -> None:
    _, _, rooftop = town
    roofs = rooftop.details["building"]
    in_rows = roofs["module_m2"] / 0.70  # rows at 15° cover seven tenths of a flat roof in Xi'an, or less
    assert (roofs["heat_roof_m2"] + in_rows <= roofs["roof_usable_m2"] + 2).all()
    assert (roofs["heat_roof_m2"] <= roofs["roof_usable_m2"] + 1).all()


def test_a_need_beyond_all_bounds_takes_the_whole_roof_and_leaves_none_to_modules(
    town: tuple[City, Assessment, Assessment],
) -> None:
    _, made, rooftop = town
    roof = rooftop.details["building"].loc["B2"]
    assert roof["pv_kwp"] == pytest.approx(0.0, abs=0.2)
    assert roof["heat_roof_m2"] == pytest.approx(roof["roof_usable_m2"], abs=2)
    assert "roof area" in made.details["building"].loc["B2", "reason"]


def test_houses_without_need_keep_their_roof_for_power_and_are_not_listed(
    town: tuple[City, Assessment, Assessment],
) -> None:
    _, made, rooftop = town
    assert "B3" not in made.details["building"].index
    assert rooftop.details["building"].loc["B3", "heat_roof_m2"] == 0
    assert rooftop.details["building"].loc["B3", "pv_kwp"] > 0


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("B4", "heritage or historic building"),
        ("B5", "power is worth more"),
        ("B6", "load of the roof"),
        ("B7", "small need"),
    ],
)
def test_a_roof_without_collectors_says_why(
    town: tuple[City, Assessment, Assessment], row: str, reason: str
) -> None:
    found = town[1].details["building"].loc[row]
    assert found["collector_m2"] == 0
    assert found["reason"] == reason


def test_a_collector_is_never_passed_without_an_entered_check(
    town: tuple[City, Assessment, Assessment],
) -> None:
    assert not (town[1].details["building"]["safety_state"] == "passed").any()


def test_parcels_and_totals_add_up_to_the_last_digit(town: tuple[City, Assessment, Assessment]) -> None:
    made = town[1]
    for name in SUMS:
        whole = round(float(made.details["building"][name].sum()), 3)
        assert round(float(made.parcels[name].sum()), 3) == whole
        assert made.totals[name] == whole


def test_heat_is_never_more_than_is_needed_and_p90_is_below_p10(
    town: tuple[City, Assessment, Assessment],
) -> None:
    rows = town[1].details["building"]
    assert (rows["solar_heat_kwh_per_year"] <= rows["hot_water_kwh_per_year"]).all()
    assert (rows["solar_heat_p90_kwh_per_year"] <= rows["solar_heat_kwh_per_year"]).all()
    assert (rows["solar_heat_kwh_per_year"] <= rows["solar_heat_p10_kwh_per_year"]).all()


def test_a_kilowatt_hour_of_heat_replaces_what_the_standard_says_of_gas(make: Make) -> None:
    """The worked city: 60 万 m² of collectors, 5,500 MJ/m², 0.45, a fifth lost, gas of 0.84: 48,257.6 tce."""
    numbers = HeatNumbers.of(make(building(0, 0)), 1300.0)
    kwh = 600_000 * 5500 * 0.45 * 0.8 / 3.6
    assert kwh * numbers.kgce_per_kwh / 1000 == pytest.approx(48_257.6, rel=5e-4)


@pytest.mark.parametrize(("ghi", "fraction"), [(1900, 0.6), (1500, 0.5), (1200, 0.4), (900, 0.3)])
def test_the_share_to_cover_is_that_of_the_class_of_sun(make: Make, ghi: float, fraction: float) -> None:
    assert HeatNumbers.of(make(building(0, 0)), ghi).fraction == fraction


def test_a_house_of_a_village_with_winter_sun_is_listed_and_one_behind_a_tower_is_not(make: Make) -> None:
    house = {"use": "rural_house", "beds": 0.0, "households": 1.0, "height_m": 6.0}
    city = make(
        building(0, 100, **house),
        building(300, 100, **house),
        building(
            260, 60, use="industry", beds=0.0, height_m=90.0, geometry=box(X + 240, Y + 40, X + 390, Y + 80)
        ),
        building(600, 100, **house, planned_demolition=True),
    )
    houses = assess(city, None, SETTINGS, Job()).details["passive_house"]
    assert houses.index.tolist() == ["B0", "B1", "B3"]
    assert houses["passive_suitable"].tolist() == [True, False, False]
    assert houses["reason"].tolist() == ["", "shade in winter", "to be demolished"]
    assert houses.loc["B0", "south_wall_m2"] == pytest.approx(30 * 6, rel=0.02)


def test_xian_asks_for_heat_in_winter() -> None:
    assert 2000 < heating_degree_days(weather_for("西安")) < 2800


def test_a_city_that_needs_no_hot_water_gets_rows_of_nothing_and_a_remark(make: Make) -> None:
    made = assess(make(building(0, 0, use="industry", beds=0.0)), None, SETTINGS, Job())
    assert made.details["building"].empty
    assert made.options.empty
    assert made.parcels.loc["P1", "reason"] == "no need of hot water known"
    assert any(words.startswith("No building with a need of hot water") for words in made.remarks)


def test_without_buildings_or_weather_both_are_said(make: Make) -> None:
    city = make(building(0, 0))
    bare = City("x", QINGHE, {"building": city.tables["building"].iloc[:0]}, weather=None)
    with pytest.raises(UserError) as refused:
        assess(bare, None, SETTINGS, Job())
    assert len(refused.value.problems) == 2


def test_results_come_back_as_they_were_kept(town: tuple[City, Assessment, Assessment]) -> None:
    made = town[1]
    again = from_record(to_record(made))
    pd.testing.assert_frame_equal(again.parcels, made.parcels)
    assert again.totals == dict(made.totals)
    assert np.isfinite(made.options["kwh_per_kw"]).all()


def test_the_tables_that_are_read_are_those_that_are_declared(
    town: tuple[City, Assessment, Assessment],
) -> None:
    read = {number.table for number in town[1].numbers}
    assert read <= set(SOLAR_THERMAL.standards)
