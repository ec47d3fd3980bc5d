"""Content of map sheets: everything that is printed around a map, in words, ready for the template."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

import pandas as pd

from core import look
from core.fields import fields
from core.problems import Problem
from core.texts import language, text, word
from core.units import count, figure, percent, scale
from reports.parcel_map import system_said
from reports.quantities import is_share
from reports.sheets.breakdown import breakdown, breakdown_of_raster
from reports.sheets.declared import BASE, Sheet, SheetLayer, SheetTable, palettes
from reports.sheets.drawing import Area, DrawnMap, Mapper, frame_of
from reports.sheets.furniture import BAND_MM, bounds_said, convergence_deg, scale_bar, wind_rose
from reports.sheets.key_figures import key_figures
from reports.sheets.labels import column_mm
from reports.sheets.layer_drawing import Legend, shown_of
from reports.sheets.material import Missing, Sources, left_out, statement
from reports.sheets.origins import origins_said
from reports.sheets.paper import Frame
from reports.sheets.scope_facts import scope_said, scope_table
from reports.wording import listed

COLUMN_MM = 277.0
MAP_MM = (308.0, 258.0)  # the map with the band of coordinates around it
MOST_ROWS = 26
MOST_COLUMN_MM = 30.0
FIGURES_A_ROW = 2
LEAST_ANGLE = 0.005  # of convergence that is printed; less rounds to nothing [°]
FIXED_MM = 78.0  # of the column beside a map: head of the sheet, scale, rose and title block
LEGEND_ROW_MM, LEGEND_HEAD_MM, TABLE_ROW_MM, TABLE_HEAD_MM, NOTE_MM, FIGURE_MM = (
    4.2,
    9.0,
    3.3,
    13.0,
    5.0,
    11.0,
)
JOINER = "\u2060"  # keeps a unit on one line
FAMILIES = ("family", "plan_leading_family", "plan_families")


@dataclass(frozen=True)
class Imprint:
    """What the title block says beside scale and reference system.

    Parameters
    ----------
    plan : str
        Title of the plan the sheets belong to.
    author : str
        Who answers for it (编制单位).
    drawn, checked : str
        Who drew and who checked the sheets.
    date : date
    version : str
        State of the data.
    review_number : str
        Number under which the map was approved for publication (审图号); empty where it was not.
    """

    plan: str = ""
    author: str = ""
    drawn: str = ""
    checked: str = ""
    date: datetime.date | None = None
    version: str = ""
    review_number: str = ""


@dataclass(frozen=True)
class Composer:
    """Composes the sheets of one city."""

    sources: Sources
    mapper: Mapper
    imprint: Imprint
    date: datetime.date

    @classmethod
    def of(cls, sources: Sources, imprint: Imprint) -> Composer:
        """A composer; the sheets are dated today where the imprint says no date."""
        return cls(sources, Mapper(sources), imprint, imprint.date or datetime.date.today())

    def sheet(
        self,
        declared: Sheet,
        frame: Frame | None = None,
        *,
        area: Area | None = None,
        arrow: bool = True,
        column_mm: float = COLUMN_MM,
    ) -> tuple[dict[str, Any], list[Problem]]:
        """What the template takes for a sheet, and what could not be drawn.

        Parameters
        ----------
        declared : Sheet
        frame : Frame, optional
            What the map shows; the whole city on A3 where not given.
        area : Area, optional
            The part of the city that the map is about.
        arrow : bool
            Whether the north arrow is drawn.
        column_mm : float
            How high the column beside the map is, with the title block. [mm]

        Raises
        ------
        Missing
            Nothing that the sheet is about is there.
        """
        frame = frame or frame_of(self.sources.city, MAP_MM[0] - 2 * BAND_MM, MAP_MM[1] - 2 * BAND_MM)
        drawn = self.mapper.draw(declared, frame, area=area, arrow=arrow)
        tables, problems = self._tables(declared)
        notes = [*(note.said() for note in declared.notes), *drawn.notes]
        if declared.extent:
            notes.insert(
                0, text("Planning area: {bounds}.", bounds=bounds_said(self.sources.city, frame.bounds))
            )
            notes.insert(1, scope_said(self.sources.city))
            tables.insert(0, scope_table(self.sources.city))
            if not wind_rose(self.sources.city.weather):
                notes.append(text("The weather given has no directions of wind: there is no wind rose."))
        notes += [said] if (said := origins_said(self.sources, declared, drawn)) else []
        legends = [legend_data(one) for one in drawn.legends if one.rows]
        figures = key_figures(self.sources, declared.figures)
        room_mm = column_mm - FIXED_MM - taken_mm(legends, tables, notes, figures)
        if area is None and (
            table := self._by_area(declared, drawn, int((room_mm - TABLE_HEAD_MM) / TABLE_ROW_MM))
        ):
            tables.append(table)
        content = {
            **self.around(drawn, declared.title.said(), declared.called.said()),
            "legends": legends,
            "figures": figures,
            "tables": tables,
            "notes": notes,
        }
        return content, [*drawn.problems, *problems]

    def blank(self, declared: Sheet, why: Missing) -> dict[str, Any]:
        """What the template takes for a sheet of what is not there: the base map, and in plain words why.

        Raises
        ------
        Missing
            The city has no shapes at all.
        """
        frame = frame_of(self.sources.city, MAP_MM[0] - 2 * BAND_MM, MAP_MM[1] - 2 * BAND_MM)
        bare = replace(declared, layers=(), rasters=(), tables=(), figures=(), base=declared.base or BASE)
        drawn = self.mapper.draw(bare, frame)
        return {
            **self.around(drawn, declared.title.said(), declared.called.said()),
            "legends": [legend_data(one) for one in drawn.legends if one.rows],
            "figures": [],
            "tables": [],
            "notes": [*drawn.notes, origins_said(self.sources, bare, drawn)],
            "statement": statement(why),
        }

    def _by_area(self, declared: Sheet, drawn: DrawnMap, most: int) -> dict[str, Any] | None:
        """The first layer of a map that areas divide, as a table by area with so many rows at most, one for all of them."""
        city = self.sources.city
        for shown in drawn.shown:
            if not shown.layer.mark and (table := breakdown(city, shown, most - 1)):
                return table
        for one in declared.rasters:
            try:
                raster = self.sources.raster(one)
            except Missing:
                continue
            stand_in = next(
                (layer for layer in declared.layers if one.name and layer.unless == one.name), None
            )
            if table := self._of_stand_in(stand_in, most) or breakdown_of_raster(city, raster, one, most - 1):
                return table
        return None

    def _of_stand_in(self, layer: SheetLayer | None, most: int) -> dict[str, Any] | None:
        """The table of a layer that could stand in for a raster: of roofs it knows better means than parcels do."""
        if layer is None:
            return None
        try:
            return breakdown(self.sources.city, shown_of(layer, self.sources.material(layer)), most - 1)
        except Missing:
            return None

    def around(self, drawn: DrawnMap, title: str, number: str) -> dict[str, Any]:
        """What stands around any map: titles, scale, wind rose and title block."""
        bar, _ = scale_bar(drawn.frame)
        return {
            "title": title,
            "plan": self.imprint.plan or self.sources.city.name,
            "number": number,
            "map": drawn.picture,
            "map-width": drawn.frame.width_mm + 2 * BAND_MM,
            "alt": text("Map: {title}", title=title),
            "bar": bar,
            "scale": scale_said(drawn.frame),
            "rose": wind_rose(self.sources.city.weather),
            "block": self._block(drawn.frame, number),
            "statement": [],
        }

    def _block(self, frame: Frame, number: str) -> list[dict[str, Any]]:
        said = self.imprint
        angle = convergence_deg(self.sources.city, frame)
        system = system_said(self.sources.city.crs)
        blank = "　"
        rows = [
            (text("Made by"), said.author or blank, True),
            (text("Reference system"), system, True),
            (text("Grid north"), north_said(angle), True),
            (text("Drawn by"), said.drawn or blank, False),
            (text("Checked by"), said.checked or blank, False),
            (text("Scale"), scale_said(frame), False),
            (text("Sheet number"), number, False),
            (text("Date"), day_said(self.date), True),
            (
                text("Review number"),
                said.review_number or text("for internal use; check before publishing"),
                True,
            ),
        ]
        if said.version:
            rows.insert(2, (text("State of the data"), said.version, True))
        return [{"label": label, "value": value, "wide": wide} for label, value, wide in rows]

    def _tables(self, declared: Sheet) -> tuple[list[dict[str, Any]], list[Problem]]:
        tables, problems = [], []
        for one in declared.tables:
            try:
                rows = self.sources.rows_beside(one)
            except Missing as why:
                problems.append(left_out(declared, why, optional=True))
                continue
            tables.append(table_beside(one, rows))
        return tables, problems


def day_said(day: datetime.date) -> str:
    """A day as it is printed."""
    return f"{day.year}年{day.month}月{day.day}日" if language() == "zh" else f"{day:%d %B %Y}"


def taken_mm(
    legends: Sequence[Mapping[str, Any]],
    tables: Sequence[Mapping[str, Any]],
    notes: Sequence[str],
    figures: Sequence[Mapping[str, str]],
) -> float:
    """About how high legends, tables, notes and figures stand in the column beside a map. [mm]"""
    high = FIGURE_MM * ceil(len(figures) / FIGURES_A_ROW)
    for one in legends:
        rows = len(one["rows"]) if one["count"] or one["amount"] else ceil(len(one["rows"]) / 2)
        high += LEGEND_ROW_MM * rows + (LEGEND_HEAD_MM if one["title"] else 0)
    for table in tables:
        high += TABLE_HEAD_MM + TABLE_ROW_MM * len(table["rows"])
    return high + NOTE_MM * (len(notes) + 1)


def north_said(angle: float) -> str:
    """Which way the grid's north lies from true north, by an angle that is positive clockwise. [°]"""
    if abs(angle) < LEAST_ANGLE:
        return text("as true north")
    size = f"{abs(angle):.2f}"
    return (
        text("{angle}° east of true north", angle=size)
        if angle > 0
        else text("{angle}° west of true north", angle=size)
    )


def scale_said(frame: Frame) -> str:
    """The scale as a ratio."""
    return f"1 : {count(frame.scale)}"


def table_beside(declared: SheetTable, rows: pd.DataFrame) -> dict[str, Any]:
    """A table beside a map: heads with units, figures at the right, the first rows if there are many."""
    most = declared.most or MOST_ROWS
    shown = rows.head(most)
    flat = shown.reset_index(drop=declared.numbered or not declared.index)
    heads, columns, aligns, widths = [], [], [], []
    if declared.numbered:
        heads.append(text("No."))
        columns.append([str(n + 1) for n in range(len(flat))])
        aligns.append("right")
        widths.append(column_mm(heads[0], columns[0]))
    for name in flat.columns:
        title, cells, side = column_said(str(name), flat[name])
        heads.append(title)
        columns.append(cells)
        aligns.append(side)
        widths.append(min(column_mm(title, cells), MOST_COLUMN_MM))
    left = len(rows) - len(shown)
    return {
        "title": declared.title.said(),
        "heads": heads,
        "aligns": aligns,
        "widths": widths,
        "rows": [list(row) for row in zip(*columns, strict=True)],
        "left-out": text("and {count} more", count=count(left)) if left else "",
        "summed": False,
    }


def column_said(name: str, values: pd.Series[Any]) -> tuple[str, list[str], str]:
    """The head of a column with its unit, its cells in words, and the side they stand at."""
    known = fields().get(name)
    if pd.api.types.is_bool_dtype(values.dtype) or not pd.api.types.is_numeric_dtype(values.dtype):
        said = [_families(value) if name in FAMILIES else _word(name, value) for value in values]
        return (known.title if known else name), said, "left"
    if known is None:
        return name, [figure(float(value)) for value in values], "right"
    if is_share(known):
        return known.title, [percent(float(value)) for value in values], "right"
    if known.type == "count" or _is_year(name):
        plain = [str(int(value)) if _is_year(name) else count(float(value)) for value in values.fillna(0)]
        return known.title, plain, "right"
    largest = float(values.abs().max()) if len(values) else 0.0
    factor, unit = scale(largest, known.unit)
    cells = [figure(float(value) * factor) for value in values]
    return (f"{known.title} ({JOINER.join(unit)})" if unit else known.title), cells, "right"


def _is_year(name: str) -> bool:
    """Whether a column holds years, not amounts a year."""
    return name.endswith("year") and not name.endswith("_per_year")


def template_data(sheets: Iterable[dict[str, Any]], title: str, author: str) -> dict[str, Any]:
    """What the template takes for some sheets."""
    return {
        "lang": language(),
        "region": "cn" if language() == "zh" else "us",
        "title": title,
        "author": author,
        "look": dict(look.LIGHT),
        "words": {
            "notes": text("Notes to the map"),
            "rose": text("Wind rose"),
            "indicators": text("Control indicators of the unit"),
            "no-parcels": text("The unit has no parcels."),
            "page": text("Page {page} of {pages}"),
        },
        "sheets": list(sheets),
    }


def _families(value: Any) -> str:
    """Families of technologies in words."""
    if not isinstance(value, str):
        return "—"
    words = {one.key: one.words.said() for one in palettes()["family"]}
    return listed([words.get(family, word(family)) for family in value.split("; ")])


def _word(name: str, value: Any) -> str:
    """A word of a column: as the palette of its name says it, else as the dictionary does."""
    if value is None or value is pd.NA or value != value or value == "":
        return "—"
    known = fields().get(name)
    for one in palettes().get(name, ()):
        if one.key == value:
            return one.words.said()
    return known.shown(value) if known is not None else word(str(value))


def legend_data(one: Legend) -> dict[str, Any]:
    """What the template takes for a legend."""
    return {
        "title": one.title,
        "count": one.count_head,
        "amount": one.amount_head,
        "share": one.share_head,
        "strip": one.strip,
        "rows": [
            {
                "swatch": row.swatch,
                "label": row.label,
                "count": row.count,
                "amount": row.amount,
                "share": row.share,
            }
            for row in one.rows
        ],
    }
