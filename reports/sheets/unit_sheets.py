"""Sheets of policy units (分图则): a map of each unit with its control indicators and the table of its parcels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from core.fields import fields
from core.problems import Problem
from core.texts import text
from reports.plan_layers import by_parcel
from reports.sheets.content import Composer, column_said, legend_data
from reports.sheets.declared import unit_sheet
from reports.sheets.drawing import Area
from reports.sheets.furniture import BAND_MM
from reports.sheets.inks import INK, Pen
from reports.sheets.labels import named, width_mm
from reports.sheets.layer_drawing import Spot
from reports.sheets.material import Missing, known_column
from reports.sheets.paper import Frame
from reports.sheets.unit_tables import energy_table, indicator_tables, without_prefix

MAP_MM = (204.0, 150.0)  # with the band of coordinates around it
LEAST_MAP_MM, MOST_MAP_MM = (
    116.0,
    208.0,
)  # how high the map may be where the table of parcels is long or short
BODY_MM, TABLE_HEAD_MM, ROW_MM, LINE_MM = (
    249.0,
    21.0,
    {1: 3.65, 2: 3.25},
    2.75,
)  # of the page, and of the table on it
TABLE_POINTS, TABLE_MM, CELL_MM = 7.5, 394.0, 2.2
UNIT_COLUMNS = ("planning_unit", "planning_unit_id")
GRADES = "plan:grade"
LEAST_BESIDE = 8  # rows that narrow tables have before they stand in two columns
LABELS = ("green_grade", "grade")
NOTHING = ("", "none")


@dataclass(frozen=True)
class UnitComposer:
    """Composes the sheets of the policy units of a city."""

    composer: Composer

    def units(self, wanted: Sequence[str]) -> gpd.GeoDataFrame:
        """The units whose sheets are made, in the order of their ids.

        Raises
        ------
        Missing
            There are no policy units, or not all of these.
        """
        table = self.composer.sources.shapes("planning_unit")
        unknown = [one for one in wanted if one not in table.index]
        if unknown:
            raise Missing("the policy units {units}", units=", ".join(unknown))
        return table.loc[list(wanted)] if wanted else table.sort_index()

    def sheet(self, unit_id: str, place: int) -> tuple[dict[str, Any], list[Problem]]:
        """What the template takes for the sheet of a unit, and what could not be drawn."""
        units = self.composer.sources.shapes("planning_unit")
        unit = units.loc[[unit_id]]
        name = named(unit)[0]
        declared = unit_sheet().map
        parcels = self._parcels(unit_id)
        shape = unit.geometry.iloc[0]
        table = self.parcel_table(parcels)
        height_mm = map_height_mm(table)
        frame = Frame.around(shape.bounds, MAP_MM[0] - 2 * BAND_MM, height_mm - 2 * BAND_MM, filled=0.94)
        drawn = self.composer.mapper.draw(
            declared,
            frame,
            area=Area(shape, parcels.index),
            spots=_ids(parcels, frame),
        )
        tables = indicator_tables(self.composer.sources, unit, unit_sheet().groups)
        more = []
        if energy := energy_table(self.composer.sources, parcels):
            tables.append(energy)
            more.append(
                text(
                    "What is planned holds new buildings too, so it may exceed what the stock of buildings can give."
                )
            )
        _, prefix = without_prefix(list(parcels.index))
        notes = [*(note.said() for note in declared.notes), *more]
        if any(one["heads"][-1] == text("Control") for one in tables):
            notes.insert(0, text("“Control” says whether an indicator binds or guides."))
        if prefix:
            notes.append(text("Parcels on the map are named without “{prefix}”.", prefix=prefix))
        title = text("{unit} {name}", unit=unit_id, name=name) if name != unit_id else unit_id
        number = text("Sheet {chapter}-{place}", chapter=declared.number, place=f"{place:02d}")
        content = {
            **self.composer.around(drawn, title, number),
            "legends": [legend_data(one) for one in drawn.legends if one.rows],
            "notes": notes,
            "unit-tables": tables,
            "map-height": height_mm,
            **table,
        }
        return content, list(drawn.problems)

    def parcel_table(self, parcels: gpd.GeoDataFrame) -> dict[str, Any]:
        """The table of the parcels of a unit: the columns that are there, in the order of the ids."""
        new = self._listed(parcels)
        rows = new or list(parcels.index)
        heads, aligns, widths, columns = (
            [fields()["parcel_id"].title],
            ["left"],
            [19.0],
            [[str(one) for one in rows]],
        )
        for one in unit_sheet().columns:
            try:
                frame = self._frame(one.values)
            except Missing:
                continue
            column = known_column(frame, one.column)
            values = frame[column].reindex(rows) if column else pd.Series(dtype=float)
            asked = (
                new or one.values != GRADES or column in LABELS
            )  # of what stands there nothing else is asked
            if not asked or not _told(values):
                continue
            if one.values != "city":
                values = _without_nothing(values)
            title, cells, side = column_said(column, values)
            heads.append(title)
            aligns.append(side)
            widths.append(one.width_mm)
            columns.append(cells)
        lines = [list(row) for row in zip(*columns, strict=True)]
        if new:
            listed = text("Control indicators of parcels ({count})", count=len(rows))
        else:
            listed = text(
                "Existing parcels ({count}); the unit has no new parcels of civil building", count=len(rows)
            )
        beside = 2 if sum(widths) <= TABLE_MM / 2 and len(lines) > LEAST_BESIDE else 1
        return {
            "parcel-title": listed,
            "heads": heads,
            "aligns": aligns,
            "widths": widths,
            "rows": lines,
            "beside": beside,
        }

    def _frame(self, values: str) -> pd.DataFrame:
        if values == "city":
            return pd.DataFrame(self.composer.sources.shapes("parcel"))
        frame = self.composer.sources.table(values)
        return by_parcel(frame) if values == "plan:choice" else frame

    def _parcels(self, unit_id: str) -> gpd.GeoDataFrame:
        table = self.composer.sources.shapes("parcel")
        column = next((one for one in UNIT_COLUMNS if one in table), "")
        if column:
            return table[table[column].astype(str) == str(unit_id)]
        shape = self.composer.sources.shapes("planning_unit").geometry.loc[unit_id]
        inside = shapely.contains(shape, shapely.point_on_surface(table.geometry.to_numpy()))
        return table[inside]

    def _listed(self, parcels: gpd.GeoDataFrame) -> list[Any]:
        """Parcels that the plan grades as new building; all of the unit where there are no grades."""
        try:
            grades = self.composer.sources.table(GRADES)
        except Missing:
            return list(parcels.index)
        column = known_column(grades, "green_grade|grade")
        new = (
            grades["new_building"].astype(bool)
            if "new_building" in grades
            else pd.Series(True, index=grades.index)
        )
        graded = grades.index[new & grades[column].notna() & (grades[column].astype(str) != "none")]
        return list(parcels.index[parcels.index.isin(graded)])


def map_height_mm(table: Mapping[str, Any]) -> float:
    """How high the map may be so that the table of parcels fills the rest of the page, or needs a second one. [mm]"""
    whole = sum(table["widths"])
    beside = table["beside"]
    rooms = [TABLE_MM / beside * width / whole - CELL_MM for width in table["widths"]]
    lines = [
        max(ceil(width_mm(cell, TABLE_POINTS) / room) for cell, room in zip(row, rooms, strict=True))
        for row in table["rows"]
    ]
    needed = TABLE_HEAD_MM + sum(ROW_MM[beside] + LINE_MM * (max(one, 1) - 1) for one in lines) / beside
    needed += ROW_MM[beside] if beside > 1 else 0.0  # the last row of the first column may stand alone
    left = BODY_MM - needed
    return MAP_MM[1] if left < LEAST_MAP_MM else min(left, MOST_MAP_MM)


def _without_nothing(values: pd.Series[Any]) -> pd.Series[Any]:
    """Amounts, those of nothing left out."""
    if pd.api.types.is_bool_dtype(values.dtype) or not pd.api.types.is_numeric_dtype(values.dtype):
        return values
    return values.where(values != 0)


def _told(values: pd.Series[Any]) -> bool:
    """Whether a column says anything: a word, or a number other than nothing."""
    if pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype):
        return bool((values.fillna(0) != 0).any())
    return bool((values.notna() & ~values.astype(str).isin(NOTHING)).any())


def _ids(parcels: gpd.GeoDataFrame, frame: Frame) -> list[Spot]:
    """The ids of parcels in their middles, without what all of them begin with, the largest first."""
    shapes = parcels.geometry.to_numpy()
    order = np.argsort(-shapely.area(shapes))
    places = shapely.get_coordinates(shapely.point_on_surface(shapes))
    pen = Pen("area", INK)
    short, _ = without_prefix(list(parcels.index))
    return [Spot(*frame.on_paper(*places[row]), pen, short[row], bare=True, points=5.5) for row in order]
