"""Chinese web-map datums: published values, exact inverses, geometries."""

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import Point, box

from core.problems import UserError
from layers import datum

LONGITUDES = st.floats(74, 135)
LATITUDES = st.floats(4, 53)


def test_tiananmen_in_gcj02_lies_where_the_published_example_says():
    lon, lat = datum.wgs84_to_gcj02(116.397470, 39.908823)
    assert (lat, lon) == (pytest.approx(39.910227, abs=1e-6), pytest.approx(116.403714, abs=1e-6))


def test_tiananmen_in_bd09_lies_where_the_published_example_says():
    lon, lat = datum.wgs84_to_bd09(116.397470, 39.908823)
    assert (lat, lon) == (pytest.approx(39.916566, abs=1e-6), pytest.approx(116.410086, abs=1e-6))


def test_peoples_square_in_gcj02_lies_where_the_published_example_says():
    lon, lat = datum.wgs84_to_gcj02(121.473701, 31.230416)
    assert (lat, lon) == (pytest.approx(31.228474, abs=1e-6), pytest.approx(121.478224, abs=1e-6))


def test_gcj02_is_556_metres_off_at_tiananmen():
    lon, lat = datum.wgs84_to_gcj02(116.397470, 39.908823)
    metres = Geod(ellps="WGS84").inv(116.397470, 39.908823, float(lon), float(lat))[2]
    assert metres == pytest.approx(556, abs=1)


def test_new_york_is_not_shifted():
    assert datum.wgs84_to_gcj02(-74.0, 40.7) == (-74.0, 40.7)


@given(LONGITUDES, LATITUDES)
def test_gcj02_comes_back_to_the_billionth_of_a_degree(lon, lat):
    back = datum.gcj02_to_wgs84(*datum.wgs84_to_gcj02(lon, lat))
    assert np.allclose(back, (lon, lat), rtol=0, atol=1e-9)


@given(LONGITUDES, LATITUDES)
def test_bd09_comes_back_to_the_billionth_of_a_degree(lon, lat):
    back = datum.bd09_to_wgs84(*datum.wgs84_to_bd09(lon, lat))
    assert np.allclose(back, (lon, lat), rtol=0, atol=1e-9)


def test_a_layer_in_gcj02_becomes_wgs84_with_its_rows_and_columns():
    frame = gpd.GeoDataFrame(
        {"name": ["a", "b"]},
        geometry=[Point(116.403714, 39.910227), box(121.47, 31.22, 121.48, 31.23)],
        index=["p", "q"],
    )
    moved = datum.convert(frame, "GCJ-02", "WGS 84")
    assert list(moved.index) == ["p", "q"] and moved.crs.to_epsg() == 4326
    assert moved.geometry["p"].x == pytest.approx(116.397470, abs=1e-6)


def test_metres_cannot_be_in_a_web_map_datum():
    frame = gpd.GeoDataFrame(geometry=[Point(500_000, 4_000_000)])
    with pytest.raises(UserError, match="GCJ-02 is a system of degrees"):
        datum.convert(frame, "GCJ-02", "WGS 84")


@pytest.mark.parametrize(("word", "name"), [("gcj02", "GCJ-02"), ("BD-09", "BD-09"), ("火星坐标", "GCJ-02")])
def test_a_datum_is_known_by_the_words_people_use(word, name):
    assert datum.datum_name(word) == name
