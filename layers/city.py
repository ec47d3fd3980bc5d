"""The City: given tables, rasters and weather with the corrections laid over them. Frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Proj, Transformer

from layers.weather import Weather
from standards import Standards


@dataclass(frozen=True)
class Raster:
    """Values on a grid of square cells.

    Parameters
    ----------
    values : ndarray of float32, shape (rows, columns)
        Rows run from north to south; missing is NaN.
    transform : Affine
        From (column, row) to coordinates of the reference system.
    crs : CRS
        Reference system.
    """

    values: NDArray[np.float32]
    transform: Affine
    crs: CRS

    @property
    def cell_m(self) -> float:
        """Length of a cell's side. [units of the reference system]"""
        return float(self.transform.a)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        rows, columns = self.values.shape
        west, north = self.transform @ (0, 0)
        east, south = self.transform @ (columns, rows)
        return west, south, east, north


class Place(NamedTuple):
    """A place on the earth, and the angle there between true and grid north (true less grid azimuth). [°]"""

    longitude: float
    latitude: float
    convergence_deg: float


@dataclass(frozen=True)
class City:
    """What is known of a city.

    Parameters
    ----------
    name : str
        Name of the city.
    crs : CRS
        The one projected reference system of all tables and rasters, in metres.
    tables : Mapping of str to GeoDataFrame
        `building` and `parcel` by their id, and others as imported.
    rasters : Mapping of str to Raster
        `terrain`, `surface` and others as imported.
    weather : Weather, optional
        A typical year; None until one is given.
    facts : Mapping
        Single values: climate zone, province, default year of building.
    standards : Standards
        Published numbers, with the city's own rows.
    """

    name: str
    crs: CRS
    tables: Mapping[str, gpd.GeoDataFrame] = field(default_factory=lambda: MappingProxyType({}))
    rasters: Mapping[str, Raster] = field(default_factory=lambda: MappingProxyType({}))
    weather: Weather | None = None
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    standards: Standards = field(default_factory=Standards)

    @cached_property
    def place(self) -> Place:
        """The middle of the buildings, else of the parcels."""
        table = self.tables["building"] if "building" in self.tables else self.tables["parcel"]
        west, south, east, north = table.total_bounds
        return _place(self.crs.srs, float(west + east) / 2, float(south + north) / 2)


@lru_cache(maxsize=16)
def _place(crs: str, x: float, y: float) -> Place:
    longitude, latitude = Transformer.from_crs(crs, 4326, always_xy=True).transform(x, y)
    convergence = Proj(crs).get_factors(longitude, latitude).meridian_convergence
    return Place(float(longitude), float(latitude), float(convergence))
