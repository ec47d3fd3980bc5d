"""Walls: the outer walls of buildings from their footprints, in storeys, and the places in front of them that see sky."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.geometry import shapes_of
from layers.surface import Surface

# The receiving cell lies this far in front of the wall: nearer, the staircase in which an oblique wall stands on
# the grid would shade its own wall.
IN_FRONT_CELLS = 0.75


@dataclass(frozen=True)
class Walls:
    """Outer walls, and columns of receivers in front of them.

    Parameters
    ----------
    walls : DataFrame
        `building` (row number), `x0`, `y0`, `x1`, `y1` [m], `azimuth_deg` (true, outward), `length_m`, `bottom_m`,
        `top_m` (heights above the datum), `levels`, `storey_m`.
    wall : ndarray of int64, shape (columns,)
        Wall of each column.
    rows, columns : ndarray of int64, shape (columns,)
        Receiving cell of each column.
    hidden_m : ndarray of float64, shape (columns,)
        Height up to which ground or a touching neighbour hides the wall there. [m]
    """

    walls: pd.DataFrame
    wall: NDArray[np.int64]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    hidden_m: NDArray[np.float64]

    @property
    def first(self) -> NDArray[np.int64]:
        """Where the receivers of each column begin: one for each level, the lowest first; one longer."""
        levels = self.walls["levels"].to_numpy()[self.wall]
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(levels)])


def walls_of(
    buildings: gpd.GeoDataFrame,
    surface: Surface,
    *,
    storey_m: NDArray[np.float64],
    spacing_m: float,
    least_length_m: float,
    simplify_m: float,
    convergence_deg: float,
    only: NDArray[np.int64] | None = None,
) -> Walls:
    """Outer walls of buildings.

    Parameters
    ----------
    buildings : GeoDataFrame
        With `height_m`, and where known `min_height_m`.
    surface : Surface
        With the ground under every building; a measured one also gives the height of each wall.
    storey_m : ndarray, shape (buildings,)
        Height of a storey of each building. [m]
    spacing_m : float
        Distance between two columns of receivers along a wall. [m]
    least_length_m, simplify_m : float
        Shorter walls are left out; outlines are simplified by so much first. [m]
    convergence_deg : float
        True azimuth less grid azimuth. [°]
    only : ndarray of int, optional
        Row numbers of the buildings whose walls are wanted; all without it.

    Notes
    -----
    A wall is the side of an outline or of a court. Its levels are storeys of equal height from its foot to the
    roof. Where a neighbour touches it, what the neighbour covers is hidden. Walls whose receivers lie outside the
    surface, or stand where it is unknown, are left out.
    """
    x, y, owner = _sides(buildings, simplify_m)
    length = np.hypot(x[:, 1] - x[:, 0], y[:, 1] - y[:, 0])
    kept = length >= least_length_m
    if only is not None:
        kept &= np.isin(owner, only)
    x, y, owner, length = x[kept], y[kept], owner[kept], length[kept]
    east, north = (
        (y[:, 1] - y[:, 0]) / length,
        -(x[:, 1] - x[:, 0]) / length,
    )  # outward, the building to the left
    count = np.maximum(1, np.round(length / max(spacing_m, surface.height.cell_m))).astype(np.int64)
    wall = np.repeat(np.arange(len(length)), count)
    step = np.arange(len(wall)) - np.repeat(np.cumsum(count) - count, count)
    along = (step + 0.5) / count[wall]
    middle_x = x[wall, 0] + along * (x[wall, 1] - x[wall, 0])
    middle_y = y[wall, 0] + along * (y[wall, 1] - y[wall, 0])
    front = IN_FRONT_CELLS * surface.height.cell_m
    outer = _cells(surface, middle_x + front * east[wall], middle_y + front * north[wall])
    inner = _cells(surface, middle_x - front * east[wall], middle_y - front * north[wall])
    hidden = _heights(surface, *outer)

    bottom, top = _feet_and_tops(buildings, surface, owner, wall, inner, len(length))
    high = top - bottom
    levels = np.where(high > 0, np.maximum(1, np.round(high / storey_m[owner])), 0)
    levels = np.where(np.isfinite(levels), levels, 0).astype(np.int64)
    walls = pd.DataFrame(
        {
            "building": owner,
            "x0": x[:, 0],
            "y0": y[:, 0],
            "x1": x[:, 1],
            "y1": y[:, 1],
            "azimuth_deg": (np.degrees(np.arctan2(east, north)) + convergence_deg) % 360.0,
            "length_m": length,
            "bottom_m": bottom,
            "top_m": top,
            "levels": levels,
            "storey_m": np.where(levels > 0, high / np.maximum(levels, 1), 0.0),
        }
    )
    seen = np.isfinite(hidden) & (levels[wall] > 0)
    whole = np.bincount(wall, weights=seen, minlength=len(walls)) > 0
    number = np.cumsum(whole) - 1
    return Walls(
        walls[whole].reset_index(drop=True), number[wall[seen]], outer[0][seen], outer[1][seen], hidden[seen]
    )


def _sides(
    buildings: gpd.GeoDataFrame, simplify_m: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Ends of all sides of all outlines, the building to their left, and the building of each; shape (sides, 2)."""
    shapes = shapely.simplify(shapes_of(buildings), simplify_m, preserve_topology=True)
    rings, ring_owner = shapely.get_rings(shapely.orient_polygons(shapes), return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    x = np.column_stack([points[:-1, 0], points[1:, 0]])[same]
    y = np.column_stack([points[:-1, 1], points[1:, 1]])[same]
    return x, y, ring_owner[ring[:-1][same]].astype(np.int64)


def _cells(
    surface: Surface, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cells of some places; those outside the surface are row −1."""
    column, row = ~surface.height.transform @ (x, y)
    rows, columns = np.floor(row).astype(np.int64), np.floor(column).astype(np.int64)
    tall, wide = surface.height.values.shape
    outside = (rows < 0) | (rows >= tall) | (columns < 0) | (columns >= wide)
    return np.where(outside, -1, rows), np.where(outside, -1, columns)


def _heights(surface: Surface, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.float64]:
    """Heights of some cells; NaN outside."""
    height = surface.height.values[rows, columns].astype(np.float64)
    return np.where(rows < 0, np.nan, height)


def _feet_and_tops(
    buildings: gpd.GeoDataFrame,
    surface: Surface,
    owner: NDArray[np.int64],
    wall: NDArray[np.int64],
    inner: tuple[NDArray[np.int64], NDArray[np.int64]],
    count: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Foot and top of every wall: of the building, or where the surface was measured that of the roof behind it."""
    height = pd.to_numeric(buildings["height_m"], errors="coerce").to_numpy(dtype=float)
    under = np.zeros(len(buildings))
    if "min_height_m" in buildings.columns:
        under = np.nan_to_num(pd.to_numeric(buildings["min_height_m"], errors="coerce").to_numpy(dtype=float))
    bottom, top = surface.base_m[owner] + under[owner], surface.base_m[owner] + height[owner]
    if not surface.measured:
        return bottom, top
    behind = _heights(surface, *inner)
    behind[(inner[0] >= 0) & (surface.building[inner] != owner[wall])] = np.nan
    measured = pd.Series(behind).groupby(wall).median().reindex(range(count)).to_numpy(dtype=float)
    return bottom, np.where(np.isnan(measured), top, measured)
