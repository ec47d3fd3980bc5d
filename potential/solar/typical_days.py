"""Typical days: the mean course of a day of each month, hour by hour, with the shade that falls on every plane itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.compiled import kernel
from core.jobs import Job
from layers.sun_place import sun_place
from potential.solar.pv_yield import Chain, Sun, hourly_power
from sun.sky import SUB_STEPS, SkyTable, sky_integrals

SAMPLES = 12  # cells of each plane whose horizons stand for all of it
PLANES_AT_ONCE = 20_000
HOURS = 24
DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
TILT_STEP_DEG, AZIMUTH_STEP_DEG = 5.0, 15.0
WH_PER_KWH = 1000.0
HOUR_COLUMNS = [f"pv_wh_hour_{hour:02d}" for hour in range(HOURS)]


@dataclass(frozen=True)
class Courses:
    """How the power of unshaded planes comes over the months, the hours of the day, and the directions of the sky.

    `C` classes of planes, `E` places of the sun: an hour of a month with an azimuth and a band in which the sun then
    stands. The power behind a horizon is the sum of `beam` over the places seen, and in every hour `even` times the
    share of the sky seen, plus `rest`.

    Parameters
    ----------
    slot, azimuth, band : ndarray of int, (E,)
        Month times 24 plus hour, by the clock of the weather; bin and band of the sky.
    beam : ndarray of float32, (C, E)
        Energy of the beam and of the light around the sun. [kWh/kWp]
    even, rest : ndarray of float32, (C, 288)
        Energy of the sky less what ground and obstacles in its place would send; energy of the ground. [kWh/kWp]
    sky_share : ndarray of float32, (C, A, K)
        Share of the sky's light that comes from each direction.
    """

    slot: NDArray[np.int32]
    azimuth: NDArray[np.int32]
    band: NDArray[np.int32]
    beam: NDArray[np.float32]
    even: NDArray[np.float32]
    rest: NDArray[np.float32]
    sky_share: NDArray[np.float32]


def sampled_cells(
    plane: NDArray[np.integer], count: int, chosen: NDArray[np.bool_] | None = None
) -> NDArray[np.int64]:
    """Cells that stand for each plane, evenly along the order of its cells, shape (count, SAMPLES); −1 without any.

    Parameters
    ----------
    plane : ndarray of int, (cells,)
        Number of the plane of each cell.
    count : int
        Number of planes.
    chosen : ndarray of bool, (cells,), optional
        Cells to choose among: those that carry modules. All of them without it.
    """
    some = np.arange(len(plane)) if chosen is None else np.flatnonzero(chosen)
    order = some[np.argsort(plane[some], kind="stable")]
    begin = np.searchsorted(plane[order], np.arange(count + 1))
    size = np.diff(begin)
    cells = np.full((count, SAMPLES), -1, dtype=np.int64)
    able = size > 0
    step = (np.arange(SAMPLES) + 0.5) / SAMPLES
    cells[able] = order[begin[:-1][able, None] + (step * size[able, None]).astype(np.int64)]
    return cells


def orientation_classes(
    tilt_deg: NDArray[np.float64], azimuth_deg: NDArray[np.float64], in_rows: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Classes of tilt, azimuth and whether modules stand in rows, shape (C, 3), and the class of each plane. [°]"""
    tilt = np.round(tilt_deg / TILT_STEP_DEG) * TILT_STEP_DEG
    turn = np.round(azimuth_deg / AZIMUTH_STEP_DEG) * AZIMUTH_STEP_DEG % 360.0
    classes, of_plane = np.unique(np.column_stack([tilt, turn, in_rows]), axis=0, return_inverse=True)
    return classes, of_plane.ravel().astype(np.int32)


def courses(
    classes: NDArray[np.float64], behind_rows: NDArray[np.float64], sky: SkyTable, sun: Sun, chain: Chain
) -> Courses:
    """Courses of the power of classes of planes.

    Every hour is cut into the sub-steps of the sky table, and each gives its beam to the two azimuths around the sun;
    an hour's beam is shared by how steeply its sub-steps strike the plane. So hours, months and shade are those of the
    sums of irradiation; the light around the sun counts as its beam there and here.

    Parameters
    ----------
    classes : ndarray, (C, 3)
        Tilt and azimuth [°], and 1 where modules stand in rows.
    behind_rows : ndarray, (A, K)
        Share of the modules in rows that see each direction over the row in front.
    sky : SkyTable
        Azimuths and bands.
    sun : Sun
        Hours of the year.
    chain : Chain
        From light to power.
    """
    azimuths, bands = sky.tan_elevation.shape
    step, elevation, azimuth = _sub_steps(sun)
    place = azimuth / (2 * np.pi / azimuths)
    left = np.floor(place).astype(np.int64)
    near = place - left
    band = np.minimum((elevation / (np.pi / 2 / bands)).astype(np.int64), bands - 1)
    slot = sun.month * HOURS + pd.DatetimeIndex(sun.weather.hours.index).hour.to_numpy()
    bins = np.concatenate([left % azimuths, (left + 1) % azimuths])
    cell = (np.tile(slot[step], 2) * azimuths + bins) * bands + np.tile(band, 2)
    found, where = np.unique(cell, return_inverse=True)
    direction = found % (azimuths * bands)
    beams, evens, rests, shares = [], [], [], []
    for tilt, turn, in_rows in classes:
        parts = _parts_of_power(sun, chain, float(tilt), float(turn))
        steep = np.maximum(_cosine(elevation, azimuth, np.radians(tilt), np.radians(turn)), 1e-9)
        part = steep / np.bincount(step, steep, len(slot))[step]
        energy = parts[0][step] * part
        beam = np.bincount(where, np.concatenate([(1 - near) * energy, near * energy]), len(found))
        seen = behind_rows if in_rows else np.ones_like(behind_rows)
        beams.append(beam * seen.ravel()[direction])
        evens.append(np.bincount(slot, parts[1], 12 * HOURS))
        rests.append(np.bincount(slot, parts[2], 12 * HOURS))
        shares.append(_sky_weights(sky, float(tilt), float(turn)) * seen)
    return Courses(
        (found // (azimuths * bands)).astype(np.int32),
        (direction // bands).astype(np.int32),
        (direction % bands).astype(np.int32),
        *(np.array(each, np.float32) for each in (beams, evens, rests, shares)),
    )


def typical_days(
    lit: NDArray[np.uint8],
    kind: NDArray[np.int32],
    course: Courses,
    owner: NDArray[np.int64],
    plane_kwh: NDArray[np.float64],
    month_kwh: NDArray[np.float64],
    job: Job,
) -> NDArray[np.int32]:
    """Energy of every hour of the typical days of the owners of planes, shape (owners, 12, 24), in whole Wh.

    Parameters
    ----------
    lit : ndarray of uint8, (planes, samples, A)
        Lit bands of cells of each plane.
    kind : ndarray of int, (planes,)
        Class of each plane.
    course : Courses
        Of the classes.
    owner : ndarray of int, (planes,)
        Row of the owner of each plane.
    plane_kwh : ndarray, (planes, 12)
        Energy of each plane in each month; planes without any are passed over.
    month_kwh : ndarray, (owners, 12)
        Whole kWh of each month of the owners.

    Notes
    -----
    Twelve cells in place of ninety-six move 0.1 % of a day's energy of the sample city's roofs into another hour, 0.9 %
    where neighbours take a tenth of the light or more. The hours of a day add up to the month's energy over its days,
    rounded to a watt-hour; so hours times days, rounded to kWh, are the month again.
    """
    power = np.zeros((len(month_kwh), 12 * HOURS), np.float32)
    carrying = np.flatnonzero(plane_kwh.sum(axis=1) > 0)
    parts = [carrying[n : n + PLANES_AT_ONCE] for n in range(0, len(carrying), PLANES_AT_ONCE)]
    for part in job.each(parts, "Finding typical days"):
        _add_courses(
            lit[part], kind[part], owner[part], plane_kwh[part], course.slot, course.azimuth, course.band,
            course.beam, course.even, course.rest, course.sky_share, power,
        )  # fmt: skip
    hours = np.empty((len(month_kwh), 12, HOURS), np.int32)
    _whole_hours(power, np.ascontiguousarray(month_kwh, dtype=np.float64), DAYS, hours)
    return hours


def day_sums(hours_wh: NDArray[np.int32], group: NDArray[np.integer], count: int) -> NDArray[np.int64]:
    """Typical days of groups: the sums of their members, shape (count, 12, 24); group −1 is none. [Wh]"""
    sums = np.zeros((count, *hours_wh.shape[1:]), np.int64)
    np.add.at(sums, group[group >= 0], hours_wh[group >= 0])
    return sums


def day_table(hours_wh: NDArray[np.integer], index: pd.Index, names: Sequence[str]) -> pd.DataFrame:
    """Typical days as a table: twelve rows for each id, whole Wh in each hour; ids without energy left out."""
    some = np.flatnonzero(hours_wh.any(axis=(1, 2)))
    hours = hours_wh[some].reshape(-1, HOURS)
    frame = pd.DataFrame(hours, columns=list(names), index=index[some].repeat(12))
    frame.insert(0, "month", np.tile(np.arange(1, 13, dtype=np.int32), len(some)))
    return frame


def _sub_steps(sun: Sun) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Sub-steps with the sun above the horizon: the hour of each, elevation and azimuth of the sun. [rad]"""
    weather = sun.weather
    middles = pd.to_timedelta((np.arange(SUB_STEPS) + 0.5) / SUB_STEPS, unit="h")
    utc = pd.DatetimeIndex(weather.hours.index).tz_convert("UTC").tz_localize(None).to_numpy()
    times = pd.DatetimeIndex(np.add.outer(utc, middles.to_numpy()).ravel(), tz="UTC")
    position = sun_place(times, weather.latitude, weather.longitude, weather.altitude)
    elevation = np.radians(position["apparent_elevation"])
    up = np.flatnonzero(elevation > 0)
    return up // SUB_STEPS, elevation[up], np.radians(position["azimuth"][up])


def _cosine(
    elevation: NDArray[np.float64], azimuth: NDArray[np.float64], tilt: float, turn: float
) -> NDArray[np.float64]:
    """Cosine of the angle between the sun and the normal of a plane. [rad]"""
    facing = np.cos(elevation) * np.cos(azimuth - turn)
    cosine: NDArray[np.float64] = np.sin(elevation) * np.cos(tilt) + facing * np.sin(tilt)
    return cosine


def _parts_of_power(
    sun: Sun, chain: Chain, tilt_deg: float, azimuth_deg: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Power of a kilowatt of unshaded modules in every hour: from the sun, from the sky and from the rest.

    What stands before the sky sends as much as the ground: the sky's part is what it sends more than that.
    """
    parts = sun.irradiance(tilt_deg, azimuth_deg, chain.albedo)
    power = hourly_power(sun, chain, tilt_deg, parts)
    whole = parts["beam"] + parts["sky"] + parts["ground"]
    per_light = np.divide(power, whole, out=np.zeros_like(power), where=whole > 0)
    ground = chain.albedo * sun.weather.hours["ghi"].to_numpy(dtype=float)
    around = np.clip(sun.circumsolar(tilt_deg, azimuth_deg), 0.0, np.maximum(parts["sky"], 0.0))
    in_its_place = ground * (1 + np.cos(np.radians(tilt_deg))) / 2
    return (
        (parts["beam"] + around) * per_light,
        (parts["sky"] - around - in_its_place) * per_light,
        (parts["ground"] + in_its_place) * per_light,
    )


def _sky_weights(sky: SkyTable, tilt_deg: float, azimuth_deg: float) -> NDArray[np.float64]:
    """Share of an even sky's light on a plane that comes from each azimuth and band, (A, K)."""
    bands = sky.tan_elevation.shape[1]
    outward, up = sky_integrals(np.linspace(0.0, 90.0, bands + 1))
    tilt, turn = np.radians(tilt_deg), np.radians(azimuth_deg)
    facing = np.cos(np.radians(sky.azimuth_deg) - turn)[:, None]
    light = (
        np.cos(tilt) * (up[:-1] - up[1:])[None] + np.sin(tilt) * facing * (outward[:-1] - outward[1:])[None]
    )
    seen = np.maximum(light, 0.0)
    shares: NDArray[np.float64] = seen / seen.sum()
    return shares


@kernel
def _add_courses(
    lit: NDArray[np.uint8], kind: NDArray[np.int32], owner: NDArray[np.int64], plane_kwh: NDArray[np.float64],
    slot: NDArray[np.int32], azimuth: NDArray[np.int32], band: NDArray[np.int32], beam: NDArray[np.float32],
    even: NDArray[np.float32], rest: NDArray[np.float32], sky_share: NDArray[np.float32],
    power: NDArray[np.float32],
) -> None:  # fmt: skip
    """Add the courses of planes to those of their owners, each month by its energy."""
    planes, samples, azimuths = lit.shape
    bands = sky_share.shape[2]
    one = np.float32(1) / np.float32(samples)
    seen = np.empty((azimuths, bands), np.float32)
    course = np.empty(power.shape[1], np.float32)
    for plane in range(planes):
        of_class = kind[plane]
        seen[:] = 0
        for a in range(azimuths):
            for sample in range(samples):
                count = lit[plane, sample, a]
                if count > 0:
                    seen[a, bands - count] += one  # the lowest band it sees
            for k in range(1, bands):
                seen[a, k] += seen[a, k - 1]
        of_sky = np.float32(0)
        for a in range(azimuths):
            for k in range(bands):
                of_sky += seen[a, k] * sky_share[of_class, a, k]
        for s in range(course.size):
            course[s] = even[of_class, s] * of_sky + rest[of_class, s]
        for e in range(slot.size):
            course[slot[e]] += beam[of_class, e] * seen[azimuth[e], band[e]]
        for month in range(plane_kwh.shape[1]):
            total = np.float32(0)
            for s in range(month * HOURS, (month + 1) * HOURS):
                total += course[s]
            if total > 0:
                weight = np.float32(plane_kwh[plane, month]) / total
                for s in range(month * HOURS, (month + 1) * HOURS):
                    power[owner[plane], s] += weight * course[s]


@kernel
def _whole_hours(
    power: NDArray[np.float32], month_kwh: NDArray[np.float64], days: NDArray[np.int64], hours: NDArray[np.int32]
) -> None:  # fmt: skip
    """Share each month's day out over its hours in whole Wh; what rounding leaves is carried to the next hour."""
    for row in range(hours.shape[0]):
        for month in range(hours.shape[1]):
            total = 0.0
            for hour in range(HOURS):
                total += power[row, month * HOURS + hour]
            day = month_kwh[row, month] * WH_PER_KWH / days[month] if total > 0 else 0.0
            so_far, given = 0.0, np.int64(0)
            for hour in range(HOURS):
                so_far += power[row, month * HOURS + hour]
                due = np.int64(np.rint(day * so_far / total)) if total > 0 else given
                hours[row, month, hour] = due - given
                given = due
