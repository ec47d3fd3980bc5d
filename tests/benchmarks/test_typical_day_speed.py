"""Speed of typical days against pvlib's hourly chain for every plane, in CPU seconds."""

import numpy as np
import pytest

from core.jobs import Job
from layers.weather_stations import weather_for
from potential.solar.pv_yield import Sun, hourly_power
from potential.solar.typical_days import (
    SAMPLES,
    courses,
    orientation_classes,
    typical_days,
)
from sun.sky import sky_table
from tests.benchmarks.test_sweep_speed import cpu_seconds
from tests.potential.solar.test_typical_days import AZIMUTHS, BANDS, CHAIN

pytestmark = pytest.mark.benchmark
PLANES, BUILDINGS = 20_000, 10_000


@pytest.fixture(scope="module")
def city():
    """Planes of all directions with skylines of up to a third of the sky: weather, what `typical_days` takes, buildings."""
    weather = weather_for("西安")
    sky = sky_table(weather.hours, weather.latitude, weather.longitude, AZIMUTHS, BANDS)
    lots = np.random.default_rng(1)
    lit = (BANDS - lots.integers(0, 8, (PLANES, SAMPLES, AZIMUTHS))).astype(np.uint8)
    tilt, turn = lots.choice([5.0, 15.0, 25.0], PLANES), lots.uniform(0, 360, PLANES)
    classes, kind = orientation_classes(tilt, turn, np.zeros(PLANES, bool))
    course = courses(classes, np.ones((AZIMUTHS, BANDS)), sky, Sun(weather), CHAIN)
    owner = np.sort(lots.integers(0, BUILDINGS, PLANES))
    plane_kwh = np.round(lots.uniform(100, 3000, (PLANES, 12)))
    months = np.zeros((BUILDINGS, 12))
    np.add.at(months, owner, plane_kwh)
    return weather, (lit, kind, course, owner, plane_kwh, months, Job())


def test_days_of_a_shaded_plane_take_a_five_hundredth_of_the_hourly_chain(city, benchmark, figures):
    weather, given = city
    sun = Sun(weather)

    def chain():
        hourly_power(sun, CHAIN, 15.0, sun.irradiance(15.0, 180.0, CHAIN.albedo))

    benchmark.pedantic(lambda: typical_days(*given), rounds=2, warmup_rounds=1)
    ours = cpu_seconds(lambda: typical_days(*given)) / PLANES
    peer = cpu_seconds(chain)
    figures("ratio", peer / ours)
    figures("CPU seconds of 200,000 planes", 200_000 * ours)
    assert peer >= 500 * ours
