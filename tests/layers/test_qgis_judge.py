"""QGIS itself opens what Lütu writes: run by the system's Python, skipped where that has no QGIS."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from affine import Affine
from pyproj import CRS
from shapely import box

from layers.city import Raster
from layers.export import (
    Category,
    LayerStyle,
    Range,
    write_cog,
    write_geojson,
    write_geopackage,
    write_shapefile,
)

SYSTEM_PYTHON = Path("/usr/bin/python3")
JUDGE = Path(__file__).with_name("judge_in_qgis.py")
NAMES = ["青禾市第三中学", "<甲> & “乙”", "丙"]
GRADES = (
    Category("suitable", "#2e8b69", "适宜"),
    Category("forbidden", "#e6a79e", '禁止 <&">', hatched=True),
    Category(None, "#d5d9d8", "其他"),
)
BY_GRADE = LayerStyle("grade", categories=GRADES)
BY_CAPACITY = LayerStyle(
    "pv_kwp",
    ranges=(Range(0, 10, "#fff3c4", "0 – 10 kWp"), Range(10, 90, "#a63c0f", "10 – 90 kWp")),
    method="Quantile",
)


def environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8"}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What QGIS sees in one file of each format."""
    if (
        not SYSTEM_PYTHON.exists()
        or subprocess.run(
            [SYSTEM_PYTHON, "-c", "import qgis.core"], env=environment(), capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("the system's Python has no QGIS")
    folder = tmp_path_factory.mktemp("导出")
    parcels = gpd.GeoDataFrame(
        {"name": NAMES, "pv_kwp": [5.0, 12.5, 80.0], "grade": ["suitable", "forbidden", "conditional"]},
        geometry=[box(510_000 + 200 * n, 4_057_000, 510_100 + 200 * n, 4_057_100) for n in range(3)],
        index=pd.Index(["3701020000000000001", "0002", "0003"], name="parcel_id"),
        crs=4548,
    )
    layers = {"地块 装机": parcels, "地块 适宜性": parcels, "地块 单色": parcels}
    styles = {"地块 装机": BY_CAPACITY, "地块 适宜性": BY_GRADE, "地块 单色": LayerStyle(colour="#cfe3ee")}
    write_geopackage(folder / "a.gpkg", layers, styles, language="zh")
    write_shapefile(folder / "utf8.shp", parcels, style=BY_CAPACITY, language="zh")
    write_shapefile(folder / "gbk.shp", parcels, "GBK", language="zh")
    write_geojson(folder / "a.geojson", parcels, BY_GRADE, language="zh")
    here = Affine(1, 0, 510_000, 0, -1, 4_057_000)
    values = np.random.default_rng(1).uniform(800, 1600, (600, 600)).astype(np.float32)
    write_cog(folder / "a.tif", Raster(values, here, CRS(4548)), "屋面年辐照量", "kWh/m²")
    classes = [Category(0, "#2e8b69", "适宜"), Category(1, "#e6a79e", "禁止")]
    parts = (values > 1200).astype(np.float32)
    write_cog(folder / "classes.tif", Raster(parts, here, CRS(4548)), "适宜性", "", classes=classes)
    answer = folder / "seen.json"
    ran = subprocess.run(
        [SYSTEM_PYTHON, JUDGE, folder, answer],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert answer.exists(), ran.stderr
    return dict(json.loads(answer.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", ["capacity", "grade", "plain", "utf8", "gbk", "geojson"])
def test_qgis_opens_every_layer_with_all_features_and_chinese_words(seen: dict[str, Any], name: str) -> None:
    layer = seen[name]
    assert layer["valid"]
    assert layer["features"] == 3
    assert layer["crs"] == ("EPSG:4326" if name == "geojson" else "EPSG:4548")
    assert NAMES[0] in layer["first"]
    assert "3701020000000000001" in layer["first"]


def test_qgis_colours_a_geopackage_by_its_classes_at_once(seen: dict[str, Any]) -> None:
    layer = seen["capacity"]
    assert layer["renderer"] == "graduatedSymbol"
    assert layer["entries"] == [["0 – 10 kWp", 0, 10], ["10 – 90 kWp", 10, 90]]
    assert layer["colours"] == ["#fff3c4", "#a63c0f"]
    assert layer["colours_on_picture"] >= 3


def test_qgis_hatches_what_is_forbidden(seen: dict[str, Any]) -> None:
    layer = seen["grade"]
    assert layer["renderer"] == "categorizedSymbol"
    assert [entry[0] for entry in layer["entries"]] == ["适宜", '禁止 <&">', "其他"]
    assert layer["symbol_layers"] == [["SimpleFill"], ["SimpleFill", "LinePatternFill"], ["SimpleFill"]]


def test_qgis_draws_a_layer_without_classes_in_its_one_colour(seen: dict[str, Any]) -> None:
    assert (seen["plain"]["renderer"], seen["plain"]["colours"]) == ("singleSymbol", ["#cfe3ee"])


def test_qgis_shows_titles_with_units_over_the_columns(seen: dict[str, Any]) -> None:
    assert seen["capacity"]["titles"]["pv_kwp"] == "光伏装机容量 (kWp)"
    assert seen["utf8"]["titles"]["PV_KWP"] == "光伏装机容量 (kWp)"


def test_qgis_finds_the_style_beside_shapefile_and_geojson(seen: dict[str, Any]) -> None:
    assert seen["utf8"]["renderer"] == "graduatedSymbol"
    assert seen["geojson"]["renderer"] == "categorizedSymbol"


def test_qgis_reads_place_missing_value_and_name_of_a_raster(seen: dict[str, Any]) -> None:
    found = seen["raster"]
    assert (found["valid"], found["bands"], found["crs"], found["nodata"]) == (True, 1, "EPSG:4548", -9999)
    assert "屋面年辐照量" in found["name"]


def test_qgis_names_the_classes_of_a_raster(seen: dict[str, Any]) -> None:
    assert (seen["classes"]["renderer"], seen["classes"]["entries"]) == ("paletted", ["适宜", "禁止"])


def test_a_qgis_project_of_a_layer_opens_again_with_its_style(seen: dict[str, Any]) -> None:
    assert seen["project"] == {
        "written": True,
        "read": True,
        "layers": [["地块", True, "graduatedSymbol"]],
    }
