"""What buildings need is said carrier by carrier, so that heat is never read as all energy."""

from __future__ import annotations

import pandas as pd

from core.texts import speaking
from reports.needs import needs

CITY = pd.Series(
    {
        "heat_city_peak_kw": 671_000.0,
        "cold_city_peak_kw": 484_000.0,
        "heat_kwh_per_year": 582e6,
        "cold_kwh_per_year": 554e6,
        "hot_water_kwh_per_year": 190e6,
        "electricity_kwh_per_year": 798e6,
    }
)


def test_every_need_of_a_city_has_its_own_name_beside_its_peak_and_its_year() -> None:
    with speaking("zh"):
        said = [need.said(CITY) for need in needs(CITY.index)]
    assert [words.split()[0] for words in said] == ["供暖", "供冷", "热水", "照明设备用电"]
    assert "671" in said[0] and "5.82" in said[0]


def test_a_need_whose_peak_nobody_knows_has_its_year_alone() -> None:
    water = needs(CITY.index)[2]
    assert water.columns == ("hot_water_kwh_per_year",)
    assert water.peak_said(CITY) == ""


def test_a_source_that_gives_heat_and_hot_water_is_no_need() -> None:
    assert needs(["air_heat_kwh_per_year", "hot_water_kwh_per_year", "heat_kwh_per_year"]) == ()
