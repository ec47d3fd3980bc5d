"""The command `lutu calculate`: a column of many rows corrected by an expression on the others."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from core.problems import Problem, UserError
from core.texts import text
from core.units import count
from desktop.click_words import Command, argument, json_option, option
from desktop.speaking import Speaker


@click.command(
    cls=Command,
    help="Correct a column of many rows by a calculation on the others.",
    examples=(
        "lutu calculate qinghe building floors_above 'height_m // 3' --where 'use == \"hotel\"' --why 实测层高",
        "lutu calculate qinghe parcel green_ratio 0.35 --where 'planning_unit == \"B01\"' --why 控规",
    ),
)
@argument("folder", type=click.Path(path_type=Path), help="Folder of the project.")
@argument("table", help="building, parcel or another table of the project.")
@argument("field", help="Name of the column, as in the dictionary.")
@argument("expression", help="A number, a word in quotes, or a calculation on columns.")
@option("--where", default="", help="A condition that the rows meet; all rows where not given.")
@option("--why", default="", help="The reason, kept in the history.")
@json_option
def calculate(
    folder: Path, table: str, field: str, expression: str, where: str, why: str, as_json: bool
) -> None:
    """Correct a column by a calculation."""
    from desktop import operations
    from desktop.expressions import rows_meant
    from desktop.result_tables import frame_of, with_results

    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        operations.correctable(project, table, field)
        made = operations.assessments(project)
        if project.city is None or frame_of(project.city, made, table) is None:
            raise UserError(Problem("The data was not checked yet.", "Check the data first."))
        frame = with_results(project.city, made, table)
        meant = rows_meant(frame, where)
        ids = [str(one) for one in (frame.index if meant is None else frame.index[meant])]
        found = operations.calculated(frame, table, ids, field, expression)
        changed = operations.calculate(project, found, why)
        said = text("{count} values were corrected.", count=count(changed))
        speaker.result(said, field=field, rows=len(ids), changed=changed, without=found.without)
