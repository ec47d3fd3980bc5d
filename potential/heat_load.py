"""Heat load: what parcels want in every month as power and energy, and what a plant of less power covers of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.compiled import kernel
from demand import Demand

Floats = NDArray[np.float64]
WORKDAYS, HOLIDAYS = 5.0, 2.0  # of a week


@dataclass(frozen=True)
class HeatLoad:
    """What parcels want of one or several carriers together.

    Parameters
    ----------
    kwh, peak_kw : ndarray, shape (parcels, 12)
        Energy and highest power in every month; 0 where nothing is known.
    first_share : ndarray, shape (parcels, 12)
        Share of the first carrier in the energy; 1 where there is none.
    known : ndarray of bool, shape (parcels,)
        Where the demand says something.
    days : ndarray of float32, shape (parcels, 12, 2, 24)
        Power in every hour of a working day and of a holiday of each month. [kW]
    """

    kwh: Floats
    peak_kw: Floats
    first_share: Floats
    known: NDArray[np.bool_]
    days: NDArray[np.float32]

    @classmethod
    def of(cls, demand: Demand, parcel_ids: pd.Index, carriers: Sequence[str]) -> HeatLoad:
        """What some parcels want of some carriers.

        The peak of the year is the sum of the peaks of the carriers; that of a month stands to it as the highest
        hours of its typical days do.
        """
        place = demand.parcels.index.get_indexer(parcel_ids)
        here = place >= 0
        months = [np.where(here[:, None], demand.months(one)[place], np.nan) for one in carriers]
        peaks = np.sum([np.where(here, demand.peak(one)[place], np.nan) for one in carriers], axis=0)
        kwh = np.sum(months, axis=0)
        known = here & np.isfinite(peaks) & np.isfinite(kwh).all(axis=1)
        days = demand.days[carriers[0]]
        for one in carriers[1:]:
            days = days + demand.days[one]
        if not np.array_equal(place, np.arange(len(days))):
            days = np.where(here[:, None, None, None], days[place], np.float32(0))
        highest = days.max(axis=(2, 3)).astype(float)
        of_year = highest.max(axis=1, keepdims=True)
        shape = np.divide(highest, of_year, out=np.zeros_like(highest), where=of_year > 0)
        first = np.divide(months[0], kwh, out=np.ones_like(kwh), where=kwh > 0)
        return cls(
            kwh=np.where(known[:, None], kwh, 0.0),
            peak_kw=np.where(known[:, None], peaks[:, None] * shape, 0.0),
            first_share=np.where(np.isfinite(first), first, 1.0),
            known=known,
            days=days,
        )

    @property
    def wants(self) -> NDArray[np.bool_]:
        """Where something is wanted, shape (parcels,)."""
        wants: NDArray[np.bool_] = self.kwh.sum(axis=1) > 0
        return wants

    def covered(self, kw: Floats) -> Floats:
        """Energy that a power covers in each month, shape (parcels, 12). [kWh]

        Parameters
        ----------
        kw : ndarray, shape (parcels, 12)
            Power at hand.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(self.peak_kw > 0, kw / self.peak_kw, 0.0)
        return self.kwh * covered_share(self.days, np.clip(share, 0.0, 1.0))


@kernel
def covered_share(days: NDArray[np.float32], share: Floats) -> Floats:
    """Share of the energy of a month that a share of its highest power covers.

    Parameters
    ----------
    days : ndarray of float32, shape (n, 12, 2, 24)
        Power in every hour of a working day and a holiday. [W]
    share : ndarray, shape (n, 12)
        Power at hand over the highest of the month, 0 to 1.

    Returns
    -------
    ndarray, shape (n, 12)
        From 0 to 1; never less than `share`.
    """
    found = np.zeros(share.shape)
    for row in range(share.shape[0]):
        for month in range(share.shape[1]):
            limit = share[row, month]
            if limit <= 0:
                continue
            if limit >= 1:
                found[row, month] = 1.0
                continue
            highest = 0.0
            for kind in range(2):
                for hour in range(24):
                    highest = max(highest, days[row, month, kind, hour])
            whole = 0.0
            part = 0.0
            for kind in range(2):
                weight = WORKDAYS if kind == 0 else HOLIDAYS
                for hour in range(24):
                    power = days[row, month, kind, hour]
                    whole += weight * power
                    part += weight * min(power, limit * highest)
            found[row, month] = part / whole if whole > 0 else limit
    return found
