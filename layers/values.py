"""Values: the words, numbers and units in the cells of planning data, as our fields hold them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype

import standards
from core.fields import Field, fields
from layers import cells
from layers.aliases import unit_named, units

YEAR = re.compile(r"(1[0-9]{3}|20[0-9]{2})(?:\D.*)?")
CODE = re.compile(r"[A-Za-z]{0,2}\d{0,6}[A-Za-z]?\d{0,2}([/+|,、][A-Za-z]{0,2}\d{0,6})*")
HAN = re.compile(r"[\u4e00-\u9fff]")
NOT = "非不未无"
SHORTEST_INSIDE = 2  # letters of a word that is looked for inside a longer one
SEEN = 2_000
FLAG = "flag"


@cache
def words(field: str) -> Mapping[str, str]:
    """The values of a field by the words met for them; of flags `yes` and `no`."""
    known = fields().get(field)
    kind = FLAG if known is not None and known.type == FLAG else field
    found = {plain(choice): choice for choice in known.choices} if known else {}
    table = standards.table("value_words")
    mine = table[table["field"] == kind]
    found |= {plain(str(word)): str(value) for word, value in zip(mine["word"], mine["value"], strict=True)}
    return found


def plain(value: object) -> str:
    """A word in half-width small letters without spaces, a whole number without its decimals."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "".join(unicodedata.normalize("NFKC", str(value)).casefold().split())


def meaning(value: object, field: str) -> tuple[str | None, bool]:
    """What a word means for a field, and whether that is certain; None if it says nothing known.

    A longer word is taken by the longest known one inside it, unless a "not" stands before that.
    """
    known = words(field)
    word = plain(value)
    if word in known:
        return known[word], True
    inside = [
        part
        for part in known
        if len(part) >= SHORTEST_INSIDE and HAN.search(part) and part in word and not _denied(word, part)
    ]
    return (known[max(inside, key=len)], False) if inside else (None, False)


def share_known(column: pd.Series[Any], field: str) -> float:
    """The share of a column's different words that mean something for a field; 1 for an empty column."""
    seen = {value for value in column.head(SEEN) if not _empty(value)}
    return sum(meaning(value, field)[0] is not None for value in seen) / len(seen) if seen else 1.0


def fits(column: pd.Series[Any], field: Field) -> bool:
    """Whether the values of a column can be those of a field at all."""
    seen = [value for value in column.head(SEEN) if not _empty(value)]
    if not seen:
        return True
    if field.type in ("number", "count"):
        read = [to_number(value, field)[0] for value in seen]
        return bool(np.isfinite(read).mean() >= 0.5)
    if field.type == FLAG or field.choices:
        return share_known(column, field.name) >= 0.5
    if field.name == "land_use_code":
        return bool(np.mean([bool(CODE.fullmatch(cells.plain(value))) for value in seen]) >= 0.5)
    if field.name == "land_use_name":
        return bool(np.mean([bool(HAN.search(str(value))) for value in seen]) >= 0.5)
    return True


def to_number(value: object, field: Field) -> tuple[float, str]:
    """The number in a cell and the unit written behind it; NaN if there is none."""
    named_for_year = field.name.endswith("year") and not field.name.endswith("_per_year")
    if named_for_year or field.name.startswith("year_"):
        found = YEAR.fullmatch(cells.plain(value).removesuffix(".0"))
        return (float(found[1]) if found else float("nan")), ""
    number, unit = cells.measure(value)
    if not unit:
        return number, ""
    if field.type == "count":
        return (number, "") if unit.casefold() in ("层", "f", "户", "床", "人", "个", "栋") else (np.nan, "")
    named = unit_named(unit)
    return (number, named) if named else (float("nan"), "")


def numbers(column: pd.Series[Any], field: Field, factor: float) -> tuple[pd.Series[Any], pd.Series[bool]]:
    """A column in our field's unit, and which cells could not be read.

    Parameters
    ----------
    column : Series
        The values as given.
    field : Field
        The field they become.
    factor : float
        From the unit of the column to ours; a unit written in a cell comes before it.
    """
    if is_datetime64_any_dtype(column):
        return column.dt.year.astype("float64"), pd.Series(False, index=column.index)
    if is_numeric_dtype(column):
        values = column.astype("float64") * factor
        wrong = pd.Series(False, index=column.index)
    else:
        pairs = [(np.nan, "") if _empty(value) else to_number(value, field) for value in column]
        factors = [units()[unit].factor if unit else factor for _, unit in pairs]
        raw = np.array([number for number, _ in pairs], dtype=float) * np.array(factors, dtype=float)
        values = pd.Series(raw, index=column.index)
        wrong = values.isna() & ~pd.Series(
            [_empty(value) for value in column], index=column.index, dtype=bool
        )
    if field.type == "count":
        broken = values.notna() & (values % 1 != 0)
        wrong |= broken
        values = values.mask(broken)
        if values.notna().all():
            return values.astype("int64"), wrong
    return values, wrong


def meanings(column: pd.Series[Any], field: Field) -> tuple[pd.Series[Any], dict[str, str], pd.Series[bool]]:
    """A column of words as the choices of a field (or as flags).

    Returns
    -------
    Series
        The choices; missing where the word is unknown.
    dict
        Words that were read by a part of them, with the choice taken.
    Series of bool
        Which rows hold a word that is not known.
    """
    found = {value: meaning(value, field.name) for value in column.unique() if not _empty(value)}
    values = column.map(lambda value: None if _empty(value) else found[value][0])
    wrong = values.isna() & ~pd.Series([_empty(value) for value in column], index=column.index, dtype=bool)
    guessed = {str(word): choice for word, (choice, sure) in found.items() if choice is not None and not sure}
    if field.type == FLAG:
        flags = values.map({"yes": True, "no": False})
        return (flags.astype(bool) if flags.notna().all() else flags.astype("boolean")), guessed, wrong
    return values.astype("str"), guessed, wrong


def _denied(word: str, part: str) -> bool:
    place = word.find(part)
    return place > 0 and word[place - 1] in NOT


def _empty(value: object) -> bool:
    """Whether a cell is missing; words such as 无 are values here."""
    return cells.plain(value).casefold() in cells.EMPTY_WORDS - {"无"}
