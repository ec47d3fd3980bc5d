"""Decomposition: targets of the city shared among districts, policy units and years, reconciled to the last step."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, Severity, UserError
from core.texts import Phrase
from plans import Part
from plans.figures import Figure, Figures
from plans.period import Period
from plans.rounding import shared, shared_in_years, whole_steps
from plans.weights import GIVEN, METHODS, PARTS, SAME, STOCK, Weights
from standards import Standards

CITY, DISTRICT, UNIT = "city", "district", "unit"
CUMULATIVE = "cumulative"
YEAR_COLUMNS = (
    "target_id", "indicator", "target_unit", "area_kind", "area_id", "parent_id", "year", "value", "reached_value",
)  # fmt: skip
WHOLES = {"retrofit_area": ("retrofit_area_residential", "retrofit_area_public")}


def decompose(
    targets: pd.DataFrame,
    weights: Weights,
    standards: Standards,
    period: Period,
    step: Mapping[str, float],
    methods: Mapping[str, str] | None = None,
    given: pd.DataFrame | None = None,
    year_weights: Mapping[int, float] | None = None,
) -> Part:
    """Targets of the city shared among districts, units and years.

    Parameters
    ----------
    targets : DataFrame
        Table `target` of the city.
    weights : Weights
        By what they are shared.
    standards : Standards
        With the usual method of each indicator (`decomposition_methods`).
    period : Period
        Years of the plan.
    step : Mapping of str to float
        Smallest printed amount by base unit; others are shared in whole units.
    methods : Mapping of str to str, optional
        The planner's own method by indicator: handed_down, stock_area, new_build, population_or_gdp, potential.
    given : DataFrame, optional
        What the province or the planner hands to districts: `indicator`, `year`, `area_id` (district), `value` in the
        base unit. They stand as they are; what is left is shared by the method.
    year_weights : Mapping of int to float, optional
        Weight of each year of the period; even where not given.

    Returns
    -------
    Part
        Tables `decomposition` (by target and area: method, weight, value, bottom-up potential and gap) and
        `decomposition_year` (what is added in each year and reached by then). Sums over units are districts, over
        districts the city, over years the target, exactly.

    Raises
    ------
    UserError
        A method is not known.
    """
    usual = standards.table("decomposition_methods").set_index("indicator")["method"].astype(str)
    chosen = {str(key): str(value) for key, value in usual.items()} | dict(methods or {})
    wrong = sorted({one for one in chosen.values() if one not in (*METHODS, SAME)})
    if wrong:
        raise UserError(
            Problem(
                "There are no methods of decomposition called {methods}.",
                "Choose handed_down, stock_area, new_build, population_or_gdp or potential.",
                methods=", ".join(wrong),
            )
        )
    rows: list[dict[str, object]] = []
    years: list[dict[str, object]] = []
    problems: list[Problem] = []
    for name, target in _parts_first(targets).iterrows():
        method = chosen.get(str(target["indicator"]), SAME if target["target_unit"] == "%" else STOCK)
        if target["target_unit"] == "%" or method == SAME:
            rows += _alike(str(name), target, weights)
            continue
        parts = _parts(target, targets)
        found = (
            _summed(str(name), target, rows, parts)
            if parts
            else _divided(str(name), target, weights, method, step, given, problems)
        )
        rows += found
        if target["kind"] == CUMULATIVE and int(target["year"]) > period.base_year:
            years += (
                _summed_years(str(name), target, years, parts)
                if parts
                else _yearly(found, target, period, step, year_weights)
            )
    table = _indexed(rows, ("target_id", "area_kind", "parent_id", "area_id"), "decomposition_id")
    by_year = _indexed(years, ("target_id", "area_kind", "parent_id", "area_id", "year"), "decomposition_id")
    by_year = by_year.reindex(columns=list(YEAR_COLUMNS))
    problems += _empty(weights)
    return Part(
        {"decomposition": table, "decomposition_year": by_year},
        _figures(table),
        (),
        (
            "Amounts are shared in whole printed steps by the largest remainder, so that parts add up to the whole exactly.",
        ),
        tuple(problems),
    )


def area_targets(targets: pd.DataFrame, decomposition: pd.DataFrame) -> pd.DataFrame:
    """The targets of districts and units in the form of the table `target`."""
    parts = decomposition[decomposition["area_kind"] != CITY]
    found = targets.loc[parts["target_id"]].copy()
    found.index = pd.Index(parts.index, name="target_id")
    for name in ("area_kind", "area_id", "value"):
        found[name] = parts[name].to_numpy()
    return found


def _parts_first(targets: pd.DataFrame) -> pd.DataFrame:
    """The targets with those that are sums of others behind them."""
    return targets.iloc[np.argsort(targets["indicator"].isin(list(WHOLES)).to_numpy(), kind="stable")]


def _parts(target: pd.Series, targets: pd.DataFrame) -> tuple[str, ...]:
    """The two other targets of the same set and year whose sum a target is; empty where it is none."""
    parts = targets[
        targets["indicator"].isin(WHOLES.get(str(target["indicator"]), ()))
        & (targets["target_set"] == target["target_set"])
        & (targets["year"] == target["year"])
    ]
    whole = len(parts) == 2 and float(parts["value"].sum()) == float(target["value"])
    return tuple(map(str, parts.index)) if whole else ()


def _summed(
    name: str, target: pd.Series, rows: list[dict[str, object]], parts: tuple[str, ...]
) -> list[dict[str, object]]:
    """The sums of the parts of a target in every area."""
    mine = pd.DataFrame([row for row in rows if row["target_id"] in parts])
    sums = mine.groupby(["area_kind", "area_id", "parent_id"], sort=False)[["value", "weight"]].sum()
    nan = float("nan")
    return [
        _row(
            name, target, str(kind), str(area), str(parent), decomposition_method=PARTS, weight=float(weight),
            weight_share=nan, given_value=nan, value=float(value), potential_value=nan, potential_gap=nan,
        )
        for (kind, area, parent), value, weight in zip(sums.index, sums["value"], sums["weight"], strict=True)
    ]  # fmt: skip


def _summed_years(
    name: str, target: pd.Series, years: list[dict[str, object]], parts: tuple[str, ...]
) -> list[dict[str, object]]:
    """The sums of the parts of a target in every area and year."""
    mine = pd.DataFrame([row for row in years if row["target_id"] in parts])
    keys = ["area_kind", "area_id", "parent_id", "year"]
    sums = mine.groupby(keys, sort=False)[["value", "reached_value"]].sum().reset_index()
    said = {"target_id": name, "indicator": target["indicator"], "target_unit": target["target_unit"]}
    return [{**said, **{str(key): value for key, value in row.items()}} for row in sums.to_dict("records")]


def _row(
    name: str, target: pd.Series, kind: str, area: str, parent: str, **more: object
) -> dict[str, object]:
    return {
        "target_id": name,
        "indicator": target["indicator"],
        "year": int(target["year"]),
        "target_unit": target["target_unit"],
        "area_kind": kind,
        "area_id": area,
        "parent_id": parent,
        **more,
    }


def _alike(name: str, target: pd.Series, weights: Weights) -> list[dict[str, object]]:
    """A share, the same in every district and unit."""
    areas = [(CITY, "", "")]
    areas += [(DISTRICT, one, "") for one in dict.fromkeys(weights.table.index.get_level_values(0)) if one]
    areas += [(UNIT, unit, district) for district, unit in weights.table.index if unit]
    nan = float("nan")
    return [
        _row(
            name, target, kind, area, parent, decomposition_method=SAME, weight=nan, weight_share=nan,
            given_value=nan, value=float(target["value"]), potential_value=nan, potential_gap=nan,
        )
        for kind, area, parent in areas
    ]  # fmt: skip


def _divided(
    name: str,
    target: pd.Series,
    weights: Weights,
    method: str,
    step: Mapping[str, float],
    given: pd.DataFrame | None,
    problems: list[Problem],
) -> list[dict[str, object]]:
    """An amount divided among districts and then units."""
    indicator, size = str(target["indicator"]), float(step.get(str(target["target_unit"]), 1.0))
    upwards = target["operator"] == ">="
    total = whole_steps(float(target["value"]), size, upwards=upwards)
    used = STOCK if method == GIVEN else method
    weight = weights.of(indicator, used)
    if not weight.sum() > 0:
        problems.append(
            Problem(
                "The target {indicator} cannot be divided by {method}: nothing is known of it in any area.",
                "Choose another method, or add the data; the stock of floor area is taken.",
                severity=Severity.WARNING,
                indicator=Phrase(indicator),
                method=Phrase(method),
            )
        )
        used, weight = STOCK, weights.of(indicator, STOCK)
    by_district = weight.groupby(level=0).sum()
    handed = _handed(target, given, by_district.index)
    counts, total = _districts(total, by_district, handed, size, target, problems, upwards)
    can = (
        weights.potential[indicator]
        if indicator in weights.potential
        else pd.Series(np.nan, index=weight.index)
    )

    def row(
        place: tuple[str, str, str], count: int, shares: tuple[float, float], able: float, own: float
    ) -> dict[str, object]:
        mine, whole = shares
        return _row(
            name, target, *place, decomposition_method=GIVEN if own == own else used, weight=mine,
            weight_share=mine / whole if whole > 0 else 0.0, given_value=own, value=count * size,
            potential_value=able, potential_gap=able - count * size,
        )  # fmt: skip

    def ability(series: pd.Series) -> float:
        return float(series.sum(min_count=1))

    whole = float(by_district.sum())
    rows = [row((CITY, "", ""), total, (whole, whole), ability(can), float("nan"))]
    for district, count in zip(map(str, by_district.index), counts, strict=True):
        mine, able = weight.xs(district, level=0), can.xs(district, level=0)
        own, sum_ = float(handed.get(district, float("nan"))), float(mine.sum())
        rows.append(row((DISTRICT, district, ""), int(count), (sum_, whole), ability(able), own))
        even = mine.to_numpy(dtype=float) if sum_ > 0 else np.ones(len(mine))
        for unit, part, each, most in zip(mine.index, mine, shared(int(count), even), able, strict=True):
            place = (UNIT, str(unit), district)
            rows.append(row(place, int(each), (float(part), sum_), float(most), float("nan")))
    return rows


def _handed(target: pd.Series, given: pd.DataFrame | None, districts: pd.Index) -> dict[str, float]:
    """What the province or the planner hands to districts."""
    if given is None or given.empty:
        return {}
    rows = given[(given["indicator"] == target["indicator"]) & (given["year"] == target["year"])]
    return {str(row.area_id): float(row.value) for row in rows.itertuples() if row.area_id in districts}


def _districts(
    total: int,
    weight: pd.Series,
    handed: dict[str, float],
    size: float,
    target: pd.Series,
    problems: list[Problem],
    upwards: bool,
) -> tuple[NDArray[np.int64], int]:
    """Steps of every district: as handed down, and the rest by weight; and their sum."""
    fixed = {name: whole_steps(value, size, upwards=upwards) for name, value in handed.items()}
    free = weight[~weight.index.isin(fixed)]
    left = total - sum(fixed.values())
    found = dict(fixed)
    if left > 0 and free.sum() > 0:
        found |= dict(zip(free.index, map(int, shared(left, free)), strict=True))
    counts = np.array([found.get(name, 0) for name in weight.index], dtype=np.int64)
    if int(counts.sum()) != total:
        problems.append(
            Problem(
                "What is handed to the districts of {indicator} does not add up to the target of the city.",
                "Change one of them; the sum of the districts is taken.",
                severity=Severity.WARNING,
                table="target",
                rows=tuple(sorted(fixed)),
                indicator=Phrase(str(target["indicator"])),
            )
        )
    return counts, int(counts.sum())


def _yearly(
    rows: list[dict[str, object]],
    target: pd.Series,
    period: Period,
    step: Mapping[str, float],
    year_weights: Mapping[int, float] | None,
) -> list[dict[str, object]]:
    """What areas add in each year up to the year of the target; units first, districts and city are their sums."""
    size = float(step.get(str(target["target_unit"]), 1.0))
    since = int(target["from_year"]) if target["from_year"] == target["from_year"] else period.from_year
    years = list(range(max(since, period.from_year), int(target["year"]) + 1))
    weight = [float((year_weights or {}).get(year, 0.0 if year_weights else 1.0)) for year in years]
    if not sum(weight) > 0:
        weight = [1.0] * len(years)
    units = [one for one in rows if one["area_kind"] == UNIT]
    ends = np.array([round(float(str(one["value"])) / size) for one in units], dtype=np.int64)
    reached = np.cumsum(shared(int(ends.sum()), weight))
    table = shared_in_years(ends, reached)
    found: list[dict[str, object]] = []
    for one in rows:
        if one["area_kind"] == UNIT:
            mine = table[[number for number, unit in enumerate(units) if unit is one]]
        elif one["area_kind"] == DISTRICT:
            mine = table[[number for number, unit in enumerate(units) if unit["parent_id"] == one["area_id"]]]
        else:
            mine = table
        sums = mine.sum(axis=0)
        names = ("target_id", "indicator", "target_unit", "area_kind", "area_id", "parent_id")
        for year, added, so_far in zip(years, np.diff(sums, prepend=0), sums, strict=True):
            amounts = {"year": year, "value": float(added * size), "reached_value": float(so_far * size)}
            found.append({**{name: one[name] for name in names}, **amounts})
    return found


def _indexed(rows: list[dict[str, object]], keys: tuple[str, ...], name: str) -> pd.DataFrame:
    table = pd.DataFrame(rows)
    ids = ["/".join(str(row[key]) for key in keys if str(row[key])) for row in rows]
    table.index = pd.Index(ids, name=name, dtype=object)
    return table


def _empty(weights: Weights) -> list[Problem]:
    """Units in which nothing stands and nothing is planned."""
    table = weights.table
    nothing = (table["stock_m2"] + table["new_m2"] + table["housing_m2"]) == 0
    units = tuple(unit for _, unit in table.index[nothing] if unit)
    if not units:
        return []
    return [
        Problem(
            "In some policy units no civil building stands and none is planned.",
            "Check the units of the parcels; nothing is handed to them.",
            severity=Severity.NOTE,
            table="planning_unit",
            rows=units,
        )
    ]


def _figures(table: pd.DataFrame) -> Figures:
    """Top-down share of the city beside what was found bottom-up."""
    figures = []
    if table.empty:
        return Figures()
    rows = table[(table["area_kind"] == CITY) & table["potential_value"].notna()]
    for _, row in rows.iterrows():
        key = f"decomposition.{str(row['target_id']).replace('/', '.')}"
        unit = str(row["target_unit"])
        figures += [
            Figure(f"{key}.share", "Amount that is asked for", float(row["value"]), unit, origin="decomposition.value"),
            Figure(
                f"{key}.potential", "Potential found on parcels", float(row["potential_value"]), unit,
                origin="decomposition.potential_value",
            ),
            Figure(
                f"{key}.gap", "Potential beyond what is asked for", float(row["potential_gap"]), unit,
                "potential − target", (f"{key}.potential", f"{key}.share"),
            ),
        ]  # fmt: skip
    return Figures.of(figures)
