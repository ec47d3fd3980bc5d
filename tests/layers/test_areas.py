"""Districts and planning units of parcels, by position where the data do not say them."""

from __future__ import annotations

import geopandas as gpd
from shapely import box

from layers.areas import in_areas, off_parcels_in_areas

CRS = "EPSG:4545"
DISTRICTS = gpd.GeoDataFrame(
    {"name": ["浦东新区", "黄浦区"], "district_code": ["310115", "310101"]},
    index=["1", "2"],
    geometry=[box(0, 0, 100, 100), box(100, 0, 200, 100)],
    crs=CRS,
)
UNITS = gpd.GeoDataFrame(index=["U1"], geometry=[box(0, 0, 50, 100)], crs=CRS)


def parcels(**columns):
    shapes = [box(10, 10, 20, 20), box(90, 10, 140, 20), box(300, 10, 310, 20)]
    return gpd.GeoDataFrame(columns, index=["A", "B", "C"], geometry=shapes, crs=CRS)


def test_a_parcel_belongs_to_the_district_in_which_it_lies():
    found, problems = in_areas(parcels(), {"district": DISTRICTS})
    assert found["district_name"].to_dict() == {
        "A": "浦东新区",
        "B": "黄浦区",
        "C": found["district_name"]["C"],
    }
    assert found["district_code"].dropna().to_dict() == {"A": "310115", "B": "310101"}
    assert [(one.values["count"], one.rows) for one in problems] == [(2, ("A", "B"))]


def test_a_parcel_outside_of_all_districts_belongs_to_none():
    found, _ = in_areas(parcels(), {"district": DISTRICTS})
    assert found["district_name"].isna()["C"]


def test_what_is_given_goes_before_the_position():
    found, problems = in_areas(parcels(district_name=["黄浦区", None, "外区"]), {"district": DISTRICTS})
    assert found["district_name"].to_dict() == {"A": "黄浦区", "B": "黄浦区", "C": "外区"}
    assert problems[0].rows == ("B",)


def test_parcels_take_the_id_of_their_planning_unit():
    found, _ = in_areas(parcels(), {"planning_unit": UNITS})
    assert found["planning_unit"].dropna().to_dict() == {"A": "U1"}
    assert "district_name" not in found


def test_without_areas_nothing_is_added():
    found, problems = in_areas(parcels(), {})
    assert list(found.columns) == ["geometry"]
    assert not problems


def test_a_building_on_no_parcel_takes_the_district_in_which_it_lies_and_others_that_of_their_parcel():
    found, problems = off_parcels_in_areas(parcels(parcel_id=[None, "B", None]), {"district": DISTRICTS})
    assert found["district_name"].dropna().to_dict() == {"A": "浦东新区"}
    assert [(one.table, one.rows) for one in problems] == [("building", ("A",))]
