"""The reservoir under every parcel: what rasters and deep wells say of its depth, heat, pores and flow."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import KDTree

from layers.city import City
from potential.deep.deep_numbers import ReservoirNumbers
from potential.deep.heat_flow import interpolated
from potential.deep.temperature import best_temperature, conductive_temperature, measured_gradient
from potential.places import raster_at

NEEDED = (
    "deep_reservoir_depth_m",
    "deep_reservoir_temp_c",
    "deep_reservoir_thickness_m",
    "deep_reservoir_porosity",
    "deep_well_flow_m3_per_h",
)
DAY_S = 86_400.0
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Reservoir:
    """What is known below every parcel; NaN where nothing is.

    Parameters
    ----------
    surface_c, depth_m, temp_c, porosity : ndarray, shape (parcels,)
        Ground temperature at the surface; depth, temperature and porosity of the reservoir.
    net_m : ndarray
        Thickness that lets water through. [m]
    flow_m3_per_h : ndarray
        Of one well.
    transmissivity : ndarray
        Of the reservoir, NaN where not known. [m²/s]
    gradient : ndarray
        Measured, else NaN. [K/m]
    heat_flow : ndarray
        [W/m²]
    heat_flow_distance_m : ndarray
        To the nearest point it was measured at; 0 where a raster holds it, NaN where it is not known.
    measured : ndarray of bool
        Whether a deep well nearby measured temperature and flow.
    """

    surface_c: Floats
    depth_m: Floats
    temp_c: Floats
    net_m: Floats
    porosity: Floats
    flow_m3_per_h: Floats
    transmissivity: Floats
    gradient: Floats
    heat_flow: Floats
    heat_flow_distance_m: Floats
    measured: NDArray[np.bool_]

    def missing(self) -> dict[str, NDArray[np.bool_]]:
        """Where what a doublet needs is not known, by the name of the field."""
        known = (self.depth_m, self.temp_c, self.net_m, self.porosity, self.flow_m3_per_h)
        return {name: np.isnan(values) for name, values in zip(NEEDED, known, strict=True)}


def reservoir_of(city: City, parcels: gpd.GeoDataFrame, numbers: ReservoirNumbers) -> Reservoir:
    """What the layers of a city say below its parcels.

    Temperature: a deep well nearby, else the map of the reservoir, else conduction by heat flow. A deep well speaks
    for its surroundings by its excess over the map, so that the shape of the map is kept.
    """
    depth, temp, thickness, porosity, flow = (raster_at(city, name, parcels) for name in NEEDED)
    surface = _surface(city, parcels, numbers)
    heat_flow, distance = _heat_flow(city, parcels)
    wells = deep_wells(city)
    mapped = measured_gradient(depth, temp, surface)
    measured_excess, near_temp = _beside(
        city, parcels, wells, "deep_reservoir_temp_c", surface, numbers, excess=True
    )
    measured_flow, near_flow = _beside(
        city, parcels, wells, "deep_well_flow_m3_per_h", surface, numbers, excess=False
    )
    gradient = np.where(near_temp & ~np.isnan(mapped), mapped * measured_excess, mapped)
    column = {"thickness": [1.0], "conductivity": [numbers.conductivity], "production": [numbers.production]}
    by_flow = conductive_temperature(depth, surface=surface, heat_flow=heat_flow, **column)
    days = raster_at(city, "deep_transmissivity_m2_per_day", parcels) / DAY_S
    return Reservoir(
        surface_c=surface,
        depth_m=depth,
        temp_c=best_temperature(depth, surface, gradient, by_flow),
        net_m=np.maximum(thickness, 0.0) * numbers.net_share,
        porosity=porosity,
        flow_m3_per_h=np.where(near_flow, flow * measured_flow, flow),
        transmissivity=np.where(days > 0, days, np.nan),
        gradient=gradient,
        heat_flow=heat_flow,
        heat_flow_distance_m=distance,
        measured=near_temp & near_flow,
    )


def deep_wells(city: City) -> gpd.GeoDataFrame | None:
    """Boreholes of the kind `deep`; None where there are none."""
    holes = city.tables.get("borehole")
    if holes is None or "kind" not in holes:
        return None
    deep = holes[(holes["kind"] == "deep") & ~holes.geometry.is_empty & holes.geometry.notna()]
    return deep if len(deep) else None


def _surface(city: City, parcels: gpd.GeoDataFrame, numbers: ReservoirNumbers) -> Floats:
    found = raster_at(city, "ground_temp_c", parcels)
    other = numbers.surface_c
    if city.weather is not None:
        other = float(city.weather.hours["temp_air"].mean())
    return np.where(np.isnan(found), other, found)


def _heat_flow(city: City, parcels: gpd.GeoDataFrame) -> tuple[Floats, Floats]:
    """Heat flow in W/m² by raster, else between the deep wells; and how far the nearest point is."""
    found = raster_at(city, "heat_flow_mw_per_m2", parcels)
    distance = np.where(np.isnan(found), np.nan, 0.0)
    wells = deep_wells(city)
    lacking = np.isnan(found)
    if wells is not None and "heat_flow_mw_per_m2" in wells and lacking.any():
        between, away = interpolated(
            _points(parcels[lacking]),
            _points(wells),
            pd.to_numeric(wells["heat_flow_mw_per_m2"], errors="coerce").to_numpy(dtype=float),
        )
        found[lacking] = between
        distance[lacking] = np.where(np.isfinite(away), away, np.nan)
    return found / 1000, distance


def _beside(
    city: City,
    parcels: gpd.GeoDataFrame,
    wells: gpd.GeoDataFrame | None,
    name: str,
    surface: Floats,
    numbers: ReservoirNumbers,
    *,
    excess: bool,
) -> tuple[Floats, NDArray[np.bool_]]:
    """By which factor the nearest deep well in reach differs from the map there, and where one is in reach."""
    factor, near = np.ones(len(parcels)), np.zeros(len(parcels), dtype=bool)
    if wells is None or name not in wells or parcels.empty:
        return factor, near
    told = pd.to_numeric(wells[name], errors="coerce").to_numpy(dtype=float)
    mapped = raster_at(city, name, wells)
    if excess:  # of the temperature over that of the surface, which hardly varies over a city
        told, mapped = told - np.nanmean(surface), mapped - np.nanmean(surface)
    good = (told > 0) & (mapped > 0)
    if not good.any():
        return factor, near
    ratio = told[good] / mapped[good]
    away, which = KDTree(_points(wells[good])).query(_points(parcels))
    near = away <= numbers.survey_reach_m
    factor[near] = ratio[which[near]]
    return factor, near


def _points(frame: gpd.GeoDataFrame) -> Floats:
    middle = frame.geometry.representative_point()
    return np.column_stack([middle.x.to_numpy(), middle.y.to_numpy()])
