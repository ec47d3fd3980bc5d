"""Rasters on sheets: relief under the base map, and values in classes, as pictures embedded below the vectors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from cartography.classes import Classes, graduated
from cartography.raster_picture import FLAT_TONE, hillshade, sampled
from cartography.view import View
from core.fields import fields
from core.texts import text
from core.units import NO_BREAK_SPACE, figure, share_of_whole, unit_said
from layers.city import Raster
from reports import svg
from reports.parcel_map import round_classes
from reports.sheets.classing import open_labels
from reports.sheets.declared import SheetRaster
from reports.sheets.inks import Pen
from reports.sheets.layer_drawing import Legend, LegendRow, shares_strip
from reports.sheets.material import M2_PER_HECTARE
from reports.sheets.paper import UNITS_PER_MM, Frame

MM_PER_INCH = 25.4
VALUE_DOTS, RELIEF_DOTS = 300, 150  # an inch of paper
COARSE_MM = 0.3  # cells larger than this on paper are drawn as a surface, not as squares
DARKEST, LIGHTEST = 0.42, 0.55  # how much relief may cover
INK_TONE, LIGHT_TONE = 64, 255


def relief(terrain: Raster, frame: Frame) -> list[str]:
    """Slopes of the ground as light and shade under a sun in the north-west; level ground stays clear."""
    tone = _on_paper(terrain, hillshade(terrain), frame, RELIEF_DOTS)
    tone = np.where(np.isfinite(tone), tone, FLAT_TONE)
    dark = np.clip((FLAT_TONE - tone) / FLAT_TONE, 0, 1) * DARKEST
    light = np.clip((tone - FLAT_TONE) / (1 - FLAT_TONE), 0, 1) * LIGHTEST
    cover = np.rint(255 * np.where(dark > 0, dark, light)).astype(np.uint8)
    grey = np.where(dark > 0, INK_TONE, LIGHT_TONE).astype(np.uint8)
    return [svg.image_of_tones(grey, cover, 0, 0, *_size(frame))]


def values_drawn(declared: SheetRaster, raster: Raster, frame: Frame) -> tuple[list[str], Legend]:
    """A raster in classes, and its legend with the area of each class where the sheet asks for it."""
    known = fields()[declared.column]
    unit = declared.unit or known.unit
    if declared.breaks:
        classes = graduated(raster.values, method="manual", breaks=declared.breaks, ramp=declared.ramp)
    else:
        classes = round_classes(raster, "", declared.ramp)
    found = _on_paper(raster, raster.values, frame, VALUE_DOTS)
    index = (classes.numbers(found.ravel()).reshape(found.shape) + 1).astype(np.uint8)
    picture = svg.image_of_classes(index, classes.colours, 0, 0, *_size(frame))
    return [picture], _legend(declared, raster, classes, unit)


def _size(frame: Frame) -> tuple[float, float]:
    return frame.width_mm * UNITS_PER_MM, frame.height_mm * UNITS_PER_MM


def _on_paper(
    raster: Raster, values: NDArray[np.float32], frame: Frame, dots_per_inch: float
) -> NDArray[np.float32]:
    """Values at the dots of a map; NaN where there are none. Coarse cells are joined to a surface between their centres."""
    dots_per_mm = dots_per_inch / MM_PER_INCH
    columns, rows = round(frame.width_mm * dots_per_mm), round(frame.height_mm * dots_per_mm)
    m_per_dot = frame.width_mm / frame.mm_per_m / columns
    if raster.cell_m * frame.mm_per_m <= COARSE_MM:
        return sampled(values, raster, View(frame.west, frame.north, m_per_dot, columns, rows))
    west, _, _, north = raster.bounds
    across = (frame.west + (np.arange(columns) + 0.5) * m_per_dot - west) / raster.cell_m - 0.5
    down = (north - frame.north + (np.arange(rows) + 0.5) * m_per_dot) / raster.cell_m - 0.5
    places = np.meshgrid(down, across, indexing="ij")
    joined: NDArray[np.float32] = ndimage.map_coordinates(values, places, order=1, mode="nearest")
    height, width = values.shape
    joined[(down < -0.5) | (down > height - 0.5)] = np.nan
    joined[:, (across < -0.5) | (across > width - 0.5)] = np.nan
    return joined


def _legend(declared: SheetRaster, raster: Raster, classes: Classes, unit: str) -> Legend:
    counts = np.bincount(classes.numbers(raster.values.ravel()) + 1, minlength=len(classes.labels) + 1)[1:]
    hectares = counts * raster.cell_m**2 / M2_PER_HECTARE
    whole = float(hectares.sum())
    rows = tuple(
        LegendRow(
            Pen("area", colour).swatch(),
            label,
            amount=f"{figure(float(area))}{NO_BREAK_SPACE}{unit_said('ha')}" if declared.area else "",
            share=share_of_whole(float(area) / whole) if declared.area else "",
        )
        for colour, label, area in zip(classes.colours, open_labels(classes), hectares, strict=True)
        if area
    )
    title = f"{declared.title.said()} ({unit_said(unit)})"
    if not declared.area:
        return Legend(title, rows)
    strip = shares_strip(
        [
            (Pen("area", colour), float(area) / whole)
            for colour, area in zip(classes.colours, hectares, strict=True)
        ]
    )
    return Legend(
        title, rows, amount_head=text("Area seen from above"), share_head=text("Share"), strip=strip
    )


def origin_said(title: str, raster: Raster, origin: str) -> str:
    """Where a raster comes from and how fine it is."""
    return text(
        "{title}: {origin}, cells of {cell} m.", title=title, origin=origin, cell=f"{raster.cell_m:g}"
    )
