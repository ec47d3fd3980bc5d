"""Collectors: published efficiencies, areas and shares, and what the f-chart and the hours of a year say of one hospital."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from shapely.geometry import box

from demand.hot_water import HotWater, hot_water
from layers.city import City
from layers.weather import Weather
from layers.weather_stations import weather_for
from potential.solar.collector import (
    area_for,
    coal_replaced,
    efficiency,
    f_chart,
    monthly_fraction,
    useful_heat,
)
from potential.solar.collector_heat import area_within_fraction, hourly_gain, monthly_shares
from potential.solar.heat_numbers import HeatNumbers, Replaced, resource_class
from potential.solar.pv_numbers import Worth
from potential.solar.pv_yield import Sun
from standards import Standards, Taken

SHIPPED = Standards()
COLLECTOR = {"eta0": 0.623, "a1": 1.52, "a2": 0.0146}
WORTH = Worth(kgce_per_kwh=0.3, kgco2_per_kwh=0.6, sigma=0.1, shared=0.5)
QINGHE = CRS.from_epsg(4545)


def test_a_collector_fifty_kelvin_above_the_air_has_half_its_light() -> None:
    assert efficiency(**COLLECTOR, irradiance=1000.0, above_air_k=50.0) == pytest.approx(0.5105, abs=1e-6)


def test_a_collector_in_the_dark_gives_nothing() -> None:
    assert efficiency(**COLLECTOR, irradiance=[0.0, 20.0], above_air_k=40.0).tolist() == [0.0, 0.0]


@given(light=st.floats(0, 1400), above=st.floats(-20, 90), hotter=st.floats(0, 40), modifier=st.floats(0, 1))
def test_a_hotter_collector_is_never_more_efficient(
    light: float, above: float, hotter: float, modifier: float
) -> None:
    cool, hot = (
        efficiency(**COLLECTOR, irradiance=light, above_air_k=k, incidence=modifier)
        for k in (above, above + hotter)
    )
    assert hot >= 0.0
    if above >= 0:
        assert hot <= cool <= 0.623


def test_three_hundred_beds_need_576_square_metres_by_gb_50364() -> None:
    """33,000 kg a day, 45 K, half of it, 15,000 kJ/m² a day, 0.45 and 0.20."""
    area = area_for(300 * 110, 45.0, 0.5, 15_000.0, efficiency=0.45, loss=0.2)
    assert area == pytest.approx(575.7, abs=0.05)


def test_a_place_without_light_gets_no_collectors() -> None:
    assert area_for(1000.0, 45.0, 0.5, 0.0, efficiency=0.45, loss=0.2) == 0.0


def test_the_worked_city_replaces_48_257_tonnes_of_coal() -> None:
    """600,000 m², 5,500 MJ/m² a year, 0.45 and 0.20, gas boilers of 0.84, coal of 29.307 MJ/kg."""
    heat_mj = 600_000 * useful_heat(5500.0, efficiency=0.45, loss=0.2)
    assert coal_replaced(heat_mj / 3.6, 0.84, 29.307) / 1000 == pytest.approx(48_257.6, abs=0.05)


def test_the_worked_city_avoids_78_thousand_tonnes_of_carbon_dioxide() -> None:
    replaced = Replaced.of(Taken(SHIPPED), "gas", WORTH)
    heat_kwh = 600_000 * 5500 * 0.45 * 0.8 / 3.6
    assert heat_kwh * replaced.kgco2_per_kwh / 1e6 == pytest.approx(78.55, abs=0.01)


def test_electricity_replaces_most_coal_and_gas_least() -> None:
    """By hand: 3.6 MJ over 29.307 MJ/kg, and over 0.31, 0.70 and 0.84."""
    coal = {
        energy: Replaced.of(Taken(SHIPPED), energy, WORTH).kgce_per_kwh
        for energy in ("electricity", "coal", "gas")
    }
    assert coal == pytest.approx({"electricity": 0.39625, "coal": 0.17548, "gas": 0.14623}, abs=1e-5)


def test_the_carbon_of_electricity_is_that_of_the_grid_over_the_heater() -> None:
    assert Replaced.of(Taken(SHIPPED), "electricity", WORTH).kgco2_per_kwh == pytest.approx(0.6 / 0.95)


def test_the_f_chart_gives_its_published_value() -> None:
    assert f_chart(2.0, 1.0) == pytest.approx(0.6827, abs=5e-5)


def test_the_coefficients_of_the_f_chart_are_those_of_the_table() -> None:
    """From values inside the range, whose share is between 0 and 1 and so not cut."""
    table = SHIPPED.table("solar_thermal_parameters")
    rows = table[table["parameter"] == "fchart_coefficient"].set_index("case")["default"]
    for x, y in ((0.5, 0.3), (2.0, 1.0), (5.0, 1.2), (1.0, 0.8)):
        terms = {"Y": y, "X": x, "Y2": y**2, "X2": x**2, "Y3": y**3}
        assert f_chart(x, y) == pytest.approx(sum(rows[name] * value for name, value in terms.items()))


@given(x=st.floats(0, 1e6), y=st.floats(0, 1e6))
def test_the_f_chart_never_leaves_nought_to_one(x: float, y: float) -> None:
    assert 0.0 <= f_chart(x, y) <= 1.0


@given(x=st.floats(0.1, 17), y=st.floats(0, 2.9), more=st.floats(0.01, 0.1))
def test_more_light_never_covers_less(x: float, y: float, more: float) -> None:
    assert f_chart(x, y + more) >= f_chart(x, y)


def test_a_month_of_hot_water_is_what_is_reckoned_by_hand() -> None:
    """Y = 10 · 0.58 · 120 / 1000; X = 10 · 2 · 85 · 0.73 / 1000 · (11.6 + 70.8 + 54.04 − 34.8) / 85."""
    y, x = 10 * 0.58 * 120 / 1000, 10 * 2 * 85 * 0.73 / 1000 * (11.6 + 70.8 + 54.04 - 34.8) / 85

    def month(store_litres_per_m2: float) -> float:
        found = monthly_fraction(
            np.array([[10.0]]),
            np.full((1, 12), 1000.0),
            np.full((1, 12), 120.0),
            optical=0.58,
            loss_w_per_m2k=2.0,
            air_c=np.full(12, 15.0),
            cold_c=np.full(12, 14.0),
            hot_c=60.0,
            hours=np.full(12, 730.0),
            store_litres_per_m2=store_litres_per_m2,
        )
        return float(found[0, 0])

    assert month(75.0) == pytest.approx(1.029 * y - 0.065 * x - 0.245 * y**2 + 0.0018 * x**2 + 0.0215 * y**3)
    assert month(150.0) == pytest.approx(
        float(f_chart(x * 0.5**0.25, y))
    )  # twice the store: (150 / 75)^-0.25


def test_resource_classes_part_lhasa_from_chongqing() -> None:
    """A year of 1,990 kWh/m² in Lhasa against some 900 in Chongqing; the edges belong to the better class."""
    classes = [resource_class(SHIPPED, ghi) for ghi in (1990.0, 900.0, 1049.9, 1050.0, 1400.0, 1750.0)]
    assert classes == ["最丰富", "一般", "一般", "较丰富", "很丰富", "最丰富"]


@pytest.mark.parametrize(("ghi", "fraction"), [(1990.0, 0.6), (1500.0, 0.5), (1200.0, 0.4), (900.0, 0.3)])
def test_more_sun_asks_for_a_larger_fraction(ghi: float, fraction: float) -> None:
    city = City("某市", QINGHE, {}, weather=weather_for("西安"))
    assert HeatNumbers.of(city, ghi, "gas", WORTH).fraction == fraction


class Hospital:
    """A hospital of 300 beds somewhere in China, with collectors facing south at 35°, as GB 50364 sizes them."""

    def __init__(self, place: str) -> None:
        beds = {"use": ["health"], "beds": [300.0], "gfa_m2": [30_000.0]}
        frame = gpd.GeoDataFrame(beds, geometry=[box(5e5, 3.8e6, 5e5 + 50, 3.8e6 + 50)], crs=QINGHE)
        self.weather: Weather = weather_for(place)
        city = City(place, QINGHE, {"building": frame}, weather=self.weather)
        self.water: HotWater = hot_water(city)
        ghi = float(self.weather.hours["ghi"].sum()) / 1000
        self.numbers = HeatNumbers.of(city, ghi, "gas", WORTH)
        sun = Sun(self.weather)
        parts = sun.irradiance(35.0, 180.0, 0.2)
        self.light = sun.by_month(parts["beam"] + parts["sky"] + parts["ground"])[None] / 1000
        self.load = self.water.kwh
        self.area = np.atleast_1d(
            area_for(
                self.water.buildings["litres_per_day"].to_numpy(),
                60.0 - self.water.cold_c.mean(),
                self.numbers.fraction,
                self.light.sum() / 365 * 3600,
                efficiency=0.45,
                loss=0.2,
            )
        )

    def by_f_chart(self, area: np.ndarray) -> float:
        """Heat of a year. [kWh]"""
        shares = monthly_shares(area, self.light, self.load, self.water, self.weather, self.numbers)
        return float((shares * self.load).sum())

    def hour_by_hour(self, area: np.ndarray) -> float:
        """Heat of a year. [kWh]"""
        at = np.array([35.0]), np.array([180.0])
        gain = hourly_gain(self.weather, self.water, self.numbers, *at, 0.2)
        return float(np.minimum(gain * area * 0.8, self.load).sum())


hospital = cache(Hospital)
PLACES = ("西安", "拉萨", "哈尔滨", "北京", "广州")


@pytest.mark.parametrize("place", PLACES)
def test_f_chart_and_the_hours_of_the_year_agree_on_a_hospital(place: str) -> None:
    """Two methods that share no step after the light: within 6 % from the tropics to the severe cold."""
    one = hospital(place)
    area = area_within_fraction(one.area, one.light, one.load, one.water, one.weather, one.numbers)
    assert one.hour_by_hour(area) == pytest.approx(one.by_f_chart(area), rel=0.06)


@pytest.mark.parametrize("place", PLACES)
def test_gb_50364_and_the_f_chart_agree_on_the_fraction(place: str) -> None:
    """The standard sizes for the fraction with 0.45 and 0.20; the f-chart finds up to a quarter more heat."""
    one = hospital(place)
    wanted = one.numbers.fraction * one.load.sum()
    assert wanted <= one.by_f_chart(one.area) <= 1.25 * wanted


@pytest.mark.parametrize("place", PLACES)
def test_collectors_within_the_fraction_give_just_the_fraction(place: str) -> None:
    one = hospital(place)
    area = area_within_fraction(one.area, one.light, one.load, one.water, one.weather, one.numbers)
    assert one.by_f_chart(area) == pytest.approx(one.numbers.fraction * one.load.sum(), rel=1e-4)
    assert one.by_f_chart(area) <= one.numbers.fraction * one.load.sum()


def test_an_area_that_keeps_within_the_fraction_stays_as_it_is() -> None:
    one = hospital("西安")
    small = np.array([50.0])
    kept = area_within_fraction(small, one.light, one.load, one.water, one.weather, one.numbers)
    assert kept.tolist() == [50.0]


@given(area=st.floats(0, 1000), more=st.floats(0, 1000))
def test_up_to_four_times_the_need_more_collectors_never_give_less(area: float, more: float) -> None:
    """Beyond, where nearly all is covered, the curve of the method itself falls by a thousandth."""
    one = hospital("西安")
    first, second = one.by_f_chart(np.array([area])), one.by_f_chart(np.array([area + more]))
    assert 0.0 <= first <= second + 1e-6
    assert second <= one.load.sum() + 1e-6


def test_a_month_without_need_takes_no_heat() -> None:
    one = hospital("西安")
    load = one.load.copy()
    load[0, 6] = 0.0
    shares = monthly_shares(one.area, one.light, load, one.water, one.weather, one.numbers)
    assert shares[0, 6] == 0.0
    assert (np.delete(shares[0], 6) > 0).all()


def test_a_collector_without_incidence_losses_gains_more() -> None:
    one = hospital("西安")
    at = np.array([35.0]), np.array([180.0])
    ideal = replace(one.numbers, beam_incidence=0.0)
    gain = hourly_gain(one.weather, one.water, one.numbers, *at, 0.2)
    assert (hourly_gain(one.weather, one.water, ideal, *at, 0.2) > gain).all()
    assert (gain < one.light * 0.623).all()
