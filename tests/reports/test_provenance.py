"""The sources of a report name the numbers that concern its buildings, and no others."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from reports.provenance import numbers_behind


@pytest.mark.parametrize(
    ("use", "year", "kept"),
    [
        ("rural_house", 2004, "residential / 1996"),
        ("office", 1980, "public / 0"),
        ("office", 2020, "public / 1996"),
    ],
)
def test_envelopes_are_those_of_the_class_and_age_of_the_buildings(make_town, use, year, kept):
    _, assessments = make_town()
    made = assessments["rooftop"]
    keys = [f"2 / {group} / {first} / wall" for group in ("residential", "public") for first in (0, 1996)]
    numbers = tuple(
        replace(made.numbers[0], table="envelope", key=key, value=0.5 + n) for n, key in enumerate(keys)
    )
    buildings = pd.DataFrame({"use": [use] * 2, "year_built": [year] * 2})
    found = numbers_behind({"rooftop": replace(made, numbers=numbers)}, buildings)
    assert [number.key for number in found] == [f"2 / {kept} / wall"]


def test_of_buildings_without_a_year_no_age_is_left_out(make_town):
    _, assessments = make_town()
    made = assessments["rooftop"]
    numbers = tuple(
        replace(
            made.numbers[0], table="envelope", key=f"2 / residential / {first} / wall", value=float(first)
        )
        for first in (0, 1996)
    )
    buildings = pd.DataFrame({"use": ["residential"], "year_built": [None]})
    assert len(numbers_behind({"rooftop": replace(made, numbers=numbers)}, buildings)) == 2
