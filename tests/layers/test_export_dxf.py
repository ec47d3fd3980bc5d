"""Drawings that CAD programs read: shapes by class, Chinese labels, and the numbers of the table with each shape."""

from __future__ import annotations

from pathlib import Path

import ezdxf
import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, Polygon, box

from core.problems import UserError
from core.texts import speaking
from layers.export_dxf import DrawingLayer, attached_values, write_dxf
from layers.qgis_style import Category, LayerStyle, Range

GRADES = LayerStyle(
    "green_star",
    categories=(Category("one", "#9ccb86", "一星级"), Category("two", "#3f9a76", "二星级", hatched=True)),
)


def plots() -> gpd.GeoDataFrame:
    court = Polygon(box(100, 0, 180, 60).exterior, [box(120, 20, 150, 40).exterior.coords])
    return gpd.GeoDataFrame(
        {
            "green_star": ["one", "two", None],
            "plot_area_m2": [4800.0, 4200.0, 100.0],
            "heritage": [True, False, False],
        },
        index=pd.Index(["QH-0001", "QH-0002", "QH-0003"], name="parcel_id"),
        geometry=[box(0, 0, 80, 60), court, box(200, 0, 210, 10)],
        crs=4545,
    )


def drawn(tmp_path: Path, layer: DrawingLayer, name: str = "绿建等级") -> ezdxf.document.Drawing:
    path = tmp_path / "方案.dxf"
    with speaking("zh"):
        assert write_dxf(path, {name: layer}) == []
    return ezdxf.readfile(path)


def test_every_class_has_a_layer_of_its_own_in_its_colour(tmp_path):
    drawing = drawn(tmp_path, DrawingLayer(plots(), GRADES))
    assert drawing.layers.get("绿建等级_一星级").rgb == (0x9C, 0xCB, 0x86)
    assert len(drawing.modelspace().query('LWPOLYLINE[layer=="绿建等级_一星级"]')) == 1
    assert len(drawing.modelspace().query('LWPOLYLINE[layer=="绿建等级_二星级"]')) == 2  # with the court


def test_a_drawing_has_no_fault_that_an_audit_finds(tmp_path):
    audit = drawn(tmp_path, DrawingLayer(plots(), GRADES, ("parcel_id", "green_star"))).audit()
    assert not audit.errors
    assert not audit.fixes


def test_values_at_the_shapes_are_those_of_the_table(tmp_path):
    frame = plots()
    drawing = drawn(tmp_path, DrawingLayer(frame, GRADES))
    found = [attached_values(shape) for shape in drawing.modelspace().query("LWPOLYLINE")]
    found = {one["parcel_id"]: one for one in found if one}
    assert {id_: one["plot_area_m2"] for id_, one in found.items()} == {"QH-0001": 4800.0, "QH-0002": 4200.0}
    assert found["QH-0002"]["heritage"] == "False"


def test_outlines_keep_the_coordinates_of_the_city(tmp_path):
    frame = (
        plots().translate(39_510_729.99, 4_057_811.59).to_frame("geometry").set_crs(4527, allow_override=True)
    )
    frame.index.name = "parcel_id"
    drawing = drawn(tmp_path, DrawingLayer(frame, LayerStyle()))
    first = drawing.modelspace().query("LWPOLYLINE")[0]
    assert Polygon(first.get_points("xy")).equals(frame.geometry.iloc[0])


def test_labels_are_chinese_and_in_a_font_that_has_them(tmp_path):
    drawing = drawn(tmp_path, DrawingLayer(plots(), GRADES, ("parcel_id", "green_star")))
    texts = {one.dxf.text: one.dxf.style for one in drawing.modelspace().query("TEXT")}
    assert texts["QH-0001"] == "LUTU_ZH"
    assert "一星级" in texts  # in the legend
    assert drawing.styles.get("LUTU_ZH").dxf.font == "simsun.ttc"


def test_a_hatched_class_is_hatched_by_lines_and_the_others_filled(tmp_path):
    hatches = drawn(tmp_path, DrawingLayer(plots(), GRADES)).modelspace().query("HATCH")
    by_layer = {one.dxf.layer: one.dxf.solid_fill for one in hatches}
    assert by_layer["绿建等级_一星级_填充"] == 1
    assert by_layer["绿建等级_二星级_填充"] == 0


def test_a_value_on_a_border_belongs_to_the_class_below(tmp_path):
    style = LayerStyle(
        "plot_area_m2", ranges=(Range(0, 4200, "#111111", "small"), Range(4200, 5000, "#222222", "large"))
    )
    space = drawn(tmp_path, DrawingLayer(plots(), style)).modelspace()
    assert len(space.query('LWPOLYLINE[layer=="绿建等级_small"]')) == 3  # the plot of 4200 m² has a court
    assert len(space.query('LWPOLYLINE[layer=="绿建等级_large"]')) == 1


def test_points_are_circles_with_their_values(tmp_path):
    frame = gpd.GeoDataFrame(
        {"name": ["站"]}, index=pd.Index(["F-1"], name="facility_id"), geometry=[Point(5, 5)], crs=4545
    )
    (circle,) = drawn(tmp_path, DrawingLayer(frame, LayerStyle())).modelspace().query("CIRCLE")
    assert attached_values(circle) == {"facility_id": "F-1", "name": "站"}


def test_a_drawing_without_a_reference_system_is_refused(tmp_path):
    with pytest.raises(UserError, match="no coordinate reference system"):
        write_dxf(
            tmp_path / "a.dxf", {"x": DrawingLayer(plots().set_crs(None, allow_override=True), LayerStyle())}
        )
    assert not list(tmp_path.iterdir())
