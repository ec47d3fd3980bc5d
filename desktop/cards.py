"""Cards: everything the window says about a city, a parcel, a building or a selection, in words and figures; no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from core.fields import Field, fields
from core.texts import text
from core.units import MISSING, count, figure, land_area, quantity
from desktop.card_words import built, shown, technology_said, title, words_of
from desktop.map_layers import table_title
from layers.city import City
from potential import Assessment
from potential.registry import potentials
from reports.parcel_facts import buildings_of_parcels, parcel_facts
from reports.quantities import is_share, quantities
from reports.wording import joined, reason_said, title_of, value_said

ICONS = {
    "rooftop": "ph.sun",
    "wall": "ph.sun-horizon",
    "shallow": "ph.columns",
    "groundwater": "ph.drop",
    "surface_water": "ph.waves",
    "deep": "ph.arrow-line-down",
    "air": "ph.wind",
}
# What a planner looks at first in a building, and may correct.
BUILDING_FACTS = ("use", "height_m", "floors_above", "gfa_m2", "year_built", "roof_type")
EDITABLE = ("use", "height_m", "floors_above", "gfa_m2", "year_built", "roof_type")
SOURCES = {"floors_above": "floors_source", "year_built": "year_source", "gfa_m2": "gfa_source"}
ORIGINS = ("given", "derived", "default")
MOST_OTHERS = 8
HIDDEN = ("geometry", "given_id", "buildings")


@dataclass(frozen=True)
class Chip:
    """A word on a coloured ground; `tone` is its colour by name."""

    words: str
    tone: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Result:
    """What one potential gives: grade, amount, and the rest in small print."""

    name: str
    title: str
    grade: str
    amount: str
    more: str

    @property
    def icon(self) -> str:
        """The icon of the potential."""
        return ICONS.get(self.name, "ph.lightning")


@dataclass(frozen=True)
class Line:
    """A fact: title and value; `origin` says where it comes from, `field` what may be corrected."""

    title: str
    value: str
    origin: str = ""
    field: str = ""


@dataclass(frozen=True)
class Months:
    """A year in twelve values."""

    title: str
    values: tuple[float, ...]
    unit: str


@dataclass(frozen=True)
class Card:
    """One card, from its head to its foot."""

    title: str
    name: str = ""
    chips: tuple[Chip, ...] = ()
    line: str = ""
    results: tuple[Result, ...] = ()
    figures: tuple[Line, ...] = ()
    facts: tuple[Line, ...] = ()
    months: tuple[Months, ...] = ()
    grades: Mapping[str, int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def city_card(city: City, assessments: Mapping[str, Assessment]) -> Card:
    """The whole city: what it holds, what its potentials add up to, and what was assumed."""
    buildings, parcels = (len(city.tables.get(name, ())) for name in ("building", "parcel"))
    place = [str(city.facts.get(name) or "") for name in ("province", "climate_city")]
    figures: list[Line] = []
    months: list[Months] = []
    grades: dict[str, int] = {}
    for made in assessments.values():
        totals = pd.Series(dict(made.totals), dtype=float)
        found = quantities(totals.index)
        figures += _figures(found.capacities, found.energies, found.spreads, totals)
        figures += [
            Line(item.title, value_said(item, float(totals[item.name])))
            for item in found.others
            if item.unit in ("kgce/a", "tCO2/a")
        ]
        months += _months(made, totals)
        grades = {str(grade): int(number) for grade, number in made.parcels["grade"].value_counts().items()}
    return Card(
        title=city.name,
        line=joined(
            [
                text("{count} buildings", count=count(buildings)),
                text("{count} parcels", count=count(parcels)),
                *place,
            ]
        ),
        results=tuple(_not_assessed(assessments)),
        figures=tuple(figures),
        months=tuple(months),
        grades=grades,
        remarks=tuple(dict.fromkeys(text(words) for made in assessments.values() for words in made.remarks)),
    )


def parcel_card(
    city: City,
    assessments: Mapping[str, Assessment],
    parcel_id: str,
    decided: Mapping[str, Any],
    *,
    corrected: bool = False,
    stale: bool = False,
) -> Card:
    """A parcel: its land use, and every potential with grade, amount and limiting factor.

    `stale` says that the project's results no longer agree with its data.
    """
    parcel = city.tables["parcel"].loc[parcel_id]
    buildings = buildings_on(city, assessments, parcel_id)
    facts = parcel_facts(city, parcel_id, buildings)
    results, figures, months = [], [], []
    for made in assessments.values():
        if parcel_id not in made.parcels.index:
            continue
        row = row_of(made.parcels, parcel_id)
        results.append(_result(made, row))
        figures += _row_figures(row)
        months += _months(made, row)
    use = facts[0].value if facts else ""
    return Card(
        title=text("Parcel {id}", id=parcel_id),
        name=words_of(parcel, "name"),
        chips=(
            *((Chip(use),) if use else ()),
            *decisions(decided),
            *_staleness(assessments, corrected=corrected, stale=stale),
        ),
        line=_parcel_line(parcel, buildings),
        results=(*results, *_not_assessed(assessments)),
        figures=tuple(figures),
        facts=tuple(Line(fact.label, fact.value, fact.origin) for fact in facts[1:]),
        months=tuple(months),
    )


def building_card(
    city: City,
    assessments: Mapping[str, Assessment],
    building_id: str,
    corrected: Mapping[str, Any],
    *,
    stale: bool = False,
) -> Card:
    """A building: what its roof gives, its safety, and its attributes with where they come from.

    Corrections show at once, also before the data was checked again. `stale` says that the project's
    results no longer agree with its data.
    """
    row = city.tables["building"].loc[building_id].copy()
    for name, value in corrected.items():
        row[name] = value
    chips, results, figures, months = [], [], [], []
    if use := shown(row, "use"):
        chips.append(Chip(use))
    for made in assessments.values():
        details = made.details.get("building")
        if details is None or building_id not in details.index:
            continue
        found = row_of(details, building_id)
        results.append(_result(made, found))
        figures += _row_figures(found)
        months += _months(made, found)
        if isinstance(found.get("safety_state"), str):
            chips.append(_safety(found))
    chips += _staleness(assessments, corrected=bool(corrected), stale=stale)
    return Card(
        title=text("Building {id}", id=building_id),
        name=words_of(row, "name"),
        chips=tuple(chips),
        line=joined(
            [
                shown(row, "floors_above") and text("{count} storeys", count=shown(row, "floors_above")),
                shown(row, "height_m"),
                shown(row, "gfa_m2"),
                built(shown(row, "year_built")),
            ]
        ),
        results=(*results, *_not_assessed(assessments)),
        figures=tuple(figures),
        facts=_building_facts(row, corrected),
        months=tuple(months),
    )


def several_card(city: City, assessments: Mapping[str, Assessment], table: str, ids: Sequence[str]) -> Card:
    """Several rows of a table: how many, and the sums of what can be added up."""
    figures: list[Line] = []
    grades: dict[str, int] = {}
    months: list[Months] = []
    for made in assessments.values():
        frame = made.parcels if table == "parcel" else made.details.get(table)
        if frame is None:
            continue
        rows = frame.loc[frame.index.intersection(list(ids))]
        found = quantities(rows.columns)
        sums = rows[
            [item.name for item in (*found.capacities, *found.energies, *found.others) if item.unit in ADDED]
            + [one.name for year in found.months.values() for one in year]
        ].sum()
        figures += [
            Line(item.title, value_said(item, float(sums[item.name])))
            for item in (*found.capacities, *found.energies, *found.others)
            if item.name in sums
        ]
        months += _months(made, sums)
        grades = {str(grade): int(number) for grade, number in rows["grade"].value_counts().items()}
    return Card(
        title=text("{count} selected", count=count(len(ids))),
        name=table_title(table),
        line=text("Sums of the selection"),
        figures=tuple(figures),
        months=tuple(months),
        grades=grades,
    )


ADDED = ("m²", "kWp", "kW", "kWh/a", "kgce/a", "tCO2/a")


def row_card(city: City, table: str, row_id: str) -> Card:
    """A row of any other table: its attributes."""
    row = city.tables[table].loc[row_id]
    lines = [
        Line(title(str(name)), value)
        for name in row.index
        if name not in HIDDEN and not str(name).endswith("_source") and (value := shown(row, str(name)))
    ]
    return Card(
        title=words_of(row, "name") or f"{table_title(table)} {row_id}",
        name=table_title(table),
        line=row_id,
        facts=tuple(lines),
    )


def buildings_on(city: City, assessments: Mapping[str, Assessment], parcel_id: str) -> pd.DataFrame:
    """Buildings of a parcel."""
    table = city.tables.get("building")
    if table is None:
        return pd.DataFrame()
    owner = buildings_of_parcels(city, assessments)
    return pd.DataFrame(table.loc[table.index.intersection(owner.index[owner == parcel_id])])


def decisions(decided: Mapping[str, Any]) -> tuple[Chip, ...]:
    """What was decided about technologies, as chips."""
    words = {"install": text("to install"), "defer": text("deferred"), "decline": text("declined")}
    tones = {"install": "accent", "defer": "warning", "decline": ""}
    return tuple(
        Chip(f"{technology_said(technology)} {words[decision]}", tones[decision])
        for technology, decision in decided.items()
        if decision in words
    )


def _staleness(assessments: Mapping[str, Assessment], *, corrected: bool, stale: bool) -> list[Chip]:
    """That results are out of date: for corrections of the row itself, or for changes elsewhere."""
    if stale and corrected:
        return [Chip(text("Corrected, not yet computed"), "warning")]
    if stale and assessments:
        return [Chip(text("Results out of date"), "warning")]
    return []


def _result(made: Assessment, row: pd.Series[Any]) -> Result:
    found = quantities(row.index)
    capacity = [quantity(float(row[item.name]), item.unit) for item in found.capacities[:1]]
    energy = [quantity(float(row[item.name]), item.unit) for item in found.energies[:1] if row[item.name] > 0]
    grade = str(row.get("grade", ""))
    given = bool(found.capacities) and float(row[found.capacities[0].name]) > 0
    more = joined([*energy, reason_said(row.get("reason"))])
    return Result(made.name, title_of(made), grade, capacity[0] if capacity and given else MISSING, more)


def _not_assessed(assessments: Mapping[str, Assessment]) -> list[Result]:
    return [
        Result(potential.name, text(potential.title), "", MISSING, "")
        for potential in potentials()
        if potential.name not in assessments
    ]


def _figures(
    capacities: Sequence[Field],
    energies: Sequence[Field],
    spreads: Mapping[str, tuple[Field, Field]],
    row: pd.Series[Any],
) -> list[Line]:
    lines = [
        Line(item.title, quantity(float(row[item.name]), item.unit))
        for item in capacities
        if not item.name.startswith("outside")
    ]
    for item in energies:
        if item.name.startswith("outside"):
            continue
        lines.append(Line(item.title, quantity(float(row[item.name]), item.unit)))
        if item.name in spreads:
            low, high = (quantity(float(row[end.name]), end.unit) for end in spreads[item.name])
            lines.append(Line(text("P90 – P10"), f"{low} – {high}"))
    return lines


def _row_figures(row: pd.Series[Any]) -> list[Line]:
    """Numbers of one row beyond capacity and energy: spread, areas, yields, losses, gains."""
    found = quantities(row.index)
    lines = []
    for item in found.energies:
        if item.name in found.spreads and row[item.name] > 0:
            low, high = (quantity(float(row[end.name]), end.unit) for end in found.spreads[item.name])
            lines.append(Line(text("P90 – P10"), f"{low} – {high}"))
    others = [item for item in found.others if item.name not in HIDDEN and pd.notna(row[item.name])]
    keep = [item for item in others if item.unit in ADDED or is_share(item) or "/" in item.unit]
    return lines + [Line(item.title, value_said(item, float(row[item.name]))) for item in keep[:MOST_OTHERS]]


def _months(made: Assessment, row: pd.Series[Any]) -> list[Months]:
    years = quantities(row.index).months.values()
    return [
        Months(
            text("{title} by month", title=title_of(made)),
            tuple(float(row[item.name]) for item in year),
            year[0].unit,
        )
        for year in years
        if float(row[[item.name for item in year]].sum()) > 0
    ]


def _safety(row: pd.Series[Any]) -> Chip:
    state = str(row["safety_state"])
    words = {
        "passed": text("Structural check passed"),
        "to_check": text("Structural check open"),
        "excluded": text("Excluded for safety"),
    }
    tones = {"passed": "suitable", "to_check": "warning", "excluded": "bad"}
    return Chip(words.get(state, state), tones.get(state, ""), reason_said(row.get("safety_reason")))


def _building_facts(row: pd.Series[Any], corrected: Mapping[str, Any]) -> tuple[Line, ...]:
    lines = []
    for name in BUILDING_FACTS:
        source = row.get(SOURCES.get(name, name.removesuffix("_m") + "_source"))
        origin = source if source in ORIGINS else ""
        lines.append(
            Line(
                title(name),
                shown(row, name) or MISSING,
                "corrected" if name in corrected else origin,
                name if name in EDITABLE else "",
            )
        )
    rest = [
        Line(title(str(name)), value, "corrected" if name in corrected else "")
        for name in row.index
        if name not in (*BUILDING_FACTS, *HIDDEN, "name", "parcel_id")
        and str(name) in fields()
        and not str(name).endswith("_source")
        and row.get(name) is not False
        and (value := shown(row, str(name))) not in ("", "0")
    ]
    return (*lines, *rest)


def _parcel_line(parcel: pd.Series[Any], buildings: pd.DataFrame) -> str:
    plot = parcel.get("plot_area_m2")
    plot_m2 = float(parcel.geometry.area) if plot is None or pd.isna(plot) else float(plot)
    gfa = pd.to_numeric(buildings.get("gfa_m2", pd.Series(dtype=float)), errors="coerce").sum()
    years = pd.to_numeric(buildings.get("year_built", pd.Series(dtype=float)), errors="coerce").dropna()
    far = parcel.get("far")
    ratio = float(far) if far is not None and pd.notna(far) else gfa / plot_m2 if plot_m2 else None
    first, last = (int(years.min()), int(years.max())) if len(years) else (0, 0)
    age = "" if not first else built(str(first) if first == last else f"{first}–{last}")
    parts = [land_area(plot_m2), text("{count} buildings", count=count(len(buildings)))]
    if gfa:
        parts += [quantity(float(gfa), "m²"), text("FAR {ratio}", ratio=figure(ratio))]
    return joined([*parts, age])


def row_of(frame: pd.DataFrame, row_id: str) -> pd.Series[Any]:
    """One row by its id."""
    return frame.iloc[int(frame.index.get_indexer(pd.Index([row_id]))[0])]
