"""Layers stand in groups, and a group moves as one."""

from __future__ import annotations

from types import SimpleNamespace

from desktop.layer_groups import gathered, group_of, moved

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
    assert groups == ["base", "base", "city", "city", "results", "results", "limits", "limits", "city"]


def test_a_layer_dragged_among_others_comes_back_to_its_group():
    assert gathered(NAMES, CITY) == NAMES
    dragged = ["raster:terrain", "parcel", "water", *NAMES[3:]]
    assert gathered(dragged, CITY) == ["raster:terrain", "water", "parcel", *NAMES[3:]]


def test_a_group_moves_as_one_and_not_beyond_the_ends():
    raised = moved(NAMES, "city", 1, CITY)
    assert raised == [*NAMES[:2], *NAMES[4:6], *NAMES[2:4], *NAMES[6:]]
    assert moved(raised, "city", -1, CITY) == NAMES
    assert moved(NAMES, "limits", 1, CITY) == NAMES
