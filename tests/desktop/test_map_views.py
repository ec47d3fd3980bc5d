"""What a planner keeps of the map is there again, and nothing half-written ever is."""

from __future__ import annotations

import json

import pytest

from core.problems import UserError
from desktop.layer_look import LayerLook
from desktop.map_views import FILE, MapView, drop_view, keep_view, kept_views
from desktop.themes import Theme


def test_a_kept_view_comes_back_as_it_was(tmp_path):
    look = LayerLook(
        True, 0.5, Theme("building", "height_m"), "manual", "viridis", 4, (1.0, 2.5), frozenset({-1, 2})
    )
    view = MapView("老城", (1.0, 2.0, 3.0, 4.0), {"building": look}, ("parcel", "building"), "S1")
    keep_view(tmp_path, view)
    assert kept_views(tmp_path) == [view]


def test_a_view_of_the_same_name_takes_the_place_of_the_old(tmp_path):
    keep_view(tmp_path, MapView("a", (0.0, 0.0, 1.0, 1.0)))
    keep_view(tmp_path, MapView("a", (5.0, 5.0, 6.0, 6.0)))
    assert [one.bounds for one in kept_views(tmp_path)] == [(5.0, 5.0, 6.0, 6.0)]
    drop_view(tmp_path, "a")
    assert kept_views(tmp_path) == []


def test_a_view_needs_a_name_and_something_to_keep(tmp_path):
    for view in (MapView(" ", (0.0, 0.0, 1.0, 1.0)), MapView("a")):
        with pytest.raises(UserError):
            keep_view(tmp_path, view)
    assert not (tmp_path / FILE).exists()


def test_a_broken_file_is_said_and_left_alone(tmp_path):
    (tmp_path / FILE).write_text("{", encoding="utf-8")
    with pytest.raises(UserError, match="cannot be read"):
        keep_view(tmp_path, MapView("a", (0.0, 0.0, 1.0, 1.0)))
    assert (tmp_path / FILE).read_text(encoding="utf-8") == "{"


def test_outline_and_decimals_are_kept_and_a_view_of_before_has_neither(tmp_path):
    look = LayerLook(True, 1.0, Theme("building", "height_m"), outline="#ab12cd", decimals=0)
    view = MapView("a", None, {"building": look})
    keep_view(tmp_path, view)
    assert kept_views(tmp_path) == [view]
    record = json.loads((tmp_path / FILE).read_text(encoding="utf-8"))
    for word in ("outline", "decimals"):
        del record["views"][0]["looks"]["building"][word]
    (tmp_path / FILE).write_text(json.dumps(record), encoding="utf-8")
    found = kept_views(tmp_path)[0].looks["building"]
    assert (found.outline, found.decimals) == ("", None)


def test_filters_are_kept_and_a_view_of_before_leaves_them_alone(tmp_path):
    view = MapView("a", None, {"building": LayerLook(True, 1.0)}, filters={"building": "height_m > 24"})
    keep_view(tmp_path, view)
    assert kept_views(tmp_path) == [view]
    record = json.loads((tmp_path / FILE).read_text(encoding="utf-8"))
    del record["views"][0]["filters"]
    (tmp_path / FILE).write_text(json.dumps(record), encoding="utf-8")
    assert kept_views(tmp_path)[0].filters is None
