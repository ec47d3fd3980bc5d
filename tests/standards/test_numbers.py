"""A number is written as somebody gave it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from standards import Number

YEAR = Number("energy_plan_rules", "period / base", 2025.0, 2020.0, 2026.0, "year", "assumption", "", True)


def test_a_year_of_the_calendar_takes_no_separator_between_thousands():
    assert [YEAR.said(value) for value in (YEAR.low, YEAR.value, YEAR.high)] == ["2020", "2025", "2026"]


@pytest.mark.parametrize(
    ("unit", "value", "said"), [("a", 25.0, "25"), ("kWh", 2025.0, "2\u2009025"), ("a", 2.5, "2.5")]
)
def test_every_other_number_does(unit, value, said):
    assert replace(YEAR, unit=unit).said(value) == said
