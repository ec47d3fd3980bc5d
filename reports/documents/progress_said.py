"""Progress in words: plan and actual values of a year by indicator, each in its own unit, and what lags behind."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from core.texts import speaking
from core.units import MINUS, MISSING, percent
from plans import Part
from reports.documents.goals import said, unit_of
from reports.documents.material import CHINESE

CITY = "city"


def progress_said(plan: Part) -> Part:
    """The table of the annual report of the city in words.

    Parameters
    ----------
    plan : Part
        Table `annual_report`, as `plans.progress.annual_report` gives it; without it nothing is given. Table `target` has
        the units, table `goal` the order of targets; each may be missing.

    Returns
    -------
    Part
        Table `progress` by target id: `indicator`, `year` (of the target), `base_said` (frozen base value), `plan_said`
        (plan of the year), `actual_said`, `deviation_said` (actual less plan), `gap_said` (the same without its sign),
        `target_said`, `done_said`, `report_state`.
    """
    report = plan.tables.get("annual_report")
    if report is None or report.empty:
        return Part()
    rows = report[report["area_kind"] == CITY]
    numbers = [one for one in report if str(one).startswith("report_") and one != "report_state"]
    rows = rows.assign(
        **{str(one): pd.to_numeric(rows[one], errors="coerce") for one in numbers}
    )  # none may be known
    targets, goals = plan.tables.get("target"), plan.tables.get("goal")
    if targets is not None and "target_unit" in targets:
        rows = rows.assign(target_unit=targets["target_unit"].reindex(rows.index))
    if goals is not None:  # in the order in which the plan prints its targets
        place = {name: number for number, name in enumerate(goals.index)}
        rows = rows.loc[sorted(rows.index, key=lambda name: place.get(name, len(place)))]
    with speaking(CHINESE):
        found = {name: _row(row) for name, row in rows.iterrows()}
    return Part({"progress": pd.DataFrame.from_dict(found, orient="index").rename_axis("target_id")})


def _row(row: pd.Series[Any]) -> dict[str, Any]:
    indicator = str(row["indicator"])
    unit = unit_of(row)
    plan, actual = float(row["report_plan_value"]), float(row["report_actual_value"])
    return {
        "indicator": indicator,
        "year": int(row["year"]),
        "base_said": said(float(row["report_base_value"]), unit),
        "plan_said": said(plan, unit),
        "actual_said": said(actual, unit),
        "deviation_said": _signed(actual - plan, unit),
        "gap_said": _points(said(abs(actual - plan), unit), unit),
        "target_said": ("≥" if str(row["operator"]) in (">=", ">") else "≤")
        + said(float(row["report_target_value"]), unit),
        "done_said": percent(float(row["report_done_share"])),
        "report_state": str(row["report_state"]),
    }


def _signed(value: float, unit: str) -> str:
    """A difference with its sign; of shares in percentage points."""
    if math.isnan(value):
        return MISSING
    words = _points(said(abs(value), unit), unit)
    return words if value == 0 else ("+" if value > 0 else MINUS) + words


def _points(words: str, unit: str) -> str:
    """A difference of shares in percentage points."""
    return words.removesuffix("%") + "\u00a0个百分点" if unit == "%" and words != MISSING else words
