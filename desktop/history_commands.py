"""The commands `lutu history` and `lutu undo`: what was changed, and back to any of it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from core.texts import text
from core.units import count
from desktop.click_words import Command, argument, json_option, option
from desktop.speaking import Speaker

PATH = click.Path(path_type=Path)


@click.command(
    cls=Command,
    short_help="List the changes of a project.",
    help="List the changes of a project, the oldest first, with who, when and why; undone ones are marked.",
    examples=("lutu history qinghe", "lutu undo qinghe --to 12"),
)
@argument("folder", type=PATH, help="Folder of the project.")
@json_option
def history(folder: Path, as_json: bool) -> None:
    """List changes."""
    from desktop import operations

    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        entries = project.history()
        for one in entries:
            mark = text("undone") if one.undone else ""
            parts = (one.number, one.label, one.at[:16].replace("T", " "), one.who, one.why, mark)
            speaker.say("  " + "  ·  ".join(str(part) for part in parts if part))
        in_force = sum(not one.undone for one in entries)
        kept = [
            {"number": one.number, "label": one.label, "at": one.at, "why": one.why, "undone": one.undone}
            for one in entries
        ]
        speaker.result(text("{count} changes in force.", count=count(in_force)), changes=kept)


@click.command(
    cls=Command,
    help="Undo the last change of a project, or all after one of them.",
    examples=("lutu undo qinghe", "lutu undo qinghe --redo", "lutu undo qinghe --to 12"),
)
@argument("folder", type=PATH, help="Folder of the project.")
@option("--redo", is_flag=True, help="Make the last undone change again.")
@option(
    "--to",
    "number",
    type=click.IntRange(0),
    help="Undo, or make again, until the change of this number is the last; 0 undoes all. See `lutu history`.",
)
@json_option
def undo(folder: Path, redo: bool, number: int | None, as_json: bool) -> None:
    """Undo or redo changes."""
    from desktop import operations

    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        if number is not None:
            moved = project.go_to(number)
            said = text("Undone or made again: {count} changes.", count=count(moved))
            speaker.result(said, moved=moved)
            return
        label = project.redo() if redo else project.undo()
        if label is None:
            none = text("There is nothing to redo.") if redo else text("There is nothing to undo.")
            speaker.result(none, label=None)
        elif redo:
            speaker.result(text("Made again: {change}.", change=label), label=label)
        else:
            speaker.result(text("Undone: {change}.", change=label), label=label)
