"""Scenes: a city in space as a picture, in the colours of its map and the light of an hour."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography import colours as palette
from cartography.camera import FARTHEST_M, NEAREST_M, Camera
from cartography.depth_buffer import NO_TRIANGLE, fill_triangles, project, project_parallel
from cartography.frame import Mask, Stop, composed, drawn, never
from cartography.layers import StyledLayer
from cartography.scene_shading import SELECTED, shade_scene
from cartography.solids import Solids
from cartography.view import View
from core import look

SHADOW_PX = 3072  # side of the sun's buffer
LIFT_M, LIFT_PX, STEEPEST = 0.3, 1.5, 8.0  # of a face to the sun, per pixel of its slope; see `_lifts`
SHADOW_FAR = 3.0  # times the distance of the target: as far as shadows are cast
WALL_SHARE = 0.8  # of the direct light of a level face: walls stand apart from roofs even in full sun
AMBIENT, AMBIENT_AT_NIGHT = 0.62, 0.5
RELIEF_SUN_DEG = (315.0, 45.0)  # light without an hour comes from the upper left, as on every map
DRAPE_PX = 2200  # longer side of the map on the ground
FAR_IN_VIEW = 6.0  # times the distance of the target: as far as the ground is drawn finely
SKY = ("#d7e6f2", "#f4f6f4")  # above, and at the foot of the picture

_EMPTY = np.zeros((0, 0), dtype=np.uint32)
_NOWHERE = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True)
class Sun:
    """Where the sun stands: azimuth clockwise from north and height above the horizon. [°]"""

    azimuth_deg: float
    elevation_deg: float

    @property
    def direction(self) -> NDArray[np.float64]:
        """Unit vector to the sun: east, north, up."""
        azimuth, elevation = math.radians(self.azimuth_deg), math.radians(self.elevation_deg)
        return np.array(
            [
                math.sin(azimuth) * math.cos(elevation),
                math.cos(azimuth) * math.cos(elevation),
                math.sin(elevation),
            ]
        )


@dataclass(frozen=True, eq=False)
class Drape:
    """A picture of the ground: colours, and west, north and metres per pixel relative to the origin. [m]"""

    image: NDArray[np.uint32]
    place: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scene:
    """What a picture in space shows.

    Parameters
    ----------
    solids : Solids
        Buildings and ground.
    layer : StyledLayer
        The layer that the solids are features of: its colours, its filter.
    under : tuple of StyledLayer
        Layers laid on the ground, the first lowest.
    selected : ndarray of bool, shape (features), optional
        Features in the colour of the selection.
    sun : Sun, optional
        For shadows of an hour; light of a map without.
    """

    solids: Solids
    layer: StyledLayer
    under: tuple[StyledLayer, ...] = ()
    selected: Mask | None = None
    sun: Sun | None = None


@dataclass(frozen=True, eq=False)
class Shadow:
    """What the sun sees first.

    Parameters
    ----------
    nearest : ndarray of float32, shape (rows, columns)
        Nearness to the sun; empty without shadows. [m]
    axes : ndarray, shape (3, 3)
        Right and up in the plane across its light, and to the sun.
    place : ndarray, shape (4)
        Pixels per metre, left, top and farthest, as of `project_parallel`.
    """

    nearest: NDArray[np.float32]
    axes: NDArray[np.float64]
    place: NDArray[np.float64]


NO_SHADOW = Shadow(np.zeros((0, 0), dtype=np.float32), np.eye(3), np.array([1.0, 0.0, 0.0, 0.0]))


@dataclass(frozen=True, eq=False)
class SceneFrame:
    """A scene drawn: its picture, and what lies at every sub-pixel."""

    camera: Camera
    image: NDArray[np.uint32]
    which: NDArray[np.int32]
    nearest: NDArray[np.float32]
    sub_pixels: int
    owner: NDArray[np.int32]

    def feature_at(self, px: float, py: float) -> int | None:
        """Row of the feature at a pixel; None on the ground and in the sky."""
        row, column = int(py * self.sub_pixels), int(px * self.sub_pixels)
        if not (0 <= row < self.which.shape[0] and 0 <= column < self.which.shape[1]):
            return None
        triangle = int(self.which[row, column])
        found = int(self.owner[triangle]) - 1 if triangle >= 0 else -1
        return found if found >= 0 else None

    def point_at(self, px: float, py: float) -> NDArray[np.float64] | None:
        """The point in space at a pixel; None in the sky. [m]"""
        row, column = int(py * self.sub_pixels), int(px * self.sub_pixels)
        rows, columns = self.which.shape
        if not (0 <= row < rows and 0 <= column < columns) or self.which[row, column] < 0:
            return None
        height, width = self.image.shape
        ray = self.camera.ray(px, py, width, height)
        point: NDArray[np.float64] = self.camera.eye + ray / float(self.nearest[row, column])
        return point


def whole(scene: Scene, azimuth_deg: float = 0.0, elevation_deg: float = 38.0) -> Camera:
    """The camera that sees everything."""
    west, south, east, north = scene.solids.extent
    low, _ = scene.solids.heights
    size = max(east - west, north - south, 50.0)
    return Camera(((west + east) / 2, (south + north) / 2, low), azimuth_deg, elevation_deg, size * 1.15)


def over(scene: Scene, place: tuple[float, float], m_per_px: float, height_px: int, seen: Camera) -> Camera:
    """The camera that sees a place of the map at a scale, from the side from which another camera sees.

    Parameters
    ----------
    place : (x, y)
        What stands in the middle, on the ground there. [m]
    m_per_px : float
        Size of a pixel at that place. [m]
    height_px : int
        Height of the picture. [px]
    """
    east, north = place[0] - scene.solids.origin[0], place[1] - scene.solids.origin[1]
    ground = scene.solids.vertices[scene.solids.ground_vertices]
    up = scene.solids.heights[0]
    if len(ground):
        up = float(ground[np.hypot(ground[:, 0] - east, ground[:, 1] - north).argmin(), 2])
    distance = min(FARTHEST_M, max(NEAREST_M, m_per_px * seen.focal_px(height_px)))
    return Camera((east, north, up), seen.azimuth_deg, seen.elevation_deg, distance)


def draped(scene: Scene, bounds: tuple[float, float, float, float], stop: Stop) -> Drape | None:
    """The layers under the solids as a picture of the ground; None where it was stopped.

    Parameters
    ----------
    bounds : west, south, east, north
        Relative to the origin of the solids. [m]
    """
    x, y = scene.solids.origin
    west, south, east, north = bounds
    m_per_px = max(east - west, north - south, 1.0) / DRAPE_PX
    view = View(west + x, north + y, m_per_px, max(1, math.ceil((east - west) / m_per_px)),
                max(1, math.ceil((north - south) / m_per_px)))  # fmt: skip
    images = []
    for layer in scene.under:
        if not layer.visible:
            continue
        made = drawn(layer, view, stop, sub_pixels=2)
        if made is None:
            return None
        images.append((made.image, layer.opacity))
    return Drape(composed(look.MAP_GROUND, view, images), np.array([west, north, m_per_px]))


def draw_scene(
    scene: Scene,
    camera: Camera,
    size_px: tuple[int, int],
    *,
    coarse: Drape | None = None,
    fine: Drape | None = None,
    shadow: Shadow = NO_SHADOW,
    sub_pixels: int = 1,
    stop: Stop | None = None,
) -> SceneFrame | None:
    """A scene as a camera sees it; None where it was stopped.

    Parameters
    ----------
    size_px : width, height
        Of the picture.
    coarse, fine : Drape, optional
        Pictures of the ground; where both hold a place the fine one is taken.
    shadow : Shadow
        As of `cast`, of the same scene; it may be of a camera before.
    sub_pixels : int
        Sub-pixels per pixel and direction: 1 while it turns, 2 when it rests.
    """
    stop = never() if stop is None else stop
    width, height = size_px
    solids = scene.solids
    right, up, forward = camera.axes
    focal = camera.focal_px(height * sub_pixels)
    points = np.empty((len(solids.vertices), 3))
    project(solids.vertices, camera.eye, right, up, forward, focal, width * sub_pixels / 2,
            height * sub_pixels / 2, camera.near_m, points)  # fmt: skip
    shown = np.concatenate([[True], scene.layer.seen])
    nearest = np.zeros((height * sub_pixels, width * sub_pixels), dtype=np.float32)
    which = np.full(nearest.shape, NO_TRIANGLE, dtype=np.int32)
    if not fill_triangles(points, solids.triangles, solids.owner, shown, nearest, which, stop):
        return None
    tones, ambient = _tones(scene)
    image = np.empty((height, width), dtype=np.uint32)
    flags = np.zeros(len(shown), dtype=np.uint8)
    if scene.selected is not None:
        flags[1:][scene.selected] = SELECTED
    done = shade_scene(
        which, nearest, solids.owner, tones, ambient, opaque(scene.layer.lut), flags,
        palette.premultiplied(look.LIGHT["accent"]), palette.premultiplied(look.MAP_GROUND),
        coarse.image if coarse else _EMPTY, coarse.place if coarse else _NOWHERE,
        fine.image if fine else _EMPTY, fine.place if fine else _NOWHERE,
        camera.eye, right, up, forward, focal, shadow.nearest, _lifts(scene, float(shadow.place[0])), shadow.axes,
        shadow.place, _sky(height), sub_pixels, image, stop,
    )  # fmt: skip
    return SceneFrame(camera, image, which, nearest, sub_pixels, solids.owner) if done else None


def opaque(lut: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Premultiplied colours laid over the plain colour of buildings: solids cannot be seen through."""
    under = palette.premultiplied(look.MAP_BUILDING)
    keep = 255 - (lut >> np.uint32(24)).astype(np.int64)
    found = np.full(len(lut), np.uint32(0xFF000000))
    for place in (16, 8, 0):
        channel = ((lut >> np.uint32(place)) & np.uint32(255)).astype(np.int64)
        below = (int(under) >> place) & 255
        found |= (np.minimum(255, channel + below * keep // 255).astype(np.uint32)) << np.uint32(place)
    return found


def in_view(
    scene: Scene, camera: Camera, size_px: tuple[int, int], far: float = FAR_IN_VIEW
) -> tuple[float, float, float, float]:
    """West, south, east, north of the ground in the picture, up to `far` times the distance of the target. [m]"""
    west, south, east, north = camera.footprint(*size_px, camera.distance_m * far)
    least_x, least_y, most_x, most_y = scene.solids.extent
    west, east = max(west, least_x), min(east, most_x)
    south, north = max(south, least_y), min(north, most_y)
    return (west, south, max(east, west + 1.0), max(north, south + 1.0))


def _tones(scene: Scene) -> tuple[NDArray[np.float32], float]:
    """What the direct light adds to each triangle, and the brightness without it; level ground gets 1 in all."""
    sun = scene.sun or Sun(*RELIEF_SUN_DEG)
    if sun.elevation_deg <= 0:
        return np.zeros(len(scene.solids.normals), dtype=np.float32), AMBIENT_AT_NIGHT
    light = sun.direction
    towards = scene.solids.normals @ light.astype(np.float32)
    upright = np.abs(scene.solids.normals[:, 2]) < 0.5
    share = np.clip(towards / max(float(light[2]), 0.35), 0.0, 1.0) * np.where(upright, WALL_SHARE, 1.0)
    return (share * (1.0 - AMBIENT)).astype(np.float32), AMBIENT


def _lifts(scene: Scene, px_per_m: float) -> NDArray[np.float32]:
    """How far each triangle is lifted to the sun: as much as its depth changes within a pixel of the sun's buffer. [m]"""
    if scene.sun is None:
        return np.zeros(len(scene.solids.normals), dtype=np.float32)
    towards = np.clip(scene.solids.normals @ scene.sun.direction.astype(np.float32), 1e-3, 1.0)
    slope = np.minimum(np.sqrt(1.0 - towards**2) / towards, STEEPEST)
    return np.asarray(LIFT_M + LIFT_PX / px_per_m * slope, dtype=np.float32)


def cast(scene: Scene, camera: Camera, size_px: tuple[int, int], stop: Stop) -> Shadow | None:
    """The shadows of the hour over the ground in view; none by night, None where it was stopped."""
    if scene.sun is None or scene.sun.elevation_deg <= 0:
        return NO_SHADOW
    light = scene.sun.direction
    level = math.hypot(light[0], light[1])
    across = np.array([-light[1], light[0], 0.0]) / level if level > 1e-9 else np.array([1.0, 0.0, 0.0])
    upward = np.cross(light, across)
    west, south, east, north = in_view(scene, camera, size_px, SHADOW_FAR)
    low, high = scene.solids.heights
    corners = np.array([(x, y, z) for x in (west, east) for y in (south, north) for z in (low, high)])
    flat = np.column_stack([corners @ across, corners @ upward])
    (left, bottom), (end, top) = flat.min(axis=0), flat.max(axis=0)
    scale = SHADOW_PX / max(end - left, top - bottom, 1.0)
    farthest = 1.0 + float(np.abs(scene.solids.vertices).max(initial=0.0)) * 2.0
    solids = scene.solids
    points = np.empty((len(solids.vertices), 3))
    project_parallel(solids.vertices, across, upward, light, scale, left, top, farthest, points)
    nearest = np.zeros((SHADOW_PX, SHADOW_PX), dtype=np.float32)
    which = np.full(nearest.shape, NO_TRIANGLE, dtype=np.int32)
    shown = np.concatenate([[True], scene.layer.seen])
    if not fill_triangles(points, solids.triangles, solids.owner, shown, nearest, which, stop):
        return None
    return Shadow(nearest, np.array([across, upward, light]), np.array([scale, left, top, farthest]))


def _sky(rows: int) -> NDArray[np.uint32]:
    """The sky from above to the foot of the picture."""
    high, low = (np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)]) for colour in SKY)
    share = np.linspace(0.0, 1.0, rows)[:, None]
    mixed = np.round(high + (low - high) * share).astype(np.uint32)
    found: NDArray[np.uint32] = (
        np.uint32(0xFF000000) | (mixed[:, 0] << np.uint32(16)) | (mixed[:, 1] << np.uint32(8)) | mixed[:, 2]
    )
    return found
