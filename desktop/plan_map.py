"""A plan on the map: what was decided for every parcel, as columns that colour layers like any result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pandas as pd

from layers.project import PLAN
from plans import Part
from potential import Assessment

CHOICE = "choice"  # what was chosen, kept beside the parcels so that the map can say how far a year has come
CHOSEN = (
    "plan_pv_kw",
    "plan_heat_kw",
    "plan_heat_family",
    "phase_year",
    "capex_yuan",
)  # nothing where nothing is planned
SHOWN = (*CHOSEN, "green_grade")  # columns of parcels that say what a plan has for them
POWER = "pv"  # family of what makes electricity; all others give heat


def plan_as_result(plan: Part) -> Assessment:
    """The plan as a result of parcels: grade of what is new, sizes, the main source of heat, and the first year."""
    return Assessment(
        name=PLAN,
        parcels=_parcels(plan.tables.get("grade"), plan.tables.get(CHOICE)),
        options=pd.DataFrame(columns=["parcel_id", "technology"]),
        details=MappingProxyType({CHOICE: plan.tables[CHOICE]} if CHOICE in plan.tables else {}),
        totals=MappingProxyType({}),
    )


def trial_plan(kept: Part, tables: Mapping[str, pd.DataFrame]) -> Part:
    """A plan with some tables in place of those that are kept; the others stay."""
    return replace(kept, tables={**kept.tables, **tables})


def until_year(plan: Assessment, year: int) -> Assessment:
    """The plan as far as it is built by the end of a year; grades of buildings stay."""
    choice = plan.details[CHOICE]
    grades = plan.parcels.get(["green_grade"])
    built = _parcels(None, choice[choice["phase_year"] <= year])
    parcels = (
        built
        if grades is None
        else built.drop(columns="green_grade", errors="ignore").join(grades, how="outer")
    )
    parcels.index.name = "parcel_id"
    return replace(plan, parcels=parcels)


def _parcels(grade: pd.DataFrame | None, choice: pd.DataFrame | None) -> pd.DataFrame:
    frame = pd.DataFrame(index=pd.Index([], name="parcel_id"))
    if grade is not None:
        new = grade["green_grade"].where(grade["new_building"].astype(bool))
        frame = frame.reindex(frame.index.union(grade.index)).assign(green_grade=new)
    if choice is None or choice.empty:
        return frame
    frame = frame.reindex(frame.index.union(pd.Index(choice["parcel_id"].unique())))
    power = choice["family"] == POWER
    heat = choice[~power].sort_values("planned_kw").drop_duplicates("parcel_id", keep="last")
    frame["plan_pv_kw"] = choice[power].groupby("parcel_id")["planned_kw"].sum()
    frame["plan_heat_kw"] = choice[~power].groupby("parcel_id")["planned_kw"].sum()
    frame["plan_heat_family"] = heat.set_index("parcel_id")["family"]
    frame["phase_year"] = choice.groupby("parcel_id")["phase_year"].min()
    frame["capex_yuan"] = choice.groupby("parcel_id")["capex_yuan"].sum()
    frame.index.name = "parcel_id"
    return frame
