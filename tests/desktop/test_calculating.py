"""Calculating a column: what expressions give, what columns refuse, one change that is undone as one."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pandas as pd
import pytest

from core import texts
from core.problems import UserError
from desktop import operations
from desktop.calculating import calculated
from desktop.expressions import values_meant


@pytest.fixture(autouse=True)
def english():
    with texts.speaking("en"):
        yield


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "use": ["hotel", "residential", "hotel"],
            "height_m": [24.0, 17.0, np.nan],
            "floors_above": [8, 0, 3],
            "year_built": [1998, 2009, 2015],
        },
        index=pd.Index(["B1", "B2", "B3"], name="building_id"),
    )


def test_an_expression_gives_a_value_for_every_row_and_none_where_one_is_missing(frame):
    assert values_meant(frame, "height_m // 3").tolist()[:2] == [8.0, 5.0]
    assert np.isnan(values_meant(frame, "height_m // 3").iloc[2])
    assert np.isnan(values_meant(frame, "height_m / floors_above").iloc[1])  # nothing is divided by none
    assert values_meant(frame, "12").tolist() == [12.0] * 3
    with texts.speaking("zh"):
        assert values_meant(frame, "高度 × 2".replace("×", "*")).tolist()[0] == 48.0


@pytest.mark.parametrize(
    "words", ["height_m.sum()", "__import__('os')", "open('x')", "height_m +", "[1, 2]", ""]
)
def test_an_expression_cannot_reach_beyond_the_table(frame, words):
    with pytest.raises(UserError):
        values_meant(frame, words)


def test_rows_without_a_result_are_counted_and_left(frame):
    made = calculated(frame, "building", list(frame.index), "floors_above", "height_m // 3")
    assert made.values.to_dict() == {"B1": 8, "B2": 5}
    assert made.without == 1


def test_a_word_is_taken_as_stored_and_as_shown(frame):
    assert calculated(frame, "building", ["B2"], "use", '"hotel"').values.to_dict() == {"B2": "hotel"}
    with texts.speaking("zh"):
        assert calculated(frame, "building", ["B2"], "use", "“旅馆”").values.to_dict() == {"B2": "hotel"}


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("floors_above", "height_m / 5", "not whole"),
        ("year_built", "height_m", "outside"),
        ("use", '"castle"', "does not suit"),
        ("use", "3", "does not suit"),
        ("height_m", '"high"', "does not suit"),
        ("nonsense", "3", "no column"),
    ],
)
def test_values_that_do_not_suit_their_column_are_refused(frame, name, words, said):
    with pytest.raises(UserError, match=said):
        calculated(frame, "building", ["B1", "B2"], name, words)


def test_limits_and_whole_numbers_are_refused_together(frame):
    with pytest.raises(UserError) as refused:
        calculated(frame, "building", ["B1", "B2"], "floors_above", "height_m * -0.3")
    assert len(refused.value.problems) == 2


def test_pieces_of_a_building_must_agree(frame):
    frame.index = pd.Index(["B1#1", "B1#2", "B3"], name="building_id")
    with pytest.raises(UserError, match="Pieces"):
        calculated(frame, "building", ["B1#1", "B1#2"], "height_m", "height_m + 1")
    assert calculated(frame, "building", ["B1#1", "B1#2"], "height_m", "9").values.to_dict() == {"B1": 9.0}


def test_the_command_corrects_the_rows_that_meet_a_condition_and_one_undo_takes_all_back(given, lutu):
    assert lutu("check", given).code == 0
    words = ("calculate", given, "building", "height_m", "floors_above * 4")
    answer = lutu(*words, "--where", 'building_id in ["B0", "B1"]', "--why", "survey", "--json")
    assert answer.code == 0, answer.said
    assert (answer.json["rows"], answer.json["changed"]) == (2, 2)
    with closing(operations.open_project(given)) as project:
        assert project.cells("building", ["B0", "B1", "B2"], "height_m").tolist() == [20.0, 20.0, 15.0]
        assert project.history()[-1].why == "survey"
        project.undo()
        assert project.cells("building", ["B0"], "height_m").tolist() == [15.0]


def test_values_that_are_so_already_make_no_change(given, lutu):
    assert lutu("check", given).code == 0
    answer = lutu("calculate", given, "building", "height_m", "15", "--json")
    assert answer.json["changed"] == 0
