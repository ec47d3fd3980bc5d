"""Card results: what potentials found of a row or of a whole city, as rows, figures and charts of a card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from core.fields import fields
from core.texts import language, text
from core.units import MISSING, quantity
from desktop.addresses import Address, Placed, in_city
from potential import Assessment
from potential.registry import potentials
from reports.heat_figures import Figure
from reports.needs import needs
from reports.quantities import is_share, quantities, yearly_title
from reports.wording import joined, reason_said, title_of, value_said

ICONS = {
    "demand": "ph.house",
    "rooftop": "ph.sun",
    "facade": "ph.buildings",
    "ancillary": "ph.car-simple",
    "municipal": "ph.factory",
    "solar_thermal": "ph.thermometer-hot",
    "shallow": "ph.columns",
    "groundwater": "ph.drop",
    "surface_water": "ph.waves",
    "deep": "ph.arrow-line-down",
    "air_source": "ph.wind",
    "waste_heat": "ph.recycle",
    "biomass": "ph.leaf",
}
MOST_OTHERS = 8
ADDED = ("m²", "kWp", "kW", "kWh/a", "kgce/a", "tCO2/a", "yuan")
HIDDEN = ("buildings",)
GAINS = ("kgce/a", "tCO2/a")


@dataclass(frozen=True)
class Result:
    """What one potential gives: grade, amount, and the rest in small print.

    `grade` is empty where it was not assessed, `none` where there is nothing to grade, and None where nothing is judged:
    of a whole city, and of demand. `traced` are its numbers by their titles.
    """

    name: str
    title: str
    grade: str | None
    amount: str
    more: str
    traced: tuple[tuple[str, Address], ...] = ()

    @property
    def icon(self) -> str:
        """The icon of the potential."""
        return ICONS.get(self.name, "ph.lightning")


@dataclass(frozen=True)
class Line:
    """A fact: title and value.

    `origin` says where it comes from, `field` what may be corrected, `address` its trace, `given` what stood there before
    it was corrected.
    """

    title: str
    value: str
    origin: str = ""
    field: str = ""
    address: Address | None = None
    given: str = ""


@dataclass(frozen=True)
class Months:
    """A year in twelve values."""

    title: str
    values: tuple[float, ...]
    unit: str
    addresses: tuple[Address, ...] = ()


@dataclass(frozen=True)
class Found:
    """The section of one potential: its figures, its year, and how many rows have which grade."""

    name: str
    title: str
    lines: tuple[Line, ...] = ()
    months: tuple[Months, ...] = ()
    figures: tuple[Figure, ...] = ()
    grades: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.lines or self.months or self.figures or self.grades)


def result_of(made: Assessment, row: pd.Series[Any], placed: Placed) -> Result:
    """The row of a potential: how much, how well, and why not better; `placed` says where its columns stand."""
    if needed := needs(row.index):
        more = text("; ").join(need.said(row) for need in needed if float(row[need.year.name]) > 0)
        traced = tuple((fields()[one].title, placed(one)) for need in needed for one in need.columns)
        return Result(made.name, title_of(made), None, "" if more else MISSING, more, traced)
    found = quantities(row.index)
    amounts = [*found.capacities[:1], *(item for item in found.others if item.unit == "m²")][:1]
    given = bool(amounts) and float(row[amounts[0].name]) > 0
    energy = [quantity(float(row[item.name]), item.unit) for item in found.energies[:1] if row[item.name] > 0]
    more = joined([*energy, reason_said(row.get("reason"))])
    amount = quantity(float(row[amounts[0].name]), amounts[0].unit) if given else MISSING
    grade = None if not made.graded else str(row["grade"]) or "none" if "grade" in row else "none"
    shown = [*(amounts if given else []), *(item for item in found.energies[:1] if row[item.name] > 0)]
    traced = tuple((item.title, placed(item.name)) for item in shown)
    return Result(made.name, title_of(made), grade, amount, more, traced)


def not_assessed(assessments: Mapping[str, Assessment]) -> list[Result]:
    """Rows of the potentials that were not assessed yet."""
    return [
        Result(potential.name, text(potential.title), "", MISSING, "")
        for potential in potentials()
        if potential.name not in assessments
    ]


_IN_CITY: dict[str, tuple[pd.DataFrame, str, Found]] = {}


def found_in_city(made: Assessment) -> Found:
    """What a potential adds up to in the whole city, and the grades of its parcels.

    The card of the city is written anew after every run, of which only one potential is new: the last is kept for each.
    """
    kept = _IN_CITY.get(made.name)
    if kept is not None and kept[0] is made.parcels and kept[1] == language():
        return kept[2]
    found = _found_in_city(made)
    _IN_CITY[made.name] = (made.parcels, language(), found)
    return found


def _found_in_city(made: Assessment) -> Found:
    totals = pd.Series(dict(made.totals), dtype=float)
    found = quantities(totals.index)
    lines: list[Line] = []
    placed = in_city(made.name)
    for item in (*found.capacities, *found.energies):
        said = quantity(float(totals[item.name]), item.unit)
        lines.append(Line(item.title, said, address=placed(item.name)))
        if item.name in found.spreads:
            lines.append(_spread(found.spreads[item.name], totals, placed))
    needed = {need.year.name for need in needs(totals.index)}
    lines += [
        Line(item.title, value_said(item, float(totals[item.name])), address=placed(item.name))
        for item in found.others
        if item.unit in GAINS or item.name in needed
    ]
    grades = _counted(made.parcels["grade"]) if made.graded else {}
    return Found(made.name, title_of(made), tuple(lines), tuple(_months(made, totals, placed)), grades=grades)


def found_in_row(
    made: Assessment, row: pd.Series[Any], placed: Placed, figures: Sequence[Figure] = ()
) -> Found:
    """What a potential found of one row beyond capacity and energy: spread, areas, yields, losses, gains.

    `figures` are its charts, in place of those of the months; `placed` says where its columns stand.
    """
    found = quantities(row.index)
    lines = [
        _spread(found.spreads[item.name], row, placed)
        for item in found.energies
        if item.name in found.spreads and row[item.name] > 0
    ]
    others = [item for item in found.others if item.name not in HIDDEN and pd.notna(row[item.name])]
    keep = [item for item in others if item.unit in ADDED or is_share(item) or "/" in item.unit]
    if lines or any(float(row[item.name]) > 0 for item in keep if item.unit in ADDED):
        lines += [
            Line(item.title, value_said(item, float(row[item.name])), address=placed(item.name))
            for item in keep[:MOST_OTHERS]
        ]
    months = () if figures else tuple(_months(made, row, placed))
    return Found(made.name, title_of(made), tuple(lines), months, tuple(figures))


def found_in_rows(made: Assessment, rows: pd.DataFrame, placed: Placed) -> Found:
    """The sums of what a potential found of several rows, and their grades; `placed` says where the sums stand."""
    found = quantities(rows.columns)
    added = [
        item
        for item in (*found.capacities, *found.energies, *found.others)
        if item.unit in ADDED and item.name not in HIDDEN
    ]
    sums = rows[
        [item.name for item in added] + [one.name for year in found.months.values() for one in year]
    ].sum(min_count=1)  # what is known of none of them is not nothing
    lines = tuple(
        Line(item.title, value_said(item, float(sums[item.name])), address=placed(item.name))
        for item in added
    )
    grades = _counted(rows["grade"]) if "grade" in rows else {}
    return Found(made.name, title_of(made), lines, tuple(_months(made, sums, placed)), grades=grades)


def _counted(grades: pd.Series[Any]) -> dict[str, int]:
    return {str(grade): int(number) for grade, number in grades.value_counts().items() if grade}


def _spread(ends: tuple[Any, Any], row: pd.Series[Any], placed: Placed) -> Line:
    low, high = (quantity(float(row[end.name]), end.unit) for end in ends)
    return Line(text("P90 – P10"), f"{low} – {high}", address=placed(ends[0].name))


def _months(made: Assessment, row: pd.Series[Any], placed: Placed) -> list[Months]:
    years = quantities(row.index).months
    return [
        Months(
            text("{title} by month", title=title_of(made) if len(years) == 1 else yearly_title(base)),
            tuple(float(row[item.name]) for item in year),
            year[0].unit,
            tuple(placed(item.name) for item in year),
        )
        for base, year in years.items()
        if float(row[[item.name for item in year]].sum()) > 0
    ]
