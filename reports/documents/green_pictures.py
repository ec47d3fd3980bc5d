"""Pictures of green building and low carbon: grades by district, and carbon by year with the plan and without it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from core.texts import text, word
from plans import Part
from plans.period import Period
from reports.documents.pictures import bars, columns

GRADES = {
    "basic_share": "basic",
    "one_star_share": "one_star",
    "two_star_only_share": "two_star",
    "three_star_share": "three_star",
}
M2_PER_WAN, T_PER_WAN = 1e4, 1e4


def green_pictures(plan: Part, period: Period) -> dict[str, Callable[[], str]]:
    """The charts that there are data for, by name: `trajectory`, `grades`.

    Parameters
    ----------
    plan : Part
        Tables `trajectory` and `district`; each may be missing.
    period : Period
        Years of the plan; the path is drawn from the base year on.
    """
    found: dict[str, Callable[[], str]] = {}
    path, district = plan.tables.get("trajectory"), plan.tables.get("district")
    if path is not None and len(path):
        found["trajectory"] = partial(_carbon, path[path["year"] >= period.base_year])
    if district is not None and (district["new_gfa_m2"] > 0).any():
        found["grades"] = partial(_grades, district[district["new_gfa_m2"] > 0])
    return found


def _carbon(path: pd.DataFrame) -> str:
    """Carbon of each year, in 10 000 t."""
    rows = [
        (str(int(year)), (with_plan / T_PER_WAN, without / T_PER_WAN))
        for year, with_plan, without in zip(
            path["year"],
            path["carbon_tco2_per_year"],
            path["carbon_without_plan_tco2_per_year"],
            strict=True,
        )
    ]
    return columns(rows, (text("With the plan"), text("Without the plan")))


def _grades(district: pd.DataFrame) -> str:
    """New civil floor area of each grade, in 10 000 m²."""
    area = district[list(GRADES)].multiply(district["new_gfa_m2"], axis=0) / M2_PER_WAN
    rows = [
        (str(name), tuple(float(value) for value in values))
        for name, values in zip(district["name"], area.to_numpy(), strict=True)
    ]
    return bars(rows, tuple(text("Basic grade") if one == "basic" else word(one) for one in GRADES.values()))
