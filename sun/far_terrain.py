"""Far terrain: the shadow planes that mountains outside a raster send into it, from a coarse model of heights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from core.compiled import kernel
from layers.city import Raster
from layers.rasters import resample
from sun.lanes import BAND_NUMBERS
from sun.lines import MARGIN, NOTHING_M, Floats, March

EARTH_RADIUS_M = 6_371_000.0
LEAST_CELL_M = 10.0  # finer terrain is averaged: from afar its cells cannot be told apart
REFRACTION = 0.13  # share of the earth's curvature by which light bends along with it, after Gauss


@dataclass(frozen=True)
class FarTerrain:
    """Heights around a finer raster, in the same system of heights.

    Parameters
    ----------
    height_m : ndarray of float32, (rows, columns)
        Rows from north to south; NaN obstructs nothing. Only what lies outside the finer raster counts. [m]
    cell_m : float
        Edge of a cell. [m]
    east_m, north_m : float
        Where the upper left corner lies, from that of the finer raster. [m]
    """

    height_m: Floats
    cell_m: float
    east_m: float
    north_m: float

    @classmethod
    def around(cls, terrain: Raster, near: Raster) -> FarTerrain | None:
        """What a raster of terrain holds around another one in the same reference system; None where that is nothing."""
        beyond = np.array([-1, -1, 1, 1]) * (np.array(terrain.bounds) - near.bounds)
        if beyond.max() < 2 * terrain.cell_m:
            return None
        if terrain.cell_m < LEAST_CELL_M:
            west, south, east, north = terrain.bounds
            place = Affine(LEAST_CELL_M, 0.0, west, 0.0, -LEAST_CELL_M, north)
            shape = int((north - south) // LEAST_CELL_M), int((east - west) // LEAST_CELL_M)
            terrain = resample(terrain, place, shape, "average")
        corner = terrain.transform.c - near.transform.c, terrain.transform.f - near.transform.f
        return cls(np.ascontiguousarray(terrain.values, np.float32), terrain.cell_m, *corner)


def seeds(far: FarTerrain, march: March, shape: tuple[int, ...], cell_m: float, lowest: float) -> Floats:
    """Height of the shadow planes of far terrain one step before the first cell of every line.

    Each plane is the highest of those that fall from any point on the way to the sun. Heights are lowered by the
    earth's curvature less refraction, as seen from the middle of the raster [1]_.

    Parameters
    ----------
    far : FarTerrain
        Terrain around the raster.
    march : March
        One azimuth over the raster.
    shape : tuple of int
        Rows and columns of the raster.
    cell_m : float
        Edge of its cells. [m]
    lowest : float
        Its lowest height, from which planes are counted. [m]

    Returns
    -------
    ndarray of float32, (lines, bands)
        Planes of `lines.fresh_state`. [m]

    Notes
    -----
    Terrain is read where the line crosses the middles of its rows or columns, from one of its own cells off the
    raster outwards; between lines less than one such cell apart the planes are interpolated.

    References
    ----------
    .. [1] W. Torge and J. Müller, "Geodesy," 4th ed., de Gruyter, 2012, section 5.1.
    """
    spacing = max(1, int(far.cell_m / cell_m))
    chosen = np.unique(np.append(np.arange(0, march.lines, spacing), march.lines - 1))
    rows, columns = first_cells(march, chosen, shape)
    fall = march.bands[1::BAND_NUMBERS]
    x = ((columns + 0.5) * cell_m - far.east_m) / far.cell_m - 0.5
    y = ((rows + 0.5) * cell_m + far.north_m) / far.cell_m - 0.5
    middle = (
        (shape[1] * cell_m / 2 - far.east_m) / far.cell_m - 0.5,
        (shape[0] * cell_m / 2 + far.north_m) / far.cell_m - 0.5,
    )
    rank, place, middle = (x, y, middle) if march.across else (y, x, middle[::-1])
    planes = np.empty((chosen.size, fall.size), np.float32)
    _march_far(
        far.height_m.T if march.across else far.height_m,
        rank,
        place,
        not march.forward,
        march.shear,
        fall * np.float32(far.cell_m / cell_m),
        np.array(middle),
        (1 - REFRACTION) / (2 * EARTH_RADIUS_M) * far.cell_m**2,
        planes,
    )
    planes += fall - np.float32(lowest)
    line = np.arange(march.lines)
    return np.column_stack([np.interp(line, chosen, band) for band in planes.T]).astype(np.float32)


def first_cells(
    march: March, lines: NDArray[np.int64], shape: tuple[int, ...]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and column at which lines, numbered from the first, enter a raster: at its front or through its sides."""
    ranks, width = shape[::-1] if march.across else shape
    offsets = march.offsets[MARGIN : MARGIN + ranks]
    offsets = offsets if march.forward else offsets[::-1]
    line = march.first_line + lines
    rising = offsets[-1] >= offsets[0]
    passed = np.searchsorted(offsets if rising else -offsets, -line if rising else line - (width - 1))
    passed = np.minimum(passed, ranks - 1)  # lines that never enter stay where they do no harm
    place = np.clip(line + offsets[passed], 0, width - 1)
    rank = passed if march.forward else ranks - 1 - passed
    return (place, rank) if march.across else (rank, place)


@kernel
def _march_far(
    height: Floats,
    rank: NDArray[np.floating],
    place: NDArray[np.floating],
    rising: bool,
    shear: float,
    fall: Floats,
    middle: NDArray[np.float64],
    curvature: float,
    planes: Floats,
) -> None:
    """Planes over points, marched from the far end inwards; all in cells of the terrain, from the middle of the first."""
    ranks, width = height.shape
    for point in range(rank.size):
        towards = 1 if rising else -1
        first = int(np.ceil(rank[point] + 1)) if rising else int(np.floor(rank[point] - 1))
        last = ranks - 1 if rising else 0
        for band in range(fall.size):
            planes[point, band] = NOTHING_M
        for here in range(last, first - towards, -towards):
            across = place[point] + (here - rank[point]) * shear
            met = NOTHING_M
            if 0 <= across <= width - 1:
                left = min(int(across), width - 2)
                share = across - left
                away = (here - middle[0]) ** 2 + (across - middle[1]) ** 2
                seen = height[here, left] * (1 - share) + height[here, left + 1] * share - curvature * away
                if np.isfinite(seen):
                    met = np.float32(seen)
            for band in range(fall.size):
                planes[point, band] = max(planes[point, band] - fall[band], met)
        for band in range(fall.size):
            planes[point, band] -= fall[band] * np.float32(abs(first - rank[point]))
