"""Rasters made fit for computing: read with missing values as NaN, north up, in square cells; resampled, converted."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.enums import Resampling
from rasterio.errors import RasterioError, RasterioIOError
from rasterio.warp import calculate_default_transform, reproject
from rasterio.windows import Window, from_bounds

from core.jobs import Job
from core.problems import Problem, Severity, UserError
from layers.city import Raster
from layers.raster_checks import value_problems, without_false_zeros

BLOCK_ROWS = 1024
MOST_CELLS = 1_000_000_000  # 4 GB in memory
MISSING = (-9999.0, -99999.0, -32768.0, -32767.0)  # usual marks where none is declared
HUGE = 1e30  # beyond are marks such as 3.4e38
METHODS = {
    "bilinear": Resampling.bilinear,
    "nearest": Resampling.nearest,
    "average": Resampling.average,
}

Bounds = tuple[float, float, float, float]


def read_raster(
    path: Path,
    crs: CRS | None = None,
    *,
    bounds: Bounds | None = None,
    job: Job | None = None,
) -> tuple[Raster, list[Problem]]:
    """The first band of a raster file.

    Parameters
    ----------
    path : Path
        GeoTIFF, COG, Erdas IMG, ASCII grid or anything else GDAL reads.
    crs : CRS, optional
        Reference system to take where the file names none; it does not overrule the file.
    bounds : tuple of float, optional
        West, south, east, north of the part to read, in the file's reference system.
    job : Job, optional
        Reports progress block by block and can stop the reading.

    Returns
    -------
    Raster
        Rows from north to south, square cells, missing values NaN, horizontal reference system.
    list of Problem
        What was turned, filled in or looks suspicious.

    Raises
    ------
    UserError
        The file cannot be read, has no reference system and none is given, holds no values there,
        or is too large to be read at once.
    """
    job = job or Job()
    try:
        with rasterio.open(path) as source:
            system, problems = _reference(source, crs, path)
            window = _window(source, bounds, path)
            values = _values(source, window, job)
            transform = source.window_transform(window)
            problems += _band_problems(source)
    except RasterioIOError as error:
        raise UserError(
            Problem(
                "{file} cannot be read as a raster ({reason}).",
                "Check that the file is whole and of a raster format such as GeoTIFF.",
                file=path.name,
                reason=str(error).splitlines()[0],
            )
        ) from error
    if np.isnan(values).all():
        raise UserError(
            Problem(
                "{file} holds no values there.",
                "Check the area, or the value that marks missing cells.",
                file=path.name,
            )
        )
    values, found = without_false_zeros(values)
    problems += found
    raster, found = _north_up(Raster(values, transform, system), job)
    return raster, [*problems, *found, *value_problems(raster.values)]


def resample(raster: Raster, transform: Affine, shape: tuple[int, int], method: str = "bilinear") -> Raster:
    """A raster on another grid of the same reference system.

    Parameters
    ----------
    raster : Raster
        Missing cells give no weight; a cell with missing cells all around is missing.
    transform : Affine
        Of the new grid.
    shape : tuple of int
        Rows and columns of the new grid.
    method : str
        `bilinear` for heights, `average` for much coarser cells, `nearest` for classes.
    """
    values = np.full(shape, np.nan, dtype=np.float32)
    _reproject(raster, values, transform, raster.crs, METHODS[method])
    return Raster(values, transform, raster.crs)


def crop(raster: Raster, bounds: Bounds) -> Raster:
    """The cells of a raster that touch a box (west, south, east, north); at least one cell."""
    west, south, east, north = bounds
    column, row = ~raster.transform @ (west, north)
    last_column, last_row = ~raster.transform @ (east, south)
    rows, columns = raster.values.shape
    top, left = max(0, min(rows - 1, math.floor(row))), max(0, min(columns - 1, math.floor(column)))
    bottom = max(top + 1, min(rows, math.ceil(last_row)))
    right = max(left + 1, min(columns, math.ceil(last_column)))
    return Raster(
        raster.values[top:bottom, left:right], raster.transform @ Affine.translation(left, top), raster.crs
    )


def warp(
    raster: Raster,
    crs: CRS,
    cell_m: float | None = None,
    *,
    method: str = "bilinear",
    job: Job | None = None,
) -> Raster:
    """A raster in another reference system, in square cells whose edges lie on multiples of the cell.

    Parameters
    ----------
    raster : Raster
        In any horizontal reference system.
    crs : CRS
        Reference system wanted.
    cell_m : float, optional
        Cell size; by default what keeps the number of cells. [units of `crs`]
    method : str
        As in `resample`.
    job : Job, optional
        Reports progress block by block and can stop the work.
    """
    job = job or Job()
    rows, columns = raster.values.shape
    proposed, _, _ = calculate_default_transform(_gdal(raster.crs), _gdal(crs), columns, rows, *raster.bounds)
    cell = cell_m or _round(float(proposed.a))
    west, south, east, north = _bounds_in(raster, crs)
    west, north = math.floor(west / cell) * cell, math.ceil(north / cell) * cell
    shape = math.ceil((north - south) / cell), math.ceil((east - west) / cell)
    _refuse_too_many(shape, cell)
    transform = Affine(cell, 0.0, west, 0.0, -cell, north)
    values = np.full(shape, np.nan, dtype=np.float32)
    for start in job.each(range(0, shape[0], BLOCK_ROWS), "Converting the raster"):
        block = values[start : start + BLOCK_ROWS]
        _reproject(raster, block, transform @ Affine.translation(0, start), crs, METHODS[method])
    return Raster(values, transform, crs)


def _reference(source: Any, stated: CRS | None, path: Path) -> tuple[CRS, list[Problem]]:
    """The horizontal reference system of a file, or the stated one."""
    if source.crs:
        system = CRS.from_wkt(source.crs.to_wkt())
    elif stated is not None:
        system = stated
    else:
        raise UserError(
            Problem(
                "{file} names no reference system.",
                "Choose the one it was made in; it is not guessed.",
                file=path.name,
            )
        )
    problems = []
    if system.is_compound:
        heights = system.sub_crs_list[1].name
        system = system.sub_crs_list[0]
        problems.append(
            _note(
                "Heights of the raster refer to {heights}.",
                "Use terrain of the same height system.",
                heights=heights,
            )
        )
    if system.is_geographic:
        problems.append(
            _note("The raster is in degrees.", "It is converted to the reference system of the project.")
        )
    elif system.to_epsg() == 3857:
        problems.append(
            Problem(
                "The raster is in Web Mercator, whose lengths are too long.",
                "It is converted to the reference system of the project; a raster in that system would be sharper.",
                severity=Severity.WARNING,
            )
        )
    elif system.axis_info and "foot" in system.axis_info[0].unit_name.lower():
        problems.append(_feet())
    return system, problems


def _window(source: Any, bounds: Bounds | None, path: Path) -> Window:
    """The part of a file to read."""
    window = Window(0, 0, source.width, source.height)
    if bounds is not None:
        wanted = from_bounds(*bounds, transform=source.transform)
        try:
            window = wanted.round_offsets().round_lengths(op="ceil").intersection(window)
        except RasterioError as error:
            raise UserError(
                Problem(
                    "{file} lies outside the area.",
                    "Choose a raster of the city, or check its reference system.",
                    file=path.name,
                )
            ) from error
    _refuse_too_many((int(window.height), int(window.width)), abs(source.transform.a))
    return window


def _values(source: Any, window: Window, job: Job) -> NDArray[np.float32]:
    """The first band as float32 with NaN for what is missing, read block by block."""
    values = np.empty((int(window.height), int(window.width)), dtype=np.float32)
    for start in job.each(range(0, len(values), BLOCK_ROWS), "Reading the raster"):
        stop = min(start + BLOCK_ROWS, len(values))
        part = Window(window.col_off, window.row_off + start, window.width, stop - start)
        values[start:stop] = read_window(source, part)
    return values


def read_window(source: Any, window: Window) -> NDArray[np.float32]:
    """A part of the first band of an opened raster file, NaN for what is missing."""
    read = source.read(1, window=window, masked=True)
    block = np.ma.getdata(read).astype(np.float32, copy=False)
    gone = ~(np.abs(block) <= HUGE)
    if np.ma.is_masked(read):
        gone |= np.ma.getmaskarray(read)
    if np.min(block, initial=0.0, where=~gone) <= max(MISSING):  # no heights but such marks reach so far down
        for mark in MISSING:
            gone |= block == np.float32(mark)
    block[gone] = np.nan
    return block


def _band_problems(source: Any) -> list[Problem]:
    """What the head of a file says about its bands."""
    problems = []
    if source.count > 1:
        problems.append(
            Problem(
                "The raster has {count} bands; the first was taken.",
                "If heights are in another band, write that band to a file of its own.",
                severity=Severity.WARNING,
                count=source.count,
            )
        )
    unit = (source.units[0] or "").lower()
    if unit.startswith(("ft", "foot", "feet", "us survey f")):
        problems.append(_feet())
    return problems


def _feet() -> Problem:
    return Problem(
        "The raster speaks of feet; heights are taken as metres.",
        "If its heights are in feet, multiply them by 0.3048 and read it again.",
        severity=Severity.WARNING,
    )


def _north_up(raster: Raster, job: Job) -> tuple[Raster, list[Problem]]:
    """The raster with rows from north to south and square cells."""
    problems = []
    place = raster.transform
    if place.b or place.d:
        width, height = math.hypot(place.a, place.d), math.hypot(place.b, place.e)
        corners = [place @ (c, r) for c in (0, raster.values.shape[1]) for r in (0, raster.values.shape[0])]
        raster = _regridded(raster, [x for x, _ in corners], [y for _, y in corners], min(width, height))
        problems.append(
            _note("The raster lies askew; it was resampled with north up.", "Nothing needs to be done.")
        )
        return raster, problems
    if place.e > 0:
        rows = raster.values.shape[0]
        turned = place @ Affine.translation(0, rows) @ Affine.scale(1, -1)
        raster = replace(raster, values=np.ascontiguousarray(raster.values[::-1]), transform=turned)
        problems.append(
            _note("The raster ran from south to north; it was turned.", "Nothing needs to be done.")
        )
        place = turned
    if not math.isclose(place.a, -place.e, rel_tol=1e-4) and not raster.crs.is_geographic:
        west, south, east, north = raster.bounds
        problems.append(
            _note(
                "The cells of the raster are not square ({width} by {height}); it was resampled.",
                "Nothing needs to be done.",
                width=f"{place.a:g}",
                height=f"{-place.e:g}",
            )
        )
        raster = _regridded(raster, [west, east], [south, north], min(place.a, -place.e))
    job.check()
    return raster, problems


def _regridded(raster: Raster, xs: list[float], ys: list[float], cell: float) -> Raster:
    """The raster in square cells, north up, over a box."""
    shape = math.ceil((max(ys) - min(ys)) / cell - 1e-6), math.ceil((max(xs) - min(xs)) / cell - 1e-6)
    return resample(raster, Affine(cell, 0.0, min(xs), 0.0, -cell, max(ys)), shape)


def _bounds_in(raster: Raster, crs: CRS) -> Bounds:
    """The bounds of a raster in another reference system, its edges followed closely."""
    bounds = rasterio.warp.transform_bounds(_gdal(raster.crs), _gdal(crs), *raster.bounds, densify_pts=51)
    west, south, east, north = (float(value) for value in bounds)
    return west, south, east, north


def _reproject(
    raster: Raster, into: NDArray[np.float32], transform: Affine, crs: CRS, method: Resampling
) -> None:
    """Fill an array from a raster; NaN is missing on both sides."""
    reproject(
        raster.values,
        into,
        src_transform=raster.transform,
        src_crs=_gdal(raster.crs),
        src_nodata=np.nan,
        dst_transform=transform,
        dst_crs=_gdal(crs),
        dst_nodata=np.nan,
        resampling=method,
    )


def _gdal(crs: CRS) -> Any:
    """A reference system in rasterio's own type."""
    return rasterio.crs.CRS.from_wkt(crs.to_wkt())


def _round(cell: float) -> float:
    """A cell size cut to two figures, so that grids of one source meet."""
    digits = 1 - math.floor(math.log10(cell))
    return round(cell, digits)


def _refuse_too_many(shape: tuple[int, int], cell: float) -> None:
    """Raise where a raster would not fit into memory, with the cell size that would."""
    cells = shape[0] * shape[1]
    if cells > MOST_CELLS:
        raise UserError(
            Problem(
                "The raster has {count} million cells, more than can be worked on at once.",
                "Choose a smaller area, or cells of {cell} or more.",
                count=f"{cells / 1e6:.0f}",
                cell=f"{cell * math.sqrt(cells / MOST_CELLS):.2g}",
            )
        )


def _note(message: str, remedy: str, **values: Any) -> Problem:
    """Something that was done to a raster."""
    return Problem(message, remedy, severity=Severity.NOTE, **values)
