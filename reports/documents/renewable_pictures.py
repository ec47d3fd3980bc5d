"""Pictures of the plan for renewable energy: sunshine by month, goals and what is reached, heat by source."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from core.texts import text, word
from layers.weather import Weather
from plans import Part
from reports.charts import MONTHS
from reports.documents.pictures import bars, columns

WH_PER_KWH = 1e3
WHOLE = 100.0


def renewable_pictures(weather: Weather | None, plan: Part, target_year: int) -> dict[str, Callable[[], str]]:
    """The charts that there are data for, by name: `sun_months`, `goals`, `heat_sources`.

    Parameters
    ----------
    weather : Weather, optional
        Of a typical year.
    plan : Part
        Tables `reached`, `regional` and `regional_source`; each may be missing.
    target_year : int
        Last year of the plan.
    """
    found: dict[str, Callable[[], str]] = {}
    if weather is not None:
        found["sun_months"] = partial(_sun, weather)
    reached = plan.tables.get("reached")
    if reached is not None:
        asked = reached[
            (reached["year"] == target_year)
            & (reached["area_kind"] == "city")
            & (reached["operator"] == ">=")
            & np.isfinite(reached["indicator_value"].astype(float))
        ]
        if len(asked):
            found["goals"] = partial(_goals, asked)
    units, sources = plan.tables.get("regional"), plan.tables.get("regional_source")
    if units is not None and sources is not None and len(sources):
        found["heat_sources"] = partial(_heat, units, sources)
    return found


def _sun(weather: Weather) -> str:
    """Irradiation on the level by month. [kWh/m²]"""
    hours = weather.hours["ghi"]
    months = hours.groupby(pd.DatetimeIndex(hours.index).month).sum() / WH_PER_KWH
    values = [float(months.get(month, float("nan"))) for month in range(1, MONTHS + 1)]
    rows = [(str(month), (value,)) for month, value in enumerate(values, start=1)]
    return columns(rows, (text("Irradiation"),), "kWh/m²")


def _goals(asked: pd.DataFrame) -> str:
    """What is reached of each goal. [%]"""
    rows = [
        (word(str(row["indicator"])), (WHOLE, WHOLE * row["indicator_value"] / row["value"]))
        for _, row in asked.iterrows()
    ]
    return bars(rows, (text("Goal"), text("Reached by the plan")))


def _heat(units: pd.DataFrame, sources: pd.DataFrame) -> str:
    """Heat for rooms and hot water by source, what remains for heat of today last. [kWh/a]"""
    given = sources.groupby("technology")["supplied_kwh_per_year"].sum().sort_values(ascending=False)
    rows = [(word(str(name)), (float(value),)) for name, value in given.items()]
    rest = float(units["rest_kwh_per_year"].sum())
    return bars([*rows, (text("Heat of today"), (rest,))], (text("Heat"),), "kWh")
