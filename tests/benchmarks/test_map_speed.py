"""How fast maps are drawn, as a ratio against named peers in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
import shapely

from cartography.classes import graduated
from cartography.frame import drawn, never
from cartography.layers import StyledLayer
from cartography.ragged import Ragged
from cartography.view import View
from cartography.warming import warm

pytestmark = pytest.mark.benchmark

POLYGONS = 100_000
SIDE_M = 10_300.0
WINDOW = (1280, 900)
ROUNDS = 5


@pytest.fixture(scope="module")
def city() -> tuple[np.ndarray, StyledLayer]:
    """A hundred thousand rotated quads of 8 to 24 m on a square of 10.3 km."""
    rng = np.random.default_rng(1)
    corners = np.array([[-1.0, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
    half, turn = rng.uniform(4, 12, (POLYGONS, 1, 2)), rng.uniform(0, np.pi, POLYGONS)
    turned = np.stack(
        [np.stack([np.cos(turn), -np.sin(turn)], -1), np.stack([np.sin(turn), np.cos(turn)], -1)], -2
    )
    places = np.einsum("nij,nkj->nki", turned, corners[None] * half) + rng.uniform(
        0, SIDE_M, (POLYGONS, 1, 2)
    )
    shapes = shapely.polygons(places + np.array([39_500_000.0, 3_400_000.0]))
    values = rng.gamma(4, 30, POLYGONS)
    layer = StyledLayer(
        "building", "", Ragged.of(shapes), values=values, classes=graduated(values), gathered="never"
    )
    warm()
    return shapes, layer


def best_cpu_s(work: Callable[[], object]) -> float:
    """Process CPU time of the best of some rounds."""
    times = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times)


def whole(layer: StyledLayer) -> View:
    return View.fitting(layer.extent, *WINDOW)


def test_new_colours_come_in_less_than_half_the_time_of_a_new_frame(city, record_property):
    _, layer = city
    view = whole(layer)
    first = drawn(layer, view, never())
    frame_s = best_cpu_s(lambda: drawn(layer, view, never()))
    colours_s = best_cpu_s(lambda: drawn(layer, view, never(), before=first))
    record_property("frame_cpu_ms", 1000 * frame_s)
    record_property("recolour_cpu_ms", 1000 * colours_s)
    assert colours_s < 0.5 * frame_s


def test_a_frame_is_drawn_at_least_five_times_as_fast_as_ids_alone_by_rasterio(city, record_property):
    from affine import Affine
    from rasterio.features import rasterize

    shapes, layer = city
    view = whole(layer)
    scale = view.m_per_px / 2
    transform = Affine(scale, 0, view.west, 0, -scale, view.north)
    size = (view.height_px * 2, view.width_px * 2)
    begun = time.process_time()
    rasterize(
        ((shape, row + 1) for row, shape in enumerate(shapes)), size, transform=transform, dtype="int32"
    )
    theirs_s = time.process_time() - begun
    ours_s = best_cpu_s(lambda: drawn(layer, view, never()))
    record_property("ratio", theirs_s / ours_s)
    assert theirs_s / ours_s > 5


def test_a_frame_is_drawn_in_less_time_than_antialiased_painter_paths(city, qapp, record_property):
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPolygonF

    _, layer = city
    view = whole(layer)
    ragged = layer.ragged
    paths = []
    for start in range(0, POLYGONS, 64):
        path = QPainterPath()
        for part in range(start, min(start + 64, POLYGONS)):
            ring = (ragged.rings(part)[0] - (view.west, view.north)) / (view.m_per_px, -view.m_per_px)
            path.addPolygon(QPolygonF([QPointF(x, y) for x, y in ring.tolist()]))
        paths.append(path)

    def paint() -> None:
        image = QImage(*WINDOW, QImage.Format.Format_ARGB32_Premultiplied)
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            for path in paths:
                painter.fillPath(path, QBrush(QColor("#d65f12")))

    theirs_s = best_cpu_s(paint)
    ours_s = best_cpu_s(lambda: drawn(layer, view, never()))
    record_property("ratio", theirs_s / ours_s)
    assert ours_s < theirs_s


def test_what_lies_at_a_point_is_found_a_hundred_times_faster_than_a_frame_is_drawn(city, record_property):
    _, layer = city
    view = whole(layer)
    frame_s = best_cpu_s(lambda: drawn(layer, view, never()))
    point_s = best_cpu_s(lambda: [layer.at(*view.middle) for _ in range(100)]) / 100
    record_property("identify_cpu_us", 1e6 * point_s)
    assert 100 * point_s < frame_s
