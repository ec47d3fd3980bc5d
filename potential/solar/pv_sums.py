"""Sums of PV: capacity and energy of rows, rounded once, so that parcels and the city add up to the last digit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from potential import Grade
from potential.solar.pv_numbers import Worth
from potential.solar.spread import Spread, levels

GRADES = [str(grade) for grade in Grade]


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


def graded(
    values: Mapping[str, Any], table: pd.DataFrame, words: Mapping[str, str]
) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Rank of the grade of each row, and the criterion that keeps it from a better one.

    Parameters
    ----------
    values : Mapping of str to array
        By criterion.
    table : DataFrame
        Steps with `criterion`, `grade`, `low`, `high`: low <= value < high.
    words : Mapping of str to str
        What is said of each criterion where it decides; empty is said where none keeps a row from the best.

    Returns
    -------
    rank, reason : ndarray
        Rank in `GRADES`; the worst criterion decides.
    """
    count = len(next(iter(values.values())))
    worst = np.zeros(count, dtype=np.int64)
    reason = np.full(count, "", dtype=object)
    for criterion, said in words.items():
        value = np.asarray(values[criterion], dtype=float)
        rank = np.full(count, GRADES.index("unsuitable"))
        steps = table[table["criterion"] == criterion]
        lows = pd.to_numeric(steps["low"]).fillna(-np.inf)
        highs = pd.to_numeric(steps["high"]).fillna(np.inf)
        for low, high, grade in zip(lows, highs, steps["grade"], strict=True):
            rank[(value >= low) & (value < high)] = GRADES.index(str(grade))
        worse = rank > worst
        worst[worse], reason[worse] = rank[worse], said
    return worst, reason


def summed_by_parcel(
    rows: pd.DataFrame, parcels: gpd.GeoDataFrame | None, names: Sequence[str]
) -> pd.DataFrame:
    """Sums of some columns over the rows of every parcel, zero where there are none; three decimals are kept."""
    index = pd.Index([], name="parcel_id") if parcels is None else parcels.index
    inside = rows[rows["parcel_id"].isin(index)]
    sums = inside.groupby("parcel_id")[list(names)].sum().reindex(index, fill_value=0.0)
    rounded: pd.DataFrame = sums.round(3)
    return rounded


def totals_of(rows: pd.DataFrame, by_parcel: pd.DataFrame, names: Sequence[str]) -> dict[str, float]:
    """Sums over the city, and of what lies outside all parcels."""
    outside = rows[~rows["parcel_id"].isin(by_parcel.index)]
    return {
        **{name: round(float(rows[name].sum()), 3) for name in names},
        "outside_rows": float(len(outside)),
        **{f"outside_{name}": round(float(outside[name].sum()), 3) for name in names[:2]},
    }


def of_most_weight(rows: pd.DataFrame, names: Sequence[str], weight: pd.Series[Any]) -> pd.DataFrame:
    """In each parcel, the words of the first name that carry most weight, with the others beside it."""
    if rows.empty:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in names})
    by_words = weight.groupby([rows["parcel_id"], *(rows[name] for name in names)]).sum()
    heaviest = by_words.reset_index(name="weight").sort_values("weight", kind="stable")
    return heaviest.drop_duplicates("parcel_id", keep="last").set_index("parcel_id")[list(names)]


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


def ratio(above: Any, below: Any) -> NDArray[np.float64]:
    """A ratio, missing where there is nothing below."""
    under = np.asarray(below, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: NDArray[np.float64] = np.where(under > 0, np.asarray(above, dtype=float) / under, np.nan)
    return found
