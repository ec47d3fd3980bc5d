"""Measured roofs: the planes a measured surface shows on every roof, turned to the walls, with their usable cells."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from core.jobs import Job
from layers.surface import Surface
from potential.solar.plane_rules import PlaneRules
from potential.solar.roofs import Roofs, planes_table
from potential.solar.segmentation import Segments, segments
from potential.solar.usable_cells import Fitted, usable_share


def roofs_of_surface(
    buildings: gpd.GeoDataFrame,
    surface: Surface,
    shown: NDArray[np.bool_],
    *,
    rules: PlaneRules,
    setback_m: dict[str, float],
    convergence_deg: float,
    canopy_m: NDArray[np.float32] | None = None,
    job: Job | None = None,
) -> Roofs:
    """Planes of the roofs that a measured surface shows, by segmentation.

    Regions that are too steep, too thin, too rough or too small are no planes. What the planes do not cover, chimneys,
    lift houses, plant and crowns, carries nothing.

    Parameters
    ----------
    buildings : GeoDataFrame
        With `roof_type`.
    surface : Surface
        The measured surface, with the building of each cell.
    shown : ndarray of bool, one for each building
        Whose roofs are looked for.
    rules : PlaneRules
        Limits.
    setback_m : dict of str to float
        Distance to keep from the edge of a plane, by roof type. [m]
    convergence_deg : float
        True azimuth less grid azimuth. [°]
    canopy_m : ndarray of float32, optional
        Height of tree crowns above the ground, on the grid of the surface. [m]
    job : Job, optional
        Reports progress and stops when asked.
    """
    height, cell_m = surface.height.values, surface.height.cell_m
    of_cell = surface.building.reshape(-1)
    looked = np.flatnonzero((of_cell >= 0) & ~np.isnan(height).reshape(-1))
    looked = looked[shown[of_cell[looked]]]
    order = np.argsort(of_cell[looked], kind="stable")
    cells = looked[order]
    start = np.searchsorted(of_cell[cells], np.arange(len(buildings) + 1)).astype(np.int64)
    found = segments(height, cells, start, cell_m, rules, job or Job())

    slope = np.hypot(found.east, found.north)
    tilt = np.degrees(np.arctan(slope))
    area = found.cells * cell_m**2 * np.hypot(1, slope)
    compact = 4 * np.pi * found.cells / np.maximum(found.sides, 1) ** 2
    good = (
        (tilt <= rules.steepest_deg)
        & (area >= rules.least_m2)
        & (compact >= rules.compactness)
        & (found.error_m <= rules.plane_error_m)
    )
    number = np.where(good, np.cumsum(good) - 1, -1).astype(np.int32)
    plane = (
        np.where(found.plane >= 0, number[found.plane], -1).astype(np.int32) if len(number) else found.plane
    )
    kept = plane >= 0
    rows, columns = (one.astype(np.int32) for one in np.divmod(cells[kept], height.shape[1]))
    planes = _planes(buildings, found, good, surface, rules, convergence_deg)

    flat = planes["tilt_deg"].to_numpy() == 0.0
    kind = buildings["roof_type"].to_numpy(dtype=object)[planes["building"].to_numpy()]
    kind = np.where(flat, "flat", np.where(kind == "flat", "pitched", kind))
    fitted = Fitted(
        found.east[good], found.north[good], found.height[good], np.array([setback_m[word] for word in kind])
    )
    crowned = np.zeros(len(rows), dtype=bool)
    if canopy_m is not None:
        crown, roof = canopy_m[rows, columns], height[rows, columns]
        top = surface.ground.values[rows, columns] + crown
        crowned = (crown > rules.obstruction_m) & ~(top < roof - rules.residual_m)
    share = usable_share(height, surface.building, rows, columns, plane[kept], crowned, fitted, cell_m, rules)
    usable = np.bincount(plane[kept], weights=share, minlength=len(planes)) * cell_m**2
    return Roofs(planes.assign(usable_m2=usable), rows, columns, plane[kept], share)


def shown_roofs(surface: Surface, count: int, rules: PlaneRules) -> NDArray[np.bool_]:
    """Which roofs a surface shows finely and wholly enough to look for their planes; one flag for each building."""
    if not surface.measured or surface.height.cell_m > rules.coarsest_cell_m * (1 + 1e-6):
        return np.zeros(count, dtype=bool)
    inside = surface.building >= 0
    cells = np.bincount(surface.building[inside], minlength=count)
    seen = np.bincount(surface.building[inside & ~np.isnan(surface.height.values)], minlength=count)
    shown: NDArray[np.bool_] = (cells == 0) | (seen >= rules.least_seen * cells)
    return shown if surface.drawn is None else shown & ~surface.drawn


def _planes(
    buildings: gpd.GeoDataFrame,
    found: Segments,
    good: NDArray[np.bool_],
    surface: Surface,
    rules: PlaneRules,
    convergence_deg: float,
) -> pd.DataFrame:
    """The table of planes: level where nearly so, facing a wall where nearly so."""
    owner, east, north = found.owner[good], found.east[good], found.north[good]
    azimuth = np.degrees(np.arctan2(-east, -north)) % 360.0
    turned = turned_to_edges(azimuth, owner, buildings.geometry.to_numpy(), rules)
    fall = np.hypot(east, north) * np.cos(np.radians(turned - azimuth))
    tilt = np.degrees(np.arctan(fall))
    kind = buildings["roof_type"].to_numpy(dtype=object)[owner]
    flat = tilt < np.array([rules.flat_below_deg[word] for word in kind])
    return planes_table(
        owner,
        np.where(flat, 0.0, tilt),
        np.where(flat, 180.0 - convergence_deg, turned),
        found.cells[good] * surface.height.cell_m**2,
        convergence_deg,
        residual_m=found.error_m[good],
        measured=True,
    )


def turned_to_edges(
    azimuth_deg: NDArray[np.float64],
    owner: NDArray[np.int64],
    polygons: NDArray[np.object_],
    rules: PlaneRules,
) -> NDArray[np.float64]:
    """Azimuths of the grid, turned to be square to or along the nearest edge of their footprint where it is near. [°]"""
    points, polygon = shapely.get_coordinates(polygons, return_index=True)
    step = np.diff(points, axis=0)
    long = (polygon[1:] == polygon[:-1]) & (np.hypot(step[:, 0], step[:, 1]) >= rules.edge_m)
    direction = np.degrees(np.arctan2(step[long, 0], step[long, 1])) % 90.0
    of_edge = polygon[1:][long]
    edges = np.bincount(of_edge, minlength=len(polygons))
    start = np.concatenate([[0], np.cumsum(edges)])
    many = edges[owner]
    plane = np.repeat(np.arange(len(owner)), many)
    edge = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many) + np.repeat(start[owner], many)
    turn = (direction[edge] - azimuth_deg[plane] + 45.0) % 90.0 - 45.0
    order = np.lexsort((-np.abs(turn), plane))
    least = np.zeros(len(owner))
    least[plane[order]] = turn[order]  # the last written of each plane is its smallest
    return (azimuth_deg + np.where(np.abs(least) <= rules.edge_turn_deg, least, 0.0)) % 360.0
