"""Heat figures: the charts of one parcel's sources of heat, from what assessments found, for reports and cards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.look import LIGHT
from core.texts import text
from potential import Assessment
from reports.heat_charts import (
    Stage,
    Temperatures,
    cascade,
    demand_and_supply,
    field_temperatures,
    ground_balance,
    produced_temperature,
)
from reports.wording import title_of

MONTHS = 12
SHALLOW, GROUNDWATER, DEEP, DEMAND = "shallow", "groundwater", "deep", "demand"
J_PER_MJ = 1e6
W_PER_KW = 1000.0
HOURS_PER_MONTH = 730.0
S_PER_HOUR = 3600.0


@dataclass(frozen=True)
class Figure:
    """A chart with its title, as SVG that is 82 mm wide."""

    title: str
    picture: str


def heat_figures(made: Assessment, parcel_id: Any, assessments: Mapping[str, Assessment]) -> list[Figure]:
    """The charts of one source of heat on one parcel; none where it gives nothing there."""
    if parcel_id not in made.parcels.index:
        return []
    row = made.parcels.loc[parcel_id]
    found = []
    own = OWN.get(made.name)
    if own is not None:
        found += own(made, row, parcel_id)
    return [*found, *_months(made, row, parcel_id, assessments)]


def _months(
    made: Assessment, row: pd.Series[Any], parcel_id: Any, assessments: Mapping[str, Assessment]
) -> list[Figure]:
    """Need of heat and hot water against what the source gives, month by month."""
    bases = [
        str(name).removesuffix("_month_01")
        for name in made.parcels.columns
        if str(name).endswith("_heat_kwh_month_01")
    ]
    need = assessments.get(DEMAND)
    if not bases or need is None or parcel_id not in need.parcels.index:
        return []
    supply = _year(row, bases[0])
    if not supply.sum() > 0:
        return []
    of_parcel = need.parcels.loc[parcel_id]
    demand = _year(of_parcel, "heat_kwh") + _year(of_parcel, "hot_water_kwh")
    title = text("Heat and hot water needed, and heat given")
    return [Figure(title, demand_and_supply(list(demand), {title_of(made): list(supply)}))]


def _shallow(made: Assessment, row: pd.Series[Any], parcel_id: Any) -> list[Figure]:
    """Balance of the ground, and the fluid through the years."""
    field_rows = made.details.get("ground_field")
    if field_rows is None or parcel_id not in field_rows.index:
        return []
    extraction, injection = _year(row, "ghe_extraction_kwh"), _year(row, "ghe_injection_kwh")
    taken_over = float(row["ghe_remedy_kwh_per_year"])
    words = str(row["ghe_remedy"] or "")
    remedy = (text(words), taken_over) if words and taken_over > 0 else None
    bar = ground_balance(float(extraction.sum()), float(injection.sum()), remedy=remedy)
    field = field_rows.loc[parcel_id]
    figures = [Figure(text("Heat balance of the ground"), bar)]
    warmest, coldest, wall = years_of_field(field, extraction, injection)
    curves = [
        Temperatures(text("Warmest fluid"), warmest, colour=LIGHT["bad"]),
        Temperatures(text("Ground at the boreholes"), wall, colour=LIGHT["deep"]),
        Temperatures(text("Coldest fluid"), coldest, colour=LIGHT["water"]),
    ]
    limits = [
        (text("Upper limit"), float(field["ghe_highest_c"])),
        (text("Lower limit"), float(field["ghe_lowest_c"])),
    ]
    picture = field_temperatures(curves, limits)
    return [*figures, Figure(text("Temperatures over {years} years (°C)", years=len(wall)), picture)]


def warm() -> None:
    """Follow one small field of boreholes, so that no kernel is compiled while somebody waits for a card."""
    field = {
        "ghe_years": 3, "ghe_rows_long": 2.0, "ghe_rows_short": 2.0, "ghe_holes": 4.0, "ghe_spacing_m": 5.0,
        "ghe_active_m": 100.0, "ghe_head_m": 2.0, "ghe_radius_m": 0.075, "borehole_resistance_mk_per_w": 0.1,
        "ground_conductivity_w_per_mk": 1.8, "ground_capacity_mj_per_m3k": 2.2, "ground_temp_c": 15.0,
        "ghe_lowest_c": 2.0, "ghe_highest_c": 33.0, "ghe_peak_h": 8.0, "ghe_extraction_peak_kw": 20.0,
        "ghe_injection_peak_kw": 20.0,
    }  # fmt: skip
    years_of_field(pd.Series(field), np.full(MONTHS, 2000.0), np.full(MONTHS, 1500.0))


def years_of_field(
    field: pd.Series[Any], extraction: np.ndarray[Any, Any], injection: np.ndarray[Any, Any]
) -> tuple[list[float], list[float], list[float]]:
    """Warmest and coldest fluid and mean wall of every year of one field of boreholes. [°C]

    Parameters
    ----------
    field : Series
        A row of the table `ground_field`.
    extraction, injection : ndarray of float, shape (12)
        Ground loads of the months. [kWh]
    """
    from potential.ground_heat.course import course  # late: the kernels take a while to import
    from potential.ground_heat.fields import Fields, Run
    from potential.ground_heat.loads import Loads

    years = int(field["ghe_years"])
    one = {name: np.array([float(value)]) for name, value in field.items()}
    loads = Loads.of_months(
        extraction[None] * W_PER_KW / HOURS_PER_MONTH,
        injection[None] * W_PER_KW / HOURS_PER_MONTH,
        one["ghe_extraction_peak_kw"] * W_PER_KW,
        one["ghe_injection_peak_kw"] * W_PER_KW,
    )
    found = course(
        Fields(
            n1=one["ghe_rows_long"],
            n2=one["ghe_rows_short"],
            holes=one["ghe_holes"],
            spacing=one["ghe_spacing_m"],
            length=one["ghe_active_m"],
            head=one["ghe_head_m"],
            radius=one["ghe_radius_m"],
            resistance=one["borehole_resistance_mk_per_w"],
            conductivity=one["ground_conductivity_w_per_mk"],
            capacity=one["ground_capacity_mj_per_m3k"] * J_PER_MJ,
            temperature=one["ground_temp_c"],
            fluid_min=one["ghe_lowest_c"],
            fluid_max=one["ghe_highest_c"],
        ),
        loads,
        Run(years=years, peak_s=float(field["ghe_peak_h"]) * S_PER_HOUR, margin=0.0),
    )
    warm, cold, wall = (
        np.asarray(values, dtype=float).reshape(years, MONTHS)
        for values in (found.after_injection, found.after_extraction, found.wall)
    )
    return list(warm.max(axis=1)), list(cold.min(axis=1)), list(wall.mean(axis=1))


def _deep(made: Assessment, row: pd.Series[Any], parcel_id: Any) -> list[Figure]:
    """The cascade of the cluster that the parcel belongs to."""
    stages = made.details.get("cascade")
    cluster = row.get("deep_cluster_id")
    if stages is None or stages.empty or not isinstance(cluster, str):
        return []
    here = stages[stages["deep_cluster_id"] == cluster]
    falling = here[here["stage_out_c"] < here["stage_in_c"] - 1e-6]
    if falling.empty or not float(row["deep_heat_kwh_per_year"]) > 0:
        return []
    words = falling["stage"].astype(str)
    numbers = falling[["stage_in_c", "stage_out_c", "stage_heat_kw"]].to_numpy(dtype=float)
    steps = [Stage(text(said), *map(float, row)) for said, row in zip(words, numbers, strict=True)]
    title = text("Cascade of {cluster}", cluster=cluster)
    return [Figure(title, cascade(steps))]


def _groundwater(made: Assessment, row: pd.Series[Any], parcel_id: Any) -> list[Figure]:
    """Temperature of the produced water through the years."""
    doublets = made.details.get("doublet")
    if doublets is None or doublets.empty:
        return []
    here = (
        doublets[doublets["parcel_id"] == parcel_id]
        if "parcel_id" in doublets
        else doublets.loc[doublets.index == parcel_id]
    )
    names = sorted(str(name) for name in doublets.columns if str(name).startswith("gw_produced_c_year_"))
    if here.empty or not names:
        return []
    years = here[names].iloc[0].to_numpy(dtype=float)
    if not np.isfinite(years).all():
        return []
    curve = Temperatures(text("Produced water"), list(years), colour=LIGHT["water"])
    return [
        Figure(
            text("Produced groundwater over {years} years (°C)", years=len(years)),
            produced_temperature(curve),
        )
    ]


OWN: Mapping[str, Callable[[Assessment, pd.Series[Any], Any], list[Figure]]] = {
    SHALLOW: _shallow,
    GROUNDWATER: _groundwater,
    DEEP: _deep,
}


def _year(row: pd.Series[Any], base: str) -> np.ndarray[Any, Any]:
    """Twelve months of a row; 0 where it has none. [kWh]"""
    names = [f"{base}_month_{month:02d}" for month in range(1, MONTHS + 1)]
    return np.array([float(row.get(name, 0.0)) for name in names])
