"""Rows: what rows of modules on level roofs lose to the row in front, and how far apart they stand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from potential.solar.modules import gap_over_height, row_horizon, shadow_over_height
from sun.sky import SkyTable
from sun.sweep import plane_irradiation

SOUTH_DEG = 180.0
PLACES = 21  # places along a module at which the row in front is seen
WIDEST = (
    100.0  # gap in heights of a row: from so far it rises half a degree, below which hardly any light comes
)
STEPS = 40  # halvings of the gap


def row_shading(sky: SkyTable, tilt_deg: float, latitude: float) -> NDArray[np.float64]:
    """Share of irradiation that rows facing south keep at the spacing of GB 50797, month by month; shape (12,)."""
    behind, alone = light_on_rows(sky, tilt_deg, SOUTH_DEG, float(gap_over_height(latitude)))
    kept: NDArray[np.float64] = behind / np.maximum(alone, 1e-6)
    return np.minimum(kept, 1.0)


def seen_over_rows(sky: SkyTable, tilt_deg: float, latitude: float) -> NDArray[np.float64]:
    """Share of modules facing south, in rows at the spacing of GB 50797, that sees each direction, shape (A, K)."""
    azimuth = np.asarray(sky.azimuth_deg, dtype=float)
    gap = float(gap_over_height(latitude))
    horizon = np.array([row_horizon(azimuth, tilt_deg, gap, place) for place in along_module(PLACES)])
    seen: NDArray[np.float64] = (sky.tan_elevation[None] > horizon[..., None]).mean(axis=0)
    return seen


def light_on_rows(
    sky: SkyTable, tilt_deg: float, facing_deg: float, gap: float, places: int = PLACES
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Irradiation of modules behind another row, and of modules alone, month by month; shape (12,) each.

    The mean over places evenly along the module, each in the middle of its part; rows without end.

    Parameters
    ----------
    sky : SkyTable
        Light of the year by direction.
    tilt_deg, facing_deg : float
        Tilt of the modules, and the direction they face. [°]
    gap : float
        Gap between rows per height of a row. [-]
    places : int
        Places along the module.

    Returns
    -------
    behind, alone : ndarray, shape (12,)
        [kWh/m²]
    """
    azimuth = np.asarray(sky.azimuth_deg, dtype=float)
    horizon = np.array(
        [row_horizon(azimuth, tilt_deg, gap, place, facing_deg) for place in along_module(places)]
    )
    lit = (sky.tan_elevation[None] > horizon[..., None]).sum(axis=2).astype(np.uint8)
    fall, turn = np.tan(np.radians(tilt_deg)), np.radians(facing_deg)
    east, north = np.full(places, -fall * np.sin(turn)), np.full(places, -fall * np.cos(turn))
    behind = plane_irradiation(lit, sky, east, north)
    alone = plane_irradiation(np.full_like(lit, sky.tan_elevation.shape[1]), sky, east, north)
    return behind.mean(axis=0).astype(float), alone.mean(axis=0).astype(float)


def along_module(places: int) -> NDArray[np.float64]:
    """Places evenly along a module, each in the middle of its part; 0 is the lower edge, 1 the upper."""
    middles: NDArray[np.float64] = (np.arange(places) + 0.5) / places
    return middles


def norm_gap(latitude: float, facing_deg: float) -> float:
    """Gap per height of a row of GB 50797: by its formula for rows facing south, by the sun itself for others."""
    if abs(facing_deg - SOUTH_DEG) < 1e-6:
        return float(gap_over_height(latitude))
    return float(shadow_over_height(latitude, facing_deg))


def gap_for_loss(sky: SkyTable, tilt_deg: float, facing_deg: float, most_loss: float) -> float:
    """Least gap per height of a row at which the yearly loss to the row in front stays within a limit."""

    def loss(gap: float) -> float:
        behind, alone = light_on_rows(sky, tilt_deg, facing_deg, gap)
        return 1.0 - float(behind.sum() / alone.sum())

    low, high = 0.0, WIDEST
    if loss(low) <= most_loss:
        return low
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if loss(middle) <= most_loss else (middle, high)
    return high
