"""Flexible power: what parcels can take off the grid when it asks, by kind of load, and pilots of a virtual power plant."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, Severity
from layers.city import City
from plans import Part
from plans.electric_load import ElectricLoad, electric_load
from plans.figures import Figure, Figures
from standards import Number, Taken

Numbers = NDArray[np.float64]
WORKDAY = 0
SUMMER, WINTER = (5, 6, 7), (11, 0, 1)  # months from 0 in which the peaks of cold and heat lie
CLASSES = ("residential", "public", "not_civil")
KINDS = ("cooling", "heating", "hot_water", "charging", "lighting", "lifts")
TITLES = {
    "cooling": "Controllable power of cooling",
    "heating": "Controllable power of electric heat",
    "hot_water": "Controllable power of electric hot water",
    "charging": "Controllable power of charging",
    "lighting": "Controllable power of light",
    "lifts": "Controllable power of lifts and pumps",
}


def flexible_power(
    city: City, demand: pd.DataFrame, parcel_day: pd.DataFrame, choice: pd.DataFrame | None = None
) -> Part:
    """Controllable power of every parcel.

    Parameters
    ----------
    city : City
        With parcels; stalls where known.
    demand, parcel_day : DataFrame
        Parcels of the assessment of demand, and its detail of typical days.
    choice : DataFrame, optional
        What a plan has chosen; its heat pumps add to what can be controlled.

    Returns
    -------
    Part
        Table `flexible` by parcel: controllable power by kind, of summer and of winter, mean hours it can be held,
        share of the peak load, and whether it is a pilot of a virtual power plant.

    Raises
    ------
    UserError
        There are no typical days of demand.

    Notes
    -----
    A kind counts in the hour of the working day in which the load of the whole city is highest in that season, so
    the sum of parcels is what the city can take off in that hour. Charging counts alike in both.
    """
    taken = Taken(city.standards)
    load = electric_load(city, demand, parcel_day, taken, choice)
    stalls = _stalls(city, load)
    charging = _charging(load, stalls, taken)
    summer, winter = (_controllable(load, months, charging, taken) for months in (SUMMER, WINTER))
    table = _table(load, summer, winter, charging, demand, taken)
    numbers = tuple(dict.fromkeys(taken.used))
    return Part(
        tables=MappingProxyType({"flexible": table}),
        figures=_figures(table, summer, winter, load, charging, numbers),
        numbers=numbers,
        remarks=(
            "Controllable power follows from shares of typical loads; contracts and controls of each building decide.",
            "Cars and chargers are counted by stalls; the register of chargers would tell.",
        ),
        problems=_problems(city, stalls),
    )


def _stalls(city: City, load: ElectricLoad) -> Numbers:
    """Stalls of parcels, 0 where unknown, (n,)."""
    parcels = city.tables["parcel"]
    if "parking_stalls" not in parcels:
        return np.zeros(len(load.parcels))
    found = pd.to_numeric(parcels["parking_stalls"], errors="coerce").reindex(load.parcels).fillna(0.0)
    return np.asarray(found.to_numpy(dtype=float))


def _charging(load: ElectricLoad, stalls: Numbers, taken: Taken) -> Numbers:
    """Power of the chargers that run at the same time, (n,). [kW]"""

    def power(name: str) -> float:
        share, kw, together = (
            taken.number("flexible_rules", item="charging", case=f"{name}_{what}")
            for what in ("stalls", "kw", "together")
        )
        return share * kw * together

    found: Numbers = stalls * np.where(load.home, power("residential"), power("public"))
    return found


def _controllable(
    load: ElectricLoad, months: tuple[int, ...], charging: Numbers, taken: Taken
) -> dict[str, Numbers]:
    """Power by kind that can be taken off in the hour of the season's highest load, (n,) each. [kW]"""
    city_load = load.total.sum(axis=0)[list(months), WORKDAY]
    month, hour = np.unravel_index(int(np.argmax(city_load)), city_load.shape)
    now = {service: kw[:, months[month], WORKDAY, hour].astype(np.float64) for service, kw in load.kw.items()}
    light = taken.number("retrofit_rules", item="light_share", case="public")
    added = taken.number("demand_rules", item="lifts", case="public")
    lifts = now["equipment"] * added / (1.0 + added)
    power = {
        "cooling": now["cooling"],
        "heating": now["heating"],
        "hot_water": now["hot_water"],
        "charging": charging,
        "lighting": light * (now["equipment"] - lifts),
        "lifts": lifts,
    }
    return {kind: power[kind] * _of_class(load, _by_class(kind, "default", taken)) for kind in KINDS}


def _of_class(load: ElectricLoad, values: dict[str, float]) -> Numbers:
    """A number of a class of use for every parcel, (n,)."""
    return np.array([values[str(name)] for name in load.counted_as], dtype=float)


def _by_class(kind: str, column: str, taken: Taken) -> dict[str, float]:
    """A number of a kind of load by class of use; 0 where the class has none."""
    table = taken.standards.table("flexible_power")
    has = set(table.loc[table["kind"] == kind, "use_class"])
    return {
        name: taken.number("flexible_power", column=column, kind=kind, use_class=name) if name in has else 0.0
        for name in CLASSES
    }


def _table(
    load: ElectricLoad,
    summer: dict[str, Numbers],
    winter: dict[str, Numbers],
    charging: Numbers,
    demand: pd.DataFrame,
    taken: Taken,
) -> pd.DataFrame:
    """The table `flexible`."""
    sums = {"summer": np.sum(list(summer.values()), axis=0), "winter": np.sum(list(winter.values()), axis=0)}
    stronger = sums["summer"] >= sums["winter"]
    peak = load.total.max(axis=(1, 2, 3)) + charging
    most = np.maximum(sums["summer"], sums["winter"])
    hours = np.zeros(len(most))
    for kind in KINDS:
        held = _of_class(load, _by_class(kind, "response_default_h", taken))
        hours += np.where(stronger, summer[kind], winter[kind]) * held
    hours = np.divide(hours, most, out=np.zeros(len(most)), where=most > 0)
    pilot = (most >= taken.number("flexible_rules", item="pilot", case="least_kw")) & (
        hours >= taken.number("flexible_rules", item="pilot", case="least_response_h")
    )
    columns = {f"flexible_{kind}_kw": np.maximum(summer[kind], winter[kind]).round(1) for kind in KINDS}
    return pd.DataFrame(
        {
            "gfa_m2": demand["gfa_m2"].to_numpy(dtype=float),
            "load_peak_kw": peak.round(1),
            **columns,
            "flexible_summer_kw": sums["summer"].round(1),
            "flexible_winter_kw": sums["winter"].round(1),
            "flexible_share": np.divide(most, peak, out=np.zeros(len(most)), where=peak > 0)
            .clip(0.0, 1.0)
            .round(3),
            "response_hours_h": hours.round(2),
            "flexible_pilot": pilot,
        },
        index=load.parcels,
    )


def _figures(
    table: pd.DataFrame,
    summer: dict[str, Numbers],
    winter: dict[str, Numbers],
    load: ElectricLoad,
    charging: Numbers,
    numbers: tuple[Number, ...],
) -> Figures:
    """Controllable power of the city by kind, its sums, its share of the peak, and the pilots."""
    found = [
        Figure(
            f"flexible.{kind}",
            TITLES[kind],
            float(max(summer[kind].sum(), winter[kind].sum())),
            "kW",
            formula="Load in the hour of the city's highest load, times the share that can be taken off; summer or winter.",
            numbers=numbers,
            origin=f"flexible.flexible_{kind}_kw",
        )
        for kind in KINDS
    ]
    peak = Figure(
        "flexible.peak",
        "Highest electric load of all parcels together, with charging",
        float(load.total.sum(axis=0).max() + charging.sum()),
        "kW",
        formula="Highest hour of the typical days of all parcels, and the chargers that run at the same time.",
        numbers=numbers,
        origin="demand.parcel_day",
    )
    seasons = [
        Figure(
            f"flexible.{season}",
            title,
            float(np.sum([part.sum() for part in parts.values()])),
            "kW",
            formula="Sum of all kinds in the hour of the city's highest load of the season.",
            numbers=numbers,
            origin=f"flexible.flexible_{season}_kw",
        )
        for season, title, parts in (
            ("summer", "Controllable power in summer", summer),
            ("winter", "Controllable power in winter", winter),
        )
    ]
    pilots = table[table["flexible_pilot"]]
    return Figures.of(
        [
            *found,
            peak,
            *seasons,
            Figure(
                "flexible.share",
                "Controllable power over the highest load",
                max(one.value for one in seasons) / peak.value if peak.value > 0 else float("nan"),
                "%",
                formula="The larger of summer and winter over the highest load.",
                inputs=(*(one.key for one in seasons), peak.key),
            ),
            Figure(
                "flexible.pilots",
                "Pilots of a virtual power plant",
                float(len(pilots)),
                "n",
                origin="flexible.flexible_pilot",
                numbers=numbers,
            ),
            Figure(
                "flexible.pilot_power",
                "Controllable power of the pilots",
                float(pilots[["flexible_summer_kw", "flexible_winter_kw"]].max(axis=1).sum()),
                "kW",
                formula="The larger of summer and winter of every pilot.",
                origin="flexible.flexible_summer_kw",
            ),
        ]
    )


def _problems(city: City, stalls: Numbers) -> tuple[Problem, ...]:
    if stalls.any():
        return ()
    return (
        Problem(
            "No parcel says how many stalls it has, so charging counts for nothing.",
            "Enter the stalls of parcels.",
            severity=Severity.WARNING,
            table="parcel",
        ),
    )
