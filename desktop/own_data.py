"""Own data: energy statistics, values reached and measured projects, read from a sheet or typed into an empty one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from core.fields import field
from core.problems import Problem, UserError
from core.texts import text
from core.units import count
from desktop.data_in import existing
from desktop.own_reading import KINDS as KINDS
from desktop.own_reading import (
    Kind,
    found_pairs,
    help_of,
    kind_named,
    lacking,
    pairs_with,
    read_sheet,
    rows_of,
    sheets_of,
)
from desktop.planning import plan_of
from desktop.scenarios import Scenario, decide, decided, scenario_named
from layers.columns import signature
from layers.project import Project

HEAD_WIDTH = 22
MATCHES = "own_matches"  # in the meta data: columns set by hand, by kind and heads of the file
MEASURED_TABLE = KINDS["measured"].table


def write_template(name: str, path: Path) -> Path:
    """Write an empty sheet with the right head, and the words each column may hold, as XLSX or CSV.

    Raises
    ------
    UserError
        There is no such kind, or the file is neither XLSX nor CSV.
    """
    kind = kind_named(name)
    heads = [field(one).label for one in kind.columns]
    if path.suffix.lower() == ".csv":
        pd.DataFrame(columns=heads).to_csv(path, index=False, encoding="utf-8-sig")
        return path
    if path.suffix.lower() != ".xlsx":
        raise UserError(
            Problem(
                "A template is XLSX or CSV, not {name}.",
                "Give the file one of these endings.",
                name=path.name,
            )
        )
    import openpyxl  # late: it takes a while to import
    from openpyxl.comments import Comment
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = text(kind.title)
    for place, name_of in enumerate(kind.columns, start=1):
        cell = page.cell(1, place, heads[place - 1])
        cell.font = Font(bold=True)
        cell.comment = Comment(help_of(kind, name_of), "Lütu")
        page.column_dimensions[cell.column_letter].width = HEAD_WIDTH
    page.freeze_panes = "A2"
    guide = book.create_sheet(text("What to fill in"))
    for one in kind.columns:
        guide.append([field(one).label, help_of(kind, one)])
    for letter, width in (("A", 28), ("B", 110)):
        guide.column_dimensions[letter].width = width
    book.save(path)
    return path


@dataclass(frozen=True, eq=False)
class OwnOffer:
    """What a sheet of own data holds, and what would become of it.

    Parameters
    ----------
    kind : Kind
        What it is taken for.
    sheets : tuple of str
        Sheets of the workbook; none of a CSV.
    given : DataFrame
        The sheet under its own heads.
    pairs : dict of str to str
        Our columns with those of the file.
    rows : DataFrame or None
        The rows under our names; None where something is wrong.
    problems : tuple of Problem
        All that is wrong with columns and rows.
    replaced : int
        How many rows of the project would be replaced.
    """

    kind: Kind
    sheets: tuple[str, ...]
    given: pd.DataFrame
    pairs: dict[str, str]
    rows: pd.DataFrame | None
    problems: tuple[Problem, ...]
    replaced: int = 0

    @property
    def left(self) -> list[str]:
        """Columns of the file that would be left out."""
        taken = set(self.pairs.values())
        return [str(one) for one in self.given.columns if str(one) not in taken]


@dataclass(frozen=True, eq=False)
class OwnContext:
    """What a sheet of own data is held against, free of the project's connection.

    Parameters
    ----------
    matches : Mapping of str to Mapping
        Columns that were set by hand before, by kind and heads of the file.
    known : set of str
        Keys of the rows the project has.
    choices : set of str or None
        Works of the plan, for measured projects; None where there is no plan.
    """

    kind: Kind
    scenario: Scenario
    matches: Mapping[str, Mapping[str, str]]
    known: frozenset[str]
    choices: frozenset[str] | None


def context_of(project: Project, name: str, scenario: str = "") -> OwnContext:
    """What a sheet of a kind is held against in a project."""
    kind = kind_named(name)
    chosen = scenario_named(project, scenario) if kind.by_scenario else Scenario("", "")
    plan = plan_of(project, chosen.key) if kind.table == MEASURED_TABLE else None
    return OwnContext(
        kind,
        chosen,
        project.store.meta(MATCHES, {}),
        frozenset(map(str, decided(project, kind.table, chosen).index)),
        None if plan is None else frozenset(map(str, plan.tables["choice"].index)),
    )


def offer_of(context: OwnContext, path: Path, given: pd.DataFrame, columns: Sequence[str] = ()) -> OwnOffer:
    """What a sheet that was read holds, and how its columns are matched; may run in any thread.

    Columns that were set by hand in a file of the same heads before are matched so again.

    Raises
    ------
    UserError
        A pair names no column.
    """
    kind = context.kind
    before = context.matches.get(_remembered_as(kind, given), {})
    pairs = pairs_with(kind, given, columns, dict(before) or found_pairs(kind, given))
    problems = lacking(kind, pairs)
    rows = None
    if not problems:
        try:
            rows = rows_of(kind, given, pairs)
            if kind.table == MEASURED_TABLE:
                _of_the_plan(rows, context.choices)
        except UserError as error:
            rows, problems = None, list(error.problems)
    replaced = 0 if rows is None else int(rows.index.isin(context.known).sum())
    return OwnOffer(kind, tuple(sheets_of(path)), given, pairs, rows, tuple(problems), replaced)


def offer_own_data(
    project: Project,
    name: str,
    path: Path,
    *,
    columns: Sequence[str] = (),
    encoding: str | None = None,
    sheet: str | None = None,
    scenario: str = "",
) -> OwnOffer:
    """What a sheet of own data holds and how its columns are matched; nothing is taken in.

    Raises
    ------
    UserError
        There is no such kind, file or sheet, or a pair names no column.
    """
    context = context_of(project, name, scenario)
    return offer_of(context, path, read_sheet(existing(path), encoding, sheet), columns)


def described_own(offer: OwnOffer) -> tuple[str, dict[str, Any]]:
    """What a sheet of own data holds, in words and as facts."""
    lines = []
    if offer.sheets:
        lines.append(text("Sheets: {names}", names=", ".join(offer.sheets)))
    lines.append(text("Columns that would be read:"))
    for ours, theirs in offer.pairs.items():
        need = text("needed") if ours in offer.kind.needed else text("may be empty")
        lines.append(f"  {ours} ← {theirs}  {field(ours).label}  ({need})")
    if offer.left:
        lines += [text("Columns that would be left out:"), "  " + ", ".join(offer.left)]
    if offer.problems:
        lines.append(text("To decide:"))
        lines += [f"  ! {problem.said()}" for problem in offer.problems]
    lines.append(sum_said(offer))
    facts = {
        "kind": offer.kind.table,
        "sheets": list(offer.sheets),
        "columns": dict(offer.pairs),
        "left": offer.left,
        "rows": len(offer.given),
        "replaced": offer.replaced,
        "problems": [problem.said() for problem in offer.problems],
    }
    return "\n".join(lines), facts


def sum_said(offer: OwnOffer) -> str:
    """How many rows would be taken in, and how many of them replace others."""
    if offer.rows is None:
        return text("{rows} rows; they cannot be taken in as they are.", rows=count(len(offer.given)))
    return text(
        "{rows} rows would be taken in; {replaced} of them replace rows of the project.",
        rows=count(len(offer.rows)),
        replaced=count(offer.replaced),
    )


def add_own_data(
    project: Project,
    name: str,
    path: Path,
    *,
    columns: Sequence[str] = (),
    encoding: str | None = None,
    sheet: str | None = None,
    scenario: str = "",
    why: str = "",
) -> int:
    """Take in a sheet of own data; rows of the same place, kind and year are replaced, and all can be undone.

    Parameters
    ----------
    name : str
        `statistics`, `actual` or `measured`.
    path : Path
        XLSX or CSV.
    columns : sequence of str
        Pairs set by hand: `ours=theirs`; they are remembered for files of the same heads.
    encoding : str, optional
        Of a CSV; found by itself where not given.
    sheet : str, optional
        Of a workbook; the first where not given.
    scenario : str
        Whose plan the projects are of, for measured ones.

    Returns
    -------
    int
        How many rows were taken in.

    Raises
    ------
    UserError
        Columns are missing or rows are wrong; nothing is taken in then.
    """
    offer = offer_own_data(
        project, name, path, columns=columns, encoding=encoding, sheet=sheet, scenario=scenario
    )
    return take_offer(project, offer, path.name, scenario=scenario, remember=bool(columns), why=why)


def take_offer(
    project: Project, offer: OwnOffer, file: str, *, scenario: str = "", remember: bool = False, why: str = ""
) -> int:
    """Take in the rows that a sheet offers, and remember its columns where they were set by hand.

    Raises
    ------
    UserError
        Something is wrong with the sheet; nothing is taken in then.
    """
    if offer.problems or offer.rows is None:
        raise UserError(*offer.problems)
    kind = offer.kind
    chosen = scenario_named(project, scenario) if kind.by_scenario else Scenario("", "")
    label = "{title}: {count} rows from {file}"
    decide(project, kind.table, chosen, offer.rows, why, label, {"title": text(kind.title), "file": file})
    if remember:
        kept = project.store.meta(MATCHES, {})
        project.store.set_meta(MATCHES, {**kept, _remembered_as(kind, offer.given): offer.pairs})
    return len(offer.rows)


def _remembered_as(kind: Kind, given: pd.DataFrame) -> str:
    return f"{kind.table}/{signature(given)}"


def _of_the_plan(rows: pd.DataFrame, choices: frozenset[str] | None) -> None:
    """Refuse measured projects that the plan of the scenario does not have."""
    if choices is None:
        raise UserError(Problem("There is no plan yet.", "Make one first: lutu plan PROJECT."))
    lost = tuple(one for one in rows["choice_id"].astype(str) if one not in choices)
    if lost:
        raise UserError(
            Problem(
                "Measured values name projects that the plan does not have.",
                "Correct the ids of these rows.",
                table="measured_project",
                rows=lost,
            )
        )
