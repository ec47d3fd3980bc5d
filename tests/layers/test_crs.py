"""Reference systems: zones of China, doubtful coordinates, conversion."""

import geopandas as gpd
import pytest
from pyproj import Transformer
from shapely.geometry import Point

from core.problems import Severity, UserError
from layers import crs

JINAN = (117.12, 36.651216)
JINAN_CM = (510729.99, 4057811.59)
JINAN_ZONE = (39510729.99, 4057811.59)


def layer(*points, epsg=None):
    return gpd.GeoDataFrame(geometry=[Point(p) for p in points], crs=epsg)


def said(frame):
    return [problem.said() for problem in crs.check_crs(frame)]


def test_jinan_lies_in_the_zone_of_117_degrees_east():
    assert crs.suggest_crs(JINAN[0]).to_epsg() == 4548
    assert crs.suggest_crs(JINAN[0], prefix=True).to_epsg() == 4527


def test_jinan_has_the_published_easting_and_northing():
    place = Transformer.from_crs(4490, crs.suggest_crs(JINAN[0]), always_xy=True).transform(*JINAN)
    assert place == pytest.approx(JINAN_CM, abs=0.01)


@pytest.mark.parametrize(("longitude", "epsg"), [(73.5, 4534), (134.9, 4554), (121.47, 4549), (120.6, 4549)])
def test_every_longitude_of_china_has_its_zone(longitude, epsg):
    assert crs.suggest_crs(longitude).to_epsg() == epsg


def test_a_city_outside_china_gets_its_utm_zone():
    assert crs.suggest_crs(-74.0, latitude=40.7).to_epsg() == 32618


def test_a_missing_system_is_asked_for():
    assert "does not say which reference system" in said(layer(JINAN_CM))[0]


def test_a_believable_layer_has_no_problem():
    assert said(layer(JINAN_CM, epsg=4548)) == [] == said(layer(JINAN, epsg=4490))


def test_degrees_in_a_system_of_metres_are_seen():
    assert "look like degrees" in said(layer(JINAN, epsg=4548))[0]


def test_metres_in_a_system_of_degrees_are_seen():
    assert "look like metres" in said(layer(JINAN_CM, epsg=4490))[0]


def test_north_and_east_exchanged_are_seen_and_put_right():
    frame = layer(JINAN_CM[::-1], epsg=4548)
    assert "North and east look exchanged" in said(frame)[0]
    assert said(crs.swap_axes(frame)) == []


def test_latitude_before_longitude_is_seen():
    assert "Longitude and latitude look exchanged" in said(layer(JINAN[::-1], epsg=4490))[0]


def test_eastings_with_a_zone_number_do_not_fit_a_system_without():
    assert "begin with 39" in said(layer(JINAN_ZONE, epsg=4548))[0]


def test_eastings_without_a_zone_number_do_not_fit_a_system_with_one():
    assert "carry no zone number" in said(layer(JINAN_CM, epsg=4527))[0]


def test_eastings_of_another_zone_do_not_fit():
    assert "zone number 39, but" in said(layer(JINAN_ZONE, epsg=4528))[0]


def test_web_mercator_is_said_to_inflate_areas_by_1_33_at_30_degrees():
    place = Transformer.from_crs(4326, 3857, always_xy=True).transform(120, 30)
    problem = crs.check_crs(layer(place, epsg=3857))[0]
    assert problem.severity is Severity.WARNING and "by 1.33" in problem.said()


@pytest.mark.parametrize("epsg", [2437, 2385, 4214, 4610])
def test_the_old_datums_are_said_to_err_by_up_to_100_m(epsg):
    point = JINAN if epsg in (4214, 4610) else JINAN_CM
    problem = crs.check_crs(layer(point, epsg=epsg))[0]
    assert problem.severity is Severity.WARNING and "50 to 100 m" in problem.said()


@pytest.mark.parametrize("epsg", [4490, 3857, 2263, None])
def test_nothing_is_measured_in_degrees_feet_or_web_mercator(epsg):
    with pytest.raises(UserError):
        crs.require_metres(epsg and crs.CRS.from_epsg(epsg))


def test_metres_are_metres():
    assert crs.require_metres(crs.CRS.from_epsg(4548)).to_epsg() == 4548


def test_six_digit_eastings_fit_the_zone_of_the_city():
    bounds = (*JINAN_CM, JINAN_CM[0] + 2000, JINAN_CM[1] + 2000)
    found = crs.candidates(bounds, centre=(117.0, 36.65))
    assert found[0].crs.to_epsg() == 4548 and found[0].distance_m < 20_000
    assert {2436, 2384} <= {candidate.crs.to_epsg() for candidate in found}


def test_six_digit_eastings_fit_every_zone_while_the_city_is_unknown():
    found = crs.candidates((*JINAN_CM, *JINAN_CM))
    assert {4534, 4554} <= {candidate.crs.to_epsg() for candidate in found}


def test_eight_digit_eastings_tell_their_zone():
    found = crs.candidates((*JINAN_ZONE, *JINAN_ZONE))
    assert [candidate.crs.to_epsg() for candidate in found] == [4527, 2363, 2415]


def test_coordinates_the_wrong_way_round_are_offered_the_right_way():
    found = crs.candidates((*JINAN_ZONE[::-1], *JINAN_ZONE[::-1]))
    assert found[0].swapped and found[0].crs.to_epsg() == 4527


def test_conversion_keeps_rows_and_gives_metres():
    frame = layer(JINAN, JINAN, epsg=4490).assign(name=["a", "b"])
    moved = crs.to_project_crs(frame, crs.CRS.from_epsg(4548))
    assert list(moved["name"]) == ["a", "b"]
    assert moved.geometry.iloc[0].x == pytest.approx(JINAN_CM[0], abs=0.01)


def test_a_layer_without_system_is_not_converted():
    with pytest.raises(UserError, match="does not say"):
        crs.to_project_crs(layer(JINAN_CM), crs.CRS.from_epsg(4548))


def test_suzhou_in_its_own_zone_is_some_two_kilometres_wide(shared):
    frame = gpd.read_file(shared / "data/cn_suzhou_buildings/suzhou_buildings.gpkg")
    moved = crs.to_project_crs(frame, crs.suggest_crs(float(frame.total_bounds[0])))
    west, _, east, _ = moved.total_bounds
    assert 1800 < east - west < 2200 and crs.check_crs(moved) == []
