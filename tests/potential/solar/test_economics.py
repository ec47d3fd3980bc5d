"""Money of PV: costs over energy, years until it is paid, and what is used at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from potential.solar.economics import (
    DAYS,
    Prices,
    customer_of,
    levelised_cost,
    money_columns,
    payback_years,
    used_at_once,
)

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


def noon(kwh: float) -> np.ndarray:
    days = np.zeros((1, 12, 24))
    days[:, :, 12] = kwh
    return days


def test_power_at_noon_is_used_as_far_as_there_is_use_at_noon() -> None:
    """10 kWh come at noon; 2,400 kWh a year spread evenly are 0.274 kWh in that hour."""
    share, covered = used_at_once(noon(10.0), np.array([2400.0]), np.full((1, 24), 1 / 24))
    assert share[0] == pytest.approx(2400 / 365 / 24 / 10)
    assert covered[0] == pytest.approx(1 / 24)


def test_a_house_that_uses_nothing_covers_nothing() -> None:
    share, covered = used_at_once(noon(10.0), np.array([0.0]), np.full((1, 24), 1 / 24))
    assert share[0] == 0.0
    assert np.isnan(covered[0])


def test_customers_are_told_by_use() -> None:
    uses = np.array(["residential", "retail", "industry", "education", "health"], dtype=object)
    assert customer_of(uses).tolist() == ["home", "commerce", "works", "public", "public"]


def test_the_best_way_is_the_quickest_and_a_house_that_uses_half_sells_the_rest() -> None:
    money = money_columns(
        np.array([3000.0]), np.array([1.0]), np.array([1000.0]), np.array([0.5]),
        np.array(["public"], dtype=object), np.array([5.0]), PLAIN,
    )  # fmt: skip
    assert money["pv_payback_self_years"][0] == pytest.approx(3000 / 300)
    assert money["pv_payback_surplus_years"][0] == pytest.approx(3000 / (300 + 150))
    assert money["pv_payback_grid_years"][0] == pytest.approx(3000 / 300)
    assert money["pv_best_way"].tolist() == ["surplus to the grid"]
    assert money["pv_emc_saving_yuan_per_year"][0] == pytest.approx(30)
    assert money["pv_roof_rent_yuan_per_year"][0] == pytest.approx(25)


def test_a_year_has_365_days() -> None:
    assert DAYS.sum() == 365
