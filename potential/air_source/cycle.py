"""The cycle of an air-source machine: performance and capacity in air of some temperature, with frost on its coil."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

KELVIN = 273.15
Floats = NDArray[np.float64]


def heating_cop(
    air: ArrayLike, supply: ArrayLike, *, share: ArrayLike, approach: float, most: float
) -> Floats:
    """Coefficient of performance of a machine that heats water from the air.

    Parameters
    ----------
    air, supply : array_like
        Temperature of the air, and of the water that is heated. [°C]
    share : array_like
        Share of the coefficient of the ideal cycle. [-]
    approach : float
        By how much the working fluid evaporates below the air. [K]
    most : float
        The most that a machine reaches, also where the air is as warm as the water. [-]

    Returns
    -------
    ndarray
        Heat given over electricity used. [-]

    Notes
    -----
    `share Tc / (Tc - Te)` in kelvin. At 7 °C, water of 45 °C, 5 K and a share of 0.42 it is 3.11.
    """
    hot = np.asarray(supply, dtype=float)
    lift = hot - (np.asarray(air, dtype=float) - approach)
    with np.errstate(divide="ignore", invalid="ignore"):
        cop = np.where(lift > 0, np.asarray(share) * (hot + KELVIN) / lift, np.inf)
    found: Floats = np.where(np.isnan(lift), np.nan, np.minimum(cop, most))
    return found


def cooling_eer(
    air: ArrayLike, chilled: ArrayLike, *, share: ArrayLike, approach: float, most: float
) -> Floats:
    """Energy efficiency ratio of a machine that chills water and rejects heat to the air.

    Parameters
    ----------
    air, chilled : array_like
        Temperature of the air, and of the chilled water. [°C]
    share : array_like
        Share of the coefficient of the ideal cycle. [-]
    approach : float
        By how much the working fluid condenses above the air. [K]
    most : float
        The most that a machine reaches. [-]

    Returns
    -------
    ndarray
        Cold given over electricity used: `share Te / (Tc - Te)` in kelvin. [-]
    """
    cold = np.asarray(chilled, dtype=float)
    lift = np.asarray(air, dtype=float) + approach - cold
    with np.errstate(divide="ignore", invalid="ignore"):
        eer = np.where(lift > 0, np.asarray(share) * (cold + KELVIN) / lift, np.inf)
    found: Floats = np.where(np.isnan(lift), np.nan, np.minimum(eer, most))
    return found


def highest_supply(air: ArrayLike, least_cop: ArrayLike, *, share: ArrayLike, approach: float) -> Floats:
    """Hottest water at which a machine still reaches a coefficient of performance; NaN where none is hot enough. [°C]

    Notes
    -----
    From `share Tc = cop (Tc - Te)`: `Tc = Te cop / (cop - share)` in kelvin.
    """
    evaporating = np.asarray(air, dtype=float) - approach + KELVIN
    least, ideal = np.asarray(least_cop, dtype=float), np.asarray(share, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(least > ideal, evaporating * least / (least - ideal) - KELVIN, np.nan)
    return found


@dataclass(frozen=True)
class Frost:
    """What frost on the coil costs.

    Parameters
    ----------
    warmest, worst_from, worst_to, coldest : float
        Air in which frost begins, is at its worst, and ends, from warm to cold. [°C]
    most_loss : float
        Share of heat and performance lost in wet air between `worst_from` and `worst_to`. [-]
    dry, wet : float
        Relative humidity up to which coils hardly frost, and from which frost is at its worst. [%]
    """

    warmest: float
    worst_from: float
    worst_to: float
    coldest: float
    most_loss: float
    dry: float
    wet: float

    def zone(self, air: ArrayLike) -> Floats:
        """How far air of some temperature lies in the frost zone, 0 to 1. [-]"""
        ends = [self.coldest, self.worst_to, self.worst_from, self.warmest]
        found: Floats = np.interp(np.asarray(air, dtype=float), ends, [0.0, 1.0, 1.0, 0.0])
        return found

    def wetness(self, humidity: ArrayLike) -> Floats:
        """How wet air of some relative humidity [%] is for a coil, 0 to 1. [-]"""
        found: Floats = np.interp(np.asarray(humidity, dtype=float), [self.dry, self.wet], [0.0, 1.0])
        return found

    def exposure(self, air: ArrayLike, wetness: ArrayLike) -> Floats:
        """Share of the worst loss that frost costs, 0 to 1. [-]"""
        found: Floats = self.zone(air) * np.asarray(wetness, dtype=float)
        return found


def capacity(air: ArrayLike, points: Floats, shares: Floats, lowest: float) -> Floats:
    """Heating capacity over that at 7 °C, without frost. [-]

    Parameters
    ----------
    air : array_like
        Temperature of the air. [°C]
    points, shares : ndarray, shape (points,)
        Air temperatures in rising order and the capacity there; straight between them, level beyond. [°C], [-]
    lowest : float
        Air below which the machine stands still. [°C]
    """
    at = np.asarray(air, dtype=float)
    found: Floats = np.where(at < lowest, 0.0, np.interp(at, points, shares))
    return found
