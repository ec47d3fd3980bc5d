"""The check: every number in the files of a document against the plan it was made from."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import docx
import openpyxl
import pandas as pd
from docx.opc.exceptions import PackageNotFoundError
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from core.problems import Problem, UserError
from layers.export_workbook import HEAD_ROWS
from plans import Part
from reports.checked import Checked, differs
from reports.documents.blocks import Document, Table
from reports.documents.record import head_said, lines_of
from reports.documents.word_parts import OF_THE_TEXT, paragraphs_outside, plain

NUMBER = re.compile(r"[−-]?\d[\d\u2009]*(?:\.\d+)?")


NAMES = re.compile(
    r"《[^》]*》|（?建标[^）]*〕\d+号）?|〔\d{4}〕\d+号|(?:GB|JGJ|CJJ|DB|DZ|HJ|ISO)(?:/T)?\s?[\d.]+(?:-\d{4})?"
    r"|(?:19|20)\d{2}(?:[—－-](?:19|20)\d{2})?年|专栏\d+|CO2|第\d+条|[A-Z]\d+|\d[A-D](?![A-Za-z])"
)  # numbers that are names: of documents and standards, years, clauses
MOST_SAID = 40
SUM = re.compile(r"=SUM\(([A-Z]+)(\d+):([A-Z]+)(\d+)\)")


def numbers_in(words: str) -> list[str]:
    """Numbers of a line as they are written, without thin spaces."""
    return [found.replace("\u2009", "") for found in NUMBER.findall(words)]


def unbound_numbers(document: Document) -> Checked:
    """Numbers of running text that come neither from a figure nor from a cell.

    Years of the calendar, numbers of documents, standards and clauses, and what stands in the titles of standards are names
    and not looked at.
    """
    total, problems = 0, []
    for line in document.lines():
        for span in line:
            if span.source:
                total += len(numbers_in(span.words))
                continue
            rest = NAMES.sub("", span.words)
            if found := numbers_in(rest):
                problems.append(
                    Problem(
                        "The text has numbers that do not come from the plan: {numbers}, in {words}.",
                        "Take them from a figure or a cell of the plan.",
                        numbers=", ".join(found),
                        words=span.words[:MOST_SAID],
                    )
                )
    return Checked(total, tuple(problems))


def check_word(path: Path, document: Document) -> Checked:
    """A Word file against the document as the plan gives it now; places where people write are not looked at."""
    try:
        made = docx.Document(str(path))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError) as why:
        raise UserError(Problem("{file} cannot be read.", "Make the document anew.", file=path.name)) from why
    wanted = [numbers_in(line) for line in lines_of(document)]
    lines = [words for style, words in paragraphs_outside(made) if style in OF_THE_TEXT and words]
    problems = _compared(path, [numbers_in(line) for line in lines], wanted, lines)
    total = sum(map(len, wanted))
    tables = [block for block in document.blocks if isinstance(block, Table)]
    for printed, block in zip(made.tables, tables, strict=False):
        cells = [[plain(cell.text) for cell in row.cells] for row in printed.rows]
        rows = [
            [head_said(column.title, column.unit) for column in block.columns],
            *map(list, block.rows),
            *([list(block.total)] if block.total else []),
        ]
        total += sum(len(numbers_in(cell)) for row in rows for cell in row)
        for place, (found, expected) in enumerate(zip(cells, rows, strict=False)):
            if found != expected:
                problems.append(
                    differs(path, f"{block.number} {place}", " | ".join(found), " | ".join(expected))
                )
        if len(cells) != len(rows):
            problems.append(differs(path, block.number, str(len(cells)), str(len(rows))))
    if len(made.tables) != len(tables):
        problems.append(differs(path, "", str(len(made.tables)), str(len(tables))))
    return Checked(total, tuple(problems))


def check_workbook(path: Path, plan: Part) -> Checked:
    """A workbook against the tables of the plan: every number of every sheet, its rows, and what its totals add up to.

    Raises
    ------
    UserError
        The file is no workbook.
    """
    try:
        book = openpyxl.load_workbook(path, read_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as why:
        raise UserError(Problem("{file} cannot be read.", "Make the document anew.", file=path.name)) from why
    with closing(book):
        checked = Checked()
        for name, frame in plan.tables.items():
            if name in book.sheetnames:
                checked += _sheet(
                    path, name, [list(row) for row in book[name].iter_rows(values_only=True)], frame
                )
            else:
                checked += Checked(0, (differs(path, name, "", str(len(frame))),))
        return checked


def _sheet(path: Path, name: str, rows: list[list[Any]], frame: pd.DataFrame) -> Checked:
    """One sheet against its table; rows of the sheet are counted from 1, as Excel does."""
    columns = [
        frame.index.to_series(),
        *(frame[column] for column in frame.columns if column != "geometry"),
    ]
    last = HEAD_ROWS + len(frame)
    total, problems = 0, []
    if len(rows) not in (last, last + 1):
        problems.append(differs(path, name, str(len(rows) - HEAD_ROWS), str(len(frame))))
    for number, series in enumerate(columns, start=1):
        if not pd.api.types.is_numeric_dtype(series.dtype) or pd.api.types.is_bool_dtype(series.dtype):
            continue
        letter = get_column_letter(number)
        for place, value in enumerate(series, start=HEAD_ROWS + 1):
            found = _cell(rows, place, number)
            total += 1
            if not _same(found, value):
                problems.append(
                    differs(path, f"{name}!{letter}{place} {series.name}", str(found), str(value))
                )
        formula = _cell(rows, last + 1, number)
        if formula is None or number == 1:
            continue
        total += 1
        reached, wanted = _sum(rows, formula, number), float(series.sum())
        if reached is None or not math.isclose(reached, wanted, rel_tol=1e-9, abs_tol=1e-6):
            said = f"{formula} = {reached}" if reached is not None else str(formula)
            problems.append(differs(path, f"{name}!{letter}{last + 1}", said, str(wanted)))
    return Checked(total, tuple(problems))


def _cell(rows: list[list[Any]], row: int, column: int) -> Any:
    """A cell of a sheet; nothing outside of what it holds."""
    return rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else None


def _sum(rows: list[list[Any]], formula: Any, column: int) -> float | None:
    """What the formula of a total adds up to; None where it is not a sum of its own column."""
    found = SUM.fullmatch(str(formula))
    letter = get_column_letter(column)
    if found is None or found[1] != letter or found[3] != letter:
        return None
    values = [_cell(rows, row, column) for row in range(int(found[2]), int(found[4]) + 1)]
    return math.fsum(float(one) for one in values if isinstance(one, int | float))


def _same(found: Any, wanted: Any) -> bool:
    if wanted is None or (isinstance(wanted, float) and math.isnan(wanted)) or pd.isna(wanted):
        return found is None
    return isinstance(found, int | float) and math.isclose(found, float(wanted), rel_tol=1e-12, abs_tol=1e-9)


def _compared(
    path: Path, found: list[list[str]], wanted: list[list[str]], lines: Iterable[str]
) -> list[Problem]:
    """Numbers of running text, line by line."""
    said = list(lines)
    problems = [
        differs(path, said[place][:40], ", ".join(here), ", ".join(there))
        for place, (here, there) in enumerate(zip(found, wanted, strict=False))
        if here != there
    ]
    if len(found) != len(wanted):
        problems.append(differs(path, "", str(len(found)), str(len(wanted))))
    return problems
