"""Clauses: what the conditions of planning (规划条件) say of green building on one parcel, ready to be pasted."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from core.fields import field as dictionary_field
from core.texts import text
from core.units import percent, quantity
from plans.green.grades import GRADES
from plans.green.units import SUITABLE
from standards import Standards

DIGITS = 2  # of shares in clauses
BINDING, GUIDING = "binding", "guiding"


@dataclass(frozen=True)
class Clause:
    """One clause: which column it says, in the language of the moment; binding or guiding; the numbers in it."""

    key: str
    said: str
    control_kind: str
    numbers: Mapping[str, float] = field(default_factory=dict)


def planning_conditions(parcel: pd.Series[Any], standards: Standards) -> list[Clause]:
    """The clauses for one new parcel.

    Parameters
    ----------
    parcel : Series
        A row of the table `grade` of the plan.
    standards : Standards
        Numbers in force.

    Returns
    -------
    list of Clause
        In the order in which planning conditions list them; empty for parcels that are not new.
    """
    if not parcel["new_building"]:
        return []
    return [
        *_grade(parcel),
        *_construction(parcel),
        *_sun(parcel),
        *_ground(parcel, standards),
        *_materials(parcel),
        *_report(parcel),
    ]


def grade_called(grade: str) -> str:
    """A grade as planning conditions name it."""
    names = (
        text("no grade"),
        text("basic grade"),
        text("one star"),
        text("two stars"),
        text("three stars"),
    )
    return names[GRADES.index(grade)]


def _grade(parcel: pd.Series[Any]) -> list[Clause]:
    grade = str(parcel["green_grade"])
    if grade == "none":
        return []
    numbers = {"stars": float(GRADES.index(grade) - 1)}
    said = grade_called(grade)
    if parcel["voluntary"]:
        ruled = grade_called(str(parcel["ruled_grade"]))
        first = text(
            "New civil buildings reach at least the green-building grade {ruled}; {grade} is to be aimed at.",
            ruled=ruled,
            grade=said,
        )
    else:
        first = text("New civil buildings reach at least the green-building grade {grade}.", grade=said)
    found = [Clause("green_grade", first, BINDING, numbers)]
    if parcel["label_authority"] != "none":
        who = dictionary_field("label_authority").shown(parcel["label_authority"])
        found.append(Clause("label_authority", text("The label is granted by {who}.", who=who), GUIDING))
    return found


def _construction(parcel: pd.Series[Any]) -> list[Clause]:
    found = []
    if parcel["prefabricated"]:
        rate = float(parcel["assembly_rate"])
        said = text(
            "Buildings are prefabricated, with an assembly rate of at least {rate}.",
            rate=percent(rate, DIGITS),
        )
        found.append(Clause("prefabricated", said, BINDING, {"assembly_rate": rate}))
    if parcel["fully_fitted"]:
        found.append(Clause("fully_fitted", text("Homes are handed over fully fitted out."), BINDING))
    if parcel["ultra_low_energy_m2"] > 0:
        area = float(parcel["ultra_low_energy_m2"])
        said = text(
            "At least {area} of floor area are built to the standard of ultra-low-energy building.",
            area=quantity(area, "m²"),
        )
        found.append(Clause("ultra_low_energy_m2", said, GUIDING, {"ultra_low_energy_m2": area}))
    return found


def _sun(parcel: pd.Series[Any]) -> list[Clause]:
    found = []
    if parcel["solar_system"]:
        said = text("Solar systems are designed, built and accepted with the building (GB 55015-2021 5.2.1).")
        found.append(Clause("solar_system", said, BINDING))
    if pd.notna(parcel["pv_coverage"]):
        share = float(parcel["pv_coverage"])
        if parcel["ratio_basis"] == "area_share_shanghai":
            said = text(
                "Panels are installed on at least {share} of the roof area.", share=percent(share, DIGITS)
            )
            kind = BINDING
        else:
            said = text("The roof coverage of panels is to reach {share}.", share=percent(share, DIGITS))
            kind = GUIDING
        found.append(Clause("pv_coverage", said, kind, {"pv_coverage": share}))
    if parcel["solar_heat"]:
        said = text("Hot water comes first from solar collectors, as its need is steady.")
        found.append(Clause("solar_heat", said, GUIDING))
    return found


def _ground(parcel: pd.Series[Any], standards: Standards) -> list[Clause]:
    if parcel["ground_source"] not in SUITABLE:
        return []
    found = [
        Clause(
            "ground_source",
            text(
                "Ground-source heat pumps are {grade} on this parcel and to be preferred.",
                grade=dictionary_field("ground_source").shown(parcel["ground_source"]),
            ),
            GUIDING,
        )
    ]
    served = float(parcel["gfa_m2"])
    test = standards.number("geothermal_rules", rule_id="H14").value
    if served >= test:
        said = text(
            "If {limit} or more are served from boreholes, a thermal response test is made (GB 55015-2021 5.3.1).",
            limit=quantity(test, "m²"),
        )
        found.append(Clause("ground_test", said, BINDING, {"limit_m2": test}))
    found += _test_holes(served, standards)
    long = standards.number("geothermal_rules", rule_id="H12").value
    if served >= long:
        years = standards.number("geothermal_rules", rule_id="H13").value
        said = text(
            "If {limit} or more are served from boreholes, ground and system are simulated together over at least "
            "{years} years (GB 55015-2021 5.3.2).",
            limit=quantity(long, "m²"),
            years=f"{years:g}",
        )
        found.append(Clause("ground_simulation", said, BINDING, {"limit_m2": long, "years": years}))
    return found


def _test_holes(served_m2: float, standards: Standards) -> list[Clause]:
    """How many holes are tested, as far as the floor area of the parcel goes."""
    found = []
    for case, rule in (("two_holes_from", "H16"), ("four_holes_from", "H17")):
        limit = standards.number("green_rules", item="ground_test", case=case).value
        holes = standards.number("geothermal_rules", rule_id=rule).value
        if served_m2 >= limit:
            said = text(
                "If {limit} or more are served from boreholes, at least {holes} holes are tested.",
                limit=quantity(limit, "m²"),
                holes=f"{holes:g}",
            )
            found.append(Clause("ground_test_holes", said, GUIDING, {"limit_m2": limit, "holes": holes}))
    return found


def _materials(parcel: pd.Series[Any]) -> list[Clause]:
    share = float(parcel["green_materials_share"])
    if math.isnan(share):
        return []
    said = text("Green building materials make up at least {share}.", share=percent(share, DIGITS))
    return [Clause("green_materials_share", said, GUIDING, {"green_materials_share": share})]


def _report(parcel: pd.Series[Any]) -> list[Clause]:
    said = text(
        "Design documents include a report on the energy use, the renewable energy and the carbon emissions of the "
        "buildings (GB 55015-2021)."
    )
    return [Clause("energy_report", said, BINDING)] if parcel["solar_system"] else []
