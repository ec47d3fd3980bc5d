"""The cycle of an air-source machine: performance by temperatures, the code's least water, frost and capacity."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from potential.air_source.air_numbers import AirNumbers, machine
from potential.air_source.cycle import Frost, capacity, cooling_eer, heating_cop, highest_supply
from standards import SHIPPED, Taken

PLAIN = {"share": 0.42, "approach": 5.0, "most": 7.0}
NUMBERS = AirNumbers.of(Taken(SHIPPED))


@pytest.mark.parametrize(("air", "cop"), [(7, 3.11), (-7, 2.34), (-12, 2.16), (-20, 1.91)])
def test_cop_of_water_at_45_degrees_is_that_of_the_reference(air, cop):
    assert heating_cop(air, 45, **PLAIN) == pytest.approx(cop, abs=0.006)


@pytest.mark.parametrize("key", ["outdoor_7", "outdoor_-7", "outdoor_-12", "outdoor_-20", "outdoor_-25"])
def test_cop_of_the_published_share_lies_near_the_planning_range_of_the_table(key):
    low, high = (SHIPPED.number("air_source_cop", column=end, key=key).value for end in ("low", "high"))
    air = float(key.removeprefix("outdoor_"))
    cops = [heating_cop(air, hot, share=NUMBERS.share, approach=5, most=7) for hot in (45, 41)]
    assert cops[0] < high * 1.15 and cops[1] > low * 0.92


def test_air_as_warm_as_the_water_gives_the_most_a_machine_reaches():
    assert heating_cop(60, 45, **PLAIN) == 7.0


def test_eer_at_35_degrees_and_water_of_7_is_that_of_the_reverse_cycle():
    assert cooling_eer(35, 7, share=0.4, approach=10, most=6) == pytest.approx(0.4 * 280.15 / 38)


def test_missing_air_gives_no_number():
    assert np.isnan(heating_cop(np.nan, 45, **PLAIN)) and np.isnan(cooling_eer(np.nan, 7, **PLAIN))


@given(air=st.floats(-40, 20), least=st.floats(1.5, 3.5))
def test_at_the_hottest_water_a_machine_just_reaches_the_cop_that_is_asked_for(air, least):
    supply = float(highest_supply(air, least, share=0.42, approach=5))
    assert heating_cop(air, supply, share=0.42, approach=5, most=99) == pytest.approx(least)


def test_no_water_is_hot_enough_for_a_cop_below_the_share_of_the_ideal_cycle():
    assert np.isnan(highest_supply(0, 0.4, share=0.42, approach=5))


def test_wet_air_near_freezing_costs_the_most_and_dry_cold_air_nothing():
    frost = NUMBERS.frost
    assert frost.exposure(0, frost.wetness(90)) == 1.0
    assert frost.exposure(0, frost.wetness(40)) == 0.0
    assert frost.exposure([10, -20], 1.0) == pytest.approx([0, 0])
    assert frost.exposure(4, frost.wetness(65)) == pytest.approx(0.25)


@given(air=st.floats(-40, 30), step=st.floats(0, 20), wet=st.floats(0, 1), supply=st.floats(35, 60))
def test_colder_air_of_the_same_humidity_never_raises_cop_or_capacity(air, step, wet, supply):
    high = SHIPPED.number("air_source", item="frost", case="most_loss").high
    frost = Frost(**{**vars(NUMBERS.frost), "most_loss": high})
    kind = machine(Taken(SHIPPED), "low_temperature")

    def both(temperature):
        kept = 1 - frost.most_loss * frost.exposure(temperature, wet)
        cop = kept * heating_cop(temperature, supply, share=0.45, approach=5, most=7)
        return cop, kept * capacity(temperature, kind.points, kind.shares, kind.lowest_air)

    for colder, warmer in zip(both(air - step), both(air), strict=True):
        assert colder <= warmer + 1e-9


@pytest.mark.parametrize("kind", ["ordinary", "low_temperature"])
def test_capacity_is_rated_at_7_degrees_and_ends_where_the_machine_stands_still(kind):
    one = machine(Taken(SHIPPED), kind)
    assert capacity(7, one.points, one.shares, one.lowest_air) == 1.0
    assert capacity(one.lowest_air, one.points, one.shares, one.lowest_air) > 0.3
    assert capacity(one.lowest_air - 0.1, one.points, one.shares, one.lowest_air) == 0.0


def test_a_machine_for_very_cold_air_keeps_more_of_its_capacity():
    ordinary, cold = (machine(Taken(SHIPPED), kind) for kind in ("ordinary", "low_temperature"))
    at = [capacity(-10, one.points, one.shares, one.lowest_air) for one in (ordinary, cold)]
    assert at[1] > at[0] + 0.1
