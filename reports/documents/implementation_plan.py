"""The plan of renewable energy in buildings (可再生能源建筑应用实施方案): resources, potential, targets, programme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from core.texts import speaking, text
from plans import Part
from plans.figures import Figure, Figures
from potential import Assessment, Grade
from potential.registry import potentials
from reports.documents.blocks import Document
from reports.documents.goals import goals
from reports.documents.material import Material, document
from reports.documents.spoken import suitability_matrix
from reports.quantities import quantities
from reports.wording import title_of

KIND = "实施方案"
DEMAND = "demand"
GRADED = {
    "suitable_parcels": (Grade.SUITABLE, Grade.FAIRLY_SUITABLE),
    "conditional_parcels": (Grade.CONDITIONAL,),
    "excluded_parcels": (Grade.UNSUITABLE, Grade.FORBIDDEN),
    "unknown_parcels": (Grade.NEEDS_SURVEY,),
}


def implementation_material(material: Material) -> Material:
    """The material with the tables that only this document prints: resources, goals in words, the matrix of technologies."""
    plan = material.plan
    plan = plan + goals(plan, material.city.standards, material.period) + suitability_matrix(plan)
    return replace(material, plan=plan + resources(material.assessments))


def implementation_document(material: Material) -> Document:
    """可再生能源建筑应用实施方案 in the twelve chapters of 财建〔2009〕305号 and the Plan, 三（四）3.

    Parameters
    ----------
    material : Material
        As `implementation_material` gives it.

    Raises
    ------
    UserError
        The text names what the plan does not have, or is not well formed.
    """
    period = material.period
    title = f"{material.city.name}可再生能源建筑应用实施方案"
    words = {
        "layers": tuple(name for name in material.city.tables if len(material.city.tables[name])),
        "weather": "" if material.city.weather is None else material.city.weather.name,
    }
    return document(
        material, KIND, title, f"（{period.from_year}—{period.target_year}年）", f"{KIND}/{KIND}.md", words
    )


def resources(assessments: Mapping[str, Assessment]) -> Part:
    """What every source can give: capacity, yearly energy with P90 and P10, and how many parcels it suits.

    Returns
    -------
    Part
        Table `resource` by assessment, and figures `resource.<name>.{kw,kwh,p90,p10}`.
    """
    made = dict(assessments)
    rows: dict[str, dict[str, object]] = {}
    figures = []
    for one in potentials():
        found = made.get(one.name)
        if found is None or one.name == DEMAND:
            continue
        rows[one.name] = _resource(found)
        with speaking("zh"):
            values = {"source": text(one.title)}
        for key, column, unit in (
            ("kw", "resource_kw", "kW"),
            ("kwh", "resource_kwh_per_year", "kWh/a"),
            ("p90", "resource_p90_kwh_per_year", "kWh/a"),
            ("p10", "resource_p10_kwh_per_year", "kWh/a"),
        ):
            value = float(str(rows[one.name][column]))
            figures.append(
                Figure(
                    f"resource.{one.name}.{key}",
                    TITLES[key],
                    value,
                    unit,
                    origin=f"resource.{column}",
                    values=values,
                )
            )
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("assessment")
    return Part({"resource": table}, Figures.of(figures))


TITLES = {
    "kw": "Capacity that {source} can have",
    "kwh": "Energy a year that {source} can give",
    "p90": "Energy a year that {source} gives in nine of ten cases",
    "p10": "Energy a year that {source} gives in one of ten cases",
}


def _resource(found: Assessment) -> dict[str, object]:
    """One row: totals of the city, and parcels by grade."""
    known = quantities(found.parcels.columns)
    capacity, energy = known.capacities[0].name, known.energies[0].name
    low, high = (item.name for item in known.spreads.get(energy, ())) if energy in known.spreads else ("", "")

    def whole(column: str) -> float:
        if not column:
            return float("nan")
        return float(found.totals.get(column, pd.to_numeric(found.parcels[column], errors="coerce").sum()))

    grades = found.parcels["grade"].astype(str)
    with speaking("zh"):
        title = title_of(found)
    return {
        "resource_name": title,
        "resource_kw": whole(capacity),
        "resource_kwh_per_year": whole(energy),
        "resource_p90_kwh_per_year": whole(low),
        "resource_p10_kwh_per_year": whole(high),
        **{name: int(grades.isin([str(one) for one in some]).sum()) for name, some in GRADED.items()},
    }
