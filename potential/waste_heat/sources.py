"""Sources of waste heat: what every facility gives in each month, how warm, how far it goes, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.city import City
from potential.given import by_month, given_numbers
from potential.heat_pumps import heating_cop
from potential.waste_heat.numbers import KINDS, WasteNumbers, WasteState

# These give their heat elsewhere: sewage as water, biomass as fuel.
ELSEWHERE = ("sewage_works", "reclaimed_water", "biomass")
HOURS_PER_DAY, HOURS_PER_YEAR = 24.0, 8760.0
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WasteSources:
    """All sources of a city.

    Parameters
    ----------
    table : GeoDataFrame, indexed by facility_id
        `name`, `kind`, `power_kw` (recoverable while it runs), `hours`, `said` (the field that is missing, else
        empty), `hours_given`, `warmth_given`, `near_m`, `far_m`, and the point.
    warmth : ndarray, shape (sources, 12)
        Temperature of the source. [°C]
    """

    table: gpd.GeoDataFrame
    warmth: Floats

    def given(self, numbers: WasteNumbers, state: WasteState) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Heat that sources deliver into a network, and the electricity for it.

        Returns
        -------
        delivered_kw : ndarray, shape (sources, 12)
            Mean power over all hours of a month, hours of operation spread evenly; with a heat pump its electricity
            is in it: COP/(COP - 1) of what the source gives.
        power_per_heat : ndarray, shape (sources, 12)
            Electricity for a unit of heat delivered; 0 for direct use.
        direct : ndarray of bool, shape (sources, 12)
            Whether the source is warm enough for direct use.
        """
        direct = self.warmth >= numbers.network_c + numbers.pinch_k
        evaporating = self.warmth - numbers.difference_k - numbers.pump.approach_k
        cop = heating_cop(evaporating, numbers.network_c, state.carnot, numbers.pump.most_cop)
        power = np.where(direct, 0.0, 1 / cop)
        mean = (self.table["power_kw"] * self.table["hours"] / HOURS_PER_YEAR).to_numpy() * state.recoverable
        usable = (self.table["said"] == "").to_numpy()
        delivered = np.where(usable[:, None], np.nan_to_num(mean)[:, None] / (1 - np.nan_to_num(power)), 0.0)
        return delivered, np.nan_to_num(power), direct


def waste_sources(city: City, numbers: WasteNumbers) -> WasteSources:
    """Every facility that gives off heat, but those of sewage and biomass, which other potentials give out."""
    facilities = city.tables.get("facility")
    if facilities is None or "kind" not in facilities:
        empty = gpd.GeoDataFrame(
            {"name": [], "kind": [], "power_kw": [], "hours": [], "said": [], "hours_given": [], "warmth_given": [],
             "near_m": [], "far_m": []}, geometry=[], crs=city.crs, index=pd.Index([], name="facility_id")
        )  # fmt: skip
        return WasteSources(empty, np.zeros((0, 12)))
    heat = given_numbers(facilities, "waste_heat_kw")
    of_kind = facilities["kind"].isin(KINDS).to_numpy()
    meant = (of_kind | (heat > 0)) & ~facilities["kind"].isin(ELSEWHERE).to_numpy()
    here = facilities[meant]
    kind = here["kind"].astype(str).to_numpy()
    power = recoverable_kw(
        kind,
        given_numbers(here, "waste_heat_kw"),
        given_numbers(here, "it_power_kw"),
        given_numbers(here, "waste_t_per_day"),
        numbers,
    )
    warm, winter = given_numbers(here, "waste_heat_c"), given_numbers(here, "waste_heat_winter_c")
    computers = (kind == "data_centre") & np.isnan(warm) & np.isnan(winter)
    warm = np.where(computers, numbers.computers_c, warm)
    winter = np.where(np.isnan(winter), warm - numbers.winter_drop_k, winter)
    warm = np.where(np.isnan(warm), winter, warm)
    hours = given_numbers(here, "operating_hours")
    usual = np.array([numbers.hours.get(one, numbers.hours["other"]) for one in kind], dtype=float)
    said = np.select([np.isnan(power), np.isnan(warm)], ["waste_heat_kw", "waste_heat_c"], default="")
    coldest = np.minimum(warm, winter)
    warmth_class = np.digitize(np.nan_to_num(coldest, nan=numbers.low_c), [numbers.low_c, numbers.high_c])
    table = gpd.GeoDataFrame(
        {
            "name": here["name"].to_numpy() if "name" in here else "",
            "kind": kind,
            "power_kw": power,
            "hours": np.where(np.isnan(hours), usual, hours),
            "said": said.astype(object),
            "hours_given": ~np.isnan(hours),
            "warmth_given": ~computers,
            "near_m": numbers.near_m[warmth_class],
            "far_m": numbers.far_m[warmth_class],
        },
        geometry=here.geometry.to_numpy(),
        crs=city.crs,
        index=pd.Index(here.index, name="facility_id"),
    )
    return WasteSources(table, by_month(warm, winter, numbers.winter))


def recoverable_kw(
    kind: NDArray[np.object_], heat_kw: Floats, it_kw: Floats, waste_t_per_day: Floats, numbers: WasteNumbers
) -> Floats:
    """Heat that can be recovered while a facility runs, shape (facilities,); NaN where nothing tells. [kW]

    A share of the heat it gives off; of data centres a share of the power of the computers where that is less, of
    incinerators without a figure what the waste burnt gives.
    """
    given = heat_kw * numbers.recoverable
    computers = np.where(kind == "data_centre", it_kw * numbers.it_share, np.nan)
    burnt = np.where(
        kind == "waste_incinerator", waste_t_per_day * numbers.kwh_per_t_waste / HOURS_PER_DAY, np.nan
    )
    found: Floats = np.fmin(given, computers)
    return np.where(np.isnan(found), burnt * numbers.recoverable, found)
