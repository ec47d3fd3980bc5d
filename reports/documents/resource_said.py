"""Resources in words: climate, what sources give for certain, what each kind of land offers and gets, goals by year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from core.texts import speaking, text
from core.units import MISSING, percent, quantity
from layers.city import City
from plans import Part
from plans.figures import Figure, Figures
from plans.options.technologies import technologies
from potential import Assessment
from potential.registry import potentials
from reports.documents.material import CHINESE
from standards import Taken

CERTAIN, HARDLY, MIDDLE = "_p90_", "_p10_", "_p50_"
PV = "pv"
GROUND = ("shallow_ground", "groundwater", "surface_water", "deep_ground")
OTHER_HEAT = ("waste_heat", "biomass")
YEARLY = {
    "pv_capacity_added": ("pv_goal_kw", "pv_goal_total_kw"),
    "geothermal_area_added": ("geothermal_goal_m2", "geothermal_goal_total_m2"),
}
DEGREE_DAYS = {"hdd18": "Heating degree days, base 18 °C", "cdd26": "Cooling degree days, base 26 °C"}
SIGNS = {">=": "≥", "<=": "≤"}
SHARE = "-"  # unit of shares in the tables of limits
DAY_UNIT = "℃·d"


def resource_said(city: City, assessments: Mapping[str, Assessment], plan: Part, target_year: int) -> Part:
    """Tables and figures of resources that the text of the plan for renewable energy prints.

    Parameters
    ----------
    city : City
        With parcels; weather and the city of the climate tables may be missing.
    assessments : Mapping of str to Assessment
        By name; what is missing is not in the tables.
    plan : Part
        Tables `choice`, `target`, `decomposition_year`, `regional` and `environment_watch`; each may be missing.
    target_year : int
        Last year of the plan.

    Returns
    -------
    Part
        Tables `resource_range` (an assessment a row: what it gives in nine, five and one of ten cases [kWh/a]),
        `resource_use` (use of parcels: PV and floor area that the plan puts there beside the PV that could be) and
        `goal_year` (a year a row: goals of the city), `unit_heat` (`regional` with names) and `watch_said` (technology and
        what is watched); figures `climate.hdd18`, `climate.cdd26` [℃·d] and `climate.ghi`.
    """
    with speaking(CHINESE):
        tables = {
            "resource_range": _ranges(assessments),
            "resource_use": _by_use(city, assessments, plan),
            "goal_year": _goal_years(plan, target_year),
            "unit_heat": _named(city, plan.tables.get("regional")),
            "watch_said": _watch(plan.tables.get("environment_watch")),
        }
        figures = Figures.of(_climate(city))
    numbers = tuple(dict.fromkeys(number for one in figures.values() for number in one.numbers))
    return Part({name: table for name, table in tables.items() if len(table)}, figures, numbers)


def _ranges(assessments: Mapping[str, Assessment]) -> pd.DataFrame:
    """What an assessment supplies is the first of its totals that has a range; others, such as needs, follow."""
    titles, rows = {one.name: text(one.title) for one in potentials()}, {}
    for name, assessment in assessments.items():
        totals = assessment.totals
        certain = next(
            (one for one in totals if CERTAIN in one and one.replace(CERTAIN, HARDLY) in totals), ""
        )
        if certain:
            # What is computed with the usual inputs is what every other table prints; a median may differ from it.
            middle = certain.replace(CERTAIN, "_")
            middle = middle if middle in totals else certain.replace(CERTAIN, MIDDLE)
            rows[name] = {
                "resource_name": titles.get(name, name),
                "resource_p90_kwh_per_year": totals[certain],
                "resource_middle_kwh_per_year": totals[middle],
                "resource_p10_kwh_per_year": totals[certain.replace(CERTAIN, HARDLY)],
            }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("resource_range_id")


def _by_use(city: City, assessments: Mapping[str, Assessment], plan: Part) -> pd.DataFrame:
    """PV adds up over roofs, new ones too, walls and canopies; sources of heat exclude one another: only what is planned."""
    uses = city.tables["parcel"]["use"].astype(object)
    options = [one.options for one in assessments.values() if len(one.options)]
    choice, roofs = plan.tables.get("choice"), plan.tables.get("planned_roof")
    if roofs is not None:
        options.append(roofs.rename(columns={"resource_kw": "most_kw"}))
    if not options or choice is None or not len(choice):
        return pd.DataFrame()
    offers = pd.concat([one[["parcel_id", "technology", "most_kw"]] for one in options], ignore_index=True)
    known = technologies(city.standards)
    pv = offers[offers["technology"].map(known["family"]) == PV]
    planned = choice["parcel_id"].map(uses)
    family = choice["family"]
    columns = {
        "use_pv_planned_kw": choice["planned_kw"].where(family == PV, 0.0),
        "use_pv_approved_kw": choice["planned_kw"].where((family == PV) & choice["approved"], 0.0),
        "use_collector_m2": choice["panel_m2"].where(family == "solar_thermal", 0.0),
        "use_geothermal_m2": choice["served_m2"].where(family.isin(GROUND), 0.0),
        "use_other_heat_m2": choice["served_m2"].where(family.isin(OTHER_HEAT), 0.0),
        "saved_kgce_per_year": choice["saved_kgce_per_year"],
    }
    table = pd.DataFrame(columns).groupby(planned).sum()
    could = pv.groupby(pv["parcel_id"].map(uses))["most_kw"].sum()
    table = table.reindex(table.index.union(could.index), fill_value=0.0)
    table.insert(0, "use_pv_most_kw", could.reindex(table.index, fill_value=0.0))
    return table.rename_axis("use").sort_values("use_pv_most_kw", ascending=False)


def _goal_years(plan: Part, target_year: int) -> pd.DataFrame:
    """Goals of the city by year, side by side; the city's own where it has one."""
    years, targets = plan.tables.get("decomposition_year"), plan.tables.get("target")
    if years is None or targets is None:
        return pd.DataFrame()
    last = targets[(targets["area_kind"] == "city") & (targets["year"] == target_year)]
    found = {}
    for indicator, (added, whole) in YEARLY.items():
        ids = last.index[last["indicator"] == indicator]
        if len(ids):
            rows = years[(years["target_id"] == ids[-1]) & (years["area_kind"] == "city")].set_index("year")
            found[added], found[whole] = rows["value"], rows["reached_value"]
    return pd.DataFrame(found).rename_axis("year")


def _named(city: City, regional: pd.DataFrame | None) -> pd.DataFrame:
    """Heat of planning units with their names; their codes where they have none."""
    units = city.tables.get("planning_unit")
    if regional is None or not len(regional):
        return pd.DataFrame()
    codes = regional.index.to_series()
    names = codes if units is None or "name" not in units else codes.map(units["name"]).fillna(codes)
    table = regional.copy()
    table.insert(0, "name", names)
    return table


def _watch(rows: pd.DataFrame | None) -> pd.DataFrame:
    """What is watched at the projects of each technology, and from which value on it is acted upon."""
    if rows is None or not len(rows):
        return pd.DataFrame()
    keys = [
        "technology",
        "watch_item",
        "watch_place",
        "watch_interval_d",
        "watch_operator",
        "watch_value",
        "watch_unit",
    ]
    found = []
    for values, group in rows.groupby(keys, sort=False, dropna=False, observed=True):
        given = dict(zip(keys, values, strict=True))
        found.append(
            {
                "technology": given["technology"],
                "watch_projects": group["choice_id"].nunique(),
                "watch_item": given["watch_item"],
                "watch_place": given["watch_place"],
                "watch_every_d": given["watch_interval_d"],
                "watch_limit_said": _limit(given),
            }
        )
    return pd.DataFrame(found, index=pd.RangeIndex(1, len(found) + 1, name="watch_said_id"))


def _limit(given: dict[str, Any]) -> str:
    if pd.isna(given["watch_value"]):
        return MISSING
    sign = SIGNS[str(given["watch_operator"])]
    if given["watch_unit"] == SHARE:
        return f"{sign}{percent(float(given['watch_value']))}"
    return f"{sign}{quantity(float(given['watch_value']), str(given['watch_unit']))}"


def climate(city: City) -> Figures:
    """Degree days of the city of the climate tables, and the sun on the level; what is not known is left out."""
    return Figures.of(_climate(city))


def _climate(city: City) -> list[Figure]:
    figures = []
    name = str(city.facts.get("climate_city") or "")
    for column, title in DEGREE_DAYS.items():
        if name not in set(city.standards.table("cities")["city_zh"]):
            continue
        taken = Taken(city.standards)
        value = taken.number("cities", column=column, city_zh=name)
        figures.append(Figure(f"climate.{column}", title, value, DAY_UNIT, numbers=tuple(taken.used)))
    if city.weather is not None:
        irradiation = city.weather.ghi_kwh_per_m2_year
        title = "Global irradiation on the level in a typical year"
        figures.append(Figure("climate.ghi", title, irradiation, "kWh/(m² a)", origin="weather.ghi"))
    return figures
