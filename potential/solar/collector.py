"""Solar collectors: efficiency, area for a need of hot water, and the share of it that they cover month by month."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

WATER_KJ_PER_KG_K = 4.187
MJ_PER_KWH = 3.6
REFERENCE_C = 100.0  # of the loss number of the f-chart
Numbers = NDArray[np.float64]


def efficiency(
    eta0: float,
    a1: float,
    a2: float,
    irradiance: ArrayLike,
    above_air_k: ArrayLike,
    incidence: ArrayLike = 1.0,
) -> Numbers:
    """Efficiency of a collector in steady state, not below 0.

    Parameters
    ----------
    eta0, a1, a2 : float
        Optical efficiency [-] and loss coefficients [W/(m² K)], [W/(m² K²)]; of the same area (gross or aperture).
    irradiance : array_like
        On the collector. [W/m²]
    above_air_k : array_like
        Mean of the fluid above the air. [K]
    incidence : array_like
        Incidence angle modifier. [-]

    References
    ----------
    ISO 9806:2017, steady-state method.
    """
    light = np.asarray(irradiance, dtype=float)
    above = np.asarray(above_air_k, dtype=float)
    lost = a1 * above + a2 * above**2
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        found = np.where(light > 0, eta0 * np.asarray(incidence, dtype=float) - lost / light, 0.0)
    kept: Numbers = np.maximum(found, 0.0)
    return kept


def area_for(
    kg_per_day: ArrayLike,
    rise_k: ArrayLike,
    fraction: ArrayLike,
    light_kj_per_m2_day: ArrayLike,
    *,
    efficiency: float,
    loss: float,
) -> Numbers:
    """Collector area of a direct system for a need of hot water. [m²]

    Parameters
    ----------
    kg_per_day : array_like
        Water a day. [kg]
    rise_k : array_like
        From cold to hot. [K]
    fraction : array_like
        Share of the heat that the sun is to cover.
    light_kj_per_m2_day : array_like
        Mean light on the collector a day over the year. [kJ/m²]
    efficiency, loss : float
        Mean efficiency of the year; share that pipes and store lose.

    References
    ----------
    GB 50364, design of solar water heating of civil buildings.
    """
    heat = np.asarray(kg_per_day, dtype=float) * WATER_KJ_PER_KG_K * np.asarray(rise_k, dtype=float)
    gained = useful_heat(light_kj_per_m2_day, efficiency=efficiency, loss=loss)
    with np.errstate(divide="ignore", invalid="ignore"):
        area: Numbers = np.where(gained > 0, heat * np.asarray(fraction, dtype=float) / gained, 0.0)
    return area


def useful_heat(light: ArrayLike, *, efficiency: float, loss: float) -> Numbers:
    """Heat that reaches the tap of the light on collectors, by their mean efficiency of the year; unit of the light.

    Parameters
    ----------
    light : array_like
        On the collectors.
    efficiency, loss : float
        Mean efficiency of the year; share that pipes and store lose.
    """
    heat: Numbers = np.asarray(light, dtype=float) * efficiency * (1 - loss)
    return heat


def coal_replaced(heat_kwh: ArrayLike, efficiency: float, coal_mj_per_kg: float) -> Numbers:
    """Standard coal that heat replaces. [kgce]

    Parameters
    ----------
    heat_kwh : array_like
        Useful heat. [kWh]
    efficiency : float
        Of what gave the heat before, from fuel to heat.
    coal_mj_per_kg : float
        Heating value of standard coal. [MJ/kgce]

    References
    ----------
    GB/T 50801-2013, evaluation of solar hot water.
    """
    coal: Numbers = np.asarray(heat_kwh, dtype=float) * MJ_PER_KWH / (coal_mj_per_kg * efficiency)
    return coal


def f_chart(loss_number: ArrayLike, gain_number: ArrayLike) -> Numbers:
    """Share of a month's load that a liquid system covers, 0 to 1.

    Parameters
    ----------
    loss_number, gain_number : array_like
        X and Y of the method: losses at the reference temperature, and absorbed light, over the load.

    Notes
    -----
    Holds for 0 < Y < 3 and 0 < X < 18; beyond, the ends of the ranges are taken.

    References
    ----------
    S. A. Klein, W. A. Beckman and J. A. Duffie, "A design procedure for solar heating systems," Solar Energy 18,
    113-127, 1976.
    """
    x = np.clip(np.asarray(loss_number, dtype=float), 0.0, 18.0)
    y = np.clip(np.asarray(gain_number, dtype=float), 0.0, 3.0)
    share = 1.029 * y - 0.065 * x - 0.245 * y**2 + 0.0018 * x**2 + 0.0215 * y**3
    kept: Numbers = np.clip(share, 0.0, 1.0)
    return kept


def monthly_fraction(
    area_m2: Numbers,
    load_kwh: Numbers,
    light_kwh_per_m2: Numbers,
    *,
    optical: float,
    loss_w_per_m2k: float,
    air_c: Numbers,
    cold_c: Numbers,
    hot_c: float,
    hours: Numbers,
    store_litres_per_m2: float,
) -> Numbers:
    """Share of the hot water of each month that collectors heat.

    Parameters
    ----------
    area_m2 : ndarray, shape (n, 1)
        Collectors. [m²]
    load_kwh, light_kwh_per_m2 : ndarray, shape (n, 12)
        Heat needed; light on the collector. [kWh], [kWh/m²]
    optical, loss_w_per_m2k : float
        Efficiency without losses, incidence included; linear loss coefficient.
    air_c, cold_c, hours : ndarray, shape (12,)
        Air by day, cold water, hours of the month.
    hot_c : float
        Least temperature of the hot water.
    store_litres_per_m2 : float
        Store for each square metre of collector.

    Returns
    -------
    ndarray, shape (n, 12)
        0 where nothing is needed.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = area_m2 * optical * light_kwh_per_m2 / load_kwh
        loss = area_m2 * loss_w_per_m2k * (REFERENCE_C - air_c) * hours / 1000 / load_kwh
    water = (11.6 + 1.18 * hot_c + 3.86 * cold_c - 2.32 * air_c) / (REFERENCE_C - air_c)
    store = (store_litres_per_m2 / 75.0) ** -0.25
    share: Numbers = np.where(
        load_kwh > 0, f_chart(np.nan_to_num(loss * water * store), np.nan_to_num(gain)), 0.0
    )
    return share
