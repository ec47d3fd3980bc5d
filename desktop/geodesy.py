"""Geodesy: lengths and areas on the ellipsoid, of points in a projected reference system; no Qt."""

from __future__ import annotations

from collections.abc import Sequence

from pyproj import CRS, Geod, Transformer

Points = Sequence[tuple[float, float]]


class Ellipsoid:
    """The ellipsoid of a reference system.

    Parameters
    ----------
    crs : CRS
        Reference system of the points that are measured.
    """

    def __init__(self, crs: CRS) -> None:
        geographic = crs.geodetic_crs or CRS.from_epsg(4490)
        self._to_degrees = Transformer.from_crs(crs, geographic, always_xy=True)
        self._geod: Geod = crs.get_geod() or Geod(ellps="GRS80")

    def length_m(self, points: Points) -> float:
        """Length of a line along geodesics. [m]"""
        if len(points) < 2:
            return 0.0
        longitudes, latitudes = self._degrees(points)
        return float(self._geod.line_length(longitudes, latitudes))

    def area_m2(self, points: Points) -> float:
        """Area that geodesics enclose, closed straight to the beginning. [m²]"""
        if len(points) < 3:
            return 0.0
        longitudes, latitudes = self._degrees(points)
        area, _ = self._geod.polygon_area_perimeter(longitudes, latitudes)
        return abs(float(area))

    def _degrees(self, points: Points) -> tuple[list[float], list[float]]:
        x, y = zip(*points, strict=True)
        longitudes, latitudes = self._to_degrees.transform(list(x), list(y))
        return longitudes, latitudes
