"""Where wells may stand in parcels: along the flow, downstream, clear of what must not be hit."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon
from shapely.affinity import rotate
from shapely.geometry import box

from potential.groundwater.wells import Spacing, WellPlaces, well_places

LEAST = Spacing(boundary=5.0, beside=20.0, doublet=50.0, across=60.0)


def placed(
    *parcels: Polygon, flow: float = 0.0, injection: int = 2, obstacles: tuple[Polygon, ...] = ()
) -> WellPlaces:
    count = len(parcels)
    return well_places(
        gpd.GeoSeries(list(parcels)), list(obstacles), np.full(count, flow), np.full(count, injection), LEAST
    )


@pytest.mark.parametrize("flow", [0.0, 90.0, 180.0, 270.0, 33.0])
def test_water_is_given_back_downstream_whatever_the_direction(flow: float) -> None:
    """180° more and the wells change places: upstream injection never happens."""
    found = placed(rotate(box(0, 0, 120, 200), -flow), flow=flow)
    along = np.array([np.sin(np.radians(flow)), np.cos(np.radians(flow))])
    s = np.stack([found.x, found.y], axis=1) @ along
    for doublet in range(found.count[0]):
        here = found.doublet == doublet
        assert s[here & ~found.production].min() >= s[here & found.production][0] + LEAST.doublet - 1e-6


def test_a_field_of_120_by_200_metres_holds_one_doublet_of_nearly_its_length() -> None:
    """110 m wide inside the boundary: 5 lines of 20 m, 3 for each doublet of 60 m; 190 m along."""
    found = placed(box(0, 0, 120, 200))
    assert found.count[0] == 1
    assert found.spacing[0] == pytest.approx(np.hypot(190, 11), abs=12)
    assert found.angle[0] < 10
    assert found.across[0] == pytest.approx(60.0)


def test_more_width_holds_more_doublets() -> None:
    """250 m inside the boundary: 12 lines."""
    assert placed(box(0, 0, 260, 200)).count[0] == 4


def test_a_parcel_wholly_under_a_building_has_no_place() -> None:
    parcel = box(0, 0, 120, 200)
    found = placed(parcel, obstacles=(parcel.buffer(1),))
    assert found.count[0] == 0
    assert not len(found.x)
    assert np.isnan(found.spacing[0])


def test_wells_keep_clear_of_obstacles_and_boundaries() -> None:
    rng = np.random.default_rng(1)
    parcel = Polygon([(0, 0), (300, 20), (280, 240), (120, 180), (10, 260)])
    blocks = tuple(box(x, y, x + 30, y + 25) for x, y in rng.uniform(0, 240, (25, 2)))
    found = placed(parcel, flow=25.0, injection=3, obstacles=blocks)
    points = shapely.points(found.x, found.y)
    assert found.count[0] >= 1
    assert (shapely.distance(points, parcel.exterior) >= 5 - 1e-6).all()
    assert parcel.covers(shapely.multipoints(points))
    assert not shapely.contains_properly(shapely.union_all(blocks), points).any()


def test_a_parcel_too_short_along_the_flow_turns_its_doublet_but_never_upstream() -> None:
    found = placed(box(0, 0, 200, 40))
    assert found.count[0] == 1
    assert 45 < found.angle[0] <= 90
    assert found.spacing[0] > 100


def test_a_parcel_too_small_for_a_doublet_has_none() -> None:
    assert placed(box(0, 0, 45, 40)).count[0] == 0


def test_without_direction_or_reinjection_no_well_is_placed() -> None:
    shapes = gpd.GeoSeries([box(0, 0, 120, 200)] * 2)
    found = well_places(shapes, [], np.array([np.nan, 0.0]), np.array([2, 0]), LEAST)
    assert found.count.tolist() == [0, 0]


def test_each_doublet_has_its_injection_wells_beside_each_other() -> None:
    found = placed(box(0, 0, 120, 200), injection=4)
    here = ~found.production
    assert here.sum() == 4
    places = np.stack([found.x[here], found.y[here]], axis=1)
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    assert apart[~np.eye(4, dtype=bool)].min() >= LEAST.beside - 1e-6


def test_a_narrow_parcel_puts_its_injection_wells_behind_one_another() -> None:
    found = placed(box(0, 0, 25, 200), injection=3)
    assert found.count[0] == 1
    assert found.angle[0] == pytest.approx(0.0, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(
    x=st.floats(0, 150), y=st.floats(0, 150), width=st.floats(5, 120), flow=st.floats(0, 360),
)  # fmt: skip
def test_an_obstacle_never_brings_more_doublets(x: float, y: float, width: float, flow: float) -> None:
    parcel = box(0, 0, 240, 240)
    free = placed(parcel, flow=flow)
    less = placed(parcel, flow=flow, obstacles=(box(x, y, x + width, y + width),))
    assert less.count[0] <= free.count[0]
