"""The sheet of a comparison: two scenarios and what differs between them as maps, with the table of differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from core.fields import fields
from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import language as language_of_the_moment
from core.texts import speaking, text
from core.units import count
from layers.city import City
from layers.export_files import replacing
from plans import Part
from plans.comparison import change_said, changed, figure_changes, parcel_changes
from potential import Assessment
from reports.sheets.content import Composer, Imprint, legend_data, scale_said, template_data
from reports.sheets.declared import Sheet, comparison_sheet, sheets
from reports.sheets.drawing import DrawnMap, frame_of
from reports.sheets.furniture import BAND_MM
from reports.sheets.material import Missing, Sources, left_out
from reports.typesetting import missing_glyphs, pages, pdf

TEMPLATE = "comparison_sheet.typ"
MAP_MM = (129.0, 116.0)  # each of the three, with the band of coordinates around it
SHOWN_AS = "layout"  # the declared sheet both scenarios are shown by
MOST_ROWS = 32


def write_comparison_sheet(
    city: City,
    assessments: Mapping[str, Assessment],
    plans: Mapping[str, Part],
    path: Path,
    *,
    imprint: Imprint | None = None,
    language: str | None = None,
    job: Job | None = None,
) -> list[Problem]:
    """Write the sheet that shows two scenarios side by side as PDF/A, A3 landscape.

    Parameters
    ----------
    plans : Mapping of str to Part
        The two plans by the names of their scenarios; the second is measured against the first.
    path : Path
        The file; one of the same name is replaced.
    imprint : Imprint, optional
        What the title block says.
    language : str, optional
        `zh` or `en`; the language of the moment where not given.

    Returns
    -------
    list of Problem
        What could not be drawn, and characters that no font has.

    Raises
    ------
    UserError
        A plan has no choices to be shown, or the file cannot be written.
    """
    job = job or Job()
    job.say("Drawing sheets", 0.0, force=True)
    with speaking(language or language_of_the_moment()):
        data, problems, composer = _data(city, assessments, plans, imprint or Imprint())
        job.say("Setting pages", 0.7, force=True)
        problems += missing_glyphs(data)
        with replacing(path) as place:
            place.write_bytes(pdf(TEMPLATE, data, date=composer.date))
    return problems


def preview_comparison(
    city: City,
    assessments: Mapping[str, Assessment],
    plans: Mapping[str, Part],
    *,
    imprint: Imprint | None = None,
    dots_per_inch: float = 96,
) -> bytes:
    """The same sheet as a PNG picture, for the screen; raises what writing it raises."""
    data, _, _ = _data(city, assessments, plans, imprint or Imprint())
    return pages(TEMPLATE, data, dots_per_inch=dots_per_inch)[0]


def _data(
    city: City, assessments: Mapping[str, Assessment], plans: Mapping[str, Part], imprint: Imprint
) -> tuple[dict[str, Any], list[Problem], Composer]:
    """What the template takes, what could not be drawn, and who composed it."""
    (first, before), (second, after) = plans.items()
    parcels = parcel_changes(before, after)
    differing = Part(tables={"parcel_change": parcels})
    shown_by = next(one for one in sheets() if one.key == SHOWN_AS)
    quiet = replace(shown_by, labels=tuple(one for one in shown_by.labels if one != "road"))
    wanted = [
        (text("{name} (before)", name=first), quiet, before),
        (text("{name} (after)", name=second), quiet, after),
        (comparison_sheet().title.said(), comparison_sheet(), differing),
    ]
    problems: list[Problem] = []
    maps: list[dict[str, Any]] = []
    drawn: list[DrawnMap] = []
    for caption, declared, plan in wanted:
        composer = Composer.of(Sources(city, assessments, plan), imprint)
        one = _drawn(composer, declared)
        problems += one.problems
        drawn.append(one)
        maps.append({"caption": caption, "map": one.picture, "alt": text("Map: {title}", title=caption)})
    for place, one in enumerate(drawn):
        legends = (
            one.legends if place == len(drawn) - 1 else one.legends[:-1]
        )  # the base map is the same in all
        maps[place]["legends"] = [legend_data(legend) for legend in legends if legend.rows]
    title = text("{first} and {second} compared", first=first, second=second)
    number = text("Comparison of scenarios")
    content = {
        **composer.around(drawn[-1], title, number),
        "maps": maps,
        "width": MAP_MM[0],
        **_table(figure_changes(before, after)),
        "said": _said(parcels),
        "scale": scale_said(drawn[-1].frame),
    }
    data = template_data([content], title, imprint.author)
    return data, list({one.said(): one for one in problems}.values()), composer


def _drawn(composer: Composer, declared: Sheet) -> DrawnMap:
    frame = frame_of(composer.sources.city, MAP_MM[0] - 2 * BAND_MM, MAP_MM[1] - 2 * BAND_MM)
    try:
        return composer.mapper.draw(declared, frame)
    except Missing as why:
        raise UserError(left_out(declared, why)) from why


def _table(figures: pd.DataFrame) -> dict[str, Any]:
    """The table of differences: the most important rows, and how many more there are."""
    rows: list[Sequence[str]] = []
    for _, row in figures.head(MOST_ROWS).iterrows():
        rows.append([str(row["figure_title"]), *change_said(row)])
    left = len(figures) - len(rows)
    return {
        "table-title": text("Figures that differ"),
        "heads": [fields()["figure_title"].title, text("Before"), text("After"), text("Change"), "%"],
        "rows": rows,
        "left-out": text("{count} more figures differ; the workbook has all.", count=count(left))
        if left
        else "",
    }


def _said(parcels: pd.DataFrame) -> str:
    """One sentence on how much of the city differs."""
    return text(
        "{count} of {whole} parcels differ.", count=count(len(changed(parcels))), whole=count(len(parcels))
    )
