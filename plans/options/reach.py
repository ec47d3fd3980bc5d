"""Reach: how the potential that was found shrinks, reason after reason, to what each target reaches."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from core.problems import Problem, Severity
from layers.city import City
from plans import Part
from plans.options.accounts import account_rules, counting, measured, within
from plans.options.offers import Offers
from plans.options.settings import ProgrammeSettings
from plans.options.technologies import offered, technologies
from potential import Assessment

CAPACITY = "planned_kw"
FOUND = "Found on all buildings and parcels"
OUTSIDE = "On buildings that stand on no parcel"
UNFIT = "In use already, or unsuitable or forbidden"
GONE = "On parcels to be demolished or of the forces"
PLANNED = "Planned roofs of new buildings"
UNAPPROVED = "Still lacks an assessment or a permit"
UNCOUNTED = "Outside the area of the target, or not counted in it"
DECIDED = "Excluded by another source on the same parcel or by decisions"
UNUSED = "Not needed, or stopped by other targets and limits"
LEFT = "Reached by the plan"
LEAST_SHARE = 1e-9  # of what was found, below which a step is rounding
MUCH = 0.1  # share of what was found that may be lost outside parcels without a word


def reach_of(
    city: City,
    assessments: Mapping[str, Assessment],
    given: Offers,
    settings: ProgrammeSettings,
    accounts: pd.DataFrame,
) -> Part:
    """The chain of every target from what was found to what is reached.

    Parameters
    ----------
    city : City
        With parcels.
    assessments : Mapping of str to Assessment
        Capacity of buildings comes from their details; other amounts are known of parcels alone.
    given : Offers
        What was chosen from.
    settings : ProgrammeSettings
        They say what counts in rates.
    accounts : DataFrame
        Table `account`.

    Returns
    -------
    Part
        Table `reach` by `account/number`: account, indicator, account_unit, reach_step, reach_change (below 0 where it
        is lost) and reach_left; a warning where much stands outside all parcels.
    """
    rules = account_rules(city.standards)
    frame = given.frame
    areas = _areas(city, frame, settings, accounts)
    rows: list[dict[str, Any]] = []
    problems = []
    for account, row in accounts[(accounts["indicator"] != "") & accounts["at_least"]].iterrows():
        rule = rules[str(row["indicator"])]
        steps = _steps(city, assessments, given, rule, row, areas[str(account)])
        left = 0.0
        for number, (step, change) in enumerate(steps):
            left += change
            if number and abs(change) <= LEAST_SHARE * abs(steps[0][1]):
                continue
            rows.append(
                {
                    "id": f"{account}/{number}",
                    "account": account,
                    "indicator": row["indicator"],
                    "account_unit": row["account_unit"],
                    "reach_step": step,
                    "reach_change": change,
                    "reach_left": left,
                }
            )
        rows.append(
            {
                "id": f"{account}/{len(steps)}",
                "account": account,
                "indicator": row["indicator"],
                "account_unit": row["account_unit"],
                "reach_step": LEFT,
                "reach_change": 0.0,
                "reach_left": float(row["reached"]),
            }
        )
        lost = -dict(steps).get(OUTSIDE, 0.0)
        if row["shortfall"] > 0 and lost > MUCH * steps[0][1]:
            problems.append(_outside(str(account), lost / steps[0][1]))
    names = ["account", "indicator", "account_unit", "reach_step", "reach_change", "reach_left"]
    table = pd.DataFrame(rows, columns=["id", *names]).set_index("id").rename_axis("reach_id")
    return Part(MappingProxyType({"reach": table}), problems=tuple(problems))


def _areas(
    city: City, frame: pd.DataFrame, settings: ProgrammeSettings, accounts: pd.DataFrame
) -> dict[str, tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]]:
    """Of every target, which offers lie in its area, and which count in rates."""
    counts = counting(city, frame, settings)
    found = {}
    for account in map(str, accounts.index):
        area = account.removesuffix("/most").partition("/")[2]
        here = np.ones(len(frame), dtype=bool)
        if area:
            here = within(city, frame, "district", area) | within(city, frame, "unit", area)
        found[account] = here, counts
    return found


def _steps(
    city: City,
    assessments: Mapping[str, Assessment],
    given: Offers,
    rule: Mapping[str, Any],
    row: pd.Series,
    area: tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]],
) -> list[tuple[str, float]]:
    """What is found, and what every reason takes of it."""
    here, counts = area
    frame = given.frame
    families = str(rule["families"]).split()
    serves = frame["family"].isin(families) if families else pd.Series(True, index=frame.index)
    amount = frame[str(rule["measure"])].to_numpy(dtype=float)
    whole = float(amount[serves].sum())
    approved = float(amount[serves & frame["approved"]].sum())
    counted = float(measured(frame, rule, counts)[here].sum())
    steps = (
        _buildings(city, assessments, families, whole) if rule["measure"] == CAPACITY else [(FOUND, whole)]
    )
    return [
        *steps,
        (UNAPPROVED, approved - whole),
        (UNCOUNTED, counted - approved),
        (DECIDED, float(row["reach"]) - counted),
        (UNUSED, float(row["reached"] - row["reach"])),
    ]


def _buildings(
    city: City, assessments: Mapping[str, Assessment], families: list[str], whole: float
) -> list[tuple[str, float]]:
    """From the capacity of all buildings to what is offered to parcels that will stand."""
    table = technologies(city.standards)
    table = table[table["family"].isin(families)] if families else table
    options = offered(assessments, technologies(city.standards))
    options = options[options["technology"].isin(table.index)]
    on_parcels = float(options["most_kw"].sum()) if len(options) else 0.0
    found, outside = 0.0, 0.0
    for name, column in {
        (str(a), str(c)) for a, c in zip(table["assessment"], table["capacity_column"], strict=True)
    }:
        one = assessments.get(name)
        if one is None:
            continue
        found += float(pd.to_numeric(one.parcels[column], errors="coerce").sum())
        buildings = one.details.get("building")
        if buildings is None or column not in buildings or "parcel_id" not in buildings:
            continue
        size = buildings[column].to_numpy(dtype=float)
        outside += float(np.nansum(size[buildings["parcel_id"].isna().to_numpy()]))
    parcels = city.tables["parcel"]
    gone = pd.Series(False, index=parcels.index)
    for name in ("planned_demolition", "military"):
        if name in parcels:
            gone |= parcels[name].fillna(False).astype(bool)
    away = options["parcel_id"].map(gone).fillna(True).astype(bool) if len(options) else pd.Series(dtype=bool)
    lost = float(options.loc[away, "most_kw"].sum()) if len(options) else 0.0
    return [
        (FOUND, found + outside),
        (OUTSIDE, -outside),
        (UNFIT, on_parcels - found),
        (GONE, -lost),
        (PLANNED, whole - (on_parcels - lost)),
    ]


def _outside(account: str, share: float) -> Problem:
    return Problem(
        "{share} % of what was found for the target {account} is on buildings that stand on no parcel, so the plan "
        "cannot use it.",
        "Give the parcels of these buildings, or draw one parcel around each group of them.",
        severity=Severity.WARNING,
        table="building",
        share=round(100 * share),
        account=account,
    )
