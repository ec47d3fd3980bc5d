"""The path of energy and carbon over the years: with the plan and without it, its peak, its control line and its growth."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from core.problems import Problem, Severity
from demand.systems import FINAL
from layers.city import City
from plans import Part
from plans.baseline import Baseline
from plans.conversion import CALORIFIC, EQUIVALENT, GJ_PER_KWH, KG_PER_T, MJ_PER_KWH, TJ_PER_MJ
from plans.energy_path import Outlook, outlook, year_energy
from plans.figures import Figure, Figures
from plans.period import Period
from plans.stock import NOT_CIVIL
from standards import Taken
from standards.grid import grid_factor

ENERGY, CARBON = "coal_equivalent_kgce_per_year", "carbon_tco2_per_year"


def trajectory(
    city: City,
    base: Baseline,
    choice: pd.DataFrame | None,
    grade: pd.DataFrame | None,
    retrofit: pd.DataFrame | None,
    taken: Taken,
) -> Part:
    """Energy and carbon of all civil buildings of a city, year by year.

    Parameters
    ----------
    city : City
        With its province and, where known, its own rows of `grid_path` and `energy_plan_rules`.
    base : Baseline
        The baseline.
    choice, grade, retrofit : DataFrame, optional
        Tables of the plan; missing ones count as nothing chosen.
    taken : Taken
        Reads and remembers numbers.

    Returns
    -------
    Part
        Table `trajectory` by year: floor area, what is bought by carrier, coal on both bases, carbon with and without the
        plan, the factor of the grid, electricity of panels, growth, the control line and flags. Figures of the peaks, the
        target year and the horizon.

    Notes
    -----
    Years before the base year are the stock that stood then with the use per area of the base year scaled back. The
    factor of the grid is that which was published up to the base year, the latest until it, and falls by the table
    `grid_path` after it; so the base year is that of the baseline.
    """
    plan = outlook(city, base, choice, grade, retrofit, taken)
    without = outlook(city, base, None, grade, None, taken)
    grid = grid_path(city, base, plan.period, taken)
    table = _rows(plan, grid)
    table["carbon_without_plan_tco2_per_year"] = _rows(without, grid)["carbon_tco2_per_year"]
    growth = taken.number("energy_plan_rules", item="control", case="energy growth per year")
    tolerance = taken.number("energy_plan_rules", item="peak", case="growth tolerance")
    latest = int(taken.number("energy_plan_rules", item="peak", case="latest year"))
    table = _judged(table, plan.period, growth, tolerance)
    problems = [*plan.problems, *_problems(table, plan.period, latest)]
    numbers = tuple(dict.fromkeys((*taken.used, *base.factors.numbers.values())))
    return Part({"trajectory": table}, _figures(table, plan.period), numbers, REMARKS, tuple(problems))


REMARKS = (
    "No official forecast of the grid factor is known; its path is an assumption of the table of the grid path.",
    "Years before the base year follow from the years in which buildings were finished; statistics of those years would"
    " tell.",
    "Demolition counts as no saving, so the stock only grows.",
)


def grid_path(city: City, base: Baseline, period: Period, taken: Taken) -> pd.Series:
    """Factor of the grid in every year of the path. [kgCO2/kWh]

    Only factors of the region of the baseline are taken, so that series of two regions are never mixed.
    """
    province = str(city.facts.get("province") or "")
    now = base.factors.numbers["grid"]
    region = now.key.split(" / ")[1]
    known: dict[int, float] = {}
    for year in sorted(city.standards.table("grid_factors")["year"].unique()):
        if period.first_year <= int(year) < int(now.key.split(" / ")[0]):
            number = grid_factor(city.standards, province, int(year))
            if number.key.split(" / ")[1] == region:
                known[int(year)] = number.value
                taken.used.append(number)
    changes = {}
    for first in city.standards.table("grid_path")["from_year"]:
        row = city.standards.number("grid_path", from_year=first)
        taken.used.append(row)
        changes[int(first)] = row.value
    path: dict[int, float] = {}
    for year in period.years:
        if year > period.base_year:
            change = next((changes[one] for one in sorted(changes, reverse=True) if one <= year), 0.0)
            path[year] = path[year - 1] * (1.0 + change)
        else:
            before = [known[one] for one in sorted(known) if one <= year]
            first = min(known) if known else 0
            latest = int(now.key.split(" / ")[0])
            path[year] = now.value if year >= latest or not known else before[-1] if before else known[first]
    return pd.Series(path, name="grid_factor_kgco2_per_kwh")


def _rows(plan: Outlook, grid: pd.Series) -> pd.DataFrame:
    """What civil buildings buy and emit in every year."""
    civil = plan.base.stock.mask()
    found = plan.base.factors
    rows = []
    for year in plan.period.years:
        energy = year_energy(plan, year)
        panels = energy.power[energy.power["civil"] != NOT_CIVIL]
        made = float(panels.loc[panels["chosen"], "kwh"].sum())
        bought = {one: float(energy.bought[one][civil].sum()) for one in FINAL}
        bought["electricity"] = max(bought["electricity"] - made, 0.0)
        fuel = bought["gas"] * MJ_PER_KWH / found.coal_mj + bought["heat"] * GJ_PER_KWH * found.heat
        other = (
            bought["gas"] * MJ_PER_KWH * TJ_PER_MJ * found.gas_energy
            + bought["heat"] * GJ_PER_KWH * found.heat_carbon
        )
        rows.append(
            {
                "year": year,
                "floor_m2": float(energy.area[civil].sum()),
                **{f"bought_{one}_kwh_per_year": bought[one] for one in FINAL},
                "panel_kwh_per_year": float(panels["kwh"].sum()),
                "coal_equivalent_kgce_per_year": bought["electricity"] * found.kappa(EQUIVALENT) + fuel,
                "coal_calorific_kgce_per_year": bought["electricity"] * found.kappa(CALORIFIC) + fuel,
                "grid_factor_kgco2_per_kwh": float(grid[year]),
                "carbon_tco2_per_year": bought["electricity"] * float(grid[year]) / KG_PER_T + other,
            }
        )
    table = pd.DataFrame(rows)
    table.index = pd.Index(table["year"].astype(str), name="trajectory_id", dtype=object)
    return table


def _judged(table: pd.DataFrame, period: Period, growth: float, tolerance: float) -> pd.DataFrame:
    """Growth, control line and flags."""
    energy, carbon = table[ENERGY], table[CARBON]
    base = float(energy[table["year"] == period.base_year].iloc[0])
    after = (table["year"] - period.base_year).clip(lower=0)
    line = base * (1.0 + growth) ** after
    grown = {"energy_growth": energy.pct_change(), "carbon_growth": carbon.pct_change()}
    rising = pd.Series(False, index=table.index)
    for one in grown.values():
        rising |= (one.diff() > tolerance) & (one > 0) & (table["year"] > period.base_year)
    floor = table["floor_m2"]
    return table.assign(
        carbon_kg_per_m2=(carbon * KG_PER_T / floor.where(floor > 0)),
        **grown,
        energy_limit_kgce_per_year=line,
        over_limit=(energy > line * (1.0 + 1e-9)) & (table["year"] > period.base_year),
        growth_rising=rising,
    )


def _peak(table: pd.DataFrame, column: str) -> int:
    """Year of the highest value; the first of equal ones."""
    return int(table["year"].to_numpy()[int(table[column].to_numpy().argmax())])


def _problems(table: pd.DataFrame, period: Period, latest: int) -> list[Problem]:
    """A late peak, a path above its control line, and growth that rises."""
    problems = []
    peak = _peak(table, CARBON)
    if peak == period.horizon_year:
        problems.append(
            Problem(
                "Carbon of buildings has no peak until {year}.",
                "Retrofit more, use more renewable energy, or examine how much is newly built.",
                severity=Severity.WARNING, table="trajectory", year=period.horizon_year,
            )
        )  # fmt: skip
    elif peak > latest:
        problems.append(
            Problem(
                "Carbon of buildings peaks in {year}, later than {latest}.",
                "Retrofit more, use more renewable energy, or examine how much is newly built.",
                severity=Severity.WARNING, table="trajectory", year=peak, latest=latest,
            )
        )  # fmt: skip
    over = table.index[table["over_limit"]]
    if len(over):
        problems.append(
            Problem(
                "Energy of buildings lies above the control line in some years.",
                "Enter the growth that the province allows, or save more.",
                severity=Severity.WARNING, table="trajectory", rows=tuple(over),
            )
        )  # fmt: skip
    rising = table.index[table["growth_rising"]]
    if len(rising):
        problems.append(
            Problem(
                "Growth of energy or carbon rises in some years.",
                "Spread new building and measures more evenly over the years.",
                severity=Severity.WARNING, table="trajectory", rows=tuple(rising),
            )
        )  # fmt: skip
    return problems


def _figures(table: pd.DataFrame, period: Period) -> Figures:
    """Peaks, and what the base year, the target year and the horizon have."""
    rows = {int(row["year"]): row for row in table.to_dict("records")}
    peak, top = _peak(table, CARBON), _peak(table, ENERGY)
    carbon, energy = f"trajectory.{CARBON}", f"trajectory.{ENERGY}"
    figures = [
        Figure(
            "trajectory.peak_year.carbon", "Year in which carbon of buildings peaks", float(peak), "year",
            "year of the largest value", origin=carbon,
        ),
        Figure(
            "trajectory.peak.carbon", "Carbon of buildings at its peak", float(rows[peak][CARBON]), "tCO2/a", origin=carbon
        ),
        Figure(
            "trajectory.peak_year.energy", "Year in which energy of buildings peaks", float(top), "year",
            "year of the largest value", origin=energy,
        ),
        Figure(
            "trajectory.peak.energy", "Energy of buildings at its peak", float(rows[top][ENERGY]), "kgce/a", origin=energy
        ),
    ]  # fmt: skip
    for year in dict.fromkeys((period.base_year, period.target_year, period.horizon_year)):
        figures += _year_figures(rows[year], year)
    return Figures.of(figures)


def _year_figures(row: dict[Hashable, Any], year: int) -> list[Figure]:
    """What one year has."""
    said = {"year": str(year)}
    without, limit, grid = (
        "carbon_without_plan_tco2_per_year",
        "energy_limit_kgce_per_year",
        "grid_factor_kgco2_per_kwh",
    )
    return [
        Figure(
            f"trajectory.carbon.{year}", "Carbon of buildings in {year}", float(row[CARBON]), "tCO2/a",
            origin=f"trajectory.{CARBON}", values=said,
        ),
        Figure(
            f"trajectory.energy.{year}", "Energy of buildings in {year}", float(row[ENERGY]), "kgce/a",
            origin=f"trajectory.{ENERGY}", values=said,
        ),
        Figure(
            f"trajectory.limit.{year}", "Control line of energy in {year}", float(row[limit]), "kgce/a",
            origin=f"trajectory.{limit}", values=said,
        ),
        Figure(
            f"trajectory.grid.{year}", "Factor of the grid in {year}", float(row[grid]), "kgCO2/kWh",
            origin=f"trajectory.{grid}", values=said, digits=4,
        ),
        Figure(
            f"trajectory.without_plan.{year}", "Carbon of buildings in {year} without the plan", float(row[without]),
            "tCO2/a", origin=f"trajectory.{without}", values=said,
        ),
        Figure(
            f"trajectory.avoided.{year}", "Carbon that the plan avoids in {year}", float(row[without] - row[CARBON]),
            "tCO2/a", "without the plan − with the plan",
            (f"trajectory.without_plan.{year}", f"trajectory.carbon.{year}"), values=said,
        ),
    ]  # fmt: skip
