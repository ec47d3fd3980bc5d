"""Layout: where boreholes stand, how many fit, and which are taken when fewer are needed."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist
from shapely import Polygon, affinity, box

from core.jobs import Job
from potential.ground_heat.layout import layout

PLOT = box(2.5, 2.5, 57.5, 57.5)  # of 60 m, less the set-back
L_SHAPE = PLOT - box(27.5, 27.5, 60, 60)


def placed(*shapes, spacing=5.0, most=None):
    return layout(np.array(shapes, dtype=object), spacing, Job(), most=most)


def test_a_square_parcel_holds_its_area_over_the_square_of_the_spacing():
    assert placed(PLOT).count.tolist() == [144]


@pytest.mark.parametrize("turn", [0, 17, 45, 90, 133])
@pytest.mark.parametrize(
    ("shape", "count"), [(PLOT, 144), (L_SHAPE, 108), (PLOT - box(17.5, 17.5, 42.5, 42.5), 128)]
)
def test_the_grid_follows_a_turned_shape(shape, count, turn):
    shape = affinity.translate(affinity.rotate(shape, turn), 500_000, 3_797_000)
    assert placed(shape).count.tolist() == [count]


def test_a_narrow_strip_holds_one_row():
    found = placed(affinity.rotate(box(0, 0, 103, 0.5), 30))
    assert found.count.tolist() == [21]
    assert np.ptp(found.cells[:, 0]) * np.ptp(found.cells[:, 1]) == 0


def test_nothing_stands_on_nothing():
    assert placed(Polygon(), PLOT, Polygon()).count.tolist() == [0, 144, 0]
    assert placed().count.tolist() == []


def test_two_pieces_of_a_parcel_share_one_grid():
    found = placed(shapely.MultiPolygon([box(0, 0, 10, 10), box(22, 3, 32, 13)]))
    assert pdist(found.points).min() == pytest.approx(5.0)


def test_fields_that_are_too_large_keep_their_middle():
    found = placed(PLOT, most=25)
    assert found.count.tolist() == [25]
    assert np.ptp(found.cells, axis=0).tolist() == [4, 4]


@pytest.mark.parametrize(
    ("wanted", "sides"), [(1, (0, 0)), (2, (0, 1)), (4, (1, 1)), (6, (1, 2)), (9, (2, 2)), (20, (3, 4))]
)
def test_the_first_holes_of_a_wide_parcel_are_a_compact_rectangle(wanted, sides):
    found = placed(PLOT).first(wanted)
    assert found.count.tolist() == [wanted]
    assert tuple(sorted(np.ptp(found.cells, axis=0).tolist())) == sides


def test_a_smaller_field_is_part_of_the_larger():
    whole = placed(L_SHAPE, PLOT, box(0, 0, 10, 10))
    part = whole.first([30, 200, 4])
    assert part.count.tolist() == [30, 144, 4]
    assert part.points[:30].tolist() == whole.points[:30].tolist()
    assert part.points[174:].tolist() == whole.points[252:256].tolist()


def test_compact_fields_lie_in_the_widest_place():
    dumbbell = box(0, 0, 20, 20) | box(20, 8, 100, 12) | box(100, -20, 160, 40)
    assert (placed(dumbbell).first(100).points[:, 0] >= 100).all()


def test_points_and_places_on_the_grid_agree():
    found = placed(affinity.rotate(L_SHAPE, 20))
    turn = np.radians(found.angle_deg[0])
    along = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    moved = (found.cells - found.cells[0]) * 5.0 @ along
    assert moved + found.points[0] == pytest.approx(found.points)


shapes = st.lists(st.tuples(st.floats(-60, 60), st.floats(-60, 60)), min_size=3, max_size=9)


@settings(max_examples=60, deadline=None)
@given(
    outline=shapes,
    hole=st.tuples(st.floats(-40, 40), st.floats(-40, 40), st.floats(1, 40)),
    spacing=st.floats(3, 9),
)
def test_holes_stand_inside_and_never_nearer_than_the_spacing(outline, hole, spacing):
    x, y, size = hole
    ground = shapely.MultiPoint(outline).convex_hull.difference(box(x, y, x + size, y + size))
    if ground.area == 0:
        return
    found = placed(ground, spacing=spacing)
    assert shapely.dwithin(shapely.points(found.points), ground, 1e-5).all()
    assert len(found.points) < 2 or pdist(found.points).min() >= spacing - 1e-6
    assert len(found.points) <= (ground.area + spacing * ground.length + 4 * spacing**2) / spacing**2


@settings(max_examples=60, deadline=None)
@given(x=st.floats(0, 50), y=st.floats(0, 50), size=st.floats(1, 40), turn=st.floats(0, 90))
def test_a_hole_in_a_rectangle_never_raises_the_count(x, y, size, turn):
    less = PLOT - box(x, y, x + size, y + size)
    assert placed(affinity.rotate(less, turn, origin=(0, 0))).count[0] <= 144
