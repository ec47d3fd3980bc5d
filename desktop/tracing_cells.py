"""Tracing of cells and sums: results of a row, totals of the city, given data, and tables of the plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields as settings_of_class
from typing import Any

import numpy as np
import pandas as pd

from core.fields import field, fields, setting
from core.texts import text
from core.units import MISSING, count, given, unit_said
from desktop import cards
from desktop.addresses import Address
from desktop.card_words import shown, title, words_of
from desktop.changes import given_id
from desktop.column_figures import adds_up
from desktop.map_layers import table_title
from desktop.plan_map import POWER, plan_as_result
from desktop.plan_tables import plan_table_title
from desktop.result_tables import SHARED, found_in, frame_of
from desktop.tracing import Material, Step, Traced, figure_steps, made_facts, origin_said, unknown
from layers.project import PLAN
from plans import Part
from plans.figures import Figure
from potential import Assessment
from reports.parcel_facts import parcel_facts
from reports.provenance import numbers_behind
from reports.wording import origin_said as origin_word
from reports.wording import title_of, value_said

MOST_PARTS = 12  # parts of a sum that are listed one by one, the largest first
GIVEN_SUFFIX = "_given"  # of a given column whose name a result took
CHOICES = {  # columns of the plan beside parcels: the column of its choices they come from, and of which family
    "plan_pv_kw": ("planned_kw", True),
    "plan_heat_kw": ("planned_kw", False),
    "plan_heat_family": ("family", False),
    "phase_year": ("phase_year", None),
    "capex_yuan": ("capex_yuan", None),
}


def of_cell(material: Material, address: Address) -> Traced:
    """A cell: of a result, of the plan, or given."""
    table, column, plan = address.table, address.column, material.plan
    if plan is not None and address.planned and table in plan.tables:
        return _of_plan(material, address, plan.tables[table])
    owner = owner_of(material.assessments, table, column)
    if owner is not None:
        return _of_result(material, address, *owner)
    if plan is not None and table == "parcel" and column in CHOICES and not _is_given(material, address):
        return _of_choices(material, address)
    frame = None if material.city is None else frame_of(material.city, material.assessments, table)
    if frame is not None:
        return _of_given(material, address, frame)
    if plan is not None and table in plan.tables:
        return _of_plan(material, address, plan.tables[table])
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
    steps = [Step(0, title(column), _said(column, value), _meaning(column), title_of(made))]
    if column in made.parcels:
        parts = pd.to_numeric(made.parcels[column], errors="coerce").fillna(0.0)
        steps += _parts(parts, column, 1, text("Parcels"), str)
        rest = value - float(parts.sum())
        if abs(rest) > 1e-9 * max(1.0, abs(value)):
            outside = text("Elsewhere: on no parcel, or not to be added up")
            steps.append(Step(1, outside, _said(column, rest)))
    steps += _settings(material, made, 1)
    return _traced(
        material, made, f"{title_of(made)} · {title(column)}", _said(column, value), steps, pd.DataFrame()
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
    value = _said(column, float(rows.sum()))
    head = f"{text('{count} selected', count=count(len(rows)))} · {title(column)}"
    parts = _parts(rows, column, 1, table_title(table), str)
    if owner is None:
        steps = (Step(0, title(column), value, _meaning(column), text("given data")), *parts)
        return Traced(head, value, tuple(_meant(column)), steps)
    steps_made = [Step(0, title(column), value, _meaning(column), title_of(made)), *parts]
    steps_made += _settings(material, made, 1)
    return _traced(material, made, head, value, steps_made, pd.DataFrame())


def _of_result(
    material: Material, address: Address, made: Assessment, frame: pd.DataFrame, column: str
) -> Traced:
    """What an assessment found of a row: its parts, the given data of the row, and the settings in force."""
    row_id = str(address.row)
    table, city = address.table, material.city
    row = _row(frame, row_id)
    value = _value(row, column)
    steps = [Step(0, title(column), value, _meaning(column), title_of(made))]
    buildings = pd.DataFrame()
    if city is not None and table == "parcel":
        buildings = cards.buildings_on(city, material.assessments, row_id)
        details = made.details.get("building")
        if details is not None and column in details and adds_up(fields().get(column)):
            parts = pd.to_numeric(details[column], errors="coerce")
            parts = parts.reindex(details.index.intersection(buildings.index)).fillna(0.0)
            if np.isclose(float(parts.sum()), float(row[column])):  # a spread, for one, is no sum
                steps += _parts(
                    parts, column, 1, text("Buildings"), lambda one: text("Building {id}", id=one)
                )
        for fact in parcel_facts(city, row_id, buildings):
            steps.append(Step(1, fact.label, fact.value, "", fact.origin or text("given data")))
    elif city is not None and table in city.tables:
        given_rows = city.tables[table]
        if row_id in given_rows.index:
            buildings = pd.DataFrame(given_rows.loc[[row_id]])
            steps += _given_steps(material, table, _row(given_rows, row_id))
    else:
        steps += _siblings(row, column, title_of(made))
    if city is not None and city.weather is not None:
        steps.append(Step(1, text("Weather"), city.weather.name, "", city.weather.source))
    steps += _settings(material, made, 1)
    head = f"{_called(table, row, row_id)} · {title(column)}"
    return _traced(material, made, head, value, steps, buildings)


def _of_given(material: Material, address: Address, frame: pd.DataFrame) -> Traced:
    """A given value: the file it came with, how it was completed, and who corrected it."""
    row_id = str(address.row)
    column = address.column
    bare = column.removesuffix(GIVEN_SUFFIX)
    column = bare if column not in frame and bare in frame else column
    row = _row(frame, row_id)
    if column not in frame and column != frame.index.name:
        raise unknown("column", column, [str(one) for one in frame.columns])
    value = row_id if column == frame.index.name else _value(row, column)
    origin = _origin_of(material, address.table, row, column)
    steps = [Step(0, title(column), value, _meaning(column), origin)]
    facts: list[tuple[str, str]] = []
    source = material.sources.get(address.table)
    if source is not None:
        layer = str(source.details.get("layer") or "")
        steps.append(Step(1, text("File"), source.file, layer, source.imported_at[:10]))
        facts.append((text("Imported at"), source.imported_at[:16].replace("T", " ")))
    head = f"{_called(address.table, row, row_id)} · {title(column)}"
    meaning = _meaning(column)
    return Traced(head, value, (*([(text("Meaning"), meaning)] if meaning else []), *facts), tuple(steps))


def _of_choices(material: Material, address: Address) -> Traced:
    """What the plan chose for a parcel."""
    row_id = str(address.row)
    plan = material.plan
    assert plan is not None  # the caller has looked
    column, power = CHOICES[address.column]
    choice = plan.tables.get("choice", pd.DataFrame({"parcel_id": [], "family": []}))
    mine = choice[choice["parcel_id"].astype(str) == row_id]
    if power is not None:
        mine = mine[(mine["family"] == POWER) == power]
    row = _row(plan_as_result(plan).parcels, row_id)
    value = _value(row, address.column)
    steps = [Step(0, title(address.column), value, _meaning(address.column), text("The plan"))]
    for name, one in mine.iterrows():
        steps.append(Step(1, str(name), _value(one, column), "", plan_table_title("choice")))
    steps += _figures_of(material, "choice", column)
    head = f"{_called('parcel', row, row_id)} · {title(address.column)}"
    return Traced(head, value, tuple(made_facts(material, PLAN)), tuple(steps), (), tuple(plan.remarks))


def _of_plan(material: Material, address: Address, frame: pd.DataFrame) -> Traced:
    """A cell of a table of the plan: the rest of its row, the options it was chosen from, and the figures it goes into."""
    row_id = str(address.row)
    plan, column = material.plan, address.column
    assert plan is not None  # the caller has looked
    if column not in frame:
        raise unknown("column", column, [str(one) for one in frame.columns])
    row = _row(frame, row_id)
    value = _value(row, column)
    steps = [Step(0, title(column), value, _meaning(column), plan_table_title(address.table))]
    steps += _siblings(row, column, text("same row of the plan"))
    steps += _option(material, row)
    figures = [one for one in plan.figures.values() if one.origin == f"{address.table}.{column}"]
    same = _figure_of(plan, address.table, row, column)
    if same is not None:
        steps += [
            Step(1, text("As a figure of the plan"), ""),
            *figure_steps(plan, same.key, material.standards, 2),
        ]
        figures = [one for _, one in plan.figures.trace(same.key)]
    else:
        steps += _figures_of(material, address.table, column)
    numbers = tuple(dict.fromkeys(number for one in figures for number in one.numbers))
    head = f"{_called(address.table, row, row_id)} · {title(column)}"
    facts = [*_meant(column), *made_facts(material, PLAN)]
    return Traced(head, value, tuple(facts), tuple(steps), numbers, tuple(plan.remarks))


def _figure_of(plan: Part, table: str, row: pd.Series[Any], column: str) -> Figure | None:
    """The figure that says the very value of a cell: by its key, else that of the row's indicator and year."""
    exact = plan.figures.get(f"{table}.{row.name}.{column}")
    value = row[column]
    if exact is not None or "indicator" not in row or not isinstance(value, float):
        return exact
    begins, ends = f"indicator.{row['indicator']}.", f".{row.get('year')}"
    for key, one in plan.figures.items():
        if key.startswith(begins) and key.endswith(ends) and np.isclose(one.value, value, equal_nan=True):
            return one
    return None


def _option(material: Material, row: pd.Series[Any]) -> list[Step]:
    """What the assessment offered where a row of the plan is about one technology on one parcel."""
    parcel, technology = words_of(row, "parcel_id"), words_of(row, "technology")
    if not parcel or not technology:
        return []
    steps = []
    for made in material.assessments.values():
        options = made.options
        if "technology" not in options:
            continue
        found = options[(options["parcel_id"].astype(str) == parcel) & (options["technology"] == technology)]
        for _, one in found.iterrows():
            steps += [
                Step(2, title(str(name)), said, _meaning(str(name)), title_of(made))
                for name in found.columns
                if name not in ("parcel_id", "technology") and (said := shown(one, str(name)))
            ]
    if steps:
        steps.insert(0, Step(1, text("What the assessment offers there"), ""))
    return steps


def _figures_of(material: Material, table: str, column: str) -> list[Step]:
    """Figures of the plan that add a column up."""
    plan = material.plan
    found = (
        [] if plan is None else [one for one in plan.figures.values() if one.origin == f"{table}.{column}"]
    )
    steps = [
        Step(
            2,
            one.called,
            one.said(),
            text(one.formula) if one.formula else "",
            origin_said(one.origin),
            one.key,
        )
        for one in found[:MOST_PARTS]
    ]
    return [Step(1, text("Figures of the plan that add it up"), ""), *steps] if steps else []


def _parts(
    parts: pd.Series[Any], column: str, depth: int, what: str, called: Callable[[Any], str]
) -> list[Step]:
    """Parts of a sum, the largest first; of many how many more there are and what they come to."""
    there = parts[parts != 0].sort_values(ascending=False)
    formula = text("sum of {count} values", count=count(len(there)))
    steps = [Step(depth, what, _said(column, float(parts.sum())), formula)]
    for one, value in there[:MOST_PARTS].items():
        steps.append(Step(depth + 1, called(one), _said(column, float(value))))
    rest = there[MOST_PARTS:]
    if len(rest):
        steps.append(
            Step(depth + 1, text("{count} more", count=count(len(rest))), _said(column, float(rest.sum())))
        )
    return steps


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


def _siblings(row: pd.Series[Any], column: str, origin: str) -> list[Step]:
    """The other values of a row."""
    return [
        Step(1, title(str(name)), said, "", origin)
        for name in row.index
        if name not in (column, *cards.HIDDEN) and str(name) in fields() and (said := shown(row, str(name)))
    ]


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


def _row(frame: pd.DataFrame, row_id: str) -> pd.Series[Any]:
    """A row by its id as people write it."""
    places = frame.index.astype(str).get_indexer(pd.Index([row_id]))
    if places[0] < 0:
        raise unknown("row", row_id, [str(one) for one in frame.index[:20]])
    return frame.iloc[int(places[0])]


def _is_given(material: Material, address: Address) -> bool:
    city = material.city
    return city is not None and address.column in city.tables.get("parcel", pd.DataFrame())


def _value(row: pd.Series[Any], column: str) -> str:
    return shown(row, column) or MISSING


def _said(column: str, value: float) -> str:
    """A number of a column with its unit."""
    if column in fields():
        known = field(column)
        return count(value) if known.type == "count" else value_said(known, value)
    return given(value)


def _meaning(column: str) -> str:
    return field(column).meaning if column in fields() else ""


def _meant(column: str) -> list[tuple[str, str]]:
    meaning = _meaning(column)
    return [(text("Meaning"), meaning)] if meaning else []


def _called(table: str, row: pd.Series[Any], row_id: str) -> str:
    """What a row is called."""
    if table == "parcel":
        return text("Parcel {id}", id=row_id)
    if table == "building":
        return text("Building {id}", id=row_id)
    known = table_title(table)
    called = plan_table_title(table) if known == table else known
    return f"{called} {words_of(row, 'name') or row_id}"
