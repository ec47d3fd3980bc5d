"""Material: the shapes and values of a declared layer, found in the city, its assessments and the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from core.fields import FieldTitle, fields
from core.problems import Problem, Severity
from core.texts import Phrase, text
from demand.baseline import districts_of
from layers.city import City, Raster
from plans import Part
from potential import Assessment
from potential.registry import potentials
from reports.sheets.declared import Said, Sheet, SheetLayer, SheetRaster, SheetTable, table_named

M2_PER_HECTARE = 10_000.0
SEVERAL = r"[\s;,]+"  # what parts the ids of several shapes


class Lacking(Phrase):
    """What is missing, in the language in which it is read."""

    message: str
    values: Mapping[str, Any]

    def __new__(cls, message: str, **values: Any) -> Lacking:
        """A phrase of a sentence in English with a translation, and what fills its placeholders."""
        made = super().__new__(cls, text(message, **values))
        made.message, made.values = message, values
        return made

    def said(self) -> str:
        """The phrase in the language of the moment."""
        return text(self.message, **self.values)


class Missing(Exception):
    """Raised where a layer or table cannot be made."""

    def __init__(self, message: str, **values: Any) -> None:
        self.what = Lacking(message, **values)
        super().__init__(self.what)


class Empty(Missing):
    """Raised where everything is there, but no row has what a layer shows."""


def statement(why: Missing) -> list[str]:
    """What a sheet without content says in its middle: that there is none in the area, or what would be needed."""
    if isinstance(why, Empty):
        return [
            text("None in the planning area"),
            text("No row of the data has “{what}”.", **why.what.values),
        ]
    return [
        text("No data for this map"),
        text("{why} is missing. The map follows when it is there.", why=why.what),
    ]


@dataclass(frozen=True, eq=False)
class Material:
    """What a layer is drawn from: shapes in the reference system of the city, and a value for each.

    Parameters
    ----------
    frame : GeoDataFrame
        Shapes, with the other columns of their table.
    values : Series
        On the same index; words as text, numbers as float64, missing as None or NaN.
    column : str
        Column the values come from.
    ranks : Series, optional
        The place of each shape in the table beside the map, from 1 on; missing for those that are not in it.
    weights : Series, optional
        What the legend adds up, on the index of the shapes; None where the table of values does not hold it.
    """

    frame: gpd.GeoDataFrame
    values: pd.Series[Any]
    column: str
    ranks: pd.Series[Any] | None = None
    weights: pd.Series[Any] | None = None


@dataclass(frozen=True)
class Sources:
    """Where layers find what they show.

    Parameters
    ----------
    city : City
    assessments : Mapping of str to Assessment
        By name.
    plan : Part
        With any of the tables of a plan.
    """

    city: City
    assessments: Mapping[str, Assessment]
    plan: Part

    def material(self, layer: SheetLayer) -> Material:
        """The shapes and values of a layer.

        Raises
        ------
        Missing
            A table, a column or all values are not there.
        """
        if layer.given is not None:
            return Material(layer.given.frame, layer.given.numbers, "")
        shapes = self.shapes(layer.shape)
        frame = shapes if not layer.values else self.table(layer.values)
        column = _column(frame, layer.column) if layer.column else ""
        if layer.derive:
            values = intensity_of_use_and_district(frame, column, shapes, self.city) * layer.factor
        elif column:
            values = _values(_where(frame, layer.where), column, layer, shapes)
        else:
            shapes = _where(shapes, layer.where)
            values = pd.Series("", index=shapes.index)
        values = values.reindex(shapes.index)
        if layer.by_hectare:
            values = values / shapes.geometry.area * M2_PER_HECTARE
        if layer.positive:
            values = values.where(values > 0)
        if not len(shapes) or (column and not values.notna().any()):
            raise Empty("{what}: no values", what=Said(layer.title))
        weights = None
        if layer.count in frame and frame.index.name == shapes.index.name:
            weights = frame[layer.count].reindex(shapes.index)
        return Material(shapes, values, column, _ranks(frame, layer) if layer.number else None, weights)

    def raster(self, declared: SheetRaster) -> Raster:
        """A raster of the city, or `name:raster` of an assessment.

        Raises
        ------
        Missing
            It is not there, or holds no value.
        """
        owner, _, name = declared.raster.rpartition(":")
        rasters = self._assessment(owner).rasters if owner else self.city.rasters
        if name not in rasters or not np.isfinite(rasters[name].values).any():
            raise Missing("the raster {raster}", raster=Said(declared.title))
        return rasters[name]

    def lacking(self, sheet: Sheet) -> Problem | None:
        """What keeps a sheet from being made; None where one of its needed layers is there."""
        first: Missing | None = None
        for raster in sheet.rasters:
            try:
                self.raster(raster)
            except Missing as why:
                first = first or (None if raster.optional else why)
            else:
                if not raster.optional:
                    return None
        for layer in sheet.layers:
            if layer.optional:
                continue
            try:
                self.material(layer)
            except Missing as why:
                first = first or why
            else:
                return None
        return None if first is None else left_out(sheet, first)

    def shapes(self, name: str) -> gpd.GeoDataFrame:
        """A table with shapes: one of the city, or `name:table` of an assessment."""
        owner, _, table = name.partition(":")
        if not table:
            if owner not in self.city.tables or self.city.tables[owner].empty:
                raise Missing("the layer {layer}", layer=Said(table_named("city", owner)))
            return self.city.tables[owner]
        frame = self._assessment(owner).details.get(table)
        if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
            raise Missing("what {potential} found", potential=Phrase(_potential_title(owner)))
        return frame

    def table(self, values: str) -> pd.DataFrame:
        """A table of values: `plan:name`, `assessment:name` or `assessment:name/table`."""
        kind, _, name = values.partition(":")
        if kind == "plan":
            if name not in self.plan.tables or self.plan.tables[name].empty:
                raise Missing("the plan's table {table}", table=Said(table_named("plan", name)))
            return self.plan.tables[name]
        owner, _, table = name.partition("/")
        made = self._assessment(owner)
        if table:
            if table not in made.details:
                raise Missing("what {potential} found", potential=Phrase(_potential_title(owner)))
            return made.details[table]
        return made.parcels

    def rows_beside(self, table: SheetTable) -> pd.DataFrame:
        """The rows of a table beside the map, under the names its declaration asks for.

        Raises
        ------
        Missing
            The table or all of its columns are not there.
        """
        frame: pd.DataFrame = self.shapes(table.shape) if table.shape else self.table(table.values)
        frame = _where(frame, table.where)
        if table.sort:
            frame = frame.sort_values(_column(frame, table.sort), ascending=False, kind="stable")
        found = [column for wanted in table.columns if (column := known_column(frame, wanted))]
        if table.columns and len(found) < min(2, len(table.columns)):  # names alone say nothing
            raise Missing("the columns {columns}", columns=", ".join(table.columns))
        return pd.DataFrame(frame)[found] if found else pd.DataFrame(frame)

    def _assessment(self, name: str) -> Assessment:
        if name not in self.assessments:
            raise Missing("the assessment {potential}", potential=Phrase(_potential_title(name)))
        return self.assessments[name]


def left_out(sheet: Sheet, why: Missing, *, optional: bool = False, blank: bool = False) -> Problem:
    """A note that a sheet, or an `optional` part of one, could not be made, or is printed `blank` but for its base map."""
    return Problem(
        "{number} {title} shows no more than the base map: {why} is missing."
        if blank
        else "{number} {title} is drawn without this: {why}."
        if optional
        else "{number} {title} is left out: {why} is missing.",
        "Give the data or make this part of the plan, then print again.",
        severity=Severity.NOTE if optional and not blank else Severity.WARNING,
        number=Said(sheet.called),
        title=Said(sheet.title),
        why=why.what,
    )


def intensity_of_use_and_district(
    baseline: pd.DataFrame, column: str, buildings: gpd.GeoDataFrame, city: City
) -> pd.Series[Any]:
    """A yearly amount by floor area, mean of the use and district of each building.

    Parameters
    ----------
    baseline : DataFrame
        Rows by use, district and carrier with `gfa_m2` and the amount in `column`.
    buildings : GeoDataFrame
        With `use`, and where known `parcel_id` of parcels with a district.
    """
    keys = ["use", "district_name"]
    groups = baseline.groupby(keys)
    amount, floor_m2 = groups[column].sum(), groups["gfa_m2"].max()  # every carrier repeats the floor area
    intensity = (amount / floor_m2.where(floor_m2 > 0)).rename("intensity")
    of = pd.DataFrame(
        {"use": buildings["use"], "district_name": districts_of(city, buildings)}, index=buildings.index
    )
    return of.join(intensity, on=keys)["intensity"]


def _values(frame: pd.DataFrame, column: str, layer: SheetLayer, shapes: gpd.GeoDataFrame) -> pd.Series[Any]:
    """The values of a column, one for each shape."""
    owner = _owner(frame, layer) or (shapes.index.name if shapes.index.name in frame.columns else "")
    if owner and frame.index.name != shapes.index.name:
        values = _gathered(frame, column, owner, layer.gather)
    else:
        values = frame[column]
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.map({True: "true", False: "false"})
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.astype(float) * layer.factor
    words = values.astype(object).where(values.notna(), None)
    return words.map(lambda word: str(word).lower() if isinstance(word, bool | np.bool_) else word)


def _gathered(frame: pd.DataFrame, column: str, owner: str, gather: str) -> pd.Series[Any]:
    """One value for each owner: the sum, the first, or that of the largest row by some column."""
    how, _, by = gather.partition(":")
    frame = of_each(frame, owner)
    if how == "sum":
        return frame.groupby(owner)[column].sum()
    ordered = (
        frame if how != "largest" else frame.sort_values(_column(frame, by), ascending=False, kind="stable")
    )
    if how == "first" and pd.api.types.is_numeric_dtype(frame[column].dtype):
        ordered = frame.sort_values(column)
    return ordered.drop_duplicates(owner).set_index(owner)[column]


def _ranks(frame: pd.DataFrame, layer: SheetLayer) -> pd.Series[Any]:
    """The first places of the largest rows by owner."""
    ordered = frame.sort_values(
        _column(frame, layer.gather.partition(":")[2]), ascending=False, kind="stable"
    )
    first = ordered.assign(rank=np.arange(1, len(ordered) + 1)).head(layer.number)
    owner = _owner(first, layer)
    once = of_each(first, owner).drop_duplicates(owner).drop_duplicates("rank")  # a work is numbered once
    return once.set_index(owner)["rank"]


def _owner(frame: pd.DataFrame, layer: SheetLayer) -> str:
    """The column with the ids of the shapes; empty where the index is that."""
    return _column(frame, layer.per) if layer.per else ""


def of_each(frame: pd.DataFrame, owner: str) -> pd.DataFrame:
    """A table with one id in each row, where a row may name several, as in `parcel_ids`."""
    if not owner.endswith("_ids"):
        return frame
    return frame.assign(**{owner: frame[owner].str.split(SEVERAL)}).explode(owner)


def _where(frame: Any, where: Mapping[str, tuple[str, ...]]) -> Any:
    """The rows whose words are among those asked for; a column with ? is looked at only where it is there."""
    for wanted, words in where.items():
        if wanted.endswith("?") and not known_column(frame, wanted.rstrip("?")):
            continue
        column = _column(frame, wanted.rstrip("?"))
        said = frame[column].map(
            lambda word: str(word).lower() if isinstance(word, bool | np.bool_) else word
        )
        frame = frame[said.isin(words)]
    return frame


def _column(frame: pd.DataFrame, wanted: str) -> str:
    """The first of some names, parted by |, that the table has."""
    found = known_column(frame, wanted)
    if not found:
        first = wanted.split("|")[0]
        raise Missing("the column {column}", column=FieldTitle(first) if first in fields() else first)
    return found


def known_column(frame: pd.DataFrame, wanted: str) -> str:
    """The first of some names, parted by |, that a table has; empty for none."""
    return next((name for name in wanted.split("|") if name in frame.columns), "")


def _potential_title(name: str) -> str:
    return next((one.title for one in potentials() if one.name == name), name)
