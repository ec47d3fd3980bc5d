"""The commands of `lutu` for what a planner sets by hand: decide, grade, retrofit, settings; each calls an operation."""

from __future__ import annotations

from contextlib import closing
from dataclasses import fields
from pathlib import Path

import click

from core.texts import text
from core.units import given, unit_said
from desktop.click_words import Command, argument, json_option, option
from desktop.commands import OWN
from desktop.plan_commands import PATH, scenario_option
from desktop.speaking import Speaker

NONE = "none"
why_option = option("--why", default="", help="The reason, kept in the history and printed beside it.")


@click.command(
    cls=Command,
    help="Fix a technology on some parcels, put it off, forbid it, or take the decision back.",
    examples=(
        "lutu decide qinghe pv_roof install P-0007 P-0012 --why 示范项目",
        "lutu decide qinghe pv_roof install P-0007 --kw 250 --year 2028",
        "lutu decide qinghe borefield decline P-0007 --why 地下空间已规划",
        "lutu decide qinghe pv_roof none P-0007",
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("technology", help="Technology, as the assessments offer it.")
@argument(
    "decision",
    type=click.Choice(("install", "defer", "decline", NONE)),
    help="What is decided; none takes it back.",
)
@argument("parcels", nargs=-1, required=True, help="Ids of the parcels.")
@option("--kw", type=float, help="Capacity on each parcel in kW; the largest where not given.")
@option("--year", type=int, help="Year of completion; that of the programme where not given.")
@why_option
@scenario_option
@json_option
def decide(
    folder: Path,
    technology: str,
    decision: str,
    parcels: tuple[str, ...],
    kw: float | None,
    year: int | None,
    why: str,
    scenario: str,
    as_json: bool,
) -> None:
    """Decide about a technology."""
    from desktop import operations

    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        operations.fix_choice(
            project,
            parcels,
            technology,
            None if decision == NONE else decision,
            planned_kw=kw,
            phase_year=year,
            scenario=scenario,
            why=why,
        )
        said = text("Decided about {count} parcels; make the plan again.", count=len(parcels))
        speaker.result(said, parcels=parcels, technology=technology, decision=decision)


@click.command(
    cls=Command,
    help="Set the green-building grade of some parcels by hand, with a reason, or take it back.",
    examples=("lutu grade qinghe three_star P-0101 --why 省级示范", "lutu grade qinghe none-by-hand P-0101"),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("grade", help="none, basic, one_star, two_star, three_star; none-by-hand takes it back.")
@argument("parcels", nargs=-1, required=True, help="Ids of the parcels.")
@why_option
@scenario_option
@json_option
def grade(folder: Path, grade: str, parcels: tuple[str, ...], why: str, scenario: str, as_json: bool) -> None:
    """Set a grade."""
    from desktop import operations

    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        wanted = None if grade == "none-by-hand" else grade
        operations.set_grade(project, parcels, wanted, scenario=scenario, why=why)
        said = text("Decided about {count} parcels; make the plan again.", count=len(parcels))
        speaker.result(said, parcels=parcels, grade=wanted)


@click.command(
    cls=Command,
    help="Say that buildings must, or must not, be retrofitted, or leave it to their priority again.",
    examples=("lutu retrofit qinghe yes QH-0312-01 --why 民生工程", "lutu retrofit qinghe none QH-0312-01"),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("decision", type=click.Choice(("yes", "no", NONE)), help="What is decided; none takes it back.")
@argument("buildings", nargs=-1, required=True, help="Ids of the buildings.")
@why_option
@scenario_option
@json_option
def retrofit(
    folder: Path, decision: str, buildings: tuple[str, ...], why: str, scenario: str, as_json: bool
) -> None:
    """Decide about retrofit."""
    from desktop import operations

    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        chosen = {"yes": True, "no": False, NONE: None}[decision]
        operations.set_retrofit(project, buildings, chosen, scenario=scenario, why=why)
        said = text("Decided about {count} buildings; make the plan again.", count=len(buildings))
        speaker.result(said, buildings=buildings, decision=decision)


@click.command(
    cls=Command,
    help="Set how the plan of a scenario is made; without a setting list them with units and limits.",
    examples=(
        "lutu settings qinghe",
        "lutu settings qinghe objective=most_carbon_saved budget_yuan=5e8 --why 市政府要求",
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("values", nargs=-1, help="Settings: name=value; none takes a limit away.")
@why_option
@scenario_option
@json_option
def settings(folder: Path, values: tuple[str, ...], why: str, scenario: str, as_json: bool) -> None:
    """Set how a plan is made."""
    from desktop import operations, planning, scenarios
    from desktop.plan_words import settings_of_words

    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        if values:
            operations.set_plan_settings(project, settings_of_words(values), scenario=scenario, why=why)
        now = planning.settings_of(project, scenarios.scenario_named(project, scenario))
        found = {one.name: getattr(now, one.name) for one in fields(now)}
        for name, value in found.items():
            if not values or name in {one.partition("=")[0] for one in values}:
                speaker.say(_setting_said(name, value))
        said = text("Set {count} settings; make the plan again.", count=len(values)) if values else ""
        shown = {name: dict(one) if name == "switches" else one for name, one in found.items()}
        speaker.result(said, settings=shown)


@click.command(
    cls=Command,
    help="Set name, nearest city, province, climate zone and other facts of a project; without a value list them.",
    examples=(
        "lutu project qinghe",
        "lutu project qinghe climate_city=西安 default_year_built=1995 --why 更正",
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("values", nargs=-1, help="Settings: name=value; none takes a year away.")
@option("--crs", default="", help="Reference system, as long as the project holds no data.")
@why_option
@json_option
def project(folder: Path, values: tuple[str, ...], crs: str, why: str, as_json: bool) -> None:
    """Set the facts of a project."""
    from desktop import operations, project_settings
    from layers.system_names import system_said

    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as opened:
        if crs:
            project_settings.set_system(opened, crs)
        if values:
            wanted = project_settings.values_of_words(values)
            project_settings.set_project_settings(opened, wanted, why)
        now = project_settings.project_settings(opened)
        found = {one.name: getattr(now, one.name) for one in fields(now)}
        for name, value in found.items():
            speaker.say(_setting_said(name, value))
        speaker.say(f"  {text('Reference system')}: {system_said(opened.crs)}")
        said = text("Set {count} settings; check the data again.", count=len(values)) if values else ""
        speaker.result(said, settings=found, crs=opened.crs.name)


@click.command(
    cls=Command,
    help="Write an empty sheet for own data, with its head and what each column takes, as XLSX or CSV.",
    examples=("lutu template statistics 能耗统计.xlsx", "lutu template measured 实测.csv"),
)
@argument(
    "kind", type=click.Choice(OWN), help="statistics (and audits), actual values, or measured projects."
)
@argument("file", type=PATH, help="The file to write.")
@json_option
def template(kind: str, file: Path, as_json: bool) -> None:
    """Write a template."""
    from desktop import operations

    with Speaker(as_json) as speaker:
        made = operations.write_template(kind, file)
        speaker.result(text("Wrote {file}.", file=made), file=str(made))


def _setting_said(name: str, value: object) -> str:
    """A setting with title, value, unit, limits and meaning."""
    from core.fields import setting  # late: it brings pandas
    from standards.place_names import place_said

    known = setting(name)
    if name == "climate_city":
        value = place_said(str(value))
    shown = given(value) if isinstance(value, float) else known.shown(value) if value is not None else "—"
    if isinstance(value, tuple):
        shown = ", ".join(map(str, value))
    parts = [f"  {name} = {shown} {unit_said(known.unit)}".rstrip(), known.title]
    if known.choices:
        parts.append(" | ".join(known.choices))
    elif known.low is not None and known.high is not None:
        parts.append(f"{known.low:g} – {known.high:g}")
    if known.meaning:
        parts.append(known.meaning)
    return "  ·  ".join(parts)
