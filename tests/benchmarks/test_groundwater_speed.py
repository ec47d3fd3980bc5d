"""Speed of groundwater doublets: the table of arrivals against tracking of particles, and a city of parcels."""

from __future__ import annotations

import numpy as np
import pytest

from core.jobs import Job
from potential.groundwater.arrivals import returned_by
from potential.groundwater.groundwater import GroundwaterSettings, assess
from potential.groundwater.tracking import of_doublet
from tests.benchmarks.test_sweep_speed import cpu_seconds
from tests.potential.groundwater.plain import need, parcel, plain

pytestmark = pytest.mark.benchmark
DOUBLETS, PARCELS_A_SIDE = 200_000, 14


def test_the_table_gives_a_doublet_in_a_ten_thousandth_of_the_time_of_tracking(benchmark, figures):
    lots = np.random.default_rng(1)
    beta, angle, time = (
        lots.uniform(1, 50, DOUBLETS),
        lots.uniform(0, 90, DOUBLETS),
        lots.uniform(1, 50, DOUBLETS),
    )
    of_doublet(3.0, 20.0)
    benchmark.pedantic(lambda: returned_by(beta, angle, time), rounds=2, warmup_rounds=1)
    ours = cpu_seconds(lambda: returned_by(beta, angle, time)) / DOUBLETS
    peer = cpu_seconds(lambda: of_doublet(3.0, 20.0))
    figures("ratio", peer / ours)
    assert peer >= 10_000 * ours


def test_a_parcel_with_all_its_draws_takes_less_than_tracking_one_doublet(benchmark, figures):
    city = plain(*(parcel(200 * x, 200 * y) for x in range(PARCELS_A_SIDE) for y in range(PARCELS_A_SIDE)))
    demand, settings = need(city), GroundwaterSettings()

    def run() -> None:
        assess(city, demand, settings, Job())

    benchmark.pedantic(run, rounds=1, warmup_rounds=1)
    ours = cpu_seconds(run) / PARCELS_A_SIDE**2
    peer = cpu_seconds(lambda: of_doublet(3.0, 20.0))
    figures("ratio", peer / ours)
    figures("CPU seconds of 100,000 parcels", 100_000 * ours)
    assert peer >= 20 * ours
