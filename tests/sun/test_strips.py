"""Rasters read, swept and written strip by strip, against the same raster held as a whole."""

import errno

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.transform import from_origin

from core.jobs import Cancelled, Job
from core.problems import UserError
from sun import strips as module
from sun.far_terrain import FarTerrain
from sun.strips import irradiate_file, strips
from sun.sweep import irradiate
from tests.sun.greensboro import table
from tests.sun.test_sweep import city


def written(path, height, cell_m=1.0, **profile):
    """A raster file of heights."""
    form = {"driver": "GTiff", "count": 1, "dtype": "float32", "crs": "EPSG:4547", "nodata": -9999.0}
    rows, columns = height.shape
    place = from_origin(500_000.0, 3_400_000.0, cell_m, cell_m)
    with rasterio.open(path, "w", height=rows, width=columns, transform=place, **(form | profile)) as file:
        file.write(np.where(np.isnan(height), -9999.0, height).astype(np.float32), 1)
    return path


def read(path):
    with rasterio.open(path) as file:
        return file.read(1, masked=True).filled(np.nan), (file.transform, file.crs, file.units)


def streamed(folder, height, cell_m=1.0, **options):
    source, target = written(folder / "dsm.tif", height, cell_m), folder / "year.tif"
    irradiate_file(source, target, options.pop("sky"), **options)
    return read(target)[0]


@pytest.mark.parametrize("shape", [(301, 260), (90, 700), (700, 90), (5, 3), (1, 9), (9, 1), (1, 1)])
@pytest.mark.parametrize("convergence", [0.0, -2.449])
def test_strips_give_the_bits_of_the_whole(tmp_path, shape, convergence):
    sky = table(azimuths=36, bands=12)
    height = (city(*shape) if min(shape) > 12 else np.random.default_rng(0).uniform(0, 20, shape)).astype(
        np.float32
    )
    whole = irradiate(height, 1.0, sky, convergence_deg=convergence)
    part = streamed(tmp_path, height, sky=sky, convergence_deg=convergence, rows=64)
    assert np.array_equal(part, whole)


@settings(max_examples=8, deadline=None)
@given(quarter=st.integers(1, 40), rows=st.integers(13, 200), seed=st.integers(0, 99))
def test_the_height_of_strips_changes_no_bit(tmp_path_factory, quarter, rows, seed):
    sky = table(azimuths=36, bands=12)
    height = city(rows, 61, seed).astype(np.float32)
    part = streamed(tmp_path_factory.mktemp("strips"), height, sky=sky, rows=4 * quarter)
    assert np.array_equal(part, irradiate(height, 1.0, sky))


def test_strips_with_holes_far_terrain_and_small_cells_give_the_bits_of_the_whole(tmp_path):
    sky = table()
    height = city(150, 130).astype(np.float32)
    height[60:70, 20:90] = np.nan
    far = FarTerrain(city(80, 80).astype(np.float32) * 20, 10.0, -350.0, 350.0)
    whole = irradiate(height, 0.5, sky, far=far)
    assert np.array_equal(streamed(tmp_path, height, 0.5, sky=sky, far=far, rows=32), whole, equal_nan=True)
    assert np.nanmean(whole) < 0.99 * np.nanmean(irradiate(height, 0.5, sky))


def test_the_result_lies_on_the_grid_of_the_heights(tmp_path):
    source = written(tmp_path / "dsm.tif", city(40, 50), 2.5)
    irradiate_file(source, tmp_path / "year.tif", table(azimuths=36, bands=12), rows=16)
    values, (place, system, units) = read(tmp_path / "year.tif")
    heights, (given_place, given_system, _) = read(source)
    assert (place, system, values.shape) == (given_place, given_system, heights.shape)
    assert units == ("kWh/m²",)


def test_every_row_is_in_one_strip_of_each_pass():
    for count in (1, 4, 63, 64, 65, 200):
        parts = strips(count, 64)
        for southward in (False, True):
            rows = [row for one in parts if one.southward == southward for row in range(one.first, one.last)]
            assert sorted(rows) == list(range(count))


def test_a_job_hears_of_every_strip_and_a_stopped_one_leaves_what_was_there(tmp_path):
    source, target = written(tmp_path / "dsm.tif", city(200, 60)), tmp_path / "year.tif"
    target.write_bytes(b"before")
    heard = []

    def stop_after_some(progress):
        heard.append(progress)
        if progress.step == "Casting shadows" and progress.share > 0.4:
            job.cancel()

    job = Job(stop_after_some, interval_s=0)
    with pytest.raises(Cancelled):
        irradiate_file(source, target, table(azimuths=36, bands=12), rows=32, job=job)
    assert heard[-1].share == pytest.approx(6 / 14)
    assert target.read_bytes() == b"before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dsm.tif", "year.tif"]


def test_a_file_that_breaks_off_is_said_to_be_unreadable(tmp_path):
    source = written(tmp_path / "dsm.tif", city(200, 200))
    source.write_bytes(source.read_bytes()[:60_000])
    with pytest.raises(UserError, match=r"dsm\.tif cannot be read as a raster"):
        irradiate_file(source, tmp_path / "year.tif", table(azimuths=36, bands=12), rows=32)
    assert not (tmp_path / "year.tif").exists()


def test_a_file_that_is_no_raster_is_refused(tmp_path):
    (tmp_path / "dsm.tif").write_text("no raster")
    with pytest.raises(UserError, match="cannot be read as a raster"):
        irradiate_file(tmp_path / "dsm.tif", tmp_path / "year.tif", table(azimuths=36, bands=12))


@pytest.mark.parametrize(
    "given", [{"crs": "EPSG:4326"}, {"crs": None}, {"transform": from_origin(0, 0, 1, 2)}]
)
def test_a_raster_in_degrees_or_of_oblong_cells_is_refused(tmp_path, given):
    place = given.pop("transform", from_origin(120, 31, 1, 1))
    with rasterio.open(
        tmp_path / "dsm.tif", "w", driver="GTiff", height=9, width=9, count=1, dtype="float32", transform=place,
        **({"crs": "EPSG:4547"} | given),
    ) as file:  # fmt: skip
        file.write(np.zeros((9, 9), np.float32), 1)
    with pytest.raises(UserError, match="no square cells in metres"):
        irradiate_file(tmp_path / "dsm.tif", tmp_path / "year.tif", table(azimuths=36, bands=12))


def test_a_raster_without_any_height_is_refused(tmp_path):
    source = written(tmp_path / "dsm.tif", np.full((20, 20), np.nan))
    with pytest.raises(UserError, match="holds no values"):
        irradiate_file(source, tmp_path / "year.tif", table(azimuths=36, bands=12))


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path, monkeypatch):
    source = written(tmp_path / "dsm.tif", city(100, 60))

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "_wait", full)
    with pytest.raises(UserError, match="The disk has no room left"):
        irradiate_file(source, tmp_path / "year.tif", table(azimuths=36, bands=12), rows=32)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dsm.tif"]


def test_a_folder_that_is_missing_is_said_before_anything_is_read(tmp_path):
    source = written(tmp_path / "dsm.tif", city(100, 60))
    with pytest.raises(UserError, match="does not exist"):
        irradiate_file(source, tmp_path / "nowhere" / "year.tif", table(azimuths=36, bands=12))


def test_strips_that_part_the_ranks_of_one_pass_are_refused(tmp_path):
    with pytest.raises(ValueError, match="multiple of 4"):
        irradiate_file(tmp_path / "dsm.tif", tmp_path / "year.tif", table(), rows=30)
