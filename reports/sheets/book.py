"""The book of map sheets: all declared sheets of a group as PDF, bound or one by one, with what had to be left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import speaking, text
from layers.city import City
from layers.export_files import make_folder, replacing
from plans import Part
from potential import Assessment
from reports.parcel import file_names
from reports.sheets.content import Composer, Imprint, template_data
from reports.sheets.declared import GROUPS, Sheet, sheets, unit_sheet
from reports.sheets.material import Missing, Sources, left_out
from reports.sheets.unit_sheets import UnitComposer
from reports.typesetting import missing_glyphs, pages, pdf

TEMPLATE = "sheet.typ"
UNIT_TEMPLATE = "unit_sheet.typ"


def write_sheets(
    city: City,
    assessments: Mapping[str, Assessment],
    plan: Part,
    folder: Path,
    *,
    group: str = "planning",
    keys: Sequence[str] = (),
    imprint: Imprint | None = None,
    language: str = "zh",
    one_file: bool = True,
    job: Job | None = None,
) -> tuple[list[Path], list[Problem]]:
    """Write map sheets as PDF/A, A3 landscape.

    In a whole group no number is left out: a sheet of what the city does not have says so plainly on its base map.

    Parameters
    ----------
    city : City
    assessments : Mapping of str to Assessment
        By name.
    plan : Part
        With any of the tables of a plan; sheets of missing ones are left out.
    folder : Path
        Where the files go; made if it is not there. Files of the same name are replaced.
    group : str
        `planning` (the atlas of the green-building plan) or `implementation` (the maps of the implementation plan).
    keys : sequence of str
        Which sheets, by their keys, without those of what is not there; all of the group where empty.
    imprint : Imprint, optional
        What the title block says.
    language : str
        `zh` or `en`.
    one_file : bool
        All sheets in one file instead of one file a sheet.
    job : Job, optional
        Reports progress and stops between two sheets; files are whole or not there at all.

    Returns
    -------
    list of Path
        The files written; none where no sheet could be made.
    list of Problem
        Sheets without content, layers left out, and why; characters no font has.

    Raises
    ------
    UserError
        There are no such sheets, or the folder cannot be written to.
    """
    job = job or Job()
    with speaking(language):
        wanted = _wanted(group, keys)
        composer = Composer.of(Sources(city, assessments, plan), imprint or Imprint())
        made, problems = [], []
        for declared in job.each(wanted, "Drawing sheets"):
            content, noted = composed(composer, declared, blank=not keys)
            problems += noted
            if content is not None:
                made.append((declared, content))
        if all(content["statement"] for _, content in made):
            return [], problems
        bound = {book_title(city, group): [content for _, content in made]}
        single = {f"{one.called.said()} {one.title.said()}": [content] for one, content in made}
        written, noted = _printed(TEMPLATE, bound if one_file else single, folder, composer, job)
        problems += noted
        return written, problems


def composed(
    composer: Composer, declared: Sheet, *, blank: bool
) -> tuple[dict[str, Any] | None, list[Problem]]:
    """A sheet and what could not be drawn; one that nothing is there for says so on its base map, or is None."""
    try:
        return composer.sheet(declared)
    except Missing as why:
        if not blank:
            return None, [left_out(declared, why)]
        try:
            return composer.blank(declared, why), [left_out(declared, why, blank=True)]
        except Missing:  # a city without any shapes has no base map either
            return None, [left_out(declared, why)]


def write_unit_sheets(
    city: City,
    assessments: Mapping[str, Assessment],
    plan: Part,
    folder: Path,
    units: Sequence[str] = (),
    *,
    imprint: Imprint | None = None,
    language: str = "zh",
    one_file: bool = True,
    job: Job | None = None,
) -> tuple[list[Path], list[Problem]]:
    """Write the sheets of policy units (分图则): map, control indicators and the table of parcels.

    Parameters
    ----------
    units : sequence of str
        Which policy units, by their ids; all where empty. The other parameters are as of `write_sheets`.

    Raises
    ------
    UserError
        Not all of these policy units are there; the folder cannot be written to. That a city has none is a problem only.
    """
    job = job or Job()
    with speaking(language):
        unit_composer = UnitComposer(Composer.of(Sources(city, assessments, plan), imprint or Imprint()))
        try:
            wanted = unit_composer.units(units)
        except Missing as why:
            if units:
                raise UserError(left_out(unit_sheet().map, why)) from why
            return [], [left_out(unit_sheet().map, why)]
        contents, problems = {}, []
        places = list(unit_composer.composer.sources.shapes("planning_unit").sort_index().index)
        for unit_id in job.each(list(wanted.index), "Drawing sheets"):
            try:
                content, noted = unit_composer.sheet(unit_id, places.index(unit_id) + 1)
            except Missing as why:
                problems.append(left_out(unit_sheet().map, why))
                continue
            contents[f"{content['number']} {content['title']}"] = [content]
            problems += noted
        if not contents:
            return [], _told_once(problems)
        whole = {unit_book_title(city): [one for (one,) in contents.values()]}
        written, noted = _printed(
            UNIT_TEMPLATE, whole if one_file else contents, folder, unit_composer.composer, job
        )
        return written, [*_told_once(problems), *noted]


def _printed(
    template: str, files: Mapping[str, list[dict[str, Any]]], folder: Path, composer: Composer, job: Job
) -> tuple[list[Path], list[Problem]]:
    """Set files by their titles; gives them and the characters that no font has."""
    make_folder(folder)
    written, problems = [], []
    named = list(zip(file_names(list(files)), files.items(), strict=True))
    for name, (title, contents) in job.each(named, "Setting pages"):
        data = template_data(contents, title, composer.imprint.author)
        problems += missing_glyphs(data)
        path = folder / name
        with replacing(path) as place:
            place.write_bytes(pdf(template, data, date=composer.date))
        written.append(path)
    return written, problems


def _told_once(problems: Sequence[Problem]) -> list[Problem]:
    """Problems that say the same only once."""
    return list({problem.said(): problem for problem in problems}.values())


def preview(
    city: City,
    assessments: Mapping[str, Assessment],
    plan: Part,
    key: str,
    *,
    imprint: Imprint | None = None,
    language: str = "zh",
    dots_per_inch: float = 96,
) -> bytes:
    """One sheet as a PNG picture, for the screen.

    Raises
    ------
    UserError
        There is no such sheet, or what it shows is not there.
    """
    with speaking(language):
        declared = sheet_called(key)
        composer = Composer.of(Sources(city, assessments, plan), imprint or Imprint())
        try:
            content, _ = composer.sheet(declared)
        except Missing as why:
            raise UserError(left_out(declared, why)) from why
        return pages(
            TEMPLATE, template_data([content], declared.title.said(), ""), dots_per_inch=dots_per_inch
        )[0]


def sheets_ready(
    city: City, assessments: Mapping[str, Assessment], plan: Part, group: str = ""
) -> list[tuple[Sheet, Problem | None]]:
    """The declared sheets of a group, or all, each with what keeps it from being made; None where nothing does."""
    sources = Sources(city, assessments, plan)
    return [(one, sources.lacking(one)) for one in _wanted(group, [])]


def sheet_called(key: str) -> Sheet:
    """The declared sheet of a key; UserError where there is none."""
    return _wanted("", [key])[0]


def book_title(city: City, group: str) -> str:
    """Title of the book of a group, by which its file is named."""
    if group == "implementation":
        return text("{city}: maps of the implementation plan", city=city.name)
    return text("{city}: atlas of the plan", city=city.name)


def unit_book_title(city: City) -> str:
    """Title of the book of policy units, by which its file is named."""
    return text("{city}: sheets of policy units", city=city.name)


def _wanted(group: str, keys: Sequence[str]) -> list[Sheet]:
    known: dict[str, Any] = {one.key: one for one in sheets()}
    unknown = [key for key in keys if key not in known]
    if unknown or (group and group not in GROUPS):
        raise UserError(
            Problem(
                "There is no sheet {keys}.",
                "Choose from: {known}.",
                keys=", ".join(unknown) or group,
                known=", ".join(known if unknown else GROUPS),
            )
        )
    return [known[key] for key in keys] if keys else [one for one in sheets() if group in ("", one.group)]
