"""Where few parcels share an account, what whole parcels cannot do together closes the gap that shares of parcels leave."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack

from core.jobs import Job
from plans.allocation import Account, Choices, allocate
from plans.allocation.covers import counted
from plans.allocation.dual import goals_of
from plans.allocation.linear import linear_bound, shared
from plans.allocation.table import Passes, table_of
from tests.benchmarks.synthetic_city import synthetic_city


def with_aquifers(parcels, sharers, tightness, seed=1):
    """A made-up city whose ground heat comes from aquifers of a few neighbours each, with room for some of them."""
    choices, accounts = synthetic_city(parcels, 7, seed)
    owner = np.repeat(np.arange(parcels), np.diff(choices.start))
    draw = choices.gain[:, 2].astype(float)
    rows, count = np.flatnonzero(draw), (parcels - 1) // sharers + 1
    own = csr_array((draw[rows], (rows, owner[rows] // sharers)), shape=(len(draw), count))
    largest = np.maximum.reduceat(draw, choices.start[:-1])
    room = tightness * np.bincount(np.arange(parcels) // sharers, largest, minlength=count)
    caps = [Account(f"aquifer {k}", False, float(one), 1000.0) for k, one in enumerate(room)]
    ranked = [*(replace(one, rank=1) for one in accounts[:6]), replace(accounts[6], rank=0), *caps]
    return replace(choices, gain=csr_array(hstack([csr_array(choices.gain), own]))), ranked


@pytest.mark.parametrize(("sharers", "tightness"), [(4, 0.4), (8, 0.25), (30, 0.3)])
def test_aquifers_of_few_parcels_leave_no_gap_above_a_thousandth(sharers, tightness):
    choices, accounts = with_aquifers(600, sharers, tightness)
    found = allocate(choices, accounts, job=Job())
    assert found.gap <= 1e-3
    assert not found.shortfall.any()
    moved = [replace(accounts[0], value=accounts[0].value * 1.05), *accounts[1:]]
    again = allocate(choices, moved, warm=found.warm, job=Job())
    assert again.gap <= 1e-3
    assert again.bound >= found.bound * (1 - 1e-3)


def test_shares_of_parcels_prove_less_than_whole_parcels_can_keep():
    choices, accounts = with_aquifers(600, 4, 0.4)
    table = table_of(choices)
    with Passes(table, Job()) as passes:
        goals = goals_of(accounts, *passes.reach())
    found = allocate(choices, accounts, job=Job())
    assert found.bound >= linear_bound(table, goals).cost * 1.01


def test_the_options_that_matter_cost_what_all_options_cost():
    choices, accounts = with_aquifers(600, 8, 0.25)
    table = table_of(choices)
    with Passes(table, Job()) as passes:
        goals = goals_of(accounts, *passes.reach())
        few = shared(passes, goals, None)
    assert few.cost == pytest.approx(linear_bound(table, goals).cost, rel=1e-9)


def test_of_three_parcels_that_take_5_of_a_room_of_12_two_can_be_chosen_and_one_that_takes_9_counts_for_two():
    group = np.array([0, 0, 1, 1, 2, 2, 3, 3])
    used = np.array([0.0, 5.0, 0.0, 5.0, 0.0, 5.0, 0.0, 9.0])
    least = np.array([5.0, 5.0, 5.0, np.inf])
    assert counted(group, used, least, 12.0).tolist() == [0, 1, 0, 1, 0, 1, 0, 2]


def test_an_option_larger_than_the_room_counts_though_none_can_be_chosen():
    counts = counted(np.array([0, 0, 1, 1]), np.array([0.0, 8.0, 0.0, 3.0]), np.array([8.0, np.inf]), 5.0)
    assert counts.tolist() == [0, 1, 0, 0]


option = st.tuples(st.integers(0, 200), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))


@given(
    st.lists(st.lists(option, min_size=1, max_size=4), min_size=2, max_size=24),
    st.integers(0, 60), st.integers(0, 25), st.integers(0, 25),
)  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_the_bound_never_passes_the_least_cost_of_whole_parcels(parcels, least, first, second):
    """Two caps, each of every second parcel, and a floor of all; the optimum by HiGHS over all options at once."""
    start = np.cumsum([0, *(len(options) for options in parcels)]).astype(np.int64)
    rows = np.array([one for options in parcels for one in options], dtype=float)
    owner = np.repeat(np.arange(len(parcels)), np.diff(start))
    gain = np.column_stack([rows[:, 1], *(np.where(owner % 2 == k, rows[:, 2 + k], 0.0) for k in (0, 1))])
    choices = Choices(start, rows[:, 0], gain, np.arange(len(parcels), dtype=np.uint64))
    accounts = [
        Account("floor", True, least, 1e5, 1), Account("first", False, first, 1e5), Account("second", False, second, 1e5),
    ]  # fmt: skip
    one_each = (owner[None, :] == np.arange(len(parcels))[:, None]).astype(float)
    exact = milp(
        rows[:, 0],
        integrality=np.ones(len(rows)),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(one_each, 1, 1),
            LinearConstraint(gain.T, [least, -np.inf, -np.inf], [np.inf, first, second]),
        ],
    )
    found = allocate(choices, accounts, job=Job())
    assert found.bound <= found.cost
    if exact.status == 0:
        assert not found.shortfall.any()
        assert found.bound <= exact.fun + 1e-6
        assert exact.fun - 1e-6 <= found.cost
        assert found.cost <= exact.fun + max(1e-3 * exact.fun, 1e-6) or found.gap > 1e-3
