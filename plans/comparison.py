"""Comparison: what differs between two plans of a city, figure by figure and parcel by parcel."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from core.texts import text, word
from core.units import MISSING, figure, percent, quantity
from plans import Part
from plans.figures import Figure

POWER = "pv"  # family of what makes electricity; all others give heat
LEAST_CHANGE = 1e-9  # of a value; less is the rounding of sums
# Beginnings of keys, the most important first: what decides between two plans stands above. The longest counts.
IMPORTANCE = (
    "choice.total.",
    "project.",
    "indicator.",
    "account.",
    "choice.",
    "indicator.input.",
    "indicator.replaced.",
    "indicator.avoided.",
    "indicator.gbt50801.",
    "green.",
    "retrofit.",
    "trajectory.",
    "phase.",
    "decomposition.",
    "choice.gap",
)
STARS = {"none": 0, "basic": 1, "one_star": 2, "two_star": 3, "three_star": 4}
SAME = "plan_same"
CHANGES = (
    "technology_added",
    "technology_dropped",
    "technology_changed",
    "size_larger",
    "size_smaller",
    "year_earlier",
    "year_later",
    "grade_raised",
    "grade_lowered",
    SAME,
)


def figure_changes(before: Part, after: Part) -> pd.DataFrame:
    """Figures that differ between two plans, the most important first; within a kind by how much they change.

    Returns
    -------
    DataFrame
        By `figure_key`: `figure_title` (in the language of the moment), `before_value`, `after_value`,
        `value_change`, `change_percent` (of the value before, in %; NaN where that is 0 or a share itself) and
        `figure_unit`. A figure that only one of the plans has is NaN in the other.
    """
    keys = [*after.figures, *(key for key in before.figures if key not in after.figures)]
    names = _places(after)
    rows = {}
    for key in keys:
        one, other = before.figures.get(key), after.figures.get(key)
        known = other or one
        old, new = (math.nan if each is None else each.value for each in (one, other))
        if known is None or not _differ(old, new):
            continue
        relative = math.nan if known.unit in ("%", "year") or old == 0 else 100 * (new - old) / abs(old)
        rows[key] = (_title(known, names), old, new, new - old, relative, known.unit)
    columns = ["figure_title", "before_value", "after_value", "value_change", "change_percent", "figure_unit"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    table.index.name = "figure_key"
    sizes = table["change_percent"].abs().fillna(0.0)
    order = sorted(table.index, key=lambda key: (_importance(str(key)), -float(sizes[key])))
    return table.loc[order]


def change_said(row: Mapping[str, object] | pd.Series) -> tuple[str, str, str, str]:
    """A row of `figure_changes` in words: before, after, change with its unit, and change in percent."""
    unit = str(row["figure_unit"])
    old, new, change, relative = (
        float(str(row[name])) for name in ("before_value", "after_value", "value_change", "change_percent")
    )
    both = [Figure("", "", value, unit, digits=4).said() for value in (old, new)]
    return both[0], both[1], _signed(change, unit), MISSING if math.isnan(relative) else _plus(relative)


def parcel_changes(before: Part, after: Part) -> pd.DataFrame:
    """What each parcel of two plans has in either, and what changed.

    Returns
    -------
    DataFrame
        By `parcel_id`, one row for every parcel that either plan speaks of: `plan_change` (the first that changed of
        technology, size, year and grade; `plan_same` for none), `plan_change_kinds` (all of them), and sizes [kW],
        years, grades, investment [yuan] and coal replaced [kgce/a] before, after and their differences.
    """
    old, new = _by_parcel(before), _by_parcel(after)
    parcels = old.index.union(new.index)
    old, new = old.reindex(parcels), new.reindex(parcels)
    found = pd.DataFrame(index=parcels)
    for side, table in (("before", old), ("after", new)):
        found[f"technologies_{side}"] = table["technologies"].fillna("")
        found[f"pv_{side}_kw"] = table["pv_kw"].fillna(0.0)
        found[f"heat_{side}_kw"] = table["heat_kw"].fillna(0.0)
        found[f"phase_{side}_year"] = table["year"]
        found[f"grade_{side}"] = table["grade"].fillna("none")
    found["pv_change_kw"] = found["pv_after_kw"] - found["pv_before_kw"]
    found["heat_change_kw"] = found["heat_after_kw"] - found["heat_before_kw"]
    found["phase_change_years"] = found["phase_after_year"] - found["phase_before_year"]
    found["capex_change_yuan"] = new["capex_yuan"].fillna(0.0) - old["capex_yuan"].fillna(0.0)
    found["saved_change_kgce_per_year"] = new["saved"].fillna(0.0) - old["saved"].fillna(0.0)
    kinds = pd.DataFrame(
        {
            "technology": _technology_change(found),
            "size": _size_change(found),
            "year": _way(found["phase_change_years"], "year_later", "year_earlier"),
            "grade": _way(
                found["grade_after"].map(STARS) - found["grade_before"].map(STARS),
                "grade_raised",
                "grade_lowered",
            ),
        }
    )
    found.insert(0, "plan_change", kinds.replace("", pd.NA).bfill(axis=1).iloc[:, 0].fillna(SAME).astype(str))
    found.insert(1, "plan_change_kinds", ["; ".join(filter(None, row)) for row in kinds.to_numpy()])
    found.index.name = "parcel_id"
    return found


def changed(parcels: pd.DataFrame) -> pd.DataFrame:
    """The rows of `parcel_changes` where anything changed, those with the largest change of investment first."""
    rows = parcels[parcels["plan_change"] != SAME]
    return rows.loc[rows["capex_change_yuan"].abs().sort_values(ascending=False, kind="stable").index]


def change_counts(parcels: pd.DataFrame) -> pd.Series:
    """How many parcels have each main change, in the order of `CHANGES`; kinds without a parcel are left out."""
    counts = parcels["plan_change"].value_counts().reindex(CHANGES).dropna().astype(int)
    return counts.rename("parcels")


def _by_parcel(plan: Part) -> pd.DataFrame:
    """Technologies, sizes, first year, investment and coal replaced of every parcel, and the grade of what is new."""
    choice, grade = plan.tables.get("choice"), plan.tables.get("grade")
    found = pd.DataFrame(
        columns=["technologies", "pv_kw", "heat_kw", "year", "capex_yuan", "saved", "grade"],
        index=pd.Index([], name="parcel_id"),
    )
    if choice is not None and len(choice):
        power = choice["family"] == POWER
        rows = pd.DataFrame(
            {
                "parcel_id": choice["parcel_id"].astype(str),
                "technology": choice["technology"].astype(str),
                "pv_kw": choice["planned_kw"].where(power, 0.0),
                "heat_kw": choice["planned_kw"].where(~power, 0.0),
                "year": choice["phase_year"],
                "capex_yuan": choice["capex_yuan"],
                "saved": choice["saved_kgce_per_year"],
            }
        )
        groups = rows.groupby("parcel_id")
        sums = groups[["pv_kw", "heat_kw", "capex_yuan", "saved"]].sum()
        names = groups["technology"].agg(lambda words: "; ".join(sorted(set(words))))
        found = sums.assign(technologies=names, year=groups["year"].min(), grade=None)
    if grade is not None and len(grade):
        new = grade["green_grade"].where(grade["new_building"].astype(bool)).astype(object)
        found = found.reindex(found.index.union(grade.index.astype(str)))
        found["grade"] = new.set_axis(grade.index.astype(str)).reindex(found.index)
    return found


def _technology_change(found: pd.DataFrame) -> list[str]:
    """Added, dropped, exchanged, or nothing, for each parcel."""
    said = []
    for one, other in zip(found["technologies_before"], found["technologies_after"], strict=True):
        old, new = set(filter(None, one.split("; "))), set(filter(None, other.split("; ")))
        if old == new:
            said.append("")
        elif old < new:
            said.append("technology_added")
        else:
            said.append("technology_dropped" if new < old else "technology_changed")
    return said


def _size_change(found: pd.DataFrame) -> pd.Series:
    """Larger or smaller by what changed most of electricity and heat; nothing where technologies came or went."""
    power, heat = found["pv_change_kw"], found["heat_change_kw"]
    change = power.where(power.abs() >= heat.abs(), heat)
    least = LEAST_CHANGE * (found["pv_before_kw"] + found["heat_before_kw"])
    same = found["technologies_before"] == found["technologies_after"]
    return _way(change.where((change.abs() > least) & same, 0.0), "size_larger", "size_smaller")


def _way(change: pd.Series, up: str, down: str) -> pd.Series:
    """A word for each change up or down, nothing for none or an unknown one."""
    said = np.select([change > 0, change < 0], [up, down], default="")
    return pd.Series(said, index=change.index, dtype=object)


def _differ(one: float, other: float) -> bool:
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) != math.isnan(other)
    return abs(one - other) > LEAST_CHANGE * max(abs(one), abs(other), 1e-3)


def _places(plan: Part) -> dict[str, str]:
    """Names of districts and units by their codes."""
    tables = [plan.tables[name] for name in ("district", "unit") if name in plan.tables]
    return {
        str(code): str(name) for table in tables if "name" in table for code, name in table["name"].items()
    }


def _title(known: Figure, names: Mapping[str, str]) -> str:
    """What a figure is called, with names and words of the dictionary in place of codes and keys."""

    def said(value: str) -> str:
        return " ".join(names.get(part) or word(part) for part in value.split("/"))

    return text(known.title, **{name: said(value) for name, value in known.values.items()})


def _importance(key: str) -> int:
    heads = [head for head in IMPORTANCE if key.startswith(head)]
    return IMPORTANCE.index(max(heads, key=len)) if heads else len(IMPORTANCE)


def _signed(change: float, unit: str) -> str:
    """A difference with its sign and unit; shares differ by percentage points."""
    if math.isnan(change):
        return MISSING
    if unit == "%":
        points = text("{amount} percentage points", amount=figure(abs(change) * 100))
    elif unit == "year":
        points = quantity(abs(change), "a")
    else:
        points = Figure("", "", abs(change), unit).said()
    return f"{'+' if change > 0 else '−'}{points}"


def _plus(share: float) -> str:
    return f"{'+' if share > 0 else '−'}{percent(abs(share) / 100)}"
