"""A kilowatt of modules gives what pvlib's chain says, hour by hour."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from layers.weather import Weather
from potential.solar.pv_yield import Chain, Sun, plane_year

CHAIN = Chain(
    power_per_k=-0.0035,
    heat_loss_w_per_m2k=25.0,
    wind_heat_loss_ws_per_m3k=6.84,
    inverter_efficiency=0.96,
    reference_efficiency=0.9637,
    dc_ac_ratio=1.1,
    losses_percent={
        "soiling": 2,
        "mismatch": 2,
        "wiring": 2,
        "connections": 0.5,
        "lid": 1.5,
        "availability": 3,
    },
)


@pytest.fixture(scope="module")
def sun() -> Sun:
    """Clear days without end at Xi'an: beam and diffuse from the height of the sun."""
    index = pd.date_range("2023-01-01", periods=8760, freq="h", tz="Etc/GMT-8")
    from pvlib import solarposition

    zenith = solarposition.get_solarposition(index + pd.Timedelta(minutes=30), 34.3, 108.9)["apparent_zenith"]
    up = np.maximum(np.cos(np.radians(zenith.to_numpy())), 0.0)
    dni = np.where(up > 0.05, 700.0, 0.0)
    hours = pd.DataFrame(
        {
            "dni": dni,
            "dhi": 100.0 * (up > 0),
            "ghi": dni * up + 100.0 * (up > 0),
            "temp_air": 15.0,
            "wind_speed": 2.0,
        },
        index=index,
    )
    return Sun(Weather(hours, 34.3, 108.9, 400.0, "Xi'an", "measured_typical_year", "made up"))


def test_a_horizontal_plane_receives_the_global_irradiation(sun: Sun) -> None:
    year = plane_year(Sun(sun.weather, model="haydavies"), CHAIN, 0.0, 180.0)
    assert year.poa_kwh_per_m2.sum() == pytest.approx(sun.weather.hours["ghi"].sum() / 1000, rel=2e-3)


def test_a_tilted_plane_facing_south_receives_more_and_north_less(sun: Sun) -> None:
    south, north, flat = (
        plane_year(sun, CHAIN, tilt, azimuth).poa_kwh_per_m2.sum()
        for tilt, azimuth in ((30.0, 180.0), (30.0, 0.0), (0.0, 180.0))
    )
    assert north < flat < south


def test_the_performance_ratio_lies_where_systems_are_measured(sun: Sun) -> None:
    year = plane_year(sun, CHAIN, 15.0, 180.0)
    assert 0.75 < year.kwh_per_kwp.sum() / year.poa_kwh_per_m2.sum() < 0.88


def test_heat_costs_power(sun: Sun) -> None:
    from dataclasses import replace

    cool = plane_year(sun, replace(CHAIN, power_per_k=0.0), 15.0, 180.0)
    assert plane_year(sun, CHAIN, 15.0, 180.0).kwh_per_kwp[6] < cool.kwh_per_kwp[6]


def test_losses_multiply(sun: Sun) -> None:
    from dataclasses import replace

    free = plane_year(sun, replace(CHAIN, losses_percent={}, dc_ac_ratio=0.5), 15.0, 180.0).kwh_per_kwp.sum()
    half = plane_year(sun, replace(CHAIN, losses_percent={"soiling": 50}, dc_ac_ratio=0.5), 15.0, 180.0)
    assert half.kwh_per_kwp.sum() == pytest.approx(0.5 * free, rel=0.03)
