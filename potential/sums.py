"""Sums and grades: rows added up by parcel and over the city to the last digit, and graded by tables of steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from potential import Grade

GRADES = [str(grade) for grade in Grade]
NOT_DRAWN = "planned buildings are not drawn yet"


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


def nothing_there(parcels: gpd.GeoDataFrame | None, index: pd.Index[Any], reason: str) -> pd.Series[Any]:
    """Why a parcel has nothing to grade: `reason`, or that its planned buildings are not drawn yet."""
    said = pd.Series(reason, index=index, dtype=object)
    if parcels is None or "status" not in parcels:
        return said
    floor = sum(
        pd.to_numeric(parcels[name], errors="coerce").fillna(0.0)
        for name in ("gfa_m2", "far")
        if name in parcels
    )
    planned = parcels["status"].fillna("existing").astype(str).ne("existing") & (floor > 0)
    return said.mask(planned.reindex(index, fill_value=False), NOT_DRAWN)


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


def ratio(above: Any, below: Any) -> NDArray[np.float64]:
    """A ratio, missing where there is nothing below."""
    under = np.asarray(below, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: NDArray[np.float64] = np.where(under > 0, np.asarray(above, dtype=float) / under, np.nan)
    return found
