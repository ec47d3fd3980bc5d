"""The id buffer: every sub-pixel holds the number of the feature drawn there, plus one; 0 is nothing.

Sub-pixels are taken at their centres and spans are half open, and every edge is oriented the same way before it is
interpolated. So neighbours that share an edge compute the same crossings to the bit: no gaps, no overlaps, and no
dependence on the order of drawing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.compiled import inlined, kernel

PARTS_BETWEEN_LOOKS = 1024  # at the flag that stops the work
STAMPED_BELOW = 2.0  # sub-pixels: what is narrower both ways and misses every centre is stamped


@inlined
def _upper_end_first(xa, ya, xb, yb):  # type: ignore[no-untyped-def]
    """The edge from its upper end on screen; of two ends equally high, from the one further right."""
    if ya > yb or (ya == yb and xa < xb):
        return xb, yb, xa, ya
    return xa, ya, xb, yb


@kernel
def fill_polygons(
    xy: NDArray[np.float64],
    ring_offsets: NDArray[np.int64],
    part_offsets: NDArray[np.int64],
    part_feature: NDArray[np.int32],
    bounds: NDArray[np.float64],
    parts: NDArray[np.int64],
    west: float,
    north: float,
    scale: float,
    buffer: NDArray[np.int32],
    stop: NDArray[np.uint8],
) -> bool:
    """Fill polygons into an id buffer, holes by the even-odd rule.

    Parameters
    ----------
    xy, ring_offsets, part_offsets, part_feature, bounds
        As in `Ragged`. [m]
    parts : ndarray of int64
        Which parts to draw, in drawing order.
    west, north : float
        Coordinates of the buffer's upper left corner. [m]
    scale : float
        Sub-pixels per metre.
    buffer : ndarray of int32, shape (rows, columns)
        Written to.
    stop : ndarray of uint8, shape (1)
        Set to non-zero by another thread to make the kernel return early.

    Returns
    -------
    bool
        False if it was stopped before everything was drawn.
    """
    height, width = buffer.shape
    crossings = np.empty(256, dtype=np.float64)
    ends = np.empty(height + 2, dtype=np.int64)
    for n in range(parts.size):
        if n % PARTS_BETWEEN_LOOKS == 0 and stop[0] != 0:
            return False
        part = parts[n]
        feature = part_feature[part] + 1
        left, right = (bounds[part, 0] - west) * scale, (bounds[part, 2] - west) * scale
        top, bottom = (north - bounds[part, 3]) * scale, (north - bounds[part, 1]) * scale
        if right < 0.0 or left > width or bottom < 0.0 or top > height:
            continue
        first = max(0, int(np.ceil(top - 0.5)))
        last = min(height - 1, int(np.ceil(bottom - 0.5)) - 1)
        painted = False
        if last >= first:
            rows = last - first + 1
            ends[: rows + 1] = 0
            # Two passes: count the crossings of each row, then store them row by row.
            for storing in range(2):
                if storing == 1:
                    total = 0
                    for row in range(rows + 1):
                        here = ends[row]
                        ends[row] = total
                        total += here
                    if total > crossings.size:
                        crossings = np.empty(2 * total, dtype=np.float64)
                for ring in range(part_offsets[part], part_offsets[part + 1]):
                    for k in range(ring_offsets[ring], ring_offsets[ring + 1] - 1):
                        xa, ya, xb, yb = _upper_end_first(
                            (xy[k, 0] - west) * scale,
                            (north - xy[k, 1]) * scale,
                            (xy[k + 1, 0] - west) * scale,
                            (north - xy[k + 1, 1]) * scale,
                        )
                        if yb <= first or ya >= last + 1:
                            continue
                        upper = max(first, int(np.ceil(ya - 0.5)))
                        lower = min(last, int(np.ceil(yb - 0.5)) - 1)
                        if storing == 0:
                            for row in range(upper - first, lower - first + 1):
                                ends[row] += 1
                        else:
                            slope = (xb - xa) / (yb - ya) if lower >= upper else 0.0
                            for row in range(upper - first, lower - first + 1):
                                crossings[ends[row]] = xa + (row + first + 0.5 - ya) * slope
                                ends[row] += 1
            begin = 0
            for row in range(rows):
                end = ends[row]
                if end - begin <= 32:
                    for i in range(begin + 1, end):
                        value = crossings[i]
                        j = i - 1
                        while j >= begin and crossings[j] > value:
                            crossings[j + 1] = crossings[j]
                            j -= 1
                        crossings[j + 1] = value
                else:
                    crossings[begin:end] = np.sort(crossings[begin:end])
                for pair in range(begin, end - 1, 2):
                    start = max(0, int(np.ceil(max(-1.0, crossings[pair]) - 0.5)))
                    past = min(width, int(np.ceil(min(width + 1.0, crossings[pair + 1]) - 0.5)))
                    for column in range(start, past):
                        buffer[row + first, column] = feature
                    if past > start:
                        painted = True
                begin = end
        if not painted and right - left < STAMPED_BELOW and bottom - top < STAMPED_BELOW:
            column, row = int(np.floor(0.5 * (left + right))), int(np.floor(0.5 * (top + bottom)))
            if 0 <= column < width and 0 <= row < height:
                buffer[row, column] = feature
    return True


@kernel
def draw_lines(
    xy: NDArray[np.float64],
    ring_offsets: NDArray[np.int64],
    part_offsets: NDArray[np.int64],
    part_feature: NDArray[np.int32],
    parts: NDArray[np.int64],
    west: float,
    north: float,
    scale: float,
    radius: float,
    buffer: NDArray[np.int32],
    stop: NDArray[np.uint8],
) -> bool:
    """Draw lines with round ends and joins, `radius` (half the width) in sub-pixels; points become discs.

    The other parameters are those of `fill_polygons`.
    """
    height, width = buffer.shape
    for n in range(parts.size):
        if n % PARTS_BETWEEN_LOOKS == 0 and stop[0] != 0:
            return False
        part = parts[n]
        feature = part_feature[part] + 1
        ring = part_offsets[part]
        final = ring_offsets[ring + 1] - 1
        for k in range(ring_offsets[ring], max(final, ring_offsets[ring] + 1)):
            after = min(k + 1, final)
            xa, ya, xb, yb = _upper_end_first(
                (xy[k, 0] - west) * scale,
                (north - xy[k, 1]) * scale,
                (xy[after, 0] - west) * scale,
                (north - xy[after, 1]) * scale,
            )
            if yb < -radius or ya > height + radius:
                continue
            if max(xa, xb) < -radius or min(xa, xb) > width + radius:
                continue
            length = np.hypot(xb - xa, yb - ya)
            across = (
                (ya - yb) / length * radius if length > 0.0 else 0.0
            )  # from the axis to the right-hand rim
            down = (xb - xa) / length * radius if length > 0.0 else 0.0
            first = max(0, int(np.ceil(ya - radius - 0.5)))
            last = min(height - 1, int(np.ceil(yb + radius - 0.5)) - 1)
            for row in range(first, last + 1):
                y = row + 0.5
                low, high = np.inf, -np.inf
                # The stroke is the convex hull of two discs: its span in a row is that of discs and rims.
                if abs(y - ya) <= radius:
                    half = np.sqrt(radius * radius - (y - ya) * (y - ya))
                    low, high = min(low, xa - half), max(high, xa + half)
                if abs(y - yb) <= radius:
                    half = np.sqrt(radius * radius - (y - yb) * (y - yb))
                    low, high = min(low, xb - half), max(high, xb + half)
                for side in (-1.0, 1.0):
                    y0, y1 = ya + side * down, yb + side * down
                    if y1 > y0 and y0 <= y <= y1:
                        x = xa + side * across + (y - y0) * (xb - xa) / (y1 - y0)
                        low, high = min(low, x), max(high, x)
                if low > high or high < 0.0 or low > width:
                    continue
                start = max(0, int(np.ceil(max(low, -1.0) - 0.5)))
                past = min(width, int(np.ceil(min(high, width + 1.0) - 0.5)))
                for column in range(start, past):
                    buffer[row, column] = feature
    return True
