"""The commands `lutu copies`, the copies kept of a project, and `lutu save-as`, the project under another name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from core.texts import text
from desktop.click_words import Command, argument, json_option, option
from desktop.session import load_session, save_session
from desktop.speaking import Speaker

PATH = click.Path(path_type=Path)


@click.command(
    cls=Command,
    short_help="List the copies kept of a project, make one, or put one back.",
    help="List the copies kept of a project, make one, or put one back in the place of a file that is damaged. "
    "The window makes one every few minutes while a project is open and was changed.",
    examples=(
        "lutu copies qinghe",
        "lutu copies qinghe --make",
        "lutu copies qinghe --restore",
        "lutu copies qinghe --restore --copy 20260315T081500Z",
        "lutu copies qinghe --every 10 --keep 3 --room 8",
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@option("--make", is_flag=True, help="Make a copy now, if anything changed since the last one.")
@option(
    "--restore", is_flag=True, help="Put a copy in the place of the project's file, which is kept beside it."
)
@option("--copy", "name", default="", help="Which copy is put back; the newest where not given.")
@option("--every", type=click.IntRange(1), help="Minutes between two copies in the window, for all projects.")
@option("--keep", type=click.IntRange(1), help="Copies kept of each project.")
@option("--room", type=click.FloatRange(0), help="The most that all copies take on the disk, in GB.")
@json_option
def copies(
    folder: Path,
    make: bool,
    restore: bool,
    name: str,
    every: int | None,
    keep: int | None,
    room: float | None,
    as_json: bool,
) -> None:
    """List, make or put back copies."""
    from desktop import operations

    with Speaker(as_json) as speaker:
        before = load_session()
        session = replace(
            before,
            copy_minutes=every or before.copy_minutes,
            copies_kept=keep or before.copies_kept,
            copies_gb=before.copies_gb if room is None else room,
        )
        if session != before:
            save_session(session)
        if restore:
            copy = operations.copy_named(folder, name)
            aside = operations.restore_copy(folder, copy)
            said = text(
                "Put back the copy of {moment}; the file before it is now {file}.",
                moment=copy.moment,
                file=aside.name,
            )
            speaker.result(said, copy=copy.name, before=aside)
            return
        made = operations.make_copy(folder, session, speaker.job) if make else None
        if make:
            speaker.say(text("Made a copy.") if made else text("Nothing changed since the last copy."))
        found = operations.copies_of(folder)
        for one in found:
            speaker.say(f"  {one.name}  ·  {one.moment}  ·  {one.size}")
        kept = text(
            "Every {minutes} minutes, at most {kept} of a project and {room} GB in all: {folder}",
            minutes=session.copy_minutes,
            kept=session.copies_kept,
            room=f"{session.copies_gb:g}",
            folder=found[0].path.parent if found else operations.copies_folder(),
        )
        speaker.result(kept, copies=[one.name for one in found], made=made.name if made else None)


@click.command(
    "save-as",
    cls=Command,
    short_help="Copy a project to another folder.",
    help="Copy a project with its data, results, decisions and documents to another folder.",
    examples=('lutu save-as qinghe "qinghe 2"',),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("target", type=PATH, help="Folder of the copy; empty or not there.")
@json_option
def save_as(folder: Path, target: Path, as_json: bool) -> None:
    """Copy a project."""
    from desktop import operations

    with Speaker(as_json) as speaker:
        operations.open_project(folder).close()  # refuses what is no project
        operations.save_as(folder, target, speaker.job)
        speaker.result(text("Saved as {folder}.", folder=target), folder=target)
