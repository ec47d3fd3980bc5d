"""Results of water: sources with budgets and what is left, pipes to parcels, and the options of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from potential.heat_load import HeatLoad
from potential.heat_results import added
from potential.heat_worth import HeatWorth
from potential.links import link_lines
from potential.surface_water.numbers import WaterNumbers
from potential.surface_water.serving import Side
from potential.surface_water.sources import SEWAGE, WaterSources
from standards import Taken

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Costs:
    """Investment by floor area served and by metre of pipe, and upkeep of a year as a share of it."""

    yuan_per_m2: float
    yuan_per_m: float
    upkeep: float

    @classmethod
    def of(cls, taken: Taken) -> Costs:
        """The costs in force."""
        return cls(
            yuan_per_m2=taken.number("costs", key="sewage_surface_hp", item="capex"),
            yuan_per_m=taken.number("heat_supply", item="pipe", case="capex"),
            upkeep=taken.number("heat_supply", item="upkeep", case="share"),
        )


def link_frame(
    parcels: gpd.GeoDataFrame,
    turned: pd.DataFrame,
    warm: Side,
    cool: Side,
    heat_kwh: Floats,
    cold_kwh: Floats,
    sources: WaterSources,
    costs: Costs,
    heat: HeatLoad,
    cold: HeatLoad,
    gfa_m2: Floats,
    worth: HeatWorth,
) -> gpd.GeoDataFrame:
    """Links that give something, with pipes as lines, power, energy, money and carbon."""
    heat_kw, cold_kw = (kw.max(axis=1, initial=0.0) for kw in (warm.kw, cool.kw))
    kept = (heat_kw > 0) | (cold_kw > 0)
    links = turned[kept].reset_index(drop=True)
    parcel, source = links["parcel"].to_numpy(), links["source"].to_numpy()
    heat_kw, cold_kw = heat_kw[kept], cold_kw[kept]
    floor = gfa_m2[parcel] * np.maximum(_share(heat_kw, heat, parcel), _share(cold_kw, cold, parcel))
    capex = floor * costs.yuan_per_m2 + links["distance_m"].to_numpy() * costs.yuan_per_m
    power = np.where(heat_kwh > 0, heat_kwh * warm.power, 0.0).sum(axis=1)[kept]
    chilling = np.where(cold_kwh > 0, cold_kwh * cool.power, 0.0).sum(axis=1)[kept]
    year = heat_kwh.sum(axis=1)[kept]
    capex = np.round(capex)
    lines = link_lines(parcels, sources.table.geometry.to_numpy(), links)
    return gpd.GeoDataFrame(
        {
            "parcel": parcel,
            "source": source,
            "parcel_id": parcels.index.to_numpy()[parcel],
            "water_source_id": sources.table.index.to_numpy()[source],
            "kind": sources.table["kind"].to_numpy()[source],
            "length_m": links["distance_m"].round(0).to_numpy(),
            "water_lift_m": links["lift_m"].round(1).to_numpy(),
            "water_heat_kw": np.round(heat_kw, 1),
            "water_cold_kw": np.round(cold_kw, 1),
            "water_drawn_kw": np.round(warm.reserved_kw[kept], 1),
            "water_heat_kwh_per_year": np.round(year),
            "water_cold_kwh_per_year": np.round(cold_kwh.sum(axis=1)[kept]),
            "water_electricity_kwh_per_year": np.round(power),
            "water_capex_yuan": capex,
            "opex_yuan_per_year": np.round(capex * costs.upkeep + (power + chilling) * worth.power_yuan),
            "water_avoided_tco2_per_year": np.round(worth.avoided_tco2(year, power), 3),
        },
        geometry=lines,
        crs=parcels.crs,
        index=pd.Index([f"WL-{number + 1:05d}" for number in range(len(links))], name="water_link_id"),
    )


def _share(kw: Floats, load: HeatLoad, parcel: NDArray[np.int64]) -> Floats:
    peak = load.peak_kw.max(axis=1)[parcel]
    share: Floats = np.clip(np.divide(kw, peak, out=np.zeros_like(kw), where=peak > 0), 0, 1)
    return share


def source_frame(sources: WaterSources, warm: Side, cool: Side, turned: pd.DataFrame) -> gpd.GeoDataFrame:
    """Sources with what they may give in each month, what is used, and what is left."""
    table = sources.table
    budget, used = np.round(warm.budget_kw, 1), np.round(warm.used_kw, 1)
    source = turned["source"].to_numpy(np.int64)
    waiting = added(source, warm.unserved_kw[turned["parcel"].to_numpy()], len(table))
    columns: dict[str, Any] = {
        "name": table["name"],
        "kind": table["kind"],
        "water_reach": table["water_reach"],
        "water_source_state": table["state"],
        "missing_data": table["said"].where(table["state"] == "missing", ""),
        "water_users": np.bincount(source[warm.kw.max(axis=1, initial=0) > 0], minlength=len(table)),
        "water_heat_budget_kw": budget.max(axis=1, initial=0.0),
        "water_heat_left_kw": np.round(warm.left_kw, 1),
        "water_cold_budget_kw": np.round(cool.budget_kw.max(axis=1, initial=0.0), 1),
        "water_cold_left_kw": np.round(cool.left_kw, 1),
        "water_unserved_kw": np.round(waiting.max(axis=1, initial=0.0), 1),
        **{f"water_budget_kw_month_{month + 1:02d}": budget[:, month] for month in range(12)},
        **{f"water_used_kw_month_{month + 1:02d}": used[:, month] for month in range(12)},
    }
    return gpd.GeoDataFrame(columns, geometry=table.geometry, crs=table.crs, index=table.index)


def option_rows(lines: gpd.GeoDataFrame, numbers: WaterNumbers) -> pd.DataFrame:
    """What a plan may choose: one row for every parcel and source that gives it heat."""
    able = lines[lines["water_heat_kw"] > 0]
    power = able["water_heat_kw"].to_numpy()
    return pd.DataFrame(
        {
            "parcel_id": able["parcel_id"].to_numpy(),
            "technology": np.where(able["kind"].isin(SEWAGE), "sewage_heat_pump", "surface_water_heat_pump"),
            "most_kw": power,
            "kwh_per_kw": able["water_heat_kwh_per_year"].to_numpy() / power,
            "capex_yuan": able["water_capex_yuan"].to_numpy(),
            "opex_yuan_per_year": able["opex_yuan_per_year"].to_numpy(),
            "avoided_tco2_per_year": able["water_avoided_tco2_per_year"].to_numpy(),
            "temperature_c": numbers.pump.heating_c,
            "resource": "water_source",
            "resource_id": able["water_source_id"].to_numpy(),
            "resource_drawn": able["water_drawn_kw"].to_numpy(),
        },
        index=pd.RangeIndex(len(able), name="option_id"),
    )
