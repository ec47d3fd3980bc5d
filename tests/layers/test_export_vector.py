"""GeoPackage, GeoJSON and Shapefile as other programs read them back."""

from __future__ import annotations

import csv
import json
import sqlite3
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, box

from core.problems import Severity, UserError
from layers.export import Category, LayerStyle, Range, write_geojson, write_geopackage, write_shapefile
from layers.export_columns import short_names
from layers.qgis_style import qml

LONG = 1234567890123456789
BY_CAPACITY = LayerStyle(
    "pv_kwp", ranges=(Range(0, 10, "#fff3c4", "0 – 10 kWp"), Range(10, 90, "#a63c0f", "10 – 90 kWp"))
)
BY_GRADE = LayerStyle(
    "grade",
    categories=(
        Category("suitable", "#2e8b69", "适宜"),
        Category("forbidden", "#e6a79e", "禁止 <\"&'>", hatched=True),
        Category(None, "#d5d9d8", "其他"),
    ),
)


@pytest.fixture
def parcels() -> gpd.GeoDataFrame:
    west = box(510_000, 4_057_000, 510_100, 4_057_050)
    east = box(510_200, 4_057_000, 510_300, 4_057_050)
    return gpd.GeoDataFrame(
        {
            "name": ["青禾市第三中学", "<b>“甲”&乙</b>"],
            "pv_kwp": [12.5, float("nan")],
            "pv_kwh_per_year": [13_000.0, 0.0],
            "grade": ["suitable", "forbidden"],
            "heritage": [False, True],
            "survey_code": [LONG, 7],
        },
        geometry=[west, MultiPolygon([east, shapely.affinity.translate(east, 200)])],
        index=pd.Index(["3701020000000000001", "0002"], name="parcel_id"),
        crs=4548,
    )


def test_a_geopackage_gives_back_layers_chinese_names_and_long_codes(
    parcels: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "成果.gpkg"
    write_geopackage(path, {"地块 屋顶光伏": parcels, "说明": pd.DataFrame({"备注": ["无"]})})
    read = pyogrio.read_dataframe(path, layer="地块 屋顶光伏")
    assert read.crs.to_epsg() == 4548
    assert list(read["parcel_id"]) == ["3701020000000000001", "0002"]
    assert list(read["name"]) == list(parcels["name"])
    assert list(read["survey_code"]) == [LONG, 7]
    assert list(read["heritage"]) == [False, True]
    assert read["pv_kwp"].isna().tolist() == [False, True]
    assert set(read.geom_type) == {"MultiPolygon"}
    assert pyogrio.read_dataframe(path, layer="说明")["备注"].tolist() == ["无"]


def test_a_geopackage_is_of_version_1_3_which_older_qgis_opens_without_warning(
    parcels: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    write_geopackage(tmp_path / "a.gpkg", {"parcel": parcels})
    with sqlite3.connect(tmp_path / "a.gpkg") as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (10300,)


def test_the_style_of_a_layer_stands_where_qgis_looks_for_it(
    parcels: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    write_geopackage(tmp_path / "a.gpkg", {"地块": parcels}, {"地块": BY_CAPACITY}, language="zh")
    with sqlite3.connect(tmp_path / "a.gpkg") as connection:
        connection.row_factory = sqlite3.Row
        (row,) = connection.execute("SELECT * FROM layer_styles").fetchall()
        kind = connection.execute(
            "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'"
        ).fetchone()["data_type"]
    assert kind == "attributes"
    assert (row["f_table_catalog"], row["f_table_schema"]) == ("", "")
    assert (row["f_table_name"], row["f_geometry_column"], row["useAsDefault"]) == ("地块", "geom", 1)
    assert row["update_time"]
    style = ElementTree.fromstring(row["styleQML"])
    assert style.find("renderer-v2").get("attr") == "pv_kwp"  # type: ignore[union-attr]
    titles = {alias.get("field"): alias.get("name") for alias in style.iter("alias")}
    assert titles["pv_kwp"] == "光伏装机容量 (kWp)"


def test_titles_and_meanings_stand_in_the_schema_extension(parcels: gpd.GeoDataFrame, tmp_path: Path) -> None:
    write_geopackage(tmp_path / "a.gpkg", {"parcel": parcels}, language="en")
    with sqlite3.connect(tmp_path / "a.gpkg") as connection:
        title, meaning = connection.execute(
            "SELECT title, description FROM gpkg_data_columns WHERE column_name = 'pv_kwp'"
        ).fetchone()
    assert title == "PV capacity (kWp)"
    assert meaning == "Nameplate power of the modules, DC"


def test_columns_that_differ_only_in_capitals_get_different_names_and_it_is_said(
    parcels: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    (note,) = write_geopackage(tmp_path / "a.gpkg", {"parcel": parcels.assign(NAME="x", fid=[5, 5])})
    read = pyogrio.read_dataframe(tmp_path / "a.gpkg")
    assert note.severity is Severity.NOTE
    assert {"name", "NAME_1", "fid_1"} <= set(read.columns)


def test_a_layer_of_no_rows_keeps_its_columns(parcels: gpd.GeoDataFrame, tmp_path: Path) -> None:
    write_geopackage(tmp_path / "a.gpkg", {"parcel": parcels.head(0)})
    info = pyogrio.read_info(tmp_path / "a.gpkg", layer="parcel")
    assert info["features"] == 0
    assert "pv_kwp" in info["fields"]


def test_layers_without_a_reference_system_are_refused_all_at_once(
    parcels: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    bare = parcels.set_crs(None, allow_override=True)
    with pytest.raises(UserError) as refused:
        write_geopackage(tmp_path / "a.gpkg", {"one": bare, "two": bare, "three": parcels})
    assert [problem.table for problem in refused.value.problems] == ["one", "two"]


def test_geojson_is_longitude_and_latitude_to_seven_decimals_without_a_crs_member(
    parcels: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    write_geojson(tmp_path / "a.geojson", parcels, BY_GRADE)
    said = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))
    assert "crs" not in said
    longitude, latitude = said["features"][0]["geometry"]["coordinates"][0][0]
    assert (round(longitude, 1), round(latitude, 1)) == (117.1, 36.6)
    assert len(str(longitude).partition(".")[2]) <= 7
    assert said["features"][0]["properties"]["survey_code"] == str(LONG)
    assert said["features"][1]["properties"]["pv_kwp"] is None
    assert (tmp_path / "a.qml").exists()


def test_rings_of_geojson_run_against_the_clock(parcels: gpd.GeoDataFrame, tmp_path: Path) -> None:
    turned = parcels.set_geometry(parcels.geometry.reverse())
    write_geojson(tmp_path / "a.geojson", turned)
    for shape in pyogrio.read_dataframe(tmp_path / "a.geojson").geometry.explode():
        assert shape.exterior.is_ccw


@pytest.mark.parametrize(("encoding", "stated", "byte"), [("UTF-8", "UTF-8", 0x00), ("GBK", "936", 0x4D)])
def test_a_shapefile_says_its_encoding_in_both_places(
    parcels: gpd.GeoDataFrame, tmp_path: Path, encoding: str, stated: str, byte: int
) -> None:
    write_shapefile(tmp_path / "地块.shp", parcels, encoding)
    assert (tmp_path / "地块.cpg").read_text() == stated
    table = (tmp_path / "地块.dbf").read_bytes()
    assert table[29] == byte
    assert "青禾市第三中学".encode(encoding) in table
    read = pyogrio.read_dataframe(tmp_path / "地块.shp")
    assert read["NAME"].tolist() == parcels["name"].tolist()
    assert read["PARCEL_ID"].tolist() == ["3701020000000000001", "0002"]
    assert read["survey_cod"].tolist() == [str(LONG), "7"]
    assert read.crs.to_epsg() == 4548


def test_a_gbk_shapefile_without_its_cpg_still_reads_by_its_language_byte(
    parcels: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    write_shapefile(tmp_path / "a.shp", parcels, "GBK")
    (tmp_path / "a.cpg").unlink()
    assert pyogrio.read_dataframe(tmp_path / "a.shp")["NAME"].tolist() == parcels["name"].tolist()


def test_a_sheet_beside_the_shapefile_says_what_the_short_names_mean(
    parcels: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    write_shapefile(tmp_path / "地块.shp", parcels, language="zh")
    with (tmp_path / "地块_字段说明.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row[0]: row for row in csv.reader(file)}
    assert rows["短字段名"][1:] == ["名称", "中文名称", "英文名称", "单位", "含义"]
    assert rows["PV_KWP"] == [
        "PV_KWP",
        "pv_kwp",
        "光伏装机容量",
        "PV capacity",
        "kWp",
        "组件标称功率（直流）",
    ]


def test_what_a_shapefile_cannot_hold_is_said(parcels: gpd.GeoDataFrame, tmp_path: Path) -> None:
    odd = parcels.assign(name=["长" * 200, "😀"], seen=pd.Timestamp("2026-01-01 12:30"))
    problems = write_shapefile(tmp_path / "a.shp", odd, "GBK")
    said = {problem.message.split()[0]: problem for problem in problems}
    assert set(said) == {"Missing", "Dates", "Texts", "{columns}"}
    assert all(problem.severity is Severity.WARNING for problem in problems)
    assert said["Texts"].rows == ("3701020000000000001",)
    assert said["{columns}"].rows == ("0002",)
    read = pyogrio.read_dataframe(tmp_path / "a.shp")
    assert read["NAME"].tolist() == ["长" * 127, "?"]
    assert read["seen"].tolist() == ["2026-01-01 12:30:00"] * 2


def test_a_shapefile_of_points_and_lines_together_is_refused(tmp_path: Path) -> None:
    mixed = gpd.GeoDataFrame(geometry=[Point(1, 1), LineString([(0, 0), (1, 1)])], crs=4548)
    with pytest.raises(UserError, match="mixes points, lines and areas"):
        write_shapefile(tmp_path / "a.shp", mixed)


@given(st.lists(st.text(min_size=1, max_size=30), unique=True, max_size=40))
def test_short_names_are_all_different_and_have_at_most_ten_bytes(names: list[str]) -> None:
    short = list(short_names(names).values())
    assert len({name.upper() for name in short}) == len(names)
    assert all(len(name.encode("utf-8", "replace")) <= 10 for name in short)


def test_a_name_is_never_cut_inside_a_character() -> None:
    assert short_names(["可安装面积平方米"]) == {"可安装面积平方米": "可安装"}
    assert short_names(["可安装面积平方米"], "GBK") == {"可安装面积平方米": "可安装面积"}


def test_labels_with_angle_brackets_and_quotes_survive_in_a_style() -> None:
    root = ElementTree.fromstring(qml(BY_GRADE, "Polygon", {"grade": 'a<b> & "c"\x00'}))
    assert [entry.get("label") for entry in root.iter("category")] == ["适宜", "禁止 <\"&'>", "其他"]
    assert next(root.iter("alias")).get("name") == 'a<b> & "c"'


def test_what_is_forbidden_is_hatched_and_the_rest_is_not() -> None:
    root = ElementTree.fromstring(qml(BY_GRADE, "Polygon", {}))
    layers = {
        symbol.get("name"): [layer.get("class") for layer in symbol.findall("layer")]
        for symbol in root.findall("renderer-v2/symbols/symbol")
    }
    assert layers == {"0": ["SimpleFill"], "1": ["SimpleFill", "LinePatternFill"], "2": ["SimpleFill"]}
