"""Fuel: residues that are collected within reach of a city, and the heat that boilers make of them."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.city import City
from potential.draws import Draws
from potential.given import given_numbers
from standards import Taken

KIND = "biomass"  # of a facility that collects residues
KG_PER_T, MJ_PER_KWH, M_PER_KM = 1000.0, 3.6, 1000.0
Floats = NDArray[np.float64]


def heat_of_fuel(
    tonnes: Floats, collected: Floats, mj_per_kg: Floats | float, efficiency: Floats | float
) -> Floats:
    """Heat that boilers make of residues. [kWh]

    Parameters
    ----------
    tonnes : ndarray
        Residues. [t]
    collected : ndarray
        Share of them that is burnt. [-]
    mj_per_kg : array_like
        Lower heating value as fired. [MJ/kg]
    efficiency : array_like
        Of the boiler. [-]
    """
    heat: Floats = tonnes * KG_PER_T * collected * mj_per_kg * efficiency / MJ_PER_KWH
    return heat


@dataclass(frozen=True)
class Fuels:
    """Where residues come from.

    Parameters
    ----------
    table : GeoDataFrame, indexed by fuel_source_id
        `name`, `kind` (point or area), `residues_t_per_year` (NaN where not given), and the shape.
    """

    table: gpd.GeoDataFrame

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where the residues are given, shape (fuels,)."""
        known: NDArray[np.bool_] = self.table["residues_t_per_year"].notna().to_numpy()
        return known

    def heat_kwh(self, point: float, area: float, mj_per_kg: float, efficiency: float) -> Floats:
        """Heat of every source in a year, shape (fuels,), 0 where not known. [kWh]

        `point` and `area` are the shares burnt of what collecting points and areas have.
        """
        collected = np.where(self.table["kind"] == "point", point, area)
        tonnes = self.table["residues_t_per_year"].fillna(0.0).to_numpy()
        return heat_of_fuel(tonnes, collected, mj_per_kg, efficiency)


def fuels(city: City) -> Fuels:
    """Collecting points among the facilities, and areas of the table `biomass`."""
    found = []
    facilities = city.tables.get("facility")
    if facilities is not None and "kind" in facilities:
        found.append(_rows(facilities[facilities["kind"] == KIND], "point"))
    areas = city.tables.get("biomass")
    if areas is not None:
        found.append(_rows(areas, "area"))
    index = pd.Index(
        [str(one) for frame in found for one in frame.index], name="fuel_source_id", dtype="object"
    )
    shapes = [shape for frame in found for shape in frame.geometry]
    data = {
        name: [value for frame in found for value in frame[name]]
        for name in ("name", "kind", "residues_t_per_year")
    }
    table = gpd.GeoDataFrame(data, geometry=gpd.GeoSeries(shapes, crs=city.crs), index=None)
    table["residues_t_per_year"] = table["residues_t_per_year"].astype(float)
    table.index = index
    return Fuels(table)


def _rows(table: gpd.GeoDataFrame, kind: str) -> gpd.GeoDataFrame:
    names = table["name"].fillna("").astype(str).to_numpy() if "name" in table else np.full(len(table), "")
    return gpd.GeoDataFrame(
        {"name": names, "kind": kind, "residues_t_per_year": given_numbers(table, "residues_t_per_year")},
        geometry=table.geometry.to_numpy(),
        crs=table.crs,
        index=table.index,
    )


@dataclass(frozen=True)
class FuelNumbers:
    """What boilers burn and cost; see the tables `biomass` and `biomass_rules`."""

    mj_per_kg: float
    efficiency: float
    radius_m: float
    point_share: float
    area_share: float
    electricity: float
    capex_yuan_per_kw: float
    fuel_yuan_per_t: float
    upkeep: float
    district_share: float
    zone_share: float
    step_m: float
    cover_fairly: float
    cover_conditional: float

    @classmethod
    def of(cls, taken: Taken) -> FuelNumbers:
        """The numbers in force."""

        def rule(item: str, case: str) -> float:
            return taken.number("biomass_rules", item=item, case=case)

        def supply(item: str, case: str) -> float:
            return taken.number("heat_supply", item=item, case=case)

        return cls(
            mj_per_kg=taken.number("biomass", key="straw", quantity="LHV"),
            efficiency=taken.number("biomass", key="boiler", quantity="efficiency"),
            radius_m=M_PER_KM * taken.number("biomass", key="radius", quantity="distance maximum"),
            point_share=rule("collected", "point"),
            area_share=rule("collected", "area"),
            electricity=rule("electricity", "share"),
            capex_yuan_per_kw=rule("boiler", "capex"),
            fuel_yuan_per_t=rule("fuel", "price"),
            upkeep=supply("upkeep", "share"),
            district_share=rule("district_heat", "share"),
            zone_share=rule("zone", "share"),
            step_m=rule("turn", "step"),
            cover_fairly=supply("cover", "fairly_suitable"),
            cover_conditional=supply("cover", "conditional"),
        )


def drawn_heat(fuel: Fuels, taken: Taken, count: int) -> tuple[Floats, Floats]:
    """Heat of every source in every draw, shape (draws, fuels), and need over what was computed, shape (draws,). [kWh]"""
    draws = Draws(taken, count)
    value = draws.number("biomass", key="straw", quantity="LHV")
    boiler = draws.number("biomass", key="boiler", quantity="efficiency")
    point = draws.number("biomass_rules", item="collected", case="point")
    area = draws.number("biomass_rules", item="collected", case="area")
    demand = draws.number("heat_supply", item="demand", case="factor")
    heat = [
        fuel.heat_kwh(float(point[n]), float(area[n]), float(value[n]), float(boiler[n]))
        for n in range(count)
    ]
    return np.array(heat).reshape(count, len(fuel.table)), demand
