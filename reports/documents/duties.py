"""Duties: who answers for which task of the plan of a green and low-carbon city, with its target, projects and term."""

from __future__ import annotations

import pandas as pd

from core.texts import speaking, text
from core.units import MISSING, count
from plans import Part
from plans.figures import Figure, Figures
from plans.period import Period
from reports.documents.material import CHINESE
from standards import Standards


def duties(plan: Part, standards: Standards, period: Period) -> Part:
    """The table 责任分工表: goal, task, target, projects, departments, term.

    Parameters
    ----------
    plan : Part
        Tables `goal` and `project`; where one is missing its column says so.
    standards : Standards
        With `low_carbon_tasks`.
    period : Period
        Years of the plan.

    Returns
    -------
    Part
        Table `duty` by task, in the order of `low_carbon_tasks`; figures `duty.tasks` and `duty.without_project`, the tasks
        that projects should carry and none does.
    """
    tasks = standards.table("low_carbon_tasks").set_index("task")
    goals = _goals(plan, period)
    projects = plan.tables.get("project")
    rows, bare = {}, 0
    with speaking(CHINESE):
        for task, row in tasks.iterrows():
            families = [one for one in str(row["families"] or "").split(";") if one]
            number = _projects(projects, families)
            bare += bool(families) and number == 0
            rows[task] = {
                "duty_goal": row["goal"],
                "duty_task": row["task_zh"],
                "duty_target": goals.get(str(row["indicator"]), MISSING),
                "duty_projects": _said(families, number),
                "duty_departments": row["departments"],
                "duty_term": f"{period.target_year}年底前",
            }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("task")
    figures = Figures.of(
        [
            Figure("duty.tasks", "Tasks with departments", float(len(table)), "n", origin="duty.duty_task"),
            Figure("duty.without_project", "Tasks that no project carries yet", float(bare), "n", origin="duty"),
        ]
    )  # fmt: skip
    return Part({"duty": table}, figures)


def _goals(plan: Part, period: Period) -> dict[str, str]:
    """Targets of the target year in words, by indicator."""
    table = plan.tables.get("goal")
    if table is None:
        return {}
    last = table[table["year"] == period.target_year].drop_duplicates("indicator")
    return dict(zip(last["indicator"], last["operator"] + last["target_said"], strict=True))


def _projects(projects: pd.DataFrame | None, families: list[str]) -> int | None:
    """How many projects are of some families; None where there is no list of projects."""
    if projects is None or "family" not in projects:
        return None
    return int(projects["family"].isin(families).sum())


def _said(families: list[str], number: int | None) -> str:
    if not families:
        return text("By year, see the plan of green buildings")
    if number is None:
        return text("The list of projects is not made yet")
    return text("{count} projects", count=count(number)) if number else text("None yet")
