"""The band sweep: irradiation of every cell of a height raster, and the horizons of chosen ones."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.compiled import kernel
from core.jobs import Job
from sun.far_terrain import FarTerrain, seeds
from sun.lines import (
    BREAK_M,
    MARGIN,
    Floats,
    March,
    fresh_state,
    height_plane,
    in_order,
    inner,
    lowest_of,
    march_count,
    march_light,
    marches,
    run,
    slope_plane,
    spread,
    threads,
    to_grid,
    turn_planes,
)
from sun.sky import SkyTable
from sun.slopes import horn, horn_planes


def irradiate(
    height_m: NDArray[np.floating],
    cell_m: float,
    sky: SkyTable,
    *,
    slope_east: ArrayLike | None = None,
    slope_north: ArrayLike | None = None,
    convergence_deg: float = 0.0,
    break_m: float = BREAK_M,
    far: FarTerrain | None = None,
    job: Job | None = None,
    workers: int | None = None,
) -> Floats:
    """Yearly irradiation of the plane of every cell, shaded by all others.

    Parameters
    ----------
    height_m : ndarray, (rows, columns)
        Heights, rows from north to south; NaN obstructs nothing and stays NaN. [m]
    cell_m : float
        Edge of a cell. [m]
    sky : SkyTable
        Light of the year by direction.
    slope_east, slope_north : array_like, optional
        Rise towards grid east and north of each cell's plane, one number or a raster; Horn's where not given. [-]
    convergence_deg : float
        Meridian convergence: true azimuth less grid azimuth. [°]
    break_m : float
        A step down higher than this is a wall, whose face stands half a step beyond its last cell. [m]
    far : FarTerrain, optional
        Terrain around the raster; nothing outside it obstructs without.
    job : Job, optional
        To report progress and to be stopped.
    workers : int, optional
        Threads; as many as processors if not given. The result does not depend on it, to the last bit.

    Returns
    -------
    ndarray of float32, (rows, columns)
        Irradiation in the plane of the cell. [kWh/m²]

    Notes
    -----
    The horizon's shadow is carried from cell to cell as one plane per elevation band, along lines sheared by
    whole cells, so every cell is visited once per azimuth and the work is the same for every city. Nothing outside
    the raster obstructs but far terrain. Raising a cell never adds light to another, but for one case: a step that
    ceases to be a wall because its foot is raised to within `break_m` of its top loses its half step.
    """
    height = height_plane(height_m)
    if slope_east is None and slope_north is None:
        east, north = horn_planes(height_m, cell_m)
    else:
        own = horn(height_m, cell_m) if slope_east is None or slope_north is None else (None, None)
        east = slope_plane(own[0] if slope_east is None else slope_east, height.shape)
        north = slope_plane(own[1] if slope_north is None else slope_north, height.shape)
    planes = [height, east, north, np.zeros_like(height)]
    del height, east, north
    turned, lowest = False, lowest_of(height_m)
    for march in each(in_order(marches(height_m.shape, cell_m, sky, convergence_deg, break_m)), job):
        if march.across != turned:
            turn_planes(planes)
            turned = march.across
        add_march(planes, march, state_before(march, height_m.shape, cell_m, lowest, far), workers)
    if turned:
        turn_planes(planes)
    finish(np.float32(sky.ground.sum()), *planes)
    result = planes[0].ravel()[: height_m.size].reshape(height_m.shape)  # the heights' memory, not needed now
    np.copyto(result, inner(planes[3]))
    np.copyto(result, np.float32(np.nan), where=~np.isfinite(height_m))
    return result


def lit_bands(
    height_m: NDArray[np.floating],
    cell_m: float,
    sky: SkyTable,
    rows: ArrayLike,
    columns: ArrayLike,
    *,
    convergence_deg: float = 0.0,
    break_m: float = BREAK_M,
    far: FarTerrain | None = None,
    job: Job | None = None,
    workers: int | None = None,
) -> NDArray[np.uint8]:
    """Number of lit elevation bands of chosen cells in every azimuth: their horizons, one byte each.

    Parameters
    ----------
    height_m, cell_m, sky, convergence_deg, break_m, far, job, workers
        As in `irradiate`.
    rows, columns : array_like of int, (n,)
        The chosen cells.

    Returns
    -------
    ndarray of uint8, (n, A)
        Lit bands, the upper ones, in the azimuths of the table; one azimuth is contiguous in memory.
    """
    lit = np.empty((sky.azimuth_deg.size, np.size(rows)), np.uint8)
    for azimuth, counts in lit_by_azimuth(
        height_m,
        cell_m,
        sky,
        rows,
        columns,
        convergence_deg=convergence_deg,
        break_m=break_m,
        far=far,
        job=job,
        workers=workers,
    ):
        lit[azimuth] = counts
    return lit.T


def lit_by_azimuth(
    height_m: NDArray[np.floating],
    cell_m: float,
    sky: SkyTable,
    rows: ArrayLike,
    columns: ArrayLike,
    *,
    convergence_deg: float = 0.0,
    break_m: float = BREAK_M,
    far: FarTerrain | None = None,
    job: Job | None = None,
    step: str = "Casting shadows",
    workers: int | None = None,
) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """As `lit_bands`, one azimuth after another, for cities of which not all can be held at once.

    Parameters
    ----------
    height_m, cell_m, sky, rows, columns, convergence_deg, break_m, far, job, workers
        As in `lit_bands`.
    step : str
        What the job is told that is being done.

    Yields
    ------
    azimuth : int
        Its number in the sky table; in no particular order.
    counts : ndarray of uint8, (n,)
        Lit bands of the cells; the array is written anew for the next azimuth.
    """
    row, column = np.asarray(rows), np.asarray(columns)
    counts = np.empty(row.size, np.uint8)
    heights = [height_plane(height_m)]
    lit, turned, lowest = np.empty(heights[0].shape, np.uint8), False, lowest_of(height_m)
    for march in each(marches(height_m.shape, cell_m, sky, convergence_deg, break_m), job, step):
        if march.across != turned:
            turn_planes(heights)
            lit, turned = lit.reshape(heights[0].shape), march.across
        state = state_before(march, height_m.shape, cell_m, lowest, far)
        run(march_count, (*heights, lit, march.offsets, march.forward, march.bands, state), march, workers)
        _gather(lit, *((column, row) if turned else (row, column)), counts)
        yield march.azimuth, counts


def plane_irradiation(
    lit: NDArray[np.uint8],
    sky: SkyTable,
    slope_east: ArrayLike,
    slope_north: ArrayLike,
    *,
    convergence_deg: float = 0.0,
    workers: int | None = None,
) -> Floats:
    """Irradiation of planes of any tilt behind known horizons, month by month or of the year.

    Parameters
    ----------
    lit : ndarray of uint8, (n, A)
        Lit bands per azimuth, from `lit_bands`.
    sky : SkyTable
        Light by direction, with the azimuths and bands of `lit`; of twelve months, or the `whole_year` of one.
    slope_east, slope_north : array_like, scalar or (n,)
        Rise of the planes towards grid east and north. [-]
    convergence_deg : float
        Meridian convergence: true azimuth less grid azimuth. [°]
    workers : int, optional
        Threads; as many as processors if not given.

    Returns
    -------
    ndarray of float32, (n, 12) or (n, 1)
        Irradiation per month; its sum is the year of `irradiate` for the same planes. [kWh/m²]

    Notes
    -----
    A plane gets the light of the bands above both its horizon and itself, summed from the zenith down. Which bands
    it faces is decided once for the year, so that the months add up.
    """
    count = lit.shape[0]
    east = np.ascontiguousarray(np.broadcast_to(np.asarray(slope_east, np.float32), count))
    north = np.ascontiguousarray(np.broadcast_to(np.asarray(slope_north, np.float32), count))
    light = by_horizon(sky, convergence_deg)
    ground = sky.ground.astype(np.float32)
    result = np.empty((count, ground.size), np.float32)

    def part(rows: slice) -> None:
        _plane_light(lit[rows], east[rows], north[rows], *light, ground, result[rows])

    edges = np.linspace(0, count, threads(workers, lit.size) + 1).astype(int).tolist()
    spread(part, [slice(first, last) for first, last in pairwise(edges)])
    return result


def each(
    groups: list[tuple[bool, list[March]]], job: Job | None, step: str = "Casting shadows"
) -> Iterator[March]:
    """All marches of the groups, reported to the job if there is one."""
    all_of_them = [march for _, group in groups for march in group]
    return iter(all_of_them) if job is None else job.each(all_of_them, step)


def state_before(
    march: March, shape: tuple[int, ...], cell_m: float, lowest: float, far: FarTerrain | None
) -> Floats:
    """Shadow planes of all lines before they meet a raster, those of far terrain among them."""
    return fresh_state(march, None if far is None else seeds(far, march, shape, cell_m, lowest))


def add_march(planes: list[Floats], march: March, state: Floats, workers: int | None) -> None:
    """Add the light of one azimuth to the last of the planes of height, slopes and light."""
    run(march_light, (*planes, march.offsets, march.forward, march.bands, march.split, state), march, workers)


def by_horizon(sky: SkyTable, convergence_deg: float) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """What a plane needs to know of the sky: which bands it faces, and the light above any horizon.

    Returns
    -------
    faced_beam, faced_sky : ndarray of float32, (A, K, 3)
        Vectors that point to the front of a plane if beam, or sky, of their band falls on it.
    beam, diffuse, both : ndarray of float32, (A, K + 1, 3, months)
        Sums of light over each band and all above it.
    """
    turn = to_grid(convergence_deg)
    beam, diffuse = sky.beam @ turn, sky.diffuse @ turn
    split = np.arange(sky.tan_elevation.shape[1]) < sky.split_bands[:, None]
    faced_beam = np.where(split[..., None], beam.sum(axis=0), (beam + diffuse).sum(axis=0))
    faced_sky = np.where(split[..., None], sky.centres @ turn, faced_beam)
    faced = faced_beam.astype(np.float32), faced_sky.astype(np.float32)
    return *faced, _above(beam), _above(diffuse), _above(beam + diffuse)


def _above(vectors: NDArray[np.float64]) -> Floats:
    """Sums of a (12, A, K, 3) set of vectors over each band and all above it, (A, K + 1, 3, 12)."""
    down = np.flip(np.cumsum(np.flip(vectors, axis=2), axis=2), axis=2)
    closed = np.concatenate([down, np.zeros_like(down[:, :, :1])], axis=2)
    return np.ascontiguousarray(closed.transpose(1, 2, 3, 0), dtype=np.float32)


@kernel
def finish(ground: np.float32, height: Floats, east: Floats, north: Floats, total: Floats) -> None:
    """From the sum over directions to the light on a square metre of the plane, the ground's share added."""
    one = np.float32(1)
    for row in range(total.shape[0]):
        for column in range(total.shape[1]):
            x, y = east[row, column], north[row, column]
            total[row, column] = total[row, column] / np.sqrt(one + x * x + y * y) + ground


@kernel
def _gather(
    lit: NDArray[np.uint8], rank: NDArray[np.integer], place: NDArray[np.integer], counts: NDArray[np.uint8]
) -> None:
    for number in range(counts.size):
        counts[number] = lit[rank[number] + MARGIN, place[number] + MARGIN]


@kernel
def _plane_light(
    lit: NDArray[np.uint8],
    east: Floats,
    north: Floats,
    faced_beam: Floats,
    faced_sky: Floats,
    beam: Floats,
    diffuse: Floats,
    both: Floats,
    ground: Floats,
    result: Floats,
) -> None:
    azimuths, bands = faced_beam.shape[:2]
    months = ground.size
    sums = np.empty(months, np.float32)
    for number in range(lit.shape[0]):
        x, y = east[number], north[number]
        sums[:] = 0
        for azimuth in range(azimuths):
            lowest = bands - np.int64(lit[number, azimuth])
            # Whole arrays with indices: a view of one azimuth would count references, and threads wait for that.
            first = first_faced(faced_beam, azimuth, lowest, x, y)
            other = first_faced(faced_sky, azimuth, lowest, x, y)
            if first == other:
                for month in range(months):
                    sums[month] += (
                        both[azimuth, first, 2, month]
                        - x * both[azimuth, first, 0, month]
                        - y * both[azimuth, first, 1, month]
                    )
            else:
                for month in range(months):
                    sums[month] += (
                        beam[azimuth, first, 2, month]
                        - x * beam[azimuth, first, 0, month]
                        - y * beam[azimuth, first, 1, month]
                    )
                    sums[month] += (
                        diffuse[azimuth, other, 2, month]
                        - x * diffuse[azimuth, other, 0, month]
                        - y * diffuse[azimuth, other, 1, month]
                    )
        length = np.sqrt(np.float32(1) + x * x + y * y)
        for month in range(months):
            result[number, month] = sums[month] / length + ground[month]


@kernel
def first_faced(vectors: Floats, azimuth: int, lowest: int, east: np.float32, north: np.float32) -> int:
    """Lowest lit band of an azimuth from which light falls on the front of a plane."""
    bands = vectors.shape[1]
    band = lowest
    while (
        band < bands
        and vectors[azimuth, band, 2] - east * vectors[azimuth, band, 0] - north * vectors[azimuth, band, 1]
        <= 0
    ):
        band += 1
    return band
