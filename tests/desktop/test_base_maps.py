"""Base maps come by the planner's own address and key, and never unasked."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace

import pytest

from cartography.tiles import Tile
from core.problems import UserError
from desktop.base_maps import FILE, OFFERED, BaseMap, MbTiles, checked, keep_base_map, kept_base_maps
from desktop.session import session_file


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LUTU_HOME", str(tmp_path / "home"))


def mbtiles(path, kind="png"):
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        file.execute("CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)")
        file.execute("INSERT INTO metadata VALUES ('format', ?)", (kind,))
        file.execute("INSERT INTO tiles VALUES (2, 1, 3, ?)", (b"north",))
    return path


def test_nothing_is_kept_before_anybody_entered_anything():
    assert kept_base_maps() == []
    assert all(not base.key for base in OFFERED)


def test_a_service_that_asks_for_a_key_is_refused_without_one():
    with pytest.raises(UserError, match="key"):
        checked(OFFERED[0])


def test_the_key_goes_into_the_address_and_nowhere_else():
    base = BaseMap("own", OFFERED[0].address, "a&b")
    assert "TILEMATRIX=7&TILEROW=3&TILECOL=5&tk=a%26b" in base.url(Tile(7, 5, 3))


def test_names_of_wmts_and_rows_from_the_south_are_understood():
    wmts = BaseMap("own", "https://h/{TileMatrix}/{TileRow}/{TileCol}")
    assert wmts.url(Tile(3, 5, 1)) == "https://h/3/1/5"
    assert BaseMap("own", "https://h/{z}/{x}/{-y}").url(Tile(3, 5, 1)) == "https://h/3/5/6"


def test_an_address_without_places_for_the_tile_is_refused():
    with pytest.raises(UserError, match="level, column and row"):
        checked(BaseMap("own", "https://h/tile.png"))


@pytest.mark.parametrize(
    ("host", "datum"),
    [("webrd01.is.autonavi.com", "GCJ-02"), ("t0.tianditu.gov.cn", ""), ("notamap.com", "")],
)
def test_maps_that_are_known_to_be_shifted_are_named(host, datum):
    assert BaseMap("own", f"https://{host}/{{z}}/{{x}}/{{y}}").datum == datum


def test_rows_of_an_mbtiles_file_are_counted_from_the_south(tmp_path):
    tiles = MbTiles(mbtiles(tmp_path / "a.mbtiles"))
    assert tiles.levels == (2, 2)
    assert tiles.tile(Tile(2, 1, 0)) == b"north" and tiles.tile(Tile(2, 1, 3)) is None


def test_a_file_of_vector_tiles_or_of_something_else_is_refused(tmp_path):
    with pytest.raises(UserError, match="pbf"):
        MbTiles(mbtiles(tmp_path / "b.mbtiles", "pbf"))
    (tmp_path / "c.mbtiles").write_text("no database, though long enough to be looked at as one")
    with pytest.raises(UserError, match="MBTiles"):
        MbTiles(tmp_path / "c.mbtiles")
    with pytest.raises(UserError, match="MBTiles"):
        MbTiles(tmp_path / "missing.mbtiles")


def test_a_kept_base_map_is_offered_again(tmp_path):
    base = BaseMap("own", "https://h/{z}/{x}/{y}?tk={key}", "k", "degrees")
    keep_base_map(base)
    keep_base_map(base)
    assert kept_base_maps() == [base]


def test_maps_of_tianditu_come_with_their_place_names_by_the_same_key():
    found = {}
    for base in OFFERED:
        names = replace(base, key="k").names
        assert names is not None and names.url(Tile(7, 5, 3)).endswith("tk=k")
        found[base.address.split("LAYER=")[1][:3]] = names.address.split("LAYER=")[1][:3]
    assert found == {"vec": "cva", "img": "cia", "ter": "cta"}


def test_place_names_that_cannot_be_fetched_are_refused_and_others_are_kept():
    base = replace(OFFERED[0], key="k")
    with pytest.raises(UserError, match="level, column and row"):
        checked(replace(base, labels="https://h/names.png"))
    keep_base_map(base)
    assert kept_base_maps() == [base]


def test_a_map_kept_when_no_place_names_were_offered_gets_them(tmp_path):
    keep_base_map(replace(OFFERED[1], key="k"))
    file = session_file().with_name(FILE)
    [record] = json.loads(file.read_text(encoding="utf-8"))
    del record["labels"]
    file.write_text(json.dumps([record]), encoding="utf-8")
    assert kept_base_maps() == [replace(OFFERED[1], key="k")]
