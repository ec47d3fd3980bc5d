"""Chart files: a chart as a drawing and its values as a table, for documents and spreadsheets."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core.problems import Problem, UserError
from desktop import operations, planning
from desktop.chart_scope import CITY, DISTRICT, PARCEL, UNIT, Scope, areas_of, scope_of
from desktop.charts import CHARTS, MEASURE, TECHNOLOGY, Chart, Content
from layers.project import Project

OPTIONS = {"typical_day": tuple(map(str, range(1, 13))), "carbon_cost": (TECHNOLOGY, MEASURE)}


def charted(
    project: Project,
    name: str,
    option: str = "",
    *,
    district: str = "",
    unit: str = "",
    where: str = "",
    scenario: str = "",
) -> tuple[Scope, Chart]:
    """A chart of a project: of the city, a district or a unit, and of the parcels that meet a condition.

    Raises
    ------
    UserError
        Nothing was assessed, or there is no such area, month or way, or no parcel meets the condition.
    """
    results = operations.ready(project)
    kind, area = (DISTRICT, district) if district else (UNIT, unit) if unit else (CITY, "")
    known = [one for of_kind, one, _ in areas_of(results.city) if of_kind == kind]
    if area and area not in known:
        raise UserError(
            Problem(
                "There is no part of the city called {name}.",
                "Choose one of: {names}.",
                name=area,
                names=", ".join(known) or "—",
            )
        )
    offered = OPTIONS.get(name, ())
    if option and option not in offered:
        problem = Problem(
            "The chart has no part {name}.",
            "Choose one of: {names}.",
            name=option,
            names=", ".join(offered) or "—",
        )
        raise UserError(problem)
    passing: dict[str, pd.Index] = {}
    if where:
        passing = {PARCEL: pd.Index(operations.parcels_meant(results.city, results.assessments, where))}
    scope = scope_of(results.city, kind, area, filters=passing)
    content = Content(results.assessments, planning.plan_of(project, scenario))
    return scope, CHARTS[name](content, scope, option or next(iter(offered), ""))


def write_csv(chart: Chart, path: Path) -> None:
    """The values of a chart, with a mark by which spreadsheets know that it is UTF-8."""
    chart.table.to_csv(path, index=False, encoding="utf-8-sig")


def write_svg(picture: str, path: Path) -> None:
    """A drawn chart; its values show where a mouse rests on it in a browser."""
    path.write_text(picture, encoding="utf-8")


def unwritable(path: Path) -> Problem:
    """What is said of a file that cannot be written."""
    return Problem(
        "{file} cannot be written.",
        "Close it in other programs, or choose another place.",
        file=path.name,
    )
