"""The survey of resources and buildings: what was found, added up for documents by technology, district and use."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from core.fields import fields
from core.texts import speaking, text
from layers.city import City
from plans import Part
from plans.figures import Figure, Figures
from potential import Assessment, Grade
from potential.registry import potentials
from reports.quantities import is_share
from standards import Taken

CHINESE = "zh"
JOINT = "/"
OF_GRADES = {
    Grade.SUITABLE: "suitable_parcels",
    Grade.FAIRLY_SUITABLE: "fairly_suitable_parcels",
    Grade.CONDITIONAL: "conditional_parcels",
    Grade.UNSUITABLE: "unsuitable_parcels",
    Grade.FORBIDDEN: "forbidden_parcels",
    Grade.NEEDS_SURVEY: "unsurveyed_parcels",
}
ROOF_SUMS = ("roof_m2", "roof_usable_m2", "module_m2", "pv_kwp", "pv_kwh_per_year")
INVESTED = (
    "planned_kw", "kwh_per_year", "panel_m2", "served_m2", "capex_yuan", "opex_yuan_per_year", "cost_yuan_per_year",
    "saved_kgce_per_year", "avoided_tco2_per_year",
)  # fmt: skip
GROUND = ("shallow_ground", "groundwater", "surface_water", "deep_ground")
OTHER_HEAT = ("waste_heat", "biomass")
KG_PER_T = 1000.0
GEOGRAPHIC = "EPSG:4490"
DEGREE_DIGITS = 6  # some 100 m
DUST = {"so2": "so2_standard_coal", "dust": "dust_standard_coal"}


def survey(city: City, assessments: Mapping[str, Assessment], plan: Part) -> Part:
    """What was found in a city, for the documents.

    Parameters
    ----------
    city : City
        Its buildings and parcels.
    assessments : Mapping of str to Assessment
        By name; what is missing is not in the tables.
    plan : Part
        With tables `choice` and `planned_roof`, for what the plan takes of each resource and what new buildings could carry;
        both may be missing.

    Returns
    -------
    Part
        Tables `resource_grade` (parcels by how well they suit, an assessment a row), `resource` (a technology a row: what
        all parcels offer, what the plan takes, what of it is approved), `resource_district` (district and technology),
        `roof_by_use`, `roof_by_type`, `roof_by_safety` (buildings, areas, PV), `investment` (technology) and
        `programme_district` (district); figures `resource.ASSESSMENT.TOTAL` and `benefit.so2`, `benefit.dust`.
    """
    choice = plan.tables.get("choice", pd.DataFrame())
    tables = {
        "resource_grade": _grades(assessments),
        **_offered(city, assessments, choice, plan.tables.get("planned_roof")),
        **_roofs(city, assessments),
        **_chosen(city, choice),
    }
    with speaking(CHINESE):
        figures = Figures.of([*_figures(assessments), *_extent(city)])
    found = Part({name: table for name, table in tables.items() if len(table)}, figures)
    return found + _clean_air(city, plan)


def _grades(assessments: Mapping[str, Assessment]) -> pd.DataFrame:
    rows, titles = {}, _titles()
    for name, assessment in assessments.items():
        if assessment.graded:
            counts = assessment.parcels["grade"].astype(str).value_counts()
            rows[titles[name]] = {
                column: int(counts.get(str(grade), 0)) for grade, column in OF_GRADES.items()
            }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(OF_GRADES.values()))
    return table.rename_axis("assessment")


def _titles() -> dict[str, str]:
    return {one.name: one.title for one in potentials()}


def _offered(
    city: City, assessments: Mapping[str, Assessment], choice: pd.DataFrame, roofs: pd.DataFrame | None
) -> dict[str, pd.DataFrame]:
    """What parcels offer by technology, in all and by district; what a plan takes of it."""
    options = [one.options for one in assessments.values() if len(one.options)]
    if not options:
        return {}
    columns = ["parcel_id", "technology", "most_kw", "kwh_per_kw", "capex_yuan", "avoided_tco2_per_year"]
    offers = pd.concat([one[columns] for one in options], ignore_index=True)
    offers["kwh"] = offers["most_kw"] * offers["kwh_per_kw"]
    if roofs is not None:  # of new buildings, which no assessment has seen
        names = {"resource_kw": "most_kw", "resource_kwh_per_year": "kwh"}
        ends = {f"resource_{name}": name for name in ("capex_yuan", "avoided_tco2_per_year")}
        offers = pd.concat([offers, roofs.rename(columns={**names, **ends})], ignore_index=True)
    offers["district_name"] = _districts(city, offers["parcel_id"])
    named = {
        "resource_parcels": ("parcel_id", "nunique"),
        "resource_kw": ("most_kw", "sum"),
        "resource_kwh_per_year": ("kwh", "sum"),
        "resource_capex_yuan": ("capex_yuan", "sum"),
        "resource_avoided_tco2_per_year": ("avoided_tco2_per_year", "sum"),
    }
    whole = offers.groupby("technology", sort=False).agg(**named)
    local = offers.groupby(["district_name", "technology"], sort=False).agg(**named).reset_index()
    local.index = pd.Index(local["district_name"] + JOINT + local["technology"], name="resource_district_id")
    if len(choice):
        taken = choice.groupby("technology")["planned_kw"].sum()
        approved = choice[choice["approved"]].groupby("technology")["planned_kw"].sum()
        whole["resource_planned_kw"] = taken.reindex(whole.index, fill_value=0.0)
        whole["resource_approved_kw"] = approved.reindex(whole.index, fill_value=0.0)
        places = _districts(city, choice["parcel_id"]) + JOINT + choice["technology"].astype(str)
        by_place = choice.groupby(places)["planned_kw"].sum()
        local["resource_planned_kw"] = by_place.reindex(local.index, fill_value=0.0)
    return {"resource": whole, "resource_district": local}


def _districts(city: City, parcels: pd.Series) -> pd.Series:
    """Names of the districts of parcels; a dash where none is given."""
    table = city.tables["parcel"]
    names = table["district_name"] if "district_name" in table else pd.Series(None, index=table.index)
    return parcels.map(names).astype(object).fillna(text("No district given"))


def _roofs(city: City, assessments: Mapping[str, Assessment]) -> dict[str, pd.DataFrame]:
    """Roofs by what is known of their buildings."""
    if "rooftop" not in assessments:
        return {}
    roofs = assessments["rooftop"].details["building"]
    given = city.tables["building"].reindex(roofs.index)
    by = {"roof_by_safety": roofs["safety_state"], "roof_by_use": given["use"]}
    if "roof_type" in given:
        by["roof_by_type"] = given["roof_type"]
    return {name: _added(roofs, kind) for name, kind in by.items()}


def _added(roofs: pd.DataFrame, kind: pd.Series) -> pd.DataFrame:
    groups = roofs.groupby(kind.fillna("").astype(str))
    table = groups[list(ROOF_SUMS)].sum()
    table.insert(0, "buildings", groups.size())
    return table.sort_values("roof_m2", ascending=False)


def _chosen(city: City, choice: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """What the plan builds by technology and by district."""
    if not len(choice):
        return {}
    invested = choice.groupby("technology")[list(INVESTED)].sum()
    families = choice["family"]
    local = pd.DataFrame(
        {
            "district_pv_kw": choice["planned_kw"].where(families == "pv", 0.0),
            "district_collector_m2": choice["panel_m2"].where(families == "solar_thermal", 0.0),
            "district_geothermal_m2": choice["served_m2"].where(families.isin(GROUND), 0.0),
            "district_air_m2": choice["served_m2"].where(families == "air", 0.0),
            "district_other_heat_m2": choice["served_m2"].where(families.isin(OTHER_HEAT), 0.0),
            "capex_yuan": choice["capex_yuan"],
            "saved_kgce_per_year": choice["saved_kgce_per_year"],
            "avoided_tco2_per_year": choice["avoided_tco2_per_year"],
        }
    )
    by_district = local.groupby(_districts(city, choice["parcel_id"]).rename("district_name")).sum()
    return {
        "investment": invested.sort_values("capex_yuan", ascending=False),
        "programme_district": by_district,
    }


def _figures(assessments: Mapping[str, Assessment]) -> list[Figure]:
    """The sums of every assessment as figures."""
    found, titles = [], _titles()
    for name, assessment in assessments.items():
        for total, value in assessment.totals.items():
            item = fields().get(total)
            if item is None or "_month_" in total:
                continue
            unit = "n" if item.type == "count" else "%" if is_share(item) else item.unit
            found.append(
                Figure(
                    f"resource.{name}.{total}",
                    "{quantity} ({source})",
                    float(value),
                    unit,
                    origin=f"{name}.{total}",
                    numbers=assessment.numbers,
                    values={"quantity": item.title, "source": text(titles.get(name, name))},
                )
            )
    return found


def _extent(city: City) -> list[Figure]:
    """How large the area is and where it lies."""
    parcels = city.tables["parcel"]
    west, south, east, north = parcels.to_crs(GEOGRAPHIC).total_bounds
    sides = {"west": west, "south": south, "east": east, "north": north}
    titles = {
        "west": "Western end of the area",
        "south": "Southern end of the area",
        "east": "Eastern end of the area",
        "north": "Northern end of the area",
    }
    return [
        Figure("survey.parcels", "Parcels", float(len(parcels)), "n", origin="parcel"),
        Figure("survey.buildings", "Buildings", float(len(city.tables["building"])), "n", origin="building"),
        Figure(
            "survey.plot_area",
            "Area of the parcels",
            float(parcels["plot_area_m2"].sum()),
            "m²",
            origin="parcel.plot_area_m2",
        ),
        *(
            Figure(f"survey.{side}", titles[side], float(value), origin="parcel", digits=DEGREE_DIGITS)
            for side, value in sides.items()
        ),
    ]


def _clean_air(city: City, plan: Part) -> Part:
    """Sulphur dioxide and dust that the coal saved would have given off, after GB/T 50801."""
    saved = plan.figures.get("choice.total.saved_kgce_per_year")
    if saved is None or math.isnan(saved.value):
        return Part()
    titles = {
        "so2": "Sulphur dioxide avoided a year",
        "dust": "Dust avoided a year",
    }
    figures, numbers = [], []
    for name, item in DUST.items():
        taken = Taken(city.standards)
        factor = taken.number("energy_conversion", item=item, column="default")
        figures.append(
            Figure(
                f"benefit.{name}",
                titles[name],
                saved.value * factor / KG_PER_T,
                "t/a",
                "coal saved a year x emission factor of standard coal",
                (saved.key,),
                tuple(taken.used),
            )
        )
        numbers += taken.used
    return Part(figures=Figures.of(figures), numbers=tuple(numbers))
