"""Ranges come from draws that are the same for every parcel and every run."""

from dataclasses import replace

import numpy as np
import pytest

from core.jobs import Cancelled, Job
from potential.ground_heat.draws import Draws, Spreads, drawn_capacity, drawn_lengths, levels
from potential.ground_heat.sizing import capacity, lengths
from standards import SHIPPED
from standards.taken import Taken
from tests.potential.ground_heat.cases import field, loads, run

SPREADS = Spreads(conductivity=0.2, capacity=0.1, temperature=1.0, resistance=0.2, loads=0.15)
LOAD = loads([300, 200, 0], [240, 260, 200], [160, 120, 0], [170, 180, 150])


def test_draws_lie_evenly_within_the_ranges():
    draws = Draws.of(SPREADS, 32)
    for values, width in (
        (draws.conductivity - 1, 0.2),
        (draws.temperature, 1.0),
        (draws.injection - 1, 0.15),
    ):
        assert np.abs(values).max() <= width
        assert np.histogram(values, 32, (-width, width))[0].tolist() == [1] * 32


def test_draws_are_the_same_in_every_run():
    assert Draws.of(SPREADS, 16).resistance.tolist() == Draws.of(SPREADS, 16).resistance.tolist()


def test_each_draw_is_what_the_kernel_gives_for_its_inputs():
    draws = Draws.of(SPREADS, 16)
    shares = drawn_capacity(field(), LOAD, run(), draws)
    for draw in (0, 7, 15):
        one = capacity(*draws.applied(field(), LOAD, draw), run())
        assert shares[:, draw, 0] == pytest.approx(one.share)
        assert shares[:, draw, 1] == pytest.approx(one.heat_share, nan_ok=True)
        assert shares[:, draw, 2] == pytest.approx(one.cold_share, nan_ok=True)


def test_without_spread_every_draw_is_the_value_itself():
    shares = drawn_capacity(field(), LOAD, run(), Draws.of(Spreads(0, 0, 0, 0, 0), 16))
    assert shares[:, :, 0] == pytest.approx(np.tile(capacity(field(), LOAD, run()).share[:, None], 16))


def test_nine_in_ten_draws_carry_at_least_the_p90():
    shares = drawn_capacity(field(), LOAD, run(), Draws.of(SPREADS, 64))[:, :, 0]
    p90, p50, p10 = levels(shares)
    assert ((p90 < p50) & (p50 < p10)).all()
    assert (shares >= p90[:, None]).mean(axis=1) == pytest.approx(0.9, abs=0.02)
    assert p50 == pytest.approx(capacity(field(), LOAD, run()).share, rel=0.05)


def test_a_length_that_suffices_in_nine_of_ten_draws_is_the_longer_one():
    bounds = {"shortest": 15.0, "longest": 600.0}
    draws = Draws.of(SPREADS, 16)
    drawn = drawn_lengths(field(), LOAD, run(), draws, **bounds)
    p90, p50, p10 = levels(drawn, more_is_better=False)
    assert ((p90 > p50) & (p50 > p10)).all()
    one = lengths(*draws.applied(field(), LOAD, 3), run(), **bounds).length
    assert drawn[:, 3] == pytest.approx(one, rel=2e-3)


def test_draws_with_ground_too_near_a_limit_carry_nothing():
    near = replace(field(), temperature=7.8)
    shares = drawn_capacity(near, LOAD, run(), Draws.of(SPREADS, 16))[:, :, 0]
    assert (shares == 0).any()
    assert (shares > 0).any()


def test_parcels_without_holes_carry_nothing_in_any_draw():
    shares = drawn_capacity(field(holes=np.array([0, 100.0, 100.0])), LOAD, run(), Draws.of(SPREADS, 16))
    assert (shares[0] == 0).all()
    assert (shares[1] > 0).all()


def test_parcels_with_missing_ground_have_no_range():
    shares = drawn_capacity(
        field(conductivity=np.array([2.0, np.nan, 2.0])), LOAD, run(), Draws.of(SPREADS, 16)
    )
    assert np.isnan(shares[1]).all()
    assert np.isfinite(shares[0]).all()


def test_drawing_can_be_stopped():
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        drawn_capacity(field(), LOAD, run(), Draws.of(SPREADS, 16), job=job)


def test_the_ranges_are_those_of_the_standards():
    taken = Taken(SHIPPED)
    names = ("conductivity", "capacity", "temperature", "resistance", "loads")
    assert (
        Spreads(**{name: taken.number("ground_loops", item="spread", case=name) for name in names}) == SPREADS
    )
