"""Speed of machines on curves of load over size against all hours of a year one by one in numpy, in CPU seconds."""

import numpy as np
import pandas as pd
import pytest

from potential.air_source.bins import Bins
from potential.air_source.load import Load
from potential.air_source.service import Curves, given_by_month
from tests.benchmarks.test_sweep_speed import cpu_seconds
from tests.potential.air_source.town import demand_of, weather_in

pytestmark = pytest.mark.benchmark
PARCELS, SAMPLE = 20_000, 100


def test_curves_serve_parcels_twenty_times_faster_than_hours_one_by_one(benchmark, figures):
    weather = weather_in("沈阳")
    time = pd.DatetimeIndex(weather.hours.index)
    bins = Bins.of(weather.hours["temp_air"], time.month, time.hour)
    ids = pd.Index([f"P{number}" for number in range(PARCELS)], name="parcel_id")
    load = Load.of(demand_of(ids, heat=np.linspace(1e4, 1e6, PARCELS)), ids, "heat", bins)
    degrees = np.maximum(16 - bins.air, 1.0)
    capacity, cop = np.maximum(0.8 + 0.02 * bins.middle, 0.1), np.maximum(2.8 + 0.05 * bins.middle, 1.5)
    size = 0.8 * load.peak
    curves = Curves.of(bins.places(degrees), capacity, cop)
    benchmark.pedantic(
        lambda: given_by_month(load, size, curves, len(bins.middle)), rounds=2, warmup_rounds=1
    )
    ours = cpu_seconds(lambda: given_by_month(load, size, curves, len(bins.middle))) / PARCELS
    cell = bins.cell_of_hour
    weight = degrees / (np.bincount(cell, degrees, 288) / np.bincount(cell, minlength=288))[cell]
    days = load.days[:SAMPLE, :, 0, :].reshape(SAMPLE, 288) * np.repeat(load.scale[:SAMPLE], 24, axis=1)

    def hourly():
        given = np.minimum(days[:, cell] * weight, size[:SAMPLE, None] * capacity[bins.of_hour])
        return given.sum(axis=1), (given / cop[bins.of_hour]).sum(axis=1)

    peer = cpu_seconds(hourly) / SAMPLE
    heat, electricity, _, _ = given_by_month(load, size, curves, len(bins.middle))
    exact = hourly()
    assert heat[:SAMPLE].sum(axis=1) == pytest.approx(exact[0], rel=1e-3)
    assert electricity[:SAMPLE].sum(axis=1) == pytest.approx(exact[1], rel=1e-3)
    figures("ratio", peer / ours)
    figures("CPU seconds of 100,000 parcels", 100_000 * ours)
    assert peer >= 20 * ours
