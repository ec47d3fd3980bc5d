"""Heat pumps on sources of some temperature."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from potential.heat_pumps import (
    HeatPumpNumbers,
    cooling_eer,
    drawn_per_heat,
    heat_per_drawn,
    heating_cop,
    rejected_per_cold,
)
from standards import Standards, Taken

PUMP = HeatPumpNumbers.of(Taken(Standards()))


@pytest.mark.parametrize(("air_c", "cop"), [(7, 3.11), (-7, 2.34), (-12, 2.16), (-20, 1.91)])
def test_the_share_of_the_ideal_cycle_gives_the_reference_values(air_c: float, cop: float) -> None:
    assert heating_cop(air_c - 5.0, 45.0, 0.42, 9.0) == pytest.approx(cop, abs=0.005)


def test_a_heat_pump_of_5_delivers_a_quarter_more_than_it_draws() -> None:
    assert heat_per_drawn(5.0) == pytest.approx(1.25)
    assert drawn_per_heat(4.0) * 1000 == pytest.approx(750)


def test_a_thousand_of_cold_at_5_rejects_1200() -> None:
    assert rejected_per_cold(5.0) * 1000 == pytest.approx(1200)


def test_a_source_as_warm_as_the_supply_gives_the_most_of_the_machine() -> None:
    assert heating_cop(50.0, 45.0, 0.45, 7.0) == 7.0
    assert cooling_eer(5.0, 7.0, 0.45, 7.0) == 7.0


def test_an_unknown_temperature_gives_an_unknown_coefficient() -> None:
    assert np.isnan(heating_cop(np.nan, 45.0, 0.45, 7.0))


def test_water_of_13_degrees_gives_a_system_between_3_and_4() -> None:
    power = PUMP.power_per_heat(13.0 - 5.0, 0.0, PUMP.share)
    assert 3.0 < 1 / float(power) < 4.0


@given(st.floats(-5, 40), st.floats(0.1, 5))
def test_warmer_sources_take_less_electricity_for_heat_and_more_for_cold(leaving: float, more: float) -> None:
    assert PUMP.power_per_heat(leaving + more, 0.3, 0.45) <= PUMP.power_per_heat(leaving, 0.3, 0.45)
    assert PUMP.power_per_cold(leaving + more, 0.45) >= PUMP.power_per_cold(leaving, 0.45)


def test_hot_water_takes_more_electricity_than_heating() -> None:
    assert PUMP.power_per_heat(8.0, 1.0, 0.45) > PUMP.power_per_heat(8.0, 0.0, 0.45)
