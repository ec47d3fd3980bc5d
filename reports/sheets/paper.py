"""Paper: which piece of the world a map shows at which round scale, and its shapes as paths on paper."""

from __future__ import annotations

import math
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from cartography.ragged import Bounds

UNITS_PER_MM = 100  # coordinates on paper are whole hundredths of a millimetre
SCALES = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)  # times a power of ten
LARGEST_SCALE = 500
SIMPLIFIED_MM = 0.03  # finer than a printer's dot at 600 dpi is not drawn
EDGE_MM = 3.0  # strokes at the cut stay outside the frame
VERTICES_A_PATH = 60_000
Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Frame:
    """The piece of the world on a map, and its size on paper.

    Parameters
    ----------
    west, north : float
        Coordinates of the upper left corner. [m]
    width_mm, height_mm : float
        Size on paper. [mm]
    scale : int
        Denominator of the scale.
    """

    west: float
    north: float
    width_mm: float
    height_mm: float
    scale: int

    @classmethod
    def around(cls, bounds: Bounds, width_mm: float, height_mm: float, *, filled: float = 0.97) -> Frame:
        """The frame that shows bounds in its middle at the largest round scale.

        Parameters
        ----------
        bounds : west, south, east, north
            What must be seen. [m]
        width_mm, height_mm : float
            Size on paper. [mm]
        filled : float
            Share of the frame that the bounds may fill, 0 to 1.
        """
        west, south, east, north = bounds
        needed = 1000 * max((east - west) / (width_mm * filled), (north - south) / (height_mm * filled))
        needed = max(needed, LARGEST_SCALE)
        power = 10.0 ** math.floor(math.log10(needed))
        scale = round(next(power * step for step in SCALES if power * step >= needed * (1 - 1e-9)))
        half = (width_mm * scale / 2000, height_mm * scale / 2000)
        return cls((west + east) / 2 - half[0], (south + north) / 2 + half[1], width_mm, height_mm, scale)

    @property
    def mm_per_m(self) -> float:
        """Millimetres of paper for a metre. [mm/m]"""
        return 1000 / self.scale

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north. [m]"""
        return (
            self.west,
            self.north - self.height_mm / self.mm_per_m,
            self.west + self.width_mm / self.mm_per_m,
            self.north,
        )

    def on_paper(self, x: float, y: float) -> tuple[float, float]:
        """Millimetres from the upper left corner of a place. [mm]"""
        return (x - self.west) * self.mm_per_m, (self.north - y) * self.mm_per_m

    def rows_of(self, table: gpd.GeoDataFrame) -> NDArray[np.int64]:
        """Rows of a table that reach into the frame, ascending."""
        found: NDArray[np.int64] = np.sort(table.sindex.query(shapely.box(*self.bounds)))
        return found

    def cut(self, shapes: Shapes) -> Shapes:
        """Shapes cut a little outside the frame; those wholly inside as they are, empty ones where nothing is left."""
        west, south, east, north = self.bounds
        pad = EDGE_MM / self.mm_per_m
        box = (west - pad, south - pad, east + pad, north + pad)
        bounds = shapely.bounds(shapes)
        across = (bounds[:, :2] < box[:2]).any(axis=1) | (bounds[:, 2:] > box[2:]).any(axis=1)
        if not across.any():
            return shapes
        cut = shapes.copy()
        cut[across] = shapely.clip_by_rect(shapes[across], *box)
        return cut

    def area_paths(self, shapes: Shapes) -> list[str]:
        """The outlines of areas as path data, some ten thousand vertices a path; lines and points are left out."""
        parts = shapely.get_parts(shapely.get_parts(self._simple(shapes)))
        return self._paths(shapely.get_rings(parts[shapely.get_type_id(parts) == 3]), closed=True)

    def line_paths(self, shapes: Shapes) -> list[str]:
        """Lines as path data; areas and points are left out."""
        parts = shapely.get_parts(shapely.get_parts(self._simple(shapes)))
        return self._paths(parts[np.isin(shapely.get_type_id(parts), (1, 2))], closed=False)

    def _simple(self, shapes: Shapes) -> Shapes:
        """Shapes without vertices that no eye can tell; what is smaller than that stays as it is."""
        simple: Shapes = shapely.simplify(shapes, SIMPLIFIED_MM / self.mm_per_m, preserve_topology=False)
        gone = shapely.is_empty(simple)
        simple[gone] = shapes[gone]
        return simple

    def _paths(self, rings: Shapes, *, closed: bool) -> list[str]:
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        if not len(xy):
            return []
        scale = self.mm_per_m * UNITS_PER_MM
        places = np.rint((xy - (self.west, self.north)) * (scale, -scale)).astype(np.int64)
        first = np.concatenate([[True], np.diff(ring) != 0])
        steps = np.diff(places, axis=0, prepend=places[:1])
        kept = first | (steps != 0).any(axis=1)  # repeated places, but never the beginning of a ring
        if closed:
            last = np.concatenate([first[1:], [True]])
            kept &= first | ~last  # the way back to the first place is drawn by closing
        places, first = places[kept], first[kept]
        steps = np.diff(places, axis=0, prepend=places[:1])
        steps[first] = places[first]
        words = list(map(str, steps.ravel().tolist()))
        starts = np.flatnonzero(first).tolist()
        pieces, paths, vertices = [], [], 0
        for start, end in zip(starts, [*starts[1:], len(steps)], strict=True):
            after = f"l{' '.join(words[2 * start + 2 : 2 * end])}" if end > start + 1 else "h1"
            pieces.append(f"M{words[2 * start]} {words[2 * start + 1]}{after}{'z' if closed else ''}")
            vertices += end - start
            if vertices >= VERTICES_A_PATH:
                paths.append("".join(pieces))
                pieces, vertices = [], 0
        return [*paths, "".join(pieces)] if pieces else paths
