"""Segmentation: planes of roofs in a measured surface, grown on normals, joined by the spread of their residuals."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.compiled import kernel
from core.jobs import Job
from potential.solar.plane_rules import PlaneRules

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Marks = NDArray[np.int32]

SMOOTHED_OVER_M = 1.0  # reach of the little plane through each cell: 3 x 3 cells of 1 m, 5 x 5 of 0.5 m
FEWEST_CELLS = 4  # fewer cells lie on a plane by chance
SWEEPS = 8  # times that cells may change to the plane beside them
AT_ONCE = 200_000  # cells between two reports of progress


@dataclass(frozen=True)
class Segments:
    """Planes found in a surface.

    Parameters
    ----------
    plane : ndarray of int32, shape (n,)
        Plane of each cell that was looked at, -1 for none.
    owner : ndarray of int64, shape (planes,)
        Building of each plane.
    east, north, height : ndarray, shape (planes,)
        Slopes towards grid east and north, and height at the outer corner of the first row and column. [-], [-], [m]
    error_m, cells, sides : ndarray, shape (planes,)
        Mean absolute residual, cells, and sides of cells towards others than holes. [m], [-], [-]
    """

    plane: Marks
    owner: Ints
    east: Floats
    north: Floats
    height: Floats
    error_m: Floats
    cells: Floats
    sides: Floats


def segments(
    height_m: NDArray[np.float32], cells: Ints, start: Ints, cell_m: float, rules: PlaneRules, job: Job
) -> Segments:
    """Planes of the roofs of all buildings.

    A plane grows from the smoothest cell over neighbours that lie on it, as long as their normals agree with its own;
    neighbouring planes whose joint residuals spread no wider are joined; then each cell goes to the plane beside
    it that it lies nearest to. Of each plane the largest piece is kept [1]_.

    Parameters
    ----------
    height_m : ndarray of float32, shape (rows, columns)
        Surface, NaN where unknown. [m]
    cells, start : ndarray of int64
        Flat cell numbers of the buildings, as in `layers.footprints.Footprints`.
    cell_m : float
        Edge of a cell. [m]
    rules : PlaneRules
        Limits.
    job : Job
        Reports progress and stops when asked.

    References
    ----------
    .. [1] F. Tarsha-Kurdi, T. Landes and P. Grussenmeyer, "Hough-transform and extended RANSAC algorithms for
       automatic detection of 3D building roof planes from Lidar data," ISPRS 36(3/W52), 407-412, 2007.
    """
    least = max(FEWEST_CELLS, int(rules.module_m[0] * rules.module_m[1] / cell_m**2))
    limits = np.array(
        [cell_m, rules.residual_m, np.cos(np.radians(rules.angle_deg)), rules.spread, rules.noise_m, least]
    )
    plane = np.full(len(cells), -1, dtype=np.int32)
    parts = _blocks(start)
    found, owner, count = [], [], 0
    for first, last in job.each(parts, "Finding planes of roofs"):
        bounds = start[first : last + 1]
        mine = slice(int(bounds[0]), int(bounds[-1]))
        made, of = _segment(
            height_m, cells[mine], bounds - bounds[0], limits, rules.obstruction_m, plane[mine], count
        )
        count += len(of)
        found.append(made)
        owner.append(of + first)
    table = np.concatenate([np.zeros((0, 6)), *found])
    return Segments(plane, np.concatenate([np.zeros(0, np.int64), *owner]), *np.ascontiguousarray(table.T))


def _blocks(start: Ints) -> list[tuple[int, int]]:
    """First and last building of blocks of about equally many cells."""
    if len(start) < 2:
        return []
    steps = np.arange(0, start[-1] + AT_ONCE, AT_ONCE)
    cuts = np.unique(np.concatenate([[0], np.searchsorted(start[:-1], steps), [len(start) - 1]]))
    return [(int(first), int(last)) for first, last in pairwise(cuts)]


@kernel
def _segment(
    height: NDArray[np.float32],
    cells: Ints,
    start: Ints,
    limits: Floats,
    bump: float,
    plane: Marks,
    first: int,
) -> tuple[Floats, Ints]:
    """Planes of some buildings; writes their numbers from `first` on into `plane`."""
    cell_m, residual, least_cos, spread, noise, least = limits
    columns = height.shape[1]
    reach = max(1, int(SMOOTHED_OVER_M / cell_m + 0.5))
    found = np.empty((len(cells) // FEWEST_CELLS + 1, 6))
    owner = np.empty(len(found), dtype=np.int64)
    count = 0
    for one in range(len(start) - 1):
        own = cells[start[one] : start[one + 1]]
        if len(own) < least:
            continue
        row, column = own // columns, own % columns
        top, left = row.min() - reach, column.min() - reach
        z = np.full((row.max() - top + 1 + reach, column.max() - left + 1 + reach), np.nan)
        for k in range(len(own)):
            z[row[k] - top, column[k] - left] = height[row[k], column[k]]
        east, north, rough = _little_planes(z, reach, cell_m)
        mark = np.full(z.shape, -1, dtype=np.int32)
        made = _grow(z, east, north, rough, cell_m, residual, least_cos, int(least), mark)
        made = _join(z, mark, made, cell_m, spread, noise, least_cos)
        for _ in range(SWEEPS):
            if not _settle(z, mark, _fits(_moments(z, mark, made, cell_m)), cell_m, residual):
                break
        _keep_largest(mark, made)
        fits = _fits(_moments(z, mark, made, cell_m))
        _fill(z, mark, fits, cell_m, bump)
        number = np.full(made + 1, -1, dtype=np.int32)
        judged = _judge(z, mark, fits, made, cell_m)
        for k in range(made):
            if judged[k, 1] >= least:
                a, b, c = fits[k, 0], fits[k, 1], fits[k, 2]
                # From the window's corner to that of the raster.
                found[count, 0], found[count, 1] = a, b
                found[count, 2] = c - a * left * cell_m + b * top * cell_m
                found[count, 3:] = judged[k]
                owner[count] = one
                number[k] = first + count
                count += 1
        for k in range(len(own)):
            plane[start[one] + k] = number[mark[row[k] - top, column[k] - left]]
    return found[:count].copy(), owner[:count].copy()


@kernel
def _little_planes(z: Floats, reach: int, cell_m: float) -> tuple[Floats, Floats, Floats]:
    """Slopes and root-mean-square residual of the plane through the cells around each; infinite where they are few."""
    east, north = np.zeros(z.shape), np.zeros(z.shape)
    rough = np.full(z.shape, np.inf)
    most = (2 * reach + 1) ** 2
    sums = np.zeros((1, 10))
    for row in range(reach, z.shape[0] - reach):
        for column in range(reach, z.shape[1] - reach):
            if np.isnan(z[row, column]):
                continue
            sums[:] = 0.0
            for down in range(-reach, reach + 1):
                for right in range(-reach, reach + 1):
                    rise = z[row + down, column + right] - z[row, column]
                    if not np.isnan(rise):
                        _add(sums[0], right * cell_m, -down * cell_m, rise)
            if 2 * sums[0, 0] > most:
                fit = _fits(sums)
                east[row, column], north[row, column], rough[row, column] = fit[0, 0], fit[0, 1], fit[0, 3]
    return east, north, rough


@kernel
def _grow(
    z: Floats,
    east: Floats,
    north: Floats,
    rough: Floats,
    cell_m: float,
    residual: float,
    least_cos: float,
    least: int,
    mark: Marks,
) -> int:
    """Grow planes from the smoothest cells; gives their number. Cells whose normal differs end a plane."""
    columns = z.shape[1]
    queue = np.empty(z.size, dtype=np.int64)
    sums = np.zeros((1, 10))
    count = 0
    for seed in np.argsort(rough.reshape(-1)):
        top, left = seed // columns, seed % columns
        if not rough[top, left] <= residual:
            break
        if mark[top, left] >= 0:
            continue
        a, b, c = east[top, left], north[top, left], z[top, left]  # the plane, from the seed
        sums[:] = 0.0
        _add(sums[0], 0.0, 0.0, c)
        mark[top, left] = count
        queue[0] = seed
        head, tail, refit = 0, 1, 8
        while head < tail:
            row, column = queue[head] // columns, queue[head] % columns
            head += 1
            turned = (1 + a * east[row, column] + b * north[row, column]) / np.sqrt(
                (1 + a * a + b * b) * (1 + east[row, column] ** 2 + north[row, column] ** 2)
            )
            if rough[row, column] > residual or turned < least_cos:
                continue
            for down in range(-1, 2):
                for right in range(-1, 2):
                    i, j = row + down, column + right
                    x, y = (j - left) * cell_m, (top - i) * cell_m
                    if mark[i, j] < 0 and abs(z[i, j] - c - a * x - b * y) <= residual:  # never of NaN
                        mark[i, j] = count
                        queue[tail] = i * columns + j
                        tail += 1
                        _add(sums[0], x, y, z[i, j])
            if tail >= refit:
                fit = _fits(sums)
                a, b, c = fit[0, 0], fit[0, 1], fit[0, 2]
                refit = tail + tail // 2
        if tail < least:
            for k in range(tail):
                mark[queue[k] // columns, queue[k] % columns] = -1
        else:
            count += 1
    return count


@kernel
def _join(
    z: Floats, mark: Marks, count: int, cell_m: float, spread: float, noise: float, least_cos: float
) -> int:
    """Join neighbouring planes whose joint residuals spread no wider than their own; gives the number left."""
    sums = _moments(z, mark, count, cell_m)
    root = np.arange(count)
    joined = True
    while joined:
        joined = False
        for row in range(mark.shape[0] - 1):
            for column in range(mark.shape[1] - 1):
                for down in range(2):
                    i, j = mark[row, column], mark[row + down, column + 1 - down]
                    if i < 0 or j < 0:
                        continue
                    while root[i] != i:
                        i = root[i]
                    while root[j] != j:
                        j = root[j]
                    if i != j and _are_one(sums, i, j, spread, noise, least_cos):
                        sums[i] += sums[j]
                        root[j] = i
                        joined = True
    number = np.full(count, -1, dtype=np.int32)
    left = 0
    for k in range(count):
        if root[k] == k:
            number[k] = left
            left += 1
    for row in range(mark.shape[0]):
        for column in range(mark.shape[1]):
            k = mark[row, column]
            if k >= 0:
                while root[k] != k:
                    k = root[k]
                mark[row, column] = number[k]
    return left


@kernel
def _are_one(sums: Floats, i: int, j: int, spread: float, noise: float, least_cos: float) -> bool:
    """Whether two planes are one: they hardly turn, and their residuals from one plane spread no wider."""
    three = np.empty((3, 10))
    three[0], three[1], three[2] = sums[i], sums[j], sums[i] + sums[j]
    fit = _fits(three)
    dot = 1 + fit[0, 0] * fit[1, 0] + fit[0, 1] * fit[1, 1]
    lengths = (1 + fit[0, 0] ** 2 + fit[0, 1] ** 2) * (1 + fit[1, 0] ** 2 + fit[1, 1] ** 2)
    if dot < least_cos * np.sqrt(lengths):
        return False
    pooled = (three[0, 0] * fit[0, 3] ** 2 + three[1, 0] * fit[1, 3] ** 2) / three[2, 0]
    return bool(fit[2, 3] ** 2 <= max(spread**2 * pooled, noise**2))


@kernel
def _settle(z: Floats, mark: Marks, fits: Floats, cell_m: float, residual: float) -> bool:
    """Give each cell to the plane beside it that it lies nearest to; whether any changed."""
    before = mark.copy()
    changed = False
    for row in range(1, mark.shape[0] - 1):
        for column in range(1, mark.shape[1] - 1):
            if np.isnan(z[row, column]):
                continue
            x, y = column * cell_m, -row * cell_m
            nearest, plane = residual, -1
            seen = -1
            for near in range(9):
                k = before[
                    row + (0, -1, -1, -1, 0, 0, 1, 1, 1)[near], column + (0, -1, 0, 1, -1, 1, -1, 0, 1)[near]
                ]
                if k >= 0 and k != seen:
                    seen = k
                    away = abs(z[row, column] - fits[k, 2] - fits[k, 0] * x - fits[k, 1] * y)
                    if away < nearest:
                        nearest, plane = away, k
            if plane != before[row, column]:
                mark[row, column] = plane
                changed = True
    return changed


@kernel
def _keep_largest(mark: Marks, count: int) -> None:
    """Leave of each plane its largest piece of cells that share sides."""
    rows, columns = mark.shape
    piece = np.full(mark.shape, -1, dtype=np.int32)
    size, of = np.zeros(mark.size, dtype=np.int64), np.zeros(mark.size, dtype=np.int64)
    largest = np.full(count, -1, dtype=np.int64)
    stack = np.empty(mark.size, dtype=np.int64)
    pieces = 0
    for cell in range(mark.size):
        k = mark[cell // columns, cell % columns]
        if k < 0 or piece[cell // columns, cell % columns] >= 0:
            continue
        stack[0], depth = cell, 1
        piece[cell // columns, cell % columns] = pieces
        of[pieces] = k
        while depth:
            depth -= 1
            row, column = stack[depth] // columns, stack[depth] % columns
            size[pieces] += 1
            for side in range(4):
                i, j = row + (0, 0, 1, -1)[side], column + (1, -1, 0, 0)[side]
                if mark[i, j] == k and piece[i, j] < 0:
                    piece[i, j] = pieces
                    stack[depth] = i * columns + j
                    depth += 1
        if largest[k] < 0 or size[pieces] > size[largest[k]]:
            largest[k] = pieces
        pieces += 1
    for row in range(rows):
        for column in range(columns):
            if mark[row, column] >= 0 and largest[mark[row, column]] != piece[row, column]:
                mark[row, column] = -1


@kernel
def _fill(z: Floats, mark: Marks, fits: Floats, cell_m: float, bump: float) -> None:
    """Take single cells that six or more of their neighbours' plane surrounds into it, unless they stand out."""
    before = mark.copy()
    for row in range(1, mark.shape[0] - 1):
        for column in range(1, mark.shape[1] - 1):
            if before[row, column] >= 0 or np.isnan(z[row, column]):
                continue
            for side in range(4):
                k = before[row + (0, 0, 1, -1)[side], column + (1, -1, 0, 0)[side]]
                if k < 0:
                    continue
                around = np.sum(before[row - 1 : row + 2, column - 1 : column + 2] == k)
                away = z[row, column] - fits[k, 2] - fits[k, 0] * column * cell_m + fits[k, 1] * row * cell_m
                if around >= 6 and abs(away) < bump:
                    mark[row, column] = k
                    break


@kernel
def _judge(z: Floats, mark: Marks, fits: Floats, count: int, cell_m: float) -> Floats:
    """Mean absolute residual, cells, and sides towards anything but holes of each plane."""
    judged = np.zeros((count, 3))
    for row in range(1, mark.shape[0] - 1):
        for column in range(1, mark.shape[1] - 1):
            k = mark[row, column]
            if k < 0:
                continue
            judged[k, 0] += abs(
                z[row, column] - fits[k, 2] - fits[k, 0] * column * cell_m + fits[k, 1] * row * cell_m
            )
            judged[k, 1] += 1
            for side in range(4):
                i, j = row + (0, 0, 1, -1)[side], column + (1, -1, 0, 0)[side]
                hole = mark[i, j] < 0 and not np.isnan(z[i, j])
                judged[k, 2] += mark[i, j] != k and not hole
    for k in range(count):
        judged[k, 0] /= max(judged[k, 1], 1.0)
    return judged


@kernel
def _moments(z: Floats, mark: Marks, count: int, cell_m: float) -> Floats:
    """Sums of each plane's cells from which its fit follows, from the corner of the window."""
    sums = np.zeros((count, 10))
    for row in range(mark.shape[0]):
        for column in range(mark.shape[1]):
            if mark[row, column] >= 0:
                _add(sums[mark[row, column]], column * cell_m, -row * cell_m, z[row, column])
    return sums


@kernel
def _add(sums: Floats, x: float, y: float, z: float) -> None:
    sums[0] += 1.0
    sums[1] += x
    sums[2] += y
    sums[3] += z
    sums[4] += x * x
    sums[5] += x * y
    sums[6] += y * y
    sums[7] += x * z
    sums[8] += y * z
    sums[9] += z * z


@kernel
def _fits(sums: Floats) -> Floats:
    """Slope east, slope north, height at the origin and root-mean-square residual of least-squares planes."""
    fits = np.zeros((len(sums), 4))
    for k in range(len(sums)):
        n = max(sums[k, 0], 1.0)
        x, y, z = sums[k, 1] / n, sums[k, 2] / n, sums[k, 3] / n
        xx, xy, yy = sums[k, 4] / n - x * x, sums[k, 5] / n - x * y, sums[k, 6] / n - y * y
        xz, yz, zz = sums[k, 7] / n - x * z, sums[k, 8] / n - y * z, sums[k, 9] / n - z * z
        determinant = xx * yy - xy * xy
        if determinant > 1e-6:  # not all in one line
            fits[k, 0] = (xz * yy - yz * xy) / determinant
            fits[k, 1] = (yz * xx - xz * xy) / determinant
        fits[k, 2] = z - fits[k, 0] * x - fits[k, 1] * y
        fits[k, 3] = np.sqrt(max(zz - fits[k, 0] * xz - fits[k, 1] * yz, 0.0))
    return fits
