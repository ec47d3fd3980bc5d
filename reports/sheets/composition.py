"""Compositions: a declared sheet as a planner wants it: paper, scale, layers, items and words; one page or an atlas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import shapely

from cartography.ragged import Bounds
from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import speaking, text
from layers.city import City
from layers.export_files import make_folder, replacing
from plans import Part
from potential import Assessment
from reports.sheets.book import sheet_called
from reports.sheets.content import Composer, day_said, template_data
from reports.sheets.declared import BASE, Sheet
from reports.sheets.drawing import Area, area_of
from reports.sheets.free_items import Surroundings, drawn, height_mm, problems_of, too_small
from reports.sheets.labels import named
from reports.sheets.material import Missing, Sources, left_out
from reports.sheets.paper import LARGEST_SCALE, Frame
from reports.sheets.wanted import ATLASES as ATLASES
from reports.sheets.wanted import ITEMS as ITEMS
from reports.sheets.wanted import PAPERS_MM as PAPERS_MM
from reports.sheets.wanted import ZOOMS
from reports.sheets.wanted import Composition as Composition
from reports.sheets.wanted import FreeItem as FreeItem
from reports.typesetting import missing_glyphs, pages, pdf, queried

TEMPLATE = "composed.typ"
SMALLEST_SCALE = 1_000_000
PICTURE_DPI = 300
UNIT_COLUMNS = ("planning_unit", "planning_unit_id")
FILLED = 0.94  # of the map by a page of an atlas


def declared_of(wanted: Composition, around: Surroundings | None = None) -> Sheet:
    """The sheet of a composition with the layers and words that were chosen.

    Raises
    ------
    UserError
        All that is wrong with the composition.
    """
    own = around.own if around is not None else None
    sheet = own if own is not None and own.key == wanted.key else sheet_called(wanted.key)
    problems = [
        Problem(
            "{words} is not known here.",
            "Choose from: {known}.",
            words=", ".join(wrong),
            known=", ".join(known),
        )
        for wrong, known in (
            ([] if wanted.paper in PAPERS_MM else [wanted.paper], tuple(PAPERS_MM)),
            ([one for one in wanted.without if one not in ITEMS], ITEMS),
            ([one for one in wanted.base or () if one not in BASE], BASE),
            ([] if wanted.atlas in ATLASES else [wanted.atlas], ATLASES[1:]),
        )
        if wrong
    ]
    count = len(sheet.layers)
    if wanted.layers is not None and not set(wanted.layers) <= set(range(count)):
        problems.append(
            Problem("The sheet has {count} layers.", "Name them by their places from 0.", count=count)
        )
    if wanted.scale and not LARGEST_SCALE <= wanted.scale <= SMALLEST_SCALE:
        problems.append(
            Problem(
                "A scale of 1 : {scale} cannot be printed.",
                "Choose between 1 : {largest} and 1 : {smallest}.",
                scale=wanted.scale,
                largest=LARGEST_SCALE,
                smallest=SMALLEST_SCALE,
            )
        )
    problems += problems_of(wanted.added, around or Surroundings())
    if problems:
        raise UserError(*problems)
    kept = range(count) if wanted.layers is None else sorted(wanted.layers)
    return replace(
        sheet,
        layers=tuple(sheet.layers[place] for place in kept),
        base=sheet.base if wanted.base is None else wanted.base,
    )


def seen_in(wanted: Composition, seen: Bounds) -> Composition:
    """A composition with a piece of the world in the middle of its map, and whole where no scale is fixed. [m]"""
    west, south, east, north = seen
    fitting = Frame.around(seen, *wanted.map_mm, filled=1.0).scale
    return replace(wanted, scale=wanted.scale or fitting, centre=((west + east) / 2, (south + north) / 2))


@dataclass
class Compositor:
    """Composes the pages of a composition.

    Parameters
    ----------
    city, assessments, plan
        What is shown.
    wanted : Composition
    around : Surroundings
        What items beside the map know beyond that.
    """

    city: City
    assessments: Mapping[str, Assessment]
    plan: Part
    wanted: Composition
    around: Surroundings = field(default_factory=Surroundings)

    def __post_init__(self) -> None:
        self.sheet = declared_of(self.wanted, self.around)
        self.composer = Composer.of(Sources(self.city, self.assessments, self.plan), self.wanted.imprint)

    def places(self) -> list[str]:
        """Ids of the pages of the atlas; one empty id where there is a single page.

        Raises
        ------
        UserError
            The city has no such places.
        """
        if not self.wanted.atlas:
            return [""]
        try:
            known = self.composer.sources.shapes(self.wanted.atlas).sort_index().index.astype(str)
        except Missing as why:
            raise UserError(left_out(self.sheet, why)) from why
        lost = tuple(one for one in self.wanted.places if one not in known)
        if lost:
            raise UserError(
                Problem(
                    "Some of these rows are not in the city.",
                    "Check the ids, or select rows first.",
                    table=self.wanted.atlas,
                    rows=lost,
                )
            )
        return list(self.wanted.places or known)

    def page(self, place: str) -> tuple[dict[str, Any], list[Problem]]:
        """What the template takes for a page, and what could not be drawn.

        Raises
        ------
        UserError
            Nothing that the sheet is about is there.
        """
        without = set(self.wanted.without)
        try:
            content, problems = self.composer.sheet(
                self.sheet,
                self.frame(place),
                area=self._area(place),
                arrow="north_arrow" not in without,
                column_mm=self.wanted.column_mm - height_mm(self.wanted.added, self.wanted.item_mm),
            )
        except Missing as why:
            raise UserError(left_out(self.sheet, why)) from why
        for item, name, nothing in (
            ("legend", "legends", []),
            ("tables", "tables", []),
            ("tables", "figures", []),
            ("notes", "notes", []),
            ("scale_bar", "bar", ""),
            ("wind_rose", "rose", ""),
            ("title_block", "block", []),
        ):
            if item in without:
                content[name] = nothing
        wanted = self.wanted
        content["room"] = [*wanted.room_mm, wanted.side_mm, wanted.below_mm, ZOOMS[wanted.paper]]
        content |= self._words(place, content)
        added, lacking = self._added(place, content)
        return {**content, "added": added}, [*problems, *lacking]

    def _added(self, place: str, content: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[Problem]]:
        """The items of a planner on a page, and why some of them are not there."""
        pages = self.places() if self.wanted.added else []
        values = {
            "title": str(content["title"]),
            "number": str(content["number"]),
            "city": self.city.name,
            "scenario": self.around.scenario,
            "date": day_said(self.composer.date),
            "scale": str(content["scale"]),
            "page": str(pages.index(place) + 1 if place in pages else 1),
            "pages": str(len(pages)),
            "place": self._named(place) if place else "",
            "author": self.wanted.imprint.author,
        }
        made, problems = [], []
        for one in self.wanted.added:
            of = (self.wanted.atlas if place else "", place)
            item, lacking = drawn(one, values, self.around, self.wanted.item_mm, of)
            made += [item] if item is not None else []
            problems += lacking
        return made, problems

    def frame(self, place: str) -> Frame:
        """The piece of the world on a page."""
        wanted = self.wanted
        bounds = area_of(self.city)
        if place:
            west, south, east, north = map(float, shapely.bounds(self._shape(place)))
            bounds = (west, south, east, north)
        around = Frame.around(bounds, *wanted.map_mm, **({"filled": FILLED} if place else {}))
        scale = wanted.scale or around.scale
        west, south, east, north = bounds
        x, y = ((west + east) / 2, (south + north) / 2) if place or wanted.centre is None else wanted.centre
        wide, high = wanted.map_mm
        return Frame(x - wide * scale / 2000, y + high * scale / 2000, wide, high, scale)

    def _shape(self, place: str) -> shapely.Geometry:
        shape: shapely.Geometry = self.composer.sources.shapes(self.wanted.atlas).geometry.loc[place]
        return shape

    def _area(self, place: str) -> Area | None:
        """The part of the city that a page of an atlas is about."""
        if not place:
            return None
        if self.wanted.atlas == "parcel":
            return Area(self._shape(place), pd.Index([place]))
        parcels = self.city.tables.get("parcel", pd.DataFrame())
        column = next((one for one in UNIT_COLUMNS if one in parcels.columns), "")
        return Area(
            self._shape(place), parcels.index[parcels[column] == place] if column else parcels.index[:0]
        )

    def _words(self, place: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Title, number and title block as the planner wants them; pages of an atlas carry their place."""
        title = self.wanted.title or str(content["title"])
        number = self.wanted.number or str(content["number"])
        if place:
            title = f"{title} · {self._named(place)}"
            page = f"{self.places().index(place) + 1:02d}"
            number = f"{number}-{page}" if number else page
        before = str(content["number"])
        block = [
            {**one, "value": number if one["value"] == before else one["value"]} for one in content["block"]
        ]
        return {"title": title, "number": number, "block": block, "alt": text("Map: {title}", title=title)}

    def _named(self, place: str) -> str:
        """Id and name of the place of a page."""
        table = self.composer.sources.shapes(self.wanted.atlas)
        called = str(named(table.loc[[place]])[0]) if "name" in table.columns else ""
        return place if called in ("", place) else f"{place} {called}"

    def data(self, contents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """What the template takes for some pages."""
        title = (
            str(contents[0]["title"]) if len(contents) == 1 else self.wanted.title or self.sheet.title.said()
        )
        made = template_data(map(dict, contents), title, self.wanted.imprint.author)
        return {**made, "paper": list(self.wanted.paper_mm)}

    def crowded(self, contents: Sequence[Mapping[str, Any]], first: int = 1) -> list[Problem]:
        """What is said of pages, numbered from `first`, on which the items of a planner leave too little room."""
        if not self.wanted.added:
            return []
        noted = queried(TEMPLATE, self.data(contents), "fit")
        return too_small([(int(one["page"]) + first - 1, float(one["share"])) for one in noted])


def write_composed(
    city: City,
    assessments: Mapping[str, Assessment],
    plan: Part,
    wanted: Composition,
    path: Path,
    *,
    language: str = "zh",
    job: Job | None = None,
    around: Surroundings | None = None,
) -> tuple[list[Path], list[Problem]]:
    """Write a composition as one PDF/A, or as PNG pictures of 300 dots an inch, one a page.

    Parameters
    ----------
    city, assessments, plan
        What is shown.
    wanted : Composition
    path : Path
        A name that ends in `.pdf` or `.png`; pictures of an atlas get numbers.
    language : str
        `zh` or `en`.
    job : Job, optional
        Reports progress and stops between two pages.
    around : Surroundings, optional
        What items beside the map know beyond that.

    Returns
    -------
    list of Path
        The files written.
    list of Problem
        Layers and items left out or set small, and characters that no font has.

    Raises
    ------
    UserError
        The composition is wrong, or nothing that it shows is there.
    """
    job = job or Job()
    if path.suffix.lower() not in (".pdf", ".png"):
        raise UserError(
            Problem("{file} is neither PDF nor PNG.", "End its name in .pdf or .png.", file=path.name)
        )
    with speaking(language):
        compositor = Compositor(city, assessments, plan, wanted, around or Surroundings())
        contents, problems = all_pages(compositor, job)
        problems += compositor.crowded(contents)
        make_folder(path.parent)
        if path.suffix.lower() == ".pdf":
            data = compositor.data(contents)
            problems += missing_glyphs(data)
            with replacing(path) as place:
                place.write_bytes(pdf(TEMPLATE, data, date=compositor.composer.date))
            return [path], problems
        written = []
        for number, picture in enumerate(pictures(compositor, contents, job), start=1):
            name = path if len(contents) == 1 else path.with_name(f"{path.stem}-{number:02d}{path.suffix}")
            with replacing(name) as place:
                place.write_bytes(picture)
            written.append(name)
        return written, problems


def pictures(
    compositor: Compositor,
    contents: Sequence[Mapping[str, Any]],
    job: Job,
    *,
    dots_per_inch: float = PICTURE_DPI,
) -> Iterator[bytes]:
    """The pages as PNG pictures, one at a time: a large page fills much memory."""
    for content in job.each(list(contents), "Setting pages"):
        yield pages(TEMPLATE, compositor.data([content]), dots_per_inch=dots_per_inch)[0]


class Previewed(NamedTuple):
    """A page as PNG, the number of pages, the denominator of its scale, and what is left out or set small."""

    picture: bytes
    pages: int
    scale: int
    problems: tuple[Problem, ...]


def composed_preview(
    city: City,
    assessments: Mapping[str, Assessment],
    plan: Part,
    wanted: Composition,
    *,
    page: int = 0,
    language: str = "zh",
    dots_per_inch: float = 96,
    around: Surroundings | None = None,
) -> Previewed:
    """One page as it will be printed.

    Raises
    ------
    UserError
        The composition is wrong, or nothing that it shows is there.
    """
    with speaking(language):
        compositor = Compositor(city, assessments, plan, wanted, around or Surroundings())
        places = compositor.places()
        number = min(page, len(places) - 1)
        content, problems = compositor.page(places[number])
        problems += compositor.crowded([content], number + 1)
        made = pages(TEMPLATE, compositor.data([content]), dots_per_inch=dots_per_inch)[0]
        return Previewed(made, len(places), compositor.frame(places[number]).scale, tuple(problems))


def all_pages(compositor: Compositor, job: Job) -> tuple[list[dict[str, Any]], list[Problem]]:
    """All pages of a composition, and what could not be drawn, each said once."""
    contents, problems = [], []
    for place in job.each(compositor.places(), "Drawing sheets"):
        content, noted = compositor.page(place)
        contents.append(content)
        problems += noted
    return contents, list({one.said(): one for one in problems}.values())
