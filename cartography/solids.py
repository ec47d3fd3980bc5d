"""Solids: footprints raised to their heights, and the ground below, as triangles in space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from cartography.ragged import Bounds, Ragged
from layers.city import Raster

Floats = NDArray[np.float64]
GROUND_CELLS = (
    160  # quads of the ground along its longer side: near enough for hills, few enough to turn fluently
)


@dataclass(frozen=True, eq=False)
class Solids:
    """Triangles in space, seen from outside anticlockwise.

    Parameters
    ----------
    origin : (east, north)
        What coordinates are relative to, so that they keep their digits in 32 bits. [m]
    vertices : ndarray of float32, shape (vertices, 3)
        East, north and up. [m]
    triangles : ndarray of int32, shape (triangles, 3)
        Numbers of vertices.
    owner : ndarray of int32, shape (triangles)
        Row of the feature plus one; 0 for the ground.
    normals : ndarray of float32, shape (triangles, 3)
        Unit vectors outwards.
    """

    origin: tuple[float, float]
    vertices: NDArray[np.float32]
    triangles: NDArray[np.int32]
    owner: NDArray[np.int32]
    normals: NDArray[np.float32]

    @property
    def extent(self) -> Bounds:
        """West, south, east, north, relative to the origin; zeros where there is nothing. [m]"""
        if not len(self.vertices):
            return (0.0, 0.0, 0.0, 0.0)
        low, high = self.vertices.min(axis=0), self.vertices.max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    @property
    def heights(self) -> tuple[float, float]:
        """The lowest and the highest point. [m]"""
        if not len(self.vertices):
            return (0.0, 0.0)
        return float(self.vertices[:, 2].min()), float(self.vertices[:, 2].max())

    @property
    def ground_vertices(self) -> NDArray[np.int32]:
        """Numbers of the vertices of the ground."""
        return np.unique(self.triangles[self.owner == 0])


def together(one: Solids, other: Solids) -> Solids:
    """Two sets of triangles about the same origin as one."""
    if one.origin != other.origin:
        raise ValueError("solids about different origins cannot stand together")
    return Solids(
        one.origin,
        np.concatenate([one.vertices, other.vertices]),
        np.concatenate([one.triangles, other.triangles + np.int32(len(one.vertices))]),
        np.concatenate([one.owner, other.owner]),
        np.concatenate([one.normals, other.normals]),
    )


def raised(ragged: Ragged, base_m: Floats, top_m: Floats, origin: tuple[float, float]) -> Solids:
    """Footprints as prisms with walls and flat roofs.

    Parameters
    ----------
    ragged : Ragged
        Polygons.
    base_m, top_m : ndarray, shape (features)
        Height of the foot and of the roof; features with a roof not above their foot, or with NaN, are left out. [m]
    origin : (east, north)
        What coordinates are made relative to. [m]
    """
    rings = _Rings.of(ragged, origin)
    stands = (top_m > base_m)[rings.feature]
    low = base_m[rings.feature[rings.ring_of_vertex]]
    high = top_m[rings.feature[rings.ring_of_vertex]]
    count = len(rings.xy)
    xy = rings.xy
    walls_low = np.column_stack([xy, low])
    walls_high = np.column_stack([xy, high])
    edges = np.flatnonzero(rings.goes_on & stands[rings.ring_of_vertex])
    ahead = edges + 1
    walls = np.concatenate(
        [
            np.column_stack([edges, ahead, ahead + count]),
            np.column_stack([edges, ahead + count, edges + count]),
        ]
    )
    wall_owner = np.tile(rings.feature[rings.ring_of_vertex[edges]] + 1, 2)
    corners, plain_feature, plain = _plain_roofs(ragged, rings, top_m > base_m)
    roofs, roof_feature = _other_roofs(ragged, (top_m > base_m)[ragged.part_feature] & ~plain, origin)
    roof_points = np.column_stack([roofs.reshape(-1, 2), np.repeat(top_m[roof_feature], 3)])
    vertices = np.concatenate([walls_low, walls_high, roof_points]).astype(np.float32)
    roof_triangles = np.arange(len(roof_points)).reshape(-1, 3) + 2 * count
    triangles = np.concatenate([walls, corners + count, roof_triangles])
    owner = np.concatenate([wall_owner, plain_feature + 1, roof_feature + 1])
    return _solids(origin, vertices, triangles, owner)


def ground(raster: Raster, extent: Bounds, origin: tuple[float, float]) -> Solids:
    """The ground of a terrain over an extent as a sheet of triangles; missing heights take the lowest known.

    Parameters
    ----------
    raster : Raster
        Heights, north up. [m]
    extent : west, south, east, north
        In the coordinates of the raster. [m]
    """
    west, south, east, north = extent
    step = max(east - west, north - south) / GROUND_CELLS
    x = np.linspace(west, east, max(2, round((east - west) / step) + 1))
    y = np.linspace(south, north, max(2, round((north - south) / step) + 1))
    across, along = np.meshgrid(x, y)
    return sheet(across, along, heights_at(raster, across, along), origin)


def flat_ground(extent: Bounds, height_m: float, origin: tuple[float, float]) -> Solids:
    """Level ground over an extent, where no terrain is known. [m]"""
    west, south, east, north = extent
    across, along = np.meshgrid(np.linspace(west, east, 41), np.linspace(south, north, 41))
    return sheet(across, along, np.full(across.shape, height_m), origin)


def sheet(across: Floats, along: Floats, up: Floats, origin: tuple[float, float]) -> Solids:
    """A grid of points as triangles of the ground.

    Parameters
    ----------
    across, along, up : ndarray, shape (rows, columns)
        East, north (ascending with the row) and height. [m]
    """
    rows, columns = across.shape
    vertices = np.column_stack([across.ravel() - origin[0], along.ravel() - origin[1], up.ravel()])
    corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    triangles = np.concatenate(
        [
            np.column_stack([corner, corner + 1, corner + columns + 1]),
            np.column_stack([corner, corner + columns + 1, corner + columns]),
        ]
    )
    return _solids(origin, vertices.astype(np.float32), triangles, np.zeros(len(triangles), np.int64))


def heights_at(raster: Raster, x: Floats, y: Floats) -> Floats:
    """Heights of a terrain at places, of the cell they lie in; beyond it those of its rim. [m]"""
    column, row = ~raster.transform @ (x, y)
    rows, columns = raster.values.shape
    found = raster.values[
        np.clip(np.floor(row).astype(np.int64), 0, rows - 1),
        np.clip(np.floor(column).astype(np.int64), 0, columns - 1),
    ].astype(np.float64)
    lowest = float(np.nanmin(raster.values)) if np.isfinite(raster.values).any() else 0.0
    return np.where(np.isfinite(found), found, lowest)


def feet(ragged: Ragged, raster: Raster) -> Floats:
    """The lowest ground under the corners of each feature; NaN where it has no geometry. [m], (features,)"""
    at = heights_at(raster, ragged.xy[:, 0], ragged.xy[:, 1])
    found = np.full(ragged.features, np.inf)
    part_of_ring = np.repeat(np.arange(len(ragged.part_feature)), np.diff(ragged.part_offsets))
    feature_of_vertex = np.repeat(ragged.part_feature[part_of_ring], np.diff(ragged.ring_offsets))
    np.minimum.at(found, feature_of_vertex, at)
    return np.where(np.isfinite(found), found, np.nan)


@dataclass(frozen=True, eq=False)
class _Rings:
    """Rings of polygons turned so that the solid lies on the left of every edge."""

    xy: Floats
    ring_of_vertex: NDArray[np.int64]
    feature: NDArray[np.int64]  # of each ring
    goes_on: NDArray[np.bool_]  # whether an edge leads from a vertex to the next

    @classmethod
    def of(cls, ragged: Ragged, origin: tuple[float, float]) -> _Rings:
        xy = ragged.xy - np.asarray(origin)
        lengths = np.diff(ragged.ring_offsets)
        ring_of_vertex = np.repeat(np.arange(len(lengths)), lengths)
        goes_on = np.ones(len(xy), dtype=np.bool_)
        goes_on[ragged.ring_offsets[1:] - 1] = False
        following = np.minimum(np.arange(len(xy)) + 1, max(len(xy) - 1, 0))
        twice = np.where(goes_on, xy[:, 0] * xy[following, 1] - xy[following, 0] * xy[:, 1], 0.0)
        area = np.bincount(ring_of_vertex, twice, minlength=len(lengths))
        outer = np.zeros(len(lengths), dtype=np.bool_)
        outer[ragged.part_offsets[:-1]] = True
        wrong = (area < 0) == outer
        place = np.arange(len(xy))
        turned = ragged.ring_offsets[ring_of_vertex] + ragged.ring_offsets[ring_of_vertex + 1] - 1 - place
        order = np.where(wrong[ring_of_vertex], turned, place) if len(xy) else place
        part_of_ring = np.repeat(np.arange(len(ragged.part_feature)), np.diff(ragged.part_offsets))
        return cls(xy[order], ring_of_vertex, ragged.part_feature[part_of_ring].astype(np.int64), goes_on)


def _plain_roofs(
    ragged: Ragged, rings: _Rings, stands: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Convex roofs of four corners cut along a diagonal: vertices of triangles, features, and which parts they are."""
    starts = ragged.ring_offsets[ragged.part_offsets[:-1]]
    single = np.diff(ragged.part_offsets) == 1
    corners = ragged.ring_offsets[ragged.part_offsets[:-1] + 1] - starts
    four = np.flatnonzero(stands[ragged.part_feature] & single & (corners == 5))
    places = starts[four][:, None] + np.arange(4)
    convex = _is_convex(rings.xy[places])
    places = places[convex]
    plain = np.zeros(len(starts), dtype=np.bool_)
    plain[four[convex]] = True
    feature = np.tile(ragged.part_feature[four[convex]].astype(np.int64), 2)
    return np.concatenate([places[:, [0, 1, 2]], places[:, [0, 2, 3]]]), feature, plain


def _other_roofs(
    ragged: Ragged, parts: NDArray[np.bool_], origin: tuple[float, float]
) -> tuple[Floats, NDArray[np.int64]]:
    """Roofs of any shape, triangulated: triangles seen from above anticlockwise, (n, 3, 2), and their features."""
    others = np.flatnonzero(parts)
    shapes = [_polygon(ragged.rings(int(part)), origin) for part in others]
    made = shapely.constrained_delaunay_triangles(np.array(shapes, dtype=object))
    pieces, place = shapely.get_parts(made, return_index=True)
    cut = shapely.get_coordinates(pieces).reshape(-1, 4, 2)[:, :3]
    across, along = cut[:, 1] - cut[:, 0], cut[:, 2] - cut[:, 0]
    clockwise = across[:, 0] * along[:, 1] - across[:, 1] * along[:, 0] < 0
    cut[clockwise] = cut[clockwise][:, [0, 2, 1]]
    return cut, ragged.part_feature[others[place]].astype(np.int64)


def _polygon(rings: list[Floats], origin: tuple[float, float]) -> shapely.Polygon:
    outer, *inner = (ring - np.asarray(origin) for ring in rings)
    return shapely.Polygon(outer, inner)


def _is_convex(quads: Floats) -> NDArray[np.bool_]:
    """Whether rings of four corners, (n, 4, 2), turn the same way at every corner."""
    sides = np.roll(quads, -1, axis=1) - quads
    ahead = np.roll(sides, -1, axis=1)
    turns = sides[..., 0] * ahead[..., 1] - sides[..., 1] * ahead[..., 0]
    return np.asarray((turns > 0).all(axis=1) | (turns < 0).all(axis=1))


def _solids(
    origin: tuple[float, float],
    vertices: NDArray[np.float32],
    triangles: NDArray[Any],
    owner: NDArray[Any],
) -> Solids:
    points = vertices[triangles].astype(np.float64)
    across = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
    length = np.linalg.norm(across, axis=1, keepdims=True)
    normals = np.divide(across, length, out=np.zeros_like(across), where=length > 0)
    return Solids(
        origin,
        np.ascontiguousarray(vertices),
        np.ascontiguousarray(triangles, dtype=np.int32),
        np.ascontiguousarray(owner, dtype=np.int32),
        np.ascontiguousarray(normals, dtype=np.float32),
    )
