"""Needs: what buildings need of heating, cooling, hot water and power, each by its name, everywhere the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from core.fields import Field, fields
from core.texts import text
from core.units import quantity

TITLES = {
    "heat": "Heating",
    "cold": "Cooling",
    "hot_water": "Hot water",
    "electricity": "Light and equipment",  # what heats and cools is not in it
}


@dataclass(frozen=True)
class Need:
    """What is needed of one carrier: its name, the column of its peak [kW], if there is one, and of its year [kWh/a]."""

    title: str
    peak: Field | None
    year: Field

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is read from."""
        return tuple(item.name for item in (self.peak, self.year) if item is not None)

    def peak_said(self, row: Mapping[str, Any] | pd.Series[Any]) -> str:
        """The peak with its unit; empty where no peak is known."""
        return "" if self.peak is None else quantity(float(row[self.peak.name]), self.peak.unit)

    def year_said(self, row: Mapping[str, Any] | pd.Series[Any]) -> str:
        """The energy of a year with its unit."""
        return quantity(float(row[self.year.name]), self.year.unit)

    def said(self, row: Mapping[str, Any] | pd.Series[Any], *, a_year: bool = True) -> str:
        """Name, peak and energy; without `/a` where the sentence says "a year"."""
        unit = self.year.unit if a_year else self.year.unit.removesuffix("/a")
        parts = (self.peak_said(row), quantity(float(row[self.year.name]), unit))
        return f"{self.title} {text(', ').join(part for part in parts if part)}"


def needs(columns: Iterable[str]) -> tuple[Need, ...]:
    """The needs among the columns of demand, carrier by carrier; none where the columns are those of a source.

    A source knows the hot water it serves, but only demand knows what is needed of heat, cold and power together.
    """
    known = set(columns)
    if not {f"{carrier}_kwh_per_year" for carrier in TITLES} <= known:
        return ()
    found = []
    for carrier, title in TITLES.items():
        peaks = [name for name in (f"{carrier}_peak_kw", f"{carrier}_city_peak_kw") if name in known]
        peak = fields()[peaks[0]] if peaks else None
        found.append(Need(text(title), peak, fields()[f"{carrier}_kwh_per_year"]))
    return tuple(found)
