"""Grades: the lowest green-building grade of every parcel that its rules allow, with the rule and the reason."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from core.problems import Problem, Severity
from plans.green.conditions import holds
from plans.green.settings import GreenSettings, places
from standards import Number, Standards
from standards.grid import NATIONAL

GRADES = ("none", "basic", "one_star", "two_star", "three_star")  # lowest first
NONE, BASIC, ONE_STAR, TWO_STARS, THREE_STARS = range(-1, 4)  # levels; stars are counted from basic
STARS = {"none": NONE, "basic": BASIC, "one": ONE_STAR, "two": TWO_STARS, "three": THREE_STARS}
EXCLUDE, MINIMUM, RAISE, MANUAL = "no_grade", "least_grade", "one_higher", "by_hand"
NO_RULE = "no rule holds"
BY_HAND = "set by hand"


@dataclass(frozen=True)
class Rule:
    """One rule in force: where its test holds, the grade is at least `level` (or is none, or one higher)."""

    rule_id: str
    action: str
    test: str
    threshold: float
    level: int
    reason: str
    place: str
    source: str


def grade_name(level: int) -> str:
    """The name of a level: -1 none, 0 basic, 1 to 3 stars."""
    return GRADES[level + 1]


def rules_in_force(
    standards: Standards, settings: GreenSettings
) -> tuple[list[Rule], tuple[Number, ...], list[Problem]]:
    """The rules that hold for a city: the national ones, with those of its province and city laid over them.

    Parameters
    ----------
    standards : Standards
        Tables `grade_rules` and `grade_rule_versions`.
    settings : GreenSettings
        Place and switches.

    Returns
    -------
    list of Rule
        Rules that are on, in the order of the table.
    tuple of Number
        Grades and thresholds that were used.
    list of Problem
        A note where the province has no rows of its own; switches of rules that do not exist.
    """
    national = standards.table("grade_rules")
    versions = standards.table("grade_rule_versions")
    here = places(versions, settings)
    local = {(row["place"], row["rule_id"]): row for _, row in versions.iterrows() if row["place"] in here}
    shipped = {row["rule_id"]: row for _, row in national.iterrows()}
    rules: list[Rule] = []
    numbers: list[Number] = []
    for rule_id in dict.fromkeys([*shipped, *(rule_id for _, rule_id in local)]):
        rows = [local[place, rule_id] for place in reversed(here) if (place, rule_id) in local]
        rows += [shipped[rule_id]] if rule_id in shipped else []  # the narrowest place first
        if settings.switches.get(rule_id, _first(rows, "enabled", "enabled_by_default") == "yes"):
            level = _number(standards, rows, ("grade", "default_grade"), numbers)
            rules.append(
                Rule(
                    rule_id,
                    _first(rows, "action") or MINIMUM,
                    _first(rows, "test"),
                    _number(standards, rows, ("threshold",), numbers),
                    BASIC if math.isnan(level) else int(level),
                    _first(rows, "reason") or _first(rows, "condition"),
                    _first(rows, "place") or NATIONAL,
                    _first(rows, "source"),
                )
            )
    known = {*shipped, *versions["rule_id"]}
    return rules, tuple(numbers), _problems(settings, bool(local), sorted(set(settings.switches) - known))


def _first(rows: list[pd.Series[Any]], *columns: str) -> str:
    """The first word that stands in any of these columns."""
    found = (str(row[column]) for row in rows for column in columns if row.get(column, ""))
    return next(found, "")


def _number(
    standards: Standards, rows: list[pd.Series[Any]], columns: tuple[str, ...], numbers: list[Number]
) -> float:
    """The first number that stands in any of these columns, remembered with its source; NaN where there is none."""
    for row in rows:
        for column in columns:
            if column in row and not pd.isna(row[column]):
                table, keys = "grade_rules", {"rule_id": row["rule_id"]}
                if "place" in row:
                    table, keys = "grade_rule_versions", {"place": row["place"], **keys}
                found = standards.number(table, column=column, **keys)
                numbers.append(replace(found, key=f"{found.key} / {column}"))
                return found.value
    return math.nan


def _problems(settings: GreenSettings, local: bool, unknown: list[str]) -> list[Problem]:
    problems = []
    if not local:
        problems.append(
            Problem(
                "There are no rules of grades for {place} yet; the national rules and defaults hold.",
                "Add the rows of the province to the table grade_rule_versions, with their source.",
                severity=Severity.NOTE,
                place=f"{settings.province}{settings.city}" or "—",
            )
        )
    if unknown:
        problems.append(
            Problem(
                "There are no rules {rules} to switch.",
                "Correct the ids of these rules.",
                severity=Severity.WARNING,
                rules=", ".join(unknown),
            )
        )
    return problems


def rule_table(rules: list[Rule], standards: Standards) -> pd.DataFrame:
    """The rules in force as documents print them.

    Parameters
    ----------
    rules : list of Rule
        As `rules_in_force` gives them.
    standards : Standards
        For the titles of the sources.

    Returns
    -------
    DataFrame, indexed by rule_id
        `rule_place` (whose rule it is), `green_reason` (where it holds), `rule_action`, `rule_threshold` (in the unit of
        what is compared, m² of floor area as shipped), `rule_grade` (of rules that set a minimum), `rule_source`.
    """
    return pd.DataFrame(
        {
            "rule_place": [rule.place for rule in rules],
            "green_reason": [rule.reason for rule in rules],
            "rule_action": [rule.action for rule in rules],
            "rule_threshold": [rule.threshold for rule in rules],
            "rule_grade": [grade_name(rule.level) if rule.action == MINIMUM else "none" for rule in rules],
            "rule_source": [standards.citation(rule.source) for rule in rules],
        },
        index=pd.Index([rule.rule_id for rule in rules], dtype="str", name="rule_id"),
    )


def grades(facts: pd.DataFrame, rules: list[Rule]) -> pd.DataFrame:
    """The grade of every parcel by the rules.

    The highest minimum holds; rules that raise come on top of it, up to three stars; rules that exclude come first.

    Parameters
    ----------
    facts : DataFrame, indexed by parcel_id
        As `parcel_facts` gives them.
    rules : list of Rule
        Rules in force; of equal grades the first is the reason.

    Returns
    -------
    DataFrame
        `level` (-1 none, 0 basic, 1 to 3 stars), `rule_id` (`G3 + G5`), `green_reason`, `rules_applied` (all that
        hold, parted by `; `).
    """
    count = len(facts)
    level = np.full(count, NONE)
    rule = np.full(count, "", dtype=object)
    reason = np.full(count, NO_RULE, dtype=object)
    applied = np.full(count, "", dtype=object)
    out = np.zeros(count, dtype=bool)
    for action in (EXCLUDE, MINIMUM, RAISE):
        for one in (one for one in rules if one.action == action):
            rows = holds(one.rule_id, one.test, facts, one.threshold) & ~out
            applied[rows] = [f"{said}; {one.rule_id}" if said else one.rule_id for said in applied[rows]]
            if action == EXCLUDE:
                rule[rows], reason[rows] = one.rule_id, one.reason
                out |= rows
            elif action == MINIMUM:
                rows &= one.level > level
                level[rows], rule[rows], reason[rows] = one.level, one.rule_id, one.reason
            else:
                rows &= (level >= BASIC) & (level < THREE_STARS)
                level[rows] += 1
                rule[rows] = [f"{said} + {one.rule_id}" for said in rule[rows]]
                reason[rows] = [f"{said}; {one.reason}" for said in reason[rows]]
    return pd.DataFrame(
        {"level": level, "rule_id": rule, "green_reason": reason, "rules_applied": applied}, index=facts.index
    )


def set_by_hand(
    found: pd.DataFrame, overrides: pd.DataFrame | None, rules: list[Rule]
) -> tuple[pd.DataFrame, list[Problem]]:
    """Grades with those that a person set in their place, each with who and why.

    Parameters
    ----------
    found : DataFrame
        As `grades` gives it, for the new parcels.
    overrides : DataFrame, optional
        Index parcel_id; `green_grade`, `manual_by` and `manual_reason`.
    rules : list of Rule
        Rules in force, the manual one among them where it is on.

    Returns
    -------
    DataFrame
        `found` with `manual_by` and `manual_reason`, both empty where the rules decide.
    list of Problem
        Rows that cannot be used, and grades below what the rules demand.
    """
    out = found.assign(manual_by="", manual_reason="")
    manual = next((one.rule_id for one in rules if one.action == MANUAL), "")
    if overrides is None or overrides.empty or not manual:
        return out, []
    said = overrides.reindex(columns=["green_grade", "manual_by", "manual_reason"]).fillna("").astype(str)
    here = pd.Series(said.index.isin(found.index), index=said.index)
    named = said["green_grade"].isin(GRADES)
    signed = (said[["manual_by", "manual_reason"]].map(str.strip) != "").all(axis=1)
    problems = [
        problem
        for rows, message in (
            (
                ~here,
                "Grades were set by hand for parcels that are not new or do not exist.",
            ),
            (here & ~named, "Grades set by hand are none of none, basic, one_star, two_star, three_star."),
            (here & named & ~signed, "Grades set by hand lack who set them or why."),
        )
        for problem in _unusable(rows, message)
    ]
    kept = said[here & named & signed]
    levels = kept["green_grade"].map(GRADES.index) - 1
    below = levels.index[levels < out.loc[kept.index, "level"]]
    out.loc[kept.index, "level"] = levels
    out.loc[kept.index, "rule_id"] = manual
    out.loc[kept.index, "green_reason"] = BY_HAND
    out.loc[kept.index, ["manual_by", "manual_reason"]] = kept[["manual_by", "manual_reason"]]
    if len(below):
        problems.append(
            Problem(
                "Grades set by hand lie below what the rules demand.",
                "Check these parcels; the reason given stands in their row.",
                severity=Severity.WARNING,
                table="parcel",
                rows=tuple(below),
            )
        )
    return out, problems


def _unusable(rows: pd.Series[bool], message: str) -> list[Problem]:
    if not rows.any():
        return []
    return [
        Problem(
            message,
            "Correct these rows; the rules hold until then.",
            table="parcel",
            rows=tuple(rows.index[rows]),
        )
    ]


def present_state(facts: pd.DataFrame, buildings: pd.DataFrame | None) -> pd.DataFrame:
    """The grade that most civil floor area of every existing parcel has today.

    Parameters
    ----------
    facts : DataFrame
        Facts of the parcels.
    buildings : DataFrame, optional
        `parcel_id`, `gfa_m2` and `green_star` (none, basic, one, two, three).

    Returns
    -------
    DataFrame
        Columns as of `grades`, for parcels that are not new.
    """
    index = facts.index[~facts["new"]]
    out = pd.DataFrame(
        {"level": NONE, "rule_id": "", "green_reason": "no building with a label", "rules_applied": ""},
        index=index,
    )
    if buildings is None or "green_star" not in buildings.columns:
        return out
    kept = buildings[buildings["parcel_id"].isin(index)]
    level = kept["green_star"].astype("string").fillna("none").map(STARS).fillna(NONE).astype(int)
    area = kept["gfa_m2"].fillna(0.0).groupby([kept["parcel_id"], level]).sum().rename("area").reset_index()
    area.columns = pd.Index(["parcel_id", "level", "area"])
    most = (
        area.sort_values(["area", "level"]).drop_duplicates("parcel_id", keep="last").set_index("parcel_id")
    )
    out.loc[most.index, "level"] = most["level"]
    labelled = most.index[most["level"] > NONE]
    out.loc[labelled, "green_reason"] = "present state of most of its floor area"
    return out
