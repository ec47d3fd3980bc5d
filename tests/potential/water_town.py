"""A small level town with parcels in a row, for tests of shared sources: rivers, lakes, facilities, zones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from affine import Affine
from pyproj import CRS
from shapely.affinity import translate
from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from layers.city import City, Raster

QINGHE = CRS.from_epsg(4545)
X, Y = 500_000.0, 3_797_000.0
LEVEL_M = 400.0
MILD = (9.0, 9.5, 12.0, 16.0, 20.0, 24.0, 27.0, 27.0, 24.0, 19.0, 14.0, 10.0)  # as the Yangtze
NORTHERN = (3.2, 4.6, 9.1, 14.6, 19.0, 23.1, 25.6, 25.0, 20.4, 15.1, 9.3, 4.7)


def parcels_at(xs: Sequence[float], ys: Sequence[float] | None = None, **columns: Any) -> gpd.GeoDataFrame:
    """Square parcels of 100 m whose south-western corners are at some x and y (else 0), named P0, P1 …"""
    ys = [0.0] * len(xs) if ys is None else ys
    return gpd.GeoDataFrame(
        {"name": [f"{n}号" for n in range(len(xs))], **columns},
        geometry=[box(X + x, Y + y, X + x + 100, Y + y + 100) for x, y in zip(xs, ys, strict=True)],
        crs=QINGHE,
        index=pd.Index([f"P{n}" for n in range(len(xs))], name="parcel_id"),
    )


def water(shape: BaseGeometry, *, warmth: Sequence[float] | None = MILD, **columns: Any) -> dict[str, Any]:
    """A river with 1 m³/s of low flow, unless said otherwise; coordinates count from the corner of the town."""
    months = {} if warmth is None else {f"water_temp_c_month_{n + 1:02d}": t for n, t in enumerate(warmth)}
    usual = {"name": "清河", "kind": "river", "low_flow_m3_per_s": 1.0, "surface_level_m": LEVEL_M - 5}
    return {**usual, **months, "geometry": moved(shape), **columns}


def facility(x: float, y: float, kind: str, **columns: Any) -> dict[str, Any]:
    """A facility at a point."""
    return {"name": kind, "kind": kind, "geometry": Point(X + x, Y + y), **columns}


def moved(shape: BaseGeometry) -> BaseGeometry:
    """A shape with coordinates that count from the corner of the town."""
    return translate(shape, X, Y)


def table(name: str, rows: Sequence[dict[str, Any]]) -> gpd.GeoDataFrame:
    """Rows as a table with ids of its name."""
    nothing = {"kind": [], "geometry": []}
    frame = gpd.GeoDataFrame(list(rows) or nothing, geometry="geometry", crs=QINGHE)
    frame.index = pd.Index([f"{name[0].upper()}{n}" for n in range(len(rows))], name=f"{name}_id")
    return frame


def town(parcels: gpd.GeoDataFrame, *, terrain_m: float | None = LEVEL_M, **tables: Any) -> City:
    """A city of parcels and other tables on level ground; without terrain where its level is None."""
    named = {name: table(name, rows) for name, rows in tables.items() if rows is not None}
    rasters = {}
    if terrain_m is not None:
        cells = np.full((400, 400), terrain_m, dtype=np.float32)
        rasters["terrain"] = Raster(cells, Affine(100, 0, X - 20_000, 0, -100, Y + 20_000), QINGHE)
    return City("测试市", QINGHE, {"parcel": parcels, **named}, rasters, facts={"province": "陕西"})
