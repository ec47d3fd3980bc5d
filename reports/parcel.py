"""Parcel reports: one suitability report a parcel as PDF, for one parcel or for hundreds."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from core import look
from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import language as language_of_the_moment
from core.texts import speaking, text
from layers.city import City
from potential import Assessment
from reports.parcel_content import Composer
from reports.typesetting import missing_glyphs, pages, pdf
from reports.wording import joined, outdated_said

TEMPLATE = "parcel.typ"
LONGEST_NAME_BYTES = 120
RESERVED = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))]
)


def parcel_reports(
    city: City,
    assessments: Mapping[str, Assessment],
    parcel_ids: Sequence[Any],
    folder: Path,
    *,
    language: str = "zh",
    author: str = "",
    one_file: bool = False,
    job: Job | None = None,
    date: datetime.date | None = None,
    outdated: bool = False,
    warn: Callable[[Problem], None] | None = None,
) -> list[Path]:
    """Write the suitability reports of some parcels.

    Parameters
    ----------
    city : City
        With the tables `parcel` and `building`.
    assessments : Mapping of str to Assessment
        What was found, in the order of printing.
    parcel_ids : sequence
        Which parcels, in the order of printing.
    folder : Path
        Where the files go; made if it is not there. Files of the same name are replaced.
    language : str
        `zh` or `en`.
    author : str
        Who answers for the report (编制单位).
    one_file : bool
        All reports in one file instead of one file a parcel.
    job : Job, optional
        Reports progress and stops between two reports; files are whole or not there at all.
    date : date, optional
        Date of the reports; today where not given.
    outdated : bool
        Whether results are older than the data, which every report then says.
    warn : callable, optional
        Takes what the user should know although the reports were written, e.g. characters no font has.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    UserError
        The city has no parcels, or not all of these; the folder cannot be written to.
    """
    job = job or Job()
    date = date or datetime.date.today()
    with speaking(language):
        refuse_unknown(city, parcel_ids)
        composer = Composer(city, assessments, author, date)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if one_file:
                contents = [composer.content(parcel) for parcel in job.each(parcel_ids, "Composing reports")]
                job.say("Setting pages", 0.0, force=True)
                name = file_names([text("Parcel reports {city}", city=city.name)])[0]
                return (
                    [_write(folder / name, report_data(contents, composer, warn, outdated), date)]
                    if contents
                    else []
                )
            written = []
            names = file_names([str(parcel) for parcel in parcel_ids])
            pairs = list(zip(parcel_ids, names, strict=True))
            for parcel, name in job.each(pairs, "Writing reports"):
                data = report_data([composer.content(parcel)], composer, warn, outdated)
                written.append(_write(folder / name, data, date))
            return written
        except OSError as error:
            raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> UserError:
    """What is said where reports cannot be written to a folder."""
    return UserError(
        Problem(
            "The reports cannot be written to {folder}: {why}.",
            "Choose another folder, or close the file if another program holds it.",
            folder=str(folder),
            why=error.strerror or str(error),
        )
    )


def preview(
    city: City,
    assessments: Mapping[str, Assessment],
    parcel_id: Any,
    *,
    language: str = "zh",
    author: str = "",
    date: datetime.date | None = None,
    outdated: bool = False,
    dots_per_inch: float = 96,
) -> list[bytes]:
    """The pages of one report as PNG pictures, for the screen; parameters as in `parcel_reports`."""
    with speaking(language):
        refuse_unknown(city, [parcel_id])
        composer = Composer(city, assessments, author, date or datetime.date.today())
        data = report_data([composer.content(parcel_id)], composer, None, outdated)
        return pages(TEMPLATE, data, dots_per_inch=dots_per_inch)


def file_names(ids: Sequence[str]) -> list[str]:
    """A file name for every id, safe on all systems and none like another.

    Notes
    -----
    Characters that a system refuses become `_`, names that Windows keeps for devices get one in front,
    long names are cut at whole characters; names that then are alike, small and capital letters being
    alike, are numbered.
    """
    taken: set[str] = set()
    names = []
    for id_ in ids:
        stem = re.sub(r'[<>:"/\\|?*\x00-\x1f\x7f]', "_", id_).strip(" .") or "_"
        if stem.split(".")[0].casefold() in RESERVED:
            stem = f"_{stem}"
        stem = stem.encode()[:LONGEST_NAME_BYTES].decode(errors="ignore")
        name, number = stem, 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}_{number}"
        taken.add(name.casefold())
        names.append(f"{name}.pdf")
    return names


def refuse_unknown(city: City, parcel_ids: Sequence[Any]) -> None:
    """Refuse parcels that the city does not have."""
    if "parcel" not in city.tables:
        raise UserError(
            Problem("There are no parcels.", "Import a layer of parcels before reports are printed.")
        )
    known = city.tables["parcel"].index
    if unknown := [parcel for parcel in parcel_ids if parcel not in known]:
        raise UserError(
            Problem(
                "Some parcels are not in the city.",
                "Choose parcels from the map or the table.",
                table="parcel",
                rows=tuple(unknown),
            )
        )


def report_data(
    contents: list[dict[str, Any]],
    composer: Composer,
    warn: Callable[[Problem], None] | None,
    outdated: bool = False,
) -> dict[str, Any]:
    """What the template takes for some reports."""
    author = composer.author
    title = text("Parcel energy suitability report")
    id_ = contents[0]["id"] if len(contents) == 1 else composer.city.name
    data: dict[str, Any] = {
        "lang": language_of_the_moment(),
        "region": "cn" if language_of_the_moment() == "zh" else "us",
        "title": f"{title} {id_}",
        "author": author,
        "look": dict(look.LIGHT),
        "words": _words(title),
        "notice": outdated_said() if outdated else "",
        "footer": joined([composer.city.name, text("Planning estimate, not a basis for design")]),
        "remarks": [
            text("For internal use: parcels and terrain may be classified; check before publishing.")
        ],
        "reports": contents,
    }
    for problem in missing_glyphs(data):
        data["remarks"].append(problem.said())
        if warn:
            warn(problem)
    return data


def _write(path: Path, data: dict[str, Any], date: datetime.date) -> Path:
    """Write a file so that it is whole or not there."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(pdf(TEMPLATE, data, date=date))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def _words(title: str) -> dict[str, str]:
    """Sentences of the template."""
    return {
        "title": title,
        "brand": text("Lütu"),
        "page": text("Page {page} of {pages}"),
        "map_of": text("Map of parcel {id}"),
        "conclusion": text("Conclusion"),
        "potentials": text("Potentials"),
        "nothing_assessed": text("No potential has been assessed yet."),
        "source": text("Source of energy"),
        "grade": text("Suitability"),
        "capacity": text("Capacity"),
        "energy": text("Yearly energy, P50"),
        "factor": text("Limiting factor"),
        "number": text("No."),
        "building": text("Building"),
        "safety": text("Safety state and reason"),
        "sources": text("Where the numbers come from"),
        "quantity": text("Quantity"),
        "value": text("Value"),
        "unit": text("Unit"),
        "meaning": text("Meaning and formula"),
        "numbers": text("Published and assumed numbers"),
        "standards": text("Standards and sources"),
        "data": text("Data used"),
        "item": text("Item"),
        "given": text("Origin and value"),
        "remarks": text("Remarks"),
    }
