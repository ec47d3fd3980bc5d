"""Typical years built from monthly means."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pvlib import irradiance

from core.problems import UserError
from layers.typical_sun import by_day, clearness_quantile, sun_of_year
from layers.typical_year import Climate, daily_profile, typical_year
from layers.weather import clock_shift, degree_days, problems_of, year_index
from layers.weather_stations import weather_for
from standards import SHIPPED

MONTH_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
CITIES = ["哈尔滨", "乌鲁木齐", "北京", "西安", "拉萨", "上海", "武汉", "广州", "昆明"]
BEIJING = (39.9, 116.4, 50.0)
COLD = Climate(hdd18=2699, cdd26=94, t_heating=-7.6, t_summer=33.5)


@pytest.fixture(scope="module")
def xian():
    return weather_for("西安")


def months(name):
    table = SHIPPED.table("climate_monthly")
    return table[table["name"] == name].sort_values("month")


def test_sums_of_each_month_are_those_of_the_table(xian):
    given_ = months("Xian-Jinghe")
    for column, source in (("ghi", "ghi_kwh_per_m2_day"), ("dhi", "dhi_capped_kwh_per_m2_day")):
        built = xian.hours[column].groupby(xian.hours.index.month).sum() / 1000
        assert np.allclose(built, given_[source].to_numpy() * MONTH_DAYS, rtol=1e-9)


def test_year_of_xian_has_1312_kwh_per_m2(xian):
    assert xian.ghi_kwh_per_m2_year == pytest.approx(1312, abs=1)


def test_there_is_no_radiation_while_the_sun_is_down(xian):
    sun = sun_of_year(xian.hours.index, xian.latitude, xian.longitude)
    dark = sun.sine.reshape(8760, -1).max(axis=1) == 0
    assert dark.sum() > 4000
    assert (xian.hours.loc[dark, ["ghi", "dni", "dhi"]] == 0).all(axis=None)


def test_diffuse_is_never_above_global_nor_beam_above_what_lies_outside_the_air(xian):
    hours = xian.hours
    assert (hours["dhi"] <= hours["ghi"] + 1e-9).all()
    assert (hours["dni"] <= irradiance.get_extra_radiation(hours.index)).all()
    assert hours["ghi"].between(0, 1150).all()


@pytest.mark.parametrize("city", CITIES)
def test_degree_days_and_design_temperatures_are_those_of_the_city(city):
    weather = weather_for(city)
    row = SHIPPED.table("cities").set_index("city_zh").loc[city]
    hourly = weather.hours["temp_air"].to_numpy()
    daily = np.sort(hourly.reshape(365, 24).mean(axis=1))
    assert degree_days(weather) == pytest.approx(row["hdd18"], rel=0.03)
    assert degree_days(weather, base_c=26, cold=False) == pytest.approx(row["cdd26"], rel=0.03, abs=4)
    assert daily[5] == pytest.approx(row["t_heating_c"], abs=0.6)
    assert np.sort(hourly)[-51] == pytest.approx(row["t_summer_db_c"], abs=0.3)


@pytest.mark.parametrize("city", CITIES)
def test_a_built_year_has_no_problem_and_its_light_follows_the_sun(city):
    weather = weather_for(city)
    assert problems_of(weather.hours, weather.latitude, weather.longitude) == []
    assert abs(clock_shift(weather.hours, weather.latitude, weather.longitude)) < 0.05


def test_the_same_seed_gives_the_same_year_and_another_seed_another():
    mean = months("Beijing")
    ghi, dhi = mean["ghi_kwh_per_m2_day"], mean["dhi_capped_kwh_per_m2_day"]
    one, again, other = (typical_year(BEIJING, ghi, dhi, COLD, seed=seed) for seed in (1, 1, 2))
    assert one.hours.equals(again.hours)
    assert not np.allclose(one.hours["ghi"], other.hours["ghi"])
    assert one.ghi_kwh_per_m2_year == pytest.approx(other.ghi_kwh_per_m2_year)


def test_days_of_a_month_spread_as_measured_days_do(shared):
    file = shared / "data" / "weather_china" / "cdsrd_daily_ghi_dhi_10stations_1988_2017.csv.gz"
    days = pd.read_csv(file).dropna()
    july = days[(days["name"] == "Wuhan") & (days["month"] == 7)]["GHI(MJ/m2)"] / 3.6
    hours = weather_for("武汉").hours
    built = hours.loc[hours.index.month == 7, "ghi"].to_numpy().reshape(31, 24).sum(axis=1) / 1000
    assert built.std() == pytest.approx(july.std(), rel=0.3)
    assert np.median(built) == pytest.approx(july.median(), rel=0.15)


def test_no_day_is_the_next_but_the_warm_ones_come_together(xian):
    daily = xian.hours["temp_air"].to_numpy().reshape(365, 24).mean(axis=1)
    wave = np.convolve(np.concatenate([daily[-15:], daily, daily[:15]]), np.full(31, 1 / 31), mode="valid")
    rest = daily - wave
    assert 0.4 < np.corrcoef(rest[1:], rest[:-1])[0, 1] < 0.9


def test_the_warmest_hour_is_about_three_in_the_afternoon():
    clock = np.arange(0, 24, 0.25)
    assert clock[daily_profile(clock).argmax()] == pytest.approx(15.0, abs=1.0)
    assert clock[daily_profile(clock).argmin()] == pytest.approx(5.0, abs=1.5)
    assert np.ptp(daily_profile(clock)) == pytest.approx(1.0, abs=0.05)


@given(mean=st.floats(0.15, 0.72))
def test_clearness_of_days_has_the_mean_of_the_month_and_rises_with_the_share(mean):
    values = clearness_quantile((np.arange(30) + 0.5) / 30, mean)
    assert values.mean() == pytest.approx(mean, abs=1e-6)
    assert (np.diff(values) > 0).all()
    assert values.min() >= 0.04 and values.max() < 0.85


@settings(max_examples=8, deadline=None)
@given(clear=st.floats(0.25, 0.65), share=st.floats(0.25, 0.9), latitude=st.floats(18, 53))
def test_monthly_sums_hold_at_any_latitude_and_cloud(clear, share, latitude):
    index = year_index(8.0)
    above = by_day(sun_of_year(index, latitude, 110.0).horizontal)
    month = index.month.to_numpy()[::24]
    ghi = np.array([above[month == number].mean() * clear for number in range(1, 13)])
    weather = typical_year((latitude, 110.0, 0.0), ghi, ghi * share, COLD)
    built = weather.hours[["ghi", "dhi"]].groupby(index.month).sum() / 1000
    assert np.allclose(built["ghi"], ghi * MONTH_DAYS)
    assert np.allclose(built["dhi"], ghi * share * MONTH_DAYS)


def test_more_than_the_sun_gives_is_refused_with_the_months():
    ghi = np.full(12, 6.0)
    with pytest.raises(UserError, match="not possible at this place") as refused:
        typical_year(BEIJING, ghi, ghi * 1.1, COLD)
    assert "12" in refused.value.problems[0].rows
    assert len(refused.value.problems) == 2


def test_eleven_months_are_refused():
    with pytest.raises(UserError, match="twelve values"):
        typical_year(BEIJING, np.full(11, 3.0), np.full(11, 1.0), COLD)


@pytest.mark.parametrize("name", ["西安", "西安市", "Xi'an"])
def test_a_city_is_found_by_its_names(name):
    weather = weather_for(name)
    assert (weather.longitude, weather.latitude) == (108.94, 34.34)
    assert len(weather.notes) == 1


def test_a_province_or_an_unlisted_city_of_it_takes_the_capital_with_a_note():
    for weather in (weather_for("陕西省"), weather_for("青禾市", province="陕西省")):
        assert "Climate data of Xi'an stand for" in weather.notes[1].said()
    assert weather_for("辽宁").latitude == 41.80


def test_an_unknown_name_is_refused():
    with pytest.raises(UserError, match="No climate data is known for 青禾市"):
        weather_for("青禾市")


def test_a_station_farther_than_50_km_is_used_with_a_warning():
    said = [note.said() for note in weather_for("成都").notes]
    assert any("Xi'an-Jinghe, is 629 km away; direct use ends at 50 km" in sentence for sentence in said)


def test_a_place_100_m_higher_than_the_station_is_warned_of():
    near = weather_for((108.97, 34.43), altitude=450.0)
    high = weather_for((108.97, 34.43), altitude=900.0)
    assert len(near.notes) == 1
    assert any("differ by 489 m in height" in note.said() for note in high.notes)


def test_a_point_outside_china_is_refused():
    with pytest.raises(UserError, match="the tables cover China"):
        weather_for((2.35, 48.86))
