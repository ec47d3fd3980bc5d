"""The command of `lutu` for published numbers: list, search, show, set and take back; each calls an operation."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.problems import Problem, UserError
from core.texts import text
from desktop.click_words import Command, argument, json_option, option
from desktop.plan_commands import PATH
from desktop.speaking import Speaker

if TYPE_CHECKING:
    from desktop.standard_numbers import RowShown
    from layers.project import Project
    from standards import Standards

KINDS = ("published", "assumed", "unverified", "own")


@click.command(
    cls=Command,
    short_help="List, search and show published numbers, and put your own in their place.",
    help="List the tables of published numbers, show the rows of one, put a number of your own in place of a published one "
    "with source and reason, add a row, or take it back. All results are out of date from then on.",
    examples=(
        "lutu standards qinghe",
        "lutu standards qinghe --kind own",
        "lutu standards qinghe pv_parameters --find 金属屋面",
        'lutu standards qinghe pv_parameters parameter=gcr case="flush metal roof" default=0.8 '
        "--source 青禾市光伏导则 --why 地方导则",
        'lutu standards qinghe pv_parameters parameter=gcr case="flush metal roof" --back',
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("table", required=False, default="", help="Table; all are listed where not given.")
@argument("values", nargs=-1, help="The row and its new cells: column=value.")
@option("--find", default="", help="Words that must stand in a row or a title.")
@option("--kind", type=click.Choice(KINDS), help="Only rows of this kind.")
@option("--source", default="", help="Key or title of the document with the place, or assumption.")
@option("--why", default="", help="The reason, kept in the history and printed beside it.")
@option("--back", is_flag=True, help="Let the published row hold again.")
@json_option
def standards(
    folder: Path,
    table: str,
    values: tuple[str, ...],
    find: str,
    kind: str | None,
    source: str,
    why: str,
    back: bool,
    as_json: bool,
) -> None:
    """List, show or set published numbers."""
    from desktop import operations, standard_numbers

    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        if values:
            _changed(project, table, values, source, why, back, speaker)
        elif table:
            found = standard_numbers.rows(project.standards, table, find, kind or "")
            for row in found:
                speaker.say(_row_said(row))
            speaker.result(text("{count} rows.", count=len(found)), rows=[_record(row) for row in found])
        elif kind == standard_numbers.OWN:
            _own(project, speaker)
        else:
            listed = standard_numbers.tables(project.standards, find, kind or "")
            for one in listed:
                counts = text(
                    "{rows} rows, {assumed} assumed, {unverified} unverified, {own} own",
                    rows=one.rows,
                    assumed=one.assumed,
                    unverified=one.unverified,
                    own=one.own,
                )
                speaker.say(f"  {one.name}  {one.title}  ·  {counts}")
            speaker.result(text("{count} tables.", count=len(listed)), tables=[vars(one) for one in listed])


def _own(project: Project, speaker: Speaker) -> None:
    """Say everything that was put in place of published numbers."""
    from desktop import standard_numbers

    found = standard_numbers.overrides(project)
    for one in found:
        speaker.say(f"  {one.title}")
        for column, value in one.now.items():
            before = one.published.get(column, "") or "—"
            speaker.say(f"    {standard_numbers.column_title(column)}: {before} → {value}")
        speaker.say(f"    {one.override.source}  ·  {one.override.reason}")
    records = [
        {
            "table": one.override.table,
            "keys": one.override.keys,
            "now": dict(one.now),
            "published": dict(one.published),
            "source": one.override.source,
            "reason": one.override.reason,
        }
        for one in found
    ]
    speaker.result(text("{count} numbers and rows of your own.", count=len(found)), own=records)


def _changed(
    project: Project,
    table: str,
    values: tuple[str, ...],
    source: str,
    why: str,
    back: bool,
    speaker: Speaker,
) -> None:
    """Set or take back what the words say."""
    from desktop import operations

    keys, cells = _read(project, table, values)
    if back:
        operations.take_back(project, table, keys, why)
        said = text("The published row holds again; check the data and assess again.")
    else:
        before = project.standards
        operations.override(project, table, keys, cells, source=source, why=why)
        _say_grades(project, table, before, speaker)
        said = text("Your number holds now; check the data and assess again.")
    speaker.result(said, table=table, keys=keys, cells=cells)


def _say_grades(project: Project, table: str, before: Standards, speaker: Speaker) -> None:
    """Say how many parcels a changed rule of grades gives each grade."""
    from desktop import grade_rules, standard_numbers

    if table not in standard_numbers.RULE_TABLES or project.city is None:
        return
    city = project.city
    counts = [grade_rules.grade_counts(city, one, {}) for one in (before, project.standards)]
    speaker.say(f"  {grade_rules.change_said(*counts)}")


def _read(project: Project, table: str, values: tuple[str, ...]) -> tuple[list[str], dict[str, str]]:
    """The keys of the row, in their order, and the other cells."""
    columns = project.standards.keys(table)
    pairs = [value.partition("=") for value in values]
    wrong = [name for name, sign, _ in pairs if not sign]
    if wrong:
        raise UserError(
            Problem("Not understood: {words}.", "Write each cell as column=value.", words=", ".join(wrong))
        )
    given = {name: value for name, _, value in pairs}
    keys = [given.pop(column, "") for column in columns]
    return keys, given


def _row_said(row: RowShown) -> str:
    """A row on a line: its keys as they are written, what it says in them, its numbers, unit, source and note."""
    from desktop.standard_numbers import OWN, column_title

    cells = ", ".join(
        f"{column_title(name)} {value}"
        for name, value in row.cells.items()
        if value and value not in row.keys and name != "unit"
    )
    mark = "* " if OWN in row.kinds else "  "
    parts = [" / ".join(row.keys), row.title if row.title != " / ".join(row.keys) else ""]
    parts += [f"{cells} {row.unit}".strip(), row.source, row.note]
    return mark + "  ·  ".join(part for part in parts if part)


def _record(row: RowShown) -> dict[str, object]:
    return {
        "table": row.table,
        "keys": row.keys,
        "title": row.title,
        "cells": dict(row.cells),
        "source": row.source,
        "note": row.note,
        "kinds": row.kinds,
    }
