"""Open planes: the sun on planes without shade, held against the level and against the other side of the sky."""

from __future__ import annotations

from dataclasses import replace

import pytest

from layers.weather_stations import weather_for
from plans import Part
from reports.documents.open_planes import open_planes
from tests.plans.small_city import city as small_city


@pytest.fixture(scope="module")
def found() -> Part:
    town = small_city([{}], [{"use": "residential"}])
    return open_planes(replace(town, weather=weather_for("西安")))


def test_the_level_is_the_global_irradiation_of_the_weather(found: Part) -> None:
    level = found.tables["sun_plane"].iloc[0]
    assert level["plane_kwh_per_m2"] == weather_for("西安").ghi_kwh_per_m2_year
    assert level["plane_over_level"] == 1.0


def test_no_plane_to_the_south_gets_more_than_the_best(found: Part) -> None:
    planes = found.tables["sun_plane"]
    best = found.figures["climate.best_plane"].value
    assert planes["plane_kwh_per_m2"].max() == best
    assert 15 < found.figures["climate.best_tilt"].value < 40  # some degrees less than the latitude of 34
    row = planes[planes["plane_tilt_deg"] == found.figures["climate.best_tilt"].value].iloc[0]
    assert row["plane_kwh_per_m2"] == best


def test_walls_get_most_to_the_south_and_least_to_the_north(found: Part) -> None:
    walls = found.tables["sun_plane"].query("plane_tilt_deg == 90").set_index("plane_azimuth_deg")
    sun = walls["plane_kwh_per_m2"]
    assert sun.idxmax() == 180.0
    assert sun.idxmin() == 0.0
    assert sun[90.0] == pytest.approx(sun[270.0], rel=0.1)


def test_without_weather_nothing_is_said() -> None:
    assert not open_planes(small_city([{}], [{"use": "residential"}])).tables
