"""Conditions of rules, as planners write them."""

from __future__ import annotations

import pandas as pd
import pytest

from core.problems import UserError
from plans.green.conditions import holds

FACTS = pd.DataFrame(
    {
        "civil": [True, True, False],
        "welfare": [True, False, False],
        "far": [1.0, 2.5, float("nan")],
        "use_hotel": [False, True, False],
    }
)


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("civil", [True, True, False]),
        ("!civil", [False, False, True]),
        ("civil & welfare", [True, False, False]),
        ("welfare | far > 2", [True, True, False]),
        ("far <= 1", [True, False, False]),
        ("use=hotel,health", [False, True, False]),
        ("use=health", [False, False, False]),
        ("", [False, False, False]),
    ],
)
def test_a_condition_is_read_as_it_is_written(test: str, expected: list[bool]) -> None:
    assert holds("T", test, FACTS).tolist() == expected


def test_a_number_that_is_not_known_fulfils_no_comparison() -> None:
    assert not holds("T", "far > 0 | far <= 0", FACTS)[2]


def test_the_threshold_of_a_row_is_not_part_of_its_condition() -> None:
    assert holds("T", "far > threshold", FACTS, 2.0).tolist() == [False, True, False]


@pytest.mark.parametrize(
    "test", ["height > 3", "far > high", "use=castle", "civil &", "far", "far > threshold", "__import__"]
)
def test_a_condition_that_cannot_be_read_names_its_rule(test: str) -> None:
    with pytest.raises(UserError, match="G99"):
        holds("G99", test, FACTS)
