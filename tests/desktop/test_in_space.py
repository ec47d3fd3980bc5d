"""The city in space takes heights, terrain and the sun from the project."""

from __future__ import annotations

import pytest
from pyproj import CRS

from desktop.in_space import sun_at


@pytest.mark.parametrize(
    ("month", "day", "elevation"),
    [(6, 21, 90 - 34.3 + 23.44), (12, 22, 90 - 34.3 - 23.44), (3, 20, 90 - 34.3)],
)
def test_the_noon_sun_stands_in_the_south_as_high_as_latitude_and_season_say(month, day, elevation):
    """At 108° E true noon is at 12:48 of Beijing time, give or take the equation of time."""
    place = (CRS.from_epsg(4545), (500_000.0, 3_793_000.0))
    hours = [12 + minute / 60 for minute in range(25, 75, 5)]
    suns = [sun_at(*place, 2026, month, day, hour) for hour in hours]
    highest = max(suns, key=lambda sun: sun.elevation_deg)
    assert highest.elevation_deg == pytest.approx(elevation, abs=0.6)
    assert highest.azimuth_deg == pytest.approx(180, abs=4)


def test_at_midnight_the_sun_is_down():
    assert sun_at(CRS.from_epsg(4545), (500_000.0, 3_793_000.0), 2026, 6, 21, 0.0).elevation_deg < 0
