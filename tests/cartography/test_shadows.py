"""Shadows fall away from the sun, as long as trigonometry says."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.affinity import translate
from shapely.geometry import Polygon, box

from cartography.ragged import Ragged
from cartography.shadows import cast

HOUSE = box(0, 0, 20, 10)
COURT = Polygon(box(100, 0, 140, 40).exterior.coords, [box(110, 10, 130, 30).exterior.coords])


def union(ragged: Ragged) -> shapely.Geometry:
    """What is drawn: all pieces as one."""
    pieces = [Polygon(ragged.rings(n)[0], ragged.rings(n)[1:]) for n in range(len(ragged.part_feature))]
    return shapely.union_all(pieces)


def test_at_45_degrees_a_shadow_is_as_long_as_the_house_is_high():
    shade = union(cast(Ragged.of([HOUSE]), np.array([12.0]), 180.0, 45.0))
    assert shade.bounds == pytest.approx((0, 0, 20, 22))  # the sun in the south, the shadow to the north
    assert shade.area == pytest.approx(20 * 22)


def test_a_morning_shadow_falls_to_the_west():
    shade = union(cast(Ragged.of([HOUSE]), np.array([10.0]), 90.0, 45.0))
    assert shade.bounds == pytest.approx((-10, 0, 20, 10))


@given(azimuth=st.floats(0, 359), elevation=st.floats(5, 85), height=st.floats(3, 200))
def test_the_shadow_of_a_convex_house_is_the_hull_of_its_foot_and_its_roof(azimuth, elevation, height):
    length = height / np.tan(np.radians(elevation))
    step = (-length * np.sin(np.radians(azimuth)), -length * np.cos(np.radians(azimuth)))
    expected = HOUSE.union(translate(HOUSE, *step)).convex_hull
    shade = union(cast(Ragged.of([HOUSE]), np.array([height]), azimuth, elevation)).union(HOUSE)
    assert shade.symmetric_difference(expected).area == pytest.approx(0, abs=1e-6 * expected.area + 1e-6)


def test_the_sun_shines_into_a_wide_court_from_above():
    shade = union(cast(Ragged.of([COURT]), np.array([5.0]), 180.0, 45.0))
    assert not shade.contains(shapely.Point(120, 25)) and shade.contains(shapely.Point(120, 12))


def test_what_has_no_height_casts_no_shadow_and_neither_does_a_sun_that_is_down():
    both = Ragged.of([HOUSE, COURT])
    assert union(cast(both, np.array([np.nan, 8.0]), 180.0, 45.0)).bounds[0] == pytest.approx(100)
    assert cast(both, np.array([5.0, 8.0]), 180.0, 0.5) is None
    assert len(cast(both, np.array([np.nan, 0.0]), 180.0, 45.0).part_feature) == 0


def test_houses_of_several_parts_keep_their_own_height():
    far = box(0, 100, 20, 110)
    shade = union(
        cast(Ragged.of([shapely.MultiPolygon([HOUSE, far]), COURT]), np.array([10.0, 0.0]), 180.0, 45.0)
    )
    assert shade.area == pytest.approx(2 * 20 * 20)
