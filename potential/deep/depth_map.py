"""Maps of temperature at depth between heat-flow points, each point judged without its neighbourhood by its own gradient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from scipy.spatial import KDTree

from core.jobs import Job
from core.problems import Problem, UserError
from layers.city import Raster
from potential.deep.deep_numbers import TABLE
from potential.deep.heat_flow import interpolated
from potential.deep.temperature import conductive_temperature
from standards import Number, Standards, Taken

NEEDED = "heat_flow_mw_per_m2"
PRODUCTION_UNIT = 1e-6  # µW/m³
MOST_CELLS = 4_000_000
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Column:
    """Rock above the depths asked for: conductivity where no point tells it, and heat of its own. [W/(m K)], [W/m³], [°C]"""

    conductivity: float
    production: float
    surface: float


@dataclass(frozen=True)
class DepthMaps:
    """Maps and points.

    Parameters
    ----------
    rasters : dict of str to Raster
        `heat_flow_mw_per_m2`, `heat_flow_distance_m` and one `temperature_<depth>_m_c` a depth; NaN beyond the reach.
    points : GeoDataFrame
        A row per depth and point: what was measured there, `own_temperature_c` by its gradient,
        `said_temperature_c` by its neighbours, and `temperature_off_k`, the difference.
    numbers : tuple of Number
        What was taken from the tables.
    """

    rasters: dict[str, Raster]
    points: gpd.GeoDataFrame
    numbers: tuple[Number, ...]


def depth_maps(
    points: gpd.GeoDataFrame,
    depths: Sequence[float],
    *,
    cell_m: float,
    standards: Standards,
    surface_c: float | None = None,
    job: Job,
) -> DepthMaps:
    """Temperature at some depths between heat-flow points.

    Parameters
    ----------
    points : GeoDataFrame
        In a projected reference system: `heat_flow_mw_per_m2`, and where known `ground_conductivity_w_per_mk` and
        `gradient_k_per_km`.
    depths : sequence of float
        Below the ground. [m]
    cell_m : float
        Side of a cell. [m]
    standards : Standards
        For rock, reach and the distance within which points do not judge each other.
    surface_c : float, optional
        Temperature of the ground at the surface; that of the tables where not given. [°C]

    Raises
    ------
    UserError
        No point says its heat flow, the points are in degrees, a depth or the cell cannot be used.
    """
    found = _usable(points, depths, cell_m)
    taken = Taken(standards)
    column = Column(
        taken.number(TABLE, item="column", case="conductivity"),
        taken.number(TABLE, item="column", case="production") * PRODUCTION_UNIT,
        taken.number(TABLE, item="column", case="surface") if surface_c is None else surface_c,
    )
    reach_m = taken.number(TABLE, item="map", case="reach_km") * 1000
    apart_m = taken.number(TABLE, item="map", case="apart_km") * 1000
    places = np.column_stack([found.geometry.x, found.geometry.y])
    flow = found[NEEDED].to_numpy(dtype=float)
    conductivity = _number(found, "ground_conductivity_w_per_mk")
    grid, transform, shape = _grid(places, cell_m, reach_m)
    job.say("Interpolating heat flow", 0.0, force=True)
    between, away = interpolated(grid, places, flow)
    job.check()
    rock, _ = interpolated(grid, places, conductivity)
    rock = np.where(np.isnan(rock), column.conductivity, rock)
    between[away > reach_m] = np.nan
    crs = CRS.from_user_input(points.crs)
    values = {NEEDED: between, "heat_flow_distance_m": np.where(away > reach_m, np.nan, away)}
    for depth in job.each(depths, "Temperature at depth"):
        values[f"temperature_{depth:g}_m_c"] = _temperature(float(depth), between, rock, column)
    rasters = {
        name: Raster(one.reshape(shape).astype(np.float32), transform, crs) for name, one in values.items()
    }
    judged = _judged(found, places, depths, column, apart_m, job)
    return DepthMaps(rasters, judged, tuple(taken.used))


def _temperature(depth: float, flow: Floats, conductivity: Floats, column: Column) -> Floats:
    """By conduction through rock of its own conductivity at every place; one layer, so its formula in one line. [°C]"""
    per_rock = conductive_temperature(
        depth,
        surface=0.0,
        heat_flow=flow / 1000,
        thickness=[1.0],
        conductivity=[1.0],
        production=[column.production],
    )
    return np.asarray(column.surface + per_rock / conductivity)


def _judged(
    found: gpd.GeoDataFrame,
    places: Floats,
    depths: Sequence[float],
    column: Column,
    apart_m: float,
    job: Job,
) -> gpd.GeoDataFrame:
    """Every point with what its gradient and what its neighbours, but for those within `apart_m`, say of each depth."""
    flow, rock = found[NEEDED].to_numpy(dtype=float), _number(found, "ground_conductivity_w_per_mk")
    gradient = _number(found, "gradient_k_per_km") / 1000
    said_flow, said_rock = np.full(len(found), np.nan), np.full(len(found), np.nan)
    near = KDTree(places).query_ball_point(places, apart_m)
    for row in job.each(range(len(found)), "Judging points by their neighbours"):
        others = np.setdiff1d(np.arange(len(found)), near[row])
        said_flow[row] = interpolated(places[row][None], places[others], flow[others])[0][0]
        said_rock[row] = interpolated(places[row][None], places[others], rock[others])[0][0]
    said_rock = np.where(np.isnan(said_rock), column.conductivity, said_rock)
    each = []
    for depth in depths:
        own = column.surface + gradient * float(depth)
        said = _temperature(float(depth), said_flow, said_rock, column)
        each.append(
            gpd.GeoDataFrame(
                {
                    "borehole_id": found.index.astype(str),
                    "depth_m": float(depth),
                    NEEDED: flow,
                    "said_heat_flow_mw_per_m2": said_flow,
                    "ground_conductivity_w_per_mk": rock,
                    "gradient_k_per_km": gradient * 1000,
                    "own_temperature_c": own,
                    "said_temperature_c": said,
                    "temperature_off_k": said - own,
                },
                geometry=found.geometry.to_numpy(),
                crs=found.crs,
            )
        )
    out = gpd.GeoDataFrame(pd.concat(each, ignore_index=True), crs=found.crs)
    out.index.name = "point_id"
    return out


def _usable(points: gpd.GeoDataFrame, depths: Sequence[float], cell_m: float) -> gpd.GeoDataFrame:
    """Points that say their heat flow and where they are."""
    problems = []
    if points.crs is None or not CRS.from_user_input(points.crs).is_projected:
        problems.append(
            Problem("The points are not in metres.", "Choose a projected reference system for the map.")
        )
    wrong = [f"{depth:g}" for depth in depths if not 0 < depth <= 10_000]
    if wrong or not depths:
        problems.append(
            Problem(
                "A depth cannot be used: {depths}.",
                "Give depths between 0 and 10,000 m.",
                depths=", ".join(wrong) or "—",
            )
        )
    if not cell_m > 0:
        problems.append(Problem("The side of a cell is not above 0.", "Give it in metres, e.g. 10000."))
    flow = _number(points, NEEDED)
    good = ~np.isnan(flow) & points.geometry.notna().to_numpy() & ~points.geometry.is_empty.to_numpy()
    if not good.any():
        problems.append(
            Problem(
                "No point says its heat flow.",
                "Name the column of heat flow, for instance --column heat_flow_mw_per_m2=q.",
            )
        )
    if problems:
        raise UserError(*problems)
    return points[good].assign(**{NEEDED: flow[good]})


def _number(frame: pd.DataFrame, name: str) -> Floats:
    """A column as numbers; a gradient or conductivity of 0 was not measured."""
    if name not in frame:
        return np.full(len(frame), np.nan)
    values = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=float)
    return np.where(values > 0, values, np.nan)


def _grid(places: Floats, cell_m: float, reach_m: float) -> tuple[Floats, Affine, tuple[int, int]]:
    """Centres of the cells around all points, row by row from the north."""
    west, south = np.floor((places.min(axis=0) - reach_m / 2) / cell_m) * cell_m
    east, north = np.ceil((places.max(axis=0) + reach_m / 2) / cell_m) * cell_m
    columns, rows = round((east - west) / cell_m), round((north - south) / cell_m)
    if columns * rows > MOST_CELLS:
        raise UserError(
            Problem(
                "The map would have {cells} cells.",
                "Give a larger cell; at most {most} cells are drawn.",
                cells=columns * rows,
                most=MOST_CELLS,
            )
        )
    x = west + (np.arange(columns) + 0.5) * cell_m
    y = north - (np.arange(rows) + 0.5) * cell_m
    centres = np.column_stack([np.tile(x, rows), np.repeat(y, columns)])
    return centres, Affine(cell_m, 0, west, 0, -cell_m, north), (rows, columns)
