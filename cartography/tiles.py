"""Tiles of web maps: which ones a view needs, and how they are brought into the city's reference system."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cartography.view import View
from core.compiled import kernel

TILE_PX = 256
MOST_TILES = 96  # of a picture; with more, a coarser level is taken
NODES = 17  # of the control grid in each direction; between them coordinates are interpolated
M_PER_DEGREE = 111_319.49  # of the equator of GRS 80
MOST_LATITUDE = 85.0511  # where the square of web Mercator ends

Grid = Literal["mercator", "degrees"]
ToDegrees = Callable[
    [NDArray[np.float64], NDArray[np.float64]], tuple[NDArray[np.float64], NDArray[np.float64]]
]


class Tile(NamedTuple):
    """Level, column from the west and row from the north."""

    z: int
    x: int
    y: int


@dataclass(frozen=True)
class Window:
    """The tiles of one level that a view needs: columns and rows, both ends included."""

    z: int
    first_x: int
    last_x: int
    first_y: int
    last_y: int

    @property
    def tiles(self) -> list[Tile]:
        """All of them, row by row."""
        return [
            Tile(self.z, x, y)
            for y in range(self.first_y, self.last_y + 1)
            for x in range(self.first_x, self.last_x + 1)
        ]


def place(
    grid: Grid, z: int, longitude: NDArray[np.float64], latitude: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Pixels from the north-west corner of the world at a level, shape (points, 2).

    Of EPSG:3857 (`mercator`) the world is one tile at level 0; of EPSG:4490 and 4326 (`degrees`) a tile of level z is
    360° / 2^z wide, as GB/T 35634 and the WMTS sets `c` have it.
    """
    size = TILE_PX * 2.0**z
    across = (longitude + 180.0) / 360.0
    if grid == "degrees":
        return np.stack([across * size, (90.0 - latitude) / 360.0 * size], axis=-1)
    sine = np.sin(np.radians(np.clip(latitude, -MOST_LATITUDE, MOST_LATITUDE)))
    down = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
    return np.stack([across * size, down * size], axis=-1)


def window_for(view: View, to_degrees: ToDegrees, grid: Grid, levels: tuple[int, int]) -> Window | None:
    """The tiles that show a view about as finely as its pixels; None where they would be too many even at the coarsest.

    Parameters
    ----------
    to_degrees : Callable
        Coordinates of the city to longitude and latitude.
    levels : (coarsest, finest)
        Levels there are.
    """
    longitude, latitude = _nodes(view, to_degrees)
    if not (np.isfinite(longitude).all() and np.isfinite(latitude).all()):
        return None
    degrees_per_px = view.m_per_px / M_PER_DEGREE
    if grid == "mercator":
        degrees_per_px /= max(0.05, math.cos(math.radians(float(latitude.mean()))))
    wanted = round(math.log2(360.0 / (TILE_PX * degrees_per_px)))
    for z in range(min(max(wanted, levels[0]), levels[1]), levels[0] - 1, -1):
        pixels = place(grid, z, longitude, latitude).reshape(-1, 2)
        low, high = np.floor(pixels.min(axis=0) / TILE_PX), np.floor(pixels.max(axis=0) / TILE_PX)
        most = 2**z - 1
        first_x, first_y = (int(max(0, value)) for value in low)
        last_x, last_y = (int(min(most, value)) for value in high)
        if (last_x - first_x + 1) * (last_y - first_y + 1) <= MOST_TILES:
            return (
                Window(z, first_x, last_x, first_y, last_y)
                if last_x >= first_x and last_y >= first_y
                else None
            )
    return None


def warped(
    view: View,
    to_degrees: ToDegrees,
    grid: Grid,
    window: Window,
    found: Mapping[Tile, NDArray[np.uint32]],
) -> NDArray[np.uint32]:
    """Tiles in the system of a view, as premultiplied ARGB; transparent where one is missing.

    Exact at the nodes of a grid of 17 by 17 points and bilinear between them: within a hundredth of a pixel for a city.
    """
    columns, rows = window.last_x - window.first_x + 1, window.last_y - window.first_y + 1
    mosaic = np.zeros((rows * TILE_PX, columns * TILE_PX), dtype=np.uint32)
    for tile in window.tiles:
        pixels = found.get(tile)
        if pixels is not None:
            top, left = (tile.y - window.first_y) * TILE_PX, (tile.x - window.first_x) * TILE_PX
            mosaic[top : top + TILE_PX, left : left + TILE_PX] = pixels
    nodes = place(grid, window.z, *_nodes(view, to_degrees))
    nodes -= np.array([window.first_x, window.first_y]) * TILE_PX
    picture = np.zeros((view.height_px, view.width_px), dtype=np.uint32)
    _sample(mosaic, np.ascontiguousarray(nodes), picture)
    return picture


def _nodes(view: View, to_degrees: ToDegrees) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitude and latitude of the nodes of the control grid, shape (17, 17)."""
    west, south, east, north = view.bounds
    x, y = np.meshgrid(np.linspace(west, east, NODES), np.linspace(north, south, NODES))
    longitude, latitude = to_degrees(x.ravel(), y.ravel())
    return np.asarray(longitude).reshape(NODES, NODES), np.asarray(latitude).reshape(NODES, NODES)


@kernel
def _sample(mosaic: NDArray[np.uint32], nodes: NDArray[np.float64], picture: NDArray[np.uint32]) -> None:
    """The pixel of the mosaic under the middle of each pixel of the picture."""
    height, width = picture.shape
    rows, columns = mosaic.shape
    steps_y, steps_x = nodes.shape[0] - 1, nodes.shape[1] - 1
    for row in range(height):
        down = (row + 0.5) / height * steps_y
        j = min(int(down), steps_y - 1)
        v = down - j
        for column in range(width):
            along = (column + 0.5) / width * steps_x
            i = min(int(along), steps_x - 1)
            u = along - i
            x = (nodes[j, i, 0] * (1 - u) + nodes[j, i + 1, 0] * u) * (1 - v) + (
                nodes[j + 1, i, 0] * (1 - u) + nodes[j + 1, i + 1, 0] * u
            ) * v
            y = (nodes[j, i, 1] * (1 - u) + nodes[j, i + 1, 1] * u) * (1 - v) + (
                nodes[j + 1, i, 1] * (1 - u) + nodes[j + 1, i + 1, 1] * u
            ) * v
            across, below = int(np.floor(x)), int(np.floor(y))
            if 0 <= across < columns and 0 <= below < rows:
                picture[row, column] = mosaic[below, across]
