"""The yield chain against the meter of a PV system at Golden, Colorado, April 2011 to December 2013.

Given: power every quarter of an hour, tilt 45°, azimuth 158°, satellite global radiation and air temperature every
half hour (NSRDB PSM3). Not given: module power (one factor is fitted over all 33 months), wind (2 m/s is taken), beam
and diffuse (Erbs splits the global). The meter's clock keeps daylight-saving time and names each quarter by its end.
Hours in which the meter is silent, in part or whole, are dark in the model as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from pvlib import irradiance, solarposition

from layers.weather import Weather
from potential.solar.pv_yield import Chain, Sun, plane_year
from potential.solar.typical_days import courses
from sun.sky import sky_table
from tests.published.own_numbers import numbers_at

LATITUDE, LONGITUDE, ALTITUDE_M = 39.7406, -105.1775, 1800.0
TILT_DEG, AZIMUTH_DEG = 45.0, 158.0
WIND_M_PER_S = 2.0
ZONE = "Etc/GMT+7"
YEARS = (2011, 2012, 2013)
SERIES = "system_50_ac_power_2_full_DST.parquet"
SKY = "system_50_ac_power_2_full_DST_psm3.parquet"
LEAST_KWH = 50.0  # a month with less was hardly measured


def metered(folder: Path, closed: str = "right") -> pd.Series:
    """Energy of each hour in standard time, indexed by its start; missing unless all four quarters are there."""
    power = pd.read_parquet(folder / SERIES).set_index("measured_on")["ac_power_2"]
    clock = power.set_axis(power.index.tz_localize(None))
    told = clock.tz_localize("America/Denver", ambiguous="NaT", nonexistent="NaT")
    quarters = told[told.index.notna()].tz_convert(ZONE).resample("h", closed=closed, label="left")
    return (quarters.mean() / 1000).where(quarters.count() == 4)


def satellite(folder: Path) -> pd.DataFrame:
    """Mean irradiance and temperature of each hour, from instants at its beginning, middle and end."""
    given = pd.read_parquet(folder / SKY).set_index("index").astype(float)
    zenith = solarposition.get_solarposition(given.index, LATITUDE, LONGITUDE, ALTITUDE_M)["zenith"]
    split = irradiance.erbs(given["ghi"], zenith, given.index)
    instants = given[["ghi", "ghi_clear", "temp_air"]].assign(dni=split["dni"], dhi=split["dhi"])
    instants = instants.tz_convert(ZONE).sort_index()
    mean = 0.25 * instants + 0.5 * instants.shift(-1) + 0.25 * instants.shift(-2)
    return mean[mean.index.minute == 0].ffill().assign(wind_speed=WIND_M_PER_S)


@dataclass(frozen=True)
class System:
    """The system's hours: what the meter saw, the weather, and what the chain gives for it."""

    energy: pd.Series
    hours: pd.DataFrame
    chain: Chain

    @cached_property
    def cloudless(self) -> NDArray[np.bool_]:
        """Hours of days on which the satellite saw no cloud and the meter was never silent."""
        day = self.hours.index.floor("D")
        light = self.hours[["ghi", "ghi_clear"]].groupby(day).transform("sum")
        whole = self.energy.notna().groupby(day).transform("all")
        return ((light["ghi"] > 0.99 * light["ghi_clear"]) & whole).to_numpy()

    def months(self, chosen: NDArray[np.bool_] | None = None) -> pd.DataFrame:
        """`measured` [kWh] and `model` [kWh/kWp] of every month in the chosen hours."""
        use = self.energy.notna().to_numpy() if chosen is None else chosen & self.energy.notna().to_numpy()
        light = self.hours.copy()
        light.loc[~use, ["ghi", "dni", "dhi"]] = 0.0
        energy = self.energy.where(use, 0.0)
        found = []
        for year in YEARS:
            own = light[light.index.year == year]
            weather = Weather(own, LATITUDE, LONGITUDE, ALTITUDE_M, "Golden", "measured_typical_year", "PSM3")
            model = plane_year(Sun(weather), self.chain, TILT_DEG, AZIMUTH_DEG).kwh_per_kwp
            seen = energy[energy.index.year == year]
            measured = np.bincount(seen.index.month - 1, weights=seen, minlength=12)
            index = pd.MultiIndex.from_product([[year], range(1, 13)], names=["year", "month"])
            found.append(pd.DataFrame({"measured": measured, "model": model}, index=index))
        return pd.concat(found)


def system_of(folder: Path, closed: str = "right") -> System:
    try:
        hours = satellite(folder)
    except ImportError as absent:
        pytest.skip(f"no reader of Parquet files is installed: {str(absent).splitlines()[0]}")
    hours = hours[np.isin(hours.index.year, YEARS)]
    energy = metered(folder, closed).reindex(hours.index)
    return System(energy, hours, numbers_at(LONGITUDE, LATITUDE).chain)


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    found = shared / "data" / "pv_measured"
    if not (found / SERIES).exists():
        pytest.skip("the metered system is not among the real data")
    return found


@pytest.fixture(scope="module")
def system(folder: Path) -> System:
    return system_of(folder)


@pytest.fixture(scope="module")
def months(system: System) -> pd.DataFrame:
    """The measured months with `ratio`: meter over model, both scaled to the same sum of all months."""
    table = system.months()
    table = table[table["measured"] > LEAST_KWH]
    assert len(table) == 33
    return table.assign(ratio=table["measured"] / table["model"] * size_inverse(table))


def size_inverse(table: pd.DataFrame) -> float:
    return float(table["model"].sum() / table["measured"].sum())


def rms(values: Any) -> float:
    return float(np.sqrt(np.mean(np.square(np.asarray(values, dtype=float)))))


def test_months_scatter_less_than_at_the_best_published_site(months: pd.DataFrame) -> None:
    """Published: 6, 22 and 18 % at three sites. Found here: 5.1 % over 33 months."""
    assert rms(months["ratio"] - 1) <= 0.06


def test_every_year_is_modelled_alike(months: pd.DataFrame) -> None:
    """A system's size does not change from year to year; found −1.4, +2.1 and −0.9 %."""
    years = months.groupby("year")[["measured", "model"]].sum()
    size = years["measured"] / years["model"] * size_inverse(months)
    assert size.between(0.96, 1.04).all()


@pytest.mark.parametrize("year", [2012, 2013])
def test_each_month_has_its_share_of_the_year(months: pd.DataFrame, year: int) -> None:
    """Months hold 6 to 11 % of the year; found within 1.2 points, in February 2012, else within 0.8."""
    own = months.loc[year]
    share = own / own.sum()
    off = (share["measured"] - share["model"]).abs()
    assert off.max() <= 0.015
    assert off.nlargest(2).iloc[1] <= 0.010


def test_from_month_to_month_the_meter_moves_as_the_model(months: pd.DataFrame) -> None:
    step = np.log(months[["measured", "model"]]).diff().dropna()
    assert np.corrcoef(step["measured"], step["model"])[0, 1] >= 0.9
    assert rms(step["measured"] - step["model"]) <= 0.10


def test_only_months_with_snow_lie_more_than_a_tenth_off(months: pd.DataFrame) -> None:
    """February 2012 (+19 %): the satellite takes snow for cloud. December 2013 (−11 %): snow on the modules."""
    assert set(months.index[(months["ratio"] - 1).abs() > 0.10]) == {(2012, 2), (2013, 12)}


def test_on_cloudless_days_february_2012_is_a_month_like_others(system: System) -> None:
    """Its surplus of 19 % comes from days on which the satellite saw clouds that the meter did not; 6 % stay."""
    clear = system.months(system.cloudless)
    size = float(clear["measured"].sum() / clear["model"].sum())
    row = clear.loc[(2012, 2)]
    assert row["measured"] / row["model"] / size == pytest.approx(1.0, abs=0.08)


def test_on_cloudless_days_summer_and_winter_differ_by_less_than_a_tenth(system: System) -> None:
    """Where the satellite cannot err by cloud, the season tests heat, angle and reflection alone; found 5 %."""
    clear = system.months(system.cloudless).groupby("month").sum()
    ratio = clear["measured"] / clear["model"]
    warm, cold = ratio.loc[[5, 6, 7, 8]].mean(), ratio.loc[[11, 12, 1, 2]].mean()
    assert 1.0 <= cold / warm <= 1.10


def of_hours(system: System, hours: range) -> pd.DataFrame:
    """Sums of each hour of the day over all cloudless days."""
    clock = system.hours.index.hour.to_numpy()
    sums = {hour: system.months(system.cloudless & (clock == hour)).sum() for hour in hours}
    return pd.DataFrame(sums).T


@pytest.mark.slow
def test_the_shape_of_a_cloudless_day_is_that_of_the_meter(system: System) -> None:
    """From 8:00 to 17:00 standard time each hour within 5 %; a tenth of the energy comes from a lower sun."""
    day = of_hours(system, range(8, 17))
    ratio = day["measured"] / day["model"] * size_inverse(day)
    assert ratio.between(0.94, 1.07).all()


@pytest.mark.slow
def test_the_chain_tells_a_clock_that_is_a_quarter_of_an_hour_off(folder: Path, system: System) -> None:
    """Read as beginnings, the meter's stamps put mornings below and afternoons above the model."""
    early = system_of(folder, closed="left")
    day, shifted = of_hours(system, range(8, 16)), of_hours(early, range(8, 16))

    def tilt(table: pd.DataFrame) -> float:
        ratio = table["measured"] / table["model"]
        return float(ratio.loc[[13, 14, 15]].mean() / ratio.loc[[8, 9, 10]].mean())

    assert tilt(shifted) > 1.15
    assert tilt(day) == pytest.approx(1.0, abs=0.07)


def typical_days_of(system: System) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean days of the months over all years, as metered and by the chain of typical days; each adds up to 1."""
    use = system.energy.notna().to_numpy()
    light = system.hours.copy()
    light.loc[~use, ["ghi", "dni", "dhi"]] = 0.0
    stamps = pd.DatetimeIndex(system.energy.index)
    slot = (stamps.month.to_numpy() - 1) * 24 + stamps.hour.to_numpy()
    metered_days = np.bincount(slot, system.energy.fillna(0.0), 288).reshape(12, 24)
    modelled = np.zeros(288)
    for year in YEARS:
        own = light[light.index.year == year]
        weather = Weather(own, LATITUDE, LONGITUDE, ALTITUDE_M, "Golden", "measured_typical_year", "PSM3")
        sky = sky_table(weather.hours, LATITUDE, LONGITUDE, 72, 24, altitude=ALTITUDE_M)
        plane = np.array([[TILT_DEG, AZIMUTH_DEG, 0.0]])
        course = courses(plane, np.ones((72, 24)), sky, Sun(weather), system.chain)
        modelled += np.bincount(course.slot, course.beam[0], 288) + course.even[0] + course.rest[0]
    by_month = modelled.reshape(12, 24)
    return (
        metered_days / metered_days.sum(axis=1, keepdims=True),
        by_month / by_month.sum(axis=1, keepdims=True),
    )


def test_typical_days_put_energy_into_the_hours_in_which_it_was_metered(system: System) -> None:
    """Twelve mean days of three years: 2.4 % of a day's energy in the wrong hour, from 1.4 % in July to 3.4 in January."""
    seen, model = typical_days_of(system)
    wrong = np.abs(seen - model).sum(axis=1) / 2
    assert wrong.mean() <= 0.030
    assert wrong.max() <= 0.045


def test_the_middle_of_a_typical_day_is_that_of_the_meter(system: System) -> None:
    """Within a quarter of an hour in every month; found 1 to 9 minutes later than metered."""
    seen, model = typical_days_of(system)
    late = (model - seen) @ (np.arange(24) + 0.5) * 60
    assert np.abs(late).max() <= 15


def test_daylight_saving_moves_the_clock_twice_a_year(folder: Path, system: System) -> None:
    """By standard time the light's middle stays within minutes over the step; by the meter's clock it jumps."""
    clear = system.energy.where(system.cloudless).dropna()
    middle = clear.groupby(clear.index.floor("D")).apply(
        lambda one: float((one * (one.index.hour + 0.5)).sum() / one.sum())
    )
    march = middle["2012-02-15":"2012-04-08"]
    assert march[:"2012-03-10"].mean() == pytest.approx(march["2012-03-11":].mean(), abs=0.25)
    raw = pd.read_parquet(folder / SERIES).set_index("measured_on")["ac_power_2"]
    gaps = (
        raw["2012-03-11":"2012-03-11 23:59"].isna().sum(),
        raw["2013-03-10":"2013-03-10 23:59"].isna().sum(),
    )
    assert gaps == (4, 4)
