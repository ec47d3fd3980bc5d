"""Suitability: which technology is preferred, recommended, restricted or prohibited, by area and use of land."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from layers.city import City
from plans import Part
from plans.options.technologies import offered, technologies
from potential import Assessment, Grade
from standards import Taken

PRIORITY, RECOMMENDED, RESTRICTED, PROHIBITED = "priority", "recommended", "restricted", "prohibited"
NEEDS_SURVEY = "needs_survey"
VERDICTS = (PRIORITY, RECOMMENDED, RESTRICTED, PROHIBITED, NEEDS_SURVEY)
AREAS = {"city": "", "district": "district_code", "unit": "planning_unit"}
SHARES = {
    "suitable_share": (Grade.SUITABLE,),
    "fairly_suitable_share": (Grade.FAIRLY_SUITABLE,),
    "conditional_share": (Grade.CONDITIONAL,),
    "unsuitable_share": (Grade.UNSUITABLE,),
    "forbidden_share": (Grade.FORBIDDEN,),
}


def suitability(city: City, assessments: Mapping[str, Assessment]) -> Part:
    """The matrix of suitable technologies, from the grades of parcels weighted by their area.

    Parcels weigh by their floor area, parcels without floor area by their plot.

    Parameters
    ----------
    city : City
        With parcels, their use, district and planning unit.
    assessments : Mapping of str to Assessment
        Those that grade parcels.

    Returns
    -------
    Part
        Table `suitability` by `technology/area_kind/area_id/use`: verdict, condition (the most frequent reason), area
        graded and its shares by grade.
    """
    taken = Taken(city.standards)
    frame = _graded(city, assessments)
    limits = {
        case: taken.number("programme_rules", item="suitability", case=case)
        for case in (PRIORITY, RECOMMENDED, PROHIBITED)
    }
    parts = []
    for kind, column in AREAS.items():
        if column and column not in city.tables["parcel"]:
            continue
        area = city.tables["parcel"][column].astype(object) if column else None
        placed = frame.assign(
            area_kind=kind,
            area_id="" if area is None else frame["parcel_id"].map(area).fillna("").astype(str),
        )
        parts.append(_summed(placed, limits))
    table = pd.concat(parts) if parts else pd.DataFrame()
    remark = (
        "A technology is preferred, recommended, restricted or prohibited by the share of floor area of each grade; the "
        "limits are rows of a table."
    )
    return Part(MappingProxyType({"suitability": table}), numbers=tuple(taken.used), remarks=(remark,))


def _graded(city: City, assessments: Mapping[str, Assessment]) -> pd.DataFrame:
    """Grade and reason of every technology on every parcel that is graded for it."""
    parcels = city.tables["parcel"]
    table = technologies(city.standards)
    known = offered(assessments, table)
    has = set(zip(known["parcel_id"], known["technology"], strict=True))
    weight = _weight(parcels)
    alone = table.groupby(["assessment", "grade_column", "service"])["family"].transform("size") == 1
    rows = []
    for technology, row in table.iterrows():
        one = assessments.get(str(row["assessment"]))
        if one is None or not one.graded:
            continue
        found = one.parcels.reindex(parcels.index)
        grade = found[row["grade_column"]].fillna("").astype(str).astype(object)
        if not alone[technology]:  # the grade may be that of a sister technology
            offers_it = np.array([(parcel, technology) in has for parcel in parcels.index])
            good = grade.isin([Grade.SUITABLE, Grade.FAIRLY_SUITABLE, Grade.CONDITIONAL])
            grade = grade.where(~good | offers_it, str(Grade.UNSUITABLE))
        rows.append(
            pd.DataFrame(
                {
                    "parcel_id": parcels.index.astype(object),
                    "technology": technology,
                    "use": parcels["use"].astype(object).fillna("unknown").to_numpy(),
                    "grade": grade.to_numpy(),
                    "said": found[row["reason_column"]].fillna("").astype(str).astype(object).to_numpy(),
                    "weight": weight.to_numpy(),
                }
            )
        )
    if not rows:
        return pd.DataFrame(columns=["parcel_id", "technology", "use", "grade", "said", "weight"])
    frame = pd.concat(rows, ignore_index=True)
    return frame[(frame["grade"] != "") & (frame["weight"] > 0)]


def _weight(parcels: pd.DataFrame) -> pd.Series:
    """Floor area of parcels, else their plot. [m²]"""
    floor = (
        pd.to_numeric(parcels["gfa_m2"], errors="coerce")
        if "gfa_m2" in parcels
        else pd.Series(np.nan, parcels.index)
    )
    plot = pd.to_numeric(parcels["plot_area_m2"], errors="coerce") if "plot_area_m2" in parcels else floor
    return floor.where(floor > 0, plot).fillna(0.0)


def _summed(frame: pd.DataFrame, limits: Mapping[str, float]) -> pd.DataFrame:
    """Shares, verdict and condition of every technology, area and use."""
    keys = ["technology", "area_kind", "area_id", "use"]
    whole = frame.groupby(keys, sort=True)["weight"].sum()
    found = pd.DataFrame({"graded_m2": whole.round()})
    for name, grades in SHARES.items():
        part = frame[frame["grade"].isin([str(one) for one in grades])].groupby(keys)["weight"].sum()
        found[name] = (part.reindex(whole.index).fillna(0.0) / whole).round(4)
    unsure = frame[frame["grade"] == str(Grade.NEEDS_SURVEY)].groupby(keys)["weight"].sum()
    unsure = (unsure.reindex(whole.index).fillna(0.0) / whole).to_numpy()
    best, good = found["suitable_share"], found["suitable_share"] + found["fairly_suitable_share"]
    found["verdict"] = np.select(
        [
            found["forbidden_share"] >= limits[PROHIBITED],
            unsure > limits[PRIORITY],
            best >= limits[PRIORITY],
            good >= limits[RECOMMENDED],
        ],
        [PROHIBITED, NEEDS_SURVEY, PRIORITY, RECOMMENDED],
        RESTRICTED,
    )
    said = frame[frame["said"] != ""].groupby([*keys, "said"])["weight"].sum().reset_index()
    said = said.sort_values([*keys, "weight", "said"], ascending=[True] * 4 + [False, True])
    found["condition"] = said.drop_duplicates(keys).set_index(keys)["said"].reindex(whole.index).fillna("")
    names = found.index
    found = found.reset_index()
    found.index = pd.Index(["/".join(map(str, name)) for name in names], name="suitability_id", dtype=object)
    return found[[*keys, "verdict", "condition", "graded_m2", *SHARES]]
