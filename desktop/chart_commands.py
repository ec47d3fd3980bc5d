"""The command `lutu chart`: a chart of the city, a district or a unit as a drawing or as a table of its values."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from core.problems import Problem, UserError
from core.texts import text
from desktop.click_words import Command, argument, json_option, option
from desktop.plan_commands import scenario_option
from desktop.speaking import Speaker

PATH = click.Path(path_type=Path)
NAMES = (
    "electricity_months", "heat_months", "typical_day", "ground_heat", "ground_years", "carbon_cost", "targets",
)  # fmt: skip


@click.command(
    cls=Command,
    help="Draw a chart as SVG, or write its values as CSV.",
    examples=(
        "lutu chart qinghe carbon_cost carbon.svg",
        "lutu chart qinghe typical_day day.csv --option 7 --district 北岸新区",
        "lutu chart qinghe electricity_months months.svg --where 'gfa_m2 > 20000'",
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("name", type=click.Choice(NAMES), help="Which chart.")
@argument("out", type=PATH, help="Where to write: a name that ends in .svg or .csv.")
@option(
    "--option",
    "which",
    default="",
    help="The month of a typical day; technology or measure for the cost of carbon.",
)
@option("--district", default="", help="Of this district alone.")
@option("--unit", default="", help="Of this planning unit alone.")
@option("--where", default="", help="The parcels that meet this condition.")
@option("--width", default=160.0, help="Width of the drawing in mm.")
@option("--height", default=80.0, help="Height of the drawing in mm.")
@scenario_option
@json_option
def chart(
    folder: Path,
    name: str,
    out: Path,
    which: str,
    district: str,
    unit: str,
    where: str,
    width: float,
    height: float,
    scenario: str,
    as_json: bool,
) -> None:
    """Draw a chart or write its values."""
    from desktop import operations
    from desktop.chart_files import charted, write_csv, write_svg

    if out.suffix.lower() not in (".svg", ".csv"):
        raise click.UsageError(text("Give a name that ends in .svg or .csv."))
    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        scope, made = charted(
            project, name, which, district=district, unit=unit, where=where, scenario=scenario
        )
        if made.picture is None:
            problem = Problem(
                "Nothing can be drawn here: {cause}",
                "Compute what is missing, or choose another chart or part of the city.",
                cause=made.note,
            )
            raise UserError(problem)
        out.parent.mkdir(parents=True, exist_ok=True)
        if out.suffix.lower() == ".csv":
            write_csv(made, out)
        else:
            write_svg(made.picture(width, height), out)
        said = f"{made.title} · {scope.said} · {text('Wrote {file}.', file=out.name)}"
        speaker.result(said, file=str(out), rows=len(scope.ids), note=made.note)
