"""Columns as other programs read them: plain values, headings with units, names that fit the format."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from enum import Enum
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from core.fields import fields
from core.problems import Problem, Severity
from core.texts import text
from core.units import unit_said

SHORT_NAME_BYTES = 10
EXACT_IN_A_DOUBLE = 2**53  # whole numbers beyond lose digits in JavaScript and dBASE
EXCEL_DIGITS = 15  # Excel keeps so many digits of a number
CHUNK_ROWS = 20_000
GIVEN = "_given"  # behind the name of a given column whose name is now that of a result


def heading(name: str) -> str:
    """What stands over a column: its title with the unit, or its name when the dictionary has none."""
    known = fields().get(name)
    if known is None:
        return name
    return f"{known.title} ({unit_said(known.unit)})" if known.unit else known.title


def headings(names: Iterable[str]) -> list[str]:
    """What stands over the columns, none like another; given columns give way to those of the dictionary."""
    wanted = [str(name) for name in names]
    titles = {fields()[name].title for name in wanted if name in fields()}
    said = []
    for name in wanted:
        ours = fields().get(name.removesuffix(GIVEN)) if name.endswith(GIVEN) else None
        given = ours.title if ours is not None else name
        clashes = name not in fields() and (ours is not None or name in titles)
        said.append(text("{column} (as given)", column=given) if clashes else heading(name))
    used: set[str] = set()
    for place in sorted(range(len(said)), key=lambda place: wanted[place] not in fields()):
        chosen, number = said[place], 1
        while chosen in used:
            chosen, number = f"{said[place]} {number + 1}", number + 1
        used.add(chosen)
        said[place] = chosen
    return said


def with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with its index as a column, unless that is a mere row number or a column already."""
    if frame.index.names == [None] and isinstance(frame.index, pd.RangeIndex):
        return frame
    names = ["id" if name is None else str(name) for name in frame.index.names]
    kept = [name for name in names if name not in frame.columns]
    dropped = [name for name in names if name in frame.columns]
    flat = frame.rename_axis(index=names)
    if dropped:
        flat = flat.reset_index(level=dropped, drop=True)
    return flat.reset_index() if kept else flat


def without_geometry(frame: pd.DataFrame) -> pd.DataFrame:
    """The table without its geometry."""
    shapes = [name for name, kind in frame.dtypes.items() if str(kind) == "geometry"]
    return pd.DataFrame(frame.drop(columns=shapes))


def plain(frame: pd.DataFrame, *, whole_numbers_up_to: int | None = None) -> pd.DataFrame:
    """The table with values every format can hold: text, numbers, flags and times.

    Parameters
    ----------
    frame : DataFrame
        May hold geometry, categories, enumerations, lists and mappings.
    whole_numbers_up_to : int, optional
        Columns with whole numbers beyond become text, digit by digit.
    """
    flat = frame.copy(deep=False)
    flat.columns = [str(name) for name in frame.columns]
    for name, values in flat.items():
        kind = str(values.dtype)
        if kind == "geometry":
            continue
        if kind == "category":
            flat[name] = values.astype(values.cat.categories.dtype)
        elif pd.api.types.is_object_dtype(values.dtype):
            flat[name] = _plain_objects(values)
        elif kind.startswith("period"):
            flat[name] = values.astype(str)
        if whole_numbers_up_to is not None and _beyond(flat[name], whole_numbers_up_to):
            whole = flat[name]
            flat[name] = whole.astype("Int64").astype(str).where(whole.notna(), None)
    return flat


def spoken(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with words, phrases and flags of the dictionary in the language of the moment."""
    said = frame.copy(deep=False)
    for name in frame.columns:
        known = fields().get(str(name))
        if known is not None and (known.choices or known.type in ("phrase", "flag")):
            values = frame[name].astype(object)
            words = {value: known.shown(value) for value in values.dropna().unique()}
            said[name] = values.map(words).where(values.notna(), None)
    return said


def unique_names(names: Iterable[str], taken: Collection[str] = ()) -> dict[str, str]:
    """Names that differ even where capitals count for nothing, by the names they stand for."""
    used = {name.lower() for name in taken}
    given: dict[str, str] = {}
    for name in names:
        chosen, number = name, 1
        while chosen.lower() in used:
            chosen, number = f"{name}_{number}", number + 1
        used.add(chosen.lower())
        given[name] = chosen
    return given


def short_names(names: Iterable[str], encoding: str = "UTF-8") -> dict[str, str]:
    """Names of at most 10 bytes for a Shapefile, by the names they stand for.

    The dictionary's short names come first; others are cut, never inside a character, and numbered where two
    would be alike.
    """
    wanted = list(names)
    known = {name: fields()[name].short_name for name in wanted if name in fields()}
    short: dict[str, str] = {}
    used: set[str] = set()
    for name in sorted(wanted, key=lambda name: name not in known):
        chosen, number = _cut(known.get(name, name), SHORT_NAME_BYTES, encoding), 1
        while chosen.upper() in used or not chosen:
            tail = f"_{number}"
            chosen = _cut(known.get(name, name), SHORT_NAME_BYTES - len(tail), encoding) + tail
            number += 1
        used.add(chosen.upper())
        short[name] = chosen
    return {name: short[name] for name in wanted}


def codes_excel_spoils(frame: pd.DataFrame) -> list[str]:
    """Columns with codes that Excel takes for numbers: longer than it keeps, or with leading zeros."""
    code = rf"0\d+|\d{{{EXCEL_DIGITS + 1},}}"
    found = []
    for name, values in frame.items():
        if pd.api.types.is_integer_dtype(values.dtype):
            spoiled = _beyond(values, 10**EXCEL_DIGITS - 1)
        elif pd.api.types.is_string_dtype(values.dtype) or pd.api.types.is_object_dtype(values.dtype):
            spoiled = bool(values.dropna().astype(str).str.fullmatch(code).any())
        else:
            spoiled = False
        if spoiled:
            found.append(str(name))
    return found


def renamed(frame: pd.DataFrame, names: Mapping[str, str], table: str) -> tuple[pd.DataFrame, list[Problem]]:
    """The table under other names, with a note of those that had to change."""
    changed = {name: new for name, new in names.items() if name != new}
    if not changed:
        return frame, []
    note = Problem(
        "The columns {columns} had to be renamed, because the format does not allow two such names.",
        "Look for them as {names}.",
        severity=Severity.NOTE,
        table=table,
        columns=", ".join(changed),
        names=", ".join(changed.values()),
    )
    return frame.rename(columns=changed), [note]


def in_chunks(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """The table in pieces small enough to stop between; at least one, which holds the columns."""
    return [frame.iloc[first : first + CHUNK_ROWS] for first in range(0, max(len(frame), 1), CHUNK_ROWS)]


def is_spatial(frame: pd.DataFrame) -> bool:
    """Whether a table has a geometry that can be drawn."""
    return isinstance(frame, gpd.GeoDataFrame) and frame.active_geometry_name is not None


def _plain_objects(values: pd.Series[Any]) -> pd.Series[Any]:
    """Objects as text, except columns that hold nothing but flags or numbers."""
    present = values.dropna()
    kinds = {type(value) for value in present}
    if kinds <= {bool, np.bool_} and kinds:
        return values.astype("boolean") if len(present) < len(values) else values.astype(bool)
    if all(issubclass(kind, (int, float, np.number)) and kind is not bool for kind in kinds) and kinds:
        return pd.to_numeric(values)
    return values.map(_as_text, na_action="ignore").astype(object).where(values.notna(), None)


def _as_text(value: Any) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, (list, tuple, dict, set, frozenset, np.ndarray)):
        listed = sorted(value) if isinstance(value, (set, frozenset)) else value
        return json.dumps(listed, ensure_ascii=False, default=_number_or_text)
    return str(value)


def _number_or_text(value: Any) -> Any:
    return value.tolist() if isinstance(value, (np.generic, np.ndarray)) else str(value)


def _beyond(values: pd.Series[Any], limit: int) -> bool:
    return bool(pd.api.types.is_integer_dtype(values.dtype) and (values.abs() > limit).any())


def _cut(name: str, most_bytes: int, encoding: str) -> str:
    while len(name.encode(encoding, "replace")) > most_bytes:
        name = name[:-1]
    return name
