"""Grid fit: the square grid with most points inside polygons, by its turn and its shifts, and these points in order."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from core.compiled import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SHIFTS = 5  # of the rows in one spacing, besides rows at either edge and midway
NEAR = 1e-6  # [m] so near an edge a point counts as inside
APART = math.radians(2.0)  # directions closer than this are one


@kernel
def directions(hull: Floats, start: Ints) -> Floats:
    """Direction of the minimum rotated rectangle of each shape, that of an edge of its hull; 0 without a hull. [rad]

    Edges and starts as of `best_grids`.
    """
    found = np.zeros(start.size - 1)
    for shape in range(start.size - 1):
        mine = hull[start[shape] : start[shape + 1]]
        least = math.inf
        for edge in range(mine.shape[0]):
            angle = math.atan2(mine[edge, 3] - mine[edge, 1], mine[edge, 2] - mine[edge, 0])
            turned = _turned(mine, angle)
            size = (turned[:, 0].max() - turned[:, 0].min()) * (turned[:, 1].max() - turned[:, 1].min())
            if size < least * (1 - 1e-9):
                least, found[shape] = size, angle
    return found


@kernel
def best_grids(edges: Floats, start: Ints, direction: Floats, spacing: float) -> Floats:
    """The grid with most points in each shape.

    Rows are tried along and across the given direction and that of the longest edge, at several shifts; the shift along
    the rows that gives most points is found exactly, from where the stretches of all rows begin and end.

    Parameters
    ----------
    edges : ndarray, shape (edges, 4)
        x and y of both ends of all edges of all rings, shape by shape. [m]
    start : ndarray of int, shape (shapes + 1,)
        Where the edges of each shape start.
    direction : ndarray, shape (shapes,)
        Counter-clockwise from east. [rad]
    spacing : float
        Of the grid. [m]

    Returns
    -------
    ndarray, shape (shapes, 4)
        Number of points, direction of the rows [rad], first point along the rows and height of the first row [m], both
        in the turned system about the first point of the shape.
    """
    found = np.zeros((start.size - 1, 4))
    for shape in range(start.size - 1):
        mine = edges[start[shape] : start[shape + 1]]
        if mine.shape[0] == 0:
            continue
        other = _longest(mine)
        turn = abs((other - direction[shape] + math.pi / 4) % (math.pi / 2) - math.pi / 4)
        if turn < APART:
            other = direction[shape] + math.pi / 4
        found[shape, 1] = direction[shape]
        for angle in (direction[shape], direction[shape] + math.pi / 2, other, other + math.pi / 2):
            _try_direction(_turned(mine, angle), angle, spacing, found[shape])
    return found


@kernel
def grid_points(
    edges: Floats, start: Ints, grids: Floats, spacing: float
) -> tuple[Floats, NDArray[np.int32]]:
    """Points of the best grids, and their places on the grid in spacings.

    Those of a shape start in the middle of the widest place and go on as a square that grows row by row, so that the
    first N of them are a compact field.
    """
    total = int(grids[:, 0].sum())
    points, cells = np.empty((total, 2)), np.empty((total, 2), np.int32)
    first = 0
    for shape in range(start.size - 1):
        count = int(grids[shape, 0])
        if count == 0:
            continue
        mine = edges[start[shape] : start[shape + 1]]
        angle, along, up = grids[shape, 1], grids[shape, 2], grids[shape, 3]
        turned = _turned(mine, angle)
        row, begin, end = _stretches(turned, up, spacing)
        here = np.empty((count, 2), np.int64)
        filled = 0
        for stretch in range(row.size):
            column = math.ceil((begin[stretch] - NEAR - along) / spacing)
            while along + column * spacing <= end[stretch] + NEAR and filled < count:
                here[filled, 0], here[filled, 1] = column, row[stretch]
                filled += 1
                column += 1
        order = _from_the_middle(here)
        cosine, sine = math.cos(angle), math.sin(angle)
        for place in range(count):
            column, line = here[order[place]]
            u, v = along + column * spacing, up + line * spacing
            points[first + place, 0] = mine[0, 0] + u * cosine - v * sine
            points[first + place, 1] = mine[0, 1] + u * sine + v * cosine
            cells[first + place, 0], cells[first + place, 1] = column, line
        first += count
    return points, cells


@kernel
def _turned(edges: Floats, angle: float) -> Floats:
    """Edges about the first point, turned so that the direction lies level."""
    cosine, sine = math.cos(angle), math.sin(angle)
    found = np.empty(edges.shape)
    for edge in range(edges.shape[0]):
        for end in (0, 2):
            x, y = edges[edge, end] - edges[0, 0], edges[edge, end + 1] - edges[0, 1]
            found[edge, end] = x * cosine + y * sine
            found[edge, end + 1] = y * cosine - x * sine
    return found


@kernel
def _longest(edges: Floats) -> float:
    """Direction of the longest edge. [rad]"""
    best, angle = -1.0, 0.0
    for edge in range(edges.shape[0]):
        x, y = edges[edge, 2] - edges[edge, 0], edges[edge, 3] - edges[edge, 1]
        length = x * x + y * y
        if length > best * (1 + 1e-9):
            best, angle = length, math.atan2(y, x)
    return angle


@kernel
def _try_direction(turned: Floats, angle: float, spacing: float, best: Floats) -> None:
    """Put the best grid of one direction into `best` if it has more points."""
    low = min(turned[:, 1].min(), turned[:, 3].min())
    high = max(turned[:, 1].max(), turned[:, 3].max())
    slack = (high - low + NEAR) % spacing
    for trial in range(3 + SHIFTS - 1):
        if trial == 0:
            up = low + slack / 2  # midway between the edges
        elif trial == 1:
            up = low
        elif trial == 2:
            up = low + slack
        else:
            up = low + spacing * (trial - 2) / SHIFTS
        row, begin, end = _stretches(turned, up, spacing)
        if row.size == 0:
            continue
        count, along = _best_shift(begin, end, spacing)
        if count > best[0]:
            best[0], best[1], best[2], best[3] = count, angle, along, up


@kernel
def _stretches(turned: Floats, up: float, spacing: float) -> tuple[Ints, Floats, Floats]:
    """Stretches of the rows of a grid that lie inside: row, begin and end. Edges belong to the inside."""
    edges = turned.shape[0]
    lowest = min(turned[:, 1].min(), turned[:, 3].min())
    highest = max(turned[:, 1].max(), turned[:, 3].max())
    first = math.ceil((lowest - NEAR - up) / spacing)
    rows = math.floor((highest + NEAR - up) / spacing) - first + 1
    if rows <= 0:
        return np.empty(0, np.int64), np.empty(0), np.empty(0)
    touched = np.zeros(rows, np.bool_)  # rows that pass a corner: looked at from both sides
    count = np.zeros(rows + 1, np.int64)
    for edge in range(edges):
        low, high = min(turned[edge, 1], turned[edge, 3]), max(turned[edge, 1], turned[edge, 3])
        near = round((turned[edge, 1] - up) / spacing)
        if abs(turned[edge, 1] - up - near * spacing) <= NEAR and 0 <= near - first < rows:
            touched[near - first] = True
        for line in range(math.ceil((low - up) / spacing), math.ceil((high - up) / spacing)):
            if 0 <= line - first < rows:
                count[line - first + 1] += 1
    filled = np.cumsum(count)
    crossing = np.empty(filled[rows])
    place = filled[:rows].copy()
    for edge in range(edges):
        low, high = min(turned[edge, 1], turned[edge, 3]), max(turned[edge, 1], turned[edge, 3])
        for line in range(math.ceil((low - up) / spacing), math.ceil((high - up) / spacing)):
            if 0 <= line - first < rows:
                share = (up + line * spacing - turned[edge, 1]) / (turned[edge, 3] - turned[edge, 1])
                crossing[place[line - first]] = turned[edge, 0] + share * (turned[edge, 2] - turned[edge, 0])
                place[line - first] += 1
    size = crossing.size + 2 * edges * touched.sum()
    row, begin, end = np.empty(size, np.int64), np.empty(size), np.empty(size)
    found = 0
    for line in range(rows):
        if touched[line]:
            height = up + (first + line) * spacing
            both = np.concatenate((_cut(turned, height - NEAR), _cut(turned, height + NEAR)))
            both = both[np.argsort(both[:, 0])]
            for one in range(both.shape[0]):
                if found > 0 and row[found - 1] == first + line and both[one, 0] <= end[found - 1] + NEAR:
                    end[found - 1] = max(end[found - 1], both[one, 1])
                else:
                    row[found], begin[found], end[found] = first + line, both[one, 0], both[one, 1]
                    found += 1
        else:
            _sort(crossing, filled[line], filled[line + 1])
            for one in range(filled[line], filled[line + 1] - 1, 2):
                row[found], begin[found], end[found] = first + line, crossing[one], crossing[one + 1]
                found += 1
    return row[:found], begin[:found], end[:found]


@kernel
def _sort(values: Floats, first: int, last: int) -> None:
    """Put a short part of an array in order."""
    for one in range(first + 1, last):
        value, place = values[one], one
        while place > first and values[place - 1] > value:
            values[place] = values[place - 1]
            place -= 1
        values[place] = value


@kernel
def _cut(turned: Floats, height: float) -> Floats:
    """Stretches of one line that lie inside, shape (n, 2)."""
    cuts = np.empty(turned.shape[0])
    found = 0
    for edge in range(turned.shape[0]):
        if (turned[edge, 1] <= height) != (turned[edge, 3] <= height):
            share = (height - turned[edge, 1]) / (turned[edge, 3] - turned[edge, 1])
            cuts[found] = turned[edge, 0] + share * (turned[edge, 2] - turned[edge, 0])
            found += 1
    ordered = np.sort(cuts[:found])
    return ordered[: found // 2 * 2].reshape(found // 2, 2)


@kernel
def _best_shift(begin: Floats, end: Floats, spacing: float) -> tuple[int, float]:
    """Most points at one spacing that stretches can hold at a common shift, and the middle of such shifts.

    A stretch holds its whole spacings, and one point more where the shift lies between its begin and its end, both
    taken modulo the spacing; so the number changes only where a stretch begins or ends.
    """
    sure, count = 0, 0
    opens, closes = np.empty(2 * begin.size), np.empty(2 * begin.size)
    for one in range(begin.size):
        length = end[one] - begin[one] + 2 * NEAR
        whole = math.floor(length / spacing)
        sure += whole
        opens[count] = (begin[one] - NEAR) % spacing
        closes[count] = opens[count] + length - whole * spacing
        count += 1
        if closes[count - 1] >= spacing:  # it goes on at the beginning of the next spacing
            opens[count], closes[count] = opens[count - 1] - spacing, closes[count - 1] - spacing
            count += 1
    opens, closes = opens[:count], closes[:count]
    opens.sort()
    closes.sort()
    more, best, shift, passed = 0, -1, 0.0, 0
    for one in range(count):
        while closes[passed] < opens[one]:
            passed += 1
            more -= 1
        more += 1
        if more > best and opens[one] >= 0.0:
            best, shift = more, (opens[one] + closes[passed]) / 2
    return sure + best, shift


@kernel
def _from_the_middle(cells: Ints) -> Ints:
    """Order of cells: from the middle of the largest square of them, as a square that grows row by row."""
    west, south = cells[:, 0].min(), cells[:, 1].min()
    width, height = cells[:, 0].max() - west + 1, cells[:, 1].max() - south + 1
    depth = np.zeros((height + 2, width + 2), np.int32)
    for cell in range(cells.shape[0]):
        depth[cells[cell, 1] - south + 1, cells[cell, 0] - west + 1] = height + width
    for y in range(1, height + 1):
        for x in range(1, width + 1):
            if depth[y, x] > 0:
                depth[y, x] = 1 + min(
                    depth[y - 1, x - 1], depth[y - 1, x], depth[y - 1, x + 1], depth[y, x - 1]
                )
    for y in range(height, 0, -1):
        for x in range(width, 0, -1):
            if depth[y, x] > 0:
                beside = min(depth[y + 1, x - 1], depth[y + 1, x], depth[y + 1, x + 1], depth[y, x + 1])
                depth[y, x] = min(depth[y, x], 1 + beside)
    middle_x, middle_y = cells[:, 0].mean(), cells[:, 1].mean()
    deepest, nearest, x, y = 0, 0.0, 0, 0
    for cell in range(cells.shape[0]):
        deep = depth[cells[cell, 1] - south + 1, cells[cell, 0] - west + 1]
        away = (cells[cell, 0] - middle_x) ** 2 + (cells[cell, 1] - middle_y) ** 2
        if deep > deepest or (deep == deepest and away < nearest):
            deepest, nearest, x, y = deep, away, cells[cell, 0], cells[cell, 1]
    key = np.empty(cells.shape[0], np.int64)
    for cell in range(cells.shape[0]):
        key[cell] = _turn(cells[cell, 0] - x, cells[cell, 1] - y)
    return np.argsort(key)


@kernel
def _turn(east: int, north: int) -> int:
    """At which step a growing square takes a cell: shell by shell, first its new row, then its new column."""
    across = 2 * east - 1 if east > 0 else -2 * east
    upward = 2 * north - 1 if north > 0 else -2 * north
    shell = max(across, upward)
    return shell * shell + (across if upward == shell and across < shell else shell + upward)
