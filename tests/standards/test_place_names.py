"""Places have the name of the language in which they are read."""

from __future__ import annotations

import pytest

from core.problems import Problem
from core.texts import speaking
from layers.problem_records import problem_from, problem_record
from standards import SHIPPED
from standards.place_names import PlaceName, place_said, places_said


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("西安", "Xi'an"),
        ("西安市", "Xi'an"),
        ("西安泾河", "Xi'an-Jinghe"),
        ("汕头", "Shantou"),
        ("青禾", "青禾"),
    ],
)
def test_a_city_or_station_has_its_english_name(chinese: str, english: str) -> None:
    with speaking("en"):
        assert place_said(chinese) == english
    with speaking("zh"):
        assert place_said(chinese) == chinese


def test_places_within_words_are_said_too() -> None:
    with speaking("en"):
        assert places_said("西安泾河 1988-2017: x; 西安: y") == "Xi'an-Jinghe 1988-2017: x; Xi'an: y"


def test_a_problem_found_in_chinese_names_its_station_in_english() -> None:
    found = Problem(
        "The weather is of {station}, {distance} km from the buildings and parcels.",
        "",
        station=PlaceName("西安"),
        distance="86",
    )
    with speaking("zh"):
        kept = problem_from(problem_record(found))
        assert "西安" in kept.said()
    with speaking("en"):
        assert "Xi'an, 86 km from the buildings and parcels" in kept.said()


def test_the_key_of_a_number_names_its_city() -> None:
    number = SHIPPED.number("cities", column="t_heating_c", city_zh="西安")
    with speaking("en"):
        assert number.key_said == "Xi'an"
