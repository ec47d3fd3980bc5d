"""A problem says what is wrong, what to do, and in which rows."""

from __future__ import annotations

import pytest

from core.problems import Problem, UserError
from core.texts import speaking


def test_a_problem_says_fault_remedy_and_rows() -> None:
    problem = Problem("{what} is odd.", "Look at it.", rows=("B-01", "B-07"), what="It")
    assert problem.said() == "It is odd. Look at it. (B-01, B-07)"


def test_only_the_first_rows_are_said_and_the_others_counted() -> None:
    problem = Problem("Odd.", "Look.", rows=tuple(range(1, 9)))
    assert problem.said().endswith("(1, 2, 3, 4, 5 and 3 more)")


def test_chinese_sentences_stand_without_spaces_and_rows_in_full_width_brackets() -> None:
    problem = Problem("There is no weather.", "Correct these rows.", rows=("B-01", "B-07"))
    with speaking("zh"):
        assert problem.said() == "没有气象数据。请更正这些行。（B-01、B-07）"


def test_a_user_error_says_all_its_problems() -> None:
    error = UserError(Problem("One.", "Do."), Problem("Two.", "Do."))
    assert str(error) == "One. Do.\nTwo. Do."


def test_a_user_error_without_a_problem_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="at least one"):
        UserError()
