"""Content of a parcel report: everything that is printed, in words and figures, ready for the template."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from core import look
from core.fields import Field
from core.fields import field as field_named
from core.texts import text
from core.units import count, figure, percent, quantity, scale, unit_said
from layers.city import City
from plans import Part
from potential import Assessment
from reports.charts import SERIES, monthly_bars
from reports.conclusion import Finding, RoofStates, sentences
from reports.heat_figures import Figure, heat_figures
from reports.needs import needs
from reports.parcel_facts import buildings_of_parcels, parcel_facts
from reports.parcel_map import Painter, Roofs, round_classes, system_said
from reports.planned import nothing_planned, planned_on
from reports.provenance import giving, numbers_behind, provenance
from reports.quantities import Quantities, is_share, of_a_building, quantities, yearly_title
from reports.wording import (
    grade_said,
    joined,
    listed,
    nothing_said,
    reason_said,
    safety_said,
    title_of,
    value_said,
)

MOST_INDICATORS = 8
NOT_ASSESSED = (look.LIGHT["muted"], look.LIGHT["ground"])  # ink and ground of the chip
GAIN_UNITS = ("kgce/a", "tCO2/a")
RASTER_UNIT = "kWh/m²"


@dataclass(frozen=True)
class Composer:
    """Writes the content of the reports of one city; what all of them share is found once."""

    city: City
    assessments: Mapping[str, Assessment]
    author: str
    date: datetime.date
    plan: Part | None = None
    _painter: Painter = field(init=False, repr=False)
    _members: dict[Any, list[Any]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        owner = buildings_of_parcels(self.city, self.assessments)
        members = {parcel: list(rows) for parcel, rows in owner.groupby(owner, sort=False).groups.items()}
        object.__setattr__(self, "_members", members)
        object.__setattr__(self, "_painter", self._painter_of_roofs())

    def content(self, parcel_id: Any) -> dict[str, Any]:
        """The content of one report."""
        parcel = self.city.tables["parcel"].loc[parcel_id]
        buildings = self._buildings(parcel_id)
        rows = {name: self._row(item, parcel_id) for name, item in self.assessments.items()}
        roofs = self._roofs(buildings)
        drawn = self._painter.draw(parcel_id, roofs)
        name = parcel.get("name")
        return {
            "id": str(parcel_id),
            "subtitle": joined([text("Parcel {id}", id=parcel_id), name if isinstance(name, str) else ""]),
            "author": text("Prepared by: {author}", author=self.author) if self.author else "",
            "imprint": joined([self.city.name, _date_said(self.date)]),
            "map": drawn.picture,
            "map_height": self._painter.height_mm,
            "map_note": text(
                "1:{scale}, {system}, grid north; convergence {angle}",
                scale=count(drawn.scale),
                system=system_said(self.city.crs),
                angle=_angle_said(drawn.convergence_deg),
            ),
            "facts": [fact.as_data() for fact in parcel_facts(self.city, parcel_id, buildings)],
            "planned": self._planned(parcel),
            "conclusion": sentences(
                [_finding(item, rows[name]) for name, item in self.assessments.items() if item.graded],
                self._states(buildings),
                len(buildings),
                sum(
                    number.assumption for number in numbers_behind(giving(self.assessments, rows), buildings)
                ),
            ),
            "potentials": [_potential(item, rows[name]) for name, item in self.assessments.items()],
            "figures": [
                part
                for name, item in self.assessments.items()
                for part in _figures(item, rows[name], heat_figures(item, parcel_id, self.assessments))
            ],
            "tables": [
                table
                for item in self.assessments.values()
                if (table := _of_buildings(item, buildings, roofs.numbers))
            ],
            "provenance": provenance(self.city, self.assessments, rows, buildings),
        }

    def _planned(self, parcel: pd.Series[Any]) -> dict[str, Any]:
        """What the plan puts on the parcel; no rows, and a sentence, where it puts nothing there."""
        works = planned_on(self.plan, parcel.name)
        return {
            "rows": [
                {
                    "technology": work.technology,
                    "size": work.size,
                    "energy": work.energy,
                    "year": work.year,
                    "project": joined([work.project, work.reason]),
                }
                for work in works
            ],
            "said": "" if works else nothing_planned(self.plan, parcel),
        }

    def _painter_of_roofs(self) -> Painter:
        """Roofs are coloured by the first yearly irradiation that an assessment mapped."""
        for item in self.assessments.values():
            for name, raster in item.rasters.items():
                try:
                    known = field_named(name)
                except KeyError:
                    continue
                if known.unit == RASTER_UNIT and np.isfinite(raster.values).any():
                    title = f"{known.title} ({unit_said(known.unit)})"
                    return Painter(self.city, raster, round_classes(raster, known.unit), title)
        return Painter(self.city)

    def _buildings(self, parcel_id: Any) -> pd.DataFrame:
        table = self.city.tables.get("building")
        if table is None:
            return pd.DataFrame()
        return pd.DataFrame(
            table.loc[[row for row in self._members.get(parcel_id, []) if row in table.index]]
        )

    def _roofs(self, buildings: pd.DataFrame) -> Roofs:
        numbers = pd.Series(range(1, len(buildings) + 1), index=buildings.index, dtype="int64")
        excluded: set[Any] = set()
        for state in self._safety(buildings):
            excluded |= set(state.index[state == "excluded"])
        return Roofs(numbers, excluded)

    def _states(self, buildings: pd.DataFrame) -> RoofStates | None:
        for state in self._safety(buildings):
            passed, excluded = int((state == "passed").sum()), int((state == "excluded").sum())
            why = self._safety(buildings, "safety_reason")[0] if excluded else state.iloc[:0]
            reasons = why[state == "excluded"].dropna().map(reason_said).value_counts()
            return RoofStates(
                passed,
                len(state) - passed - excluded,
                excluded,
                tuple(str(one) for one in reasons.index if one),
            )
        return None

    def _safety(self, buildings: pd.DataFrame, column: str = "safety_state") -> list[pd.Series[Any]]:
        """The safety state of the buildings, or its reason, from every assessment that gives one."""
        details = [item.details.get("building") for item in self.assessments.values()]
        return [
            frame[column].reindex(buildings.index)
            for frame in details
            if frame is not None and column in frame
        ]

    @staticmethod
    def _row(assessment: Assessment, parcel_id: Any) -> pd.Series[Any] | None:
        """What an assessment says of the parcel; None where it says nothing."""
        if parcel_id not in assessment.parcels.index:
            return None
        row: pd.Series[Any] = assessment.parcels.loc[parcel_id]
        return row


def _finding(assessment: Assessment, row: pd.Series[Any] | None) -> Finding:
    title = title_of(assessment)
    if row is None:
        return Finding(title, "", "", "", "")
    found = quantities(assessment.parcels.columns)
    amounts = [quantity(row[item.name], item.unit) for item in _first(found.capacities, row)]
    for item in _first(found.energies, row):
        if row[item.name] > 0:
            energy = text("{energy} a year", energy=_yearly(row[item.name], item.unit))
            if item.name in found.spreads:
                p90 = _yearly(row[found.spreads[item.name][0].name], item.unit)
                energy = text("{energy} (P90 {p90})", energy=energy, p90=p90)
            amounts.append(energy)
    gains = [
        _gain(item, row[item.name])
        for item in sorted(found.others, key=_coal_first)
        if item.unit in GAIN_UNITS and pd.notna(row[item.name]) and row[item.name] != 0
    ]
    if not str(row["grade"]):
        return Finding(title, "none", "", "", reason_said(row.get("reason")))
    return Finding(title, str(row["grade"]), listed(amounts), listed(gains), reason_said(row.get("reason")))


def _coal_first(item: Field) -> int:
    """Gains are said in the order of the sentence: coal, then carbon."""
    return GAIN_UNITS.index(item.unit) if item.unit in GAIN_UNITS else len(GAIN_UNITS)


def _first(fields: Sequence[Field], row: pd.Series[Any]) -> Sequence[Field]:
    """The first of several quantities, if it is not nothing: what a potential is known by; the rest stands below."""
    return [item for item in fields[:1] if row[item.name] > 0]


def _rest(fields: Sequence[Field], row: pd.Series[Any]) -> Sequence[Field]:
    """Those of several quantities that are not nothing, but for the first."""
    return [item for item in fields[1:] if row[item.name] > 0]


def _gain(item: Field, value: float) -> str:
    """Coal or carbon that is saved in a year; what is given off more is said as that."""
    if value < 0:
        return text("{amount} more given off", amount=_yearly(-value, item.unit))
    return _yearly(value, item.unit)


def _yearly(value: float, unit: str) -> str:
    """A yearly quantity without its `/a`, for sentences that say "a year"."""
    return quantity(value, unit.removesuffix("/a"))


def _potential(assessment: Assessment, row: pd.Series[Any] | None) -> dict[str, Any]:
    """A row of the table of potentials."""
    grade = "" if row is None else str(row["grade"])
    found = quantities(assessment.parcels.columns)
    ink, ground = look.GRADES.get(grade, NOT_ASSESSED)
    capacities, energies = [], []
    if row is not None and (needed := needs(row.index)):
        capacities = [{"label": "", "value": need.peak_said(row)} for need in needed]
        energies = [{"label": need.title, "value": need.year_said(row), "spread": ""} for need in needed]
    elif row is not None:
        capacities = [
            {
                "label": "" if assessment.graded else item.title,
                "value": quantity(row[item.name], item.unit),
            }
            for item in (_first(found.capacities, row) if assessment.graded else found.capacities)
        ]
        shown = _first(found.energies, row) if assessment.graded else found.energies
        energies = [_energy(item, row, found, named=not assessment.graded) for item in shown]
    return {
        "title": title_of(assessment),
        "grade": _chip(assessment, grade, row is not None),
        "ink": ink,
        "ground": ground,
        "capacities": capacities,
        "energies": energies,
        "reason": "" if row is None else reason_said(row.get("reason")),
        "note": text("Potential, not approved") if _is_open(row) else "",
    }


def _chip(assessment: Assessment, grade: str, found: bool) -> str:
    """The word on the chip of a potential."""
    if not assessment.graded:
        return text("Not graded")
    return nothing_said() if found and not grade else grade_said(grade)


def _is_open(row: pd.Series[Any] | None) -> bool:
    """Whether something is possible on the parcel of which not every check has been passed."""
    if row is None or str(row["grade"]) in ("", "unsuitable", "forbidden", "needs_survey"):
        return False
    return "safety_state" in row and row["safety_state"] != "passed"


def _energy(item: Field, row: pd.Series[Any], found: Quantities, *, named: bool) -> dict[str, str]:
    factor, _ = scale(abs(row[item.name]) if pd.notna(row[item.name]) else 0.0, item.unit)
    spread = ""
    if item.name in found.spreads and row[item.name] > 0:
        p90, p10 = (row[level.name] * factor for level in found.spreads[item.name])
        spread = f"{figure(p90)}–{figure(p10)}"
    return {
        "label": item.title if named else "",
        "value": quantity(row[item.name], item.unit),
        "spread": spread,
    }


def _figures(
    assessment: Assessment, row: pd.Series[Any] | None, heat: Sequence[Figure]
) -> list[dict[str, Any]]:
    """The charts of a source of heat, else those of the months, with the other numbers of the potential beside them."""
    if row is None:
        return []
    found = quantities(assessment.parcels.columns)
    indicators = [
        {"label": item.title, "value": value_said(item, row[item.name])}
        for item in (*_rest(found.capacities, row), *_rest(found.energies, row), *found.others)
        if item.name != "buildings" and pd.notna(row[item.name])
    ][:MOST_INDICATORS]
    charts = [{"title": f"{title_of(assessment)} · {one.title}", "picture": one.picture} for one in heat]
    for number, (base, months) in enumerate(() if heat else found.months.items()):
        name = title_of(assessment) if len(found.months) == 1 else yearly_title(base)
        values = [float(row[item.name]) for item in months]
        largest = max((value for value in values if not math.isnan(value)), default=0.0)
        if largest > 0:
            factor, unit = scale(largest, months[0].unit)
            charts.append(
                {
                    "title": text("{title}: month by month ({unit})", title=name, unit=unit),
                    "picture": monthly_bars(
                        [value * factor for value in values], colour=SERIES[number % len(SERIES)]
                    ),
                }
            )
    if not charts:
        return []
    title = text("{title}: indicators", title=title_of(assessment))
    return [{"title": title, "charts": charts, "indicators": indicators}]


def _of_buildings(
    assessment: Assessment, buildings: pd.DataFrame, numbers: pd.Series[int]
) -> dict[str, Any] | None:
    """The table of the buildings of the parcel, in the order of their numbers on the map."""
    frame = assessment.details.get("building")
    if frame is None or buildings.empty:
        return None
    frame = frame.loc[[one for one in buildings.index if one in frame.index]]
    if frame.empty:
        return None
    buildings, numbers = buildings.loc[frame.index], numbers.loc[frame.index]
    columns = of_a_building(str(name) for name in frame.columns)
    scales = {item.name: scale(float(frame[item.name].abs().max() or 0), item.unit) for item in columns}
    names = buildings["name"] if "name" in buildings else pd.Series("", index=buildings.index)
    found = quantities(frame.columns)
    amounts = frame[[item.name for item in (*found.capacities, *found.energies)]]
    nothing = ~(amounts > 0).any(axis=1) & bool(amounts.shape[1])
    rows = []
    for place, (building_id, name) in enumerate(zip(frame.index, names, strict=True)):
        row = frame.iloc[place]
        if nothing.iloc[place]:
            continue
        rows.append(
            {
                "number": str(numbers.iloc[place]),
                "id": str(building_id),
                "name": name if isinstance(name, str) else "",
                "values": [
                    percent(row[item.name])
                    if is_share(item)
                    else figure(row[item.name] * scales[item.name][0])
                    for item in columns
                ],
                "state": safety_said(str(row.get("safety_state"))) if "safety_state" in frame else "",
                "reason": reason_said(row.get("safety_reason")),
            }
        )
    return {
        "title": text("{title}: building by building", title=title_of(assessment)),
        "heads": [
            {"title": item.title, "unit": "%" if is_share(item) else scales[item.name][1]} for item in columns
        ],
        "with_state": "safety_state" in frame,
        "rows": rows,
        "nothing": _nothing_said(frame[nothing]),
    }


def _nothing_said(frame: pd.DataFrame) -> str:
    """How many buildings give nothing, and why, in one line; empty where each gives something."""
    if frame.empty:
        return ""
    reasons: dict[str, int] = {}
    for _, row in frame.iterrows():
        excluded = row.get("safety_state") == "excluded"
        why = reason_said(row.get("reason"))
        if excluded:
            why = joined([safety_said("excluded"), reason_said(row.get("safety_reason"))])
        reasons[why] = reasons.get(why, 0) + 1
    said = [f"{why} {count(number)}" for why, number in reasons.items() if why]
    return text(
        "Buildings with nothing: {count} ({reasons})." if said else "Buildings with nothing: {count}.",
        count=count(len(frame)),
        reasons=listed(said),
    )


def _date_said(date: datetime.date) -> str:
    return text("{year}-{month}-{day}", year=date.year, month=f"{date.month:02d}", day=f"{date.day:02d}")


def _angle_said(angle_deg: float) -> str:
    """Degrees and minutes, with their sign."""
    minutes = round(abs(angle_deg) * 60)
    sign = "−" if angle_deg < 0 and minutes else "+"
    return f"{sign}{minutes // 60}°{minutes % 60:02d}′"
