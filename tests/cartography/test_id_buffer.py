"""The id buffer agrees with exact geometry: no gap, no overlap, nothing lost."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from cartography.frame import rasterised
from cartography.id_buffer import fill_polygons
from cartography.layers import StyledLayer
from cartography.ragged import Ragged
from cartography.view import View
from tests.cartography.stored_shapes import STORED, id_buffers, shapes

ZONE = 39_500_000.0


def ids(shapes, view: View, sub_pixels: int = 2) -> np.ndarray:
    stop = np.zeros(1, np.uint8)
    return rasterised(StyledLayer("layer", "", Ragged.of(shapes)), view, sub_pixels, stop).buffer


def centres(view: View, sub_pixels: int) -> tuple[np.ndarray, np.ndarray]:
    """World coordinates of all sub-pixel centres."""
    step = view.m_per_px / sub_pixels
    x = view.west + (np.arange(view.width_px * sub_pixels) + 0.5) * step
    y = view.north - (np.arange(view.height_px * sub_pixels) + 0.5) * step
    return np.meshgrid(x, y)


def tessellation(seed: int, cells: int = 20, size: float = 5.0) -> list[Polygon]:
    """Quads that cover a square without gap, their inner corners moved about."""
    rng = np.random.default_rng(seed)
    corners = np.stack(np.meshgrid(np.arange(cells + 1.0), np.arange(cells + 1.0)), axis=-1) * size
    corners[1:-1, 1:-1] += rng.uniform(-0.4, 0.4, (cells - 1, cells - 1, 2)) * size
    corners += (ZONE, 3_400_000)
    return [
        Polygon([corners[r, c], corners[r, c + 1], corners[r + 1, c + 1], corners[r + 1, c]])
        for r in range(cells)
        for c in range(cells)
    ]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), m_per_px=st.floats(0.2, 3.0))
def test_neighbours_leave_no_gap_and_the_order_of_drawing_does_not_matter(seed, m_per_px):
    cells = tessellation(seed)
    view = View.fitting(
        (ZONE + 5, 3_400_005, ZONE + 95, 3_400_095), round(90 / m_per_px), round(90 / m_per_px)
    )
    forwards = ids(cells, view)
    backwards = ids(cells[::-1], view)
    assert (forwards > 0).all()
    assert np.array_equal(forwards, len(cells) + 1 - backwards)


def test_the_direction_in_which_a_ring_is_stored_does_not_matter():
    cells = tessellation(4)
    turned = [cell.reverse() if n % 2 else cell for n, cell in enumerate(cells)]
    view = View.fitting((ZONE, 3_400_000, ZONE + 100, 3_400_100), 173, 173)
    assert np.array_equal(ids(cells, view), ids(turned, view))


def test_every_sub_pixel_holds_the_polygon_that_contains_its_centre():
    cells = tessellation(5)
    view = View.fitting((ZONE - 3, 3_399_997, ZONE + 103, 3_400_103), 97, 97)
    x, y = centres(view, 2)
    expected = np.zeros(x.shape, dtype=np.int32)
    for row, cell in enumerate(cells):
        expected[shapely.contains_xy(cell, x, y)] = row + 1
    assert np.array_equal(ids(cells, view), expected)


def test_a_parcel_of_20_000_vertices_with_a_hole_is_filled_exactly():
    angle = np.linspace(0, 2 * np.pi, 20_000, endpoint=False)
    radius = 80 + 15 * np.sin(37 * angle) + np.random.default_rng(0).uniform(-1, 1, angle.size)
    outer = np.stack([ZONE + radius * np.cos(angle), 3_400_000 + radius * np.sin(angle)], axis=1)
    parcel = Polygon(outer, [[(ZONE - 20, 3_399_980), (ZONE + 20, 3_399_990), (ZONE, 3_400_030)]])
    view = View.fitting((ZONE - 100, 3_399_900, ZONE + 100, 3_400_100), 150, 150)
    x, y = centres(view, 2)
    assert np.array_equal(ids([parcel], view) > 0, shapely.contains_xy(parcel, x, y))


def test_a_hole_shows_what_lies_below():
    below, above = box(0, 0, 10, 10), box(0, 0, 10, 10).difference(box(4, 4, 6, 6))
    drawn = ids([below, above], View(0, 10, 1.0, 10, 10), 1)
    assert drawn[5, 5] == 1
    assert drawn[1, 1] == 2


def test_all_parts_of_a_feature_carry_its_id():
    shapes = [None, Polygon(), MultiPolygon([box(0, 0, 2, 2), box(6, 6, 8, 8)])]
    drawn = ids(shapes, View(0, 8, 1.0, 8, 8), 1)
    assert drawn[7, 0] == drawn[0, 7] == 3
    assert set(np.unique(drawn)) == {0, 3}


def test_buildings_smaller_than_a_sub_pixel_do_not_vanish():
    rng = np.random.default_rng(0)
    places = rng.permutation(400)[:50]
    huts = [box(n % 20 + 0.3, n // 20 + 0.3, n % 20 + 0.35, n // 20 + 0.35) for n in places]
    drawn = ids(huts, View(0, 20, 1.0, 20, 20), 1)
    assert sorted(np.unique(drawn)) == [0, *range(1, 51)]


def test_features_across_the_rim_are_drawn_up_to_it():
    view = View(0, 10, 1.0, 10, 10)
    drawn = ids([box(-1e6, -1e6, 1e6, 5), box(8, 8, 12, 12), box(20, 20, 30, 30)], view, 1)
    assert (drawn[5:] == 1).all()
    assert (drawn[:2, 8:] == 2).all()
    assert (drawn > 0).sum() == 50 + 4


def test_a_zone_prefix_moves_nothing():
    shapes = tessellation(6)
    moved = [shapely.transform(shape, lambda xy: xy - (ZONE, 3_400_000)) for shape in shapes]
    near = ids(moved, View(0, 100, 0.5, 200, 200))
    far = ids(shapes, View(ZONE, 3_400_100, 0.5, 200, 200))
    assert (near != far).mean() < 1e-4  # float64 keeps nanometres at 39 500 km


def test_a_set_flag_stops_the_kernel_before_it_draws():
    ragged = Ragged.of([box(0, 0, 10, 10)])
    buffer = np.zeros((10, 10), np.int32)
    geometry = (ragged.xy, ragged.ring_offsets, ragged.part_offsets, ragged.part_feature, ragged.bounds)
    done = fill_polygons(*geometry, np.array([0]), 0.0, 10.0, 1.0, buffer, np.ones(1, np.uint8))
    assert not done
    assert not buffer.any()


@pytest.mark.parametrize("shape", [LineString([(3, 3), (25, 31), (40, 8)]), Point(20.3, 20.8)])
def test_a_line_covers_what_is_within_half_its_width_and_a_point_is_a_disc(shape):
    view = View(0, 45, 1.0, 45, 45)
    layer = StyledLayer("layer", "", Ragged.of([shape]), line_px=5.0, point_px=5.0)
    drawn = rasterised(layer, view, 2, np.zeros(1, np.uint8)).buffer > 0
    x, y = centres(view, 2)
    away = shapely.distance(shape, shapely.points(x, y))
    assert drawn[away < 2.5 - 1e-9].all()
    assert not drawn[away > 2.5 + 1e-9].any()


def test_the_kernels_have_one_compiled_variant():
    ids([box(0, 0, 1, 1)], View(0, 1, 1.0, 4, 4))
    ids([box(ZONE, 0, ZONE + 1, 1)], View(ZONE, 1, 0.1, 40, 40), 3)
    assert len(fill_polygons.signatures) == 1


def test_buffers_of_fixed_shapes_are_those_that_were_stored():
    drawn = id_buffers()
    with np.load(STORED) as stored:
        assert set(stored.files) == set(drawn)
        differing = [name for name in drawn if not np.array_equal(stored[name], drawn[name])]
    assert differing == []


def test_the_stored_buffers_hold_every_shape_even_those_smaller_than_a_pixel():
    there = {n + 1 for n, one in enumerate(shapes()["polygons"]) if one is not None and not one.is_empty}
    with np.load(STORED) as stored:
        for name in ("polygons 1 m 1", "polygons 3 m 2"):
            assert set(np.unique(stored[name])) - {0} == there
        court = stored["polygons 0.25 m 1"]
    row, column = round(48 - (7.6 + 1) / 0.25) % 48, round((7.2 + 1) / 0.25)
    assert court.shape == (48, 72) and court[row, column] == 0  # the hole of the court
