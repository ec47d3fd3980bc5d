"""The city's own targets: set, changed and taken back in the units of their indicators."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from core.problems import Problem, UserError
from core.texts import text, word
from core.units import percent, quantity
from desktop.card_words import named_district
from desktop.scenarios import decide, decided, scenario_named
from layers.project import DECIDED, Project
from plans.targets import COMMON, base_amount, fits, measure_of

AT_LEAST, AT_MOST = ">=", "<="
WHOLE = "city"  # kind of area of a target that names none


@dataclass(frozen=True)
class OwnTarget:
    """One of the city's own targets: `value` in `unit`, for an area, with the document that sets it.

    `title` and `asked` say it in words.
    """

    indicator: str
    year: int
    operator: str
    value: float
    unit: str
    area_kind: str
    area_id: str
    source: str
    title: str
    asked: str


def set_target(
    project: Project,
    indicator: str,
    year: int,
    value: float | None,
    *,
    unit: str = "",
    operator: str = "",
    area_kind: str = WHOLE,
    area_id: str = "",
    scenario: str = "",
    source: str = "",
    why: str = "",
) -> None:
    """Set one of the city's own targets, or take it back.

    Parameters
    ----------
    indicator : str
        Its key in the table of targets, e.g. `pv_capacity_added`.
    year : int
        By which it is to be reached.
    value : float or None
        In `unit`; None takes the target back.
    unit : str
        Unit of `value`, e.g. `万m2`, `MW`, `%`; the base unit (m², kW, kWh, kgce, share of 1) where not given.
    operator : str
        `>=` or `<=`; as the published targets of the indicator have it where not given.
    area_kind, area_id : str
        `city`, `district` or `unit`, and which.

    Raises
    ------
    UserError
        Indicator or operator are unknown, the unit is not one of the indicator, or the amount can't be.
    """
    chosen = scenario_named(project, scenario)
    standards = project.standards
    known = set(standards.table("targets")["indicator"])
    problems = []
    if indicator not in known:
        problems.append(
            Problem(
                "There is no indicator {name}.",
                "Choose one of: {names}.",
                name=indicator,
                names=", ".join(sorted(known)),
            )
        )
    if operator not in (AT_LEAST, AT_MOST, ""):
        problems.append(Problem("{operator} is no way to compare.", "Use >= or <=.", operator=operator))
    if problems:
        raise UserError(*problems)
    base, usual = measure_of(indicator, standards)
    amount = None
    if value is not None:
        if unit and not fits(unit, base, standards):
            raise UserError(
                Problem(
                    "{unit} is no unit of {name}.",
                    "Give it in one of: {units}.",
                    unit=unit,
                    name=word(indicator),
                    units=text(", ").join(COMMON[base]),
                )
            )
        amount, _ = base_amount(value, unit, standards) if unit else (value, base)
        if not 0 <= amount <= (1.0 if base == "%" else math.inf):
            raise UserError(
                Problem(
                    "{value} {unit} is out of the question for {name}.",
                    "Give a value from 0 to 100 %, or of amounts one not below 0.",
                    value=f"{value:g}",
                    unit=unit,
                    name=word(indicator),
                )
            )
    row = "/".join(one for one in (indicator, str(year), area_kind, area_id) if one)
    cells = {
        "indicator": indicator,
        "year": year,
        "operator": operator or usual,
        "value": amount,
        "area_kind": area_kind,
        "area_id": area_id,
        "source": source or chosen.title,
    }
    if amount is None:
        cells = dict.fromkeys(cells)
    frame = pd.DataFrame([cells], index=pd.Index([row], name=DECIDED["target"]), dtype=object)
    decide(project, "target", chosen, frame, why, "Set the target {row}", {"row": row})


def kept_targets(project: Project, scenario: str = "") -> pd.DataFrame:
    """The city's own targets of a scenario."""
    return decided(project, "target", scenario_named(project, scenario))


def targets_of(project: Project, scenario: str = "") -> list[OwnTarget]:
    """The city's own targets of a scenario, each in the usual unit of its indicator."""
    standards, city = project.standards, project.city
    districts = None if city is None else city.tables.get("district")
    found = []
    for _, row in kept_targets(project, scenario).iterrows():
        indicator, amount = str(row["indicator"]), float(row["value"])
        base, _ = measure_of(indicator, standards)
        unit = COMMON[base][0]
        kind, area = (
            str(row[name]) if isinstance(row.get(name), str) else "" for name in ("area_kind", "area_id")
        )
        whole = kind in ("", WHOLE)
        place = "" if whole else " " + (named_district(area, districts) if kind == "district" else area)
        sign = "≥" if row["operator"] == AT_LEAST else "≤"
        found.append(
            OwnTarget(
                indicator,
                int(row["year"]),
                str(row["operator"]),
                amount / base_amount(1.0, unit, standards)[0],
                unit,
                kind or WHOLE,
                area,
                str(row["source"]) if isinstance(row.get("source"), str) else "",
                f"{word(indicator)} {int(row['year'])}{place}",
                f"{sign} {percent(amount) if base == '%' else quantity(amount, base)}",
            )
        )
    return found


def indicators_known(project: Project) -> list[str]:
    """Indicators for which a target can be set."""
    table = project.standards.table("targets")
    return list(dict.fromkeys(table.loc[table["operator"].isin((AT_LEAST, AT_MOST, ">", "<")), "indicator"]))


def target_forms(project: Project) -> dict[str, tuple[tuple[str, ...], str]]:
    """Of each indicator for which a target can be set the units it may be given in, and `>=` or `<=`; the usual first."""
    found = {}
    for indicator in indicators_known(project):
        base, operator = measure_of(indicator, project.standards)
        found[indicator] = COMMON[base], operator
    return found
