"""How fast a city turns in space: 100,000 buildings, against painting the faces that look at the eye from far to near."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
import shapely

from cartography.depth_buffer import project
from cartography.frame import never
from cartography.layers import StyledLayer
from cartography.ragged import Ragged
from cartography.scene import Scene, Sun, cast, draw_scene, whole
from cartography.solids import flat_ground, raised, together

pytestmark = pytest.mark.benchmark

BUILDINGS = 100_000
SIDE_M = 10_300.0
WINDOW = (1280, 900)
ROUNDS = 3


@pytest.fixture(scope="module")
def scene() -> Scene:
    """A hundred thousand rotated quads of 8 to 24 m, 6 to 60 m high, on a square of 10.3 km."""
    rng = np.random.default_rng(1)
    corners = np.array([[-1.0, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
    half, turn = rng.uniform(4, 12, (BUILDINGS, 1, 2)), rng.uniform(0, np.pi, BUILDINGS)
    turned = np.stack(
        [np.stack([np.cos(turn), -np.sin(turn)], -1), np.stack([np.sin(turn), np.cos(turn)], -1)], -2
    )
    places = np.einsum("nij,nkj->nki", turned, corners[None] * half) + rng.uniform(
        0, SIDE_M, (BUILDINGS, 1, 2)
    )
    ragged = Ragged.of(shapely.polygons(places))
    origin = (SIDE_M / 2, SIDE_M / 2)
    solids = raised(ragged, np.zeros(BUILDINGS), rng.gamma(4, 5, BUILDINGS) + 6, origin)
    below = flat_ground((0.0, 0.0, SIDE_M, SIDE_M), 0.0, origin)
    return Scene(together(solids, below), StyledLayer("building", "", ragged, colour="#d65f12"))


def best_cpu_s(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS + 1):  # the first compiles
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times[1:])


def painted(scene: Scene) -> None:
    """The same faces by QPainter, the farthest first, as programs without a depth buffer draw them."""
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF

    camera, solids = whole(scene), scene.solids
    points = np.empty((len(solids.vertices), 3))
    right, up, forward = camera.axes
    project(solids.vertices, camera.eye, right, up, forward, camera.focal_px(WINDOW[1]), WINDOW[0] / 2, WINDOW[1] / 2,
            camera.near_m, points)  # fmt: skip
    facing = (solids.normals @ forward.astype(np.float32) < 0) & (points[solids.triangles, 2] > 0).all(axis=1)
    seen = np.flatnonzero(facing)
    seen = seen[np.argsort(points[solids.triangles[seen], 2].min(axis=1))]
    image = QImage(*WINDOW, QImage.Format.Format_RGB32)
    image.fill(0)
    with QPainter(image) as painter:
        painter.setBrush(QColor("#d65f12"))
        for corners in points[solids.triangles[seen], :2].tolist():
            painter.drawConvexPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))


def test_an_orbit_frame_of_100_000_buildings_costs_a_fifth_of_painting_its_faces(scene, figures, benchmark):
    camera = whole(scene)
    frame = benchmark.pedantic(lambda: best_cpu_s(lambda: draw_scene(scene, camera, WINDOW)), rounds=1)
    still = best_cpu_s(lambda: draw_scene(scene, camera, WINDOW, sub_pixels=2))
    sunny = Scene(scene.solids, scene.layer, sun=Sun(220.0, 30.0))
    shadow = best_cpu_s(lambda: cast(sunny, camera, WINDOW, never()))
    begun = time.process_time()
    painted(scene)
    peer = time.process_time() - begun
    flat = np.zeros(BUILDINGS)
    made = best_cpu_s(lambda: raised(scene.layer.ragged, flat, flat + 20.0, scene.solids.origin))
    figures("triangles", len(scene.solids.triangles))
    figures("raised_cpu_ms", 1000 * made)
    figures("orbit_frame_cpu_ms", 1000 * frame)
    figures("still_frame_cpu_ms", 1000 * still)
    figures("shadows_cpu_ms", 1000 * shadow)
    figures("times_faster_than_painting", peer / frame)
    assert frame < peer / 5
