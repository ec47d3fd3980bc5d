"""Roof PV: what the roofs of all buildings of a city yield after collectors for hot water took their share."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from demand.hot_water import hot_water
from layers.city import City
from potential.solar.roof_sun import RoofSettings, RoofSun, roof_sun
from potential.solar.rooftop_numbers import RooftopNumbers
from potential.solar.rooftop_results import MONTHS, building_results, on_planes
from potential.solar.safety import safety
from potential.solar.sharing import HeatOnRoofs, heat_on_roofs
from potential.solar.site import Site, needed, once, site_of
from potential.solar.typical_days import typical_days


@dataclass(frozen=True)
class RoofPv:
    """Roofs of all buildings of a city.

    Parameters
    ----------
    site : Site
        Surface and sky.
    sun : RoofSun
        Planes with what falls on them.
    numbers : RooftopNumbers
        Numbers in force.
    states : DataFrame
        Safety of each building.
    buildings : DataFrame
        Results of every building, collectors taken off.
    heat : HeatOnRoofs
        The collectors.
    days_kwh : ndarray, shape (buildings, 12, 24)
        Energy of the hours of typical days. [kWh]
    """

    site: Site
    sun: RoofSun
    numbers: RooftopNumbers
    states: pd.DataFrame
    buildings: pd.DataFrame
    heat: HeatOnRoofs
    days_kwh: NDArray[np.float64]


def roof_pv(city: City, settings: RoofSettings, job: Job) -> RoofPv:
    """Roofs of all buildings of a city, made anew only where city or settings differ from the last.

    Raises
    ------
    UserError
        Where buildings or weather are missing.
    """
    needed(city)
    shared = {item: getattr(settings, item) for item in RoofSettings.__dataclass_fields__}

    def make() -> RoofPv:
        buildings = city.tables["building"]
        numbers = RooftopNumbers.of(city, settings)
        site = site_of(city, settings, job)
        sun = roof_sun(city, site, settings, numbers, job)
        states = safety(buildings, numbers.safety_rules, settings.year)
        whole = building_results(buildings, sun, states, numbers)
        heat = heat_on_roofs(city, site, whole, hot_water(city), numbers.worth.kgce_per_kwh)
        share = heat.buildings["heat_share"].to_numpy()
        results = (
            building_results(buildings, sun, states, numbers, heat_share=share) if share.any() else whole
        )
        results["heat_roof_m2"] = heat.buildings["heat_roof_m2"].round()
        placed = on_planes(buildings, sun.planes, states, numbers)
        weight = placed["kwp"].to_numpy()[:, None] * sun.kwh_per_kwp
        months = results[MONTHS].to_numpy(dtype=float)
        days = typical_days(sun.planes["building"].to_numpy(), weight, sun.day_shares, months)
        return RoofPv(site, sun, numbers, states, results, heat, days)

    return once("roof_pv", city, astuple(RoofSettings(**shared)), make)
