"""The wall sweep: which part of the sky every storey of a wall sees, from the same march over the raster as the roofs."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from core.jobs import Job
from potential.solar.lanes import BAND_NUMBERS, LINES, PITCH, RANKS, count_lit
from potential.solar.lines import (
    BREAK_M,
    MARGIN,
    NOTHING_M,
    Floats,
    enter,
    height_plane,
    marches,
    run,
    turn_planes,
)
from potential.solar.sky import SkyTable
from potential.solar.walls import Walls

DEGREES = 360  # walls are parted by their direction into classes of one degree


def lit_walls(
    height_m: NDArray[np.floating],
    cell_m: float,
    sky: SkyTable,
    walls: Walls,
    *,
    convergence_deg: float = 0.0,
    break_m: float = BREAK_M,
    job: Job | None = None,
    workers: int | None = None,
) -> NDArray[np.uint8]:
    """Number of lit elevation bands of every receiver of every wall, in the azimuths in front of it.

    Where a column of receivers stands, the shadow plane of each band says up to which height that band is dark: one
    march gives all storeys at once.

    Parameters
    ----------
    height_m, cell_m, sky, convergence_deg, break_m, job, workers
        As in `sweep.irradiate`.
    walls : Walls
        Receivers by column and level, in the order of `Walls.first`.

    Returns
    -------
    ndarray of uint8, (A, receivers)
        Lit bands, the upper ones; 0 in azimuths behind the wall.
    """
    job = job or Job()
    table = walls.walls
    first = walls.first
    storey = table["storey_m"].to_numpy()[walls.wall]
    lowest = float(np.nanmin(height_m)) if len(walls.wall) else 0.0
    level = (table["bottom_m"].to_numpy()[walls.wall] + storey / 2 - lowest).astype(np.float32)
    levels = table["levels"].to_numpy()[walls.wall].astype(np.int64)
    outward = np.radians(table["azimuth_deg"].to_numpy()[walls.wall])
    lit = np.zeros((sky.azimuth_deg.size, int(first[-1])), np.uint8)
    heights = [height_plane(height_m)]
    for across, group in marches(height_m.shape, cell_m, sky, convergence_deg, break_m):
        if across:
            turn_planes(heights)
        carried = np.empty(heights[0].shape, np.uint8)  # what the march writes on its way and nobody reads
        rank, place = (walls.columns, walls.rows) if across else (walls.rows, walls.columns)
        order = np.lexsort((place, rank))
        begin = np.searchsorted(rank[order], np.arange(heights[0].shape[0] - 2 * MARGIN + 1))
        columns = (
            place[order],
            level[order],
            storey[order].astype(np.float32),
            levels[order],
            first[:-1][order],
        )
        for march in job.each(group, "Casting shadows on walls"):
            ahead = np.cos(np.radians(sky.azimuth_deg[march.azimuth]) - outward[order]) > 0
            arguments = (
                heights[0],
                carried,
                march.offsets,
                march.forward,
                march.bands,
                begin,
                *columns,
                ahead,
            )
            run(_march_walls, (*arguments, lit[march.azimuth]), march, workers)
    return lit


def wall_light(lit: NDArray[np.uint8], azimuth_deg: NDArray[np.float64], sky: SkyTable) -> Floats:
    """Irradiation of upright planes behind known horizons, month by month.

    Parameters
    ----------
    lit : ndarray of uint8, (A, n)
        Lit bands per azimuth.
    azimuth_deg : ndarray, (n,)
        Direction the planes face, clockwise from true north; taken to the nearest degree. [°]
    sky : SkyTable
        Light by direction, with the azimuths and bands of `lit`.

    Returns
    -------
    ndarray of float32, (n, months of the sky)
        What is no sky, ground or obstacle, shines with the light that the ground reflects. [kWh/m²]

    Notes
    -----
    Which bands face the plane is decided once for the year, so that the months add up.
    """
    turn = np.round(azimuth_deg).astype(np.int64) % DEGREES
    classes, of_plane = np.unique(turn, return_inverse=True)
    light = np.empty((lit.shape[1], sky.ground.size), np.float32)
    order = np.argsort(of_plane, kind="stable")
    edges = np.searchsorted(of_plane[order], np.arange(len(classes) + 1))
    ground = sky.ground.astype(np.float32)
    for number, degree in enumerate(classes):
        chosen = order[edges[number] : edges[number + 1]]
        _add_light(lit, chosen, _above(sky, float(degree)), ground, light)
    return light


def _above(sky: SkyTable, azimuth_deg: float) -> Floats:
    """Light on an upright plane from each band and all above it, (A, K + 1, months)."""
    normal = np.array([np.sin(np.radians(azimuth_deg)), np.cos(np.radians(azimuth_deg)), 0.0])
    beam, diffuse = sky.beam @ normal, sky.diffuse @ normal
    faced = np.where(sky.beam_year @ normal > 0, beam, 0.0)
    faced += np.where(sky.centres @ normal > 0, diffuse, 0.0)
    down = np.flip(np.cumsum(np.flip(faced, axis=2), axis=2), axis=2)
    closed = np.concatenate([down, np.zeros_like(down[:, :, :1])], axis=2)
    return np.ascontiguousarray(closed.transpose(1, 2, 0), dtype=np.float32)


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def _add_light(
    lit: NDArray[np.uint8], chosen: NDArray[np.int64], above: Floats, ground: Floats, light: Floats
) -> None:
    azimuths, edges, months = above.shape
    for number in chosen:
        for month in range(months):
            light[number, month] = ground[month]
        for azimuth in range(azimuths):
            bands = np.int64(lit[azimuth, number])
            if bands > 0:
                for month in range(months):
                    light[number, month] += above[azimuth, edges - 1 - bands, month]


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def _march_walls(
    height: Floats, carried: NDArray[np.uint8], offsets: NDArray[np.int64], forward: bool, bands: Floats,
    begin: NDArray[np.int64], place: NDArray[np.int64], level: Floats, storey: Floats,
    levels: NDArray[np.int64], first: NDArray[np.int64], ahead: NDArray[np.bool_], lit: NDArray[np.uint8],
    first_line: int, blocks: int, first_block: int, step: int,
) -> None:  # fmt: skip
    """Write the lit bands of one azimuth for the columns of every `step`-th block of lines.

    Shadow planes are carried over several ranks at once; where a column stands on a rank between, its planes are
    carried there once more, for its line alone.
    """
    count = (bands.size - 1) // BAND_NUMBERS
    ranks, width = height.shape[0] - 2 * MARGIN, height.shape[1] - 2 * MARGIN
    state = np.empty(count * PITCH, np.float32)
    starts = np.empty(RANKS + 1, np.int64)
    flat = height.ravel()
    for block in range(first_block, blocks, step):
        state[:] = NOTHING_M
        line = first_line + block * LINES
        for rank in range(0, ranks, RANKS):
            low, high = enter(starts, offsets, forward, rank, line, height.shape[1])
            if low >= high:
                continue
            for passed in range(min(RANKS, ranks - rank)):
                here = rank + passed if forward else ranks - 1 - rank - passed
                shift = line + offsets[here + MARGIN]
                left, right = max(0, -shift), min(LINES, width - shift)
                start = begin[here] + np.searchsorted(place[begin[here] : begin[here + 1]], left + shift)
                for column in range(start, begin[here + 1]):
                    lane = place[column] - shift
                    if lane >= right:
                        break
                    if ahead[column]:
                        dark = 0
                        shadow = _carried(flat, starts, state, bands, lane, passed, 0)
                        for below in range(levels[column]):
                            one = levels[column] - 1 - below
                            top = level[column] + one * storey[column]
                            while shadow > top:
                                dark += 1
                                if dark == count:
                                    break
                                shadow = _carried(flat, starts, state, bands, lane, passed, dark)
                            if dark == count:
                                break  # as dark as can be; lower storeys keep their zero
                            lit[first[column] + one] = count - dark
            count_lit(height, carried, starts, state, bands, count, low, high)


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def _carried(
    flat: Floats, starts: NDArray[np.int64], state: Floats, bands: Floats, lane: int, passed: int, band: int
) -> np.float32:
    """Height of a band's shadow plane over one line, some ranks beyond those already marched over."""
    fall = bands[1 + band * BAND_NUMBERS]
    shadow = state[band * PITCH + lane]
    for rank in range(passed):
        met = flat[starts[rank] + lane]
        edge = met + np.float32(0.5) * fall if met - flat[starts[rank + 1] + lane] > bands[0] else met
        shadow = max(shadow - fall, edge)
    return np.float32(shadow - fall)
