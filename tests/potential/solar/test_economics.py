"""Money of PV: costs over energy, years until it is paid, and what is used at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demand.electricity import Electricity
from potential.solar.economics import flows, levelised_cost, money, net_present_value, payback_years
from potential.solar.prices import Prices
from potential.solar.pv_numbers import Taken
from potential.solar.self_use import used_at_once
from standards import SHIPPED

PRICES = Prices(
    retail={"home": 0.5, "public": 0.6, "commerce": 0.8, "works": 0.7},
    feed_in=0.3,
    discount=0.06,
    years=25,
    inverter_year=11,
    opex_yuan_per_kwp=50.0,
    inverter_yuan_per_kwp=150.0,
    first_loss=0.03,
    yearly_loss=0.007,
    emc_discount=0.1,
    rent_yuan_per_m2=5.0,
    customers=SHIPPED.table("pv_customers").set_index("use"),
    connection=SHIPPED.table("pv_connection").set_index("class"),
)
PLAIN = replace(PRICES, opex_yuan_per_kwp=0.0, inverter_yuan_per_kwp=0.0, first_loss=0.0, yearly_loss=0.0)


def test_modules_at_the_limits_of_the_standard_give_0_886_of_their_first_yield_on_the_mean_of_25_years() -> (
    None
):
    assert PRICES.mean_factor == pytest.approx(0.886)


def test_the_worked_city_gives_3845_megawatt_hours_on_the_mean_of_its_life() -> None:
    assert 4340.3 * PRICES.mean_factor == pytest.approx(3845.5, rel=5e-4)


def test_a_kilowatt_hour_costs_the_annuity_of_the_investment_where_nothing_wears() -> None:
    annuity = 0.06 / (1 - 1.06**-25)
    assert levelised_cost([3000.0], [1.0], [1000.0], PLAIN)[0] == pytest.approx(3000 * annuity / 1000)


def test_upkeep_and_inverters_raise_the_cost_by_what_they_are_worth_today() -> None:
    worth = 1.06 ** -np.arange(1.0, 26)
    left = 1 - 0.03 - 0.007 * np.arange(25)
    by_hand = (3000 + 50 * worth.sum() + 150 * worth[10]) / (1000 * (left * worth).sum())
    assert levelised_cost([3000.0], [1.0], [1000.0], PRICES)[0] == pytest.approx(by_hand)


def test_three_thousand_yuan_are_paid_by_six_hundred_a_year_in_five() -> None:
    assert payback_years([3000.0], [600.0], [1.0], PLAIN)[0] == pytest.approx(5.0)


def test_part_of_a_year_counts() -> None:
    assert payback_years([3100.0], [1000.0], [1.0], PLAIN)[0] == pytest.approx(3.1)


def test_what_is_never_paid_has_no_payback() -> None:
    assert np.isnan(payback_years([3000.0], [60.0], [1.0], PRICES)[0])


@given(income=st.floats(200, 2000), more=st.floats(1, 500))
def test_more_income_pays_sooner(income: float, more: float) -> None:
    first, second = payback_years([3000.0, 3000.0], [income, income + more], [1.0, 1.0], PLAIN)
    assert second <= first


def test_later_yuan_are_worth_less() -> None:
    plain, discounted = (
        payback_years([3000.0], [600.0], [1.0], PLAIN, discounted=late)[0] for late in (False, True)
    )
    assert discounted == pytest.approx(6.12, abs=0.02)  # 600 · (1 − 1.06^−n) / 0.06 = 3000
    assert discounted > plain


def test_the_present_value_is_zero_where_income_is_the_annuity() -> None:
    annuity = 3000 * 0.06 / (1 - 1.06**-25)
    assert net_present_value([3000.0], [annuity], [1.0], PLAIN)[0] == pytest.approx(0.0, abs=1e-6)


def noon(kwh: float) -> np.ndarray:
    days = np.zeros((1, 12, 24), np.int32)
    days[:, :, 12] = 1000 * kwh
    return days


def even(kwh: float) -> Electricity:
    """Every hour of every day alike."""
    course = np.full((1, 12, 24), 1 / 8760)
    return Electricity(np.array([kwh]), np.zeros(1, np.int64), course, course, ())


def test_power_at_noon_is_used_as_far_as_there_is_use_at_noon() -> None:
    """10 kWh come at noon; 2,400 kWh a year spread evenly are 0.274 kWh in that hour."""
    assert used_at_once(noon(10.0), even(2400.0))[0] == pytest.approx(365 * 2400 / 8760)


def test_no_more_is_used_than_comes() -> None:
    assert used_at_once(noon(1.0), even(1e9))[0] == pytest.approx(365.0)


def of_one(kwp: float, kwh: float, used: float, use: str) -> pd.DataFrame:
    one = [np.array([value]) for value in (kwp, kwh, used, 2 * used, 5.0)]
    return flows(*one, np.array([use], dtype=object), PLAIN, Taken(SHIPPED))


def test_a_school_that_uses_half_of_its_power_sells_the_rest_and_that_is_quickest() -> None:
    of = of_one(1.0, 1000.0, 500.0, "education").assign(capex_yuan=3000.0)
    row = money(of, PLAIN, "pv").iloc[0]
    assert row["pv_payback_self_years"] == pytest.approx(3000 / 300)
    assert row["pv_payback_surplus_years"] == pytest.approx(3000 / (300 + 150))
    assert row["pv_payback_grid_years"] == pytest.approx(3000 / 300)
    assert row["pv_best_way"] == "surplus to the grid"
    assert row["pv_self_use_share"] == 0.5
    assert row["pv_self_sufficiency"] == 0.5
    assert row["pv_emc_saving_yuan_per_year"] == pytest.approx(30)
    assert row["pv_roof_rent_yuan_per_year"] == pytest.approx(25)


def test_homes_pay_less_for_power_than_shops() -> None:
    home, shop = (of_one(1.0, 1000.0, 500.0, use)["bill_yuan"][0] for use in ("residential", "retail"))
    assert (home, shop) == (pytest.approx(250), pytest.approx(400))
