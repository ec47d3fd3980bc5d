"""Column figures: how values of a column are written, and their count, sum, mean and range over some rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.fields import Field
from core.texts import text
from core.units import NO_BREAK_SPACE, count, figure, percent, unit_said

SLICE = 500  # rows written at a stretch: joining words holds the GIL
FIRST_YEAR = 1000  # a count whose lowest value is this is a year, written without thin spaces
# Units whose quantities add up; temperatures, heights and rates do not.
ADDING_UP = ("m²", "m³", "kW", "kWp", "kWh", "kgce", "tCO2", "kgCO2", "yuan", "kVA", "t")


def number_shown(value: float, known: Field | None) -> str:
    """A number as it stands in a table: years plain, counts whole, shares in per cent, else three figures."""
    if known is None:
        return count(value) if value == round(value) and abs(value) < 1e15 else figure(value)
    if known.type == "count":
        return f"{value:.0f}" if is_year(known) else count(value)
    if is_share(known):
        return percent(value)
    return figure(value)


def is_share(known: Field) -> bool:
    """Whether a field is a share of one."""
    return known.type == "number" and not known.unit and known.low == 0 and known.high == 1


def is_year(known: Field | None) -> bool:
    """Whether a field is a year."""
    return known is not None and known.low is not None and known.low >= FIRST_YEAR


def is_number(values: pd.Series[Any]) -> bool:
    """Whether a column holds numbers."""
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def adds_up(known: Field | None) -> bool:
    """Whether the sum of a column means something; a column we do not know is given the benefit."""
    if known is None:
        return True
    if known.type == "count":
        return not is_year(known)
    quantity, slash, per = known.unit.partition("/")
    return quantity in ADDING_UP and (not slash or per in ("a", "d"))


def figures_said(values: pd.Series[Any], known: Field | None) -> list[str]:
    """Count, sum, mean, lowest and highest of some values in words; of texts how many are different."""
    known_count = int(values.notna().sum())
    parts = [text("{count} values", count=count(known_count))]
    if not is_number(values) or not known_count:
        if known_count > 1:
            parts.append(text("{count} different values", count=count(values.nunique())))
        return parts
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    if adds_up(known):
        parts.append(text("sum {value}", value=_said(float(np.nansum(numbers)), known)))
    if not is_year(known):
        parts.append(text("mean {value}", value=_said(float(np.nanmean(numbers)), known)))
    low, high = float(np.nanmin(numbers)), float(np.nanmax(numbers))
    parts.append(text("lowest {value}", value=_said(low, known)))
    parts.append(text("highest {value}", value=_said(high, known)))
    return parts


def copied(heads: Sequence[str], columns: Sequence[pd.Series[Any]]) -> str:
    """Columns under their heads as text parted by tabs, raw as spreadsheets take it; missing values are empty."""
    lines = ["\t".join(heads)]
    for start in range(0, max((len(column) for column in columns), default=0), SLICE):
        lists = [[_raw(value) for value in column.iloc[start : start + SLICE].tolist()] for column in columns]
        lines.append("\n".join(map("\t".join, zip(*lists, strict=True))))
    return "\n".join(lines)


def _raw(value: Any) -> str:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    return str(value).replace("\t", " ").replace("\n", " ")


def _said(value: float, known: Field | None) -> str:
    """A figure of a column with its unit, as the rows of the column are written."""
    if is_year(known):
        return f"{value:.0f}"
    if known is not None and is_share(known):
        return percent(value)
    unit = unit_said(known.unit) if known is not None else ""
    return f"{figure(value, 4)}{NO_BREAK_SPACE}{unit}" if unit else figure(value, 4)
