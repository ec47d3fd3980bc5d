"""What is watched after the plan: the environment of large ground and water projects, and the gates of PV systems."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd

from layers.city import City
from layers.pv_assets import OPEN, register
from plans import Part
from plans.figures import Figure, Figures
from standards import Standards, Taken

UNKNOWN = "unknown"
STRUCTURE, PASSED = "structural_check", "passed"
UNCHECKED = "structural check missing"


def environment_plan(choice: pd.DataFrame, standards: Standards, least_m2: float | None = None) -> Part:
    """What is watched at large projects that use ground or water.

    Parameters
    ----------
    choice : DataFrame, by choice_id
        What the plan has chosen.
    standards : Standards
        The tables.
    least_m2 : float, optional
        Floor area served from which a project is large; of the table without it. [m²]

    Returns
    -------
    Part
        Table `environment_watch` by project and item (temperature of the ground, level, quality, temperature and return of
        water): place, interval and the value from which something is done.

    Notes
    -----
    The policy does not say what a large project is. 50,000 m² are taken after GB 55015 5.3.2, which asks for a
    simulation of ten years from there on. All projects of a family on one parcel are one.
    """
    taken = Taken(standards)
    least = taken.number("geothermal_rules", rule_id="D13") if least_m2 is None else least_m2
    rules = standards.table("environment_monitoring")
    served = choice.groupby(["parcel_id", "family"])["served_m2"].transform("sum")
    large = choice[(served >= least) & choice["family"].isin(rules["family"])]
    rows = large.reset_index().merge(rules, on="family", how="inner")
    table = pd.DataFrame(
        {
            "choice_id": rows["choice_id"],
            "parcel_id": rows["parcel_id"],
            "technology": rows["technology"],
            "served_m2": rows["served_m2"],
            "watch_item": rows["item"],
            "watch_place": rows["place"],
            "watch_interval_d": pd.to_numeric(rows["interval_days"]),
            "watch_operator": rows["operator"],
            "watch_value": pd.to_numeric(rows["value"], errors="coerce"),
            "watch_unit": rows["unit"],
        }
    )
    table.index = pd.Index(rows["choice_id"] + "/" + rows["item"], name="environment_watch_id", dtype=object)
    used = set(large["family"])
    limits = [
        number
        for number in standards.numbers("environment_monitoring", column="value")
        if number.key.split(" / ")[0] in used
    ]
    numbers = tuple(dict.fromkeys([*taken.used, *limits]))
    return Part(
        tables=MappingProxyType({"environment_watch": table}),
        figures=Figures.of(
            [
                Figure(
                    "environment.least",
                    "Floor area from which the environment of a project is watched",
                    float(least),
                    "m²",
                    numbers=tuple(taken.used),
                ),
                Figure(
                    "environment.projects",
                    "Projects whose environment is watched",
                    float(large["parcel_id"].nunique()),
                    "n",
                    inputs=("environment.least",),
                    formula="Places of ground or water projects that serve at least this floor area.",
                    origin="environment_watch.parcel_id",
                ),
            ]
        ),
        numbers=numbers,
        remarks=("The policy does not say from which size a project is large; the value may be changed.",),
    )


def pv_gates(city: City, choice: pd.DataFrame, today: date) -> Part:
    """What must be answered with yes before PV is accepted, of systems that exist and of those planned.

    Parameters
    ----------
    city : City
        With the register of PV systems, and the structural checks of buildings where known.
    choice : DataFrame, by choice_id
        What the plan has chosen.
    today : date
        Day on which removals are overdue.

    Returns
    -------
    Part
        Table `pv_gate` by system or project: answers to rapid shutdown, firm fixing, waterproofing and the structural
        check; whether it may be accepted, what blocks it, and whether its removal is overdue.

    Notes
    -----
    Of a planned system nothing is known before it stands, so every gate is open: none is passed by default.
    """
    known = register(city, today)
    assets = city.tables.get("pv_asset")
    exist = pd.DataFrame(index=known.assets.index)
    for name in OPEN:
        answers = pd.Series(UNKNOWN, index=exist.index, dtype=object)
        if assets is not None and name in assets:
            answers = assets[name].reindex(exist.index).astype(object).fillna(UNKNOWN)
        exist[name] = answers
    exist["parcel_id"] = known.assets["parcel_id"]
    exist["asset_state"] = known.assets["asset_state"]
    exist["gate_blocked"] = known.assets["acceptance_blocked"]
    exist["removal_overdue"] = known.assets["removal_overdue"].astype(bool)
    planned = choice[choice["family"] == "pv"]
    new = pd.DataFrame(
        {
            **dict.fromkeys(OPEN, UNKNOWN),
            "parcel_id": planned["parcel_id"],
            "asset_state": "",
            "gate_blocked": _open_gates(city, planned["parcel_id"]),
            "removal_overdue": False,
        },
        index=planned.index,
    )
    table = pd.concat([exist, new])
    table.insert(0, "gate_planned", np.repeat([False, True], [len(exist), len(new)]))
    table.insert(1, "gate_passed", table["gate_blocked"] == "")
    table.index.name = "pv_gate_id"
    return Part(tables=MappingProxyType({"pv_gate": table}), figures=_gate_figures(table))


def _open_gates(city: City, parcels: pd.Series) -> list[str]:
    """What is still to be answered for PV planned on parcels; new buildings need no check of their structure."""
    always = "; ".join(OPEN.values())
    buildings = city.tables.get("building")
    if buildings is None:
        return [always] * len(parcels)
    checked = pd.Series(False, index=buildings.index)
    if STRUCTURE in buildings:
        checked = buildings[STRUCTURE].astype(object) == PASSED
    unchecked = set(buildings.loc[~checked, "parcel_id"])
    return [f"{always}; {UNCHECKED}" if one in unchecked else always for one in parcels]


def _gate_figures(table: pd.DataFrame) -> Figures:
    exist = table[~table["gate_planned"]]

    def counted(key: str, title: str, value: float) -> Figure:
        return Figure(f"pv_gate.{key}", title, value, "n", origin="pv_gate.gate_blocked")

    return Figures.of(
        [
            counted("existing", "PV systems in the register", float(len(exist))),
            counted(
                "blocked", "PV systems whose acceptance is blocked", float((exist["gate_blocked"] != "").sum())
            ),
            counted("overdue", "PV systems whose removal is overdue", float(exist["removal_overdue"].sum())),
            counted("planned", "Planned PV projects with gates to be passed", float(len(table) - len(exist))),
        ]
    )  # fmt: skip
