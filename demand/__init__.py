"""Demand: what buildings need of heat, cold, hot water and power."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standards import Number

CARRIERS = ("heat", "cold", "hot_water", "electricity")
WORKDAY, HOLIDAY = 0, 1  # kinds of day in `Demand.days`


@dataclass(frozen=True)
class Demand:
    """What the buildings of a city need in a typical year, as useful energy.

    Parameters
    ----------
    buildings, parcels : DataFrame
        By building (with its `parcel_id`) and by parcel: `gfa_m2`, and for every carrier of `CARRIERS`
        `<carrier>_kwh_per_year`, `<carrier>_kwh_month_01` to `_12` and `<carrier>_peak_kw`; the peak of a parcel is
        that of the sum of its buildings. `electricity` leaves out what heats and cools. Planned parcels without
        buildings are in `parcels` with the demand of what is planned.
    days : mapping of str to ndarray of float32, shape (parcels, 12, 2, 24)
        By carrier, mean power in every hour of a working day and of a holiday of each month. [kW]
    calibration : DataFrame
        By use and carrier: metered over modelled energy, and whether the model was scaled by it.
    baseline : DataFrame
        By use, district and carrier: energy that is bought and its carbon, with how well it is known.
    numbers : tuple of Number
        Every number used, with its source.
    remarks : tuple of str
        What was assumed.
    city_peaks : mapping of str to float
        Highest hour of heat and of cold of all buildings together, `<carrier>_city_peak_kw`. [kW]
    """

    buildings: pd.DataFrame
    parcels: pd.DataFrame
    days: dict[str, NDArray[np.float32]]
    calibration: pd.DataFrame = field(default_factory=pd.DataFrame)
    baseline: pd.DataFrame = field(default_factory=pd.DataFrame)
    numbers: tuple[Number, ...] = ()
    remarks: tuple[str, ...] = ()
    city_peaks: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def months(self, carrier: str) -> NDArray[np.float64]:
        """Energy of every parcel in each month, shape (parcels, 12). [kWh]"""
        names = [f"{carrier}_kwh_month_{month:02d}" for month in range(1, 13)]
        found: NDArray[np.float64] = self.parcels[names].to_numpy(dtype=float)
        return found

    def peak(self, carrier: str) -> NDArray[np.float64]:
        """Highest power of every parcel, shape (parcels,). [kW]"""
        found: NDArray[np.float64] = self.parcels[f"{carrier}_peak_kw"].to_numpy(dtype=float)
        return found
