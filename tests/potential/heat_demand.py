"""A made-up demand for tests of heat: any parcels, heated from November to March, cooled in summer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from demand import CARRIERS, Demand

HOURS_OF_MONTH = 730.0
WINTER = np.array([1.0, 0.8, 0.5, 0, 0, 0, 0, 0, 0, 0, 0.5, 0.9])
SUMMER = np.array([0, 0, 0, 0, 0, 0.5, 1.0, 0.9, 0.3, 0, 0, 0])
ALL_YEAR = np.ones(12)
SHAPES = {"heat": WINTER, "cold": SUMMER, "hot_water": ALL_YEAR, "electricity": ALL_YEAR}


def demand_for(
    parcel_ids: Any,
    *,
    heat_kw: Any = 0.0,
    cold_kw: Any = 0.0,
    hot_water_kw: Any = 0.0,
    gfa_m2: Any = 0.0,
    night: float = 1.0,
) -> Demand:
    """A demand whose power is its peak by day and a share of it from 20 to 8 o'clock, times the shape of the year."""
    ids = pd.Index(parcel_ids, name="parcel_id")
    columns: dict[str, Any] = {"gfa_m2": np.broadcast_to(np.asarray(gfa_m2, dtype=float), len(ids))}
    days = {}
    hours = np.array([night] * 8 + [1.0] * 12 + [night] * 4)
    peaks = {"heat": heat_kw, "cold": cold_kw, "hot_water": hot_water_kw, "electricity": 0.0}
    for carrier in CARRIERS:
        peak = np.broadcast_to(np.asarray(peaks[carrier], dtype=float), len(ids))
        power = peak[:, None, None, None] * SHAPES[carrier][:, None, None] * np.ones((12, 2, 1)) * hours
        months = power.mean(axis=(2, 3)) * HOURS_OF_MONTH
        columns[f"{carrier}_kwh_per_year"] = months.sum(axis=1)
        columns |= {f"{carrier}_kwh_month_{month + 1:02d}": months[:, month] for month in range(12)}
        columns[f"{carrier}_peak_kw"] = peak
        days[carrier] = power.astype(np.float32)
    frame = pd.DataFrame(columns, index=ids)
    return Demand(buildings=frame.iloc[:0], parcels=frame, days=days)


def demand_by_floor(parcels: pd.DataFrame, *, heated: Any = True) -> Demand:
    """A demand of 45 W/m² of heat, 60 of cold and 4 of hot water on the floors of all heated parcels."""
    gfa = parcels["gfa_m2"].fillna(0.0).to_numpy(dtype=float)
    floor = np.where(heated, gfa, 0.0)
    return demand_for(
        parcels.index,
        heat_kw=floor * 0.045,
        cold_kw=floor * 0.06,
        hot_water_kw=floor * 0.004,
        gfa_m2=gfa,
        night=0.6,
    )
