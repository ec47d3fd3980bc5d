"""Ragged arrays: the geometries of a layer as flat coordinates that kernels draw and search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from cartography.spatial_index import (
    GridIndex,
    build_index,
    find_in_index,
    parts_at_point,
    parts_in_rectangle,
    sizes_of_parts,
)
from layers.packed_shapes import PackedShapes

SLICE = 20_000  # geometries read at once: shapely holds the GIL while it hands out coordinates

Bounds = tuple[float, float, float, float]


class Kind(IntEnum):
    """What the features of a layer are."""

    POLYGON = 2
    LINE = 1
    POINT = 0


_SINGLE = {0: Kind.POINT, 1: Kind.LINE, 2: Kind.LINE, 3: Kind.POLYGON}  # shapely's type ids
_NOTHING: Bounds = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Ragged:
    """Geometries of one kind, flat. A feature has no, one or several parts; a part has rings.

    Parameters
    ----------
    kind : Kind
        Polygons, lines or points. The parts of lines and points have a single "ring".
    features : int
        Number of features (rows), those without geometry included.
    xy : ndarray of float64, shape (vertices, 2)
        Coordinates. [m]
    ring_offsets : ndarray of int64, shape (rings + 1)
        Where each ring begins in `xy`.
    part_offsets : ndarray of int64, shape (parts + 1)
        Where each part begins among the rings; the outer ring is first.
    part_feature : ndarray of int32, shape (parts)
        Row of the feature that each part belongs to; ascending.
    bounds : ndarray of float64, shape (parts, 4)
        West, south, east, north of each part. [m]
    """

    kind: Kind
    features: int
    xy: NDArray[np.float64]
    ring_offsets: NDArray[np.int64]
    part_offsets: NDArray[np.int64]
    part_feature: NDArray[np.int32]
    bounds: NDArray[np.float64]

    @classmethod
    def of(cls, geometries: Iterable[Any]) -> Ragged:
        """The ragged arrays of shapely geometries.

        Parameters
        ----------
        geometries : GeoSeries or array of shapely geometries
            None and empty ones give features without parts; heights (Z) are left out; of a collection only
            the parts of the layer's kind are taken. The kind is polygons if there are any, else lines, else
            points. Parts with coordinates that are not finite are left out. Rings of packed shapes are shared.
        """
        array = getattr(geometries, "array", geometries)
        if isinstance(array, PackedShapes) and array.all_plain:
            rings = array.rings
            rows = np.arange(len(array), dtype=np.int32)
            offsets = rings.ring_offsets, rings.polygon_offsets
            return cls(Kind.POLYGON, len(array), rings.xy, *offsets, rows, rings.bounds)
        objects = np.asarray(geometries, dtype=object)
        slices = [objects[start : start + SLICE] for start in range(0, len(objects), SLICE)]
        exploded = [_single_parts(piece) for piece in slices]
        types = [shapely.get_type_id(parts) for parts, _ in exploded]
        found = {_SINGLE[int(code)] for codes in types for code in np.unique(codes)}
        kind = max(found, default=Kind.POLYGON)
        wanted = [code for code, of_kind in _SINGLE.items() if of_kind is kind]
        pieces = [
            _flat(parts[np.isin(codes, wanted)], rows[np.isin(codes, wanted)] + number * SLICE, kind)
            for number, ((parts, rows), codes) in enumerate(zip(exploded, types, strict=True))
        ]
        return cls(kind, len(objects), *_joined(pieces))

    @cached_property
    def extent(self) -> Bounds:
        """West, south, east, north of everything; zeros for an empty layer. [m]"""
        if not len(self.bounds):
            return _NOTHING
        low, high = self.bounds[:, :2].min(axis=0), self.bounds[:, 2:].max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    @cached_property
    def typical_m(self) -> float:
        """Middle size of a feature: square root of its bounding box, or its length for lines. [m]"""
        if not len(self.bounds):
            return 0.0
        step = max(1, len(self.bounds) // 50_000)  # the median of a sample is the median
        sides = self.bounds[::step, 2:] - self.bounds[::step, :2]
        sizes = np.sqrt(sides[:, 0] * sides[:, 1]) if self.kind is Kind.POLYGON else sides.max(axis=1)
        return float(np.median(sizes))

    @cached_property
    def index(self) -> GridIndex:
        """Spatial index over the parts, built without the GIL at first use."""
        return build_index(self.bounds)

    @cached_property
    def sizes(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """A point and an area of each feature: centre of its largest part, and m² of all its parts.

        Lines and points have area 0. Features without geometry have NaN as point.
        """
        centres, areas = sizes_of_parts(
            self.xy, self.ring_offsets, self.part_offsets, self.part_feature, self.bounds, self.features
        )
        return centres, areas if self.kind is Kind.POLYGON else np.zeros_like(areas)

    def query(self, bounds: Bounds) -> NDArray[np.int64]:
        """Parts whose bounding box meets a rectangle, ascending. [m]"""
        west, south, east, north = bounds
        return find_in_index(self.index, self.bounds, west, south, east, north)

    def at(self, x: float, y: float, tolerance_m: float = 0.0) -> NDArray[np.int64]:
        """Features at a point, the one drawn last first.

        Parameters
        ----------
        x, y : float
            Where. [m]
        tolerance_m : float
            How far lines and points may be away; polygons are tested exactly. [m]
        """
        reach = tolerance_m if self.kind is not Kind.POLYGON else 0.0
        parts = self.query((x - reach, y - reach, x + reach, y + reach))
        hit = parts_at_point(
            self.xy, self.ring_offsets, self.part_offsets, parts, int(self.kind), x, y, tolerance_m
        )
        return np.unique(self.part_feature[parts[hit]].astype(np.int64))[::-1]

    def within(self, bounds: Bounds, *, wholly: bool = False) -> NDArray[np.bool_]:
        """Which features meet a rectangle by their geometry, or lie wholly in it.

        Returns
        -------
        ndarray of bool, shape (features)
        """
        west, south, east, north = bounds
        parts = self.query(bounds)
        mask = np.zeros(self.features, dtype=np.bool_)
        if wholly:
            boxes = self.bounds[parts]
            inside = (boxes[:, :2] >= (west, south)).all(axis=1) & (boxes[:, 2:] <= (east, north)).all(axis=1)
            caught = np.bincount(self.part_feature[parts[inside]], minlength=self.features)
            mask[:] = (caught > 0) & (caught == self._parts_of_feature)
            return mask
        hit = parts_in_rectangle(
            self.xy, self.ring_offsets, self.part_offsets, parts, int(self.kind), west, south, east, north
        )
        mask[self.part_feature[parts[hit]]] = True
        return mask

    def parts_of(self, rows: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """Parts of some features."""
        wanted = np.zeros(self.features, dtype=np.bool_)
        wanted[rows] = True
        return np.flatnonzero(wanted[self.part_feature]) if len(self.part_feature) else np.zeros(0, np.int64)

    def extent_of(self, rows: NDArray[np.integer[Any]]) -> Bounds:
        """West, south, east, north of some features; zeros where they have no geometry. [m]"""
        boxes = self.bounds[self.parts_of(rows)]
        if not len(boxes):
            return _NOTHING
        low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def rings(self, part: int) -> list[NDArray[np.float64]]:
        """The rings of a part, the outer one first; for lines and points their one run of vertices."""
        first, last = self.part_offsets[part], self.part_offsets[part + 1]
        offsets = self.ring_offsets
        return [self.xy[offsets[ring] : offsets[ring + 1]] for ring in range(first, last)]

    @cached_property
    def _parts_of_feature(self) -> NDArray[np.int64]:
        return np.bincount(self.part_feature, minlength=self.features)


_Flat = tuple[
    NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]
]


def _single_parts(objects: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The single polygons, lines and points in some geometries, and the row each comes from."""
    parts, rows = objects, np.arange(len(objects))
    while (shapely.get_type_id(parts) > 3).any():
        inner, outer = shapely.get_parts(parts, return_index=True)
        parts, rows = inner, rows[outer]
    full = ~(shapely.is_empty(parts) | shapely.is_missing(parts))
    return parts[full], rows[full]


def _flat(parts: NDArray[Any], rows: NDArray[np.int64], kind: Kind) -> _Flat:
    """Coordinates, offsets, rows and bounds of single geometries of one kind."""
    xy, owner = shapely.get_coordinates(parts, return_index=True)
    broken = np.unique(owner[~np.isfinite(xy).all(axis=1)])
    if broken.size:
        return _flat(np.delete(parts, broken), np.delete(rows, broken), kind)
    holes = shapely.get_num_interior_rings(parts) if kind is Kind.POLYGON else np.zeros(len(parts), np.int64)
    part_offsets = _offsets(holes + 1)
    lengths = np.zeros(part_offsets[-1], dtype=np.int64)  # of rings; only parts with holes are taken apart
    lengths[part_offsets[:-1][holes == 0]] = shapely.get_num_coordinates(parts[holes == 0])
    holed = np.repeat(holes > 0, holes + 1)
    lengths[holed] = shapely.get_num_coordinates(shapely.get_rings(parts[holes > 0]))
    return (
        np.ascontiguousarray(xy, dtype=np.float64),
        _offsets(lengths),
        part_offsets,
        rows.astype(np.int32),
        np.ascontiguousarray(shapely.bounds(parts).reshape(-1, 4), dtype=np.float64),
    )


def _offsets(counts: NDArray[Any]) -> NDArray[np.int64]:
    """Where each run begins, and the end of the last."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _joined(pieces: list[_Flat]) -> _Flat:
    """Slices put together, their offsets moved on."""
    if not pieces:
        pieces = [_flat(np.zeros(0, dtype=object), np.zeros(0, np.int64), Kind.POLYGON)]
    return (
        np.concatenate([piece[0] for piece in pieces]),
        _offsets(np.concatenate([np.diff(piece[1]) for piece in pieces])),
        _offsets(np.concatenate([np.diff(piece[2]) for piece in pieces])),
        np.concatenate([piece[3] for piece in pieces]),
        np.concatenate([piece[4] for piece in pieces]),
    )
