"""Everything with a name is found by it, parcels and buildings first, and places in every form they are written in."""

from __future__ import annotations

import geopandas as gpd
import pytest
from pyproj import CRS
from shapely.geometry import LineString, box

from desktop.searching import search
from layers.city import City

ZONE = CRS.from_epsg(4545)


def table(prefix: str, names: list[str], shape: object) -> gpd.GeoDataFrame:
    ids = [f"{prefix}{number}" for number in range(len(names))]
    return gpd.GeoDataFrame({"name": names}, geometry=[shape] * len(names), index=ids, crs=ZONE)


@pytest.fixture
def city() -> City:
    square = box(500_000, 3_800_000, 500_100, 3_800_100)
    street = LineString([(500_000, 3_800_000), (500_100, 3_800_000)])
    tables = {
        "road": table("R", ["青禾路"], street),
        "parcel": table("P", ["青禾小区"], square),
        "tree": table("T", ["青禾公园"], square),
        "noise": table("N", ["青禾机场"], square),
        "facility": table("F", ["青禾热力站"], square),
    }
    return City("青禾市", ZONE, tables)


def test_roads_parks_facilities_and_other_layers_are_found_by_name(city):
    assert [one.row_id for one in search(city, "青禾")] == ["P0", "F0", "R0", "T0", "N0"]
    assert [one.table for one in search(city, "公园")] == ["tree"]


@pytest.mark.parametrize(
    "words",
    ["500050, 3800020", "E 500\u2009050.0  N 3\u2009800\u2009020.0", "N3800020 E500050", "500050，3800020"],
)
def test_a_place_is_found_as_it_is_shown_or_typed(city, words):
    assert search(city, words)[0].place == pytest.approx((500_050.0, 3_800_020.0))


@pytest.mark.parametrize("words", ["P0", "地块 1 2", "118.9, 34.2"])
def test_what_is_no_place_of_the_city_is_not_offered_as_one(city, words):
    assert all(one.place is None for one in search(city, words))
