"""Typical days: hours add up to months, and every plane has the shade of its own surroundings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from core.jobs import Job
from layers.weather import Weather
from layers.weather_stations import weather_for
from potential.solar.pv_yield import Chain, Sun, hourly_power
from potential.solar.rows import row_shading, seen_over_rows
from potential.solar.typical_days import (
    DAYS,
    HOUR_COLUMNS,
    Courses,
    courses,
    day_sums,
    day_table,
    orientation_classes,
    sampled_cells,
    typical_days,
)
from sun.sky import SkyTable, lit_from_horizon, sky_table
from sun.sweep import plane_irradiation

AZIMUTHS, BANDS = 72, 24
CHAIN = Chain(-0.0035, 25.0, 6.84, 0.96, 0.9637, 1.1, {"soiling": 2.0})
APRIL, JUNE, DECEMBER = 3, 5, 11


def sky_of(weather: Weather) -> SkyTable:
    return sky_table(weather.hours, weather.latitude, weather.longitude, AZIMUTHS, BANDS)


@pytest.fixture(scope="module")
def weather() -> Weather:
    return weather_for("西安")


@pytest.fixture(scope="module")
def sky(weather: Weather) -> SkyTable:
    return sky_of(weather)


@pytest.fixture(scope="module")
def clear() -> Weather:
    """Clear days without end on the meridian of the clock: mornings and afternoons mirror each other."""
    index = pd.date_range("2023-01-01", periods=8760, freq="h", tz="Etc/GMT-8")
    from pvlib import solarposition

    zenith = solarposition.get_solarposition(index + pd.Timedelta(minutes=30), 34.3, 120.0)["apparent_zenith"]
    up = np.maximum(np.cos(np.radians(zenith.to_numpy())), 0.0)
    dni = np.where(up > 0.05, 700.0, 0.0)
    light = {"dni": dni, "dhi": 100.0 * (up > 0), "ghi": dni * up + 100.0 * (up > 0)}
    hours = pd.DataFrame({**light, "temp_air": 15.0, "wind_speed": 2.0}, index=index)
    return Weather(hours, 34.3, 120.0, 0.0, "made up", "measured_typical_year", "made up")


def one_class(weather: Weather, sky: SkyTable, tilt: float, turn: float) -> Courses:
    """Course of a plane without rows."""
    return courses(np.array([[tilt, turn, 0.0]]), np.ones((AZIMUTHS, BANDS)), sky, Sun(weather), CHAIN)


def open_sky(count: int = 1) -> NDArray[np.uint8]:
    return np.full((count, 1, AZIMUTHS), BANDS, np.uint8)


def wall(sky: SkyTable, azimuth_deg: float, elevation_deg: float = 60.0) -> NDArray[np.uint8]:
    """Lit bands before a wall that fills a quarter of the horizon around an azimuth."""
    off = np.abs((sky.azimuth_deg - azimuth_deg + 180.0) % 360.0 - 180.0)
    return lit_from_horizon(np.where(off < 45.0, elevation_deg, 0.0)[None], sky)[:, None]


def days_of(course: Courses, lit: NDArray[np.uint8], kwh: float = 1e6) -> NDArray[np.int32]:
    """Typical days of one plane that gives so much in every month."""
    months = np.full((1, 12), kwh)
    return typical_days(lit, np.zeros(1, np.int32), course, np.zeros(1, np.int64), months, months, Job())[0]


@pytest.mark.parametrize(("tilt", "turn"), [(0.0, 180.0), (15.0, 180.0), (30.0, 90.0), (90.0, 270.0)])
def test_an_unshaded_plane_has_the_mean_day_of_the_hourly_chain(
    weather: Weather, sky: SkyTable, tilt: float, turn: float
) -> None:
    sun = Sun(weather)
    hourly = hourly_power(sun, CHAIN, tilt, sun.irradiance(tilt, turn, CHAIN.albedo))
    slot = sun.month * 24 + pd.DatetimeIndex(weather.hours.index).hour.to_numpy()
    mean = np.bincount(slot, hourly, 288).reshape(12, 24) / DAYS[:, None]
    shape = (
        days_of(one_class(weather, sky, tilt, turn), open_sky()) * (mean.sum(axis=1) / 1e9 * DAYS)[:, None]
    )
    assert shape == pytest.approx(mean, abs=0.01 * mean.max())
    assert np.abs(shape - mean).max() < 1e-3 * mean.max()


@settings(max_examples=40, deadline=None)
@given(
    lit=arrays(np.uint8, (1, 3, AZIMUTHS), elements=st.integers(0, BANDS)),
    kwh=arrays(np.float64, (1, 12), elements=st.integers(1, 3_000_000).map(float)),
)
def test_hours_times_days_rounded_to_a_kilowatt_hour_are_the_month(
    course_of_xian: Courses, lit: NDArray[np.uint8], kwh: NDArray[np.float64]
) -> None:
    """The day adds up to the month over its days, to a watt-hour; no hour is negative."""
    none = np.zeros(1, np.int64)
    hours = typical_days(lit, none.astype(np.int32), course_of_xian, none, kwh, kwh, Job())[0]
    day = hours.sum(axis=1)
    assert (hours >= 0).all()
    assert (day == np.rint(kwh[0] * 1000 / DAYS)).all()
    assert (np.rint(day * DAYS / 1000) == kwh[0]).all()


@pytest.fixture(scope="module")
def course_of_xian(weather: Weather, sky: SkyTable) -> Courses:
    return one_class(weather, sky, 15.0, 180.0)


def test_the_night_gives_nothing(course_of_xian: Courses) -> None:
    hours = days_of(course_of_xian, open_sky())
    assert (hours[:, [0, 1, 2, 3, 4, 22, 23]] == 0).all()
    assert (hours[:, 10:16] > 0).all()


def test_a_wall_to_the_east_takes_the_morning_and_leaves_the_afternoon(
    weather: Weather, sky: SkyTable
) -> None:
    """Until the sun stands over or beside the wall, only the light of the sky comes."""
    course = one_class(weather, sky, 0.0, 180.0)
    free, shaded = days_of(course, open_sky()), days_of(course, wall(sky, 90.0))
    afternoon = slice(14, 19)
    scale = free[JUNE, afternoon].sum() / shaded[JUNE, afternoon].sum()
    left = shaded[JUNE] * scale
    assert left[afternoon] == pytest.approx(free[JUNE, afternoon], rel=0.05)
    assert left[7:10].sum() < 0.7 * free[JUNE, 7:10].sum()


def test_a_mirrored_wall_mirrors_the_day_around_noon(clear: Weather) -> None:
    """April and June, in whose middle the sun's noon and the clock's agree to two minutes."""
    sky = sky_of(clear)
    course = one_class(clear, sky, 0.0, 180.0)
    east, west = days_of(course, wall(sky, 90.0)), days_of(course, wall(sky, 270.0))
    for month in (APRIL, JUNE):
        assert east[month] == pytest.approx(west[month, ::-1], abs=0.02 * east[month].max())
        assert np.abs(east[month] - east[month, ::-1]).max() > 0.2 * east[month].max()


def test_a_wall_facing_east_yields_before_noon(clear: Weather) -> None:
    sky = sky_of(clear)
    front = np.cos(np.radians(sky.azimuth_deg - 90.0)) > 0
    lit = np.where(front, BANDS, 0).astype(np.uint8)[None, None]
    hours = days_of(one_class(clear, sky, 90.0, 90.0), lit)
    assert hours[JUNE, :12].sum() > 0.7 * hours[JUNE].sum()


@pytest.mark.parametrize("azimuth", [90.0, 180.0, 270.0])
def test_shade_takes_as_much_of_each_month_as_the_sums_by_month_say(
    weather: Weather, sky: SkyTable, azimuth: float
) -> None:
    """Two ways to one number: hours through the chain, and the sky table with its own circumsolar light."""
    course, lit = one_class(weather, sky, 15.0, 180.0), wall(sky, azimuth)
    fall = -np.tan(np.radians(15.0)) * np.cos(np.pi)
    sums = [plane_irradiation(one[:, 0], sky, 0.0, fall)[0] for one in (lit, open_sky())]
    kept = sums[0] / sums[1]
    assert months_of(course, lit) / months_of(course, open_sky()) == pytest.approx(kept, abs=0.025)


def months_of(course: Courses, lit: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Energy of each month of a kilowatt with the horizon of one cell, by the definition of the courses."""
    seen = np.arange(BANDS)[None] >= BANDS - lit[0, 0][:, None].astype(int)
    of_sky = float((seen * course.sky_share[0]).sum())
    hours = course.even[0] * of_sky + course.rest[0]
    beam = np.bincount(course.slot, course.beam[0] * seen[course.azimuth, course.band], 288)
    return np.asarray((hours + beam).reshape(12, 24).sum(axis=1), dtype=float)


def test_rows_lose_light_at_the_ends_of_winter_days(weather: Weather, sky: SkyTable) -> None:
    """At the spacing of GB 50797 no row shades another from 9:00 to 15:00 sun time, so what is lost lies outside."""
    behind = seen_over_rows(sky, 15.0, 34.3)
    classes = np.array([[15.0, 180.0, 0.0], [15.0, 180.0, 1.0]])
    course = courses(classes, behind, sky, Sun(weather), CHAIN)
    alone, rows = (
        np.bincount(course.slot, course.beam[kind], 288).reshape(12, 24)[DECEMBER] for kind in (0, 1)
    )
    lost = alone - rows
    assert lost.sum() > 0
    assert lost[10:15].sum() < 0.25 * lost.sum()  # 9:00 to 15:00 by the sun is 9:45 to 15:45 by the clock
    by_month = row_shading(sky, 15.0, 34.3)[DECEMBER]
    full = np.ones((AZIMUTHS, BANDS))
    whole = [
        alone.sum() + (course.even[0] + course.rest[0]).reshape(12, 24)[DECEMBER].sum(),
        rows.sum()
        + (course.even[1] * float((full * course.sky_share[1]).sum()) + course.rest[1])
        .reshape(12, 24)[DECEMBER]
        .sum(),
    ]
    assert whole[1] / whole[0] == pytest.approx(by_month, abs=0.015)


def test_planes_of_one_owner_share_its_month_by_their_energy(weather: Weather, sky: SkyTable) -> None:
    """An eastern plane of three quarters and a western of one: the day is their weighed mean."""
    turns = np.array([90.0, 270.0])
    classes, kind = orientation_classes(np.full(2, 30.0), turns, np.zeros(2, bool))
    course = courses(classes, np.ones((AZIMUTHS, BANDS)), sky, Sun(weather), CHAIN)
    parts = np.array([[750.0] * 12, [250.0] * 12])
    both = typical_days(
        open_sky(2), kind, course, np.zeros(2, np.int64), parts, parts.sum(axis=0)[None], Job()
    )[0]
    alone = [days_of(one_class(weather, sky, 30.0, turn), open_sky(), kwh=1000.0) for turn in turns]
    assert np.abs(both - (0.75 * alone[0] + 0.25 * alone[1])).max() <= 3  # watt-hours, by rounding


def test_sampled_cells_stand_evenly_for_the_chosen_cells_of_each_plane() -> None:
    plane = np.array([0] * 100 + [1] * 5 + [2])
    chosen = np.ones(106, bool)
    chosen[:50] = chosen[105] = False
    cells = sampled_cells(plane, 3, chosen)
    assert cells[0].tolist() == sorted(set(cells[0])) and cells[0].min() == 52 and cells[0].max() == 97
    assert set(cells[1]) == {100, 101, 102, 103, 104}
    assert (cells[2] == -1).all()


def test_days_of_a_group_are_the_sums_of_its_members_to_the_watt_hour() -> None:
    days = np.arange(3 * 288, dtype=np.int32).reshape(3, 12, 24)
    sums = day_sums(days, np.array([0, -1, 0]), 2)
    assert (sums[0] == days[0] + days[2]).all()
    table = day_table(sums, pd.Index(["P1", "P2"], name="parcel_id"), HOUR_COLUMNS)
    assert table.index.tolist() == ["P1"] * 12
    assert table["month"].tolist() == list(range(1, 13))
    assert table[HOUR_COLUMNS].to_numpy().sum() == sums[0].sum()
