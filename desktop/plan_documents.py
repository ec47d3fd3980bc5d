"""Plan documents: what a plan is written as: documents for Word and print, an annex, map sheets, layers for GIS and CAD."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.jobs import Job
from core.problems import Problem, UserError
from desktop import operations, planning
from desktop.scenarios import scenario_named
from layers.city import City
from layers.project import Project
from plans import Part
from potential import Assessment

KINDS = ("实施方案", "专项规划", "低碳城市", "年度报告")


@dataclass(frozen=True)
class Ready:
    """What documents are written from, free of the project."""

    city: City
    assessments: dict[str, Assessment]
    plan: Part
    scenario: str
    texts: Path


@dataclass(frozen=True)
class Written:
    """Files, what the user should know, and how many numbers were compared with the plan."""

    files: tuple[Path, ...]
    problems: tuple[Problem, ...]
    numbers: int = 0


def ready(project: Project, scenario: str = "") -> Ready:
    """What documents of a scenario are written from.

    Raises
    ------
    UserError
        The city was not checked, or there is no plan.
    """
    found = operations.ready(project)
    chosen = scenario_named(project, scenario)
    plan = planning.needed_plan(project, scenario)
    return Ready(
        found.city, dict(found.assessments), plan, chosen.title, project.folder / "documents" / "templates"
    )


def write(
    ready: Ready,
    kinds: Sequence[str],
    folder: Path,
    *,
    sheets: bool = False,
    layers: bool = False,
    author: str = "",
    day: date | None = None,
    job: Job,
) -> Written:
    """Write documents, map sheets and plan layers into a folder."""
    unknown = [one for one in kinds if one not in KINDS]
    if unknown:
        raise UserError(
            Problem(
                "There is no document {name}.",
                "Choose one of: {names}.",
                name=unknown[0],
                names=", ".join(KINDS),
            )
        )
    raise NotImplementedError
