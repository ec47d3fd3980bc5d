"""A typical year of hours built from monthly means of radiation and from degree days and design temperatures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from core.problems import Problem, Severity, UserError
from layers.typical_sun import (
    DAYS,
    STEPS,
    Floats,
    Sun,
    by_day,
    by_hour,
    daily_clearness,
    radiation,
    red_noise,
    sun_of_year,
)
from layers.weather import HOURS, Weather, year_index
from standards import SHIPPED, Standards
from standards.place_names import PlaceName

KIND = "typical_year_from_monthly_means"
DAYS_NOT_ASSURED = 5  # GB 50736: days a year colder than the design temperature of heating
HOURS_NOT_ASSURED = 50  # GB 50736: hours a year hotter than the design temperature of summer


@dataclass(frozen=True)
class Climate:
    """What is published of the temperature of a place.

    Parameters
    ----------
    hdd18, cdd26 : float
        Heating degree days below 18 °C and cooling degree days above 26 °C of the daily means. [K d]
    t_heating : float
        Daily mean that five days a year fall below, the design temperature of heating. [°C]
    t_summer : float
        Temperature that fifty hours a year exceed, the dry-bulb design temperature of summer. [°C]
    """

    hdd18: float
    cdd26: float
    t_heating: float
    t_summer: float


def typical_year(
    place: tuple[float, float, float],
    ghi: ArrayLike,
    dhi: ArrayLike,
    climate: Climate,
    *,
    name: str = "",
    source: str = "",
    standards: Standards = SHIPPED,
    hours_from_utc: float = 8.0,
    seed: int = 1,
) -> Weather:
    """A typical year whose monthly sums and degree days are those given.

    Parameters
    ----------
    place : tuple of float
        Latitude [°], longitude [°], height above the sea [m].
    ghi, dhi : array_like, 12 values
        Mean daily global and diffuse radiation on the horizontal of each month. [kWh/m²]
    climate : Climate
        Degree days and design temperatures.
    name, source : str
        As in `Weather`.
    standards : Standards
        Wind and day-to-day change of temperature.
    hours_from_utc : float
        Fixed time zone of the hours; 8 is Beijing time. [h]
    seed : int
        The same seed gives the same year.

    Returns
    -------
    Weather
        Kind `typical_year_from_monthly_means`; sums of `ghi` and `dhi` over each month are exact.

    Raises
    ------
    UserError
        The means do not fit the place: more than the sun gives, or more diffuse than global.

    Notes
    -----
    Daily clearness is drawn month by month from the distribution of [1]_ with the mean of the month, and put
    in order by a first-order autoregressive series [2]_, every quantile once, so that the month has its
    distribution without chance [3]_. Hours of a day follow [4]_ (global) and [5]_ (diffuse); the share of
    diffuse in a day follows [6]_, bent until the month's sum is met. Within a day cloud does not change from
    hour to hour: extremes of minutes and of broken cloud are not in such a year.

    Daily temperature is a yearly wave with day-to-day deviations of a first-order autoregressive series; its
    hours follow the daily profile of [7]_, with a swing that grows with the day's clearness. Mean, amplitude,
    deviations and swing are fitted to degree days and design temperatures.

    References
    ----------
    .. [1] P. Bendt, M. Collares-Pereira and A. Rabl, "The frequency distribution of daily insolation values,"
       Solar Energy 27, 1-5, 1981, with the upper limit of K. G. T. Hollands and R. G. Huget, "A probability
       density function for the clearness index, with applications," Solar Energy 30, 195-209, 1983.
    .. [2] V. A. Graham, K. G. T. Hollands and T. E. Unny, "A time series model for Kt with application to
       global synthetic weather generation," Solar Energy 40, 83-92, 1988.
    .. [3] K. M. Knight, S. A. Klein and J. A. Duffie, "A methodology for the synthesis of hourly weather data,"
       Solar Energy 46, 109-120, 1991.
    .. [4] M. Collares-Pereira and A. Rabl, "The average distribution of solar radiation," Solar Energy 22,
       155-164, 1979.
    .. [5] B. Y. H. Liu and R. C. Jordan, "The interrelationship and characteristic distribution of direct,
       diffuse and total solar radiation," Solar Energy 4, 1-19, 1960.
    .. [6] D. G. Erbs, S. A. Klein and J. A. Duffie, "Estimation of the diffuse radiation fraction for hourly,
       daily and monthly-average global radiation," Solar Energy 28, 293-302, 1982.
    .. [7] D. G. Erbs, S. A. Klein and W. A. Beckman, "Estimation of degree-days and ambient temperature bin
       data from monthly-average temperatures," ASHRAE Journal 25, 60-65, 1983.
    """
    latitude, longitude, altitude = place
    ghi_kwh = np.asarray(ghi, dtype=np.float64)
    dhi_kwh = np.asarray(dhi, dtype=np.float64)
    index = year_index(hours_from_utc)
    sun = sun_of_year(index, latitude, longitude)
    month_of_day = index.month.to_numpy()[::24] - 1
    _refuse_impossible(ghi_kwh, dhi_kwh, sun, month_of_day)
    draw = np.random.default_rng(seed)

    clearness_lag = _default(standards, "day_to_day_correlation", "clearness")
    clearness = daily_clearness(ghi_kwh, by_day(sun.horizontal), month_of_day, clearness_lag, draw)
    global_, diffuse = radiation(sun, clearness, ghi_kwh, dhi_kwh, month_of_day)
    beam = np.where(sun.sine > 0, (global_ - diffuse) / np.maximum(sun.sine, 1e-9), 0.0)
    temperature = _temperature(clearness, climate, _solar_clock(sun), standards, draw)
    wind = _default(standards, "wind_speed", "yearly mean at 10 m")
    hours = pd.DataFrame(
        {
            "ghi": by_hour(global_),
            "dni": by_hour(np.minimum(beam, sun.beam)),
            "dhi": by_hour(diffuse),
            "temp_air": temperature,
            "wind_speed": np.full(HOURS, wind),
        },
        index=index,
    )
    note = Problem(
        "The hours of {city} are a typical year built from monthly means of radiation.",
        "Give an EPW or TMY file where one is at hand; wind is {wind} m/s throughout.",
        severity=Severity.NOTE,
        city=PlaceName(name),
        wind=f"{wind:g}",
    )
    return Weather(hours, latitude, longitude, altitude, name, KIND, source, (note,))


def daily_profile(clock: Floats) -> Floats:
    """Temperature of an hour about the day's mean over the day's swing (Erbs et al. 1983).

    Parameters
    ----------
    clock : ndarray
        Solar time. [h]
    """
    turn = 2 * np.pi * (clock - 1.0) / 24.0
    return np.asarray(
        0.4632 * np.cos(turn - 3.805)
        + 0.0984 * np.cos(2 * turn - 0.360)
        + 0.0168 * np.cos(3 * turn - 0.822)
        + 0.0138 * np.cos(4 * turn - 3.513)
    )


def _refuse_impossible(ghi_kwh: Floats, dhi_kwh: Floats, sun: Sun, month: NDArray[np.int_]) -> None:
    """Raise all that the monthly means cannot be at this place."""
    problems = []
    if ghi_kwh.shape != (12,) or dhi_kwh.shape != (12,) or not np.isfinite([ghi_kwh, dhi_kwh]).all():
        raise UserError(
            Problem(
                "Monthly radiation needs twelve values of global and twelve of diffuse radiation.",
                "Give the mean of every month in kWh/m² a day.",
            )
        )
    above = np.array([by_day(sun.horizontal)[month == number].mean() for number in range(12)])
    names = np.array([str(number + 1) for number in range(12)])
    wrong = (ghi_kwh <= 0) | (ghi_kwh >= 0.8 * above)
    if wrong.any():
        problems.append(
            Problem(
                "Monthly global radiation is not possible at this place.",
                "Check the unit (kWh/m² a day) and the latitude.",
                rows=tuple(names[wrong]),
            )
        )
    wrong = (dhi_kwh <= 0) | (dhi_kwh > 0.98 * ghi_kwh)
    if wrong.any():
        problems.append(
            Problem(
                "Monthly diffuse radiation is not between zero and global radiation.",
                "Correct the means of these months.",
                rows=tuple(names[wrong]),
            )
        )
    if problems:
        raise UserError(*problems)


def _temperature(
    clearness: Floats, climate: Climate, clock: Floats, standards: Standards, draw: np.random.Generator
) -> Floats:
    """Air temperature of every hour, fitted to degree days and design temperatures. [°C]"""
    from scipy.optimize import least_squares  # late: it takes a while to import

    coldest = _default(standards, "coldest_day", "yearly wave")
    usual_winter = _default(standards, "day_to_day_deviation", "coldest month")
    usual_summer = _default(standards, "day_to_day_deviation", "warmest month")
    usual_second = _default(standards, "half_year_wave", "yearly wave")
    least_swing = _default(standards, "daily_swing", "least")
    # A typical year has no warm Decembers: the deviations leave the mean of every month as it is.
    noise = _without_slow_part(red_noise(_default(standards, "day_to_day_correlation", "temperature"), draw))
    turn = 2 * np.pi * (np.arange(DAYS) + 1 - coldest) / DAYS
    wave, second_wave = -np.cos(turn), -np.cos(2 * turn)
    # Erbs's relation of the monthly swing to clearness, taken day by day.
    swing = np.maximum(25.8 * clearness - 5.21, least_swing)
    profile = daily_profile(clock).reshape(DAYS, 24)
    profile -= profile.mean(axis=1, keepdims=True)

    def hours(x: Floats) -> tuple[Floats, Floats]:
        mean, half, second, winter, summer, stretch = x
        deviation = (winter + summer) / 2 + (summer - winter) / 2 * wave
        daily = mean + half * wave + second * second_wave + deviation * noise
        hourly = _flowing(daily) + stretch * _flowing(swing) * profile
        return hourly.mean(axis=1), hourly

    def miss(x: Floats) -> Floats:
        daily, hourly = hours(x)
        cold = np.sort(daily)[DAYS_NOT_ASSURED - 1 : DAYS_NOT_ASSURED + 1].mean()
        hot = np.sort(hourly, axis=None)[-HOURS_NOT_ASSURED - 1 : -HOURS_NOT_ASSURED + 1].mean()
        hdd = np.maximum(18.0 - daily, 0.0).sum()
        cdd = np.maximum(daily - 26.0, 0.0).sum()
        return np.array(
            [
                (hdd - climate.hdd18) / max(0.003 * climate.hdd18, 3.0),
                (cdd - climate.cdd26) / max(0.01 * climate.cdd26, 3.0),
                (cold - climate.t_heating) / 0.2,
                (hot - climate.t_summer) / 0.2,
                # Weak: the usual values, where the published ones leave a choice.
                (x[2] - usual_second) / 1.0,
                (x[3] - usual_winter) / 1.5,
                (x[4] - usual_summer) / 0.7,
                (x[5] - 1.0) / 0.5,
            ]
        )

    mean = 18.0 - climate.hdd18 / DAYS + climate.cdd26 / DAYS
    half = max((climate.t_summer - climate.t_heating) / 3, 2.0)
    start = np.array([mean, half, usual_second, usual_winter, usual_summer, 1.0])
    ends = ([-20.0, 0.5, -1.0, 0.5, 0.5, 0.3], [35.0, 30.0, 4.0, 10.0, 6.0, 1.8])
    fitted = least_squares(miss, np.clip(start, *ends), bounds=ends, diff_step=1e-3)
    return np.asarray(hours(fitted.x)[1].ravel())


def _flowing(daily: Floats) -> Floats:
    """Values of days as hours without a step at midnight: straight lines from noon to noon, shape (365, 24)."""
    off_noon = (np.arange(24) + 0.5 - 12.0) / 24.0
    before, after = np.roll(daily, 1), np.roll(daily, -1)
    beside = np.where(off_noon < 0, before[:, None], after[:, None])
    return np.asarray(daily[:, None] * (1 - np.abs(off_noon)) + beside * np.abs(off_noon))


def _solar_clock(sun: Sun) -> Floats:
    """Solar time at the middle of each hour. [h]"""
    angle = np.exp(1j * sun.hour_angle).reshape(HOURS, STEPS).mean(axis=1)
    return np.asarray((np.angle(angle) * 12 / np.pi + 12.0) % 24.0)


def _without_slow_part(series: Floats) -> Floats:
    """The series less its running mean over a month, mean 0, deviation 1."""
    wide = np.concatenate([series[-15:], series, series[:15]])
    fast = series - np.convolve(wide, np.full(31, 1 / 31), mode="valid")
    return np.asarray((fast - fast.mean()) / fast.std())


def _default(standards: Standards, quantity: str, case: str) -> float:
    return standards.number("weather_defaults", quantity=quantity, case=case).value
