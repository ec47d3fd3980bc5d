"""The table of scenarios: the main figures of every planned scenario, with their differences to the first of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd

from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import text
from core.units import MISSING, count, unit_said
from desktop.comparing import kind_written
from desktop.plan_totals import main_figures, missed
from desktop.planning import from_plan_record
from desktop.scenarios import Scenario, scenarios
from layers.project import Project
from plans import Part
from plans.comparison import change_said, figure_changes
from plans.figures import Figure, Figures

FORMATS = (".xlsx", ".csv")


@dataclass(frozen=True, eq=False)
class ScenarioTable:
    """Planned scenarios with their plans, the first of which the others are measured against."""

    city: str
    scenarios: Sequence[Scenario]
    plans: Sequence[Part]
    stale: Sequence[bool]

    @cached_property
    def figures(self) -> dict[str, str]:
        """Titles of the figures by key: the main ones of any of the plans."""
        return {key: title for plan in self.plans for key, (title, _) in main_figures(plan).items()}

    def figure(self, row: int, key: str) -> Figure | None:
        """A figure of a scenario; None where its plan has none."""
        return self.plans[row].figures.get(key)

    def changed(self, row: int, key: str) -> str:
        """By how much a figure differs from the first scenario, with its unit and in percent; empty where it does not."""
        changes = self._changes[row]
        if key not in changes:
            return ""
        _, _, change, relative = change_said(changes[key])
        return change if relative == MISSING else f"{change}\n({relative})"

    def said(self, row: int) -> list[str]:
        """A row in words: the scenario, its figures each with the difference below, and missed targets."""
        name = self.scenarios[row].title
        cells = [f"{name}\n{text('out of date')}" if self.stale[row] else name]
        for key in self.figures:
            one, change = self.figure(row, key), self.changed(row, key)
            value = "" if one is None else one.said()
            cells.append(f"{value}\n{change}" if change else value)
        return [*cells, count(missed(self.plans[row]))]

    @property
    def heads(self) -> list[str]:
        """Titles of the columns of `said`."""
        return [text("Scenario"), *self.figures.values(), text("Missed targets and limits")]

    def frame(self) -> pd.DataFrame:
        """A row for each scenario: every figure, its difference to the first scenario, the difference in percent."""
        found: dict[str, list[object]] = {"scenario_title": [one.title for one in self.scenarios]}
        for key, title in self.figures.items():
            unit = next(each.figures[key].unit for each in self.plans if key in each.figures)
            factor, points = (100.0, text("percentage points")) if unit == "%" else (1.0, unit_said(unit))
            figures = [self.figure(row, key) for row in range(len(self.scenarios))]
            values = [math.nan if one is None else factor * one.value for one in figures]
            found[f"{title} ({unit_said(unit)})" if unit else title] = list(values)
            if len(values) == 1:
                continue
            differences = [value - values[0] for value in values]
            found[text("{title}: difference ({unit})", title=title, unit=points)] = list(differences)
            if unit != "%" and values[0]:
                found[text("{title}: difference (%)", title=title)] = [
                    100.0 * one / abs(values[0]) for one in differences
                ]
        found[text("Missed targets and limits")] = [missed(plan) for plan in self.plans]
        return pd.DataFrame(found)

    @cached_property
    def _changes(self) -> list[dict[str, dict[str, object]]]:
        first = _main(self.plans[0])
        tables = [figure_changes(first, _main(plan)) for plan in self.plans]
        return [
            {str(key): dict(zip(map(str, one.columns), row, strict=True)) for key, *row in one.itertuples()}
            for one in tables
        ]


def scenario_table(project: Project) -> ScenarioTable:
    """The table of all scenarios of a project that have a plan.

    Raises
    ------
    UserError
        None has.
    """
    found = [(one, project.computed(one.plan)) for one in scenarios(project)]
    made = [(one, from_plan_record(kept)) for one, kept in found if kept is not None]
    if not made:
        raise UserError(Problem("There is no plan yet.", "Make one first: lutu plan PROJECT."))
    fresh = project.freshness([one.plan for one, _ in made])
    known, plans = zip(*made, strict=True)
    return ScenarioTable(project.name, known, plans, [not fresh[one.plan] for one in known])


def scenario_table_in(folder: Path, job: Job) -> ScenarioTable:
    """The same from a folder, in a thread of its own: a connection belongs to its thread."""
    job.say("Reading the plans of all scenarios", 0.0, force=True)
    project = Project(folder)
    try:
        found = scenario_table(project)
    finally:
        project.close()
    for row in range(len(found.plans)):
        found.said(row)  # found here, so that the window need not wait for it
    return found


def write(found: ScenarioTable, path: Path, job: Job | None = None) -> list[Problem]:
    """Write the table as a workbook (`.xlsx`) or as `.csv`, a row for each scenario.

    Raises
    ------
    UserError
        The name ends in neither, or the file cannot be written.
    """
    from layers.export import Origin, write_csv, write_xlsx  # late: it takes a while to import

    if kind_written(path, FORMATS) == ".csv":
        return write_csv(path, found.frame(), job=job)
    names = text(", ").join(one.title for one in found.scenarios)
    origin = Origin(found.city, date.today(), scenario=names)
    return write_xlsx(path, {text("Scenarios"): found.frame()}, origin, job=job)


def _main(plan: Part) -> Part:
    """A plan with its main figures alone, so that thousands of others are not compared."""
    kept = {key: plan.figures[key] for key in main_figures(plan)}
    return Part(figures=Figures(kept))
