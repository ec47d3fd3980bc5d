"""The command `lutu scenario`: scenarios listed, made, compared, renamed and deleted; each calls an operation."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.problems import Problem, UserError
from core.texts import text, word
from core.units import count
from desktop.click_words import Command, argument, json_option, option
from desktop.plan_commands import PATH
from desktop.speaking import Speaker

if TYPE_CHECKING:
    from layers.project import Project


@click.command(
    cls=Command,
    short_help="List, make, compare, rename and delete scenarios.",
    help="List the scenarios of a project, make one as a copy of another, compare the plans of two or the main figures of "
    "all, call one otherwise, or delete one; all but comparing can be undone.",
    examples=(
        "lutu scenario qinghe",
        "lutu scenario qinghe new 高目标 --why 省下达指标 --from 基准情景",
        "lutu scenario qinghe compare",
        "lutu scenario qinghe compare 基准情景 高目标",
        "lutu scenario qinghe compare 基准情景 高目标 --to 比较.pdf",
        "lutu scenario qinghe rename 高目标 省定目标 --why 正式名称",
        "lutu scenario qinghe delete 高目标 --why 不再采用",
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument(
    "action",
    required=False,
    type=click.Choice(("list", "new", "compare", "rename", "delete")),
    default="list",
    help="What to do.",
)
@argument(
    "names",
    nargs=-1,
    help="Name of the new scenario; of the two to compare, none compares all; old and new name; or the one "
    "to delete.",
)
@option(
    "--from",
    "source",
    default="",
    help="Scenario whose decisions are copied; the base scenario where not given.",
)
@option("--why", default="", help="Why, for the history.")
@option(
    "--to",
    "path",
    type=PATH,
    help="File of the comparison: .xlsx or .csv for all scenarios; of two .pdf for a sheet with maps, .xlsx for all tables, "
    ".csv for the figures.",
)
@json_option
def scenario(
    folder: Path,
    action: str,
    names: tuple[str, ...],
    source: str,
    why: str,
    path: Path | None,
    as_json: bool,
) -> None:
    """List, make and compare scenarios."""
    from desktop import operations, scenarios

    wanted = {"list": (0,), "new": (1,), "compare": (0, 2), "rename": (2,), "delete": (1,)}[action]
    if len(names) not in wanted:
        raise UserError(
            Problem("{action} needs {count} names.", "Give them after it.", action=action, count=wanted[-1])
        )
    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        if action == "new":
            made = scenarios.new_scenario(project, names[0], why, source)
            speaker.result(text("Made the scenario {name}.", name=made.title), key=made.key, name=made.title)
        elif action == "rename":
            made = scenarios.rename_scenario(project, names[0], names[1], why)
            said = text("{name} is now called {title}.", name=names[0], title=made.title)
            speaker.result(said, key=made.key, name=made.title)
        elif action == "delete":
            gone = scenarios.delete_scenario(project, names[0], why)
            speaker.result(text("Deleted {name}; undo brings it back.", name=gone.title), key=gone.key)
        elif action == "compare" and not names:
            _compare_all(project, path, speaker)
        elif action == "compare":
            _compare(project, names, path, speaker)
        else:
            _list_scenarios(project, speaker)


def _compare_all(project: Project, path: Path | None, speaker: Speaker) -> None:
    """The main figures of all planned scenarios, with their differences to the first of them."""
    from desktop import scenario_table

    found = scenario_table.scenario_table(project)
    heads = found.heads
    for row in range(len(found.scenarios)):
        name, *cells = (cell.replace("\n", "  ") for cell in found.said(row))
        speaker.say(name)
        for title, cell in zip(heads[1:], cells, strict=True):
            speaker.say(f"    {title}  {cell}")
    _write(path, partial(scenario_table.write, found), speaker)
    speaker.result(
        text("{count} scenarios have a plan.", count=len(found.scenarios)),
        scenarios=found.frame().to_dict("records"),
        file=str(path) if path is not None else None,
    )


def _list_scenarios(project: Project, speaker: Speaker) -> None:
    from desktop import planning, scenarios

    known = scenarios.scenarios(project)
    for one in known:
        state = text("no plan yet")
        if project.computed(one.plan) is not None:
            state = text("up to date") if planning.is_fresh(project, one.key) else text("out of date")
        speaker.say(
            "  ".join(part for part in (one.title, state, one.made_by, one.made_at[:10], one.reason) if part)
        )
    speaker.result("", scenarios=[{"key": one.key, "name": one.title, "reason": one.reason} for one in known])


def _compare(project: Project, names: tuple[str, ...], path: Path | None, speaker: Speaker) -> None:
    from desktop import comparing
    from plans.comparison import change_counts, change_said, changed

    found = comparing.pair(project, names[0], names[1])
    for key, row in found.figures.iterrows():
        before, after, change, relative = change_said(row)
        speaker.say(f"  {row['figure_title']}  {before} → {after}  {change} ({relative})  [{key}]")
    counts, rows = change_counts(found.parcels), changed(found.parcels)
    speaker.say(
        text(
            "Parcels that changed: {count} of {whole}",
            count=count(len(rows)),
            whole=count(len(found.parcels)),
        )
    )
    for kind, number in counts.items():
        speaker.say(f"  {word(str(kind))}  {count(int(number))}")
    _write(path, partial(comparing.write, found), speaker)
    speaker.result(
        text("{count} figures differ.", count=len(found.figures)),
        figures=found.figures.reset_index().to_dict("records"),
        parcels=rows.reset_index().to_dict("records"),
        changes={str(kind): int(number) for kind, number in counts.items()},
        file=str(path) if path is not None else None,
    )


def _write(path: Path | None, write: Callable[[Path], list[Problem]], speaker: Speaker) -> None:
    """Write a comparison where a file was asked for, and say so."""
    if path is not None:
        speaker.problems(write(path))
        speaker.say(text("Wrote {path}.", path=path))
