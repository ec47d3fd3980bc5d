"""The check: every number in the files of a document against the plan it was made from."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pandas as pd

from core.problems import Problem
from layers.export_workbook import HEAD_ROWS
from plans import Part
from reports.documents.blocks import Document, Table
from reports.documents.record import head_said, lines_of
from reports.documents.word_parts import OF_THE_TEXT, paragraphs_outside

NUMBER = re.compile(r"[−-]?\d[\d\u2009]*(?:\.\d+)?")


NAMES = re.compile(
    r"《[^》]*》|（?建标[^）]*〕\d+号）?|〔\d{4}〕\d+号|(?:GB|JGJ|CJJ|DB|DZ|HJ|ISO)(?:/T)?\s?[\d.]+(?:-\d{4})?"
    r"|(?:19|20)\d{2}(?:[—－-](?:19|20)\d{2})?年|专栏\d+|CO2|第\d+条|[A-Z]\d+|\d[A-D](?![A-Za-z])"
)  # numbers that are names: of documents and standards, years, clauses
MOST_SAID = 40


@dataclass(frozen=True)
class Checked:
    """How many numbers were compared, and every difference."""

    numbers: int
    problems: tuple[Problem, ...]

    def __add__(self, other: Checked) -> Checked:
        return Checked(self.numbers + other.numbers, (*self.problems, *other.problems))


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
    made = docx.Document(str(path))
    wanted = [numbers_in(line) for line in lines_of(document)]
    lines = [words for style, words in paragraphs_outside(made) if style in OF_THE_TEXT and words]
    problems = _compared(path, [numbers_in(line) for line in lines], wanted, lines)
    total = sum(map(len, wanted))
    tables = [block for block in document.blocks if isinstance(block, Table)]
    for printed, block in zip(made.tables, tables, strict=False):
        cells = [[cell.text for cell in row.cells] for row in printed.rows]
        rows = [
            [head_said(column.title, column.unit) for column in block.columns],
            *map(list, block.rows),
            *([list(block.total)] if block.total else []),
        ]
        total += sum(len(numbers_in(cell)) for row in rows for cell in row)
        for place, (found, expected) in enumerate(zip(cells, rows, strict=False)):
            if found != expected:
                problems.append(
                    _differs(path, f"{block.number} {place}", " | ".join(found), " | ".join(expected))
                )
        if len(cells) != len(rows):
            problems.append(_differs(path, block.number, str(len(cells)), str(len(rows))))
    if len(made.tables) != len(tables):
        problems.append(_differs(path, "", str(len(made.tables)), str(len(tables))))
    return Checked(total, tuple(problems))


def check_workbook(path: Path, plan: Part) -> Checked:
    """A workbook against the tables of the plan: every number of every sheet, and the totals against their columns."""
    book = openpyxl.load_workbook(path)
    total, problems = 0, []
    for name, frame in plan.tables.items():
        if name not in book.sheetnames:
            problems.append(_differs(path, name, "—", str(len(frame))))
            continue
        sheet = book[name]
        whole = [
            frame.index.to_series(),
            *(frame[column] for column in frame.columns if column != "geometry"),
        ]
        for number, series in enumerate(whole, start=1):
            if not pd.api.types.is_numeric_dtype(series.dtype) or pd.api.types.is_bool_dtype(series.dtype):
                continue
            for place, value in enumerate(series, start=HEAD_ROWS + 1):
                found = sheet.cell(row=place, column=number).value
                total += 1
                if not _same(found, value):
                    problems.append(_differs(path, f"{name} {series.name} {place}", str(found), str(value)))
            problems += _total(path, sheet, number, HEAD_ROWS + len(frame))
    return Checked(total, tuple(problems))


def _total(path: Path, sheet: Any, column: int, last: int) -> list[Problem]:
    """The formula of a total must span the rows of its column, all of them."""
    cell = sheet.cell(row=last + 1, column=column)
    formula = cell.value
    if not isinstance(formula, str) or not formula.startswith("="):
        return []
    letter = cell.column_letter
    wanted = f"=SUM({letter}{HEAD_ROWS + 1}:{letter}{last})"
    return [] if formula == wanted else [_differs(path, f"{sheet.title} {cell.coordinate}", formula, wanted)]


def _same(found: Any, wanted: Any) -> bool:
    if wanted is None or (isinstance(wanted, float) and math.isnan(wanted)) or pd.isna(wanted):
        return found is None
    return found is not None and math.isclose(float(found), float(wanted), rel_tol=1e-12, abs_tol=1e-9)


def _compared(
    path: Path, found: list[list[str]], wanted: list[list[str]], lines: Iterable[str]
) -> list[Problem]:
    """Numbers of running text, line by line."""
    said = list(lines)
    problems = [
        _differs(path, said[place][:40], ", ".join(here), ", ".join(there))
        for place, (here, there) in enumerate(zip(found, wanted, strict=False))
        if here != there
    ]
    if len(found) != len(wanted):
        problems.append(_differs(path, "", str(len(found)), str(len(wanted))))
    return problems


def _differs(path: Path, where: str, found: str, wanted: str) -> Problem:
    return Problem(
        "{file} differs from the plan at {where}: {found} in place of {wanted}.",
        "Make the document anew; what was written by hand is kept.",
        file=path.name,
        where=where,
        found=found,
        wanted=wanted,
    )
