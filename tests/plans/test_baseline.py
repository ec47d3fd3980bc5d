"""A town of six buildings and one planned parcel: its energy by the best source, what is civil, urban and new."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import CRS
from shapely.geometry import box

from core.problems import Severity, UserError
from core.texts import catalogue
from demand import CARRIERS
from layers.city import City
from plans.baseline import Baseline, BaselineSettings, baseline
from plans.energy_path import year_energy
from plans.energy_sources import COLUMNS
from plans.indicator_inputs import IndicatorSettings
from plans.indicator_sums import inputs_in, inputs_of, outlook
from plans.indicators import indicators
from plans.review import review
from plans.trajectory import trajectory
from potential import Assessment
from standards import Taken

BUILDINGS = pd.DataFrame(
    {
        "parcel_id": ["H", "H", "O", "F", "R", "O"],
        "use": ["residential", "residential", "business_office", "industry", "rural_house", "education"],
        "year_built": [1990.0, 2023.0, 2010.0, 2005.0, np.nan, 2024.0],
        "retrofit_year": [2022.0, np.nan, np.nan, np.nan, np.nan, np.nan],
        "green_star": ["none", "one", "none", "none", "none", "basic"],
        "prefabricated": [False, True, False, False, False, False],
        "ultra_low_energy": [False, False, False, False, False, True],
        "gfa_m2": [10_000.0, 20_000.0, 5_000.0, 4_000.0, 200.0, 3_000.0],
    },
    index=[f"b{number}" for number in range(1, 7)],
)
USEFUL = ("heat", "cold", "hot_water", "electricity", "cooking")
PER_M2 = {"heat": 60.0, "cold": 10.0, "hot_water": 15.0, "electricity": 30.0, "cooking": 5.0}


def demand_of(parcels: gpd.GeoDataFrame) -> Assessment:
    """A demand with the same needs on every square metre."""
    area = BUILDINGS["gfa_m2"]
    details = pd.DataFrame({"parcel_id": BUILDINGS["parcel_id"], "gfa_m2": area})
    for name in USEFUL:
        details[f"{name}_kwh_per_year"] = area * PER_M2[name]
    details["vintage_from"] = [1986, 2022, 2005, 2005, 0, 2022]
    details["demand_source"] = "given"
    details["metered_electricity_kwh_per_year"] = [np.nan, np.nan, 240_000.0, np.nan, np.nan, np.nan]
    details["metered_heat_kwh_per_year"] = np.nan
    planned = pd.Series([False, False, False, False, True], index=parcels.index)
    by_parcel = pd.DataFrame({"gfa_m2": 8_000.0, "demand_planned": planned}, index=parcels.index)
    for name in USEFUL:
        by_parcel[f"{name}_kwh_per_year"] = 8_000.0 * PER_M2[name] / 2
    assert set(CARRIERS) <= set(USEFUL)
    return Assessment(
        "demand", by_parcel, pd.DataFrame(), {"building": details.rename_axis("building_id")}, {}
    )


def town(**facts: str) -> City:
    """Two districts: housing and a planned parcel in the east, offices, works and a village in the west."""
    ids = ["H", "O", "F", "R", "N"]
    parcels = gpd.GeoDataFrame(
        {
            "use": ["residential", "business_office", "industry", "rural_house", "residential"],
            "status": ["existing"] * 4 + ["granted"],
            "settlement": ["urban", "urban", "urban", "rural", "urban"],
            "district_name": ["east", "west", "west", "west", "east"],
            "planning_unit": ["E1", "W1", "W1", "W2", "E2"],
        },
        geometry=[box(100 * n, 0, 100 * n + 90, 90) for n in range(5)],
        index=pd.Index(ids, name="parcel_id"),
        crs=4545,
    )
    buildings = gpd.GeoDataFrame(
        BUILDINGS, geometry=[box(10 * n, 10, 10 * n + 9, 20) for n in range(6)], crs=4545
    ).rename_axis("building_id")
    panels = gpd.GeoDataFrame(
        {
            "building_id": ["b4", "b1", "b2"],
            "installed_kwp": [100.0, 20.0, 50.0],
            "asset_state": ["operating", "operating", "stopped"],
            "commissioned_year": [2022, 2016, 2023],
        },
        geometry=[box(0, 0, 1, 1)] * 3,
        crs=4545,
    )
    units = gpd.GeoDataFrame(
        {"district_name": ["east", "east", "west", "west"]},
        geometry=[box(0, 0, 1, 1)] * 4,
        index=["E1", "E2", "W1", "W2"],
        crs=4545,
    )
    districts = gpd.GeoDataFrame(
        {"district_name": ["east", "west"], "population": [3000, 1000]},
        geometry=[box(0, 0, 1, 1)] * 2,
        crs=4545,
    )
    tables = {
        "building": buildings, "parcel": parcels, "pv_asset": panels, "planning_unit": units, "district": districts,
    }  # fmt: skip
    return City(
        "town", CRS.from_epsg(4545), tables, facts={"province": "陕西", "climate_zone": "2B", **facts}
    )


def based(statistics: pd.DataFrame | None = None, settings: BaselineSettings | None = None) -> Baseline:
    city = town()
    return baseline(city, demand_of(city.tables["parcel"]), settings, statistics)


def rows(*given: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(given), columns=list(COLUMNS), index=[f"s{n}" for n in range(len(given))])


CHOICE = pd.DataFrame(
    {
        "parcel_id": ["H", "F", "O", "H", "O"],
        "family": ["pv", "pv", "shallow_ground", "solar_thermal", "deep_ground"],
        "planned_kw": [100.0, 300.0, 200.0, 20.0, 500.0],
        "kwh_per_year": [110_000.0, 330_000.0, 240_000.0, 60_000.0, 900_000.0],
        "cold_kwh_per_year": [0.0, 0.0, 40_000.0, 0.0, 0.0],
        "electricity_kwh_per_year": [0.0, 0.0, 80_000.0, 0.0, 0.0],
        "served_m2": [0.0, 0.0, 6_000.0, 9_000.0, 8_000.0],
        "panel_m2": [500.0, 1500.0, 0.0, 40.0, 0.0],
        "approved": [True, True, True, True, False],
        "phase_year": [2026, 2027, 2028, 2029, 2026],
    },
    index=["H/rooftop_pv", "F/rooftop_pv", "O/closed_loop", "H/solar_thermal", "O/deep"],
)


def test_works_and_villages_stand_outside_urban_civil_buildings() -> None:
    table = based().part.tables["baseline"]
    assert table.loc["city/urban_civil", "gfa_m2"] == 38_000
    assert table.loc["city/civil", "gfa_m2"] == 38_200
    assert table.loc["city/all", "gfa_m2"] == 42_200


def test_every_breakdown_of_civil_buildings_adds_up_to_the_city() -> None:
    table = based().part.tables["baseline"]
    for breakdown in ("use_class", "vintage", "district", "planning_unit"):
        sums = table[table["breakdown"] == breakdown][
            ["gfa_m2", "final_kwh_per_year", "carbon_tco2_per_year"]
        ].sum()
        assert list(sums) == pytest.approx(list(table.loc["city/civil", sums.index].astype(float)))


def test_town_and_country_new_and_old_stand_apart() -> None:
    table = based().part.tables["baseline"]
    groups = table[table["breakdown"] == "settlement_stock"].set_index("baseline_group")["gfa_m2"]
    assert groups.to_dict() == {"urban_existing": 38_000, "rural_existing": 200, "urban_new": 8_000}


def test_a_meter_goes_before_the_model() -> None:
    base = based()
    assert base.merged.energy["electricity"][2] == 240_000
    assert base.merged.source["electricity"][2] == "meter"
    assert base.part.tables["baseline"].loc["use/business_office", "meter_energy_share"] > 0


def test_panels_that_stand_are_taken_off_the_model_but_not_off_meters() -> None:
    base = based()
    plain = base.stock.bought("electricity")
    assert plain[0] - base.merged.energy["electricity"][0] == pytest.approx(20 * 1000)
    assert base.panels_kw[1] == 0  # stopped


def test_an_audit_goes_before_the_model_and_after_the_meter() -> None:
    audits = rows(
        ("audit", "building", "b3", "", "electricity", 2025, 200_000.0, "kWh"),
        ("audit", "building", "b6", "", "electricity", 2024, 50_000.0, "kWh"),
    )
    base = based(audits)
    assert base.merged.energy["electricity"][2] == 240_000  # the meter holds
    assert base.merged.energy["electricity"][5] == 50_000
    said = [one.message for one in base.part.problems]
    assert "Meter and audit of {carrier} are far apart." in said


def test_a_total_of_statistics_scales_what_was_not_measured() -> None:
    free = based().merged.energy["electricity"]
    civil = [0, 1, 2, 4, 5]
    total = float(free[civil].sum()) * 1.1
    base = based(rows(("statistics", "city", "", "", "electricity", 2025, total, "kWh")))
    found = base.merged.energy["electricity"]
    assert float(found[civil].sum()) == pytest.approx(total)
    assert found[2] == 240_000
    assert found[3] == free[3]  # the works are not counted
    assert base.part.tables["baseline"].loc["city/civil", "statistics_energy_share"] > 0


def test_totals_of_districts_stay_when_the_city_fills_the_rest() -> None:
    free = based().merged.energy["electricity"]
    east = float(free[[0, 1]].sum()) * 0.9
    city = east + 240_000 + float(free[[4, 5]].sum()) * 1.5
    base = based(
        rows(
            ("statistics", "city", "", "", "electricity", 2025, city, "kWh"),
            ("statistics", "district", "east", "", "electricity", 2025, east, "kWh"),
        )
    )
    found = base.merged.energy["electricity"]
    assert float(found[[0, 1]].sum()) == pytest.approx(east)
    assert float(found[[0, 1, 2, 4, 5]].sum()) == pytest.approx(city)


def test_a_total_far_from_its_buildings_is_listed_and_not_taken() -> None:
    base = based(rows(("statistics", "city", "", "", "electricity", 2025, 1e9, "kWh")))
    assert base.merged.energy["electricity"][0] == based().merged.energy["electricity"][0]
    (problem,) = [one for one in base.part.problems if one.table == "statistics"]
    assert problem.rows == ("s0",)


def test_rows_of_statistics_that_cannot_be_read_are_said_all_at_once() -> None:
    base = based(
        rows(
            ("hearsay", "city", "", "", "electricity", 2025, 1.0, "kWh"),
            ("statistics", "city", "", "", "electricity", 2025, -1.0, "kWh"),
            ("audit", "building", "b99", "", "electricity", 2025, 1.0, "kWh"),
        )
    )
    found = {one.message: one.rows for one in base.part.problems if one.table == "statistics"}
    assert ("s0", "s1") in found.values()
    assert ("s2",) in found.values()


def test_heat_in_gigajoules_is_the_same_as_in_kilowatt_hours() -> None:
    free = based().merged.energy["heat"]
    kwh = float(free[[0, 1, 2, 4, 5]].sum())
    base = based(rows(("statistics", "city", "", "", "heat", 2025, kwh * 0.0036, "GJ")))
    assert float(base.merged.energy["heat"][[0, 1, 2, 4, 5]].sum()) == pytest.approx(kwh)


def test_a_city_without_a_province_takes_the_grid_of_the_country_and_says_so() -> None:
    city = town(province="")
    base = baseline(city, demand_of(city.tables["parcel"]))
    assert base.factors.grid == 0.5306
    assert "The province of the city is not known." in [one.message for one in base.part.problems]


def test_energy_lies_between_its_ends() -> None:
    table = based().part.tables["baseline"]
    assert (table["final_p90_kwh_per_year"] <= table["final_kwh_per_year"]).all()
    assert (table["final_kwh_per_year"] <= table["final_p10_kwh_per_year"]).all()


def test_a_demand_of_other_buildings_is_refused() -> None:
    city = town()
    demand = demand_of(city.tables["parcel"])
    demand.details["building"].index = [f"x{n}" for n in range(6)]
    with pytest.raises(UserError, match="none of the buildings"):
        baseline(city, demand)


def test_without_a_plan_the_base_year_buys_what_the_baseline_says() -> None:
    city, base = town(), based()
    (inputs,) = inputs_of(city, base, None, None, None, base.year, Taken(city.standards), ("city",))
    row = base.part.tables["baseline"].loc["city/urban_civil"]
    assert inputs.energy.electricity_kwh == pytest.approx(row["bought_electricity_kwh_per_year"])
    assert inputs.energy.carbon(base.factors).tonnes == pytest.approx(row["carbon_tco2_per_year"])


def test_what_is_not_approved_counts_in_no_indicator() -> None:
    city, base = town(), based()
    (inputs,) = inputs_of(city, base, CHOICE, None, None, 2030, Taken(city.standards), ("city",))
    assert inputs.deep_heat_kwh == 0
    assert inputs.geothermal_m2 == 6_000


def test_panels_of_works_are_capacity_but_no_renewable_energy_of_civil_buildings() -> None:
    city, base = town(), based()
    (inputs,) = inputs_of(city, base, CHOICE, None, None, 2030, Taken(city.standards), ("city",))
    assert (inputs.power_kw, inputs.factory_power_kw) == (100.0, 300.0)
    assert inputs.power_kwh == pytest.approx(110_000 + 20 * 1000)
    assert inputs.factory_power_kwh == pytest.approx(330_000 + 100 * 1000)


def test_districts_add_up_to_the_city() -> None:
    city, base = town(), based()
    whole, *parts = inputs_of(city, base, CHOICE, None, None, 2030, Taken(city.standards))
    for name in ("power_kw", "geothermal_m2", "new_m2", "retrofit_residential_m2", "floor_m2"):
        assert sum(getattr(one, name) for one in parts) == pytest.approx(getattr(whole, name))
    assert sum(one.energy.electricity_kwh for one in parts) == pytest.approx(whole.energy.electricity_kwh)


def test_units_add_up_to_the_city() -> None:
    city, base = town(), based()
    whole, *parts = inputs_of(city, base, CHOICE, None, None, 2030, Taken(city.standards), ("city", "unit"))
    assert sum(one.energy.heat_gj for one in parts) == pytest.approx(whole.energy.heat_gj)


def test_heat_from_the_ground_takes_the_place_of_heat_that_was_bought() -> None:
    city, base = town(), based()
    plan = outlook(city, base, CHOICE, None, None, Taken(city.standards))
    before, after = year_energy(plan, 2027), year_energy(plan, 2028)
    office = list(base.stock.frame.index).index("b3")
    # 240 MWh of the 480 MWh that the parcel needs for heat
    growth = 1.005
    assert after.bought["heat"][office] / before.bought["heat"][office] == pytest.approx(0.5 * growth)
    assert after.bought["electricity"][office] > before.bought["electricity"][office] * growth


def test_more_panels_never_lower_the_substitution_rate() -> None:
    city, base = town(), based()
    rates = []
    for times in (0.0, 0.5, 1.0, 1.5):
        choice = CHOICE.assign(kwh_per_year=CHOICE["kwh_per_year"] * times)
        found = inputs_of(city, base, choice, None, None, 2030, Taken(city.standards), ("city",))
        part = indicators(found, base.factors, IndicatorSettings(), Taken(city.standards))
        rates.append(part.figures["indicator.renewable_substitution_rate.gross.2030"].value)
    assert rates == sorted(rates)


def test_what_was_finished_in_the_five_years_before_is_new_in_the_review() -> None:
    city, base = town(), based()
    plan = outlook(city, base, None, None, None, Taken(city.standards))
    (inputs,) = inputs_in(plan, None, 2025, Taken(city.standards), ("city",))
    assert inputs.new_m2 == 23_000
    assert inputs.new_prefabricated_m2 == 20_000
    assert inputs.retrofit_residential_m2 == 10_000
    assert inputs.ultra_low_m2 == 3_000
    assert inputs.new_residential_ratio == pytest.approx(0.70)
    assert inputs.new_public_ratio == pytest.approx(0.50)  # ultra-low


def test_the_review_stands_beside_the_country() -> None:
    city, base = town(), based()
    table = review(city, base, IndicatorSettings(), Taken(city.standards)).tables["review"]
    assert table.loc["renewable_substitution_rate", "country_value"] == pytest.approx(0.06)
    assert table.loc["prefabricated_share", "city_value"] == pytest.approx(20 / 23)
    assert table.loc["prefabricated_share", "country_value"] == pytest.approx(0.205)
    assert table.loc["retrofit_area", "country_target"] == pytest.approx(3.5e8)
    assert (
        table.loc["pv_capacity_added", "city_value"] == 100
    )  # of 2022; what was stopped leaves the statistics
    assert table.loc["pv_capacity_added", "city_before_value"] == 20
    assert table.loc["energy_saving_share_stock", "country_value"] == pytest.approx(0.63)


def reported(*rows: tuple[str, int, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["indicator", "year", "value"])
    return table.assign(area_kind="city", area_id="")


def test_what_the_city_reported_stands_in_place_of_what_the_register_tells() -> None:
    city, base = town(), based()
    own = reported(("prefabricated_share", 2025, 0.42), ("pv_capacity_added", 2020, 33.0))
    table = review(city, base, IndicatorSettings(), Taken(city.standards), own).tables["review"]
    share, panels = table.loc["prefabricated_share"], table.loc["pv_capacity_added"]
    assert (share["city_value"], share["city_origin"]) == (0.42, "reported")
    assert (panels["city_value"], panels["city_origin"]) == (100, "register")
    assert (panels["city_before_value"], panels["city_before_origin"]) == (33.0, "reported")


def test_what_the_city_reported_year_by_year_stands_in_the_review_up_to_the_base_year() -> None:
    city, base = town(), based()
    own = reported(
        ("prefabricated_share", 2023, 0.3),
        ("prefabricated_share", 2022, 0.2),
        ("prefabricated_share", 2026, 0.5),
    )
    table = review(city, base, IndicatorSettings(), Taken(city.standards), own).tables["review_year"]
    assert list(table["year"]) == [2022, 2023]
    assert set(table["indicator_unit"]) == {"%"}


def test_grades_of_the_plan_count_for_new_buildings() -> None:
    city, base = town(), based()
    grade = pd.DataFrame(
        {"green_grade": ["two_star"], "prefabricated": [True], "ultra_low_energy_m2": [2_000.0]}, index=["N"]
    )
    (inputs,) = inputs_of(city, base, None, grade, None, 2030, Taken(city.standards), ("city",))
    assert (inputs.new_m2, inputs.new_star_m2, inputs.new_prefabricated_m2) == (8_000, 8_000, 8_000)
    assert inputs.ultra_low_m2 == 2_000
    assert inputs.new_residential_ratio == pytest.approx(0.70 * 0.75 + 0.50 * 0.25)


def test_retrofit_saves_from_its_year_on() -> None:
    city, base = town(), based()
    saved = pd.DataFrame(
        {
            "retrofit_chosen": [True, False],
            "phase_year": [2028, 2028],
            "retrofit_saved_electricity_kwh_per_year": [0.0, 1e5],
            "retrofit_saved_heat_kwh_per_year": [100_000.0, 1e5],
            "retrofit_saved_gas_kwh_per_year": [0.0, 0.0],
        },
        index=["b2", "b3"],
    )
    plan = outlook(city, base, None, None, saved, Taken(city.standards))
    bare = outlook(city, base, None, None, None, Taken(city.standards))
    for year, less in ((2027, 0.0), (2028, 100_000.0)):
        found = year_energy(bare, year).bought["heat"].sum() - year_energy(plan, year).bought["heat"].sum()
        assert found == pytest.approx(less)
    (inputs,) = inputs_in(plan, saved, 2030, Taken(city.standards), ("city",))
    assert (inputs.retrofit_residential_m2, inputs.retrofit_public_m2) == (20_000, 0)


def test_carbon_of_the_base_year_is_on_the_path() -> None:
    city, base = town(), based()
    part = trajectory(city, base, CHOICE, None, None, Taken(city.standards))
    table = part.tables["trajectory"].set_index("year")
    assert list(table.index) == list(range(2020, 2036))
    carbon = base.part.tables["baseline"].loc["city/civil", "carbon_tco2_per_year"]
    assert table.loc[2025, "carbon_tco2_per_year"] == pytest.approx(carbon)
    assert table.loc[2025, "energy_limit_kgce_per_year"] == pytest.approx(
        table.loc[2025, "coal_equivalent_kgce_per_year"]
    )
    assert table.loc[2030, "energy_limit_kgce_per_year"] == pytest.approx(
        table.loc[2025, "coal_equivalent_kgce_per_year"] * 1.01**5
    )


def test_the_grid_holds_its_latest_factor_until_the_base_year_and_falls_after_it() -> None:
    city, base = town(), based()
    part = trajectory(city, base, None, None, None, Taken(city.standards))
    grid = part.tables["trajectory"].set_index("year")["grid_factor_kgco2_per_kwh"]
    assert grid[2023] == grid[2025] == 0.6335
    assert grid[2026] == pytest.approx(0.6335 * 0.975)
    assert grid[2020] == grid[2022]  # 2021 knows only the country, which is no factor of the province


def test_the_path_knows_its_peak_and_what_the_plan_avoids() -> None:
    city, base = town(), based()
    part = trajectory(city, base, CHOICE, None, None, Taken(city.standards))
    table = part.tables["trajectory"].set_index("year")
    peak = int(part.figures["trajectory.peak_year.carbon"].value)
    assert table.loc[peak, "carbon_tco2_per_year"] == table["carbon_tco2_per_year"].max()
    avoided = part.figures["trajectory.avoided.2030"].value
    assert avoided > 0
    assert part.figures["trajectory.peak_year.carbon"].said() == str(peak)


def test_new_buildings_stand_from_the_year_they_are_finished() -> None:
    city, base = town(), based()
    part = trajectory(city, base, None, None, None, Taken(city.standards))
    floor = part.tables["trajectory"].set_index("year")["floor_m2"]
    assert floor[2026] == 38_200
    assert floor[2027] == 46_200  # granted: two years after the base year
    assert floor[2028] == pytest.approx(46_200 * 1.01)
    assert floor[2022] == 38_200 - 23_000


def test_a_rise_of_growth_is_flagged() -> None:
    city, base = town(), based()
    part = trajectory(city, base, None, None, None, Taken(city.standards))
    table = part.tables["trajectory"].set_index("year")
    assert table.loc[2027, "growth_rising"]
    assert "Growth of energy or carbon rises in some years." in [one.message for one in part.problems]


def test_every_figure_of_the_town_is_said_in_chinese_and_can_be_traced() -> None:
    city, base = town(), based()
    taken = Taken(city.standards)
    inputs = inputs_of(city, base, CHOICE, None, None, 2030, taken)
    parts = [
        base.part,
        indicators(inputs, base.factors, IndicatorSettings(), Taken(city.standards)),
        trajectory(city, base, CHOICE, None, None, taken),
        review(city, base, IndicatorSettings(), taken),
    ]
    whole = parts[0] + parts[1] + parts[2] + parts[3]
    known = catalogue("zh")
    for key, figure in whole.figures.items():
        assert figure.title in known, key
        assert not figure.formula or figure.formula in known, (key, figure.formula)
        assert figure.inputs or figure.origin, key
        whole.figures.trace(key)
    assert all(remark in known for remark in whole.remarks)
    assert all(one.severity is not Severity.ERROR for one in whole.problems)


def test_projects_that_work_already_serve_and_are_new_in_no_later_period() -> None:
    city, base = town(), based()
    works = CHOICE.loc[["O/closed_loop"]].assign(phase_year=2018)
    taken = Taken(city.standards)
    for year in (2025, 2030):
        (inputs,) = inputs_of(city, base, works, None, None, year, taken, ("city",))
        assert inputs.ground.heat_kwh == 240_000
        assert inputs.geothermal_m2 == 0
