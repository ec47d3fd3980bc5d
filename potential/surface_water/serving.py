"""Serving parcels from water: pipes within reach, and heat and cold given in turn out of the budgets of the sources."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.city import City
from potential.heat_load import HeatLoad
from potential.heat_results import added
from potential.links import links_within
from potential.places import raster_at
from potential.shared_budget import serve_in_turn, turn
from potential.surface_water.numbers import WaterNumbers, WaterState
from potential.surface_water.sources import SEWAGE, USABLE, WaterSources

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Side:
    """Heat, or cold, that sources give parcels.

    Parameters
    ----------
    kw : ndarray, shape (links, 12)
        Power that every link serves.
    kwh : ndarray, shape (parcels, 12)
        Energy of every parcel.
    power : ndarray, shape (links, 12)
        Electricity for a unit of heat or cold. [-]
    reserved_kw : ndarray, shape (links,)
        Part of the highest budget of the year that every link reserves.
    budget_kw, used_kw : ndarray, shape (sources, 12)
        Heat that may be drawn, or rejected, and what of it is.
    left_kw : ndarray, shape (sources,)
        Part of the highest budget of the year that nobody reserved.
    wanted_kw, unserved_kw : ndarray, shape (parcels, 12)
        Power wanted, and what of it nobody served.
    """

    kw: Floats
    kwh: Floats
    power: Floats
    reserved_kw: Floats
    budget_kw: Floats
    used_kw: Floats
    left_kw: Floats
    wanted_kw: Floats
    unserved_kw: Floats


def water_links(
    city: City, parcels: gpd.GeoDataFrame, sources: WaterSources, numbers: WaterNumbers
) -> pd.DataFrame:
    """Pairs of parcels and sources within reach of each other.

    Returns
    -------
    DataFrame
        `parcel`, `source`, `distance_m`, `lift_m` (of the parcel above the water, NaN where either is not known),
        `usable` (the source), `able` (usable, and the lift not too high), `long` and `high` (beyond what is easy).
    """
    table = sources.table
    links = links_within(parcels, table.geometry.to_numpy(), table["most_m"].to_numpy())
    of_parcel, of_source = links["parcel"].to_numpy(), links["source"].to_numpy()
    height = raster_at(city, "terrain", parcels)
    lift = height[of_parcel] - table["level_m"].to_numpy()[of_source]
    usable = (table["state"] == USABLE).to_numpy()[of_source]
    sewage = np.isin(table["kind"].to_numpy(), SEWAGE)[of_source]
    comfortable = np.where(sewage, numbers.sewage_near_m, numbers.near_m)
    return links.assign(
        lift_m=lift,
        usable=usable,
        able=usable & (lift <= numbers.most_lift_m),
        long=links["distance_m"].to_numpy() > comfortable,
        high=lift > numbers.low_lift_m,
    )


def in_turn(links: pd.DataFrame, wanted: Floats, step_m: float) -> pd.DataFrame:
    """The links that can serve, in the order in which they are served: by nearness, then by demand."""
    able = links[links["able"]]
    order = turn(able["distance_m"], wanted[able["parcel"]], step_m)
    return able.iloc[order].reset_index(drop=True)


def serve_heat(
    load: HeatLoad,
    links: pd.DataFrame,
    sources: WaterSources,
    numbers: WaterNumbers,
    state: WaterState,
    peak_share: float,
) -> Side:
    """Give heat to parcels in the order of the links, in every month within what may be drawn.

    Parcels want a share of their highest power; others carry the rest.
    """
    parcel, source = links["parcel"].to_numpy(np.int64), links["source"].to_numpy(np.int64)
    budget, leaving = sources.heat_budget(numbers, state)
    power = numbers.pump.power_per_heat(leaving[source], 1 - load.first_share[parcel], state.carnot)
    return _given(load, links, power, 1 - power, budget, state.demand, peak_share)


def serve_cold(
    load: HeatLoad,
    links: pd.DataFrame,
    sources: WaterSources,
    numbers: WaterNumbers,
    state: WaterState,
    peak_share: float,
) -> Side:
    """Give cold to parcels in the order of the links, in every month within what may be rejected.

    Heat drawn and heat rejected are not set off against each other.
    """
    source = links["source"].to_numpy(np.int64)
    budget, leaving = sources.cold_budget(numbers, state)
    power = numbers.pump.power_per_cold(leaving[source], state.carnot)
    return _given(load, links, power, 1 + power, budget, state.demand, peak_share)


def _given(
    load: HeatLoad,
    links: pd.DataFrame,
    power: Floats,
    drawn: Floats,
    budget: Floats,
    demand: float,
    peak_share: float,
) -> Side:
    parcel, source = links["parcel"].to_numpy(np.int64), links["source"].to_numpy(np.int64)
    wanted = load.peak_kw * (demand * peak_share)
    highest = budget.max(axis=1, initial=0.0)
    share = np.divide(budget, highest[:, None], out=np.zeros_like(budget), where=highest[:, None] > 0)
    kw, unserved, reserved, left = serve_in_turn(parcel, source, drawn, wanted, highest, share)
    kwh = demand * load.covered(added(parcel, kw, len(load.kwh)) / demand)
    used = added(source, np.where(kw > 0, kw * drawn, 0.0), len(budget))
    return Side(kw, kwh, power, reserved, budget, used, left, wanted, unserved)


def by_link(parcel: NDArray[np.int64], kw: Floats, kwh: Floats) -> Floats:
    """Energy of parcels given to their links by power, shape (links, 12). [kWh]"""
    total = added(parcel, kw, len(kwh))[parcel]
    share = np.divide(kw, total, out=np.zeros_like(kw), where=total > 0)
    shared: Floats = share * kwh[parcel]
    return shared
