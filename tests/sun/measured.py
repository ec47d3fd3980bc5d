"""Roofs of known shape as a laser would measure them, with noise, for the tests of roof planes."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from layers.city import Raster
from layers.surface import Surface
from potential.solar.plane_rules import PlaneRules
from standards import Standards, Taken

CRS_M = CRS.from_epsg(4545)
X, Y = 500_000.0, 3_797_000.0
RULES = PlaneRules.of(Taken(Standards()))
SETBACK_M = {"flat": 1.1, "metal": 1.1, "pitched": 0.65}

Floats = NDArray[np.float64]
Shape = Callable[[Floats, Floats], Floats]


def measured(
    footprint: BaseGeometry,
    roof: Shape,
    cell_m: float = 1.0,
    noise_m: float = 0.1,
    margin_m: float = 10.0,
    roof_type: str = "pitched",
) -> tuple[gpd.GeoDataFrame, Surface]:
    """A building and the surface around it; `roof` gives heights at metres east and north of (X, Y)."""
    import shapely

    west, south, east, north = footprint.bounds
    west, north = west - margin_m, north + margin_m
    shape = int((north - south + margin_m) / cell_m), int((east + margin_m - west) / cell_m)
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]]
    x, y = west + (columns + 0.5) * cell_m, north - (rows + 0.5) * cell_m
    inside = shapely.contains_xy(footprint, x, y)
    noise = np.random.default_rng(7).normal(0.0, noise_m, shape)
    heights = (np.where(inside, roof(x - X, y - Y), 0.0) + noise).astype(np.float32)
    transform = Affine(cell_m, 0.0, west, 0.0, -cell_m, north)
    frame = gpd.GeoDataFrame({"roof_type": [roof_type]}, geometry=[footprint], crs=CRS_M)
    surface = Surface(
        Raster(heights, transform, CRS_M),
        np.where(inside, 0, -1).astype(np.int32),
        Raster(np.zeros(shape, np.float32), transform, CRS_M),
        np.zeros(1),
        True,
    )
    return frame, surface


def turned(x: Floats, y: Floats, degrees: float) -> tuple[Floats, Floats]:
    """Coordinates along and across an axis turned anticlockwise from east."""
    angle = np.radians(degrees)
    return x * np.cos(angle) + y * np.sin(angle), -x * np.sin(angle) + y * np.cos(angle)
