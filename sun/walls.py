"""Walls: the outer walls of buildings from their footprints, in storeys, and how much of each storey is not covered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.geometry import shapes_of
from layers.surface import Surface

BEHIND_CELLS = 1.5  # the roof behind a wall is measured so far inside, past the mixed cells of its edge

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Walls:
    """Outer walls, and columns of places on them.

    Parameters
    ----------
    walls : DataFrame
        `building` (row number), `x0`, `y0`, `x1`, `y1` [m], `azimuth_deg` (true, outward), `length_m`, `bottom_m`,
        `top_m` (heights above the datum), `levels`, `storey_m`, `hangs` (its foot is an underside above the ground).
    wall : ndarray of int64, (columns,)
        Wall of each column.
    x, y : ndarray of float64, (columns,)
        Where it stands, on the wall's line. [m]
    bare : ndarray of float32, (places,)
        Share of every storey that neither ground nor a touching neighbour covers, column after column, the lowest
        storey first.
    """

    walls: pd.DataFrame
    wall: Whole
    x: Numbers
    y: Numbers
    bare: NDArray[np.float32]

    @cached_property
    def first(self) -> Whole:
        """Where the places of each column begin; one longer than there are columns."""
        return _begins(self.walls["levels"].to_numpy()[self.wall])


def walls_of(
    buildings: gpd.GeoDataFrame,
    surface: Surface,
    *,
    storey_m: Numbers,
    spacing_m: float,
    least_length_m: float,
    simplify_m: float,
    touching_m: float,
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
    storey_m : ndarray, (buildings,)
        Height of a storey of each building. [m]
    spacing_m : float
        Distance between two columns along a wall. [m]
    least_length_m, simplify_m : float
        Shorter walls are left out; outlines are simplified by so much first. [m]
    touching_m : float
        What stands closer before a wall touches it. [m]
    convergence_deg : float
        True azimuth less grid azimuth. [°]
    only : ndarray of int, optional
        Row numbers of the buildings whose walls are wanted; all without it.

    Notes
    -----
    A wall is the side of an outline or of a court. Its levels are storeys of equal height from its foot to the
    roof. What the ground or a touching neighbour covers is not bare. Where two outlines share a side and lie to the
    same side of it, such as a tower above the edge of its podium, the wall is the higher one's. Walls without height,
    outside the surface, or with nothing bare are left out.
    """
    x, y, owner = _sides(buildings, simplify_m)
    length = np.hypot(x[:, 1] - x[:, 0], y[:, 1] - y[:, 0])
    kept = length >= least_length_m
    if only is not None:
        kept &= np.isin(owner, only)
    x, y, owner, length = x[kept], y[kept], owner[kept], length[kept]
    # Outlines run with the building to their left, so outward is to the right.
    outward = np.column_stack([y[:, 1] - y[:, 0], x[:, 0] - x[:, 1]]) / length[:, None]
    count = np.maximum(1, np.round(length / spacing_m)).astype(np.int64)
    wall = np.repeat(np.arange(len(length)), count)
    along = (_within(count) + 0.5) / count[wall]
    column_x = x[wall, 0] + along * (x[wall, 1] - x[wall, 0])
    column_y = y[wall, 0] + along * (y[wall, 1] - y[wall, 0])

    bottom, top = _feet_and_tops(buildings, surface, owner, wall, column_x, column_y, outward)
    high = np.where(np.isfinite(top - bottom), top - bottom, 0.0)
    levels = np.where(high > 0, np.maximum(1, np.round(high / storey_m[owner])), 0).astype(np.int64)
    storey = high / np.maximum(levels, 1)
    table = pd.DataFrame(
        {
            "building": owner,
            "x0": x[:, 0],
            "y0": y[:, 0],
            "x1": x[:, 1],
            "y1": y[:, 1],
            "azimuth_deg": (np.degrees(np.arctan2(*outward.T)) + convergence_deg) % 360.0,
            "length_m": length,
            "bottom_m": bottom,
            "top_m": top,
            "levels": levels,
            "storey_m": storey,
            "hangs": bottom > surface.base_m[owner],
        }
    )
    covers = _covers(buildings, surface, owner[wall], column_x, column_y, outward[wall], touching_m)
    bare = _bare(bottom[wall], storey[wall], levels[wall], *covers)
    column = np.repeat(np.arange(len(wall)), levels[wall])
    whole = np.bincount(wall[column], weights=bare, minlength=len(table)) > 0
    some = whole[wall]
    return Walls(
        table[whole].reset_index(drop=True),
        (np.cumsum(whole) - 1)[wall[some]],
        column_x[some],
        column_y[some],
        bare[some[column]].astype(np.float32),
    )


def _sides(buildings: gpd.GeoDataFrame, simplify_m: float) -> tuple[Numbers, Numbers, Whole]:
    """Ends of all sides of all outlines, the building to their left, and the building of each; shape (sides, 2)."""
    shapes = shapely.simplify(shapes_of(buildings), simplify_m, preserve_topology=True)
    rings, ring_owner = shapely.get_rings(shapely.orient_polygons(shapes), return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    x = np.column_stack([points[:-1, 0], points[1:, 0]])[same]
    y = np.column_stack([points[:-1, 1], points[1:, 1]])[same]
    return x, y, ring_owner[ring[:-1][same]].astype(np.int64)


def _feet_and_tops(
    buildings: gpd.GeoDataFrame,
    surface: Surface,
    owner: Whole,
    wall: Whole,
    x: Numbers,
    y: Numbers,
    outward: Numbers,
) -> tuple[Numbers, Numbers]:
    """Foot and top of every wall: of the building, or where the surface was measured that of the roof behind it."""
    low, roof = _undersides_and_roofs(buildings, surface)
    bottom, top = low[owner], roof[owner]
    if not surface.measured:
        return bottom, top
    inside = BEHIND_CELLS * surface.height.cell_m
    rows, columns = _cells(surface, x - inside * outward[wall, 0], y - inside * outward[wall, 1])
    behind = _at(surface.height.values, rows, columns)
    behind[(rows < 0) | (surface.building[rows, columns] != owner[wall])] = np.nan
    measured = pd.Series(behind).groupby(wall).median().reindex(range(len(owner))).to_numpy(dtype=float)
    return bottom, np.where(np.isnan(measured), top, measured)


def _undersides_and_roofs(buildings: gpd.GeoDataFrame, surface: Surface) -> tuple[Numbers, Numbers]:
    """Heights of underside and roof of every building by its given height, above the datum. [m]"""
    height = pd.to_numeric(buildings["height_m"], errors="coerce").to_numpy(dtype=float)
    under = np.zeros(len(buildings))
    if "min_height_m" in buildings.columns:
        under = np.nan_to_num(pd.to_numeric(buildings["min_height_m"], errors="coerce").to_numpy(dtype=float))
    return surface.base_m + under, surface.base_m + height


def _covers(
    buildings: gpd.GeoDataFrame,
    surface: Surface,
    owner: Whole,
    x: Numbers,
    y: Numbers,
    outward: Numbers,
    touching_m: float,
) -> tuple[Whole, Numbers, Numbers]:
    """What covers the columns: column, lower and upper end of each cover above the datum.

    Ground in front; buildings that stand on the place just in front; and higher ones that stand on the place just
    behind, to whom the wall belongs.
    """
    low, roof = _undersides_and_roofs(buildings, surface)
    tree = shapely.STRtree(shapes_of(buildings))
    found = []
    for side in (1.0, -1.0):
        there_x, there_y = x + side * touching_m * outward[:, 0], y + side * touching_m * outward[:, 1]
        column, other = tree.query(shapely.points(there_x, there_y), predicate="intersects")
        rows, columns = _cells(surface, there_x, there_y)
        top = roof[other]
        if surface.measured:
            met = _at(surface.height.values, rows, columns)[column]
            top = np.where(np.isnan(met), top, met)
        if side < 0:
            own = roof[owner[column]]
            taken = (other != owner[column]) & (
                (roof[other] > own) | ((roof[other] == own) & (other < owner[column]))
            )
            column, other, top = column[taken], other[taken], top[taken]
        found.append(pd.DataFrame({"column": column, "other": other, "low": low[other], "top": top}))
        if side > 0:
            ground = _at(surface.ground.values, rows, columns)
    ground = np.where(np.isnan(ground), -np.inf, ground)
    covers = (
        pd.concat(found).dropna().drop_duplicates(["column", "other"])
    )  # what has no height covers nothing
    column = covers["column"].to_numpy()
    everywhere = np.arange(len(x))
    return (
        np.concatenate([everywhere, column]),
        np.concatenate([np.full(len(x), -np.inf), np.maximum(covers["low"].to_numpy(), ground[column])]),
        np.concatenate([ground, covers["top"].to_numpy()]),
    )


def _bare(
    bottom: Numbers, storey: Numbers, levels: Whole, column: Whole, low: Numbers, top: Numbers
) -> Numbers:
    """Share of every storey of every column that no cover hides; columns and covers one after another."""
    first = _begins(levels)
    cover = np.repeat(np.arange(len(column)), levels[column])
    level = _within(levels[column])
    of = column[cover]
    foot = bottom[of] + level * storey[of]
    hidden = np.minimum(top[cover], foot + storey[of]) - np.maximum(low[cover], foot)
    share = np.bincount(
        first[of] + level, weights=np.maximum(hidden, 0.0) / storey[of], minlength=int(first[-1])
    )
    bare: Numbers = np.clip(1.0 - share, 0.0, 1.0)
    bare[bare < 1e-6] = 0.0  # what rounding leaves of a covered storey
    return bare


def _cells(surface: Surface, x: Numbers, y: Numbers) -> tuple[Whole, Whole]:
    """Cells of some places; those outside the surface are row −1."""
    column, row = ~surface.height.transform @ (x, y)
    rows, columns = np.floor(row).astype(np.int64), np.floor(column).astype(np.int64)
    tall, wide = surface.height.values.shape
    outside = (rows < 0) | (rows >= tall) | (columns < 0) | (columns >= wide)
    return np.where(outside, -1, rows), np.where(outside, -1, columns)


def _at(values: NDArray[np.float32], rows: Whole, columns: Whole) -> Numbers:
    """Values of some cells; NaN outside."""
    return np.where(rows < 0, np.nan, values[rows, columns].astype(np.float64))


def _begins(counts: Whole) -> Whole:
    """Where each of some runs begins when they follow one another; one longer, the end last."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def _within(counts: Whole) -> Whole:
    """Number of each item in its run."""
    begins = _begins(counts)
    inside: Whole = np.arange(begins[-1]) - np.repeat(begins[:-1], counts)
    return inside
