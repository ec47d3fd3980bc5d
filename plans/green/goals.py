"""Goals: which shares of new floor area units, districts and the city are to reach in the year of the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from core.problems import Problem, Severity
from plans.green.balancing import Goal
from plans.green.settings import GreenSettings
from standards import Taken

# Columns of the results, and the indicators of sets of targets they answer.
INDICATORS = {
    "star_share": "star_share_new",
    "two_star_share": "two_star_share_new",
    "prefabricated_share": "prefabricated_share",
    "fully_fitted_share": "fully_fitted_out",
}
ULTRA_LOW_ENERGY = "ultra_low_energy_area"
AREAS = {"unit": "planning_unit", "district": "district_code", "city": ""}


@dataclass(frozen=True)
class Goals:
    """Goals of the shares by column, and floor area of ultra-low-energy building to be reached, by kind of area. [m²]"""

    shares: Mapping[str, list[Goal]]
    ultra_low_energy_m2: Mapping[str, pd.Series[float]]
    problems: list[Problem] = field(default_factory=list)

    def of(self, name: str, column: str) -> pd.Series[float]:
        """Least shares of one kind of area, by its id."""
        for goal in self.shares.get(name, []):
            if goal.column == column:
                return goal.shares
        return pd.Series(dtype=float)


def goals(
    units: pd.DataFrame | None, targets: pd.DataFrame | None, settings: GreenSettings, taken: Taken
) -> Goals:
    """The goals of the year.

    Parameters
    ----------
    units : DataFrame, optional
        Planning units with `unit_type`; each type has its shares in the table `green_unit_targets`.
    targets : DataFrame, optional
        Targets of the plan: `indicator`, `area_kind` (city, district, unit), `area_id`, `year`, `operator`, `value`
        (shares 0 to 1, m²). Those of units go before those of their type.
    settings : GreenSettings
        Year of the targets.
    taken : Taken
        Numbers in force.
    """
    problems: list[Problem] = []
    given = _given(targets, settings, problems)
    shares = {}
    for column, indicator in INDICATORS.items():
        of_units = _of_types(units, column, settings, taken)
        own = given[given["indicator"] == indicator]
        found = []
        for kind, name in AREAS.items():
            rows = own[own["area_kind"] == kind]
            asked = rows.groupby("area_id")["value"].max() if kind != "city" else _city(rows)
            if kind == "unit":
                asked = asked.combine_first(of_units)
            if len(asked):
                found.append(Goal(name, asked.astype(float)))
        shares[column] = found
    area = given[given["indicator"] == ULTRA_LOW_ENERGY]
    ultra = {
        kind: _city(area[area["area_kind"] == kind])
        if kind == "city"
        else area[area["area_kind"] == kind].groupby("area_id")["value"].max()
        for kind in AREAS
    }
    return Goals(shares, ultra, problems)


def _given(targets: pd.DataFrame | None, settings: GreenSettings, problems: list[Problem]) -> pd.DataFrame:
    """The targets of the year that can be used."""
    columns = ["indicator", "area_kind", "area_id", "year", "operator", "value"]
    known = [*INDICATORS.values(), ULTRA_LOW_ENERGY]
    if targets is None:
        targets = pd.DataFrame(columns=columns)
    rows = targets[targets["indicator"].isin(known)].reindex(columns=columns)
    rows = rows[rows["year"].astype(float) == settings.year]
    rows = rows.assign(area_id=rows["area_id"].fillna("").astype(str), value=rows["value"].astype(float))
    if not (rows["area_kind"] == "city").any():
        problems.append(
            Problem(
                "The city has no targets of green building for {year}; only those of the types of units hold.",
                "Enter targets of star shares, prefabricated and ultra-low-energy building for the city.",
                severity=Severity.NOTE,
                year=settings.year,
            )
        )
    least = rows["operator"].isin((">=", ">"))
    share = (rows["indicator"] == ULTRA_LOW_ENERGY) | rows["value"].between(0, 1)
    wrong = ~least | ~share | ~(rows["value"] >= 0)
    if wrong.any():
        problems.append(
            Problem(
                "Targets of green building are no least share between 0 and 1, or no least floor area.",
                "Correct operator and value of these targets.",
                table="target",
                rows=tuple(rows.index[wrong]),
            )
        )
    rows = rows[~wrong]
    twice = rows.duplicated(["indicator", "area_kind", "area_id"], keep=False)
    if twice.any():
        problems.append(
            Problem(
                "Several targets of one indicator hold for one area and year; the highest was taken.",
                "Keep one of them.",
                severity=Severity.WARNING,
                table="target",
                rows=tuple(rows.index[twice]),
            )
        )
    return rows


def _city(rows: pd.DataFrame) -> pd.Series[float]:
    """The target of the whole city, under the empty name."""
    return pd.Series({"": rows["value"].max()}) if len(rows) else pd.Series(dtype=float)


def _of_types(
    units: pd.DataFrame | None, column: str, settings: GreenSettings, taken: Taken
) -> pd.Series[float]:
    """The share of every unit by its type, of the last year of the table that is not after the plan's."""
    if units is None or "unit_type" not in units.columns:
        return pd.Series(dtype=float)
    table = taken.standards.table("green_unit_targets")
    rows = table[table["indicator"] == column]
    before = rows.loc[rows["year"] <= settings.year, "year"]
    if before.empty:
        return pd.Series(dtype=float)
    year = int(before.max())
    kinds = set(units["unit_type"].dropna()) & set(rows["unit_type"])
    by_type = {}
    for kind in sorted(kinds):
        number = taken.standards.number("green_unit_targets", unit_type=kind, indicator=column, year=year)
        taken.used.append(number)
        by_type[kind] = number.value
    return units["unit_type"].map(by_type).dropna().astype(float)
