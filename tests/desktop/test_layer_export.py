"""One layer is written for other programs: rows, all or some, and rasters, alike from window and command line."""

from __future__ import annotations

import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import rasterio

from tests.desktop.conftest import Answer, Lutu
from tests.desktop.ui.small_city import BLOCKS, twelve_blocks


@pytest.fixture
def ready(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """A project of twelve blocks whose roofs were assessed."""
    return Path(shutil.copytree(twelve_blocks(tmp_path_factory), tmp_path / "project"))


def written(answer: Answer) -> list[Path]:
    assert answer.code == 0, answer.said
    return [Path(one) for one in answer.json["files"]]


def test_a_layer_is_written_in_every_format_with_its_results(ready: Path, lutu: Lutu, tmp_path: Path) -> None:
    files = written(lutu("export", ready, "--layer", "building", "--out", tmp_path, "--json"))
    assert [file.suffix for file in files] == [".gpkg", ".shp", ".geojson", ".csv", ".xlsx"]
    layer = "Buildings"
    assert "pv_kwh_per_year" in gpd.read_file(files[0], layer=layer).columns
    assert [len(gpd.read_file(file)) for file in files[1:3]] == [BLOCKS, BLOCKS]
    assert len(pd.read_csv(files[3])) == BLOCKS
    assert openpyxl.load_workbook(files[4]).worksheets[0].max_row == BLOCKS + 2  # titles and units


def test_only_the_rows_that_are_named_are_written(ready: Path, lutu: Lutu, tmp_path: Path) -> None:
    words = ("--layer", "building", "--rows", "B1", "--rows", "B3", "--as", "geojson")
    [file] = written(lutu("export", ready, *words, "--out", tmp_path, "--json"))
    assert sorted(gpd.read_file(file)["building_id"]) == ["B1", "B3"]


def test_only_the_rows_that_meet_a_condition_are_written_and_the_workbook_says_so(
    ready: Path, lutu: Lutu, tmp_path: Path
) -> None:
    condition = 'building_id in ["B0", "B2"]'
    words = ("--layer", "building", "--where", condition, "--as", "gpkg", "--as", "xlsx")
    layers, book = written(lutu("export", ready, *words, "--out", tmp_path, "--json"))
    assert sorted(gpd.read_file(layers, layer="Buildings")["building_id"]) == ["B0", "B2"]
    about = openpyxl.load_workbook(book).worksheets[-1]
    assert any(condition in str(cell.value) for row in about.iter_rows() for cell in row)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--layer", "moon"], "moon"),
        (["--layer", "building", "--rows", "B77"], "B77"),
        (["--layer", "building", "--where", "height_m > 999"], "No row"),
        (["--layer", "building", "--as", "html"], "html"),
        (["--layer", "moon"], "raster:irradiation_kwh_per_m2"),
        (["--layer", "irradiation_kwh_per_m2", "--as", "shp"], "A raster cannot be written as shp"),
        (["--layer", "irradiation_kwh_per_m2", "--where", "height_m > 9"], "A raster has no rows"),
    ],
)
def test_what_cannot_be_written_is_said(ready: Path, lutu: Lutu, tmp_path: Path, words, said) -> None:
    answer = lutu("export", ready, *words, "--out", tmp_path / "out", "--language", "en")
    assert answer.code == 1 and said in answer.said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["irradiation_kwh_per_m2", "raster:irradiation_kwh_per_m2"])
def test_a_raster_is_written_by_its_name_with_its_unit(
    ready: Path, lutu: Lutu, tmp_path: Path, name: str
) -> None:
    [file] = written(lutu("export", ready, "--layer", name, "--out", tmp_path, "--json"))
    [same] = written(lutu("export", ready, "--as", "tif", "--out", tmp_path / "all", "--json"))
    with rasterio.open(file) as one, rasterio.open(same) as other:
        assert one.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert one.units == ("kWh/m²",) and one.descriptions == other.descriptions
        assert np.array_equal(one.read(), other.read())


def test_a_raster_found_before_the_last_change_of_the_data_says_so(
    ready: Path, lutu: Lutu, tmp_path: Path
) -> None:
    words = ("export", ready, "--layer", "irradiation_kwh_per_m2", "--out", tmp_path, "--json")
    assert lutu(*words).json["problems"] == []
    assert lutu("set", ready, "building", "height_m", "18", "B1").code == 0
    assert lutu("check", ready).code == 0
    [problem] = lutu(*words).json["problems"]
    assert problem["severity"] == "warning"


def test_a_raster_in_a_place_that_cannot_be_written_is_said(ready: Path, lutu: Lutu, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    words = ("--layer", "irradiation_kwh_per_m2", "--out", tmp_path / "file" / "inside", "--language", "en")
    answer = lutu("export", ready, *words)
    assert answer.code == 1 and "inside" in answer.said


def test_rows_without_a_layer_are_a_slip(ready: Path, lutu: Lutu) -> None:
    assert lutu("export", ready, "--rows", "B1", "--language", "en").code == 2
