"""Electricity: what a building uses in each hour of a typical day, estimated from its floor area and its use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.city import City
from standards import Number

WORKDAYS = 5 / 7
HOURS = [f"h{hour:02d}" for hour in range(24)]


@dataclass(frozen=True)
class Electricity:
    """Estimated use of electricity of the buildings of a city.

    Parameters
    ----------
    kwh : ndarray, shape (buildings,)
        In a year; 0 where the floor area is not known.
    course : ndarray, shape (buildings, 24)
        Share of a day's use in each hour, the mean of working days and holidays.
    numbers : tuple of Number
        Every number used, with its source.
    """

    kwh: NDArray[np.float64]
    course: NDArray[np.float64]
    numbers: tuple[Number, ...]


def electricity(city: City) -> Electricity:
    """Use of electricity of every building: floor area times the figure of its use, spread by its schedules.

    The course of the day is that of lighting and equipment, half each; every day of the year is alike. It serves to
    weigh what of a roof's power is used at once, until the demand of buildings is computed hour by hour.
    """
    buildings, standards = city.tables["building"], city.standards
    used: list[Number] = []
    conditions = standards.table("use_profiles").set_index("use")["conditions"]
    schedule_of = standards.table("internal_conditions").set_index("use")["schedule"]
    use = buildings["use"].to_numpy(dtype=object)
    per_m2, courses = {}, {}
    for kind in sorted(set(use)):
        found = standards.number("use_profiles", use=str(kind))
        used.append(found)
        per_m2[kind] = found.value
        courses[kind] = _course(standards.table("schedules"), str(schedule_of[conditions[kind]]))
    gfa = np.zeros(len(buildings))
    if "gfa_m2" in buildings:
        gfa = np.nan_to_num(pd.to_numeric(buildings["gfa_m2"], errors="coerce").to_numpy(dtype=float))
    kwh = gfa * np.array([per_m2[kind] for kind in use], dtype=float)
    course = np.array([courses[kind] for kind in use], dtype=float).reshape(-1, 24)
    return Electricity(kwh, course, tuple(used))


def _course(schedules: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """Share of a day's use in each hour."""
    rows = schedules[(schedules["schedule"] == name) & schedules["quantity"].isin(["lighting", "equipment"])]
    work = rows.loc[rows["day"] == "workday", HOURS].mean().to_numpy(dtype=float)
    rest = rows.loc[rows["day"] == "holiday", HOURS].mean().to_numpy(dtype=float)
    mean = WORKDAYS * work + (1 - WORKDAYS) * rest
    shares: NDArray[np.float64] = mean / mean.sum()
    return shares
