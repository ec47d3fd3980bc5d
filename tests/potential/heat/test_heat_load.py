"""What parcels want, and what a smaller plant covers of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from potential.draws import Draws, reached_by_10, reached_by_90
from potential.heat_load import HeatLoad
from standards import Standards, Taken
from tests.potential.heat_demand import demand_for

IDS = pd.Index(["P0", "P1"], name="parcel_id")


def test_half_the_power_covers_three_quarters_where_nights_need_half() -> None:
    load = HeatLoad.of(demand_for(IDS, heat_kw=[100.0, 0.0], night=0.5), IDS, ("heat",))
    covered = load.covered(np.full((2, 12), 50.0))
    assert covered[0, 0] == pytest.approx(load.kwh[0, 0] * 50 / 75)  # 12 h of 50 of 100, 12 h of 50 of 50
    assert covered[1].sum() == 0


def test_all_the_power_covers_all_and_none_covers_nothing() -> None:
    load = HeatLoad.of(
        demand_for(IDS, heat_kw=100.0, hot_water_kw=10.0, night=0.3), IDS, ("heat", "hot_water")
    )
    assert load.covered(load.peak_kw) == pytest.approx(load.kwh)
    assert load.covered(load.peak_kw * 0).sum() == 0


def test_peaks_of_carriers_add_up_and_follow_the_year() -> None:
    load = HeatLoad.of(demand_for(IDS, heat_kw=100.0, hot_water_kw=10.0), IDS, ("heat", "hot_water"))
    assert load.peak_kw[0, 0] == pytest.approx(110)
    assert load.peak_kw[0, 6] == pytest.approx(10)  # July: hot water alone
    assert load.first_share[0, 6] == 0


def test_a_parcel_the_demand_does_not_know_wants_nothing_and_says_so() -> None:
    load = HeatLoad.of(demand_for(IDS, heat_kw=100.0), pd.Index(["P1", "new"]), ("heat",))
    assert list(load.known) == [True, False]
    assert load.kwh[1].sum() == 0


def test_draws_lie_between_their_ends_and_are_the_same_every_time() -> None:
    draws = Draws(Taken(Standards()), 64)
    first = draws.number("heat_supply", item="demand", case="factor")
    assert ((first >= 0.85) & (first <= 1.15)).all()
    again = Draws(Taken(Standards()), 64)
    again.number("surface_water", item="lake", case="exchange")  # another number moves none
    assert (again.number("heat_supply", item="demand", case="factor") == first).all()


def test_p90_is_the_low_one() -> None:
    draws = np.arange(101.0)[:, None]
    assert reached_by_90(draws)[0] == pytest.approx(10)
    assert reached_by_10(draws)[0] == pytest.approx(90)
