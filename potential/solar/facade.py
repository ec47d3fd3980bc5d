"""Facade PV: what the outer walls of every building and parcel can give, storey by storey, with true shading."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from layers.city import City
from potential import Assessment, Potential
from potential.solar.facade_numbers import FacadeNumbers
from potential.solar.facade_results import (
    building_results,
    facade_totals,
    parcel_results,
    wall_results,
    wall_table,
)
from potential.solar.pv_sums import option_rows
from potential.solar.pv_yield import Sun, plane_year
from potential.solar.safety import safety
from potential.solar.spread import ABOUT_P90
from sun.site import Site, SolarSettings, needed, site_of
from sun.wall_sun import storeys_in_the_sun
from sun.walls import walls_of

YIELD_AZIMUTH_STEP_DEG = 15.0
UPRIGHT_DEG = 90.0
MOST_STOREYS_KEPT = 500_000  # a table of more would make every opening of the project slow
# What is wrong with a roof says nothing of the walls.
ROOF_COLUMNS = ("roof_type", "asbestos_roof", "roof_load_kn_per_m2")


@dataclass(frozen=True)
class FacadeSettings(SolarSettings):
    """What a planner may set; as `SolarSettings`."""


def assess(city: City, demand: Any, settings: FacadeSettings, job: Job) -> Assessment:
    """Facade PV of every building and parcel of a city.

    Parameters
    ----------
    city : City
        With tables `building` and `parcel`, weather, and where known rasters `terrain` and `surface`.
    demand : object
        Not needed: a potential is what the wall can give, not what the building uses.
    settings : FacadeSettings
        What the planner set.
    job : Job
        Reports progress and stops when asked.

    Returns
    -------
    Assessment
        `details` has `building`, `wall` (a line for every wall that carries modules) and, unless there are very
        many, `wall_level` (the storeys of these walls); `parcels` and `options`.

    Raises
    ------
    UserError
        Where buildings or weather are missing.
    """
    needed(city)
    buildings = city.tables["building"]
    numbers = FacadeNumbers.of(city, settings.electricity_basis)
    site = site_of(city, settings, job)
    job.say("Finding walls", 0.0, force=True)
    walls = walls_of(
        buildings,
        site.surface,
        storey_m=numbers.storey_heights(buildings),
        spacing_m=numbers.spacing_m,
        least_length_m=numbers.least_length_m,
        simplify_m=numbers.simplify_m,
        touching_m=numbers.touching_m,
        convergence_deg=site.convergence_deg,
    )
    levels = storeys_in_the_sun(
        walls,
        site,
        job,
        least_share=numbers.shade_threshold,
        least_kwh_per_m2=numbers.least_kwh_per_m2,
    )
    job.say("Computing yields", 0.0, force=True)
    ratio = performance(walls.walls["azimuth_deg"].to_numpy(), Sun(site.weather), numbers, job)
    states = safety(
        buildings.drop(columns=[name for name in ROOF_COLUMNS if name in buildings]),
        numbers.safety_rules,
        settings.year,
    )
    by_wall = wall_results(walls, levels, ratio, buildings, states, numbers)
    by_building = building_results(buildings, by_wall, states, numbers)
    by_parcel = parcel_results(by_building, city.tables.get("parcel"), numbers)
    lines, storeys = wall_table(by_wall, levels, buildings, city.crs)
    details = {"building": by_building, "wall": lines}
    if len(storeys) <= MOST_STOREYS_KEPT:
        details["wall_level"] = storeys
    return Assessment(
        name="facade",
        parcels=by_parcel,
        options=option_rows(by_parcel, "facade", "facade_pv", numbers.life.opex_yuan_per_kwp),
        details=MappingProxyType(details),
        totals=MappingProxyType(facade_totals(by_building, by_parcel, numbers.spread)),
        numbers=numbers.used,
        remarks=remarks(city, site, "wall_level" in details),
    )


FACADE = Potential(
    name="facade",
    title="Facade PV",
    tables=("building", "parcel"),
    rasters=(),
    standards=(
        "facade",
        "facade_grades",
        "internal_conditions",
        "use_profiles",
        "building_defaults",
        "pv_parameters",
        "pv_safety_rules",
        "safety_conditions",
        "grid_factors",
        "energy_conversion",
        "costs",
        "pv_economics",
    ),
    settings=FacadeSettings,
    assess=assess,
)


def performance(
    azimuth_deg: NDArray[np.float64], sun: Sun, numbers: FacadeNumbers, job: Job
) -> NDArray[np.float64]:
    """Performance ratio of upright modules in each month by the hourly chain, shape (walls, 12)."""
    turn = np.round(azimuth_deg / YIELD_AZIMUTH_STEP_DEG) * YIELD_AZIMUTH_STEP_DEG % 360.0
    classes, of_wall = np.unique(turn, return_inverse=True)
    years = job.map(
        lambda azimuth: plane_year(sun, numbers.chain, UPRIGHT_DEG, float(azimuth)),
        list(classes),
        "Computing yields",
    )
    ratios = np.array([year.performance_ratio for year in years]).reshape(-1, 12)
    of_walls: NDArray[np.float64] = ratios[of_wall.ravel()]
    return of_walls


def remarks(city: City, site: Site, with_storeys: bool) -> tuple[str, ...]:
    """What was assumed, and what data would decide it."""
    said = [
        "Walls of existing buildings count as to be checked until a structural check is entered.",
        "Windows are taken by use and direction; drawings or a survey of facades would show them.",
        "Ground and walls opposite reflect alike; bright or glazed surroundings give more or less.",
        ABOUT_P90,
    ]
    if site.surface.measured:
        said.append("The height of a wall is that of the measured roof behind it.")
    elif "terrain" not in city.rasters:
        said.append("Without terrain the ground is taken as level.")
    if pd.to_numeric(city.tables["building"]["height_m"], errors="coerce").isna().any():
        said.append("Buildings without height have no walls; heights or storeys would give them.")
    if site.weather.kind == "typical_year_from_monthly_means":
        said.append("The typical year is built from monthly means; measured hours would narrow the range.")
    if not with_storeys:
        said.append("There are too many storeys to list; walls keep their sums.")
    return tuple(said)
