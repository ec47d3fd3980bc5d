"""Composing map sheets: what can be composed from a project, a preview of a page, and files or pages for the printer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import text
from desktop.planning import kept_assessments, plan_of
from layers.city import City
from layers.project import Project
from plans import Part
from potential import Assessment
from reports.sheets.book import sheets_ready
from reports.sheets.composition import (
    PICTURE_DPI,
    Composition,
    Compositor,
    all_pages,
    composed_preview,
    pictures,
    write_composed,
)
from reports.sheets.declared import Sheet
from reports.sheets.furniture import wind_rose


@dataclass(frozen=True)
class Shown:
    """What sheets are composed from, free of the project."""

    city: City
    assessments: Mapping[str, Assessment]
    plan: Part


def shown(project: Project, scenario: str = "") -> Shown:
    """City, assessments and plan of a scenario; without a plan its sheets are not offered.

    Raises
    ------
    UserError
        The data was not checked yet.
    """
    if project.city is None:
        raise UserError(Problem("The data was not checked yet.", "Check the data first."))
    return Shown(project.city, kept_assessments(project), plan_of(project, scenario) or Part())


def offered(material: Shown) -> list[tuple[Sheet, Problem | None]]:
    """All declared sheets, each with what keeps it from being made."""
    return sheets_ready(material.city, material.assessments, material.plan)


def lacking_items(city: City) -> dict[str, str]:
    """Items of a sheet for which a city has no data, each with the reason in a few words."""
    return {} if wind_rose(city.weather) else {"wind_rose": text("no directions")}


def preview(
    material: Shown, wanted: Composition, page: int, language: str, dots_per_inch: float
) -> tuple[bytes, int, int]:
    """One page as PNG, the number of pages, and the denominator of its scale."""
    return composed_preview(
        material.city,
        material.assessments,
        material.plan,
        wanted,
        page=page,
        language=language,
        dots_per_inch=dots_per_inch,
    )


def compose(
    material: Shown, wanted: Composition, path: Path, *, language: str, job: Job
) -> tuple[list[Path], list[Problem]]:
    """Write a composition as PDF or PNG, by the end of the file's name."""
    return write_composed(
        material.city, material.assessments, material.plan, wanted, path, language=language, job=job
    )


def printed_pages(material: Shown, wanted: Composition, job: Job) -> Iterator[bytes]:
    """The pages as PNG pictures of 300 dots an inch, for a printer, one at a time."""
    compositor = Compositor(material.city, material.assessments, material.plan, wanted)
    contents, _ = all_pages(compositor, job)
    return pictures(compositor, contents, job, dots_per_inch=PICTURE_DPI)
