"""Pictures of rasters: values through their classes, and terrain as shaded relief."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.classes import Classes
from cartography.view import View
from core.compiled import kernel
from layers.city import Raster

MOST_SAMPLES = 4  # per pixel and direction, where a pixel covers many cells
SUN_AZIMUTH_DEG = 315.0  # the light of relief comes from the upper left, as on every map
SUN_ALTITUDE_DEG = 45.0
RELIEF_STRENGTH = 2.0  # vertical exaggeration
FLAT_TONE = float(np.sin(np.radians(SUN_ALTITUDE_DEG)))


def raster_picture(
    raster: Raster, classes: Classes, view: View, *, relief: bool = False
) -> NDArray[np.uint32]:
    """A raster as premultiplied ARGB; transparent outside and where values are missing.

    A pixel that covers many cells shows their mean, taken at up to 16 places; one that lies within a cell shows that cell.

    Parameters
    ----------
    raster : Raster
        Values on a grid, north up.
    classes : Classes
        Of numbers; not looked at for relief.
    view : View
        What is seen.
    relief : bool
        Show slopes as light and shade instead of values.
    """
    found = sampled(hillshade(raster) if relief else raster.values, raster, view)
    missing = ~np.isfinite(found)
    if relief:
        image = _shade_and_light(np.where(missing, FLAT_TONE, found))
    else:
        image = classes.table()[classes.numbers(found.ravel()).reshape(found.shape) + 1]
    image[missing] = 0
    return image


def sampled(values: NDArray[np.float32], raster: Raster, view: View) -> NDArray[np.float32]:
    """Values on the grid of a raster, read at every pixel of a view; NaN where there are none."""
    picture = np.empty((view.height_px, view.width_px), dtype=np.float32)
    transform = raster.transform
    _sample(
        values,
        transform.c,
        transform.f,
        transform.a,
        transform.e,
        view.west,
        view.north,
        view.m_per_px,
        picture,
    )
    return picture


def hillshade(raster: Raster) -> NDArray[np.float32]:
    """Brightness of the ground under a sun in the north-west, 0 to 1; NaN where the height is unknown.

    Slope and aspect by differences over three cells in each direction.
    """
    return _hillshade(
        raster.values,
        abs(float(raster.transform.a)),
        np.radians(SUN_AZIMUTH_DEG),
        np.radians(SUN_ALTITUDE_DEG),
        RELIEF_STRENGTH,
    )


@kernel
def _sample(
    values: NDArray[np.float32],
    west: float,
    north: float,
    cell_x: float,
    cell_y: float,
    view_west: float,
    view_north: float,
    m_per_px: float,
    picture: NDArray[np.float32],
) -> None:
    """Mean of up to 4 x 4 places in each pixel; `cell_y` is negative, as rows run from north to south."""
    rows, columns = values.shape
    places = int(min(MOST_SAMPLES, max(1.0, np.ceil(m_per_px / cell_x))))
    for y in range(picture.shape[0]):
        for x in range(picture.shape[1]):
            total, count = 0.0, 0
            for v in range(places):
                across_m = view_north - (y + (v + 0.5) / places) * m_per_px
                row = int(np.floor((across_m - north) / cell_y))
                if row < 0 or row >= rows:
                    continue
                for u in range(places):
                    along_m = view_west + (x + (u + 0.5) / places) * m_per_px
                    column = int(np.floor((along_m - west) / cell_x))
                    if 0 <= column < columns and np.isfinite(values[row, column]):
                        total += values[row, column]
                        count += 1
            picture[y, x] = total / count if count else np.nan


@kernel
def _hillshade(
    heights: NDArray[np.float32], cell: float, azimuth: float, altitude: float, strength: float
) -> NDArray[np.float32]:
    rows, columns = heights.shape
    shade = np.empty((rows, columns), dtype=np.float32)
    east, north, up = (
        np.sin(azimuth) * np.cos(altitude),
        np.cos(azimuth) * np.cos(altitude),
        np.sin(altitude),
    )
    for row in range(rows):
        above, below = max(0, row - 1), min(rows - 1, row + 1)
        for column in range(columns):
            left, right = max(0, column - 1), min(columns - 1, column + 1)
            here = heights[row, column]
            to_east = to_north = 0.0
            if right > left:
                to_east = strength * (heights[row, right] - heights[row, left]) / ((right - left) * cell)
            if below > above:
                to_north = (
                    strength * (heights[above, column] - heights[below, column]) / ((below - above) * cell)
                )
            if not np.isfinite(to_east):
                to_east = 0.0
            if not np.isfinite(to_north):
                to_north = 0.0
            length = np.sqrt(1.0 + to_east * to_east + to_north * to_north)
            light = (up - to_east * east - to_north * north) / length
            shade[row, column] = max(0.0, light) if np.isfinite(here) else np.nan
    return shade


def _shade_and_light(tone: NDArray[np.float32]) -> NDArray[np.uint32]:
    """Relief as a veil: dark ink on slopes turned away, white on slopes turned to the light, nothing on flat ground."""
    dark = np.clip((FLAT_TONE - tone) / FLAT_TONE, 0, 1) * 0.45
    light = np.clip((tone - FLAT_TONE) / (1 - FLAT_TONE), 0, 1) * 0.6
    alpha = np.where(dark > 0, dark, light)
    image: NDArray[np.uint32] = np.rint(alpha * 255).astype(np.uint32) << np.uint32(24)
    for shift, ink in ((16, 60), (8, 66), (0, 70)):
        channel = np.where(dark > 0, ink, 255) * alpha
        image |= np.rint(channel).astype(np.uint32) << np.uint32(shift)
    return image
