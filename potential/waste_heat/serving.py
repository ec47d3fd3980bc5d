"""Serving parcels with waste heat: pipes within reach, and sources matched with needs month by month."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from potential.heat_load import HeatLoad
from potential.heat_results import added
from potential.links import links_within
from potential.shared_budget import serve_in_turn
from potential.waste_heat.matching import MOST_LINKS, by_price, cells_of, match, match_gathered
from potential.waste_heat.numbers import WasteNumbers, WasteState
from potential.waste_heat.sources import WasteSources

MONTH_HOURS = 24.0 * np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
CELL_M = 500.0
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Matched:
    """What sources give parcels.

    Parameters
    ----------
    flow_kw : ndarray, shape (links, 12)
        Mean power over all hours of a month, delivered to the parcel.
    supply_kw : ndarray, shape (sources, 12)
        Mean power that sources could deliver.
    power_per_heat, direct : ndarray, shape (sources, 12)
        Electricity for a unit of heat, and where none is needed.
    orders : list of 12 ndarrays of int
        Links in the order of their prices in each month.
    """

    flow_kw: Floats
    supply_kw: Floats
    power_per_heat: Floats
    direct: NDArray[np.bool_]
    orders: list[NDArray[np.int64]]


def waste_links(parcels: gpd.GeoDataFrame, sources: WasteSources, numbers: WasteNumbers) -> pd.DataFrame:
    """Pairs of parcels and sources within the distance that the warmth of the source allows.

    `length_m` is along streets, `long` says that it is beyond what is easily reached.
    """
    table = sources.table
    links = links_within(parcels, table.geometry.to_numpy(), table["far_m"].to_numpy() / numbers.detour)
    length = links["distance_m"] * numbers.detour
    return links.assign(length_m=length, long=length > table["near_m"].to_numpy()[links["source"]])


def match_months(
    load: HeatLoad,
    parcels: gpd.GeoDataFrame,
    links: pd.DataFrame,
    sources: WasteSources,
    numbers: WasteNumbers,
    job: Job,
) -> Matched:
    """Match what sources deliver with what parcels need of heat and hot water, every month by itself."""
    state = WasteState.as_given(numbers, len(sources.table))
    supply, power, direct = sources.given(numbers, state)
    source, parcel = links["source"].to_numpy(np.int64), links["parcel"].to_numpy(np.int64)
    needed = load.kwh / MONTH_HOURS
    flow = np.zeros((len(links), 12))
    orders: list[NDArray[np.int64]] = []
    need = load.kwh.sum(axis=1)
    cell = None
    if len(links) > MOST_LINKS:
        cheap = link_cost(links, np.zeros(len(supply)), need, numbers) < numbers.other_yuan_per_kwh
        cell = _cells(parcels, source[cheap], parcel[cheap], len(supply))
    for month in job.each(range(12), "Matching waste heat"):
        cost = link_cost(links, power[:, month], need, numbers)
        ends = (source, parcel, cost, supply[:, month], needed[:, month], numbers.other_yuan_per_kwh)
        flow[:, month], price = match(*ends) if cell is None else match_gathered(*ends, cell)
        orders.append(by_price(source, parcel, cost, price, numbers.other_yuan_per_kwh))
    return Matched(flow, supply, power, direct, orders)


def link_cost(links: pd.DataFrame, power_per_heat: Floats, need_kwh: Floats, numbers: WasteNumbers) -> Floats:
    """Cost of a unit of heat over every link, shape (links,). [CNY/kWh]

    Losses and pumping along the way, the electricity of heat pumps, and the pipe, whose yearly cost is spread over all
    that the parcel needs in a year, however many sources serve it.
    """
    length = links["length_m"].to_numpy()
    need = need_kwh[links["parcel"]]
    pipe = length * numbers.pipe_yuan_per_m * numbers.annuity
    spread = np.divide(pipe, need, out=np.full(len(links), np.inf), where=need > 0)
    power = power_per_heat[links["source"]] * numbers.power_yuan_per_kwh
    cost: Floats = length * numbers.loss_yuan_per_kwh_m + power + spread
    return cost


def heat_in_draw(
    load: HeatLoad,
    links: pd.DataFrame,
    matched: Matched,
    sources: WasteSources,
    numbers: WasteNumbers,
    state: WasteState,
) -> Floats:
    """Heat of every parcel in a year of one draw, given in turn at the prices of the match. [kWh]"""
    source, parcel = links["source"].to_numpy(np.int64), links["parcel"].to_numpy(np.int64)
    supply, _, _ = sources.given(numbers, state)
    needed = load.kwh / MONTH_HOURS * state.demand
    year = np.zeros(len(load.kwh))
    for month, order in enumerate(matched.orders):
        served, _, _ = serve_in_turn(
            parcel[order],
            source[order],
            np.ones((len(order), 1)),
            needed[:, month : month + 1],
            supply[:, month : month + 1],
        )
        year += added(parcel[order], served[:, 0], len(year)) * MONTH_HOURS[month]
    return year


def _cells(
    parcels: gpd.GeoDataFrame, source: NDArray[np.int64], parcel: NDArray[np.int64], sources: int
) -> NDArray[np.int64]:
    reached = np.zeros((len(parcels), sources), dtype=bool)
    reached[parcel, source] = True
    middle = parcels.geometry.representative_point()
    return cells_of(middle.x.to_numpy(), middle.y.to_numpy(), reached, CELL_M)
