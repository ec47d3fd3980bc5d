"""Modules on roofs: spacing of rows on flat roofs and the share of a roof that they cover."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Sun at 9:00 and 15:00 true solar time on the winter solstice.
SOLSTICE_DECLINATION_DEG = -23.45
SOLSTICE_HOUR_ANGLE_DEG = 45.0

# Beyond this latitude the formula of the standard loses its meaning and the sun itself is taken.
FORMULA_LATITUDE_DEG = 55.0


def gap_over_height(latitude: ArrayLike) -> NDArray[np.float64]:
    """Gap between rows facing south per height of a row, without shade from 9:00 to 15:00 at the solstice.

    Parameters
    ----------
    latitude : array_like
        Northern latitude. [°]

    Returns
    -------
    ndarray
        Length of the shadow northwards per height of the row. [-]

    References
    ----------
    GB 50797-2012, row spacing of photovoltaic arrays; beyond 55° by `shadow_over_height`.
    """
    slope = np.tan(np.radians(np.asarray(latitude, dtype=float)))
    with np.errstate(divide="ignore"):
        formula = (0.707 * slope + 0.4338) / (0.707 - 0.4338 * slope)
    far_north = np.asarray(latitude, dtype=float) > FORMULA_LATITUDE_DEG
    return np.where(far_north, shadow_over_height(latitude, 180.0), formula)


def shadow_over_height(latitude: ArrayLike, row_azimuth_deg: ArrayLike) -> NDArray[np.float64]:
    """Gap between rows facing any direction per height of a row, from the sun itself.

    The larger of 9:00 and 15:00 true solar time on the winter solstice. Infinite where the sun is down.

    Parameters
    ----------
    latitude : array_like
        Northern latitude. [°]
    row_azimuth_deg : array_like
        Direction the rows face, clockwise from north. [°]

    Returns
    -------
    ndarray
        Length of the shadow across the rows per height of the row, not below 0. [-]
    """
    phi = np.radians(np.asarray(latitude, dtype=float))
    delta, omega = np.radians(SOLSTICE_DECLINATION_DEG), np.radians(SOLSTICE_HOUR_ANGLE_DEG)
    height = np.arcsin(np.sin(phi) * np.sin(delta) + np.cos(phi) * np.cos(delta) * np.cos(omega))
    from_south = np.arcsin(np.cos(delta) * np.sin(omega) / np.cos(height))
    turned = np.radians(np.asarray(row_azimuth_deg, dtype=float) - 180.0)
    across = np.maximum(np.cos(from_south - turned), np.cos(from_south + turned))
    shadow: NDArray[np.float64] = np.where(
        height > 0, np.maximum(across, 0.0) / np.tan(np.maximum(height, 1e-9)), np.inf
    )
    return shadow


def ground_cover_ratio(tilt_deg: ArrayLike, latitude: ArrayLike) -> NDArray[np.float64]:
    """Module area per roof area of rows facing south at the spacing of GB 50797.

    Parameters
    ----------
    tilt_deg : array_like
        Tilt of the modules against a flat roof. [°]
    latitude : array_like
        Northern latitude. [°]

    Returns
    -------
    ndarray
        Inclined length over row pitch, 1 for modules laid flat. [-]
    """
    tilt = np.radians(np.asarray(tilt_deg, dtype=float))
    share: NDArray[np.float64] = 1.0 / (np.cos(tilt) + np.sin(tilt) * gap_over_height(latitude))
    return share


def row_horizon(
    azimuth_deg: NDArray[np.float64], tilt_deg: float, gap: float, along: float, facing_deg: float = 180.0
) -> NDArray[np.float64]:
    """Elevation of the row in front as seen from a module.

    Parameters
    ----------
    azimuth_deg : ndarray, shape (A,)
        Directions, clockwise from north. [°]
    tilt_deg : float
        Tilt of the modules. [°]
    gap : float
        Gap between rows per height of a row, as of `gap_over_height`. [-]
    along : float
        Place on the module: 0 its lower edge, 1 its upper edge.
    facing_deg : float
        Direction the rows face, clockwise from north. [°]

    Returns
    -------
    ndarray, shape (A,)
        Tangent of the elevation of the upper edge of the row in front; 0 behind the module.
    """
    tilt = np.radians(tilt_deg)
    rise = np.sin(tilt) * (1.0 - along)
    run = np.sin(tilt) * gap + np.cos(tilt) * along
    toward = np.cos(np.radians(azimuth_deg - facing_deg))
    tangent: NDArray[np.float64] = np.maximum(rise / max(run, 1e-9) * toward, 0.0)
    return tangent
