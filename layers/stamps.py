"""Stamps: the hash of everything a result depends on, by which it is known whether it still agrees with the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

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
    numbers = contents.digest_of_file(standards)
    own = overlay[(overlay["table_name"] == STANDARD) & (overlay["value"] != "null")].to_numpy().tolist()
    numbers = contents.digest_of(numbers, own) if own else numbers
    return {
        name: contents.digest_of(
            sources,
            given,
            settings[settings["row_id"].isin([name, *also])].to_numpy().tolist(),
            facts,
            numbers,
            VERSION,
            *(_planned(name, overlay, results) if name.startswith(PLAN) else ()),
        )
        for name, also in wanted.items()
    }


def _planned(plan: str, overlay: pd.DataFrame, results: Sequence[tuple[str, str]]) -> tuple[Any, ...]:
    """What a plan follows from beside the city: the decisions of its scenario, and the results it stands on."""
    scenario = plan.removeprefix(PLAN).lstrip("_")
    rows = overlay[overlay["table_name"].isin(PLANNED)]
    own = rows["row_id"].str.startswith(f"{scenario}{OF_SCENARIO}")
    if not scenario:
        own = ~rows["row_id"].str.contains(OF_SCENARIO, regex=False)
    facts = overlay[overlay["table_name"].isin(FACTS)]
    return [*rows[own].to_numpy().tolist(), *facts.to_numpy().tolist()], list(results)
