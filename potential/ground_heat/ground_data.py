"""Ground data: conductivity, heat capacity and temperature of the ground under every parcel, and how well they are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.city import City
from potential.places import raster_at

CONDUCTIVITY, CAPACITY = "ground_conductivity_w_per_mk", "ground_capacity_mj_per_m3k"
TEMPERATURE, RESISTANCE = "ground_temp_c", "borehole_resistance_mk_per_w"
NEEDED = (CONDUCTIVITY, CAPACITY, TEMPERATURE)
TEST = "thermal_response"
SCREENING, SURVEYED = "screening", "surveyed"
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class GroundData:
    """The ground under every parcel; arrays are (parcels,).

    Parameters
    ----------
    values : mapping of str to ndarray
        By the names of fields: conductivity [W/(m·K)], capacity [MJ/(m³·K)], temperature [°C]; resistance of a
        borehole where a response test gave it [m·K/W]. NaN where nothing is known.
    tested : ndarray of bool
        Where a thermal response test was made on the parcel.
    """

    values: Mapping[str, Floats]
    tested: NDArray[np.bool_]

    @property
    def evidence(self) -> NDArray[np.object_]:
        """`surveyed` where a response test was made, else `screening`."""
        return np.where(self.tested, SURVEYED, SCREENING).astype(object)


def ground_data(city: City, parcels: gpd.GeoDataFrame) -> GroundData:
    """What is known of the ground: of a response test on the parcel, else of rasters, else of the map of geology."""
    values = {name: raster_at(city, name, parcels) for name in NEEDED}
    values[RESISTANCE] = np.full(len(parcels), np.nan)
    values = {name: np.where(_sound(name, found), found, np.nan) for name, found in values.items()}
    geology, boreholes = city.tables.get("geology"), city.tables.get("borehole")
    if geology is not None and not geology.empty:
        mapped = _at(geology, gpd.GeoSeries(parcels.geometry.representative_point(), crs=parcels.crs))
        for name in NEEDED:
            if name in mapped:
                values[name] = np.where(np.isnan(values[name]), mapped[name], values[name])
    tested = np.zeros(len(parcels), dtype=bool)
    if boreholes is not None and not boreholes.empty and "kind" in boreholes:
        tests = boreholes[boreholes["kind"] == TEST]
        hole, parcel = parcels.sindex.query(tests.geometry, predicate="within")
        for name in (*NEEDED, RESISTANCE):
            if name not in tests:
                continue
            measured = pd.to_numeric(tests[name], errors="coerce").to_numpy(dtype=float)[hole]
            known = np.isfinite(measured) & _sound(name, measured)
            mean = pd.Series(measured[known]).groupby(parcel[known]).mean()
            values[name][mean.index.to_numpy(dtype=int)] = mean.to_numpy()
            if name == CONDUCTIVITY:
                tested[mean.index.to_numpy(dtype=int)] = True
    return GroundData(values, tested)


def _sound(name: str, values: Floats) -> NDArray[np.bool_]:
    """Conductivity, capacity and resistance must be above zero; a temperature may be anything."""
    with np.errstate(invalid="ignore"):
        sound: NDArray[np.bool_] = np.isfinite(values) if name == TEMPERATURE else values > 0
    return sound


def _at(table: gpd.GeoDataFrame, points: gpd.GeoSeries) -> dict[str, Floats]:
    """Numbers of a map of areas at points; NaN outside all of them."""
    point, area = table.sindex.query(points.to_numpy(), predicate="within")
    found = {}
    for name in NEEDED:
        if name in table:
            values = pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=float)
            values = np.where(_sound(name, values), values, np.nan)
            found[name] = np.full(len(points), np.nan)
            found[name][point] = values[area]
    return found
