"""A large layer is read in runs of rows, with the same result as at once, in less room."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from geopandas.testing import assert_geodataframe_equal, assert_geoseries_equal
from shapely.geometry import MultiPoint, Point

from core.jobs import Cancelled, Job, Progress
from layers import features
from layers.features import read_features, read_layers

ROWS = 23


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A layer of every kind of column, with gaps in its values and its row numbers; read eight rows at a time."""
    monkeypatch.setattr(features, "ROWS_AT_ONCE", 8)
    number = np.arange(ROWS)
    frame = gpd.GeoDataFrame(
        {
            "building_id": [f"B{n}" for n in number],
            "given_id": [f"B{n}" for n in number],
            "use": pd.Series(np.where(number % 2, "residential", "office")).where(number != 7, None),
            "height_m": np.where(number == 3, np.nan, number / 2),
            "beds": number,
            "heritage": number % 3 == 0,
            "note": pd.Series([None] * ROWS, dtype=object),
        },
        geometry=[Point(n, 2 * n) for n in number],
        crs=4545,
    )
    found = tmp_path / "city.gpkg"
    pyogrio.write_dataframe(frame, found, layer="building", driver="GPKG")
    return found


def test_a_layer_read_in_runs_is_that_read_at_once(path: Path) -> None:
    assert_geodataframe_equal(read_features(path, "building"), pyogrio.read_dataframe(path, layer="building"))


def test_equal_words_of_all_runs_are_one_object(path: Path) -> None:
    use = read_features(path, "building")["use"].dropna().astype(object)
    assert len({id(word) for word in use}) == 2


def test_shapes_that_are_missing_empty_or_of_many_parts_come_back(tmp_path: Path) -> None:
    shapes = [Point(1, 2), None, MultiPoint([(0, 0), (3, 4)]), Point(), Point(5, 6, 7)]
    frame = gpd.GeoDataFrame({"name": list("abcde")}, geometry=shapes, crs=4545)
    pyogrio.write_dataframe(frame, tmp_path / "x.gpkg", layer="facility", driver="GPKG")
    found = read_features(tmp_path / "x.gpkg", "facility").geometry
    assert_geoseries_equal(found, pyogrio.read_dataframe(tmp_path / "x.gpkg", layer="facility").geometry)


def test_columns_that_only_gdal_understands_are_read_by_gdal(tmp_path: Path) -> None:
    when = pd.to_datetime(["2026-11-27 10:00", "2026-11-28 11:30"])
    frame = gpd.GeoDataFrame({"when": when}, geometry=[Point(0, 0), Point(1, 1)], crs=4545)
    pyogrio.write_dataframe(frame, tmp_path / "x.gpkg", layer="note", driver="GPKG")
    found = read_features(tmp_path / "x.gpkg", "note")
    assert found["when"].dt.day.tolist() == [27, 28]


def test_shapes_go_with_their_table_without_waiting_for_the_collector(path: Path) -> None:
    gc.disable()
    try:
        found = read_features(path, "building")
        shape = weakref.ref(found.geometry.iloc[0])
        del found
        assert shape() is None
    finally:
        gc.enable()


def test_ids_kept_as_they_were_given_are_the_same_objects(path: Path) -> None:
    found = read_features(path, "building").astype(object)
    assert all(one is other for one, other in zip(found["building_id"], found["given_id"], strict=True))


def test_reading_says_how_far_it_is_and_stops_when_asked(path: Path) -> None:
    shares: list[float] = []

    def hear(progress: Progress) -> None:
        shares.append(progress.share)
        if progress.share >= 0.4:
            job.cancel()

    job = Job(hear, interval_s=0.0)
    with pytest.raises(Cancelled):
        read_layers(path, ["building"], job, "Reading the city")
    assert shares == pytest.approx([0.0, 1 / 3, 2 / 3])


def test_an_empty_layer_keeps_its_columns(tmp_path: Path) -> None:
    empty = gpd.GeoDataFrame({"name": pd.Series([], dtype=str)}, geometry=[], crs=4545)
    pyogrio.write_dataframe(empty, tmp_path / "x.gpkg", layer="road", driver="GPKG", geometry_type="Point")
    found = read_features(tmp_path / "x.gpkg", "road")
    assert list(found) == ["name", "geometry"] and found.empty


def test_a_layer_that_is_not_there_is_said_by_the_reader(path: Path) -> None:
    with pytest.raises(pyogrio.errors.DataLayerError):
        read_features(path, "parcel")
