"""Heat of collectors: what they give of the hot water month by month, by f-chart, and what they gain hour by hour."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.hot_water import DAYS, HotWater
from layers.weather import Weather
from potential.solar.collector import efficiency, monthly_fraction
from potential.solar.heat_numbers import HeatNumbers
from potential.solar.pv_yield import Sun

HALVINGS = 24  # of an area: to a metre in ten million
TILT_STEP_DEG, AZIMUTH_STEP_DEG = 5.0, 15.0
Floats = NDArray[np.float64]


def monthly_shares(
    area_m2: Floats, light: Floats, load_kwh: Floats, water: HotWater, weather: Weather, numbers: HeatNumbers
) -> Floats:
    """Share of the hot water of each month that collectors heat, by f-chart.

    Parameters
    ----------
    area_m2 : ndarray, shape (n,)
        Collectors. [m²]
    light, load_kwh : ndarray, shape (n, 12)
        On the collectors, shaded; heat needed. [kWh/m²], [kWh]
    water : HotWater
        Temperatures.
    weather : Weather
        Of the site.
    numbers : HeatNumbers
        In force.
    """
    return monthly_fraction(
        area_m2[:, None],
        load_kwh,
        light,
        optical=numbers.eta0 * numbers.incidence,
        loss_w_per_m2k=numbers.a1 + numbers.a2 * numbers.above_air_k,
        air_c=air_by_day(weather),
        cold_c=water.cold_c,
        hot_c=water.hot_c,
        hours=DAYS * 24.0,
        store_litres_per_m2=numbers.store_litres_per_m2,
    )


def area_within_fraction(
    area_m2: Floats, light: Floats, load_kwh: Floats, water: HotWater, weather: Weather, numbers: HeatNumbers
) -> Floats:
    """As much of an area of collectors as keeps their share of the year's hot water within the limit. [m²]

    Parameters as of `monthly_shares`; over the sizes that GB 50364 gives the share grows with the area.
    """
    year = load_kwh.sum(axis=1)

    def beyond(area: Floats) -> NDArray[np.bool_]:
        heat = load_kwh * monthly_shares(area, light, load_kwh, water, weather, numbers)
        over: NDArray[np.bool_] = heat.sum(axis=1) > numbers.fraction * year
        return over

    low, high = np.zeros(len(area_m2)), area_m2.astype(float)
    fits = ~beyond(high)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        over = beyond(middle)
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    return np.where(fits, area_m2, low)


def hourly_gain(
    weather: Weather,
    water: HotWater,
    numbers: HeatNumbers,
    tilt_deg: Floats,
    azimuth_deg: Floats,
    albedo: float,
) -> Floats:
    """Heat that a square metre of unshaded collector gains in each month, hour by hour; shape (n, 12). [kWh/m²]

    Collectors heat the cold water by their share of the way to hot, so the fluid is taken half that share above the
    month's cold water. Beam, sky and ground light have incidence angle modifiers of their own. The f-chart does not
    enter: less the losses of pipes and store this is a second, independent figure of the same heat.

    Parameters
    ----------
    weather : Weather
        Hours of the typical year.
    water : HotWater
        Temperatures.
    numbers : HeatNumbers
        In force.
    tilt_deg, azimuth_deg : ndarray, shape (n,)
        The collectors. [°]
    albedo : float
        Of the surroundings.

    References
    ----------
    ISO 9806:2017. A. F. Souka and H. H. Safwat, "Determination of the optimum orientations for the double-exposure
    flat-plate collector," Solar Energy 10(4), 170-174, 1966 (modifier).
    """
    from pvlib import iam

    sun = Sun(weather)
    air = weather.hours["temp_air"].to_numpy(dtype=float)
    warmed = numbers.fraction * (water.hot_c - water.cold_c) / 2
    above = (water.cold_c + warmed)[sun.month] - air
    classes, of_row = orientation_classes(tilt_deg, azimuth_deg)
    gains = np.zeros((len(classes), 12))
    for number, (tilt, azimuth) in enumerate(classes):
        parts = sun.irradiance(float(tilt), float(azimuth), albedo)
        light = parts["beam"] + parts["sky"] + parts["ground"]
        diffuse = iam.marion_diffuse("ashrae", float(tilt), b=numbers.beam_incidence)
        absorbed = (
            parts["beam"] * iam.ashrae(parts["aoi"], numbers.beam_incidence)
            + parts["sky"] * diffuse["sky"]
            + parts["ground"] * np.nan_to_num(diffuse["ground"])
        )
        modifier = np.divide(absorbed, light, out=np.zeros(len(light)), where=light > 0)
        found = efficiency(numbers.eta0, numbers.a1, numbers.a2, light, above, modifier) * light
        gains[number] = sun.by_month(found) / 1000
    gained: Floats = gains[of_row]
    return gained


def air_by_day(weather: Weather) -> Floats:
    """Mean temperature of the air of each month while the sun shines, weighed by its light, shape (12,). [°C]"""
    month = pd.DatetimeIndex(weather.hours.index).month.to_numpy() - 1
    sunny = np.maximum(weather.hours["ghi"].to_numpy(dtype=float), 0.0)
    warmth = np.bincount(month, sunny * weather.hours["temp_air"].to_numpy(dtype=float), 12)
    mean: Floats = warmth / np.maximum(np.bincount(month, sunny, 12), 1e-9)
    return mean


def orientation_classes(tilt_deg: Floats, azimuth_deg: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Tilt and azimuth of the classes into which planes fall, shape (classes, 2), and the class of each. [°]"""
    tilt = np.round(tilt_deg / TILT_STEP_DEG) * TILT_STEP_DEG
    turn = np.round(azimuth_deg / AZIMUTH_STEP_DEG) * AZIMUTH_STEP_DEG % 360.0
    classes, of_plane = np.unique(np.column_stack([tilt, turn]), axis=0, return_inverse=True)
    return classes, of_plane.ravel()
