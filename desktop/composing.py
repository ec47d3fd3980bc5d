"""Composing map sheets: what can be composed from a project, a preview of a page, and files or pages for the printer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cartography.ragged import Bounds
from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import text
from desktop.chart_files import OPTIONS
from desktop.chart_scope import PARCEL, SELECTION, UNIT, Scope, scope_of
from desktop.charts import CHARTS, Chart, Content
from desktop.kept_map import kept_map
from desktop.map_sheet import map_sheet
from desktop.planning import kept_assessments, plan_of
from desktop.scenarios import scenario_named, scenarios
from layers.city import City
from layers.project import Project
from plans import Part
from potential import Assessment
from reports.sheets.book import sheets_ready
from reports.sheets.composition import (
    PICTURE_DPI,
    Composition,
    Compositor,
    Previewed,
    all_pages,
    composed_preview,
    pictures,
    write_composed,
)
from reports.sheets.declared import Sheet
from reports.sheets.free_items import Surroundings
from reports.sheets.furniture import wind_rose
from reports.sheets.wanted import KINDS, TEXT, FreeItem


@dataclass(frozen=True)
class Shown:
    """What sheets are composed from, free of the project: what the scenario is called, and the map as a sheet of its own."""

    city: City
    assessments: Mapping[str, Assessment]
    plan: Part
    scenario: str = ""
    own: Sheet | None = None

    @property
    def around(self) -> Surroundings:
        """What items beside the map know: the scenario, and the charts of the window."""
        return Surroundings(
            self.scenario, {name: OPTIONS.get(name, ()) for name in CHARTS}, self._chart, self.own
        )

    def _chart(self, name: str, option: str, atlas: str, place: str) -> Chart:
        """A chart of the city, or of the place of a page."""
        content = Content(self.assessments, self.plan if self.plan.tables else None)
        first = next(iter(OPTIONS.get(name, ())), "")
        return CHARTS[name](content, self._scope(atlas, place), option or first)

    def _scope(self, atlas: str, place: str) -> Scope:
        if atlas == PARCEL:
            return Scope(PARCEL, pd.Index([place]), SELECTION)
        return scope_of(self.city, UNIT, place) if atlas else scope_of(self.city)


def shown(project: Project, scenario: str = "") -> Shown:
    """City, assessments and plan of a scenario; without a plan its sheets are not offered.

    Raises
    ------
    UserError
        The data was not checked yet.
    """
    if project.city is None:
        raise UserError(Problem("The data was not checked yet.", "Check the data first."))
    called = scenario_named(project, scenario).title
    return Shown(project.city, kept_assessments(project), plan_of(project, scenario) or Part(), called)


def shown_with_map(
    project: Project, job: Job, *, view: str = "", scenario: str = ""
) -> tuple[Shown, Bounds | None]:
    """What sheets are composed from with the map as one of them, and the place of the view where it has one.

    Raises
    ------
    UserError
        There is no such scenario or view, or the data was not checked yet.
    """
    key = scenario_named(project, scenario).key if scenario else None
    made = kept_map(project.folder, job, view=view, scenario=key)
    opened = made.opened
    own = map_sheet(opened.layers, opened.looks, made.city, made.results, made.filters)
    called = next(one.title for one in scenarios(project) if one.key == opened.scenario)
    return Shown(made.city, opened.assessments, opened.plan or Part(), called, own), made.place


def offered(material: Shown) -> list[tuple[Sheet, Problem | None]]:
    """The map where it is there and all declared sheets, each with what keeps it from being made."""
    own: list[tuple[Sheet, Problem | None]] = [] if material.own is None else [(material.own, None)]
    return own + sheets_ready(material.city, material.assessments, material.plan)


def lacking_items(city: City) -> dict[str, str]:
    """Items of a sheet for which a city has no data, each with the reason in a few words."""
    return {} if wind_rose(city.weather) else {"wind_rose": text("no directions")}


def preview(
    material: Shown, wanted: Composition, page: int, language: str, dots_per_inch: float
) -> Previewed:
    """One page as it will be printed."""
    return composed_preview(
        material.city,
        material.assessments,
        material.plan,
        wanted,
        page=page,
        language=language,
        dots_per_inch=dots_per_inch,
        around=material.around,
    )


def compose(
    material: Shown, wanted: Composition, path: Path, *, language: str, job: Job
) -> tuple[list[Path], list[Problem]]:
    """Write a composition as PDF or PNG, by the end of the file's name."""
    return write_composed(
        material.city,
        material.assessments,
        material.plan,
        wanted,
        path,
        language=language,
        job=job,
        around=material.around,
    )


def printed_pages(material: Shown, wanted: Composition, job: Job) -> Iterator[bytes]:
    """The pages as PNG pictures of 300 dots an inch, for a printer, one at a time."""
    compositor = Compositor(material.city, material.assessments, material.plan, wanted, material.around)
    contents, _ = all_pages(compositor, job)
    return pictures(compositor, contents, job, dots_per_inch=PICTURE_DPI)


def item_of(words: str) -> FreeItem:
    """An item as it is written on a command line: `text:WORDS`, `picture:FILE`, `chart:NAME`, with an option `chart@7:NAME`.

    Raises
    ------
    UserError
        It names no kind of item.
    """
    head, parted, value = words.partition(":")
    kind, _, which = head.partition("@")
    if not parted or kind not in KINDS:
        raise UserError(
            Problem(
                "{words} is no item of a sheet.",
                "Write it as {examples}.",
                words=words,
                examples="text:…, picture:…, picture@40:…, chart:…, chart@7:…",
            )
        )
    return FreeItem(kind, value.replace("\\n", "\n") if kind == TEXT else value, which)
