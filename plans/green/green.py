"""The plan of green buildings: grades and indicators of parcels, control indicators of units, pilots and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from plans import Part
from plans.green.balancing import Gap, balanced
from plans.green.facts import parcel_facts
from plans.green.figures import green_figures
from plans.green.goals import Goals, goals
from plans.green.grades import (
    BASIC,
    MANUAL,
    ONE_STAR,
    TWO_STARS,
    Rule,
    grade_name,
    grades,
    present_state,
    rule_table,
    rules_in_force,
    set_by_hand,
)
from plans.green.indicators import indicators
from plans.green.pilots import pilots
from plans.green.scores import promotion_score
from plans.green.settings import GreenSettings
from plans.green.shortfalls import exceptions, shortfalls
from plans.green.units import control_indicators, efficiency_gains, existing_state
from standards import Standards, Taken

RAISED = {
    "planning_unit": "raised for the target of the unit",
    "district_code": "raised for the target of the district",
    "city": "raised for the target of the city",
}
VOLUNTARY = "V"
REMARKS = (
    "Shares of green building are by the civil floor area of new parcels; what is built decides.",
    "Targets of planning units by type are starting values until the city sets its own.",
)
SHOWN = [
    "new_building", "status", "planning_unit", "district_code", "civil_uses", "gfa_m2", "civil_gfa_m2",
    "largest_public_building_m2", "key_area", "green_grade", "ruled_grade", "rule_id", "rules_applied", "green_reason",
    "voluntary", "manual_by", "manual_reason", "label_authority", "promotion_score", "star_required", "prefabricated",
    "assembly_rate", "fully_fitted", "ultra_low_energy", "ultra_low_energy_m2", "ultra_low_energy_candidate",
    "pv_coverage", "ratio_basis", "planned_roof_m2", "pv_required_kwp",
    "solar_system", "solar_heat", "ground_source", "green_materials_share",
]  # fmt: skip


@dataclass(frozen=True)
class GivenByOthers:
    """What other parts and people bring to the plan of green buildings; each may be left out.

    Parameters
    ----------
    targets : DataFrame
        Targets of the plan, as `goals` reads them.
    overrides : DataFrame, indexed by parcel_id
        Grades set by hand: `green_grade`, `manual_by`, `manual_reason`.
    shallow_grade : Series, indexed by parcel_id
        Suitability of shallow ground heat.
    resource : Series, indexed by parcel_id
        Renewable energy that every parcel can have, in any unit.
    land_price : Series, indexed by parcel_id
        Price of land, in any unit.
    """

    targets: pd.DataFrame | None = None
    overrides: pd.DataFrame | None = None
    shallow_grade: pd.Series[Any] | None = None
    resource: pd.Series[Any] | None = None
    land_price: pd.Series[Any] | None = None


NOTHING = GivenByOthers()


def green_plan(
    tables: Mapping[str, pd.DataFrame],
    standards: Standards,
    settings: GreenSettings,
    given: GivenByOthers = NOTHING,
) -> Part:
    """The plan of green buildings of a city.

    Parameters
    ----------
    tables : Mapping of str to DataFrame
        Tables of the city: `parcel`, and what is there of `building`, `planning_unit`, `district`, `key_area`,
        `metro`.
    standards : Standards
        Numbers in force.
    settings : GreenSettings
        Year, place and switches of rules.
    given : GivenByOthers
        Targets, grades set by hand, and what was assessed.

    Returns
    -------
    Part
        Tables `grade` (by parcel), `unit`, `district` (control indicators), `control` (which bind), `grade_rule` (the
        rules in force), `pilot`; figures under `green.`.

    Raises
    ------
    UserError
        The condition of a rule cannot be read.
    """
    taken = Taken(standards)
    facts, problems = parcel_facts(tables, taken)
    rules, numbers, said = rules_in_force(standards, settings)
    score = promotion_score(facts, tables, taken, given.resource, given.land_price)
    units = tables.get("planning_unit")
    wanted = goals(units, given.targets, settings, taken)
    problems += [*said, *wanted.problems]

    new = facts.assign(promotion_score=score)[facts["new"]]
    new["promotable"] = _promotable(new["status"], taken)
    found, said = set_by_hand(grades(new, rules), given.overrides, rules)
    new = new.join(found).assign(ruled_level=found["level"])
    new, gaps = _raised(new, rules, wanted, taken)
    new["star_required"] = _star_required(new, taken)
    beside = indicators(
        new, new["level"], new["promotion_score"], wanted, settings, taken, given.shallow_grade
    )
    new = new.join(beside.columns)
    problems += [*said, *beside.problems, *shortfalls({**gaps, **beside.gaps}), *exceptions(new)]

    buildings = tables.get("building")
    controls = {
        name: _controls(new, facts, buildings, column, areas, wanted, taken)
        for name, column, areas in (
            ("unit", "planning_unit", units),
            ("district", "district_code", _by_code(tables.get("district"))),
            ("city", "", None),
        )
    }
    controls["unit"]["ultra_low_energy_quota_m2"] = beside.quotas.reindex(controls["unit"].index).fillna(0.0)
    for name, column in (("unit", "planning_unit"), ("district", "district_code")):
        controls[name].index.name = column
    whole = controls.pop("city")
    city = whole.iloc[0] if len(new) else None
    out = {
        "grade": _shown(new, present_state(facts, buildings), facts),
        **controls,
        "grade_rule": rule_table(rules, standards),
        "pilot": pilots(new, controls["unit"], taken, given.resource),
        "control": standards.table("green_controls").set_index("indicator")[["control_kind"]],
    }
    used = tuple(dict.fromkeys((*numbers, *taken.used)))
    return Part(
        tables=out,
        figures=green_figures(new, city, wanted, used),
        numbers=used,
        remarks=REMARKS,
        problems=tuple(problems),
    )


def _raised(
    new: pd.DataFrame, rules: list[Rule], wanted: Goals, taken: Taken
) -> tuple[pd.DataFrame, dict[str, list[Gap]]]:
    """Grades raised until the shares of stars are reached; what a person set and what is approved stays."""
    manual = {one.rule_id for one in rules if one.action == MANUAL}
    free = new["promotable"] & (new["level"] >= BASIC) & ~new["rule_id"].isin(manual)
    level, why, gaps = new["level"].copy(), pd.Series("", index=new.index, dtype="str"), {}
    for name, least in (("star_share", ONE_STAR), ("two_star_share", TWO_STARS)):
        raised, gaps[name] = balanced(
            new["civil_m2"], level >= least, free, new["promotion_score"], new, wanted.shares.get(name, [])
        )
        level = level.where(raised.eq(""), np.maximum(level, least))
        why = raised.where(raised.ne(""), why)
    voluntary = level > new["ruled_level"]
    return new.assign(
        level=level,
        voluntary=voluntary,
        rule_id=new["rule_id"].where(~voluntary, new["rule_id"] + f" + {VOLUNTARY}"),
        green_reason=new["green_reason"].where(
            ~voluntary, new["green_reason"] + "; " + why.map(RAISED).fillna("")
        ),
    ), gaps


def _promotable(status: pd.Series[str], taken: Taken) -> pd.Series[bool]:
    """Which parcels may still be asked for more than the rules demand, by their state of development."""
    table = taken.standards.table("green_rules")
    known = set(table.loc[table["item"] == "promotable", "case"]) & set(status)
    return status.isin(
        [state for state in sorted(known) if taken.number("green_rules", item="promotable", case=state) > 0]
    )


def _star_required(new: pd.DataFrame, taken: Taken) -> pd.Series[bool]:
    """Public welfare buildings with government funds and large public buildings, all of which are to have a star."""
    large = taken.number("grade_rules", column="threshold", rule_id="G3")
    return (new["welfare"] & new["government_funded"]) | (new["largest_public_building_m2"] > large)


def _controls(
    new: pd.DataFrame,
    facts: pd.DataFrame,
    buildings: pd.DataFrame | None,
    column: str,
    areas: pd.DataFrame | None,
    wanted: Goals,
    taken: Taken,
) -> pd.DataFrame:
    rows = control_indicators(new, column, areas, wanted, efficiency_gains(taken))
    return rows.join(existing_state(facts, buildings, column, rows.index, taken))


def _by_code(districts: pd.DataFrame | None) -> pd.DataFrame | None:
    """Districts by the code that parcels name them by."""
    if districts is None or "district_code" not in districts.columns:
        return districts
    return districts.set_index(districts["district_code"].astype("str"))


def _shown(new: pd.DataFrame, present: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """The table of grades: new parcels as planned, the others as they are today."""
    old = (
        facts.loc[present.index]
        .join(present)
        .assign(
            ruled_level=present["level"],
            label_authority="none",
            ratio_basis="",
            ground_source="",
            manual_by="",
            manual_reason="",
        )
    )
    both = pd.concat([new, old]).reindex(facts.index)
    flags = [
        "voluntary",
        "star_required",
        "prefabricated",
        "fully_fitted",
        "ultra_low_energy",
        "solar_system",
    ]
    flags += ["ultra_low_energy_candidate", "solar_heat"]
    both[flags] = both[flags].astype("boolean").fillna(False).astype(bool)
    both["ultra_low_energy_m2"] = both["ultra_low_energy_m2"].fillna(0.0)
    both["green_grade"] = both["level"].map(grade_name)
    both["ruled_grade"] = both["ruled_level"].map(grade_name)
    both = both.rename(columns={"new": "new_building", "civil_m2": "civil_gfa_m2"})
    return both[SHOWN]
