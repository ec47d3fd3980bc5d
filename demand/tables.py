"""Tables of demand: columns of all carriers, sums of parcels with the peaks of the sums, and their typical days."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand import CARRIERS
from demand.calendar import DAYS
from demand.hours import W_PER_KW, Hours
from demand.stock import Stock

Numbers = NDArray[np.float64]


def building_table(
    stock: Stock,
    floor: Numbers,
    months: dict[str, Numbers],
    peak: dict[str, Numbers],
    hours: Hours,
    types: pd.DataFrame,
) -> pd.DataFrame:
    """Demand of every building, standing or planned, with its indices by floor area and its archetype.

    Parameters
    ----------
    months, peak : mapping of str to ndarray, (n, 12) and (n,)
        By carrier. [kWh], [kW]
    """
    frame = carried(months, peak).set_index(stock.buildings.index)
    frame.insert(0, "parcel_id", stock.buildings["parcel_id"].to_numpy())
    frame.insert(1, "gfa_m2", floor)
    with np.errstate(divide="ignore", invalid="ignore"):
        own = {
            f"{carrier}_{name}": np.where(floor > 0, value / floor, np.nan).round(1)
            for carrier in ("heat", "cold")
            for name, value in (
                ("w_per_m2", peak[carrier] * W_PER_KW),
                ("kwh_per_m2", months[carrier].sum(axis=1)),
            )
        }
    return frame.assign(
        **own,
        heat_peak_hour=hours.peak_hour[:, 0],
        cold_peak_hour=hours.peak_hour[:, 1],
        missed_hours=hours.missed,
        **{str(name): types[name].to_numpy() for name in types},
    )


def carried(months: dict[str, Numbers], peak: dict[str, Numbers]) -> pd.DataFrame:
    """Columns of all carriers."""
    found: dict[str, Any] = {}
    for carrier in CARRIERS:
        found[f"{carrier}_kwh_per_year"] = months[carrier].sum(axis=1)
        found |= {f"{carrier}_kwh_month_{n + 1:02d}": months[carrier][:, n] for n in range(12)}
        found[f"{carrier}_peak_kw"] = peak[carrier].round(1)
    return pd.DataFrame(found)


def by_parcel(
    frame: pd.DataFrame, days: dict[str, NDArray[np.float32]], peak: Numbers, stock: Stock
) -> pd.DataFrame:
    """Sums of the buildings of every parcel, and the peaks of the sums."""
    sums = ["gfa_m2"]
    for carrier in CARRIERS:
        sums += [f"{carrier}_kwh_per_year", *(f"{carrier}_kwh_month_{n:02d}" for n in range(1, 13))]
    sums += ["hot_water_loss_kwh_per_year", "cooking_kwh_per_year"]
    found = frame.groupby("parcel_id")[sums].sum().reindex(stock.parcels, fill_value=0.0)
    found = found.rename_axis("parcel_id")
    found["heat_peak_kw"], found["cold_peak_kw"] = peak.round(1).T
    for carrier in ("hot_water", "electricity"):
        found[f"{carrier}_peak_kw"] = days[carrier].max(axis=(1, 2, 3), initial=0.0).astype(float).round(1)
    floor = found["gfa_m2"].where(found["gfa_m2"] > 0)
    for carrier in ("heat", "cold"):
        found[f"{carrier}_w_per_m2"] = (found[f"{carrier}_peak_kw"] * W_PER_KW / floor).round(1)
        found[f"{carrier}_kwh_per_m2"] = (found[f"{carrier}_kwh_per_year"] / floor).round(1)
    planned = stock.buildings["parcel_id"].iloc[stock.count :]
    found["demand_planned"] = found.index.isin(planned)
    return found


def water_days(
    water: Numbers, drawn: Numbers, parcel: NDArray[np.int64], parcels: int
) -> NDArray[np.float32]:
    """Hot water of parcels in typical days, the same on all days of a month. [kW]"""
    inside = parcel >= 0
    sums = np.zeros((parcels, 12, 24))
    daily = (water / DAYS)[inside]
    for hour in range(24):
        np.add.at(sums[:, :, hour], parcel[inside], daily * drawn[inside, hour, None])
    days: NDArray[np.float32] = np.repeat(sums[:, :, None, :], 2, axis=2).astype(np.float32)
    return days


def power_days(
    courses: Numbers, kind: NDArray[np.int64], scale: Numbers, parcel: NDArray[np.int64], parcels: int
) -> NDArray[np.float32]:
    """Electricity of parcels in typical days: the courses of its kinds of use, scaled. [kW]"""
    inside = parcel >= 0
    weight = np.zeros((parcels, len(courses)))
    np.add.at(weight, (parcel[inside], kind[inside]), scale[inside])
    days: NDArray[np.float32] = np.tensordot(weight, courses, axes=1).astype(np.float32)
    return days


def exact_days(
    days: NDArray[np.float32], parcels: pd.DataFrame, carrier: str, counts: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Typical days that add up to the months of the table."""
    told = parcels[[f"{carrier}_kwh_month_{n:02d}" for n in range(1, 13)]].to_numpy(dtype=float)
    summed = (days * counts[:, :, None]).sum(axis=(2, 3))
    scale = np.divide(told, summed, out=np.zeros_like(told), where=summed > 0)
    exact: NDArray[np.float32] = (days * scale[:, :, None, None]).astype(np.float32)
    return exact
