"""Tracing: where any number in sight comes from: its formula, what went into it, published numbers, and since when."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.fields import fields
from core.problems import Problem, UserError
from core.texts import text
from desktop import operations, planning, scenarios
from desktop.addresses import Address
from desktop.given_values import corrected_cells, value_said
from desktop.map_layers import table_title
from desktop.names import TABLES
from desktop.plan_tables import plan_table_title
from layers.city import City
from layers.contents import CITY, Origin
from layers.project import PLAN, Project
from plans import Part
from plans.figures import Figure
from potential import Assessment
from standards import Number, Standards

SEPARATOR = ("T", " ")  # between day and time of an ISO time, as kept and as read by people


@dataclass(frozen=True)
class Step:
    """A line of a trace: how deep it stands, what it is, its value, the formula, and where it comes from."""

    depth: int
    title: str
    value: str
    formula: str = ""
    origin: str = ""
    key: str = ""


@dataclass(frozen=True)
class Traced:
    """Where a number comes from.

    Parameters
    ----------
    title, value : str
        What it is and its value, as people read them.
    facts : tuple of pairs
        What holds for the whole: what it means, what computed it, when, and whether it still agrees with the data.
    steps : tuple of Step
        The number itself, then what it was computed from.
    numbers : tuple of Number
        Published and assumed numbers that went in.
    remarks : tuple of str
        What was assumed.
    """

    title: str
    value: str
    facts: tuple[tuple[str, str], ...] = ()
    steps: tuple[Step, ...] = ()
    numbers: tuple[Number, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Material:
    """What traces are read from, free of the project's connection, so that any thread may look.

    Parameters
    ----------
    made_at : Mapping of str to str
        When each result was made, ISO time.
    stale : tuple of str
        Results that no longer agree with the data.
    corrected : Mapping of (str, str) to str
        Corrected cells of the row that is asked for, by row and column: the given value, who, when and why, in words.
    settings : Mapping
        Settings of each potential in force.
    """

    city: City | None
    assessments: Mapping[str, Assessment]
    plan: Part | None
    standards: Standards
    sources: Mapping[str, Origin] = field(default_factory=dict)
    made_at: Mapping[str, str] = field(default_factory=dict)
    stale: tuple[str, ...] = ()
    corrected: Mapping[tuple[str, str], str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


def material_of(
    project: Project,
    address: Address,
    scenario: str = "",
    *,
    city: City | None = None,
    assessments: Mapping[str, Assessment] | None = None,
    plan: Part | None = None,
    stale: tuple[str, ...] | None = None,
) -> Material:
    """What the trace of a number of a project is read from; what is known already may be handed in."""
    made = dict(assessments) if assessments is not None else operations.assessments(project)
    name = scenarios.scenario_named(project, scenario).plan
    names = [CITY, *made, name]
    at = {(PLAN if one == name else one): project.made_at(one) for one in names}
    return Material(
        city=city or project.city,
        assessments=made,
        plan=plan or planning.plan_of(project, scenario),
        standards=project.standards,
        sources=project.sources,
        made_at={one: when for one, when in at.items() if when},
        stale=_stale(project, names, name) if stale is None else stale,
        corrected=_corrections(project, address),
        settings={one: operations.settings_of(project, operations.potential_named(one)) for one in made},
    )


def _stale(project: Project, names: Sequence[str], plan: str) -> tuple[str, ...]:
    """Results that no longer agree with the data, the plan of the scenario under its common name."""
    fresh = project.freshness(names)
    return tuple((PLAN if one == plan else one) for one in names if not fresh[one])


def trace(material: Material, address: Address) -> Traced:
    """Where a number comes from.

    Raises
    ------
    UserError
        There is no such figure, table, row or column.
    """
    from desktop import tracing_cells  # late: it stands on what is defined here

    if address.key:
        return _figure(material, address.key)
    if address.rows:
        return tracing_cells.of_rows(material, address)
    if address.row is None:
        return tracing_cells.of_total(material, address)
    return tracing_cells.of_cell(material, address)


def unknown(what: str, name: str, known: Sequence[str]) -> UserError:
    """That there is no table, row or column of a name, with those there are."""
    words = {
        "figure": "There is no figure {name}.",
        "table": "There is no table {name}.",
        "row": "There is no row {name}.",
        "column": "There is no column {name}.",
    }
    near = [one for one in known if name in one] or list(known)
    return UserError(
        Problem(words[what], "Choose one of: {names}.", name=name, names=", ".join(near[:20]) or "—")
    )


def made_facts(material: Material, name: str) -> list[tuple[str, str]]:
    """When a result was made, and whether it still agrees with the data."""
    found = []
    if when := material.made_at.get(name):
        found.append((text("Computed at"), when[:16].replace(*SEPARATOR)))
        now = (
            text("out of date: data or settings changed since")
            if name in material.stale
            else text("up to date")
        )
        found.append((text("State"), now))
    return found


def number_step(number: Number, standards: Standards, depth: int) -> Step:
    """A published or assumed number as a line."""
    source = text("Planning assumption") if number.assumption else standards.citation(number.source)
    table = number.table_said
    name = text("{name}: {value}", name=table[:1].upper() + table[1:], value=number.key_said)
    return Step(depth, f"· {name}", number.quantity_said, "", source)


def origin_said(origin: str) -> str:
    """Where a summed number stands, `table.column`, in words."""
    table, dot, column = origin.partition(".")
    known = fields().get(column)
    title = plan_table_title(table) if table_title(table) == table else table_title(table)
    return f"{title} · {known.title}" if dot and known is not None else origin


def _figure(material: Material, key: str) -> Traced:
    """A figure of the plan with everything it was computed from."""
    plan = material.plan
    if plan is None or key not in plan.figures:
        raise unknown("figure", key, list(plan.figures) if plan is not None else [])
    figure = plan.figures[key]
    steps = figure_steps(plan, key, material.standards)
    used = [number for _, one in plan.figures.trace(key) for number in one.numbers]
    facts = []
    if figure.formula:
        facts.append((text("How it is found"), text(figure.formula)))
    facts += made_facts(material, PLAN)
    return Traced(
        figure.called,
        figure.said(),
        tuple(facts),
        tuple(steps),
        tuple(dict.fromkeys(used)),
        tuple(plan.remarks),
    )


def figure_steps(plan: Part, key: str, standards: Standards, depth: int = 0) -> list[Step]:
    """A figure of the plan and all it was computed from, with the published numbers below each."""
    steps: list[Step] = []
    for deeper, one in plan.figures.trace(key):
        steps.append(_figure_step(depth + deeper, one))
        steps += [number_step(number, standards, depth + deeper + 1) for number in one.numbers]
    return steps


def _figure_step(depth: int, one: Figure) -> Step:
    formula = text(one.formula) if one.formula else ""
    return Step(depth, one.called, one.said(), formula, origin_said(one.origin), one.key)


def _corrections(project: Project, address: Address) -> dict[tuple[str, str], str]:
    """Corrected cells of the row of an address, with what was given and by whom, when and why they were changed."""
    if address.row is None or address.table not in TABLES:
        return {}
    row = operations.given_id(address.row)
    cells = corrected_cells(project, address.table)
    mine = {column: cell for (one, column), cell in cells.items() if one == row}
    if not mine:
        return {}
    found = {}
    for column, cell in mine.items():
        who, when, why = _changed_by(project, address.table, row, column)
        said = text("corrected; given: {value}", value=value_said(column, cell.given))
        parts = [said, " ".join(one for one in (who, when[:10]) if one), why]
        found[row, column] = text("; ").join(one for one in parts if one)
    return found


def _changed_by(project: Project, table: str, row: str, column: str) -> tuple[str, str, str]:
    """By whom, when and why a cell was changed last; empty where the history does not say."""
    rows = project.store.rows(
        "SELECT who, at, why, changes FROM lutu_history WHERE undone = 0 AND table_name = ? AND instr(changes, ?) "
        "ORDER BY number DESC",
        [table, json.dumps(row, ensure_ascii=False)],
    )
    for one in rows:
        if any(change["row"] == row and change["field"] == column for change in json.loads(one["changes"])):
            return str(one["who"]), str(one["at"]), str(one["why"] or "")
    return "", "", ""
