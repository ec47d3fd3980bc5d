"""The dictionary knows every column: its unit, limits, titles and words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.fields import DICTIONARY, TYPES, field, fields, out_of_limits, setting
from core.texts import speaking


def test_a_title_follows_the_language_and_a_label_adds_the_unit() -> None:
    assert field("pv_kwp").label == "PV capacity (kWp)"
    with speaking("zh"):
        assert field("pv_kwp").label == "光伏装机容量 (kWp)"


def test_every_field_is_of_a_known_type_with_limits_the_right_way_round() -> None:
    for known in fields().values():
        assert known.type in TYPES, known.name
        if known.low is not None and known.high is not None:
            assert known.low < known.high, known.name


@pytest.mark.parametrize("suffix", ["_m2", "_m", "_kwp", "_kwh_per_year", "_deg"])
def test_a_name_that_ends_in_a_unit_has_that_unit(suffix: str) -> None:
    units = {"_m2": "m²", "_m": "m", "_kwp": "kWp", "_kwh_per_year": "kWh/a", "_deg": "°"}
    for known in fields().values():
        if known.name.endswith(suffix) and "_per_" not in known.name.removesuffix("_kwh_per_year"):
            assert known.unit == units[suffix], known.name


def test_no_field_stands_twice() -> None:
    names = [line.split(",", 1)[0] for line in DICTIONARY.read_text(encoding="utf-8").splitlines()[1:]]
    assert len(names) == len(set(names))


def test_values_beyond_the_limits_are_listed_by_row() -> None:
    frame = pd.DataFrame({"height_m": [12.0, -3.0, 1200.0, np.nan]}, index=["a", "b", "c", "d"])
    (problem,) = out_of_limits(frame, "building")
    assert problem.rows == ("b", "c")
    assert "0 to 1000 m" in problem.said()


def test_words_flags_and_phrases_are_shown_in_the_language() -> None:
    assert field("grade").shown("fairly_suitable") == "Fairly suitable"
    assert field("heritage").shown(True) == "yes"
    assert field("reason").shown(None) == "—"
    with speaking("zh"):
        assert field("grade").shown("fairly_suitable") == "较适宜"
        assert field("reason").shown("small roof; structural check missing") == "屋面小；未作结构复核"
        assert field("land_use_code").shown("0701") == "0701"


def test_fields_that_a_phrase_names_are_said_by_their_titles() -> None:
    with speaking("zh"):
        assert field("missing_data").shown("terrain; facility") == "地面高程；设施"


def test_a_setting_that_has_the_name_of_a_column_keeps_its_own_meaning() -> None:
    assert field("year").title == "Year"
    assert setting("year").meaning.startswith("Year for which the age of roofs")
    assert setting("height_m") == field("height_m")


def test_kinds_read_in_the_language_of_the_moment_and_those_of_a_planner_as_they_are() -> None:
    with speaking("zh"):
        said = [field("kind").shown(one) for one in ("no_burn", "bus_depot", "古树")]
    assert said == ["高污染燃料禁燃区", "公交场站", "古树"]
    with speaking("en"):
        assert [field("kind").shown(one) for one in ("no_burn", "古树")] == ["No burn", "古树"]
