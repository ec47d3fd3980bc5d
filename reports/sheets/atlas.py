"""The atlas of parcel reports: an index map, a list with pages, and the reports of many parcels in one file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely

from core.fields import fields
from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import speaking, text
from layers.city import City
from layers.export_files import make_folder, replacing
from plans import Part
from potential import Assessment
from reports.parcel import file_names, refuse_unknown, report_data
from reports.parcel_content import Composer as ReportComposer
from reports.sheets.content import MAP_MM, Composer, Imprint, legend_data, template_data
from reports.sheets.declared import atlas_sheet
from reports.sheets.drawing import frame_of
from reports.sheets.furniture import BAND_MM
from reports.sheets.inks import ACCENT, Pen
from reports.sheets.labels import named
from reports.sheets.layer_drawing import Spot
from reports.sheets.material import Missing, Sources, left_out
from reports.typesetting import pdf

TEMPLATE = "atlas.typ"


def write_parcel_atlas(
    city: City,
    assessments: Mapping[str, Assessment],
    parcel_ids: Sequence[Any],
    folder: Path,
    *,
    imprint: Imprint | None = None,
    language: str = "zh",
    job: Job | None = None,
    outdated: bool = False,
) -> tuple[list[Path], list[Problem]]:
    """Write the reports of some parcels into one file, behind a map and a list with their pages.

    Parameters
    ----------
    city : City
        With the tables `parcel` and `building`.
    assessments : Mapping of str to Assessment
        By name, in the order of printing.
    parcel_ids : sequence
        Which parcels, in the order of printing.
    folder : Path
        Where the file goes; made if it is not there.
    imprint : Imprint, optional
        Who answers for the atlas, and its date.
    language : str
        `zh` or `en`.
    job : Job, optional
        Reports progress and stops between two reports.
    outdated : bool
        Whether results are older than the data, which every report then says.

    Returns
    -------
    list of Path
        The file.
    list of Problem
        Characters that no font has.

    Raises
    ------
    UserError
        The city has no parcels, or not all of these; the folder cannot be written to.
    """
    job = job or Job()
    problems: list[Problem] = []
    with speaking(language):
        refuse_unknown(city, parcel_ids)
        composer = Composer.of(Sources(city, assessments, Part()), imprint or Imprint())
        author = composer.imprint.author
        reports = ReportComposer(city, assessments, author, composer.date)
        contents = [reports.content(parcel) for parcel in job.each(parcel_ids, "Composing reports")]
        if not contents:
            return [], []
        job.say("Setting pages", 0.0, force=True)
        title = text("{city}: atlas of parcel reports", city=city.name)
        data = {
            **report_data(contents, reports, problems.append, outdated),
            "title": title,
            "index": _index(composer, parcel_ids, title),
        }
        data["words"] = {**template_data([], title, author)["words"], **data["words"]}
        make_folder(folder)
        path = folder / file_names([title])[0]
        with replacing(path) as place:
            place.write_bytes(pdf(TEMPLATE, data, date=composer.date))
        return [path], problems


def _index(composer: Composer, parcel_ids: Sequence[Any], title: str) -> dict[str, Any]:
    """The index map and the list of parcels."""
    declared = atlas_sheet()
    table = composer.sources.city.tables["parcel"].loc[list(parcel_ids)]
    frame = frame_of(composer.sources.city, MAP_MM[0] - 2 * BAND_MM, MAP_MM[1] - 2 * BAND_MM)
    places = shapely.get_coordinates(shapely.point_on_surface(table.geometry.to_numpy()))
    pen = Pen("point", ACCENT)
    spots = [Spot(*frame.on_paper(x, y), pen, number=n + 1) for n, (x, y) in enumerate(places)]
    try:
        drawn = composer.mapper.draw(declared, frame, spots=spots)
    except Missing as why:
        raise UserError(left_out(declared, why)) from why
    sheet = {
        **composer.around(drawn, declared.title.said(), text("Index map")),
        "legends": [legend_data(one) for one in drawn.legends if one.rows],
        "tables": [],
        "notes": [note.said() for note in declared.notes],
    }
    rows = [{"id": str(row), "name": name} for row, name in zip(table.index, named(table), strict=True)]
    heads = [text("No."), fields()["parcel_id"].title, fields()["name"].title, text("Page")]
    return {"sheet": sheet, "title": title, "heads": heads, "rows": rows}
