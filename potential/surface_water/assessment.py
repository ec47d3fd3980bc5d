"""Surface water and sewage: heat and cold from rivers, lakes, sewage and reclaimed water for parcels nearby."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from core.jobs import Job
from layers.city import City
from potential import Assessment, Potential
from potential.heat_load import HeatLoad
from potential.heat_results import HeatGiven, added, heat_columns, heat_totals
from potential.heat_worth import HeatWorth
from potential.surface_water.judging import verdicts
from potential.surface_water.numbers import WaterNumbers, WaterState
from potential.surface_water.results import Costs, link_frame, option_rows, source_frame
from potential.surface_water.serving import by_link, in_turn, serve_cold, serve_heat, water_links
from potential.surface_water.sources import MISSING, water_sources
from standards import Taken

NAME, PREFIX = "surface_water", "water"


@dataclass(frozen=True)
class SurfaceWaterSettings:
    """What a planner may set.

    Parameters
    ----------
    peak_share : float
        Share of the highest power of parcels that heat pumps carry; boilers and chillers carry the rest. Peaks are
        short: 0.6 of the power covers most of the energy, and a shared source serves more parcels.
    draws : int
        How often uncertain numbers are drawn anew.
    electricity_basis : str
        How electricity is counted as coal.
    """

    peak_share: float = field(default=0.6, metadata={"low": 0.2, "high": 1.0})
    draws: int = field(default=48, metadata={"low": 16, "high": 256})
    electricity_basis: str = field(
        default="elec_equivalent", metadata={"choices": ("elec_equivalent", "elec_calorific")}
    )


def assess(city: City, demand: Any, settings: SurfaceWaterSettings, job: Job) -> Assessment:
    """Heat and cold from water for every parcel of a city.

    Parameters
    ----------
    city : City
        With tables `parcel`, and `water` and `facility` where known; raster `terrain`.
    demand : Demand
        What buildings need.
    settings : SurfaceWaterSettings
        What the planner set.
    job : Job
        Reports progress and stops when asked.

    Returns
    -------
    Assessment
        `details` has `water_source` (shapes with budgets and what is left) and `water_link` (pipes).
    """
    job.say("Sharing water", 0.0, force=True)
    taken = Taken(city.standards)
    numbers = WaterNumbers.of(taken)
    worth = HeatWorth.of(city, taken, settings.electricity_basis)
    costs = Costs.of(taken)
    parcels = city.tables["parcel"]
    sources = water_sources(city, numbers)
    heat = HeatLoad.of(demand, parcels.index, ("heat", "hot_water"))
    cold = HeatLoad.of(demand, parcels.index, ("cold",))
    links = water_links(city, parcels, sources, numbers)
    turned = in_turn(links, heat.kwh.sum(axis=1) + cold.kwh.sum(axis=1), numbers.step_m)
    as_given = WaterState.as_given(numbers, len(sources.table))
    warm = serve_heat(heat, turned, sources, numbers, as_given, settings.peak_share)
    cool = serve_cold(cold, turned, sources, numbers, as_given, settings.peak_share)
    states = WaterState.drawn(taken, len(sources.table), settings.draws)
    in_draws = np.array(
        [
            serve_heat(heat, turned, sources, numbers, state, settings.peak_share).kwh.sum(axis=1)
            for state in job.each(states, "Drawing uncertain water")
        ]
    )
    lacking = [name for name in ("water", "facility") if name not in city.tables]
    judged = verdicts(heat, cold, links, turned, warm, cool, sources, numbers, lacking)
    judged.clear(parcels)
    parcel = turned["parcel"].to_numpy(np.int64)
    count = len(parcels)
    link_kwh = by_link(parcel, warm.kw, warm.kwh)
    cold_kwh = by_link(parcel, cool.kw, cool.kwh)
    gfa = demand.parcels["gfa_m2"].reindex(parcels.index).fillna(0.0).to_numpy(dtype=float)
    lines = link_frame(
        parcels, turned, warm, cool, link_kwh, cold_kwh, sources, costs, heat, cold, gfa, worth
    )
    given = HeatGiven(
        kw=added(parcel, warm.kw, count).max(axis=1, initial=0.0),
        kwh=warm.kwh,
        power_kwh=added(parcel, (link_kwh * warm.power).sum(axis=1, where=link_kwh > 0), count),
        kwh_in_draws=in_draws,
        capex_yuan=added(lines["parcel"].to_numpy(), lines["water_capex_yuan"].to_numpy(), count),
        cold_kw=added(parcel, cool.kw, count).max(axis=1, initial=0.0),
        cold_kwh=cool.kwh.sum(axis=1),
    )
    rows = np.arange(count)
    hardest = heat.peak_kw.argmax(axis=1)
    frame = pd.DataFrame(
        {
            **judged.columns(),
            **heat_columns(PREFIX, given, worth),
            "water_firm_heat_kw": np.round(added(parcel, warm.kw, count)[rows, hardest], 1),
            "water_unserved_kw": np.round(warm.unserved_kw.max(axis=1, initial=0.0), 1),
            **_nearest(turned, sources.table, count),
        },
        index=parcels.index,
    )
    return Assessment(
        name=NAME,
        parcels=frame,
        options=option_rows(lines, numbers),
        details=MappingProxyType(
            {
                "water_source": source_frame(sources, warm, cool, turned),
                "water_link": lines.drop(columns=["parcel", "source"]),
            }
        ),
        totals=MappingProxyType(heat_totals(PREFIX, frame, in_draws)),
        numbers=tuple(taken.used),
        remarks=_remarks(sources.table),
    )


SURFACE_WATER = Potential(
    name=NAME,
    title="Surface water and sewage",
    tables=("parcel",),
    rasters=(),
    standards=(
        "geothermal_rules",
        "surface_water",
        "heat_supply",
        "waste_heat",
        "costs",
        "heat_source_efficiency",
        "energy_conversion",
        "grid_factors",
    ),
    settings=SurfaceWaterSettings,
    assess=assess,
    uses_demand=True,
)


def _nearest(turned: pd.DataFrame, sources: gpd.GeoDataFrame, count: int) -> dict[str, Any]:
    """The nearest source that can serve each parcel, how far and how high."""
    found: dict[str, Any] = {
        "water_source_id": np.full(count, "", dtype=object),
        "water_distance_m": np.full(count, np.nan),
        "water_lift_m": np.full(count, np.nan),
    }
    first = turned.sort_values("distance_m", kind="stable").drop_duplicates("parcel")
    parcel = first["parcel"].to_numpy()
    found["water_source_id"][parcel] = sources.index.to_numpy()[first["source"]]
    found["water_distance_m"][parcel] = first["distance_m"].round(0)
    found["water_lift_m"][parcel] = first["lift_m"].round(1)
    return found


def _remarks(sources: gpd.GeoDataFrame) -> tuple[str, ...]:
    said = [
        "Water changes by no more than the weekly limits of GB 3838, taken as fully mixed at low flow.",
        "Parcels are served by nearness, the larger need first within a step; the unserved rest is shown.",
        "Heat pumps carry the share of the peak that is set; boilers and chillers carry the rest.",
        "Heat drawn and heat rejected are not set off against each other.",
        "Sewage belongs to this source and is given out nowhere else; its heat is taken behind the works.",
        "Rivers that meet are not coupled; an assessment of the water body must show it.",
        "What cold saves against chillers is not counted in coal and CO2.",
    ]
    kinds = set(sources["kind"])
    if {"sewage_works", "reclaimed_water"} <= kinds:
        said.append("Reclaimed water comes from the sewage works, whose flow is less by it.")
    if "sea" in kinds:
        said.append("The sea is taken as a lake of the area given; limits of GB 3097 are for its assessment.")
    if (sources["water_reach"] > 1).any():
        said.append("Long rivers are cut into reaches with half a budget each.")
    if (sources["state"] == MISSING).any():
        said.append("Sources without flow or temperature give nothing until these are entered.")
    return tuple(said)
