"""The command of `lutu` that composes one map sheet: paper, scale, layers, items and words, once or as an atlas."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from core.problems import Problem, UserError
from core.texts import LANGUAGES, text
from desktop.click_words import Command, argument, json_option, option
from desktop.plan_commands import PATH, scenario_option
from desktop.speaking import Speaker, records

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
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument(
    "sheet", required=False, default="", help="Sheet; those that can be composed are listed where not given."
)
@option("--to", "out", type=PATH, help="The file to write, PDF or PNG.")
@option("--paper", type=click.Choice(PAPERS), default="a3", help="Size of the paper.")
@option("--portrait", is_flag=True, help="Paper upright.")
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
@option("--in", "spoken", type=click.Choice(LANGUAGES), default="zh", help="Language of the sheets.")
@scenario_option
@json_option
def compose(
    folder: Path,
    sheet: str,
    out: Path | None,
    paper: str,
    portrait: bool,
    scale: int,
    centre: str | None,
    without: tuple[str, ...],
    layers: tuple[int, ...],
    atlas: str | None,
    places: tuple[str, ...],
    items: tuple[str, ...],
    title: str,
    number: str,
    author: str,
    drawn: str,
    checked: str,
    spoken: str,
    scenario: str,
    as_json: bool,
) -> None:
    """Compose a map sheet."""
    from desktop import composing, operations
    from reports.sheets.composition import Composition
    from reports.sheets.content import Imprint

    with Speaker(as_json) as speaker:
        with closing(operations.open_project(folder)) as project:
            material = composing.shown(project, scenario)
        if not sheet:
            listed = composing.offered(material)
            for one, lacking in listed:
                said = "" if lacking is None else f"  ·  {lacking.said()}"
                speaker.say(f"  {one.key}  {one.called.said()} {one.title.said()}{said}")
            ready = [one.key for one, lacking in listed if lacking is None]
            speaker.result(text("{count} sheets can be composed.", count=len(ready)), sheets=ready)
            return
        if out is None:
            raise UserError(Problem("It is not said where to write.", "Name a file: --to sheet.pdf."))
        wanted = Composition(
            sheet,
            paper,
            not portrait,
            scale,
            _centre(centre) if centre else None,
            without,
            layers or None,
            None,
            title,
            number,
            atlas or "",
            places,
            Imprint(author=author, drawn=drawn, checked=checked),
            tuple(composing.item_of(one) for one in items),
        )
        files, problems = composing.compose(material, wanted, out, language=spoken, job=speaker.job)
        speaker.problems(problems)
        speaker.result(
            text("Wrote {count} files.", count=len(files)),
            files=[str(one) for one in files],
            problems=records(problems),
        )


def _centre(words: str) -> tuple[float, float]:
    """A place of two numbers."""
    try:
        east, north = (float(one) for one in words.replace("，", ",").split(","))
    except ValueError as error:
        raise UserError(
            Problem("{words} is no place.", "Write east,north in metres.", words=words)
        ) from error
    return east, north
