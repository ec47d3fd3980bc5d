"""What single points above a surface see of the sky, against closed forms and against the sweep."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import CRS
from shapely.geometry import LineString, Point, box

from layers.city import Raster
from sun.sensors import points_in, sensor_lit
from sun.sky import SkyTable
from sun.sweep import lit_bands, plane_irradiation
from tests.sun.greensboro import table
from tests.sun.ray_march import marched_lit
from tests.sun.test_sweep import city

QINGHE = CRS.from_epsg(4545)


@pytest.fixture(scope="module")
def sky() -> SkyTable:
    return table("perez")


def surface(height: NDArray[np.floating]) -> Raster:
    """One metre a cell, the north-west corner at (0, rows)."""
    return Raster(height.astype(np.float32), Affine(1, 0, 0, 0, -1, len(height)), QINGHE)


def seen(ground: Raster, x: float, y: float, above_m: float, sky: SkyTable) -> NDArray[np.uint8]:
    return sensor_lit(ground, np.array([x]), np.array([y]), np.array([above_m]), sky)[0]


def behind(tangent: NDArray[np.floating], sky: SkyTable) -> NDArray[np.int64]:
    """Bands that a horizon leaves lit."""
    found: NDArray[np.int64] = (sky.tan_elevation >= tangent[:, None]).sum(axis=1)
    return found


def test_a_point_on_a_plain_sees_the_whole_sky(sky: SkyTable) -> None:
    assert (seen(surface(np.zeros((50, 50))), 25.5, 25.5, 3.0, sky) == sky.tan_elevation.shape[1]).all()


def test_a_point_outside_the_surface_or_on_unknown_ground_is_taken_as_unshaded(sky: SkyTable) -> None:
    walls = np.full((30, 30), 40.0)
    walls[10:20, 10:20] = np.nan
    for place in ((-5.0, 15.0), (15.5, 15.5)):
        assert (seen(surface(walls), *place, 1.0, sky) == sky.tan_elevation.shape[1]).all()


def test_an_endless_wall_stands_as_high_as_its_slope_towards_each_azimuth(sky: SkyTable) -> None:
    """20 m at 50 m in the east: 21.8°, 19.1° at 60° and 15.8° at 45°, tan h = H/d cos(azimuth less 90°)."""
    rows = 4001  # so that no azimuth used sees the end of the wall
    height = np.zeros((rows, 60))
    height[:, 55:] = 20.0
    lit = seen(surface(height), 5.0, rows / 2, 0.0, sky)
    east = np.cos(np.radians(sky.azimuth_deg - 90.0))
    clear = east > 0.1
    wall = np.where(clear, 20.0 / 50.0 * east, 0.0)
    nearer = behind(wall, sky) - behind(np.where(clear, 20.0 / 51.0 * east, 0.0), sky)
    assert (np.abs(lit.astype(int) - behind(wall, sky)) <= np.maximum(np.abs(nearer), 1))[clear].all()
    assert (lit == sky.tan_elevation.shape[1])[east < -0.01].all()


def test_the_height_of_a_sensor_is_taken_off_the_wall(sky: SkyTable) -> None:
    height = np.zeros((101, 101))
    height[:, 60:] = 12.0
    ground = surface(height)
    above = seen(ground, 50.5, 50.5, 12.0, sky)
    assert (above == sky.tan_elevation.shape[1]).all()
    assert seen(ground, 50.5, 50.5, 4.0, sky).sum() > seen(ground, 50.5, 50.5, 0.0, sky).sum()


@pytest.mark.parametrize("judge", ["sweep", "march"])
def test_sensors_on_the_surface_receive_what_the_cells_of_the_raster_receive(
    judge: str, sky: SkyTable
) -> None:
    """Against the sweep along sheared lines and against a finer march, read as blocks; limits of the sweep's own tests."""
    height = city(121, 121, seed=3)
    rows, columns = (found.ravel() for found in np.mgrid[5:116:4, 5:116:4])
    if judge == "sweep":
        known = lit_bands(height, 1.0, sky, rows, columns)
    else:
        known = marched_lit(height, 1.0, sky.azimuth_deg, sky.tan_elevation, rows, columns, bilinear=False)
    ground = surface(height)
    marched = sensor_lit(ground, columns + 0.5, len(height) - rows - 0.5, np.zeros(len(rows)), sky)
    expected, received = (plane_irradiation(lit, sky.whole_year, 0.0, 0.0)[:, 0] for lit in (known, marched))
    assert received.mean() == pytest.approx(expected.mean(), rel=0.016)
    assert np.abs(received - expected).mean() < 0.02 * expected.mean()


def test_the_same_in_a_grid_that_is_turned_against_true_north(sky: SkyTable) -> None:
    """A wall in the grid's east stands in the true azimuth of 90° plus the convergence."""
    height = np.zeros((201, 201))
    height[:, 120:] = 30.0
    at = np.array([100.5])
    step = float(sky.azimuth_deg[1] - sky.azimuth_deg[0])
    plain = sensor_lit(surface(height), at, at, np.zeros(1), sky)[0]
    dark = sky.tan_elevation.shape[1] - plain.astype(int)
    turned = sensor_lit(surface(height), at, at, np.zeros(1), sky, convergence_deg=step)[0]
    after = sky.tan_elevation.shape[1] - turned.astype(int)
    middle = [float((sky.azimuth_deg * some).sum() / some.sum()) for some in (dark, after)]
    assert middle[1] - middle[0] == pytest.approx(step, abs=0.5 * step)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 20), above=st.floats(0, 30), more=st.floats(0, 20))
def test_a_higher_sensor_never_sees_less(seed: int, above: float, more: float) -> None:
    sky, ground = table("perez"), surface(city(31, 31, seed))
    low, high = (seen(ground, 15.5, 15.5, height, sky) for height in (above, above + more))
    assert (high >= low).all()


@settings(max_examples=50, deadline=None)
@given(west=st.floats(0, 1e6), wide=st.floats(0.5, 500), deep=st.floats(0.5, 500), most=st.integers(1, 64))
def test_points_lie_within_their_shape_and_are_no_more_than_asked(
    west: float, wide: float, deep: float, most: int
) -> None:
    shapes = gpd.GeoSeries([box(west, 0, west + wide, deep), Point(1, 2), LineString([(0, 0), (9, 0)])])
    x, y, owner = points_in(shapes, most)
    assert set(owner) == {0, 1, 2}
    assert (np.bincount(owner) <= most).all()
    for number, shape in enumerate(shapes):
        mine = gpd.GeoSeries(gpd.points_from_xy(x[owner == number], y[owner == number]))
        assert mine.distance(shape).max() < 1e-6


def test_points_are_spread_over_the_whole_shape() -> None:
    """Sixteen points over 40 by 40 m stand ten metres apart, their middle that of the square."""
    x, y, _ = points_in(gpd.GeoSeries([box(0, 0, 40, 40)]), 16)
    assert sorted(set(x)) == [5, 15, 25, 35] == sorted(set(y))
    assert (x.mean(), y.mean()) == (20, 20)
