"""Rasters come in north up, in square cells, with NaN for what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from pyproj import CRS

from core.problems import UserError
from layers.city import Raster
from layers.rasters import crop, read_raster, resample, warp

ZONE = CRS.from_epsg(4549)
NORTH_UP = Affine(2.0, 0.0, 500_000.0, 0.0, -2.0, 3_450_000.0)
SLOPE = np.add.outer(np.arange(6.0), np.arange(8.0)).astype("float32") + 20.25


def written(
    path: Path, values: Any = SLOPE, transform: Affine = NORTH_UP, crs: Any = "EPSG:4549", **more: Any
) -> Path:
    bands = values if values.ndim == 3 else values[None]
    profile = {"count": len(bands), "height": bands.shape[1], "width": bands.shape[2], "dtype": bands.dtype}
    with rasterio.open(path, "w", driver="GTiff", transform=transform, crs=crs, **profile, **more) as file:
        file.write(bands)
    return path


def words(problems: list[Any]) -> str:
    return " ".join(problem.said() for problem in problems)


def test_a_sound_raster_comes_in_as_it_is(tmp_path):
    raster, problems = read_raster(written(tmp_path / "a.tif"))
    np.testing.assert_array_equal(raster.values, SLOPE)
    assert (raster.transform, raster.crs.to_epsg(), problems) == (NORTH_UP, 4549, [])


@pytest.mark.parametrize("mark", [-9999.0, -32768.0, 3.4e38, 1e38])
def test_usual_marks_of_missing_cells_are_nan_even_where_none_is_declared(tmp_path, mark):
    values = SLOPE.copy()
    values[0, 0] = mark
    raster, _ = read_raster(written(tmp_path / "a.tif", values))
    assert np.isnan(raster.values).sum() == 1


def test_the_declared_mark_is_nan(tmp_path):
    values = SLOPE.copy()
    values[1, 2] = 77.0
    raster, _ = read_raster(written(tmp_path / "a.tif", values, nodata=77.0))
    assert np.argwhere(np.isnan(raster.values)).tolist() == [[1, 2]]


def test_zeros_far_below_everything_else_are_missing_and_said(tmp_path):
    values = SLOPE.copy() + 500
    values[2:4, 2:4] = 0
    raster, problems = read_raster(written(tmp_path / "a.tif", values))
    assert np.isnan(raster.values).sum() == 4
    assert "4 cells of the raster are 0" in words(problems)


def test_zeros_at_the_sea_stay(tmp_path):
    values = np.maximum(SLOPE - 25, 0)
    raster, _ = read_raster(written(tmp_path / "a.tif", values))
    assert not np.isnan(raster.values).any()


def test_a_raster_without_reference_system_is_refused_unless_one_is_stated(tmp_path):
    path = written(tmp_path / "a.tif", crs=None)
    with pytest.raises(UserError, match="names no reference system"):
        read_raster(path)
    assert read_raster(path, ZONE)[0].crs == ZONE


def test_a_file_that_is_no_raster_is_refused(tmp_path):
    path = tmp_path / "a.tif"
    path.write_text("no raster")
    with pytest.raises(UserError, match="cannot be read"):
        read_raster(path)


def test_a_raster_of_nothing_but_missing_cells_is_refused(tmp_path):
    with pytest.raises(UserError, match="holds no values"):
        read_raster(written(tmp_path / "a.tif", np.full((4, 4), -9999.0, dtype="float32")))


def test_an_ascii_grid_is_read(tmp_path):
    path = tmp_path / "a.asc"
    path.write_text(
        "ncols 2\nnrows 2\nxllcorner 500000\nyllcorner 3450000\ncellsize 5\nNODATA_value -9999\n1.5 2.5\n-9999 4.5\n"
    )
    raster, _ = read_raster(path, ZONE)
    np.testing.assert_array_equal(raster.values, np.array([[1.5, 2.5], [np.nan, 4.5]], dtype="float32"))


def test_an_erdas_image_is_read(tmp_path):
    profile = {
        "count": 1,
        "height": 6,
        "width": 8,
        "dtype": "float32",
        "transform": NORTH_UP,
        "crs": "EPSG:4549",
    }
    with rasterio.open(tmp_path / "a.img", "w", driver="HFA", **profile) as file:
        file.write(SLOPE, 1)
    np.testing.assert_array_equal(read_raster(tmp_path / "a.img")[0].values, SLOPE)


def test_a_raster_from_south_to_north_is_turned(tmp_path):
    upwards = Affine(2.0, 0.0, 500_000.0, 0.0, 2.0, 3_449_988.0)
    raster, problems = read_raster(written(tmp_path / "a.tif", SLOPE[::-1], upwards))
    np.testing.assert_array_equal(raster.values, SLOPE)
    assert raster.transform == NORTH_UP
    assert "from south to north" in words(problems)


def test_a_raster_askew_keeps_the_height_at_a_place(tmp_path):
    askew = Affine.translation(500_000, 3_450_000) @ Affine.rotation(-30) @ Affine.scale(2, -2)
    raster, problems = read_raster(written(tmp_path / "a.tif", SLOPE, askew))
    east, north = askew @ (4.5, 3.5)
    column, row = ~raster.transform @ (east, north)
    assert raster.values[int(row), int(column)] == pytest.approx(SLOPE[3, 4], abs=1.0)
    assert raster.transform.b == 0
    assert "askew" in words(problems)


def test_cells_that_are_not_square_become_square(tmp_path):
    raster, problems = read_raster(
        written(tmp_path / "a.tif", SLOPE, Affine(2.0, 0, 500_000, 0, -4.0, 3_450_000))
    )
    assert raster.transform.a == -raster.transform.e == 2.0
    assert raster.values.shape == (12, 8)
    assert "not square (2 by 4)" in words(problems)


def test_whole_metres_are_said_to_make_terraces(tmp_path):
    _, problems = read_raster(written(tmp_path / "a.tif", np.floor(SLOPE)))
    assert "terraces" in words(problems)


def test_heights_in_feet_are_suspected_where_the_file_says_so(tmp_path):
    path = written(tmp_path / "a.tif")
    with rasterio.open(path, "r+") as file:
        file.units = ("ft",)
    assert "feet" in words(read_raster(path)[1])


def test_the_first_of_several_bands_is_taken_and_said(tmp_path):
    raster, problems = read_raster(written(tmp_path / "a.tif", np.stack([SLOPE, SLOPE + 1])))
    np.testing.assert_array_equal(raster.values, SLOPE)
    assert "2 bands" in words(problems)


def test_only_the_wanted_part_is_read(tmp_path):
    raster, _ = read_raster(written(tmp_path / "a.tif"), bounds=(500_004, 3_449_992, 500_010, 3_449_998))
    np.testing.assert_array_equal(raster.values, SLOPE[1:4, 2:5])


def test_a_part_outside_the_raster_is_refused(tmp_path):
    with pytest.raises(UserError, match="outside the area"):
        read_raster(written(tmp_path / "a.tif"), bounds=(0, 0, 10, 10))


def test_a_plane_stays_a_plane_when_resampled():
    plane = Raster(np.add.outer(np.arange(20.0), 2 * np.arange(20.0)).astype("float32"), NORTH_UP, ZONE)
    fine = resample(plane, NORTH_UP @ Affine.scale(0.5), (40, 40))
    rows, columns = np.mgrid[4:36, 4:36]
    expected = (rows + 0.5) / 2 - 0.5 + 2 * ((columns + 0.5) / 2 - 0.5)
    np.testing.assert_allclose(fine.values[4:36, 4:36], expected, atol=1e-3)


def test_a_missing_cell_does_not_pull_its_neighbours_down():
    values = np.full((10, 10), 100.0, dtype="float32")
    values[5, 5] = np.nan
    fine = resample(Raster(values, NORTH_UP, ZONE), NORTH_UP @ Affine.scale(0.5), (20, 20))
    assert np.nanmin(fine.values) == pytest.approx(100.0)


def test_cropping_keeps_heights_in_place():
    part = crop(Raster(SLOPE, NORTH_UP, ZONE), (500_004, 3_449_992, 500_010, 3_449_998))
    np.testing.assert_array_equal(part.values, SLOPE[1:4, 2:5])
    assert part.transform @ (0, 0) == (500_004, 3_449_998)


def test_a_raster_there_and_back_again_keeps_its_heights():
    values = np.add.outer(np.arange(60.0), np.arange(60.0)).astype("float32")
    there = warp(Raster(values, NORTH_UP, ZONE), CRS.from_epsg(32651), 1.0)
    back = resample(warp(there, ZONE, 1.0), NORTH_UP, values.shape)
    np.testing.assert_allclose(back.values[5:-5, 5:-5], values[5:-5, 5:-5], atol=0.5)


def test_a_compound_reference_system_leaves_its_horizontal_part(shared: Path):
    raster, problems = read_raster(shared / "data/lidar/nl_ahn_dsm_0p5m.tif")
    assert raster.crs.to_epsg() == 28992
    assert raster.cell_m == 0.5
    assert "NAP height" in words(problems)
