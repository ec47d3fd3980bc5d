"""What machines give through a year, against sums by hand and against all hours one by one."""

import numpy as np
import pandas as pd
import pytest

from potential.air_source.bins import Bins
from potential.air_source.load import Load
from potential.air_source.service import Curves, at_size, given_by_month, given_by_size, node_sizes
from tests.potential.air_source.town import demand_of, weather_in

IDS = pd.Index(["P0", "P1"], name="parcel_id")


def year_of(temperature):
    hours = pd.date_range("2023-01-01", periods=8760, freq="h")
    return Bins.of(np.broadcast_to(np.asarray(temperature, dtype=float), 8760), hours.month, hours.hour)


def two_days():
    """A January whose first 15 days are at -10 °C and whose others at 0 °C; the rest of the year is mild."""
    air = np.full(8760, 12.0)
    air[: 15 * 24], air[15 * 24 : 31 * 24] = -10.0, 0.0
    return year_of(air)


def test_a_load_of_two_temperatures_is_served_as_by_hand():
    bins = two_days()
    load = Load.of(demand_of(["P0"], heat=17 * 7440.0), IDS[:1], "heat", bins)  # 50 kW in the mean of January
    curves = Curves.of(bins.places(16.0 - bins.air), [0.5, 0.8, 1.0], [2.0, 2.5, 3.5])
    heat, electricity, _, given = given_by_month(load, np.array([80.0]), curves, 3)
    # Degrees below 16 °C are 26 and 16, in the mean 20.84; loads are 62.4 and 38.4 kW, the machines 40 and 64 kW.
    mean = (15 * 26 + 16 * 16) / 31
    cold, mild = 40.0 * 15 * 24, 50 * 16 / mean * 16 * 24
    assert load.months[0, 0] == pytest.approx(50 * 31 * 24 * 1.0 * 5 / 5)
    assert heat[0, 0] == pytest.approx(cold + mild)
    assert electricity[0, 0] == pytest.approx(cold / 2.0 + mild / 2.5)
    assert given[:2] == pytest.approx([cold, mild])


def test_seasonal_performance_is_not_the_performance_at_the_mean_temperature():
    bins = two_days()
    load = Load.of(demand_of(["P0"], heat=17 * 7440.0), IDS[:1], "heat", bins)
    curves = Curves.of(bins.places(16.0 - bins.air), [1.0, 1.0, 1.0], [2.0, 4.0, 6.0])
    heat, electricity, _, _ = given_by_month(load, np.array([1000.0]), curves, 3)
    share = 15 * 26 / (15 * 26 + 16 * 16)  # of January's heat that falls into the cold half
    assert heat[0, 0] / electricity[0, 0] == pytest.approx(1 / (share / 2 + (1 - share) / 4))


def test_bins_give_what_all_hours_one_by_one_give():
    weather = weather_in("西安")
    air = weather.hours["temp_air"].to_numpy()
    time = pd.DatetimeIndex(weather.hours.index)
    bins = Bins.of(air, time.month, time.hour)
    load = Load.of(demand_of(IDS, heat=[1e5, 4e5]), IDS, "heat", bins)

    def capacity(at):
        return 0.7 + 0.02 * at

    def cop(at):
        return 3.0 + 0.06 * at

    size = np.array([60.0, 100.0])
    curves = Curves.of(bins.places(np.maximum(16 - air, 1.0)), capacity(bins.middle), cop(bins.middle))
    heat, electricity, needed, _ = given_by_month(load, size, curves, len(bins.middle))
    degrees = np.maximum(16 - air, 1.0)
    cell = bins.cell_of_hour
    mean = np.bincount(cell, degrees, 288) / np.bincount(cell, minlength=288)
    days = load.days[load.place][:, :, 0, :].reshape(2, 288) * np.repeat(load.scale, 24, axis=1)
    power = days[:, cell] * degrees / mean[cell]
    given = np.minimum(power, size[:, None] * capacity(air))
    assert heat.sum(axis=1) == pytest.approx(given.sum(axis=1), rel=2e-3)
    assert electricity.sum(axis=1) == pytest.approx((given / cop(air)).sum(axis=1), rel=3e-3)
    assert needed.sum() == pytest.approx(5e5)


def test_the_table_of_sizes_agrees_with_the_exact_curves():
    weather = weather_in("沈阳")
    time = pd.DatetimeIndex(weather.hours.index)
    bins = Bins.of(weather.hours["temp_air"], time.month, time.hour)
    load = Load.of(demand_of(IDS, heat=[1e5, 4e5]), IDS, "heat", bins)
    places = bins.places(np.maximum(16 - bins.air, 1.0))
    curves = Curves.of(
        places, np.maximum(0.9 + 0.015 * bins.middle, 0.0), np.maximum(3 + 0.05 * bins.middle, 1.2)
    )
    full = load.peak / 0.6
    by_size, power = given_by_size(load, full, curves)
    for share in (0.25, 0.4, 0.5, 0.73, 1.0, 1.5):
        heat, electricity, _, _ = given_by_month(load, share * full, curves, len(bins.middle))
        sizes = np.full(2, share)
        assert at_size(by_size, sizes) == pytest.approx(heat.sum(axis=1), rel=4e-3)
        assert at_size(power, sizes) == pytest.approx(electricity.sum(axis=1), rel=4e-3)


def test_larger_machines_never_give_less_and_none_give_nothing():
    bins = two_days()
    load = Load.of(demand_of(["P0"], heat=1e5), IDS[:1], "heat", bins)
    curves = Curves.of(bins.places(16.0 - bins.air), [0.5, 0.8, 1.0], [2.0, 2.5, 3.5])
    by_size, _ = given_by_size(load, load.peak / 0.5, curves)
    assert (np.diff(by_size[0]) >= -1e-6).all()
    assert at_size(by_size, np.array([0.0])) == 0
    assert at_size(by_size, np.array([9.0])) == by_size[0, -1]
    assert node_sizes()[[0, 8, 16]] == pytest.approx([0.25, 0.5, 1.0])


def test_machines_that_stand_still_give_nothing_and_draw_nothing():
    bins = two_days()
    load = Load.of(demand_of(["P0"], heat=1e5), IDS[:1], "heat", bins)
    curves = Curves.of(bins.places(16.0 - bins.air), [0.0, 0.0, 0.0], [1.0, 1.0, 1.0])
    heat, electricity, needed, given = given_by_month(load, np.array([500.0]), curves, 3)
    assert heat.sum() == electricity.sum() == given.sum() == 0
    assert needed.sum() == pytest.approx(1e5)


def test_hours_of_a_load_add_up_to_its_months_whatever_the_typical_days_say():
    demand = demand_of(IDS, heat=[1e5, 2e5])
    demand.days["heat"][:] = 0
    demand.days["heat"][0, :, 0, 8] = 3.0
    load = Load.of(demand, IDS, "heat", year_of(5.0))
    curves = Curves.of(year_of(5.0).places(np.ones(8760)), [1.0], [3.0])
    heat, _, _, _ = given_by_month(load, np.full(2, 1e9), curves, 1)
    assert heat == pytest.approx(load.months)
    assert load.flat[0].sum() == 0 and load.flat[1, 0] == pytest.approx(load.months[1, 0] / 744)


def test_a_parcel_that_the_demand_does_not_know_wants_nothing_and_is_said():
    load = Load.of(demand_of(["P0"], heat=1e5), IDS, "heat", year_of(5.0))
    assert load.known.tolist() == [True, False]
    assert load.wanted.tolist() == [True, False]
