"""Rules: what a new building must have, what the planner decided, and why something is not offered at all."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, Severity, UserError
from layers.city import City
from plans.options.offers import Offers
from plans.options.sets import NOTHING, Sets, sized_to
from plans.stock import PUBLIC, civil_of
from potential import Assessment
from potential.registry import potentials

EXISTING = "existing"
DECIDED = ("parcel_id", "technology", "planned_kw")


def decided(fixed: pd.DataFrame | None, offers: Offers) -> pd.DataFrame:
    """The planner's own choices, by offer.

    Parameters
    ----------
    fixed : DataFrame or None
        `parcel_id`, `technology`, and `planned_kw`: empty for the largest size, 0 for never. `phase_year` and `reason`
        are kept.
    offers : Offers
        What is offered; approval is the planner's matter.

    Returns
    -------
    DataFrame
        By offer: planned_kw, phase_year, reason.

    Raises
    ------
    UserError
        A choice is offered by no assessment, larger than what there is, or decided twice.
    """
    if fixed is None or fixed.empty:
        return pd.DataFrame(
            {"planned_kw": pd.Series(dtype=float), "phase_year": pd.Series(dtype=float), "reason": ""}
        )
    found = fixed.reset_index(drop=True)
    found.index = pd.Index(
        found["parcel_id"].astype(str) + "/" + found["technology"].astype(str), name="offer"
    )
    most = offers.frame["planned_kw"].reindex(found.index)
    kw = pd.to_numeric(found["planned_kw"], errors="coerce") if "planned_kw" in found else most
    kw = kw.fillna(most)
    problems = []
    absent = most.isna() & ~(kw == 0.0)
    if absent.any():
        problems.append(
            Problem(
                "These choices are offered by no assessment.",
                "Look at the reason on the parcel, or take the choice back.",
                table="choice",
                rows=tuple(found.index[absent]),
            )
        )
    large = (kw > most * (1 + 1e-9)) | (kw < 0)
    if large.any():
        problems.append(
            Problem(
                "These choices are larger than what the assessment found.",
                "Lower the capacity to what is offered.",
                table="choice",
                rows=tuple(found.index[large]),
            )
        )
    if found.index.has_duplicates:
        problems.append(
            Problem(
                "These choices are made twice.",
                "Keep one of each.",
                table="choice",
                rows=tuple(found.index[found.index.duplicated()].unique()),
            )
        )
    if problems:
        raise UserError(*problems)
    years = pd.to_numeric(found["phase_year"], errors="coerce") if "phase_year" in found else np.nan
    reason = found["reason"].fillna("").astype(str) if "reason" in found else ""
    return pd.DataFrame({"planned_kw": kw, "phase_year": years, "reason": reason}, index=found.index)


def with_decided(items: pd.DataFrame, offers: Offers, wanted: pd.DataFrame) -> pd.DataFrame:
    """Items with those of decided sizes among them."""
    some = wanted[(wanted["planned_kw"] > 0) & wanted.index.isin(offers.frame.index)]
    if some.empty:
        return items
    more = sized_to(offers.frame.loc[some.index], some["planned_kw"].to_numpy(dtype=float))
    both = pd.concat([items, more]).drop_duplicates(["offer", "planned_kw"])
    return both.sort_values(["offer", "share"], kind="stable").reset_index(drop=True)


def must_have_power(city: City, sets: Sets, offers: Offers) -> tuple[Sets, list[str], list[Problem]]:
    """New public buildings may not choose nothing where panels can stand: the class with most capacity is a must.

    Returns
    -------
    Sets
        Without the empty option in those decisions.
    list of str
        Offers that are a must.
    list of Problem
        New public parcels to which no panels are offered.
    """
    parcels = city.tables["parcel"]
    if "status" not in parcels:
        return sets, [], []
    new = parcels["status"].fillna(EXISTING).astype(str) != EXISTING
    public = civil_of(parcels["use"].astype(object), city.standards) == PUBLIC
    built = pd.to_numeric(parcels["gfa_m2"], errors="coerce").fillna(0.0) > 0 if "gfa_m2" in parcels else new
    bound = parcels.index[new & public & built]
    power = offers.frame[(offers.frame["family"] == "pv") & offers.frame["parcel_id"].isin(bound)]
    musts = power.groupby("parcel_id")["planned_kw"].idxmax()
    without = tuple(name for name in bound if name not in set(musts.index))
    problems = []
    if without:
        problems.append(
            Problem(
                "New public buildings must have panels, but none are offered to these parcels.",
                "Enter their buildings or roofs, and assess anew; until then the duty stands without a size.",
                severity=Severity.WARNING,
                table="parcel",
                rows=without,
            )
        )
    names = set(musts)
    which = np.repeat(np.arange(len(sets.decision)), np.diff(sets.start))
    bound_decision = np.array([name in names for name in sets.decision])
    empty = (sets.first == NOTHING) & (sets.second == NOTHING)
    kept: NDArray[np.bool_] = ~(bound_decision[which] & empty)
    return sets.keeping(kept), sorted(names), problems


def refusals(city: City, assessments: Mapping[str, Assessment], offers: Offers) -> pd.DataFrame:
    """Why nothing of an assessment is offered to a parcel, or only with a condition: grade and reason.

    Returns
    -------
    DataFrame
        By `parcel_id/assessment`: parcel_id, assessment, grade, reason, and whether something is offered.
    """
    titles = {one.name: one.title for one in potentials()}
    given = set(zip(offers.frame["parcel_id"], offers.frame["assessment"], strict=True))
    rows = []
    for name, one in assessments.items():
        if not one.graded:
            continue
        known = one.parcels.reindex(city.tables["parcel"].index)
        rows.append(
            pd.DataFrame(
                {
                    "parcel_id": known.index.astype(str),
                    "assessment": titles.get(name, name),
                    "grade": known["grade"].fillna("").astype(str).to_numpy(),
                    "reason": known["reason"].fillna("").astype(str).to_numpy(),
                    "offered": [(parcel, name) in given for parcel in known.index],
                },
                index=pd.Index([f"{parcel}/{name}" for parcel in known.index], name="refusal_id"),
            )
        )
    if not rows:
        return pd.DataFrame(columns=["parcel_id", "assessment", "grade", "reason", "offered"])
    found = pd.concat(rows)
    return found[~found["offered"] | (found["grade"] == "conditional")]
