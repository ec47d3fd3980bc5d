"""The surface: heights of ground and roofs on one grid, with the building of every cell."""

from __future__ import annotations

import math
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS

from core.jobs import Job
from core.problems import Problem, Severity, UserError
from layers.city import City, Raster
from layers.footprints import Footprints, footprints_on_grid, ground_under, raise_roofs
from layers.geometry import shapes_of
from layers.measured import settle_measured
from layers.rasters import resample
from standards import Standards

MARGIN_CELLS = 10  # ground around the outermost buildings, on which their shadows fall

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Surface:
    """Heights of a city on one grid.

    Parameters
    ----------
    height : Raster
        Ground and roofs, NaN where unknown. [m]
    building : ndarray of int32, shape of `height`
        Row number of the building of each cell in the table of buildings, -1 for none.
    ground : Raster
        Ground without buildings, on the same grid. [m]
    base_m : ndarray of float64, one for each building
        Height of the ground each building stands on; NaN outside the grid. [m]
    measured : bool
        Whether the heights were measured, rather than built from footprints.
    problems : tuple of Problem
        What was assumed, and what does not fit.
    drawn : ndarray of bool, one for each building; or None
        Buildings that a measured surface does not show and that were set into it; None where there are none.
    """

    height: Raster
    building: NDArray[np.int32]
    ground: Raster
    base_m: NDArray[np.float64]
    measured: bool
    problems: tuple[Problem, ...] = ()
    drawn: NDArray[np.bool_] | None = None


def surface_of(
    city: City, cell_m: float | None = None, job: Job | None = None, *, bounds: Bounds | None = None
) -> Surface:
    """The surface of a city: the measured one if there is one, else built from footprints and terrain.

    Parameters
    ----------
    city : City
        With the table `building`; `terrain` and `surface` are used where given.
    cell_m : float, optional
        Cell size. A measured surface keeps its own cells unless they are less than half of this; built
        surfaces have 1 m without it. [m]
    job : Job, optional
        Reports progress and can stop the work.
    bounds : tuple of float, optional
        West, south, east, north of the part wanted; the whole city without it.

    Raises
    ------
    UserError
        There are no buildings, or the grid would have too many cells.
    """
    job = job or Job()
    buildings = city.tables.get("building")
    if buildings is None or buildings.empty:
        raise UserError(
            Problem("There are no buildings to build a surface from.", "Import the layer of buildings.")
        )
    terrain, surface = city.rasters.get("terrain"), city.rasters.get("surface")
    if surface is not None:
        return settle_surface(buildings, surface, terrain, city.standards, job, cell_m=cell_m)
    return burn_surface(
        buildings, terrain, city.standards, job, crs=city.crs, cell_m=cell_m or 1.0, bounds=bounds
    )


def burn_surface(
    buildings: gpd.GeoDataFrame,
    terrain: Raster | None,
    standards: Standards,
    job: Job,
    *,
    crs: CRS,
    cell_m: float = 1.0,
    bounds: Bounds | None = None,
) -> Surface:
    """Ground and roofs from footprints and heights.

    A cell belongs to a building if its centre is inside; where buildings overlap the highest wins. A roof
    lies `height_m` above the median of the ground under it, above the lowest on steep ground. Terrain is
    resampled bilinearly, buildings never.

    Parameters
    ----------
    buildings : GeoDataFrame
        With `height_m`, and `min_height_m` where parts hang above the ground.
    terrain : Raster, optional
        Ground heights in the same reference system; flat zero without it.
    standards : Standards
        Gives the relief of steep ground and the most cells (`given_data_rules`).
    job : Job
        Reports progress and can stop the work.
    crs : CRS
        Reference system of the buildings.
    cell_m : float
        Cell size. [m]
    bounds : tuple of float, optional
        Part wanted; by default all buildings with a margin of ten cells.
    """
    transform, shape = grid_of(bounds or tuple(buildings.total_bounds), cell_m, standards)
    job.say("Laying terrain and roofs", 0.0, force=True)
    if terrain is None:
        ground = np.broadcast_to(np.float32(0), shape)  # level, and no memory
        problems = [
            _note(
                "There is no terrain; the ground is taken as level.",
                "Add a terrain raster if the city is hilly.",
            )
        ]
    else:
        ground = resample(terrain, transform, shape).values
        problems = []
    job.say("Laying terrain and roofs", 0.3, force=True)
    feet = footprints_on_grid(shapes_of(buildings), transform, shape)
    job.say("Laying terrain and roofs", 0.6, force=True)
    base, found = _bases(buildings, ground, feet, standards)
    problems += found
    height_m = buildings["height_m"].to_numpy(dtype=float)
    roof = base + np.where(np.isnan(height_m), 0.0, height_m)
    height = np.array(ground, order="C")
    building = np.full(shape, -1, dtype=np.int32)
    raise_roofs(height.reshape(-1), building.reshape(-1), feet.cells, feet.start, roof)
    job.say("Laying terrain and roofs", 1.0, force=True)
    problems += _said(buildings, feet, height_m)
    return Surface(
        height=Raster(height, transform, crs),
        building=building,
        ground=Raster(ground, transform, crs),
        base_m=base,
        measured=False,
        problems=tuple(problems),
    )


def settle_surface(
    buildings: gpd.GeoDataFrame,
    surface: Raster,
    terrain: Raster | None,
    standards: Standards,
    job: Job,
    *,
    cell_m: float | None = None,
) -> Surface:
    """A measured surface with the building of every cell.

    Buildings that the surface does not show, since it is older, are set into it from footprint and height.

    Parameters
    ----------
    buildings : GeoDataFrame
        With `height_m` where known.
    surface : Raster
        Measured heights of ground, roofs and trees.
    terrain : Raster, optional
        Ground heights; without it the ground is taken from the cells beside each building.
    standards : Standards
        Gives the step and the share of outline that show a building.
    job : Job
        Reports progress and can stop the work.
    cell_m : float, optional
        As in `surface_of`.
    """
    problems: list[Problem] = []
    if cell_m and surface.cell_m < cell_m / 2:
        west, south, east, north = surface.bounds
        transform, shape = grid_of((west, south, east, north), cell_m, standards, margin_cells=0)
        own = surface.cell_m
        surface = resample(surface, transform, shape, "average")
        problems.append(
            _note(
                "The measured surface was averaged from cells of {own} m to {cell} m.",
                "Choose smaller cells for finer roofs.",
                own=f"{own:g}",
                cell=f"{cell_m:g}",
            )
        )
    transform, shape = surface.transform, surface.values.shape
    job.say("Laying footprints on the surface", 0.0, force=True)
    feet = footprints_on_grid(shapes_of(buildings), transform, shape)
    ground = None if terrain is None else resample(terrain, transform, shape).values
    job.say("Laying footprints on the surface", 0.5, force=True)
    settled = settle_measured(buildings, surface.values, ground, feet, standards)
    job.say("Laying footprints on the surface", 1.0, force=True)
    return Surface(
        height=Raster(settled.height, transform, surface.crs),
        building=settled.building,
        ground=Raster(settled.ground, transform, surface.crs),
        base_m=settled.base_m,
        measured=True,
        problems=(*problems, *settled.problems),
        drawn=settled.drawn,
    )


def grid_of(
    bounds: Bounds, cell_m: float, standards: Standards, *, margin_cells: int = MARGIN_CELLS
) -> tuple[Affine, tuple[int, int]]:
    """A grid of whole multiples of the cell over a box; raises where it has too many cells."""
    west, south, east, north = bounds
    left, top = math.floor(west / cell_m) - margin_cells, math.ceil(north / cell_m) + margin_cells
    right, bottom = math.ceil(east / cell_m) + margin_cells, math.floor(south / cell_m) - margin_cells
    shape = top - bottom, right - left
    most = standards.number("given_data_rules", rule="most_cells").value
    cells = shape[0] * shape[1]
    if cells > most:
        fits = math.ceil(cell_m * math.sqrt(cells / most) * 10) / 10
        raise UserError(
            Problem(
                "With cells of {cell} m the surface has {count} million cells, more than fit into memory.",
                "Choose cells of {fits} m or more, or a smaller area.",
                cell=f"{cell_m:g}",
                count=f"{cells / 1e6:.0f}",
                fits=f"{fits:g}",
            )
        )
    return Affine(cell_m, 0.0, left * cell_m, 0.0, -cell_m, top * cell_m), shape


def _bases(
    buildings: gpd.GeoDataFrame, ground: NDArray[np.float32], feet: Footprints, standards: Standards
) -> tuple[NDArray[np.float64], list[Problem]]:
    """Ground height of each building; where the terrain has a hole, the median of the others."""
    steep = standards.number("given_data_rules", rule="steep_relief").value
    base = ground_under(ground.reshape(-1), feet.cells, feet.start, steep)
    lost = np.isnan(base) & (np.diff(feet.start) > 0)
    if not lost.any():
        return base, []
    known = base[~np.isnan(base)]
    base[lost] = float(np.median(known)) if len(known) else 0.0
    return base, [
        Problem(
            "{count} buildings stand where the terrain has no values; they were set to {base} m.",
            "Use terrain that covers all buildings.",
            severity=Severity.WARNING,
            table="building",
            rows=tuple(buildings.index[lost]),
            count=int(lost.sum()),
            base=f"{base[lost][0]:.1f}",
        )
    ]


def _said(buildings: gpd.GeoDataFrame, feet: Footprints, height_m: NDArray[np.float64]) -> list[Problem]:
    """What the user should know of the roofs that were laid."""
    problems = []
    unknown = np.isnan(height_m)
    if unknown.any():
        problems.append(
            Problem(
                "{count} buildings have no height; they cast no shadow.",
                "Give their height or number of storeys.",
                severity=Severity.WARNING,
                table="building",
                rows=tuple(buildings.index[unknown]),
                count=int(unknown.sum()),
            )
        )
    if "min_height_m" in buildings.columns:
        hanging = (buildings["min_height_m"] > 0).to_numpy(dtype=bool)
        if hanging.any():
            problems.append(
                _note(
                    "{count} building parts hang above the ground; they cast shadows as if they reached it.",
                    "Shade under bridges and canopies is overestimated; nothing needs to be done.",
                    rows=tuple(buildings.index[hanging]),
                    count=int(hanging.sum()),
                )
            )
    if feet.nearest.any():
        problems.append(
            _note(
                "{count} buildings are too small for the grid; each got the cell it lies in.",
                "Choose smaller cells if they matter.",
                rows=tuple(buildings.index[feet.nearest]),
                count=int(feet.nearest.sum()),
            )
        )
    return problems


def _note(message: str, remedy: str, rows: tuple[str, ...] = (), **values: str | int) -> Problem:
    """Something that was assumed about the surface."""
    return Problem(
        message, remedy, severity=Severity.NOTE, table="building" if rows else "", rows=rows, **values
    )
