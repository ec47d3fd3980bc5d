"""Layers stand in groups, and a group moves as one."""

from __future__ import annotations

from types import SimpleNamespace

from desktop.layer_groups import TITLES, gathered, group_of, moved

CITY = SimpleNamespace(
    tables=dict.fromkeys(("water", "parcel", "building", "geology", "borehole")),
    rasters=dict.fromkeys(("terrain", "conductivity")),
)
NAMES = [
    "raster:terrain",
    "water",
    "parcel",
    "building",
    "raster:irradiation_kwh_per_m2",
    "wall",
    "geology",
    "borehole",
]


def test_each_layer_has_its_group():
    groups = [group_of(name, CITY) for name in (*NAMES, "raster:conductivity")]
    assert groups == ["base", "base", "base", "city", "sun", "sun", "limits", "limits", "ground"]


def test_a_layer_dragged_among_others_comes_back_to_its_group():
    assert gathered(NAMES, CITY) == NAMES
    dragged = ["raster:terrain", "parcel", "water", *NAMES[3:]]
    assert gathered(dragged, CITY) == ["raster:terrain", "parcel", "water", *NAMES[3:]]
    away = ["raster:terrain", "building", "water", "parcel", *NAMES[4:]]
    assert gathered(away, CITY) == ["building", "raster:terrain", "water", "parcel", *NAMES[4:]]


def test_a_group_moves_as_one_and_not_beyond_the_ends():
    raised = moved(NAMES, "city", 1, CITY)
    assert raised == [*NAMES[:3], *NAMES[4:6], "building", *NAMES[6:]]
    assert moved(raised, "city", -1, CITY) == NAMES
    assert moved(NAMES, "limits", 1, CITY) == NAMES


def test_maps_of_the_ground_stay_over_the_parcels_and_under_the_buildings():
    drawn = ["water", "parcel", "raster:conductivity", "building", "wall"]
    assert gathered(drawn, CITY) == drawn


def test_results_stand_under_the_source_of_their_energy():
    found = {
        name: group_of(name, CITY) for name in ("canopy", "deep_well", "borefield", "heat_link", "other")
    }
    assert found == {
        "canopy": "sun",
        "deep_well": "ground_heat",
        "borefield": "ground_heat",
        "heat_link": "water_and_waste",
        "other": "results",
    }
    assert set(found.values()) <= set(TITLES)
