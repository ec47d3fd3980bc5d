"""The commands of `lutu` that decide and plan: target, plan, trace; each calls an operation."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.problems import Problem, UserError
from core.texts import text
from core.units import figure, given, unit_said
from desktop.click_words import Command, argument, json_option, option
from desktop.speaking import Speaker, records

if TYPE_CHECKING:
    import pandas as pd

    from layers.project import Project
    from plans import Part

PATH = click.Path(path_type=Path)
OPTIMAL = 1e-9  # gap below which nothing but the rounding of sums is left
scenario_option = option(
    "--scenario", default="", help="Name of a scenario; the base scenario where not given."
)


@click.command(
    cls=Command,
    help="Set one of the city's own targets, or take it back; without an indicator list them.",
    examples=(
        "lutu target qinghe",
        "lutu target qinghe pv_capacity_added 2030 300 MW",
        "lutu target qinghe renewable_substitution_rate 2030 10 %",
        "lutu target qinghe pv_capacity_added 2030 --remove",
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("indicator", required=False, help="Key of the indicator, e.g. pv_capacity_added.")
@argument("year", type=int, required=False, help="Year by which it is to be reached.")
@argument("value", type=float, required=False, help="How much.")
@argument(
    "unit",
    required=False,
    default="",
    help="Unit of the value, one of the indicator: 万m2, MW, %, tce; its base unit where not given.",
)
@option(
    "--at-most",
    is_flag=True,
    help="The value is not to be exceeded; where not given, as published targets of the indicator have it.",
)
@option("--district", default="", help="Code of a district; the city where neither is given.")
@option("--unit-id", default="", help="Key of a planning unit.")
@option("--source", default="", help="Document that sets it, as printed beside it.")
@option("--why", default="", help="Reason, for the history.")
@option("--remove", is_flag=True, help="Take the target back.")
@scenario_option
@json_option
def target(
    folder: Path,
    indicator: str | None,
    year: int | None,
    value: float | None,
    unit: str,
    at_most: bool,
    district: str,
    unit_id: str,
    source: str,
    why: str,
    remove: bool,
    scenario: str,
    as_json: bool,
) -> None:
    """Set a target."""
    from desktop import operations, own_targets

    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        if indicator is None:
            _list_targets(own_targets.kept_targets(project, scenario), speaker)
            return
        if year is None or (value is None and not remove):
            raise UserError(
                Problem("The target is not complete.", "Give indicator, year and value, or --remove.")
            )
        kind = "district" if district else "unit" if unit_id else "city"
        own_targets.set_target(
            project,
            indicator,
            year,
            None if remove else value,
            unit=unit,
            operator=own_targets.AT_MOST if at_most else "",
            area_kind=kind,
            area_id=district or unit_id,
            scenario=scenario,
            source=source,
            why=why,
        )
        speaker.result(
            text("Took the target {name} of {year} back.", name=indicator, year=year)
            if remove
            else text(
                "Set the target {name} of {year}: {value} {unit}.",
                name=indicator,
                year=year,
                value=value,
                unit=unit,
            )
        )


def _list_targets(targets: pd.DataFrame, speaker: Speaker) -> None:
    for row, one in targets.iterrows():
        speaker.say(f"  {row}  {one['operator']} {figure(float(one['value']), 6)}  {one['source']}")
    said = text("{count} targets of the city's own.", count=len(targets))
    speaker.result(said, targets=targets.reset_index().to_dict("records"))


@click.command(
    cls=Command,
    short_help="Make the plan of a checked and assessed city.",
    help="Make the plan of a checked and assessed city: baseline, targets, choice of technologies, programme by years, "
    "projects, retrofit, grades of new buildings, indicators and the path of energy and carbon.",
    examples=(
        "lutu plan qinghe",
        "lutu plan qinghe --set objective=most_carbon_saved --set budget_yuan=5e8",
        "lutu plan qinghe --scenario 高目标 --json",
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@option("--set", "settings", multiple=True, help="A setting: name=value. May be repeated.")
@scenario_option
@json_option
def plan(folder: Path, settings: tuple[str, ...], scenario: str, as_json: bool) -> None:
    """Make the plan of a city."""
    from desktop import operations, planning, scenarios
    from desktop.plan_words import settings_of_words

    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        pending = speaker.carry_out(project, planning.plan(project, scenario, settings_of_words(settings)))
        made = planning.needed_plan(project, scenario)
        speaker.problems(pending.problems)
        districts = project.city.tables.get("district") if project.city else None
        chosen = scenarios.scenario_named(project, scenario)
        _say_accounts(made, districts, planning.settings_of(project, chosen).objective, speaker)
        speaker.result(
            _summary(made),
            figures={key: one.value for key, one in made.figures.items()},
            accounts=made.tables["account"].reset_index().to_dict("records"),
            problems=records(pending.problems),
        )


def _say_accounts(made: Part, districts: pd.DataFrame | None, objective: str, speaker: Speaker) -> None:
    """Each target and limit, by the names of districts: asked for, reached, what one more costs, what stops it."""
    from core.fields import field
    from desktop.card_words import account_said
    from desktop.plan_words import beyond_said

    for name, row in made.tables["account"].iterrows():
        unit = unit_said(str(row["account_unit"]))
        sign = "≥" if row["at_least"] else "≤"
        title = account_said(str(name), row["indicator"], districts)
        required, reached = (figure(float(row[one]), 4) for one in ("required", "reached"))
        words = f"  {title}  {sign} {required} → {reached} {unit}"
        if float(row["price_yuan"]) > 0:
            price = figure(float(row["price_yuan"]))
            price = (
                text("one more costs {price} CNY a year", price=price)
                if row["at_least"]
                else text("one more would save {price} CNY a year", price=price)
            )
            words += f"  ({price})"
        if float(row["shortfall"]) > 0:
            words += "  " + text(
                "missed by {amount}: {limit}",
                amount=figure(float(row["shortfall"])),
                limit=field("limit").shown(row["limit"]),
            )
        speaker.say(words)
        if beyond := beyond_said(row, objective):
            speaker.say(f"    {beyond}")


def _summary(made: Part) -> str:
    figures = made.figures
    gap = figures["choice.gap"].value
    return text(
        "{choices} choices in {projects} projects: {capex} of investment, {coal} and {carbon} a year; {proof}.",
        choices=figures["choice.total.choices"].said(),
        projects=len(made.tables["project"]),
        capex=figures["choice.total.capex_yuan"].said(),
        coal=figures["choice.total.saved_kgce_per_year"].said().removesuffix("/a"),
        carbon=figures["choice.total.avoided_tco2_per_year"].said().removesuffix("/a"),
        proof=text("proven optimal")
        if gap <= OPTIMAL
        else text("proven within {gap} of the best", gap=f"{gap:.1e}"),
    )


@click.command(
    cls=Command,
    help="Trace a number to its formula, its inputs, the tables of numbers and the given data: a figure of the plan by its "
    "key, a total of an assessment by potential and column, a value by table, row and column.",
    examples=(
        "lutu trace qinghe indicator.renewable_substitution_rate.gross.2030",
        "lutu trace qinghe rooftop pv_kwp",
        "lutu trace qinghe parcel QH-0312 pv_kwp",
        "lutu trace qinghe --list",
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("number", nargs=-1, help="Key of the figure; or potential and column; or table, row and column.")
@option("--list", "listed", is_flag=True, help="List all figures.")
@scenario_option
@json_option
def trace(folder: Path, number: tuple[str, ...], listed: bool, scenario: str, as_json: bool) -> None:
    """Trace a number."""
    from desktop import operations, planning

    if len(number) > 3:
        raise UserError(
            Problem(
                "A number has at most three words.",
                "Give the key of a figure, potential and column, or table, row and column.",
            )
        )
    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        if len(number) > 1 and not listed:
            _trace_cell(project, number, scenario, speaker)
            return
        made = planning.needed_plan(project, scenario)
        if listed or not number:
            for one in made.figures.values():
                speaker.say(f"  {one.key}  {one.called}  {one.said()}")
            speaker.result("", figures={one.key: one.value for one in made.figures.values()})
            return
        steps = planning.trace(project, number[0], scenario)
        facts: list[dict[str, Any]] = []
        for depth, one in steps:
            formula = f"  = {text(one.formula)}" if one.formula else ""
            origin = f"  ← {one.origin}" if one.origin else ""
            speaker.say(f"{'  ' * depth}{one.called}: {one.said()}{formula}{origin}  [{one.key}]")
            for used in one.numbers:
                cited = project.standards.citation(used.source)
                speaker.say(
                    f"{'  ' * depth}    · {used.table_said} / {used.key_said}: "
                    f"{given(used.value)} {used.unit_said}  ({cited})"
                )
            facts.append(
                {
                    "depth": depth,
                    "key": one.key,
                    "value": one.value,
                    "formula": one.formula,
                    "origin": one.origin,
                }
            )
        speaker.result("", trace=facts)


def _trace_cell(project: Project, words: tuple[str, ...], scenario: str, speaker: Speaker) -> None:
    """Say where a total or a value comes from."""
    from desktop import tracing
    from desktop.addresses import Address

    table, *row, column = words
    address = Address(table=table, row=row[0] if row else None, column=column)
    material = tracing.material_of(project, address, scenario)
    found = tracing.trace(material, address)
    for name, said in found.facts:
        speaker.say(f"  {name}: {said}")
    lines = [*found.steps, *(tracing.number_step(one, material.standards, 1) for one in found.numbers)]
    for one in lines:
        value = f": {one.value}" if one.value else ""
        formula = f"  = {one.formula}" if one.formula else ""
        origin = f"  ← {one.origin}" if one.origin else ""
        speaker.say(f"{'  ' * one.depth}  {one.title}{value}{formula}{origin}")
    for words_assumed in found.remarks:
        speaker.say(f"  · {text(words_assumed)}")
    speaker.result(
        f"{found.title}: {found.value}",
        title=found.title,
        value=found.value,
        trace=[vars(one) for one in lines],
    )
