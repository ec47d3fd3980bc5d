"""Printed tables: a table of a plan with chosen columns, in the units that read best, with its totals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from core.fields import Field, field, fields
from core.problems import Problem, UserError
from core.texts import text, word
from core.units import MISSING, count, figure, percent, scale, unit_said
from layers.export_workbook import FIRST_YEAR
from reports.documents.blocks import Table, TableColumn
from reports.quantities import is_share

NUMERIC = ("number", "count")
PER_YEAR, YEAR = "/a", "年"
SHARE = "_share"  # ends the names of shares, also of those that may be negative
GRADES, LOWEST = ("green_grade", "rule_grade"), "basic"  # of buildings: a policy unit may be basic too


def printed_table(frame: pd.DataFrame, name: str, options: Mapping[str, str], number: str) -> Table:
    """A table of a plan as a document prints it.

    Parameters
    ----------
    frame : DataFrame
        Of the plan; every column in the dictionary of fields.
    name : str
        Of the table.
    options : Mapping of str to str
        `columns` (from left to right, `id` for the index; all where not given), `where` (a condition on columns),
        `sort` (a column, with a minus for the largest first), `most` (rows), `total` (columns added up), `title`, `note`,
        `heads` (`column=words;…` in place of the titles of the dictionary), `dash` (columns in which nothing is a dash: a
        row that has no such quantity, as panels have no floor area served).
    number : str
        E.g. 表 3-1.

    Raises
    ------
    UserError
        A column or condition is not of this table.
    """
    shown = _chosen(frame, name, options)
    whole = shown
    if "most" in options:
        shown = shown.head(int(options["most"]))
    index = str(frame.index.name or "id")
    names = (
        [one.strip() for one in options["columns"].split(",")]
        if "columns" in options
        else [index, *frame.columns]
    )
    names = [index if one == "id" else one for one in names]
    unknown = [one for one in names if one != index and one not in frame.columns]
    if unknown:
        raise UserError(
            Problem("The table {name} has no column {columns}.", "Correct the text of the document.",
                    table=name, name=name, columns=", ".join(unknown))
        )  # fmt: skip
    added = [one.strip() for one in options.get("total", "").split(",") if one.strip()]
    heads = dict(one.split("=", 1) for one in options.get("heads", "").split(";") if one)
    dashes = options.get("dash", "").split(",")
    columns, cells, values = [], [], []
    for one in names:
        series = shown.index.to_series() if one == index else shown[one]
        column, factor = _column(one, whole, index)
        column = replace(column, title=heads.get(one, column.title))
        if one in dashes:
            series = series.where(series != 0)
        columns.append(column)
        cells.append([_said(column, value, factor) for value in series])
        values.append([_plain(column, value, factor) for value in series])
    total: tuple[str, ...] = ()
    if added:
        total = tuple(
            text("Total")
            if place == 0
            else (_sum(column, whole[column.name]) if column.name in added else "")
            for place, column in enumerate(columns)
        )
    note = options.get("note", "")
    if len(shown) < len(whole):
        note += text(
            "{rows} rows in all, the first {shown} are shown; the annex has all.",
            rows=len(whole),
            shown=len(shown),
        )
    return Table(
        options.get("title", name),
        name,
        tuple(columns),
        tuple(zip(*cells, strict=True)),
        tuple(zip(*values, strict=True)),
        total,
        note,
        number,
    )


def _chosen(frame: pd.DataFrame, name: str, options: Mapping[str, str]) -> pd.DataFrame:
    try:
        shown = frame.query(options["where"]) if options.get("where") else frame
        if order := options.get("sort", ""):
            shown = shown.sort_values(order.lstrip("-"), ascending=not order.startswith("-"), kind="stable")
    except (KeyError, ValueError, SyntaxError, pd.errors.UndefinedVariableError) as error:
        raise UserError(
            Problem("The table {name} cannot be chosen from: {cause}.", "Correct the text of the document.",
                    table=name, name=name, cause=error)
        ) from error  # fmt: skip
    return shown


def _item(name: str) -> Field | None:
    return fields().get(name)


def _column(name: str, frame: pd.DataFrame, index: str) -> tuple[TableColumn, float]:
    """Head of a column, and the factor that its values are printed with."""
    item = _item(name)
    if name == index or item is None or item.type not in NUMERIC:
        return TableColumn(name, item.title if item else name, "", False), 1.0
    if item.type == "count":
        return TableColumn(name, item.title, "", True), 1.0
    if is_share(item) or (not item.unit and name.endswith(SHARE)):
        return TableColumn(name, item.title, "%", True), 1.0
    numbers = pd.to_numeric(frame[name], errors="coerce").abs()
    largest = float(numbers.max()) if numbers.notna().any() else 0.0
    factor, unit = scale(largest, item.unit, "zh")
    unit = unit or unit_said(item.unit, "zh")
    if YEAR in item.title:  # 年发电量 says already that it is of a year
        unit = unit.removesuffix(PER_YEAR)
    return TableColumn(name, item.title, unit, True), factor


def _said(column: TableColumn, value: Any, factor: float) -> str:
    if value is None or (not isinstance(value, str | bool) and pd.isna(value)):
        return MISSING
    if not column.numeric:
        if column.name in GRADES and value == LOWEST:
            return text("Basic grade")
        item = _item(column.name)
        shown = item.shown(value) if item is not None else str(value)
        if column.name.endswith("_unit"):  # a unit is no word: km is not Km
            return shown or MISSING
        return word(shown) if shown else MISSING
    number = float(value)
    item = field(column.name)
    if is_year(item):
        return f"{number:.0f}"
    if item.type == "count":
        return count(number)
    return percent(number).removesuffix("%") if column.unit == "%" else figure(number * factor)


def is_year(item: Field) -> bool:
    """Whether a field counts years of the calendar, which take no thousands separator."""
    dated = item.type == "count" and item.low is not None and item.low >= FIRST_YEAR
    return (
        dated or item.name == "year" or (item.name.endswith("_year") and not item.name.endswith("_per_year"))
    )


def _plain(column: TableColumn, value: Any, factor: float) -> float | str | None:
    if value is None or (not isinstance(value, str | bool) and pd.isna(value)):
        return None
    if not column.numeric:
        return _said(column, value, factor)
    return float(value) * (100 if column.unit == "%" else factor)


def _sum(column: TableColumn, series: pd.Series[Any]) -> str:
    """The exact sum of all rows, printed in the unit of the column."""
    item = field(column.name)
    whole = math.fsum(pd.to_numeric(series, errors="coerce").dropna())
    if item.type == "count":
        return count(whole)
    factor, _ = scale(float(pd.to_numeric(series, errors="coerce").abs().max() or 0.0), item.unit, "zh")
    return figure(whole * factor, 4)
