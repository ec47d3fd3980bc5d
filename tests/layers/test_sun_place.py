"""The place of the sun is that of pvlib, to the last bit, whoever asked for it before."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pvlib import solarposition

from layers.sun_place import sun_place
from layers.weather import year_index

XIAN = (34.3, 108.9)
HOURS = year_index(8.0) + pd.Timedelta(minutes=30)


@pytest.mark.parametrize("altitude", [None, 0.0, 397.0])
def test_the_sun_stands_where_pvlib_says(altitude: float | None) -> None:
    theirs = solarposition.get_solarposition(HOURS, *XIAN, altitude=altitude)
    for name, values in sun_place(HOURS, *XIAN, altitude).items():
        assert np.array_equal(values, theirs[name].to_numpy()), name


def test_places_and_hours_do_not_get_each_others_sun() -> None:
    here = sun_place(HOURS, *XIAN)
    assert not np.array_equal(here["elevation"], sun_place(HOURS, 30.0, XIAN[1])["elevation"])
    assert not np.array_equal(here["elevation"], sun_place(HOURS, XIAN[0], 120.0)["elevation"])
    later = sun_place(HOURS + pd.Timedelta(minutes=15), *XIAN)
    assert not np.array_equal(here["elevation"], later["elevation"])


def test_what_one_does_with_it_is_not_seen_by_the_next() -> None:
    sun_place(HOURS, *XIAN)["elevation"][:] = 0.0
    assert sun_place(HOURS, *XIAN)["elevation"].max() > 70.0
