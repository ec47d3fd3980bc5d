"""Sums of PV: capacity and energy of rows, rounded once, so that parcels and the city add up to the last digit."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from potential.solar.pv_numbers import Worth
from potential.solar.spread import Spread, levels
from potential.sums import ratio


def pv_columns(
    prefix: str, kwp: NDArray[np.float64], monthly_kwh: NDArray[np.float64], worth: Worth, spread: Spread
) -> dict[str, NDArray[np.float64]]:
    """Columns of capacity, energy with P90 and P10, coal, carbon and months of some rows.

    Parameters
    ----------
    prefix : str
        What the names begin with, e.g. `facade`.
    kwp : ndarray, shape (n,)
        Capacity. [kWp]
    monthly_kwh : ndarray, shape (n, 12)
        Energy of the first year. [kWh]
    worth : Worth
        What a kilowatt-hour is worth.
    spread : Spread
        How uncertain the energy of one row is.

    Returns
    -------
    dict
        Tenths of kW, whole kWh and kgce: their sums are exact.
    """
    capacity = np.round(kwp, 1)
    scaled = monthly_kwh * (capacity / np.maximum(kwp, 1e-9))[:, None]
    months = np.round(scaled)
    year = months.sum(axis=1)
    return {
        f"{prefix}_kwp": capacity,
        f"{prefix}_kwh_per_year": year,
        **levels(prefix, year, spread.one),
        f"{prefix}_yield_kwh_per_kwp": ratio(year, capacity),
        f"{prefix}_saved_kgce_per_year": np.round(year * worth.kgce_per_kwh),
        f"{prefix}_avoided_tco2_per_year": np.round(year * worth.kgco2_per_kwh / 1000, 3),
        **{f"{prefix}_kwh_month_{month + 1:02d}": months[:, month] for month in range(12)},
    }


def summed_names(prefix: str) -> list[str]:
    """The columns of `pv_columns` and `economics.with_costs` that add up; P90 and P10 do not, see `spread`."""
    names = ("kwp", "kwh_per_year", "mean_kwh_per_year", "capex_yuan", "saved_kgce_per_year")
    months = [f"{prefix}_kwh_month_{month:02d}" for month in range(1, 13)]
    return [*(f"{prefix}_{name}" for name in names), f"{prefix}_avoided_tco2_per_year", *months]


def option_rows(
    by_parcel: pd.DataFrame, prefix: str, technology: str, opex_yuan_per_kwp: float
) -> pd.DataFrame:
    """The option of each parcel that has one: a technology up to its capacity."""
    able = by_parcel[by_parcel[f"{prefix}_kwp"] > 0]
    kwp = able[f"{prefix}_kwp"].to_numpy()
    return pd.DataFrame(
        {
            "parcel_id": able.index,
            "technology": technology,
            "most_kw": kwp,
            "kwh_per_kw": able[f"{prefix}_kwh_per_year"].to_numpy() / kwp,
            "capex_yuan": able[f"{prefix}_capex_yuan"].to_numpy(),
            "opex_yuan_per_year": np.round(kwp * opex_yuan_per_kwp),
            "lcoe_yuan_per_kwh": able[f"{prefix}_lcoe_yuan_per_kwh"].to_numpy(),
            "avoided_tco2_per_year": able[f"{prefix}_avoided_tco2_per_year"].to_numpy(),
        },
        index=pd.RangeIndex(len(able), name="option_id"),
    )
