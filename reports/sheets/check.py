"""The check of map sheets: every number of maps, legends, tables and title blocks in the files against the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from core.texts import LANGUAGES, speaking, text
from layers.city import City
from plans import Part
from potential import Assessment
from reports.checked import Checked, or_unreadable
from reports.parcel import file_names
from reports.pdf_text import Imprinted, elements, imprinted
from reports.printed import BETWEEN_CELLS, Said, bare, compared, lines_of_file, picture_texts, repeated
from reports.sheets.book import book_title, composed, unit_book_title
from reports.sheets.content import Composer, Imprint
from reports.sheets.declared import GROUPS, sheets
from reports.sheets.material import Missing, Sources
from reports.sheets.unit_sheets import UnitComposer

FIRST_PAGES = 99


@dataclass(frozen=True)
class Book:
    """What the books of sheets of a plan are checked against."""

    city: City
    assessments: Mapping[str, Assessment]
    plan: Part
    title: str

    def checked(self, folder: Path) -> Iterator[tuple[Path, Checked]]:
        """Each book of sheets in a folder, in whichever language, with what was compared."""
        for spoken in LANGUAGES:
            with speaking(spoken):
                for group in GROUPS:
                    path = folder / file_names([book_title(self.city, group)])[0]
                    if path.is_file():
                        yield path, or_unreadable(partial(self._group, path, group))
                path = folder / file_names([unit_book_title(self.city)])[0]
                if path.is_file():
                    yield path, or_unreadable(partial(self._units, path))

    def _composer(self, made: Imprinted) -> Composer:
        imprint = Imprint(plan=self.title, author=made.author, date=made.day)
        return Composer.of(Sources(self.city, self.assessments, self.plan), imprint)

    def _group(self, path: Path, group: str) -> Checked:
        """A book of declared sheets, those of what is not there among them."""
        composer = self._composer(imprinted(path))
        wanted: list[Said] = []
        for declared in sheets():
            if declared.group != group:
                continue
            content, _ = composed(composer, declared, blank=True)
            if content is not None:
                wanted += _sheet(content)
        found = elements(path)
        return compared(path, lines_of_file(found), wanted) + repeated(path, found, ())

    def _units(self, path: Path) -> Checked:
        """The sheets of policy units."""
        composer = UnitComposer(self._composer(imprinted(path)))
        shapes = composer.composer.sources.shapes("planning_unit").sort_index()
        wanted: list[Said] = []
        around: list[str] = []
        for place, unit_id in enumerate(shapes.index, start=1):
            try:
                content, _ = composer.sheet(unit_id, place)
            except Missing:
                continue
            wanted += _unit(content)
            around += [content["plan"], content["title"], content["number"], *content["heads"]]
            around += [one["label"] + one["value"] for one in content["block"]]
        found = elements(path)
        around += [text("Page {page} of {pages}", page=n, pages=m) for n, m in _page_numbers(found[-1].page)]
        return compared(path, lines_of_file(found), wanted) + repeated(path, found, around)


def _page_numbers(pages: int) -> Iterator[tuple[int, int]]:
    """All numbers a page of a sheet may have."""
    most = min(pages, FIRST_PAGES)
    return ((page, whole) for whole in range(1, most + 1) for page in range(1, whole + 1))


def _sheet(content: Mapping[str, Any]) -> Iterator[Said]:
    """What a sheet prints, in the order of the file."""
    where = f"{content['number']} {content['title']}"
    yield from (Said(where, content[one]) for one in ("plan", "title", "number"))
    yield _picture(where, content["map"])
    yield from (Said(where, line) for line in content["statement"])
    yield from _figures(where, content["figures"])
    yield from _legends(where, content["legends"])
    for table in content["tables"]:
        yield Said(where, table["title"])
        yield from _rows(f"{where}, {table['title']}", [table["heads"], *table["rows"]])
        yield Said(where, table["left-out"])
    yield from (Said(where, note) for note in content["notes"])
    yield _picture(where, content["bar"])
    yield Said(where, content["scale"])
    yield _picture(where, content["rose"])
    yield from _rows(where, _block(content["block"]))


def _unit(content: Mapping[str, Any]) -> Iterator[Said]:
    """What the sheet of a unit prints, in the order of the file."""
    where = f"{content['number']} {content['title']}"
    yield Said(where, content["title"])
    yield _picture(where, content["map"])
    for table in content["unit-tables"]:
        yield Said(where, table["title"])
        yield from _rows(f"{where}, {table['title']}", [table["heads"], *table["rows"]])
    yield from _legends(where, content["legends"][:-1])
    yield _picture(where, content["bar"])
    yield Said(where, content["scale"])
    yield from _legends(where, content["legends"][-1:])  # that of the base map
    yield from (Said(where, note) for note in content["notes"])
    yield Said(where, content["parcel-title"])
    if content["rows"]:
        yield from _rows(where, [content["heads"], *content["rows"]])


def _legends(where: str, legends: Sequence[Mapping[str, Any]]) -> Iterator[Said]:
    for legend in legends:
        counted = any(row["count"] or row["amount"] for row in legend["rows"])
        named = f"{where}, {legend['title']}"
        yield Said(named, legend["title"])
        if counted and legend["title"]:
            yield Said(named, legend["count"])
            yield Said(named, legend["amount"])
            yield Said(named, legend["share"])
        for row in legend["rows"]:
            yield _picture(named, row["swatch"])
            yield Said(named, row["label"])
            if counted:
                yield Said(f"{named}, {row['label']}", row["count"])
                yield Said(f"{named}, {row['label']}", row["amount"])
                yield Said(f"{named}, {row['label']}", row["share"])


def _figures(where: str, figures: Sequence[Mapping[str, str]]) -> Iterator[Said]:
    for one in figures:
        yield Said(f"{where}, {one['title']}", one["value"] + one["title"])  # they stand in one cell


def _rows(where: str, rows: Sequence[Sequence[str]]) -> Iterator[Said]:
    for row in rows:
        words = [str(one).replace(BETWEEN_CELLS, "/") for one in row]
        yield Said(f"{where}, {words[0]}", BETWEEN_CELLS.join(one for one in words if bare(one)))


def _block(block: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Rows of the title block: a wide entry has its own, others stand two and two."""
    rows: list[list[str]] = []
    open_row = False
    for item in block:
        cells = [item["label"], item["value"]]
        if open_row and not item["wide"]:
            rows[-1] += cells
            open_row = False
        else:
            rows.append(cells)
            open_row = not item["wide"]
    return rows


def _picture(where: str, svg: str) -> Said:
    return Said(where, "".join(picture_texts(svg)))
