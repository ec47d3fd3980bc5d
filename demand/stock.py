"""The stock: buildings that stand, and what is planned on parcels without buildings."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.envelopes import column
from layers.city import City

Numbers = NDArray[np.float64]
EXISTING = "existing"


@dataclass(frozen=True)
class Stock:
    """Buildings that stand and those that are planned, one row each, the planned ones last.

    Parameters
    ----------
    buildings : DataFrame
        By building id, planned ones by parcel id.
    count : int
        How many of them stand.
    parcels : Index
        All parcels of the city.
    parcel : ndarray of int64, (n,)
        Parcel of each; −1 outside all of them.
    """

    buildings: pd.DataFrame
    count: int
    parcels: pd.Index
    parcel: NDArray[np.int64]


def stock_of(city: City, year: int) -> Stock:
    """Buildings that stand, and one for each parcel on which something is planned and nothing stands.

    What is planned is as if built in `year`.
    """
    found = city.tables.get("building")
    parcels = city.tables.get("parcel")
    index = pd.Index([], name="parcel_id") if parcels is None else parcels.index
    standing = pd.DataFrame({"use": pd.Series(dtype=object)}) if found is None else pd.DataFrame(found)
    if "parcel_id" not in standing:
        standing = standing.assign(parcel_id="")
    planned = _planned(parcels, standing["parcel_id"], year)
    both = pd.concat([standing.drop(columns="geometry", errors="ignore"), planned])
    return Stock(both, len(standing), index, index.get_indexer(pd.Index(both["parcel_id"])).astype(np.int64))


def _planned(parcels: gpd.GeoDataFrame | None, occupied: pd.Series, year: int) -> pd.DataFrame:
    """What is planned on parcels without buildings: floor area as given, else floor-area ratio times plot."""
    if parcels is None or "status" not in parcels or "use" not in parcels:
        return pd.DataFrame({"use": [], "parcel_id": []})
    chosen = (parcels["status"] != EXISTING) & parcels["status"].notna() & ~parcels.index.isin(occupied)
    frame = pd.DataFrame(parcels.loc[chosen].drop(columns="geometry"))
    plot = column(frame, "plot_area_m2")
    plot = np.where(np.isnan(plot), parcels.geometry.area[chosen].to_numpy(dtype=float), plot)
    floor = column(frame, "gfa_m2")
    floor = np.where(floor > 0, floor, column(frame, "far") * plot)
    frame = frame.assign(
        gfa_m2=floor, plot_area_m2=plot, parcel_id=frame.index, year_built=float(year), year_source="given"
    )
    return frame[floor > 0]


def it_power(city: City, buildings: pd.DataFrame) -> Numbers:
    """Power of the computers of every data centre whose parcel has a known figure, shared by floor area. [kW]"""
    known = np.full(len(buildings), np.nan)
    places = city.tables.get("facility")
    if places is None or "it_power_kw" not in places or "parcel_id" not in places:
        return known
    power = column(places, "it_power_kw")
    of_parcel = pd.Series(power, index=places["parcel_id"].to_numpy()).dropna().groupby(level=0).sum()
    centre = (buildings["use"] == "data_centre").to_numpy()
    parcel = buildings["parcel_id"].where(centre)
    floor = pd.Series(np.nan_to_num(column(buildings, "gfa_m2")), index=buildings.index)
    share = floor / floor.groupby(parcel).transform("sum")
    known[centre] = (parcel.map(of_parcel) * share).to_numpy(dtype=float)[centre]
    return known
