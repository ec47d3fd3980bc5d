"""Weather for a place without a file: the nearest station's radiation and the nearest city's temperatures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from core.problems import Problem, Severity, UserError
from layers.typical_year import Climate, typical_year
from layers.weather import Weather
from standards import SHIPPED, Standards
from standards.place_names import PlaceName, place_said

EARTH_KM = 6371.0
SUFFIXES = ("特别行政区", "自治区", "自治州", "地区", "省", "市", "县", "区")


def weather_for(
    place: str | tuple[float, float],
    standards: Standards = SHIPPED,
    *,
    altitude: float | None = None,
    province: str = "",
    name: str = "",
) -> Weather:
    """A typical year for a city or a point of China, built from monthly means.

    Parameters
    ----------
    place : str or tuple of float
        Name of a city or province, Chinese or English, or longitude and latitude in WGS 84 or CGCS2000. [°]
    standards : Standards
        Tables `climate_monthly`, `cities` and `weather_defaults`.
    altitude : float, optional
        Height of the place; of the radiation station unless given. [m]
    province : str
        Where a name is not in the table of cities, the listed city of this province stands for it.
    name : str
        What the result is called; the place's name unless given.

    Returns
    -------
    Weather
        Its notes say which stations were used and where they are farther or higher than may be used directly.

    Raises
    ------
    UserError
        The name is not known, or the point lies far from any station.
    """
    cities = standards.table("cities")
    notes: list[Problem] = []
    if isinstance(place, str):
        city, stands_for = _city(place, province, cities)
        notes += stands_for
        longitude, latitude = float(city["lon"]), float(city["lat"])
        called = name or place
    else:
        longitude, latitude = place
        if not (73.0 <= longitude <= 136.0 and 3.0 <= latitude <= 54.0):
            raise UserError(
                Problem(
                    "There is no station near {longitude}° east, {latitude}° north: the tables cover China.",
                    "Give an EPW or TMY file for this place.",
                    longitude=f"{longitude:.2f}",
                    latitude=f"{latitude:.2f}",
                )
            )
        city, _ = _nearest(cities, longitude, latitude)
        called = name or str(city["city_zh"])
    monthly = standards.table("climate_monthly")
    station, far_km = _nearest(monthly.drop_duplicates("station_wmo"), longitude, latitude)
    months = monthly[monthly["station_wmo"] == station["station_wmo"]].sort_values("month")
    height = float(station["alt_m"]) if altitude is None else altitude
    notes += _limits(station, far_km, altitude, city, longitude, latitude, standards)
    source = standards.citation(str(station["source"]))
    year = typical_year(
        (latitude, longitude, height),
        months["ghi_kwh_per_m2_day"],
        months["dhi_capped_kwh_per_m2_day"],
        Climate(
            hdd18=float(city["hdd18"]),
            cdd26=float(city["cdd26"]),
            t_heating=float(city["t_heating_c"]),
            t_summer=float(city["t_summer_db_c"]),
        ),
        name=called,
        source=f"{station['name_zh']} {months['year_from'].min()}-{months['year_to'].max()}: {source}; "
        f"{city['city_zh']}: {standards.citation(str(city['source']))}",
        standards=standards,
    )
    return Weather(**{**vars(year), "notes": (*year.notes, *notes)})


def _city(name: str, province: str, cities: pd.DataFrame) -> tuple[pd.Series[Any], list[Problem]]:
    """The row of a city by its name, else the listed city of its province, with a note."""
    short = _short(name)
    for column in ("city_zh", "city_en"):
        found = cities[cities[column].str.casefold() == short.casefold()]
        if len(found):
            return found.iloc[0], []
    inside = cities[(cities["province_zh"] == _short(province or name)) & (cities["capital"] == "yes")]
    if inside.empty:
        raise UserError(
            Problem(
                "No climate data is known for {name}.",
                "Give an EPW or TMY file, its province, or one of these cities: {cities}.",
                name=name,
                cities=", ".join(map(place_said, cities["city_zh"].astype(str))),
            )
        )
    city = inside.iloc[0]
    return city, [
        Problem(
            "Climate data of {city} stand for {name}.",
            "Give longitude and latitude, or an EPW or TMY file of the place.",
            severity=Severity.NOTE,
            city=PlaceName(str(city["city_zh"])),
            name=name,
        )
    ]


def _short(name: str) -> str:
    """A name without 省, 市 and the like, as it stands in the tables."""
    word = name.strip()
    for people in ("壮族", "回族", "维吾尔"):
        word = word.replace(people, "")
    return next((word.removesuffix(suffix) for suffix in SUFFIXES if word.endswith(suffix)), word)


def _nearest(table: pd.DataFrame, longitude: float, latitude: float) -> tuple[pd.Series[Any], float]:
    """The row nearest to a point and its distance. [km]"""
    lon, lat = np.radians(table["lon"].to_numpy(float)), np.radians(table["lat"].to_numpy(float))
    east, north = np.radians(longitude), np.radians(latitude)
    half = np.sin((lat - north) / 2) ** 2 + np.cos(lat) * np.cos(north) * np.sin((lon - east) / 2) ** 2
    away = 2 * EARTH_KM * np.arcsin(np.sqrt(half))
    return table.iloc[int(away.argmin())], float(away.min())


def _limits(
    station: pd.Series[Any],
    far_km: float,
    altitude: float | None,
    city: pd.Series[Any],
    longitude: float,
    latitude: float,
    standards: Standards,
) -> list[Problem]:
    """Warnings where a station is farther or higher than GB 50176 allows for direct use."""
    found = []
    limit_km = standards.number(
        "weather_defaults", quantity="station_distance_limit", case="direct use"
    ).value
    limit_m = standards.number("weather_defaults", quantity="station_height_limit", case="direct use").value
    _, city_km = _nearest(city.to_frame().T, longitude, latitude)
    advice = "Give an EPW or TMY file of the place before a decision hangs on it."
    if far_km > limit_km:
        found.append(
            Problem(
                "The nearest station of radiation, {station}, is {distance} km away; direct use ends at {limit} km.",
                advice,
                severity=Severity.WARNING,
                station=PlaceName(str(station["name_zh"])),
                distance=round(far_km),
                limit=f"{limit_km:g}",
            )
        )
    if city_km > limit_km:
        found.append(
            Problem(
                "The nearest city with temperatures, {city}, is {distance} km away; direct use ends at {limit} km.",
                advice,
                severity=Severity.WARNING,
                city=PlaceName(str(city["city_zh"])),
                distance=round(city_km),
                limit=f"{limit_km:g}",
            )
        )
    difference_m = 0.0 if altitude is None else abs(altitude - float(station["alt_m"]))
    if difference_m > limit_m:
        found.append(
            Problem(
                "The station of radiation, {station}, and the place differ by {difference} m in height;"
                " direct use ends at {limit} m.",
                advice,
                severity=Severity.WARNING,
                station=PlaceName(str(station["name_zh"])),
                difference=round(difference_m),
                limit=f"{limit_m:g}",
            )
        )
    return found
