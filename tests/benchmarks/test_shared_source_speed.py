"""Speed of sharing sources of heat, in CPU seconds."""

from __future__ import annotations

import numpy as np
import pytest

from potential.shared_budget import serve_in_turn
from potential.waste_heat.matching import cells_of, match, match_gathered
from tests.benchmarks.test_sweep_speed import cpu_seconds

pytestmark = pytest.mark.benchmark
PARCELS, SOURCES = 100_000, 20


def links() -> tuple[np.ndarray, ...]:
    """Three sources for each parcel, twelve months."""
    rng = np.random.default_rng(1)
    parcel = np.repeat(np.arange(PARCELS), 3)
    resource = rng.integers(0, SOURCES, len(parcel))
    order = rng.permutation(len(parcel))
    return (
        parcel[order],
        resource[order],
        np.full((len(parcel), 12), 0.75),
        rng.uniform(0, 500, (PARCELS, 12)),
        rng.uniform(1e5, 1e6, SOURCES),
        np.ones((SOURCES, 12)),
    )


def test_serving_in_turn_takes_a_twentieth_of_plain_arrays(benchmark, figures) -> None:
    """The peer gives out link after link with arrays of months, and is timed on a hundredth of the links."""
    parcel, resource, unit, wanted, capacity, share = links()
    serve_in_turn(parcel[:9], resource[:9], unit[:9], wanted, capacity, share)

    def plain() -> None:
        unserved, left = wanted.copy(), capacity.copy()
        for link in range(len(parcel) // 100):
            who, what = parcel[link], resource[link]
            most = (unserved[who] * unit[link]).max()
            taken = min(most, left[what])
            given = np.minimum(unserved[who], taken / unit[link])
            unserved[who] -= given
            left[what] -= taken

    benchmark.pedantic(plain, rounds=1)
    ours = cpu_seconds(lambda: serve_in_turn(parcel, resource, unit, wanted, capacity, share))
    peer = cpu_seconds(plain) * 100
    figures("ratio", peer / ours)
    assert peer >= 20 * ours


def test_cells_take_a_tenth_of_the_match_of_single_parcels(benchmark, figures) -> None:
    rng = np.random.default_rng(3)
    sources, sinks = 8, 4000
    source, sink = np.repeat(np.arange(sources), sinks), np.tile(np.arange(sinks), sources)
    where, places = rng.uniform(0, 8000, (sources, 2)), rng.uniform(0, 8000, (sinks, 2))
    cost = np.linalg.norm(where[source] - places[sink], axis=1) * 3e-6 + 0.05
    demand = rng.uniform(10, 500, sinks)
    supply = np.full(sources, demand.sum() * 0.08)
    cell = cells_of(places[:, 0], places[:, 1], np.ones((sinks, sources), dtype=bool), 500.0)
    benchmark.pedantic(
        lambda: match_gathered(source, sink, cost, supply, demand, 0.42, cell), rounds=2, warmup_rounds=1
    )
    whole = cpu_seconds(lambda: match(source, sink, cost, supply, demand, 0.42))
    ours = cpu_seconds(lambda: match_gathered(source, sink, cost, supply, demand, 0.42, cell))
    figures("ratio", whole / ours)
    assert whole >= 10 * ours
