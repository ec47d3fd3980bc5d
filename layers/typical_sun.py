"""Hours of radiation from monthly means: clearness of days, course of the day, share of diffuse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.sun_place import sun_place
from layers.weather import HOURS

Floats = NDArray[np.float64]

DAYS = 365
STEPS = 6  # parts of an hour in which the sun stands still
LEAST_CLEARNESS = 0.05  # of a day under the thickest cloud; Bendt et al.


@dataclass(frozen=True)
class Sun:
    """The sun at every sub-step of the year: sine of elevation, hour angle, sunset angle, extraterrestrial beam."""

    sine: Floats
    hour_angle: Floats
    sunset: Floats
    beam: Floats

    @property
    def horizontal(self) -> Floats:
        """Radiation on the horizontal outside the air. [W/m²]"""
        return self.beam * self.sine


def sun_of_year(index: pd.DatetimeIndex, latitude: float, longitude: float) -> Sun:
    """The sun at the middle of every sub-step."""
    step = pd.Timedelta(hours=1) / STEPS
    times = pd.date_range(index[0] + step / 2, periods=HOURS * STEPS, freq=step)
    from pvlib import irradiance, solarposition  # late: it takes a while to import

    position = sun_place(times, latitude, longitude)
    sine = np.maximum(np.sin(np.radians(position["elevation"])), 0.0)
    angle = np.radians(solarposition.hour_angle(times, longitude, position["equation_of_time"]))
    declination = solarposition.declination_spencer71(times.day_of_year.to_numpy())
    cosine = np.clip(-np.tan(np.radians(latitude)) * np.tan(declination), -1.0, 1.0)
    beam = np.asarray(irradiance.get_extra_radiation(times), dtype=np.float64)
    return Sun(sine, np.asarray(angle, dtype=np.float64), np.arccos(cosine), beam)


def radiation(
    sun: Sun, clearness: Floats, ghi_kwh: Floats, dhi_kwh: Floats, month: NDArray[np.int_]
) -> tuple[Floats, Floats]:
    """Global and diffuse radiation of every sub-step, with the monthly sums given. [W/m²]"""
    from scipy.optimize import brentq  # late: it takes a while to import

    per_day = HOURS * STEPS // DAYS
    above = sun.horizontal
    above_kwh = by_day(above)
    shape = hourly_share(sun.hour_angle, sun.sunset) * above
    global_ = shape * np.repeat(clearness * above_kwh / by_day(shape), per_day)
    diffuse = np.zeros_like(global_)
    share = np.clip(diffuse_share(clearness), 0.05, 0.995)
    for number in range(12):
        days = month == number
        steps = np.repeat(days, per_day)
        target = float(dhi_kwh[number] * days.sum())

        def of_month(bend: float, days: NDArray[np.bool_] = days, steps: NDArray[np.bool_] = steps) -> Floats:
            bent = np.repeat(clearness[days] * share[days] ** bend, per_day)
            return np.asarray(np.minimum(bent * above[steps], global_[steps]))

        def miss(bend: float, target: float = target) -> float:
            return float(of_month(bend).sum() / STEPS / 1000 - target)

        bend = float(brentq(miss, 1e-6, 50.0)) if miss(1e-6) > 0 else 1e-6
        found = of_month(bend)
        diffuse[steps] = np.minimum(found * target / (found.sum() / STEPS / 1000), global_[steps])
    return global_, diffuse


def daily_clearness(
    ghi_kwh: Floats, above_kwh: Floats, month: NDArray[np.int_], lag: float, draw: np.random.Generator
) -> Floats:
    """Clearness index of each day, with the distribution of its month and the month's sum of radiation.

    Parameters
    ----------
    ghi_kwh : ndarray, shape (12,)
        Mean daily global radiation of each month. [kWh/m²]
    above_kwh : ndarray, shape (365,)
        Radiation outside the air of each day. [kWh/m²]
    month : ndarray, shape (365,)
        Month of each day, 0 to 11.
    lag : float
        Correlation of a day's normal variate with that of the day before.
    draw : Generator
        Source of chance.
    """
    order = red_noise(lag, draw)
    clearness = np.zeros(DAYS)
    for number in range(12):
        days = month == number
        count = int(days.sum())
        target = ghi_kwh[number] * count
        rank = order[days].argsort().argsort()
        quantile = (rank + 0.5) / count
        mean = target / above_kwh[days].sum()
        values = clearness_quantile(quantile, mean)
        clearness[days] = values * target / (values * above_kwh[days]).sum()
    return clearness


def clearness_quantile(quantile: Floats, mean: float) -> Floats:
    """Daily clearness that a share of the days of a month does not exceed (Bendt et al. 1981).

    Parameters
    ----------
    quantile : ndarray
        Share of the days, 0 to 1.
    mean : float
        Mean clearness of the month.
    """
    from scipy.optimize import brentq  # late: it takes a while to import

    least = min(LEAST_CLEARNESS, mean / 2)
    most = max(0.6313 + 0.267 * mean - 11.9 * (mean - 0.75) ** 8, mean + 0.05)

    def values(steepness: float) -> Floats:
        # Written so that neither end overflows, and even where steepness is 0.
        if abs(steepness) < 1e-6:
            return least + quantile * (most - least)
        span = steepness * (most - least)
        if span > 0:
            rest = quantile + (1.0 - quantile) * np.exp(-span)
            return np.asarray(most + np.log(rest) / steepness)
        rest = (1.0 - quantile) + quantile * np.exp(span)
        return np.asarray(least + np.log(rest) / steepness)

    def miss(steepness: float) -> float:
        return float(values(steepness).mean() - mean)

    return values(float(brentq(miss, -400.0, 400.0)))


def hourly_share(hour_angle: Floats, sunset: Floats) -> Floats:
    """Global radiation of a moment over the day's mean clearness (Collares-Pereira and Rabl 1979), unscaled.

    Parameters
    ----------
    hour_angle, sunset : ndarray
        Hour angle of the moment and of sunset. [rad]
    """
    tilt = sunset - np.pi / 3
    a = 0.409 + 0.5016 * np.sin(tilt)
    b = 0.6609 - 0.4767 * np.sin(tilt)
    return np.asarray(a + b * np.cos(hour_angle))


def diffuse_share(clearness: Floats) -> Floats:
    """Share of diffuse in a day's global radiation, winter half of the daily relation of Erbs et al. (1982)."""
    k = np.minimum(clearness, 0.715)
    share = 1.0 - 0.2727 * k + 2.4495 * k**2 - 11.9514 * k**3 + 9.3879 * k**4
    return np.asarray(np.where(clearness < 0.715, share, 0.143))


def red_noise(lag: float, draw: np.random.Generator) -> Floats:
    """A first-order autoregressive series of 365 days that closes into a ring, mean 0, deviation 1."""
    shocks = draw.standard_normal(2 * DAYS)
    series = np.zeros(2 * DAYS)
    for day in range(1, 2 * DAYS):
        series[day] = lag * series[day - 1] + np.sqrt(1 - lag**2) * shocks[day % DAYS]
    year = series[DAYS:]
    return np.asarray((year - year.mean()) / year.std())


def by_day(steps: Floats) -> Floats:
    """Sum of each day of power at sub-steps. [W/m² to kWh/m²]"""
    return np.asarray(steps.reshape(DAYS, -1).sum(axis=1) / STEPS / 1000)


def by_hour(steps: Floats) -> Floats:
    """Mean of each hour of power at sub-steps. [W/m²]"""
    return np.asarray(steps.reshape(HOURS, STEPS).mean(axis=1))
