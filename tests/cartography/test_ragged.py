"""Ragged arrays hold exactly the given geometry, and find what lies where."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import GeometryCollection, LineString, MultiPoint, MultiPolygon, Point, Polygon, box

from cartography.ragged import Kind, Ragged

ZONE = 39_500_000.0  # eastings of the 39th 3-degree zone carry its number


@pytest.fixture(scope="module")
def scattered() -> tuple[np.ndarray, Ragged]:
    """Rotated quads, L shapes and courtyards, some wide, with a zone prefix in front of their eastings."""
    rng = np.random.default_rng(7)
    made = []
    for _ in range(600):
        x, y = ZONE + rng.uniform(0, 2000), 3_400_000 + rng.uniform(0, 2000)
        size = 400 if rng.random() < 0.02 else rng.uniform(5, 40)
        shape = box(x, y, x + size, y + size * rng.uniform(0.3, 1))
        if rng.random() < 0.2:
            shape = shape.difference(box(x + size * 0.3, y + size * 0.1, x + size * 0.6, y + size * 0.2))
        made.append(shapely.affinity.rotate(shape, rng.uniform(0, 90)))
    shapes = np.array(made, dtype=object)
    return shapes, Ragged.of(shapes)


def test_features_without_geometry_have_no_parts():
    ragged = Ragged.of(gpd.GeoSeries([box(0, 0, 1, 1), None, Polygon(), box(2, 0, 3, 1)]))
    assert ragged.features == 4
    assert ragged.part_feature.tolist() == [0, 3]


def test_a_layer_of_nothing_is_empty():
    ragged = Ragged.of([None, Polygon()])
    assert ragged.features == 2
    assert ragged.extent == (0.0, 0.0, 0.0, 0.0)
    assert ragged.query((-1, -1, 1, 1)).size == 0
    assert Ragged.of([]).features == 0


def test_the_parts_of_a_feature_share_its_row():
    ragged = Ragged.of([box(9, 9, 10, 10), MultiPolygon([box(0, 0, 1, 1), box(5, 0, 6, 1)])])
    assert ragged.part_feature.tolist() == [0, 1, 1]
    assert ragged.at(0.5, 0.5).tolist() == ragged.at(5.5, 0.5).tolist() == [1]


def test_of_a_collection_only_the_polygons_are_taken():
    mixed = GeometryCollection(
        [Point(0, 0), GeometryCollection([box(0, 0, 1, 1)]), LineString([(0, 0), (1, 1)])]
    )
    ragged = Ragged.of([mixed, Point(5, 5)])
    assert ragged.kind is Kind.POLYGON
    assert ragged.part_feature.tolist() == [0]


def test_heights_of_vertices_are_left_out():
    ragged = Ragged.of([Polygon([(0, 0, 7), (1, 0, 7), (1, 1, 7)])])
    assert ragged.xy.shape == (4, 2)


def test_parts_with_coordinates_that_are_not_finite_are_left_out():
    with np.errstate(invalid="ignore"):
        broken = shapely.linestrings([[0.0, 0.0], [np.nan, 1.0], [1.0, 1.0]])
    ragged = Ragged.of([broken, LineString([(0, 0), (1, 1)])])
    assert ragged.part_feature.tolist() == [1]


def test_lines_and_points_are_kinds_of_their_own():
    assert Ragged.of([LineString([(0, 0), (1, 1)])]).kind is Kind.LINE
    points = Ragged.of([Point(0, 0), MultiPoint([(1, 1), (2, 2)])])
    assert points.kind is Kind.POINT
    assert points.part_feature.tolist() == [0, 1, 1]


def test_holes_belong_to_the_part_around_them():
    ragged = Ragged.of([box(0, 0, 9, 9).difference(box(3, 3, 6, 6))])
    assert ragged.part_offsets.tolist() == [0, 2]
    assert ragged.at(4, 4).size == 0
    assert ragged.at(1, 1).tolist() == [0]
    assert ragged.sizes[1].tolist() == [72.0]


def test_more_features_than_a_slice_come_out_in_their_order(monkeypatch):
    monkeypatch.setattr("cartography.ragged.SLICE", 7)
    shapes = [box(3 * n, 0, 3 * n + 1, 1) if n % 5 else None for n in range(40)]
    ragged = Ragged.of(shapes)
    for row in range(40):
        assert ragged.at(3 * row + 0.5, 0.5).tolist() == ([row] if row % 5 else [])
    assert ragged.ring_offsets[-1] == len(ragged.xy)


def test_a_search_finds_every_box_that_meets_the_rectangle(scattered):
    shapes, ragged = scattered
    bounds = shapely.bounds(shapes)
    rng = np.random.default_rng(1)
    for size in (0.0, 10.0, 300.0, 1500.0):
        for _ in range(20):
            x, y = ZONE + rng.uniform(-50, 2050), 3_400_000 + rng.uniform(-50, 2050)
            meets = (bounds[:, 0] <= x + size) & (bounds[:, 2] >= x)
            meets &= (bounds[:, 1] <= y + size) & (bounds[:, 3] >= y)
            assert ragged.query((x, y, x + size, y + size)).tolist() == np.flatnonzero(meets).tolist()


def test_at_a_point_lies_what_contains_it(scattered):
    shapes, ragged = scattered
    rng = np.random.default_rng(2)
    for _ in range(300):
        x, y = ZONE + rng.uniform(0, 2000), 3_400_000 + rng.uniform(0, 2000)
        expected = np.flatnonzero(shapely.contains_xy(shapes, x, y))[::-1]
        assert ragged.at(x, y).tolist() == expected.tolist()


def test_a_rectangle_catches_what_meets_it_by_geometry_not_by_its_box(scattered):
    shapes, ragged = scattered
    rng = np.random.default_rng(3)
    for size in (1.0, 60.0, 700.0):
        for _ in range(20):
            x, y = ZONE + rng.uniform(0, 2000), 3_400_000 + rng.uniform(0, 2000)
            window = box(x, y, x + size, y + size)
            bounds = (x, y, x + size, y + size)
            assert np.array_equal(ragged.within(bounds), shapely.intersects(shapes, window))
            assert np.array_equal(ragged.within(bounds, wholly=True), shapely.within(shapes, window))


def test_a_feature_lies_wholly_within_only_with_all_its_parts():
    ragged = Ragged.of([MultiPolygon([box(0, 0, 1, 1), box(5, 0, 6, 1)])])
    assert not ragged.within((-1, -1, 2, 2), wholly=True).any()
    assert ragged.within((-1, -1, 7, 2), wholly=True).all()


def test_a_line_is_met_within_the_tolerance_only():
    ragged = Ragged.of([LineString([(0, 0), (100, 0)])])
    assert ragged.at(50, 2.9, 3.0).tolist() == [0]
    assert ragged.at(50, 3.1, 3.0).size == 0
    assert ragged.at(-2.9, 0, 3.0).tolist() == [0]


def test_the_extent_of_some_features_is_that_of_their_parts():
    ragged = Ragged.of([box(0, 0, 1, 1), None, box(4, 4, 6, 7)])
    assert ragged.extent_of(np.array([0, 2])) == (0.0, 0.0, 6.0, 7.0)
    assert ragged.extent_of(np.array([1])) == (0.0, 0.0, 0.0, 0.0)
