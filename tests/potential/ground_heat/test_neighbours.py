"""Boreholes at a distance act as finite lines do, and fields as nine points that stand for their holes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import erf

from core.jobs import Cancelled, Job
from potential.ground_heat.line_source import h
from potential.ground_heat.neighbours import (
    shifts,
    sub_sources_of_holes,
    sub_sources_of_rectangles,
    worsened,
)
from potential.ground_heat.overview import single_hole_power
from potential.ground_heat.sizing import capacity
from potential.ground_heat.together import capacity_together
from tests.potential.ground_heat.cases import field, loads, run

LIFE_S = 25 * 8760 * 3600.0
GROUND = {"length": 100.0, "head": 2.0, "conductivity": 2.0, "capacity": 2e6, "time": LIFE_S, "reach": 150.0}


def line(distance, length=100.0, head=2.0, diffusivity=1e-6, time=LIFE_S):
    return h(distance, length=length, head=head, diffusivity=diffusivity, time=time)


def grid(n1, n2, spacing=5.0, x=0.0, y=0.0, angle=0.0):
    across, along = np.meshgrid(
        (np.arange(n1) - (n1 - 1) / 2) * spacing, (np.arange(n2) - (n2 - 1) / 2) * spacing
    )
    u, v = across.ravel(), along.ravel()
    turned = np.column_stack([u * np.cos(angle) - v * np.sin(angle), u * np.sin(angle) + v * np.cos(angle)])
    return turned + np.array([x, y])


def all_pairs(first, second, watts_per_metre=5.0):
    apart = np.hypot(*(first[:, None] - second[None]).transpose(2, 0, 1))
    return watts_per_metre * line(apart).sum(axis=1).mean() / (2 * np.pi * 2)


@pytest.mark.parametrize(("distance", "known"), [(25, 0.43527), (50, 0.10131), (100, 0.003106)])
def test_line_source_at_a_distance(distance, known):
    assert line(distance) == pytest.approx(known, rel=5e-4)


@settings(max_examples=30, deadline=None)
@given(
    distance=st.floats(0.05, 140),
    length=st.floats(20, 300),
    head=st.floats(0.5, 20),
    years=st.floats(0.5, 60),
)
def test_line_source_is_the_integral_of_claesson_and_javed(distance, length, head, years):
    reach = 4e-6 * years * 8760 * 3600

    def integrated(x):
        return x * erf(x) - (1 - np.exp(-x * x)) / np.sqrt(np.pi)

    def density(u):
        s = np.exp(u)
        x, y = length * s, head * s
        lines = 2 * integrated(x) + 2 * integrated(x + 2 * y) - integrated(2 * x + 2 * y) - integrated(2 * y)
        return np.exp(-((distance * s) ** 2)) * lines / x

    first, last = -0.5 * np.log(reach), np.log(9 / distance)
    known = 0.5 * quad(density, first, last, epsabs=1e-13, limit=300)[0] if last > first else 0.0
    found = line(distance, length=length, head=head, time=years * 8760 * 3600)
    assert found == pytest.approx(known, rel=1e-8, abs=1e-12)


def test_two_fields_side_by_side_by_all_pairs_of_holes():
    assert all_pairs(grid(10, 10), grid(10, 10, x=60)) == pytest.approx(3.32, abs=0.01)


@pytest.mark.parametrize("apart", [55.0, 60.0, 100.0])
def test_nine_points_stand_for_a_hundred_holes(apart):
    points = sub_sources_of_rectangles([0, apart], [0, 0], 10, 10, 5, 0)
    found = shifts(points, 5.0 * 100 * 100, **GROUND)
    assert found == pytest.approx(all_pairs(grid(10, 10), grid(10, 10, x=apart)), rel=0.015)


def test_turned_fields_of_different_size():
    points = sub_sources_of_rectangles([0, 70], [0, 40], [12, 5], [4, 9], 5, [0.4, 1.2])
    found = shifts(points, 5.0 * np.array([48, 45]) * 100, **GROUND)
    first, second = grid(12, 4, angle=0.4), grid(5, 9, x=70, y=40, angle=1.2)
    assert found == pytest.approx([all_pairs(first, second), all_pairs(second, first)], rel=0.02)


def test_points_of_holes_are_those_of_their_rectangle():
    holes = np.vstack([grid(8, 3, x=10, y=20, angle=0.3), grid(2, 6, x=-50, angle=-0.2)])
    found = sub_sources_of_holes(holes, np.repeat([0, 2], [24, 12]), 3)
    known = sub_sources_of_rectangles([10, -50], [20, 0], [8, 2], [3, 6], 5, [0.3, -0.2])
    for ours, theirs in ((found[0], known[0]), (found[2], known[1])):
        apart = np.hypot(*(ours[:, None] - theirs[None]).transpose(2, 0, 1))
        assert apart.min(axis=1) == pytest.approx(0, abs=1e-9)
    assert np.isnan(found[1]).all()


def test_one_hole_is_one_point():
    assert np.ptp(sub_sources_of_holes(np.array([[3.0, 4.0]]), np.array([0]), 1), axis=1) == pytest.approx(0)


def test_what_neighbours_do_adds_up_and_does_not_come_back():
    points = sub_sources_of_rectangles([0, 60, -60], [0, 0, 0], 6, 6, 5, 0)
    both, left, right = (
        shifts(points, power, **GROUND) for power in ([0, 1e4, 2e4], [0, 1e4, 0], [0, 0, 2e4])
    )
    assert both == pytest.approx(left + right)
    assert left[1] == 0


def test_fields_out_of_reach_or_not_there_are_not_felt():
    points = sub_sources_of_rectangles([0, 400, 60], [0, 0, 0], 6, 6, 5, 0)
    assert shifts(points, [1e4, 1e4, np.nan], **GROUND).tolist() == [0, 0, 0]
    assert shifts(points[:0], np.empty(0), **GROUND).shape == (0,)


def test_only_what_worsens_is_charged():
    low, high = worsened(6.5, 35.5, [2.0, -3.0])
    assert low.tolist() == [6.5, 9.5]
    assert high.tolist() == [33.5, 35.5]


def test_neighbours_that_heat_leave_less_and_one_far_away_leaves_all():
    load, points = (
        loads([300] * 3, [50] * 3, 200, 40),
        sub_sources_of_rectangles([0, 55, 900], 0, 10, 10, 5, 0),
    )
    alone = capacity(field(), load, run())
    found, rise, _ = capacity_together(field(), load, run(), points, reach=150.0)
    assert rise[0] == pytest.approx(rise[1])
    assert rise[0] < -1
    assert rise[2] == 0
    assert found.share[2] == alone.share[2]
    assert found.share[0] == pytest.approx(alone.share[0] * (15 - 6.5 + rise[0]) / (15 - 6.5), rel=1e-3)


def test_a_third_pass_changes_next_to_nothing(monkeypatch):
    load, points = (
        loads([300] * 3, [50] * 3, 200, 40),
        sub_sources_of_rectangles([0, 55, 110], 0, 10, 10, 5, 0),
    )
    twice = capacity_together(field(), load, run(), points, reach=150.0)[0].share
    monkeypatch.setattr("potential.ground_heat.together.PASSES", 3)
    assert capacity_together(field(), load, run(), points, reach=150.0)[0].share == pytest.approx(
        twice, rel=0.02
    )


def test_neighbours_that_give_back_what_a_field_takes_are_no_credit():
    load, points = (
        loads([300, 50], [50, 300], [200, 40], [40, 200]),
        sub_sources_of_rectangles([0, 55], 0, 10, 10, 5, 0),
    )
    found, rise, _ = capacity_together(field(), load, run(), points, reach=150.0)
    assert rise[0] > 0 > rise[1]
    assert found.share == pytest.approx(capacity(field(), load, run()).share)


def test_looking_for_neighbours_can_be_stopped():
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        shifts(sub_sources_of_rectangles([0, 60], [0, 0], 6, 6, 5, 0), 1e4, **GROUND, job=job)


def test_a_single_hole_by_the_formula_for_maps():
    power = single_hole_power(
        season=180, conductivity=2.0, capacity=2.5e6, temperature=10.0, limit=-2.0, length=100.0, resistance=0.1,
        radius=0.075, life=50,
    )  # fmt: skip
    assert power == pytest.approx(844.47, abs=0.01)
