"""Sources and needs matched at least cost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from potential.heat_results import added
from potential.shared_budget import serve_in_turn
from potential.waste_heat.matching import by_price, cells_of, match, match_gathered
from potential.waste_heat.serving import flow_in_months


def pairs(sources: int, sinks: int) -> tuple[np.ndarray, np.ndarray]:
    return np.repeat(np.arange(sources), sinks), np.tile(np.arange(sinks), sources)


def test_the_only_source_gives_what_it_has_to_the_nearest() -> None:
    source, sink = pairs(1, 2)
    flow, price = match(source, sink, np.array([0.2, 0.1]), np.array([50.0]), np.array([40.0, 40.0]), 0.4)
    assert flow == pytest.approx([10, 40])
    assert price[0] == pytest.approx(0.2)  # one more would save 0.4 - 0.2


def test_a_parcel_leaves_its_nearest_source_to_one_that_has_no_other() -> None:
    """Worked by hand: sink 0 may have both sources, sink 1 only source 0; together both are served in full."""
    source, sink = np.array([0, 1, 0]), np.array([0, 0, 1])
    flow, _ = match(
        source, sink, np.array([0.1, 0.2, 0.1]), np.array([10.0, 10.0]), np.array([10.0, 10.0]), 0.4
    )
    assert flow == pytest.approx([0, 10, 10])


def test_heat_dearer_than_from_elsewhere_is_not_used() -> None:
    flow, _ = match(*pairs(1, 2), np.array([0.5, np.inf]), np.array([50.0]), np.array([40.0, 40.0]), 0.4)
    assert flow.sum() == 0


@st.composite
def towns(draw: st.DrawFn):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sources, sinks = draw(st.integers(1, 5)), draw(st.integers(1, 15))
    source, sink = pairs(sources, sinks)
    kept = rng.random(len(source)) < 0.8
    cost = rng.uniform(0.0, 0.5, len(source))
    return (
        source[kept],
        sink[kept],
        cost[kept],
        rng.uniform(0, 100, sources),
        rng.uniform(0, 60, sinks),
        0.42,
    )


@settings(deadline=None)
@given(towns())
def test_no_source_gives_more_than_it_has_and_no_parcel_gets_more_than_it_needs(town) -> None:  # type: ignore[no-untyped-def]
    source, sink, _, supply, demand, _ = town
    flow, price = match(*town)
    assert (flow >= 0).all()
    assert (price >= 0).all()
    assert (np.bincount(source, weights=flow, minlength=len(supply)) <= supply + 1e-9).all()
    assert (np.bincount(sink, weights=flow, minlength=len(demand)) <= demand + 1e-9).all()


@settings(deadline=None)
@given(towns())
def test_what_the_match_saves_is_what_its_prices_are_worth(town) -> None:  # type: ignore[no-untyped-def]
    """Strong duality: no other giving out can save more."""
    source, sink, cost, supply, demand, worth = town
    flow, price = match(*town)
    saved = ((worth - cost) * flow).sum()
    margin = np.zeros(len(demand))
    np.maximum.at(margin, sink, worth - cost - price[source])
    assert saved == pytest.approx(price @ supply + margin @ demand, abs=1e-6)


@settings(deadline=None)
@given(towns())
def test_no_giving_in_turn_saves_more_than_the_match(town) -> None:  # type: ignore[no-untyped-def]
    source, sink, cost, supply, demand, worth = town
    flow, price = match(*town)
    best = ((worth - cost) * flow).sum()
    greedy = np.lexsort((cost,))
    greedy = greedy[cost[greedy] < worth]
    for order in (greedy, by_price(source, sink, cost, price, worth)):
        served, _, _, _ = serve_in_turn(
            sink[order],
            source[order],
            np.ones((len(order), 1)),
            demand[:, None],
            supply,
            np.ones((len(supply), 1)),
        )
        assert ((worth - cost[order]) * served[:, 0]).sum() <= best + 1e-6


@settings(deadline=None)
@given(towns())
def test_a_further_source_never_lowers_what_a_parcel_gets(town) -> None:  # type: ignore[no-untyped-def]
    source, sink, cost, supply, demand, worth = town
    fewer = source != len(supply) - 1
    before, _ = match(source[fewer], sink[fewer], cost[fewer], supply, demand, worth)
    after, _ = match(*town)
    had = np.bincount(sink[fewer], weights=before, minlength=len(demand))
    has = np.bincount(sink, weights=after, minlength=len(demand))
    assert (has >= had - 1e-6).all()


def test_giving_in_turn_at_the_prices_comes_within_a_hundredth_of_the_match() -> None:
    rng = np.random.default_rng(7)
    source, sink = pairs(8, 500)
    away = rng.uniform(0, 8000, (8, 2))[source] - rng.uniform(0, 8000, (500, 2))[sink]
    cost = np.linalg.norm(away, axis=1) * 3e-6 + rng.uniform(0, 0.15, 8)[source]
    demand = rng.uniform(10, 500, 500)
    supply = rng.uniform(0.2, 2, 8) * demand.sum() / 12
    flow, price = match(source, sink, cost, supply, demand, 0.42)
    order = by_price(source, sink, cost, price, 0.42)
    served, _, _, _ = serve_in_turn(
        sink[order],
        source[order],
        np.ones((len(order), 1)),
        demand[:, None],
        supply,
        np.ones((len(supply), 1)),
    )
    saved = ((0.42 - cost[order]) * served[:, 0]).sum()
    assert saved == pytest.approx(((0.42 - cost) * flow).sum(), rel=0.01)


def test_cells_come_within_a_hundredth_of_the_match_of_single_parcels() -> None:
    rng = np.random.default_rng(3)
    sources, sinks = 5, 2000
    source, sink = pairs(sources, sinks)
    where, places = rng.uniform(0, 8000, (sources, 2)), rng.uniform(0, 8000, (sinks, 2))
    length = np.linalg.norm(where[source] - places[sink], axis=1)
    kept = length < 5000
    source, sink, length = source[kept], sink[kept], length[kept]
    cost, demand = length * 3e-6 + 0.05, rng.uniform(10, 500, sinks)
    supply = np.full(sources, demand.sum() * 0.1)
    reached = np.zeros((sinks, sources), dtype=bool)
    reached[sink, source] = True
    cell = cells_of(places[:, 0], places[:, 1], reached, 500.0)
    exact, _ = match(source, sink, cost, supply, demand, 0.42)
    gathered, _ = match_gathered(source, sink, cost, supply, demand, 0.42, cell)
    assert cell.max() + 1 < sinks / 2
    assert (np.bincount(source, weights=gathered, minlength=sources) <= supply * (1 + 1e-12)).all()
    assert (np.bincount(sink, weights=gathered, minlength=sinks) <= demand * (1 + 1e-12)).all()
    saved = [((0.42 - cost) * flow).sum() for flow in (exact, gathered)]
    assert saved[1] == pytest.approx(saved[0], rel=0.01)


@given(towns(), st.integers(0, 11))
def test_pipes_carry_in_no_month_more_than_is_needed_or_at_hand(town, hardest: int) -> None:  # type: ignore[no-untyped-def]
    source, sink, cost, supply, demand, worth = town
    rng = np.random.default_rng(len(source))
    supplies = supply[:, None] * rng.uniform(0.5, 1.2, (len(supply), 12))
    needs = demand[:, None] * rng.uniform(0.0, 1.0, (len(demand), 12))
    needs[:, hardest] = demand
    reserved, _ = match(source, sink, cost, supplies[:, hardest], needs[:, hardest], worth)
    flow = flow_in_months(source, sink, reserved, supplies, needs, hardest)
    assert flow[:, hardest] == pytest.approx(reserved)
    assert (flow <= reserved[:, None] + 1e-9).all()
    assert (added(source, flow, len(supply)) <= supplies + 1e-9).all()
    assert (added(sink, flow, len(demand)) <= needs + 1e-9).all()
