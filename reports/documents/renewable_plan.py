"""The plan for renewable energy in buildings (可再生能源建筑应用实施方案): goals, layout, technologies, programme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.texts import speaking, text
from potential.registry import potentials
from potential.solar.heat_numbers import resource_class
from reports.documents.blocks import Document
from reports.documents.green_pictures import green_pictures
from reports.documents.material import CHINESE, Material, document
from reports.documents.open_planes import open_planes
from reports.documents.pictures import pictures
from reports.documents.plan_said import plan_said
from reports.documents.renewable_pictures import renewable_pictures
from reports.documents.resource_said import resource_said
from reports.documents.sources import source_tables
from reports.documents.survey import survey

KIND = "实施方案"


def renewable_plan_material(material: Material) -> Material:
    """The material with what only this document prints: the survey, its charts, and the list of numbers and sources."""
    with speaking(CHINESE):
        plan = material.plan + survey(material.city, material.assessments, material.plan)
        plan = plan + plan_said(material.city, material.plan)
        target_year = material.period.target_year
        plan = plan + resource_said(material.city, material.assessments, material.plan, target_year)
        plan = plan + open_planes(material.city)
        numbers = [*plan.numbers, *(one for found in material.assessments.values() for one in found.numbers)]
        plan = plan + source_tables(numbers, material.city.standards)
        drawn = pictures(material.assessments, plan) | green_pictures(plan, material.period)
        drawn |= renewable_pictures(material.city.weather, plan, target_year)
        charts = {**drawn, **material.charts}
    return replace(material, plan=plan, charts=charts)


def renewable_plan_document(material: Material) -> Document:
    """可再生能源建筑应用实施方案 by the outline that national demonstration cities follow.

    Parameters
    ----------
    material : Material
        As `renewable_plan_material` gives it.

    Raises
    ------
    UserError
        The text names what the plan does not have, or is not well formed.
    """
    period = material.period
    title = f"{material.city.name}可再生能源建筑应用实施方案"
    subtitle = f"（{period.from_year}—{period.target_year}年）"
    return document(material, KIND, title, subtitle, f"{KIND}/{KIND}.md", _words(material))


def _words(material: Material) -> Mapping[str, Any]:
    """Words of this text alone."""
    with speaking(CHINESE):
        lacking = [text(one.title) for one in potentials() if one.name not in material.assessments]
        remarks = [text(one) for one in dict.fromkeys(material.plan.remarks)]
    sunny = material.plan.figures.get("climate.ghi")
    districts = material.plan.tables.get("resource_district")
    suited = material.plan.tables.get("suitable_uses")
    yearly = material.plan.tables.get("goal_year")
    return {
        "climate_city": str(material.city.facts.get("climate_city") or ""),
        "solar_class": "" if sunny is None else resource_class(material.city.standards, sunny.value),
        "lacking": lacking,
        "remarks": remarks,
        "districts": [] if districts is None else list(dict.fromkeys(districts["district_name"])),
        "suited_areas": []
        if suited is None
        else [one for one in dict.fromkeys(suited["district_name"]) if one],
        "goal_columns": [] if yearly is None else list(yearly.columns),
        "maps": tuple(material.maps),
    }
