"""Far terrain: mountains outside a raster, against geometry and against one raster that holds them."""

import numpy as np
import pytest
from affine import Affine
from pyproj import CRS

from layers.city import Raster
from sun.far_terrain import EARTH_RADIUS_M, FarTerrain
from sun.sky import lit_from_horizon
from sun.sweep import irradiate, lit_bands
from tests.sun.greensboro import table

AROUND = 400  # fine cells on every side


def hills(rows, columns):
    """A basin among rounded hills, gentle enough to be told by cells of eight metres."""
    y, x = np.mgrid[:rows, :columns]
    ridge = 90 * np.exp(-(((x - columns * 0.2) / 60) ** 2)) + 70 * np.exp(-(((y - rows * 0.85) / 80) ** 2))
    return ridge + 10 * np.sin(x / 70) * np.cos(y / 90)


def coarse(height, cells):
    """Means of squares of cells, with the corner of the fine part as origin."""
    rows, columns = (size // cells for size in height.shape)
    means = height[: rows * cells, : columns * cells].reshape(rows, cells, columns, cells).mean(axis=(1, 3))
    return FarTerrain(means.astype(np.float32), float(cells), -float(AROUND), float(AROUND))


def ridge_in_the_south(distance_m, height_m, cell_m=50.0, reach_m=20_000.0):
    """Level land but for an endless ridge from west to east, with flanks of 45 degrees."""
    count = int(2 * reach_m / cell_m)
    south_m = (np.arange(count) + 0.5) * cell_m - reach_m - distance_m
    flanks = np.maximum(0.0, height_m - np.abs(south_m)).astype(np.float32)
    return FarTerrain(np.repeat(flanks[:, None], count, axis=1), cell_m, -reach_m, reach_m)


@pytest.mark.parametrize("shape", [(160, 230), (230, 160)])
def test_far_terrain_hides_what_one_large_raster_hides(shape):
    sky = table(azimuths=36, bands=24)
    whole = hills(shape[0] + 2 * AROUND, shape[1] + 2 * AROUND)
    near = whole[AROUND:-AROUND, AROUND:-AROUND].copy()
    rows, columns = (index.ravel() for index in np.mgrid[: shape[0] : 5, : shape[1] : 5])
    expected = lit_bands(whole, 1.0, sky, rows + AROUND, columns + AROUND, break_m=np.inf)
    alone = lit_bands(near, 1.0, sky, rows, columns, break_m=np.inf)
    wrong = []
    for cells in (8, 4, 2):
        with_far = lit_bands(near, 1.0, sky, rows, columns, break_m=np.inf, far=coarse(whole, cells))
        assert np.abs(with_far.astype(int) - expected).max() <= 1
        wrong.append(np.mean(with_far != expected))
    assert np.mean(alone != expected) > 0.1
    assert 0.012 > wrong[0] > wrong[1] > wrong[2]
    assert wrong[2] < 0.003


def test_light_behind_far_hills_is_that_of_one_large_raster():
    sky = table(azimuths=36, bands=24)
    whole = hills(160 + 2 * AROUND, 230 + 2 * AROUND)
    near = whole[AROUND:-AROUND, AROUND:-AROUND].copy()
    inside = slice(1, -1), slice(1, -1)  # slopes of the outermost cells know less
    expected = irradiate(whole, 1.0, sky)[AROUND:-AROUND, AROUND:-AROUND][inside]
    alone = np.abs(irradiate(near, 1.0, sky)[inside] - expected).mean() / expected.mean()
    with_far = irradiate(near, 1.0, sky, far=coarse(whole, 8))[inside]
    assert np.abs(with_far - expected).mean() / expected.mean() < 0.0005 < 0.015 < alone


def test_a_ridge_at_fifteen_kilometres_stands_at_its_angle_less_the_curvature_of_the_earth():
    distance, height, near = 15_000.0, 1400.0, np.zeros((40, 40))
    sky = table(bands=90)  # bands of one degree
    south = 36
    lit = lit_bands(near, 1.0, sky, [20], [20], far=ridge_in_the_south(distance + 25.0, height))[0, south]
    seen = np.degrees(np.arctan((height - 0.87 * distance**2 / (2 * EARTH_RADIUS_M)) / distance))
    assert seen == pytest.approx(5.28, abs=0.01)  # 5.33 on a flat earth
    expected = lit_from_horizon(np.full((1, 72), seen), sky)[0, south]
    assert lit == expected


def test_the_curvature_of_the_earth_decides_where_a_band_lies_between():
    distance, near = 30_000.0, np.zeros((9, 9))
    sky = table(bands=90)
    drop = 0.87 * distance**2 / (2 * EARTH_RADIUS_M)  # 61 m
    test = sky.tan_elevation[36, 10] * distance

    def seen(top):
        far = ridge_in_the_south(distance + 50.0, top, cell_m=100.0, reach_m=40_000.0)
        return int(lit_bands(near, 1.0, sky, [4], [4], far=far)[0, 36])

    assert seen(test + 0.5 * drop) == seen(test + 1.3 * drop) + 1


def test_an_endless_far_ridge_sinks_with_the_cosine_of_the_angle_to_its_normal():
    sky, distance = table(bands=90), 8000.0
    lit = lit_bands(
        np.zeros((60, 60)), 1.0, sky, [30], [30], far=ridge_in_the_south(distance + 25.0, 3000.0)
    )[0]
    away = np.cos(np.radians(sky.azimuth_deg - 180))
    ahead = away > 0.45  # further to the side the ridge ends before the terrain does
    drop = 0.87 * (distance / np.where(ahead, away, 1.0)) ** 2 / (2 * EARTH_RADIUS_M)
    seen = np.degrees(np.arctan((3000.0 - drop) * away / distance))
    expected = lit_from_horizon(np.where(ahead, seen, 0.0)[None], sky)[0]
    assert np.abs(lit.astype(int) - expected)[ahead].max() <= 1
    assert np.mean(lit[ahead] != expected[ahead]) < 0.1
    assert (lit[away < 0] == 90).all()


def test_level_land_all_around_changes_nothing():
    sky = table(azimuths=36, bands=12)
    near = np.random.default_rng(0).uniform(50, 60, (70, 90))
    far = FarTerrain(np.full((200, 200), 50.0, np.float32), 30.0, -3000.0, 3000.0)
    assert np.array_equal(irradiate(near, 1.0, sky, far=far), irradiate(near, 1.0, sky))


def test_missing_far_terrain_hides_nothing():
    sky = table(azimuths=36, bands=12)
    near = np.zeros((30, 50))
    far = FarTerrain(np.full((100, 100), np.nan, np.float32), 30.0, -1500.0, 1500.0)
    assert np.array_equal(irradiate(near, 1.0, sky, far=far), irradiate(near, 1.0, sky))


def raster(values, cell, west, north):
    return Raster(np.asarray(values, np.float32), Affine(cell, 0, west, 0, -cell, north), CRS.from_epsg(4547))


def test_terrain_that_ends_with_the_surface_is_not_far():
    near = raster(np.zeros((400, 300)), 1.0, 500_000.0, 3_400_000.0)
    assert FarTerrain.around(raster(np.zeros((40, 30)), 10.0, 500_000.0, 3_400_000.0), near) is None


def test_terrain_around_a_surface_lies_where_its_corner_says():
    near = raster(np.zeros((400, 300)), 1.0, 500_000.0, 3_400_000.0)
    far = FarTerrain.around(raster(np.zeros((500, 600)), 30.0, 495_000.0, 3_407_000.0), near)
    assert (far.cell_m, far.east_m, far.north_m) == (30.0, -5000.0, 7000.0)


def test_fine_terrain_around_a_surface_is_averaged_to_ten_metres():
    near = raster(np.zeros((40, 30)), 1.0, 500_000.0, 3_400_000.0)
    fine = np.add.outer(np.arange(800.0), np.zeros(600))
    far = FarTerrain.around(raster(fine, 0.5, 499_900.0, 3_400_150.0), near)
    assert (far.cell_m, far.height_m.shape) == (10.0, (40, 30))
    assert far.height_m[0] == pytest.approx(9.5)
