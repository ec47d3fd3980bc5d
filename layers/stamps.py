"""Stamps: the hash of everything a result depends on, by which it is known whether it still agrees with the data."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core import VERSION
from layers import contents
from layers.standard_overrides import STANDARD

# Tables that people decide on; all other tables are given, and an edit of them is a correction.
DECIDED = {
    "choice": "parcel_id",
    "settings": "potential",
    "scenario": "scenario_id",
    "target": "target_id",
    "green_grade": "parcel_id",
    "retrofit_choice": "building_id",
    "measured_project": "measured_id",
    "statistics": "statistics_id",
    "actual_value": "actual_id",
    STANDARD: "standard_id",
}
PLANNED = ("choice", "target", "green_grade", "retrofit_choice", "measured_project")  # what plans follow from
FACTS = ("statistics", "actual_value")  # what people brought of the whole city; the same for all scenarios
PLAN = "plan"  # begins the names of plans among the results
# Tables of published numbers that nothing below the plans reads: city and potentials agree with the data whatever they say.
OF_PLANS = frozenset((
    "business_rules", "civil_uses", "decomposition_methods", "energy_limit_rules", "energy_plan_rules",
    "energy_source_order", "environment_monitoring", "eui_existing_defaults", "flexible_power", "flexible_rules",
    "gb55015_baselines", "gbt51350_targets", "grade_rule_versions", "grade_rules", "green_controls",
    "green_indicator_rules", "green_rules", "green_score", "green_unit_targets", "green_words", "grid_path",
    "heating_cooling_index", "indicator_counting", "low_carbon_tasks", "measures_retrofit", "monitoring_limits",
    "national_base_2020", "new_build_steps", "plan_accounts", "plan_sensitivity", "programme_rules",
    "retrofit_packages", "retrofit_rules", "shared_resources", "storage_rules", "targets", "tariff_hours",
    "technologies",
))  # fmt: skip
OF_SCENARIO = "::"  # between a scenario and the row it decides about; rows of the first scenario have none


def stamps_of(
    wanted: Mapping[str, Sequence[str]],
    overlay: pd.DataFrame,
    sources: Mapping[str, str],
    facts: Mapping[str, Any],
    standards: Path,
    results: Sequence[tuple[str, str]],
) -> dict[str, str]:
    """Stamps of several results.

    Parameters
    ----------
    wanted : Mapping of str to sequence of str
        Names of results, each with those of the others on which it stands and whose settings count too.
    overlay : DataFrame
        Cells that people changed.
    sources : Mapping of str to str
        Digest of every given table, raster and weather.
    facts : Mapping
        Single values of the city.
    standards : Path
        Folder with the project's own numbers.
    results : sequence of pairs
        Name and stamp of every result that is no plan.
    """
    given = overlay[~overlay["table_name"].isin(DECIDED)].to_numpy().tolist()
    settings = overlay[overlay["table_name"] == "settings"]
    files = contents.digest_of_file(standards)
    own = overlay[(overlay["table_name"] == STANDARD) & (overlay["value"] != "null")]
    of_plans = np.array([json.loads(row)[0] in OF_PLANS for row in own["row_id"]], dtype=bool)
    below, every = (_numbers(files, rows) for rows in (own[~of_plans], own))
    return {
        name: contents.digest_of(
            sources,
            given,
            settings[settings["row_id"].isin([name, *also])].to_numpy().tolist(),
            facts,
            every if name.startswith(PLAN) else below,
            VERSION,
            *(_planned(name, overlay, results) if name.startswith(PLAN) else ()),
        )
        for name, also in wanted.items()
    }


def _numbers(files: str, own: pd.DataFrame) -> str:
    """Hash of published numbers: those in files of the project, and those put in place of others by hand."""
    return contents.digest_of(files, own.to_numpy().tolist()) if len(own) else files


def _planned(plan: str, overlay: pd.DataFrame, results: Sequence[tuple[str, str]]) -> tuple[Any, ...]:
    """What a plan follows from beside the city: the decisions of its scenario, and the results it stands on."""
    scenario = plan.removeprefix(PLAN).lstrip("_")
    rows = overlay[overlay["table_name"].isin(PLANNED)]
    own = rows["row_id"].str.startswith(f"{scenario}{OF_SCENARIO}")
    if not scenario:
        own = ~rows["row_id"].str.contains(OF_SCENARIO, regex=False)
    facts = overlay[overlay["table_name"].isin(FACTS)]
    return [*rows[own].to_numpy().tolist(), *facts.to_numpy().tolist()], list(results)
