"""Heat that water may give and take: figures by hand."""

from __future__ import annotations

import numpy as np
import pytest

from potential.surface_water.budget import (
    heat_of_flow,
    lake_power,
    reaches,
    river_power,
    usable_fall,
    usable_rise,
)

M3_PER_H = 1 / 3600
DAY_S = 86_400.0


def test_a_cubic_metre_a_second_carries_4_19_megawatts_a_kelvin() -> None:
    assert heat_of_flow(1.0, 1.0) == pytest.approx(4.19e6, rel=1e-3)


def test_a_cubic_metre_an_hour_carries_1_16_kilowatts_a_kelvin_and_5_8_at_5_kelvin() -> None:
    assert heat_of_flow(M3_PER_H, 1.0) == pytest.approx(1163, rel=1e-3)
    assert heat_of_flow(M3_PER_H, 5.0) == pytest.approx(5.8e3, rel=0.005)


def test_a_whole_river_takes_4_2_megawatts_and_gives_8_4_within_the_limits() -> None:
    assert river_power(1.0, 20.0, 1.0, 1.0) == pytest.approx(4.2e6, rel=0.005)
    assert river_power(1.0, 20.0, 1.0, 2.0) == pytest.approx(8.4e6, rel=0.005)


def test_a_tenth_of_a_river_cooled_by_5_kelvin_cools_the_river_by_half_a_kelvin() -> None:
    assert river_power(1.0, 5.0, 0.1, 2.0) == pytest.approx(heat_of_flow(1.0, 0.5))


@pytest.mark.parametrize(("water_c", "fall_k"), [(12.0, 5.0), (8.0, 5.0), (7.0, 4.0), (6.9, 0.0), (2.0, 0.0)])
def test_water_is_not_cooled_below_3_degrees_nor_used_below_7(water_c: float, fall_k: float) -> None:
    assert usable_fall(water_c, 5.0, 3.0, 7.0) == pytest.approx(fall_k)


def test_water_above_30_degrees_does_not_cool() -> None:
    assert usable_rise([25.0, 31.0], 5.0, 30.0) == pytest.approx([5.0, 0.0])


def test_a_lake_gives_20_to_40_watts_a_square_metre_at_a_kelvin() -> None:
    for exchange in (20.0, 40.0):
        power = lake_power(1.0, np.nan, 5.0, exchange, most_change=1.0, peak_to_mean=1.4, spell=7 * DAY_S)
        assert power == pytest.approx(exchange)


def test_the_volume_of_a_lake_evens_out_the_hours_of_a_week_as_far_as_it_holds_heat() -> None:
    deep = lake_power(1.0, 10.0, 5.0, 30.0, most_change=1.0, peak_to_mean=1.4, spell=7 * DAY_S)
    shallow = lake_power(1.0, 0.5, 5.0, 30.0, most_change=1.0, peak_to_mean=1.4, spell=7 * DAY_S)
    assert deep == pytest.approx(42.0)
    assert shallow == pytest.approx(30 + 0.5 * 4.187e6 / (7 * DAY_S))  # 33.5 W


def test_nowhere_within_a_recovery_length_is_more_than_one_budget_used() -> None:
    for length in np.linspace(100, 95_000, 77):
        count, share = reaches(length, 10_000)
        assert count * share >= min(length / 20_000, 1) * 0.5
        touched = 1 if count == 1 else 2  # a window of a recovery length over reaches no shorter than it
        assert touched * share <= 1.0
        assert count == 1 or length / count >= 10_000
