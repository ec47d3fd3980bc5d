"""Drawings of detailed plans: closed lines become areas, and the words inside them their attributes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ezdxf
import pytest

from core.problems import UserError
from layers.readers import inspect, read

WEST, SOUTH = 500_000.0, 3_800_000.0


def drawing(path: Path, draw: Any, *, release: str = "R2010", **header: Any) -> Path:
    """A drawing with what `draw` puts into it."""
    document = ezdxf.new(release)
    for name, value in header.items():
        document.header[f"${name}"] = value
    draw(document.modelspace(), document)
    document.saveas(path)
    return path


def square(space: Any, x: float, y: float, side: float = 100.0, layer: str = "地块", **options: Any) -> None:
    """A closed line round a square."""
    corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
    space.add_lwpolyline(corners, close=True, dxfattribs={"layer": layer}, **options)


def words(space: Any, said: str, x: float, y: float, layer: str, height: float = 5.0) -> None:
    """A text that begins at a place."""
    space.add_text(said, height=height, dxfattribs={"layer": layer, "insert": (x, y)})


def test_closed_lines_of_a_layer_are_areas_with_the_words_of_other_layers_as_columns(tmp_path):
    def draw(space, document):
        for number, code in enumerate(("R2", "A33")):
            square(space, WEST + 100 * number, SOUTH)
            words(space, code, WEST + 100 * number + 40, SOUTH + 50, "标注")
            words(space, f"A-01-0{number + 1}", WEST + 100 * number + 40, SOUTH + 70, "标注")
            words(space, str(2.5 + number), WEST + 100 * number + 40, SOUTH + 30, "容积率")

    given = read(drawing(tmp_path / "控规.dxf", draw), "地块", crs=4545)
    assert given.frame.geometry.area.tolist() == pytest.approx([10_000, 10_000])
    assert given.frame["用地代码"].tolist() == ["R2", "A33"]
    assert given.frame["地块编号"].tolist() == ["A-01-01", "A-01-02"]
    assert given.frame["容积率"].tolist() == [2.5, 3.5]


def test_a_text_that_names_its_value_gives_the_column_its_name(tmp_path):
    def draw(space, document):
        square(space, WEST, SOUTH)
        space.add_mtext(
            "用地性质：R2\\P建筑密度=28%\\P限高: 60",
            dxfattribs={"layer": "说明", "insert": (WEST + 20, SOUTH + 60), "char_height": 4},
        )

    frame = read(drawing(tmp_path / "a.dxf", draw), crs=4545).frame
    row = frame.iloc[0]
    assert (row["用地性质"], row["建筑密度"], row["限高"]) == ("R2", "28%", 60)


def test_attributes_of_a_block_are_columns_by_their_tags(tmp_path):
    def draw(space, document):
        document.blocks.new("标签").add_attdef("容积率", (0, 0), height=2)
        square(space, WEST, SOUTH)
        space.add_blockref("标签", (WEST + 50, SOUTH + 50)).add_auto_attribs({"容积率": "1.8"})

    frame = read(drawing(tmp_path / "a.dxf", draw), "地块", crs=4545).frame
    assert frame["容积率"].tolist() == [1.8]


def test_several_numbers_in_an_area_are_numbered_from_above_to_below(tmp_path):
    def draw(space, document):
        square(space, WEST, SOUTH)
        for number, said in enumerate(("2.5", "30", "35")):
            words(space, said, WEST + 40, SOUTH + 70 - 15 * number, "指标")

    row = read(drawing(tmp_path / "a.dxf", draw), crs=4545).frame.iloc[0]
    assert (row["指标 1"], row["指标 2"], row["指标 3"]) == (2.5, 30, 35)


def test_an_arc_bulges_and_an_outline_within_another_is_a_court(tmp_path):
    def draw(space, document):
        square(space, WEST, SOUTH, layer="建筑")
        square(space, WEST + 25, SOUTH + 25, 50, layer="建筑")
        space.add_circle((WEST + 300, SOUTH), 10, dxfattribs={"layer": "水塔"})

    path = drawing(tmp_path / "a.dxf", draw)
    areas = sorted(read(path, "建筑", crs=4545).frame.geometry.area)
    assert areas == pytest.approx([2_500, 7_500])
    assert read(path, "水塔", crs=4545).frame.geometry.area.iloc[0] == pytest.approx(314.2, rel=0.01)


def test_open_lines_and_hatches_are_offered_under_their_layers(tmp_path):
    def draw(space, document):
        square(space, WEST, SOUTH)
        space.add_lwpolyline([(WEST, SOUTH), (WEST + 90, SOUTH)], dxfattribs={"layer": "地块"})
        space.add_line((WEST, SOUTH), (WEST, SOUTH + 30), dxfattribs={"layer": "道路"})
        hatch = space.add_hatch(dxfattribs={"layer": "绿地"})
        hatch.paths.add_polyline_path([(WEST, SOUTH), (WEST + 10, SOUTH), (WEST, SOUTH + 10)], is_closed=True)

    found = {one.layer: one.geometry_type for one in inspect(drawing(tmp_path / "a.dxf", draw))}
    assert found == {"地块": "Polygon", "地块/line": "LineString", "道路": "LineString", "绿地": "Polygon"}


def test_millimetres_are_believed_only_where_metres_would_lie_beyond_the_earth(tmp_path):
    metres = drawing(tmp_path / "m.dxf", lambda space, _: square(space, WEST, SOUTH), INSUNITS=4)
    assert read(metres, crs=4545).frame.geometry.area.iloc[0] == pytest.approx(10_000)

    def draw(space, document):
        square(space, WEST * 1000, SOUTH * 1000, 100_000)

    given = read(drawing(tmp_path / "mm.dxf", draw, INSUNITS=4), crs=4545)
    assert given.frame.geometry.area.iloc[0] == pytest.approx(10_000)
    assert any("millimetres" in problem.message for problem in given.problems)


def test_text_of_an_old_chinese_drawing_is_read_in_its_code_page(tmp_path):
    def draw(space, document):
        document.encoding = "gbk"
        square(space, WEST, SOUTH)
        words(space, "1.8", WEST + 40, SOUTH + 50, "容积率")

    path = drawing(tmp_path / "a.dxf", draw, release="R2000", DWGCODEPAGE="ANSI_936")
    assert read(path, "地块", crs=4545).frame["容积率"].tolist() == [1.8]


def test_a_drawing_states_no_reference_system(tmp_path):
    given = read(drawing(tmp_path / "a.dxf", lambda space, _: square(space, WEST, SOUTH)))
    assert given.frame.crs is None
    assert any("reference system" in problem.message for problem in given.problems)


def test_a_dwg_and_a_broken_dxf_are_refused_with_a_way_out(tmp_path):
    (tmp_path / "a.dwg").write_bytes(b"AC1027")
    with pytest.raises(UserError, match="DWG"):
        read(tmp_path / "a.dwg")
    (tmp_path / "b.dxf").write_text("nothing of a drawing", encoding="utf-8")
    with pytest.raises(UserError, match="cannot be read"):
        read(tmp_path / "b.dxf")
