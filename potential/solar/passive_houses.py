"""Passive solar houses: houses of villages whose south walls have winter sun enough for a sun space, as a screened list."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from layers.city import City
from layers.weather import Weather
from potential.solar.safety import building_flags
from standards import Taken
from sun.site import Site
from sun.wall_light import Upright
from sun.wall_sun import MONTHS, storeys_in_the_sun
from sun.walls import Walls, walls_of

RURAL = "rural_house"
HEATED = slice(0, 3), slice(10, 12)  # January to March, November and December
BASE_C = 18.0  # of heating degree days
SOUTH_DEG = 180.0
COLUMNS = [
    "parcel_id",
    "passive_suitable",
    "reason",
    "south_wall_m2",
    "winter_sun_share",
    "passive_saved_kwh_per_year",
]


def passive_houses(city: City, site: Site, taken: Taken, job: Job) -> pd.DataFrame:
    """All houses of villages: whether a sun space on the south side is worth a visit, and why not.

    A house is listed as suitable where the climate asks for heat, a south wall is large enough, gets sun enough from
    November to March and keeps most of it, and nothing is known against the house. The heat saved is a share of the
    winter sun on the part of that wall that can be glazed: a figure for choosing villages, not for building.

    Returns
    -------
    DataFrame
        By `building_id`.
    """

    def number(case: str) -> float:
        return taken.number("solar_heat", item="passive", case=case)

    def facade(name: str, case: str) -> float:
        return taken.number("facade", parameter=name, case=case)

    buildings = city.tables["building"]
    houses = np.flatnonzero((buildings["use"] == RURAL).to_numpy())
    if not len(houses):
        return pd.DataFrame(columns=COLUMNS, index=pd.Index([], name="building_id"))
    storey = taken.number("building_defaults", **{"class": "residential", "quantity": "storey_height"})
    walls = walls_of(
        buildings,
        site.surface,
        storey_m=np.full(len(buildings), storey),
        spacing_m=facade("spacing", "columns"),
        least_length_m=facade("least_length", "wall"),
        simplify_m=facade("simplify", "outline"),
        touching_m=facade("touching", "neighbour"),
        convergence_deg=site.convergence_deg,
        only=houses,
    )
    wall_m2, winter, kept = _south_walls(walls, facade("facing", "south"), site, len(buildings), job)
    cold = heating_degree_days(site.weather) >= number("heating_degree_days")
    against = np.full(len(buildings), "", dtype=object)
    for flag, words in building_flags(city.standards).items():
        if flag in buildings:
            known = buildings[flag].astype(object).where(buildings[flag].notna(), False).astype(bool)
            against[known.to_numpy()] = words
    reason = np.select(
        [
            against != "",
            np.full(len(buildings), not cold),
            wall_m2 < number("least_wall"),
            kept < number("winter_share"),
            winter < number("winter_sun"),
        ],
        [
            against,
            "little heating needed",
            "no south wall large enough",
            "shade in winter",
            "little sun in winter",
        ],
        "",
    )
    suitable = reason == ""
    saved = np.where(suitable, wall_m2 * winter * number("glazed") * number("use"), 0.0)
    frame = pd.DataFrame(
        {
            "parcel_id": buildings.get("parcel_id", ""),
            "passive_suitable": suitable,
            "reason": reason,
            "south_wall_m2": wall_m2.round(1),
            "winter_sun_share": kept.round(3),
            "passive_saved_kwh_per_year": saved.round(),
        },
        index=buildings.index,
    )
    listed: pd.DataFrame = frame.iloc[houses]
    return listed


def heating_degree_days(weather: Weather) -> float:
    """Sum over the days of the typical year of what the mean of the air lacks to 18 °C. [K d]"""
    days = weather.hours["temp_air"].to_numpy(dtype=float).reshape(-1, 24).mean(axis=1)
    return float(np.maximum(BASE_C - days, 0.0).sum())


def _south_walls(
    walls: Walls, within_deg: float, site: Site, count: int, job: Job
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """South wall of each building [m²], the winter sun on it [kWh/m²], and the share that shade leaves of it."""
    levels = storeys_in_the_sun(walls, site, job)
    wall = levels["wall"].to_numpy()
    azimuth = walls.walls["azimuth_deg"].to_numpy()
    owner = walls.walls["building"].to_numpy()[wall]
    south = np.abs(azimuth - SOUTH_DEG) <= within_deg
    area = levels["area_m2"].to_numpy() * south[wall]
    bare = _winter(Upright.of(site.sky, azimuth).open)
    wall_m2 = np.bincount(owner, weights=area, minlength=count).astype(float)
    shone = np.bincount(owner, weights=area * _winter(levels[MONTHS].to_numpy()), minlength=count)
    opened = np.bincount(owner, weights=area * bare[wall], minlength=count)
    return wall_m2, shone / np.maximum(wall_m2, 1e-9), shone / np.maximum(opened, 1e-9)


def _winter(monthly: NDArray[np.floating]) -> NDArray[np.float64]:
    sun: NDArray[np.float64] = sum(monthly[:, months].sum(axis=1, dtype=np.float64) for months in HEATED)
    return sun
