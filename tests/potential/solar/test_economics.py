"""Economics of PV: every figure by hand, and ways of use and trade as the rules allow them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from shapely.geometry import box

from core.problems import UserError
from demand.electricity import DAYS, Electricity, electricity
from layers.city import City
from potential.solar.economics import (
    flows,
    flows_by_group,
    levelised_cost,
    money,
    net_present_value,
    payback_years,
)
from potential.solar.prices import BENCHMARK, Life, MoneyWishes, Prices
from potential.solar.self_use import used_at_once
from standards import SHIPPED, Taken

CRS_OF_CITY = CRS.from_epsg(4545)


def city(*uses: str, province: str = "陕西省", gfa_m2: float = 1000.0) -> City:
    frame = gpd.GeoDataFrame(
        {"use": list(uses), "gfa_m2": gfa_m2},
        geometry=[box(0, 0, 10, 10)] * len(uses),
        crs=CRS_OF_CITY,
        index=pd.Index([f"B{n}" for n in range(len(uses))], name="building_id"),
    )
    return City("测试市", CRS_OF_CITY, {"building": frame}, facts={"province": province})


def prices(province: str = "陕西省", **entered: Any) -> Prices:
    return Prices.of(city("education", province=province), Taken(SHIPPED), MoneyWishes(**entered))


def plain(**changed: Any) -> Life:
    """No degradation, no discount, ten years, upkeep of 10 yuan and inverters of 50 in the fifth year."""
    simple = Life(
        discount=0.0,
        years=10,
        inverter_year=5,
        opex_yuan_per_kwp=10.0,
        inverter_yuan_per_kwp=50.0,
        first_loss=0.0,
        yearly_loss=0.0,
    )
    return replace(simple, **changed)


def one(
    kwp: float = 100.0, kwh: float = 100_000.0, used: float = 50_000.0, use: str = "education"
) -> pd.DataFrame:
    values = (np.array([value]) for value in (kwp, kwh, used, 80_000.0, 5 * kwp))
    return flows(*values, np.array([use], dtype=object), prices(), Taken(SHIPPED))


def test_the_mean_of_25_years_at_the_limits_of_the_standard_is_0_886() -> None:
    """GB 55015, year k = 1 − 3 % − (k − 1) 0.7 %: from 0.97 to 0.802, in the mean 0.97 − 12 × 0.007."""
    found = prices().life
    assert (found.power_left[0], found.power_left[24]) == pytest.approx((0.97, 0.802))
    assert found.mean_factor == pytest.approx(0.886)
    assert replace(found, first_loss=0.01, yearly_loss=0.004).mean_factor == pytest.approx(0.942)


def test_the_worked_example_of_five_parcels() -> None:
    """Roofs × share × cover × 0.21 kW/m², 1,545.6 or 1,421.4 kWh/m² at a ratio of 0.80; mean of 25 years."""
    roof = np.array([3_000, 8_000, 9_000, 9_000, 22_000])
    share = np.array([0.50, 0.40, 0.30, 0.25, 0.60])
    cover = np.array([SHIPPED.number("pv_parameters", parameter="gcr", case="flat roof").value] * 4
                     + [SHIPPED.number("pv_parameters", parameter="gcr", case="flush metal roof").value])  # fmt: skip
    watts = SHIPPED.number("pv_parameters", parameter="module_power_density", case="per m2 module").value
    ratio = SHIPPED.number("pv_parameters", parameter="performance_ratio", case="roof").value
    kwp = roof * share * cover * watts / 1000
    mwh = kwp * np.array([1_545.6] * 4 + [1_421.4]) * ratio / 1000
    assert kwp == pytest.approx([189.0, 403.2, 340.2, 283.5, 2_494.8])
    assert mwh == pytest.approx([233.7, 498.5, 420.7, 350.5, 2_836.9], abs=0.06)
    assert kwp.sum() == pytest.approx(3_710.7)
    assert mwh.sum() == pytest.approx(4_340.3, rel=5e-4)
    assert mwh.sum() * prices().life.mean_factor == pytest.approx(3_845.5, rel=5e-4)


def test_a_kilowatt_hour_costs_what_is_spent_over_what_is_given() -> None:
    """1,000 + 10 × 10 + 50 yuan for 10 × 1,000 kWh."""
    assert levelised_cost([1000.0], [1.0], [1000.0], plain()) == pytest.approx(0.115)


def test_later_yuan_and_later_kilowatt_hours_count_less() -> None:
    """Two years at 10 %, 90 and 80 % of power: (100 + 10/1.1 + 10/1.21 + 50/1.1) / (90/1.1 + 80/1.21)."""
    two = plain(years=2, inverter_year=1, discount=0.1, first_loss=0.1, yearly_loss=0.1)
    by_hand = (100 + 10 / 1.1 + 10 / 1.21 + 50 / 1.1) / (90 / 1.1 + 80 / 1.21)
    assert levelised_cost([100.0], [1.0], [100.0], two) == pytest.approx(by_hand)


def test_a_kilowatt_hour_costs_the_annuity_of_the_investment_where_nothing_wears() -> None:
    bare = plain(discount=0.06, years=25, opex_yuan_per_kwp=0.0, inverter_yuan_per_kwp=0.0)
    annuity = 3000 * 0.06 / (1 - 1.06**-25)
    assert levelised_cost([3000.0], [1.0], [1000.0], bare) == pytest.approx(annuity / 1000)
    assert net_present_value([3000.0], [annuity], [1.0], bare) == pytest.approx(0.0, abs=1e-6)


def test_payback_counts_parts_of_a_year_and_the_new_inverters() -> None:
    """210 − 10 a year: 1,000 yuan after five years, but for the inverters of the fifth, 50 / 200 of a year later."""
    assert payback_years([1000.0], [210.0], [1.0], plain()) == pytest.approx(5.25)
    assert payback_years([700.0], [210.0], [1.0], plain()) == pytest.approx(3.5)


def test_payback_at_present_values_comes_later() -> None:
    """At 10 % 200 yuan a year are worth 181.8, 165.3 and 150.3: 400 are paid after 2 years and 52.9 / 150.3."""
    dear = plain(discount=0.1)
    found = payback_years([400.0], [210.0], [1.0], dear, discounted=True)
    left = 400 - 200 / 1.1 - 200 / 1.21
    assert found == pytest.approx(2 + left / (200 / 1.331))


def test_what_never_pays_has_no_payback() -> None:
    assert np.isnan(payback_years([1000.0], [10.0], [1.0], plain())).all()
    assert np.isnan(payback_years([1000.0], [100.0], [1.0], plain())).all()  # 850 in ten years
    assert np.isnan(payback_years([0.0], [0.0], [0.0], plain())).all()


def test_present_value_is_what_comes_less_what_goes() -> None:
    """10 × 210 − 10 × 10 − 50 − 1,000."""
    assert net_present_value([1000.0], [210.0], [1.0], plain()) == pytest.approx([950.0])


@given(income=st.floats(1.0, 1e6), more=st.floats(1.0, 1e5), capex=st.floats(1.0, 1e6))
def test_more_income_never_pays_later(income: float, more: float, capex: float) -> None:
    less, greater = payback_years([capex] * 2, [income, income + more], [1.0] * 2, prices().life)
    assert np.isnan(less) or greater <= less


def test_three_ways_of_use_and_trade_by_hand() -> None:
    """Of 100 MWh half is used at 0.65 yuan, half sold at 0.30: 32,500, 47,500 or 30,000 yuan a year."""
    rows = one()
    made = money(rows, prices(), "pv").iloc[0]
    assert made["pv_capex_yuan"] == 100 * 3050
    assert made["pv_self_use_share"] == 0.5
    assert made["pv_self_sufficiency"] == 50 / 80
    for way, income in (("self", 32_500.0), ("surplus", 47_500.0), ("grid", 30_000.0)):
        by_hand = payback_years([305_000.0], [income], [100.0], prices().life)[0]
        assert made[f"pv_payback_{way}_years"] == pytest.approx(by_hand, nan_ok=True)
    assert made["pv_best_way"] == "surplus to the grid"
    assert made["pv_emc_saving_yuan_per_year"] == round(32_500 * 0.1)
    assert made["pv_roof_rent_yuan_per_year"] == 500 * 5


def test_an_investor_earns_less_by_the_discount_and_by_the_rent() -> None:
    made = money(one(), prices(), "pv").iloc[0]
    emc = payback_years([305_000.0], [47_500.0 - 3_250.0], [100.0], prices().life)[0]
    lease = payback_years([305_000.0], [30_000.0], [100.0], prices().life, rent_yuan=[2_500.0])[0]
    assert made["pv_payback_emc_years"] == pytest.approx(emc)
    assert made["pv_payback_lease_years"] == pytest.approx(lease, nan_ok=True)
    assert made["pv_payback_emc_years"] > made["pv_payback_surplus_years"]


def test_only_ways_that_the_class_of_connection_allows_are_called_best() -> None:
    """Where the grid pays more than the retailer, homes sell all, a school only its surplus, works of 7 MW nothing."""
    dear = prices(feed_in_yuan_per_kwh=1.0)
    rows = pd.concat(
        [one(use="residential"), one(use="education"), one(kwp=7000.0, kwh=7e6, used=5e6, use="industry")]
    )
    made = money(rows.reset_index(drop=True), dear, "pv")
    assert made["pv_connection_class"].tolist() == [
        "non_natural_household",
        "general_business",
        "large_business",
    ]
    assert made["pv_best_way"].tolist() == ["all to the grid", "surplus to the grid", "self use"]


def test_houses_of_families_cost_what_household_systems_do() -> None:
    assert money(one(use="rural_house"), prices(), "pv")["pv_capex_yuan"].iloc[0] == 100 * 2600


def test_homes_pay_less_for_power_than_shops() -> None:
    home, shop = (float(one(use=use)["bill_yuan"].iloc[0]) for use in ("residential", "retail"))
    assert (home, shop) == pytest.approx((50_000 * 0.53, 50_000 * 0.8))


def test_any_kind_of_place_has_the_same_economics_at_its_own_cost() -> None:
    values = (np.array([value]) for value in (100.0, 70_000.0, 70_000.0, 1e6, 500.0))
    walls = flows(*values, np.array(["hotel"], object), prices(), Taken(SHIPPED), cost="pv_bipv_facade")
    made = money(walls, prices(), "facade").iloc[0]
    assert made["facade_capex_yuan"] == 700_000
    assert made["facade_payback_self_years"] == pytest.approx(
        payback_years([700_000.0], [70_000 * 0.8], [100.0], prices().life)[0], nan_ok=True
    )


def test_a_group_pays_as_its_members_together() -> None:
    rows = pd.concat([one(), one(kwp=300.0, kwh=300_000.0, used=300_000.0, use="rural_house")]).reset_index(
        drop=True
    )
    group = flows_by_group(rows, ["P1", "P1"], pd.Index(["P1", "P2"]))
    made = money(group, prices(), "pv")
    assert made.loc["P1", "pv_capex_yuan"] == 100 * 3050 + 300 * 2600
    assert made.loc["P1", "pv_self_use_share"] == 350 / 400
    assert made.loc["P1", "pv_connection_class"] == "natural_household"
    assert made.loc["P2", "pv_best_way"] == ""
    assert np.isnan(made.loc["P2", "pv_lcoe_yuan_per_kwh"])


def test_entered_prices_take_the_place_of_the_tables() -> None:
    found = prices(retail_yuan_per_kwh=0.9, feed_in_yuan_per_kwh=0.2, discount_rate=0.03)
    assert (set(found.retail.values()), found.feed_in, found.life.discount) == ({0.9}, 0.2, 0.03)


def test_entered_costs_and_life_take_the_place_of_the_tables() -> None:
    found = prices(
        capex_yuan_per_kwp=2000.0, opex_yuan_per_kwp=40.0, inverter_yuan_per_kwp=100.0, life_years=30.0
    )
    values = (np.array([value]) for value in (10.0, 1e4, 5e3, 1e4, 50.0))
    assert flows(*values, np.array(["education"], object), found, Taken(SHIPPED))["capex_yuan"][0] == 20_000
    assert len(found.life.power_left) == 30
    assert found.life.upkeep[[0, 10]].tolist() == [40.0, 140.0]


def test_the_coal_benchmark_is_that_of_the_province_and_missing_ones_are_said() -> None:
    assert prices("山东省", feed_in_basis=BENCHMARK).feed_in == 0.3949
    with pytest.raises(UserError, match="陕西省"):
        prices("陕西省", feed_in_basis=BENCHMARK)


def test_what_is_used_at_once_is_the_smaller_of_sun_and_use_on_workdays_and_holidays() -> None:
    """2 kWh at noon; 1 kWh is used on a workday and 4 on a holiday: 5/7 × 1 + 2/7 × 2 a day."""
    days = np.zeros((1, 12, 24), np.int32)
    days[:, :, 12] = 2000
    workday, holiday = np.zeros((1, 12, 24)), np.zeros((1, 12, 24))
    workday[:, :, 12], holiday[:, :, 12] = 1 / 1000, 4 / 1000
    use = Electricity(np.array([1000.0]), np.zeros(1, np.int64), workday, holiday, ())
    assert used_at_once(days, use) == pytest.approx([365 * (5 / 7 * 1 + 2 / 7 * 2)])


def test_a_year_of_typical_days_uses_what_the_year_uses() -> None:
    made = electricity(city("residential", "education", "business_office"))
    for kind in range(3):
        day = 5 / 7 * made.workday[kind].sum(axis=1) + 2 / 7 * made.holiday[kind].sum(axis=1)
        assert float(DAYS @ day) == pytest.approx(1.0)
    assert made.kwh == pytest.approx([27_500.0, 40_000.0, 75_000.0])


def test_schools_use_little_at_weekends_and_in_their_holidays() -> None:
    made = electricity(city("education"))
    noon = 10
    assert made.holiday[0, 4, noon] < 0.2 * made.workday[0, 4, noon]
    assert made.workday[0, 7, noon] == made.holiday[0, 7, noon]
