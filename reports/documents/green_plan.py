"""The plan of green buildings (绿色建筑专项规划) of a city: its text in articles, its argument, its tables."""

from __future__ import annotations

from dataclasses import replace

from reports.documents.blocks import Document
from reports.documents.goals import goals
from reports.documents.material import Material, document
from reports.documents.parcel_control import parcel_control

KIND = "专项规划"
PARTS = {"文本": "文　本", "说明书": "说明书", "附表": "附表及附图目录"}


def green_plan_material(material: Material) -> Material:
    """The material with the tables that only this document prints: goals in words, controls of parcels."""
    plan = material.plan
    plan = plan + goals(plan, material.city.standards, material.period)
    return replace(material, plan=plan + parcel_control(material.city, plan))


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
    title = f"{material.city.name}绿色建筑专项规划（{period.from_year}—{period.target_year}年）"
    return tuple(
        document(material, f"{KIND}{part}", title, subtitle, f"{KIND}/{part}.md", {})
        for part, subtitle in PARTS.items()
    )
