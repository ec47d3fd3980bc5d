"""Cards: everything the window says about a city, a parcel, a building or a selection, in words and figures; no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from core.fields import fields
from core.texts import language, text
from core.units import MISSING, count, figure, land_area, quantity
from desktop.addresses import Address, in_city, in_row, in_rows
from desktop.card_results import (
    Found,
    Line,
    Result,
    found_in_city,
    found_in_row,
    found_in_rows,
    not_assessed,
    result_of,
)
from desktop.card_words import built, shown, technology_said, title, words_of
from desktop.map_layers import row_title, table_title
from desktop.plan_totals import missed, plan_lines, standing_said
from desktop.result_tables import found_in, frame_of
from layers.city import City
from plans import Part
from potential import Assessment
from reports.heat_figures import heat_figures
from reports.parcel_facts import buildings_of_parcels, parcel_facts
from reports.planned import nothing_planned, planned_on
from reports.wording import joined, reason_said
from standards.place_names import place_said

# What a planner looks at first in a building, and may correct.
BUILDING_FACTS = ("use", "height_m", "floors_above", "gfa_m2", "year_built", "roof_type")
EDITABLE = ("use", "height_m", "floors_above", "gfa_m2", "year_built", "roof_type")
SOURCES = {"floors_above": "floors_source", "year_built": "year_source", "gfa_m2": "gfa_source"}
ORIGINS = ("given", "derived", "default")
HIDDEN = ("geometry", "given_id", "buildings")


@dataclass(frozen=True)
class Chip:
    """A word on a coloured ground; `tone` is its colour by name."""

    words: str
    tone: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Card:
    """One card, from its head to its foot."""

    title: str
    name: str = ""
    chips: tuple[Chip, ...] = ()
    line: str = ""
    planned: tuple[Line, ...] = ()
    results: tuple[Result, ...] = ()
    found: tuple[Found, ...] = ()
    facts: tuple[Line, ...] = ()
    remarks: tuple[str, ...] = ()


def _place(city: City) -> list[str]:
    """Province and nearest city; provinces have no English name in the tables."""
    province, nearest = (str(city.facts.get(name) or "") for name in ("province", "climate_city"))
    if language() == "zh" or not nearest:
        return [province, nearest]
    return [place_said(nearest)]


def city_card(
    city: City, assessments: Mapping[str, Assessment], plan: Part | None = None, *, plan_fresh: bool = True
) -> Card:
    """The whole city: what it holds, what its potentials add up to, and what was assumed.

    With `plan`, its targets and totals stand before the potentials, and at the head whether all targets are met.
    """
    buildings, parcels = (len(city.tables.get(name, ())) for name in ("building", "parcel"))
    return Card(
        title=city.name,
        chips=() if plan is None else _standing(plan, fresh=plan_fresh),
        line=joined(
            [
                text("{count} buildings", count=count(buildings)),
                text("{count} parcels", count=count(parcels)),
                *_place(city),
            ]
        ),
        planned=() if plan is None else plan_lines(plan, city.tables.get("district")),
        results=(*(_of_city(made) for made in assessments.values()), *not_assessed(assessments)),
        found=tuple(found_in_city(made) for made in assessments.values()),
        remarks=tuple(dict.fromkeys(text(words) for made in assessments.values() for words in made.remarks)),
    )


def parcel_card(
    city: City,
    assessments: Mapping[str, Assessment],
    parcel_id: str,
    decided: Mapping[str, Any],
    *,
    plan: Part | None = None,
    corrected: bool = False,
    stale: bool = False,
) -> Card:
    """A parcel: its land use, what the plan puts there, and every potential with grade, amount and limiting factor.

    `stale` says that the project's results no longer agree with its data.
    """
    parcel = city.tables["parcel"].loc[parcel_id]
    buildings = buildings_on(city, assessments, parcel_id)
    facts = parcel_facts(city, parcel_id, buildings)
    placed, on_it = in_row("parcel", parcel_id), in_rows("building", list(buildings.index))
    results, found = [], []
    for made in assessments.values():
        if parcel_id in made.parcels.index:
            row = row_of(made.parcels, parcel_id)
            results.append(result_of(made, row, placed))
            found.append(found_in_row(made, row, placed, heat_figures(made, parcel_id, assessments)))
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
        planned=_planned(plan, parcel),
        results=(*results, *not_assessed(assessments)),
        found=tuple(one for one in found if one),
        facts=tuple(
            Line(
                fact.label,
                fact.value,
                fact.origin,
                address=on_it(fact.column) if fact.of_buildings else placed(fact.column),
            )
            if fact.column
            else Line(fact.label, fact.value, fact.origin)
            for fact in facts[1:]
        ),
    )


def _planned(plan: Part | None, parcel: pd.Series[Any]) -> tuple[Line, ...]:
    """What the plan puts on a parcel: technology, size and year, and below each the project it is part of."""
    lines = []
    for work in planned_on(plan, parcel.name):
        size = Address(table="choice", row=work.choice_id, column="planned_kw", planned=True)
        lines.append(Line(work.technology, work.line, address=size))
        if work.project:
            lines.append(Line(text("Project"), work.project))
    if lines:
        return tuple(lines)
    said = nothing_planned(plan, parcel)
    return (Line("", said),) if said else ()


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
    placed = in_row("building", building_id)
    chips, results, sections = [], [], []
    if use := shown(row, "use"):
        chips.append(Chip(use))
    for made in assessments.values():
        details = made.details.get("building")
        if details is None or building_id not in details.index:
            continue
        found = row_of(details, building_id)
        results.append(result_of(made, found, placed))
        sections.append(found_in_row(made, found, placed))
        if isinstance(found.get("safety_state"), str) and (safety := _safety(found)) not in chips:
            chips.append(safety)
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
        results=(*results, *not_assessed(assessments)),
        found=tuple(one for one in sections if one),
        facts=_building_facts(row, corrected),
    )


def several_card(city: City, assessments: Mapping[str, Assessment], table: str, ids: Sequence[str]) -> Card:
    """Several rows of a table: how many, and the sums of what can be added up."""
    found = []
    for made in assessments.values():
        frame = found_in(made, table)
        if frame is not None:
            rows = frame.index.intersection(list(ids))
            found.append(found_in_rows(made, frame.loc[rows], in_rows(table, list(rows))))
    return Card(
        title=text("{count} selected", count=count(len(ids))),
        name=table_title(table),
        line=text("Sums of the selection"),
        found=tuple(one for one in found if one),
    )


def row_card(city: City, assessments: Mapping[str, Assessment], table: str, row_id: str) -> Card:
    """A row of any other table, also of one that a potential brought: its attributes."""
    frame = frame_of(city, assessments, table)
    row = pd.Series(dtype=object) if frame is None else row_of(frame, row_id)
    lines = [
        Line(title(str(name)), value, address=Address(table=table, row=row_id, column=str(name)))
        for name in row.index
        if name not in HIDDEN and not str(name).endswith("_source") and (value := shown(row, str(name)))
    ]
    return Card(
        title=words_of(row, "name") or f"{row_title(table)} {row_id}",
        name=row_title(table),
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
        words = text("Corrected, not yet computed") if assessments else text("Corrected, not yet checked")
        return [Chip(words, "warning")]
    if stale and assessments:
        return [Chip(text("Results out of date"), "warning")]
    return []


def _of_city(made: Assessment) -> Result:
    """The row of a potential for the whole city: its totals, without a grade."""
    totals = pd.Series(dict(made.totals), dtype=float)
    return replace(result_of(made, totals, in_city(made.name)), grade=None)


def _standing(plan: Part, *, fresh: bool) -> tuple[Chip, ...]:
    """Whether the plan holds its targets, and whether it still agrees with the data."""
    state = Chip(standing_said(plan), "bad" if missed(plan) else "suitable")
    return (state,) if fresh else (state, Chip(text("Plan out of date"), "warning"))


def _safety(row: pd.Series[Any]) -> Chip:
    state = str(row["safety_state"])
    words = {
        "passed": text("Structural check passed"),
        "to_check": text("Structural check open"),
        "excluded": text("Excluded for safety"),
    }
    tones = {"passed": "suitable", "to_check": "warning", "excluded": "bad"}
    if state == "excluded" and (reason := reason_said(row.get("safety_reason"))):
        return Chip(text("Excluded: {reason}", reason=reason), tones[state], reason)
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
                Address(table="building", row=str(row.name), column=name),
            )
        )
    rest = [
        Line(
            title(str(name)),
            value,
            "corrected" if name in corrected else "",
            address=Address(table="building", row=str(row.name), column=str(name)),
        )
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
