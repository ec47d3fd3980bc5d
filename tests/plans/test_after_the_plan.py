"""After the plan: business modes, measured against planned values, what is watched, and the report of the year."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.problems import Severity, UserError
from plans.business import business_modes
from plans.environment import environment_plan, pv_gates
from plans.monitoring import project_register
from plans.progress import annual_report, of_zone, progress_path
from standards import SHIPPED
from tests.plans.small_city import chosen, city

ALL = pd.Series({"P0": 1.0})


def measured(**columns) -> pd.DataFrame:
    return pd.DataFrame([{"choice_id": "P0/rooftop_pv", "year": 2027} | columns])


# Business modes


def test_an_office_that_uses_all_its_power_invests_itself() -> None:
    """100 MWh at 0.65 yuan less upkeep pay 300,000 yuan in some five years."""
    part = business_modes(city([{"use": "business_office"}]), chosen(), ALL)
    table = part.tables["business"]
    assert list(table.index[table["business_advised"]]) == ["P0/rooftop_pv/own_investment"]
    assert 4.5 < table.at["P0/rooftop_pv/own_investment", "payback_years"] < 6.0


def test_an_energy_contract_leaves_the_owner_a_tenth_of_the_price() -> None:
    table = business_modes(city([{"use": "business_office"}]), chosen(), ALL).tables["business"]
    assert table.at["P0/rooftop_pv/energy_contract", "owner_yuan_per_year"] == pytest.approx(6_500)


def test_an_office_may_not_give_all_to_the_grid_and_a_house_may() -> None:
    office = business_modes(city([{"use": "business_office"}]), chosen(), ALL).tables["business"]
    house = business_modes(city([{"use": "rural_house"}]), chosen(), ALL).tables["business"]
    assert not office.at["P0/rooftop_pv/all_to_grid", "business_open"]
    assert house.at["P0/rooftop_pv/all_to_grid", "business_open"]


def test_rent_of_a_roof_is_by_its_modules() -> None:
    """500 m² at 5 yuan."""
    table = business_modes(city([{"use": "rural_house"}]), chosen(), ALL).tables["business"]
    assert table.at["P0/rooftop_pv/roof_lease", "owner_yuan_per_year"] == 2_500


def test_pv_whose_self_use_is_not_known_is_pointed_out() -> None:
    part = business_modes(city([{"use": "business_office"}]), chosen(), pd.Series(dtype=float))
    assert part.problems[0].rows == ("P0/rooftop_pv",)
    assert not part.tables["business"]["business_advised"].any()


def test_heat_sold_pays_the_investment_less_power_and_upkeep() -> None:
    """1 GWh x 0.35 less 250 MWh x 0.65 and 20,000 yuan: 167,500 a year on 1,675,000."""
    pump = chosen(
        technology="closed_loop_heat_pump", family="shallow_ground", kwh_per_year=1e6, electricity_kwh_per_year=250_000.0,
        opex_yuan_per_year=20_000.0, capex_yuan=1_675_000.0,
    )  # fmt: skip
    table = business_modes(city([{"use": "business_office"}]), pump, ALL).tables["business"]
    assert table.at["P0/closed_loop_heat_pump/own_investment", "payback_years"] == pytest.approx(10.0)


def test_an_empty_plan_has_no_business() -> None:
    part = business_modes(city([{}]), chosen().iloc[:0], ALL)
    assert part.tables["business"].empty
    assert part.figures["business.own_investment.projects"].value == 0


# Measured values


def test_a_heat_pump_below_the_least_coefficient_is_listed_first() -> None:
    """GB/T 50801: 2.6 in heating; measured 240,000 / 100,000."""
    pump = chosen(technology="groundwater_heat_pump", family="groundwater", electricity_kwh_per_year=80_000.0)
    pump.loc["P0/other"] = pump.iloc[0]
    rows = pd.DataFrame(
        {
            "choice_id": ["P0/groundwater_heat_pump"],
            "year": [2027],
            "measured_kwh": [240_000.0],
            "measured_heat_electricity_kwh": [100_000.0],
        }
    )
    table = project_register(pump, rows, SHIPPED).tables["monitoring"]
    first = table.iloc[0]
    assert (first["monitor_quantity"], first["measured_value"]) == ("system_cop", 2.4)
    assert first["monitor_state"] == "below_limit"
    assert table.iloc[-1]["monitor_state"] == "not_measured"


def test_a_coefficient_above_the_limit_may_still_deviate_from_its_plan() -> None:
    """Planned 100,000 / 25,000 = 4.0, measured 3.0: a quarter less."""
    pump = chosen(technology="groundwater_heat_pump", family="groundwater", electricity_kwh_per_year=25_000.0)
    rows = measured(
        choice_id="P0/groundwater_heat_pump", measured_kwh=99_000.0, measured_heat_electricity_kwh=33_000.0
    )
    row = project_register(pump, rows, SHIPPED).tables["monitoring"].iloc[0]
    assert row["deviation_share"] == pytest.approx(-0.25)
    assert row["monitor_state"] == "deviates"


def test_pv_that_gives_what_was_planned_is_fulfilled() -> None:
    """99 MWh of 100; 99,000 / (1,400 x 500) is an efficiency of 14 %."""
    rows = measured(measured_kwh=99_000.0, measured_irradiation_kwh_per_m2=1400.0)
    table = project_register(chosen(), rows, SHIPPED).tables["monitoring"].set_index("monitor_quantity")
    assert table.at["module_efficiency", "measured_value"] == pytest.approx(0.141)
    assert set(table["monitor_state"]) == {"fulfilled"}


def test_groundwater_must_be_returned_whole() -> None:
    pump = chosen(technology="groundwater_heat_pump", family="groundwater")
    rows = measured(choice_id="P0/groundwater_heat_pump", measured_returned_share=0.97)
    row = project_register(pump, rows, SHIPPED).tables["monitoring"].iloc[0]
    assert row["monitor_state"] == "below_limit"


def test_double_rows_and_negative_values_are_said_at_once() -> None:
    rows = pd.concat([measured(measured_kwh=-1.0), measured()], ignore_index=True)
    with pytest.raises(UserError) as error:
        project_register(chosen(), rows, SHIPPED)
    assert len(error.value.problems) == 2


def test_a_measured_project_that_a_later_plan_drops_stays_in_the_register_and_is_warned_of() -> None:
    rows = pd.concat(
        [measured(measured_kwh=99_000.0), measured(choice_id="P7/rooftop_pv", measured_kwh=50_000.0)],
        ignore_index=True,
    )
    part = project_register(chosen(), rows, SHIPPED)
    row = part.tables["monitoring"].set_index("choice_id").loc["P7/rooftop_pv"]
    assert (row["parcel_id"], row["technology"], row["measured_kwh"]) == ("P7", "rooftop_pv", 50_000.0)
    assert (row["monitor_in_plan"], row["monitor_state"]) == (False, "not_judged")
    (problem,) = part.problems
    assert (problem.severity, problem.rows) == (Severity.WARNING, ("P7/rooftop_pv",))
    assert part.figures["monitoring.dropped"].value == 1
    assert part.figures["monitoring.measured"].value == 1  # of the projects of the plan


def test_a_dropped_heat_pump_is_still_held_against_the_least_coefficient() -> None:
    """Measured 240,000 / 100,000, and GB/T 50801 asks for 2.6 whoever plans it."""
    rows = measured(
        choice_id="P7/groundwater_heat_pump", measured_kwh=240_000.0, measured_heat_electricity_kwh=100_000.0
    )
    first = project_register(chosen(), rows, SHIPPED).tables["monitoring"].iloc[0]
    assert (first["monitor_state"], first["monitor_in_plan"]) == ("below_limit", False)
    assert np.isnan(first["planned_value"])


def test_a_plan_that_has_all_measured_projects_warns_of_none() -> None:
    part = project_register(chosen(), measured(measured_kwh=99_000.0), SHIPPED)
    assert part.problems == ()
    assert part.tables["monitoring"]["monitor_in_plan"].all()


# What is watched


def test_large_ground_projects_are_watched_and_small_ones_are_not() -> None:
    large = chosen(technology="closed_loop_heat_pump", family="shallow_ground", served_m2=50_000.0)
    small = chosen(technology="closed_loop_heat_pump", family="shallow_ground", served_m2=49_999.0)
    items = environment_plan(large, SHIPPED).tables["environment_watch"]["watch_item"]
    assert set(items) == {"ground_temperature", "fluid_temperature"}
    assert environment_plan(small, SHIPPED).tables["environment_watch"].empty


def test_the_size_that_counts_as_large_can_be_changed() -> None:
    small = chosen(technology="groundwater_heat_pump", family="groundwater", served_m2=10_000.0)
    table = environment_plan(small, SHIPPED, least_m2=10_000.0).tables["environment_watch"]
    assert set(table["watch_item"]) == {"water_level", "water_quality", "returned_water", "water_temperature"}


def test_no_gate_of_planned_pv_is_passed_by_default() -> None:
    part = pv_gates(city([{}]), chosen(), date(2026, 11, 30))
    assert part.tables["pv_gate"]["gate_passed"].tolist() == [False]
    assert part.figures["pv_gate.planned"].value == 1


def test_the_structure_of_existing_buildings_is_to_be_checked_and_of_new_ones_not() -> None:
    standing = pv_gates(city([{}]), chosen(), date(2026, 11, 30)).tables["pv_gate"]
    passed = pv_gates(city([{"structural_check": "passed"}]), chosen(), date(2026, 11, 30)).tables["pv_gate"]
    new = pv_gates(city([{}], [{"use": "hotel"}] * 2), chosen(parcel_id="P1"), date(2026, 11, 30)).tables[
        "pv_gate"
    ]
    said = ["structural check missing" in table["gate_blocked"].iloc[0] for table in (standing, passed, new)]
    assert said == [True, False, False]


# The report of the year

TARGETS = pd.DataFrame(
    {
        "indicator": ["pv_capacity_added", "electricity_share", "operation_energy_total"],
        "area_kind": "city",
        "area_id": "",
        "year": 2030,
        "operator": [">=", ">=", "<="],
        "value": [100_000.0, 0.65, 480_000.0],
        "kind": ["cumulative", "state", "annual"],
    },
    index=pd.Index(["pv", "share", "energy"], name="target_id"),
)
BASE = pd.DataFrame(
    {
        "indicator": ["electricity_share", "operation_energy_total"],
        "area_kind": "city",
        "area_id": "",
        "value": [0.55, 500_000.0],
    }
)


def report(**values: float) -> pd.DataFrame:
    actual = pd.DataFrame(
        {
            "indicator": list(values),
            "area_kind": "city",
            "area_id": "",
            "year": 2027,
            "value": list(values.values()),
        }
    )
    return annual_report(TARGETS, BASE, actual, 2027, 2025).tables["annual_report"]


def test_the_plan_of_a_year_lies_on_the_line_from_base_to_target() -> None:
    """After two of five years: 40 MW of 100, 0.59 of 0.55 to 0.65, 492,000 of 500,000 to 480,000."""
    plan = report()["report_plan_value"]
    assert plan.tolist() == pytest.approx([40_000.0, 0.59, 492_000.0])


def test_what_is_done_is_the_share_of_the_way() -> None:
    found = report(pv_capacity_added=30_000.0, electricity_share=0.60, operation_energy_total=490_000.0)
    assert found["report_done_share"].tolist() == pytest.approx([0.3, 0.5, 0.5])
    assert found["report_state"].tolist() == ["behind", "on_the_way", "on_the_way"]


def test_a_cap_that_is_held_is_reached() -> None:
    found = report(operation_energy_total=470_000.0)
    assert found.at["energy", "report_state"] == "reached"
    assert found.at["energy", "report_done_share"] == pytest.approx(1.5)


def test_a_value_that_grows_away_from_its_target_is_less_than_nothing_done() -> None:
    assert report(operation_energy_total=510_000.0).at["energy", "report_done_share"] == pytest.approx(-0.5)


def test_targets_without_values_are_pointed_out() -> None:
    part = annual_report(TARGETS, BASE, pd.DataFrame(columns=[*BASE, "year"]), 2027, 2025)
    assert part.problems[0].rows == ("pv", "share", "energy")
    assert np.isnan(part.tables["annual_report"]["report_done_share"]).all()


def path(*values: tuple[str, int, float]) -> pd.DataFrame:
    """Years up to 2027 of a plan from 2025."""
    actual = pd.DataFrame(values, columns=["indicator", "year", "value"]).assign(area_kind="city", area_id="")
    return progress_path(TARGETS, BASE, actual, 2027, 2025).tables["annual_path"]


def test_years_before_the_plan_stand_with_what_was_reported_of_them() -> None:
    rows = path(("electricity_share", 2023, 0.51), ("electricity_share", 2024, 0.53))
    mine = rows[rows["target_id"] == "share"].set_index("year")
    assert list(mine.index) == [2023, 2024, 2025, 2026, 2027]
    assert mine["report_actual_value"].tolist()[:3] == pytest.approx([0.51, 0.53, 0.55])
    assert mine.at[2025, "report_origin"] == "frozen_baseline"
    assert mine["report_plan_value"].isna().tolist() == [True, True, True, False, False]


def test_what_was_reported_of_the_base_year_stands_before_its_frozen_value() -> None:
    rows = path(("electricity_share", 2025, 0.56))
    row = rows[(rows["target_id"] == "share") & (rows["year"] == 2025)].iloc[0]
    assert (row["report_actual_value"], row["report_origin"]) == (0.56, "reported")


def test_every_year_of_a_plan_has_its_own_place_on_the_line() -> None:
    """20 and 40 MW of 100 in five years; what a cumulative indicator had in 2025 was of the period before."""
    rows = path(("pv_capacity_added", 2026, 25_000.0))
    mine = rows[rows["target_id"] == "pv"].set_index("year")
    assert mine["report_plan_value"].tolist() == pytest.approx([20_000.0, 40_000.0])
    assert mine.at[2026, "report_actual_value"] == 25_000.0
    assert np.isnan(mine.at[2027, "report_actual_value"])


def test_values_of_years_after_the_report_are_left_to_later_reports() -> None:
    assert path(("pv_capacity_added", 2028, 70_000.0))["year"].max() == 2027


def test_a_report_of_the_base_year_is_refused() -> None:
    with pytest.raises(UserError):
        annual_report(TARGETS, BASE, BASE.assign(year=2025), 2025, 2025)


def test_a_target_for_warm_zones_is_none_in_a_cold_one() -> None:
    cold, warm = "body_saving_residential_cold", "body_saving_residential_other"
    targets = pd.DataFrame({"indicator": [cold, warm, "pv_capacity_added"]})
    assert list(of_zone(targets, SHIPPED, "2B")["indicator"]) == [cold, "pv_capacity_added"]
    assert list(of_zone(targets, SHIPPED, "3A")["indicator"]) == [warm, "pv_capacity_added"]
    assert len(of_zone(targets, SHIPPED, "")) == 3
