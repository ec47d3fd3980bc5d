"""The camera: from where a city is seen in space, and how its points come onto the picture."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

FIELD_OF_VIEW_DEG = 35.0
LOWEST_DEG, HIGHEST_DEG = 4.0, 89.0
NEAREST_M, FARTHEST_M = 20.0, 200_000.0
NEAR_SHARE = 0.01  # of the distance: what is nearer to the eye is not drawn


@dataclass(frozen=True)
class Camera:
    """An eye that looks at a point.

    Parameters
    ----------
    target : (east, north, up)
        What stands in the middle of the picture, relative to the origin of the solids. [m]
    azimuth_deg : float
        Where it looks to, clockwise from north. [°]
    elevation_deg : float
        How high the eye stands above the horizon of the target. [°]
    distance_m : float
        From the eye to the target. [m]
    """

    target: tuple[float, float, float]
    azimuth_deg: float = 0.0
    elevation_deg: float = 40.0
    distance_m: float = 1000.0

    @property
    def axes(self) -> tuple[Vector, Vector, Vector]:
        """Unit vectors to the right, up and forwards in the picture."""
        azimuth, elevation = math.radians(self.azimuth_deg), math.radians(self.elevation_deg)
        forward = np.array(
            [
                math.sin(azimuth) * math.cos(elevation),
                math.cos(azimuth) * math.cos(elevation),
                -math.sin(elevation),
            ]
        )
        right = np.array([math.cos(azimuth), -math.sin(azimuth), 0.0])
        return right, np.cross(right, forward), forward

    @property
    def eye(self) -> Vector:
        """Where the eye is. [m]"""
        return np.asarray(self.target) - self.axes[2] * self.distance_m

    @property
    def near_m(self) -> float:
        """Distance from which on things are drawn. [m]"""
        return self.distance_m * NEAR_SHARE

    def focal_px(self, height_px: int) -> float:
        """Pixels of the picture per unit of sideways over forwards."""
        return height_px / 2 / math.tan(math.radians(FIELD_OF_VIEW_DEG) / 2)

    def m_per_px(self, height_px: int) -> float:
        """Size of a pixel at the target. [m]"""
        return self.distance_m / self.focal_px(height_px)

    def to_px(self, point: Vector, width_px: int, height_px: int) -> tuple[float, float] | None:
        """Where a point is in the picture; None behind the eye. [px]"""
        right, up, forward = self.axes
        away = np.asarray(point) - self.eye
        depth = float(away @ forward)
        if depth <= self.near_m:
            return None
        focal = self.focal_px(height_px)
        return (
            width_px / 2 + focal * float(away @ right) / depth,
            height_px / 2 - focal * float(away @ up) / depth,
        )

    def ray(self, px: float, py: float, width_px: int, height_px: int) -> Vector:
        """Direction from the eye through a place in the picture, one unit forwards."""
        right, up, forward = self.axes
        focal = self.focal_px(height_px)
        return forward + right * ((px - width_px / 2) / focal) - up * ((py - height_px / 2) / focal)

    def on_level(self, px: float, py: float, width_px: int, height_px: int) -> Vector | None:
        """Where the ray through a place meets the level of the target; None above the horizon. [m]"""
        ray = self.ray(px, py, width_px, height_px)
        if ray[2] >= -1e-6:
            return None
        away: Vector = self.eye + ray * ((self.target[2] - self.eye[2]) / ray[2])
        return away

    def orbited(self, right_deg: float, up_deg: float) -> Camera:
        """Turned about the target."""
        return replace(
            self,
            azimuth_deg=(self.azimuth_deg + right_deg) % 360.0,
            elevation_deg=min(HIGHEST_DEG, max(LOWEST_DEG, self.elevation_deg + up_deg)),
        )

    def moved(self, right_px: float, up_px: float, height_px: int) -> Camera:
        """Shifted over the ground so that what was beside the middle comes into it. [px]"""
        azimuth = math.radians(self.azimuth_deg)
        step = self.m_per_px(height_px)
        ahead = up_px * step / max(math.sin(math.radians(self.elevation_deg)), 0.15)
        east = right_px * step * math.cos(azimuth) + ahead * math.sin(azimuth)
        north = -right_px * step * math.sin(azimuth) + ahead * math.cos(azimuth)
        x, y, z = self.target
        return replace(self, target=(x + east, y + north, z))

    def nearer(self, factor: float, toward: Vector | None = None) -> Camera:
        """Nearer by a factor, a point of the ground keeping its place in the picture."""
        distance = min(FARTHEST_M, max(NEAREST_M, self.distance_m / factor))
        share = 1.0 - distance / self.distance_m
        if toward is None:
            return replace(self, distance_m=distance)
        x, y, z = self.target
        return replace(
            self,
            distance_m=distance,
            target=(x + (float(toward[0]) - x) * share, y + (float(toward[1]) - y) * share, z),
        )

    def footprint(
        self, width_px: int, height_px: int, farthest_m: float
    ) -> tuple[float, float, float, float]:
        """West, south, east, north of the ground in the picture, as far as a distance from the eye. [m]"""
        found = []
        for px in (0.0, float(width_px)):
            for py in (0.0, float(height_px)):
                ray = self.ray(px, py, width_px, height_px)
                drop = self.eye[2] - self.target[2]
                length = drop / -ray[2] if ray[2] < -1e-6 else math.inf
                far = min(length * float(np.linalg.norm(ray)), farthest_m)
                found.append(self.eye + ray / np.linalg.norm(ray) * far)
        points = np.array(found)
        return (
            float(points[:, 0].min()),
            float(points[:, 1].min()),
            float(points[:, 0].max()),
            float(points[:, 1].max()),
        )
