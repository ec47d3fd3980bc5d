"""Plan tables: the lists a plan consists of, in the order in which planners look at them, and what they are called."""

from __future__ import annotations

from core.texts import text
from plans import Part

TITLES = {
    "project": "List of projects",
    "phase": "Phases",
    "account": "Targets and limits",
    "indicator": "Indicators",
    "reached": "Targets that are reached",
    "target": "Targets",
    "choice": "Choices of parcels",
    "grade": "Grades of new buildings",
    "retrofit": "Retrofit of buildings",
    "retrofit_unit": "Retrofit by planning unit",
    "retrofit_left_out": "Buildings left out of retrofit",
    "unit": "Control indicators by planning unit",
    "district": "Control indicators by district",
    "control": "Control indicators",
    "decomposition": "Shares of targets",
    "decomposition_year": "Shares of targets by year",
    "baseline": "Baseline",
    "review": "Period before",
    "review_year": "Period before, year by year",
    "trajectory": "Energy and carbon by year",
    "payback": "Payback by technology",
    "sensitivity": "Sensitivity of costs",
    "cash_flow": "Cash flow by year",
    "business": "Business modes of projects",
    "business_mode": "Business modes",
    "regional": "Regional energy systems",
    "regional_source": "Sources of regional systems",
    "regional_duration": "Load duration by unit",
    "suitability": "Suitability by area",
    "cluster": "Clusters with storage",
    "cluster_parcel": "Parcels of clusters",
    "cluster_day": "Days of clusters",
    "flexible": "Flexible power",
    "full_electric": "Full-electric buildings",
    "pilot": "Pilots",
    "energy_limit": "Limits of the use of energy",
    "over_limit": "Buildings over the limit",
    "cover": "What projects cover of targets",
    "refusal": "Why technologies are not offered",
    "reach": "How potential shrinks",
    "planned_roof": "PV on roofs of new buildings",
    "grade_rule": "Rules of grades",
    "environment_watch": "Projects to be watched",
    "pv_gate": "Gates of PV systems",
    "monitoring": "Projects in use",
    "annual_report": "Annual report",
    "annual_path": "Indicators of past years",
}


def plan_table_title(name: str) -> str:
    """What a table of the plan is called; its name where it has no title."""
    return text(TITLES[name]) if name in TITLES else name


def tables_shown(plan: Part) -> list[str]:
    """Tables of a plan that have rows, those planners look at first before the others."""
    known = [name for name in TITLES if name in plan.tables and len(plan.tables[name])]
    return known + [name for name, table in plan.tables.items() if name not in TITLES and len(table)]
