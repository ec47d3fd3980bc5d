"""A battery does what saves most, as a linear programme says, and never more than it can."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from plans.battery import HOUR_S, best_course

KWH = 3.6e6
FREE = np.full((1, 24), 1e6)


def day(values: dict[int, float]) -> np.ndarray:
    found = np.zeros((1, 24))
    for hour, value in values.items():
        found[0, hour] = value
    return found


def programme(surplus, deficit, spare, price, sold, energy, power, efficiency) -> float:
    """The same day as a linear programme: charge from sun, from grid, give, and what is stored after each hour."""
    n = 24
    cost = np.concatenate([np.full(n, sold), price, -price, np.zeros(n)]) * HOUR_S
    balance = np.zeros((n, 4 * n))
    for hour in range(n):
        balance[hour, [hour, n + hour]] = -efficiency * HOUR_S
        balance[hour, 2 * n + hour] = HOUR_S / efficiency
        balance[hour, 3 * n + hour] = 1.0
        balance[hour, 3 * n + (hour - 1) % n] -= 1.0
    together = np.zeros((n, 4 * n))
    together[np.arange(n), np.arange(n)] = together[np.arange(n), n + np.arange(n)] = 1.0
    bounds = [(0, min(power, s)) for s in surplus] + [(0, min(power, s)) for s in spare]
    bounds += [(0, min(power, d)) for d in deficit] + [(0, energy)] * n
    found = linprog(cost, together, np.full(n, power), balance, np.zeros(n), bounds, method="highs")
    assert found.status == 0
    return -found.fun


def test_what_is_left_at_noon_is_used_in_the_evening_less_the_losses() -> None:
    """10 kWh over at noon, 20 kWh lacking at night, 0.95 in and out: 9.025 kWh at 0.8 yuan less 10 kWh at 0.3."""
    course = best_course(
        day({12: 10_000.0}), day({20: 20_000.0}), FREE, np.full((1, 24), 0.8 / KWH), 0.3 / KWH,
        energy=50 * KWH, power=50_000.0, efficiency=0.95,
    )  # fmt: skip
    assert course.given[0, 20] == pytest.approx(9_025.0)
    assert course.saving[0] == pytest.approx(9.025 * 0.8 - 10 * 0.3)


def test_a_small_battery_gives_no_more_than_it_holds() -> None:
    """4 kWh usable give 4 x 0.95."""
    course = best_course(
        day({12: 10_000.0}), day({20: 20_000.0}), FREE, np.full((1, 24), 0.8 / KWH), 0.3 / KWH,
        energy=4 * KWH, power=50_000.0, efficiency=0.95,
    )  # fmt: skip
    assert course.given.sum() == pytest.approx(3_800.0)


def test_cheap_hours_of_the_grid_fill_the_battery_for_dear_ones() -> None:
    """Bought at 0.3 and saved at 1.2 yuan: 10 kWh stored cost 10 / 0.95 x 0.3 and save 10 x 0.95 x 1.2."""
    price = np.full((1, 24), 1.2 / KWH)
    price[0, :6] = 0.3 / KWH
    course = best_course(
        day({}), day({19: 30_000.0}), FREE, price, 0.3 / KWH, energy=10 * KWH, power=50_000.0, efficiency=0.95
    )
    assert course.saving[0] == pytest.approx(10 * 0.95 * 1.2 - 10 / 0.95 * 0.3)


def test_a_battery_rests_where_losses_cost_more_than_the_difference_of_prices() -> None:
    course = best_course(
        day({12: 10_000.0}), day({20: 20_000.0}), FREE, np.full((1, 24), 0.33 / KWH), 0.32 / KWH,
        energy=50 * KWH, power=50_000.0, efficiency=0.95,
    )  # fmt: skip
    assert course.given.sum() == 0.0


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000))
def test_no_linear_programme_saves_more(seed: int) -> None:
    draw = np.random.default_rng(seed)
    net = draw.normal(0.0, 60_000.0, 24)
    surplus, deficit = np.clip(net, 0.0, None), np.clip(-net, 0.0, None)
    spare = draw.uniform(0.0, 90_000.0, 24)
    price = draw.choice([0.3, 0.6, 1.0, 1.3], 24) / KWH
    energy, power = draw.uniform(10, 600) * KWH, draw.uniform(5_000, 120_000)
    course = best_course(
        surplus[None],
        deficit[None],
        spare[None],
        price[None],
        0.25 / KWH,
        energy=energy,
        power=power,
        efficiency=0.95,
    )
    best = programme(surplus, deficit, spare, price, 0.25 / KWH, energy, power, 0.95)
    assert course.saving[0] == pytest.approx(best, rel=1e-6, abs=1e-6)
    assert (course.from_surplus[0] <= surplus + 1e-3).all()
    assert (course.from_grid[0] <= spare + 1e-3).all()
    assert (course.given[0] <= np.minimum(deficit, power) + 1e-3).all()
    assert (course.from_surplus + course.from_grid <= power + 1e-3).all()
    stored = (course.from_surplus + course.from_grid).sum() * 0.95
    assert stored == pytest.approx(course.given.sum() / 0.95, rel=1e-6, abs=1e-3)


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_every_further_step_of_a_battery_saves_no_more_than_the_one_before(seed: int) -> None:
    draw = np.random.default_rng(seed)
    net = draw.normal(0.0, 60_000.0, (2, 24))
    surplus, deficit = np.clip(net, 0.0, None), np.clip(-net, 0.0, None)
    price = draw.choice([0.3, 0.6, 1.0, 1.3], (2, 24)) / KWH
    spare = np.full((2, 24), 50_000.0)
    saving = [
        best_course(
            surplus, deficit, spare, price, 0.25 / KWH, energy=size * KWH, power=500.0 * size, efficiency=0.95
        ).saving.sum()
        for size in range(0, 400, 50)
    ]
    steps = np.diff(saving)
    assert (steps >= -1e-6).all()
    assert (np.diff(steps) <= 1e-6).all()
