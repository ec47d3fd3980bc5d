"""Regional energy systems: what each planning unit needs hour by hour, and the chosen sources that meet it in order of merit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, UserError
from demand.calendar import day_counts, day_kinds
from layers.city import City
from plans import Part
from plans.figures import Figure, Figures
from plans.options.technologies import ELECTRICITY, technologies
from potential import Assessment
from potential.building_demand import days_of
from standards import Taken

Floats = NDArray[np.float64]
NEEDS = ("heat", "hot_water")


@dataclass(frozen=True)
class Load:
    """Load of an area in the hours of typical days.

    Parameters
    ----------
    kw : ndarray, shape (hours,)
        Heat and hot water, the hours of a working day and of a holiday of each month. [kW]
    weight : ndarray, shape (hours,)
        How many hours of a year each stands for.
    """

    kw: Floats
    weight: Floats

    @property
    def kwh(self) -> float:
        """Of a year. [kWh]"""
        return float(self.kw @ self.weight)


def dispatched(load: Load, kw: Floats, kwh: Floats) -> Floats:
    """What sources give in every hour, in the order they stand in, (sources, hours). [kW]

    A source gives what is left of the load up to its capacity. Where that would be more than it has in a year, it keeps
    to the least capacity with which a year is used up: what it gives is the same share of the year as of every peak.

    Parameters
    ----------
    load : Load
        Of the area.
    kw, kwh : ndarray, shape (sources,)
        Capacity, and energy of a year.
    """
    left = load.kw.copy()
    found = np.zeros((len(kw), len(left)))
    for source, (most, whole) in enumerate(zip(kw, kwh, strict=True)):
        given = np.minimum(left, most)
        if float(given @ load.weight) > whole:
            given = np.minimum(left, _capacity_for(left, load.weight, whole))
        found[source] = given
        left = left - given
    return found


def _capacity_for(left: Floats, weight: Floats, kwh: float) -> float:
    """Capacity whose supply of a year is an amount: exact, for supply is a broken line of capacity. [kW]"""
    order = np.argsort(left)
    sorted_kw, hours = left[order], weight[order]
    above = hours[::-1].cumsum()[::-1]  # hours in which the load is at least this
    below = np.concatenate([[0.0], np.cumsum(sorted_kw * hours)[:-1]])
    supplied = below + sorted_kw * above
    place = int(np.searchsorted(supplied, kwh))
    if place >= len(sorted_kw):
        return float(sorted_kw[-1])
    return max((kwh - float(below[place])) / float(above[place]), 0.0)


def regional(city: City, assessments: Mapping[str, Assessment], choice: pd.DataFrame) -> Part:
    """Energy systems of planning units: load, chosen sources in order of merit, cover and what is left for boilers.

    Parameters
    ----------
    city : City
        With parcels and their planning units.
    assessments : Mapping of str to Assessment
        `demand` with its typical days.
    choice : DataFrame
        Table `choice`.

    Returns
    -------
    Part
        Tables `regional` (by unit: load, capacity, cover), `regional_source` (by unit and technology, in order) and
        `regional_duration` (by unit and share of the year: load and what renewable sources give), figures `regional.*`.

    Raises
    ------
    UserError
        There are no typical days of demand.

    Notes
    -----
    Order of merit is by running cost of a kilowatt-hour. Supply is never above load, hour by hour.
    """
    taken = Taken(city.standards)
    demand = assessments.get("demand")
    if demand is None or "parcel_day" not in demand.details or demand.details["parcel_day"].empty:
        raise UserError(
            Problem(
                "Loads of planning units need typical days of demand, and there are none.",
                "Compute the demand of buildings anew.",
                table="parcel",
            )
        )
    parcels = city.tables["parcel"]
    unit = (
        parcels["planning_unit"].astype(object).fillna("").astype(str) if "planning_unit" in parcels else None
    )
    if unit is None:
        unit = pd.Series("", index=parcels.index, dtype=object)
    loads = _loads(demand, unit, city)
    steps = int(taken.number("programme_rules", item="regional", case="steps"))
    sources = _sources(city, choice, unit)
    rows, source_rows, curves = [], [], []
    for name, load in loads.items():
        own = sources[sources["unit"] == name].sort_values(["running_yuan_per_kwh", "technology"])
        given = dispatched(
            load, own["planned_kw"].to_numpy(dtype=float), own["kwh_per_year"].to_numpy(dtype=float)
        )
        supplied = given @ load.weight if len(own) else np.zeros(0)
        source_rows.append(_source_rows(name, own, given, supplied, load))
        rows.append(_unit_row(name, load, given.sum(axis=0), float(own["planned_kw"].sum())))
        curves.append(_curve(name, load, given.sum(axis=0), steps))
    tables = {
        "regional": pd.DataFrame(rows).set_index("planning_unit"),
        "regional_source": pd.concat(source_rows),
        "regional_duration": pd.concat(curves),
    }
    return Part(
        MappingProxyType(tables),
        _figures(tables["regional"]),
        tuple(dict.fromkeys(taken.used)),
        (
            "Loads are those of typical days, so that the peak of the coldest day is carried by boilers or stores beside them.",
            "Sources run in the order of what a kilowatt-hour costs to run, and never give more than is needed.",
        ),
    )


def _loads(demand: Assessment, unit: pd.Series, city: City) -> dict[str, Load]:
    """Load of heat and hot water by planning unit."""
    parcels = demand.parcels.index
    days = days_of(demand.details["parcel_day"], parcels)
    kw = np.sum([days[name] for name in NEEDS], axis=0).astype(float)  # (parcels, 12, 2, 24)
    counts = day_counts(day_kinds(city.standards)).astype(float)  # (12, 2)
    weight = np.repeat(counts.ravel(), 24)
    names = unit.reindex(parcels).fillna("").to_numpy(dtype=str)
    return {
        str(name): Load(kw[names == name].sum(axis=0).ravel(), weight)
        for name in np.unique(names)
        if kw[names == name].sum() > 0
    }


def _sources(city: City, choice: pd.DataFrame, unit: pd.Series) -> pd.DataFrame:
    """Chosen sources of heat by planning unit and technology, with what a kilowatt-hour costs to run."""
    names = ["unit", "technology", "planned_kw", "kwh_per_year", "running_yuan_per_kwh"]
    if choice.empty:
        return pd.DataFrame(columns=names)
    service = technologies(city.standards)["service"]
    rows = choice[(choice["technology"].map(service) != ELECTRICITY) & (choice["kwh_per_year"] > 0)]
    rows = rows.assign(unit=rows["parcel_id"].map(unit).astype(object))
    found = rows.groupby(["unit", "technology"], as_index=False)[
        ["planned_kw", "kwh_per_year", "opex_yuan_per_year"]
    ].sum()
    return found.assign(running_yuan_per_kwh=found["opex_yuan_per_year"] / found["kwh_per_year"])[names]


def _source_rows(name: str, own: pd.DataFrame, given: Floats, supplied: Floats, load: Load) -> pd.DataFrame:
    """One row a source of a unit, in order of merit."""
    kw = own["planned_kw"].to_numpy(dtype=float)
    return pd.DataFrame(
        {
            "planning_unit": name,
            "technology": own["technology"].to_numpy(dtype=object),
            "merit_order": np.arange(1, len(own) + 1),
            "planned_kw": kw.round(1),
            "running_yuan_per_kwh": own["running_yuan_per_kwh"].round(4).to_numpy(),
            "supplied_kwh_per_year": supplied.round(),
            "supplied_peak_kw": given.max(axis=1).round(1) if len(own) else np.zeros(0),
            "full_load_hours": np.divide(supplied, kw, out=np.zeros(len(kw)), where=kw > 0).round(),
            "supply_share": supplied / load.kwh,
        },
        index=pd.Index(
            [f"{name}/{one}" for one in own["technology"]], name="regional_source_id", dtype=object
        ),
    )


def _unit_row(name: str, load: Load, given: Floats, kw: float) -> dict[str, object]:
    rest = load.kw - given
    supplied = float(given @ load.weight)
    return {
        "planning_unit": name,
        "heat_load_kwh_per_year": round(load.kwh),
        "heat_load_peak_kw": round(float(load.kw.max()), 1),
        "source_kw": round(kw, 1),
        "supplied_kwh_per_year": round(supplied),
        "supply_share": supplied / load.kwh,
        "rest_kwh_per_year": round(load.kwh - supplied),
        "rest_peak_kw": round(float(rest.max()), 1),
    }


def _curve(name: str, load: Load, given: Floats, steps: int) -> pd.DataFrame:
    """Load in order of size over the share of the year, and what renewable sources give of it."""
    order = np.argsort(-load.kw, kind="stable")
    ends = np.cumsum(load.weight[order]) / load.weight.sum()
    at = np.arange(steps + 1) / steps
    place = np.minimum(np.searchsorted(ends, at), len(order) - 1)
    return pd.DataFrame(
        {
            "planning_unit": name,
            "year_share": at,
            "heat_load_kw": load.kw[order][place].round(1),
            "supplied_kw": given[order][place].round(1),
        },
        index=pd.Index([f"{name}/{step}" for step in range(steps + 1)], name="duration_id", dtype=object),
    )


def _figures(table: pd.DataFrame) -> Figures:
    """Load, supply and cover of all units together."""
    load, given = float(table["heat_load_kwh_per_year"].sum()), float(table["supplied_kwh_per_year"].sum())
    return Figures.of(
        [
            Figure("regional.load", "Heat and hot water of all planning units", load, "kWh/a",
                   origin="regional.heat_load_kwh_per_year"),
            Figure("regional.supplied", "Heat from chosen sources in all planning units", given, "kWh/a",
                   origin="regional.supplied_kwh_per_year"),
            Figure("regional.cover", "Share of heat and hot water that chosen sources cover",
                   given / load if load else float("nan"), "%", "heat from chosen sources / heat and hot water",
                   ("regional.supplied", "regional.load")),
        ]
    )  # fmt: skip
