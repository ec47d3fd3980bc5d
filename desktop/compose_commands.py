"""The command of `lutu` that composes one map sheet, as asked for or as a template has it, once or as an atlas."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from core.problems import Problem, UserError
from core.texts import LANGUAGES, text
from desktop.click_words import Command, argument, json_option, option
from desktop.plan_commands import PATH, scenario_option
from desktop.speaking import Speaker, records

if TYPE_CHECKING:
    from desktop.composing import Shown
    from reports.sheets.wanted import Composition

PAPERS = ("a4", "a3", "a2", "a1", "a0")
ITEMS = ("legend", "tables", "notes", "scale_bar", "wind_rose", "north_arrow", "title_block")


@click.command(
    cls=Command,
    short_help="Compose one map sheet, or list those that can be composed.",
    help="Compose one map sheet as PDF or PNG: paper, scale, layers, items and words of the title block, on one page or as "
    "an atlas of planning units or parcels; without a sheet list those that can be composed.",
    examples=(
        "lutu compose qinghe",
        "lutu compose qinghe land_use --to 用地.pdf --paper a2 --scale 20000",
        "lutu compose qinghe land_use --to 图集.pdf --atlas planning_unit --author 青禾市住房和城乡建设局",
        "lutu compose qinghe land_use --to 用地.png --without legend --without tables --title 用地现状",
        "lutu compose qinghe land_use --to 用地.pdf --item picture@40:logo.png --item chart@7:typical_day "
        "--item 'text:{city} {scenario}'",
        "lutu compose qinghe as-shown --view 老城 --to 地图.pdf",
        "lutu compose qinghe land_use --paper a1 --keep-as 月报",
        "lutu compose qinghe --template 月报 --to 用地.pdf",
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument(
    "sheet", required=False, default="", help="Sheet; those that can be composed are listed where not given."
)
@option("--to", "out", type=PATH, help="The file to write, PDF or PNG.")
@option("--paper", type=click.Choice(PAPERS), default="a3", help="Size of the paper.")
@option("--portrait/--landscape", default=False, help="Paper upright, or across as where not given.")
@option(
    "--scale",
    type=int,
    default=0,
    help="Denominator of a fixed scale; the largest round one where not given.",
)
@option("--centre", help="Middle of the map: east,north in the reference system of the project, in metres.")
@option("--without", multiple=True, type=click.Choice(ITEMS), help="Items that are left out.")
@option(
    "--layer",
    "layers",
    multiple=True,
    type=int,
    help="Layers that are shown, by their place from 0; all where not given.",
)
@option(
    "--view",
    default="",
    help="For the map as shown: a kept view; as it was left in the window where not given.",
)
@option("--atlas", type=click.Choice(("planning_unit", "parcel")), help="A page for each of these.")
@option("--only", "places", multiple=True, help="Ids of the pages of an atlas; all where not given.")
@option(
    "--item",
    "items",
    multiple=True,
    help="An item beside the map, in this order: text:WORDS with fields as {title}, picture:FILE, chart:NAME; "
    "picture@40 is 40 % as wide as its column, chart@7 has the option 7.",
)
@option("--title", default="", help="Title in place of that of the sheet.")
@option("--number", default="", help="Number in place of that of the sheet.")
@option("--author", default="", help="Who made it, as printed in the title block.")
@option("--drawn", default="", help="Who drew it, as printed in the title block.")
@option("--checked", default="", help="Who checked it, as printed in the title block.")
@option(
    "--template",
    "kept",
    default="",
    help="A kept template; what is given beside it takes the place of its own.",
)
@option(
    "--keep-as",
    default="",
    help="Keep the sheet as a template of this name; it is printed where --to is given.",
)
@option("--forget", default="", help="Forget the template of this name.")
@option("--in", "spoken", type=click.Choice(LANGUAGES), default="zh", help="Language of the sheets.")
@scenario_option
@json_option
def compose(
    folder: Path,
    sheet: str,
    out: Path | None,
    kept: str,
    keep_as: str,
    forget: str,
    view: str,
    spoken: str,
    scenario: str,
    as_json: bool,
    **wishes: Any,
) -> None:
    """Compose a map sheet."""
    from desktop import composing, operations
    from desktop.map_sheet import KEY
    from desktop.sheet_templates import drop_template, keep_template, kept_templates, template_named
    from reports.sheets.composition import Composition, declared_of, seen_in

    context = click.get_current_context()
    given = {
        name: value
        for name, value in wishes.items()
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT
    }
    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        if forget:
            drop_template(folder, forget)
            speaker.result(text("The template {name} is forgotten.", name=forget), forgotten=forget)
            return
        if not sheet and not kept:
            _list(speaker, composing.shown(project, scenario), kept_templates(folder))
            return
        if out is None and not keep_as:
            raise UserError(Problem("It is not said where to write.", "Name a file: --to sheet.pdf."))
        before = template_named(folder, kept) if kept else Composition(sheet)
        wanted = _changed(replace(before, key=sheet.replace("-", "_") or before.key), given)
        if wanted.key == KEY:
            material, place = composing.shown_with_map(project, speaker.job, view=view, scenario=scenario)
            if place is not None and not {"scale", "centre"} & set(given) and not wanted.atlas:
                wanted = seen_in(wanted, place)
        else:
            material = composing.shown(project, scenario)
        if keep_as:
            declared_of(wanted, material.around)  # what is wrong is said before it is kept
            keep_template(folder, keep_as, wanted)
        if out is None:
            speaker.result(text("The template {name} is kept.", name=keep_as), kept=keep_as)
            return
        files, problems = composing.compose(material, wanted, out, language=spoken, job=speaker.job)
        speaker.problems(problems)
        speaker.result(
            text("Wrote {count} files.", count=len(files)),
            files=[str(one) for one in files],
            problems=records(problems),
        )


def _list(speaker: Speaker, material: Shown, templates: Mapping[str, Composition]) -> None:
    """Say which sheets can be composed and which templates there are."""
    from desktop import composing
    from desktop.map_sheet import KEY

    listed = composing.offered(material)
    speaker.say(f"  {KEY}  {text('Map as shown')}")
    for one, lacking in listed:
        said = "" if lacking is None else f"  ·  {lacking.said()}"
        speaker.say(f"  {one.key}  {one.called.said()} {one.title.said()}{said}")
    for name, composed in templates.items():
        speaker.say(f"  {text('Template')}  {name}  ·  {composed.key} {composed.paper.upper()}")
    ready = [KEY, *(one.key for one, lacking in listed if lacking is None)]
    said = text("{count} sheets can be composed.", count=len(ready))
    speaker.result(said, sheets=ready, templates=list(templates))


def _changed(before: Composition, given: Mapping[str, Any]) -> Composition:
    """A composition with what was said on the command line in place of its own."""
    from desktop.composing import item_of

    changes: dict[str, Any] = {
        name: given[name]
        for name in ("paper", "scale", "without", "layers", "title", "number", "atlas", "places")
        if name in given
    }
    if "portrait" in given:
        changes["landscape"] = not given["portrait"]
    if "centre" in given:
        changes["centre"] = _centre(given["centre"])
    if "items" in given:
        changes["added"] = tuple(item_of(one) for one in given["items"])
    names = {name: given[name] for name in ("author", "drawn", "checked") if name in given}
    return replace(before, **changes, imprint=replace(before.imprint, **names))


def _centre(words: str) -> tuple[float, float]:
    """A place of two numbers."""
    try:
        east, north = (float(one) for one in words.replace("，", ",").split(","))
    except ValueError as error:
        raise UserError(
            Problem("{words} is no place.", "Write east,north in metres.", words=words)
        ) from error
    return east, north
