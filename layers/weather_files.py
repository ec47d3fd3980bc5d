"""Weather files: EPW, TMY3, NSRDB, PVGIS and plain CSV, brought to the starts of 8760 hours."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.problems import Problem, Severity, UserError
from layers.sources import unreadable
from layers.weather import (
    HOURS,
    IRRADIANCE,
    NEEDED,
    YEAR,
    Weather,
    problems_of,
    sun_up,
    year_index,
)
from standards import SHIPPED, Standards

MEASURED = "measured_typical_year"
ENCODINGS = ("utf-8-sig", "gb18030")
BEIJING_H = 8.0
LONGEST_GAP_H = 3
KEPT = (*NEEDED, "relative_humidity", "pressure", "dew_point")
# Codes for missing values of EPW; TMY3 has one for all.
MISSING = {
    "ghi": 9999.0,
    "dni": 9999.0,
    "dhi": 9999.0,
    "temp_air": 99.9,
    "wind_speed": 999.0,
    "relative_humidity": 999.0,
    "pressure": 999999.0,
    "dew_point": 99.9,
}
MISSING_TMY3 = -9900.0
# Names by which the columns of plain files are met, besides pvlib's.
OTHER_NAMES = {"temperature": "temp_air", "temp_dew": "dew_point", "atmospheric_pressure": "pressure"}
MIN_SUN_SINE = 0.065  # beam from global and diffuse is not to be trusted below 3.7°, as in pvlib


@dataclass(frozen=True)
class _Raw:
    """What a reader found, before it is brought to the typical year.

    `shift` moves the stamps to the start of their hour.
    """

    table: pd.DataFrame
    latitude: float
    longitude: float
    altitude: float
    hours_from_utc: float
    name: str
    source: str
    shift: timedelta = timedelta(0)
    notes: tuple[Problem, ...] = ()


def read_epw(path: Path, standards: Standards = SHIPPED) -> Weather:
    """A typical year from an EnergyPlus weather file.

    Hour 1 of the file is 0:00 to 1:00 and becomes the hour that starts at 0:00.

    Raises
    ------
    UserError
        The file is no EPW, is cut off, or hours are missing or impossible.
    """
    return _weather(path, _epw, standards)


def read_tmy_csv(
    path: Path,
    standards: Standards = SHIPPED,
    *,
    latitude: float | None = None,
    longitude: float | None = None,
    altitude: float | None = None,
) -> Weather:
    """A typical year from a CSV file of TMY3, NSRDB or PVGIS, or from a plain table.

    Parameters
    ----------
    path : Path
        File; the kind is told by its first lines. A plain table has pvlib's names (`ghi`, `dni`, `dhi`,
        `temp_air`, `wind_speed`) and the start of each hour in its first column.
    standards : Standards
        Where the wind stands that is taken if the file has none.
    latitude, longitude : float, optional
        Place of the station; needed for plain tables, which do not say it. [°]
    altitude : float, optional
        Height of the station, 0 unless said. [m]

    Raises
    ------
    UserError
        The file cannot be read, does not say where it was measured, or hours are missing or impossible.

    Notes
    -----
    TMY3 names hours by their end, NSRDB by their middle; PVGIS gives moments in UTC, taken for the hour
    they lie in. All come out as starts of hours in the fixed local time zone.
    """

    def read(text: str, path: Path) -> _Raw:
        first = text[:4000]
        if "Date (MM/DD/YYYY)" in first:
            return _tmy3(text, path)
        if first.startswith("Source,") or "Local Time Zone" in first:
            return _nsrdb(text, path)
        if "time(UTC)" in first or first.startswith("Latitude (decimal degrees)"):
            return _pvgis(text, path)
        return _plain(text, path, latitude, longitude, altitude)

    return _weather(path, read, standards)


def _weather(path: Path, read: Callable[[str, Path], _Raw], standards: Standards) -> Weather:
    """Read, bring to the typical year, fill what can be filled, check."""
    text = _text(path)
    try:
        raw = read(text, path)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, pd.errors.ParserError) as error:
        raise UserError(
            Problem(
                "The weather file {file} cannot be read.",
                "Check that it is a whole EPW or TMY file that no spreadsheet has changed.",
                file=path.name,
            )
        ) from error
    hours, notes = _typical(raw)
    hours, filled = _filled(hours, standards)
    hours, split = _with_beam(hours, raw)
    problems = problems_of(hours, raw.latitude, raw.longitude)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        raise UserError(*errors)
    hours["dhi"] = np.minimum(hours["dhi"], hours["ghi"])
    hours[list(IRRADIANCE)] = hours[list(IRRADIANCE)].clip(lower=0.0)
    return Weather(
        hours=hours,
        latitude=raw.latitude,
        longitude=raw.longitude,
        altitude=raw.altitude,
        name=raw.name,
        kind=MEASURED,
        source=raw.source,
        notes=(*raw.notes, *notes, *filled, *split, *problems),
    )


def _text(path: Path) -> str:
    """The file as text, in UTF-8 or GB 18030."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(path.name, error.strerror or error) from error
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UserError(
        Problem(
            "The weather file {file} is not text in UTF-8 or GB 18030.",
            "Save it as plain text, or unpack it if it is an archive.",
            file=path.name,
        )
    )


def _epw(text: str, path: Path) -> _Raw:
    from pvlib import iotools  # late: it takes a while to import

    table, meta = iotools.read_epw(io.StringIO(text), coerce_year=None)
    table = table.rename(columns={"temp_dew": "dew_point", "atmospheric_pressure": "pressure"})
    return _Raw(
        table=table,
        latitude=float(meta["latitude"]),
        longitude=float(meta["longitude"]),
        altitude=float(meta["altitude"]),
        hours_from_utc=float(meta["TZ"]),
        name=str(meta["city"]).strip(),
        source=f"EPW {path.name}, {str(meta['data_type']).strip()}, WMO {str(meta['WMO_code']).strip()}",
    )


def _tmy3(text: str, path: Path) -> _Raw:
    from pvlib import iotools  # late: it takes a while to import

    table, meta = iotools.read_tmy3(io.StringIO(text), coerce_year=YEAR, map_variables=True)
    table = table.rename(columns={"temp_dew": "dew_point"})
    if "pressure" in table.columns:
        table["pressure"] = table["pressure"] * 100.0  # mbar to Pa
    return _Raw(
        table=table,
        latitude=meta["latitude"],
        longitude=meta["longitude"],
        altitude=meta["altitude"],
        hours_from_utc=meta["TZ"],
        name=str(meta["Name"]).strip('" '),
        source=f"TMY3 {path.name}, {meta['USAF']}",
        shift=timedelta(hours=-1),
    )


def _nsrdb(text: str, path: Path) -> _Raw:
    from pvlib import iotools  # late: it takes a while to import

    table, meta = iotools.read_nsrdb_psm4(io.StringIO(text.replace("\r\n", "\n")), map_variables=True)
    table = table.rename(columns={"temp_dew": "dew_point"})
    if "pressure" in table.columns:
        table["pressure"] = table["pressure"] * 100.0  # mbar to Pa
    return _Raw(
        table=table,
        latitude=meta["latitude"],
        longitude=meta["longitude"],
        altitude=meta["altitude"],
        hours_from_utc=meta["Local Time Zone"],
        name=str(meta.get("Location ID", path.stem)),
        source=f"NSRDB {path.name}",
    )


def _pvgis(text: str, path: Path) -> _Raw:
    from pvlib import iotools  # late: it takes a while to import

    table, meta = iotools.read_pvgis_tmy(io.BytesIO(text.encode()), pvgis_format="csv", map_variables=True)
    place = meta["inputs"]
    longitude = place["longitude"]
    in_china = 73.0 <= longitude <= 136.0 and 17.0 <= place["latitude"] <= 54.0
    zone = BEIJING_H if in_china else float(round(longitude / 15.0))
    return _Raw(
        table=table,
        latitude=place["latitude"],
        longitude=longitude,
        altitude=place["elevation"],
        hours_from_utc=zone,
        name=path.stem,
        source=f"PVGIS TMY {path.name}",
    )


def _plain(
    text: str, path: Path, latitude: float | None, longitude: float | None, altitude: float | None
) -> _Raw:
    if latitude is None or longitude is None:
        raise UserError(
            Problem(
                "The weather file {file} does not say where it was measured.",
                "Give latitude and longitude of the station.",
                file=path.name,
            )
        )
    table = pd.read_csv(io.StringIO(text), index_col=0)
    table.columns = [str(name).strip().lower() for name in table.columns]
    table = table.rename(columns=OTHER_NAMES)
    stamps = pd.to_datetime(pd.Series(table.index.astype(str)), errors="raise", format="ISO8601")
    notes: tuple[Problem, ...] = ()
    if stamps.dt.tz is None:
        offset = BEIJING_H
        notes = (
            Problem(
                "The hours of {file} name no time zone.",
                "Beijing time was taken; write the offset (+08:00) behind the hours if it is another.",
                severity=Severity.NOTE,
                file=path.name,
            ),
        )
        table.index = pd.DatetimeIndex(stamps).tz_localize(year_index(offset).tz)
    else:
        first = pd.Timestamp(stamps.iloc[0]).utcoffset()
        offset = first.total_seconds() / 3600 if first is not None else BEIJING_H
        table.index = pd.DatetimeIndex(stamps)
    table = table.apply(pd.to_numeric, errors="coerce")
    return _Raw(
        table, latitude, longitude, altitude or 0.0, offset, path.stem, f"CSV {path.name}", notes=notes
    )


def _typical(raw: _Raw) -> tuple[pd.DataFrame, list[Problem]]:
    """The hours in the order of the year, by their start, without leap days."""
    index = year_index(raw.hours_from_utc)
    stamps = pd.DatetimeIndex(raw.table.index).tz_convert(index.tz) + raw.shift
    leap = (stamps.month == 2) & (stamps.day == 29)
    table = raw.table.loc[~leap, [name for name in KEPT if name in raw.table.columns]]
    stamps = stamps[~leap]
    hour_of_year = (stamps.strftime("%m-%d %H")).to_numpy()
    doubled = pd.Series(hour_of_year).duplicated().sum()
    if len(stamps) != HOURS or doubled:
        return table.set_axis(stamps), []  # `problems_of` says how many hours there are
    known = pd.Series(np.arange(HOURS), index=index.strftime("%m-%d %H"))
    place = known.reindex(hour_of_year).to_numpy()
    hours = table.set_axis(place).sort_index().set_axis(index).astype("float64")
    for name, code in MISSING.items():
        if name in hours.columns:
            hours[name] = hours[name].mask(np.isclose(hours[name], code) | (hours[name] <= MISSING_TMY3))
    return hours, []


def _filled(hours: pd.DataFrame, standards: Standards) -> tuple[pd.DataFrame, list[Problem]]:
    """Short gaps bridged; wind taken from the defaults where the file has none. Each with a note."""
    notes = []
    hours = hours.copy()
    if "wind_speed" not in hours.columns or hours["wind_speed"].isna().all():
        wind = standards.number("weather_defaults", quantity="wind_speed", case="yearly mean at 10 m")
        hours["wind_speed"] = wind.value
        notes.append(
            Problem(
                "The weather file has no wind.",
                "{value} m/s was taken for every hour.",
                severity=Severity.NOTE,
                value=f"{wind.value:g}",
            )
        )
    gaps: dict[str, int] = {}
    for name in hours.columns:
        before = hours[name]
        empty = before.isna()
        if not empty.any():
            continue
        run = empty.groupby((~empty).cumsum()).transform("sum")
        bridged = before.interpolate(limit_direction="both").where(~empty | (run <= LONGEST_GAP_H))
        closed = int(empty.sum() - bridged.isna().sum())
        if closed:
            hours[name] = bridged
            gaps[name] = closed
    if gaps:
        notes.append(
            Problem(
                "Short gaps in the weather file were bridged: {gaps}.",
                "Nothing needs to be done; longer gaps would have been refused.",
                severity=Severity.NOTE,
                gaps=", ".join(f"{name} {count} h" for name, count in gaps.items()),
            )
        )
    return hours, notes


def _with_beam(hours: pd.DataFrame, raw: _Raw) -> tuple[pd.DataFrame, list[Problem]]:
    """Beam from global and diffuse where it is missing; both by Erbs et al. (1982) where diffuse is missing too."""
    if len(hours) != HOURS or "ghi" not in hours.columns or {"dni", "dhi"} <= set(hours.columns):
        return hours, []
    hours = hours.copy()
    elevation = sun_up(pd.DatetimeIndex(hours.index), raw.latitude, raw.longitude)
    zenith = 90.0 - elevation
    sine = np.sin(np.radians(elevation))
    ghi = hours["ghi"].to_numpy()
    from pvlib import irradiance  # late: it takes a while to import

    if "dhi" in hours.columns:
        beam = np.where(sine > MIN_SUN_SINE, (ghi - hours["dhi"]) / np.maximum(sine, MIN_SUN_SINE), 0.0)
        hours["dni"] = np.clip(beam, 0.0, irradiance.get_extra_radiation(hours.index))
        return hours, [
            _said("Beam radiation was missing; it was computed from global and diffuse radiation.")
        ]
    if "dni" in hours.columns:
        hours["dhi"] = np.clip(ghi - hours["dni"] * np.maximum(sine, 0.0), 0.0, np.maximum(ghi, 0.0))
        return hours, [
            _said("Diffuse radiation was missing; it was computed from global and beam radiation.")
        ]
    parts: dict[str, Any] = irradiance.erbs(hours["ghi"], zenith, hours.index)
    hours["dni"], hours["dhi"] = parts["dni"], parts["dhi"]
    return hours, [
        _said("Beam and diffuse radiation were missing; both were estimated from global radiation alone.")
    ]


def _said(message: str) -> Problem:
    return Problem(
        message,
        "Give a file with all three where a decision hangs on tilted or shaded surfaces.",
        severity=Severity.NOTE,
    )
