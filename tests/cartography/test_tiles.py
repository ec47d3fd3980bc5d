"""Tiles land where they belong in the city's reference system."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Transformer

from cartography.tiles import MOST_TILES, TILE_PX, Tile, place, warped, window_for
from cartography.view import View

TO_DEGREES = Transformer.from_crs(4545, 4490, always_xy=True).transform
X, Y = 585_000.0, 3_793_000.0  # Xi'an
VIEW = View.around((X, Y), 2.0, 400, 300)


@pytest.mark.parametrize("grid", ["mercator", "degrees"])
def test_every_pixel_shows_the_tile_pixel_of_its_own_longitude_and_latitude(grid):
    window = window_for(VIEW, TO_DEGREES, grid, (1, 18))
    inside = np.arange(TILE_PX)
    found = {  # each pixel of a tile holds its own place in the world
        tile: (
            (tile.y * TILE_PX + inside[:, None]) % 4096 * 4096 + (tile.x * TILE_PX + inside[None, :]) % 4096
        ).astype(np.uint32)
        for tile in window.tiles
    }
    picture = warped(VIEW, TO_DEGREES, grid, window, found)
    rows, columns = np.mgrid[0:300:37, 0:400:41]
    x, y = VIEW.to_world(columns + 0.5, rows + 0.5)
    expected = np.floor(place(grid, window.z, *map(np.asarray, TO_DEGREES(x, y)))).astype(int) % 4096
    got = picture[rows, columns].astype(int)
    assert np.abs(got % 4096 - expected[..., 0]).max() <= 1
    assert np.abs(got // 4096 - expected[..., 1]).max() <= 1


def test_the_world_of_web_mercator_is_one_tile_and_greenwich_its_middle():
    assert place("mercator", 0, np.array([0.0]), np.array([0.0]))[0] == pytest.approx((128, 128))


def test_a_tile_of_the_national_grid_in_degrees_begins_at_the_north_pole():
    assert place("degrees", 1, np.array([0.0]), np.array([90.0]))[0] == pytest.approx((256, 0))
    assert place("degrees", 1, np.array([0.0]), np.array([-90.0]))[0] == pytest.approx((256, 256))


def test_the_level_is_as_fine_as_the_pixels_and_never_needs_too_many_tiles():
    assert (
        window_for(VIEW, TO_DEGREES, "mercator", (1, 18)).z == 16
    )  # 2.4 m a pixel at the equator, 2.0 at 34° N
    large = View.around((X, Y), 2.0, 8000, 8000)
    assert len(window_for(large, TO_DEGREES, "mercator", (1, 18)).tiles) <= MOST_TILES
    assert window_for(VIEW, TO_DEGREES, "mercator", (1, 12)).z == 12


def test_a_missing_tile_stays_clear():
    window = window_for(VIEW, TO_DEGREES, "mercator", (1, 18))
    full = np.full((TILE_PX, TILE_PX), 0xFF00FF00, dtype=np.uint32)
    assert not warped(VIEW, TO_DEGREES, "mercator", window, {}).any()
    assert warped(VIEW, TO_DEGREES, "mercator", window, dict.fromkeys(window.tiles, full)).all()
    assert Tile(window.z, window.first_x, window.first_y) == window.tiles[0]
