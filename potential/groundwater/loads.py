"""Loads: how much of the heat and cold of parcels a plant of part of the peak gives, from typical days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.compiled import kernel
from demand import Demand

Floats = NDArray[np.float64]

WORKDAYS = 5 / 7  # share of the days of a month that are working days
STEPS = 25  # nodes of the curve of energy by power


@dataclass(frozen=True)
class Load:
    """Heat or cold of parcels.

    Parameters
    ----------
    known : ndarray of bool, (parcels,)
        Where the demand says something; nothing is needed elsewhere.
    peak : ndarray, (parcels,)
        Highest power. [kW]
    months : ndarray, (parcels, 12)
        Energy of each month. [kWh]
    days : ndarray of float32, (parcels, 12, 2, 24)
        Mean power in every hour of a working day and of a holiday. [kW]
    curve : ndarray, (parcels, STEPS)
        Energy of the year that a plant gives whose power is 0 to 1 of the peak, in equal steps. [kWh]
    """

    known: NDArray[np.bool_]
    peak: Floats
    months: Floats
    days: NDArray[np.float32]
    curve: Floats

    @property
    def year(self) -> Floats:
        """Energy of the year, shape (parcels,). [kWh]"""
        found: Floats = self.months.sum(axis=1)
        return found

    def at(self, power: Floats) -> Floats:
        """Energy of the year that plants of some power give, by the curve, shape (parcels,). [kWh]"""
        out = np.empty(len(power))
        _at(self.curve, self.peak, np.ascontiguousarray(power, dtype=np.float64), out)
        return out

    def given(self, power: Floats) -> Floats:
        """Energy of each month that plants of some power give, shape (parcels, 12). [kWh]"""
        shares = np.empty_like(self.months)
        _shares(self.days, np.ascontiguousarray(power, dtype=np.float64), shares)
        found: Floats = self.months * shares
        return found


def load_of(demand: Demand, carrier: str, parcels: pd.Index) -> Load:
    """The load of every parcel; zero where the demand says nothing of it.

    Parameters
    ----------
    demand : Demand
        Of the city.
    carrier : str
        `heat` or `cold`.
    parcels : Index
        All parcels.
    """
    place = demand.parcels.index.get_indexer(parcels)
    known = np.zeros(len(parcels), dtype=bool)
    here = place >= 0
    known[here] = np.isfinite(demand.peak(carrier) + demand.months(carrier).sum(axis=1))[place[here]]
    count = len(parcels)
    peak, months = np.zeros(count), np.zeros((count, 12))
    days = np.zeros((count, 12, 2, 24), dtype=np.float32)
    peak[known] = np.nan_to_num(demand.peak(carrier)[place[known]])
    months[known] = np.nan_to_num(demand.months(carrier)[place[known]])
    days[known] = np.nan_to_num(demand.days[carrier][place[known]])
    peak = np.maximum(peak, days.max(axis=(1, 2, 3), initial=0.0))
    curve = np.empty((count, STEPS))
    _curves(days, months, peak, curve)
    return Load(known, peak, months, days, curve)


@kernel
def energy_at(curve: Floats, share: float) -> float:
    """Energy at a share of the peak, between the nodes of one parcel's curve."""
    place = min(max(share, 0.0), 1.0) * (len(curve) - 1)
    node = min(int(place), len(curve) - 2)
    found: float = curve[node] + (curve[node + 1] - curve[node]) * (place - node)
    return found


@kernel
def _share(days: NDArray[np.float32], month: int, power: float) -> float:
    """Share of one month's energy below a power; without any course of the day all or nothing."""
    whole, below = 0.0, 0.0
    for kind in range(2):
        weight = WORKDAYS if kind == 0 else 1 - WORKDAYS
        for hour in range(24):
            value = days[month, kind, hour]
            whole += weight * value
            below += weight * min(value, power)
    if whole > 0:
        return below / whole
    return 1.0 if power > 0 else 0.0


@kernel
def _shares(days: NDArray[np.float32], power: Floats, out: Floats) -> None:
    for parcel in range(len(power)):
        for month in range(12):
            out[parcel, month] = _share(days[parcel], month, power[parcel])


@kernel
def _curves(days: NDArray[np.float32], months: Floats, peak: Floats, out: Floats) -> None:
    steps = out.shape[1]
    for parcel in range(len(peak)):
        for step in range(steps):
            total = 0.0
            for month in range(12):
                if months[parcel, month] > 0:
                    total += months[parcel, month] * _share(
                        days[parcel], month, peak[parcel] * step / (steps - 1)
                    )
            out[parcel, step] = total


@kernel
def _at(curve: Floats, peak: Floats, power: Floats, out: Floats) -> None:
    for parcel in range(len(peak)):
        out[parcel] = energy_at(curve[parcel], power[parcel] / peak[parcel]) if peak[parcel] > 0 else 0.0
