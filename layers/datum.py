"""Datums of Chinese web maps: GCJ-02 and BD-09 to WGS 84 and back, for coordinates and geometries."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from core.problems import Problem, UserError

WGS84, GCJ02, BD09 = "WGS 84", "GCJ-02", "BD-09"
DATUMS = (WGS84, GCJ02, BD09)

# The ellipsoid of Krassovsky 1940, on which GCJ-02 computes its shift, and the box it shifts in.
SEMI_MAJOR_M = 6378245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
BAIDU_PI = np.pi * 3000 / 180
ACCURACY_DEG = 1e-10
MOST_ROUNDS = 30

Degrees = NDArray[np.float64]
Shift = Callable[[Degrees, Degrees], tuple[Degrees, Degrees]]


def wgs84_to_gcj02(longitude: ArrayLike, latitude: ArrayLike) -> tuple[Degrees, Degrees]:
    """Coordinates as Chinese web maps (Amap, Tencent) show them.

    Parameters
    ----------
    longitude, latitude : array_like
        WGS 84 (or CGCS2000, which agrees within centimetres). [°]

    Returns
    -------
    longitude, latitude : ndarray
        GCJ-02; outside the box around China the same as given. [°]

    Notes
    -----
    The shift is 300 to 700 m. It is not published officially; this is the form all open programs use [1]_.

    References
    ----------
    .. [1] "eviltransform", open implementation of the GCJ-02 and BD-09 shifts, public domain, 2013.
    """
    lon, lat = np.asarray(longitude, float), np.asarray(latitude, float)
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    waves = (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)) * 2 / 3
    north = (
        -100.0 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
        + (20 * np.sin(np.pi * y) + 40 * np.sin(np.pi / 3 * y)) * 2 / 3
        + (160 * np.sin(np.pi / 12 * y) + 320 * np.sin(np.pi / 30 * y)) * 2 / 3
    )  # fmt: skip
    east = (
        300.0 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
        + (20 * np.sin(np.pi * x) + 40 * np.sin(np.pi / 3 * x)) * 2 / 3
        + (150 * np.sin(np.pi / 12 * x) + 300 * np.sin(np.pi / 30 * x)) * 2 / 3
    )  # fmt: skip
    phi = np.radians(lat)
    magic = 1 - ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    north_deg = np.degrees(north / (SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED) / magic**1.5))
    east_deg = np.degrees(east / (SEMI_MAJOR_M / np.sqrt(magic) * np.cos(phi)))
    inside = (lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH)
    return np.where(inside, lon + east_deg, lon), np.where(inside, lat + north_deg, lat)


def gcj02_to_wgs84(longitude: ArrayLike, latitude: ArrayLike) -> tuple[Degrees, Degrees]:
    """The exact inverse of `wgs84_to_gcj02`, by iteration to 1e-10°. [°]"""
    return _inverse(wgs84_to_gcj02, longitude, latitude)


def gcj02_to_bd09(longitude: ArrayLike, latitude: ArrayLike) -> tuple[Degrees, Degrees]:
    """Coordinates as Baidu shows them, from GCJ-02. [°]"""
    lon, lat = np.asarray(longitude, float), np.asarray(latitude, float)
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BAIDU_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BAIDU_PI)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def bd09_to_gcj02(longitude: ArrayLike, latitude: ArrayLike) -> tuple[Degrees, Degrees]:
    """The exact inverse of `gcj02_to_bd09`, by iteration to 1e-10°. [°]"""
    return _inverse(gcj02_to_bd09, longitude, latitude)


def wgs84_to_bd09(longitude: ArrayLike, latitude: ArrayLike) -> tuple[Degrees, Degrees]:
    """Coordinates as Baidu shows them, from WGS 84. [°]"""
    return gcj02_to_bd09(*wgs84_to_gcj02(longitude, latitude))


def bd09_to_wgs84(longitude: ArrayLike, latitude: ArrayLike) -> tuple[Degrees, Degrees]:
    """WGS 84 from coordinates as Baidu shows them. [°]"""
    return gcj02_to_wgs84(*bd09_to_gcj02(longitude, latitude))


def datum_name(name: str) -> str | None:
    """One of `DATUMS` as people write it (gcj02, GCJ-02, bd09ll, 火星坐标); None if it is none of them."""
    word = "".join(letter for letter in name.casefold() if letter.isalnum())
    known = {
        "wgs84": WGS84,
        "gcj02": GCJ02,
        "gcj": GCJ02,
        "火星坐标": GCJ02,
        "高德": GCJ02,
        "bd09": BD09,
        "bd09ll": BD09,
        "bd": BD09,
        "百度": BD09,
    }
    return known.get(word)


def convert(frame: gpd.GeoDataFrame, source: str, target: str) -> gpd.GeoDataFrame:
    """Move the geometries of a table from one datum to another.

    Parameters
    ----------
    frame : GeoDataFrame
        Geometries in longitude and latitude. [°]
    source, target : str
        Two of `DATUMS`.

    Returns
    -------
    GeoDataFrame
        The same rows, moved; the reference system is WGS 84 when that is the target, else none:
        GCJ-02 and BD-09 have no code.

    Raises
    ------
    UserError
        If the coordinates are not degrees.
    """
    west, south, east, north = frame.total_bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise UserError(
            Problem(
                "{datum} is a system of degrees, but these coordinates are not degrees.",
                "Choose the projected system the layer is in.",
                datum=source,
            )
        )
    to_wgs84: dict[str, Shift] = {GCJ02: gcj02_to_wgs84, BD09: bd09_to_wgs84}
    from_wgs84: dict[str, Shift] = {GCJ02: wgs84_to_gcj02, BD09: wgs84_to_bd09}
    steps = [to_wgs84[source]] if source != WGS84 else []
    steps += [from_wgs84[target]] if target != WGS84 else []

    def moved(points: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = points[:, 0], points[:, 1]
        for step in steps:
            lon, lat = step(lon, lat)
        return np.column_stack([lon, lat])

    flat = gpd.GeoSeries(shapely.transform(frame.geometry.array, moved), index=frame.index)
    return frame.copy().set_geometry(flat, crs="EPSG:4326" if target == WGS84 else None)


def _inverse(forward: Shift, longitude: ArrayLike, latitude: ArrayLike) -> tuple[Degrees, Degrees]:
    """Points that `forward` brings to the given ones; the shift hardly changes over its own length."""
    lon, lat = np.asarray(longitude, float), np.asarray(latitude, float)
    x, y = lon.copy(), lat.copy()
    for _ in range(MOST_ROUNDS):
        there_x, there_y = forward(x, y)
        miss_x, miss_y = lon - there_x, lat - there_y
        x, y = x + miss_x, y + miss_y
        if not np.any(np.maximum(np.abs(miss_x), np.abs(miss_y)) > ACCURACY_DEG):
            break
    return x, y
