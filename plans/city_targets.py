"""Targets of a city: its own, its province's, and what of the country's amounts falls to it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, Severity
from plans import Part
from plans.figures import Figure, Figures
from plans.rounding import whole_steps
from plans.targets import CITY, NATIONAL, PROVINCE, base_amount
from standards import Number, Standards


def city_targets(
    targets: pd.DataFrame,
    standards: Standards,
    stock_m2: float,
    step: Mapping[str, float],
) -> Part:
    """The targets of a city: its own, its province's shares and what of the country's amounts falls to it.

    Parameters
    ----------
    targets : DataFrame
        As `read_targets` gives them.
    standards : Standards
        With the country's stock (`national_base_2020`) and `decomposition_methods`.
    stock_m2 : float
        Urban civil floor area of the city. [m²]
    step : Mapping of str to float
        Smallest amount that is printed, by base unit; amounts are rounded to it, those to be reached upwards.

    Returns
    -------
    Part
        Table `target` with the area kind `city`; where the city has a target of its own, the country's is not divided.
        Figures `target.<set>.<indicator>.<year>`. Shares and kinds other than amounts hold everywhere alike.
    """
    extensive = (
        standards.table("decomposition_methods").set_index("indicator")["extensive"].astype(str) == "True"
    )
    country = standards.number("national_base_2020", column="value", key="urban_civil_stock")
    whole, _ = base_amount(country.value, country.unit, standards)
    share = stock_m2 / whole
    divided = targets["indicator"].map(extensive).fillna(targets["target_unit"] != "%").astype(bool)
    has_own = _nearer(targets, divided)
    mine = (targets["area_kind"] == CITY).to_numpy()
    provincial = (targets["area_kind"] == PROVINCE).to_numpy() & divided.to_numpy()
    problems = []
    if provincial.any():
        problems.append(
            Problem(
                "The province has amounts that are not divided among its cities.",
                "Enter the city's part, as the province hands it down, in the project's own targets.",
                severity=Severity.NOTE, table="targets", rows=tuple(targets.index[provincial]),
            )
        )  # fmt: skip
    found = targets[(mine | ~has_own) & ~provincial].copy()
    falls = (found["area_kind"] != CITY) & divided[found.index]
    found["target_share"] = np.where(falls, share, 1.0)
    found["value"] = [
        _printed(value * part, str(unit), str(operator), step) if part != 1.0 else value
        for value, part, unit, operator in zip(
            found["value"].astype(float),
            found["target_share"].astype(float),
            found["target_unit"],
            found["operator"],
            strict=True,
        )
    ]
    found["area_kind"], found["area_id"] = CITY, ""
    figures = _figures(targets, found, country, stock_m2, share)
    return Part({"target": found}, figures, (country,), REMARKS, tuple(problems))


REMARKS = (
    "Amounts of the country fall to the city by its share of the urban civil floor area; the province's own figure goes"
    " before it.",
    "Shares hold everywhere alike and are never divided.",
)


def _nearer(targets: pd.DataFrame, divided: pd.Series) -> NDArray[np.bool_]:
    """Targets that give way to one of the same indicator and year from nearer by: the city, or for shares the province."""
    keys = list(zip(targets["indicator"], targets["year"], strict=True))
    kinds = list(targets["area_kind"])
    of_city = {key for key, kind in zip(keys, kinds, strict=True) if kind == CITY}
    of_province = {
        key for key, kind, amount in zip(keys, kinds, divided, strict=True) if kind == PROVINCE and not amount
    }
    return np.array(
        [
            key in of_city or (kind == NATIONAL and key in of_province)
            for key, kind in zip(keys, kinds, strict=True)
        ],
        dtype=bool,
    )


def _printed(value: float, unit: str, operator: str, step: Mapping[str, float]) -> float:
    """An amount in whole printed steps: upwards where it is to be reached, downwards where it is a cap."""
    if unit not in step:
        return value
    return whole_steps(value, step[unit], upwards=operator == ">=") * step[unit]


def _figures(
    targets: pd.DataFrame, found: pd.DataFrame, country: Number, stock_m2: float, share: float
) -> Figures:
    """The targets of the city and, where they were divided, what they come from."""
    figures = []
    divided = found["target_share"] != 1.0
    if divided.any():
        figures += [
            Figure(
                "target.stock", "Urban civil floor area by which targets are divided", stock_m2, "m²",
                origin="baseline.gfa_m2",
            ),
            Figure(
                "target.share", "Share of the city in the urban civil floor area of the country", share, "%",
                "floor area of the city / floor area of the country", ("target.stock",), (country,), digits=4,
            ),
        ]  # fmt: skip
    country_value = dict(zip(targets.index, targets["value"].astype(float), strict=True))
    for name, row in found.iterrows():
        key = f"target.{row['target_set']}.{row['indicator']}.{row['year']}"
        values = {"name": str(row["name_zh"])}
        unit = str(row["target_unit"])
        if row["target_share"] == 1.0:
            figures.append(
                Figure(
                    key, "Target: {name}", float(row["value"]), unit, origin="targets.value", values=values
                )
            )
            continue
        figures += [
            Figure(
                f"{key}.country", "Target of the country: {name}", country_value[name], unit,
                origin="targets.value", values=values,
            ),
            Figure(
                key, "Target: {name}", float(row["value"]), unit,
                "target of the country · share of the city, rounded to what is printed",
                (f"{key}.country", "target.share"), digits=4, values=values,
            ),
        ]  # fmt: skip
    return Figures.of(figures)


def steps(standards: Standards) -> dict[str, float]:
    """Smallest amount that is printed, by base unit."""
    words = {"m2": "m²", "kW": "kW", "kgce": "kgce"}
    return {
        unit: standards.number("energy_plan_rules", item="printed_step", case=case).value
        for case, unit in words.items()
    }
