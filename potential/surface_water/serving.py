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
class Served:
    """What sources give parcels.

    Parameters
    ----------
    heat_kw, cold_kw : ndarray, shape (links, 12)
        Power that every link serves.
    heat_kwh, cold_kwh : ndarray, shape (parcels, 12)
        Energy of every parcel.
    heat_power, cold_power : ndarray, shape (links, 12)
        Electricity for a unit of heat and of cold.
    heat_budget_kw, heat_left_kw, cold_budget_kw, cold_left_kw : ndarray, shape (sources, 12)
        Heat that may be drawn, and rejected, and what of it is left.
    heat_wanted_kw, heat_unserved_kw : ndarray, shape (parcels, 12)
        Heat wanted, and what of it nobody served.
    """

    heat_kw: Floats
    cold_kw: Floats
    heat_kwh: Floats
    cold_kwh: Floats
    heat_power: Floats
    cold_power: Floats
    heat_budget_kw: Floats
    heat_left_kw: Floats
    cold_budget_kw: Floats
    cold_left_kw: Floats
    heat_wanted_kw: Floats
    heat_unserved_kw: Floats


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


def serve(
    heat: HeatLoad,
    cold: HeatLoad,
    links: pd.DataFrame,
    sources: WaterSources,
    numbers: WaterNumbers,
    state: WaterState,
    peak_share: float,
) -> Served:
    """Give heat and cold to parcels in the order of the links, in every month within the budgets.

    Parcels want a share of their highest power, the rest of which others carry. Heat drawn and heat rejected are not
    set off against each other.
    """
    parcel, source = links["parcel"].to_numpy(np.int64), links["source"].to_numpy(np.int64)
    heat_kw, cold_kw, cooled, warmed = sources.budgets(numbers, state)
    hot_water = 1 - heat.first_share[parcel]
    heat_power = numbers.pump.power_per_heat(cooled[source], hot_water, state.carnot)
    cold_power = numbers.pump.power_per_cold(warmed[source], state.carnot)
    count = len(heat.kwh)
    wanted = heat.peak_kw * (state.demand * peak_share)
    served_heat, unserved, heat_left = serve_in_turn(parcel, source, 1 - heat_power, wanted, heat_kw)
    served_cold, _, cold_left = serve_in_turn(
        parcel, source, 1 + cold_power, cold.peak_kw * (state.demand * peak_share), cold_kw
    )
    return Served(
        heat_kw=served_heat,
        cold_kw=served_cold,
        heat_kwh=state.demand * heat.covered(added(parcel, served_heat, count) / state.demand),
        cold_kwh=state.demand * cold.covered(added(parcel, served_cold, count) / state.demand),
        heat_power=heat_power,
        cold_power=cold_power,
        heat_budget_kw=heat_kw,
        heat_left_kw=heat_left,
        cold_budget_kw=cold_kw,
        cold_left_kw=cold_left,
        heat_wanted_kw=wanted,
        heat_unserved_kw=unserved,
    )


def by_link(parcel: NDArray[np.int64], kw: Floats, kwh: Floats) -> Floats:
    """Energy of parcels given to their links by power, shape (links, 12). [kWh]"""
    total = added(parcel, kw, len(kwh))[parcel]
    share = np.divide(kw, total, out=np.zeros_like(kw), where=total > 0)
    shared: Floats = share * kwh[parcel]
    return shared
