"""A project is found again as it was left, and whatever cannot be read is forgotten without a word."""

from __future__ import annotations

import json

import pytest

from desktop.layer_look import LayerLook
from desktop.left_maps import FILE, LeftMap, keep_left_map, left_map
from desktop.map_views import MapView
from desktop.table_looks import TableLook
from desktop.themes import Theme


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LUTU_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def left(theme: Theme | None = None, ramp: str = "viridis") -> LeftMap:
    look = LayerLook(True, 0.5, theme, "manual", ramp, 4, (1.0, 2.5), frozenset({-1, 2}))
    view = MapView("", (1.0, 2.0, 3.0, 4.0), {"building": look}, ("parcel", "building"), "S1")
    tables = {"parcel": TableLook(frozenset({"name"}), {"area_m2": 180}, ("area_m2", "name"))}
    return LeftMap(view, "parcel", "plan", tables)


def test_each_project_comes_back_as_it_was_left(tmp_path):
    one, other = left(Theme("building", "height_m")), left(None)
    keep_left_map(tmp_path / "a", one)
    keep_left_map(tmp_path / "b", other)
    assert (left_map(tmp_path / "a"), left_map(tmp_path / "b")) == (one, other)
    assert left_map(tmp_path / "c") is None
    assert not (tmp_path / "a").exists()  # nothing is written into a project


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"KEY": 3}', '{"KEY": {"view": {"name": ""}}}', '{"KEY": {"view": null}}']
)
def test_a_file_that_cannot_be_read_is_as_none(tmp_path, home, text):
    home.mkdir()
    key = json.dumps(str(tmp_path / "a"))[1:-1]
    (home / FILE).write_text(text.replace("KEY", key), encoding="utf-8")
    assert left_map(tmp_path / "a") is None
    keep_left_map(tmp_path / "a", left())
    assert left_map(tmp_path / "a") == left()


def test_what_was_kept_before_there_were_looks_of_tables_is_still_found(tmp_path, home):
    keep_left_map(tmp_path / "a", left())
    kept = json.loads((home / FILE).read_text(encoding="utf-8"))
    for one in kept.values():
        del one["tables"]
    (home / FILE).write_text(json.dumps(kept), encoding="utf-8")
    assert left_map(tmp_path / "a").active == "parcel"
    assert left_map(tmp_path / "a").tables == {}


def test_what_this_program_does_not_know_is_left_out(tmp_path):
    keep_left_map(tmp_path / "a", left(Theme("building", "phlogiston_kw"), "rainbow"))
    look = left_map(tmp_path / "a").view.looks["building"]
    assert (look.theme, look.ramp, look.opacity) == (None, "", 0.5)


def test_a_home_that_cannot_be_written_stops_nothing(tmp_path, home):
    home.write_text("in the way", encoding="utf-8")
    keep_left_map(tmp_path / "a", left())
    assert left_map(tmp_path / "a") is None


def test_a_ramp_that_was_reversed_comes_back_so(tmp_path):
    keep_left_map(tmp_path / "a", left(ramp="viridis_reversed"))
    assert left_map(tmp_path / "a") == left(ramp="viridis_reversed")
