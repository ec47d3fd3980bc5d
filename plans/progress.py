"""Progress: the same indicators with new data against plan and frozen baseline, for the report of every November."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from core.problems import Problem, Severity, UserError
from plans import Part
from plans.figures import Figure, Figures
from standards import Standards

KEYS = ["indicator", "area_kind", "area_id"]
CUMULATIVE = "cumulative"
REPORTED, FROZEN = "reported", "frozen_baseline"
DONE, ON_WAY, BEHIND, UNKNOWN = "reached", "on_the_way", "behind", "no_data"


def of_zone(targets: pd.DataFrame, standards: Standards, climate_zone: str) -> pd.DataFrame:
    """Targets without those that are set for other climate zones; all of them where the zone is not known.

    Parameters
    ----------
    targets : DataFrame, by target_id
        `indicator` and more.
    standards : Standards
        With `indicator_counting`, which says for which zones an indicator is set.
    climate_zone : str
        E.g. `2B`; may be empty.
    """
    zones = standards.table("indicator_counting").set_index("indicator")["zones"].fillna("").astype(str)
    elsewhere = zones.index[(zones != "") & ~zones.map(lambda known: climate_zone[:1] in known)]
    return targets[~targets["indicator"].isin(elsewhere)]


def annual_report(
    targets: pd.DataFrame, baseline: pd.DataFrame, actual: pd.DataFrame, year: int, base_year: int
) -> Part:
    """Plan and actual values of a year, with what is done of every target.

    Parameters
    ----------
    targets : DataFrame, by target_id
        `indicator`, `area_kind`, `area_id`, `year`, `operator`, `value`, `kind`.
    baseline : DataFrame
        `indicator`, `area_kind`, `area_id`, `value` of the base year, as the plan was made with: never computed again.
    actual : DataFrame
        `indicator`, `area_kind`, `area_id`, `year`, `value`, by the same formulas with new data.
    year, base_year : int
        Year of the report; base year of the plan. [a]

    Returns
    -------
    Part
        Table `annual_report` by target: value of the base year, of the plan for this year, of the target, and the actual
        one; share done of the way from base to target, and state: `reached`, `on_the_way` (plan of the year met), `behind`
        or `no_data`.

    Raises
    ------
    UserError
        The base year is not before the year of the report, or values stand there twice.

    Notes
    -----
    The plan of a year between base and target lies on the straight line between both; a cumulative indicator starts
    from zero. Where the base is already at the target or beyond, the share done is 1 as long as it is held, and not known
    where it is not.
    """
    problems = _wrong(baseline, actual, year, base_year)
    if problems:
        raise UserError(*problems)
    of_base = baseline.set_index(KEYS)["value"]
    of_year = actual[actual["year"] == year].set_index(KEYS)["value"]
    due = targets[targets["year"] >= year].sort_values("year", kind="stable")
    next_ones = due.drop_duplicates([*KEYS, "operator"], keep="first")
    table = pd.DataFrame(
        [_row(one, of_base, of_year, year, base_year) for one in next_ones.to_dict("records")],
        index=pd.Index(next_ones.index, name="target_id"),
        columns=[
            *KEYS, "year", "operator", "report_base_value", "report_plan_value", "report_target_value",
            "report_actual_value", "report_done_share", "report_state",
        ],
    )  # fmt: skip
    return Part(
        tables=MappingProxyType({"annual_report": table}),
        figures=_figures(table, year),
        problems=_missing(table),
    )


def progress_path(
    targets: pd.DataFrame, baseline: pd.DataFrame, actual: pd.DataFrame, year: int, base_year: int
) -> Part:
    """Plan and actual values of every year from the first that is known to the year of the report.

    Parameters
    ----------
    targets, baseline, actual, year, base_year
        As `annual_report` takes them.

    Returns
    -------
    Part
        Table `annual_path` by target and year: plan value (none before the base year), actual value, and where it comes
        from: `reported` by the city, or `frozen_baseline`, the value of the base year where none was reported.

    Notes
    -----
    What a cumulative indicator counts begins anew with each period, so its base year has no frozen value here.
    """
    due = targets[targets["year"] >= year].sort_values("year", kind="stable")
    next_ones = due.drop_duplicates([*KEYS, "operator"], keep="first")
    of_base = baseline.set_index(KEYS)["value"]
    known = {
        (tuple(map(str, key)), int(when)): float(value)
        for *key, when, value in actual[[*KEYS, "year", "value"]].itertuples(index=False)
    }
    found = {}
    for name, target in zip(next_ones.index, next_ones.to_dict("records"), strict=True):
        key = tuple(str(target[one]) for one in KEYS)
        said = {when: value for (of, when), value in known.items() if of == key and when <= year}
        frozen = float(of_base.get(key, np.nan))
        for when in sorted({*said, base_year, *range(base_year + 1, year + 1)}):
            value, origin = said.get(when, np.nan), REPORTED if when in said else ""
            if (
                when == base_year
                and when not in said
                and target["kind"] != CUMULATIVE
                and not np.isnan(frozen)
            ):
                value, origin = frozen, FROZEN
            if np.isnan(value) and when <= base_year:
                continue
            found[f"{name}/{when}"] = {
                **dict(zip(KEYS, key, strict=True)),
                "target_id": name,
                "year": when,
                "report_plan_value": np.nan
                if when <= base_year
                else _due(target, of_base, key, when, base_year),
                "report_actual_value": value,
                "report_origin": origin,
            }
    columns = [*KEYS, "target_id", "year", "report_plan_value", "report_actual_value", "report_origin"]
    table = pd.DataFrame.from_dict(found, orient="index", columns=columns).rename_axis("annual_path_id")
    return Part(tables=MappingProxyType({"annual_path": table}))


def _due(target: dict[Any, Any], base: pd.Series, key: tuple[str, ...], year: int, base_year: int) -> float:
    """Plan value of a year on the straight line from the base year to the target."""
    start = 0.0 if target["kind"] == CUMULATIVE else float(base.get(key, np.nan))
    way = (year - base_year) / (int(target["year"]) - base_year)
    return start + way * (float(target["value"]) - start)


def _row(
    target: dict[Any, Any], base: pd.Series, actual: pd.Series, year: int, base_year: int
) -> dict[str, object]:
    """One target in the year of the report."""
    key = tuple(str(target[name]) for name in KEYS)
    cumulative = target["kind"] == CUMULATIVE
    start = 0.0 if cumulative else float(base.get(key, np.nan))
    goal, now = float(target["value"]), float(actual.get(key, np.nan))
    plan = _due(target, base, key, year, base_year)
    up = str(target["operator"]) in (">=", ">")
    met, on_way = (now >= goal, now >= plan) if up else (now <= goal, now <= plan)
    if np.isnan(now):
        state, done = UNKNOWN, np.nan
    else:
        state = DONE if met else ON_WAY if on_way else BEHIND
        done = _done(start, goal, now, met, up)
    return {
        **dict(zip(KEYS, key, strict=True)),
        "year": int(target["year"]),
        "operator": target["operator"],
        "report_base_value": start,
        "report_plan_value": plan,
        "report_target_value": goal,
        "report_actual_value": now,
        "report_done_share": done,
        "report_state": state,
    }


def _done(start: float, goal: float, now: float, met: bool, up: bool) -> float:
    """Share of the way from the base to the target that lies behind; there is none where the base was there already."""
    was_there = start >= goal if up else start <= goal
    if np.isnan(start) or was_there:
        return 1.0 if met else float("nan")
    return float((now - start) / (goal - start))


def _wrong(baseline: pd.DataFrame, actual: pd.DataFrame, year: int, base_year: int) -> list[Problem]:
    found = []
    if base_year >= year:
        found.append(
            Problem(
                "The base year {base} is not before the year of the report {year}.",
                "Choose a later year, or the base year of the plan.",
                base=base_year,
                year=year,
            )
        )
    for name, rows, keys in (("baseline", baseline, KEYS), ("actual", actual, [*KEYS, "year"])):
        twice = rows.duplicated(keys, keep=False)
        if twice.any():
            found.append(
                Problem(
                    "Values of an indicator stand there twice.",
                    "Keep one value for every indicator, area and year.",
                    table=name,
                    rows=tuple(rows.index[twice]),
                )
            )
    return found


def _missing(table: pd.DataFrame) -> tuple[Problem, ...]:
    lacking = table.index[table["report_state"] == UNKNOWN]
    if not len(lacking):
        return ()
    return (
        Problem(
            "{count} targets have no actual value in the year of the report.",
            "Import the new data and compute the indicators of that year.",
            severity=Severity.WARNING,
            table="target",
            rows=tuple(lacking),
            count=len(lacking),
        ),
    )


def _figures(table: pd.DataFrame, year: int) -> Figures:
    titles = {
        DONE: "Targets reached",
        ON_WAY: "Targets on their way",
        BEHIND: "Targets behind their plan",
        UNKNOWN: "Targets without actual values",
    }
    return Figures.of(
        Figure(
            f"report.{state}.{year}",
            title,
            float((table["report_state"] == state).sum()),
            "n",
            origin="annual_report.report_state",
        )
        for state, title in titles.items()
    )
