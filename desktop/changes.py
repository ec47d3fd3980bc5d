"""Changes: corrections, decisions and settings that people make; each can be undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields as settings_of_class
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

import pandas as pd

from core.fields import fields
from core.problems import Problem, UserError
from core.texts import text
from desktop.names import TABLES
from layers import contents
from layers.contents import table_id
from layers.edits import Edit, HistoryEntry
from layers.project import Project, empty_cells
from potential import Potential
from potential.registry import potentials


def potential_named(name: str) -> Potential:
    """A potential by name."""
    for potential in potentials():
        if potential.name == name:
            return potential
    raise UserError(
        Problem(
            "There is no potential {name}.",
            "Choose one of: {names}.",
            name=name,
            names=", ".join(potential.name for potential in potentials()),
        )
    )


def newest_change(project: Project) -> HistoryEntry | None:
    """The change that was made last; None before the first."""
    history = project.history()
    return history[-1] if history else None


def change_said(project: Project, before: HistoryEntry | None) -> str:
    """What was changed since another change, in words; that nothing was, where everything was so already."""
    now = newest_change(project)
    if now is None or now == before:
        return text("Everything is so already.")
    return text("{change}.", change=now.label)


def settings_of(project: Project, potential: Potential) -> Any:
    """The settings of a potential: its defaults with what the planner set."""
    table = project.table("settings")
    row = table.loc[potential.name].dropna() if potential.name in table.index else pd.Series(dtype=object)
    chosen = {str(name): value for name, value in row.items()}
    return potential.settings(**chosen)


def correctable(project: Project, table: str, field: str) -> None:
    """Refuse a table that the project does not hold, or a column that neither it nor the dictionary knows."""
    tables = [name for name in project.sources if name in TABLES]
    if table not in tables:
        raise UserError(
            Problem(
                "The project has no table {name}.",
                "Choose one of: {tables}.",
                name=table,
                tables=", ".join(tables) or "—",
            )
        )
    key = table_id(table)
    given = [row["name"] for row in project.store.rows(f'PRAGMA table_info("{contents.GIVEN}{table}")')]
    known = {name for name in (*given, *fields()) if name not in ("fid", "geom", key)}
    if field not in known:
        near = get_close_matches(field, known) or sorted(name for name in given if name in known)
        raise UserError(
            Problem(
                "There is no column {field}.",
                "Did you mean one of these: {names}?",
                field=field,
                names=", ".join(near) or "—",
            )
        )


def correct(project: Project, table: str, ids: Sequence[str], field: str, value: Any, why: str = "") -> None:
    """Correct one column of some rows of a given table; the given data itself stays as it was."""
    wanted = list(dict.fromkeys(given_id(str(one)) for one in ids))
    given = project.cells(table, wanted, field)
    lost = [one for one in wanted if one not in given.index]
    if lost or given.empty:
        raise UserError(
            Problem(
                "Some of these rows are not in the given data.",
                "Check the ids, or select rows first.",
                table=table,
                rows=tuple(lost),
            )
        )
    before = given.to_frame(field)
    after = pd.DataFrame({field: [value] * len(given)}, index=before.index, dtype=object)
    label, said = "{field}: {count} rows", {"field": field, "count": len(given)}
    if len(given) == 1:
        label = "{row}: {field} {before} → {after}"
        said = {"row": given.index[0], "field": field, "before": given.iloc[0], "after": value}
    project.apply(Edit(label, table, before, after, why, said))


def correct_row(project: Project, table: str, row: str, values: Mapping[str, Any], why: str = "") -> None:
    """Correct several columns of one row of a given table: one change, one undo.

    Raises
    ------
    UserError
        The project has no such table or column, or the table no such row.
    """
    for name in values:
        correctable(project, table, name)
    if len(values) == 1:
        ((name, value),) = values.items()
        correct(project, table, [row], name, value, why)
        return
    one = given_id(row)
    before = pd.DataFrame({name: project.cells(table, [one], name) for name in values}, dtype=object)
    if before.empty:
        raise UserError(
            Problem(
                "Some of these rows are not in the given data.",
                "Check the ids, or select rows first.",
                table=table,
                rows=(one,),
            )
        )
    after = pd.DataFrame([dict(values)], index=before.index, columns=before.columns, dtype=object)
    said = {"row": one, "count": len(values)}
    project.apply(Edit("{row}: attributes corrected ({count})", table, before, after, why, said))


def choose(
    project: Project, parcel_ids: Sequence[str], technology: str, decision: str | None, why: str = ""
) -> None:
    """Decide about a technology on some parcels: `install`, `defer`, `decline`, or nothing."""
    table = project.table("choice")
    rows = [str(one) for one in parcel_ids]
    before = empty_cells(rows, [technology], table_id("parcel"))
    if technology in table.columns:
        before[technology] = table[technology].reindex(rows).to_numpy()
    after = pd.DataFrame({technology: [decision] * len(rows)}, index=before.index, dtype=object)
    project.apply(Edit("Decide about {count} parcels", "choice", before, after, why, {"count": len(rows)}))


def set_settings(project: Project, name: str, values: Mapping[str, Any], why: str = "") -> None:
    """Set what a potential is assessed with."""
    project.apply(settings_edit(project, name, values, why))


def settings_edit(project: Project, name: str, values: Mapping[str, Any], why: str = "") -> Edit:
    """The change that sets what a potential is assessed with, not yet made.

    A shared setting is set for every potential that has it.
    """
    potential = potential_named(name)
    replace(settings_of(project, potential), **values)  # refuses names that are not settings
    concerned = {
        one.name: [key for key in values if one.name == name or key in _shared(one)] for one in potentials()
    }
    now = {one.name: settings_of(project, one) for one in potentials() if concerned[one.name]}
    cells = [{key: getattr(settings, key) for key in concerned[one]} for one, settings in now.items()]
    before = pd.DataFrame(cells, index=list(now), columns=list(values), dtype=object)
    cells = [{key: values[key] for key in concerned[one]} for one in now]
    after = pd.DataFrame(cells, index=list(now), columns=list(values), dtype=object)
    return Edit("Set how {name} is assessed", "settings", before, after, why, {"name": name})


def _shared(potential: Potential) -> set[str]:
    """Names of the settings that must be the same for all potentials that have them."""
    return {
        setting.name for setting in settings_of_class(potential.settings) if setting.metadata.get("shared")
    }


def given_id(one: str) -> str:
    """Id of the given building of which this is a piece."""
    return one.split("#", 1)[0]
