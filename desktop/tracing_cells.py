"""Tracing of cells and sums: results of a row, totals of the city, sums over rows, and given data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as settings_of_class
from typing import Any

import numpy as np
import pandas as pd

from core.fields import fields, setting
from core.texts import text
from core.units import count, given, unit_said
from desktop import cards
from desktop.addresses import Address
from desktop.card_words import shown, title
from desktop.changes import given_id
from desktop.column_figures import adds_up
from desktop.map_layers import table_title
from desktop.result_tables import SHARED, found_in, frame_of
from desktop.tracing import Material, Step, Traced, made_facts, unknown
from desktop.tracing_plan import CHOICES, of_choices, of_plan
from desktop.tracing_steps import (
    called,
    meaning_of,
    meant,
    parts_of,
    row_by_id,
    said_of,
    siblings,
    value_shown,
)
from potential import Assessment
from reports.parcel_facts import parcel_facts
from reports.provenance import numbers_behind
from reports.wording import origin_said as origin_word
from reports.wording import title_of
from standards.place_names import place_said, places_said

GIVEN_SUFFIX = "_given"  # of a given column whose name a result took


def of_cell(material: Material, address: Address) -> Traced:
    """A cell: of a result, of the plan, or given."""
    table, column, plan = address.table, address.column, material.plan
    if plan is not None and address.planned and table in plan.tables:
        return of_plan(material, address, plan.tables[table])
    owner = owner_of(material.assessments, table, column)
    if owner is not None:
        return _of_result(material, address, *owner)
    if plan is not None and table == "parcel" and column in CHOICES and not _is_given(material, address):
        return of_choices(material, address)
    frame = None if material.city is None else frame_of(material.city, material.assessments, table)
    if frame is not None:
        return _of_given(material, address, frame)
    if plan is not None and table in plan.tables:
        return of_plan(material, address, plan.tables[table])
    known = [
        *(plan.tables if plan is not None else ()),
        *(material.city.tables if material.city is not None else ()),
    ]
    raise unknown("table", table, known)


def owner_of(
    assessments: Mapping[str, Assessment], table: str, column: str
) -> tuple[Assessment, pd.DataFrame, str] | None:
    """The assessment that found a column of a table, its frame, and the column's name there; None where none did.

    The words that all potentials say carry the name of theirs, as in tables: `facade_grade`.
    """
    for name, made in assessments.items():
        found = found_in(made, table)
        if found is None:
            continue
        own = column.removeprefix(f"{name}_")
        if own != column and own in SHARED and own in found:
            return made, found, own
        if column in found and column not in SHARED and column not in ("parcel_id", "geometry"):
            return made, found, column
    return None


def of_total(material: Material, address: Address) -> Traced:
    """A total of an assessment: what parcels add up to, the largest first, and what lies on no parcel."""
    made = material.assessments.get(address.table)
    if made is None:
        raise unknown("table", address.table, list(material.assessments))
    column = address.column
    if column not in made.totals:
        raise unknown("column", column, list(made.totals))
    value = float(made.totals[column])
    steps = [Step(0, title(column), said_of(column, value), meaning_of(column), title_of(made))]
    if column in made.parcels:
        parts = pd.to_numeric(made.parcels[column], errors="coerce").fillna(0.0)
        steps += parts_of(parts, column, 1, text("Parcels"), str)
        rest = value - float(parts.sum())
        if abs(rest) > 1e-9 * max(1.0, abs(value)):
            outside = text("Elsewhere: on no parcel, or not to be added up")
            steps.append(Step(1, outside, said_of(column, rest)))
    steps += _settings(material, made, 1)
    return _traced(
        material, made, f"{title_of(made)} · {title(column)}", said_of(column, value), steps, pd.DataFrame()
    )


def of_rows(material: Material, address: Address) -> Traced:
    """The sum of a column over several rows, found by an assessment or given."""
    table, column = address.table, address.column
    owner = owner_of(material.assessments, table, column)
    frame = None if material.city is None else material.city.tables.get(table)
    if owner is not None:
        made, frame, column = owner
    if frame is None or column not in frame:
        raise unknown("column", column, [] if frame is None else [str(one) for one in frame.columns])
    rows = pd.to_numeric(frame[column], errors="coerce").reindex(list(address.rows)).fillna(0.0)
    value = said_of(column, float(rows.sum()))
    head = f"{text('{count} selected', count=count(len(rows)))} · {title(column)}"
    parts = parts_of(rows, column, 1, table_title(table), str)
    if owner is None:
        steps = (Step(0, title(column), value, meaning_of(column), text("given data")), *parts)
        return Traced(head, value, tuple(meant(column)), steps)
    steps_made = [Step(0, title(column), value, meaning_of(column), title_of(made)), *parts]
    steps_made += _settings(material, made, 1)
    return _traced(material, made, head, value, steps_made, pd.DataFrame())


def _of_result(
    material: Material, address: Address, made: Assessment, frame: pd.DataFrame, column: str
) -> Traced:
    """What an assessment found of a row: its parts, the given data of the row, and the settings in force."""
    row_id = str(address.row)
    table, city = address.table, material.city
    row = row_by_id(frame, row_id)
    value = value_shown(row, column)
    steps = [Step(0, title(column), value, meaning_of(column), title_of(made))]
    buildings = pd.DataFrame()
    if city is not None and table == "parcel":
        buildings = cards.buildings_on(city, material.assessments, row_id)
        details = made.details.get("building")
        if details is not None and column in details and adds_up(fields().get(column)):
            parts = pd.to_numeric(details[column], errors="coerce")
            parts = parts.reindex(details.index.intersection(buildings.index)).fillna(0.0)
            if np.isclose(float(parts.sum()), float(row[column])):  # a spread, for one, is no sum
                steps += parts_of(
                    parts, column, 1, text("Buildings"), lambda one: text("Building {id}", id=one)
                )
        for fact in parcel_facts(city, row_id, buildings):
            steps.append(Step(1, fact.label, fact.value, "", fact.origin or text("given data")))
    elif city is not None and table in city.tables:
        given_rows = city.tables[table]
        if row_id in given_rows.index:
            buildings = pd.DataFrame(given_rows.loc[[row_id]])
            steps += _given_steps(material, table, row_by_id(given_rows, row_id))
    else:
        steps += siblings(row, column, title_of(made))
    if city is not None and city.weather is not None:
        steps.append(
            Step(1, text("Weather"), place_said(city.weather.name), "", places_said(city.weather.source))
        )
    steps += _settings(material, made, 1)
    head = f"{called(table, row, row_id)} · {title(column)}"
    return _traced(material, made, head, value, steps, buildings)


def _of_given(material: Material, address: Address, frame: pd.DataFrame) -> Traced:
    """A given value: the file it came with, how it was completed, and who corrected it."""
    row_id = str(address.row)
    column = address.column
    bare = column.removesuffix(GIVEN_SUFFIX)
    column = bare if column not in frame and bare in frame else column
    row = row_by_id(frame, row_id)
    if column not in frame and column != frame.index.name:
        raise unknown("column", column, [str(one) for one in frame.columns])
    value = row_id if column == frame.index.name else value_shown(row, column)
    origin = _origin_of(material, address.table, row, column)
    steps = [Step(0, title(column), value, meaning_of(column), origin)]
    facts: list[tuple[str, str]] = []
    source = material.sources.get(address.table)
    if source is not None:
        layer = str(source.details.get("layer") or "")
        steps.append(Step(1, text("File"), source.file, layer, source.imported_at[:10]))
        facts.append((text("Imported at"), source.imported_at[:16].replace("T", " ")))
    head = f"{called(address.table, row, row_id)} · {title(column)}"
    meaning = meaning_of(column)
    return Traced(head, value, (*([(text("Meaning"), meaning)] if meaning else []), *facts), tuple(steps))


def _given_steps(material: Material, table: str, row: pd.Series[Any]) -> list[Step]:
    """Given attributes of a row, each with where it comes from."""
    steps = []
    for name in row.index:
        column = str(name)
        if column in cards.HIDDEN or column.endswith("_source") or column not in fields():
            continue
        if value := shown(row, column):
            steps.append(Step(1, title(column), value, "", _origin_of(material, table, row, column)))
    return steps


def _origin_of(material: Material, table: str, row: pd.Series[Any], column: str) -> str:
    """Whether a given value was corrected, given, derived or a default."""
    corrected = material.corrected.get((given_id(str(row.name)), column))
    if corrected:
        return corrected
    name = cards.SOURCES.get(column, column.removesuffix("_m") + "_source")
    source = row.get(name)
    return origin_word(source) if isinstance(source, str) and source in cards.ORIGINS else text("given data")


def _settings(material: Material, made: Assessment, depth: int) -> list[Step]:
    """Settings an assessment was made with, each with whether the planner set it."""
    now = material.settings.get(made.name)
    if now is None:
        return []
    steps = []
    for one in settings_of_class(now):
        value, default = getattr(now, one.name), getattr(type(now)(), one.name)
        known = setting(one.name)
        if value is None:
            continue
        number = given(value) if isinstance(value, float) else known.shown(value)
        origin = text("default of the program") if value == default else text("set by the planner")
        steps.append(
            Step(depth + 1, known.title, f"{number} {unit_said(known.unit)}".strip(), known.meaning, origin)
        )
    return [Step(depth, text("Settings of the assessment"), ""), *steps] if steps else []


def _traced(
    material: Material, made: Assessment, head: str, value: str, steps: list[Step], buildings: pd.DataFrame
) -> Traced:
    """A result with the numbers behind it, those of other uses left out."""
    numbers = tuple(numbers_behind({made.name: made}, buildings))
    facts = [(text("Computed by"), title_of(made)), *made_facts(material, made.name)]
    column_meant = steps[0].formula
    if column_meant:
        facts.insert(0, (text("How it is found"), column_meant))
    return Traced(
        head, value, tuple(facts), tuple(steps), numbers, tuple(dict.fromkeys(map(text, made.remarks)))
    )


def _is_given(material: Material, address: Address) -> bool:
    city = material.city
    return city is not None and address.column in city.tables.get("parcel", pd.DataFrame())
