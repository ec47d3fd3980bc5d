"""Control tables of green building as documents print them: which indicators bind, and every new parcel with its own."""

from __future__ import annotations

import pandas as pd

from core.fields import fields
from core.texts import speaking, text
from layers.city import City
from plans import Part
from plans.figures import Figure, Figures
from reports.documents.material import CHINESE

GIVEN = ("land_use_code", "use", "plot_area_m2", "far", "investor")
PLANNED = (
    "planning_unit", "gfa_m2", "largest_public_building_m2", "key_area", "green_grade", "green_reason", "rule_id",
    "prefabricated", "assembly_rate", "ultra_low_energy", "fully_fitted", "pv_coverage", "pv_required_kwp",
    "solar_heat", "ground_source", "green_materials_share",
)  # fmt: skip
GRADES = ("basic", "one_star", "two_star", "three_star")
UNIT_TYPES = ("leading", "preferred", "basic")
CARBON = "carbon_per_m2"  # indicator
PILOTS = ("zero_carbon", "ultra_low_energy", "low_carbon_district")


def parcel_control(city: City, plan: Part) -> Part:
    """The control table of new civil parcels, and counts of parcels, units and pilots.

    Parameters
    ----------
    city : City
        With parcels.
    plan : Part
        Tables `grade`, `unit`, `pilot` and `control`; without grades nothing is given.

    Returns
    -------
    Part
        Tables `parcel_control` (by parcel_id, new civil parcels with a grade) and `control_name` (by indicator: its name
        and whether it binds), `unit_carbon` (as the function of that name gives it); figures `control.*`.
    """
    grade = plan.tables.get("grade")
    if grade is None or grade.empty:
        return Part()
    new = grade[grade["new_building"] & (grade["green_grade"] != "none")]
    parcels = city.tables["parcel"]
    table = pd.DataFrame(parcels).reindex(index=new.index, columns=list(GIVEN)).join(new[[*PLANNED]])
    with speaking(CHINESE):
        table["control_remark"] = [_remark(row) for row in new.itertuples()]
    tables = {"parcel_control": table.rename_axis("parcel_id")}
    control = plan.tables.get("control")
    if control is not None:
        tables["control_name"] = _named(control)
    carbon = unit_carbon(plan)
    if len(carbon):
        tables["unit_carbon"] = carbon
    return Part(tables, _counts(new, plan))


def unit_carbon(plan: Part) -> pd.DataFrame:
    """Carbon of operation by floor area of every policy unit and year, with name and kind of the unit; may be empty."""
    rows, unit = plan.tables.get("indicator"), plan.tables.get("unit")
    if rows is None or unit is None:
        return pd.DataFrame()
    rows = rows[(rows["indicator"] == CARBON) & (rows["area_kind"] == "unit") & rows["headline"]]
    known = unit.reindex(columns=["name", "unit_type", "existing_gfa_m2", "new_gfa_m2"]).reindex(
        rows["area_id"]
    )
    known.insert(0, "planning_unit", known.index)
    found = known.assign(year=rows["year"].to_numpy(), carbon_kg_per_m2=rows["indicator_value"].to_numpy())
    found.index = pd.RangeIndex(1, len(found) + 1, name="unit_carbon_id")
    return found


def counted(key: str, title: str, number: float, origin: str) -> Figure:
    """A count of rows of a table of the plan."""
    return Figure(f"control.{key}", title, float(number), "n", origin=origin)


def _remark(row: object) -> str:
    """How a grade came to stand above or beside the rules."""
    if str(getattr(row, "manual_reason", "") or ""):
        return text(
            "Set by {who}: {why}",
            who=getattr(row, "manual_by", ""),
            why=getattr(row, "manual_reason", ""),
        )
    return text("Raised voluntarily") if getattr(row, "voluntary", False) else ""


def _named(control: pd.DataFrame) -> pd.DataFrame:
    """Control indicators with their names in Chinese."""
    named = control.assign(control_indicator=control.index)
    with speaking(CHINESE):
        titles = [fields()[name].title if name in fields() else name for name in control.index]
    return named.assign(control_title=titles)[["control_title", "control_kind"]]


def _counts(new: pd.DataFrame, plan: Part) -> Figures:
    """How many parcels, units and pilots there are of each kind."""

    grades = dict(
        zip(
            GRADES,
            (
                "New parcels of the basic grade",
                "New parcels with one star",
                "New parcels with two stars",
                "New parcels with three stars",
            ),
            strict=True,
        )
    )
    found = [
        counted(f"parcels.{name}", title, (new["green_grade"] == name).sum(), "grade.green_grade")
        for name, title in grades.items()
    ]
    found += [
        counted("parcels.all", "New parcels with a grade", len(new), "grade.green_grade"),
        counted("parcels.voluntary", "New parcels raised voluntarily", new["voluntary"].sum(), "grade.voluntary"),
        counted(
            "parcels.manual", "New parcels whose grade was set by hand", (new["manual_reason"].fillna("") != "").sum(),
            "grade.manual_reason",
        ),
        counted(
            "parcels.prefabricated", "New parcels of prefabricated building", new["prefabricated"].sum(),
            "grade.prefabricated",
        ),
        counted(
            "parcels.ultra_low_energy", "New parcels with ultra-low-energy building", new["ultra_low_energy"].sum(),
            "grade.ultra_low_energy",
        ),
        counted("parcels.solar_heat", "New parcels with hot water from the sun", new["solar_heat"].sum(), "grade"),
    ]  # fmt: skip
    return Figures.of([*found, *_of_units(plan), *_of_pilots(plan)])


def _of_units(plan: Part) -> list[Figure]:
    unit = plan.tables.get("unit")
    if unit is None:
        return []
    titles = ("Units that lead", "Units that are preferred", "Basic units")
    kinds = unit["unit_type"] if "unit_type" in unit else pd.Series("", index=unit.index)
    target, share = unit["two_star_share_target"], unit["two_star_share"]
    both = target.notna() & share.notna()
    made = [("units.all", "Planning units", len(unit), "unit.name")]
    made += [
        (f"units.{kind}", title, (kinds == kind).sum(), "unit.unit_type")
        for kind, title in zip(UNIT_TYPES, titles, strict=True)
    ]
    made += [
        ("units.new", "Planning units with new civil building", (unit["new_gfa_m2"] > 0).sum(), "unit.new_gfa_m2"),
        ("units.reached", "Planning units that reach their share of two stars", (both & (share >= target)).sum(),
         "unit.two_star_share"),
        ("units.short", "Planning units below their share of two stars", (both & (share < target)).sum(),
         "unit.two_star_share"),
    ]  # fmt: skip
    return [counted(*row) for row in made]


def _of_pilots(plan: Part) -> list[Figure]:
    pilot = plan.tables.get("pilot")
    if pilot is None:
        return []
    titles = ("Pilots of zero carbon", "Pilots of ultra-low energy", "Pilots of low-carbon districts")
    return [
        counted(f"pilots.{kind}", title, (pilot["pilot_kind"] == kind).sum(), "pilot.pilot_kind")
        for kind, title in zip(PILOTS, titles, strict=True)
    ]
