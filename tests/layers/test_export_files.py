"""Files take their places all at once, or the old ones stay."""

from __future__ import annotations

import errno
import os
import resource
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from affine import Affine
from pyproj import CRS
from shapely import box

from core.jobs import Cancelled, Job, Progress
from core.problems import UserError
from layers.city import Raster
from layers.export import (
    Origin,
    write_cog,
    write_csv,
    write_geojson,
    write_geopackage,
    write_shapefile,
    write_xlsx,
)
from layers.export_files import replacing

ROWS = 3_000
Writer = Callable[[Path, Job], Any]


def parcels() -> gpd.GeoDataFrame:
    east = 510_000 + 20.0 * np.arange(ROWS)
    return gpd.GeoDataFrame(
        {"name": "光伏屋顶", "pv_kwp": np.random.default_rng(1).random(ROWS)},
        geometry=box(east, 4_057_000, east + 10, 4_057_010),
        crs=4548,
    )


def raster() -> Raster:
    values = np.random.default_rng(1).random((700, 700)).astype(np.float32)
    return Raster(values, Affine(1, 0, 510_000, 0, -1, 4_057_000), CRS(4548))


WRITERS: dict[str, Writer] = {
    "a.gpkg": lambda path, job: write_geopackage(path, {"地块": parcels()}, job=job),
    "a.shp": lambda path, job: write_shapefile(path, parcels(), job=job),
    "a.geojson": lambda path, job: write_geojson(path, parcels(), job=job),
    "a.tif": lambda path, job: write_cog(path, raster(), "辐照", "kWh/m²", job=job),
    "a.csv": lambda path, job: write_csv(path, parcels(), job=job),
    "a.xlsx": lambda path, job: write_xlsx(
        path, {"地块": parcels()}, Origin("青禾市", date(2026, 1, 1)), job=job
    ),
}
every_format = pytest.mark.parametrize("name", WRITERS)


@pytest.fixture
def small_disk() -> Iterator[None]:
    """A disk that takes no file larger than 20 kB."""
    limit, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, most))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))


@every_format
def test_a_disk_that_takes_no_more_leaves_the_old_file_and_nothing_else(
    name: str, tmp_path: Path, small_disk: None
) -> None:
    (tmp_path / name).write_text("old")
    with pytest.raises(UserError):
        WRITERS[name](tmp_path / name, Job())
    assert [file.name for file in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "old"


@every_format
def test_a_job_stopped_half_way_leaves_the_old_file_and_nothing_else(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("old")

    def stop(progress: Progress) -> None:
        job.cancel()

    job = Job(stop, interval_s=0)
    with pytest.raises(Cancelled):
        WRITERS[name](tmp_path / name, job)
    assert [file.name for file in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "old"


def test_compression_stops_when_asked_though_gdal_cannot(tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        if progress.step == "Compressing the raster":
            job.cancel()

    job = Job(stop, interval_s=0)
    with pytest.raises(Cancelled):
        write_cog(tmp_path / "a.tif", raster(), "", "", job=job)
    assert not (tmp_path / "a.tif").exists()


def test_a_full_disk_is_said_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match=r"no room left for 地块\.csv"):
        write_csv(tmp_path / "地块.csv", pd.DataFrame({"a": [1]}))
    assert not list(tmp_path.iterdir())


def test_a_file_open_in_another_program_is_said_and_all_parts_of_the_old_one_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for ending in ("shp", "dbf", "qix"):
        (tmp_path / f"a.{ending}").write_text("old")
    move = Path.replace

    def held(source: Path, target: Path) -> Path:
        if source.name == "a.shp" and source.parent == tmp_path:
            raise PermissionError(errno.EACCES, "The process cannot access the file")
        return move(source, target)

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(UserError, match="open in another program"):
        write_shapefile(tmp_path / "a.shp", parcels())
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {
        "a.shp": "old",
        "a.dbf": "old",
        "a.qix": "old",
    }


def test_a_geopackage_that_another_program_has_open_is_not_pulled_from_under_it(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    write_geopackage(path, {"parcel": parcels()})
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("UPDATE gpkg_contents SET description = '改'")
    with pytest.raises(UserError, match="open in another program"):
        write_geopackage(path, {"parcel": parcels()})
    assert other.execute("SELECT description FROM gpkg_contents").fetchone() == ("改",)
    other.close()
    write_geopackage(path, {"parcel": parcels()})


def test_a_file_is_replaced_only_when_that_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    with pytest.raises(UserError, match="there already"):
        write_csv(path, pd.DataFrame({"a": [1]}), overwrite=False)
    assert path.read_text() == "old"


def test_a_missing_folder_is_said_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        write_csv(tmp_path / "none" / "a.csv", pd.DataFrame({"a": [1]}))


def test_indices_of_the_old_shapefile_go_with_it(tmp_path: Path) -> None:
    write_shapefile(tmp_path / "a.shp", parcels())
    (tmp_path / "a.qix").write_text("index of the old one")
    write_shapefile(tmp_path / "a.shp", parcels().head(2))
    assert not (tmp_path / "a.qix").exists()


def test_an_error_of_ours_is_not_blamed_on_the_disk(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), replacing(tmp_path / "a.txt"):
        _ = 1 / 0
    assert not list(tmp_path.iterdir())
