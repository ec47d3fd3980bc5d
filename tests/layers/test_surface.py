"""The surface holds ground and roofs, and knows the building of every cell."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from core.jobs import Job
from core.problems import UserError
from layers.city import City, Raster
from layers.footprints import footprints_on_grid
from layers.geometry import repair
from layers.rasters import read_raster
from layers.surface import burn_surface, settle_surface, surface_of
from standards import SHIPPED

ZONE = CRS.from_epsg(4549)
EAST, NORTH = 500_000.0, 3_450_000.0


def box(west: float, south: float, east: float, north: float) -> Any:
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def houses(shapes: list[Any], heights: list[float], **columns: Any) -> gpd.GeoDataFrame:
    index = [chr(65 + n) for n in range(len(shapes))]
    return gpd.GeoDataFrame({"height_m": heights, **columns}, geometry=shapes, index=index, crs=4549)


def ground(height: Any, size: int = 60, cell: float = 1.0) -> Raster:
    """Ground around the origin: a function of metres east and north."""
    north, east = np.mgrid[size:-size:-cell, -size:size:cell]
    values = height(east + cell / 2, north - cell / 2) * np.ones_like(east)
    return Raster(values.astype("float32"), Affine(cell, 0, EAST - size, 0, -cell, NORTH + size), ZONE)


def burnt(buildings: gpd.GeoDataFrame, terrain: Raster | None = None, cell_m: float = 1.0) -> Any:
    return burn_surface(buildings, terrain, SHIPPED, Job(), crs=ZONE, cell_m=cell_m)


def at(raster: Raster, values: Any, east: float, north: float) -> float:
    column, row = ~raster.transform @ (EAST + east, NORTH + north)
    return float(values[int(row), int(column)])


def words(problems: Any) -> str:
    return " ".join(problem.said() for problem in problems)


def test_a_roof_of_ten_by_twenty_metres_covers_two_hundred_cells_of_one_metre():
    surface = burnt(houses([box(0, 0, 20, 10)], [12.0]))
    assert (surface.building == 0).sum() == 200
    assert set(np.unique(surface.height.values)) == {0.0, 12.0}


def test_without_terrain_the_ground_is_level_and_this_is_said():
    assert "taken as level" in words(burnt(houses([box(0, 0, 20, 10)], [12.0])).problems)


def test_the_margin_has_ten_cells():
    surface = burnt(houses([box(0, 0, 20, 10)], [12.0]), cell_m=2.0)
    assert surface.height.bounds == (EAST - 20, NORTH - 20, EAST + 40, NORTH + 30)


def test_a_courtyard_is_ground():
    yard = box(0, 0, 20, 20).difference(box(5, 5, 15, 15))
    surface = burnt(houses([yard], [12.0]))
    assert at(surface.height, surface.height.values, 10, 10) == 0.0
    assert (surface.building == 0).sum() == 300


def test_of_overlapping_parts_the_highest_wins():
    surface = burnt(houses([box(0, 0, 20, 20), box(0, 0, 10, 10), box(0, 0, 20, 20)], [12.0, 60.0, 6.0]))
    assert at(surface.height, surface.height.values, 5, 5) == 60.0
    assert at(surface.height, surface.building, 5, 5) == 1
    assert at(surface.height, surface.building, 15, 15) == 0
    assert not (surface.building == 2).any()


def test_on_a_gentle_slope_a_building_stands_on_the_median_of_its_ground():
    surface = burnt(houses([box(0, 0, 20, 10)], [10.0]), ground(lambda east, north: 50 + 0.1 * east))
    assert surface.base_m[0] == pytest.approx(51.0, abs=0.05)
    assert at(surface.height, surface.height.values, 10, 5) == pytest.approx(61.0, abs=0.05)


def test_on_steep_ground_a_building_stands_on_the_lowest():
    surface = burnt(houses([box(0, 0, 20, 10)], [30.0]), ground(lambda east, north: 50 + 0.5 * east))
    assert surface.base_m[0] == pytest.approx(50.25, abs=0.1)


def test_terrain_of_coarse_cells_is_sloped_and_buildings_stay_sharp():
    surface = burnt(
        houses([box(0, 0, 20, 10)], [10.0]), ground(lambda east, north: 50 + 0.1 * east, cell=10.0)
    )
    assert at(surface.ground, surface.ground.values, 3.5, -5) == pytest.approx(50.35, abs=0.01)
    row = surface.building[:, 15]
    assert set(np.unique(row)) == {-1, 0}


def test_a_building_outside_the_terrain_is_named():
    surface = burnt(
        houses([box(0, 0, 9, 9), box(200, 0, 209, 9)], [9.0, 9.0]), ground(lambda east, north: 50)
    )
    assert "where the terrain has no values" in words(surface.problems)
    assert surface.base_m.tolist() == [50.0, 50.0]
    assert np.isnan(at(surface.height, surface.height.values, 100, 5))


def test_a_kiosk_smaller_than_a_cell_gets_the_cell_it_lies_in():
    surface = burnt(houses([box(0.1, 0.1, 0.4, 0.4)], [3.0]), cell_m=2.0)
    assert (surface.building == 0).sum() == 1
    assert "too small for the grid" in words(surface.problems)


def test_a_hanging_part_is_said_to_cast_too_much_shade():
    frame = houses([box(0, 0, 20, 10)], [12.0], min_height_m=[6.0])
    assert "hangs above the ground" in words(burnt(frame).problems)


def test_a_building_without_height_is_named():
    assert burnt(houses([box(0, 0, 20, 10)], [np.nan])).problems[1].rows == ("A",)


def test_a_grid_too_large_is_refused_with_the_cell_that_fits():
    far = houses([box(0, 0, 9, 9), box(90_000, 90_000, 90_009, 90_009)], [9.0, 9.0])
    with pytest.raises(UserError, match=r"Choose cells of 4\.6 m or more"):
        burnt(far)


def test_a_city_without_buildings_has_no_surface():
    with pytest.raises(UserError, match="no buildings"):
        surface_of(City("x", ZONE), 1.0, Job())


def test_neighbours_wall_to_wall_share_no_cell_and_leave_none_between_them():
    walls = [0.0, 3.3, 7.7, 12.5, 20.0]
    shapes = [box(west, 0, east, 10) for west, east in itertools.pairwise(walls)]
    surface = burnt(houses(shapes, [5.0] * 4))
    assert (surface.building >= 0).sum() == 200


@settings(deadline=None, max_examples=40)
@given(
    points=st.lists(
        st.tuples(st.floats(0.2, 29.8), st.floats(0.2, 29.8)), min_size=3, max_size=8, unique=True
    )
)
def test_the_cells_of_a_footprint_are_those_whose_centre_is_inside(points):
    shape = shapely.make_valid(shapely.Polygon(points), method="structure", keep_collapsed=False)
    if shape.is_empty or shape.area < 0.5:
        return
    feet = footprints_on_grid(np.array([shape], dtype=object), Affine(1, 0, 0, 0, -1, 30), (30, 30))
    column, row = np.meshgrid(np.arange(30) + 0.5, 29.5 - np.arange(30))
    inside = shapely.contains_xy(shape, column, row)
    doubtful = shapely.distance(shape.boundary, shapely.points(column, row)) < 1e-9
    covered = np.zeros(900, dtype=bool)
    covered[feet.cells] = True
    if not feet.nearest[0]:
        assert (covered.reshape(30, 30) == inside)[~doubtful].all()


# Measured surfaces


def measured(shown: list[int]) -> tuple[gpd.GeoDataFrame, Raster]:
    """Three houses of 10 m, and a surface on level ground at 5 m that shows some of them."""
    shapes = [box(20 * n - 30, 0, 20 * n - 20, 10) for n in range(3)]

    def height(east: Any, north: Any) -> Any:
        inside = [shapely.contains_xy(shapes[n], EAST + east, NORTH + north) for n in shown]
        return np.where(np.any(inside, axis=0), 15.0, 5.0)

    return houses(shapes, [10.0] * 3), ground(height)


def test_a_measured_surface_is_used_as_it_is():
    frame, surface = measured([0, 1, 2])
    settled = settle_surface(frame, surface, None, SHIPPED, Job(), cell_m=1.0)
    np.testing.assert_array_equal(settled.height.values, surface.values)
    assert settled.measured
    assert settled.problems == ()


def test_without_terrain_a_measured_building_stands_on_the_ground_beside_it():
    frame, surface = measured([0, 1, 2])
    settled = settle_surface(frame, surface, None, SHIPPED, Job())
    assert settled.base_m.tolist() == [5.0, 5.0, 5.0]


def test_a_building_newer_than_the_surface_is_set_into_it_and_named():
    frame, surface = measured([0, 2])
    settled = settle_surface(frame, surface, None, SHIPPED, Job())
    assert at(settled.height, settled.height.values, -5, 5) == 15.0
    assert settled.problems[0].rows == ("B",)


def test_a_building_newer_than_the_surface_without_height_is_named():
    frame, surface = measured([0, 2])
    frame["height_m"] = np.nan
    settled = settle_surface(frame, surface, None, SHIPPED, Job())
    assert "no height to use instead" in words(settled.problems)
    np.testing.assert_array_equal(settled.height.values, surface.values)


def test_a_given_height_far_from_the_measured_one_is_named():
    frame, surface = measured([0, 1, 2])
    frame.loc["A", "height_m"] = 30.0
    settled = settle_surface(frame, surface, None, SHIPPED, Job())
    assert settled.problems[0].rows == ("A",)


def test_a_surface_of_much_finer_cells_is_averaged_and_this_is_said():
    frame, _ = measured([0, 1, 2])
    fine = ground(lambda east, north: 5.0, cell=0.25)
    settled = settle_surface(frame, fine, None, SHIPPED, Job(), cell_m=1.0)
    assert settled.height.cell_m == 1.0
    assert "averaged" in words(settled.problems)


def test_a_city_with_a_measured_surface_uses_it():
    frame, surface = measured([0, 1, 2])
    city = City("x", ZONE, {"building": frame}, {"surface": surface})
    assert surface_of(city, 1.0).measured
    assert not surface_of(replace(city, rasters={}), 1.0).measured


def test_roofs_in_manhattan_match_the_laser_heights(shared: Path):
    frame = gpd.read_file(shared / "data/lidar/nyc_ccny_buildings_osm.gpkg").rename(
        columns={"height": "height_m"}
    )
    frame, _ = repair(frame, "building", Job())
    dsm, _ = read_raster(shared / "data/lidar/nyc_ccny_dsm_1m.tif")
    dtm, _ = read_raster(shared / "data/lidar/nyc_ccny_dtm_1m.tif")
    settled = settle_surface(frame, dsm, dtm, SHIPPED, Job())
    roofs = settled.height.values - settled.ground.values
    rows = np.unique(settled.building[settled.building >= 0])
    found = np.array([np.nanmedian(roofs[settled.building == row]) for row in rows])
    assert np.median(found - frame["height_m"].to_numpy()[rows]) == pytest.approx(0.1, abs=0.3)


@pytest.mark.slow
def test_a_hundred_thousand_buildings_are_burnt_at_two_metres(shared: Path):
    path = shared / "data/us_nyc_buildings/nyc_buildings.gpkg.zip"
    frame = gpd.read_file(f"/vsizip/{path}/nyc_buildings.gpkg").to_crs(26918)
    frame, _ = repair(frame.rename(columns={"id": "building_id", "height": "height_m"}), "building", Job())
    burn_surface(frame.iloc[:10], None, SHIPPED, Job(), crs=frame.crs, cell_m=2.0)  # compiles
    surface = burn_surface(frame, None, SHIPPED, Job(), crs=frame.crs, cell_m=2.0)
    assert (surface.building >= 0).sum() * 4 == pytest.approx(30.9e6, rel=0.01)
