"""Usable cells: what set-backs, obstructions, the module's own size and the least piece leave of measured planes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.compiled import kernel
from potential.solar.plane_rules import PlaneRules

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Marks = NDArray[np.int32]


@dataclass(frozen=True)
class Fitted:
    """Planes as the kernel takes them: slopes, height at the raster's corner, distance to keep from the edge."""

    east: Floats
    north: Floats
    height: Floats
    setback_m: Floats


def usable_share(
    height_m: NDArray[np.float32],
    building: Marks,
    rows: Marks,
    columns: Marks,
    plane: Marks,
    crowned: NDArray[np.bool_],
    fitted: Fitted,
    cell_m: float,
    rules: PlaneRules,
) -> NDArray[np.float32]:
    """Share of each cell on a plane that modules may cover.

    A cell keeps the set-back from where its plane ends (at the outline of the building, at a ridge or a step down)
    and the clearance from whatever stands out of the plane; cells at the rim of the distance count in part, so that
    the area does not jump by whole cells. What is left is opened by the module in both directions, and pieces
    below the least area are dropped.

    Parameters
    ----------
    height_m, building : ndarray, shape (rows, columns)
        Surface, and the building of each cell. [m]
    rows, columns, plane : ndarray of int32, shape (n,)
        Cells that lie on a plane.
    crowned : ndarray of bool, shape (n,)
        Cells under the crown of a tree.
    fitted : Fitted
        The planes.
    cell_m : float
        Edge of a cell. [m]
    rules : PlaneRules
        Limits.

    Returns
    -------
    ndarray of float32, shape (n,)
        0 to 1.
    """
    lie = np.full(building.shape, -1, dtype=np.int32)
    lie[rows, columns] = plane
    order = np.argsort(plane, kind="stable")
    start = np.searchsorted(plane[order], np.arange(len(fitted.east) + 1))
    length, width = (max(1, int(side / cell_m + 0.5)) for side in rules.module_m)
    share = np.zeros(len(plane), dtype=np.float32)
    _share(
        height_m,
        building,
        lie,
        rows,
        columns,
        order,
        start.astype(np.int64),
        np.column_stack([fitted.east, fitted.north, fitted.height, fitted.setback_m]),
        np.array([cell_m, rules.obstruction_m, rules.clearance_m, rules.least_m2]),
        np.array([length, width]),
        crowned,
        share,
    )
    return share


@kernel
def _share(
    height: NDArray[np.float32],
    building: Marks,
    lie: Marks,
    rows: Marks,
    columns: Marks,
    order: Ints,
    start: Ints,
    planes: Floats,
    limits: Floats,
    module: Ints,
    crowned: NDArray[np.bool_],
    share: NDArray[np.float32],
) -> None:
    cell_m, least_m2 = limits[0], limits[3]
    for k in range(len(start) - 1):
        own = order[start[k] : start[k + 1]]
        top, left = rows[own].min(), columns[own].min()
        room = np.zeros((rows[own].max() - top + 1, columns[own].max() - left + 1))
        for one in own:
            if not crowned[one]:
                row, column = rows[one], columns[one]
                room[row - top, column - left] = _kept(height, building, lie, row, column, planes[k], limits)
        _open(room, module[0], module[1])
        slope = np.sqrt(1 + planes[k, 0] ** 2 + planes[k, 1] ** 2)
        _drop_small(room, least_m2 / (cell_m**2 * slope))
        for one in own:
            share[one] = room[rows[one] - top, columns[one] - left]


@kernel
def _kept(
    height: NDArray[np.float32],
    building: Marks,
    lie: Marks,
    row: int,
    column: int,
    plane: Floats,
    limits: Floats,
) -> float:
    """Share of a cell that lies further from the end of its plane and from obstructions than it must."""
    cell_m, bump, clearance = limits[0], limits[1], limits[2]
    setback = plane[3]
    reach = int(np.ceil(max(setback, clearance) / cell_m)) + 1
    kept = 1.0
    for i in range(row - reach, row + reach + 1):
        for j in range(column - reach, column + reach + 1):
            on_grid = 0 <= i < height.shape[0] and 0 <= j < height.shape[1]
            if on_grid and lie[i, j] == lie[row, column]:
                continue
            keep = setback
            if on_grid and building[i, j] == building[row, column]:
                rise = height[i, j] - plane[2] - plane[0] * j * cell_m + plane[1] * i * cell_m
                if rise > bump:
                    keep = clearance
                elif lie[i, j] < 0:
                    continue  # off the plane, yet neither edge nor obstruction
            away = np.sqrt(float((i - row) ** 2 + (j - column) ** 2))
            kept = min(kept, max(away - keep / cell_m, 0.0))
    return kept


@kernel
def _open(room: Floats, length: int, width: int) -> None:
    """Leave cells on which a module fits lengthwise or crosswise, and the parts of cells beside them.

    A module needs cells of which more than half is left; cells of which less is left are rims of wider ground.
    """
    rows, columns = room.shape
    fits = np.zeros(room.shape, dtype=np.bool_)
    for turn in range(2):
        high, wide = (length, width) if turn == 0 else (width, length)
        for row in range(rows - high + 1):
            for column in range(columns - wide + 1):
                if np.all(room[row : row + high, column : column + wide] > 0.5):
                    fits[row : row + high, column : column + wide] = True
    for row in range(rows):
        for column in range(columns):
            near = fits[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
            if not np.any(near):
                room[row, column] = 0.0


@kernel
def _drop_small(room: Floats, least: float) -> None:
    """Drop pieces whose cells add up to less than `least`; cells that share sides are of one piece."""
    rows, columns = room.shape
    seen = np.zeros(room.shape, dtype=np.bool_)
    piece = np.empty(room.size, dtype=np.int64)
    for cell in range(room.size):
        if seen[cell // columns, cell % columns] or room[cell // columns, cell % columns] == 0:
            continue
        piece[0], head, tail = cell, 0, 1
        seen[cell // columns, cell % columns] = True
        total = 0.0
        while head < tail:
            row, column = piece[head] // columns, piece[head] % columns
            head += 1
            total += room[row, column]
            for side in range(4):
                i, j = row + (0, 0, 1, -1)[side], column + (1, -1, 0, 0)[side]
                if 0 <= i < rows and 0 <= j < columns and room[i, j] > 0 and not seen[i, j]:
                    seen[i, j] = True
                    piece[tail] = i * columns + j
                    tail += 1
        if total < least:
            for k in range(tail):
                room[piece[k] // columns, piece[k] % columns] = 0.0
