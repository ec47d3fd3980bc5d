"""Goals as documents print them: every target of a city, its base year, what the plan reaches, how it is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.texts import speaking
from core.units import MISSING
from plans import Part
from plans.figures import Figure, Figures
from plans.indicators import UNITS
from plans.period import Period
from plans.progress import of_zone
from reports.documents.material import CHINESE
from standards import Standards

CITY = "city"
EXPECTED = "预期性"
PLAN_OF_THE_COUNTRY = "14FYP"
MET, MISSED, UNKNOWN = "goal_met", "goal_missed", "goal_unknown"
OF_GREEN = {  # indicators that the plan of green buildings answers
    "two_star_share_new": "green.two_star_share",
    "fully_fitted_out": "green.fully_fitted_share",
    "roof_pv_coverage_new_public_factory": "green.pv_coverage",
}
WITHIN = 1e-9  # of a target; sums of parcels may differ from it in the last digits of the machine
COLUMNS = (
    "indicator", "year", "nature", "operator", "base_said", "target_said", "reached_said", "other_basis_said",
    "goal_state", "goal_limit", "counted_as", "source",
)  # fmt: skip


@dataclass(frozen=True)
class _Values:
    """Values of the indicators of the city by (indicator, year): those compared with targets, and of the other basis."""

    headline: dict[tuple[str, int], float]
    other: dict[tuple[str, int], float]


def goals(plan: Part, standards: Standards, period: Period, climate_zone: str = "") -> Part:
    """The targets of the city as a table of words, a row a target.

    Parameters
    ----------
    plan : Part
        Tables `target`, `indicator`, `account` and figures of green building; each may be missing.
    standards : Standards
        With `indicator_counting`, the words on how each indicator is counted, and the country's targets: what the country
        expects is never printed as binding.
    period : Period
        Years of the plan.
    climate_zone : str
        E.g. `2B`; targets of other zones are left out. Where it is empty, those of all zones stand.

    Returns
    -------
    Part
        Table `goal` by target id, in the order of `indicator_counting`: value of the base year, target, value that the plan
        reaches in the year of the target, the same with electricity counted the other way, state (`goal_met`,
        `goal_missed`, `goal_unknown`), what limits it, and how it is counted; figures `goal.met`, `goal.missed`,
        `goal.unknown` of the target year.
    """
    targets = plan.tables.get("target")
    if targets is None or targets.empty:
        return Part()
    table = standards.table("indicator_counting").set_index("indicator")
    counting = table["counted_as"]
    targets = of_zone(targets, standards, climate_zone)
    expected = _expected(standards)
    values = _values(plan, period)
    limits = _limits(plan)
    rows = targets[(targets["area_kind"] == CITY) & targets["indicator"].isin(counting.index)]
    found = {}
    with speaking(CHINESE):
        for name, row in rows.iterrows():
            found[name] = _goal(row, values, limits, expected, period) | {
                "counted_as": counting[row["indicator"]],
                "source": standards.citation(str(row["source"])),
            }
    table = pd.DataFrame.from_dict(found, orient="index", columns=list(COLUMNS)).rename_axis("target_id")
    order = {indicator: place for place, indicator in enumerate(counting.index)}
    table = table.sort_values(["year", "indicator"], key=lambda column: column.map(order).fillna(column))
    return Part({"goal": table}, _figures(table, period))


def _goal(
    row: pd.Series[Any],
    values: _Values,
    limits: dict[str, str],
    expected: frozenset[str],
    period: Period,
) -> dict[str, Any]:
    """One target in words."""
    indicator, year, unit = str(row["indicator"]), int(row["year"]), unit_of(row)
    target = float(row["value"])
    reached = values.headline.get((indicator, year), np.nan)
    state = UNKNOWN
    if not np.isnan(reached):
        slack = WITHIN * abs(target)
        least = str(row["operator"]) in (">=", ">")
        state = MET if (reached >= target - slack if least else reached <= target + slack) else MISSED
    return {
        "indicator": indicator,
        "year": year,
        "nature": EXPECTED if indicator in expected else _word(row["nature"]),
        "operator": "≥" if str(row["operator"]) in (">=", ">") else "≤",
        "base_said": said(values.headline.get((indicator, period.base_year), np.nan), unit),
        "target_said": said(target, unit),
        "reached_said": said(reached, unit),
        "other_basis_said": said(values.other.get((indicator, year), np.nan), unit),
        "goal_state": state,
        "goal_limit": limits.get(indicator, "") if state == MISSED else "",
    }


def unit_of(row: pd.Series[Any]) -> str:
    """Base unit of a target: its own, else that of its indicator; shares where only green building answers it."""
    own, indicator = row.get("target_unit"), str(row["indicator"])
    if isinstance(own, str) and own:
        return own
    return UNITS[indicator][0] if indicator in UNITS else "%" if indicator in OF_GREEN else ""


def _word(value: object) -> str:
    """A word of a table; a dash where there is none."""
    return str(value) if isinstance(value, str) and value else MISSING


def said(value: float, unit: str) -> str:
    """A value as figures are printed."""
    return Figure("", "", value, unit).said(CHINESE)


def _expected(standards: Standards) -> frozenset[str]:
    """Indicators of the country's Plan, all of which are expected, not binding."""
    table = standards.table("targets")
    return frozenset(table.loc[table["target_set"] == PLAN_OF_THE_COUNTRY, "indicator"].astype(str))


def _values(plan: Part, period: Period) -> _Values:
    headline: dict[tuple[str, int], float] = {}
    other: dict[tuple[str, int], float] = {}
    table = plan.tables.get("indicator")
    if table is not None:
        rows = table[table["area_kind"] == CITY]
        first = rows[rows["headline"]].drop_duplicates(["indicator", "year"])
        form = {
            key: str(basis).split(" ")[0] if " " in str(basis) else ""
            for key, basis in zip(
                zip(first["indicator"], first["year"], strict=True), first["indicator_basis"], strict=True
            )
        }
        for row in rows.itertuples():
            key = (str(row.indicator), int(str(row.year)))
            if row.headline:
                headline[key] = float(str(row.indicator_value))
            elif str(row.indicator_basis).startswith(form.get(key, "")) and key not in other:
                other[key] = float(str(row.indicator_value))
    for indicator, figure in OF_GREEN.items():
        if figure in plan.figures:
            headline.setdefault((indicator, period.target_year), plan.figures[figure].value)
    return _Values(headline, other)


def _limits(plan: Part) -> dict[str, str]:
    """What limits the targets that the programme cannot meet, by indicator."""
    table = plan.tables.get("account")
    if table is None or "indicator" not in table:
        return {}
    short = table[(table["shortfall"] > 0) & (table["indicator"] != "")]
    return dict(zip(short["indicator"].astype(str), short["limit"].astype(str), strict=True))


def review_said(plan: Part) -> Part:
    """The review of the period before in words: the city's values and the country's, each in its own unit.

    Parameters
    ----------
    plan : Part
        Table `review`; without it nothing is given.

    Returns
    -------
    Part
        Table `review_said` by indicator.
    """
    review = plan.tables.get("review")
    if review is None or review.empty:
        return Part()
    with speaking(CHINESE):
        found = {
            name: {
                "indicator": str(row["indicator"]),
                "base_said": said(float(row["city_value"]), str(row["indicator_unit"])),
                "before_said": said(float(row["city_before_value"]), str(row["indicator_unit"])),
                "country_said": said(float(row["country_value"]), str(row["indicator_unit"])),
                "city_origin": row.get("city_origin", ""),
            }
            for name, row in review.iterrows()
        }
    return Part({"review_said": pd.DataFrame.from_dict(found, orient="index").rename_axis("review_id")})


def _figures(table: pd.DataFrame, period: Period) -> Figures:
    last = table[table["year"] == period.target_year]
    titles = {
        "met": "Targets of the target year that the plan reaches",
        "missed": "Targets of the target year that the plan does not reach",
        "unknown": "Targets of the target year whose value is not known",
    }
    states = {"met": MET, "missed": MISSED, "unknown": UNKNOWN}
    return Figures.of(
        Figure(
            f"goal.{name}",
            title,
            float((last["goal_state"] == states[name]).sum()),
            "n",
            origin="goal.goal_state",
        )
        for name, title in titles.items()
    )
