"""Card words: values of rows as people read them on cards."""

from __future__ import annotations

from typing import Any

import pandas as pd

from core.fields import field as field_named
from core.fields import fields
from core.texts import text, word
from core.units import count
from reports.wording import value_said

LIMITS = {"grid": "Grid capacity", "budget": "Budget"}


def technology_said(name: str) -> str:
    """What a technology is called."""
    return word(name)


def account_said(name: str, indicator: object, districts: pd.DataFrame | None = None) -> str:
    """A target of the programme by its indicator, a limit by its kind and the district it is of (`grid/610102`)."""
    if indicator and isinstance(indicator, str):
        return word(indicator)
    kind, _, place = name.partition("/")
    said = text(LIMITS[kind]) if kind in LIMITS else word(kind)
    return f"{said} {named_district(place, districts)}".strip()


def named_district(place: str, districts: pd.DataFrame | None) -> str:
    """The name of a district by its id; the id where it has none."""
    column = (
        next((one for one in ("name", "district_name") if one in districts), "")
        if districts is not None
        else ""
    )
    if districts is None or not column:
        return place
    names = districts[column].set_axis(districts.index.astype(str))
    name = names.get(place)
    return name if isinstance(name, str) and name else place


def shown(row: pd.Series[Any], name: str) -> str:
    """A value of a row as people read it; empty where it is missing."""
    value = row.get(name)
    if value is None or (not isinstance(value, str) and pd.isna(value)) or value == "":
        return ""
    known = fields().get(name)
    if known is None or known.type in ("text", "phrase", "flag"):
        return known.shown(value) if known else str(value)
    number = float(value)
    if known.type == "count":
        return str(int(number)) if name.startswith("year") or name.endswith("year") else count(number)
    return value_said(known, number)


def title(name: str) -> str:
    """What the dictionary calls a column, else its name."""
    return field_named(name).title if name in fields() else name


def words_of(row: pd.Series[Any], name: str) -> str:
    """A text of a row; empty where it is missing."""
    value = row.get(name)
    return str(value) if isinstance(value, str) else ""


def built(years: str) -> str:
    """When something was built; empty where that is not known."""
    return text("built {year}", year=years) if years else ""
