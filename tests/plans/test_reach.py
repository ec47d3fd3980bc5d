"""What was found shrinks reason by reason to what a target reaches, and every step is said."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from core.jobs import Job
from plans import Part
from plans.options import ProgrammeSettings, choose
from plans.options.reach import FOUND, GONE, LEFT, OUTSIDE, UNUSED
from potential import Assessment
from tests.plans.small_town import rooftop, targets, town


def plan(roof: Assessment, asked: float, **parcels: dict[str, object]) -> Part:
    city = town({name: parcels.get(name, {}) for name in "AB"})
    return choose(
        city, {"rooftop": roof}, targets(("pv_capacity_added", asked)), None, ProgrammeSettings(), Job()
    )


def roofs(outside: float = 0.0) -> Assessment:
    """100 kW on each of two parcels, and a building that stands on none."""
    roof = rooftop(town({"A": {}, "B": {}}), {"A": 100.0, "B": 100.0}, yuan_per_kw=20_000)
    frame = pd.DataFrame(
        {"parcel_id": ["A", "B", np.nan], "pv_kwp": [100.0, 100.0, outside]}, index=["a", "b", "c"]
    )
    return replace(roof, details=MappingProxyType({**roof.details, "building": frame}))


def steps(part: Part) -> dict[str, float]:
    table = part.tables["reach"]
    return dict(zip(table["reach_step"], table["reach_change"], strict=True))


def test_what_stands_on_no_parcel_is_lost_and_the_plan_warns_of_it() -> None:
    part = plan(roofs(outside=300.0), 400.0)
    assert steps(part) == {FOUND: 500.0, OUTSIDE: -300.0, LEFT: 0.0}
    assert part.tables["reach"].iloc[-1]["reach_left"] == 200.0
    assert any(str(problem.values.get("share")) == "60" for problem in part.problems)


def test_a_parcel_to_be_demolished_takes_its_roofs_out_of_the_chain() -> None:
    assert steps(plan(roofs(), 150.0, B={"planned_demolition": True}))[GONE] == -100.0


def test_what_is_not_needed_is_the_difference_between_reach_and_reached() -> None:
    part = plan(roofs(), 100.0)
    assert steps(part)[UNUSED] == pytest.approx(-100.0)


def test_changes_of_a_target_add_up_to_what_the_plan_reaches() -> None:
    table = plan(roofs(outside=300.0), 100.0).tables["reach"]
    assert table["reach_change"].sum() == pytest.approx(table.iloc[-1]["reach_left"])
