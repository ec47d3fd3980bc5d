"""Budgets shared in turn: never exceeded, and never less for anyone by a further resource."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from potential.shared_budget import serve_in_turn, turn


def in_turn(pairs: list[tuple[int, int]], unit: float, wanted: list[float], budget: list[float]):  # type: ignore[no-untyped-def]
    parcel, resource = (np.array(ends, dtype=np.int64) for ends in zip(*pairs, strict=True))
    return serve_in_turn(
        parcel, resource, np.full((len(pairs), 1), unit), np.array(wanted)[:, None], np.array(budget)[:, None]
    )


def test_the_first_takes_all_it_wants_and_the_next_what_is_left() -> None:
    served, unserved, left = in_turn([(0, 0), (1, 0)], 0.75, [100.0, 100.0], [90.0])
    assert served[:, 0] == pytest.approx([100, 20])  # 75 kW and 15 kW drawn
    assert unserved[:, 0] == pytest.approx([0, 80])
    assert left[0, 0] == 0


def test_a_second_resource_serves_what_the_first_left_wanting() -> None:
    served, unserved, left = in_turn([(0, 0), (0, 1)], 1.0, [100.0], [60.0, 60.0])
    assert served[:, 0] == pytest.approx([60, 40])
    assert unserved[0, 0] == 0
    assert left[:, 0] == pytest.approx([0, 20])


def test_periods_do_not_help_each_other_out() -> None:
    ones = np.zeros(1, dtype=np.int64)
    served, _, _ = serve_in_turn(
        ones, ones, np.ones((1, 2)), np.array([[50.0, 50.0]]), np.array([[0.0, 100.0]])
    )
    assert served[0] == pytest.approx([0, 50])


def test_a_closed_link_serves_nothing() -> None:
    ones = np.zeros(1, dtype=np.int64)
    served, _, left = serve_in_turn(
        ones, ones, np.full((1, 1), np.nan), np.full((1, 1), 5.0), np.full((1, 1), 5.0)
    )
    assert served[0, 0] == 0
    assert left[0, 0] == 5


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
        rng.uniform(0, 200, (resources, 3)),
    )


@given(shared())
def test_nothing_is_given_twice_or_beyond_what_is_wanted(case) -> None:  # type: ignore[no-untyped-def]
    parcel, resource, unit, wanted, budget = case
    served, unserved, left = serve_in_turn(*case)
    drawn = np.zeros_like(budget)
    np.add.at(drawn, resource, served * unit)
    given_out = np.zeros_like(wanted)
    np.add.at(given_out, parcel, served)
    assert (drawn <= budget + 1e-9).all()
    assert (served >= 0).all()
    assert drawn + left == pytest.approx(budget)
    assert given_out + unserved == pytest.approx(wanted)


@given(shared())
def test_a_further_resource_never_leaves_a_parcel_with_less(case) -> None:  # type: ignore[no-untyped-def]
    parcel, resource, unit, wanted, budget = case
    fewer = resource != resource.max()
    if not fewer.any():
        return
    _, before, _ = serve_in_turn(parcel[fewer], resource[fewer], unit[fewer], wanted, budget)
    _, after, _ = serve_in_turn(*case)
    assert (after <= before + 1e-9).all()
