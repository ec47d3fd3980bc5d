"""Projects: the list of works of a programme with all columns of its register, and what of each target they cover."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd

from core.problems import Problem, Severity
from layers.city import City
from plans import Part
from plans.figures import Figure, Figures
from plans.options.accounts import SHARE, account_rules, counting, measured, needed_kgce, within
from plans.options.settings import Bought, ProgrammeSettings
from plans.options.technologies import ELECTRICITY, technologies
from standards import Taken

SUMS = (
    "planned_kw", "kwh_per_year", "served_m2", "panel_m2", "capex_yuan", "saved_kgce_per_year",
    "avoided_tco2_per_year",
)  # fmt: skip
CHECKS = ("rapid_shutdown", "firm_fixing", "waterproof")
UNKNOWN, PASSED, BY_DESIGN, NOT_NEEDED = "unknown", "passed", "by_design", ""
GOVERNMENT = "government"
GROUND = ("shallow_ground", "groundwater", "surface_water", "deep_ground")


def projects(
    city: City,
    choice: pd.DataFrame,
    targets: pd.DataFrame,
    settings: ProgrammeSettings,
    *,
    bought: Bought | None = None,
) -> Part:
    """The list of projects, from works with their years.

    A large work is a project of its own; small works of one planning unit, technology, year and kind of owner are one.

    Parameters
    ----------
    city : City
        With parcels: name, address, investor, use, planning unit, district.
    choice : DataFrame
        Table `choice` with `phase_year`.
    targets : DataFrame
        Table `target`; those of the last year are compared with what the projects give.
    settings : ProgrammeSettings
        How rates are counted.
    bought : Bought, optional
        Energy of urban civil buildings; without it the cover of rates is not said.

    Returns
    -------
    Part
        Tables `project` (by project id) and `cover` (by target id), figures `project.*`.
    """
    taken = Taken(city.standards)
    if choice.empty:
        empty = pd.DataFrame(columns=["project_name", "technology", *SUMS])
        return Part(
            MappingProxyType(
                {"project": empty, "cover": _cover(city, choice, targets, settings, bought, taken)}
            )
        )
    works = _works(city, choice, taken)
    table = _gathered(works, taken)
    cover = _cover(city, choice, targets, settings, bought, taken)
    problems = _gaps(cover)
    remark = (
        "What a project still lacks of checks stands as unknown, and blocks its acceptance: structure, rapid shutdown, "
        "firm fixing and waterproofing of panels.",
        "Government works are paid from the budget, others by their owners or by investors until funds are settled.",
    )
    return Part(
        MappingProxyType({"project": table, "cover": cover}),
        _figures(table, cover),
        tuple(dict.fromkeys(taken.used)),
        remark,
        tuple(problems),
    )


def _works(city: City, choice: pd.DataFrame, taken: Taken) -> pd.DataFrame:
    """Works with what their parcels say, and the project each belongs to."""
    parcels = city.tables["parcel"]
    table = technologies(city.standards)
    works = choice.copy()

    def of(name: str, default: str = "") -> pd.Series:
        known = parcels[name].astype(object) if name in parcels else pd.Series(default, index=parcels.index)
        return works["parcel_id"].map(known).fillna(default).astype(str).astype(object)

    works["parcel_name"] = of("name")
    works["address"] = of("address")
    works["use"] = of("use", "unknown")
    works["planning_unit"] = of("planning_unit")
    works["district_name"] = of("district_name")
    works["investor"] = of("investor", "unknown").replace("", "unknown")
    works["gfa_m2"] = (
        pd.to_numeric(works["parcel_id"].map(parcels["gfa_m2"]), errors="coerce").fillna(0.0)
        if "gfa_m2" in parcels
        else 0.0
    )
    works["department"] = works["technology"].map(table["department"]).astype(object)
    works["service"] = works["technology"].map(table["service"]).astype(object)
    works["checked"] = works["parcel_id"].map(_checked(city)).astype(object).fillna(UNKNOWN)
    status = of("status", "existing")
    works["new_build"] = status != "existing"
    least = taken.number("programme_rules", item="project", case="least_capex")
    large = (works["capex_yuan"] >= least) | works["fixed"].astype(bool)
    place = works["planning_unit"].where(works["planning_unit"] != "", works["district_name"])
    together = (
        place
        + "/"
        + works["technology"]
        + "/"
        + works["phase_year"].astype(int).astype(str)
        + "/"
        + works["investor"]
    )
    works["project"] = np.where(large, works.index.astype(str), together.astype(str))
    units = city.tables.get("planning_unit")
    called = (
        units["name"].astype(object) if units is not None and "name" in units else pd.Series(dtype=object)
    )
    works["place_name"] = works["planning_unit"].map(called).astype(object).fillna(place)
    works["technology_name"] = works["technology"].map(table["name_zh"]).astype(object)
    works["place"] = np.where(
        large, works["address"].where(works["address"] != "", works["parcel_name"]), works["place_name"]
    )
    works["gathered"] = ~large
    return works


def _checked(city: City) -> pd.Series:
    """State of the structural check of a parcel's buildings: passed only where all have passed."""
    buildings = city.tables.get("building")
    if buildings is None or "structural_check" not in buildings or "parcel_id" not in buildings:
        return pd.Series(dtype=object)
    words = buildings["structural_check"].astype(object).fillna("").astype(str)
    passed = (words == "passed").groupby(buildings["parcel_id"]).all()
    found: pd.Series = passed.map({True: "yes", False: UNKNOWN})
    return found


def _gathered(works: pd.DataFrame, taken: Taken) -> pd.DataFrame:
    """One row a project, large ones first of each year."""
    grouped = works.groupby("project", sort=False)
    one = ["technology", "family", "service", "investor", "department", "district_name", "planning_unit", "place",
           "gathered", "phase_year", "parcel_name", "place_name", "technology_name"]  # fmt: skip
    found = grouped[one].first()
    for name in SUMS:
        found[name] = grouped[name].sum().round(3)
    per_parcel = works.drop_duplicates(["project", "parcel_id"]).groupby("project")
    found["gfa_m2"] = per_parcel["gfa_m2"].sum()
    found["project_parcels"] = per_parcel.size()
    found["use"] = works.sort_values("gfa_m2", ascending=False).groupby("project")["use"].first()
    found["parcel_ids"] = grouped["parcel_id"].agg(" ".join)
    found["project_decided"] = grouped["fixed"].any()
    found["project_approved"] = grouped["approved"].all()
    panels = found["service"] == ELECTRICITY
    on_roofs = panels | (found["family"] == "solar_thermal")
    built = int(taken.number("programme_rules", item="phase", case="build_years"))
    found["finish_year"] = found["phase_year"].astype(int)
    found["start_year"] = found["finish_year"] - built + 1
    found["funding"] = np.where(found["investor"] == GOVERNMENT, "government_budget", "owner_or_investor")
    found["project_state"] = np.where(found["project_approved"], "planned", "unapproved")
    for name in CHECKS:
        found[name] = np.where(panels | ((name != "rapid_shutdown") & on_roofs), UNKNOWN, NOT_NEEDED)
    ready = works["checked"].eq("yes").groupby(works["project"]).all()
    new = works["new_build"].groupby(works["project"]).all()
    found["structural_state"] = np.select(
        [~on_roofs, new.reindex(found.index), ready.reindex(found.index)],
        [NOT_NEEDED, BY_DESIGN, PASSED],
        UNKNOWN,
    )
    watched = taken.number("programme_rules", item="project", case="monitored")
    found["ground_watched"] = found["family"].isin(GROUND) & (found["served_m2"] >= watched)
    found["owner"] = found["parcel_name"].where(~found["gathered"], "")
    where = found["parcel_name"].where(~found["gathered"] & (found["parcel_name"] != ""), found["place_name"])
    found["project_name"] = where.astype(str) + found["technology_name"].astype(str)
    found = found.sort_values(
        ["finish_year", "gathered", "capex_yuan"], ascending=[True, True, False], kind="stable"
    )
    found = found.reset_index(names="project_works")
    found.index = pd.Index(
        [f"P-{number + 1:04d}" for number in range(len(found))], name="project_id", dtype=object
    )
    return found[
        ["project_name", "place", "district_name", "planning_unit", "owner", "investor", "use", "gfa_m2", "technology",
         "family", *SUMS, "funding", "start_year", "finish_year", "project_state", "department", *CHECKS,
         "structural_state", "ground_watched", "gathered", "project_parcels", "project_decided", "project_approved",
         "parcel_ids"]
    ]  # fmt: skip


def _cover(
    city: City,
    choice: pd.DataFrame,
    targets: pd.DataFrame,
    settings: ProgrammeSettings,
    bought: Bought | None,
    taken: Taken,
) -> pd.DataFrame:
    """What of every target that works can serve they cover, and the gap."""
    rules = account_rules(taken.standards)
    rows = targets[targets["indicator"].isin(list(rules)) & (targets["operator"] == ">=")]
    counts = counting(city, choice, settings) if len(choice) else np.zeros(0, dtype=bool)
    found = []
    for name, row in rows.iterrows():
        rule = rules[str(row["indicator"])]
        value = float(row["value"])
        if rule["form"] == SHARE:
            if bought is None or row["area_kind"] != "city":
                continue
            value = needed_kgce(value, bought, settings.rate_form) - bought.replaced_kgce
        gain = measured(choice, rule, counts)
        here = within(city, choice, str(row["area_kind"]), str(row["area_id"]))
        by_then = (choice["phase_year"] <= int(row["year"])).to_numpy()
        given = float(gain[here & by_then].sum())
        found.append(
            {
                "target_id": name,
                "indicator": row["indicator"],
                "area_kind": row["area_kind"],
                "area_id": row["area_id"],
                "target_year": int(row["year"]),
                "required": value,
                "covered": given,
                "cover_share": given / value if value > 0 else float("nan"),
                "cover_gap": max(value - given, 0.0),
            }
        )
    names = ["target_id", "indicator", "area_kind", "area_id", "target_year", "required", "covered", "cover_share",
             "cover_gap"]  # fmt: skip
    return pd.DataFrame(found, columns=names).set_index("target_id")


def _gaps(cover: pd.DataFrame) -> list[Problem]:
    missed = cover[cover["cover_gap"] > 0]
    if missed.empty:
        return []
    return [
        Problem(
            "Projects do not cover these targets.",
            "Add projects, or lower the targets; the gap stands beside each.",
            severity=Severity.WARNING,
            table="target",
            rows=tuple(missed.index),
        )
    ]


def _figures(table: pd.DataFrame, cover: pd.DataFrame) -> Figures:
    """How many projects there are, what they cost, and the cover of targets."""
    figures = [
        Figure("project.count", "Projects of the programme", float(len(table)), "n", origin="project"),
        Figure("project.capex_yuan", "Investment of all projects", float(table["capex_yuan"].sum()), "yuan",
               origin="project.capex_yuan"),
        Figure("project.watched", "Ground-source projects whose ground is watched", float(table["ground_watched"].sum()),
               "n", origin="project.ground_watched"),
    ]  # fmt: skip
    figures += [
        Figure(
            f"cover.{name}", "Share of a target that projects cover: {target}", float(row["cover_share"]), "%",
            "what projects give / what is required", values={"target": str(name)},
        )
        for name, row in cover.iterrows()
    ]  # fmt: skip
    return Figures.of(figures)
