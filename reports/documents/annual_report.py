"""The annual report (年度发展情况报告) of every November: plan and actual value of each indicator, and what follows."""

from __future__ import annotations

from dataclasses import replace

from reports.documents.blocks import Document
from reports.documents.goals import goals
from reports.documents.material import Material, document
from reports.documents.progress_said import progress_said
from reports.documents.years_said import columns_said, history

KIND = "年度报告"


def annual_material(material: Material) -> Material:
    """The material with its goals and the table of progress in words."""
    city = material.city
    zone = str(city.facts.get("climate_zone") or "")
    plan = material.plan + goals(material.plan, city.standards, material.period, zone)
    return replace(material, plan=plan + progress_said(plan) + history(plan)[0])


def annual_document(material: Material, year: int) -> Document:
    """年度发展情况报告 of a year.

    Parameters
    ----------
    material : Material
        As `annual_material` gives it.
    year : int
        Year of the report. [a]

    Raises
    ------
    UserError
        The text names what the plan does not have, or is not well formed.
    """
    words = {"year": year, "history": columns_said(history(material.plan)[1])}
    title = f"{material.city.name}建筑节能与绿色建筑发展情况报告"
    return document(material, KIND, title, f"（{year}年度）", f"{KIND}/{KIND}.md", words)
