"""Speed of the allocation against HiGHS, in CPU seconds of the same run.

HiGHS cannot solve a whole city in reasonable time, so it solves the linear programme of a tenth of it, and its time is
scaled by the number of parcels: a kind peer, as its time grows faster than that.
"""

import time
from dataclasses import replace

import numpy as np
import pytest

from core.jobs import Job
from plans.allocation import allocate, preview
from plans.allocation.dual import goals_of
from plans.allocation.linear import linear_bound
from plans.allocation.table import Passes, table_of
from tests.benchmarks.synthetic_city import synthetic_city

pytestmark = pytest.mark.benchmark
PARCELS = 100_000
SMALL = 10_000


def cpu_seconds(work):
    began = time.process_time()
    found = work()
    return found, time.process_time() - began


@pytest.fixture(scope="module")
def solved_by_highs():
    choices, accounts = synthetic_city(SMALL, 20)
    table = table_of(choices)
    with Passes(table, Job()) as passes:
        goals = goals_of(accounts, *passes.reach())
    highs, seconds = cpu_seconds(lambda: linear_bound(table, goals))
    return highs.cost, seconds


def test_a_tenth_of_a_city_is_within_a_thousandth_of_the_optimum_of_highs(
    solved_by_highs, benchmark, figures
):
    choices, accounts = synthetic_city(SMALL, 20)
    found = benchmark.pedantic(
        allocate, args=(choices, accounts), kwargs={"job": Job()}, rounds=1, warmup_rounds=1
    )
    optimum, _ = solved_by_highs
    figures("bound_below_optimum", 1 - found.bound / optimum)
    figures("cost_above_optimum", found.cost / optimum - 1)
    assert optimum * (1 - 1e-3) <= found.bound <= optimum * (1 + 1e-9)
    assert found.cost <= optimum * (1 + 1e-3)


def test_a_city_of_a_hundred_thousand_parcels_takes_a_fifth_of_the_time_of_highs_a_parcel(
    solved_by_highs, benchmark, figures
):
    allocate(*synthetic_city(1000, 20), job=Job())
    choices, accounts = synthetic_city(PARCELS, 20)
    found, cold = cpu_seconds(lambda: allocate(choices, accounts, job=Job()))
    moved = [replace(accounts[0], value=accounts[0].value * 1.05), *accounts[1:]]
    again, warm = benchmark.pedantic(
        cpu_seconds, args=(lambda: allocate(choices, moved, warm=found.warm, job=Job()),), rounds=1
    )
    seen, slider = cpu_seconds(lambda: preview(choices, moved, warm=found.warm, job=Job()))
    by_highs = solved_by_highs[1] * PARCELS / SMALL
    for name, value in (
        ("gap", found.gap), ("violation", found.violation), ("cpu_seconds", cold), ("warm_cpu_seconds", warm),
        ("preview_cpu_seconds", slider), ("calls", found.calls), ("ratio", by_highs / cold),
    ):  # fmt: skip
        figures(name, value)
    for one in (found, again):
        assert one.gap <= 1e-3
        assert one.violation <= 1e-6
        assert not one.shortfall.any()
        assert np.isfinite(one.prices).all()
    assert by_highs >= 5 * cold
    assert warm <= cold
    assert slider <= 0.2 * cold
    assert seen.cost == pytest.approx(again.cost, rel=1e-2)
