"""Areas are split, merged and reshaped exactly, and a faulty outline is found at its place."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from core.problems import UserError
from layers.shapes import Corner, Outline, area_of, fault_of, merge, overlaps, split, together

SQUARE = box(0, 0, 100, 100)
RING = Polygon(SQUARE.exterior, [box(40, 40, 60, 60).exterior])


def areas(pieces):
    return [round(piece.area, 6) for piece in pieces]


def test_a_line_through_a_square_gives_two_pieces_the_largest_first():
    assert areas(split(SQUARE, [(30, -10), (30, 110)])) == [7000, 3000]


def test_a_line_that_ends_on_the_edges_cuts_too():
    assert areas(split(SQUARE, [(30, 0), (30, 100)])) == [7000, 3000]


def test_a_line_that_ends_just_short_of_an_edge_was_meant_to_reach_it():
    assert areas(split(SQUARE, [(30, 1e-9), (30, 100 - 1e-9)])) == [7000, 3000]


@pytest.mark.parametrize(
    "line",
    [
        [(-10, 200), (110, 200)],  # misses
        [(30, -10), (30, 50)],  # ends inside
        [(0, 0), (0, 100)],  # runs along an edge
        [(50, 50), (50, 50)],  # no line
        [(-10, 110), (0, 100), (-10, 90)],  # touches a corner
    ],
)
def test_a_line_that_does_not_pass_through_cuts_nothing(line):
    with pytest.raises(UserError, match="does not cut"):
        split(SQUARE, line)


def test_a_cut_through_a_hole_leaves_no_hole():
    pieces = split(RING, [(50, -10), (50, 110)])
    assert areas(pieces) == [4800, 4800]
    assert not any(piece.interiors for piece in pieces)


def test_a_cut_beside_a_hole_keeps_it():
    pieces = split(RING, [(20, -10), (20, 110)])
    assert [len(piece.interiors) for piece in pieces] == [1, 0]


def test_from_edge_to_hole_is_no_cut():
    with pytest.raises(UserError, match="does not cut"):
        split(RING, [(50, -10), (50, 50)])


def test_a_part_that_the_line_misses_stays_with_the_largest_piece():
    pieces = split(MultiPolygon([SQUARE, box(500, 0, 510, 10)]), [(30, -10), (30, 110)])
    assert areas(pieces) == [7100, 3000] and pieces[0].geom_type == "MultiPolygon"


def test_a_zigzag_cuts_into_as_many_pieces_as_it_crosses():
    assert len(split(SQUARE, [(-10, 20), (110, 20), (110, 60), (-10, 60)])) == 3


@given(st.floats(1, 99), st.floats(1, 99))
def test_pieces_add_up_to_the_whole(low, high):
    pieces = split(SQUARE, [(low, -10), (high, 110)])
    assert sum(piece.area for piece in pieces) == pytest.approx(SQUARE.area)


def test_two_neighbours_become_one_area():
    assert merge([SQUARE, box(100, 0, 150, 100)]).equals(box(0, 0, 150, 100))


def test_a_gap_of_a_few_millimetres_is_closed():
    merged = merge([SQUARE, box(100.005, 0, 150, 100)])
    assert merged.geom_type == "Polygon" and not merged.interiors
    assert merged.area == pytest.approx(15_000, abs=0.6)


def test_three_in_a_row_merge_in_any_order():
    first, last = box(-50, 0, 0, 100), box(100, 0, 150, 100)
    assert merge([first, last, SQUARE]).area == pytest.approx(20_000)


def test_what_a_split_parted_is_merged_again():
    assert merge(split(RING, [(50, -10), (50, 110)])).area == pytest.approx(RING.area)


@pytest.mark.parametrize("other", [box(200, 0, 300, 100), box(100, 100, 200, 200)])
def test_shapes_apart_or_touching_at_a_corner_do_not_merge(other):
    with pytest.raises(UserError, match="share an edge"):
        merge([SQUARE, other])


def test_a_moved_corner_moves_nothing_else():
    moved = Outline.of(RING).moved(Corner(0, 0, 0), 120.0, -20.0).shape
    assert moved.area == pytest.approx(RING.area + 2000) and len(moved.interiors) == 1


def test_a_new_corner_on_an_edge_changes_no_area():
    outline = Outline.of(SQUARE)
    first = outline.corners[0]
    assert outline.inserted(first, *outline.middle(first)).shape.equals(SQUARE)


def test_a_square_without_a_corner_is_a_triangle_and_a_triangle_keeps_its_three():
    triangle = Outline.of(SQUARE).removed(Corner(0, 0, 1))
    assert triangle.shape.area == pytest.approx(5000)
    with pytest.raises(UserError, match="three corners"):
        triangle.removed(Corner(0, 0, 0))


def test_a_hole_left_with_two_corners_vanishes():
    outline = Outline.of(Polygon(SQUARE.exterior, [[(40, 40), (60, 40), (50, 60)]]))
    assert outline.removed(Corner(0, 1, 0)).shape.equals(SQUARE)


def test_a_shifted_outline_keeps_its_holes():
    assert (
        Outline.of(RING)
        .shifted(10, -5)
        .shape.equals(shapely.transform(RING, lambda xy: np.add(xy, (10, -5))))
    )


def test_a_bow_tie_is_at_fault_where_it_crosses_itself():
    fault = fault_of(area_of([(0, 0), (100, 100), (100, 0), (0, 100)]))
    assert fault is not None and (fault.x, fault.y) == (50.0, 50.0)


@pytest.mark.parametrize("corners", [[], [(0, 0)], [(0, 0), (1, 1), (0, 0)], [(0, 0), (1, 0), (2, 0)]])
def test_too_few_corners_or_all_on_a_line_enclose_nothing(corners):
    assert fault_of(area_of(corners)) is not None


def test_a_sound_square_has_no_fault():
    assert fault_of(area_of([(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)])) is None


def test_overlaps_are_said_by_area_and_shared_edges_are_none():
    others = {"beside": box(100, 0, 200, 100), "over": box(90, 0, 190, 10)}
    assert overlaps(SQUARE, others) == {"over": pytest.approx(100.0)}


def test_a_shared_corner_moves_with_its_neighbour():
    moved = together(box(100, 0, 200, 100), (100.0, 0.0), (110.0, 0.0))
    assert moved.area == pytest.approx(9500)
    assert together(box(300, 0, 400, 100), (100.0, 0.0), (110.0, 0.0)) is None
