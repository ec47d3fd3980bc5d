"""Given shapes are mended, never lost in silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import translate

from core.jobs import Job
from core.problems import Problem, Severity
from layers.geometry import repair
from layers.overlaps import overlaps
from layers.spikes import without_spikes

EAST, NORTH = 500_000.0, 3_450_000.0


def at(shape: Any) -> Any:
    """A shape drawn near the origin, moved to where a city lies."""
    return None if shape is None else translate(shape, EAST, NORTH)


def table(
    *shapes: Any, ids: list[Any] | None = None, crs: int | None = 4549, **columns: Any
) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(columns, geometry=[at(shape) for shape in shapes], crs=crs)
    if ids is not None:
        frame["building_id"] = ids
    return frame


def found(problems: list[Problem], words: str) -> Problem:
    return next(problem for problem in problems if words in problem.message)


SQUARE = shapely.box(0, 0, 10, 10)
BOW_TIE = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])


def test_an_empty_layer_is_an_error():
    _, problems = repair(table(), "building", Job())
    assert [problem.severity for problem in problems] == [Severity.ERROR]


def test_one_sound_building_stays_as_it_is_and_nothing_is_said():
    fit, problems = repair(table(SQUARE, ids=["A"]), "building", Job())
    assert fit.geometry.iloc[0].equals_exact(at(SQUARE), 0)
    assert problems == []


def test_a_table_without_reference_system_is_an_error_and_is_not_guessed():
    _, problems = repair(table(SQUARE, crs=None), "building", Job())
    assert "reference system" in problems[0].said()


def test_a_table_in_degrees_is_an_error():
    frame = gpd.GeoDataFrame(geometry=[shapely.box(121.4, 31.2, 121.5, 31.3)], crs=4326)
    assert "in degrees" in repair(frame, "building", Job())[1][0].said()


def test_degrees_called_metres_are_an_error():
    frame = gpd.GeoDataFrame(geometry=[shapely.box(121.4, 31.2, 121.5, 31.3)], crs=4549)
    assert "look like degrees" in repair(frame, "building", Job())[1][0].said()


def test_web_mercator_is_an_error():
    assert "Web Mercator" in repair(table(SQUARE, crs=3857), "parcel", Job())[1][0].said()


def test_a_row_without_shape_is_kept_out_and_named():
    fit, problems = repair(table(SQUARE, None, shapely.Polygon(), ids=["A", "B", "C"]), "building", Job())
    assert list(fit.index) == ["A"]
    assert found(problems, "have no shape").rows == ("B", "C")


def test_coordinates_that_are_not_numbers_are_kept_out_and_named():
    broken = shapely.Polygon([(0, 0), (10, 0), (10, np.nan), (0, 10)])
    fit, problems = repair(table(SQUARE, broken, ids=["A", "B"]), "building", Job())
    assert list(fit.index) == ["A"]
    assert found(problems, "not numbers").rows == ("B",)


def test_a_bow_tie_keeps_both_its_wings():
    fit, problems = repair(table(BOW_TIE, ids=["A"]), "building", Job())
    assert fit.geometry.iloc[0].area == pytest.approx(50.0)
    assert "self-intersection" in found(problems, "were invalid").said()


def test_a_courtyard_stays_open():
    ring = SQUARE.difference(shapely.box(3, 3, 6, 6))
    fit, problems = repair(table(ring, ids=["A"]), "building", Job())
    assert fit.geometry.iloc[0].area == pytest.approx(91.0)
    assert problems == []


def test_several_parts_of_one_building_stay_one_row():
    both = shapely.MultiPolygon([SQUARE, shapely.box(20, 0, 30, 10)])
    fit, _ = repair(table(both, ids=["A"]), "building", Job())
    assert len(fit) == 1
    assert fit.geometry.iloc[0].area == pytest.approx(200.0)


def test_heights_in_coordinates_are_left_out():
    fit, problems = repair(table(shapely.force_3d(SQUARE, 12.0), ids=["A"]), "building", Job())
    assert not fit.geometry.iloc[0].has_z
    assert found(problems, "carry heights").severity is Severity.NOTE


def test_an_outline_drawn_as_closed_line_is_taken_as_area():
    fit, _ = repair(table(shapely.LineString(SQUARE.exterior), ids=["A"]), "building", Job())
    assert fit.geometry.iloc[0].area == pytest.approx(100.0)


def test_points_and_open_lines_are_no_buildings():
    frame = table(SQUARE, shapely.Point(1, 1), shapely.LineString([(0, 0), (5, 5)]), ids=["A", "B", "C"])
    fit, problems = repair(frame, "building", Job())
    assert list(fit.index) == ["A"]
    assert found(problems, "points or open lines").rows == ("B", "C")


def test_points_of_a_layer_of_points_stay():
    fit, problems = repair(table(shapely.Point(1, 1), shapely.Point(2, 2)), "facility", Job())
    assert len(fit) == 2
    assert {problem.severity for problem in problems} == {Severity.NOTE}


def test_a_spike_is_cut_off():
    spiked = shapely.Polygon([(0, 0), (10, 0), (10, 5), (40, 5.001), (10, 5.002), (10, 10), (0, 10)])
    fit, problems = repair(table(spiked, ids=["A"]), "building", Job())
    assert fit.total_bounds[2] == pytest.approx(EAST + 10)
    assert found(problems, "had spikes").rows == ("A",)


def test_a_narrow_wing_of_a_hand_is_no_spike():
    shape = shapely.Polygon([(0, 0), (10, 0), (10, 5), (20, 5), (20, 5.1), (10, 5.1), (10, 10), (0, 10)])
    shapes, had = without_spikes(np.array([shape], dtype=object))
    assert not had[0]
    assert shapes[0].equals_exact(shape, 0)


def test_vertices_on_one_spot_become_one():
    doubled = shapely.Polygon([(0, 0), (10, 0), (10, 0.0002), (10, 10), (0, 10)])
    fit, _ = repair(table(doubled, ids=["A"]), "building", Job())
    assert shapely.get_num_coordinates(fit.geometry.iloc[0]) == 5


def test_the_second_of_two_rows_with_one_id_gets_a_suffix():
    fit, problems = repair(table(SQUARE, shapely.box(20, 0, 30, 10), ids=["A", "A"]), "building", Job())
    assert list(fit.index) == ["A", "A_2"]
    assert list(fit["given_id"]) == ["A", "A"]
    assert found(problems, "got a suffix").rows == ("A_2",)


def test_a_suffix_never_takes_an_id_that_is_there():
    shapes = [shapely.box(20 * n, 0, 20 * n + 10, 10) for n in range(3)]
    fit, _ = repair(table(*shapes, ids=["A", "A", "A_2"]), "building", Job())
    assert sorted(fit.index) == ["A", "A_2", "A_3"]


def test_a_row_read_twice_counts_once():
    fit, problems = repair(table(SQUARE, SQUARE, ids=["A", "A"]), "building", Job())
    assert list(fit.index) == ["A"]
    assert found(problems, "repeat another row").severity is Severity.WARNING


def test_the_same_shape_under_two_ids_is_kept_and_named():
    fit, problems = repair(table(SQUARE, SQUARE, ids=["A", "B"]), "building", Job())
    assert list(fit.index) == ["A", "B"]
    assert found(problems, "same shape").rows == ("A", "B")


def test_ids_that_are_numbers_carry_no_decimal_point():
    fit, _ = repair(table(SQUARE, shapely.box(20, 0, 30, 10), ids=[40778072.0, np.nan]), "building", Job())
    assert list(fit.index) == ["40778072", "2"]


def test_a_strip_of_a_hundred_metres_and_ten_centimetres_is_a_sliver():
    _, problems = repair(table(shapely.box(0, 0, 100, 0.1), ids=["A"]), "parcel", Job())
    assert found(problems, "slivers")


def test_the_given_table_is_not_changed():
    frame = table(BOW_TIE, ids=["A"])
    before = frame.copy()
    repair(frame, "building", Job())
    assert frame.equals(before)


def test_overlapping_squares_are_found_with_their_common_area():
    fit, _ = repair(table(SQUARE, shapely.box(6, 0, 16, 10), shapely.box(16, 0, 20, 10)), "parcel", Job())
    pairs = overlaps(fit, Job())
    assert pairs[["first", "second"]].to_numpy().tolist() == [["1", "2"]]
    assert pairs["overlap_m2"].iloc[0] == pytest.approx(40.0)
    assert pairs["overlap_share"].iloc[0] == pytest.approx(0.4)


RINGS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=4, max_size=9, unique=True).map(
    lambda points: shapely.Polygon([(x / 2, y / 2) for x, y in points])
)


@settings(deadline=None, max_examples=60)
@given(shape=RINGS)
def test_mending_twice_changes_no_more_than_mending_once(shape):
    once, _ = repair(table(shape, ids=["A"]), "building", Job())
    if len(once):
        twice, _ = repair(once, "building", Job())
        assert twice.geometry.iloc[0].equals_exact(once.geometry.iloc[0], 0)


@settings(deadline=None, max_examples=60)
@given(shape=RINGS)
def test_a_mended_shape_is_valid_and_never_larger_than_what_its_outline_encloses(shape):
    fit, _ = repair(table(shape, ids=["A"]), "building", Job())
    enclosed = shapely.union_all(shapely.get_parts(shapely.polygonize([shapely.node(shape.exterior)])))
    for mended in fit.geometry:
        assert mended.is_valid
        assert mended.area <= enclosed.area + 0.5
        assert mended.area <= shape.convex_hull.area + 0.5


@settings(deadline=None, max_examples=40)
@given(shape=RINGS)
def test_a_valid_shape_keeps_its_area(shape):
    fit, _ = repair(table(shape, ids=["A"]), "building", Job())
    if shape.is_valid:
        assert fit.geometry.iloc[0].area == pytest.approx(shape.area, abs=0.05)


def test_göteborg_has_two_invalid_footprints_and_keeps_all(shared: Path):
    frame = gpd.read_file(shared / "data/lidar/goteborg_kronenhuset_buildings.gpkg")
    fit, problems = repair(frame, "building", Job())
    assert len(fit) == len(frame) == 137
    assert len(found(problems, "were invalid").rows) == 2
    assert fit.is_valid.all()


def test_suzhou_needs_no_mending(shared: Path):
    frame = gpd.read_file(shared / "data/cn_suzhou_buildings/suzhou_buildings.gpkg").to_crs(4549)
    fit, problems = repair(frame, "building", Job())
    assert len(fit) == 3076
    assert [problem.severity for problem in problems] == [Severity.NOTE]


def test_shanghai_rows_read_twice_from_two_tiles_count_once(shared: Path):
    frame = gpd.read_file(shared / "data/cn_shanghai_wuhan_osm/shanghai_buildings.gpkg").to_crs(4549)
    fit, problems = repair(frame.rename(columns={"id": "building_id"}), "building", Job())
    assert len(fit) == 1572 - 97
    assert len(found(problems, "repeat another row").rows) == 97
    assert fit.index.is_unique


@pytest.mark.slow
def test_a_hundred_thousand_footprints_are_mended_and_compared(shared: Path):
    path = shared / "data/us_nyc_buildings/nyc_buildings.gpkg.zip"
    frame = gpd.read_file(f"/vsizip/{path}/nyc_buildings.gpkg").to_crs(26918)
    fit, _ = repair(frame.rename(columns={"id": "building_id"}), "building", Job())
    pairs = overlaps(fit, Job())
    assert len(fit) == 113_089
    assert len(pairs) > 10_000
