"""Planned: what the plan has chosen for one parcel, work by work, for its card and its report."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from core.texts import text, word
from core.units import count, quantity
from plans import Part
from reports.wording import joined, reason_said

POWER_UNIT = {"pv": "kWp"}  # all other families give heat
FORCES, DEMOLITION = "military", "planned_demolition"


@dataclass(frozen=True)
class PlannedWork:
    """One technology that the plan puts on a parcel.

    Parameters
    ----------
    choice_id : str
        Row of the table `choice` of the plan.
    technology : str
        What it is called.
    size, energy : str
        Capacity and energy of a year, with their units.
    year : str
        Year of completion; empty before the programme has one.
    project : str
        Number and name of its project, and of how many parcels that is; empty where the plan has no list of projects.
    reason : str
        Why it was chosen.
    """

    choice_id: str
    technology: str
    size: str
    energy: str
    year: str
    project: str
    reason: str

    @property
    def line(self) -> str:
        """Size and year in a few words."""
        return joined([self.size, self.year])


def planned_on(plan: Part | None, parcel_id: object) -> tuple[PlannedWork, ...]:
    """What the plan puts on a parcel, the largest saving first; nothing where there is no plan."""
    choice = None if plan is None else plan.tables.get("choice")
    if plan is None or choice is None or choice.empty:
        return ()
    rows = choice[choice["parcel_id"].astype(str) == str(parcel_id)]
    if "saved_kgce_per_year" in rows:
        rows = rows.sort_values("saved_kgce_per_year", ascending=False, kind="stable")
    projects = plan.tables.get("project", pd.DataFrame())
    return tuple(_work(str(name), row, projects) for name, row in rows.iterrows())


def nothing_planned(plan: Part | None, parcel: pd.Series) -> str:
    """What is said of a parcel on which a plan puts nothing, with the reason where the parcel itself is it."""
    if plan is None or "choice" not in plan.tables:
        return ""
    for name, said in (
        (DEMOLITION, text("The plan puts nothing here: to be demolished.")),
        (FORCES, text("The plan puts nothing here: land of the forces.")),
    ):
        if parcel.get(name) is True or str(parcel.get(name)) in ("True", "1", "1.0"):
            return said
    return text("The plan puts nothing here.")


def _work(name: str, row: pd.Series, projects: pd.DataFrame) -> PlannedWork:
    year = row.get("phase_year")
    unit = POWER_UNIT.get(str(row["family"]), "kW")
    return PlannedWork(
        name,
        word(str(row["technology"])),
        quantity(float(row["planned_kw"]), unit),
        quantity(float(row["kwh_per_year"]), "kWh/a"),
        "" if year is None or pd.isna(year) else text("by {year}", year=int(year)),
        _project(row, projects),
        reason_said(row.get("reason")),
    )


def _project(row: pd.Series, projects: pd.DataFrame) -> str:
    """The project of a work: the one of its technology and year that names the parcel."""
    if projects.empty or "parcel_ids" not in projects:
        return ""
    same = (projects["technology"] == row["technology"]) & (projects["finish_year"] == row["phase_year"])
    for number, one in projects[same].iterrows():
        if str(row["parcel_id"]) in str(one["parcel_ids"]).split():
            parcels = int(one["project_parcels"])
            said = f"{number} {one['project_name']}"
            return (
                text("{project} ({count} parcels)", project=said, count=count(parcels))
                if parcels > 1
                else said
            )
    return ""
