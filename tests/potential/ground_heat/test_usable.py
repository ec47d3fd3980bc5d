"""Usable ground: what is left of a parcel for boreholes, and what took the rest."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon, box

from core.jobs import Job
from layers.city import City
from potential.ground_heat.obstacles import tiled
from potential.ground_heat.usable import usable_ground
from standards import SHIPPED
from standards.taken import Taken
from tests.potential.ground_heat.grounds import ZONE, X, Y, ground_of, layer

PLOT = box(0, 0, 60, 60), {"use": "residential", "status": "existing"}
SET_BACK = "set-back from the boundary"


def area(found):
    return found.parcels["usable_ground_m2"].iloc[0]


def lost(found, reason):
    return found.taken_m2[reason].iloc[0]


def test_half_the_spacing_is_kept_from_the_boundary():
    found = ground_of(PLOT)
    assert area(found) == pytest.approx(55 * 55)
    assert lost(found, SET_BACK) == pytest.approx(60 * 60 - 55 * 55)
    assert found.parcels["drilling_reasons"].iloc[0] == SET_BACK


def test_a_building_takes_its_footprint_and_three_metres_about_it():
    found = ground_of(PLOT, building=layer("building", (box(20, 20, 40, 40), {"floors_below": 0})))
    assert lost(found, "building and its set-back") == pytest.approx(26 * 26)
    assert area(found) == pytest.approx(55 * 55 - 26 * 26)


def test_half_a_wide_spacing_is_kept_from_buildings_too():
    found = ground_of(PLOT, spacing=8.0, building=layer("building", (box(20, 20, 40, 40), {})))
    assert area(found) == pytest.approx(52 * 52 - 28 * 28)


def test_a_basement_reaches_five_metres_beyond_the_walls():
    found = ground_of(PLOT, building=layer("building", (box(20, 20, 40, 40), {"floors_below": 2})))
    assert lost(found, "basement and its surroundings") == pytest.approx(30 * 30 - 26 * 26)
    assert area(found) == pytest.approx(55 * 55 - 30 * 30)


def test_under_a_building_nothing_is_left_and_the_building_is_the_reason():
    found = ground_of(PLOT, building=layer("building", (box(-1, -1, 61, 61), {})))
    assert area(found) == 0
    assert found.shapes[0].is_empty
    assert found.parcels["drilling_reasons"].iloc[0] == "building and its set-back"


@pytest.mark.parametrize(
    ("kind", "given", "reach"),
    [("tunnel", None, 50), ("station", None, 30), ("under_river", None, 100), ("tunnel", 20.0, 20)],
)
def test_the_metro_keeps_its_own_distance_or_that_of_the_rule_from_its_outer_wall(kind, given, reach):
    line = LineString([(-1000, 0), (1000, 0)]), {"kind": kind, "protection_m": given, "width_m": 14.0}
    found = ground_of((box(0, 0, 400, 400), {}), metro=layer("metro", line))
    assert lost(found, "metro protection") == pytest.approx(400 * (reach + 7))


def test_a_parcel_inside_the_protection_of_the_metro_has_no_ground_and_says_so():
    line = LineString([(-100, 30), (200, 30)]), {"kind": "tunnel"}
    found = ground_of(PLOT, metro=layer("metro", line))
    assert area(found) == 0
    assert found.parcels["drilling_reasons"].iloc[0] == "metro protection"


def test_a_courtyard_of_a_building_stays_usable():
    ring = box(0, 0, 60, 60) - box(15, 15, 45, 45)
    found = ground_of(PLOT, building=layer("building", (ring, {})))
    assert area(found) == pytest.approx(24 * 24)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"kind": "heritage_core"}, "heritage protection"),
        ({"kind": "archaeology"}, "buried relics"),
        ({"kind": "ecology"}, "ecological red line"),
        ({"kind": "ground_fissure"}, "ground fissure"),
        ({"kind": "drinking_water", "zone_level": "一级"}, "drinking water protection"),
        ({"kind": "drinking_water", "zone_level": "二级保护区"}, "drinking water protection"),
        ({"kind": "drinking_water", "zone_level": None}, "drinking water protection"),
    ],
)
def test_zones_where_drilling_is_forbidden_take_their_ground(row, reason):
    found = ground_of(PLOT, protection_zone=layer("protection_zone", (box(0, 0, 30, 60), row)))
    assert lost(found, reason) == pytest.approx(30 * 60)
    assert area(found) == pytest.approx(27.5 * 55)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"kind": "heritage_control"}, "consent of the heritage authority"),
        ({"kind": "drinking_water", "zone_level": "准保护区"}, "drinking water protection outer zone"),
        ({"kind": "subsidence"}, "land subsidence"),
        ({"kind": "something new"}, "zone of unknown kind"),
    ],
)
def test_zones_that_ask_for_consent_take_no_ground_but_are_named(row, reason):
    found = ground_of(PLOT, protection_zone=layer("protection_zone", (box(0, 0, 30, 60), row)))
    assert area(found) == pytest.approx(55 * 55)
    assert found.conditions_m2[reason].iloc[0] == pytest.approx(27.5 * 55)
    assert found.parcels["drilling_conditions"].iloc[0] == reason


def test_limits_on_groundwater_do_not_concern_a_closed_loop():
    zones = [(box(0, 0, 60, 60), {"kind": kind}) for kind in ("groundwater_ban", "overexploited", "no_burn")]
    found = ground_of(PLOT, protection_zone=layer("protection_zone", *zones))
    assert area(found) == pytest.approx(55 * 55)
    assert found.parcels["drilling_conditions"].iloc[0] == ""


def test_underground_space_water_roads_and_trees_take_their_ground():
    found = ground_of(
        PLOT,
        underground_space=layer("underground_space", (box(10, 10, 20, 20), {"kind": "car_park"})),
        water=layer("water", (box(40, 40, 45, 45), {"kind": "canal"})),
        road=layer("road", (LineString([(0, 30), (60, 30)]), {"kind": "lane", "width_m": 4.0})),
        tree=layer("tree", (box(50, 5, 54, 9), {"kind": "grove"}), (Point(10, 50), {"kind": "tree"})),
    )
    assert lost(found, "underground space") == pytest.approx(16 * 16)
    assert lost(found, "water body") == pytest.approx(15 * 15)
    assert lost(found, "road land") == pytest.approx(60 * 4)
    assert lost(found, "tree crowns") == pytest.approx(16 + np.pi * 9, rel=0.02)


def test_a_railway_keeps_eight_metres():
    found = ground_of(
        PLOT, road=layer("road", (LineString([(-9, 0), (69, 0)]), {"kind": "railway", "width_m": 10.0}))
    )
    assert lost(found, "railway protection") == pytest.approx(60 * 13)


def test_what_two_reasons_take_counts_for_the_first_and_all_adds_up_to_the_parcel():
    found = ground_of(
        PLOT,
        building=layer("building", (box(10, 10, 30, 30), {"floors_below": 1}), (box(35, 5, 50, 20), {})),
        tree=layer("tree", (box(25, 25, 45, 45), {})),
        protection_zone=layer("protection_zone", (box(0, 0, 20, 60), {"kind": "archaeology"})),
    )
    assert lost(found, "buried relics") == pytest.approx(20 * 60)
    assert found.taken_m2.sum(axis=1).iloc[0] + area(found) == pytest.approx(60 * 60)
    assert found.losses()["drilling_m2"].sum() == pytest.approx(60 * 60 - area(found))


def test_of_a_planned_parcel_four_fifths_count_whatever_stands_there_now():
    planned = box(0, 0, 60, 60), {"status": "planned", "use": "residential"}
    found = ground_of(planned, building=layer("building", (box(10, 10, 50, 50), {})))
    assert area(found) == pytest.approx(0.8 * 55 * 55)
    assert lost(found, "layout not known") == pytest.approx(0.2 * 55 * 55)
    assert found.parcels["slab_depth_m"].iloc[0] == 5.0


def test_without_boreholes_under_slabs_half_of_a_planned_parcel_counts():
    found = ground_of((box(0, 0, 60, 60), {"status": "granted"}), under_slabs=False)
    assert area(found) == pytest.approx(0.5 * 55 * 55)
    assert found.parcels["slab_depth_m"].iloc[0] == 0.0


def test_planned_underground_space_is_kept_free_on_planned_parcels_too():
    space = layer("underground_space", (box(-10, -10, 70, 70), {"kind": "planned_space"}))
    found = ground_of((box(0, 0, 60, 60), {"status": "planned"}), underground_space=space)
    assert area(found) == 0
    assert found.parcels["drilling_reasons"].iloc[0] == "underground space"


@pytest.mark.parametrize("row", [{"use": "special"}, {"military": True, "use": "green"}])
def test_military_and_special_land_is_closed(row):
    found = ground_of((box(0, 0, 60, 60), row))
    assert area(found) == 0
    assert lost(found, "land closed to drilling") == pytest.approx(3600)


def test_layers_that_are_not_given_are_named():
    found = ground_of(PLOT, building=layer("building", (box(10, 10, 20, 20), {})))
    assert found.missing == ("protection_zone", "metro", "underground_space", "water", "road", "tree")


def test_parcels_without_a_shape_or_smaller_than_their_set_back_have_no_ground():
    found = ground_of((None, {}), (box(0, 0, 4, 60), {}), (Polygon([(0, 0), (60, 60), (60, 0), (0, 60)]), {}))
    assert list(found.parcels["usable_ground_m2"] > 0) == [False, False, True]


def test_a_city_without_parcels_has_no_ground():
    assert ground_of().parcels.empty


def test_shapes_of_many_vertices_are_cut_into_tiles_that_together_are_the_shape():
    blob = Point(X, Y).buffer(800, quad_segs=500)
    tiles = tiled(blob)
    assert max(shapely.get_num_coordinates(tiles)) <= 200
    assert shapely.union_all(tiles).area == pytest.approx(blob.area, rel=1e-9)


boxes = st.tuples(st.floats(0, 50), st.floats(0, 50), st.floats(1, 30), st.floats(1, 30))


@settings(max_examples=30, deadline=None)
@given(built=st.lists(boxes, max_size=4), crowns=st.lists(boxes, max_size=4))
def test_another_obstacle_never_adds_ground(built, crowns):
    def rows(sizes):
        return [(box(x, y, x + w, y + h), {"kind": "tree"}) for x, y, w, h in sizes]

    before = ground_of(PLOT, building=layer("building", *rows(built)))
    after = ground_of(PLOT, building=layer("building", *rows(built)), tree=layer("tree", *rows(crowns)))
    assert area(after) <= area(before) + 1e-6
    assert after.shapes[0].difference(before.shapes[0]).area < 1e-6
    assert after.taken_m2.sum(axis=1).iloc[0] + area(after) == pytest.approx(3600)


def test_every_number_is_remembered_once():
    roads = [
        (box(0, y, 60, y + 1), {"kind": kind}) for y, kind in ((5, "lane"), (15, "street"), (25, "railway"))
    ]
    taken = Taken(SHIPPED)
    city = City("x", ZONE, {"parcel": layer("parcel", PLOT), "road": layer("road", *roads)})
    usable_ground(city, 5.0, taken, Job())
    assert sorted(number.key for number in taken.used) == ["boundary", "road", "road / railway"]
