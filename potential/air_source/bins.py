"""Temperature bins: the hours of a typical year by month, hour of the day and air, each with its weight in the load."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
CELLS = 12 * 24  # months by hours of the day
STEP_K = 1.0


@dataclass(frozen=True)
class Bins:
    """Air of a year in bins of one degree.

    Parameters
    ----------
    middle : ndarray, shape (bins,)
        Air temperature in the middle of each bin, rising; every bin has hours. [°C]
    of_hour : ndarray of int64, shape (8760,)
        Bin of every hour.
    cell_of_hour : ndarray of int64, shape (8760,)
        Cell of every hour: month (0 to 11) times 24 plus the hour of the day.
    air : ndarray, shape (8760,)
        Air temperature. [°C]
    """

    middle: Floats
    of_hour: NDArray[np.int64]
    cell_of_hour: NDArray[np.int64]
    air: Floats

    @classmethod
    def of(cls, air: ArrayLike, month: ArrayLike, hour: ArrayLike) -> Bins:
        """Bins of the hours of a year.

        Parameters
        ----------
        air : array_like, shape (hours,)
            Air temperature. [°C]
        month, hour : array_like of int, shape (hours,)
            Month, 1 to 12, and hour of the day, 0 to 23.
        """
        warm = np.asarray(air, dtype=float)
        edges, of_hour = np.unique(np.floor(warm / STEP_K).astype(np.int64), return_inverse=True)
        cell = (np.asarray(month, dtype=np.int64) - 1) * 24 + np.asarray(hour, dtype=np.int64)
        middle: Floats = (edges.astype(float) + 0.5) * STEP_K
        return cls(middle, of_hour.astype(np.int64), cell, warm)

    @property
    def hours(self) -> Floats:
        """Hours of the year in each bin, shape (bins,). [h]"""
        return np.bincount(self.of_hour, minlength=len(self.middle)).astype(float)

    def mean(self, values: ArrayLike) -> Floats:
        """Mean of a value of every hour in each bin, shape (bins,)."""
        weights = np.asarray(values, dtype=float)
        total = np.bincount(self.of_hour, weights=weights, minlength=len(self.middle))
        found: Floats = total / self.hours
        return found

    def places(self, weight: ArrayLike) -> Places:
        """Where the hours of each cell lie among the bins, and how much load they carry.

        Parameters
        ----------
        weight : array_like, shape (hours,)
            What the load of an hour is to the others of its cell: degrees below the heating limit, or one.
        """
        weights = np.asarray(weight, dtype=float)
        key = self.cell_of_hour * len(self.middle) + self.of_hour
        count = np.bincount(key, minlength=CELLS * len(self.middle)).astype(float)
        total = np.bincount(key, weights=weights, minlength=len(count))
        found = np.flatnonzero(count)
        cell = found // len(self.middle)
        of_cell = np.bincount(self.cell_of_hour, minlength=CELLS)
        mean = np.bincount(self.cell_of_hour, weights=weights, minlength=CELLS) / np.maximum(of_cell, 1)
        heavy = total[found] / count[found] / np.where(mean[cell] > 0, mean[cell], 1.0)
        return Places(
            start=np.searchsorted(cell, np.arange(CELLS + 1)).astype(np.int64),
            bin_of=(found % len(self.middle)).astype(np.int64),
            hours=count[found],
            weight=np.where(mean[cell] > 0, heavy, 1.0),
        )


@dataclass(frozen=True)
class Places:
    """The bins in which the hours of each cell lie.

    Parameters
    ----------
    start : ndarray of int64, shape (289,)
        Where the places of each cell begin; the last is the end.
    bin_of : ndarray of int64, shape (places,)
        Bin of the place.
    hours : ndarray, shape (places,)
        Hours of the cell in that bin. [h]
    weight : ndarray, shape (places,)
        Their load over the mean of the cell; over the hours of a cell it is one in the mean. [-]
    """

    start: NDArray[np.int64]
    bin_of: NDArray[np.int64]
    hours: Floats
    weight: Floats
