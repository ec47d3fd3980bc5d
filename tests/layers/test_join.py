"""Each roof belongs to one parcel, and counts once."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from core.jobs import Job
from layers.geometry import repair
from layers.join import join_to_parcels
from layers.parts import lay_out_parts
from standards import SHIPPED

EAST, NORTH = 500_000.0, 3_450_000.0


def box(west: float, south: float, east: float, north: float) -> Any:
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def fit(shapes: list[Any], ids: list[str], table: str, **columns: Any) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame({f"{table}_id": ids, **columns}, geometry=shapes, crs=4549)
    return repair(frame, table, Job())[0]


LEFT, RIGHT = box(0, 0, 100, 100), box(100, 0, 200, 100)


def parcels() -> gpd.GeoDataFrame:
    return fit([LEFT, RIGHT], ["L", "R"], "parcel")


def test_a_building_within_a_parcel_belongs_to_it():
    joined, problems = join_to_parcels(
        fit([box(10, 10, 30, 30)], ["A"], "building"), parcels(), SHIPPED, Job()
    )
    assert joined["parcel_id"].to_dict() == {"A": "L"}
    assert joined["parcel_share"].to_dict() == {"A": 1.0}
    assert problems == []


def test_a_building_with_a_tenth_beyond_the_boundary_belongs_whole_to_the_larger_side():
    joined, _ = join_to_parcels(fit([box(10, 0, 110, 20)], ["A"], "building"), parcels(), SHIPPED, Job())
    assert joined["parcel_id"].to_dict() == {"A": "L"}
    assert joined.geometry.iloc[0].area == pytest.approx(2000.0)


def test_a_building_with_three_tenths_beyond_the_boundary_is_cut_there():
    buildings = fit([box(30, 0, 130, 20)], ["A"], "building", gfa_m2=[4000.0])
    joined, problems = join_to_parcels(buildings, parcels(), SHIPPED, Job())
    assert joined["parcel_id"].to_dict() == {"A#1": "L", "A#2": "R"}
    assert joined["given_id"].to_list() == ["A", "A"]
    assert joined.area.to_list() == pytest.approx([1400.0, 600.0])
    assert joined["gfa_m2"].to_list() == pytest.approx([2800.0, 1200.0])
    assert problems[0].rows == ("A",)


def test_a_small_building_is_not_cut():
    joined, _ = join_to_parcels(fit([box(95, 0, 105, 9)], ["A"], "building"), parcels(), SHIPPED, Job())
    assert list(joined.index) == ["A"]


def test_a_building_in_two_overlapping_parcels_is_not_cut():
    twice = fit([LEFT, box(0, 0, 100, 99)], ["L", "M"], "parcel")
    joined, _ = join_to_parcels(fit([box(10, 10, 40, 40)], ["A"], "building"), twice, SHIPPED, Job())
    assert joined["parcel_id"].to_dict() == {"A": "L"}


def test_a_building_on_no_parcel_has_none_and_is_named():
    joined, problems = join_to_parcels(
        fit([box(10, 10, 30, 30), box(500, 0, 520, 20)], ["A", "B"], "building"), parcels(), SHIPPED, Job()
    )
    assert joined["parcel_id"].isna().to_dict() == {"A": False, "B": True}
    assert problems[0].rows == ("B",)


def test_a_building_that_reaches_beyond_all_parcels_is_named_with_its_area():
    joined, problems = join_to_parcels(
        fit([box(0, 90, 20, 110)], ["A"], "building"), parcels(), SHIPPED, Job()
    )
    assert joined["parcel_id"].to_dict() == {"A": "L"}
    assert "200 m²" in problems[0].said()


def test_a_given_parcel_holds_and_the_building_is_not_cut():
    buildings = fit([box(30, 0, 130, 20)], ["A"], "building", parcel_id=["R"])
    joined, _ = join_to_parcels(buildings, parcels(), SHIPPED, Job())
    assert joined["parcel_id"].to_dict() == {"A": "R"}


def test_a_given_parcel_that_does_not_exist_gives_way_to_the_place_and_is_named():
    buildings = fit([box(10, 10, 30, 30)], ["A"], "building", parcel_id=["X"])
    joined, problems = join_to_parcels(buildings, parcels(), SHIPPED, Job())
    assert joined["parcel_id"].to_dict() == {"A": "L"}
    assert problems[0].rows == ("A",)


def test_without_parcels_no_building_has_one():
    none = parcels().iloc[:0]
    joined, problems = join_to_parcels(fit([box(0, 0, 9, 9)], ["A"], "building"), none, SHIPPED, Job())
    assert joined["parcel_id"].isna().all()
    assert problems == []


EDGES = st.integers(0, 180)
BOXES = st.lists(st.tuples(EDGES, EDGES, st.integers(5, 80), st.integers(5, 80)), min_size=1, max_size=6)


@settings(deadline=None, max_examples=50)
@given(houses=BOXES, plots=BOXES)
def test_footprints_add_up_and_every_piece_stands_on_at_most_one_parcel(houses, plots):
    buildings = fit(
        [box(x, y, x + w, y + h) for x, y, w, h in houses], [str(n) for n in range(len(houses))], "building"
    )
    grounds = fit(
        [box(x, y, x + w, y + h) for x, y, w, h in plots], [str(n) for n in range(len(plots))], "parcel"
    )
    joined, _ = join_to_parcels(buildings, grounds, SHIPPED, Job())
    assert joined.index.is_unique
    assert joined.area.sum() == pytest.approx(buildings.area.sum())
    assert joined.groupby("given_id")["parcel_share"].sum().to_numpy() == pytest.approx(1.0)
    touching = buildings.geometry.intersects(grounds.union_all().buffer(-1e-6))
    assert set(joined.loc[joined["parcel_id"].notna(), "given_id"]) >= set(buildings.index[touching])


# Parts of buildings


def with_parts(**heights: float) -> gpd.GeoDataFrame:
    """An outline of 400 m² and a podium and a tower in it."""
    return fit(
        [box(0, 0, 20, 20), box(0, 0, 20, 20), box(0, 0, 10, 10)],
        ["A", "podium", "tower"],
        "building",
        kind=["building", "building_part", "building_part"],
        root_id=[np.nan, "A", "A"],
        height_m=[heights.get("outline", 60.0), heights.get("podium", 12.0), heights.get("tower", 60.0)],
        use=["hotel", None, None],
    )


def test_an_outline_gives_way_to_parts_that_cover_it():
    out, problems = lay_out_parts(with_parts(), SHIPPED)
    assert list(out.index) == ["podium", "tower"]
    assert problems[0].rows == ("A",)


def test_the_roof_under_a_tower_counts_only_once():
    out, _ = lay_out_parts(with_parts(), SHIPPED)
    assert out["roof_m2"].to_dict() == pytest.approx({"podium": 300.0, "tower": 100.0})


def test_a_part_without_height_takes_that_of_its_outline_as_derived():
    out, _ = lay_out_parts(with_parts(podium=np.nan), SHIPPED)
    assert out.loc["podium", ["height_m", "height_source"]].to_list() == [60.0, "derived"]


def test_parts_take_the_use_of_their_outline():
    out, _ = lay_out_parts(with_parts(), SHIPPED)
    assert out["use"].to_list() == ["hotel", "hotel"]


def test_an_outline_that_its_parts_cover_only_in_places_keeps_the_rest():
    frame = with_parts().drop(index="podium")
    out, problems = lay_out_parts(frame, SHIPPED)
    assert out.area.to_dict() == pytest.approx({"A": 300.0, "tower": 100.0})
    assert problems[0].rows == ("A",)


def test_a_part_without_outline_counts_as_building():
    out, problems = lay_out_parts(with_parts().drop(index="A"), SHIPPED)
    assert list(out.index) == ["podium", "tower"]
    assert problems[0].rows == ("podium", "tower")
