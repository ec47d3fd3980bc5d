"""Years in words: what the city reached in each year before a plan and since, an indicator a row and a year a column."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from core.texts import speaking, text
from core.units import MISSING
from plans import Part
from plans.period import Period
from plans.review import REPORTED
from reports.documents.goals import CITY, said, unit_of
from reports.documents.material import CHINESE

MOST_YEARS = 6


def column_of(place: int) -> str:
    """Name of the column of a year, counted from 1."""
    return f"year_{place}_said"


def review_years(plan: Part, period: Period) -> tuple[Part, tuple[int, ...]]:
    """The years of the period that ends with the base year, as far as the city reported them.

    Parameters
    ----------
    plan : Part
        Tables `review` and `review_year`; without rows in the latter nothing is given.
    period : Period
        Years of the plan.

    Returns
    -------
    Part
        Table `review_years_said` by indicator: `indicator` and a column a year; what the register tells of the base year
        stands where nothing was reported of it.
    tuple of int
        The years of the columns. [a]
    """
    review, reported = plan.tables.get("review"), plan.tables.get("review_year")
    if review is None or reported is None or reported.empty:
        return Part(), ()
    length = period.target_year - period.from_year + 1
    years = tuple(range(period.base_year - length + 1, period.base_year + 1))
    values = {
        (str(name), int(year)): float(value)
        for name, year, value in reported[["indicator", "year", "value"]].itertuples(index=False)
    }
    found = {}
    with speaking(CHINESE):
        for name, row in review.iterrows():
            values.setdefault((str(name), period.base_year), float(row["city_value"]))
            line = [values.get((str(name), year), math.nan) for year in years]
            if not all(map(math.isnan, line)):
                found[name] = _line(str(name), [said(one, str(row["indicator_unit"])) for one in line])
    return _part("review_years_said", "review_id", found), years


def history(plan: Part) -> tuple[Part, tuple[int, ...]]:
    """The years up to that of the report, for each target of the city of which some year is known.

    Parameters
    ----------
    plan : Part
        Table `annual_path`; without it nothing is given. Table `target` has the units, table `goal` the order of targets;
        each may be missing.

    Returns
    -------
    Part
        Table `history_said` by target: `indicator` and a column a year; years of the plan say the planned value too.
    tuple of int
        The years of the columns, at most six. [a]
    """
    path = plan.tables.get("annual_path")
    if path is None or path.empty:
        return Part(), ()
    rows = path[path["area_kind"] == CITY]
    known = rows[rows["report_origin"] == REPORTED]
    if known.empty:
        return Part(), ()
    last = int(rows["year"].max())
    years = tuple(range(max(int(known["year"].min()), last - MOST_YEARS + 1), last + 1))
    targets, goals = plan.tables.get("target"), plan.tables.get("goal")
    place = {} if goals is None else {name: number for number, name in enumerate(goals.index)}
    found = {}
    with speaking(CHINESE):
        for target, mine in sorted(rows.groupby("target_id"), key=lambda one: place.get(one[0], len(place))):
            if mine["report_actual_value"].isna().all():
                continue
            has_unit = targets is not None and target in targets.index
            row = (targets.loc[[target]] if targets is not None and has_unit else mine).iloc[0]
            unit, by_year = unit_of(row), mine.set_index("year")
            found[target] = _line(str(row["indicator"]), [_cell(by_year, year, unit) for year in years])
    return _part("history_said", "target_id", found), years


def _cell(rows: pd.DataFrame, year: int, unit: str) -> str:
    """What was reached in a year, with what was planned for it."""
    if year not in rows.index:
        return MISSING
    actual, planned = (
        said(float(rows["report_actual_value"].loc[year]), unit),
        float(rows["report_plan_value"].loc[year]),
    )
    return (
        actual
        if math.isnan(planned)
        else text("{actual} (plan {plan})", actual=actual, plan=said(planned, unit))
    )


def _line(indicator: str, cells: list[str]) -> dict[str, Any]:
    return {"indicator": indicator} | {column_of(place): one for place, one in enumerate(cells, start=1)}


def _part(table: str, index: str, found: dict[Any, dict[str, Any]]) -> Part:
    if not found:
        return Part()
    return Part({table: pd.DataFrame.from_dict(found, orient="index").rename_axis(index)})


def columns_said(years: tuple[int, ...]) -> dict[str, str]:
    """`columns` and `heads` of the table of some years, as texts name them."""
    names = [column_of(place) for place in range(1, len(years) + 1)]
    return {
        "columns": ",".join(["indicator", *names]),
        "heads": ";".join(f"{name}={year}年" for name, year in zip(names, years, strict=True)),
    }
