"""A parcel of 60 m by 60 m, and what may lie in and under it."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import CRS
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from core.jobs import Job
from layers.city import City
from potential.ground_heat.usable import UsableGround, usable_ground
from standards import SHIPPED
from standards.taken import Taken

ZONE = CRS.from_epsg(4545)
X, Y = 500_000.0, 3_797_000.0


def layer(name: str, *rows: tuple[BaseGeometry | None, dict[str, Any]]) -> gpd.GeoDataFrame:
    """A table of shapes about the corner of the parcel, with their columns."""
    shapes = [None if shape is None else translate(shape, X, Y) for shape, _ in rows]
    ids = pd.Index([f"{name}{number}" for number in range(len(rows))], name=f"{name}_id")
    return gpd.GeoDataFrame([row for _, row in rows], geometry=shapes, crs=ZONE, index=ids)


def ground_of(*parcels: tuple[BaseGeometry | None, dict[str, Any]], spacing: float = 5.0, under_slabs: bool = True,
              **tables: gpd.GeoDataFrame) -> UsableGround:  # fmt: skip
    """Usable ground of parcels among other layers."""
    city = City("x", ZONE, {"parcel": layer("parcel", *parcels), **tables})
    return usable_ground(city, spacing, Taken(SHIPPED), Job(), under_slabs=under_slabs)
