"""Collectors give what their certificate, the standard and the f-chart say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from potential.solar.collector import area_for, efficiency, f_chart, monthly_fraction


def test_a_certified_tube_collector_fifty_kelvin_above_the_air_has_half_its_light() -> None:
    """Certificate: 0.623, 1.52, 0.0146; at 1,000 W/m² by hand 0.623 − 0.076 − 0.0365."""
    assert efficiency(0.623, 1.52, 0.0146, 1000.0, 50.0) == pytest.approx(0.5105)


@given(light=st.floats(0, 1200), above=st.floats(0, 120))
def test_a_collector_never_takes_heat_from_its_store(light: float, above: float) -> None:
    assert 0.0 <= efficiency(0.623, 1.52, 0.0146, light, above) <= 0.623


def test_three_hundred_hospital_beds_need_576_square_metres() -> None:
    """300 beds at 110 L, 45 K, half by the sun, 15,000 kJ/m² a day, 0.45, a fifth lost."""
    area = area_for(33_000, 45, 0.5, 15_000, efficiency=0.45, loss=0.2)
    assert area == pytest.approx(575.7, abs=0.05)


def test_without_light_no_area_is_asked_for() -> None:
    assert area_for(1000, 45, 0.5, 0.0, efficiency=0.45, loss=0.2) == 0.0


def test_the_f_chart_gives_the_published_share() -> None:
    assert f_chart(2.0, 1.0) == pytest.approx(0.6827, abs=5e-5)


@given(x=st.floats(0, 30), y=st.floats(0, 5))
def test_a_share_is_neither_below_nothing_nor_above_all(x: float, y: float) -> None:
    assert 0.0 <= f_chart(x, y) <= 1.0


@given(x=st.floats(0.1, 17), y=st.floats(0, 2.9), more=st.floats(0.01, 0.1))
def test_more_light_never_covers_less(x: float, y: float, more: float) -> None:
    assert f_chart(x, y + more) >= f_chart(x, y)


def months(area: float, load: float) -> np.ndarray:
    return monthly_fraction(
        np.array([[area]]),
        np.full((1, 12), load),
        np.full((1, 12), 120.0),
        optical=0.58,
        loss_w_per_m2k=2.0,
        air_c=np.full(12, 15.0),
        cold_c=np.full(12, 14.0),
        hot_c=60.0,
        hours=np.full(12, 730.0),
        store_litres_per_m2=75.0,
    )


def test_a_month_of_hot_water_is_what_is_reckoned_by_hand() -> None:
    """Y = 10 · 0.58 · 120 / 1000; X = 10 · 2 · 85 · 0.73 / 1000 · (11.6 + 70.8 + 54.04 − 34.8) / 85."""
    y, x = 10 * 0.58 * 120 / 1000, 10 * 2 * 85 * 0.73 / 1000 * (11.6 + 70.8 + 54.04 - 34.8) / 85
    by_hand = 1.029 * y - 0.065 * x - 0.245 * y**2 + 0.0018 * x**2 + 0.0215 * y**3
    assert months(10.0, 1000.0)[0] == pytest.approx(by_hand)


def test_who_needs_no_hot_water_gets_none() -> None:
    assert months(10.0, 0.0).max() == 0.0
