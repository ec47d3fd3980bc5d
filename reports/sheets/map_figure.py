"""Map figures: the map of a declared sheet with its legend and its totals by area as one small picture, for documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from typing import Any

from core.problems import Problem, UserError
from core.texts import language as language_of_the_moment
from core.texts import speaking, text
from layers.city import City
from plans import Part
from potential import Assessment
from reports import svg
from reports.sheets.breakdown import breakdown
from reports.sheets.content import scale_said
from reports.sheets.declared import Sheet, sheets
from reports.sheets.drawing import Mapper, area_of, frame_of
from reports.sheets.furniture import scale_bar
from reports.sheets.inks import INK, MUTED, SWATCH_MM
from reports.sheets.labels import width_mm as words_mm
from reports.sheets.layer_drawing import Legend, Shown
from reports.sheets.material import Missing, Sources, left_out
from reports.typesetting import pages

ROW_MM, HEAD_MM = 5.6, 5.4
POINTS, HEAD_POINTS = 7.0, 7.5
BETWEEN_MM = 4.0
WIDTH_MM = 156.0  # of text on an official page
LEAST_MAP_MM, MOST_MAP_MM = 100.0, 165.0  # how high a map may be; the most leaves room for legend and caption
FILLED, AROUND = 0.99, 0.96  # a page is small: the city goes to the edges of the map
MOST_MM = 210.0  # how high a figure may be with its totals by area
TABLE_POINTS, TABLE_ROW_MM, MOST_AREAS = 6.5, 4.2, 8
TEMPLATE = "figure.typ"


@dataclass(frozen=True)
class MapFigure:
    """A map as SVG.

    Parameters
    ----------
    title : str
        What it shows, in its language.
    picture : str
        SVG with the legend and the totals by area under the map, words as text.
    width_mm, height_mm : float
        Its size; the height follows from the legend. [mm]
    scale : str
        As a ratio.
    problems : tuple of Problem
        Layers that could not be drawn.
    """

    title: str
    picture: str
    width_mm: float
    height_mm: float
    scale: str
    problems: tuple[Problem, ...] = ()

    def png(self, dots_per_inch: float = 200) -> bytes:
        """The same as pixels."""
        data = {
            "title": self.title,
            "picture": self.picture,
            "width": self.width_mm,
            "height": self.height_mm,
            "lang": language_of_the_moment(),
            "region": "cn" if language_of_the_moment() == "zh" else "us",
        }
        return pages(TEMPLATE, data, dots_per_inch=dots_per_inch)[0]


def map_figure(
    city: City,
    assessments: Mapping[str, Assessment],
    plan: Part,
    sheet: Sheet,
    *,
    width_mm: float = WIDTH_MM,
    map_height_mm: float | None = None,
    language: str | None = None,
) -> MapFigure:
    """The map of a sheet without the furniture of a sheet.

    Parameters
    ----------
    sheet : Sheet
        One of `declared.sheets()`.
    width_mm, map_height_mm : float
        Size of the map; where no height is given it is what the city needs in that width. [mm]
    language : str, optional
        `zh` or `en`; the language of the moment where not given.

    Raises
    ------
    UserError
        What the sheet shows is not there.
    """
    with speaking(language or language_of_the_moment()):
        mapper = Mapper(Sources(city, assessments, plan))
        try:
            map_height_mm = map_height_mm or _height_mm(city, width_mm)
            frame = frame_of(city, width_mm, map_height_mm, filled=FILLED)
            quiet = tuple(
                one for one in sheet.labels if one != "road"
            )  # too small on a page for names of roads
            drawn = mapper.draw(replace(sheet, labels=quiet), frame, furniture=False)
        except Missing as why:
            raise UserError(left_out(sheet, why)) from why
        below, height = _legends([one for one in drawn.legends if one.rows], width_mm)
        bar, bar_mm = scale_bar(frame)
        table = next((one for shown in drawn.shown if (one := _by_area(city, shown))), None)
        totals, totals_mm = _rows(table, width_mm) if table else ([], 0.0)
        if map_height_mm + 2 + bar_mm + height + totals_mm > MOST_MM:  # a page holds it with its caption
            totals, totals_mm = [], 0.0
        inner = drawn.picture[drawn.picture.index(">") + 1 : drawn.picture.rindex("</svg>")]
        strip = bar[bar.index(">") + 1 : bar.rindex("</svg>")]
        whole = map_height_mm + 2 + bar_mm + height + totals_mm
        said = text("Scale {scale}", scale=scale_said(frame))
        parts = [
            inner,
            svg.rectangle(
                0.1,
                0.1,
                width_mm - 0.2,
                map_height_mm - 0.2,
                'fill="none" stroke="#6b777c" stroke-width="0.2"',
            ),
            f'<g transform="translate(0 {map_height_mm + 1:g})">{strip}</g>',
            svg.label(width_mm, map_height_mm + 6.4, said, points=POINTS, anchor="end", colour=MUTED),
            f'<g transform="translate(0 {map_height_mm + 2 + bar_mm:g})">{"".join(below)}</g>',
            f'<g transform="translate(0 {map_height_mm + 2 + bar_mm + height:g})">{"".join(totals)}</g>',
        ]
        title = sheet.title.said()
        return MapFigure(
            title, svg.picture(width_mm, whole, parts), width_mm, whole, scale_said(frame), drawn.problems
        )


def _height_mm(city: City, width_mm: float) -> float:
    """How high the map of a whole city is at the scale at which it fills a width. [mm]"""
    frame = frame_of(city, width_mm, MOST_MAP_MM, filled=FILLED)
    _, south, _, north = area_of(city)
    return min(max((north - south) * frame.mm_per_m / AROUND, LEAST_MAP_MM), MOST_MAP_MM)


def document_maps(
    city: City,
    assessments: Mapping[str, Assessment],
    plan: Part,
    *,
    width_mm: float = WIDTH_MM,
    map_height_mm: float | None = None,
) -> dict[str, Callable[[], str]]:
    """The maps that documents may print, by the key of their sheet, each drawn when it is called for.

    Sheets whose layers are missing are not among them; `sheets_ready` says why.
    """
    sources = Sources(city, assessments, plan)

    def drawn(sheet: Sheet) -> str:
        return map_figure(
            city, assessments, plan, sheet, width_mm=width_mm, map_height_mm=map_height_mm
        ).picture

    return {one.key: partial(drawn, one) for one in sheets() if sources.lacking(one) is None}


def _by_area(city: City, shown: Shown) -> dict[str, Any] | None:
    """The totals of a layer by area, a few rows."""
    return None if shown.layer.mark else breakdown(city, shown, MOST_AREAS)


def _rows(table: Mapping[str, Any], width_mm: float) -> tuple[list[str], float]:
    """A table as wide as the map, its last row between lines; the parts and their height. [mm]"""
    parts = [svg.label(0, 3.4, table["title"], points=HEAD_POINTS)]
    scale = width_mm / sum(table["widths"])
    ends = list(accumulate(width * scale for width in table["widths"]))
    down = HEAD_MM + 2.6
    lines = [table["heads"], *table["rows"]]
    for place, cells in enumerate(lines):
        for column, cell in enumerate(cells):
            left = table["aligns"][column] == "left"
            at = (ends[column - 1] if column else 0.0) if left else ends[column] - 1
            colour = MUTED if place == 0 else INK
            parts.append(
                svg.label(
                    at, down, cell, points=TABLE_POINTS, anchor="start" if left else "end", colour=colour
                )
            )
        if place in (0, len(lines) - 2, len(lines) - 1):
            parts.append(
                svg.line(0, down + 1.2, width_mm, down + 1.2, f'stroke="{MUTED}" stroke-width="0.15"')
            )
        down += TABLE_ROW_MM
    return parts, down


def _legends(legends: list[Legend], width_mm: float) -> tuple[list[str], float]:
    """Legends one under the other, each in rows as wide as the map; the parts and their height. [mm]"""
    parts: list[str] = []
    down = 1.0
    for one in legends:
        if one.title:
            parts.append(svg.label(0, down + 3.4, one.title, points=HEAD_POINTS))
            down += HEAD_MM
        across = 0.0
        for row in one.rows:
            said = f"{row.label} {row.amount}".strip()
            wide = SWATCH_MM[0] + 1.5 + words_mm(said, POINTS)
            if across and across + wide > width_mm:
                across, down = 0.0, down + ROW_MM
            inner = row.swatch[row.swatch.index(">") + 1 : row.swatch.rindex("</svg>")]
            parts.append(f'<g transform="translate({across:.2f} {down:.2f})">{inner}</g>')
            parts.append(svg.label(across + SWATCH_MM[0] + 1.5, down + 3.3, said, points=POINTS))
            across += wide + BETWEEN_MM
        down += ROW_MM + 1.0
    return parts, down
