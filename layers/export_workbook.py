"""Workbooks for Excel: tables with titles, units and formats, and a sheet that says where they come from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from core.fields import Field, fields
from core.jobs import Job
from core.look import LIGHT
from core.problems import Problem, Severity, UserError
from core.texts import language as language_of_the_moment
from core.texts import speaking, text
from core.units import figure, unit_said
from layers.export_columns import (
    EXCEL_DIGITS,
    headings,
    in_chunks,
    plain,
    spoken,
    with_index,
    without_geometry,
)
from layers.export_files import replacing

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_CHARACTERS = 32_767
SHEET_NAME_CHARACTERS = 31
NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
READ_AS_OTHER = ("=", "#")  # openpyxl takes such text for a formula or an error
HEAD_ROWS = 2  # titles, units
ADDED_UP = frozenset(
    ["kWh", "kWh/a", "kW", "kWp", "m²", "yuan", "yuan/a", "kgce/a", "tCO2/a", "tce", "tce/a", "t/a"]
)
NARROWEST, WIDEST = 8, 48
ROWS_MEASURED = 200
WHOLE, YEAR, AS_TEXT, MOMENT = "#,##0", "0", "@", "yyyy-mm-dd hh:mm"
DEGREES = "0.000000"
FIRST_YEAR = 1000  # counts that cannot be less are years, which take no thousands separator
HEAD_FONT = Font(bold=True, color=LIGHT["ink"].removeprefix("#"))
UNIT_FONT = Font(color=LIGHT["muted"].removeprefix("#"))
HEAD_FILL = PatternFill("solid", fgColor=LIGHT["accent_soft"].removeprefix("#"))
HEAD_LINE = Border(bottom=Side("thin", color=LIGHT["accent"].removeprefix("#")))
WRAPPED = Alignment(wrap_text=True, vertical="top")


@dataclass(frozen=True)
class Origin:
    """Where the numbers of a workbook come from; stands on its last sheet.

    Parameters
    ----------
    project, scenario : str
        Names the user gave.
    day : date
        When the workbook was written.
    crs : str
        Reference system of coordinates and areas, e.g. "EPSG:4548".
    chosen : str
        Which rows were chosen, in words; empty for all.
    sources : sequence of str
        Published and assumed numbers behind the results.
    notice : str
        What a reader must know before anything else; empty for nothing.
    """

    project: str
    day: date
    scenario: str = ""
    crs: str = ""
    chosen: str = ""
    sources: Sequence[str] = ()
    notice: str = ""


def write_xlsx(
    path: Path,
    sheets: Mapping[str, pd.DataFrame],
    origin: Origin,
    *,
    totals: bool = False,
    language: str | None = None,
    overwrite: bool = True,
    job: Job | None = None,
) -> list[Problem]:
    """Write tables as a workbook: titles, units and formats over the columns, and a sheet on their origin.

    Identifiers and other words are text, so that leading zeros and codes of 19 digits stay.

    Parameters
    ----------
    path : Path
        The file, `.xlsx`.
    sheets : Mapping of str to DataFrame
        By the name of the sheet; geometry, if any, is left out.
    origin : Origin
        What the sheet 说明 says.
    totals : bool
        Whether a last row adds up, by formulas, the columns whose values can be added.
    language, overwrite, job
        As for `write_csv`.

    Returns
    -------
    list of Problem
        Sheets that had to be renamed.

    Raises
    ------
    UserError
        If a table is larger than a sheet, or the file cannot be written.
    """
    job = job or Job()
    tables = {name: _ready(frame) for name, frame in sheets.items()}
    _require_room(tables)
    with (
        speaking(language or language_of_the_moment()),
        replacing(path, overwrite=overwrite) as place,
        _workbook() as book,
    ):
        about = text("About")
        given = _sheet_names(tables, about)
        for name, frame in tables.items():
            sheet = book.create_sheet(given[name])
            _write_sheet(sheet, frame, job)
            if totals and len(frame):
                _write_totals(sheet, frame)
        _write_origin(
            book.create_sheet(about), origin, {given[name]: frame for name, frame in tables.items()}
        )
        job.say("Saving the workbook", 1.0)
        book.save(place)
    return [
        Problem(
            "The sheet of {name} is named {sheet}, because Excel does not allow the name or has it already.",
            "Look for it under this name.",
            severity=Severity.NOTE,
            table=name,
            name=name,
            sheet=sheet,
        )
        for name, sheet in given.items()
        if sheet != name
    ]


@contextmanager
def _workbook() -> Iterator[Workbook]:
    """A workbook written row by row, whose open sheets are closed when the work stops half-way."""
    book = Workbook(write_only=True)
    try:
        yield book
    finally:
        for sheet in book.worksheets:
            if not sheet.closed:
                with suppress(OSError):  # the disk that refused before refuses again
                    sheet.close()


def _ready(frame: pd.DataFrame) -> pd.DataFrame:
    return plain(with_index(without_geometry(frame)), whole_numbers_up_to=10**EXCEL_DIGITS - 1)


def _require_room(tables: Mapping[str, pd.DataFrame]) -> None:
    problems = [
        Problem(
            "{name} has {number} rows and {columns} columns, more than a sheet of Excel holds.",
            "Choose fewer rows, or write CSV or a GeoPackage.",
            table=name,
            name=name,
            columns=frame.shape[1],
            number=len(frame),
        )
        for name, frame in tables.items()
        if len(frame) + HEAD_ROWS > MOST_ROWS or frame.shape[1] > MOST_COLUMNS
    ]
    if problems:
        raise UserError(*problems)


def _sheet_names(tables: Iterable[str], about: str) -> dict[str, str]:
    """Names that Excel allows, all different, by the names asked for."""
    used = {about.lower(), "history"}  # Excel keeps the second for itself
    given: dict[str, str] = {}
    for name in tables:
        wanted = NOT_IN_SHEET_NAMES.sub(" ", name).strip(" '") or "1"
        chosen, number = wanted[:SHEET_NAME_CHARACTERS], 1
        while chosen.lower() in used:
            tail = f" {number}"
            chosen, number = wanted[: SHEET_NAME_CHARACTERS - len(tail)] + tail, number + 1
        used.add(chosen.lower())
        given[name] = chosen
    return given


def _write_sheet(sheet: Any, frame: pd.DataFrame, job: Job) -> None:
    """Write a table; widths and frozen rows come first, as a sheet written row by row wants it."""
    known = [fields().get(name) for name in frame.columns]
    often = Counter(field.title for field in known if field)
    said_over = headings(frame.columns)
    titles = [
        field.title if field and often[field.title] == 1 else over
        for field, over in zip(known, said_over, strict=True)
    ]
    units = [unit_said(field.unit) if field else "" for field in known]
    said = spoken(frame)
    sheet.freeze_panes = f"A{HEAD_ROWS + 1}"
    for number, name in enumerate(said.columns):
        letter = get_column_letter(number + 1)
        sheet.column_dimensions[letter].width = _width(titles[number], units[number], said[name])
    if len(frame.columns):
        sheet.auto_filter.ref = (
            f"A{HEAD_ROWS}:{get_column_letter(len(frame.columns))}{HEAD_ROWS + len(frame)}"
        )
    sheet.append([_head(sheet, title, HEAD_FONT) for title in titles])
    sheet.append([_head(sheet, unit, UNIT_FONT, HEAD_LINE) for unit in units])
    makers = [_maker(sheet, said[name], field) for name, field in zip(said.columns, known, strict=True)]
    for piece in job.each(in_chunks(said), "Writing the workbook"):
        for row in piece.itertuples(index=False, name=None):
            sheet.append([make(value) for make, value in zip(makers, row, strict=True)])


def _write_totals(sheet: Any, frame: pd.DataFrame) -> None:
    """A last row of sums, as formulas, so that they follow when somebody changes a cell."""
    last = HEAD_ROWS + len(frame)
    cells = []
    for number, name in enumerate(frame.columns):
        known = fields().get(str(name))
        cell = WriteOnlyCell(sheet, value=text("Total") if number == 0 else None)
        if number and known is not None and known.unit in ADDED_UP:
            letter = get_column_letter(number + 1)
            cell = WriteOnlyCell(sheet, value=f"=SUM({letter}{HEAD_ROWS + 1}:{letter}{last})")
            cell.number_format = _number_format(frame[name], known)
        cell.font = HEAD_FONT
        cells.append(cell)
    sheet.append(cells)


def _head(sheet: Any, words: str, font: Font, line: Border | None = None) -> Any:
    cell = WriteOnlyCell(sheet, value=words or None)
    cell.font, cell.fill = font, HEAD_FILL
    if words:
        cell.data_type = "s"
    if line is not None:
        cell.border = line
    return cell


def _maker(sheet: Any, values: pd.Series[Any], known: Field | None) -> Callable[[Any], Any]:
    """What turns the values of a column into cells."""
    if pd.api.types.is_bool_dtype(values.dtype):
        return lambda value: None if pd.isna(value) else bool(value)
    if pd.api.types.is_numeric_dtype(values.dtype):
        return _formatted(sheet, _number_format(values, known), _number)
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return _formatted(sheet, MOMENT, lambda moment: moment.tz_localize(None).to_pydatetime())
    return lambda words: None if _missing(words) else _text_cell(sheet, str(words))


def _formatted(sheet: Any, pattern: str, convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def make(value: Any) -> Any:
        if pd.isna(value):
            return None
        cell = WriteOnlyCell(sheet, value=convert(value))
        cell.number_format = pattern
        return cell

    return make


def _number(value: Any) -> int | float | str:
    number = value.item() if isinstance(value, np.generic) else value
    return figure(number) if isinstance(number, float) and np.isinf(number) else number


def _missing(value: Any) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value))


def _text_cell(sheet: Any, words: str) -> Any:
    """A cell that holds text and nothing but text, also where it looks like a number or a formula."""
    words = ILLEGAL_CHARACTERS_RE.sub("", words)[:MOST_CHARACTERS]
    if not words.startswith(READ_AS_OTHER) and not words.isdigit():
        return words
    cell = WriteOnlyCell(sheet, value=words)
    cell.data_type = "s"
    cell.number_format = AS_TEXT
    return cell


def _number_format(values: pd.Series[Any], known: Field | None) -> str:
    """How the numbers of a column are written: about three figures of the largest."""
    if known is not None and known.unit == "°" and known.low is not None and known.low < 0:
        return DEGREES
    if pd.api.types.is_integer_dtype(values.dtype) or (known is not None and known.type == "count"):
        is_year = known is not None and known.low is not None and known.low >= FIRST_YEAR
        return YEAR if is_year else WHOLE
    present = values[np.isfinite(values.astype(float))].abs()
    largest = float(present.max()) if len(present) else 0.0
    decimals = 0 if largest >= 100 else 1 if largest >= 10 else 2 if largest >= 1 else 3
    return WHOLE + ("." + "0" * decimals if decimals else "")


def _width(title: str, unit: str, values: pd.Series[Any]) -> float:
    """Width of a column in characters; a Han character takes two."""
    if pd.api.types.is_numeric_dtype(values.dtype):
        shown = [f"{value:,.0f}000" for value in values.head(ROWS_MEASURED).dropna()]
    else:
        shown = [str(value) for value in values.head(ROWS_MEASURED).dropna()]
    longest = max((_spaces(words) for words in (title, unit, *shown)), default=0)
    return float(min(max(longest + 2, NARROWEST), WIDEST))


def _spaces(words: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in words)


def _write_origin(sheet: Any, origin: Origin, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write what the numbers mean and where they come from."""
    for letter, width in zip("ABCDE", (18, 30, 28, 14, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    facts = [
        (text("Project"), origin.project),
        (text("Scenario"), origin.scenario),
        (text("Date"), origin.day.isoformat()),
        (text("Coordinate reference system"), origin.crs),
        (text("Filter"), origin.chosen or text("none, all rows")),
    ]
    if origin.notice:
        sheet.append([_titled(sheet, text("Note")), _text_cell(sheet, origin.notice)])
    for title, fact in facts:
        sheet.append([_titled(sheet, title), _text_cell(sheet, fact or "—")])
    sheet.append([])
    head = ("Sheet", "Name", "Title", "Unit", "Meaning")
    sheet.append([_head(sheet, text(word), HEAD_FONT, HEAD_LINE) for word in head])
    for name, frame in tables.items():
        for column in frame.columns:
            known = fields().get(column)
            said = (known.title, unit_said(known.unit), known.meaning) if known else ("", "", "")
            sheet.append([_text_cell(sheet, words) for words in (name, column, *said)])
    if origin.sources:
        sheet.append([])
        sheet.append([_head(sheet, text("Sources of the numbers"), HEAD_FONT, HEAD_LINE)])
        for source in origin.sources:
            sheet.append([_text_cell(sheet, source)])


def _titled(sheet: Any, words: str) -> Any:
    cell = WriteOnlyCell(sheet, value=words)
    cell.font, cell.alignment = HEAD_FONT, WRAPPED
    return cell
