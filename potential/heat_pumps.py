"""Heat pumps: what they draw and give between a source of some temperature and the water they heat or chill."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from standards import Taken

KELVIN = 273.15
Floats = NDArray[np.float64]


def heating_cop(leaving_c: ArrayLike, supply_c: ArrayLike, share: ArrayLike, most: float) -> Floats:
    """Coefficient of performance of a heat pump, a share of the ideal one.

    Parameters
    ----------
    leaving_c : array_like
        Temperature at which the working fluid evaporates: of the source as it leaves, less the approach. [°C]
    supply_c : array_like
        Temperature of the water that is heated. [°C]
    share : array_like
        Share of the coefficient of the ideal cycle between the two. [-]
    most : float
        The most that a machine reaches; also where the source is as warm as the supply. [-]

    Returns
    -------
    ndarray
        Heat given over electricity used; NaN where a temperature is. [-]

    Notes
    -----
    `share Tc / (Tc - Te)` in kelvin. At 7 °C outside (Te 5 K below), 45 °C and a share of 0.42 it is 3.11.
    """
    hot = np.asarray(supply_c, dtype=float) + KELVIN
    lift = np.asarray(supply_c, dtype=float) - np.asarray(leaving_c, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ideal = np.where(lift > 0, hot / lift, np.inf)
    cop: Floats = np.where(np.isnan(lift), np.nan, np.minimum(np.asarray(share) * ideal, most))
    return cop


def cooling_eer(leaving_c: ArrayLike, chilled_c: ArrayLike, share: ArrayLike, most: float) -> Floats:
    """Cold given over electricity used, where heat is rejected to a source that leaves at `leaving_c`. [-]

    `share Te / (Tc - Te)` in kelvin, with the approach already added to `leaving_c`; at most `most`.
    """
    cold = np.asarray(chilled_c, dtype=float) + KELVIN
    lift = np.asarray(leaving_c, dtype=float) - np.asarray(chilled_c, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ideal = np.where(lift > 0, cold / lift, np.inf)
    eer: Floats = np.where(np.isnan(lift), np.nan, np.minimum(np.asarray(share) * ideal, most))
    return eer


def drawn_per_heat(cop: ArrayLike) -> Floats:
    """Heat drawn from the source for a unit of heat given: 1 - 1/COP. [-]"""
    drawn: Floats = 1 - 1 / np.asarray(cop, dtype=float)
    return drawn


def heat_per_drawn(cop: ArrayLike) -> Floats:
    """Heat given for a unit drawn from the source: COP/(COP - 1), 1.25 at COP 5. [-]"""
    given: Floats = 1 / drawn_per_heat(cop)
    return given


def rejected_per_cold(eer: ArrayLike) -> Floats:
    """Heat rejected for a unit of cold given: 1 + 1/EER. [-]"""
    rejected: Floats = 1 + 1 / np.asarray(eer, dtype=float)
    return rejected


@dataclass(frozen=True)
class HeatPumpNumbers:
    """What heat pumps on water reach: temperatures [°C], the approach [K], shares of the ideal cycle, and bounds."""

    share: float
    share_low: float
    share_high: float
    approach_k: float
    heating_c: float
    hot_water_c: float
    chilled_c: float
    most_cop: float
    most_eer: float

    @classmethod
    def of(cls, taken: Taken) -> HeatPumpNumbers:
        """The numbers in force."""

        def number(case: str) -> float:
            return taken.number("heat_supply", item="heat_pump", case=case)

        share = number("carnot_share")
        row = taken.used[-1]
        return cls(
            share=share,
            share_low=share if row.low is None else row.low,
            share_high=share if row.high is None else row.high,
            approach_k=number("approach"),
            heating_c=number("heating_supply"),
            hot_water_c=number("hot_water_supply"),
            chilled_c=number("chilled_supply"),
            most_cop=number("most_cop"),
            most_eer=number("most_eer"),
        )

    def power_per_heat(self, leaving_c: ArrayLike, hot_water_share: ArrayLike, share: ArrayLike) -> Floats:
        """Electricity for a unit of heat, of which a share is hot water, from a source leaving at a temperature. [-]"""
        evaporating = np.asarray(leaving_c, dtype=float) - self.approach_k
        water = np.asarray(hot_water_share, dtype=float)
        heating = 1 / heating_cop(evaporating, self.heating_c, share, self.most_cop)
        hot_water = 1 / heating_cop(evaporating, self.hot_water_c, share, self.most_cop)
        power: Floats = (1 - water) * heating + water * hot_water
        return power

    def power_per_cold(self, leaving_c: ArrayLike, share: ArrayLike) -> Floats:
        """Electricity for a unit of cold, with heat rejected to a source leaving at a temperature. [-]"""
        condensing = np.asarray(leaving_c, dtype=float) + self.approach_k
        power: Floats = 1 / cooling_eer(condensing, self.chilled_c, share, self.most_eer)
        return power
