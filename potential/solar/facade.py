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
from potential.solar.site import Site, SolarSettings, needed, site_of
from potential.solar.wall_sweep import lit_walls, wall_light
from potential.solar.walls import Walls, walls_of

YIELD_AZIMUTH_STEP_DEG = 15.0
RECEIVERS_AT_ONCE = 500_000
UPRIGHT_DEG = 90.0
ROOF_COLUMNS = ("roof_type", "asbestos_roof")  # what is wrong with a roof says nothing of the walls


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
        `details` has `building`, `wall` (a line for every wall) and `wall_level` (every storey of every wall);
        `parcels` and `options`.

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
        convergence_deg=site.convergence_deg,
    )
    levels = shine_on_walls(walls, site, numbers, job)
    job.say("Computing yields", 0.0, force=True)
    ratio = performance(walls.walls["azimuth_deg"].to_numpy(), Sun(site.weather), numbers, job)
    states = safety(
        buildings.drop(columns=[name for name in ROOF_COLUMNS if name in buildings]),
        numbers.safety_rules,
        settings.year,
    )
    by_wall = wall_results(walls, levels, ratio, buildings, states, numbers)
    by_building = building_results(buildings, by_wall, states, numbers)
    by_parcel = parcel_results(by_building, city.tables.get("parcel"))
    lines, storeys = wall_table(by_wall, levels, buildings, city.crs)
    return Assessment(
        name="facade",
        parcels=by_parcel,
        options=option_rows(by_parcel, "facade", "facade_pv", numbers.yuan_per_kwp),
        details=MappingProxyType({"building": by_building, "wall": lines, "wall_level": storeys}),
        totals=MappingProxyType(facade_totals(by_building, by_parcel)),
        numbers=numbers.used,
        remarks=remarks(site),
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
        "grid_factors",
        "energy_conversion",
        "costs",
    ),
    settings=FacadeSettings,
    assess=assess,
)


def shine_on_walls(walls: Walls, site: Site, numbers: FacadeNumbers, job: Job) -> pd.DataFrame:
    """What falls on every storey of every wall.

    Returns
    -------
    DataFrame
        One row a storey: `wall`, `level` (0 is the lowest), `area_m2` (seen, windows included), `irradiation` of it,
        `open` (the same wall unshaded), `lit_m2` (what gets enough sun), `light_01` to `light_12` (irradiation of
        that part in each month). [kWh/m²]
    """
    table, first, sky = walls.walls, walls.first, site.sky
    lit = lit_walls(
        site.surface.height.values,
        site.surface.height.cell_m,
        sky,
        walls,
        convergence_deg=site.convergence_deg,
        job=job,
    )
    azimuth = table["azimuth_deg"].to_numpy()
    ahead = np.cos(np.radians(sky.azimuth_deg[:, None] - azimuth[None])) > 0
    full = np.where(ahead, sky.tan_elevation.shape[1], 0).astype(np.uint8)
    open_year = wall_light(full, azimuth, sky.whole_year)[:, 0].astype(float)

    count = np.diff(first)
    column = np.repeat(np.arange(len(count)), count)
    level = np.arange(first[-1]) - first[:-1][column]
    wall = walls.wall[column]
    begin = np.concatenate([[0], np.cumsum(table["levels"].to_numpy())])
    row = begin[wall] + level  # of the storey
    storey = table["storey_m"].to_numpy()[wall]
    foot = table["bottom_m"].to_numpy()[wall] + level * storey
    share = np.clip((foot + storey - walls.hidden_m[column]) / storey, 0.0, 1.0)
    columns_of_wall = np.bincount(walls.wall, minlength=len(table))
    area = share * storey * (table["length_m"].to_numpy() / columns_of_wall)[wall]

    rows = int(begin[-1])
    seen, shone, enough = np.zeros(rows), np.zeros(rows), np.zeros(rows)
    monthly = np.zeros((rows, 12))
    parts = [slice(n, n + RECEIVERS_AT_ONCE) for n in range(0, len(row), RECEIVERS_AT_ONCE)]
    for part in job.each(parts, "Shining on walls"):
        light = wall_light(lit[:, part], azimuth[wall[part]], sky)
        year = light.sum(axis=1)
        good = (year >= numbers.shade_threshold * open_year[wall[part]]) & (year >= numbers.least_kwh_per_m2)
        used = area[part] * good
        seen += np.bincount(row[part], weights=area[part], minlength=rows)
        shone += np.bincount(row[part], weights=area[part] * year, minlength=rows)
        enough += np.bincount(row[part], weights=used, minlength=rows)
        for month in range(12):
            monthly[:, month] += np.bincount(row[part], weights=used * light[:, month], minlength=rows)
    of_row = np.repeat(np.arange(len(table)), table["levels"].to_numpy())
    frame = pd.DataFrame(
        {
            "wall": of_row,
            "level": np.arange(rows) - begin[of_row],
            "area_m2": seen,
            "irradiation": shone / np.maximum(seen, 1e-9),
            "open": open_year[of_row],
            "lit_m2": enough,
        }
    )
    for month in range(12):
        frame[f"light_{month + 1:02d}"] = monthly[:, month] / np.maximum(enough, 1e-9)
    return frame


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


def remarks(site: Site) -> tuple[str, ...]:
    """What was assumed, and what data would decide it."""
    said = [
        "Walls of existing buildings count as to be checked until a structural check is entered.",
        "Windows are taken by use and direction; drawings or a survey of facades would show them.",
        "Ground and walls opposite reflect alike; bright or glazed surroundings give more or less.",
    ]
    if site.surface.measured:
        said.append("The height of a wall is that of the measured roof behind it.")
    return tuple(said)
