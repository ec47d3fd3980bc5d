"""The ordinary way to a year's sun: cast the shadow of every patch of the sky, shifting the raster against itself.

After C. Ratti and P. Richens, "Urban texture analysis with image processing techniques," CAAD Futures 1999, as SEBE and
others use it with the 145 patches of Tregenza's sky.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sun.sky import SkyTable

# Elevation of each ring of the Tregenza sky and its number of patches: 145 in all.
RINGS = ((6, 30), (18, 30), (30, 24), (42, 24), (54, 18), (66, 12), (78, 6), (90, 1))

Grid = NDArray[np.floating]


def cast_year(height: Grid, cell_m: float, sky: SkyTable, east: Grid, north: Grid) -> Grid:
    """Light of the year on every cell from 145 patches, in the precision of the heights. [kWh/m²]"""
    height = height - height.min()
    total = np.zeros_like(height)
    for elevation_deg, azimuth_deg, light in patches(sky):
        faced = float(light[2]) - east * float(light[0]) - north * float(light[1])
        lit = sunlit(height, cell_m, elevation_deg, azimuth_deg)
        total += np.where(lit, np.maximum(faced, 0), 0)
    return total / np.sqrt(1 + east**2 + north**2) + float(sky.ground.sum())


def patches(sky: SkyTable) -> list[tuple[float, float, NDArray[np.float64]]]:
    """Elevation, azimuth and light of the patches: each direction of the table goes to the nearest in its ring."""
    vectors = sky.beam_year + sky.diffuse_year
    bands = vectors.shape[1]
    middle = (np.arange(bands) + 0.5) * 90.0 / bands
    ring = np.abs(middle[:, None] - [elevation for elevation, _ in RINGS]).argmin(axis=1)
    found = []
    for number, (elevation, count) in enumerate(RINGS):
        place = np.round(sky.azimuth_deg * count / 360.0).astype(int) % count
        for patch in range(count):
            light = vectors[place == patch][:, ring == number].sum(axis=(0, 1))
            found.append((float(elevation), patch * 360.0 / count, light))
    return found


def sunlit(height: Grid, cell_m: float, elevation_deg: float, azimuth_deg: float) -> NDArray[np.bool_]:
    """Cells that see a direction: step away from the sun until the shadow has sunk by the highest object.

    Heights count from zero, the lowest, where nothing is shaded.
    """
    to_column, to_row = np.sin(np.radians(azimuth_deg)), -np.cos(np.radians(azimuth_deg))
    longer = max(abs(to_column), abs(to_row))
    to_column, to_row = to_column / longer, to_row / longer
    fall = float(np.tan(np.radians(min(elevation_deg, 89.9))) * cell_m * np.hypot(to_column, to_row))
    highest = float(height.max())
    shadow = height.copy()
    step = 1
    while step * fall < highest:
        down, right = round(step * to_row), round(step * to_column)
        if abs(down) >= height.shape[0] or abs(right) >= height.shape[1]:
            break
        shifted = np.zeros_like(height)
        shifted[_part(down), _part(right)] = height[_part(-down), _part(-right)] - step * fall
        shadow = np.maximum(shadow, shifted)
        step += 1
    return shadow <= height


def _part(shift: int) -> slice:
    """Where a raster and the same raster shifted lie over each other."""
    return slice(None, -shift) if shift > 0 else slice(-shift, None)
