"""Serving parcels with waste heat: pipes within reach, matched in the hardest month and carrying heat in every one."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
    reserved_kw : ndarray, shape (links,)
        Mean power over all hours of the hardest month, delivered to the parcel: what the pipe is for.
    flow_kw : ndarray, shape (links, 12)
        Mean power over all hours of every month.
    supply_kw : ndarray, shape (sources, 12)
        Mean power that sources could deliver.
    power_per_heat, direct : ndarray, shape (sources, 12)
        Electricity for a unit of heat, and where none is needed.
    hardest : int
        Month in which parcels together need most, from 0.
    order : ndarray of int
        Links worth while in the order of their prices in that month.
    """

    reserved_kw: Floats
    flow_kw: Floats
    supply_kw: Floats
    power_per_heat: Floats
    direct: NDArray[np.bool_]
    hardest: int
    order: NDArray[np.int64]


def waste_links(parcels: gpd.GeoDataFrame, sources: WasteSources, numbers: WasteNumbers) -> pd.DataFrame:
    """Pairs of parcels and sources within the distance that the warmth of the source allows.

    `length_m` is along streets, `long` says that it is beyond what is easily reached.
    """
    table = sources.table
    links = links_within(parcels, table.geometry.to_numpy(), table["far_m"].to_numpy() / numbers.detour)
    length = links["distance_m"] * numbers.detour
    return links.assign(length_m=length, long=length > table["near_m"].to_numpy()[links["source"]])


def match_year(
    load: HeatLoad,
    parcels: gpd.GeoDataFrame,
    links: pd.DataFrame,
    sources: WasteSources,
    numbers: WasteNumbers,
) -> Matched:
    """Match what sources deliver with what parcels need of heat and hot water.

    Pipes are laid for the month in which parcels together need most; its match says who is joined to what. In every
    other month the same pipes carry what is needed then, never more than in that month nor than the source then has.
    """
    supply, power, direct = sources.given(numbers, WasteState.as_given(numbers, len(sources.table)))
    source, parcel = links["source"].to_numpy(np.int64), links["parcel"].to_numpy(np.int64)
    needed, need = load.kwh / MONTH_HOURS, load.kwh.sum(axis=1)
    hardest = int(np.argmax(needed.sum(axis=0)))
    worth = numbers.other_yuan_per_kwh
    cost = link_cost(links, power[:, hardest], need, numbers)
    ends = (source, parcel, cost, supply[:, hardest], needed[:, hardest], worth)
    if len(links) > MOST_LINKS:
        kept = cost < worth
        reserved, price = match_gathered(*ends, _cells(parcels, source[kept], parcel[kept], len(supply)))
    else:
        reserved, price = match(*ends)
    return Matched(
        reserved_kw=reserved,
        flow_kw=flow_in_months(source, parcel, reserved, supply, needed, hardest),
        supply_kw=supply,
        power_per_heat=power,
        direct=direct,
        hardest=hardest,
        order=by_price(source, parcel, cost, price, worth),
    )


def flow_in_months(
    source: NDArray[np.int64],
    parcel: NDArray[np.int64],
    reserved: Floats,
    supply: Floats,
    needed: Floats,
    hardest: int,
) -> Floats:
    """What pipes carry in every month, shape (links, 12), where they carry `reserved` in the hardest.

    A source that has less in another month has less in all its pipes. Where a parcel needs less than its pipes
    could bring, they share its need by what they could.
    """
    then = supply[:, hardest : hardest + 1]
    share = np.divide(np.minimum(supply, then), then, out=np.zeros_like(supply), where=then > 0)
    could = reserved[:, None] * share[source]
    together = added(parcel, could, len(needed))
    part = np.divide(np.minimum(together, needed), together, out=np.zeros_like(together), where=together > 0)
    flow: Floats = could * part[parcel]
    return flow


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
    month, order = matched.hardest, matched.order
    _, _, reserved, _ = serve_in_turn(
        parcel[order],
        source[order],
        np.ones((len(order), 1)),
        needed[:, month : month + 1],
        supply[:, month],
        np.ones((len(supply), 1)),
    )
    flow = flow_in_months(source[order], parcel[order], reserved, supply, needed, month)
    return added(parcel[order], flow @ MONTH_HOURS, len(needed))


def _cells(
    parcels: gpd.GeoDataFrame, source: NDArray[np.int64], parcel: NDArray[np.int64], sources: int
) -> NDArray[np.int64]:
    reached = np.zeros((len(parcels), sources), dtype=bool)
    reached[parcel, source] = True
    middle = parcels.geometry.representative_point()
    return cells_of(middle.x.to_numpy(), middle.y.to_numpy(), reached, CELL_M)
