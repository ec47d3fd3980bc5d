"""Fixed shapes and the id buffers stored of them; run as a program it stores them anew, for a change that is meant."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from cartography.frame import rasterised
from cartography.layers import StyledLayer
from cartography.ragged import Ragged
from cartography.view import View

STORED = Path(__file__).parent / "stored" / "id_buffers.npz"
WEST, SOUTH = 39_500_000.0, 3_400_000.0  # with the number of the zone
SCALES = (0.25, 1.0, 3.0, 10.0)  # metres per pixel
SUB_PIXELS = (1, 2)
SIZE_PX = (72, 48)


def _moved(corners: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(WEST + x, SOUTH + y) for x, y in corners]


def _box(x: float, y: float, wide: float, high: float) -> Polygon:
    return box(WEST + x, SOUTH + y, WEST + x + wide, SOUTH + y + high)


def shapes() -> dict[str, list[BaseGeometry | None]]:
    """Polygons, lines and points as they occur in cities, with what is hard to draw."""
    court = Polygon(
        _moved([(2.3, 2.1), (14.2, 3.4), (13.1, 13.7), (1.2, 12.2)]),
        [_moved([(5.1, 5.2), (9.8, 5.9), (9.3, 10.1), (4.7, 9.6)])],
    )
    two = MultiPolygon(
        [_box(16.2, 2.2, 5.5, 9.1), _box(24.4, 4.6, 3.2, 3.3).difference(_box(25.2, 5.3, 1.1, 1.2))]
    )
    middle = (9.37, 26.11)  # of quads that share it: no gap, no overlap
    corners = [(2.0, 18.0), (17.0, 17.5), (17.5, 34.0), (1.5, 33.0)]
    quads = [Polygon(_moved([corners[n - 1], corners[n], middle])) for n in range(4)]
    small = [_box(20 + 2.1 * (n % 5), 16 + 1.7 * (n // 5), 0.31, 0.23) for n in range(20)]
    sliver = Polygon(_moved([(20.0, 26.0), (33.0, 29.4), (33.0, 29.55), (20.0, 26.2)]))
    beyond = _box(-40.0, 36.0, 200.0, 3.3)  # across the rim on both sides
    return {
        "polygons": [court, two, *quads, None, Polygon(), sliver, beyond, *small],
        "lines": [
            LineString(_moved([(1, 1), (12, 9), (30, 9.5)])),
            LineString(_moved([(5, 30), (5, 12)])),
            LineString(_moved([(-9, 20), (60, 26)])),
        ],
        "points": [Point(WEST + 3.2 * n, SOUTH + (7 * n) % 31) for n in range(11)],
    }


def id_buffers() -> dict[str, np.ndarray]:
    """The id buffers of all shapes, by kind, scale and sub-pixels."""
    found = {}
    for kind, some in shapes().items():
        layer = StyledLayer(kind, "", Ragged.of(some))
        for m_per_px in SCALES:
            for sub_pixels in SUB_PIXELS:
                view = View(WEST - 1, SOUTH - 1 + SIZE_PX[1] * m_per_px, m_per_px, *SIZE_PX)
                drawn = rasterised(layer, view, sub_pixels, np.zeros(1, np.uint8))
                found[f"{kind} {m_per_px:g} m {sub_pixels}"] = np.asarray(drawn.buffer).copy()
    return found


if __name__ == "__main__":
    STORED.parent.mkdir(exist_ok=True)
    np.savez_compressed(STORED, allow_pickle=False, **id_buffers())
