"""Hot water: what every building needs of it in each month, by norms of beds, pupils and households."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from demand.calendar import DAYS as DAYS
from layers.city import City
from layers.weather import Weather
from standards import Number, Standards

WATER_KJ_PER_L_K = 4.187  # heat capacity of a litre
KJ_PER_KWH = 3600.0
FIRST, VALUE = "first", "value"  # how a use takes its share of a roof: see the table `hot_water_rules`


@dataclass(frozen=True)
class HotWater:
    """Need of hot water of the buildings of a city.

    Parameters
    ----------
    buildings : DataFrame
        By building: `litres_per_day` (at the temperature of the norms, mean of the days in use), the same `low` and
        `high` by the range of the norms, `source` (given, derived; empty without need), `division` (`first`, `value`;
        empty without need).
    kwh : ndarray, shape (buildings, 12)
        Heat for it in each month, without losses. [kWh]
    cold_c : ndarray, shape (12,)
        Temperature of the cold water in each month. [°C]
    hot_c : float
        Temperature at which the litres are counted. [°C]
    numbers : tuple of Number
        Every number used, with its source.
    """

    buildings: pd.DataFrame
    kwh: NDArray[np.float64]
    cold_c: NDArray[np.float64]
    hot_c: float
    numbers: tuple[Number, ...]


def hot_water(city: City) -> HotWater:
    """Need of hot water of every building of a city with weather.

    A count that the data give is taken. Where the column is missing or a cell is empty, the count follows from the
    floor area; but dormitories are known by their beds alone, and a building with such beds has no pupils or
    households derived beside them.
    """
    weather = city.weather
    assert weather is not None, "the caller has looked for weather"
    buildings, standards = city.tables["building"], city.standards
    used: list[Number] = []
    hot = _number(standards, used, norm="all", quantity="hot_temperature").value
    cold = cold_water(weather, _number(standards, used, norm="all", quantity="coldest").value)
    use = buildings["use"].to_numpy(dtype=object)
    count = len(buildings)
    litres = {level: np.zeros(count) for level in ("default", "low", "high")}
    kwh = np.zeros((count, 12))
    derived, division = np.zeros(count, dtype=bool), np.full(count, "", dtype=object)
    for _, rule in standards.table("hot_water_rules").iterrows():
        here = use == rule["use"]
        if not here.any():
            continue
        norm = str(rule["norm"])
        here &= (division == "") | (_given(buildings, str(rule["count"])) > 0)
        units, by_area = _units(buildings, str(rule["count"]), norm, standards, used)
        units = np.where(here, units, 0.0) * float(rule["units_per_count"])
        share = _number(standards, used, norm=norm, quantity="use_share").value
        in_use = np.isin(np.arange(1, 13), _months(rule["holiday_months"]), invert=True)
        daily = _litres(standards, used, norm)
        for level, value in daily.items():
            litres[level] += units * value * share
        heat = units * daily["default"] * share * WATER_KJ_PER_L_K / KJ_PER_KWH
        kwh += heat[:, None] * (in_use * DAYS * np.maximum(hot - cold, 0.0))[None]
        needs = here & (units > 0)
        derived |= needs & by_area
        division[needs & (division == "")] = str(rule["division"])
    source = np.where(derived, "derived", np.where(division != "", "given", ""))
    frame = pd.DataFrame(
        {
            "litres_per_day": litres["default"],
            "low": litres["low"],
            "high": litres["high"],
            "source": source,
            "division": division,
        },
        index=buildings.index,
    )
    return HotWater(frame, kwh, cold, hot, tuple(used))


def cold_water(weather: Weather, coldest_c: float) -> NDArray[np.float64]:
    """Temperature of mains water in each month, from the air over it; never below the coldest. [°C]

    References
    ----------
    J. Burch and C. Christensen, "Towards development of an algorithm for mains water temperature," Proc. ASES, 2007.
    """
    month = pd.DatetimeIndex(weather.hours.index).month
    air = weather.hours["temp_air"].groupby(month).mean().to_numpy(dtype=float)
    middle = np.cumsum(DAYS) - DAYS / 2
    mains = mains_temperature(float(np.average(air, weights=DAYS)), float(air.max() - air.min()), middle)
    return np.maximum(mains, coldest_c)


def mains_temperature(mean_c: float, swing_k: float, day: ArrayLike) -> NDArray[np.float64]:
    """Temperature of mains water on a day of the year.

    Parameters
    ----------
    mean_c : float
        Mean of the air over the year. [°C]
    swing_k : float
        Warmest less coldest monthly mean of the air. [K]
    day : array_like
        Day of the year.

    Returns
    -------
    ndarray
        [°C]

    Notes
    -----
    The published coefficients are in degrees Fahrenheit; they are kept as they were printed.
    """
    mean_f = mean_c * 1.8 + 32.0
    ratio = 0.4 + 0.01 * (mean_f - 44.0)
    lag = 35.0 - (mean_f - 44.0)
    wave = np.sin(np.radians(0.986 * (np.asarray(day, dtype=float) - 15.0 - lag) - 90.0))
    mains: NDArray[np.float64] = (mean_f + 6.0 + ratio * (swing_k * 1.8 / 2.0) * wave - 32.0) / 1.8
    return mains


def _units(
    buildings: gpd.GeoDataFrame, column: str, norm: str, standards: Standards, used: list[Number]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Beds, pupils or households of every building, and which of them follow from its floor area."""
    given = _given(buildings, column)
    missing = np.isnan(given)
    if norm == "dormitory" or not missing.any():
        return np.nan_to_num(given), np.zeros(len(buildings), dtype=bool)
    per_unit = _number(standards, used, norm=norm, quantity="area_per_unit").value
    gfa = np.zeros(len(buildings))
    if "gfa_m2" in buildings:
        gfa = np.nan_to_num(pd.to_numeric(buildings["gfa_m2"], errors="coerce").to_numpy(dtype=float))
    return np.where(missing, gfa / per_unit, given), missing


def _given(buildings: gpd.GeoDataFrame, column: str) -> NDArray[np.float64]:
    """A count as the data give it, missing where they do not."""
    if column not in buildings:
        return np.full(len(buildings), np.nan)
    counts: NDArray[np.float64] = pd.to_numeric(buildings[column], errors="coerce").to_numpy(dtype=float)
    return counts


def _litres(standards: Standards, used: list[Number], norm: str) -> dict[str, float]:
    """Litres of a unit a day, with the ends of the norm's range."""
    if norm == "school":
        found = _number(standards, used, norm=norm, quantity="litres")
    else:
        found = standards.number("dhw_norms", building_type=norm)
        used.append(found)
    low = found.value if found.low is None else found.low
    high = found.value if found.high is None else found.high
    return {"default": found.value, "low": low, "high": high}


def closed_months(standards: Standards, use: str) -> set[int]:
    """Months in which all buildings of a use are closed."""
    rules = standards.table("hot_water_rules")
    said = rules.loc[rules["use"] == use, "holiday_months"]
    return {month for words in said for month in _months(words)}


def _months(words: object) -> list[int]:
    return [int(float(word)) for word in str(words).split(";") if word not in ("", "nan")]


def _number(standards: Standards, used: list[Number], **keys: str) -> Number:
    found = standards.number("hot_water", **keys)
    used.append(found)
    return found
