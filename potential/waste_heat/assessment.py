"""Waste heat: heat of power plants, industry, data centres and incineration, matched with parcels month by month."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from layers.city import City
from potential import Assessment, Grade, Potential
from potential.heat_load import HeatLoad
from potential.heat_results import HeatGiven, added, heat_columns, heat_totals
from potential.heat_worth import HeatWorth
from potential.links import link_lines
from potential.sums import ratio
from potential.verdicts import Verdicts
from potential.waste_heat.numbers import WasteNumbers, WasteState
from potential.waste_heat.serving import (
    MONTH_HOURS,
    Matched,
    heat_in_draw,
    link_cost,
    match_year,
    waste_links,
)
from potential.waste_heat.sources import HOURS_PER_YEAR, WasteSources, waste_sources
from standards import Taken

NAME, PREFIX = "waste_heat", "waste"
LEAST_KW = 0.05  # below what is shown of a power, nothing is given
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WasteHeatSettings:
    """What a planner may set.

    Parameters
    ----------
    draws : int
        How often uncertain numbers are drawn anew.
    electricity_basis : str
        How electricity is counted as coal.
    """

    draws: int = field(default=48, metadata={"low": 16, "high": 256})
    electricity_basis: str = field(
        default="elec_equivalent", metadata={"choices": ("elec_equivalent", "elec_calorific")}
    )


def assess(city: City, demand: Any, settings: WasteHeatSettings, job: Job) -> Assessment:
    """Waste heat for every parcel of a city.

    Parameters
    ----------
    city : City
        With tables `parcel`, and `facility` where known.
    demand : Demand
        What buildings need.
    settings : WasteHeatSettings
        What the planner set.
    job : Job
        Reports progress and stops when asked.

    Returns
    -------
    Assessment
        `details` has `heat_source` (points: what it gives, what is used and left) and `heat_link` (lines).
    """
    taken = Taken(city.standards)
    numbers = WasteNumbers.of(taken)
    worth = HeatWorth.of(city, taken, settings.electricity_basis)
    parcels = city.tables["parcel"]
    count = len(parcels)
    sources = waste_sources(city, numbers)
    load = HeatLoad.of(demand, parcels.index, ("heat", "hot_water"))
    links = waste_links(parcels, sources, numbers)
    job.say("Matching waste heat", 0.0, force=True)
    matched = match_year(load, parcels, links, sources, numbers)
    states = WasteState.drawn(taken, numbers, len(sources.table), settings.draws)
    in_draws = np.array(
        [
            heat_in_draw(load, links, matched, sources, numbers, state)
            for state in job.each(states, "Drawing uncertain waste heat")
        ]
    )
    lines = link_frame(parcels, links, matched, sources, numbers, worth)
    parcel = links["parcel"].to_numpy(np.int64)
    kwh = added(parcel, matched.flow_kw, count) * MONTH_HOURS
    given = HeatGiven(
        kw=added(lines["parcel"].to_numpy(), lines["waste_heat_kw"].to_numpy(), count),
        kwh=kwh,
        power_kwh=added(
            lines["parcel"].to_numpy(), lines["waste_electricity_kwh_per_year"].to_numpy(), count
        ),
        kwh_in_draws=in_draws,
        capex_yuan=added(lines["parcel"].to_numpy(), lines["waste_capex_yuan"].to_numpy(), count),
    )
    lacking = "facility" not in city.tables
    judged = verdicts(load, kwh, links, lines, sources, numbers, lacking)
    judged.clear(parcels)
    need = load.kwh.sum(axis=1)
    frame = pd.DataFrame(
        {
            **judged.columns(),
            **heat_columns(PREFIX, given, worth),
            "waste_cover": ratio(kwh.sum(axis=1), need).round(3),
            "waste_yuan_per_kwh": price_of(lines, count, numbers).round(3),
        },
        index=parcels.index,
    )
    return Assessment(
        name=NAME,
        parcels=frame,
        options=option_rows(lines, numbers),
        details=MappingProxyType(
            {
                "heat_source": source_frame(sources, matched, links),
                "heat_link": lines.drop(columns=["parcel", "source"]),
            }
        ),
        totals=MappingProxyType(heat_totals(PREFIX, frame, in_draws)),
        numbers=tuple(taken.used),
        remarks=_remarks(sources.table),
    )


WASTE_HEAT = Potential(
    name=NAME,
    title="Waste heat",
    tables=("parcel",),
    rasters=(),
    standards=(
        "waste_heat",
        "waste_heat_rules",
        "heat_supply",
        "heat_source_efficiency",
        "energy_conversion",
        "grid_factors",
    ),
    settings=WasteHeatSettings,
    assess=assess,
    uses_demand=True,
)


def link_frame(
    parcels: gpd.GeoDataFrame,
    links: pd.DataFrame,
    matched: Matched,
    sources: WasteSources,
    numbers: WasteNumbers,
    worth: HeatWorth,
) -> gpd.GeoDataFrame:
    """Links that carry something, with their power while the source runs, energy and money."""
    source, parcel = links["source"].to_numpy(), links["parcel"].to_numpy()
    running = (sources.table["hours"].to_numpy() / HOURS_PER_YEAR)[source]
    kw = matched.reserved_kw / np.where(running > 0, running, 1.0)
    kept = kw >= LEAST_KW
    kwh = matched.flow_kw * MONTH_HOURS
    power = (kwh * matched.power_per_heat[source]).sum(axis=1)[kept]
    chosen = links[kept].reset_index(drop=True)
    source, parcel, kw, year = source[kept], parcel[kept], np.round(kw[kept], 1), kwh.sum(axis=1)[kept]
    direct = matched.direct[source].all(axis=1)
    station = np.where(direct, numbers.direct_yuan_per_kw, numbers.pump_yuan_per_kw)
    capex = np.round(kw * station + chosen["length_m"].to_numpy() * numbers.pipe_yuan_per_m)
    opex = np.round(capex * numbers.upkeep + power * worth.power_yuan)
    return gpd.GeoDataFrame(
        {
            "parcel": parcel,
            "source": source,
            "facility_id": sources.table.index.to_numpy()[source],
            "parcel_id": parcels.index.to_numpy()[parcel],
            "kind": sources.table["kind"].to_numpy()[source],
            "length_m": chosen["length_m"].round(0).to_numpy(),
            "waste_long": chosen["long"].to_numpy(),
            "waste_direct": direct,
            "waste_heat_kw": kw,
            "waste_drawn_kw": np.round(kw * (1 - matched.power_per_heat[source, matched.hardest]), 1),
            "waste_heat_kwh_per_year": np.round(year),
            "waste_electricity_kwh_per_year": np.round(power),
            "waste_capex_yuan": capex,
            "opex_yuan_per_year": opex,
            "waste_yuan_per_kwh": ratio(capex * numbers.annuity + opex, year).round(3),
            "waste_avoided_tco2_per_year": np.round(worth.avoided_tco2(year, power), 3),
        },
        geometry=link_lines(parcels, sources.table.geometry.to_numpy(), chosen),
        crs=parcels.crs,
        index=pd.Index([f"HL-{number + 1:05d}" for number in range(len(chosen))], name="heat_link_id"),
    )


def source_frame(sources: WasteSources, matched: Matched, links: pd.DataFrame) -> gpd.GeoDataFrame:
    """Sources with what they could deliver into networks, what is used, and what is left in each month."""
    table = sources.table
    could = np.round(matched.supply_kw * MONTH_HOURS)
    flow = added(links["source"].to_numpy(np.int64), matched.flow_kw, len(table)) * MONTH_HOURS
    used = np.minimum(np.round(flow), could)
    left = could - used
    columns: dict[str, Any] = {
        "name": table["name"],
        "kind": table["kind"],
        "waste_source_kw": np.round(table["power_kw"], 1),
        "waste_heat_c": sources.warmth[:, 6],
        "waste_heat_winter_c": sources.warmth[:, 0],
        "operating_hours": table["hours"],
        "missing_data": table["said"],
        "waste_could_kwh_per_year": could.sum(axis=1),
        "waste_used_kwh_per_year": used.sum(axis=1),
        "waste_left_kwh_per_year": left.sum(axis=1),
        **{f"waste_left_kwh_month_{month + 1:02d}": left[:, month] for month in range(12)},
    }
    return gpd.GeoDataFrame(columns, geometry=table.geometry, crs=table.crs, index=table.index)


def verdicts(
    load: HeatLoad,
    kwh: Floats,
    links: pd.DataFrame,
    lines: gpd.GeoDataFrame,
    sources: WasteSources,
    numbers: WasteNumbers,
    lacking: bool,
) -> Verdicts:
    """Grade every parcel by what it gets, from how far, and how."""
    count = len(kwh)
    found = Verdicts(count)
    parcel, source = links["parcel"].to_numpy(), links["source"].to_numpy()
    given, need = kwh.sum(axis=1), load.kwh.sum(axis=1)
    something = np.bincount(lines["parcel"].to_numpy(dtype=np.int64), minlength=count) > 0
    found.lack(~load.known, "heat_kwh_per_year")
    no_need = load.known & ~load.wants
    found.judge(no_need, Grade.UNSUITABLE, "no need of heat known")
    nothing = load.known & load.wants & ~something
    said = sources.table["said"].to_numpy()[source]
    for name in np.unique(said[said != ""]):
        found.lack(nothing & (np.bincount(parcel[said == name], minlength=count) > 0), str(name))
    if lacking:
        found.lack(nothing, "facility")
    reached = np.bincount(parcel[said == ""], minlength=count) > 0
    dearest = link_cost(links, np.zeros(len(sources.table)), need, numbers) >= numbers.other_yuan_per_kwh
    cheap = np.bincount(parcel[(said == "") & ~dearest], minlength=count) > 0
    found.judge(nothing & reached & ~cheap, Grade.UNSUITABLE, "pipe too dear for its need")
    found.judge(nothing & ~reached, Grade.UNSUITABLE, "no waste heat within reach")
    found.judge(nothing & cheap, Grade.UNSUITABLE, "waste heat is given to others")
    price = np.nan_to_num(price_of(lines, count, numbers))
    found.judge(
        something & (price > numbers.other_yuan_per_kwh), Grade.CONDITIONAL, "dearer than heat from gas"
    )
    cover = np.divide(given, need, out=np.ones(count), where=need > 0)
    part = something & (cover < numbers.cover_conditional)
    found.judge(part, Grade.CONDITIONAL, "waste heat covers a part")
    fairly = something & ~part & (cover < numbers.cover_fairly)
    found.judge(fairly, Grade.FAIRLY_SUITABLE, "waste heat covers a part")
    for column, words in (("waste_long", "long pipe"), ("waste_direct", "heat pump needed")):
        flag = lines[column].to_numpy(dtype=bool) == (column == "waste_long")
        rows = np.bincount(lines["parcel"].to_numpy(dtype=np.int64)[flag], minlength=count) > 0
        found.judge(something & rows, Grade.FAIRLY_SUITABLE, words)
    return found


def price_of(lines: gpd.GeoDataFrame, count: int, numbers: WasteNumbers) -> Floats:
    """Cost of the heat of every parcel: yearly share of the investment, upkeep and electricity. [CNY/kWh]"""
    parcel = lines["parcel"].to_numpy(dtype=np.int64)
    yuan = lines["waste_capex_yuan"].to_numpy() * numbers.annuity + lines["opex_yuan_per_year"].to_numpy()
    heat = lines["waste_heat_kwh_per_year"].to_numpy()
    return ratio(added(parcel, yuan, count), added(parcel, heat, count))


def option_rows(lines: gpd.GeoDataFrame, numbers: WasteNumbers) -> pd.DataFrame:
    """What a plan may choose: one row for every parcel and source that gives it heat."""
    power = lines["waste_heat_kw"].to_numpy()
    return pd.DataFrame(
        {
            "parcel_id": lines["parcel_id"].to_numpy(),
            "technology": np.where(lines["waste_direct"], "waste_heat_direct", "waste_heat_pump"),
            "most_kw": power,
            "kwh_per_kw": lines["waste_heat_kwh_per_year"].to_numpy() / power,
            "capex_yuan": lines["waste_capex_yuan"].to_numpy(),
            "opex_yuan_per_year": lines["opex_yuan_per_year"].to_numpy(),
            "avoided_tco2_per_year": lines["waste_avoided_tco2_per_year"].to_numpy(),
            "temperature_c": numbers.network_c,
            "resource": "heat_source",
            "resource_id": lines["facility_id"].to_numpy(),
            "resource_drawn": lines["waste_drawn_kw"].to_numpy(),
        },
        index=pd.RangeIndex(len(lines), name="option_id"),
    )


def _remarks(sources: gpd.GeoDataFrame) -> tuple[str, ...]:
    said = [
        "Sources and parcels are matched at least cost in the hardest month, whose pipes serve the others.",
        "Every month is counted by itself, and nothing is given out twice.",
        "Hours of operation are spread evenly over the year; stores even out the hours of a day.",
        "Waste heat carries the mean of the hardest month; boilers carry the peaks of cold days.",
        "What is left in summer may warm ground fields again.",
        "Heat of sewage and reclaimed water is given out as surface water, not here.",
        "What is recoverable is an assumption until an energy audit shows it.",
    ]
    if not sources["hours_given"].all():
        said.append("Hours of operation that are not given follow from the kind of facility.")
    if not sources["warmth_given"].all():
        said.append("Temperatures of data centres that are not given are planning figures.")
    if (sources["said"] != "").any():
        said.append("Facilities without waste heat or temperature give nothing until these are entered.")
    return tuple(said)
