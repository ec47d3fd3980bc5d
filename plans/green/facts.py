"""Facts of parcels: what the rules of green buildings ask of them, from land use, floor area, buildings and areas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from core.fields import field
from core.problems import Problem, Severity
from layers.parcel_uses import use_shares
from plans.green.largest import largest_building
from plans.green.settings import words
from standards import Taken

EXISTING = "existing"
ASKED = ("investor", "affordable_housing", "quality_auction", "planning_unit", "district_code", "gfa_m2")
GOVERNMENT, RURAL = "government", "rural"
WELFARE, STATE, HOUSING, INDUSTRY = "公益", "机关", "居住", "G0"  # classes of the table of land-use codes
ROUNDING = 1e-9  # of shares that add up to one
UNIT_TYPES = ("leading", "preferred", "basic")


def parcel_facts(tables: Mapping[str, pd.DataFrame], taken: Taken) -> tuple[pd.DataFrame, list[Problem]]:
    """Everything the rules may ask of every parcel.

    Parameters
    ----------
    tables : Mapping of str to DataFrame
        `parcel`, and what is there of `building`, `planning_unit` and `key_area`, as the city holds them.
    taken : Taken
        Numbers in force.

    Returns
    -------
    DataFrame, indexed by parcel_id
        Flags `new`, `civil`, `rural`, `undecided`, `industrial`, `public`, `residential`, `welfare`, `state_office`,
        `government_funded`, `affordable_housing`, `quality_auction`, `key_area`, `demonstration_core`,
        `landmark_public`, `unit_leading` ..., `use_<name>`; numbers `gfa_m2`, `far`, `building_density`, `plot_area_m2`,
        `civil_share`, `civil_m2`, `public_m2`, `residential_m2`, `industrial_m2`, `largest_public_building_m2`;
        words `use`, `status`, `planning_unit`, `district_code`, `civil_uses`, `grade_class`.
    list of Problem
        What is missing or was estimated.
    """
    parcels = tables["parcel"]
    facts = _kinds(parcels, taken)
    facts["status"] = _words(parcels, "status")
    facts["new"] = facts["status"].isin(set(field("status").choices) - {EXISTING})
    facts["planning_unit"], facts["district_code"] = (
        _words(parcels, "planning_unit"),
        _words(parcels, "district_code"),
    )
    for flag in ("affordable_housing", "quality_auction"):
        facts[flag] = _flags(parcels, flag)
    facts["government_funded"] = _words(parcels, "investor") == GOVERNMENT
    facts["plot_area_m2"] = _numbers(parcels, "plot_area_m2")
    facts["far"] = _numbers(parcels, "far")
    facts["building_density"] = _numbers(parcels, "building_density")
    facts["use"] = _words(parcels, "use")
    given = _numbers(parcels, "gfa_m2")
    facts["gfa_m2"] = given.fillna(facts["far"] * facts["plot_area_m2"])
    facts["far"] = facts["far"].fillna(facts["gfa_m2"] / facts["plot_area_m2"])
    for kind in ("civil", "public", "residential", "industrial"):
        facts[f"{kind}_m2"] = facts["gfa_m2"].fillna(0.0) * facts.pop(f"{kind}_part")
    facts["civil_share"] = facts.pop("civil_given")
    problems = _problems(parcels, facts)
    largest, landmark, said = largest_building(facts, tables.get("building"), taken)
    facts["largest_public_building_m2"], facts["landmark_public"] = largest, landmark
    facts["key_area"], facts["demonstration_core"] = _areas(parcels, tables.get("key_area"), taken)
    units = tables.get("planning_unit")
    types = _words(units, "unit_type") if units is not None else pd.Series(dtype="str")
    of_unit = types.reindex(facts["planning_unit"]).set_axis(facts.index)
    for name in UNIT_TYPES:
        facts[f"unit_{name}"] = of_unit == name
    return facts, problems + said


def _kinds(parcels: pd.DataFrame, taken: Taken) -> pd.DataFrame:
    """What kind of building a parcel holds: civil, public, housing, industry, by the shares of its uses."""
    rows = use_shares(_words(parcels, "use_mix"), _words(parcels, "use"))
    classes = _classes(parcels, rows, taken)
    station = classes["civil"].eq("station_only") & _station(parcels, rows, taken)
    urban = ~_words(parcels, "settlement").eq(RURAL).loc[rows["row"]].to_numpy()
    civil = (classes["civil"].eq("yes") | station) & urban
    housing = classes["grade_class"].eq(HOUSING)
    rural = classes["civil"].eq("rural") | (classes["civil"].eq("yes") & ~urban)
    flags = pd.DataFrame(
        {
            "civil": civil,
            "rural": rural,
            "undecided": classes["civil"].isin(("unknown", "")),
            "industrial": classes["grade_class"].eq(INDUSTRY),
            "public": civil & ~housing,
            "residential": civil & housing,
            "welfare": civil & classes["grade_class"].str.contains(WELFARE),
            "state_office": civil & classes["grade_class"].str.contains(STATE),
        }
    )
    parcel, share = rows["row"], rows["share"]
    held = flags.groupby(parcel, sort=False).any()
    for kind in ("civil", "public", "residential", "industrial"):
        held[f"{kind}_part"] = (share * flags[kind]).groupby(parcel, sort=False).sum()
    held["civil_given"] = held["civil_part"]
    for use in sorted(set(rows["use"])):
        held[f"use_{use}"] = rows["use"].eq(use).groupby(parcel, sort=False).any()
    named = rows["use"].where(civil, "")
    held["civil_uses"] = named.groupby(parcel, sort=False).agg(lambda names: "; ".join(filter(None, names)))
    largest = rows.assign(kind=classes["grade_class"].where(civil, "")).sort_values("share", ascending=False)
    held["grade_class"] = largest.groupby("row")["kind"].first()
    held["rural"] &= ~held["civil"]
    held["undecided"] &= ~held["civil"] & ~held["industrial"] & ~held["rural"]
    return held.reindex(parcels.index)


def _classes(parcels: pd.DataFrame, rows: pd.DataFrame, taken: Taken) -> pd.DataFrame:
    """`civil` and `grade_class` of every use of every parcel: of its code where that is told apart, else of its use."""
    table = taken.standards.table("land_use_codes")
    of_use = table.drop_duplicates("building_type").set_index("building_type")[["civil", "grade_class"]]
    found = of_use.reindex(rows["use"]).fillna("").set_axis(rows.index)
    of_code = table.set_index(["system", "code"])[["building_type", "civil", "grade_class"]]
    coded = pd.MultiIndex.from_arrays(
        [_words(parcels, name).loc[rows["row"]].to_numpy() for name in ("land_use_system", "land_use_code")]
    )
    exact = of_code.reindex(coded).fillna("").set_axis(rows.index)
    same = exact["building_type"] == rows["use"]
    return found.where(~same, exact[["civil", "grade_class"]])


def _station(parcels: pd.DataFrame, rows: pd.DataFrame, taken: Taken) -> pd.Series[Any]:
    """Whether a parcel's name says that a station stands there."""
    known = list(words(taken.standards, "station_name"))
    named = _words(parcels, "name")
    found = pd.Series(False, index=parcels.index)
    for word in known:
        found |= named.str.contains(word, regex=False)
    return found.loc[rows["row"]].set_axis(rows.index)


def _areas(
    parcels: pd.DataFrame, areas: pd.DataFrame | None, taken: Taken
) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Which parcels lie in a key functional area, and which in a core of demonstration."""
    inside = pd.Series(False, index=parcels.index)
    core = inside.copy()
    if areas is None or areas.empty or not isinstance(parcels, gpd.GeoDataFrame):
        return inside, core
    least = taken.number("green_rules", item="key_area", case="share")
    kinds = words(taken.standards, "key_area_kind")
    size = parcels.geometry.area
    for shape, kind in zip(areas.geometry, _words(areas, "kind"), strict=True):
        near = parcels.index[parcels.geometry.intersects(shape)]
        covered = parcels.geometry.loc[near].intersection(shape).area / size.loc[near]
        rows = near[(covered >= least).to_numpy()]
        inside.loc[rows] = True
        if kinds.get(kind) == "demonstration_core":
            core.loc[rows] = True
    return inside, core


def _problems(parcels: pd.DataFrame, facts: pd.DataFrame) -> list[Problem]:
    """What the parcels leave out."""
    problems = []
    if not facts["status"].ne("").any():
        problems.append(
            Problem(
                "No parcel says whether it is planned; no new building can be graded.",
                "Give the parcels their state of development: existing, planned, granted or approved.",
                severity=Severity.WARNING,
                table="parcel",
            )
        )
    lacking = [name for name in ASKED if name not in parcels.columns]
    if lacking:
        problems.append(
            Problem(
                "The parcels have no columns {columns}; rules that ask for them hold nowhere.",
                "Add these columns, or set grades by hand where the rules would hold.",
                severity=Severity.WARNING,
                table="parcel",
                columns=", ".join(lacking),
            )
        )
    new_civil = facts["new"] & facts["civil"]
    said = (
        (
            new_civil & ~(facts["gfa_m2"] > 0),
            "{count} new parcels of civil building have no floor area and count nothing in shares.",
            "Enter the floor area or the floor-area ratio.",
            Severity.WARNING,
        ),
        (
            new_civil & facts["planning_unit"].eq(""),
            "{count} new parcels lie in no planning unit; they count in the city alone.",
            "Give these parcels their planning unit.",
            Severity.WARNING,
        ),
        (
            facts["new"] & facts["undecided"],
            "{count} new parcels have no decided use and get no grade.",
            "Give them a use once it is decided.",
            Severity.NOTE,
        ),
        (
            facts["new"] & facts["civil"] & (facts["civil_share"] < 1 - ROUNDING),
            "{count} new parcels are civil in part; their grade holds for that part.",
            "Check the shares of their uses.",
            Severity.NOTE,
        ),
    )
    for rows, message, remedy, severity in said:
        if rows.any():
            problems.append(
                Problem(
                    message,
                    remedy,
                    severity=severity,
                    table="parcel",
                    rows=tuple(facts.index[rows]),
                    count=int(rows.sum()),
                )
            )
    return problems


def _words(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    if name not in frame.columns:
        return pd.Series("", index=frame.index, dtype="str")
    return frame[name].astype("string").fillna("").astype("str")


def _flags(frame: pd.DataFrame, name: str) -> pd.Series[bool]:
    if name not in frame.columns:
        return pd.Series(False, index=frame.index)
    return frame[name].astype("boolean").fillna(False).astype(bool)


def _numbers(frame: pd.DataFrame, name: str) -> pd.Series[float]:
    if name not in frame.columns:
        return pd.Series(np.nan, index=frame.index)
    return pd.to_numeric(frame[name], errors="coerce")
