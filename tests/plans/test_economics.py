"""Economics of a programme against sums that can be done by hand."""

import pandas as pd
import pytest

from plans.economics import economics
from plans.options.money import capital_recovery
from standards import Standards

SHIPPED = Standards()
ANNUITY = float(capital_recovery(0.06, 25))
CHOICE = pd.DataFrame(
    {
        "parcel_id": ["A", "A", "B"],
        "technology": ["rooftop_pv", "solar_thermal", "closed_loop_heat_pump"],
        "family": ["pv", "solar_thermal", "shallow_ground"],
        "kwh_per_year": [1000.0, 0.0, 0.0],
        "cold_kwh_per_year": 0.0,
        "electricity_kwh_per_year": 0.0,
        "served_m2": [0.0, 100.0, 50.0],
        "capex_yuan": [4000.0, 0.0, 0.0],
        "opex_yuan_per_year": [100.0, 0.0, 0.0],
        "cost_yuan_per_year": [4000.0 * ANNUITY + 100.0 - 600.0, 0.0, 0.0],
    },
    index=pd.Index(["1", "2", "3"], name="choice_id"),
)


def part(choice=CHOICE):
    return economics(choice, SHIPPED, "gas", "gas")


def test_panels_of_4000_yuan_that_bring_600_and_cost_100_a_year_are_paid_back_in_8_years():
    row = part().tables["payback"].loc["rooftop_pv"]
    assert row["energy_worth_yuan_per_year"] == pytest.approx(600.0)
    assert row["payback_years"] == pytest.approx(8.0)


def test_work_that_brings_less_than_it_costs_is_never_paid_back():
    dear = CHOICE.assign(cost_yuan_per_year=CHOICE["cost_yuan_per_year"] + 500.0)
    assert pd.isna(part(dear).tables["payback"].loc["rooftop_pv", "payback_years"])


def test_electricity_that_is_worth_a_fifth_more_lowers_the_cost_by_a_fifth_of_its_worth():
    row = part().tables["sensitivity"].loc["electricity_price"]
    cost = CHOICE["cost_yuan_per_year"].sum()
    assert row["cost_high_yuan_per_year"] == pytest.approx(cost - 0.2 * 600.0)
    assert row["cost_low_yuan_per_year"] == pytest.approx(cost + 0.2 * 600.0)


def test_the_price_of_heat_moves_no_cost_of_panels():
    row = part(CHOICE.iloc[:1]).tables["sensitivity"].loc["heat_price"]
    assert row["cost_high_yuan_per_year"] == row["cost_low_yuan_per_year"]


def test_moves_that_do_not_depend_on_each_other_add_up_by_squares():
    figures = part(CHOICE.iloc[:1]).figures
    cost = CHOICE["cost_yuan_per_year"].iloc[0]
    half = ((0.2 * 4000 * ANNUITY) ** 2 + (0.2 * 600) ** 2 + (0.1 * 600) ** 2) ** 0.5
    assert figures["economics.cost_p90"].value == pytest.approx(cost + half)
    assert figures["economics.cost_p10"].value == pytest.approx(cost - half)


def test_converted_area_of_100_m2_of_hot_water_and_50_of_ground_source_is_100():
    assert part().figures["converted.area"].value == pytest.approx(0.5 * 100 + 1 * 50)


def test_floor_area_that_has_both_counts_one_and_a_half_times():
    together = CHOICE.assign(parcel_id="A")
    assert part(together).figures["converted.area"].value == pytest.approx(0.5 * 50 + 1.5 * 50)


def test_a_programme_without_works_has_no_economics():
    assert not part(CHOICE.iloc[:0]).tables
