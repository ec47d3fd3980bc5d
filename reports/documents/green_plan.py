"""The plan of green buildings (绿色建筑专项规划) of a city: its text in articles, its argument, its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.texts import speaking, text
from plans import Part
from reports.documents.blocks import Document
from reports.documents.goals import goals, review_said
from reports.documents.green_pictures import green_pictures
from reports.documents.material import CHINESE, Material, document
from reports.documents.money_pictures import money_pictures
from reports.documents.parcel_control import parcel_control
from reports.documents.plan_said import plan_said
from reports.documents.resource_said import climate
from reports.documents.sources import source_tables
from reports.documents.years_said import columns_said, review_years

KIND = "专项规划"
PARTS = {"文本": "文　本", "说明书": "说明书", "附表": "附表及附图目录"}


def green_plan_material(material: Material) -> Material:
    """The material with what only this document prints: goals in words, controls of parcels, charts, sources."""
    city, period = material.city, material.period
    zone = str(city.facts.get("climate_zone") or "")
    with speaking(CHINESE):
        plan = material.plan + goals(material.plan, city.standards, period, zone)
        plan = plan + review_said(plan) + parcel_control(city, plan) + plan_said(city, plan)
        plan = plan + Part(figures=climate(city)) + review_years(plan, period)[0]
        plan = plan + source_tables(plan.numbers, city.standards)
    charts = {**green_pictures(plan, period), **money_pictures(plan), **material.charts}
    return replace(material, plan=plan, charts=charts)


def green_plan_documents(material: Material) -> tuple[Document, ...]:
    """文本, 说明书 and 附表 of the plan of green buildings.

    Parameters
    ----------
    material : Material
        As `green_plan_material` gives it.

    Raises
    ------
    UserError
        A text names what the plan does not have, or is not well formed.
    """
    period = material.period
    title = f"{material.city.name}绿色建筑专项规划"
    years = f"（{period.from_year}—{period.target_year}年）"
    words = {**remarks_of(material), "review_years": columns_said(review_years(material.plan, period)[1])}
    return tuple(
        document(material, f"{KIND}{part}", title, f"{subtitle}{years}", f"{KIND}/{part}.md", words)
        for part, subtitle in PARTS.items()
    )


def remarks_of(material: Material) -> Mapping[str, Any]:
    """What the plan assumed, as sentences in Chinese."""
    with speaking(CHINESE):
        return {"remarks": [text(one) for one in dict.fromkeys(material.plan.remarks)]}
