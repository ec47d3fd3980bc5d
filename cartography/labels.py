"""Labels: which features of a layer get their words on the map, and where, so that none lies over another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.layers import StyledLayer
from cartography.ragged import Kind
from cartography.view import View
from core.compiled import kernel

LEAST_PX = 18.0  # features narrower than that on screen get no label
MOST_CANDIDATES = 900  # the largest in view; more would not find room
MOST_PARTS = 60_000  # in view; beyond, features are too small to be read
MOST_LABELS = 300
CELL_PX = 4  # of the grid in which room is kept
GAP_PX = 4.0  # kept free around a label
OVERHANG = 1.5  # a label may be so many times as wide as its feature


@dataclass(frozen=True)
class Label:
    """Words on the map, their middle at a point of the world. [m]"""

    words: str
    x: float
    y: float


def labels(
    layer: StyledLayer,
    view: View,
    words_of: Callable[[int], str],
    width_of: Callable[[str], float],
    height_px: float,
    taken: Sequence[Label] = (),
) -> list[Label]:
    """The labels of a layer in a view, the largest features first; each where it hides no other.

    Parameters
    ----------
    words_of : Callable
        Row to words; empty for no label. Asked for rows that may get one only.
    width_of : Callable
        Words to their width. [px]
    height_px : float
        Of a line of words.
    taken : sequence of Label
        Labels of layers above, which keep their room.
    """
    ragged = layer.ragged
    if ragged is None or not layer.visible:
        return []
    points = ragged.kind is Kind.POINT
    parts = ragged.query(view.bounds)
    if len(parts) > MOST_PARTS:
        return []
    boxes = ragged.bounds[parts]
    sides = (boxes[:, 2:] - boxes[:, :2]) / view.m_per_px
    fit = layer.seen[ragged.part_feature[parts]]
    if not points:
        fit &= sides.max(axis=1) >= LEAST_PX
    parts, sides = parts[fit], sides[fit]
    order = np.argsort(-sides[:, 0] * sides[:, 1], kind="stable")
    _, first = np.unique(ragged.part_feature[parts[order]], return_index=True)
    order = order[np.sort(first)][:MOST_CANDIDATES]  # the largest part of each feature
    grid = np.zeros((view.height_px // CELL_PX + 1, view.width_px // CELL_PX + 1), dtype=np.bool_)
    for label in taken:
        px, py = view.to_px(label.x, label.y)
        width = width_of(label.words) + 2 * GAP_PX
        take_room(grid, px - width / 2, py - height_px / 2, width, height_px)
    found: list[Label] = []
    for number in order:
        part = int(parts[number])
        words = words_of(int(ragged.part_feature[part]))
        if not words:
            continue
        width = width_of(words)
        if not points and width > OVERHANG * max(sides[number]):
            continue
        x, y = anchor(ragged.xy, ragged.ring_offsets, ragged.part_offsets, part, int(ragged.kind))
        px, py = view.to_px(x, y)
        if points:
            py -= height_px / 2 + layer.point_px / 2 + 1
            y += (height_px / 2 + layer.point_px / 2 + 1) * view.m_per_px
        if take_room(grid, px - width / 2 - GAP_PX, py - height_px / 2, width + 2 * GAP_PX, height_px):
            found.append(Label(words, x, y))
            if len(found) == MOST_LABELS:
                break
    return found


@kernel
def anchor(
    xy: NDArray[np.float64],
    ring_offsets: NDArray[np.int64],
    part_offsets: NDArray[np.int64],
    part: int,
    kind: int,
) -> tuple[float, float]:
    """A point well inside a part: the middle of the widest piece of the line through its half height.

    Of a line it is the vertex in its middle, of a point itself. [m]
    """
    first, last = ring_offsets[part_offsets[part]], ring_offsets[part_offsets[part] + 1]
    if kind != 2:
        middle = first + (last - first) // 2
        return xy[middle, 0], xy[middle, 1]
    y = (xy[first:last, 1].min() + xy[first:last, 1].max()) / 2
    crossings = np.empty(ring_offsets[part_offsets[part + 1]] - first, dtype=np.float64)
    count = 0
    for ring in range(part_offsets[part], part_offsets[part + 1]):
        for corner in range(ring_offsets[ring], ring_offsets[ring + 1] - 1):
            xa, ya, xb, yb = xy[corner, 0], xy[corner, 1], xy[corner + 1, 0], xy[corner + 1, 1]
            if (ya <= y) != (yb <= y):
                crossings[count] = xa + (y - ya) * (xb - xa) / (yb - ya)
                count += 1
    across = np.sort(crossings[:count])
    best, x = -1.0, (xy[first:last, 0].min() + xy[first:last, 0].max()) / 2
    for pair in range(0, count - 1, 2):
        if across[pair + 1] - across[pair] > best:
            best = across[pair + 1] - across[pair]
            x = (across[pair] + across[pair + 1]) / 2
    return x, y


@kernel
def take_room(grid: NDArray[np.bool_], left: float, top: float, width: float, height: float) -> bool:
    """Keep the cells of a box if all of them are free and it lies wholly in the picture."""
    first_column, last_column = int(np.floor(left / CELL_PX)), int(np.floor((left + width) / CELL_PX))
    first_row, last_row = int(np.floor(top / CELL_PX)), int(np.floor((top + height) / CELL_PX))
    if first_column < 0 or first_row < 0 or last_column >= grid.shape[1] or last_row >= grid.shape[0]:
        return False
    for row in range(first_row, last_row + 1):
        for column in range(first_column, last_column + 1):
            if grid[row, column]:
                return False
    grid[first_row : last_row + 1, first_column : last_column + 1] = True
    return True
