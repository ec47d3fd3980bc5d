"""Rules of grades as a planner changes them: whether they can be read, what may stand in them, and what they give."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache

import geopandas as gpd
import pandas as pd

from core.fields import fields
from core.problems import Problem, UserError
from core.texts import text, word
from core.units import count
from desktop.standard_numbers import RULE_TABLES
from layers.city import City
from plans.green.conditions import holds
from plans.green.facts import parcel_facts
from plans.green.grades import EXCLUDE, GRADES, MANUAL, MINIMUM, RAISE, grade_name, grades, rules_in_force
from plans.green.settings import GreenSettings
from standards import SHIPPED, Standards, Taken
from standards.overrides import words_of

RULES, VERSIONS = RULE_TABLES
ACTIONS = (MINIMUM, RAISE, EXCLUDE, MANUAL)
YES_NO = ("yes", "no")
FACTS = {
    "civil": "civil building",
    "public": "public building",
    "residential": "housing",
    "welfare": "public welfare building",
    "state_office": "office of a state organ",
    "government_funded": "paid by government",
    "affordable_housing": "affordable housing",
    "quality_auction": "land sold with quality conditions",
    "key_area": "in a key functional area",
    "demonstration_core": "in a core of demonstration",
    "landmark_public": "landmark public building",
    "rural": "in a village",
    "industrial": "industrial",
    "undecided": "use not yet decided",
    "unit_leading": "in a leading unit",
    "unit_preferred": "in a preferred unit",
    "unit_basic": "in a basic unit",
    "largest_public_building_m2": "floor area of the largest public building (m²)",
    "residential_m2": "floor area of housing (m²)",
    "public_m2": "floor area of public buildings (m²)",
    "civil_m2": "floor area of civil buildings (m²)",
    "gfa_m2": "floor area (m²)",
    "plot_area_m2": "area of the plot (m²)",
    "far": "floor area ratio",
}


def facts_said() -> list[tuple[str, str]]:
    """Names that may stand in a condition, with what they mean; all others are words for uses."""
    uses = fields()["use"]
    return [
        *((name, text(meaning)) for name, meaning in FACTS.items()),
        *((f"use={one}", text("a share of it is {use}", use=uses.shown(one))) for one in uses.choices),
    ]


def choices(column: str) -> tuple[tuple[str, str], ...]:
    """What may stand in a column of a rule, as it is kept and as people read it; empty where anything may."""
    if column == "action":
        return tuple((one, word(one)) for one in ACTIONS)
    if column in ("enabled", "enabled_by_default"):
        return tuple((one, word(one)) for one in YES_NO)
    if column in ("grade", "default_grade"):
        return (("", "—"), *((str(level), word(name)) for level, name in enumerate(GRADES[1:])))
    return ()


def check_rule(standards: Standards, table: str, keys: Sequence[str]) -> None:
    """Refuse a rule that no plan could be made with.

    Raises
    ------
    UserError
        Its condition cannot be read, it compares with a threshold and has none, or its action or state is no word for
        one.
    """
    named = standards.keys(table)
    rows = {words_of(row[one] for one in named): row for row in standards.table(table).to_dict("records")}
    row = rows[tuple(keys)]
    rule = str(row["rule_id"])
    for column in ("action", "enabled", "enabled_by_default"):
        known = [one for one, _ in choices(column)]
        if column in row and row[column] not in known:
            raise UserError(
                Problem(
                    "{words} is no value of {name}.",
                    "Choose one of: {names}.",
                    words=row[column],
                    name=column,
                    names=", ".join(known),
                )
            )
    threshold = float(row["threshold"])
    if math.isnan(threshold) and table == VERSIONS:  # that of the whole country holds
        national = standards.table(RULES).set_index("rule_id")["threshold"]
        threshold = float(national.get(rule, math.nan))
    holds(rule, str(row["test"]), _no_parcels(), threshold)


@cache
def _no_parcels() -> pd.DataFrame:
    """All facts of no parcel, to read conditions with."""
    parcels = gpd.GeoDataFrame({"use": pd.Series(dtype="str")}, geometry=[], crs=4545)
    return parcel_facts({"parcel": parcels}, Taken(SHIPPED))[0]


def grade_counts(city: City, standards: Standards, switches: Mapping[str, bool]) -> dict[str, int]:
    """How many parcels to be built have each grade by the rules alone, before any is raised for a target.

    Raises
    ------
    UserError
        A condition cannot be read.
    """
    facts, _ = parcel_facts(city.tables, Taken(standards))
    province = str(city.facts.get("province", ""))
    rules, _, _ = rules_in_force(standards, GreenSettings(0, province, city.name, switches=switches))
    levels = grades(facts[facts["new"]], rules)["level"].map(grade_name).value_counts()
    return {name: int(levels.get(name, 0)) for name in GRADES}


def change_said(before: Mapping[str, int], after: Mapping[str, int]) -> str:
    """How many parcels have each grade, before and after where that differs, in words."""
    parts = [
        f"{word(name)} {count(before[name])}"
        + (f" → {count(after[name])}" if after[name] != before[name] else "")
        for name in GRADES
        if before[name] or after[name]
    ]
    said = text("Parcels to be built, by the rules alone: {grades}", grades=text(", ").join(parts))
    return said if before != after else f"{said} {text('(nothing changes)')}"
