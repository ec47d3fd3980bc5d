"""Indicators of a plan: every number that 专栏1 and 专栏2 ask for, with its formula, its inputs and how it is counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from core.problems import Problem, Severity
from plans import Part
from plans.conversion import Factors
from plans.figures import Figure, Figures
from plans.indicator_figures import figures_of
from plans.indicator_inputs import CITY, IndicatorInputs, IndicatorSettings
from plans.indicator_values import equivalent_area, values_of
from standards import Number, Taken

# Base unit and kind of every indicator; kinds are never added or compared with one another.
UNITS = {
    "operation_energy_total": ("kgce/a", "annual"),
    "electricity_share": ("%", "state"),
    "renewable_substitution_rate": ("%", "state"),
    "new_residential_efficiency_gain": ("%", "standard"),
    "new_public_efficiency_gain": ("%", "standard"),
    "retrofit_area": ("m²", "cumulative"),
    "retrofit_area_residential": ("m²", "cumulative"),
    "retrofit_area_public": ("m²", "cumulative"),
    "ultra_low_energy_area": ("m²", "cumulative"),
    "prefabricated_share": ("%", "flow"),
    "pv_capacity_added": ("kW", "cumulative"),
    "geothermal_area_added": ("m²", "cumulative"),
    "green_building_share_new": ("%", "flow"),
    "star_share_new": ("%", "flow"),
    "carbon_total": ("tCO2/a", "annual"),
    "carbon_per_m2": ("kgCO2/(m² a)", "state"),
    "equivalent_application_area": ("m²", "cumulative"),
}
MET = (
    "indicator", "year", "area_kind", "area_id", "operator", "value", "nature", "indicator_value", "target_margin",
    "target_met",
)  # fmt: skip
REMARKS = (
    "The substitution rate counts urban civil buildings only; factories and what they carry stay outside unless the"
    " planner asks.",
    "The Plan gives no formula of the substitution rate; the gross form is taken and the net one printed beside it.",
    "Capacity of panels is that of direct current and counts city and country, as the Plan does.",
    "The prefabricated share counts buildings by the year they are finished; the Plan says newly begun in one place and"
    " newly built in another.",
)


def area_weights(taken: Taken) -> dict[str, Number]:
    """Weights of 折算应用面积 by kind of application."""
    kinds = ("solar hot water", "ground source", "solar heating and cooling", "solar with ground source")
    found = {
        case: taken.standards.number("energy_plan_rules", item="equivalent_area", case=case) for case in kinds
    }
    taken.used.extend(found.values())
    return found


def headline(indicator: str, settings: IndicatorSettings) -> str:
    """The basis of an indicator that is compared with targets."""
    word = settings.electricity_basis.removeprefix("elec_")
    if indicator == "renewable_substitution_rate":
        return f"{settings.rate_form} {word}"
    return word if indicator in ("operation_energy_total", "electricity_share") else ""


def indicators(
    inputs: Iterable[IndicatorInputs],
    found: Factors,
    settings: IndicatorSettings,
    taken: Taken,
) -> Part:
    """All indicators of some areas and years.

    Parameters
    ----------
    inputs : iterable of IndicatorInputs
        One for each area and year.
    found : Factors
        Conversions of the city.
    settings : IndicatorSettings
        How they are counted.
    taken : Taken
        Reads and remembers numbers: the weights of 折算应用面积.

    Returns
    -------
    Part
        Table `indicator`: `indicator`, `indicator_basis`, `year`, `area_kind`, `area_id`, `indicator_value` in the base
        unit (m², kW, kgce, tCO2; shares 0 to 1), `indicator_unit`, `indicator_kind`, `headline` (the form that targets are
        compared with). Figures of the city under `indicator.<name>.<basis>.<year>`.
    """
    inputs = list(inputs)
    weights = area_weights(taken)
    of_weights = {case: number.value for case, number in weights.items()}
    rows: list[dict[str, Any]] = []
    figures: list[Figure] = []
    empty: set[str] = set()
    for one in inputs:
        values = values_of(one, found, settings) | {
            ("equivalent_application_area", ""): equivalent_area(one, of_weights)
        }
        for (name, basis), value in values.items():
            rows.append(
                {
                    "indicator": name,
                    "indicator_basis": basis,
                    "year": one.year,
                    "area_kind": one.area_kind,
                    "area_id": one.area_id,
                    "indicator_value": value,
                    "indicator_unit": UNITS[name][0],
                    "indicator_kind": UNITS[name][1],
                    "headline": basis == headline(name, settings),
                }
            )
            if value != value and one.area_kind == CITY:
                empty.add(name)
        if one.area_kind == CITY:
            figures += figures_of(one, values, found, settings, tuple(weights.values()))
    table = pd.DataFrame(rows)
    ids = ["/".join(part for part in _name(row) if part) for row in rows]
    table.index = pd.Index(ids, name="indicator_id", dtype=object)
    problems: tuple[Problem, ...] = ()
    if empty:
        problems = (
            Problem(
                "Some indicators have no value, as nothing stands below the line.",
                "Enter new buildings or energy; until then they are left empty.",
                severity=Severity.NOTE,
                table="indicator",
                rows=tuple(sorted(empty)),
            ),
        )
    numbers = tuple(dict.fromkeys((*found.numbers.values(), *taken.used)))
    return Part({"indicator": table}, Figures.of(figures), numbers, REMARKS, problems)


def _name(row: dict[str, Any]) -> tuple[str, ...]:
    """What tells a row of the table of indicators apart."""
    return (row["indicator"], row["indicator_basis"].replace(" ", "_"), str(row["year"]), row["area_id"])


def reached(indicator: pd.DataFrame, target: pd.DataFrame) -> pd.DataFrame:
    """What each target of the city asks for beside what the plan reaches.

    Parameters
    ----------
    indicator : DataFrame
        Table `indicator`.
    target : DataFrame
        Table `target`.

    Returns
    -------
    DataFrame
        By target id, of the targets of which an indicator of the same name, year, area and kind is known:
        `indicator`, `year`, `area_kind`, `area_id`, `operator`, `value`, `indicator_value`, `target_margin` (how much
        more, or for a cap less, than asked for), `target_met` and `nature`. Kinds are never compared across.
    """
    lead = indicator[indicator["headline"]]
    of = {
        (row["indicator"], row["year"], row["area_kind"], row["area_id"], row["indicator_kind"]): row[
            "indicator_value"
        ]
        for row in lead.to_dict("records")
    }
    rows = []
    for name, one in zip(target.index, target.to_dict("records"), strict=True):
        found = of.get((one["indicator"], one["year"], one["area_kind"], one["area_id"], one["kind"]))
        if found is None:
            continue
        margin = (found - one["value"]) * (1.0 if one["operator"] == ">=" else -1.0)
        kept = {
            key: one[key]
            for key in ("indicator", "year", "area_kind", "area_id", "operator", "value", "nature")
        }
        rows.append(
            {
                "target_id": name,
                **kept,
                "indicator_value": found,
                "target_margin": margin,
                "target_met": margin >= 0.0,
            }
        )
    columns = ["target_id", *MET]
    return pd.DataFrame(rows, columns=columns).set_index("target_id")
