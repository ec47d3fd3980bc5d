"""Shading: from feature ids to colours by a look-up table, with outlines, selection, hatches and averaging.

Colours are premultiplied ARGB in a native uint32 (0xAARRGGBB), as Qt and this package blend them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.compiled import inlined, kernel

SELECTED = np.uint8(1)  # flag of a feature


@inlined
def _over(top, under):  # type: ignore[no-untyped-def]
    """One premultiplied colour laid over another."""
    keep = np.uint32(255) - (top >> np.uint32(24))
    if keep == np.uint32(0):
        return top
    even = (under & np.uint32(0x00FF00FF)) * keep + np.uint32(0x00800080)
    even = ((even + ((even >> np.uint32(8)) & np.uint32(0x00FF00FF))) >> np.uint32(8)) & np.uint32(0x00FF00FF)
    odd = ((under >> np.uint32(8)) & np.uint32(0x00FF00FF)) * keep + np.uint32(0x00800080)
    odd = (odd + ((odd >> np.uint32(8)) & np.uint32(0x00FF00FF))) & np.uint32(0xFF00FF00)
    return np.uint32(top + (even | odd))


@inlined
def _weakened(colour, share):  # type: ignore[no-untyped-def]
    """A premultiplied colour at so many 255ths of its opacity."""
    even = (colour & np.uint32(0x00FF00FF)) * share + np.uint32(0x00800080)
    even = ((even + ((even >> np.uint32(8)) & np.uint32(0x00FF00FF))) >> np.uint32(8)) & np.uint32(0x00FF00FF)
    odd = ((colour >> np.uint32(8)) & np.uint32(0x00FF00FF)) * share + np.uint32(0x00800080)
    odd = (odd + ((odd >> np.uint32(8)) & np.uint32(0x00FF00FF))) & np.uint32(0xFF00FF00)
    return np.uint32(even | odd)


@inlined
def _at_rim(buffer, v, u, feature, reach):  # type: ignore[no-untyped-def]
    """Whether a neighbour up to `reach` sub-pixels away in one of four directions is another feature."""
    height, width = buffer.shape
    for step in range(1, reach + 1):
        if u >= step and buffer[v, u - step] != feature:
            return True
        if u + step < width and buffer[v, u + step] != feature:
            return True
        if v >= step and buffer[v - step, u] != feature:
            return True
        if v + step < height and buffer[v + step, u] != feature:
            return True
    return False


@kernel
def shade(
    buffer: NDArray[np.int32],
    colours: NDArray[np.uint32],
    flags: NDArray[np.uint8],
    pattern_of: NDArray[np.uint8],
    patterns: NDArray[np.uint8],
    inks: NDArray[np.uint32],
    offset_x: int,
    offset_y: int,
    sub_pixels: int,
    line: int,
    line_colour: np.uint32,
    selected_line: int,
    selected_colour: np.uint32,
    image: NDArray[np.uint32],
    stop: NDArray[np.uint8],
) -> bool:
    """Colour an id buffer and average its sub-pixels.

    Parameters
    ----------
    buffer : ndarray of int32, shape (rows * sub_pixels, columns * sub_pixels)
        Feature number plus one, 0 for nothing.
    colours : ndarray of uint32, shape (features + 1)
        Colour by id; entry 0 and hidden features are 0.
    flags, pattern_of : ndarray of uint8, shape (features + 1)
        By id: `SELECTED` or not; number of the pattern, 0 for none.
    patterns : ndarray of uint8, shape (patterns, period, period)
        How much ink, 0 to 255; the first is never looked at. They repeat.
    inks : ndarray of uint32, shape (patterns)
        Colour of each pattern's ink.
    offset_x, offset_y : int
        Keep patterns still on the ground while the map moves. [px]
    sub_pixels : int
        Sub-pixels per pixel in each direction.
    line, selected_line : int
        Width of outlines inside each feature, 0 for none. [sub-pixels]
    line_colour, selected_colour : uint32
        Outlines are laid over the fill; hidden features have none.
    image : ndarray of uint32, shape (rows, columns)
        Written to.
    stop : ndarray of uint8, shape (1)
        As in `fill_polygons`.
    """
    rows, columns = image.shape
    height, width = buffer.shape
    count = np.uint32(sub_pixels * sub_pixels)
    reach = max(line, selected_line)
    edge = sub_pixels - 1
    period = patterns.shape[1]
    for y in range(rows):
        if y % 16 == 0 and stop[0] != 0:
            return False
        for x in range(columns):
            v0, u0 = y * sub_pixels, x * sub_pixels
            feature = buffer[v0, u0]
            plain = True
            for v in range(v0, v0 + sub_pixels):
                for u in range(u0, u0 + sub_pixels):
                    if buffer[v, u] != feature:
                        plain = False
            if plain and feature == 0:
                image[y, x] = 0
                continue
            if plain and reach > 0:  # then all sub-pixels have the same neighbours unless one is at the rim
                for i in range(sub_pixels):
                    for step in range(1, reach + 1):
                        if v0 >= step and buffer[v0 - step, u0 + i] != feature:
                            plain = False
                        if v0 + edge + step < height and buffer[v0 + edge + step, u0 + i] != feature:
                            plain = False
                        if u0 >= step and buffer[v0 + i, u0 - step] != feature:
                            plain = False
                        if u0 + edge + step < width and buffer[v0 + i, u0 + edge + step] != feature:
                            plain = False
            if plain:
                colour = colours[feature]
                kind = pattern_of[feature]
                if kind > 0 and colour != 0:
                    amount = patterns[
                        kind,
                        (y + offset_y) % period,
                        (x + offset_x) % period,
                    ]
                    if amount > 0:
                        colour = _over(_weakened(inks[kind], np.uint32(amount)), colour)
                image[y, x] = colour
                continue
            alpha, red, green, blue = np.uint32(0), np.uint32(0), np.uint32(0), np.uint32(0)
            for v in range(v0, v0 + sub_pixels):
                for u in range(u0, u0 + sub_pixels):
                    feature = buffer[v, u]
                    colour = colours[feature]
                    if feature > 0 and (colour >> np.uint32(24)) > 0:
                        kind = pattern_of[feature]
                        if kind > 0:
                            amount = patterns[
                                kind,
                                (y + offset_y) % period,
                                (x + offset_x) % period,
                            ]
                            if amount > 0:
                                colour = _over(_weakened(inks[kind], np.uint32(amount)), colour)
                        chosen = flags[feature] & SELECTED
                        if chosen and selected_line > 0 and _at_rim(buffer, v, u, feature, selected_line):
                            colour = _over(selected_colour, colour)
                        elif line > 0 and _at_rim(buffer, v, u, feature, line):
                            colour = _over(line_colour, colour)
                        alpha += colour >> np.uint32(24)
                        red += (colour >> np.uint32(16)) & np.uint32(255)
                        green += (colour >> np.uint32(8)) & np.uint32(255)
                        blue += colour & np.uint32(255)
            half = count // np.uint32(2)
            image[y, x] = (
                (((alpha + half) // count) << np.uint32(24))
                | (((red + half) // count) << np.uint32(16))
                | (((green + half) // count) << np.uint32(8))
                | ((blue + half) // count)
            )
    return True


@kernel
def lay_over(ground: NDArray[np.uint32], image: NDArray[np.uint32], share: int) -> None:
    """Lay an image over the ground in place, at `share` 255ths of its opacity."""
    rows, columns = ground.shape
    for y in range(rows):
        for x in range(columns):
            colour = image[y, x]
            if colour != 0:
                if share < 255:
                    colour = _weakened(colour, np.uint32(share))
                ground[y, x] = _over(colour, ground[y, x])


@kernel
def straight_rgba(image: NDArray[np.uint32], rgba: NDArray[np.uint8]) -> None:
    """Premultiplied ARGB (rows, columns) to straight RGBA bytes (rows, columns, 4)."""
    rows, columns = image.shape
    for y in range(rows):
        for x in range(columns):
            colour = image[y, x]
            alpha = (colour >> np.uint32(24)) & np.uint32(255)
            for channel in range(3):
                value = (colour >> np.uint32(16 - 8 * channel)) & np.uint32(255)
                if 0 < alpha < 255:
                    value = min(np.uint32(255), (value * np.uint32(255) + alpha // np.uint32(2)) // alpha)
                rgba[y, x, channel] = value
            rgba[y, x, 3] = alpha
