"""Own choices: technologies, grades, retrofits and settings that a planner sets by hand, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from core.fields import field
from core.problems import Problem, UserError
from desktop.planning import kept_assessments, settings_change
from desktop.scenarios import Scenario, decide, scenario_named
from layers.history import who
from layers.project import DECIDED, Project

INSTALL, DEFER, DECLINE = "install", "defer", "decline"
OF_CHOICE = "."  # between a technology and what is set of it beside the decision
SIZE, YEAR, WHY = "planned_kw", "phase_year", "reason"


def fix_choice(
    project: Project,
    parcel_ids: Sequence[str],
    technology: str,
    decision: str | None,
    *,
    planned_kw: float | None = None,
    phase_year: int | None = None,
    scenario: str = "",
    why: str = "",
) -> None:
    """Fix a technology on some parcels, put it off, forbid it, or take the decision back.

    Parameters
    ----------
    parcel_ids : sequence of str
        The parcels.
    technology : str
        As assessments offer it, e.g. `pv_roof`.
    decision : str or None
        `install`, `defer`, `decline`; None takes it back.
    planned_kw : float, optional
        Capacity on each parcel; the largest that is offered where not given. [kW]
    phase_year : int, optional
        Year of completion; the programme's where not given.
    scenario : str
        The base scenario where empty.
    why : str
        Reason, printed beside the choice.

    Raises
    ------
    UserError
        The technology is not offered there, or the capacity is none or more than is offered.
    """
    rows = list(dict.fromkeys(map(str, parcel_ids)))
    _known_rows(project, "parcel", rows)
    if decision == INSTALL:
        _offered(project, rows, technology, planned_kw)
    cells: dict[str, Any] = {
        technology: decision,
        f"{technology}{OF_CHOICE}{SIZE}": planned_kw if decision == INSTALL else None,
        f"{technology}{OF_CHOICE}{YEAR}": phase_year if decision == INSTALL else None,
        f"{technology}{OF_CHOICE}{WHY}": (why or None) if decision else None,
    }
    _set(
        project, "choice", rows, cells, scenario_named(project, scenario), why, "Decide about {count} parcels"
    )


def set_grade(
    project: Project, parcel_ids: Sequence[str], grade: str | None, *, scenario: str = "", why: str = ""
) -> None:
    """Set the green-building grade of some parcels by hand, in place of that of the rules, or take it back.

    Raises
    ------
    UserError
        There is no such grade or parcel, or no reason is given.
    """
    rows = list(dict.fromkeys(map(str, parcel_ids)))
    _known_rows(project, "parcel", rows)
    grades = field("green_grade").choices
    problems = []
    if grade is not None and grade not in grades:
        problems.append(
            Problem(
                "There is no grade {name}.", "Choose one of: {names}.", name=grade, names=", ".join(grades)
            )
        )
    if grade is not None and not why.strip():
        problems.append(
            Problem("A grade set by hand needs a reason.", "Say why; it is printed beside the grade.")
        )
    if problems:
        raise UserError(*problems)
    signed = grade is not None
    cells = {
        "green_grade": grade,
        "manual_by": who() if signed else None,
        "manual_reason": why.strip() if signed else None,
    }
    label = "Set the grade of {count} parcels"
    _set(project, "green_grade", rows, cells, scenario_named(project, scenario), why, label)


def set_retrofit(
    project: Project, building_ids: Sequence[str], chosen: bool | None, *, scenario: str = "", why: str = ""
) -> None:
    """Say that some buildings must, or must not, be retrofitted, or leave it to the priority again.

    Raises
    ------
    UserError
        There is no such building.
    """
    rows = list(dict.fromkeys(map(str, building_ids)))
    _known_rows(project, "building", rows)
    cells = {
        "retrofit_chosen": chosen,
        "manual_reason": (why.strip() or None) if chosen is not None else None,
    }
    label = "Decide about the retrofit of {count} buildings"
    _set(project, "retrofit_choice", rows, cells, scenario_named(project, scenario), why, label)


def set_plan_settings(
    project: Project, values: Mapping[str, Any], *, scenario: str = "", why: str = ""
) -> None:
    """Set how the plan of a scenario is made; the plan is out of date from then on."""
    project.apply(settings_change(project, scenario_named(project, scenario), values, why))


def _set(
    project: Project,
    table: str,
    rows: Sequence[str],
    cells: Mapping[str, Any],
    scenario: Scenario,
    why: str,
    label: str,
) -> None:
    """The same cells in every row, as one change."""
    index = pd.Index(rows, name=DECIDED[table])
    frame = pd.DataFrame(
        {name: [value] * len(rows) for name, value in cells.items()}, index=index, dtype=object
    )
    decide(project, table, scenario, frame, why, label)


def _known_rows(project: Project, table: str, rows: Sequence[str]) -> None:
    """Refuse rows that the checked city does not have."""
    if project.city is None:
        raise UserError(Problem("The data was not checked yet.", "Check the data first."))
    known = project.city.tables[table].index.astype(str) if table in project.city.tables else pd.Index([])
    lost = tuple(one for one in rows if one not in known)
    if lost or not rows:
        raise UserError(
            Problem(
                "Some of these rows are not in the city.",
                "Check the ids, or select rows first.",
                table=table,
                rows=lost,
            )
        )


def _offered(project: Project, rows: Sequence[str], technology: str, planned_kw: float | None) -> None:
    """Refuse a technology that assessments do not offer on a parcel, and capacity that is none or more than that."""
    options = [
        made.options.loc[made.options["technology"] == technology, ["parcel_id", "most_kw"]]
        for made in kept_assessments(project).values()
        if len(made.options)
    ]
    offers = pd.concat(options) if options else pd.DataFrame({"parcel_id": [], "most_kw": []})
    most = offers.groupby(offers["parcel_id"].astype(str))["most_kw"].max().reindex(list(rows)).fillna(0.0)
    problems = []
    absent = most.index[most <= 0]
    if len(absent):
        problems.append(
            Problem(
                "No assessment offers this technology on these parcels.",
                "Look at the reason on the parcel, or leave these parcels out.",
                table="parcel",
                rows=tuple(absent),
            )
        )
    if planned_kw is not None:
        large = most.index[(most > 0) & (most * (1 + 1e-9) < planned_kw)]
        if planned_kw <= 0:
            problems.append(
                Problem(
                    "A capacity of {kw} kW is none.", "Give more than zero, or decline it.", kw=planned_kw
                )
            )
        if len(large):
            problems.append(
                Problem(
                    "{kw} kW is more than is offered on these parcels; the least of them may have {most} kW.",
                    "Lower the capacity, or leave these parcels out.",
                    table="parcel",
                    rows=tuple(large),
                    kw=planned_kw,
                    most=float(most[large].min()),
                )
            )
    if problems:
        raise UserError(*problems)
