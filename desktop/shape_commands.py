"""The commands of `lutu` for shapes: split, merge, delete and draw parcels and protection zones; each calls an operation."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.problems import Problem, UserError
from core.texts import text
from desktop.click_words import Command, argument, json_option, option
from desktop.own_commands import why_option
from desktop.plan_commands import PATH
from desktop.speaking import Speaker

if TYPE_CHECKING:
    from layers.project import Project

TABLE_HELP = "parcel or protection_zone."


@click.command(
    cls=Command,
    help="Split parcels or zones by a line; the given data itself stays as it was.",
    examples=(
        'lutu split qinghe parcel QH-0312 --line "499700,3797400 500100,3797400"',
        'lutu split qinghe parcel QH-0312 QH-0313 --line "499700,3797400 500100,3797450" --why 规划道路',
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("table", help=TABLE_HELP)
@argument("rows", nargs=-1, required=True, help="Ids of the shapes.")
@option("--line", required=True, help="Places x,y of the line in the project's reference system.")
@why_option
@json_option
def split(folder: Path, table: str, rows: tuple[str, ...], line: str, why: str, as_json: bool) -> None:
    """Split shapes."""
    from desktop import operations

    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        made = operations.split_shapes(project, table, rows, places(line), why)
        _tell(speaker, project, table, [*rows, *made], made=made)


@click.command(
    cls=Command,
    help="Merge parcels or zones that share edges; the largest keeps its id.",
    examples=("lutu merge qinghe parcel QH-0312 QH-0313 --why 同一权属",),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("table", help=TABLE_HELP)
@argument("rows", nargs=-1, required=True, help="Ids of the shapes.")
@why_option
@json_option
def merge(folder: Path, table: str, rows: tuple[str, ...], why: str, as_json: bool) -> None:
    """Merge shapes."""
    from desktop import operations

    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        kept = operations.merge_shapes(project, table, rows, why)
        _tell(speaker, project, table, [kept], made=[kept])


@click.command(
    cls=Command,
    help="Take parcels or zones away; the given data itself stays as it was.",
    examples=("lutu delete qinghe protection_zone BH-01 --why 已撤销",),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("table", help=TABLE_HELP)
@argument("rows", nargs=-1, required=True, help="Ids of the shapes.")
@why_option
@json_option
def delete(folder: Path, table: str, rows: tuple[str, ...], why: str, as_json: bool) -> None:
    """Delete shapes."""
    from desktop import operations

    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        operations.remove_shapes(project, table, rows, why)
        _tell(speaker, project, table, [], made=[])


@click.command(
    cls=Command,
    help="Draw a parcel or a zone by its corners.",
    examples=(
        'lutu draw qinghe protection_zone --outline "499700,3797400 499800,3797400 499800,3797500" '
        "--set kind=archaeology --set name=遗址",
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("table", help=TABLE_HELP)
@option("--outline", required=True, help="Corners x,y in the project's reference system.")
@option("--set", "settings", multiple=True, help="A column with its value, name=value; may be repeated.")
@why_option
@json_option
def draw(folder: Path, table: str, outline: str, settings: tuple[str, ...], why: str, as_json: bool) -> None:
    """Draw a shape."""
    from desktop import operations
    from desktop.words import parsed_value
    from layers.shapes import area_of

    values = {}
    for one in settings:
        name, sign, value = one.partition("=")
        if not sign:
            raise UserError(Problem("{word} is not a column with a value.", "Write name=value.", word=one))
        values[name.strip()] = parsed_value(name.strip(), value.strip())
    shape = area_of(places(outline))
    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        row = operations.draw_shape(project, table, shape, values, why)
        _tell(speaker, project, table, [row], made=[row])


def places(words: str) -> list[tuple[float, float]]:
    """Places as they are typed: x,y one after another, blanks between them. [m]"""
    found = []
    for word in words.replace("，", ",").split():
        x, _, y = word.partition(",")
        try:
            found.append((float(x), float(y)))
        except ValueError as error:
            raise UserError(
                Problem("{word} is not a place.", "Write x,y in metres, such as 499700,3797400.", word=word)
            ) from error
    return found


def _tell(
    speaker: Speaker, project: Project, table: str, rows: Sequence[str], *, made: Sequence[str]
) -> None:
    """What was done, which ids came of it, and what should be said of the shapes."""
    from desktop import operations

    doubts = operations.doubts_about(project, table, rows)
    speaker.problems(doubts)
    words = text("{change}.", change=project.history()[-1].label)
    speaker.result(words, rows=list(made), doubts=[doubt.said() for doubt in doubts])
