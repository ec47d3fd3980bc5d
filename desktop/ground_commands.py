"""The commands of `lutu` about the ground of a whole region: maps of temperature at depth."""

from __future__ import annotations

from pathlib import Path

import click

from core.texts import LANGUAGES, text
from desktop.click_words import Command, argument, json_option, option
from desktop.speaking import Speaker, records

PATH = click.Path(path_type=Path)


@click.command(
    "depth-map",
    cls=Command,
    short_help="Make maps of temperature at depth from heat-flow points.",
    help="Make maps of temperature at depth from heat-flow points: rasters that a project can take in, the points with "
    "what their own gradients say, and a sheet. Columns of the Global Heat Flow Database are known.",
    examples=(
        "lutu depth-map ghfdb2024_china.csv --out 深部温度",
        "lutu depth-map points.csv --depth 1500 --column heat_flow_mw_per_m2=热流 --crs EPSG:4545 --cell 500",
    ),
)
@argument(
    "file", type=PATH, help="Points with longitude and latitude, their heat flow, and where known gradients."
)
@option("--out", type=PATH, default=Path("depth-map"), help="Folder for everything.")
@option(
    "--depth",
    "depths",
    type=float,
    multiple=True,
    help="A depth in metres; 1000, 2000 and 3000 where not given.",
)
@option("--cell", "cell_m", type=float, default=10_000.0, help="Side of a cell in metres.")
@option("--crs", default="", help="Reference system of the maps; an equal-area one of China where not given.")
@option("--points-crs", default="EPSG:4326", help="Reference system of the points.")
@option("--column", "columns", multiple=True, help="Which column is which: ours=theirs or ours=theirs:unit.")
@option("--surface", "surface_c", type=float, help="Temperature of the ground at the surface. [°C]")
@option("--in", "spoken", type=click.Choice(LANGUAGES), default="zh", help="Language of the sheet.")
@json_option
def depth_map(
    file: Path,
    out: Path,
    depths: tuple[float, ...],
    cell_m: float,
    crs: str,
    points_crs: str,
    columns: tuple[str, ...],
    surface_c: float | None,
    spoken: str,
    as_json: bool,
) -> None:
    """Make maps of temperature at depth."""
    from desktop import depth_maps

    with Speaker(as_json) as speaker:
        made = depth_maps.write_depth_maps(
            file,
            out,
            depths or (1000.0, 2000.0, 3000.0),
            cell_m=cell_m,
            crs=crs,
            points_crs=points_crs,
            columns=columns,
            surface_c=surface_c,
            language=spoken,
            job=speaker.job,
        )
        for sentence in made.agreement_said():
            speaker.say(sentence)
        speaker.result(
            text("Wrote {count} files to {folder}.", count=len(made.files), folder=out),
            files=[str(one) for one in made.files],
            agreement={f"{depth:g}": list(found) for depth, found in made.agreement.items()},
            problems=records(made.problems),
        )
