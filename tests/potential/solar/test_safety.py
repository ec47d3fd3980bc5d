"""No existing roof passes without an entered check, and unfit ones are excluded with a reason."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest

from potential.solar.safety import SafetyRules, safety
from standards import Standards

RULES = SafetyRules.of(Standards())


def state_of(**columns: object) -> tuple[str, str, bool]:
    frame = gpd.GeoDataFrame(pd.DataFrame({name: [value] for name, value in columns.items()}, index=["B1"]))
    row = safety(frame, RULES, 2026).iloc[0]
    return row["safety_state"], row["safety_reason"], bool(row["too_tall"])


def test_a_roof_of_which_nothing_is_known_is_to_be_checked() -> None:
    assert state_of(name="x") == ("to_check", "structural check missing", False)


def test_only_an_entered_check_lets_a_roof_pass() -> None:
    assert state_of(structural_check="passed")[0] == "passed"
    assert state_of(structural_check="failed")[:2] == ("excluded", "structural check failed")
    assert state_of(structural_check=None)[0] == "to_check"


@pytest.mark.parametrize(
    ("flag", "reason"),
    [
        ("heritage", "heritage or historic building"),
        ("dangerous", "dangerous building (grade D)"),
        ("illegal", "illegal construction"),
        ("military", "military site"),
        ("planned_demolition", "to be demolished"),
        ("asbestos_roof", "asbestos roof"),
    ],
)
def test_a_flag_excludes_even_a_checked_roof(flag: str, reason: str) -> None:
    assert state_of(structural_check="passed", **{flag: True})[:2] == ("excluded", reason)
    assert state_of(structural_check="passed", **{flag: False})[0] == "passed"


@pytest.mark.parametrize(("hazard", "state"), [("甲", "excluded"), ("乙", "excluded"), ("丙", "to_check")])
def test_plants_of_hazard_class_a_and_b_are_excluded(hazard: str, state: str) -> None:
    assert state_of(hazard_class=hazard)[0] == state


def test_an_old_metal_roof_is_excluded_until_it_is_renewed() -> None:
    assert state_of(roof_type="metal", year_built=2005)[0] == "excluded"
    assert state_of(roof_type="metal", year_built=2005, roof_year=2020)[0] == "to_check"
    assert state_of(roof_type="flat", year_built=1980)[0] == "to_check"


def test_a_building_above_100_m_is_flagged_not_excluded() -> None:
    assert state_of(height_m=120.0) == ("to_check", "structural check missing", True)
    assert state_of(height_m=100.0)[2] is False
