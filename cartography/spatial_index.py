"""Finding parts: a grid over the centres of parts, and exact tests at a point and in a rectangle, without the GIL."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.compiled import inlined, kernel

PARTS_PER_CELL = 4
WIDEST_CELLS = 2.0  # parts wider than so many cells are kept in a list of their own
POLYGON, LINE = 2, 1


class GridIndex(NamedTuple):
    """Parts by the cell of their centre; `wide` holds those too wide for that.

    A search looks in the cells within `reach_x`, `reach_y` of the rectangle: half of the widest part kept in cells.
    """

    west: float
    south: float
    cell_m: float
    columns: int
    rows: int
    reach_x: float
    reach_y: float
    starts: NDArray[np.int64]
    members: NDArray[np.int64]
    wide: NDArray[np.int64]


@kernel
def build_index(bounds: NDArray[np.float64]) -> GridIndex:
    """A grid index over bounding boxes (parts x west, south, east, north). [m]"""
    parts = bounds.shape[0]
    west, south, east, north = 0.0, 0.0, 0.0, 0.0
    for part in range(parts):
        x = 0.5 * (bounds[part, 0] + bounds[part, 2])
        y = 0.5 * (bounds[part, 1] + bounds[part, 3])
        if part == 0:
            west, south, east, north = x, y, x, y
        west, east = min(west, x), max(east, x)
        south, north = min(south, y), max(north, y)
    cells = max(1.0, parts / PARTS_PER_CELL)
    width, height = max(east - west, 1e-9), max(north - south, 1e-9)
    cell = max(np.sqrt(width * height / cells), max(width, height) / 4096, 1e-9)
    columns, rows = int(width / cell) + 1, int(height / cell) + 1
    starts = np.zeros(columns * rows + 1, dtype=np.int64)
    cell_of = np.empty(parts, dtype=np.int64)
    reach_x, reach_y = 0.0, 0.0
    wide_count = 0
    for part in range(parts):
        across, up = bounds[part, 2] - bounds[part, 0], bounds[part, 3] - bounds[part, 1]
        if max(across, up) > WIDEST_CELLS * cell:
            cell_of[part] = -1
            wide_count += 1
            continue
        reach_x, reach_y = max(reach_x, 0.5 * across), max(reach_y, 0.5 * up)
        column = int((0.5 * (bounds[part, 0] + bounds[part, 2]) - west) / cell)
        row = int((0.5 * (bounds[part, 1] + bounds[part, 3]) - south) / cell)
        at = min(row, rows - 1) * columns + min(column, columns - 1)
        cell_of[part] = at
        starts[at + 1] += 1
    for at in range(columns * rows):
        starts[at + 1] += starts[at]
    members = np.empty(parts - wide_count, dtype=np.int64)
    wide = np.empty(wide_count, dtype=np.int64)
    place = starts[:-1].copy()
    wide_count = 0
    for part in range(parts):
        at = cell_of[part]
        if at < 0:
            wide[wide_count] = part
            wide_count += 1
        else:
            members[place[at]] = part
            place[at] += 1
    return GridIndex(west, south, cell, columns, rows, reach_x, reach_y, starts, members, wide)


@inlined
def _meets(bounds, part, west, south, east, north):  # type: ignore[no-untyped-def]
    return (
        bounds[part, 0] <= east
        and bounds[part, 2] >= west
        and bounds[part, 1] <= north
        and bounds[part, 3] >= south
    )


@kernel
def find_in_index(
    index: GridIndex, bounds: NDArray[np.float64], west: float, south: float, east: float, north: float
) -> NDArray[np.int64]:
    """Parts whose bounding box meets a rectangle, ascending."""
    parts = bounds.shape[0]
    first_column = int(max(0.0, min(index.columns - 1.0, (west - index.reach_x - index.west) / index.cell_m)))
    last_column = int(max(0.0, min(index.columns - 1.0, (east + index.reach_x - index.west) / index.cell_m)))
    first_row = int(max(0.0, min(index.rows - 1.0, (south - index.reach_y - index.south) / index.cell_m)))
    last_row = int(max(0.0, min(index.rows - 1.0, (north + index.reach_y - index.south) / index.cell_m)))
    looked_at = index.wide.size
    for row in range(first_row, last_row + 1):
        begin = index.starts[row * index.columns + first_column]
        looked_at += index.starts[row * index.columns + last_column + 1] - begin
    found = np.empty(looked_at, dtype=np.int64)
    count = 0
    if looked_at * 4 > parts:  # most of the layer: a look at all of them needs no sorting
        for part in range(parts):
            if _meets(bounds, part, west, south, east, north) and count < looked_at:
                found[count] = part
                count += 1
        return found[:count]
    for row in range(first_row, last_row + 1):
        begin = index.starts[row * index.columns + first_column]
        for at in range(begin, index.starts[row * index.columns + last_column + 1]):
            if _meets(bounds, index.members[at], west, south, east, north):
                found[count] = index.members[at]
                count += 1
    for part in index.wide:
        if _meets(bounds, part, west, south, east, north):
            found[count] = part
            count += 1
    return np.sort(found[:count])


@inlined
def _crossing_left_of(xa, ya, xb, yb, x, y):  # type: ignore[no-untyped-def]
    """Whether an edge, oriented upwards, crosses the horizontal through the point to the left of it."""
    if ya > yb or (ya == yb and xa > xb):
        xa, ya, xb, yb = xb, yb, xa, ya
    return ya <= y < yb and xa + (y - ya) * (xb - xa) / (yb - ya) <= x


@inlined
def _square_distance(xa, ya, xb, yb, x, y):  # type: ignore[no-untyped-def]
    """Square of the distance from a point to a segment."""
    across, up = xb - xa, yb - ya
    length = across * across + up * up
    along = 0.0
    if length > 0.0:
        along = min(1.0, max(0.0, ((x - xa) * across + (y - ya) * up) / length))
    dx, dy = x - xa - along * across, y - ya - along * up
    return dx * dx + dy * dy


@kernel
def parts_at_point(
    xy: NDArray[np.float64],
    ring_offsets: NDArray[np.int64],
    part_offsets: NDArray[np.int64],
    parts: NDArray[np.int64],
    kind: int,
    x: float,
    y: float,
    tolerance: float,
) -> NDArray[np.bool_]:
    """Which of some parts hold a point (polygons, even-odd) or lie within a tolerance of it (lines, points)."""
    hit = np.zeros(parts.size, dtype=np.bool_)
    for n in range(parts.size):
        part = parts[n]
        inside = False
        nearest = np.inf
        for ring in range(part_offsets[part], part_offsets[part + 1]):
            first, last = ring_offsets[ring], ring_offsets[ring + 1] - 1
            for k in range(first, max(last, first + 1)):
                b = min(k + 1, last)
                if kind == POLYGON:
                    if _crossing_left_of(xy[k, 0], xy[k, 1], xy[b, 0], xy[b, 1], x, y):
                        inside = not inside
                else:
                    nearest = min(nearest, _square_distance(xy[k, 0], xy[k, 1], xy[b, 0], xy[b, 1], x, y))
        hit[n] = inside if kind == POLYGON else nearest <= tolerance * tolerance
    return hit


@inlined
def _segment_meets(xa, ya, xb, yb, west, south, east, north):  # type: ignore[no-untyped-def]
    """Whether a segment meets a rectangle (Liang-Barsky clipping)."""
    low, high = 0.0, 1.0
    for side in range(4):
        if side == 0:
            step, room = xa - xb, xa - west
        elif side == 1:
            step, room = xb - xa, east - xa
        elif side == 2:
            step, room = ya - yb, ya - south
        else:
            step, room = yb - ya, north - ya
        if step == 0.0:
            if room < 0.0:
                high = -1.0
        elif step < 0.0:
            low = max(low, room / step)
        else:
            high = min(high, room / step)
    return low <= high


@kernel
def parts_in_rectangle(
    xy: NDArray[np.float64],
    ring_offsets: NDArray[np.int64],
    part_offsets: NDArray[np.int64],
    parts: NDArray[np.int64],
    kind: int,
    west: float,
    south: float,
    east: float,
    north: float,
) -> NDArray[np.bool_]:
    """Which of some parts meet a rectangle by their geometry."""
    hit = np.zeros(parts.size, dtype=np.bool_)
    for n in range(parts.size):
        part = parts[n]
        corner_inside = False
        meets = False
        for ring in range(part_offsets[part], part_offsets[part + 1]):
            first, last = ring_offsets[ring], ring_offsets[ring + 1] - 1
            for k in range(first, max(last, first + 1)):
                b = min(k + 1, last)
                if _segment_meets(xy[k, 0], xy[k, 1], xy[b, 0], xy[b, 1], west, south, east, north):
                    meets = True
                    break
                if kind == POLYGON and _crossing_left_of(xy[k, 0], xy[k, 1], xy[b, 0], xy[b, 1], west, south):
                    corner_inside = not corner_inside
            if meets:
                break
        hit[n] = meets or corner_inside
    return hit


@kernel
def sizes_of_parts(
    xy: NDArray[np.float64],
    ring_offsets: NDArray[np.int64],
    part_offsets: NDArray[np.int64],
    part_feature: NDArray[np.int32],
    bounds: NDArray[np.float64],
    features: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Centre of the box of each feature's largest part, and the area of all its parts (0 for lines and points)."""
    centres = np.full((features, 2), np.nan)
    areas = np.zeros(features)
    largest = np.full(features, -1.0)
    for part in range(part_feature.size):
        feature = part_feature[part]
        x0, y0 = bounds[part, 0], bounds[part, 1]
        area = 0.0
        for ring in range(part_offsets[part], part_offsets[part + 1]):
            twice = 0.0
            for k in range(ring_offsets[ring], ring_offsets[ring + 1] - 1):
                twice += (xy[k, 0] - x0) * (xy[k + 1, 1] - y0) - (xy[k + 1, 0] - x0) * (xy[k, 1] - y0)
            size = 0.5 * abs(twice)
            area += size if ring == part_offsets[part] else -size
        areas[feature] += area
        if area > largest[feature]:
            largest[feature] = area
            centres[feature, 0] = 0.5 * (bounds[part, 0] + bounds[part, 2])
            centres[feature, 1] = 0.5 * (bounds[part, 1] + bounds[part, 3])
    return centres, areas
