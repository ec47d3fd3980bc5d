"""Light on walls: rays from places on a wall find what every storey sees, and the sky table what falls on it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.compiled import kernel
from core.jobs import Job
from sun.far_terrain import FarTerrain, first_cells, seeds
from sun.lanes import BAND_NUMBERS
from sun.lines import BREAK_M, MARGIN, NOTHING_M, Floats, marches, spread, threads
from sun.sky import SkyTable

Numbers = NDArray[np.float64]

DEGREES = 360  # walls are parted by their direction into classes of one degree
FINE, COARSE = 3, 7  # powers of two: edges of the squares of cells that a ray may step over at once
ALONG = 0.02  # sine of the angle to the wall at which a sun is looked for whose bin lies just behind the wall
NEAREST_M = 1e-3  # closer obstacles count as this far
NUDGE = 1e-6  # of a cell, over the edge between two
PARALLEL = 1e-5  # a ray that turns less from an axis runs along it: a nudge would not bring it over an edge
CELLS_WORTH_A_RAY = 64  # a ray costs about as much as so many cells of a sweep


@dataclass(frozen=True)
class Obstacles:
    """Heights of a city with the tallest of every square of cells, so that rays can step over what is low.

    Parameters
    ----------
    height_m : ndarray of float32, (rows, columns)
        Heights, rows from north to south; NaN obstructs nothing. [m]
    fine, coarse : ndarray of float32
        Tallest cell of every square of 2 to the power of `FINE` and of `COARSE` cells. [m]
    cell_m : float
        Edge of a cell. [m]
    """

    height_m: Floats
    fine: Floats
    coarse: Floats
    cell_m: float

    @classmethod
    def of(cls, height_m: NDArray[np.floating], cell_m: float) -> Obstacles:
        """The obstacles of a height raster."""
        height = np.ascontiguousarray(height_m, np.float32)
        return cls(height, _tallest(height, FINE), _tallest(height, COARSE), cell_m)


@dataclass(frozen=True)
class Upright:
    """Light of a sky on upright planes of every direction that occurs.

    Parameters
    ----------
    above : ndarray of float32, (classes, A, K + 1, months)
        From each band and all above it. [kWh/m²]
    kind : ndarray of int64, (walls,)
        Class of each wall.
    ground : ndarray of float32, (months,)
        What ground and obstacles send. [kWh/m²]
    """

    above: Floats
    kind: NDArray[np.int64]
    ground: Floats

    @classmethod
    def of(cls, sky: SkyTable, azimuth_deg: Numbers) -> Upright:
        """Light on walls that face some directions, to the nearest degree, clockwise from true north."""
        turn = np.round(azimuth_deg).astype(np.int64) % DEGREES
        classes, kind = np.unique(turn, return_inverse=True)
        above = np.empty((len(classes), *sky.tan_elevation.shape, sky.ground.size), np.float32)
        for number, degree in enumerate(classes):
            above[number] = _from_band_up(sky, float(degree))
        closed = np.concatenate([above, np.zeros_like(above[:, :, :1])], axis=2)
        return cls(np.ascontiguousarray(closed), kind.ravel().astype(np.int64), sky.ground.astype(np.float32))

    @property
    def open(self) -> Floats:
        """Light on each wall where nothing stands before it, (walls, months). [kWh/m²]"""
        whole: Floats = self.above[:, :, 0].sum(axis=1)[self.kind] + self.ground
        return whole

    def behind(self, lit: NDArray[np.uint8]) -> Floats:
        """Light on each wall behind a known horizon, (walls, months); `lit` as `sweep.lit_bands` gives it. [kWh/m²]"""
        light = np.tile(self.ground, (len(self.kind), 1))
        bands = self.above.shape[2] - 1
        for azimuth in range(lit.shape[1]):
            light += self.above[self.kind, azimuth, bands - lit[:, azimuth].astype(np.int64)]
        return light


@dataclass(frozen=True)
class Columns:
    """Places on walls, one above the other in every storey.

    Parameters
    ----------
    column, row : ndarray of float64, (columns,)
        Where they stand, in cells from the upper left corner of the raster.
    facing_deg : ndarray of float64, (columns,)
        Direction the wall faces, clockwise from grid north. [°]
    lowest_m, storey_m : ndarray of float64, (columns,)
        Height of the lowest place above the datum, and from one to the next. [m]
    levels, skipped : ndarray of int64, (columns,)
        Number of places, and how many of the lowest need not be looked at.
    kind : ndarray of int64, (columns,)
        Class of the wall in `Upright`.
    dark : ndarray of uint8, (columns, A), optional
        Number of lowest bands in every azimuth that far terrain hides, from `hidden_by_far`.
    """

    column: Numbers
    row: Numbers
    facing_deg: Numbers
    lowest_m: Numbers
    storey_m: Numbers
    levels: NDArray[np.int64]
    skipped: NDArray[np.int64]
    kind: NDArray[np.int64]
    dark: NDArray[np.uint8] | None = None


def column_light(
    obstacles: Obstacles,
    sky: SkyTable,
    upright: Upright,
    columns: Columns,
    *,
    convergence_deg: float = 0.0,
    clear_m: float = 0.0,
    break_m: float = BREAK_M,
    workers: int | None = None,
) -> Floats:
    """Irradiation of every storey of some columns, month by month.

    Parameters
    ----------
    obstacles : Obstacles
        What stands around.
    sky : SkyTable
        Its azimuths and the elevations at which its bands are tested.
    upright : Upright
        Light of the same sky on the walls.
    columns : Columns
        Places on the walls.
    convergence_deg : float
        Meridian convergence: true azimuth less grid azimuth. [°]
    clear_m : float
        Cells whose middle lies no further than this before the wall's line obstruct nothing. [m]
    break_m : float
        A step up higher than this is a wall, met at its face; any lower one in the middle of its cell. [m]
    workers : int, optional
        Threads; as many as processors if not given.

    Returns
    -------
    ndarray of float32, (places, months of `upright`)
        Column after column, the lowest place first. [kWh/m²]

    Notes
    -----
    A ray starts on the wall's own line and passes from cell to cell. One ray serves all storeys: what is lower than
    something nearer is hidden from every one of them, so only a cell taller than all before it is looked at, and
    squares without one are stepped over. Cells whose middle lies behind the line belong to the wall itself: the
    staircase in which an oblique wall stands on the grid does not shade it.
    """
    first = np.concatenate([np.zeros(1, np.int64), np.cumsum(columns.levels)])
    light = np.empty((int(first[-1]), upright.ground.size), np.float32)
    light[:] = upright.ground
    phi = np.radians(sky.azimuth_deg - convergence_deg)
    rays = np.column_stack([np.sin(phi), -np.cos(phi)])
    facing = np.radians(columns.facing_deg)
    clear = clear_m / obstacles.cell_m
    # Copies, since the kernel is compiled once for each way in which arrays may lie in memory.
    real = [np.array(one, np.float64) for one in (
        columns.column, columns.row, np.sin(facing), -np.cos(facing), columns.lowest_m, columns.storey_m
    )]  # fmt: skip
    whole = [np.array(one, np.int64) for one in (columns.levels, columns.skipped, first[:-1], columns.kind)]
    none = np.zeros((len(columns.column), len(rays)), np.uint8)
    dark = none if columns.dark is None else np.array(columns.dark, np.uint8)
    each: list[NDArray[Any]] = [*real, *whole, dark]

    def part(which: slice) -> None:
        _cast(
            obstacles.height_m, obstacles.fine, obstacles.coarse, obstacles.cell_m, break_m, clear, rays,
            sky.tan_elevation, upright.above, light, *(one[which] for one in each),
        )  # fmt: skip

    count = threads(workers, len(columns.column) * len(rays) * CELLS_WORTH_A_RAY)
    edges = np.linspace(0, len(columns.column), count + 1).astype(int).tolist()
    spread(part, [slice(start, end) for start, end in pairwise(edges)])
    return light


def hidden_by_far(
    far: FarTerrain,
    shape: tuple[int, ...],
    cell_m: float,
    sky: SkyTable,
    columns: Columns,
    job: Job,
    *,
    convergence_deg: float = 0.0,
) -> NDArray[np.uint8]:
    """Number of lowest bands in every azimuth that terrain outside a raster hides from some columns, (columns, A).

    Mountains are far and walls small beside them: what the middle of a column sees holds for all its storeys.

    Parameters
    ----------
    far : FarTerrain
        Terrain around the raster.
    shape : tuple of int
        Rows and columns of the raster.
    cell_m : float
        Edge of its cells. [m]
    sky : SkyTable
        Azimuths and bands.
    columns : Columns
        Places on the walls.
    job : Job
        Reports progress and stops when asked.
    convergence_deg : float
        Meridian convergence: true azimuth less grid azimuth. [°]
    """
    dark = np.empty((len(columns.column), sky.azimuth_deg.size), np.uint8)
    z = columns.lowest_m + columns.storey_m * (columns.levels - 1) / 2
    # A wall may stand a little outside a raster whose edge cuts through its building.
    cell = [
        np.clip(np.floor(place), 0, size - 1).astype(np.int64)
        for place, size in zip((columns.row, columns.column), shape, strict=True)
    ]
    each = [one for _, group in marches(shape, cell_m, sky, convergence_deg, BREAK_M) for one in group]
    for march in job.each(each, "Casting shadows on walls"):
        rank, place = cell[::-1] if march.across else cell
        line = place - march.offsets[MARGIN + rank] - march.first_line
        entry = first_cells(march, line, shape)[1 if march.across else 0]
        steps = np.abs(rank - entry) + 1
        planes = seeds(far, march, shape, cell_m, 0.0)
        fall = march.bands[1::BAND_NUMBERS]
        dark[:, march.azimuth] = sum(planes[line, band] - fall[band] * steps > z for band in range(fall.size))
    return dark


def _from_band_up(sky: SkyTable, azimuth_deg: float) -> Numbers:
    """Light on an upright plane from each band and all above it, (A, K, months).

    As for roofs, the beam of a direction counts if it falls on the front over the year, the sky if the middle of
    the band lies in front; so the months add up.
    """
    normal = np.array([np.sin(np.radians(azimuth_deg)), np.cos(np.radians(azimuth_deg)), 0.0])
    faced = np.where(sky.beam_year @ normal > 0, sky.beam @ normal, 0.0)
    faced += np.where(sky.centres @ normal > 0, sky.diffuse @ normal, 0.0)
    down = np.flip(np.cumsum(np.flip(faced, axis=2), axis=2), axis=2)
    turned: Numbers = down.transpose(1, 2, 0)
    return turned


@kernel
def _tallest(height: Floats, power: int) -> Floats:
    rows, columns = height.shape
    tallest = np.full((((rows - 1) >> power) + 1, ((columns - 1) >> power) + 1), NOTHING_M, np.float32)
    for row in range(rows):
        for column in range(columns):
            if height[row, column] > tallest[row >> power, column >> power]:
                tallest[row >> power, column >> power] = height[row, column]
    return tallest


@kernel
def _cast(
    height: Floats, fine: Floats, coarse: Floats, cell: float, break_m: float, clear: float,
    rays: Numbers, tests: Numbers, above: Floats, light: Floats, x: Numbers, y: Numbers, ahead_x: Numbers,
    ahead_y: Numbers, lowest: Numbers, storey: Numbers, levels: NDArray[np.int64],
    skipped: NDArray[np.int64], first: NDArray[np.int64], kind: NDArray[np.int64], dark: NDArray[np.uint8],
) -> None:  # fmt: skip
    """Cast the rays of some columns and add the light of the bands that reach their places."""
    bands, months = tests.shape[1], light.shape[1]
    highest = np.float64(coarse.max())
    most = 0
    for one in range(x.size):
        most = max(most, levels[one])
    steepest = np.empty(most)
    for one in range(x.size):
        count = levels[one] - skipped[one]
        if count <= 0:
            continue
        base = lowest[one] + skipped[one] * storey[one]
        for azimuth in range(len(rays)):
            seen = False
            for month in range(months):
                seen = seen or above[kind[one], azimuth, 0, month] != 0
            if not seen:
                continue
            right, down = rays[azimuth]
            ahead = right * ahead_x[one] + down * ahead_y[one]
            if ahead < ALONG:
                right += (ALONG - ahead) * ahead_x[one]
                down += (ALONG - ahead) * ahead_y[one]
            _rise(
                height, fine, coarse, cell, break_m, clear, highest, tests[azimuth, 0], x[one], y[one],
                right, down, ahead_x[one], ahead_y[one], base, storey[one], steepest[:count],
            )  # fmt: skip
            band = np.int64(dark[one, azimuth])
            for place in range(count - 1, -1, -1):
                while band < bands and tests[azimuth, band] < steepest[place]:
                    band += 1
                if band == bands:
                    break  # as dark as can be, and so is every lower storey
                for month in range(months):
                    light[first[one] + skipped[one] + place, month] += above[kind[one], azimuth, band, month]


@kernel
def _rise(
    height: Floats, fine: Floats, coarse: Floats, cell: float, break_m: float, clear: float,
    highest: float, least: float, x: float, y: float, right: float, down: float, ahead_x: float,
    ahead_y: float, base: float, storey: float, steepest: Numbers,
) -> None:  # fmt: skip
    """Slope of the horizon of every place of a column along one ray; what stays below `least` counts as level."""
    rows, columns = height.shape
    steepest[:] = 0
    # How far the ray goes for each column and row that it passes; along an axis it never passes one.
    per_column, no_column = (1 / right, 0.0) if abs(right) > PARALLEL else (0.0, np.inf)
    per_row, no_row = (1 / down, 0.0) if abs(down) > PARALLEL else (0.0, np.inf)
    tallest = base  # of what was passed so far
    gone, end = 0.0, (highest - base) / (least * cell)  # in cells
    while gone < end:
        column, row = x + (gone + NUDGE) * right, y + (gone + NUDGE) * down
        if column < 0 or row < 0 or column >= columns or row >= rows:
            break  # outside the raster nothing obstructs
        j, i = int(column), int(row)
        needed = max(tallest, base + least * gone * cell)
        power = 0
        if fine[i >> FINE, j >> FINE] <= needed:
            power = COARSE if coarse[i >> COARSE, j >> COARSE] <= needed else FINE
        edge_x, edge_y = ((j >> power) + (right > 0)) << power, ((i >> power) + (down > 0)) << power
        left = min(no_column + (edge_x - x) * per_column, no_row + (edge_y - y) * per_row)
        if power == 0 and height[i, j] > needed:
            before = (j + 0.5 - x) * ahead_x + (i + 0.5 - y) * ahead_y
            if before >= clear:
                tallest = np.float64(height[i, j])
                middle = not _breaks(
                    height, x + (gone - NUDGE) * right, y + (gone - NUDGE) * down, tallest, break_m
                )
                away = max((0.5 * (gone + left) if middle else gone) * cell, NEAREST_M)
                end = 0.0
                for place in range(steepest.size):
                    above = base + place * storey
                    steepest[place] = max(steepest[place], (tallest - above) / away)
                    end = max(end, (highest - above) / (max(steepest[place], least) * cell))
        gone = max(left, gone + NUDGE)


@kernel
def _breaks(height: Floats, x: float, y: float, top: float, break_m: float) -> bool:
    """Whether a cell of some height rises like a wall from the one before it; the unknown is no obstacle."""
    row, column = int(min(max(y, 0), height.shape[0] - 1)), int(min(max(x, 0), height.shape[1] - 1))
    return not top - height[row, column] <= break_m
