"""Load: what parcels want of one carrier, as power in the hours of typical days that adds up to their months."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.compiled import kernel
from demand import Demand
from potential.air_source.bins import Bins

Floats = NDArray[np.float64]
KIND_SHARES = (5.0 / 7.0, 2.0 / 7.0)  # working days and holidays in the hours of a month


@dataclass(frozen=True)
class Load:
    """What parcels want of one carrier.

    In an hour of a typical day parcels want `flat` plus `scale` times what `days` says, which stays where it is: for
    a large city it is the largest thing in memory.

    Parameters
    ----------
    days : ndarray of float32, shape (rows, 12, 2, 24)
        Mean power in the hours of a working day and of a holiday of each month; missing is nothing. [kW]
    place : ndarray of int64, shape (parcels,)
        Row of each parcel in `days`, -1 where it has none.
    scale, flat : ndarray, shape (parcels, 12)
        Factor of the typical days, and power that is the same in all hours. [-], [kW]
    months : ndarray, shape (parcels, 12)
        Energy; what the hours add up to. [kWh]
    peak : ndarray, shape (parcels,)
        Highest power of the year; 0 where nothing is wanted. [kW]
    known : ndarray of bool, shape (parcels,)
        Where the demand says something.
    """

    days: NDArray[np.float32]
    place: NDArray[np.int64]
    scale: Floats
    flat: Floats
    months: Floats
    peak: Floats
    known: NDArray[np.bool_]

    @classmethod
    def of(cls, demand: Demand, parcel_ids: pd.Index, carrier: str, bins: Bins) -> Load:
        """What some parcels want of a carrier.

        Typical days give the course of a day, months the energy. Where a month has energy and no typical day, its
        hours are alike; where the peak is missing or too low, the highest mean hour stands for it.
        """
        place = demand.parcels.index.get_indexer(parcel_ids).astype(np.int64)
        here = place >= 0
        count = len(parcel_ids)
        months, peak = np.full((count, 12), np.nan), np.full(count, np.nan)
        if f"{carrier}_kwh_month_01" in demand.parcels:
            months[here] = demand.months(carrier)[place[here]]
            peak[here] = demand.peak(carrier)[place[here]]
        known: NDArray[np.bool_] = np.asarray(np.isfinite(months).all(axis=1), dtype=bool)
        months = np.where(known[:, None], np.maximum(np.nan_to_num(months), 0.0), 0.0)
        hours = np.bincount(bins.cell_of_hour, minlength=12 * 24).reshape(12, 24).astype(float)
        days = demand.days.get(carrier)
        if days is None:
            days, place = np.zeros((1, 12, 2, 24), dtype=np.float32), np.full(count, -1)
        sums, highest = _of_days(days, place, hours)
        shaped = sums > 0
        scale = np.divide(months, sums, out=np.zeros_like(months), where=shaped)
        flat = np.where(shaped, 0.0, months / np.maximum(hours.sum(axis=1), 1.0))
        mean = np.maximum((highest * scale).max(axis=1, initial=0.0), flat.max(axis=1, initial=0.0))
        some = months.sum(axis=1) > 0
        return cls(days, place, scale, flat, months, np.maximum(np.nan_to_num(peak) * some, mean), known)

    @property
    def wanted(self) -> NDArray[np.bool_]:
        """Where something is wanted, shape (parcels,)."""
        found: NDArray[np.bool_] = self.months.sum(axis=1) > 0
        return found

    def where(self, rows: NDArray[np.bool_]) -> Load:
        """The load of some parcels, nothing in the others."""
        kept = rows[:, None]
        return replace(
            self,
            scale=self.scale * kept,
            flat=self.flat * kept,
            months=self.months * kept,
            peak=self.peak * rows,
        )


@kernel
def _of_days(days: NDArray[np.float32], place: NDArray[np.int64], hours: Floats) -> tuple[Floats, Floats]:
    """Energy and highest power of every month by typical days, shape (parcels, 12). [kWh], [kW]"""
    sums = np.zeros((place.shape[0], 12))
    highest = np.zeros((place.shape[0], 12))
    for parcel in range(place.shape[0]):
        if place[parcel] < 0:
            continue
        for month in range(12):
            for kind in range(2):
                for hour in range(24):
                    power = days[place[parcel], month, kind, hour]
                    if power > 0:
                        sums[parcel, month] += KIND_SHARES[kind] * hours[month, hour] * power
                        highest[parcel, month] = max(highest[parcel, month], power)
    return sums, highest
