"""Spread: how uncertain the energy of one place of PV is, and that of many together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

P90_SIGMAS = 1.2816  # quantile of the normal distribution that nine in ten exceed
ABOUT_P90 = (
    "Yields are of the first year. The usable area of single places evens out over many, weather and data do not: P90 and "
    "P10 of parcels and of the city lie nearer to the middle than the sums of their buildings."
)


@dataclass(frozen=True)
class Spread:
    """Standard deviations over the mean.

    Parameters
    ----------
    common : float
        Of what all places share: the years' weather, radiation data, model and losses.
    own : float
        Of how much of one place can be had.
    shared : float
        Share of the variance of `own` that all places have in common.
    """

    common: float
    own: float
    shared: float

    @property
    def one(self) -> float:
        """Of the energy of one place."""
        return float(np.hypot(self.common, self.own))

    def of_groups(self, energy: ArrayLike, group: NDArray[np.integer], count: int) -> NDArray[np.float64]:
        """Of the energy of groups of places, shape (count,).

        What is common adds up; what each place has of its own evens out, the more the less one place outweighs the
        others: the variance is that of one place times the sum of squares of the places' shares.

        Parameters
        ----------
        energy : array_like, (n,)
            Of each place.
        group : ndarray of int, (n,)
            Group of each place; −1 is none.
        count : int
            Number of groups.
        """
        some = group >= 0
        values = np.asarray(energy, dtype=float)[some]
        squared_sum = np.bincount(group[some], values, count) ** 2
        squares = np.bincount(group[some], values**2, count)
        weight = np.divide(squares, squared_sum, out=np.ones(count), where=squared_sum > 0)
        sigma: NDArray[np.float64] = np.sqrt(
            self.common**2 + self.own**2 * (self.shared + (1 - self.shared) * weight)
        )
        return sigma


def levels(prefix: str, energy: ArrayLike, sigma: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """Columns of P90 and P10 of some energies, in whole kWh."""
    middle, spread = np.asarray(energy, dtype=float), P90_SIGMAS * np.asarray(sigma, dtype=float)
    return {
        f"{prefix}_p90_kwh_per_year": np.round(middle * np.maximum(0.0, 1 - spread)),
        f"{prefix}_p10_kwh_per_year": np.round(middle * (1 + spread)),
    }


def parcel_levels(
    rows: pd.DataFrame, by_parcel: pd.DataFrame, prefix: str, spread: Spread
) -> dict[str, NDArray[np.float64]]:
    """Columns of P90 and P10 of parcels from the energies of the places on them."""
    name = f"{prefix}_kwh_per_year"
    place = by_parcel.index.get_indexer(pd.Index(rows["parcel_id"]))
    sigma = spread.of_groups(rows[name], place, len(by_parcel))
    return levels(prefix, by_parcel[name], sigma)


def city_levels(rows: pd.DataFrame, prefix: str, spread: Spread) -> dict[str, float]:
    """P90 and P10 of the city from the energies of all its places."""
    energy = rows[f"{prefix}_kwh_per_year"].to_numpy(dtype=float)
    sigma = spread.of_groups(energy, np.zeros(len(energy), dtype=np.int64), 1)
    return {name: float(value[0]) for name, value in levels(prefix, [energy.sum()], sigma).items()}
