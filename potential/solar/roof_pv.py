"""Roof PV: what the roofs of all buildings of a city yield after collectors for hot water took their share."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from demand.hot_water import hot_water
from layers.city import City
from potential.solar.pv_yield import Sun
from potential.solar.roof_sun import RoofSun, roof_sun
from potential.solar.rooftop_numbers import RooftopNumbers
from potential.solar.rooftop_results import MONTHS, building_results, on_planes
from potential.solar.rows import seen_over_rows
from potential.solar.safety import safety
from potential.solar.sharing import HeatOnRoofs, SharingSettings, heat_on_roofs
from potential.solar.typical_days import courses, orientation_classes, typical_days
from sun.site import Site, needed, once, site_of


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
    days_wh : ndarray of int32, shape (buildings, 12, 24)
        Energy of the hours of typical days. [Wh]
    """

    site: Site
    sun: RoofSun
    numbers: RooftopNumbers
    states: pd.DataFrame
    buildings: pd.DataFrame
    heat: HeatOnRoofs
    days_wh: NDArray[np.int32]


def roof_pv(city: City, settings: SharingSettings, job: Job) -> RoofPv:
    """Roofs of all buildings of a city, made anew only where city or settings differ from the last.

    Raises
    ------
    UserError
        Where buildings or weather are missing.
    """
    needed(city)
    shared = SharingSettings(
        **{item: getattr(settings, item) for item in SharingSettings.__dataclass_fields__}
    )

    def make() -> RoofPv:
        buildings = city.tables["building"]
        numbers = RooftopNumbers.of(city, settings)
        site = site_of(city, settings, job)
        sun = roof_sun(city, site, settings, numbers, job)
        states = safety(buildings, numbers.safety_rules, settings.year)
        whole = building_results(buildings, sun, states, numbers)
        heat = heat_on_roofs(city, site, whole, hot_water(city), numbers.worth, shared)
        share = heat.buildings["heat_share"].to_numpy()
        results = (
            building_results(buildings, sun, states, numbers, heat_share=share) if share.any() else whole
        )
        results["heat_roof_m2"] = heat.buildings["heat_roof_m2"]
        carried = on_planes(buildings, sun.planes, states, numbers)["kwp"].to_numpy()
        days = roof_days(sun, site, numbers, carried[:, None] * sun.kwh_per_kwp, results, job)
        return RoofPv(site, sun, numbers, states, results, heat, days)

    return once("roof_pv", city, astuple(shared), make)


def roof_days(
    sun: RoofSun,
    site: Site,
    numbers: RooftopNumbers,
    plane_kwh: NDArray[np.float64],
    by_building: pd.DataFrame,
    job: Job,
) -> NDArray[np.int32]:
    """Typical days of every building: the energy of its planes in each month, hour by hour, (buildings, 12, 24). [Wh]"""
    planes = sun.planes
    classes, kind = orientation_classes(
        planes["module_tilt_deg"].to_numpy(),
        planes["module_azimuth_deg"].to_numpy(),
        planes["tilt_deg"].to_numpy() == 0.0,
    )
    behind = seen_over_rows(site.sky, numbers.module_tilt_deg, site.latitude)
    course = courses(classes, behind, site.sky, Sun(site.weather), numbers.chain)
    months = by_building[MONTHS].to_numpy(dtype=float)
    return typical_days(sun.sampled, kind, course, planes["building"].to_numpy(), plane_kwh, months, job)
