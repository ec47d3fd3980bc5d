"""Frames: a layer in a view as ids and as colours, the step that window and paper share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cartography import colours as palette
from cartography.aggregate import Gathered, gathered, is_gathered
from cartography.classes import Classes, continuous
from cartography.id_buffer import draw_lines, fill_polygons
from cartography.layers import StyledLayer
from cartography.ragged import Kind
from cartography.raster_picture import raster_picture
from cartography.shading import SELECTED, lay_over, shade
from cartography.view import View
from core import look
from layers.city import Raster

OUTLINED_FROM_PX = 6.0  # typical size of a feature on screen from which outlines are drawn
SELECTED_PX = 2.0  # width of the outline of selected features

Stop = NDArray[np.uint8]
Mask = NDArray[np.bool_]


class Ids(NamedTuple):
    """Feature ids of one layer in one view: row + 1 for every sub-pixel, 0 for nothing."""

    buffer: NDArray[np.int32]
    sub_pixels: int


@dataclass(frozen=True, eq=False)
class Drawn:
    """One layer drawn in one view.

    Parameters
    ----------
    image : ndarray of uint32, shape (rows, columns)
        Premultiplied ARGB, before the layer's opacity.
    ids : Ids, optional
        None for rasters and gathered layers.
    gathered : Gathered, optional
        How the layer was gathered, where it was.
    """

    image: NDArray[np.uint32]
    ids: Ids | None = None
    gathered: Gathered | None = None


def never() -> Stop:
    """A flag for kernels that nobody stops."""
    return np.zeros(1, dtype=np.uint8)


def rasterised(layer: StyledLayer, view: View, sub_pixels: int, stop: Stop) -> Ids | None:
    """Draw the features of a layer into an id buffer.

    Returns
    -------
    Ids or None
        None if it was stopped.
    """
    ragged = layer.ragged
    if ragged is None:
        raise ValueError(f"layer {layer.name!r} is a raster and has no ids")
    buffer = np.zeros((view.height_px * sub_pixels, view.width_px * sub_pixels), dtype=np.int32)
    scale = sub_pixels / view.m_per_px
    width_px = {Kind.POLYGON: 0.0, Kind.LINE: layer.line_px, Kind.POINT: layer.point_px}[ragged.kind]
    reach = width_px * view.m_per_px
    west, south, east, north = view.bounds
    parts = ragged.query((west - reach, south - reach, east + reach, north + reach))
    if layer.yields:  # smaller features over larger ones
        parts = parts[np.argsort(-ragged.sizes[1][ragged.part_feature[parts]], kind="stable")]
    geometry = (ragged.xy, ragged.ring_offsets, ragged.part_offsets, ragged.part_feature)
    place = (float(view.west), float(view.north), float(scale))
    if ragged.kind is Kind.POLYGON:
        done = fill_polygons(*geometry, ragged.bounds, parts, *place, buffer, stop)
    else:
        done = draw_lines(*geometry, parts, *place, max(0.5, width_px * sub_pixels / 2), buffer, stop)
    return Ids(buffer, sub_pixels) if done else None


def shaded(
    layer: StyledLayer,
    ids: Ids,
    view: View,
    stop: Stop,
    *,
    selected: Mask | None = None,
    px_ratio: float = 1.0,
) -> NDArray[np.uint32] | None:
    """Colours of a layer whose ids are drawn; None if it was stopped.

    Parameters
    ----------
    selected : ndarray of bool, shape (features), optional
        Features outlined as selected.
    px_ratio : float
        Pixels of the picture per pixel of the style: 2 on a fine screen, dpi / 96 on paper.
    """
    ragged = layer.ragged
    image = np.empty((view.height_px, view.width_px), dtype=np.uint32)
    flags = np.zeros(layer.lut.size, dtype=np.uint8)
    if selected is not None:
        flags[1:][selected] = SELECTED
    line = 0
    large = ragged is not None and ragged.typical_m >= OUTLINED_FROM_PX * px_ratio * view.m_per_px
    if layer.outline and (large or not layer.filled or layer.kind is not Kind.POLYGON):
        line = max(1, round(layer.outline_px * px_ratio * ids.sub_pixels))
    chosen = max(1, round(SELECTED_PX * px_ratio * ids.sub_pixels)) if selected is not None else 0
    patterns = palette.hatch_patterns(round(palette.HATCH_SPACING_PX * px_ratio))
    period = patterns.shape[1]
    done = shade(
        ids.buffer,
        layer.lut,
        flags,
        layer.hatch_lut,
        patterns,
        np.array([palette.premultiplied(ink) for ink in palette.HATCH_INKS], dtype=np.uint32),
        int(np.floor(view.west / view.m_per_px) % period),
        int(np.floor(-view.north / view.m_per_px) % period),
        ids.sub_pixels,
        line,
        palette.premultiplied(layer.outline or "#00000000"),
        chosen,
        palette.premultiplied(look.LIGHT["accent"]),
        image,
        stop,
    )
    return image if done else None


def drawn(
    layer: StyledLayer,
    view: View,
    stop: Stop,
    *,
    sub_pixels: int = 2,
    selected: Mask | None = None,
    before: Drawn | None = None,
    px_ratio: float = 1.0,
) -> Drawn | None:
    """One layer in a view; None if it was stopped.

    Parameters
    ----------
    sub_pixels : int
        Sub-pixels per pixel and direction; 2 is calm, 3 and more give finer lines.
    before : Drawn, optional
        The same geometry drawn before in the same view: then only its colours are looked up.
    """
    if layer.raster is not None:
        classes = layer.classes or _whole_range(layer.raster)
        return Drawn(raster_picture(layer.raster, classes, view, relief=layer.relief))
    if is_gathered(layer, view.m_per_px / px_ratio):
        cells = gathered(layer, view)
        if selected is not None and selected.any():
            mark_selected(layer, selected, view, cells.image, stop)
        return Drawn(cells.image, gathered=cells)
    ids = before.ids if before is not None and before.ids is not None else None
    if ids is None:
        ids = rasterised(_at_ratio(layer, px_ratio), view, sub_pixels, stop)
    if ids is None:
        return None
    image = shaded(layer, ids, view, stop, selected=selected, px_ratio=px_ratio)
    return None if image is None else Drawn(image, ids)


def mark_selected(
    layer: StyledLayer, selected: Mask, view: View, image: NDArray[np.uint32], stop: Stop
) -> None:
    """Lay the selected features of a gathered layer over its cells."""
    ragged = layer.ragged
    if ragged is None:
        return
    parts = ragged.query(view.bounds)
    parts = parts[(selected & layer.seen)[ragged.part_feature[parts]]]
    buffer = np.zeros((view.height_px, view.width_px), dtype=np.int32)
    geometry = (ragged.xy, ragged.ring_offsets, ragged.part_offsets, ragged.part_feature, ragged.bounds)
    fill_polygons(*geometry, parts, float(view.west), float(view.north), 1.0 / view.m_per_px, buffer, stop)
    image[buffer > 0] = palette.premultiplied(look.LIGHT["accent"])


def composed(ground: str, view: View, images: list[tuple[NDArray[np.uint32], float]]) -> NDArray[np.uint32]:
    """Images of layers with their opacities, the lowest first, over a ground colour (empty: transparent)."""
    start = palette.premultiplied(ground) if ground else np.uint32(0)
    picture = np.full((view.height_px, view.width_px), start, dtype=np.uint32)
    for image, opacity in images:
        lay_over(picture, image, round(255 * min(1.0, max(0.0, opacity))))
    return picture


def _at_ratio(layer: StyledLayer, px_ratio: float) -> StyledLayer:
    """A layer with its points and lines as wide as the picture's pixels ask for."""
    if px_ratio == 1.0 or layer.kind is Kind.POLYGON:
        return layer
    return replace(layer, point_px=layer.point_px * px_ratio, line_px=layer.line_px * px_ratio)


def _whole_range(raster: Raster) -> Classes:
    """A grey ramp over all values of a raster."""
    return continuous(raster.values, ramp="grey")
