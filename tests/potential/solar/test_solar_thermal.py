"""What collectors on the roofs of a small town give, from beds to sums, and which of its village houses suit the sun."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from shapely.affinity import rotate
from shapely.geometry import box

from core import texts
from core.fields import fields
from core.jobs import Cancelled, Job
from core.problems import UserError
from demand.hot_water import hot_water
from layers.city import City
from potential import Assessment
from potential.records import from_record, to_record
from potential.solar.passive_houses import heating_degree_days
from potential.solar.rooftop import RooftopSettings
from potential.solar.rooftop import assess as assess_rooftop
from potential.solar.solar_thermal import MONTHS, SOLAR_THERMAL, SUMS, SolarThermalSettings, assess
from standards import Standards
from tests.potential.solar.heat_town import X, Y, house, town, weather_of

SETTINGS = SolarThermalSettings(azimuths=36, bands=12)


@cache
def place() -> City:
    """Hospitals, a hotel, a school, an office and a house of a village."""
    return town(
        house(0, 0),
        house(60, 0, beds=400.0, structural_check="passed"),
        house(120, 0, use="hotel", beds=np.nan, parcel_id="P2"),
        house(180, 0, heritage=True, parcel_id="P2"),
        house(0, 60, use="education", beds=0.0, pupils=900.0, gfa_m2=9000.0, parcel_id="P3"),
        house(60, 60, use="business_office", beds=np.nan, parcel_id="P4"),
        house(120, 60, beds=0.0, parcel_id="P4"),
        house(180, 60, parcel_id="nowhere"),
        house(0, 120, use="rural_house", roof_type="pitched", height_m=6.0, beds=0.0, households=1.0),
    )


@cache
def made(**settings: Any) -> Assessment:
    return assess(place(), None, replace(SETTINGS, **settings), Job())


def of_buildings(assessment: Assessment) -> pd.DataFrame:
    return assessment.details["building"]


def test_a_hospital_gets_its_fraction_from_the_sun() -> None:
    """By hand: 20 beds, 155 L, 0.85 in use; 0.40 of its heat, the fraction of a class of 1,050 to 1,400 kWh/m²."""
    row = of_buildings(made()).loc["B0"]
    water = hot_water(place())
    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    need = (20 * 155 * 0.85 * 4.187 / 3600 * (60 - water.cold_c) * days).sum()
    assert row["hot_water_l_per_day"] == round(20 * 155 * 0.85)
    assert row["hot_water_kwh_per_year"] == pytest.approx(need, abs=0.6)
    assert row["solar_fraction"] == pytest.approx(0.40, abs=0.002)
    assert 500 < row["solar_heat_kwh_per_collector_m2"] < 700


def test_the_hours_of_the_year_confirm_the_f_chart() -> None:
    frame = of_buildings(made())
    able = frame[(frame["collector_m2"] > 0) & (frame["solar_fraction"] > 0.35)]
    assert len(able) >= 3
    assert able["solar_heat_hourly_ratio"].between(0.9, 1.1).all()


def test_only_buildings_that_need_hot_water_are_listed() -> None:
    assert of_buildings(made()).index.tolist() == ["B0", "B1", "B2", "B3", "B4", "B7", "B8"]


def test_no_building_gives_more_than_its_fraction() -> None:
    """But for the rounding of twelve months to whole kilowatt-hours."""
    frame = of_buildings(made())
    most = 0.40 * frame["hot_water_kwh_per_year"] + 12
    assert (frame["solar_heat_kwh_per_year"] <= most).all()
    assert frame["solar_fraction"].between(0, 1).all()


def test_a_hospital_with_many_beds_fills_its_roof_and_leaves_no_modules() -> None:
    heat = of_buildings(made()).loc["B1"]
    power = of_buildings(assess_rooftop(place(), None, RooftopSettings(azimuths=36, bands=12), Job())).loc[
        "B1"
    ]
    assert heat["heat_roof_m2"] == power["roof_usable_m2"]
    assert power["pv_kwp"] == 0.0
    assert heat[["grade", "reason"]].tolist() == ["suitable", "roof area"]


def test_rooftop_pv_and_collectors_say_the_same_of_every_roof() -> None:
    heat = of_buildings(made())
    power = of_buildings(assess_rooftop(place(), None, RooftopSettings(azimuths=36, bands=12), Job()))
    assert power["heat_roof_m2"].reindex(heat.index).tolist() == heat["heat_roof_m2"].tolist()
    assert (power["heat_roof_m2"] <= power["roof_usable_m2"]).all()


def test_an_excluded_roof_is_forbidden_and_gives_nothing() -> None:
    row = of_buildings(made()).loc["B3"]
    assert row[["grade", "reason"]].tolist() == ["forbidden", "heritage or historic building"]
    assert row[["collector_m2", "solar_heat_kwh_per_year"]].tolist() == [0.0, 0.0]


def test_existing_roofs_await_their_structural_check() -> None:
    assert of_buildings(made()).loc["B0", ["safety_state", "reason"]].tolist() == [
        "to_check",
        "structural check missing",
    ]


def test_a_house_of_one_family_needs_too_little() -> None:
    assert of_buildings(made()).loc["B8", ["grade", "reason"]].tolist() == ["unsuitable", "small need"]


def test_months_add_up_to_the_year_and_a_school_rests_in_its_holidays() -> None:
    frame = of_buildings(made())
    assert (frame[MONTHS].sum(axis=1) == frame["solar_heat_kwh_per_year"]).all()
    assert frame.loc["B4", [MONTHS[month] for month in (1, 6, 7)]].tolist() == [0, 0, 0]


def test_buildings_parcels_and_city_add_up_to_the_last_digit() -> None:
    frame, found = of_buildings(made()), made()
    for name in SUMS:
        by_parcel = frame.groupby("parcel_id")[name].sum()
        for parcel, value in found.parcels[name].items():
            assert value == pytest.approx(by_parcel.get(parcel, 0.0), abs=1e-6)
        outside = frame.loc[frame["parcel_id"] == "nowhere", name].sum()
        assert found.totals[name] == pytest.approx(found.parcels[name].sum() + outside, abs=1e-6)


def test_a_parcel_without_need_has_no_grade_and_says_why() -> None:
    row = made().parcels.loc["P4"]
    assert (row["collector_m2"], row["grade"], row["reason"]) == (0.0, "", "no need of hot water known")


def test_p90_lies_below_and_p10_above_the_middle() -> None:
    able = of_buildings(made())[lambda frame: frame["collector_m2"] > 0]
    for name in ("solar_heat", "hot_water"):
        assert (able[f"{name}_p90_kwh_per_year"] < able[f"{name}_kwh_per_year"]).all()
        assert (able[f"{name}_p10_kwh_per_year"] > able[f"{name}_kwh_per_year"]).all()


def test_coal_carbon_and_money_follow_the_stated_numbers() -> None:
    """Gas boilers of 0.84, 55.54 t/TJ; 1,600 yuan/m², 15 years, heat at 0.42 yuan/kWh."""
    row = of_buildings(made()).loc["B0"]
    heat = row["solar_heat_kwh_per_year"]
    assert row["solar_heat_saved_kgce_per_year"] == round(heat * 3.6 / 29.307 / 0.84)
    assert row["solar_heat_avoided_tco2_per_year"] == pytest.approx(heat * 3.6e-6 / 0.84 * 55.54, abs=1e-3)
    assert row["solar_heat_capex_yuan"] == row["collector_m2"] * 1600
    assert row["solar_heat_yuan_per_kwh"] == pytest.approx(row["collector_m2"] * 1600 / (15 * heat))
    assert row["solar_heat_payback_years"] == pytest.approx(row["collector_m2"] * 1600 / (0.42 * heat))


def test_what_heat_replaces_changes_coal_and_carbon_but_no_heat_where_hot_water_comes_first() -> None:
    gas, coal = (made(replaced_energy=energy) for energy in ("gas", "coal"))
    ratio = coal.totals["solar_heat_saved_kgce_per_year"] / gas.totals["solar_heat_saved_kgce_per_year"]
    assert ratio == pytest.approx(0.84 / 0.70, rel=1e-3)
    assert coal.totals["solar_heat_kwh_per_year"] == gas.totals["solar_heat_kwh_per_year"]
    assert "Collectors replace coal boilers." in coal.remarks


def test_power_only_places_no_collectors_and_says_so() -> None:
    found = made(roof_rule="power_only")
    assert found.totals["collector_m2"] == 0.0
    assert found.options.empty
    assert set(of_buildings(found).loc[["B0", "B2"], "reason"]) == {"roofs kept for power"}


def test_options_offer_seven_tenths_of_a_kilowatt_a_square_metre_at_sixty_degrees() -> None:
    found = made()
    able = found.parcels[found.parcels["collector_m2"] > 0]
    assert found.options["parcel_id"].tolist() == able.index.tolist()
    assert found.options["most_kw"].tolist() == pytest.approx((0.7 * able["collector_m2"]).tolist(), abs=0.2)
    assert (found.options["temperature_c"] == 60.0).all()
    heat = found.options["most_kw"] * found.options["kwh_per_kw"]
    assert heat.tolist() == pytest.approx(able["solar_heat_kwh_per_year"].tolist())


def test_a_city_without_need_has_no_rows_and_says_why() -> None:
    found = assess(town(house(0, 0, use="business_office")), None, SETTINGS, Job())
    assert of_buildings(found).empty
    assert found.options.empty
    assert found.totals["collector_m2"] == 0.0
    assert set(found.parcels["reason"]) == {"no need of hot water known"}
    assert any("No building with a need of hot water is known" in said for said in found.remarks)


def test_in_the_cold_collectors_give_more_to_colder_water_but_must_not_freeze() -> None:
    cold = assess(town(house(0, 0), place="哈尔滨"), None, SETTINGS, Job())
    mild = assess(town(house(0, 0), place="广州"), None, SETTINGS, Job())
    frost = "The air freezes here: collectors need antifreeze or must drain."
    assert (frost in cold.remarks, frost in mild.remarks) == (True, False)
    assert cold.totals["hot_water_kwh_per_year"] > mild.totals["hot_water_kwh_per_year"]
    assert (of_buildings(cold)[MONTHS].to_numpy() > 0).all()


def test_missing_buildings_and_weather_are_said_together() -> None:
    city = place()
    with pytest.raises(UserError) as refused:
        assess(replace(city, tables={"parcel": city.tables["parcel"]}, weather=None), None, SETTINGS, Job())
    assert len(refused.value.problems) == 2


def test_a_cancelled_assessment_gives_nothing() -> None:
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        assess(town(house(0, 0)), None, SETTINGS, job)


def test_every_number_used_has_a_source_and_every_table_is_declared() -> None:
    assert all(number.source for number in made().numbers)
    assert {number.table for number in made().numbers} <= set(SOLAR_THERMAL.standards)
    assert set(SOLAR_THERMAL.standards) <= set(Standards().names())


def test_every_column_is_in_the_dictionary() -> None:
    for frame in (made().parcels, *made().details.values()):
        assert set(frame.columns) <= set(fields())


@contextmanager
def chinese() -> Iterator[None]:
    before = texts._chosen
    texts.use("zh")
    try:
        yield
    finally:
        texts._chosen = before


def test_every_reason_and_remark_has_its_chinese() -> None:
    found = [
        made(),
        made(roof_rule="power_only"),
        made(roof_rule="value"),
        made(replaced_energy="electricity"),
    ]
    said = {words for one in found for words in one.remarks}
    said |= {
        part for one in found for words in of_buildings(one)["reason"] for part in words.split("; ") if part
    }
    said |= {
        part for words in made().details["passive_house"]["reason"] for part in words.split("; ") if part
    }
    with chinese():
        assert not [words for words in said if texts.text(words) == words]


def test_a_record_gives_back_the_assessment() -> None:
    again = from_record(to_record(made()))
    pd.testing.assert_frame_equal(again.parcels, made().parcels)
    assert again.totals == made().totals


VILLAGE = {"use": "rural_house", "roof_type": "pitched", "height_m": 6.0, "beds": 0.0, "households": 1.0}


def houses(*rows: dict[str, Any], where: str = "西安") -> pd.DataFrame:
    """The screened list of some houses of a village."""
    return assess(town(*rows, place=where), None, SETTINGS, Job()).details["passive_house"]


def test_a_village_house_in_the_sun_is_listed_with_its_south_wall() -> None:
    """By hand: 30 m by 6 m; half of the sun of winter behind glass, a quarter of which warms the house."""
    row = houses(house(0, 0, **VILLAGE)).loc["B0"]
    assert (row["passive_suitable"], row["reason"]) == (True, "")
    assert row["south_wall_m2"] == pytest.approx(180.0, rel=0.02)
    assert row["winter_sun_share"] == pytest.approx(1.0, abs=0.02)
    sun = row["passive_saved_kwh_per_year"] / (row["south_wall_m2"] * 0.45 * 0.25)
    assert 300 < sun < 500  # kWh/m² from November to March on a south wall


def test_a_house_in_the_open_is_listed_and_one_behind_a_tower_is_not() -> None:
    tower = house(0, 0, use="industry", height_m=90.0, geometry=box(X + 240, Y + 40, X + 390, Y + 80))
    found = houses(house(0, 100, **VILLAGE), house(300, 100, **VILLAGE), tower)
    assert found["reason"].tolist() == ["", "shade in winter"]


def test_a_block_to_the_south_keeps_the_winter_sun_from_a_house() -> None:
    block = house(0, -30, use="residential", height_m=40.0, geometry=box(X - 60, Y - 30, X + 90, Y - 12))
    row = houses(house(0, 0, **VILLAGE), block).loc["B0"]
    assert (row["passive_suitable"], row["reason"]) == (False, "shade in winter")
    assert row["passive_saved_kwh_per_year"] == 0.0


def test_a_house_turned_by_45_degrees_has_no_south_wall() -> None:
    turned = house(0, 0, **VILLAGE)
    row = houses(turned | {"geometry": rotate(turned["geometry"], 45)}).loc["B0"]
    assert row[["passive_suitable", "reason", "south_wall_m2"]].tolist() == [
        False,
        "no south wall large enough",
        0.0,
    ]


def test_a_house_to_be_demolished_or_dangerous_is_not_listed_as_suitable() -> None:
    found = houses(
        house(0, 0, **VILLAGE, planned_demolition=True),
        house(60, 0, **VILLAGE, dangerous=True),
        house(120, 0, **VILLAGE, asbestos_roof=True),
    )
    assert found["reason"].tolist() == ["to be demolished", "dangerous building (grade D)", ""]


def test_in_the_warm_south_no_house_needs_a_sun_space() -> None:
    row = houses(house(0, 0, **VILLAGE), where="广州").loc["B0"]
    assert (row["passive_suitable"], row["reason"]) == (False, "little heating needed")


def test_heating_degree_days_are_about_those_of_the_standard() -> None:
    """JGJ 26: Harbin 5,032 K d, Xi'an 2,178; the typical years are built from monthly means."""
    assert heating_degree_days(weather_of("哈尔滨")) == pytest.approx(5032, rel=0.1)
    assert heating_degree_days(weather_of("西安")) == pytest.approx(2178, rel=0.1)


def test_a_city_without_villages_lists_no_house() -> None:
    found = assess(town(house(0, 0)), None, SETTINGS, Job())
    assert found.details["passive_house"].empty
    assert found.totals["passive_houses"] == 0.0
