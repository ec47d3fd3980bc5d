"""The map through time: months of what a year gives, and years of what a plan builds; no Qt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cartography.classes import graduated
from core.fields import fields
from desktop.layer_look import LayerLook
from desktop.plan_map import CHOICE
from desktop.themes import Theme, column_of
from layers.city import City
from layers.project import PLAN
from potential import Assessment

YEARLY = "_kwh_per_year"
MONTHLY = re.compile(r"_kwh_month_(\d\d)$")
MONTHS = 12
PLANNED = ("plan_pv_kw", "plan_heat_kw", "plan_heat_family")


@dataclass(frozen=True)
class Steps:
    """The steps in time that a theme has.

    Parameters
    ----------
    kind : {"month", "year", ""}
        Empty where it has none.
    numbers : tuple of int
        Months 1 to 12, or years.
    theme : Theme, optional
        The theme of all steps together.
    """

    kind: str = ""
    numbers: tuple[int, ...] = ()
    theme: Theme | None = None


def steps_of(look: LayerLook, results: Mapping[str, Assessment]) -> Steps:
    """The steps in time of a layer as it is shown."""
    theme = look.theme
    if theme is None:
        return Steps()
    plan = results.get(PLAN)
    if plan is not None and theme.table == "parcel" and theme.column in PLANNED and CHOICE in plan.details:
        years = pd.to_numeric(plan.details[CHOICE]["phase_year"], errors="coerce").dropna().unique()
        return Steps("year", tuple(sorted(int(year) for year in years)), theme)
    whole = replace(theme, column=MONTHLY.sub(YEARLY, theme.column))
    if whole.column.endswith(YEARLY) and month_column(whole.column, 1) in fields():
        return Steps("month", tuple(range(1, MONTHS + 1)), whole)
    return Steps()


def step_shown(look: LayerLook) -> int:
    """The month or year that a layer shows; 0 for all."""
    found = MONTHLY.search(look.theme.column) if look.theme is not None else None
    return int(found[1]) if found else look.until_year


def month_column(column: str, month: int) -> str:
    """The column of a month beside that of the year."""
    return f"{column.removesuffix(YEARLY)}_kwh_month_{month:02d}"


def month_breaks(
    city: City, results: Mapping[str, Assessment], theme: Theme, count: int
) -> tuple[float, ...]:
    """Borders of classes that hold for all twelve months, so that their colours can be compared. [kWh]

    Natural breaks of what all months hold together, amounts of nothing left out.
    """
    months = (
        column_of(city, results, replace(theme, column=month_column(theme.column, month)))
        for month in range(1, MONTHS + 1)
    )
    found = [values.to_numpy(dtype=float) for values in months if values is not None]
    pooled = np.concatenate(found) if found else np.zeros(0)
    pooled = pooled[np.isfinite(pooled) & (pooled != 0)]
    if not pooled.size:
        return ()
    return tuple(graduated(pooled, method="natural_breaks", count=count).breaks)
