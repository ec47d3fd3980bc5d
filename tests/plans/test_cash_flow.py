"""The cash flow of a programme against sums that can be done by hand."""

import numpy as np
import pandas as pd
import pytest

from plans.cash_flow import cash_flow
from plans.economics import economics
from plans.options.money import capital_recovery
from standards import SHIPPED

ANNUITY = float(capital_recovery(0.06, 25))
ANNUITY_15 = float(capital_recovery(0.06, 15))
PANELS = pd.DataFrame(
    {
        "parcel_id": ["A"],
        "technology": ["rooftop_pv"],
        "family": ["pv"],
        "kwh_per_year": [1000.0],
        "cold_kwh_per_year": 0.0,
        "electricity_kwh_per_year": 0.0,
        "served_m2": 0.0,
        "capex_yuan": [4000.0],
        "opex_yuan_per_year": [100.0],
        "cost_yuan_per_year": [4000.0 * ANNUITY + 100.0 - 600.0],
        "phase_year": [2027],
    },
    index=pd.Index(["A/rooftop_pv"], name="choice_id"),
)
COLLECTORS = PANELS.assign(
    technology="solar_thermal", family="solar_thermal", cost_yuan_per_year=4000.0 * ANNUITY_15 + 100.0 - 600.0
)


def made(choice=PANELS):
    return cash_flow(choice, SHIPPED, "gas", "gas", 2026)


def test_the_flow_goes_over_25_years_from_the_first_year_of_the_plan() -> None:
    assert list(made().tables["cash_flow"].index) == list(range(2026, 2051))


def test_panels_of_4000_yuan_that_earn_500_a_year_have_paid_for_themselves_8_years_after() -> None:
    """Paid in 2027, first income in 2028."""
    part = made()
    total = part.tables["cash_flow"]["cash_total_yuan"]
    assert (total[2026], total[2027], total[2034]) == pytest.approx((0.0, -4000.0, -500.0))
    assert total[2035] == pytest.approx(0.0, abs=1e-6)
    assert part.figures["cash.even_year"].said() == "2035"
    assert part.figures["cash.deepest"].value == pytest.approx(4000.0)


def test_the_sum_of_all_years_is_what_comes_in_less_what_is_paid() -> None:
    """23 years of 500 yuan less 4000."""
    part = made()
    assert part.figures["cash.total"].value == pytest.approx(23 * 500.0 - 4000.0)
    assert part.figures["cash.invested"].value == 4000.0


def test_collectors_are_renewed_after_15_years_and_panels_within_25_never() -> None:
    assert made(COLLECTORS).tables["cash_flow"]["cash_renewed_yuan"].to_dict()[2042] == 4000.0
    assert made().tables["cash_flow"]["cash_renewed_yuan"].sum() == 0.0


def test_nothing_is_renewed_in_the_last_year() -> None:
    """Collectors of 2035 end their life in 2050, the last year."""
    table = made(COLLECTORS.assign(phase_year=2035)).tables["cash_flow"]
    assert table["cash_renewed_yuan"].sum() == 0.0


def test_in_the_year_of_investment_nine_of_ten_cases_stay_below_a_fifth_more() -> None:
    row = made().tables["cash_flow"].loc[2027]
    assert row["cash_total_p90_yuan"] == pytest.approx(-4800.0)
    assert row["cash_total_p10_yuan"] == pytest.approx(-3200.0)


def test_moves_of_investment_price_and_yield_add_up_by_squares() -> None:
    """After ten years of income: 0.2 of 4000, 0.2 of 6000 by the price and 0.1 of 6000 by the yield."""
    row = made().tables["cash_flow"].loc[2037]
    half = (800.0**2 + 1200.0**2 + 600.0**2) ** 0.5
    assert row["cash_total_yuan"] - row["cash_total_p90_yuan"] == pytest.approx(half)
    assert row["cash_total_p10_yuan"] - row["cash_total_yuan"] == pytest.approx(half)


def test_a_year_of_income_is_that_of_the_static_payback() -> None:
    """Both read the value of energy and the running cost from the same works."""
    choice = pd.concat([PANELS, COLLECTORS.rename(index={"A/rooftop_pv": "A/solar_thermal"})])
    row = made(choice).tables["cash_flow"].loc[2030]
    earned = economics(choice, SHIPPED, "gas", "gas").tables["payback"]["earned_yuan_per_year"].sum()
    assert row["cash_worth_yuan"] - row["cash_running_yuan"] == pytest.approx(earned)


def test_money_of_later_years_counts_less_at_the_rate_of_discount() -> None:
    present = made().figures["cash.present"].value
    flows = [-4000.0 / 1.06] + [500.0 / 1.06**age for age in range(2, 25)]
    assert present == pytest.approx(sum(flows))


def test_work_that_earns_nothing_never_pays_for_itself() -> None:
    dear = made(PANELS.assign(cost_yuan_per_year=PANELS["cost_yuan_per_year"] + 600.0))
    assert np.isnan(dear.figures["cash.even_year"].value)


def test_every_figure_of_the_flow_can_be_traced() -> None:
    figures = made().figures
    for key in figures:
        assert figures.trace(key)


def test_a_programme_without_works_has_no_cash_flow() -> None:
    assert not made(PANELS.iloc[:0]).tables
