"""Data as planners have it: what is refused, what is asked, what is mended, and how it is said."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from shapely.geometry import Polygon, box

from layers.datum import wgs84_to_gcj02
from tests.desktop.conftest import EPSG, SOUTH, WEST, Lutu, buildings, parcels, write

Change = Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]


def with_shape(shape: object, row: int = 0) -> gpd.GeoDataFrame:
    frame = buildings()
    shapes = frame.geometry.to_numpy().copy()
    shapes[row] = shape
    return frame.set_geometry(gpd.GeoSeries(shapes, crs=frame.crs))


def with_points(frame: gpd.GeoDataFrame, change: Callable[[Any], Any], crs: object) -> gpd.GeoDataFrame:
    return frame.set_geometry(gpd.GeoSeries(shapely.transform(frame.geometry.array, change)), crs=crs)


def as_sheet(frame: gpd.GeoDataFrame, **columns: object) -> pd.DataFrame:
    return pd.DataFrame(frame.drop(columns="geometry")).assign(**columns)


# Reference systems


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (buildings().to_crs(4490).set_crs(EPSG, allow_override=True), "look like degrees"),
        (buildings().set_crs(4490, allow_override=True), "look like metres"),
        (buildings().to_crs(4524).set_crs(EPSG, allow_override=True), "begin with 36, as with a zone number"),
        (buildings().set_crs(4524, allow_override=True), "carry no zone number"),
        (with_points(buildings(), lambda points: points[:, ::-1], EPSG), "North and east look exchanged"),
    ],
    ids=["degrees for metres", "metres for degrees", "zone number", "no zone number", "axes exchanged"],
)
def test_a_wrong_place_is_refused_with_the_systems_that_would_fit(
    frame: gpd.GeoDataFrame, said: str, empty: Path, lutu: Lutu, tmp_path: Path
) -> None:
    answer = lutu("add", empty, "building", write(frame, tmp_path / "b.gpkg"))
    assert answer.code == 1
    assert said in answer.err
    assert re.search(r"The coordinates fit these systems: [^\n]+ \(EPSG:\d+\)", answer.err)
    assert lutu("check", empty).err.startswith("✗ The project has no data.")


@pytest.mark.filterwarnings("ignore:'crs' was not provided", "ignore:Could not decode")
def test_a_missing_system_is_asked_for_and_never_guessed(empty: Path, lutu: Lutu, tmp_path: Path) -> None:
    path = write(buildings().set_crs(None, allow_override=True), tmp_path / "b.shp", encoding="UTF-8")
    answer = lutu("add", empty, "building", path)
    assert answer.code == 1
    assert "does not say which reference system" in answer.err
    assert re.search(r"CGCS2000 [^()]*108°E \(EPSG:4545\)", answer.err)
    assert lutu("add", empty, "building", path, "--crs", "4545").code == 0
    assert "Mars is not a known reference system" in lutu("add", empty, "building", path, "--crs", "Mars").err


def test_exchanged_axes_are_put_right_when_asked(empty: Path, lutu: Lutu, tmp_path: Path) -> None:
    frame = with_points(buildings(), lambda points: points[:, ::-1], EPSG)
    path = write(frame, tmp_path / "b.gpkg")
    assert lutu("add", empty, "building", path, "--swap-axes").code == 0
    lutu("add", empty, "parcel", write(parcels(), tmp_path / "p.gpkg"))
    assert "outside" not in lutu("check", empty).out


@pytest.mark.parametrize(("epsg", "said"), [(2433, "50 to 100 m"), (3857, "Web Mercator, which inflates")])
def test_systems_that_mislead_are_converted_with_a_warning(
    epsg: int, said: str, empty: Path, lutu: Lutu, tmp_path: Path
) -> None:
    answer = lutu("add", empty, "building", write(buildings().to_crs(epsg), tmp_path / "b.gpkg"))
    assert answer.code == 0
    assert said in answer.out


def test_shifted_coordinates_of_a_web_map_are_noticed_beside_the_parcels(
    empty: Path, lutu: Lutu, tmp_path: Path
) -> None:
    lutu("add", empty, "parcel", write(parcels(), tmp_path / "p.gpkg"))
    shifted = with_points(
        buildings().to_crs(4326), lambda p: np.column_stack(wgs84_to_gcj02(p[:, 0], p[:, 1])), 4326
    )
    path = write(shifted, tmp_path / "b.gpkg")
    assert "with the coordinates taken as GCJ-02 100 % would" in lutu("add", empty, "building", path).out
    answer = lutu("add", empty, "building", path, "--crs", "GCJ-02")
    assert answer.code == 0
    assert "converted from GCJ-02 to WGS 84" in answer.out
    assert "100 % would" not in answer.out


# Shapes


@pytest.mark.parametrize(
    "shape",
    [
        None,
        Polygon(),
        shapely.from_wkt(f"POLYGON (({WEST} {SOUTH}, {WEST + 5} {SOUTH}, {WEST + 5} nan, {WEST} {SOUTH}))"),
        Polygon([(WEST, SOUTH), (WEST + 9, SOUTH + 9), (WEST + 9, SOUTH), (WEST, SOUTH + 9)]),
        box(WEST, SOUTH, WEST + 20, SOUTH + 20) - box(WEST + 5, SOUTH + 5, WEST + 9, SOUTH + 9),
        box(WEST, SOUTH, WEST + 0.001, SOUTH + 0.001),
        shapely.MultiPolygon(
            [box(WEST, SOUTH, WEST + 5, SOUTH + 5), box(WEST + 60, SOUTH, WEST + 65, SOUTH + 5)]
        ),
    ],
    ids=["missing", "empty", "NaN", "crossing itself", "with a hole", "tiny", "of two parts"],
)
def test_odd_shapes_do_not_stop_the_work(shape: object, empty: Path, lutu: Lutu, tmp_path: Path) -> None:
    path = write(with_shape(shape), tmp_path / "b.gpkg", promote_to_multi=True)
    assert lutu("add", empty, "building", path).code == 0
    lutu("add", empty, "weather")
    assert lutu("check", empty).code == 0
    assert lutu("assess", empty, "rooftop", "--set", "cell_m=2").code == 0


def test_a_layer_of_points_is_no_layer_of_buildings(empty: Path, lutu: Lutu, tmp_path: Path) -> None:
    frame = buildings()
    path = write(frame.set_geometry(frame.geometry.centroid), tmp_path / "b.gpkg")
    answer = lutu("add", empty, "building", path)
    assert answer.code == 1
    assert "buildings and parcels need areas" in answer.err


def test_a_layer_without_rows_is_refused(empty: Path, lutu: Lutu, tmp_path: Path) -> None:
    answer = lutu("add", empty, "building", write(buildings().iloc[:0], tmp_path / "b.gpkg"))
    assert answer.code == 1
    assert "has no rows" in answer.err


def test_a_building_gone_astray_is_named(empty: Path, lutu: Lutu, tmp_path: Path) -> None:
    far = box(WEST + 300_000, SOUTH, WEST + 300_020, SOUTH + 20)
    lutu("add", empty, "building", write(with_shape(far, 5), tmp_path / "b.gpkg"))
    assert "away from the middle of all others" in lutu("check", empty).out


def test_a_grid_too_fine_for_the_memory_is_refused_with_the_cell_that_fits(
    empty: Path, lutu: Lutu, tmp_path: Path
) -> None:
    far = box(WEST + 200_000, SOUTH + 200_000, WEST + 200_020, SOUTH + 200_020)
    lutu("add", empty, "building", write(with_shape(far, 5), tmp_path / "b.gpkg"))
    lutu("add", empty, "weather")
    answer = lutu("assess", empty, "rooftop", "--set", "cell_m=0.1")
    assert answer.code == 1
    assert "cells" in answer.err and " m" in answer.err
    assert lutu("undo", empty).out == "There is nothing to undo.\n"


# Values


@pytest.mark.parametrize(
    ("column", "values", "code", "said"),
    [
        ("高度", [np.nan, 15, 15, 15, 15, 15], 0, "“Height”"),
        (
            "高度",
            [-5, 5000, 15, 15, 15, 15],
            1,
            "Height is outside 0 to 1000 m. Correct these rows. (B0, B1)",
        ),
        ("楼栋编号", ["X"] * 6, 0, ""),
        ("建成年代", [20050, 2005, 2005, 2005, 2005, 2005], 1, "(B0)"),
        ("用途", ["?"] * 6, 0, "use"),
    ],
)
def test_odd_values_are_named_with_their_rows(
    column: str, values: list[object], code: int, said: str, empty: Path, lutu: Lutu, tmp_path: Path
) -> None:
    path = write(buildings().assign(**{column: values}), tmp_path / "b.gpkg")
    assert lutu("add", empty, "building", path).code == 0
    answer = lutu("check", empty)
    assert answer.code == code
    assert said in answer.out


def test_words_that_are_no_numbers_are_named_by_the_ids_of_their_rows(
    empty: Path, lutu: Lutu, tmp_path: Path
) -> None:
    frame = buildings().assign(高度=["十五", "15米", "about 15", "", "N/A", "15"])
    answer = lutu("add", empty, "building", write(frame, tmp_path / "b.gpkg"))
    assert answer.code == 0
    assert "cannot be read as Height" in answer.out and "(B0, B2)" in answer.out


def test_repeated_ids_get_suffixes_and_are_listed(empty: Path, lutu: Lutu, tmp_path: Path) -> None:
    path = write(buildings().assign(楼栋编号=["A", "A", "B", "B", "C", "D"]), tmp_path / "b.gpkg")
    assert "(A_2, B_2)" in lutu("add", empty, "building", path).out


def test_ids_of_twenty_digits_stay_whole_as_text_and_are_told_as_numbers(
    empty: Path, lutu: Lutu, tmp_path: Path
) -> None:
    frame = buildings().assign(楼栋编号=[f"1101010000000000000{n}" for n in range(6)])
    path = write(frame, tmp_path / "b.geojson")
    assert lutu("add", empty, "building", path).code == 0
    assert lutu("set", empty, "building", "height_m", "9", "11010100000000000005").code == 0
    text = path.read_text(encoding="utf-8").replace('": "110', '": 110').replace('", "高度"', ', "高度"')
    path.write_text(text, encoding="utf-8")
    answer = lutu("add", empty, "building", path)
    assert answer.code == 0
    assert "the last digits were lost" in answer.out


@pytest.mark.parametrize(("factor", "unit"), [(3 / 2_000, "亩"), (1e-4, "ha"), (1e-6, "km²")])
def test_plot_areas_in_another_unit_are_recognised_by_the_shapes(
    factor: float, unit: str, given: Path, lutu: Lutu, tmp_path: Path
) -> None:
    frame = parcels().assign(用地面积=lambda table: table["用地面积"] * factor)
    path = write(frame, tmp_path / "p.gpkg")
    added = lutu("add", given, "parcel", path)
    checked = lutu("check", given)
    assert unit in added.out + checked.out
    if unit == "亩":
        assert lutu("add", given, "parcel", path, "--column", "plot_area_m2=用地面积:亩").code == 0
        assert lutu("check", given).code == 0


# Tables of the project


def test_parcels_alone_can_be_checked_but_not_assessed(empty: Path, lutu: Lutu, tmp_path: Path) -> None:
    lutu("add", empty, "parcel", write(parcels(), tmp_path / "p.gpkg"))
    lutu("add", empty, "weather")
    assert lutu("check", empty).code == 0
    answer = lutu("assess", empty)
    assert answer.code == 1
    assert "no buildings" in answer.err


def test_buildings_alone_are_assessed_and_exported_but_not_reported(
    empty: Path, lutu: Lutu, tmp_path: Path
) -> None:
    lutu("add", empty, "building", write(buildings(), tmp_path / "b.gpkg"))
    lutu("add", empty, "weather")
    assert lutu("assess", empty, "rooftop", "--set", "cell_m=2").code == 0
    assert lutu("export", empty, "--as", "gpkg", "--as", "xlsx").code == 0
    answer = lutu("report", empty, "--all")
    assert answer.code == 1
    assert "There are no parcels." in answer.err


def test_a_parcel_without_buildings_and_a_building_without_parcel_are_assessed(
    empty: Path, lutu: Lutu, tmp_path: Path
) -> None:
    frame = buildings()
    frame = frame.set_geometry(frame.geometry.translate(xoff=90))
    lutu("add", empty, "building", write(frame, tmp_path / "b.gpkg"))
    lutu("add", empty, "parcel", write(parcels(), tmp_path / "p.gpkg"))
    lutu("add", empty, "weather")
    assert "on no parcel" in lutu("check", empty).out or "in no parcel" in lutu("check", empty).out
    totals = lutu("assess", empty, "rooftop", "--set", "cell_m=2", "--json").json["totals"]["rooftop"]
    assert totals["outside_buildings"] == 3
    assert lutu("report", empty, "P0", "P1").code == 0


def test_without_weather_the_remedy_is_said(given: Path, lutu: Lutu) -> None:
    answer = lutu("assess", given)
    assert answer.code == 1
    assert "EPW or TMY file" in answer.err


# Files


def test_several_layers_are_listed(empty: Path, files: Path, lutu: Lutu) -> None:
    answer = lutu("add", empty, "building", files / "city.gpkg")
    assert answer.code == 1
    assert "several layers. Choose one of these: 建筑 (6), 地块 (2)." in answer.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--layer", "楼"], "has no layer called 楼"),
        (["--encoding", "klingon"], "There is no encoding klingon"),
        (["--column", "height_m=屋高"], "one of: 层数, 建成年代, 楼栋编号, 用途, 高度"),
        (["--column", "hight=高度"], "does not say which column is which"),
        (["--column", "height_m=高度:尺"], "尺 is not a unit"),
    ],
)
def test_unknown_layers_columns_units_and_encodings_are_said_with_the_known(
    options: list[str], said: str, empty: Path, files: Path, lutu: Lutu
) -> None:
    layer = [] if "--layer" in options else ["--layer", "建筑"]
    answer = lutu("add", empty, "building", files / "city.gpkg", *layer, *options)
    assert answer.code == 1
    assert said in answer.err


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("nowhere.gpkg", None, "There is no file"),
        ("empty.shp", b"", "is empty"),
        ("broken.gpkg", b"abc" * 100, "GeoPackage"),
        ("plan.dwg", b"AC1032", "is a DWG drawing"),
        ("old.xls", b"\xd0\xcf\x11\xe0", "Save it as .xlsx"),
        ("part.dbf", b"\x03", "part of a Shapefile"),
        ("broken.zip", b"PK\x03\x04 and nothing", ""),
        ("cut.geojson", b'{"type": "FeatureCollection", "features": [{"type": "Fea', ""),
    ],
)
def test_files_that_cannot_be_read_are_said(
    name: str, content: bytes | None, said: str, empty: Path, lutu: Lutu, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    answer = lutu("add", empty, "building", tmp_path / name)
    assert answer.code == 1
    assert said in answer.err


def test_unknown_tables_and_rasters_are_said_with_the_known(empty: Path, files: Path, lutu: Lutu) -> None:
    assert "Choose one of: building, parcel" in lutu("add", empty, "house", files / "city.gpkg").err
    for name in ("", "../../x", "terrian"):
        answer = lutu("add", empty, f"raster:{name}", files / "city.gpkg")
        assert answer.code == 1
        assert "terrain" in answer.err


def test_a_sheet_says_its_place_by_wkt_or_by_two_columns(empty: Path, lutu: Lutu, tmp_path: Path) -> None:
    frame = buildings()
    as_sheet(frame, WKT=frame.geometry.to_wkt()).to_excel(tmp_path / "b.xlsx", index=False)
    assert "does not say which reference" in lutu("add", empty, "building", tmp_path / "b.xlsx").err
    assert lutu("add", empty, "building", tmp_path / "b.xlsx", "--crs", "4545").code == 0
    points = frame.geometry.centroid.to_crs(4490)
    sheet = as_sheet(frame, 甲=points.x.to_numpy(), 乙=points.y.to_numpy())
    sheet.to_csv(tmp_path / "f.csv", index=False, encoding="gb18030")
    answer = lutu("add", empty, "facility", tmp_path / "f.csv", "--crs", "4490")
    assert "Choose the columns of longitude and latitude" in answer.err
    named = lutu("add", empty, "facility", tmp_path / "f.csv", "--crs", "4490", "--coordinates", "甲,乙")
    assert named.code == 0
    assert (
        "does not name two columns"
        in lutu("add", empty, "facility", tmp_path / "f.csv", "--coordinates", "甲").err
    )


def test_longitudes_without_a_datum_are_asked_about(empty: Path, lutu: Lutu, tmp_path: Path) -> None:
    points = buildings().geometry.centroid.to_crs(4490)
    sheet = as_sheet(buildings(), lon=points.x.to_numpy(), lat=points.y.to_numpy())
    sheet = sheet.rename(columns={"lon": "经度", "lat": "纬度"})
    sheet.to_csv(tmp_path / "f.csv", index=False)
    answer = lutu("add", empty, "facility", tmp_path / "f.csv")
    assert answer.code == 1
    assert "GCJ-02 (Amap, Tencent) or BD-09 (Baidu)" in answer.err


def test_the_list_of_a_file_says_layers_columns_encodings_and_doubts(
    empty: Path, lutu: Lutu, tmp_path: Path
) -> None:
    frame = parcels().rename(columns={"用地面积": "面积（亩）"})
    sheet = as_sheet(frame, WKT=frame.geometry.to_wkt())
    sheet.to_csv(tmp_path / "p.csv", index=False, encoding="gb18030")
    answer = lutu("add", empty, "parcel", tmp_path / "p.csv", "--list", "--crs", "4545")
    assert answer.code == 0
    assert "p  ·  CSV  ·  WKT  ·  2 rows" in answer.out
    assert "gb18030" in answer.out and "地块编号" in answer.out
    assert "far ← 容积率" in answer.out
    assert "[亩]" in answer.out
    assert "To decide:" in answer.out
    assert lutu("check", empty).code == 1, "a list takes nothing in"


# Rasters and weather


def raster(
    path: Path, *, crs: object = EPSG, west: float = WEST - 50, cell_m: float = 10, value: float = 400
) -> Path:
    values = np.full((40, 40), value, dtype=np.float32)
    south = SOUTH - 50 if cell_m >= 1 else 34.32
    transform = rasterio.Affine(cell_m, 0, west, 0, -cell_m, south + 40 * cell_m)
    with rasterio.open(
        path, "w", driver="GTiff", height=40, width=40, count=1, dtype="float32", crs=crs, transform=transform
    ) as file:
        file.write(values, 1)
    return path


def test_a_raster_without_a_system_is_asked_about(given: Path, lutu: Lutu, tmp_path: Path) -> None:
    path = raster(tmp_path / "t.tif", crs=None)
    answer = lutu("add", given, "raster:terrain", path)
    assert answer.code == 1
    assert "reference system" in answer.err
    assert lutu("add", given, "raster:terrain", path, "--crs", "4545").code == 0


def test_a_raster_in_degrees_is_brought_to_metres(given: Path, lutu: Lutu, tmp_path: Path) -> None:
    path = raster(tmp_path / "t.tif", crs=4326, west=107.98, cell_m=0.001)
    assert lutu("add", given, "raster:terrain", path).code == 0
    assert "has no values" not in lutu("check", given).out


def test_terrain_that_misses_buildings_is_said_with_their_ids(
    given: Path, lutu: Lutu, tmp_path: Path
) -> None:
    assert lutu("add", given, "raster:terrain", raster(tmp_path / "t.tif", west=WEST + 60)).code == 0
    answer = lutu("check", given)
    assert answer.code == 0
    assert "where the raster “Ground level” has no values" in answer.out and "(B0, B1)" in answer.out
    assert lutu("add", given, "raster:terrain", raster(tmp_path / "u.tif", west=WEST + 9e4)).code == 0
    assert lutu("check", given).code == 1


def test_a_raster_of_missing_values_is_refused(given: Path, lutu: Lutu, tmp_path: Path) -> None:
    answer = lutu("add", given, "raster:terrain", raster(tmp_path / "t.tif", value=float("nan")))
    assert answer.code == 1
    assert "holds no values" in answer.err


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.epw", ""), ("a.epw", "\x00\x01"), ("a.epw", "LOCATION,Xian\n1,2,3\n"), ("a.csv", "a,b\n1,2\n")],
)
def test_weather_that_is_none_is_refused(
    name: str, content: str, empty: Path, lutu: Lutu, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content)
    answer = lutu("add", empty, "weather", tmp_path / name)
    assert answer.code == 1
    assert "eather file" in answer.err


def test_weather_cut_off_in_the_middle_is_refused(
    empty: Path, lutu: Lutu, shared: Path, tmp_path: Path
) -> None:
    whole = next(iter(sorted((shared / "data").rglob("*.epw"))), None)
    if whole is None:
        pytest.skip("no EPW file among the real data")
    (tmp_path / "cut.epw").write_bytes(whole.read_bytes()[:200_000])
    answer = lutu("add", empty, "weather", tmp_path / "cut.epw")
    assert answer.code == 1
    assert "8760" in answer.err


def test_messages_about_bad_data_are_all_in_chinese(empty: Path, lutu: Lutu, tmp_path: Path) -> None:
    frame = buildings().assign(
        高度=["十五", "-5", "5000", "15", "", "15"], 楼栋编号=["A", "A", "B", "C", "D", "E"]
    )
    path = write(frame, tmp_path / "b.gpkg")
    added = lutu("add", empty, "building", path, "--language", "zh")
    checked = lutu("check", empty, "--language", "zh")
    for line in (added.out + checked.out).splitlines():
        latin = [word for word in line.split() if word.isascii() and word.isalpha() and len(word) > 2]
        assert set(latin) <= {"building", "EPW"}, line
