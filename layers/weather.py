"""Weather: a typical year of hours, what may be wrong with it, and how two years of one place differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, Severity
from layers.sun_place import sun_place
from standards import SHIPPED, Standards

HOURS = 8760
# A common year that stands for the typical year; the months of a typical year come from many years.
YEAR = 2023
IRRADIANCE = ("ghi", "dni", "dhi")
NEEDED = (*IRRADIANCE, "temp_air", "wind_speed")

# Beyond these an hour is a fault of the file, not weather.
LIMITS = {
    "temp_air": (-70.0, 60.0),
    "wind_speed": (0.0, 60.0),
    "ghi": (-5.0, 1600.0),
    "dni": (-5.0, 1420.0),
    "dhi": (-5.0, 1000.0),
}
NIGHT_W_PER_M2 = 10.0  # a sensor may show this in the dark
NIGHT_ELEVATION_DEG = -2.0  # twilight and refraction still count as day
CLOCK_SHIFT_H = 0.35  # morning cloud or haze moves the middle of the light by less
CLOSURE = 0.05  # GHI and DHI + DNI of a year may differ by this share


@dataclass(frozen=True)
class Weather:
    """A typical year, hour by hour.

    Parameters
    ----------
    hours : DataFrame, 8760 rows
        Indexed by the start of each hour, in the fixed time zone of the station (leap days left out);
        columns by pvlib's names: `ghi`, `dni`, `dhi` [W/m², mean of the hour], `temp_air` [°C],
        `wind_speed` [m/s], and where known `relative_humidity` [%], `pressure` [Pa], `dew_point` [°C].
    latitude, longitude : float
        Place of the station, north and east positive. [°]
    altitude : float
        Height above the sea. [m]
    name : str
        Name of the station or city.
    kind : str
        `measured_typical_year` (EPW, TMY) or `typical_year_from_monthly_means`.
    source : str
        Where the hours come from, as printed in documents.
    notes : tuple of Problem
        What was repaired or assumed, and what the user should know.
    """

    hours: pd.DataFrame
    latitude: float
    longitude: float
    altitude: float
    name: str
    kind: str
    source: str
    notes: tuple[Problem, ...] = ()

    @property
    def ghi_kwh_per_m2_year(self) -> float:
        """Global radiation on the horizontal of the year. [kWh/m²]"""
        return float(self.hours["ghi"].sum() / 1000)


def year_index(hours_from_utc: float) -> pd.DatetimeIndex:
    """The starts of the 8760 hours of the typical year in a fixed time zone."""
    zone = timezone(timedelta(hours=hours_from_utc))
    return pd.date_range(f"{YEAR}-01-01", periods=HOURS, freq="h", tz=zone)


def sun_up(hours: pd.DatetimeIndex, latitude: float, longitude: float) -> NDArray[np.float64]:
    """Elevation of the sun at the middle of each hour, without refraction. [°]"""
    middle = hours + pd.Timedelta(minutes=30)
    return sun_place(middle, latitude, longitude)["elevation"]


def degree_days(weather: Weather, *, base_c: float = 18.0, cold: bool = True) -> float:
    """Degree days of the daily means, below the base (HDD) or above it (CDD). [K d]"""
    daily = weather.hours["temp_air"].to_numpy().reshape(365, 24).mean(axis=1)
    gap = base_c - daily if cold else daily - base_c
    return float(np.maximum(gap, 0.0).sum())


def problems_of(hours: pd.DataFrame, latitude: float, longitude: float) -> list[Problem]:
    """Everything wrong with a year of hours, all at once.

    Parameters
    ----------
    hours : DataFrame
        As in `Weather`, indexed by the start of each hour.
    latitude, longitude : float
        Place of the station. [°]

    Returns
    -------
    list of Problem
        Errors where nothing can be computed, warnings where the result stands; rows are hours.
    """
    found: list[Problem] = []
    missing = [name for name in NEEDED if name not in hours.columns]
    if missing:
        found.append(
            Problem(
                "The weather file has no {columns}.",
                "Give a file with global and diffuse radiation, air temperature and wind speed of every hour.",
                columns=", ".join(missing),
            )
        )
    if len(hours) != HOURS:
        found.append(
            Problem(
                "The weather file has {count} hours in place of 8760.",
                "Give a whole year; the file may have been cut off or hold half hours.",
                count=len(hours),
            )
        )
    if found:
        return found
    for name in NEEDED:
        low, high = LIMITS[name]
        values = hours[name]
        found += _of_hours(
            values.isna(),
            "The weather file lacks {column} in {count} hours.",
            "Fill these hours or give another file.",
            column=name,
        )
        found += _of_hours(
            (values < low) | (values > high),
            "In {count} hours {column} lies outside {low} to {high}.",
            "Check the unit and the code for missing values of this column.",
            column=name,
            low=f"{low:g}",
            high=f"{high:g}",
        )
    if found or not -90 <= latitude <= 90 or not -180 <= longitude <= 180:
        return found
    return found + _sun_problems(hours, latitude, longitude)


def _sun_problems(hours: pd.DataFrame, latitude: float, longitude: float) -> list[Problem]:
    """What does not fit the course of the sun: light at night, a shifted clock, beam and diffuse that miss."""
    found: list[Problem] = []
    index = pd.DatetimeIndex(hours.index)
    elevation = sun_up(index, latitude, longitude)
    ghi, dhi = hours["ghi"].to_numpy(), hours["dhi"].to_numpy()
    if (
        ghi.sum() < 100_000
    ):  # Wh/m² a year; the darkest places on earth that have a city get six times as much
        found.append(
            Problem(
                "Global radiation of the year is only {value} kWh/m².",
                "Check the unit of the radiation columns: W/m² is expected.",
                value=f"{ghi.sum() / 1000:.0f}",
            )
        )
        return found
    sine = np.sin(np.radians(elevation))
    from pvlib import irradiance  # late: it takes a while to import

    above = np.asarray(irradiance.get_extra_radiation(index)) * np.maximum(sine, 0.0)
    found += _of_hours(
        pd.Series(ghi > 1.2 * above + 100.0, index=index),
        "In {count} hours there is more global radiation than the sun gives outside the air.",
        "Check the time zone, the unit and the place of the station.",
        Severity.WARNING,
    )
    found += _of_hours(
        pd.Series((ghi > NIGHT_W_PER_M2) & (elevation < NIGHT_ELEVATION_DEG - 6.0), index=index),
        "In {count} hours there is radiation although it is night.",
        "Check the time zone and whether the hours are named by their beginning or their end.",
        Severity.WARNING,
    )
    found += _of_hours(
        pd.Series(dhi > ghi * 1.05 + 10.0, index=index),
        "In {count} hours diffuse radiation is above global radiation.",
        "Diffuse radiation was cut to global radiation there.",
        Severity.WARNING,
    )
    shift = clock_shift(hours, latitude, longitude)
    if abs(shift) > CLOCK_SHIFT_H:
        found.append(
            Problem(
                "The light of the day comes {minutes} minutes after the sun."
                if shift > 0
                else "The light of the day comes {minutes} minutes before the sun.",
                "Check the time zone, daylight-saving time and whether the hours are named by their end;"
                " east and west roofs are in error by the shift.",
                severity=Severity.WARNING,
                minutes=round(abs(shift) * 60),
            )
        )
    closed = float((dhi + hours["dni"].to_numpy() * np.maximum(sine, 0.0)).sum() / ghi.sum())
    if abs(closed - 1.0) > CLOSURE:
        found.append(
            Problem(
                "Beam and diffuse radiation together are {share} of global radiation over the year.",
                "Check the columns of radiation; the share should be near 100 %.",
                severity=Severity.WARNING,
                share=f"{closed:.0%}",
            )
        )
    return found


def clock_shift(hours: pd.DataFrame, latitude: float, longitude: float) -> float:
    """By how much the middle of the day's light lies after the sun's highest point, mean of the year. [h]

    On a clear or evenly cloudy day the light is symmetric about solar noon, so its centre of weight tells
    whether the clock of the file is the clock of its hours.
    """
    index = pd.DatetimeIndex(hours.index)
    above = np.maximum(np.sin(np.radians(sun_up(index, latitude, longitude))), 0.0)
    clock = (index.hour + 0.5).to_numpy(dtype=np.float64)
    ghi = np.maximum(hours["ghi"].to_numpy(dtype=np.float64), 0.0)
    # On a circle of 24 hours, so that days cut by midnight are no special case.
    turn = np.exp(2j * np.pi * clock / 24)
    lag = np.angle((ghi * turn).sum()) - np.angle((above * turn).sum())
    return float((lag / (2 * np.pi) * 24 + 12) % 24 - 12)


def compare(weather: Weather, other: Weather, standards: Standards = SHIPPED) -> list[Problem]:
    """A note where two typical years of one place differ in global radiation by more than a tenth.

    Parameters
    ----------
    weather, other : Weather
        The year that is used and another one that is known.
    standards : Standards
        Where the difference that is worth a note stands.
    """
    limit = standards.number(
        "weather_defaults", quantity="radiation_difference", case="two years of one place"
    )
    one, two = weather.ghi_kwh_per_m2_year, other.ghi_kwh_per_m2_year
    difference = two / one - 1.0
    if abs(difference) <= limit.value:
        return []
    return [
        Problem(
            "Global radiation of the year is {one} kWh/m² after {source} and {two} kWh/m² after {other}"
            " ({difference}).",
            "Yields follow the first; state both and ask for measured radiation before a decision hangs on it.",
            severity=Severity.NOTE,
            one=f"{one:.0f}",
            two=f"{two:.0f}",
            source=weather.source,
            other=other.source,
            difference=f"{difference:+.0%}",
        )
    ]


def _of_hours(
    wrong: pd.Series, message: str, remedy: str, severity: Severity = Severity.ERROR, **values: Any
) -> list[Problem]:
    """One problem for the hours concerned, none if there are none."""
    if not wrong.any():
        return []
    rows = tuple(hour.strftime("%m-%d %H:%M") for hour in pd.DatetimeIndex(wrong.index[wrong]))
    return [Problem(message, remedy, severity=severity, rows=rows, count=int(wrong.sum()), **values)]
