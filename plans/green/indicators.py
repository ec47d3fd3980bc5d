"""Indicators of parcels beside the grade: prefabricated, fitted out, ultra-low-energy, panels, collectors, materials."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from core.problems import Problem, Severity
from plans.green.balancing import Gap, balanced
from plans.green.conditions import holds
from plans.green.goals import Goals
from plans.green.grades import ONE_STAR, THREE_STARS, TWO_STARS, grade_name
from plans.green.panels import required_panels
from plans.green.settings import GreenSettings, laid_over, words
from plans.green.ultra_low_energy import ultra_low_energy
from standards import Taken

NEEDS_SURVEY = "needs_survey"


@dataclass
class Indicators:
    """What was found for every new parcel, what falls short, and what the user should know."""

    columns: pd.DataFrame
    quotas: pd.Series[float]
    gaps: dict[str, list[Gap]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def indicators(
    facts: pd.DataFrame,
    level: pd.Series[int],
    score: pd.Series[float],
    goals: Goals,
    settings: GreenSettings,
    taken: Taken,
    shallow_grade: pd.Series[Any] | None = None,
) -> Indicators:
    """All indicators of the new parcels beside their grade.

    Parameters
    ----------
    facts : DataFrame, indexed by parcel_id
        Facts of the new parcels, and `promotable`: which may still be asked for more than the rules.
    level, score : Series
        Grade (-1 to 3) and score of each of them.
    goals : Goals
        Shares and floor area to be reached.
    settings : GreenSettings
        Place and year.
    taken : Taken
        Numbers in force.
    shallow_grade : Series, optional
        How well shallow ground heat suits every parcel.

    Returns
    -------
    Indicators
        Columns `prefabricated`, `assembly_rate`, `fully_fitted`, `ultra_low_energy`, `ultra_low_energy_m2`,
        `ultra_low_energy_candidate`, `pv_coverage`, `ratio_basis`, `planned_roof_m2`, `pv_required_kwp`,
        `solar_system`, `solar_heat`, `ground_source`,
        `green_materials_share`, `label_authority`; quota of ultra-low-energy area by planning unit. [m²]
    """
    rules = laid_over(taken.standards.table("green_indicator_rules"), settings, ["indicator", "rule_id"])
    facts = facts.assign(
        one_star=level == ONE_STAR, two_star=level == TWO_STARS, three_star=level == THREE_STARS
    )
    out = pd.DataFrame(index=facts.index)
    gaps = {}
    for name, size, goal in (
        ("prefabricated", "civil_m2", "prefabricated_share"),
        ("fully_fitted", "residential_m2", "fully_fitted_share"),
    ):
        ruled = _demanded(name, rules, facts, taken)[0].fillna(0.0).gt(0)
        why, gaps[goal] = balanced(
            facts[size], ruled, facts["promotable"], score, facts, goals.shares.get(goal, [])
        )
        out[name] = ruled | why.ne("")
    facts["prefabricated"] = out["prefabricated"]
    out["assembly_rate"] = _demanded("assembly_rate", rules, facts, taken)[0]
    candidates = _demanded("ultra_low_energy", rules, facts, taken)[0].fillna(0.0).gt(0)
    area, quotas, problems = ultra_low_energy(facts, candidates, score, goals, settings, taken)
    out["ultra_low_energy"], out["ultra_low_energy_m2"] = area > 0, area
    out["ultra_low_energy_candidate"] = candidates
    out["pv_coverage"], out["ratio_basis"] = _demanded("pv_coverage", rules, facts, taken)
    out = out.join(required_panels(facts, out["pv_coverage"], taken))
    for name in ("solar_system", "solar_heat"):
        out[name] = _demanded(name, rules, facts, taken)[0].fillna(0.0).gt(0)
    out["ground_source"] = _ground(facts, shallow_grade, problems)
    out["green_materials_share"] = _demanded("green_materials", rules, facts, taken)[0]
    authority = words(taken.standards, "label_authority")
    out["label_authority"] = level.map(grade_name).map(authority).fillna("none")
    return Indicators(out, quotas, gaps, problems)


def _demanded(
    indicator: str, rules: pd.DataFrame, facts: pd.DataFrame, taken: Taken
) -> tuple[pd.Series[float], pd.Series[str]]:
    """The highest value that the rules of an indicator demand of every parcel, NaN where none does; and its basis."""
    value = np.full(len(facts), np.nan)
    basis = np.full(len(facts), "", dtype=object)
    for _, rule in rules[rules["indicator"] == indicator].iterrows():
        rows = holds(str(rule["rule_id"]), str(rule["test"]), facts, float(rule["threshold"]))
        if not rows.any():
            continue
        asked = _value(rule, taken)
        higher = rows & ~(value >= asked)
        value[higher], basis[higher] = asked, rule["ratio_basis"]
    return pd.Series(value, index=facts.index), pd.Series(basis, index=facts.index, dtype="str")


def _value(rule: pd.Series[Any], taken: Taken) -> float:
    """The value of a rule: its own, or a ratio of roofs on the basis that the rule names."""
    if not rule["roof_type"]:
        keys = {name: str(rule[name]) for name in ("place", "indicator", "rule_id")}
        return taken.number("green_indicator_rules", column="value", **keys)
    table = taken.standards.table("roof_use")
    named = table["ratio_basis"].str.startswith(str(rule["ratio_basis"]))
    row = table[named & (table["building_type"] == rule["roof_type"])].iloc[0]
    return taken.number("roof_use", building_type=rule["roof_type"], ratio_basis=row["ratio_basis"])


def _ground(
    facts: pd.DataFrame, shallow_grade: pd.Series[Any] | None, problems: list[Problem]
) -> pd.Series[str]:
    """How well shallow ground heat suits every parcel, as the assessment found."""
    if shallow_grade is None:
        problems.append(
            Problem(
                "Shallow ground heat has not been assessed; the parcels stand as lacking data for it.",
                "Assess shallow ground heat first.",
                severity=Severity.NOTE,
            )
        )
        return pd.Series(NEEDS_SURVEY, index=facts.index, dtype="str")
    known = shallow_grade.astype("string").reindex(facts.index).fillna(NEEDS_SURVEY)
    return known.replace("", NEEDS_SURVEY).astype("str")
