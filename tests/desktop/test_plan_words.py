"""A plan that gives more than a target asks for says what made it do so."""

from __future__ import annotations

import pandas as pd

from core.texts import speaking
from desktop.plan_words import beyond_said

ASKED = {"at_least": True, "required": 60_000.0, "reached": 166_000.0}


def test_more_than_a_target_is_explained_by_what_the_plan_makes_best() -> None:
    with speaking("zh"):
        assert "年费用最低" in beyond_said(pd.Series(ASKED), "least_cost")


def test_a_target_that_is_just_met_and_a_limit_need_no_word() -> None:
    assert beyond_said(pd.Series({**ASKED, "reached": 60_500.0}), "least_cost") == ""
    assert beyond_said(pd.Series({**ASKED, "at_least": False}), "least_cost") == ""
