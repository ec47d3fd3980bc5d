"""Load: what parcels want of one carrier, as power in the hours of typical days that adds up to their months."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand import Demand
from potential.air_source.bins import Bins
from potential.air_source.cycle import Floats
from potential.air_source.service import KIND_SHARES


@dataclass(frozen=True)
class Load:
    """What parcels want of one carrier.

    Parameters
    ----------
    power : ndarray of float32, shape (parcels, 12, 2, 24)
        Mean power in the hours of a working day and of a holiday of each month. [kW]
    months : ndarray, shape (parcels, 12)
        Energy; what `power` adds up to. [kWh]
    peak : ndarray, shape (parcels,)
        Highest power of the year; 0 where nothing is wanted. [kW]
    known : ndarray of bool, shape (parcels,)
        Where the demand says something.
    """

    power: NDArray[np.float32]
    months: Floats
    peak: Floats
    known: NDArray[np.bool_]

    @classmethod
    def of(cls, demand: Demand, parcel_ids: pd.Index, carrier: str, bins: Bins) -> Load:
        """What some parcels want of a carrier.

        Typical days give the course of a day, months the energy. Where a month has energy and no typical day, its
        hours are alike; where the peak is missing or too low, the highest mean hour stands for it.
        """
        place = demand.parcels.index.get_indexer(parcel_ids)
        here = place >= 0
        months = np.where(here[:, None], demand.months(carrier)[place], np.nan)
        peak = np.where(here, demand.peak(carrier)[place], np.nan)
        known: NDArray[np.bool_] = np.asarray(np.isfinite(months).all(axis=1), dtype=bool)
        months = np.where(known[:, None], np.maximum(np.nan_to_num(months), 0.0), 0.0)
        hours = np.bincount(bins.cell_of_hour, minlength=12 * 24).reshape(12, 24)
        power = np.zeros((len(parcel_ids), 12, 2, 24), dtype=np.float32)
        if carrier in demand.days:
            power[here] = np.nan_to_num(np.maximum(demand.days[carrier][place[here]], 0.0))
        length = np.stack([share * hours for share in KIND_SHARES], axis=1).astype(np.float32)
        sums = np.einsum("pmkh,mkh->pm", power, length, optimize=True).astype(float)
        flat = (sums <= 0) & (months > 0)
        if flat.any():
            power[flat] = 1.0
            sums[flat] = np.broadcast_to(length.sum(axis=(1, 2)), sums.shape)[flat]
        scale = np.divide(months, sums, out=np.zeros_like(months), where=sums > 0)
        power *= scale[:, :, None, None].astype(np.float32)
        highest = power.max(axis=(1, 2, 3), initial=0.0).astype(float)
        return cls(power, months, np.maximum(np.nan_to_num(peak) * (months.sum(axis=1) > 0), highest), known)

    @property
    def wanted(self) -> NDArray[np.bool_]:
        """Where something is wanted, shape (parcels,)."""
        found: NDArray[np.bool_] = self.months.sum(axis=1) > 0
        return found
