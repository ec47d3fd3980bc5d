"""Tracing of the plan: values of its tables, what was chosen for parcels, the options behind, and the figures they are."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from core.texts import text
from core.units import quantity
from desktop.addresses import Address
from desktop.card_words import shown, title, words_of
from desktop.plan_map import POWER, plan_as_result
from desktop.plan_tables import plan_table_title
from desktop.tracing import Material, Step, Traced, figure_steps, made_facts, origin_said, unknown
from desktop.tracing_steps import (
    MOST_PARTS,
    called,
    meaning_of,
    meant,
    parts_of,
    row_by_id,
    siblings,
    value_shown,
)
from layers.project import PLAN
from plans import Part
from plans.figures import Figure
from reports.wording import title_of

PARTED = re.compile(r"[;,、\s]+")  # ids of several parcels in one cell
UNITS = {  # columns that hold the unit of others in the same row
    "account_unit": ("reached", "required", "shortfall"),
    "indicator_unit": ("indicator_value",),
}
CHOICES = {  # columns of the plan beside parcels: the column of its choices they come from, and of which family
    "plan_pv_kw": ("planned_kw", True),
    "plan_heat_kw": ("planned_kw", False),
    "plan_heat_family": ("family", False),
    "phase_year": ("phase_year", None),
    "capex_yuan": ("capex_yuan", None),
}


def of_plan(material: Material, address: Address, frame: pd.DataFrame) -> Traced:
    """A cell of a table of the plan: the rest of its row, the options it was chosen from, and the figures it goes into."""
    row_id = str(address.row)
    plan, column = material.plan, address.column
    assert plan is not None  # the caller has looked
    if column not in frame:
        raise unknown("column", column, [str(one) for one in frame.columns])
    row = row_by_id(frame, row_id)
    value = _planned_value(row, column)
    steps = [Step(0, title(column), value, meaning_of(column), plan_table_title(address.table))]
    steps += siblings(row, column, text("same row of the plan"))
    steps += _works(plan, address.table, row, column)
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
    head = f"{called(address.table, row, row_id)} · {title(column)}"
    facts = [*meant(column), *made_facts(material, PLAN)]
    return Traced(head, value, tuple(facts), tuple(steps), numbers, tuple(plan.remarks))


def of_choices(material: Material, address: Address) -> Traced:
    """What the plan chose for a parcel."""
    row_id = str(address.row)
    plan = material.plan
    assert plan is not None  # the caller has looked
    column, power = CHOICES[address.column]
    choice = plan.tables.get("choice", pd.DataFrame({"parcel_id": [], "family": []}))
    mine = choice[choice["parcel_id"].astype(str) == row_id]
    if power is not None:
        mine = mine[(mine["family"] == POWER) == power]
    row = row_by_id(plan_as_result(plan).parcels, row_id)
    value = value_shown(row, address.column)
    steps = [Step(0, title(address.column), value, meaning_of(address.column), text("The plan"))]
    for name, one in mine.iterrows():
        steps.append(Step(1, str(name), value_shown(one, column), "", plan_table_title("choice")))
    steps += _figures_of(material, "choice", column)
    head = f"{called('parcel', row, row_id)} · {title(address.column)}"
    return Traced(head, value, tuple(made_facts(material, PLAN)), tuple(steps), (), tuple(plan.remarks))


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


def _works(plan: Part, table: str, row: pd.Series[Any], column: str) -> list[Step]:
    """The choices of parcels that a project of the list is made of, where they add up to its value."""
    choice = plan.tables.get("choice")
    if table != "project" or choice is None or column not in choice or "parcel_ids" not in row:
        return []
    if not pd.api.types.is_numeric_dtype(choice[column]):
        return []
    parcels = set(PARTED.split(str(row["parcel_ids"])))
    mine = choice[choice["parcel_id"].astype(str).isin(parcels) & (choice["technology"] == row["technology"])]
    parts = mine[column].astype(float)
    if not len(parts) or not np.isclose(float(parts.sum()), float(row[column])):
        return []
    return parts_of(parts, column, 1, plan_table_title("choice"), str)


def _planned_value(row: pd.Series[Any], column: str) -> str:
    """A value of the plan with its unit, which stands in a column of its own where rows are of several."""
    unit = next((str(row[one]) for one in UNITS if one in row and column in UNITS[one]), "")
    if unit and unit != "%" and isinstance(row[column], float):
        return quantity(row[column], unit)
    return value_shown(row, column)


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
                Step(2, title(str(name)), said, meaning_of(str(name)), title_of(made))
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
