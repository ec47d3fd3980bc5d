"""Parcels along a flow line share what flows through."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from core.jobs import Job
from layers.city import Raster
from potential.groundwater.sharing import (
    LARGEST_FIRST,
    PROPORTIONAL,
    UPSTREAM_FIRST,
    Tubes,
    flow_line,
    flow_tubes,
    shared_flow,
)

RULES = (PROPORTIONAL, UPSTREAM_FIRST, LARGEST_FIRST)
CRS_OF = CRS.from_epsg(4545)


def raster(values: np.ndarray) -> Raster:
    rows = values.shape[0]
    return Raster(values.astype(np.float32), Affine(100, 0, 0, 0, -100, 100 * rows), CRS_OF)


def tubes_of(x: list[float], y: list[float], values: np.ndarray | None = None) -> Tubes:
    field = raster(np.zeros((20, 20)) if values is None else values)
    return flow_tubes(np.array(x), np.array(y), np.ones(len(x), bool), field, 200.0, Job())


def test_parcels_one_below_the_other_share_a_tube_and_parcels_beside_do_not() -> None:
    found = tubes_of([1000, 1010, 1600], [500, 900, 700])
    assert found.tube.tolist() == [0, 0, 1]
    assert found.along[1] > found.along[0]
    assert found.width == pytest.approx([200, 200, 200])


def test_flow_to_the_south_turns_the_order_round() -> None:
    found = tubes_of([1000, 1010], [500, 900], np.full((20, 20), 180.0))
    assert found.along[0] > found.along[1]


def test_tubes_closer_than_their_width_are_narrower() -> None:
    found = tubes_of([1000, 1120], [500, 500])
    assert len(found) == 2
    assert found.width.sum() == pytest.approx(320, abs=20)


def test_a_flow_line_ends_where_flows_meet_and_where_the_direction_is_unknown() -> None:
    meeting = np.where(np.arange(20)[:, None] < 10, 180.0, 0.0) * np.ones((20, 20))
    line = flow_line(np.array([1000.0, 300.0]), raster(meeting), 50.0)
    assert line[0, 1] < 50
    assert line[-1, 1] == pytest.approx(1050, abs=60)
    unknown = np.zeros((20, 20))
    unknown[:10] = np.nan
    assert flow_line(np.array([1000.0, 300.0]), raster(unknown), 50.0)[:, 1].max() <= 1051


def test_parcels_with_enough_water_get_what_they_want() -> None:
    found = tubes_of([1000, 1000], [500, 900])
    assert shared_flow(np.array([0.4, 0.5]), np.full(2, 0.01), found, PROPORTIONAL) == pytest.approx(
        [0.4, 0.5]
    )


def test_short_water_is_shared_as_the_rule_says() -> None:
    """1 m³/s flows through 200 m; 0.8 upstream and 1.2 downstream are wanted."""
    found = tubes_of([1000, 1000], [500, 900])
    want, through = np.array([0.8, 1.2]), np.full(2, 0.005)
    assert shared_flow(want, through, found, PROPORTIONAL) == pytest.approx([0.4, 0.6])
    assert shared_flow(want, through, found, UPSTREAM_FIRST) == pytest.approx([0.8, 0.2])
    assert shared_flow(want, through, found, LARGEST_FIRST) == pytest.approx([0.0, 1.0])


def test_water_that_is_scarce_upstream_leaves_its_rest_to_those_downstream() -> None:
    """0.2 of 1 m³/s reaches the upper parcel: the lower may use the other 0.8."""
    found = tubes_of([1000, 1000], [500, 900])
    got = shared_flow(np.array([1.0, 1.0]), np.array([0.001, 0.005]), found, PROPORTIONAL)
    assert got == pytest.approx([0.2, 0.8], rel=1e-3)


@settings(max_examples=60, deadline=None)
@given(
    want=st.lists(st.floats(0, 5), min_size=12, max_size=12),
    through=st.lists(st.floats(0, 0.02), min_size=12, max_size=12),
    rule=st.sampled_from(RULES),
)
def test_no_one_gets_more_than_wanted_and_all_upstream_never_more_than_flows_through(
    want: list[float], through: list[float], rule: str
) -> None:
    rng = np.random.default_rng(3)
    found = tubes_of(list(rng.uniform(50, 1950, 12)), list(rng.uniform(50, 1950, 12)))
    got = shared_flow(np.array(want), np.array(through), found, rule)
    assert (got <= np.array(want) + 1e-9).all()
    assert (got >= 0).all()
    for tube in range(len(found)):
        here = found.order[found.first[tube] : found.first[tube + 1]]
        supply = np.array(through)[here] * found.width[here]
        assert (np.cumsum(got[here]) <= supply + 1e-9).all()


def test_without_a_direction_no_one_gets_water() -> None:
    found = flow_tubes(np.zeros(2), np.zeros(2), np.ones(2, bool), None, 200.0, Job())
    assert len(found) == 0
    assert shared_flow(np.ones(2), np.ones(2), found, PROPORTIONAL).tolist() == [0, 0]
