"""Results of heat: the columns that every source of heat says of a parcel, and totals that agree with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from potential.draws import reached_by_10, reached_by_90
from potential.heat_worth import HeatWorth

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class HeatGiven:
    """What a source gives parcels.

    Parameters
    ----------
    kw : ndarray, shape (parcels,)
        Heating capacity.
    kwh : ndarray, shape (parcels, 12)
        Heat of every month.
    power_kwh : ndarray, shape (parcels,)
        Electricity that the heat takes in a year.
    kwh_in_draws : ndarray, shape (draws, parcels)
        Heat of a year in every draw.
    capex_yuan : ndarray, shape (parcels,)
        Investment.
    cold_kw, cold_kwh : ndarray, shape (parcels,), optional
        Cooling capacity, and cold of a year, of sources that cool.
    """

    kw: Floats
    kwh: Floats
    power_kwh: Floats
    kwh_in_draws: Floats
    capex_yuan: Floats
    cold_kw: Floats | None = field(default=None)
    cold_kwh: Floats | None = field(default=None)


def heat_columns(prefix: str, given: HeatGiven, worth: HeatWorth) -> dict[str, Any]:
    """Columns of every parcel, in whole kilowatt-hours so that sums agree.

    P90 and P10 are those of the draws; the figure itself is that of the numbers as they stand, and P90 never lies
    above it nor P10 below.
    """
    months = np.round(given.kwh)
    year = months.sum(axis=1)
    power = np.round(given.power_kwh)
    columns: dict[str, Any] = {f"{prefix}_heat_kw": np.round(given.kw, 1)}
    if given.cold_kw is not None and given.cold_kwh is not None:
        columns[f"{prefix}_cold_kw"] = np.round(given.cold_kw, 1)
    columns |= {
        f"{prefix}_heat_kwh_per_year": year,
        f"{prefix}_heat_p90_kwh_per_year": np.minimum(np.round(reached_by_90(given.kwh_in_draws)), year),
        f"{prefix}_heat_p10_kwh_per_year": np.maximum(np.round(reached_by_10(given.kwh_in_draws)), year),
    }
    if given.cold_kwh is not None:
        columns[f"{prefix}_cold_kwh_per_year"] = np.round(given.cold_kwh)
    return {
        **columns,
        f"{prefix}_electricity_kwh_per_year": power,
        f"{prefix}_capex_yuan": np.round(given.capex_yuan),
        f"{prefix}_avoided_tco2_per_year": np.round(worth.avoided_tco2(year, power), 3),
        f"{prefix}_saved_kgce_per_year": np.round(worth.saved_kgce(year, power)),
        **{f"{prefix}_heat_kwh_month_{month + 1:02d}": months[:, month] for month in range(12)},
    }


def heat_totals(prefix: str, parcels: pd.DataFrame, kwh_in_draws: Floats) -> dict[str, float]:
    """Sums over the city; P90 and P10 are those of the sum of each draw, never sums of P90 and P10."""
    ranged = {f"{prefix}_heat_p90_kwh_per_year", f"{prefix}_heat_p10_kwh_per_year"}
    ends = ("_kw", "_yuan", "_per_year")
    summed = [
        name
        for name in map(str, parcels.columns)
        if name.startswith(f"{prefix}_")
        and name not in ranged
        and (name.endswith(ends) or "_kwh_month_" in name)
    ]
    totals = {name: round(float(parcels[name].sum()), 3) for name in summed}
    year = totals[f"{prefix}_heat_kwh_per_year"]
    in_draws = kwh_in_draws.sum(axis=1)
    totals[f"{prefix}_heat_p90_kwh_per_year"] = min(round(float(reached_by_90(in_draws))), year)
    totals[f"{prefix}_heat_p10_kwh_per_year"] = max(round(float(reached_by_10(in_draws))), year)
    return totals


def added(rows: NDArray[np.int64], values: Floats, count: int) -> Floats:
    """Values of links added up in the rows they belong to, shape (count,) or (count, n) as the values are."""
    columns = values if values.ndim > 1 else values[:, None]
    summed = np.zeros((count, columns.shape[1]))
    for number in range(columns.shape[1]):
        summed[:, number] = np.bincount(rows, weights=columns[:, number], minlength=count)
    return summed.reshape(count, *values.shape[1:])
