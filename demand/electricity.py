"""Electricity: what a building uses in each hour of typical days, estimated from its floor area and its use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.calendar import DAYS as DAYS
from demand.hot_water import closed_months
from layers.city import City
from standards import Number

WORKDAYS = 5 / 7
HOURS = [f"h{hour:02d}" for hour in range(24)]
MONTHS = range(1, 13)


@dataclass(frozen=True)
class Electricity:
    """Use of electricity of the buildings of a city.

    Parameters
    ----------
    kwh : ndarray, shape (buildings,)
        In a year; 0 where the floor area is not known.
    kind : ndarray of int, shape (buildings,)
        Course that each building follows.
    workday, holiday : ndarray, shape (kinds, 12, 24)
        Share of a year's use in each hour of a working day and of a holiday of each month.
    numbers : tuple of Number
        Every number used, with its source.
    """

    kwh: NDArray[np.float64]
    kind: NDArray[np.int64]
    workday: NDArray[np.float64]
    holiday: NDArray[np.float64]
    numbers: tuple[Number, ...]


def electricity(city: City) -> Electricity:
    """Use of electricity of every building: floor area times the figure of its use, spread by its schedules.

    The course of a day is that of lighting and equipment, half each; seasons differ only where schools are closed. It
    serves to weigh what of a roof's power is used at once, until the demand of buildings is computed hour by hour.
    """
    buildings, standards = city.tables["building"], city.standards
    conditions = standards.table("use_profiles").set_index("use")["conditions"]
    schedule_of = standards.table("internal_conditions").set_index("use")["schedule"]
    schedules = standards.table("schedules")
    kinds, kind = np.unique(buildings["use"].to_numpy(dtype=object).astype(str), return_inverse=True)
    used = [standards.number("use_profiles", use=str(one)) for one in kinds]
    courses = [
        _course(schedules, str(schedule_of[conditions[one]]), closed_months(standards, str(one)))
        for one in kinds
    ]
    gfa = np.zeros(len(buildings))
    if "gfa_m2" in buildings:
        gfa = np.nan_to_num(pd.to_numeric(buildings["gfa_m2"], errors="coerce").to_numpy(dtype=float))
    kwh = gfa * np.array([number.value for number in used])[kind]
    workday, holiday = (np.array(part).reshape(-1, 12, 24) for part in zip(*courses, strict=True))
    return Electricity(kwh, kind.astype(np.int64), workday, holiday, tuple(used))


def _course(
    schedules: pd.DataFrame, name: str, closed: set[int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shares of a year's use in the hours of working days and of holidays of each month, shape (12, 24) each."""
    rows = schedules[(schedules["schedule"] == name) & schedules["quantity"].isin(["lighting", "equipment"])]
    open_day, rest_day = (
        rows.loc[rows["day"] == day, HOURS].mean().to_numpy(dtype=float) for day in ("workday", "holiday")
    )
    work = np.array([rest_day if month in closed else open_day for month in MONTHS])
    rest = np.tile(rest_day, (12, 1))
    year = float(DAYS @ (WORKDAYS * work + (1 - WORKDAYS) * rest).sum(axis=1))
    return work / year, rest / year
