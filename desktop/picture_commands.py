"""The command `lutu picture`: the map as a picture with its legend, as the window writes it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from core.problems import Problem, UserError
from core.texts import text
from desktop.click_words import Command, argument, json_option, option
from desktop.plan_commands import PATH, scenario_option
from desktop.speaking import Speaker

SIZE = click.IntRange(200, 6000)


@click.command(
    cls=Command,
    short_help="Write the map as a picture with its legend.",
    help="Write the map as a picture (PNG) with its legend, scale bar and north arrow: as it was left in the window or "
    "as a view keeps it, with its filters, or with one layer coloured by a column.",
    examples=(
        "lutu picture qinghe 地图.png",
        "lutu picture qinghe 光伏.png --layer building --by pv_kwh_per_year",
        "lutu picture qinghe 方案.png --layer parcel --by plan_heat_family --without tree --width 2000",
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("out", type=PATH, help="The file to write, PNG.")
@option(
    "--view", default="", help="Name of a kept view; without one, the map is as it was left in the window."
)
@option("--layer", default="", help="A layer to be shown, and to be coloured where --by is given.")
@option("--by", default="", help="Column that colours the layer.")
@option("--without", multiple=True, help="Layers that are left out.")
@option(
    "--extent", default="", help="West,south,east,north in the reference system of the project, in metres."
)
@option(
    "--width",
    type=SIZE,
    default=1400,
    help="Width of the map in points of a screen; the picture has twice as many.",
)
@option(
    "--height",
    type=SIZE,
    default=900,
    help="Height of the map in points of a screen; the picture has twice as many.",
)
@scenario_option
@json_option
def picture(
    folder: Path,
    out: Path,
    view: str,
    layer: str,
    by: str,
    without: tuple[str, ...],
    extent: str,
    width: int,
    height: int,
    scenario: str,
    as_json: bool,
) -> None:
    """Write the map as a picture."""
    from desktop.map_picture import map_asked
    from desktop.operations import open_project
    from desktop.scenarios import scenario_named
    from desktop.ui.written_map import write_map

    if out.suffix.lower() != ".png":
        raise click.UsageError(text("Give a name that ends in .png."))
    if by and not layer:
        raise click.UsageError(text("Say with --layer which layer is coloured."))
    place = _extent(extent) if extent else None
    with Speaker(as_json) as speaker:
        key = None
        if scenario:
            with closing(open_project(folder)) as project:
                key = scenario_named(project, scenario).key
        asked = map_asked(
            folder, view=view, layer=layer, by=by, hidden=without, scenario=key, job=speaker.job
        )
        write_map(asked, out, (width, height), place or asked.place)
        shown = [one.name for one in asked.layers if one.visible]
        speaker.result(text("Wrote {file}.", file=out), file=str(out), layers=shown)


def _extent(words: str) -> tuple[float, float, float, float]:
    """Four numbers parted by commas, west of east and south of north."""
    try:
        west, south, east, north = (float(part) for part in words.replace("，", ",").split(","))
    except ValueError:
        west = south = east = north = 0.0
    if not (west < east and south < north):
        raise UserError(
            Problem(
                "{words} is no extent.",
                "Write west,south,east,north in metres, the smaller number first.",
                words=words,
            )
        )
    return west, south, east, north
