"""Comparing: two scenarios of a project side by side: what differs, and files that say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd

from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import text, word
from core.units import unit_said
from desktop import operations
from desktop.plan_map import plan_as_result
from desktop.planning import needed_plan
from desktop.scenarios import Scenario, scenario_named, scenarios
from layers.city import City
from layers.project import Project
from plans import Part
from plans.comparison import changed, figure_changes, parcel_changes
from potential import Assessment

FORMATS = (".pdf", ".xlsx", ".csv")


@dataclass(frozen=True, eq=False)
class Pair:
    """Two scenarios with their plans; `after` is measured against `before`."""

    city: City
    assessments: Mapping[str, Assessment]
    first: Scenario
    second: Scenario
    before: Part
    after: Part
    stale: tuple[str, ...] = ()  # names of scenarios whose plan no longer agrees with data and decisions

    @property
    def title(self) -> str:
        """Both names, in the order of the comparison."""
        return text("{first} and {second}", first=self.first.title, second=self.second.title)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Figures that differ, see `figure_changes`."""
        return figure_changes(self.before, self.after)

    @cached_property
    def shown(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """What either plan says of parcels, as the map shows it."""
        return plan_as_result(self.before).parcels, plan_as_result(self.after).parcels

    @cached_property
    def parcels(self) -> pd.DataFrame:
        """What every parcel has in either plan, see `parcel_changes`."""
        return parcel_changes(self.before, self.after)


def pair(
    project: Project,
    first: str,
    second: str,
    city: City | None = None,
    assessments: Mapping[str, Assessment] | None = None,
) -> Pair:
    """Two scenarios by key or title; the city and its results are read where they are not given.

    Raises
    ------
    UserError
        They are one and the same, there is no such scenario, or one of them has no plan yet.
    """
    one, other = scenario_named(project, first), scenario_named(project, second)
    if one.key == other.key:
        raise UserError(
            Problem(
                "{name} cannot be compared with itself.",
                "Choose two scenarios, or make a second one.",
                name=one.title,
            )
        )
    lacking = [each.title for each in (one, other) if project.computed(each.plan) is None]
    if lacking:
        raise UserError(
            Problem(
                "There is no plan yet of {names}.",
                "Make one first: lutu plan PROJECT --scenario NAME.",
                names=", ".join(lacking),
            )
        )
    before, after = (needed_plan(project, each.key) for each in (one, other))
    stale = tuple(each.title for each in (one, other) if not project.is_fresh(each.plan))
    if city is None or assessments is None:
        found = operations.ready(project)
        city, assessments = found.city, found.assessments
    return Pair(city, dict(assessments), one, other, before, after, stale)


def pair_in(
    folder: Path, first: str, second: str, city: City, assessments: Mapping[str, Assessment], job: Job
) -> Pair:
    """The same from a folder, in a thread of its own: a connection belongs to its thread."""
    job.say("Reading two plans", 0.0, force=True)
    project = Project(folder)
    try:
        found = pair(project, first, second, city, assessments)
    finally:
        project.close()
    job.say("Comparing", 0.8, force=True)
    _ = found.figures, found.parcels, found.shown  # found here, so that the window need not wait for them
    return found


def two_with_plans(project: Project, current: str) -> tuple[str, str]:
    """Keys of two scenarios to begin with: the one that is shown and the first other one with a plan, in their order.

    Raises
    ------
    UserError
        There are not two scenarios with a plan.
    """
    kept = {str(name) for (name,) in project.store.rows("SELECT name FROM lutu_computed", [])}
    made = [
        one.key for one in scenarios(project) if one.plan in kept
    ]  # names alone: plans take a while to read
    others = [key for key in made if key != current]
    if len(made) < 2 or not others:
        raise UserError(
            Problem(
                "There are no two scenarios with a plan.",
                "Make a new scenario, change its targets and make its plan; then compare.",
            )
        )
    chosen = {others[0], current} if current in made else set(others[:2])
    first, second = (key for key in made if key in chosen)
    return first, second


def tables(found: Pair) -> dict[str, pd.DataFrame]:
    """The tables of a comparison by title: figures, and the parcels that changed."""
    rows = changed(found.parcels)
    kinds = [listed(value) for value in rows["plan_change_kinds"]]
    said = rows.assign(plan_change_kinds=kinds)
    for name in ("technologies_before", "technologies_after"):
        said[name] = [listed(value) for value in rows[name]]
    figures = found.figures.assign(figure_unit=[unit_said(unit) for unit in found.figures["figure_unit"]])
    return {text("Figures that differ"): figures, text("Parcels that changed"): said}


def listed(keys: object) -> str:
    """Keys parted by semicolons as words of the language."""
    return text(", ").join(word(one) for one in str(keys).split("; ") if one)


def kind_written(path: Path, kinds: Sequence[str]) -> str:
    """The ending of a file that a comparison is written to, one of `kinds`; UserError else."""
    kind = path.suffix.lower()
    if kind not in kinds:
        raise UserError(
            Problem(
                "{name} is no kind of file a comparison can be written as.",
                "Let the name end in one of: {kinds}.",
                name=path.name,
                kinds=", ".join(kinds),
            )
        )
    return kind


def write(found: Pair, path: Path, *, author: str = "", job: Job | None = None) -> list[Problem]:
    """Write a comparison as a sheet (`.pdf`), a workbook (`.xlsx`) or the table of figures (`.csv`).

    Raises
    ------
    UserError
        The name ends in none of these, or the file cannot be written.
    """
    from layers.export import Origin, write_csv, write_xlsx  # late: it takes a while to import

    kind = kind_written(path, FORMATS)
    if kind == ".csv":
        return write_csv(path, tables(found)[text("Figures that differ")], job=job)
    if kind == ".xlsx":
        origin = Origin(found.city.name, date.today(), scenario=found.title)
        return write_xlsx(path, tables(found), origin, job=job)
    from reports.sheets.comparison import write_comparison_sheet
    from reports.sheets.content import Imprint

    plans = {found.first.title: found.before, found.second.title: found.after}
    return write_comparison_sheet(
        found.city, found.assessments, plans, path, imprint=Imprint(author=author), job=job
    )
