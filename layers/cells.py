"""Cells: numbers, degrees and heads of tables as people type them into worksheets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?(e[+-]?\d+)?", re.IGNORECASE)
MEASURE = re.compile(r"\s*([+-]?[\d,]*\.?\d+(?:e[+-]?\d+)?)\s*([^\d\s.,+-][^\d]*\d?)?\s*", re.IGNORECASE)
DEGREES = re.compile(
    r"([EWNS东西南北])?[经纬]?:?\s*(\d{1,3})\s*[°度d:]\s*(\d{1,2}(?:\.\d+)?)\s*['′分m:]"
    r"\s*(?:(\d{1,2}(?:\.\d+)?)\s*[\"″′'秒s]*)?\s*([EWNS])?",
    re.IGNORECASE,
)
EMPTY_WORDS = {"", "-", "--", "—", "/", "无", "n/a", "na", "null", "none", "nan", "<null>", "#n/a"}
MOST_DIGITS = 15  # a float holds no more
MOST_HEAD_ROWS = 4
UNIT_CELL = re.compile(
    r"[(\[]?(%|m2?|ha|hm2|km2?|亩|公顷|万?平方?米|万m2|平方公里|层|栋|个|度|kw|kwp|mw|k?wh|t|年)[)\]]?"
)


def plain(value: object) -> str:
    """A cell as text in half-width letters, its outer spaces removed."""
    return "" if _missing(value) else unicodedata.normalize("NFKC", str(value)).strip()


def is_empty(value: object) -> bool:
    """Whether a cell holds nothing, or one of the words people write for nothing."""
    return plain(value).casefold() in EMPTY_WORDS


def number(value: object) -> float:
    """The number in a cell, NaN if there is none; full-width digits and separators of thousands are read."""
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return float(value)
    word = plain(value).replace("−", "-").replace(" ", "")
    if not word or not any(letter.isdigit() for letter in word) or not NUMBER.fullmatch(word):
        return float("nan")
    return float(word.replace(",", ""))


def numbers(column: pd.Series[Any]) -> tuple[pd.Series[float], pd.Series[bool]]:
    """The numbers of a column, and which cells hold something that is none."""
    if pd.api.types.is_numeric_dtype(column):
        return column.astype("float64"), pd.Series(False, index=column.index)
    values = pd.Series([number(value) for value in column], index=column.index, dtype="float64")
    wrong = values.isna() & ~pd.Series([is_empty(value) for value in column], index=column.index, dtype=bool)
    return values, wrong


def measure(value: object) -> tuple[float, str]:
    """A number and the unit behind it, as in "1.2公顷" or "35%"; NaN and empty where there is none."""
    found = MEASURE.fullmatch(plain(value))
    if not found:
        return number(value), ""
    return number(found[1]), (found[2] or "").strip()


def degrees(value: object) -> float:
    """Decimal degrees of a cell, also from degrees, minutes and seconds; NaN if there are none."""
    found = DEGREES.fullmatch(plain(value).replace("’", "'").replace("”", '"'))
    if not found:
        return number(value)
    before, whole, minutes, seconds, after = found.groups()
    size = float(whole) + float(minutes) / 60 + float(seconds or 0) / 3600
    return -size if (before or after or "").upper() in ("W", "S", "西", "南") else size


def tidied(column: pd.Series[Any]) -> pd.Series[Any]:
    """A column of text as numbers if every cell is one; codes with leading zeros or many digits stay text."""
    words = [plain(value) for value in column]
    filled = [word for word in words if word.casefold() not in EMPTY_WORDS]
    if not filled or any(_is_code(word) for word in filled):
        return column.map(lambda value: None if plain(value) == "" else value)
    values, wrong = numbers(column)
    if wrong.any():
        return column.map(lambda value: None if plain(value) == "" else value)
    whole = values.notna().all() and (values % 1 == 0).all() and not any("." in word for word in words)
    return values.astype("int64") if whole else values


def head(rows: Sequence[Sequence[object]]) -> tuple[list[str], int]:
    """Names of the columns of a worksheet and the number of rows its head takes.

    Title rows are passed over; cells of several head rows are joined ("坐标 X"), with a cell spanning
    several columns repeated; a row of units goes into brackets behind the names.

    Parameters
    ----------
    rows : sequence of sequences
        The first rows, all of one length.
    """
    widths = [len({plain(cell) for cell in row if plain(cell)}) for row in rows]
    first = next((place for place, width in enumerate(widths) if width >= min(2, max(widths))), 0)
    last = first + 1
    while last < min(len(rows), first + MOST_HEAD_ROWS) and _continues(rows[last], rows[first:last]):
        last += 1
    lines = [[plain(cell) for cell in row] for row in rows[first:last]]
    units = [""] * len(lines[0])
    for place in range(len(units)):
        if len(lines) > 1 and _is_unit(lines[-1][place]) and any(line[place] for line in lines[:-1]):
            units[place], lines[-1][place] = lines[-1][place].strip("()[]"), ""
    for above, below in pairwise(lines):
        for place in range(1, len(above)):
            if not above[place] and below[place] and below[place - 1]:
                above[place] = above[place - 1]
    names = []
    for place in range(len(lines[0])):
        parts = dict.fromkeys(line[place] for line in lines if line[place])
        name = " ".join(" ".join(parts).split())
        names.append(f"{name}({units[place]})" if units[place] else name)
    return _unique(names), last


def _continues(row: Sequence[object], above: Sequence[Sequence[object]]) -> bool:
    """Whether a row still belongs to the head: it gives units, or names only columns the row above left open.

    Open is a column whose head above is empty, spans several columns, or runs down into this row.
    """
    cells = [plain(cell) for cell in row]
    if not any(cells) or any(cell and not np.isnan(number(cell)) for cell in cells):
        return False
    over = [plain(cell) for cell in above[-1]]

    def is_open(place: int) -> bool:
        name, right = over[place], over[place + 1 : place + 2]
        spans = name in (*over[max(0, place - 1) : place], *right)
        begins = right == [""] and cells[place + 1] != ""
        return not name or name == cells[place] or spans or begins or _is_unit(cells[place])

    return all(is_open(place) for place, cell in enumerate(cells) if cell)


def _is_unit(word: str) -> bool:
    return bool(UNIT_CELL.fullmatch(word.casefold()))


def _is_code(word: str) -> bool:
    digits = word.lstrip("+-")
    return (len(digits) > 1 and digits[0] == "0" and digits.isdigit()) or (
        digits.isdigit() and len(digits) > MOST_DIGITS
    )


def _unique(names: Sequence[str]) -> list[str]:
    found: list[str] = []
    for place, name in enumerate(names):
        base = name or f"column_{place + 1}"
        unique, count = base, 2
        while unique in found:
            unique, count = f"{base}_{count}", count + 1
        found.append(unique)
    return found


def _missing(value: object) -> bool:
    return value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value))
