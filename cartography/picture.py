"""Pictures: whole maps as arrays of pixels, for thumbnails, reports and exports."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cartography.frame import Mask, composed, drawn, never
from cartography.layers import StyledLayer
from cartography.ragged import Bounds
from cartography.shading import straight_rgba
from cartography.view import View
from core import look

SUB_PIXELS = 3


def draw(
    layers: Sequence[StyledLayer],
    extent: Bounds,
    size_px: tuple[int, int],
    *,
    ground: str = look.MAP_GROUND,
    selected: Mapping[str, Mask] | None = None,
    px_ratio: float = 1.0,
    sub_pixels: int = SUB_PIXELS,
    margin: float = 0.0,
) -> NDArray[np.uint8]:
    """A map of several layers, exactly as the window shows it.

    Parameters
    ----------
    layers : sequence of StyledLayer
        The first is drawn first, lowest. Layers that are not visible are left out.
    extent : west, south, east, north
        What must be seen; the picture shows more where its shape asks for it. [m]
    size_px : width, height
        Size of the picture.
    ground : str
        Colour behind everything; empty for none.
    selected : Mapping of layer name to ndarray of bool, optional
        Features outlined as selected.
    px_ratio : float
        Pixels of the picture per pixel of the style: dpi / 96 for paper.
    sub_pixels : int
        Sub-pixels per pixel and direction.
    margin : float
        Share of the picture left free on each side of the extent.

    Returns
    -------
    ndarray of uint8, shape (height, width, 4)
        Red, green, blue, opacity; not premultiplied.
    """
    view = View.fitting(extent, *size_px, margin=margin)
    images = []
    for layer in layers:
        if not layer.visible:
            continue
        mask = (selected or {}).get(layer.name)
        done = drawn(layer, view, never(), sub_pixels=sub_pixels, selected=mask, px_ratio=px_ratio)
        if done is not None:
            images.append((done.image, layer.opacity))
    return as_rgba(composed(ground, view, images))


def as_rgba(image: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Premultiplied ARGB as straight bytes: red, green, blue, opacity."""
    rgba = np.empty((*image.shape, 4), dtype=np.uint8)
    straight_rgba(image, rgba)
    return rgba


def png(rgba: NDArray[np.uint8], *, dpi: float | None = None) -> bytes:
    """A PNG file of a picture of shape (height, width, 4)."""
    height, width, _ = rgba.shape
    rows = np.zeros((height, width * 4 + 1), dtype=np.uint8)  # every row begins with its filter: 0, none
    rows[:, 1:] = rgba.reshape(height, width * 4)
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))]
    if dpi is not None:
        per_metre = round(dpi / 0.0254)
        chunks.append((b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)))
    chunks += [(b"IDAT", zlib.compress(rows.tobytes(), 4)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
