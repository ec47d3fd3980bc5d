"""Budgets shared in turn: never exceeded, and never less for anyone by a further resource."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from potential.shared_budget import serve_in_turn, turn


def in_turn(pairs: list[tuple[int, int]], unit: float, wanted: list[float], capacity: list[float]):  # type: ignore[no-untyped-def]
    parcel, resource = (np.array(ends, dtype=np.int64) for ends in zip(*pairs, strict=True))
    return serve_in_turn(
        parcel,
        resource,
        np.full((len(pairs), 1), unit),
        np.array(wanted)[:, None],
        np.array(capacity),
        np.ones((len(capacity), 1)),
    )


def test_the_first_takes_all_it_wants_and_the_next_what_is_left() -> None:
    served, unserved, reserved, left = in_turn([(0, 0), (1, 0)], 0.75, [100.0, 100.0], [90.0])
    assert served[:, 0] == pytest.approx([100, 20])
    assert reserved == pytest.approx([75, 15])
    assert unserved[:, 0] == pytest.approx([0, 80])
    assert left[0] == 0


def test_a_second_resource_serves_what_the_first_left_wanting() -> None:
    served, unserved, _, left = in_turn([(0, 0), (0, 1)], 1.0, [100.0], [60.0, 60.0])
    assert served[:, 0] == pytest.approx([60, 40])
    assert unserved[0, 0] == 0
    assert left == pytest.approx([0, 20])


ONE = np.zeros(1, dtype=np.int64)


def test_periods_do_not_help_each_other_out() -> None:
    wanted, share = np.array([[50.0, 50.0]]), np.array([[0.0, 1.0]])
    served, _, _, _ = serve_in_turn(ONE, ONE, np.ones((1, 2)), wanted, np.array([100.0]), share)
    assert served[0] == pytest.approx([0, 50])


def test_what_is_reserved_for_the_hardest_period_is_given_to_nobody_in_another() -> None:
    two = np.array([0, 1]), np.array([0, 0])
    wanted = np.array([[80.0, 10.0], [80.0, 80.0]])
    served, _, reserved, _ = serve_in_turn(*two, np.ones((2, 2)), wanted, np.array([100.0]), np.ones((1, 2)))
    assert served == pytest.approx(np.array([[80, 10], [20, 20]]))
    assert reserved == pytest.approx([80, 20])


def test_a_resource_that_has_half_in_a_period_gives_half_of_what_is_reserved() -> None:
    wanted, share = np.array([[90.0, 90.0]]), np.array([[1.0, 0.5]])
    served, _, reserved, _ = serve_in_turn(ONE, ONE, np.ones((1, 2)), wanted, np.array([100.0]), share)
    assert served[0] == pytest.approx([90, 50])  # it reserves all, for the poor period
    assert reserved[0] == 100


def test_a_closed_link_serves_nothing() -> None:
    served, _, _, left = serve_in_turn(
        ONE, ONE, np.full((1, 1), np.nan), np.full((1, 1), 5.0), np.full(1, 5.0), np.ones((1, 1))
    )
    assert served[0, 0] == 0
    assert left[0] == 5


def test_the_nearest_step_comes_first_and_within_it_the_largest_need() -> None:
    assert list(turn([120, 10, 30, 49], [9.0, 1.0, 5.0, 2.0], 50.0)) == [2, 3, 1, 0]


@st.composite
def shared(draw: st.DrawFn):  # type: ignore[no-untyped-def]
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    parcels, resources = draw(st.integers(1, 12)), draw(st.integers(1, 5))
    pairs = [(p, r) for p in range(parcels) for r in range(resources) if rng.random() < 0.7] or [(0, 0)]
    parcel, resource = (np.array(ends, dtype=np.int64) for ends in zip(*pairs, strict=True))
    near = rng.permutation(len(pairs))
    return (
        parcel[near],
        resource[near],
        rng.uniform(0.5, 1.2, (len(pairs), 3)),
        rng.uniform(0, 100, (parcels, 3)),
        rng.uniform(0, 200, resources),
        rng.choice([0.0, 0.8, 1.0], (resources, 3)),
    )


@given(shared())
def test_nothing_is_given_twice_or_beyond_what_is_wanted(case) -> None:  # type: ignore[no-untyped-def]
    parcel, resource, unit, wanted, capacity, share = case
    served, unserved, reserved, left = serve_in_turn(*case)
    drawn = np.zeros_like(share)
    np.add.at(drawn, resource, served * unit)
    given_out = np.zeros_like(wanted)
    np.add.at(given_out, parcel, served)
    assert (served >= 0).all()
    assert (drawn <= capacity[:, None] * share + 1e-9).all()
    assert np.bincount(resource, weights=reserved, minlength=len(left)) + left == pytest.approx(capacity)
    assert given_out + unserved == pytest.approx(wanted)


@given(shared())
def test_a_further_resource_never_leaves_a_parcel_with_less(case) -> None:  # type: ignore[no-untyped-def]
    parcel, resource, unit, *rest = case
    fewer = resource != resource.max()
    if not fewer.any():
        return
    _, before, _, _ = serve_in_turn(parcel[fewer], resource[fewer], unit[fewer], *rest)
    _, after, _, _ = serve_in_turn(*case)
    assert (after <= before + 1e-9).all()
