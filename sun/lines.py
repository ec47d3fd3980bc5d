"""Lines sheared by whole cells: how a raster is marched over, away from every azimuth of the sky."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.compiled import kernel
from sun.lanes import (
    BAND_NUMBERS,
    LANES,
    LINES,
    PITCH,
    RANKS,
    add_light,
    add_light_at_sides,
    count_lit,
    count_lit_at_sides,
)
from sun.sky import SkyTable

Floats = NDArray[np.float32]

# A step down of more than this between neighbouring cells is a wall. At 1 m cells a lower limit takes steep
# roofs for walls: against ray marches of measured surfaces 2 m is closest to both readings of the raster.
BREAK_M = 2.0
NOTHING_M = np.float32(-1e9)  # height of what obstructs nothing
MARGIN = 32  # cells round a plane, so that whole vectors and whole ranks may run over its border
CELLS_WORTH_A_THREAD = 500_000
TILE = 16  # edge of the squares in which a plane is turned
FAR = 1 << 40  # further than any line


@dataclass(frozen=True)
class March:
    """One azimuth laid out over planes whose adjacent lines are adjacent in memory.

    Parameters
    ----------
    azimuth : int
        Its number in the sky table.
    across : bool
        Whether ranks are columns, so that planes must be turned for it; else they are rows.
    shear : float
        Cells by which a line is shifted from rank to rank.
    forward : bool
        Whether ranks are taken in rising order, away from the sun.
    offsets : ndarray
        Cell of line 0 at every rank, ranks of the margin included.
    bands : ndarray
        Break height and the numbers of each band, as `lanes` lays them out.
    split : int
        Number of lowest bands whose beam and sky are clipped apart.
    first_line, lines : int
        The lines that meet the raster.
    """

    azimuth: int
    across: bool
    shear: float
    forward: bool
    offsets: NDArray[np.int64]
    bands: Floats
    split: int
    first_line: int
    lines: int

    @property
    def towards(self) -> NDArray[np.float64]:
        """Unit vector towards the azimuth: columns and rows."""
        rank = -1.0 if self.forward else 1.0
        along = np.array([rank, rank * self.shear] if self.across else [rank * self.shear, rank])
        vector: NDArray[np.float64] = along / np.hypot(1.0, self.shear)
        return vector

    @property
    def southward(self) -> bool:
        """Whether shadows fall towards rising rows, or straight along one; else towards falling ones."""
        return bool(self.towards[1] <= 0)

    @property
    def blocks(self) -> int:
        """Blocks of lines, each marched over by one thread."""
        return -(-self.lines // LINES)

    def over_rows(self, first: int, last: int) -> March:
        """The same march over the plane of some rows only; a shadow plane keeps its line."""
        if self.across:
            return replace(self, first_line=self.first_line - first)
        return replace(self, offsets=self.offsets[first : last + 2 * MARGIN])


def marches(
    shape: tuple[int, ...], cell_m: float, sky: SkyTable, convergence_deg: float, break_m: float
) -> list[tuple[bool, list[March]]]:
    """The azimuths of a sky in two groups: along the ranks of the stored raster, and of the turned one."""
    turn = to_grid(convergence_deg)
    beam, diffuse, centres = sky.beam_year @ turn, sky.diffuse_year @ turn, sky.centres @ turn
    splits = sky.split_bands
    groups: dict[bool, list[March]] = {False: [], True: []}
    for number, azimuth in enumerate(sky.azimuth_deg):
        across, rising, shear = line_direction(azimuth - convergence_deg)
        ranks, width = shape[::-1] if across else shape
        fall = sky.tan_elevation[number] * cell_m * np.hypot(1.0, shear)
        apart = np.arange(fall.size)[:, None] < splits[number]
        light = np.where(apart, beam[number], beam[number] + diffuse[number])
        rows = np.column_stack([fall, fall / 2, light, diffuse[number], centres[number]])
        bands = np.concatenate([[break_m], rows.ravel()]).astype(np.float32)
        offsets = line_offsets(ranks, shear, MARGIN)
        least, most = int(offsets[MARGIN:-MARGIN].min()), int(offsets[MARGIN:-MARGIN].max())
        reach = -most, width + most - least
        march = March(number, across, shear, not rising, offsets, bands, int(splits[number]), *reach)
        groups[across].append(march)
    return list(groups.items())


def in_order(groups: list[tuple[bool, list[March]]]) -> list[tuple[bool, list[March]]]:
    """The marches in the order in which light is added up: all whose shadows fall northward before the others.

    Each half can be marched strip of rows by strip of rows, so a raster read in strips adds up the same numbers in
    the same order as one held in memory.
    """
    along, across = (dict(groups)[turned] for turned in (False, True))
    return [
        (False, [march for march in along if not march.southward]),
        (True, [march for march in across if not march.southward]),
        (True, [march for march in across if march.southward]),
        (False, [march for march in along if march.southward]),
    ]


def fresh_state(march: March, seeds: Floats | None = None) -> Floats:
    """Shadow planes of all lines before they meet the raster, (blocks, bands x PITCH).

    Parameters
    ----------
    march : March
        The march.
    seeds : ndarray, (lines, bands), optional
        Height of the planes one step before the first cell of each line; nothing obstructs without them.
    """
    bands = (march.bands.size - 1) // BAND_NUMBERS
    state = np.full((march.blocks, bands * PITCH), NOTHING_M, np.float32)
    if seeds is not None:
        padded = np.full((march.blocks * LINES, bands), NOTHING_M, np.float32)
        padded[: march.lines] = seeds
        lanes = state.reshape(march.blocks, bands, PITCH)
        lanes[:, :, :LINES] = padded.reshape(march.blocks, LINES, bands).transpose(0, 2, 1)
    return state


def line_direction(azimuth_deg: float) -> tuple[bool, bool, float]:
    """How lines run that look to a grid azimuth: along rows or not, ranks rising or not, cells of shear per rank."""
    phi = np.radians(azimuth_deg % 360.0)
    to_column, to_row = round(float(np.sin(phi)), 12), round(float(-np.cos(phi)), 12)
    across = abs(to_column) > abs(to_row)
    major, minor = (to_column, to_row) if across else (to_row, to_column)
    return across, major > 0, minor / major


def line_offsets(count: int, shear: float, margin: int = 0) -> NDArray[np.int64]:
    """Cell of line 0 at every rank.

    All lines are shifted alike, so every cell lies on exactly one. The pivot is a whole rank: about half a one the
    exact diagonals would round to either side.
    """
    rank = np.arange(-margin, count + margin) - count // 2
    offsets: NDArray[np.int64] = np.floor(shear * rank + 0.5).astype(np.int64)
    return offsets


def to_grid(convergence_deg: float) -> NDArray[np.float64]:
    """Matrix that turns rows of true east, north, up into grid east, north, up."""
    cos, sin = np.cos(np.radians(convergence_deg)), np.sin(np.radians(convergence_deg))
    return np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])


def height_plane(
    height_m: NDArray[np.floating], lowest: float | None = None, before: int = 0, after: int = 0
) -> Floats:
    """Heights above the lowest, with a margin; what is missing obstructs nothing.

    Rows `before` and `after` those of the plane are only looked at: they lie in its margin.
    """
    rows, columns = height_m.shape
    shape = rows - before - after + 2 * MARGIN, columns + 2 * MARGIN
    plane = np.full(shape, NOTHING_M, np.float32)
    top = MARGIN - before
    _fill_height(height_m, lowest_of(height_m) if lowest is None else lowest, plane[top : top + rows])
    return plane


def slope_plane(slope: ArrayLike | None, shape: tuple[int, ...]) -> Floats:
    """Slopes with a margin, level where none are given or missing."""
    plane = np.zeros(shape, np.float32)
    if slope is not None:
        inside = inner(plane)
        inside[:] = slope
        np.copyto(inside, np.float32(0), where=~np.isfinite(inside))
    return plane


def inner(plane: Floats) -> Floats:
    """A plane without its margin, in the same memory."""
    return plane[MARGIN:-MARGIN, MARGIN:-MARGIN]


def turn_planes(planes: list[Floats]) -> None:
    """Exchange rows and columns of all planes, in memory too, with one spare plane for all of them."""
    spare = np.empty(planes[0].shape[::-1], np.float32)
    for number, plane in enumerate(planes):
        transpose(plane, spare)
        planes[number], spare = spare, plane.reshape(spare.shape)


def run(kernel: Callable[..., None], arguments: Sequence[Any], march: March, workers: int | None) -> None:
    """March over all blocks of lines, each block by one thread."""
    count = min(threads(workers, arguments[0].size), march.blocks)

    def part(first: int) -> None:
        kernel(*arguments, march.first_line, march.blocks, first, count)

    spread(part, range(count))


def threads(workers: int | None, cells: int) -> int:
    """Threads worth starting for so many cells."""
    return max(1, min(workers or os.cpu_count() or 1, cells // CELLS_WORTH_A_THREAD))


def spread(work: Callable[[Any], None], parts: Sequence[Any]) -> None:
    """Do the parts at the same time; what one of them raises is raised."""
    if len(parts) == 1:
        work(parts[0])
        return
    with ThreadPoolExecutor(len(parts)) as pool:
        _all(pool.map(work, parts))


def _all(results: Iterable[None]) -> None:
    for _ in results:
        pass


@kernel
def march_light(
    height: Floats, east: Floats, north: Floats, total: Floats, offsets: NDArray[np.int64], forward: bool,
    bands: Floats, split: int, state: Floats, first_line: int, blocks: int, first_block: int, step: int,
) -> None:  # fmt: skip
    """Add the light of one azimuth to `total`, for every `step`-th block of lines; `state` goes on from rank to rank."""
    count = (bands.size - 1) // BAND_NUMBERS
    starts = np.empty(2 * RANKS + 2, np.int64)
    for block in range(first_block, blocks, step):
        shadow = state[block]
        line = first_line + block * LINES
        for rank in range(0, offsets.size - 2 * MARGIN, RANKS):
            first, begin, end, last = _enter_inside(starts, offsets, forward, rank, line, height.shape[1])
            if first < begin:
                add_light_at_sides(
                    height, east, north, total, starts, shadow, bands, split, count, first, begin
                )
            if begin < end:
                add_light(height, east, north, total, starts, shadow, bands, split, count, begin, end)
            if end < last:
                add_light_at_sides(height, east, north, total, starts, shadow, bands, split, count, end, last)


@kernel
def march_count(
    height: Floats, lit: NDArray[np.uint8], offsets: NDArray[np.int64], forward: bool, bands: Floats,
    state: Floats, first_line: int, blocks: int, first_block: int, step: int,
) -> None:  # fmt: skip
    """Write the number of lit bands of one azimuth to `lit`, for every `step`-th block of lines."""
    count = (bands.size - 1) // BAND_NUMBERS
    starts = np.empty(2 * RANKS + 2, np.int64)
    for block in range(first_block, blocks, step):
        shadow = state[block]
        line = first_line + block * LINES
        for rank in range(0, offsets.size - 2 * MARGIN, RANKS):
            first, begin, end, last = _enter_inside(starts, offsets, forward, rank, line, height.shape[1])
            if first < begin:
                count_lit_at_sides(height, lit, starts, shadow, bands, count, first, begin)
            if begin < end:
                count_lit(height, lit, starts, shadow, bands, count, begin, end)
            if end < last:
                count_lit_at_sides(height, lit, starts, shadow, bands, count, end, last)


@kernel
def enter(
    starts: NDArray[np.int64], offsets: NDArray[np.int64], forward: bool, rank: int, line: int, pitch: int
) -> tuple[int, int]:
    """Where a block's lines lie at some ranks, and which chunks of them are inside the raster."""
    ranks, width = offsets.size - 2 * MARGIN, pitch - 2 * MARGIN
    least, most = FAR, -FAR
    for number in range(RANKS + 1):
        place = MARGIN + (rank + number if forward else ranks - 1 - rank - number)
        starts[number] = place * pitch + MARGIN + line + offsets[place]
        least = min(least, -offsets[place] - line)
        most = max(most, width - offsets[place] - line)
    return max(least, 0) // LANES, -(-min(most, LINES) // LANES)


@kernel
def _enter_inside(
    starts: NDArray[np.int64], offsets: NDArray[np.int64], forward: bool, rank: int, line: int, pitch: int
) -> tuple[int, int, int, int]:
    """As `enter`, and between which chunks all lines are inside on every rank; those outside keep their state."""
    ranks, width = offsets.size - 2 * MARGIN, pitch - 2 * MARGIN
    first, last = enter(starts, offsets, forward, rank, line, pitch)
    least, most = 0, LINES
    for number in range(RANKS):
        place = line + offsets[MARGIN + (rank + number if forward else ranks - 1 - rank - number)]
        starts[RANKS + 1 + number] = place
        least, most = max(least, -place), min(most, width - place)
    starts[2 * RANKS + 1] = width
    last = max(first, last)
    begin = min(max(-(-least // LANES), first), last)
    return first, begin, min(max(most // LANES, begin), last), last


@kernel
def lowest_of(height: NDArray[np.floating]) -> float:
    """The lowest known height; infinite where none is known."""
    lowest = np.inf
    for row in range(height.shape[0]):
        for column in range(height.shape[1]):
            here = height[row, column]
            if -np.inf < here < lowest:
                lowest = here
    return lowest


@kernel
def _fill_height(height: NDArray[np.floating], lowest: float, plane: Floats) -> None:
    for row in range(height.shape[0]):
        for column in range(height.shape[1]):
            here = height[row, column]
            if -np.inf < here < np.inf:
                plane[row, column + MARGIN] = here - lowest


@kernel
def transpose(plane: Floats, result: Floats) -> None:
    """Write a plane with rows and columns exchanged."""
    rows, columns = plane.shape
    for top in range(0, rows, TILE):
        for left in range(0, columns, TILE):
            for row in range(top, min(top + TILE, rows)):
                for column in range(left, min(left + TILE, columns)):
                    result[column, row] = plane[row, column]
