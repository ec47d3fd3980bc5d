"""Words of the command line become values, within the limits of the dictionary and of the settings."""

from __future__ import annotations

import pytest

from core.problems import UserError
from desktop.words import parsed_settings, parsed_value, settings_by_potential
from potential.solar.rooftop import ROOFTOP


@pytest.mark.parametrize(
    ("field", "word", "value"),
    [
        ("height_m", "24", 24.0),
        ("height_m", "1e2", 100.0),
        ("height_m", "none", None),
        ("height_m", "无值", None),
        ("floors_above", "6", 6),
        ("planned_demolition", "是", True),
        ("planned_demolition", "no", False),
        ("structural_check", "passed", "passed"),
        ("name", "市民中心", "市民中心"),
        ("a column of the planner's own", "007", "007"),
    ],
)
def test_a_word_becomes_a_value_of_its_column(field: str, word: str, value: object) -> None:
    found = parsed_value(field, word)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("field", "word", "allowed"),
    [
        ("height_m", "high", "0 … 1000 m"),
        ("height_m", "-1", "0 … 1000 m"),
        ("height_m", "nan", "0 … 1000 m"),
        ("height_m", "inf", "0 … 1000 m"),
        ("floors_above", "2.5", ""),
        ("planned_demolition", "perhaps", "yes, no"),
        ("structural_check", "fine", "passed"),
    ],
)
def test_what_a_column_does_not_allow_is_refused_with_what_it_does(
    field: str, word: str, allowed: str
) -> None:
    with pytest.raises(UserError) as refused:
        parsed_value(field, word)
    assert word in str(refused.value) and allowed in str(refused.value)


def test_settings_are_read_in_their_kinds() -> None:
    words = ["cell_m=2", "azimuths = 36", "module_tilt_deg=none", "electricity_basis=elec_calorific"]
    assert parsed_settings(ROOFTOP, words) == {
        "cell_m": 2.0,
        "azimuths": 36,
        "module_tilt_deg": None,
        "electricity_basis": "elec_calorific",
    }


def test_every_wrong_setting_is_said_at_once() -> None:
    words = ["cell_m=0", "bands=x", "tilt=3", "azimuths", "electricity_basis=coal", "year=none", "cell_m=nan"]
    with pytest.raises(UserError) as refused:
        settings_by_potential([ROOFTOP], words)
    assert len(refused.value.problems) == len(words)
    said = str(refused.value)
    assert "0.1 … 20" in said
    assert "elec_equivalent, elec_calorific" in said
    assert "tilt=3 is not a setting of rooftop" in said
