"""Grounds of retrofit: the points of each building's priority, and why it is chosen, waits, was declined or is left out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from plans.building_energy import BuildingEnergy
from plans.retrofit_measures import flag
from standards import Taken

Numbers = NDArray[np.float64]
FULL = 100.0  # points
TERMS = ("age", "excess", "old_estate", "central_heating", "zone")
BY_PLANNER, BY_PRIORITY, DECLINED = "by_planner", "by_priority", "declined_by_planner"
LEFT_OUT, LATER = "left_out", "kept_for_later"


def points(
    energy: BuildingEnergy, demand: pd.DataFrame, year: Numbers, area: Numbers, taken: Taken
) -> dict[str, Numbers]:
    """Points of each term of the priority, (n,) each; a building has at most 100 in all, and the more the sooner.

    Parameters
    ----------
    energy : BuildingEnergy
        Buildings and what they use.
    demand : DataFrame, by building_id
        Detail `building` of the assessment of demand.
    year, area : ndarray
        Year of the envelope [a] and floor area [m²] of each building.
    taken : Taken
        Reads and remembers numbers.
    """

    def rule(item: str, case: str) -> float:
        return taken.number("retrofit_rules", item=item, case=case)

    home = energy.counted_as == "residential"
    full, none = (
        np.where(home, rule(item, "residential"), rule(item, "public")) for item in ("age_full", "age_none")
    )
    terms = {
        "age": np.clip((none - year) / (none - full), 0.0, 1.0),
        "excess": np.clip(_excess(energy, demand, area, taken) / rule("excess_full", "use"), 0.0, 1.0),
        "old_estate": flag(energy.buildings, "old_estate").astype(float),
        "central_heating": (energy.final.get(("heat", "heat"), np.zeros(len(year))) > 0).astype(float),
        "zone": np.full(len(year), rule("zone_score", energy.zone)),
    }
    weight = {term: rule("weight", term) for term in TERMS}
    whole = sum(weight.values())
    return {term: FULL * weight[term] * terms[term] / whole for term in TERMS}


def _excess(energy: BuildingEnergy, demand: pd.DataFrame, area: Numbers, taken: Taken) -> Numbers:
    """Share of use above the constraint of GB/T 51161, else above the upper quartile of its kind; 0 where below, (n,)."""
    quantile = taken.number("retrofit_rules", item="quartile", case="upper")
    per_area = pd.Series(np.divide(energy.total, area, out=np.full(len(area), np.nan), where=area > 0))
    usual = per_area.groupby(energy.buildings["use"].to_numpy()).transform(lambda one: one.quantile(quantile))
    own = pd.to_numeric(demand["non_heating_kwh_per_m2"], errors="coerce").to_numpy(dtype=float)
    limit = pd.to_numeric(demand["limit_kwh_per_m2"], errors="coerce").to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        above = np.where(np.isfinite(limit) & np.isfinite(own), own / limit, per_area / usual) - 1.0
    return np.nan_to_num(np.clip(above, 0.0, None), nan=0.0)


def grounds(table: pd.DataFrame, fixed: Mapping[str, bool]) -> NDArray[np.object_]:
    """On what ground each building of the table `retrofit` is chosen or not, (n,).

    `by_planner` and `declined_by_planner` are the planner's own choices, `by_priority` follows from the points, `left_out`
    is no candidate, and `kept_for_later` is one that the targets do not ask for yet.
    """
    own = pd.Series(dict(fixed), dtype=object).reindex(table.index)
    chosen = table["retrofit_chosen"].to_numpy(dtype=bool)
    wanted, refused = (own == True).to_numpy(), (own == False).to_numpy()  # noqa: E712
    rules = [
        (chosen & wanted, BY_PLANNER),
        (chosen, BY_PRIORITY),
        (refused, DECLINED),
        ((table["reason"] != "").to_numpy() | wanted, LEFT_OUT),
    ]
    return np.select([rule for rule, _ in rules], [word for _, word in rules], LATER).astype(object)


def left_out_by_reason(table: pd.DataFrame) -> pd.DataFrame:
    """How many buildings are no candidates and their floor area, by reason, the most floor area first. [m²]"""
    out = table[table["retrofit_ground"] == LEFT_OUT]
    grouped = out.groupby("reason", sort=True)["gfa_m2"]
    found = pd.DataFrame({"buildings": grouped.size().astype(np.int64), "gfa_m2": grouped.sum()})
    found = found.sort_values("gfa_m2", ascending=False, kind="stable").reset_index()
    found.index = pd.RangeIndex(1, len(found) + 1, name="retrofit_left_out_id")
    return found
