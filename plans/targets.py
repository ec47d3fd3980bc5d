"""Targets: versioned sets of the tables, brought to base units, kinds kept apart, and checked."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from core.problems import Problem, Severity
from standards import Standards

CITY, NATIONAL, PROVINCE = "city", "national", "province"
KINDS = {  # the first word of the table's type, and the kind it is
    "cumulative": "cumulative",
    "annual": "annual",
    "rate": "standard",
    "standard": "standard",
    "flow": "flow",
    "state": "state",
    "change": "change",
}
OPERATORS = {">=": ">=", ">": ">=", "<=": "<=", "<": "<=", "drop": ">="}
LARGE = {"亿": 1e8, "万": 1e4, "": 1.0}
UNITS = {  # factor and base unit; 1 万kW = 10 MW
    "m2": (1.0, "m²"), "km2": (1e6, "m²"), "公顷": (1e4, "m²"), "ha": (1e4, "m²"),
    "kW": (1.0, "kW"), "MW": (1e3, "kW"), "GW": (1e6, "kW"), "kWh": (1.0, "kWh"), "MWh": (1e3, "kWh"),
    "GWh": (1e6, "kWh"), "kgce": (1.0, "kgce"), "tce": (1e3, "kgce"), "tCO2": (1.0, "tCO2"),
    "%": (0.01, "%"), "percentage points": (0.01, "%"), "-": (1.0, "%"),
}  # fmt: skip
COMMON = {  # units in which a target is written, by its base unit, the usual one first
    "m²": ("万m2", "m2", "公顷", "亩"), "kW": ("MW", "万kW", "kW"), "kWh": ("万kWh", "MWh", "kWh"),
    "kgce": ("万tce", "tce"), "tCO2": ("万tCO2", "tCO2"), "%": ("%",),
}  # fmt: skip
MU = ("亩", "m²")  # its factor is a row of the table of conversions
COLUMNS = (
    "target_set", "indicator", "name_zh", "area_kind", "area_id", "year", "from_year", "operator", "value",
    "target_unit", "kind", "nature", "source", "target_share",
)  # fmt: skip


def base_amount(value: float, unit: str, standards: Standards) -> tuple[float, str]:
    """An amount in its base unit (m², kW, kWh, kgce, tCO2; shares 0 to 1).

    Raises
    ------
    KeyError
        The unit is not known.
    """
    large, word = (unit[:1], unit[1:]) if unit[:1] in ("亿", "万") else ("", unit)
    if word == MU[0]:
        return value * LARGE[large] * standards.number(
            "energy_conversion", item="mu", applies_to="all"
        ).value, MU[1]
    factor, base = UNITS[word]
    return value * LARGE[large] * factor, base


def measure_of(indicator: str, standards: Standards) -> tuple[str, str]:
    """Base unit of an indicator, and `>=` or `<=` as the published targets have it.

    Raises
    ------
    KeyError
        No published target has this indicator and a unit.
    """
    table = standards.table("targets")
    rows = table[(table["indicator"] == indicator) & table["operator"].isin(OPERATORS)]
    if rows.empty:
        raise KeyError(indicator)
    row = rows.iloc[0]
    return base_amount(1.0, str(row["unit"]), standards)[1], OPERATORS[str(row["operator"])]


def fits(unit: str, base: str, standards: Standards) -> bool:
    """Whether amounts in a unit can be brought to a base unit."""
    try:
        return base_amount(1.0, unit, standards)[1] == base
    except KeyError:
        return False


def read_targets(
    standards: Standards, sets: Iterable[str], province: str, base_year: int
) -> tuple[pd.DataFrame, list[Problem]]:
    """The targets of some sets in base units, those of other provinces left out.

    Parameters
    ----------
    standards : Standards
        With the table `targets`; the project's own rows among them.
    sets : iterable of str
        Names of target sets, e.g. `14FYP`, `peak_53`.
    province : str
        Chinese name; rows whose scope is neither the country, nor the city, nor this province are left out.
    base_year : int
        A target of an earlier year is said to be past, and kept.

    Returns
    -------
    DataFrame
        By target id: `COLUMNS`. National rows have the area kind `national`.
    list of Problem
        Unknown sets, missing years, unknown units or operators, shares out of range, contradictions.
    """
    table = standards.table("targets")
    problems: list[Problem] = []
    asked = list(dict.fromkeys(sets))
    unknown = [name for name in asked if name not in set(table["target_set"])]
    if unknown:
        problems.append(
            Problem(
                "There are no targets of the sets {sets}.",
                "Name a set of the table of targets, or add its rows to the project.",
                sets=", ".join(unknown),
            )
        )
    rows = table[table["target_set"].isin(asked)].copy()
    scope = rows["scope"].astype(str)
    rows = rows[[one in (NATIONAL, CITY) or (bool(one) and province.startswith(one)) for one in scope]]
    if rows.empty:
        return pd.DataFrame(columns=list(COLUMNS)).rename_axis("target_id"), problems
    rows.index = pd.Index(
        [f"{row.target_set}/{row.indicator}/{_year(row.year)}/{row.scope}" for row in rows.itertuples()],
        dtype=object,
    )
    rows = _usable(rows, standards, problems)
    found = _base(rows, standards)
    found = _one_of_each(found, rows, problems)
    problems += checks(found, base_year)
    return found.reindex(columns=list(COLUMNS)), problems


def _year(value: object) -> str:
    number = pd.to_numeric(pd.Series([value]), errors="coerce").iloc[0]
    return "" if pd.isna(number) else f"{number:.0f}"


def _usable(rows: pd.DataFrame, standards: Standards, problems: list[Problem]) -> pd.DataFrame:
    """Rows with a number, a year, a known unit and operator; the others as problems, all at once."""
    value, year = pd.to_numeric(rows["value"], errors="coerce"), pd.to_numeric(rows["year"], errors="coerce")
    words = value.isna()
    if words.any():
        problems.append(
            Problem(
                "Some targets have no number.",
                "Enter a number for each in the project's own targets, or leave them as words.",
                severity=Severity.NOTE, table="targets", rows=tuple(rows.index[words]),
            )
        )  # fmt: skip
    undated = year.isna() & ~words
    if undated.any():
        problems.append(
            Problem(
                "Some targets have no year.",
                "Read the year in the document and enter it in the project's own targets; they are left out.",
                severity=Severity.WARNING, table="targets", rows=tuple(rows.index[undated]),
            )
        )  # fmt: skip

    def known(unit: str) -> bool:
        word = unit[1:] if unit[:1] in ("亿", "万") else unit
        return word in UNITS or word == MU[0]

    kind = rows["type"].astype(str).map(lambda one: one.split(" ")[0] in KINDS)
    strange = ~words & ~(rows["unit"].astype(str).map(known) & rows["operator"].isin(OPERATORS) & kind)
    if strange.any():
        problems.append(
            Problem(
                "Some targets have a unit, operator or type that is not known.",
                "Write the unit as 万m2, 万kW, MW, 万tce or %, the operator as >= or <=, the type as in the other rows.",
                table="targets", rows=tuple(rows.index[strange]),
            )
        )  # fmt: skip
    return rows[~words & ~undated & ~strange]


def _base(rows: pd.DataFrame, standards: Standards) -> pd.DataFrame:
    """The rows in base units."""
    amounts = [
        base_amount(float(value), str(unit), standards)
        for value, unit in zip(pd.to_numeric(rows["value"]), rows["unit"], strict=True)
    ]
    kinds = rows["type"].astype(str)
    since = (
        kinds.map(lambda words: next(iter(re.findall(r"\d{4}", words)), "")).replace("", np.nan).astype(float)
    )
    scope = rows["scope"].astype(str)
    return pd.DataFrame(
        {
            "target_set": rows["target_set"],
            "indicator": rows["indicator"],
            "name_zh": rows["name_zh"],
            "area_kind": np.where(scope == NATIONAL, NATIONAL, np.where(scope == CITY, CITY, PROVINCE)),
            "area_id": np.where(scope.isin((NATIONAL, CITY)), "", scope),
            "year": pd.to_numeric(rows["year"]).astype(int),
            "from_year": since,
            "operator": rows["operator"].map(OPERATORS),
            "value": [one[0] for one in amounts],
            "target_unit": [one[1] for one in amounts],
            "kind": kinds.map(lambda words: KINDS[words.split(" ")[0]]),
            "nature": rows["nature"].fillna(""),
            "source": rows["source"],
            "target_share": 1.0,
        },
        index=rows.index,
    )


def _one_of_each(found: pd.DataFrame, rows: pd.DataFrame, problems: list[Problem]) -> pd.DataFrame:
    """One target of an indicator, year and area in a set: of a range its low end, else the stricter."""
    twice = found.index.duplicated(keep=False)
    if not twice.any():
        return found.rename_axis("target_id")
    ranged = rows["name_zh"].astype(str).str.contains(r"\((?:low|high)\)").to_numpy()
    ends = tuple(dict.fromkeys(found.index[twice & ranged]))
    others = tuple(dict.fromkeys(found.index[twice & ~ranged]))
    if ends:
        problems.append(
            Problem(
                "The tables give a range for some targets; its lower end is taken.",
                "Choose a value in the project's own targets.",
                severity=Severity.NOTE, table="targets", rows=ends,
            )
        )  # fmt: skip
    if others:
        problems.append(
            Problem(
                "Some targets stand twice in a set; the stricter is taken.",
                "Keep one of each in the project's own targets.",
                severity=Severity.WARNING, table="targets", rows=others,
            )
        )  # fmt: skip
    floor = found["operator"] == ">="
    keep_low = np.where(ranged, True, ~floor)
    order = np.where(keep_low, found["value"], -found["value"])
    best = found.assign(order=order).sort_values("order", kind="stable")
    best = best[~best.index.duplicated()].drop(columns="order")
    return best.loc[list(dict.fromkeys(found.index))].rename_axis("target_id")


def checks(targets: pd.DataFrame, base_year: int) -> list[Problem]:
    """What is wrong with targets that can be read: out of range, contradictory, falling back, past.

    Parameters
    ----------
    targets : DataFrame
        As `read_targets` gives them.
    base_year : int
        Base year of the plan.
    """
    problems = []
    share = targets["target_unit"] == "%"
    out = (targets["value"] < 0) | (share & (targets["value"] > 1))
    if out.any():
        problems.append(
            Problem(
                "Some targets are below 0 or above 100 %.",
                "Correct them in the project's own targets.",
                table="targets", rows=tuple(targets.index[out]),
            )
        )  # fmt: skip
    against: list[str] = []
    falling: list[str] = []
    for _, rows in targets.groupby(["indicator", "area_kind", "area_id", "kind"]):
        against += _contradictory(rows)
        if rows["kind"].iloc[0] in ("state", "flow"):
            falling += _falling(rows)
    if against:
        problems.append(
            Problem(
                "Some targets contradict one another: what is at least asked for is more than what is at most allowed.",
                "Change or leave out one of them.",
                table="targets", rows=tuple(dict.fromkeys(against)),
            )
        )  # fmt: skip
    if falling:
        problems.append(
            Problem(
                "Some targets ask for less in a later year than in an earlier one.",
                "Check years and values.",
                severity=Severity.WARNING, table="targets", rows=tuple(dict.fromkeys(falling)),
            )
        )  # fmt: skip
    past = targets["year"] <= base_year
    if past.any():
        problems.append(
            Problem(
                "Some targets are of the base year {year} or before; they serve the review of the period before.",
                "Add targets of later years, or choose another set.",
                severity=Severity.NOTE, table="targets", rows=tuple(targets.index[past]), year=base_year,
            )
        )  # fmt: skip
    return problems


def _contradictory(rows: pd.DataFrame) -> list[str]:
    """Targets of one indicator and area of which none can hold with another in the same year."""
    found = []
    for _, same in rows.groupby("year"):
        floors, caps = same[same["operator"] == ">="], same[same["operator"] == "<="]
        if len(floors) and len(caps) and floors["value"].max() > caps["value"].min():
            found += [str(floors["value"].idxmax()), str(caps["value"].idxmin())]
    return found


def _falling(rows: pd.DataFrame) -> list[str]:
    floors = rows[rows["operator"] == ">="].sort_values("year", kind="stable")
    by_year = floors.groupby("year")["value"].max()
    later = by_year[by_year < by_year.cummax().shift(fill_value=-np.inf)].index
    return [str(name) for name in floors.index[floors["year"].isin(later)]]
