"""Scenarios: named sets of decisions that can be copied and compared; the first has no name of its own rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from core.problems import Problem, UserError
from core.texts import catalogue, text
from layers.contents import now
from layers.edits import Edit
from layers.history import who
from layers.project import DECIDED, OF_SCENARIO, PLAN, PLANNED, Project, empty_cells

FIRST = ""
FIRST_ROW = "first"  # its row, where somebody named it
BASE = "Base scenario"  # what the first is called where nobody named it
SETTINGS = "settings"


@dataclass(frozen=True)
class Scenario:
    """A scenario: its key (empty for the first), how it was named, by whom, when and why it was made."""

    key: str
    named: str
    made_by: str = ""
    made_at: str = ""
    reason: str = ""
    copied_from: str = ""

    @property
    def title(self) -> str:
        """What it is called, in the language of the moment where nobody named it."""
        return self.named or text(BASE)

    def is_called(self, name: str) -> bool:
        """Whether a name is its key or its title, in whatever language somebody typed it."""
        if name in (self.key, self.title):
            return True
        return not self.named and name in (BASE, catalogue("zh").get(BASE))

    @property
    def plan(self) -> str:
        """Name of its plan among the results."""
        return f"{PLAN}_{self.key}" if self.key else PLAN


def scenarios(project: Project) -> list[Scenario]:
    """All scenarios, the first one first."""
    table = project.table("scenario")
    made = [
        Scenario(
            str(key),
            str(row["scenario_title"]),
            str(row.get("made_by", "")),
            str(row.get("made_at", "")),
            str(row.get("reason", "")),
            str(row.get("copied_from", "")),
        )
        for key, row in table.dropna(how="all").iterrows()
        if key != FIRST_ROW
    ]
    first = table.loc[FIRST_ROW, "scenario_title"] if FIRST_ROW in table.index else ""
    return [Scenario(FIRST, str(first or "")), *made]


def scenario_named(project: Project, name: str) -> Scenario:
    """A scenario by its key or its title; the first one where no name is given."""
    known = scenarios(project)
    for one in known:
        if one.is_called(name):
            return one
    raise UserError(
        Problem(
            "There is no scenario {name}.",
            "Choose one of: {names}.",
            name=name,
            names=", ".join(one.title for one in known),
        )
    )


def new_scenario(project: Project, title: str, reason: str = "", copied_from: str = "") -> Scenario:
    """Make a scenario with the decisions of another one."""
    source = scenario_named(project, copied_from)
    title = _free(project, title)
    key = _next_key(project)
    values = {
        "scenario_title": title,
        "made_by": who(),
        "made_at": now(),
        "reason": reason,
        "copied_from": source.title,
    }
    after = pd.DataFrame([values], index=[key], dtype=object)
    before = empty_cells([key], list(values), DECIDED["scenario"])
    project.apply(
        Edit("New scenario {name}", "scenario", before, after.set_axis(before.index), reason, {"name": title})
    )
    for table in PLANNED:
        rows = decided(project, table, source)
        if len(rows):
            decide(project, table, Scenario(key, title), rows, reason)
    _copy_settings(project, source.plan, Scenario(key, title).plan)
    return scenario_named(project, key)


def rename_scenario(project: Project, name: str, title: str, reason: str = "") -> Scenario:
    """Call a scenario otherwise; its decisions and its plan stay. UserError where another one has the name."""
    chosen = scenario_named(project, name)
    title = _free(project, title, but=chosen.key)
    row = chosen.key or FIRST_ROW
    before, after = (
        pd.DataFrame({"scenario_title": [one]}, index=pd.Index([row], name=DECIDED["scenario"]), dtype=object)
        for one in (chosen.named or None, title)
    )
    values = {"name": chosen.title, "title": title}
    project.apply(Edit("Rename scenario {name} to {title}", "scenario", before, after, reason, values))
    return scenario_named(project, chosen.key)


def delete_scenario(project: Project, name: str, reason: str = "") -> Scenario:
    """Take a scenario away; what it decided and its plan stay in the file, so that undoing brings all of it back.

    Raises
    ------
    UserError
        It is the first one, which the others began from.
    """
    chosen = scenario_named(project, name)
    if chosen.key == FIRST:
        raise UserError(
            Problem(
                "{name} cannot be deleted: the project begins with it.",
                "Rename it, or delete another scenario.",
                name=chosen.title,
            )
        )
    before = project.table("scenario").loc[[chosen.key]].dropna(axis=1).astype(object)
    after = empty_cells([chosen.key], list(map(str, before.columns)), DECIDED["scenario"])
    project.apply(Edit("Delete scenario {name}", "scenario", before, after, reason, {"name": chosen.title}))
    return chosen


def _free(project: Project, title: str, but: str | None = None) -> str:
    """A title without spaces around it that no other scenario has; UserError else."""
    title = title.strip()
    if not title:
        raise UserError(Problem("The scenario has no name.", "Give it one."))
    if any(one.is_called(title) for one in scenarios(project) if one.key != but):
        raise UserError(Problem("There is a scenario {name} already.", "Give it another name.", name=title))
    return title


def _next_key(project: Project) -> str:
    """A key that no scenario has or had: plans and decisions of those that were deleted are still there."""
    kept = [str(name) for (name,) in project.store.rows("SELECT name FROM lutu_computed", [])]
    known = [*map(str, project.table("scenario").index), *(one.removeprefix(f"{PLAN}_") for one in kept)]
    numbers = [int(one[1:]) for one in known if one[:1] == "S" and one[1:].isdigit()]
    return f"S{max(numbers, default=0) + 1}"


def _copy_settings(project: Project, source: str, target: str) -> None:
    table = project.table(SETTINGS)
    if source not in table.index:
        return
    row = table.loc[[source]].dropna(axis=1).astype(object)
    after = row.set_axis(pd.Index([target], name=DECIDED[SETTINGS]))
    before = empty_cells([target], list(after.columns), DECIDED[SETTINGS])
    project.apply(Edit("Set how {name} is made", SETTINGS, before, after, "", {"name": target}))


def decided(project: Project, table: str, scenario: Scenario) -> pd.DataFrame:
    """The rows of a decided table that a scenario decides about, by their own ids."""
    rows = project.table(table)
    index = rows.index.astype(str)
    if scenario.key:
        mine = index.str.startswith(f"{scenario.key}{OF_SCENARIO}")
        ids = index[mine].str.removeprefix(f"{scenario.key}{OF_SCENARIO}")
    else:
        mine = ~index.str.contains(OF_SCENARIO, regex=False)
        ids = index[mine]
    found = rows[mine].set_axis(pd.Index(ids, name=DECIDED[table]))
    return found.dropna(how="all").dropna(axis=1, how="all")


def decide(
    project: Project,
    table: str,
    scenario: Scenario,
    rows: pd.DataFrame,
    why: str = "",
    label: str = "Decide about {count} rows",
    values: Mapping[str, Any] | None = None,
) -> None:
    """Lay down what a scenario decides about some rows; empty cells take a decision back."""
    ids = [_key(scenario, str(one)) for one in rows.index]
    before = empty_cells(ids, list(map(str, rows.columns)), DECIDED[table])
    known = project.table(table)
    for name in before.columns:
        if name in known:
            before[name] = known[name].reindex(ids).to_numpy()
    after = rows.astype(object).set_axis(before.index)
    after = after.where(after.notna(), None)
    project.apply(Edit(label, table, before, after, why, {"count": len(rows), **(values or {})}))


def _key(scenario: Scenario, row: str) -> str:
    return f"{scenario.key}{OF_SCENARIO}{row}" if scenario.key else row
