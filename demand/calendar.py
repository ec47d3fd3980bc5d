"""The calendar: working days and holidays of the year that stands for the typical year, typical days, heating season."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand import HOLIDAY, WORKDAY
from layers.city import City
from layers.weather import YEAR
from standards import Standards, Taken

DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])  # of the months
MONTH_OF_DAY = np.repeat(np.arange(12), DAYS)
SATURDAY = 5
RUNNING_DAYS = 5  # days over which a mean is taken to find the season (GB 50736)
COLDEST_DAYS = 5  # whose mean is the design temperature of heating

Days = NDArray[np.int64]


def day_kinds(standards: Standards) -> Days:
    """Whether each day of the year is a working day or a holiday, (365,); `WORKDAY`, `HOLIDAY`."""
    days = pd.date_range(f"{YEAR}-01-01", periods=365)
    kind = np.where(days.day_of_week < SATURDAY, WORKDAY, HOLIDAY).astype(np.int64)
    for first, last, said in standards.table("holidays")[["first", "last", "day"]].itertuples(index=False):
        within = np.isin(days, pd.date_range(str(first), str(last)))
        kind[within] = WORKDAY if said == "workday" else HOLIDAY
    return kind


def day_counts(kinds: Days) -> Days:
    """Number of working days and of holidays in every month, (12, 2)."""
    counts = np.zeros((12, 2), dtype=np.int64)
    np.add.at(counts, (MONTH_OF_DAY, kinds), 1)
    return counts


def typical(series: NDArray[np.float32], kinds: Days) -> NDArray[np.float32]:
    """Mean course of a working day and of a holiday of each month, (n, 12, 2, 24), of series (n, 8760).

    Zero for a kind of day that a month does not have.
    """
    by_day = series.reshape(len(series), 365, 24)
    mean = np.zeros((len(series), 12, 2, 24), dtype=np.float32)
    for month in range(12):
        for kind in (WORKDAY, HOLIDAY):
            chosen = (month == MONTH_OF_DAY) & (kinds == kind)
            if chosen.any():
                mean[:, month, kind] = by_day[:, chosen].mean(axis=1)
    return mean


def heating_days(city: City, taken: Taken) -> NDArray[np.bool_]:
    """Days on which buildings are heated, (365,).

    The season of the city's district heating where it is known, else from the first to the last mean of five days
    that is cold enough.
    """
    seasons = city.standards.table("heating_seasons").set_index("city_zh")
    name = str(city.facts.get("climate_city") or city.facts.get("nearest_city") or city.name)
    if name in seasons.index:
        dates = pd.date_range(f"{YEAR}-01-01", periods=365).strftime("%m-%d")
        first, last = str(seasons["first"][name]), str(seasons["last"][name])
        within: NDArray[np.bool_] = np.asarray((dates >= first) | (dates <= last))
        return within
    cold = running_mean(daily_means(city)) <= taken.number(
        "demand_rules", item="heating_season", case="daily mean"
    )
    return ~_longest_run(~cold)


def daily_means(city: City) -> NDArray[np.float64]:
    """Mean temperature of the air of every day. [°C]"""
    assert city.weather is not None, "the caller has looked for weather"
    means: NDArray[np.float64] = (
        city.weather.hours["temp_air"].to_numpy(dtype=float).reshape(365, 24).mean(axis=1)
    )
    return means


def running_mean(daily: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of each day and those before it, five together, around the turn of the year."""
    mean: NDArray[np.float64] = np.mean([np.roll(daily, back) for back in range(RUNNING_DAYS)], axis=0)
    return mean


def design_temperature(city: City, taken: Taken) -> float:
    """Outdoor temperature for which heating is designed. [°C]

    That of the city in the tables, not that of winter air conditioning; else the mean of the coldest five days.
    """
    name = str(city.facts.get("climate_city") or city.facts.get("nearest_city") or "")
    cities = city.standards.table("cities").set_index("city_zh")["t_heating_c"]
    if name in cities.index and np.isfinite(cities[name]):
        return taken.number("cities", column="t_heating_c", city_zh=name)
    return float(np.sort(daily_means(city))[:COLDEST_DAYS].mean())


def _longest_run(said: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The longest unbroken run of days, around the turn of the year."""
    if said.all() or not said.any():
        return said
    begin = int(np.argmin(said))  # a day on which it is not so
    turned = np.roll(said, -begin)
    number = np.cumsum(~turned)
    lengths = np.bincount(number, weights=turned)
    longest = turned & (number == int(np.argmax(lengths)))
    back: NDArray[np.bool_] = np.roll(longest, begin)
    return back
