"""What lies below and around: terrain, aquifer, ground properties and deep heat as rasters on one frame."""

from __future__ import annotations

import itertools

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from scipy.ndimage import gaussian_filter
from shapely import LineString

from layers.city import Raster
from sample_city import skeleton
from sample_city.lines import curve, smooth

WEST, SOUTH, EAST, NORTH = -1_500.0, -3_500.0, 7_500.0, 6_000.0
TERRAIN_CELL_M, GROUND_CELL_M = 10.0, 100.0
UNDRILLED = (
    600.0,
    4_600.0,
)  # north-west of it no hole reached the aquifer: how well it conducts is not known
Grid = NDArray[np.float64]


def terrain(rng: np.random.Generator, crs: CRS) -> Raster:
    """Height of the ground: river, terraces, fan, and the foothills in the south. [m]"""
    x, y = _grid(TERRAIN_CELL_M)
    river = _distance(curve(skeleton.RIVER), x, y)
    bed = 388.5 - 0.0011 * (x - 3000)
    away = np.maximum(river - 80, 0.0)
    north = y > np.interp(x, *np.array(skeleton.RIVER).T)
    first = 5.0 * _step(away, 110, 45)
    second = 9.0 * _step(away, np.where(north, 900.0, 1_350.0), 140)
    slope = 0.0040 * np.maximum(away - 200, 0)
    height = bed + first + second + slope
    south = 350 * np.logaddexp(0.0, (450.0 - y) / 350)  # distance into the fan, without a kink at its foot
    ridges = sum(
        share * (0.8 - np.abs(_noise(rng, x.shape, cells))) for share, cells in ((46, 62), (24, 28), (9, 12))
    )
    hills = _step(south, 1_650, 520) * (0.040 * np.maximum(south - 700, 0) + ridges)
    height = height + 0.016 * south + hills
    brook = _distance(curve(skeleton.BROOK), x, y)
    gorge = 3.2 + 26 * _step(-y, 1_500, 400)
    height -= gorge * np.exp(-((brook / (26 + 3.5 * gorge)) ** 2)) + 5.0 * _step(80 - river, 0, 14)
    height += _noise(rng, x.shape, 9) * 0.35 + _noise(rng, x.shape, 3) * 0.08
    return _raster(height, TERRAIN_CELL_M, crs)


def ground_rasters(rng: np.random.Generator, height: Raster, crs: CRS) -> dict[str, Raster]:
    """Aquifer, ground and deep heat, 100 m cells, named as the fields of the dictionary."""
    x, y = _grid(GROUND_CELL_M)
    shape = x.shape
    level = _coarse(height, shape)
    river = _distance(curve(skeleton.RIVER), x, y)
    near = np.exp(-river / 1_100)
    hilly = _step(-y, 900, 350)

    def noise(cells: float) -> Grid:
        return _noise(rng, shape, cells)

    quaternary = np.clip(240 - 0.035 * np.maximum(1_500 - y, 0) - 190 * hilly + 14 * noise(9), 4, None)
    aquifer = np.clip(14 + 34 * near + 6 * noise(8) - 13 * hilly, 1.5, 62)
    conductivity = np.clip(np.exp(1.45 + 2.6 * near + 0.35 * noise(5) - 1.6 * hilly), 0.4, 120)
    water_level = (
        386.0
        - 0.0011 * (x - 3000)
        + 0.0034 * river
        - 3.5 * np.exp(-(((x - 2650) ** 2 + (y - 2300) ** 2) / 1_300**2))
    )
    water_level += np.maximum(600 - y, 0) * 0.016 + 0.5 * noise(8)
    depth = np.clip(level - water_level, 1.2, 140)
    dz_north, dz_east = np.gradient(gaussian_filter(water_level, 2.0), -GROUND_CELL_M, GROUND_CELL_M)
    fault = np.exp(-((_distance(fissure_line(), x, y) / 700) ** 2))
    flow = 66 + 13 * fault + 3.5 * noise(10)
    reservoir = np.clip(1_900 + 0.16 * (y + 3_000) + 60 * noise(12) - 260 * hilly, 900, None)
    layers: dict[str, Grid] = {
        "quaternary_m": quaternary,
        "aquifer_thickness_m": aquifer,
        "hydraulic_conductivity_m_per_day": conductivity,
        "water_table_depth_m": depth,
        "hydraulic_gradient": np.clip(np.hypot(dz_north, dz_east), 2e-4, 0.05),
        "flow_direction_deg": np.degrees(np.arctan2(-dz_east, -dz_north)) % 360,
        "ground_conductivity_w_per_mk": np.clip(
            1.62 + 0.42 * near + 0.06 * noise(6) + 0.75 * hilly, 1.2, 3.2
        ),
        "ground_capacity_mj_per_m3k": np.clip(2.36 + 0.16 * near + 0.03 * noise(6) - 0.15 * hilly, 1.9, 2.8),
        "ground_temp_c": 15.9 - 0.006 * (level - 395) + 0.15 * noise(9) + 0.35 * _middle_of_town(x, y),
        "heat_flow_mw_per_m2": flow,
        "deep_reservoir_depth_m": reservoir,
        "deep_reservoir_temp_c": 15 + reservoir * (0.0325 + 0.003 * fault),
        "deep_reservoir_thickness_m": np.clip(210 + 35 * noise(10) - 110 * hilly, 30, None),
        "deep_reservoir_porosity": np.clip(0.225 + 0.015 * noise(10) - 0.05 * hilly, 0.08, 0.32),
        "deep_well_flow_m3_per_h": np.clip(88 + 14 * fault + 9 * noise(10) - 45 * hilly, 15, None),
    }
    unknown = (x < UNDRILLED[0]) & (y > UNDRILLED[1])
    layers["hydraulic_conductivity_m_per_day"] = np.where(unknown, np.nan, conductivity)
    return {name: _raster(values, GROUND_CELL_M, crs) for name, values in layers.items()}


def fissure_line() -> LineString:
    """A ground fissure across the south of the city, as in the basin's graben."""
    return LineString(
        smooth(
            ((-1500, 380), (400, 760), (1900, 1180), (3200, 1120), (4600, 1620), (6000, 1760), (7500, 2200))
        )
    )


def sample(raster: Raster, x: Grid, y: Grid) -> Grid:
    """Values of a raster at points of its reference system."""
    columns, rows = ~raster.transform @ (x, y)
    height, width = raster.values.shape
    row = np.clip(np.floor(rows).astype(int), 0, height - 1)
    column = np.clip(np.floor(columns).astype(int), 0, width - 1)
    found: Grid = raster.values[row, column].astype(float)
    return found


def _grid(cell_m: float) -> tuple[Grid, Grid]:
    columns = np.arange(WEST + cell_m / 2, EAST, cell_m)
    rows = np.arange(NORTH - cell_m / 2, SOUTH, -cell_m)
    x, y = np.meshgrid(columns, rows)
    return x, y


def _raster(values: Grid, cell_m: float, crs: CRS) -> Raster:
    transform = Affine(cell_m, 0, skeleton.EAST0 + WEST, 0, -cell_m, skeleton.NORTH0 + NORTH)
    return Raster(np.round(values, 5).astype(np.float32), transform, crs)


def _step(values: Grid, middle: Grid | float, width: float) -> Grid:
    found: Grid = 0.5 * (1 + np.tanh((values - middle) / width))
    return found


def _noise(rng: np.random.Generator, shape: tuple[int, ...], cells: float) -> Grid:
    """Smooth chance with mean 0 and deviation 1."""
    rough = gaussian_filter(rng.standard_normal(shape), cells, mode="reflect")
    found: Grid = (rough - rough.mean()) / rough.std()
    return found


def _distance(line: LineString, x: Grid, y: Grid) -> Grid:
    """Distance to a line, worked out on a coarse grid where the fine one is large. [m]"""
    points = np.array(line.segmentize(60.0).coords)
    if x.size > 50_000:
        coarse = _distance(line, x[::5, ::5], y[::5, ::5])
        return _stretch(coarse, x.shape, 5)
    away = np.full(x.shape, np.inf)
    for a, b in itertools.pairwise(points):
        step = b - a
        share = np.clip(((x - a[0]) * step[0] + (y - a[1]) * step[1]) / (step @ step), 0, 1)
        away = np.minimum(away, np.hypot(x - a[0] - share * step[0], y - a[1] - share * step[1]))
    return away


def _stretch(coarse: Grid, shape: tuple[int, ...], factor: int) -> Grid:
    """A coarse grid drawn out to a fine one, straight between its values."""
    rows = np.minimum(np.arange(shape[0]) / factor, coarse.shape[0] - 1.0)
    columns = np.minimum(np.arange(shape[1]) / factor, coarse.shape[1] - 1.0)
    r, c = rows.astype(int), columns.astype(int)
    r1, c1 = np.minimum(r + 1, coarse.shape[0] - 1), np.minimum(c + 1, coarse.shape[1] - 1)
    fr, fc = (rows - r)[:, None], (columns - c)[None, :]
    upper = coarse[r][:, c] * (1 - fc) + coarse[r][:, c1] * fc
    lower = coarse[r1][:, c] * (1 - fc) + coarse[r1][:, c1] * fc
    found: Grid = upper * (1 - fr) + lower * fr
    return found


def _coarse(raster: Raster, shape: tuple[int, ...]) -> Grid:
    factor = raster.values.shape[0] // shape[0]
    found: Grid = raster.values.reshape(shape[0], factor, shape[1], factor).mean(axis=(1, 3)).astype(float)
    return found


def _middle_of_town(x: Grid, y: Grid) -> Grid:
    found: Grid = np.exp(-(((x - 2800) / 2_400) ** 2) - ((y - 2500) / 1_800) ** 2)
    return found
