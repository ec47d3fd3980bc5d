"""Spoken tables: rows whose values have different units, as words, so that a document can print them in one column."""

from __future__ import annotations

import pandas as pd

from core.texts import speaking, word
from plans import Part
from reports.documents.goals import said
from standards import Number, Standards

CLASSES = {
    "for_residential": ("residential",),
    "for_office": ("government_office", "business_office", "research"),
    "for_education": ("education",),
    "for_health": ("health", "welfare"),
    "for_hotel": ("hotel",),
    "for_commerce": ("retail", "market", "catering", "entertainment", "other_commerce"),
    "for_industry": ("industry", "warehouse"),
    "for_village": ("rural_house",),
}


def review_said(plan: Part) -> Part:
    """The table of the period before in words: the city's values beside those of the country; empty where it is missing."""
    review = plan.tables.get("review")
    if review is None or review.empty:
        return Part()
    with speaking("zh"):
        table = pd.DataFrame(
            {
                "indicator": review["indicator"],
                "base_said": _column(review, "city_value"),
                "before_said": _column(review, "city_before_value"),
                "country_said": _column(review, "country_value"),
                "country_target_said": _column(review, "country_target"),
            }
        )
    return Part({"review_said": table})


def _column(review: pd.DataFrame, name: str) -> list[str]:
    return [
        said(float(value), str(unit))
        for value, unit in zip(review[name], review["indicator_unit"], strict=True)
    ]


def sources_said(numbers: tuple[Number, ...], standards: Standards) -> list[str]:
    """The documents behind the numbers of a plan."""
    once = {(one.table, one.key, one.value): one for one in numbers}
    return list(dict.fromkeys(standards.citation(one.source) for one in once.values() if not one.assumption))


def suitability_matrix(plan: Part) -> Part:
    """Which technology suits which kind of building in the whole city, in one table; empty where nothing was judged.

    A class of uses takes the verdict that holds for most of its floor area.
    """
    table = plan.tables.get("suitability")
    if table is None or table.empty:
        return Part()
    city = table[table["area_kind"] == "city"]
    found = {}
    for column, uses in CLASSES.items():
        some = city[city["use"].isin(uses)]
        weight = some.groupby(["technology", "verdict"])["graded_m2"].sum().reset_index()
        most = weight.sort_values("graded_m2", kind="stable").drop_duplicates("technology", keep="last")
        found[column] = most.set_index("technology")["verdict"]
    matrix = pd.DataFrame(found).rename_axis("technology_id")
    with speaking("zh"):
        named = [word(str(one)) for one in matrix.index]
    return Part({"suitability_matrix": matrix.assign(technology=matrix.index, technology_name=named)})
