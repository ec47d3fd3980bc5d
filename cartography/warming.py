"""Warming up: compiling all drawing kernels with the types they run with, behind the splash."""

from __future__ import annotations

import numpy as np
import shapely
from affine import Affine
from pyproj import CRS

from cartography.classes import continuous, graduated
from cartography.labels import labels
from cartography.layers import StyledLayer
from cartography.picture import draw
from cartography.ragged import Ragged
from cartography.tiles import Window, warped
from cartography.view import View
from layers.city import Raster


def warm() -> None:
    """Draw a tiny map of every kind, so that no kernel is compiled while the user waits.

    Some seconds at the very first start of a version, then below half a second from the cache on disk.
    """
    squares = [shapely.box(3 * n, 0, 3 * n + 2, 2) for n in range(3)]
    ragged = Ragged.of(squares)
    values = np.array([1.0, 2.0, 3.0])
    classes = graduated(values, count=3)
    graduated(np.arange(9.0), method="natural_breaks", count=3)
    chosen = np.array([True, False, False])
    raster = Raster(np.ones((4, 4), dtype=np.float32), Affine(1, 0, 0, 0, -1, 4), CRS.from_epsg(4513))
    layers = [
        StyledLayer("raster", "", raster=raster, classes=continuous(raster.values)),
        StyledLayer("relief", "", raster=raster, relief=True),
        StyledLayer("polygons", "", ragged, values=values, classes=classes, outline="#000000"),
        StyledLayer("lines", "", Ragged.of([square.exterior for square in squares]), opacity=0.5),
        StyledLayer("points", "", Ragged.of([square.centroid for square in squares])),
    ]
    for extent in ((0.0, 0.0, 8.0, 2.0), (0.0, 0.0, 800.0, 200.0)):  # one by one, and gathered
        draw(layers, extent, (16, 16), selected={"polygons": chosen})
    labels(layers[2], View(0.0, 2.0, 0.05, 160, 40), str, len, 1.0)
    view = View(0.0, 2.0, 1.0, 4, 4)
    warped(view, lambda x, y: (x, y), "mercator", Window(1, 0, 0, 0, 0), {})
    ragged.at(1.0, 1.0)
    ragged.within((0.0, 0.0, 1.0, 1.0))
