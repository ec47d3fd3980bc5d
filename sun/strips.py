"""Strips: irradiation of a raster too large for memory, read, swept and written some rows at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.windows import Window

from core.jobs import Job
from core.problems import Problem, UserError
from layers.export_files import replacing
from layers.rasters import read_window
from sun.far_terrain import FarTerrain
from sun.lanes import RANKS
from sun.lines import (
    BREAK_M,
    Floats,
    March,
    height_plane,
    in_order,
    inner,
    lowest_of,
    marches,
    transpose,
)
from sun.sky import SkyTable
from sun.slopes import horn_planes
from sun.sweep import add_march, finish, state_before

ROWS = 1024  # of a strip, a multiple of the ranks taken in one pass
MISSING = -9999.0  # no irradiation is negative
CACHE_BYTES = 128 << 20  # what GDAL may keep of files; by itself it takes a share of all memory
FLOAT_BYTES = 4


@dataclass(frozen=True)
class Strip:
    """Rows `first` to `last` of a raster of some rows, swept southward or northward; whether it is the first."""

    first: int
    last: int
    southward: bool
    begins: bool
    of_rows: int

    @property
    def before(self) -> int:
        """Rows north of it to be looked at: one, or none at the edge."""
        return min(self.first, 1)

    @property
    def after(self) -> int:
        """Rows south of it to be looked at."""
        return min(self.of_rows - self.last, 1)


def irradiate_file(
    source: Path,
    target: Path,
    sky: SkyTable,
    *,
    convergence_deg: float = 0.0,
    break_m: float = BREAK_M,
    far: FarTerrain | None = None,
    rows: int = ROWS,
    overwrite: bool = True,
    job: Job | None = None,
    workers: int | None = None,
) -> None:
    """Write the yearly irradiation of every cell of a raster file, holding only some rows of it in memory.

    The numbers are those of `irradiate` to the last bit.

    Parameters
    ----------
    source : Path
        Heights: a raster with north up, in square cells of metres. Missing cells obstruct nothing.
    target : Path
        The GeoTIFF to write. [kWh/m²]
    sky, convergence_deg, break_m, far, workers
        As in `irradiate`; slopes are Horn's.
    rows : int
        Rows held at a time, a multiple of `lanes.RANKS`.
    overwrite : bool
        Whether a file that is there already may be replaced.
    job : Job, optional
        Reports progress strip by strip and can stop the work; what was there before stays then.

    Raises
    ------
    UserError
        If the heights cannot be read or lie askew, or the result cannot be written.

    Notes
    -----
    Shadows that fall northward are cast in a pass over the strips from the south, all others in one from the north,
    the shadow planes of all azimuths of a pass side by side. A line crosses the border of a strip once, so its planes
    wait under its number for the next strip. The light of the first pass waits in a file beside the result.
    """
    if rows % RANKS:
        raise ValueError(f"strips must have a multiple of {RANKS} rows")
    job = job or Job()
    ground = np.float32(sky.ground.sum())
    with rasterio.Env(GDAL_CACHEMAX=CACHE_BYTES), _opened(source) as heights:
        shape, cell_m = heights.shape, float(heights.transform.a)
        halves = _halves(in_order(marches(shape, cell_m, sky, convergence_deg, break_m)))
        with replacing(target, overwrite=overwrite) as place:
            draft = place.parent.parent / "light"  # is thrown away, unlike what lies beside `place`
            with draft.open("w+b") as light, rasterio.open(place, "w", **_profile(heights)) as result:
                result.set_band_unit(1, "kWh/m²")
                lowest = _lowest(heights, source, rows, job)
                states: list[Floats] = []
                for strip in job.each(strips(shape[0], rows), "Casting shadows"):
                    half = halves[strip.southward]
                    if strip.begins:
                        states = [state_before(march, shape, cell_m, lowest, far) for march in half]
                    block = _read(heights, source, strip.first - strip.before, strip.last + strip.after)
                    planes = _planes(block, cell_m, lowest, strip)
                    if strip.southward:
                        inner(planes[3])[:] = _waiting(light, strip, shape[1])
                    _cast(planes, half, states, strip, workers)
                    if not strip.southward:
                        _wait(light, strip, inner(planes[3]))
                        continue
                    finish(ground, *planes)
                    known = np.isfinite(block[strip.before : len(block) - strip.after])
                    window = Window(0, strip.first, shape[1], strip.last - strip.first)
                    result.write(np.where(known, inner(planes[3]), np.float32(MISSING)), 1, window=window)


def strips(of_rows: int, rows: int) -> list[Strip]:
    """The strips of both passes: from the south up, then from the north down.

    Each pass counts its rows from where it begins, so that ranks are taken by the same fours as over the whole.
    """
    begins = range(0, of_rows, rows)
    northward = [Strip(max(0, of_rows - b - rows), of_rows - b, False, b == 0, of_rows) for b in begins]
    return northward + [Strip(b, min(of_rows, b + rows), True, b == 0, of_rows) for b in begins]


def _halves(groups: list[tuple[bool, list[March]]]) -> dict[bool, list[March]]:
    """Marches whose shadows fall northward, and southward."""
    order = [march for _, group in groups for march in group]
    return {half: [march for march in order if march.southward == half] for half in (False, True)}


def _planes(block: Floats, cell_m: float, lowest: float, strip: Strip) -> list[Floats]:
    """Height, slopes and light of a strip."""
    height = height_plane(block, lowest, strip.before, strip.after)
    return [height, *horn_planes(block, cell_m, strip.before, strip.after), np.zeros_like(height)]


def _cast(
    planes: list[Floats], half: list[March], states: list[Floats], strip: Strip, workers: int | None
) -> None:
    """Add the light of half the sky to the last of the planes, in the order of `in_order`."""
    turned: list[Floats] = []
    for march, state in zip(half, states, strict=True):
        if march.across and not turned:
            turned = [np.empty(plane.shape[::-1], np.float32) for plane in planes]
            for plane, across in zip(planes, turned, strict=True):
                transpose(plane, across)
        elif turned and not march.across:
            transpose(turned[-1], planes[-1])
            turned = []
        add_march(turned or planes, march.over_rows(strip.first, strip.last), state, workers)
    if turned:
        transpose(turned[-1], planes[-1])


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        heights = rasterio.open(path)
    except RasterioError as error:
        raise UserError(_unreadable(path, error)) from error
    with heights:
        place, system = heights.transform, heights.crs
        straight = place.b == place.d == 0 and place.e < 0 and math.isclose(place.a, -place.e, rel_tol=1e-4)
        if not straight or system is None or not system.is_projected:
            raise UserError(
                Problem(
                    "{file} has no square cells in metres with north up.",
                    "Import it into the project, which brings it into that form.",
                    file=path.name,
                )
            )
        yield heights


def _lowest(heights: Any, path: Path, rows: int, job: Job) -> float:
    """The lowest height of a file; the first look at all of it, so that a broken one is found early."""
    count = heights.shape[0]
    lowest = math.inf
    for first in job.each(range(0, count, rows), "Reading the raster"):
        lowest = min(lowest, float(lowest_of(_read(heights, path, first, min(count, first + rows)))))
    if not math.isfinite(lowest):
        raise UserError(
            Problem(
                "{file} holds no values there.",
                "Check the area, or the value that marks missing cells.",
                file=path.name,
            )
        )
    return lowest


def _read(heights: Any, path: Path, first: int, last: int) -> Floats:
    try:
        return read_window(heights, Window(0, first, heights.width, last - first))
    except RasterioError as error:
        raise UserError(_unreadable(path, error)) from error


def _unreadable(path: Path, error: Exception) -> Problem:
    return Problem(
        "{file} cannot be read as a raster ({reason}).",
        "Check that the file is whole and of a raster format such as GeoTIFF.",
        file=path.name,
        reason=str(error).splitlines()[0],
    )


def _profile(heights: Any) -> dict[str, Any]:
    """The form of the result: the grid of the heights."""
    return {
        "driver": "GTiff",
        "height": heights.height,
        "width": heights.width,
        "count": 1,
        "dtype": "float32",
        "crs": heights.crs,
        "transform": heights.transform,
        "nodata": MISSING,
        "BIGTIFF": "IF_SAFER",
    }


def _wait(light: BinaryIO, strip: Strip, values: Floats) -> None:
    """Write the rows of a strip to their place in the file of waiting light."""
    light.seek(strip.first * values.shape[1] * FLOAT_BYTES)
    light.write(np.ascontiguousarray(values).data)


def _waiting(light: BinaryIO, strip: Strip, columns: int) -> NDArray[np.float32]:
    light.seek(strip.first * columns * FLOAT_BYTES)
    values = np.fromfile(light, np.float32, (strip.last - strip.first) * columns)
    return values.reshape(-1, columns)
