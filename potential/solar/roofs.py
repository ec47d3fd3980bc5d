"""Roofs: the planes of every roof and the cells that lie on them, from footprints or from a measured surface."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.surface import Surface
from potential.solar.sweep import horn

FLAT_BELOW_DEG = 10.0  # a measured roof less steep than this is flat
SECTORS = 8  # directions into which the cells of a measured roof are parted


@dataclass(frozen=True)
class Roofs:
    """Planes of all roofs, and the cells of the surface that lie on them.

    Parameters
    ----------
    planes : DataFrame
        `building` (row number), `tilt_deg`, `azimuth_deg` (true), `slope_east`, `slope_north` (of the grid),
        `plan_m2` (area in plan).
    rows, columns : ndarray of int32, shape (n,)
        Cells of the surface that lie on a plane.
    plane : ndarray of int32, shape (n,)
        Plane of each cell.
    inner_share : ndarray, shape (buildings,)
        Share of each roof that lies further from its edge than the set-back and is wide enough.
    """

    planes: pd.DataFrame
    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    plane: NDArray[np.int32]
    inner_share: NDArray[np.float64]


def roofs_of_footprints(
    buildings: gpd.GeoDataFrame,
    surface: Surface,
    *,
    roof_tilt_deg: dict[str, float],
    setback_m: dict[str, float],
    least_m2: float,
    convergence_deg: float,
) -> Roofs:
    """Planes of roofs of which only footprint, height and type are known.

    A flat roof is one plane. Pitched and metal roofs are gables with the ridge along the longer side of the
    footprint's smallest enclosing rectangle.

    Parameters
    ----------
    buildings : GeoDataFrame
        With `roof_type`.
    surface : Surface
        The burnt surface, with the building of each cell.
    roof_tilt_deg, setback_m : dict of str to float
        Tilt of a roof and distance to keep from its edge, by roof type. [°], [m]
    least_m2 : float
        Least area of one piece that counts. [m²]
    convergence_deg : float
        True azimuth less grid azimuth. [°]
    """
    rows, columns = np.nonzero(surface.building >= 0)
    building = surface.building[rows, columns]
    kind = buildings["roof_type"].to_numpy(dtype=object)
    tilt = np.array([roof_tilt_deg[word] for word in kind])
    gable = kind != "flat"
    ridge_deg = np.zeros(len(buildings))
    centre = shapely.get_coordinates(shapely.centroid(buildings.geometry.to_numpy()))
    if gable.any():
        ridge_deg[gable] = ridge_azimuth(buildings.geometry.to_numpy()[gable])

    east, north = surface.height.transform @ (columns + 0.5, rows + 0.5)
    across = np.radians(ridge_deg[building] + 90.0)
    offset = (east - centre[building, 0]) * np.sin(across) + (north - centre[building, 1]) * np.cos(across)
    side = np.where(gable[building] & (offset < 0), 1, 0)

    plane_of = np.full((len(buildings), 2), -1, dtype=np.int32)
    plane_of[:, 0] = np.arange(len(buildings))
    plane_of[gable, 1] = len(buildings) + np.arange(int(gable.sum()))
    plane = plane_of[building, side]

    owner = np.concatenate([np.arange(len(buildings)), np.flatnonzero(gable)])
    first = np.arange(len(owner)) < len(buildings)
    grid_azimuth = np.where(first, ridge_deg[owner] + 90.0, ridge_deg[owner] + 270.0) % 360.0
    grid_azimuth = np.where(gable[owner], grid_azimuth, 180.0 - convergence_deg)
    area = seen_from_above(buildings)
    cells = np.bincount(plane, minlength=len(owner)).astype(float)
    all_cells = np.bincount(building, minlength=len(buildings)).astype(float)
    share = np.where(gable[owner], cells / np.maximum(all_cells[owner], 1), 1.0)
    planes = _planes(owner, tilt[owner], grid_azimuth, area[owner] * share, convergence_deg)
    distance = np.array([setback_m[word] for word in kind])
    return Roofs(
        planes,
        rows.astype(np.int32),
        columns.astype(np.int32),
        plane,
        inner_shares(buildings.geometry.to_numpy(), distance, least_m2),
    )


def roofs_of_surface(
    buildings: gpd.GeoDataFrame,
    surface: Surface,
    *,
    setback_m: dict[str, float],
    least_m2: float,
    steepest_deg: float,
    break_m: float,
    convergence_deg: float,
) -> Roofs:
    """Planes of roofs in a measured surface: the flat part, and the sloping parts by direction.

    Cells at a step of more than `break_m` are walls and edges and tell nothing of the roof: the planes share
    the whole roof by their other cells. The slope of a plane is that of the plane fitted to its cells by
    least squares.
    """
    height = surface.height.values
    slope_east, slope_north = horn(height, surface.height.cell_m)
    rows, columns = np.nonzero((surface.building >= 0) & ~np.isnan(height) & ~steps(height, break_m))
    building = surface.building[rows, columns]
    gx, gy = slope_east[rows, columns], slope_north[rows, columns]
    steep = np.degrees(np.arctan(np.hypot(gx, gy)))
    facing = np.degrees(np.arctan2(-gx, -gy)) % 360.0
    sector = (np.floor(facing / (360 / SECTORS) + 0.5) % SECTORS).astype(np.int64) + 1
    part = np.where(steep < FLAT_BELOW_DEG, 0, sector)
    keys, plane = np.unique(building.astype(np.int64) * (SECTORS + 1) + part, return_inverse=True)

    east, north = surface.height.transform @ (columns + 0.5, rows + 0.5)
    fit_x, fit_y = fitted_slopes(plane, east, north, height[rows, columns].astype(float), len(keys))
    flat = keys % (SECTORS + 1) == 0
    fit_x, fit_y = np.where(flat, 0.0, fit_x), np.where(flat, 0.0, fit_y)
    tilt = np.degrees(np.arctan(np.hypot(fit_x, fit_y)))
    azimuth = np.where(flat, 180.0 - convergence_deg, np.degrees(np.arctan2(-fit_x, -fit_y)) % 360.0)
    owner = (keys // (SECTORS + 1)).astype(np.int64)
    cells = np.bincount(plane, minlength=len(keys)).astype(float)
    whole = np.bincount(owner, weights=cells, minlength=len(buildings))
    area = seen_from_above(buildings)[owner] * cells / whole[owner]
    planes = _planes(owner, tilt, azimuth, area, convergence_deg)

    kept = ((area >= least_m2) & (tilt <= steepest_deg))[plane]
    number = np.cumsum((area >= least_m2) & (tilt <= steepest_deg)) - 1
    planes = planes[(area >= least_m2) & (tilt <= steepest_deg)].reset_index(drop=True)
    kind = buildings["roof_type"].to_numpy(dtype=object)
    distance = np.array([setback_m[word] for word in kind])
    return Roofs(
        planes,
        rows[kept].astype(np.int32),
        columns[kept].astype(np.int32),
        number[plane[kept]].astype(np.int32),
        inner_shares(buildings.geometry.to_numpy(), distance, least_m2),
    )


def seen_from_above(buildings: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Plan area of every roof without what a higher part of the same building covers. [m²]"""
    area: NDArray[np.float64] = shapely.area(buildings.geometry.to_numpy())
    if "roof_m2" in buildings.columns:
        seen = pd.to_numeric(buildings["roof_m2"], errors="coerce").to_numpy(dtype=float)
        area = np.where(np.isfinite(seen), np.minimum(seen, area), area)
    return area


def ridge_azimuth(polygons: NDArray[np.object_]) -> NDArray[np.float64]:
    """Direction of the longer side of each polygon's smallest enclosing rectangle, of the grid. [°]"""
    boxes = shapely.oriented_envelope(polygons)
    azimuth = np.zeros(len(polygons))
    whole = shapely.get_type_id(boxes) == 3
    corners = shapely.get_coordinates(boxes[whole]).reshape(-1, 5, 2)
    sides = np.diff(corners, axis=1)[:, :2]
    longer = np.argmax(np.hypot(sides[..., 0], sides[..., 1]), axis=1)
    chosen = sides[np.arange(len(sides)), longer]
    azimuth[whole] = np.degrees(np.arctan2(chosen[:, 0], chosen[:, 1])) % 180.0
    return azimuth


def inner_shares(
    polygons: NDArray[np.object_], setback_m: NDArray[np.float64], least_m2: float
) -> NDArray[np.float64]:
    """Share of each polygon further than the set-back from its edge, counting pieces of `least_m2` or more."""
    inner = shapely.buffer(polygons, -setback_m, quad_segs=2, join_style="mitre")
    parts, owner = shapely.get_parts(inner, return_index=True)
    area = shapely.area(parts)
    kept = np.bincount(owner, weights=np.where(area >= least_m2, area, 0.0), minlength=len(polygons))
    return kept / np.maximum(shapely.area(polygons), 1e-9)


def steps(height: NDArray[np.float32], break_m: float) -> NDArray[np.bool_]:
    """Cells beside a step of more than `break_m` in height, on the lower and on the upper side."""
    found = np.zeros(height.shape, dtype=bool)
    down = np.abs(np.diff(height, axis=0)) > break_m
    across = np.abs(np.diff(height, axis=1)) > break_m
    found[1:] |= down
    found[:-1] |= down
    found[:, 1:] |= across
    found[:, :-1] |= across
    return found


def fitted_slopes(
    plane: NDArray[np.int64],
    east: NDArray[np.float64],
    north: NDArray[np.float64],
    height: NDArray[np.float64],
    count: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Slopes towards east and north of the plane fitted to each group of cells; 0 where cells lie in a line."""
    cells = np.maximum(np.bincount(plane, minlength=count), 1)

    def centred(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return values - (np.bincount(plane, weights=values, minlength=count) / cells)[plane]

    def total(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(plane, weights=values, minlength=count).astype(float)

    x, y, z = centred(east), centred(north), centred(height)
    xx, xy, yy, xz, yz = total(x * x), total(x * y), total(y * y), total(x * z), total(y * z)
    determinant = xx * yy - xy * xy
    sound = determinant > 1e-6
    safe = np.where(sound, determinant, 1.0)
    return np.where(sound, (xz * yy - yz * xy) / safe, 0.0), np.where(sound, (yz * xx - xz * xy) / safe, 0.0)


def _planes(
    owner: NDArray[np.int64],
    tilt_deg: NDArray[np.float64],
    grid_azimuth_deg: NDArray[np.float64],
    plan_m2: NDArray[np.float64],
    convergence_deg: float,
) -> pd.DataFrame:
    fall = np.tan(np.radians(tilt_deg))
    return pd.DataFrame(
        {
            "building": owner,
            "tilt_deg": tilt_deg,
            "azimuth_deg": (grid_azimuth_deg + convergence_deg) % 360.0,
            "slope_east": -fall * np.sin(np.radians(grid_azimuth_deg)),
            "slope_north": -fall * np.cos(np.radians(grid_azimuth_deg)),
            "plan_m2": plan_m2,
        }
    )
