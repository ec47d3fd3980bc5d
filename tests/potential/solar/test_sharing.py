"""Roofs are shared by heat and power: by one rule, and no square metre twice."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from core.jobs import Job
from demand.hot_water import hot_water
from layers.city import City
from potential.solar.collector_heat import monthly_shares
from potential.solar.pv_numbers import Worth
from potential.solar.roof_pv import roof_pv
from potential.solar.roof_sun import roof_sun
from potential.solar.rooftop_numbers import RooftopNumbers
from potential.solar.rooftop_results import building_results
from potential.solar.safety import safety
from potential.solar.sharing import (
    BY_VALUE,
    HOT_WATER_FIRST,
    POWER_ONLY,
    HeatOnRoofs,
    SharingSettings,
    heat_on_roofs,
)
from sun.site import Site, site_of
from tests.potential.solar.heat_town import house, town

SETTINGS = SharingSettings(azimuths=36, bands=12)
WORTH = Worth(kgce_per_kwh=0.3, kgco2_per_kwh=0.6335, sigma=0.1, shared=0.5)
IN_ROWS = 0.4768  # share of the roof under rows of collectors; by hand in the first test


@cache
def site() -> Site:
    return site_of(town(house(0, 0)), SETTINGS, Job())


def roofs_of(city: City, **known: Any) -> pd.DataFrame:
    """Results of whole roofs: 200 usable square metres in full sun that give 150 kWh each, unless said otherwise."""
    usual = {
        "roof_usable_m2": 200.0,
        "module_tilt_deg": 15.0,
        "module_azimuth_deg": 180.0,
        "shading_loss": 0.0,
        "safety_state": "to_check",
    } | known
    frame = pd.DataFrame(usual, index=city.tables["building"].index)
    return frame.assign(pv_kwh_per_year=known.get("pv_kwh_per_year", 150.0 * frame["roof_usable_m2"]))


def shared(
    *rows: dict[str, Any], rule: str = HOT_WATER_FIRST, energy: str = "gas", **roof: Any
) -> HeatOnRoofs:
    city = town(*rows)
    settings = replace(SETTINGS, roof_rule=rule, replaced_energy=energy)
    return heat_on_roofs(city, site(), roofs_of(city, **roof), hot_water(city), WORTH, settings)


def heat_of(made: HeatOnRoofs) -> np.ndarray:
    """Heat of a year of each building. [kWh]"""
    area = made.buildings["collector_m2"].to_numpy()
    load = made.water.kwh
    return (monthly_shares(area, made.light, load, made.water, site().weather, made.numbers) * load).sum(
        axis=1
    )


def test_collectors_stand_in_rows_at_the_spacing_of_gb_50797() -> None:
    """Rows of 35° at 34.3° N, by the formula of the standard."""
    slope = np.tan(np.radians(site().latitude))
    shadow = (0.707 * slope + 0.4338) / (0.707 - 0.4338 * slope)
    tilt = np.radians(35)
    assert 1 / (np.cos(tilt) + np.sin(tilt) * shadow) == pytest.approx(IN_ROWS, abs=5e-4)
    row = shared(house(0, 0)).buildings.iloc[0]
    assert row["heat_roof_m2"] == np.ceil(row["collector_m2"] / IN_ROWS)
    assert row["limit"] == "hot water need"


def test_on_pitched_roofs_collectors_lie_flush() -> None:
    row = shared(
        house(0, 0, roof_type="pitched"), module_tilt_deg=25.0, module_azimuth_deg=170.0
    ).buildings.iloc[0]
    assert (row["collector_tilt_deg"], row["collector_azimuth_deg"]) == (25.0, 170.0)
    assert row["heat_roof_m2"] < 1.2 * row["collector_m2"]


def test_a_roof_too_small_for_the_need_is_filled() -> None:
    row = shared(house(0, 0, beds=400.0)).buildings.iloc[0]
    assert (row["heat_roof_m2"], row["heat_share"], row["limit"]) == (200.0, 1.0, "roof area")
    assert row["collector_m2"] == pytest.approx(200 * IN_ROWS, abs=0.2)


def test_a_roof_with_room_for_less_than_the_least_system_gets_none() -> None:
    row = shared(house(0, 0), roof_usable_m2=15.0).buildings.iloc[0]
    assert (row["collector_m2"], row["heat_roof_m2"], row["limit"]) == (0.0, 0.0, "roof area")


def test_a_need_for_less_than_the_least_system_gets_none() -> None:
    row = shared(house(0, 0, beds=2.0)).buildings.iloc[0]
    assert (row["collector_m2"], row["limit"]) == (0.0, "small need")


def test_a_house_that_needs_no_hot_water_has_no_limit_said() -> None:
    row = shared(house(0, 0, use="business_office")).buildings.iloc[0]
    assert (row["collector_m2"], row["limit"]) == (0.0, "")


def test_a_roof_that_bears_less_than_filled_collectors_gets_none() -> None:
    made = shared(house(0, 0, roof_load_kn_per_m2=0.4), house(60, 0, roof_load_kn_per_m2=0.6)).buildings
    assert made["limit"].tolist() == ["load of the roof", "hot water need"]
    assert (made["collector_m2"] > 0).tolist() == [False, True]


def test_an_excluded_roof_gets_none() -> None:
    row = shared(house(0, 0), safety_state="excluded", roof_usable_m2=0.0).buildings.iloc[0]
    assert (row["collector_m2"], row["limit"]) == (0.0, "roof excluded")


def test_power_only_leaves_every_roof_to_modules() -> None:
    made = shared(house(0, 0), house(60, 0, use="hotel"), rule=POWER_ONLY).buildings
    assert made[["collector_m2", "heat_roof_m2", "heat_share"]].to_numpy().sum() == 0.0
    assert made["limit"].tolist() == ["roofs kept for power"] * 2


def test_the_rule_decides_where_a_square_metre_of_power_is_worth_more_coal() -> None:
    """150 kWh/m² at 0.300 kgce are 45; heat gives about 36: 1,430 kWh/m² at 0.36, in rows of 0.48, 0.146 kgce."""
    first, by_value = (
        shared(house(0, 0), rule=rule).buildings.iloc[0] for rule in (HOT_WATER_FIRST, BY_VALUE)
    )
    assert first["collector_m2"] > 0
    assert (by_value["collector_m2"], by_value["limit"]) == (0.0, "power is worth more")


def test_heat_wins_a_roof_by_value_where_it_replaces_electricity() -> None:
    """0.396 kgce/kWh in place of 0.146: about 100 kgce a square metre against 45."""
    row = shared(house(0, 0), rule=BY_VALUE, energy="electricity").buildings.iloc[0]
    assert row["limit"] == "hot water need"


def test_housing_goes_by_value_even_where_hot_water_comes_first() -> None:
    row = shared(house(0, 0, use="residential", households=30.0, beds=0.0)).buildings.iloc[0]
    assert row["limit"] == "power is worth more"
    shaded = shared(house(0, 0, use="residential", households=30.0, beds=0.0), pv_kwh_per_year=200 * 60.0)
    assert shaded.buildings.iloc[0]["limit"] == "hot water need"


def test_shade_asks_for_more_collectors() -> None:
    bright, dim = (shared(house(0, 0), shading_loss=loss).buildings.iloc[0] for loss in (0.0, 0.2))
    assert dim["collector_m2"] > bright["collector_m2"]


@examples(max_examples=40, deadline=None)
@given(
    beds=st.floats(0, 3000),
    usable=st.integers(0, 3000),
    loss=st.floats(0, 1),
    rule=st.sampled_from([HOT_WATER_FIRST, BY_VALUE, POWER_ONLY]),
    energy=st.sampled_from(["gas", "coal", "electricity"]),
    kind=st.sampled_from(["flat", "pitched", "metal"]),
)
def test_collectors_never_take_more_than_the_roof_nor_give_more_than_the_fraction(
    beds: float, usable: int, loss: float, rule: str, energy: str, kind: str
) -> None:
    made = shared(
        house(0, 0, beds=beds, roof_type=kind),
        rule=rule,
        energy=energy,
        roof_usable_m2=float(usable),
        shading_loss=loss,
    )
    row = made.buildings.iloc[0]
    assert 0.0 <= row["collector_m2"] <= row["heat_roof_m2"] <= usable
    assert 0.0 <= row["heat_share"] <= 1.0
    assert heat_of(made)[0] <= made.numbers.fraction * made.water.kwh.sum() + 1e-6


@examples(max_examples=40, deadline=None)
@given(beds=st.floats(1, 1000), more=st.floats(0, 1000), usable=st.integers(1, 2000))
def test_more_need_never_takes_less_roof_nor_less_heat(beds: float, more: float, usable: int) -> None:
    made = shared(house(0, 0, beds=beds), house(60, 0, beds=beds + more), roof_usable_m2=float(usable))
    roof, heat = made.buildings["heat_roof_m2"].to_numpy(), heat_of(made)
    assert roof[1] >= roof[0]
    assert heat[1] >= heat[0] - 1e-3 * heat[0]


@cache
def three() -> City:
    return town(
        house(0, 0, beds=200.0),
        house(60, 0, roof_type="pitched", use="hotel", height_m=6.0),
        house(120, 0, use="business_office"),
    )


def test_power_only_gives_rooftop_pv_as_if_there_were_no_collectors() -> None:
    city, settings, job = three(), replace(SETTINGS, roof_rule=POWER_ONLY), Job()
    numbers = RooftopNumbers.of(city, settings)
    buildings = city.tables["building"]
    sun = roof_sun(city, site_of(city, settings, job), settings, numbers, job)
    alone = building_results(buildings, sun, safety(buildings, numbers.safety_rules, settings.year), numbers)
    found = roof_pv(city, settings, job).buildings
    pd.testing.assert_frame_equal(found.drop(columns="heat_roof_m2"), alone)
    assert found["heat_roof_m2"].sum() == 0.0


def test_modules_and_collectors_together_cover_no_more_than_the_usable_roof() -> None:
    """What is left for modules is as the roof less that of the collectors, on every building."""
    alone = roof_pv(three(), replace(SETTINGS, roof_rule=POWER_ONLY), Job()).buildings
    made = roof_pv(three(), SETTINGS, Job())
    left = 1 - made.buildings["heat_roof_m2"] / made.buildings["roof_usable_m2"]
    assert (made.buildings["heat_roof_m2"] > 0).tolist() == [True, True, False]
    assert made.buildings["pv_kwp"].tolist() == pytest.approx((alone["pv_kwp"] * left).tolist(), abs=0.06)
    assert made.buildings["roof_usable_m2"].tolist() == alone["roof_usable_m2"].tolist()
