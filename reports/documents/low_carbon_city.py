"""The plan of a green and low-carbon city (绿色低碳城市建设实施方案): tasks, support, and who answers for what."""

from __future__ import annotations

from dataclasses import replace

from core.texts import speaking
from reports.documents.blocks import Document
from reports.documents.duties import duties
from reports.documents.goals import goals
from reports.documents.green_pictures import green_pictures
from reports.documents.material import CHINESE, Material, document
from reports.documents.money_pictures import money_pictures
from reports.documents.parcel_control import parcel_control

KIND = "低碳城市"


def low_carbon_material(material: Material) -> Material:
    """The material with the tables that this document prints: goals in words, controls of parcels, duties."""
    city, period = material.city, material.period
    zone = str(city.facts.get("climate_zone") or "")
    with speaking(CHINESE):
        plan = material.plan + goals(material.plan, city.standards, period, zone)
        plan = plan + parcel_control(city, plan)
        plan = plan + duties(plan, city.standards, period)
    charts = {**green_pictures(plan, period), **money_pictures(plan), **material.charts}
    return replace(material, plan=plan, charts=charts)


def low_carbon_document(material: Material) -> Document:
    """绿色低碳城市建设实施方案 in the order of the plans under 建标〔2022〕53号.

    Parameters
    ----------
    material : Material
        As `low_carbon_material` gives it.

    Raises
    ------
    UserError
        The text names what the plan does not have, or is not well formed.
    """
    title = f"{material.city.name}绿色低碳城市建设实施方案"
    period = material.period
    subtitle = f"（{period.from_year}—{period.target_year}年）"
    return document(material, KIND, title, subtitle, f"{KIND}/{KIND}.md", {})
