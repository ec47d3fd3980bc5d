"""Packed shapes are the shapes themselves to pandas, geopandas and the map, in less room."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from geopandas.array import GeometryArray
from geopandas.testing import assert_geodataframe_equal
from pyproj import CRS
from shapely.geometry import MultiPolygon, Point, Polygon, box

from cartography.ragged import Ragged
from core.jobs import Job
from layers import features, packed_shapes
from layers.features import read_layers
from layers.packed_shapes import PackedShapes

YARD = box(0, 0, 90, 90).difference(box(30, 30, 60, 60))
PLAIN = [
    box(0, 0, 10, 10),
    YARD,
    Polygon([(500_000.25, 3_780_000.5), (500_009, 3_780_000), (500_004, 3_780_007)]),
]
MIXED = [
    PLAIN[0],
    None,
    YARD,
    MultiPolygon([box(0, 0, 1, 1), box(5, 0, 6, 1)]),
    Polygon(),
    Polygon([(0, 0, 7), (1, 0, 7), (1, 1, 7)]),
    PLAIN[2],
    Point(3, 4),
]


def both(shapes: list[Any]) -> tuple[GeometryArray, PackedShapes]:
    """The same shapes as objects and packed."""
    objects = np.array([*shapes, None], dtype=object)[:-1]
    return GeometryArray(objects, crs=4545), PackedShapes.of(objects, 4545)


def same(found: Any, wanted: Any) -> bool:
    """Whether two runs of shapes are the same to the last bit, in the same order."""
    return list(shapely.to_wkb(np.asarray(found))) == list(shapely.to_wkb(np.asarray(wanted)))


@pytest.mark.parametrize("shapes", [PLAIN, MIXED, [], [None], [Polygon()]])
def test_what_is_unpacked_is_what_was_packed(shapes: list[Any]) -> None:
    objects, packed = both(shapes)
    assert len(packed) == len(objects)
    assert packed.crs == CRS(4545)
    assert same(packed, objects)
    assert list(packed.isna()) == list(objects.isna())


@pytest.mark.parametrize("many", [1, 1000])
@pytest.mark.parametrize(
    "chosen",
    [
        lambda array: array[2:7],
        lambda array: array[::-1],
        lambda array: array[np.array([6, 0, 0, 3])],
        lambda array: array[np.array([True, False] * 4)],
        lambda array: array[:],
        lambda array: array.copy(),
        lambda array: array.take([7, 1, -1]),
        lambda array: array.take([2, -1, 6], allow_fill=True),
        lambda array: array.take([], allow_fill=True),
        lambda array: pickle.loads(pickle.dumps(array)),
        lambda array: GeometryArray(array),
        lambda array: GeometryArray._concat_same_type([array, array]),
        lambda array: pd.Series(array, index=list("abcdefgh")).reindex(list("hxa")).array,
        lambda array: gpd.GeoSeries(array).to_crs(4326).to_crs(4545).iloc[:0].array,
    ],
)
def test_some_of_them_are_those_of_the_objects(
    chosen: Callable[[GeometryArray], Any], many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed_shapes, "MANY", many)
    objects, packed = both(MIXED)
    assert same(chosen(packed), chosen(objects))


def test_a_single_one_is_a_shape_and_one_too_far_an_error() -> None:
    _, packed = both(MIXED)
    assert packed[2].equals_exact(YARD)
    assert packed[-2].equals_exact(PLAIN[2])
    assert packed[1] is None
    with pytest.raises(IndexError):
        packed[8]
    with pytest.raises(IndexError):
        packed.take([8])


def test_one_that_is_put_in_place_of_another_leaves_copies_as_they_were() -> None:
    objects, packed = both(MIXED)
    before = packed.copy()
    for array in (objects, packed):
        array[2] = box(7, 7, 8, 8)
        array[3] = None
    assert same(packed, objects)
    assert list(packed.isna()) == list(objects.isna())
    assert same(packed[1:4], objects[1:4])
    assert packed[2].equals_exact(box(7, 7, 8, 8))
    assert same(before, both(MIXED)[0])


def test_geopandas_computes_with_them_as_with_objects() -> None:
    objects, packed = (gpd.GeoSeries(array) for array in both(MIXED))
    assert np.array_equal(objects.area, packed.area, equal_nan=True)
    assert np.array_equal(objects.bounds, packed.bounds, equal_nan=True)
    assert list(objects.sindex.query(box(1, 1, 2, 2))) == list(packed.sindex.query(box(1, 1, 2, 2)))
    assert same(packed.buffer(1.0), objects.buffer(1.0))


@pytest.mark.filterwarnings("ignore:invalid value encountered")
def test_shapes_whose_corners_are_not_finite_are_kept_as_they_are() -> None:
    broken = shapely.polygons([[(0, 0), (1, np.nan), (1, 1), (0, 0)]])[0]
    packed = PackedShapes.of(np.array([PLAIN[0], broken], dtype=object))
    assert list(packed.plain) == [True, False]
    assert packed[1] is broken


@pytest.mark.parametrize("shapes", [PLAIN, MIXED[:7]])
def test_the_map_draws_them_as_it_draws_objects(shapes: list[Any]) -> None:
    objects, packed = (Ragged.of(array) for array in both(shapes))
    for name in ("kind", "features", "xy", "ring_offsets", "part_offsets", "part_feature", "bounds"):
        assert np.array_equal(getattr(packed, name), getattr(objects, name)), name


def test_the_map_and_the_table_of_plain_polygons_share_their_corners() -> None:
    _, packed = both(PLAIN)
    assert np.shares_memory(Ragged.of(gpd.GeoSeries(packed)).xy, packed.rings.xy)


def test_many_of_them_stay_packed_and_all_in_their_order_are_the_same_rings() -> None:
    rng = np.random.default_rng(1)
    _, packed = both([box(x, 0, x + 1, 1) for x in range(20_000)])
    mixed = packed.take(rng.permutation(20_000))
    assert isinstance(mixed, PackedShapes)
    assert isinstance(packed[:9_999], GeometryArray) and not isinstance(packed[:9_999], PackedShapes)
    frame = gpd.GeoDataFrame({"a": 1.0}, geometry=packed, index=pd.Index(range(20_000)))
    joined = frame.join(pd.DataFrame({"b": 2.0}, index=frame.index[::2]))
    assert joined.geometry.array.rings is packed.rings


def test_a_large_layer_is_read_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "ROWS_AT_ONCE", 8)
    monkeypatch.setattr(features, "MANY_ROWS", 20)
    for name, number in (("small", 20), ("large", 21)):
        frame = gpd.GeoDataFrame(
            {"floors": np.arange(number)}, geometry=[box(n, 0, n + 1, 2) for n in range(number)], crs=4545
        )
        pyogrio.write_dataframe(frame, tmp_path / "x.gpkg", layer=name, driver="GPKG", append=name == "large")
        found = read_layers(tmp_path / "x.gpkg", [name], Job(), "Reading the city")[name]
        assert isinstance(found.geometry.array, PackedShapes) == (name == "large")
        assert_geodataframe_equal(found, pyogrio.read_dataframe(tmp_path / "x.gpkg", layer=name))
