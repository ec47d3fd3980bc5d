"""Rasters as other programs read them back."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import rasterio
from affine import Affine
from pyproj import CRS

from layers.city import Raster
from layers.export import Category, write_cog

HERE = Affine(1, 0, 510_000, 0, -1, 4_057_000)


def raster(values: np.ndarray) -> Raster:
    return Raster(values.astype(np.float32), HERE, CRS(4548))


def irradiation() -> np.ndarray:
    values = np.random.default_rng(1).uniform(800, 1600, (1100, 1100)).astype(np.float32)
    values[:50] = np.nan
    return values


def test_a_raster_comes_back_with_its_values_place_unit_and_description(tmp_path: Path) -> None:
    values = irradiation()
    write_cog(tmp_path / "辐照.tif", raster(values), "屋面年辐照量", "kWh/m²")
    with rasterio.open(tmp_path / "辐照.tif") as band:
        assert band.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert band.tags(ns="IMAGE_STRUCTURE")["PREDICTOR"] == "3"
        assert (band.crs.to_epsg(), band.transform) == (4548, HERE)
        assert (band.descriptions, band.units) == (("屋面年辐照量",), ("kWh/m²",))
        assert band.overviews(1) == [2, 4]
        assert band.nodata == -9999
        np.testing.assert_array_equal(band.read(1, masked=True).filled(np.nan), values)


def test_overviews_average_and_missing_cells_do_not_pull_them_down(tmp_path: Path) -> None:
    values = np.full((1100, 1100), np.nan)
    values[::2] = 1000.0
    write_cog(tmp_path / "a.tif", raster(values), "", "")
    with rasterio.open(tmp_path / "a.tif", overview_level=0) as half:
        assert np.unique(half.read(1)).tolist() == [1000.0]


def test_a_raster_that_reaches_minus_9999_gets_another_value_for_missing(tmp_path: Path) -> None:
    values = np.full((20, 20), -9999.0)
    values[0, 0] = np.nan
    write_cog(tmp_path / "a.tif", raster(values), "", "")
    with rasterio.open(tmp_path / "a.tif") as band:
        assert band.read(1, masked=True).mask.sum() == 1


def test_classes_are_bytes_with_a_colour_table_and_a_style_beside(tmp_path: Path) -> None:
    values = np.random.default_rng(1).integers(0, 2, (1100, 1100)).astype(float)
    values[0, 0] = np.nan
    classes = [Category(0, "#2e8b69", "适宜"), Category(1, "#e6a79e", "禁止")]
    write_cog(tmp_path / "a.tif", raster(values), "适宜性", "", classes=classes)
    with rasterio.open(tmp_path / "a.tif") as band:
        assert band.dtypes == ("uint8",)
        assert band.colormap(1)[1] == (0xE6, 0xA7, 0x9E, 255)
        assert band.read(1, masked=True).mask.sum() == 1
    with rasterio.open(tmp_path / "a.tif", overview_level=0) as half:
        assert set(np.unique(half.read(1))) <= {0, 1, 255}
    labels = [
        entry.get("label") for entry in ElementTree.parse(tmp_path / "a.qml").getroot().iter("paletteEntry")
    ]
    assert labels == ["适宜", "禁止"]
