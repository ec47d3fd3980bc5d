"""Schedules: gains, set points and fresh air of kinds of use, hour by hour, each kind computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand import HOLIDAY
from demand.calendar import MONTH_OF_DAY
from demand.hot_water import closed_months
from demand.network import HOURS, NO_COOLING_C, NO_HEATING_C, Year
from standards import Standards, Taken

CLOCK = [f"h{hour:02d}" for hour in range(24)]
LEVELS = 48  # of fresh air: an hour of a working day or of a holiday
BY_ROOM = ("rural_house",)  # heated room by room in every zone
HEATED_WHOLE = ("1", "2")  # zones in which housing is heated as a whole
LIGHTING_CODE_YEAR = 2015

Course = NDArray[np.float64]


class Kind(NamedTuple):
    """What tells schedules apart: conditions of use, light of before or after 2015, and months of closing."""

    conditions: str
    new_light: bool
    closed: tuple[int, ...]


@dataclass(frozen=True)
class Schedules:
    """Hours of kinds of use.

    Parameters
    ----------
    year : Year
        Gains, set points and fresh air of the kinds; weather and light are to be set.
    electricity : ndarray, (kinds, 12, 2, 24)
        Light and equipment in typical days. [W/m²]
    people_m2 : ndarray, (kinds,)
        Floor area of a person. [m²]
    fresh_m3_per_h : ndarray, (kinds,)
        Fresh air of a person. [m³/h]
    heat_to, cool_to : ndarray, (kinds,)
        Set points while in use; NaN where nothing is heated or cooled. [°C]
    """

    year: Year
    electricity: Course
    people_m2: Course
    fresh_m3_per_h: Course
    heat_to: Course
    cool_to: Course


def kinds_of(
    use: NDArray[np.object_], built: NDArray[np.float64], standards: Standards
) -> tuple[list[Kind], NDArray[np.int64]]:
    """Kinds of schedules that buildings follow, and the kind of each."""
    conditions = standards.table("use_profiles").set_index("use")["conditions"]
    keys = pd.MultiIndex.from_arrays([use.astype(str), built >= LIGHTING_CODE_YEAR])
    codes, found = pd.factorize(keys)
    kinds = [
        Kind(str(conditions[name]), bool(new), tuple(sorted(closed_months(standards, name))))
        for name, new in found
    ]
    distinct = list(dict.fromkeys(kinds))
    return distinct, np.array([distinct.index(kind) for kind in kinds], dtype=np.int64)[codes]


def schedules_of(
    kinds: Sequence[Kind], day_kind: NDArray[np.int64], heated: NDArray[np.bool_], zone: str, taken: Taken
) -> Schedules:
    """Hours of kinds of use through the year.

    Parameters
    ----------
    kinds : sequence of Kind
        As `kinds_of` gives them.
    day_kind : ndarray of int, (365,)
        Working days and holidays.
    heated : ndarray of bool, (365,)
        Days of the heating season.
    zone : str
        Main climate zone, `1` to `5`.
    taken : Taken
        Reads and remembers numbers.
    """
    table = taken.standards.table("internal_conditions").set_index("use")
    hours = taken.standards.table("schedules")
    person_w = taken.number("demand_rules", item="person_heat", case="sensible")
    count = len(kinds)
    series = {
        name: np.zeros((count, HOURS), dtype=np.float32)
        for name in ("gain", "heat_to", "cool_to", "heat_share", "cool_share")
    }
    level, share = np.zeros((count, HOURS), dtype=np.uint8), np.zeros((count, LEVELS))
    electricity = np.zeros((count, 12, 2, 24))
    points = np.full((count, 2), np.nan)
    heated_hours = np.repeat(heated, 24)
    clock = np.arange(HOURS) % 24
    for row, kind in enumerate(kinds):

        def condition(column: str, use: str = kind.conditions) -> float:
            return taken.number("internal_conditions", column=column, use=use)

        name = str(table["schedule"][kind.conditions])
        of = {
            quantity: _courses(hours, name, quantity) for quantity in ("occupancy", "lighting", "equipment")
        }
        running = _courses(hours, name, "conditioning")
        days = np.where(np.isin(MONTH_OF_DAY + 1, kind.closed), HOLIDAY, day_kind)
        slot = np.repeat(days, 24) * 24 + clock
        light = condition(
            "lighting_w_per_m2_after_2015" if kind.new_light else "lighting_w_per_m2_before_2015"
        )
        power = light * of["lighting"] + condition("equipment_w_per_m2") * of["equipment"]
        people = person_w / condition("occupancy_m2_per_person") * of["occupancy"]
        series["gain"][row] = (power + people).ravel()[slot]
        level[row], share[row] = slot, of["occupancy"].ravel()
        on = running.ravel()[slot] > 0.5
        warm, cool = condition("setpoint_heat_c"), condition("setpoint_cool_c")
        points[row] = warm if warm > 0 else np.nan, cool if cool > 0 else np.nan
        to_heat = np.where(on, warm, condition("setback_heat_c"))
        series["heat_to"][row] = np.where(heated_hours & (warm > 0), to_heat, NO_HEATING_C)
        to_cool = np.where(on, cool, condition("setback_cool_c"))
        series["cool_to"][row] = to_cool if cool > 0 else NO_COOLING_C
        part = _courses(hours, name, "conditioning_part").ravel()[slot]
        by_room = part.any()
        whole = zone in HEATED_WHOLE and kind.conditions not in BY_ROOM
        series["heat_share"][row] = part if by_room and not whole else 1.0
        series["cool_share"][row] = part if by_room else 1.0
        by_month = np.tile(power, (12, 1, 1))
        for month in kind.closed:
            by_month[month - 1] = power[HOLIDAY]
        electricity[row] = by_month
    year = Year(
        outside=np.zeros(HOURS),
        sun=np.zeros((0, HOURS), dtype=np.float32),
        direction=np.zeros(0, dtype=np.int64),
        level=level,
        share=share,
        **series,
    )
    return Schedules(
        year,
        electricity,
        np.array([table["occupancy_m2_per_person"][kind.conditions] for kind in kinds], dtype=float),
        np.array([table["fresh_air_m3_per_h_person"][kind.conditions] for kind in kinds], dtype=float),
        points[:, 0],
        points[:, 1],
    )


def under(
    schedules: Schedules,
    outside: NDArray[np.float64],
    sun: NDArray[np.float32],
    direction: NDArray[np.int64],
) -> Year:
    """The schedules in some weather and light."""
    return replace(schedules.year, outside=outside, sun=sun, direction=direction)


def _courses(hours: pd.DataFrame, schedule: str, quantity: str) -> Course:
    """Course of a quantity on a working day and on a holiday, (2, 24); zero where the table has none."""
    rows = hours[(hours["schedule"] == schedule) & (hours["quantity"] == quantity)].set_index("day")
    course: Course = rows[CLOCK].reindex(["workday", "holiday"]).fillna(0.0).to_numpy(dtype=float)
    return course
