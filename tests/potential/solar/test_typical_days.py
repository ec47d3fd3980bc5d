"""Typical days follow the sun, the shade and the months."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.jobs import Job
from layers.weather_stations import weather_for
from potential.solar.pv_numbers import Taken, chain_of
from potential.solar.pv_yield import Sun, hourly_power
from potential.solar.sky import sky_table
from potential.solar.typical_days import DAYS, SAMPLES, day_shares, day_table, sampled_cells, typical_days
from standards import SHIPPED

WEATHER = weather_for("西安")
SKY = sky_table(WEATHER.hours, WEATHER.latitude, WEATHER.longitude, azimuths=72, bands=24)
SUN = Sun(WEATHER)
CHAIN = chain_of(Taken(SHIPPED))
OPEN = np.full((1, SAMPLES, 72), 24, np.uint8)


def shares(lit: np.ndarray, tilt: float = 15.0, azimuth: float = 180.0) -> np.ndarray:
    return day_shares(lit, np.array([tilt]), np.array([azimuth]), SKY, SUN, CHAIN, Job())[0]


def test_an_open_roof_has_the_days_of_the_hourly_chain() -> None:
    power = hourly_power(SUN, CHAIN, 15.0, SUN.irradiance(15.0, 180.0, CHAIN.albedo))
    clock = pd.DatetimeIndex(WEATHER.hours.index).hour.to_numpy()
    hourly = np.zeros((12, 24))
    np.add.at(hourly, (SUN.month, clock), power)
    expected = hourly / hourly.sum(axis=1, keepdims=True)
    assert shares(OPEN) == pytest.approx(expected, abs=1e-4)


def test_the_hours_of_a_day_are_all_of_it() -> None:
    assert shares(OPEN).sum(axis=1) == pytest.approx(np.ones(12), abs=1e-5)


def test_a_wall_in_the_east_takes_the_morning() -> None:
    lit = OPEN.copy()
    east = (SKY.azimuth_deg > 45) & (SKY.azimuth_deg < 170)
    lit[:, :, east] = 6
    open_day, walled = shares(OPEN)[5], shares(lit)[5]
    assert walled[:10].sum() < 0.6 * open_day[:10].sum()
    assert walled[14:].sum() > open_day[14:].sum()


def test_a_roof_half_in_shade_lies_between_open_and_dark() -> None:
    east = (SKY.azimuth_deg > 45) & (SKY.azimuth_deg < 170)
    whole, half = OPEN.copy(), OPEN.copy()
    whole[:, :, east] = 6
    half[:, : SAMPLES // 2][:, :, east] = 6
    dawn = [one[5, :10].sum() for one in (shares(OPEN), shares(half), shares(whole))]
    assert dawn[0] > dawn[1] > dawn[2]


def test_roofs_that_look_east_give_sooner_than_those_that_look_west() -> None:
    hours = np.arange(24)
    east, west = (float((shares(OPEN, 30.0, turn)[5] * hours).sum()) for turn in (90.0, 270.0))
    assert west - east > 1.0


def test_no_roofs_have_no_days() -> None:
    none = day_shares(np.zeros((0, SAMPLES, 72), np.uint8), np.zeros(0), np.zeros(0), SKY, SUN, CHAIN, Job())
    assert none.shape == (0, 12, 24)


def test_samples_of_a_plane_lie_on_it_and_a_plane_without_cells_has_none() -> None:
    plane = np.array([2, 0, 2, 2, 0, 2])
    cells = sampled_cells(plane, 3)
    assert set(cells[0]) == {1, 4}
    assert (cells[1] == -1).all()
    assert set(cells[2]) <= {0, 2, 3, 5}


def test_hours_times_days_add_up_to_the_months_of_each_building() -> None:
    month_kwh = np.array([[310.0] * 12, [0.0] * 12])
    part = np.repeat(shares(OPEN)[None], 2, axis=0)
    days = typical_days(np.array([0, 0]), np.ones((2, 12)), part, month_kwh)
    assert days[0].sum(axis=1) * DAYS == pytest.approx(month_kwh[0])
    assert days[1].sum() == 0.0
    table = day_table(days, pd.Index(["B0", "B1"], name="building_id"))
    assert table.index.unique().tolist() == ["B0"]
    assert table["month"].tolist() == list(range(1, 13))
    whole = table.iloc[:, 1:].sum(axis=1).to_numpy() / 1000 * DAYS
    assert whole == pytest.approx(month_kwh[0], abs=0.5)
