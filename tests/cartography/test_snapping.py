"""A place near a corner or an edge is put on it, corners first."""

from __future__ import annotations

import numpy as np
import pytest
from shapely.geometry import Point, box

from cartography.ragged import Ragged
from cartography.snapping import Onto, Snapped, runs_near, snap

SQUARE = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0], [0.0, 0.0]])


def test_a_corner_within_reach_goes_before_a_nearer_edge():
    assert snap(96.0, 1.0, 5.0, [SQUARE]) == Snapped(100.0, 0.0, Onto.CORNER)


def test_a_place_near_an_edge_goes_to_its_foot():
    assert snap(50.0, 3.0, 5.0, [SQUARE]) == Snapped(50.0, 0.0, Onto.EDGE)


def test_nothing_is_snapped_to_out_of_reach():
    assert snap(50.0, 50.0, 5.0, [SQUARE]) is None


def test_of_two_shapes_the_nearer_corner_is_taken():
    found = snap(101.0, 0.0, 5.0, [SQUARE, np.add(SQUARE, (101.5, 0.0))])
    assert (found.x, found.y) == (101.5, 0.0)


def test_an_edge_of_no_length_is_a_place():
    assert snap(1.0, 0.0, 5.0, [np.array([[3.0, 0.0], [3.0, 0.0]])]) == Snapped(3.0, 0.0, Onto.CORNER)


def test_an_empty_run_is_passed_over():
    assert snap(0.0, 0.0, 5.0, [np.zeros((0, 2))]) is None


@pytest.mark.parametrize(("x", "count"), [(50.0, 1), (100.0, 2), (500.0, 0)])
def test_only_rings_whose_box_is_near_are_looked_at(x, count):
    layer = Ragged.of([box(0, 0, 100, 100), box(101, 0, 200, 100)])
    assert len(runs_near(layer, x, 50.0, 2.0)) == count


def test_points_have_no_edges_to_snap_to():
    assert runs_near(Ragged.of([Point(0, 0)]), 0.0, 0.0, 5.0) == []
