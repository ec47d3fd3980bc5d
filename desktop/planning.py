"""Planning: a scenario's targets and decisions become its plan; plans are kept, traced and compared."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.jobs import Job
from core.problems import Problem, UserError
from desktop.scenarios import Scenario, decided, scenario_named
from layers import contents
from layers.contents import Computed, Pending
from layers.edits import Edit
from layers.problem_records import problem_from, problem_record
from layers.project import DECIDED, Project
from plans import Part
from plans.comparison import figure_changes
from plans.figures import Figure, Figures
from plans.monitoring import MEASURED
from potential import Assessment
from potential.records import from_record
from potential.registry import potentials
from standards import Number

if TYPE_CHECKING:
    from plans.plan import Decisions, PlanSettings

Work = Callable[[Job], Pending]
DECLINED, DEFERRED = "decline", "defer"
STATISTICS, ACTUAL = "statistics", "actual_value"


def plan(project: Project, scenario: str = "", values: Mapping[str, Any] | None = None) -> Work:
    """Make the plan of a scenario of the checked and assessed city.

    `values` are settings that are kept with the plan. Work that is stopped changes nothing.
    """
    chosen = scenario_named(project, scenario)
    settings = replace(settings_of(project, chosen), **(values or {}))
    edit = settings_change(project, chosen, values) if values else None
    ready = project.city if project.is_fresh(contents.CITY) else None
    assessments = kept_assessments(project)
    stamp = project.stamp(chosen.plan, edit)
    decisions = decisions_of(project, chosen, assessments)
    store, spatial = project.store, set(project.inputs().tables)

    def work(job: Job) -> Pending:
        if ready is None:
            raise UserError(
                Problem("The data was changed since it was checked.", "Check the data, then assess again.")
            )
        from plans.plan import make_plan  # late: it takes a while to import

        began = time.monotonic()
        made = make_plan(ready, assessments, decisions, settings, date.today(), job)
        job.say("Writing to the project", 0.0, force=True)
        pending = contents.prepare_computed(
            store,
            to_record(chosen.plan, made),
            stamp=stamp,
            seconds=time.monotonic() - began,
            spatial=spatial,
        )
        return replace(pending, edit=edit, problems=made.problems)

    return work


def plan_name(project: Project, scenario: str = "") -> str:
    """Name of a scenario's plan among the results."""
    return scenario_named(project, scenario).plan


def plan_of(project: Project, scenario: str = "") -> Part | None:
    """The plan of a scenario as it was kept last; None if there is none."""
    found = project.computed(scenario_named(project, scenario).plan)
    return from_plan_record(found) if found else None


def needed_plan(project: Project, scenario: str = "") -> Part:
    """The plan of a scenario.

    Raises
    ------
    UserError
        None was made.
    """
    found = plan_of(project, scenario)
    if found is None:
        raise UserError(Problem("There is no plan yet.", "Make one first: lutu plan PROJECT."))
    return found


def is_fresh(project: Project, scenario: str = "") -> bool:
    """Whether the plan of a scenario still agrees with data, results and decisions."""
    return project.is_fresh(scenario_named(project, scenario).plan)


def kept_assessments(project: Project) -> dict[str, Assessment]:
    """What was assessed, by name."""
    names = [one.name for one in potentials()]
    return {name: found for name in names if (found := _assessment(project, name)) is not None}


def _assessment(project: Project, name: str) -> Assessment | None:
    record = project.computed(name)
    return from_record(record) if record else None


# What people decide


def settings_of(project: Project, scenario: Scenario) -> PlanSettings:
    """The settings of a scenario's plan: defaults with what was set."""
    from plans.plan import PlanSettings  # late: it takes a while to import

    table = project.table("settings")
    if scenario.plan not in table.index:
        return PlanSettings()
    known = {one.name for one in fields(PlanSettings)}
    row = table.loc[scenario.plan].dropna()
    values: dict[str, Any] = {str(name): value for name, value in row.items() if name in known}
    if "target_sets" in values:
        values["target_sets"] = tuple(values["target_sets"])
    return PlanSettings(**values)


def settings_change(project: Project, scenario: Scenario, values: Mapping[str, Any], why: str = "") -> Edit:
    """The change that sets how a plan is made, not yet made."""
    from plans.plan import known_sets  # late: it takes a while to import

    sets = values.get("target_sets")
    unknown = [one for one in sets or () if one not in known_sets(project.standards)]
    if unknown:
        raise UserError(
            Problem(
                "There are no targets of the sets {sets}.",
                "Choose among: {names}.",
                sets=", ".join(unknown),
                names=", ".join(known_sets(project.standards)),
            )
        )
    now = settings_of(project, scenario)
    row = pd.Index([scenario.plan], name=DECIDED["settings"])
    before = pd.DataFrame([{name: _plain(getattr(now, name)) for name in values}], index=row, dtype=object)
    after = pd.DataFrame([{name: _plain(value) for name, value in values.items()}], index=row, dtype=object)
    return Edit("Set how {name} is made", "settings", before, after, why, {"name": scenario.title})


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


def decisions_of(project: Project, scenario: Scenario, assessments: Mapping[str, Assessment]) -> Decisions:
    """What people decided in a scenario."""
    from plans.plan import Decisions  # late: it takes a while to import

    targets = decided(project, "target", scenario)
    grades = decided(project, "green_grade", scenario)
    renewed = decided(project, "retrofit_choice", scenario)
    measured = decided(project, "measured_project", scenario)
    if len(targets):
        targets = targets.assign(
            value=pd.to_numeric(targets["value"]),
            year=pd.to_numeric(targets["year"]).astype(int),
            area_id=targets["area_id"].fillna("") if "area_id" in targets else "",
        )
    return Decisions(
        targets=targets if len(targets) else None,
        choices=_choices(decided(project, "choice", scenario), assessments),
        grades=grades if len(grades) else None,
        retrofits=MappingProxyType(
            {
                str(row): bool(value)
                for row, value in renewed.get("retrofit_chosen", pd.Series(dtype=object)).items()
            }
        ),
        retrofit_reasons=MappingProxyType(
            {
                str(row): str(value)
                for row, value in renewed.get("manual_reason", pd.Series(dtype=object)).dropna().items()
            }
        ),
        statistics=_brought(project, STATISTICS),
        measured=_numbers(measured, ("year", *MEASURED)) if len(measured) else None,
        actual=_brought(project, ACTUAL, ("year", "value")),
    )


def _choices(rows: pd.DataFrame, assessments: Mapping[str, Assessment]) -> pd.DataFrame | None:
    """Decisions about technologies by parcel as the programme reads them; what is put off stays out of this plan."""
    offered = {
        (str(parcel), str(technology))
        for made in assessments.values()
        if len(made.options)
        for parcel, technology in zip(made.options["parcel_id"], made.options["technology"], strict=True)
    }
    found = [
        {
            "parcel_id": str(parcel),
            "technology": str(technology),
            "planned_kw": 0.0
            if decision in (DECLINED, DEFERRED)
            else _said(rows, parcel, technology, "planned_kw"),
            "phase_year": _said(rows, parcel, technology, "phase_year"),
            "reason": _said(rows, parcel, technology, "reason", str(decision)),
        }
        for technology in map(str, rows.columns)
        for parcel, decision in rows[technology].dropna().items()
        if (str(parcel), technology) in offered
    ]
    return pd.DataFrame(found) if found else None


def _said(rows: pd.DataFrame, parcel: Any, technology: str, name: str, otherwise: Any = math.nan) -> Any:
    """What was set of a decided technology beside the decision."""
    column = f"{technology}.{name}"
    value: Any = rows.at[parcel, column] if column in rows else None
    return otherwise if value is None or pd.isna(value) else value


def _brought(project: Project, table: str, numbers: tuple[str, ...] = ()) -> pd.DataFrame | None:
    """What people brought of the whole city; None where nothing was."""
    rows = project.table(table).dropna(how="all")
    if rows.empty:
        return None
    places = {"area_id": rows["area_id"].fillna("") if "area_id" in rows else ""}
    used = {"use": rows["use"].fillna("") if "use" in rows else ""} if table == STATISTICS else {}
    return _numbers(rows.assign(**places, **used), numbers)


def _numbers(rows: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Rows with some columns as numbers."""
    return rows.assign(**{name: pd.to_numeric(rows[name]) for name in names if name in rows})


# Plans as they are kept


def to_record(name: str, plan: Part) -> Computed:
    """What a project keeps of a plan."""
    return Computed(
        name=name,
        tables=dict(plan.tables),
        rasters={},
        facts={
            "figures": plan.figures.records(),
            "numbers": [asdict(number) for number in plan.numbers],
            "remarks": list(plan.remarks),
            "problems": [problem_record(problem) for problem in plan.problems],
        },
    )


def from_plan_record(record: Computed) -> Part:
    """The plan a project kept."""
    return Part(
        tables=MappingProxyType(dict(record.tables)),
        figures=Figures.from_records(record.facts["figures"]),
        numbers=tuple(Number(**number) for number in record.facts["numbers"]),
        remarks=tuple(record.facts["remarks"]),
        problems=tuple(problem_from(one) for one in record.facts["problems"]),
    )


# Tracing and comparing


def trace(project: Project, key: str, scenario: str = "") -> list[tuple[int, Figure]]:
    """A figure of a plan with everything it was computed from."""
    made = needed_plan(project, scenario)
    if key not in made.figures:
        near = [one for one in made.figures if key in one][:20]
        raise UserError(
            Problem(
                "There is no figure {key}.",
                "Choose one of: {names}.",
                key=key,
                names=", ".join(near) or "lutu trace --list",
            )
        )
    return made.figures.trace(key)


def compared(project: Project, first: str, second: str) -> pd.DataFrame:
    """Figures of two plans that differ, side by side, the most important first; see `figure_changes`."""
    return figure_changes(needed_plan(project, first), needed_plan(project, second))
