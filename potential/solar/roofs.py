"""Roofs: the planes of every roof and the cells that lie on them, here from footprint, height and type."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from core.compiled import kernel
from layers.surface import Surface


@dataclass(frozen=True)
class Roofs:
    """Planes of all roofs, and the cells of the surface that lie on them.

    Parameters
    ----------
    planes : DataFrame
        `building` (row number), `tilt_deg`, `azimuth_deg` (true), `slope_east`, `slope_north` (of the grid),
        `plan_m2` (area in plan), `usable_m2` (of it, what set-backs, obstructions and the least piece leave, shade
        and facing apart), `residual_m` (mean distance of the cells from their plane, NaN where drawn) and
        `measured` (whether found in a measured surface rather than drawn from footprint and type).
    rows, columns : ndarray of int32, shape (n,)
        Cells of the surface that lie on a plane.
    plane : ndarray of int32, shape (n,)
        Plane of each cell.
    share : ndarray of float32, shape (n,)
        Share of each cell that is usable.
    """

    planes: pd.DataFrame
    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    plane: NDArray[np.int32]
    share: NDArray[np.float32]

    def only(self, wanted: NDArray[np.bool_]) -> Roofs:
        """The roofs of some buildings, one flag for each building."""
        if wanted.all():
            return self
        kept = wanted[self.planes["building"].to_numpy()]
        number = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
        cell = kept[self.plane]
        return Roofs(
            self.planes[kept].reset_index(drop=True),
            self.rows[cell],
            self.columns[cell],
            number[self.plane[cell]],
            self.share[cell],
        )

    def with_others(self, others: Roofs) -> Roofs:
        """These roofs and those of other buildings."""
        return Roofs(
            pd.concat([self.planes, others.planes], ignore_index=True),
            np.concatenate([self.rows, others.rows]),
            np.concatenate([self.columns, others.columns]),
            np.concatenate([self.plane, others.plane + np.int32(len(self.planes))]),
            np.concatenate([self.share, others.share]),
        )


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
    footprint's smallest enclosing rectangle. The set-back stands for the parapet too: rows begin outside most of
    its shade, which is not cast otherwise.

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
    rows, columns = cells_of_buildings(surface)
    building = surface.building[rows, columns]
    kind = buildings["roof_type"].to_numpy(dtype=object)
    tilt = np.array([roof_tilt_deg[word] for word in kind])
    gable = kind != "flat"
    ridge_deg = np.zeros(len(buildings))
    centre = shapely.get_coordinates(shapely.centroid(buildings.geometry.to_numpy()))
    if gable.any():
        ridge_deg[gable] = ridge_azimuth(buildings.geometry.to_numpy()[gable])

    second = np.full(len(buildings), -1, dtype=np.int32)
    second[gable] = len(buildings) + np.arange(int(gable.sum()))
    across = np.radians(ridge_deg + 90.0)
    centre_cell = np.column_stack(~surface.height.transform @ (centre[:, 0], centre[:, 1]))
    plane = np.empty(len(building), dtype=np.int32)
    _planes_of_cells(rows, columns, building, centre_cell, np.sin(across), np.cos(across), second, plane)

    owner = np.concatenate([np.arange(len(buildings)), np.flatnonzero(gable)])
    first = np.arange(len(owner)) < len(buildings)
    grid_azimuth = np.where(first, ridge_deg[owner] + 90.0, ridge_deg[owner] + 270.0) % 360.0
    grid_azimuth = np.where(gable[owner], grid_azimuth, 180.0 - convergence_deg)
    area = seen_from_above(buildings)
    cells = np.bincount(plane, minlength=len(owner)).astype(float)
    all_cells = np.bincount(building, minlength=len(buildings)).astype(float)
    share = np.where(gable[owner], cells / np.maximum(all_cells[owner], 1), 1.0)
    plan = area[owner] * share
    distance = np.array([setback_m[word] for word in kind])
    inner = inner_shares(buildings.geometry.to_numpy(), distance, least_m2)
    planes = planes_table(
        owner, tilt[owner], grid_azimuth, plan, convergence_deg, residual_m=np.nan, measured=False
    )
    return Roofs(
        planes.assign(usable_m2=plan * inner[owner]),
        rows,
        columns,
        plane,
        inner.astype(np.float32)[building],
    )


def cells_of_buildings(surface: Surface) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Rows and columns of all cells that lie on a building."""
    width = surface.building.shape[1]
    cells = np.flatnonzero(surface.building >= 0)
    rows = (cells // width).astype(np.int32)
    cells -= rows.astype(np.int64) * width
    return rows, cells.astype(np.int32)


@kernel
def _planes_of_cells(
    rows: NDArray[np.int32], columns: NDArray[np.int32], building: NDArray[np.int32],
    centre: NDArray[np.float64], east: NDArray[np.float64], north: NDArray[np.float64],
    second: NDArray[np.int32], plane: NDArray[np.int32],
) -> None:  # fmt: skip
    """Plane of each cell: the building's own, or its second one where it has one and the cell lies on that side."""
    for cell in range(len(plane)):
        one = building[cell]
        right = columns[cell] + 0.5 - centre[one, 0]
        down = rows[cell] + 0.5 - centre[one, 1]
        plane[cell] = second[one] if second[one] >= 0 and right * east[one] - down * north[one] < 0 else one


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


def planes_table(
    owner: NDArray[np.int64],
    tilt_deg: NDArray[np.float64],
    grid_azimuth_deg: NDArray[np.float64],
    plan_m2: NDArray[np.float64],
    convergence_deg: float,
    *,
    residual_m: float | NDArray[np.float64],
    measured: bool,
) -> pd.DataFrame:
    """The table of planes of `Roofs` but for `usable_m2`; azimuths come in of the grid and go out true."""
    fall = np.tan(np.radians(tilt_deg))
    return pd.DataFrame(
        {
            "building": owner,
            "tilt_deg": tilt_deg,
            "azimuth_deg": (grid_azimuth_deg + convergence_deg) % 360.0,
            "slope_east": -fall * np.sin(np.radians(grid_azimuth_deg)),
            "slope_north": -fall * np.cos(np.radians(grid_azimuth_deg)),
            "plan_m2": plan_m2,
            "residual_m": residual_m,
            "measured": measured,
        }
    )
