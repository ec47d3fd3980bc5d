"""Demand of buildings as an assessment: what heat, cold, hot water and power every building and parcel needs."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from demand import CARRIERS, HOLIDAY, WORKDAY, Demand
from demand.model import DemandSettings, demand_of
from layers.city import City
from potential import Assessment, Potential
from potential.sums import totals_of

NAME = "demand"
DAY_KINDS = {WORKDAY: "workday", HOLIDAY: "holiday"}
HOURS = [f"demand_kw_hour_{hour:02d}" for hour in range(24)]
PEAK = "_city_peak_kw"
MONTHS = range(1, 13)


def assess(city: City, demand: Any, settings: DemandSettings, job: Job) -> Assessment:
    """Demand of every building and parcel of a city.

    Parameters
    ----------
    city : City
        With weather, and buildings or planned parcels.
    demand : object
        Not needed: this is what computes it.
    settings : DemandSettings
        What the planner set.
    job : Job
        Reports progress and stops when asked.

    Returns
    -------
    Assessment
        `details` has `building`, `parcel_day` (the typical days of parcels), `calibration` (metered over modelled by
        use) and `baseline` (energy and carbon of the stock); no grades and no options.

    Raises
    ------
    UserError
        Where weather is missing, or buildings and planned parcels both.
    """
    return assessment_of(demand_of(city, settings, job))


DEMAND = Potential(
    name=NAME,
    title="Demand of buildings",
    tables=("building", "parcel"),
    rasters=(),
    standards=(
        "envelope",
        "internal_conditions",
        "schedules",
        "use_profiles",
        "demand_rules",
        "mass_classes",
        "holidays",
        "heating_seasons",
        "hot_water",
        "hot_water_rules",
        "hot_water_profiles",
        "dhw_norms",
        "facade",
        "building_defaults",
        "cities",
        "pv_parameters",
        "systems",
        "heat_source_efficiency",
        "energy_conversion",
        "grid_factors",
        "gbt51161_use",
        "gbt51161_uses",
    ),
    settings=DemandSettings,
    assess=assess,
)


def assessment_of(demand: Demand) -> Assessment:
    """A demand as an assessment; `demand_of_assessment` is its inverse."""
    nothing = {"grade": "", "reason": ""}
    names = [
        name
        for carrier in CARRIERS
        for name in (
            f"{carrier}_kwh_per_year", *(f"{carrier}_kwh_month_{month:02d}" for month in MONTHS),
        )
    ]  # fmt: skip
    sums = [*names, "hot_water_loss_kwh_per_year", "cooking_kwh_per_year"]
    planned = demand.parcels[demand.parcels["demand_planned"].astype(bool)].reset_index()
    rows = pd.concat([demand.buildings[["parcel_id", *sums]], planned[["parcel_id", *sums]]])
    return Assessment(
        name=NAME,
        parcels=demand.parcels.assign(**nothing),
        options=pd.DataFrame(
            columns=["parcel_id", "technology"], index=pd.RangeIndex(0, name="option_id"), dtype=object
        ),
        details=MappingProxyType(
            {
                "building": demand.buildings,
                "parcel_day": day_table(demand.days, demand.parcels.index),
                "calibration": demand.calibration,
                "baseline": demand.baseline,
            }
        ),
        totals=MappingProxyType(
            {**demand.city_peaks, **totals_of(rows, demand.parcels, sums), **_bought(demand)}
        ),
        numbers=demand.numbers,
        remarks=demand.remarks,
    )


def _bought(demand: Demand) -> dict[str, float]:
    """Energy that the stock buys, and its carbon."""
    names = ("final_kwh_per_year", "carbon_tco2_per_year")
    return {name: round(float(demand.baseline[name].sum()), 3) for name in names if name in demand.baseline}


def demand_of_assessment(made: Assessment) -> Demand:
    """The demand that an assessment was made of, also after it was kept in a project."""
    parcels = made.parcels.drop(columns=["grade", "reason"])
    return Demand(
        buildings=made.details["building"],
        parcels=parcels,
        days=days_of(made.details["parcel_day"], parcels.index),
        calibration=made.details["calibration"],
        baseline=made.details["baseline"],
        numbers=made.numbers,
        remarks=made.remarks,
        city_peaks=MappingProxyType(
            {name: value for name, value in made.totals.items() if name.endswith(PEAK)}
        ),
    )


def day_table(days: dict[str, NDArray[np.float32]], parcels: pd.Index) -> pd.DataFrame:
    """Typical days as a table: a row for each parcel, carrier, month and kind of day; rows without demand left out."""
    frames = []
    for carrier, hours in days.items():
        flat = hours.reshape(-1, 24)
        some = np.flatnonzero(flat.any(axis=1))
        parcel, rest = np.divmod(some, 24)
        frame = pd.DataFrame(flat[some].astype(np.float64), columns=HOURS, index=parcels[parcel])
        frame.insert(0, "carrier", carrier)
        frame.insert(1, "month", rest // 2 + 1)
        frame.insert(2, "day_kind", np.array([DAY_KINDS[0], DAY_KINDS[1]], dtype=object)[rest % 2])
        frames.append(frame)
    return pd.concat(frames).rename_axis("parcel_id")


def days_of(table: pd.DataFrame, parcels: pd.Index) -> dict[str, NDArray[np.float32]]:
    """Typical days from their table, (parcels, 12, 2, 24) by carrier. [kW]"""
    days = {}
    for carrier in CARRIERS:
        rows = table[table["carrier"] == carrier]
        hours = np.zeros((len(parcels), 12, 2, 24), dtype=np.float32)
        place = parcels.get_indexer(rows.index)
        kind = (rows["day_kind"] == DAY_KINDS[HOLIDAY]).to_numpy(dtype=np.int64)
        hours[place, rows["month"].to_numpy(dtype=np.int64) - 1, kind] = rows[HOURS].to_numpy(np.float32)
        days[carrier] = hours
    return days
