"""Air-source heat of whole cities: zones, the code's least performance, grades, sums and what may be missing."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from core.fields import fields
from core.jobs import Job
from core.problems import UserError
from core.texts import catalogue
from potential.air_source.air_source import AIR_SOURCE, AirSourceSettings, assess
from standards import Standards
from standards.overrides import Override
from tests.potential.air_source.town import city_of, demand_of, steady_weather, weather_in

USUAL = AirSourceSettings()
P0 = ["P0", "P1", "P2"]
MIXED = {"heat": 4e5, "cold": 3e5, "hot_water": 5e4}


def found(name="西安", settings=USUAL, demand=None, **columns):
    return assess(city_of(name, **columns), demand or demand_of(P0, **MIXED), settings, Job())


def reasons(made):
    return set(made.parcels["reason"])


@pytest.mark.parametrize(
    ("name", "machine", "least"),
    [
        ("哈尔滨", "low_temperature", 2.0),
        ("沈阳", "low_temperature", 2.0),
        ("北京", "low_temperature", 2.4),
        ("西安", "ordinary", 2.4),
        ("武汉", "ordinary", None),
        ("广州", "ordinary", None),
    ],
)
def test_the_climate_decides_machine_and_least_cop(name, machine, least):
    design = found(name).details["air_design"].iloc[0]
    assert design["air_machine"] == machine
    assert design["air_least_cop"] == least if least else np.isnan(design["air_least_cop"])


# The planning figures of air_source_cop; Shenyang and Xi'an are the mildest of their zones.
@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("哈尔滨", 1.8, 2.3), ("北京", 2.3, 2.8), ("西安", 2.3, 2.8), ("武汉", 2.8, 3.3)],
)
def test_seasonal_cop_lies_in_the_planning_range_of_the_zone(name, low, high):
    assert low <= found(name).parcels["air_room_cop"].iloc[0] <= high


def test_seasonal_cop_falls_from_south_to_north():
    cops = [
        found(name).parcels["air_room_cop"].iloc[0] for name in ("广州", "武汉", "西安", "北京", "哈尔滨")
    ]
    assert cops == sorted(cops, reverse=True)


@pytest.mark.parametrize("name", ["哈尔滨", "北京", "武汉"])
def test_seasonal_cop_of_machines_lies_above_that_of_the_design_day_less_pumps(name):
    made = found(name, AirSourceSettings(air_sizing="design_load"))
    design = made.details["air_design"].iloc[0]
    assert made.parcels["air_room_cop"].iloc[0] > design["air_design_cop"] / 1.08


def test_a_city_of_one_temperature_has_the_cop_of_that_temperature():
    made = found(demand=demand_of(P0, heat=1e5), weather=steady_weather(7.5, relative_humidity=30.0))
    assert made.parcels["air_room_cop"].iloc[0] == pytest.approx(
        0.425 / 0.95 * 318.15 / 42.5 / 1.08, abs=2e-3
    )  # evaporating at 2.5 °C, no frost, pumps of 8 %


def test_wet_air_costs_heat_more_electricity_than_dry_air():
    cops = [
        found(weather=steady_weather(0.5, relative_humidity=wet)).parcels["air_room_cop"].iloc[0]
        for wet in (30.0, 90.0)
    ]
    assert cops[1] == pytest.approx(cops[0] * 0.9, abs=2e-3)


def test_machines_in_severe_cold_are_for_very_cold_air_only():
    assert "ultra-low-temperature machines only" in reasons(found("沈阳")).pop()
    refused = found("沈阳", AirSourceSettings(air_machine="ordinary"))
    assert set(refused.parcels["grade"]) == {"unsuitable"}
    assert refused.totals["air_heat_kwh_per_year"] == 0


def test_harbin_needs_better_machines_for_the_least_cop_and_cooler_water_for_radiators():
    better = found("哈尔滨")
    assert "machines better than usual for the COP of GB 55015 5.4" in reasons(better).pop()
    assert better.details["air_design"]["air_design_cop"].iloc[0] == pytest.approx(2.0, abs=1e-3)
    cooler = found("哈尔滨", AirSourceSettings(supply_c=60.0))
    design = cooler.details["air_design"].iloc[0]
    assert set(cooler.parcels["grade"]) == {"conditional"}
    assert reasons(cooler) == {"cooler water needed for the COP of GB 55015 5.4"}
    assert design["air_supply_c"] == design["air_supply_most_c"] == pytest.approx(46.4, abs=0.5)


def test_machines_of_which_even_the_best_fall_short_are_unsuitable():
    made = found("哈尔滨", AirSourceSettings(supply_c=60.0), weather=steady_weather(-24.0))
    assert set(made.parcels["grade"]) == {"conditional"}
    colder = Override("cities", ("哈尔滨",), (("t_heating_c", "-48"),), "assumption", "colder than anywhere")
    city = replace(city_of("哈尔滨"), standards=Standards(overrides=(colder,)))
    made = assess(city, demand_of(P0, **MIXED), USUAL, Job())
    assert set(made.parcels["grade"]) == {"unsuitable"}


def test_heated_air_is_judged_at_the_colder_design_day_of_air_conditioning():
    design = found("北京", AirSourceSettings(air_delivers="hot_air")).details["air_design"].iloc[0]
    assert (design["air_design_c"], design["air_least_cop"]) == (-9.9, 2.2)


def test_the_whole_design_load_is_met_by_machines_on_the_design_day():
    settings = AirSourceSettings(air_sizing="design_load", air_cooling=False)
    demand = demand_of(P0, heat=4e5)
    row = found("沈阳", settings, demand).parcels.iloc[0]
    design = found("沈阳", settings, demand).details["air_design"].iloc[0]
    assert row["air_heat_kw"] == pytest.approx(demand.peak("heat")[0], abs=0.1)
    assert row["air_machine_kw"] == pytest.approx(
        demand.peak("heat")[0] / design["air_capacity_share"], abs=0.1
    )
    assert row["air_auxiliary_kw"] == 0


def test_least_cost_leaves_part_of_the_design_load_but_little_of_the_heat_to_the_auxiliary():
    row = found("沈阳", AirSourceSettings(air_cooling=False), demand_of(P0, heat=4e5)).parcels.iloc[0]
    assert row["air_auxiliary_kw"] > 0.2 * row["air_heat_kw"]
    assert 0 < row["air_auxiliary_kwh_per_year"] < 0.06 * row["air_heat_kwh_per_year"]
    assert -24 < row["air_balance_c"] < 5


def test_heat_of_machines_and_auxiliary_is_the_demand():
    parcels = found("沈阳").parcels
    assert (
        parcels["air_heat_kwh_per_year"] + parcels["air_auxiliary_kwh_per_year"]
    ).to_numpy() == pytest.approx(4.5e5, abs=12)


def test_a_gas_boiler_takes_its_heat_out_of_the_load_of_the_grid():
    electric, gas = (
        found("沈阳", AirSourceSettings(air_auxiliary=kind, air_cooling=False)).parcels.iloc[0]
        for kind in ("electric", "gas_boiler")
    )
    assert gas["air_peak_electric_kw"] < electric["air_peak_electric_kw"]
    assert gas["air_seasonal_cop"] > electric["air_seasonal_cop"]


def test_the_coldest_hour_loads_the_grid_with_machines_heaters_and_hot_water():
    settings = AirSourceSettings(air_sizing="design_load", air_cooling=False)
    demand = demand_of(P0, heat=4e5)
    made = found("沈阳", settings, demand)
    row, design = made.parcels.iloc[0], made.details["air_design"].iloc[0]
    assert row["air_peak_electric_kw"] >= demand.peak("heat")[0] / design["air_coldest_cop"]
    assert row["air_peak_electric_kw"] < demand.peak("heat")[0]


def test_a_city_without_winter_is_cooled_and_gets_hot_water():
    made = found("广州", demand=demand_of(P0, cold=3e5, hot_water=5e4))
    row = made.parcels.iloc[0]
    assert row["grade"] == "suitable"
    assert row["air_cold_kwh_per_year"] == pytest.approx(3e5, rel=0.02)
    assert 2.8 < row["air_seasonal_eer"] < 3.6
    assert row["air_heat_kwh_per_year"] == row["air_hot_water_kwh_per_year"] == pytest.approx(5e4, abs=6)
    assert set(made.options["technology"]) == {"air_source_hot_water"}


def test_a_parcel_that_only_needs_cold_is_served_and_gives_no_option():
    made = found("广州", demand=demand_of(P0, cold=3e5))
    assert (made.parcels["air_cold_kw"] > 0).all() and made.options.empty
    assert np.isnan(made.parcels["air_seasonal_cop"]).all()


def test_machines_that_only_heat_give_no_cold():
    made = found(settings=AirSourceSettings(air_cooling=False))
    assert made.totals["air_cold_kwh_per_year"] == 0 and made.totals["air_cold_kw"] == 0


def test_hotter_tap_water_takes_more_electricity():
    cops = [
        found(settings=AirSourceSettings(hot_water_c=hot)).parcels["air_hot_water_cop"].iloc[0]
        for hot in (50.0, 60.0)
    ]
    assert cops[0] > cops[1]


def test_parcels_without_a_known_demand_need_a_survey_and_those_without_need_are_unsuitable():
    demand = demand_of(P0[:2], heat=[4e5, 0.0])
    parcels = found(demand=demand).parcels
    assert parcels["grade"].tolist() == ["suitable", "unsuitable", "needs_survey"]
    assert parcels["missing_data"].tolist() == ["", "", "demand"]
    assert parcels["air_heat_kwh_per_year"].iloc[1:].sum() == 0


def test_a_demand_with_gaps_is_unknown_and_not_zero():
    demand = demand_of(P0, **MIXED)
    months = [name for name in demand.parcels if "_month_" in name]
    demand.parcels.loc["P1", months] = np.nan
    assert found(demand=demand).parcels["grade"].tolist() == ["suitable", "needs_survey", "suitable"]


def buildings(**columns):
    return gpd.GeoDataFrame(
        {"parcel_id": ["P0"], "use": "residential", "footprint_m2": 900.0, "gfa_m2": 9000.0, **columns},
        geometry=[shapely.box(500_010, 3_800_010, 500_040, 3_800_040)],
        index=pd.Index(["B0"], name="building_id"),
        crs="EPSG:4545",
    )


@pytest.mark.parametrize(
    ("columns", "grade", "reason"),
    [
        (
            {"floors_above": 18, "year_built": 1998},
            "conditional",
            "old towers without room and load for machines",
        ),
        ({"floors_above": 18, "year_built": 2015}, "suitable", ""),
        ({"floors_above": 6, "year_built": 1998}, "suitable", ""),
        ({"central_heating": True}, "fairly_suitable", "central heating at hand"),
        ({"heritage": True}, "conditional", "machines out of sight of heritage"),
    ],
)
def test_what_stands_on_a_parcel_decides_its_grade(columns, grade, reason):
    made = found(buildings=buildings(**columns)).parcels.iloc[0]
    assert (made["grade"], made["reason"]) == (grade, reason)


def test_a_parcel_too_small_for_its_machines_gets_what_there_is_room_for():
    cramped = found(plot_area_m2=100.0, demand=demand_of(P0, heat=4e5, cold=3e5))
    row = cramped.parcels.iloc[0]
    assert row["grade"] == "conditional" and "too little room" in row["reason"]
    # 25 % under a roof of which 30 %, and 75 % open of which 5 %, take machines: 11.25 m² of 0.1 m² a kW.
    assert row["air_machine_kw"] == pytest.approx(112.5) and row["air_space_m2"] == pytest.approx(
        11.2, abs=0.1
    )
    assert row["air_heat_kwh_per_year"] < 4e5


def test_machines_beside_homes_are_screened_and_beside_works_are_not():
    demand = demand_of(P0, heat=4e6)
    homes = found(use="residential", demand=demand).parcels.iloc[0]
    works = found(use="industry", demand=demand).parcels.iloc[0]
    assert "noise" in homes["reason"] and works["reason"] == ""


def test_noise_of_a_hundred_kilowatts_keeps_its_distance():
    settings = AirSourceSettings(air_sizing="design_load", air_cooling=False)
    demand = demand_of(P0, heat=1e5)
    row = found(settings=settings, demand=demand, use="residential").parcels.iloc[0]
    level = 75 + 10 * np.log10(row["air_machine_kw"] / 100)
    assert row["air_noise_m"] == pytest.approx(10 ** ((level - 8 - 45) / 20), abs=0.1)


def test_planned_demolition_gets_nothing():
    made = found(planned_demolition=[True, False, False]).parcels
    assert made["grade"].tolist() == ["forbidden", "suitable", "suitable"]


@pytest.mark.parametrize("name", ["哈尔滨", "西安", "广州"])
def test_totals_are_the_sums_of_parcels_and_a_year_that_of_its_months(name):
    made = found(name, demand=demand_of(P0, heat=[4e5, 1e5, 0], cold=[1e5, 0, 3e5], hot_water=[5e4, 1e4, 7]))
    for column, total in made.totals.items():
        if "_p90_" not in column and "_p10_" not in column:
            assert total == pytest.approx(made.parcels[column].sum(), abs=1e-3), column
    months = [f"air_heat_kwh_month_{month:02d}" for month in range(1, 13)]
    assert (made.parcels[months].sum(axis=1) == made.parcels["air_heat_kwh_per_year"]).all()


def test_p90_of_the_city_is_no_sum_of_p90s_and_encloses_the_figure_with_p10():
    made = assess(city_of("西安", 60), demand_of([f"P{n}" for n in range(60)], **MIXED), USUAL, Job())
    totals, parcels = made.totals, made.parcels
    assert parcels["air_heat_p90_kwh_per_year"].sum() < totals["air_heat_p90_kwh_per_year"]
    assert (
        totals["air_heat_p90_kwh_per_year"]
        < totals["air_heat_kwh_per_year"]
        < totals["air_heat_p10_kwh_per_year"]
    )
    assert (parcels["air_p90_seasonal_cop"] <= parcels["air_seasonal_cop"]).all()


def test_the_same_city_gives_the_same_numbers():
    pd.testing.assert_frame_equal(found().parcels, found().parcels)


def test_carbon_counts_the_electricity_and_the_auxiliary():
    made = found("沈阳", demand=demand_of(P0, heat=4e5))
    row = made.parcels.iloc[0]
    gas = 3.6e-6 / 0.915 * 55.54
    grid = next(number for number in made.numbers if number.table == "grid_factors").value / 1000
    assert row["air_avoided_tco2_per_year"] == pytest.approx(
        4e5 * gas - row["air_electricity_kwh_per_year"] * grid, rel=1e-3
    )
    assert (row["air_avoided_tco2_per_year"] < 0) == any(
        "emits more than a gas boiler" in one for one in made.remarks
    )


def test_bins_hold_the_hours_of_a_year_and_the_heat_of_the_city():
    made = found("沈阳")
    bins = made.details["air_bin"]
    assert bins["air_hours"].sum() == 8760 and bins["air_temp_c"].is_monotonic_increasing
    assert bins["air_needed_kwh"].sum() == pytest.approx(3 * 4e5, rel=1e-4)
    rooms = made.totals["air_heat_kwh_per_year"] - made.totals["air_hot_water_kwh_per_year"]
    assert bins["air_given_kwh"].sum() == pytest.approx(rooms, rel=1e-4)


def test_options_hold_the_energy_of_the_parcels():
    made = found()
    energy = (made.options["most_kw"] * made.options["kwh_per_kw"]).sum()
    assert energy == pytest.approx(made.totals["air_heat_kwh_per_year"])
    assert made.options["capex_yuan"].sum() == pytest.approx(made.totals["air_capex_yuan"], abs=5)


def test_missing_weather_parcels_and_demand_are_said_to_the_user():
    city = city_of("西安")
    without = type(city)(city.name, city.crs, city.tables, {}, None, city.facts)
    with pytest.raises(UserError, match="There is no weather"):
        assess(without, demand_of(P0), USUAL, Job())
    with pytest.raises(UserError, match="no air temperature in 8\u2009760 hours"):
        assess(city_of("西安", weather=steady_weather(np.nan)), demand_of(P0), USUAL, Job())
    with pytest.raises(UserError, match="There are no parcels"):
        assess(type(city)(city.name, city.crs, {}, {}, city.weather), demand_of(P0), USUAL, Job())
    with pytest.raises(UserError, match="demand of buildings is not known"):
        assess(city, None, USUAL, Job())


def test_a_city_without_parcels_or_without_a_name_in_the_tables_is_assessed():
    empty = city_of("西安", 0)
    assert assess(empty, demand_of([]), USUAL, Job()).parcels.empty
    city = city_of("西安")
    nameless = type(city)("somewhere", city.crs, city.tables, {}, weather_in("西安"))
    assert (
        assess(nameless, demand_of(P0, **MIXED), USUAL, Job()).details["air_design"]["nearest_city"].iloc[0]
    )


def test_every_column_is_in_the_dictionary_and_every_word_has_its_chinese():
    made = found("沈阳", demand=demand_of(P0[:2], heat=[4e5, 0.0]))
    known = {*fields(), *(f"{AIR_SOURCE.name}_{name}" for name in ("grade", "reason"))}
    for frame in (made.parcels, *made.details.values()):
        assert set(frame.columns) <= known
        assert frame.index.name in known
    words = catalogue("zh")
    said = {word for reason in made.parcels["reason"] for word in reason.split("; ") if word}
    assert {*said, *made.remarks, AIR_SOURCE.title, AIR_SOURCE.name, *made.details} <= set(words)


def test_a_parcel_that_wants_no_heat_has_no_use_of_central_heating():
    made = found("广州", demand=demand_of(P0, cold=3e5), buildings=buildings(central_heating=True))
    assert made.parcels["grade"].iloc[0] == "suitable"


@pytest.mark.slow
def test_every_parcel_of_the_sample_city_has_heat_from_the_air_or_a_reason():
    import sample_city
    from layers.city import City

    made = sample_city.generate()
    parcels = made.tables["parcel"]
    facts = {**made.facts, "climate_city": made.facts["nearest_city"]}
    city = City("sample", parcels.crs, made.tables, made.rasters, weather_in("西安"), facts)
    floor = parcels["gfa_m2"].to_numpy()
    demand = demand_of(list(parcels.index), heat=40.0 * floor, cold=25.0 * floor, hot_water=10.0 * floor)
    demand.parcels["gfa_m2"] = floor
    found = assess(city, demand, USUAL, Job()).parcels
    served = found["air_heat_kwh_per_year"] > 0
    assert served.sum() > 540 and (found.loc[~served, "reason"] != "").all()
    # Sizes, money and performance that a planner would believe.
    watts = 1000 * found["air_heat_kw"][served] / floor[served]
    assert watts.between(10, 80).all()
    assert (found["air_capex_yuan"][served] / floor[served]).between(60, 250).all()
    assert found["air_seasonal_cop"][served].between(2.0, 3.0).all()
    assert {"suitable", "fairly_suitable", "conditional", "unsuitable", "forbidden"} == set(found["grade"])
    gone = parcels["planned_demolition"].fillna(False).to_numpy(dtype=bool)
    assert set(found.loc[found["grade"] == "forbidden", "reason"]) == {"to be demolished"}
    assert (found["grade"] == "forbidden").to_numpy()[gone].all()
