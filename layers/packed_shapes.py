"""Packed shapes: polygons of a large layer kept as flat coordinates; shapely makes objects of them when asked."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import ReferenceType, ref

import numpy as np
import shapely
from geopandas.array import GeometryArray, from_wkb
from numpy.typing import NDArray
from pyproj import CRS

MANY = 10_000  # shapes from which on a part of a layer is packed too

Shapes = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Rings:
    """Rings of polygons, flat.

    Parameters
    ----------
    xy : ndarray of float64, shape (vertices, 2)
        Coordinates. [units of the reference system]
    ring_offsets : ndarray of int64, shape (rings + 1)
        Where each ring begins in `xy`.
    polygon_offsets : ndarray of int64, shape (polygons + 1)
        Where each polygon begins among the rings; the outer ring is first.
    """

    xy: NDArray[np.float64]
    ring_offsets: NDArray[np.int64]
    polygon_offsets: NDArray[np.int64]

    @classmethod
    def of(cls, polygons: Shapes) -> Rings:
        """The rings of shapely polygons, none of which is missing or empty."""
        if not len(polygons):
            return cls.joined([])
        kind, xy, offsets = shapely.to_ragged_array(polygons, include_z=False, include_m=False)
        assert kind == shapely.GeometryType.POLYGON
        rings, outer = (one.astype(np.int64) for one in offsets)
        return cls(np.ascontiguousarray(xy, dtype=np.float64), rings, outer)

    @classmethod
    def joined(cls, pieces: Sequence[Rings]) -> Rings:
        """Those of several runs, one after another."""
        return cls(
            np.concatenate([np.zeros((0, 2)), *(piece.xy for piece in pieces)]),
            _offsets(*(np.diff(piece.ring_offsets) for piece in pieces)),
            _offsets(*(np.diff(piece.polygon_offsets) for piece in pieces)),
        )

    @property
    def bounds(self) -> NDArray[np.float64]:
        """West, south, east, north of each polygon; shape (polygons, 4)."""
        first = self.ring_offsets[self.polygon_offsets[:-1]]
        if not len(first):
            return np.zeros((0, 4))
        return np.hstack([np.minimum.reduceat(self.xy, first), np.maximum.reduceat(self.xy, first)])

    def polygons(self) -> Shapes:
        """All of them as shapely polygons."""
        made: Shapes = shapely.from_ragged_array(
            shapely.GeometryType.POLYGON, self.xy, (self.ring_offsets, self.polygon_offsets)
        )
        return made

    def some(self, wanted: NDArray[np.int64]) -> Rings:
        """The rings of some polygons, in the order asked for."""
        rings, polygon_offsets = _runs(self.polygon_offsets, wanted)
        vertices, ring_offsets = _runs(self.ring_offsets, rings)
        return Rings(self.xy[vertices], ring_offsets, polygon_offsets)


class PackedShapes(GeometryArray):  # type: ignore[misc]  # geopandas has no types
    """A geometry array that keeps its plain polygons as rings, in a third of the room of shapely's objects.

    Asked for all its shapes, it makes them, and lets go of them when nobody holds them any more; asked for some, it makes
    those. What is no plain polygon (missing, empty, of several parts, with heights, not finite) is kept as it is.

    Parameters
    ----------
    rings : Rings
        Of the plain polygons.
    others : ndarray of shapely geometries or None
        What is no plain polygon.
    plain : ndarray of bool, shape (shapes)
        Which shapes are among the rings; both kinds are in the order of the shapes.
    crs : CRS, optional
        Reference system.
    """

    def __init__(
        self, rings: Rings, others: Shapes, plain: NDArray[np.bool_], crs: CRS | str | None = None
    ) -> None:
        self.rings, self.others, self.plain = rings, others, plain
        self._made: ReferenceType[Shapes] | None = None
        self._changed: Shapes | None = None  # the shapes themselves, once one was put in place of another
        self._crs = None
        self.crs = crs
        self._sindex = None

    @classmethod
    def of(cls, shapes: Shapes, crs: CRS | str | None = None) -> PackedShapes:
        """Shapes packed."""
        plain = _plain(shapes)
        return cls(Rings.of(shapes[plain]), shapes[~plain], plain, crs)

    @classmethod
    def joined(cls, pieces: Sequence[PackedShapes], crs: CRS | str | None = None) -> PackedShapes:
        """Several runs of shapes, one after another."""
        return cls(
            Rings.joined([piece.rings for piece in pieces]),
            np.concatenate([piece.others for piece in pieces]),
            np.concatenate([piece.plain for piece in pieces]),
            crs,
        )

    @cached_property
    def _place(self) -> NDArray[np.int64]:
        """Of each shape among those of its kind."""
        place: NDArray[np.int64] = np.where(self.plain, np.cumsum(self.plain), np.cumsum(~self.plain)) - 1
        return place

    @property
    def all_plain(self) -> bool:
        """Whether the rings tell all there is."""
        return self._changed is None and not len(self.others)

    @property
    def _data(self) -> Shapes:
        if self._changed is not None:
            return self._changed
        made = self._made() if self._made is not None else None
        if made is None:
            made = np.empty(len(self.plain), dtype=object)
            made[self.plain] = self.rings.polygons()
            made[~self.plain] = self.others
            self._made = ref(made)
        return made

    @_data.setter
    def _data(self, shapes: Shapes) -> None:
        self._changed = shapes

    def _some(self, rows: NDArray[np.int64]) -> GeometryArray:
        """Some shapes, in the order asked for, many of them packed again; none where the row is -1."""
        if self._changed is not None:
            chosen = self._changed[rows]
            chosen[rows < 0] = None
            return GeometryArray(chosen, crs=self.crs)
        if len(rows) == self.size and np.array_equal(rows, np.arange(self.size)):
            return self.copy()
        there = rows >= 0
        plain = there & self.plain[rows]
        others = np.empty(int((~plain).sum()), dtype=object)
        others[there[~plain]] = self.others[self._place[rows[there & ~plain]]]
        some = PackedShapes(self.rings.some(self._place[rows[plain]]), others, plain, self.crs)
        return some if len(rows) >= MANY else GeometryArray(some._data, crs=self.crs)

    # ---- what pandas and geopandas ask for, without making all shapes

    @property
    def size(self) -> int:
        """Number of shapes."""
        return len(self.plain)

    @property
    def nbytes(self) -> int:
        """Room that the rings take. [bytes]"""
        return int(self.rings.xy.nbytes + self.rings.ring_offsets.nbytes + self.rings.polygon_offsets.nbytes)

    def isna(self) -> NDArray[np.bool_]:
        """Which shapes are missing."""
        if self._changed is not None:
            missing: NDArray[np.bool_] = shapely.is_missing(self._changed)
            return missing
        missing = np.zeros(self.size, dtype=np.bool_)
        missing[~self.plain] = shapely.is_missing(self.others)
        return missing

    def __getitem__(self, idx: Any) -> Any:
        if isinstance(idx, numbers.Integral):
            return self._some(np.array([range(self.size)[int(idx)]]))._data[0]
        if isinstance(idx, slice) and idx == slice(None):
            return self.copy() if self._changed is None else super().__getitem__(idx)
        return self._some(np.arange(self.size)[np.asarray(idx) if not isinstance(idx, slice) else idx])

    def __setitem__(self, key: Any, value: Any) -> None:
        self._data = self._data.copy()
        super().__setitem__(key, value)

    def copy(self, *args: Any, **kwargs: Any) -> GeometryArray:
        """Another array of the same shapes; rings are never changed, so that both may share them."""
        if self._changed is not None:
            return super().copy()
        twin = PackedShapes.__new__(PackedShapes)
        twin.__dict__.update(self.__dict__)
        return twin

    def take(self, indices: Any, allow_fill: bool = False, fill_value: Any = None) -> GeometryArray:
        """Some shapes by their places; see `pandas.api.extensions.ExtensionArray.take`."""
        rows = np.asarray(indices, dtype=np.int64)
        if (rows < (-1 if allow_fill else -self.size)).any() or (rows >= self.size).any() or fill_value:
            return super().take(
                indices, allow_fill=allow_fill, fill_value=fill_value
            )  # which says what is wrong
        return self._some(rows if allow_fill else rows % max(1, self.size))

    def __reduce__(self) -> tuple[Any, ...]:
        return from_wkb, (shapely.to_wkb(self._data), self.crs)


def _plain(shapes: Shapes) -> NDArray[np.bool_]:
    """Which shapes are polygons of the plane with finite corners."""
    plain: NDArray[np.bool_] = (
        (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON)
        & ~shapely.is_empty(shapes)
        & ~shapely.has_z(shapes)
        & ~shapely.has_m(shapes)
    )
    rows = np.flatnonzero(plain)
    xy, owner = shapely.get_coordinates(shapes[rows], return_index=True)
    plain[rows[owner[~np.isfinite(xy).all(axis=1)]]] = False
    return plain


def _offsets(*counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where runs begin, from how long they are, and the end of the last."""
    return np.concatenate([[0], np.cumsum(np.concatenate([np.zeros(0, np.int64), *counts]))]).astype(np.int64)


def _runs(
    offsets: NDArray[np.int64], wanted: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The members of some runs one after another, and where each run begins among them."""
    lengths = offsets[wanted + 1] - offsets[wanted]
    begins = _offsets(lengths)
    members = np.arange(begins[-1]) + np.repeat(offsets[wanted] - begins[:-1], lengths)
    return members, begins
