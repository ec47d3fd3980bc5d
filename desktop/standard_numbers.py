"""Standard numbers: browsing the published tables, and putting numbers and rows of the project's own in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from core.fields import fields
from core.problems import Problem, UserError
from core.texts import language, text, word
from core.units import unit_said
from layers.edits import Edit
from layers.project import Project, empty_cells
from layers.standard_overrides import REASON, SOURCE, STANDARD, row_id
from standards import Standards
from standards.checks import named
from standards.library import descriptions
from standards.overrides import Override, words_of
from standards.sources import ASSUMPTION, citation, is_assumption

PUBLISHED, ASSUMED, UNVERIFIED, OWN = "published", "assumed", "unverified", "own"
KINDS = (PUBLISHED, ASSUMED, UNVERIFIED, OWN)
RULE_TABLES = ("grade_rules", "grade_rule_versions")
BESIDE = ("source", "confidence", "checked", "note", "local", "default_basis")  # not changed by themselves
# Read before there is a project, when files are brought in: rows of a project would not reach them.
BEFORE_PROJECTS = ("cities", "climate_monthly", "field_aliases", "holidays", "unit_words", "value_words")


@dataclass(frozen=True)
class TableShown:
    """A table in the list: name, title, what it holds, and how many of its rows are of which kind."""

    name: str
    title: str
    about: str
    rows: int
    assumed: int
    unverified: int
    own: int
    changeable: bool


@dataclass(frozen=True)
class RowShown:
    """A row of a table: its keys, its cells as text by column, unit, source and note as people read them."""

    table: str
    keys: tuple[str, ...]
    title: str
    cells: Mapping[str, str]
    unit: str
    source: str
    note: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class OverrideShown:
    """An override: the row, what stands there now and what was published, in the same columns; empty for a new row."""

    override: Override
    title: str
    now: Mapping[str, str]
    published: Mapping[str, str]


def tables(standards: Standards, words: str = "", kind: str = "") -> list[TableShown]:
    """All tables with a row of a kind and the words in title, name, or a row; all where neither is given."""
    whole = {name: rows(standards, name) for name in standards.names()}
    return tables_with(standards, whole, words, kind)


def tables_with(
    standards: Standards, whole: Mapping[str, Sequence[RowShown]], words: str = "", kind: str = ""
) -> list[TableShown]:
    """As `tables`, from rows that are known already; tables with rows of the project's own come first."""
    found = []
    for name, listed in whole.items():
        title, about = word(name), text(standards.about(name)).replace("`", "")
        called = _in(f"{name} {title} {about}", words)
        some = matching(listed, "" if called else words, kind)
        if some or not (words or kind):
            assumed, unverified, own = (
                sum(one in row.kinds for row in some) for one in (ASSUMED, UNVERIFIED, OWN)
            )
            changeable = name not in BEFORE_PROJECTS
            found.append(TableShown(name, title, about, len(some), assumed, unverified, own, changeable))
    return sorted(found, key=lambda one: (one.own == 0, one.title))


def matching(listed: Sequence[RowShown], words: str = "", kind: str = "") -> list[RowShown]:
    """The rows of a kind with all the words."""
    return [row for row in listed if (not kind or kind in row.kinds) and _has(row, words)]


def rows(standards: Standards, name: str, words: str = "", kind: str = "") -> list[RowShown]:
    """The rows of a table of a kind (one of `KINDS`) with all the words; UserError where there is no such table."""
    table, keys = _table(standards, name), standards.keys(name)
    sources = standards.sources()
    found = []
    for row in table.to_dict("records"):
        source = str(row["source"])
        key = words_of(row[one] for one in keys)
        cells = dict(zip(map(str, row), words_of(row.values()), strict=True))
        assumed = is_assumption(source)
        kinds = [ASSUMED if assumed else PUBLISHED]
        kinds += [UNVERIFIED] if cells.get("checked") == "no" else []
        kinds += [OWN] if row["local"] else []
        note = cells.get("note", "")
        shown = RowShown(
            name,
            key,
            named(map(word, key)),
            {column: value for column, value in cells.items() if column not in BESIDE},
            unit_said("" if cells.get("unit", "") == "-" else cells.get("unit", "")),
            text("assumed") if source == "assumption" else citation(source, sources),
            text(note) if note else "",
            tuple(kinds),
        )
        found.append(shown)
    return matching(found, words, kind)


def override(
    project: Project, name: str, keys: Sequence[str], cells: Mapping[str, str], *, source: str, why: str
) -> Override:
    """Put numbers in place of those of a row, or add a row; all results are out of date from then on.

    Parameters
    ----------
    name : str
        Table.
    keys : sequence of str
        Cells of the columns that tell its rows apart; those of no row add one.
    cells : Mapping of str to str
        What stands in other columns from now on; columns set before stay set.
    source : str
        Key of a document with the place, `assumption`, or the title of a document.
    why : str
        The reason.

    Raises
    ------
    UserError
        There is no such table or column, a cell is no number, nothing is changed, or source or reason are missing.
    """
    standards = project.standards
    _changeable(name)
    table, columns = _table(standards, name), standards.keys(name)
    key = tuple(str(one).strip() for one in keys)
    problems = _missing(source, why)
    fixed = [one for one in cells if one in columns or one in BESIDE]
    if len(key) != len(columns) or not any(key):
        problems.append(
            Problem(
                "A row of the table {name} is named by {keys}.",
                "Give one word for each of them.",
                name=name,
                keys=", ".join(columns),
            )
        )
    if fixed:
        problems.append(
            Problem(
                "The columns {columns} are not set by themselves.",
                "Keys name the row; source and reason are given apart.",
                columns=", ".join(fixed),
            )
        )
    if problems:
        raise UserError(*problems)
    made = _laid(standards, name, key, cells, source.strip(), why.strip())
    wanted = dict(made.cells)
    if not wanted:
        raise UserError(Problem("Nothing is changed.", "Give at least one number or word."))
    _try(standards, made)
    known = key in {words_of(row) for row in table[list(columns)].to_numpy()}
    label = "{table}: {row} → {value}" if known else "{table}: row {row} added, {value}"
    said = ", ".join(f"{column} {value}" for column, value in cells.items())
    _apply(project, made, {**wanted, SOURCE: made.source, REASON: made.reason}, label, made.reason, said)
    return made


def take_back(project: Project, name: str, keys: Sequence[str], why: str = "") -> None:
    """Let the published row hold again, or take away a row that the project added.

    Raises
    ------
    UserError
        The project put nothing in place of this row.
    """
    key = tuple(map(str, keys))
    before = next((one for one in project.standards.overrides if (one.table, one.keys) == (name, key)), None)
    if before is None:
        raise UserError(
            Problem(
                "Nothing was put in place of {row} in the table {name}.",
                "Look at the list of the project's own numbers.",
                row=named(key),
                name=name,
            )
        )
    cells = dict.fromkeys((*dict(before.cells), SOURCE, REASON))
    _apply(project, before, cells, "{table}: {row} as published again", why, "")


def overrides(project: Project) -> list[OverrideShown]:
    """Everything the project put in place of published numbers, beside what was published."""
    without = Standards(project.standards.local)
    found = []
    for one in project.standards.overrides:
        keys = without.keys(one.table)
        published = {
            words_of(row[key] for key in keys): dict(zip(map(str, row), words_of(row.values()), strict=True))
            for row in _table(without, one.table).to_dict("records")
        }.get(one.keys, {})
        title = f"{word(one.table)} / {named(map(word, one.keys))}"
        given = {column: published.get(column, "") for column, _ in one.cells}
        found.append(OverrideShown(one, title, dict(one.cells), given if published else {}))
    return found


def column_title(name: str) -> str:
    """A column of a table as people read it."""
    key = f"column {name}"  # in a table a word may mean something else than in the dictionary
    said = text(key)
    if said != key or language() == "en":
        return word(name) if said == key else said
    return fields()[name].title if name in fields() else word(name)


def tried(standards: Standards, name: str, keys: Sequence[str], cells: Mapping[str, str]) -> Standards:
    """The tables as they would be with other cells in a row; nothing is kept. UserError where they cannot be used."""
    return _try(standards, _laid(standards, name, tuple(keys), cells, ASSUMPTION, "?"))


def _laid(
    standards: Standards, name: str, key: tuple[str, ...], cells: Mapping[str, str], source: str, why: str
) -> Override:
    """Cells laid over a row, with those set before."""
    before = next((one for one in standards.overrides if (one.table, one.keys) == (name, key)), None)
    wanted = {
        **(dict(before.cells) if before else {}),
        **{column: str(value).strip() for column, value in cells.items()},
    }
    return Override(name, key, tuple(sorted(wanted.items())), source, why)


def _try(standards: Standards, made: Override) -> Standards:
    """The tables with an override; UserError where they could not be used with it."""
    others = [one for one in standards.overrides if (one.table, one.keys) != (made.table, made.keys)]
    found = Standards(standards.local, (*others, made))
    found.table(made.table)
    if made.table in RULE_TABLES:
        from desktop.grade_rules import check_rule  # late: it takes a while to import

        check_rule(found, made.table, made.keys)
    return found


def _apply(
    project: Project, one: Override, cells: Mapping[str, str | None], label: str, why: str, value: str
) -> None:
    """Keep an override as a change that can be undone."""
    now = project.table(STANDARD)
    row = row_id(one.table, one.keys)
    laid = now.loc[row].to_dict() if row in now.index else {}
    before = empty_cells([row], list(cells), "standard_id")
    for column in cells:
        before[column] = [laid.get(column)]
    after = pd.DataFrame([cells], index=before.index, columns=list(cells), dtype=object)
    said = {"table": word(one.table), "row": named(one.keys), "value": value}
    project.apply(Edit(label, STANDARD, before, after, why, said))


def _table(standards: Standards, name: str) -> pd.DataFrame:
    if name not in standards.names():
        raise UserError(
            Problem(
                "There is no table {name} of published numbers.",
                "Choose from: {known}.",
                name=name,
                known=", ".join(standards.names()),
            )
        )
    return standards.table(name)


def _changeable(name: str) -> None:
    if name in BEFORE_PROJECTS:
        raise UserError(
            Problem(
                "The table {name} is read before there is a project.",
                "Match columns and words when you bring the file in.",
                name=name,
            )
        )
    if name in descriptions():
        return
    raise UserError(
        Problem(
            "There is no table {name} of published numbers.",
            "Choose from: {known}.",
            name=name,
            known=", ".join(one for one in descriptions() if one not in BEFORE_PROJECTS),
        )
    )


def _missing(source: str, why: str) -> list[Problem]:
    problems = []
    if not source.strip():
        problems.append(
            Problem(
                "It is not said where the number comes from.",
                "Name the document and the place, or write assumption.",
            )
        )
    if not why.strip():
        problems.append(Problem("A number of your own needs a reason.", "Say why; it is printed beside it."))
    return problems


def _has(row: RowShown, words: str) -> bool:
    return not words or _in(
        " ".join((*row.keys, row.title, *row.cells.values(), row.source, row.note)), words
    )


def _in(said: str, words: str) -> bool:
    """Whether all the words stand in what is said."""
    known = said.casefold()
    return all(one in known for one in words.casefold().split())
