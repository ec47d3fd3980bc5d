# ruff: noqa: E501  (one figure a line reads best)
"""Figures of the plan of green buildings: the shares and areas that documents print, each with how it was found."""

from __future__ import annotations

from typing import Any

import pandas as pd

from plans.figures import Figure, Figures
from plans.green.goals import Goals
from plans.green.grades import ONE_STAR
from standards import Number

CIVIL, ORIGIN = "green.new_civil_m2", "grade.civil_gfa_m2"


def green_figures(
    new: pd.DataFrame, city: pd.Series[Any] | None, wanted: Goals, numbers: tuple[Number, ...]
) -> Figures:
    """The figures of the whole city, under `green.`.

    Parameters
    ----------
    new : DataFrame
        New parcels with grade and indicators.
    city : Series, optional
        Control indicators of the whole city; None where nothing is built new.
    wanted : Goals
        Shares and areas to be reached.
    numbers : tuple of Number
        Numbers that the plan used.
    """
    if city is None:
        return Figures()
    rules = tuple(number for number in numbers if number.table.startswith("grade_rule"))
    needed = new["star_required"]
    missed = needed & (new["level"] < ONE_STAR)
    alone = new["civil_m2"].where(new["planning_unit"].eq(""), 0.0).sum()
    return Figures.of(
        [
            Figure(CIVIL, "New civil floor area", city["new_gfa_m2"], "m²", origin=ORIGIN),
            Figure("green.new_parcels", "New parcels of civil building", city["new_parcels"], "n", origin="grade.new_building"),
            Figure("green.outside_units_m2", "New civil floor area in no planning unit", alone, "m²", origin=ORIGIN),
            *_stars(city, rules),
            *_goals(wanted),
            Figure("green.voluntary_m2", "Floor area raised above the rules", city["voluntary_m2"], "m²", origin="grade.voluntary"),
            Figure("green.star_required", "New parcels that must have a star", float(needed.sum()), "n", numbers=rules, origin="grade.star_required"),
            Figure("green.star_required_missed", "Of these without a star", float(missed.sum()), "n", inputs=("green.star_required",), origin="grade.star_required"),
            *_others(city, numbers),
            Figure("green.existing_m2", "Floor area of existing civil buildings", city["existing_gfa_m2"], "m²", origin="building.gfa_m2"),
            Figure("green.existing_star_share", "Share of existing civil floor area with a star", city["existing_star_share"], "%", inputs=("green.existing_m2",), origin="building.green_star"),
        ]
    )  # fmt: skip


def _stars(city: pd.Series[Any], rules: tuple[Number, ...]) -> list[Figure]:
    part = "floor area of this grade / new civil floor area"
    least = "floor area of this grade and higher / new civil floor area"

    def share(name: str, title: str, formula: str) -> Figure:
        return Figure(f"green.{name}", title, city[name], "%", formula, (CIVIL,), rules, "grade.green_grade")

    green = float(sum(city[name] for name in ("basic_share", "star_share")))
    return [
        Figure("green.green_share", "Green buildings in new civil floor area", green, "%", formula="basic share + star share", inputs=("green.basic_share", "green.star_share")),
        share("basic_share", "Basic grade in new civil floor area", part),
        share("one_star_share", "One star in new civil floor area", part),
        share("two_star_only_share", "Two stars in new civil floor area", part),
        share("three_star_share", "Three stars in new civil floor area", part),
        share("star_share", "One star and more in new civil floor area", least),
        share("two_star_share", "Two stars and more in new civil floor area", least),
        share("two_star_share_by_rules", "Two stars and more by the rules alone", least),
    ]  # fmt: skip


def _goals(wanted: Goals) -> list[Figure]:
    titles = {
        "star_share": "Target: one star and more",
        "two_star_share": "Target: two stars and more",
        "prefabricated_share": "Target: prefabricated building",
        "fully_fitted_share": "Target: homes fitted out",
    }
    found = []
    for name, title in titles.items():
        asked = wanted.of(name, "")
        if len(asked):
            found.append(
                Figure(f"green.{name}_target", title, float(asked.iloc[0]), "%", origin="target.value")
            )
    area = wanted.ultra_low_energy_m2.get("city", pd.Series(dtype=float))
    if len(area):
        title = "Target: ultra-low-energy building"
        found.append(
            Figure(
                "green.ultra_low_energy_target_m2", title, float(area.iloc[0]), "m²", origin="target.value"
            )
        )
    return found


def _others(city: pd.Series[Any], numbers: tuple[Number, ...]) -> list[Figure]:
    ruled = tuple(
        number
        for number in numbers
        if number.table in ("green_indicator_rules", "roof_use", "green_rules", "pv_parameters", "targets")
    )

    def figure(name: str, title: str, unit: str, formula: str, origin: str) -> Figure:
        return Figure(f"green.{name}", title, city[name], unit, formula, (CIVIL,), ruled, origin)

    share, mean = "floor area concerned / new civil floor area", "mean by floor area where it is demanded"
    return [
        figure("prefabricated_share", "Prefabricated building in new civil floor area", "%", share, "grade.prefabricated"),
        figure("assembly_rate", "Assembly rate of prefabricated building", "%", mean, "grade.assembly_rate"),
        figure("fully_fitted_share", "Homes fitted out in new housing", "%", "floor area concerned / new housing floor area", "grade.fully_fitted"),
        figure("ultra_low_energy_m2", "Ultra-low-energy building", "m²", "sum over parcels", "grade.ultra_low_energy_m2"),
        figure("pv_coverage", "Roof coverage of panels that is demanded", "%", mean, "grade.pv_coverage"),
        figure("pv_required_kwp", "Capacity of panels that the coverage means", "kWp", "plot area × building density × coverage × capacity of covered roof", "grade.pv_required_kwp"),
        figure("efficiency_gain", "Design energy of new building below the codes of 2016", "%", "mean of the gains of homes and public building by floor area", "grade.civil_gfa_m2"),
        figure("solar_heat_m2", "New civil floor area with hot water from collectors", "m²", "sum over parcels", "grade.solar_heat"),
        figure("ground_source_share", "New civil floor area on ground suited to heat pumps", "%", share, "grade.ground_source"),
        figure("green_materials_share", "Green materials that are demanded", "%", mean, "grade.green_materials_share"),
    ]  # fmt: skip
