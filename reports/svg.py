"""SVG: the few shapes that charts and maps are drawn with, in millimetres of paper."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape

import numpy as np
import shapely
from numpy.typing import NDArray

from core.look import LIGHT
from reports.typesetting import FAMILY

MM_PER_POINT = 25.4 / 72
COLOUR = re.compile(r'"(#[0-9a-f]{3,6})"')


def picture(width_mm: float, height_mm: float, parts: Iterable[str]) -> str:
    """A whole picture of this size on paper."""
    size = f'width="{width_mm:g}mm" height="{height_mm:g}mm" viewBox="0 0 {width_mm:g} {height_mm:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'


def label(
    x: float,
    y: float,
    words: str,
    *,
    points: float = 7,
    colour: str = LIGHT["ink"],
    anchor: str = "start",
    halo: bool = False,
) -> str:
    """Words that stay text. `x`, `y` are the end of the base line that `anchor` says."""
    size = points * MM_PER_POINT
    shape = f'x="{x:.2f}" y="{y:.2f}" font-family="{FAMILY}" font-size="{size:.3f}" text-anchor="{anchor}"'
    said = escape(words)
    behind = ""
    if halo:
        behind = f'<text {shape} fill="none" stroke="#fff" stroke-width="{size / 4:.2f}">{said}</text>'
    return f'{behind}<text {shape} fill="{colour}">{said}</text>'


def rectangle(x: float, y: float, width: float, height: float, style: str) -> str:
    """A rectangle; `style` holds further attributes."""
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" {style}/>'


def mark(x: float, y: float, width: float, height: float, words: str) -> str:
    """An unseen rectangle over a bar or a point that says its value where a mouse rests on it; nothing on paper."""
    shape = f'x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}"'
    return f'<rect {shape} fill="none" pointer-events="all"><title>{escape(words)}</title></rect>'


def recoloured(picture: str, colours: Mapping[str, str]) -> str:
    """A picture in another set of colours, by the names of the look; paper is always in the light ones."""
    other = {LIGHT[name]: colour for name, colour in colours.items() if name in LIGHT and name != "panel"}
    other |= {"#fff": colours["panel"], "#ffffff": colours["panel"]}
    return COLOUR.sub(lambda found: f'"{other.get(found[1], found[1])}"', picture)


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    """A straight line; `style` holds further attributes."""
    return f'<line x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}" {style}/>'


def path(outline: str, style: str) -> str:
    """Areas by their outline (see `outline_of`), holes left open; nothing where there is no outline."""
    return f'<path d="{outline}" fill-rule="evenodd" {style}/>' if outline else ""


def outline_of(areas: NDArray[np.object_], west: float, north: float, mm_per_m: float) -> str:
    """The rings of polygons as path data, to 0.01 mm of paper.

    Parameters
    ----------
    areas : ndarray of shapely geometries
        Polygons and multi-polygons; lines and points in them are left out.
    west, north : float
        Coordinates of the upper left corner of the picture. [m]
    mm_per_m : float
        Scale of the picture. [mm/m]
    """
    parts = shapely.get_parts(shapely.get_parts(areas))
    rings = shapely.get_rings(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
    data = []
    for ring in rings:
        points = (shapely.get_coordinates(ring)[:-1] - (west, north)) * (mm_per_m, -mm_per_m)
        data.append("M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + "Z")
    return "".join(data)


def image_of_classes(
    classes: NDArray[np.uint8], colours: Sequence[str], x: float, y: float, width: float, height: float
) -> str:
    """A picture of classes as a PNG with a palette: 0 is clear, 1 the first colour, and so on."""
    columns = classes.shape[1]
    palette = b"\x00\x00\x00" + b"".join(bytes.fromhex(colour.lstrip("#")) for colour in colours)
    chunks = ((b"PLTE", palette), (b"tRNS", b"\x00"))
    return _image(_png(classes, columns, 3, chunks), x, y, width, height)


def image_of_tones(
    grey: NDArray[np.uint8], cover: NDArray[np.uint8], x: float, y: float, width: float, height: float
) -> str:
    """A picture in grey as a PNG: 0 is black and 255 white, and how much each dot covers what lies below."""
    rows, columns = grey.shape
    return _image(
        _png(np.stack([grey, cover], axis=-1).reshape(rows, 2 * columns), columns, 4, ()), x, y, width, height
    )


def _png(
    dots: NDArray[np.uint8], columns: int, colour_type: int, chunks: Sequence[tuple[bytes, bytes]]
) -> bytes:
    """A PNG of lines of bytes, eight bits a channel."""
    lines = np.zeros((len(dots), dots.shape[1] + 1), np.uint8)  # the first byte of a line says: unfiltered
    lines[:, 1:] = dots
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in (
            (b"IHDR", struct.pack(">IIBBBBB", columns, len(dots), 8, colour_type, 0, 0, 0)),
            *chunks,
            (b"IDAT", zlib.compress(lines.tobytes(), 6)),
            (b"IEND", b""),
        )
    )


def _image(data: bytes, x: float, y: float, width: float, height: float) -> str:
    address = "data:image/png;base64," + base64.b64encode(data).decode("ascii")
    return (
        f'<image x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" '
        f'preserveAspectRatio="none" image-rendering="optimizeSpeed" href="{address}"/>'
    )
