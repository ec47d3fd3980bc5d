"""Rasters for other GIS: cloud-optimised GeoTIFFs with unit and description, and a style for classes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.windows import Window

from core.jobs import Cancelled, Job
from layers.city import Raster
from layers.export_files import replacing
from layers.qgis_style import HEADER, QGIS_VERSION, Category

MISSING = -9999.0  # what ArcGIS and QGIS users know; another value where the data reach down to it
MISSING_CLASS = 255
TILE_CELLS = 512
WAIT_S = 0.2
PREDICTOR = {"float32": "3", "uint8": "2"}  # of the differences of floating-point and of whole numbers
STALE = (".tif.aux.xml", ".tif.ovr", ".tif.msk", ".tfw")


def write_cog(
    path: Path,
    raster: Raster,
    description: str,
    unit: str,
    *,
    classes: Sequence[Category] = (),
    overwrite: bool = True,
    job: Job | None = None,
) -> None:
    """Write a raster as a cloud-optimised GeoTIFF (deflate, tiles, overviews).

    Parameters
    ----------
    path : Path
        The file, `.tif`.
    raster : Raster
        Missing cells are NaN; they are written as no data.
    description, unit : str
        Of the band, e.g. "屋面年辐照量", "kWh/m²".
    classes : sequence of Category, optional
        When the cells are classes 0 to 254: their colours and names. They are written as bytes with a colour
        table, and a `.qml` of the same name stands beside.
    overwrite : bool
        Whether a file that is there already may be replaced.
    job : Job, optional
        Reports progress and stops when asked; a stopped job leaves the old file as it was.

    Raises
    ------
    UserError
        If the file cannot be written.

    References
    ----------
    .. [1] OGC 21-026, Cloud Optimized GeoTIFF Standard 1.0.
    """
    job = job or Job()
    stale = STALE if path.suffix.lower() == ".tif" else ()
    kind = "uint8" if classes else "float32"
    missing = float(MISSING_CLASS) if classes else _missing(raster.values)
    with replacing(path, overwrite=overwrite, stale=stale) as place:
        folder = place.parent.parent  # goes when all is done; only what lies beside `place` is kept
        draft = folder / "draft.tif"
        _write_draft(draft, raster, kind, missing, description, unit, classes, job)
        options = {
            "COMPRESS": "DEFLATE",
            "PREDICTOR": PREDICTOR[kind],
            "BLOCKSIZE": str(TILE_CELLS),
            "OVERVIEW_RESAMPLING": "NEAREST" if classes else "AVERAGE",
            "BIGTIFF": "IF_SAFER",
            "NUM_THREADS": "ALL_CPUS",
        }
        _until_done(lambda: rasterio.shutil.copy(draft, place, driver="COG", **options), folder, job)
        if classes:
            place.with_suffix(".qml").write_text(_qml(classes), encoding="utf-8")


def _write_draft(
    draft: Path,
    raster: Raster,
    kind: str,
    missing: float,
    description: str,
    unit: str,
    classes: Sequence[Category],
    job: Job,
) -> None:
    """Write the cells as a plain tiled GeoTIFF, from which the final one is made."""
    rows, columns = raster.values.shape
    with rasterio.open(
        draft,
        "w",
        driver="GTiff",
        height=rows,
        width=columns,
        count=1,
        dtype=kind,
        crs=_by_code(raster.crs),
        transform=raster.transform,
        nodata=missing,
        tiled=True,
        blockxsize=TILE_CELLS,
        blockysize=TILE_CELLS,
        BIGTIFF="IF_SAFER",
    ) as band:
        band.set_band_description(1, description)
        band.set_band_unit(1, unit)
        band.scales, band.offsets = (1.0,), (0.0,)
        if classes:
            band.write_colormap(1, {_number(entry): _rgba(entry.colour) for entry in classes})
        for first in job.each(range(0, rows, TILE_CELLS), "Writing the raster"):
            strip = raster.values[first : first + TILE_CELLS]
            window = Window(0, first, columns, len(strip))
            band.write(np.where(np.isnan(strip), missing, strip).astype(kind), 1, window=window)


def _until_done(copy: Callable[[], None], folder: Path, job: Job) -> None:
    """Copy in a thread of its own, so that the job can be stopped although GDAL cannot.

    A stopped copy runs on for a while into a folder that is thrown away.
    """
    pool = ThreadPoolExecutor(1)
    running = pool.submit(copy)
    pool.shutdown(wait=False)
    try:
        while True:
            job.say("Compressing the raster", 0.5)
            try:
                running.result(timeout=WAIT_S)
            except TimeoutError:
                continue
            job.check()
            return
    except Cancelled:
        running.add_done_callback(lambda _: shutil.rmtree(folder, ignore_errors=True))
        raise


def _missing(values: NDArray[np.float32]) -> float:
    """A value for missing cells that no cell has."""
    present = values[np.isfinite(values)]
    reaches_down = present.size and present.min() <= MISSING
    return float(np.finfo(np.float32).min) if reaches_down else MISSING


def _by_code(crs: CRS) -> rasterio.crs.CRS:
    """The reference system by its EPSG number where it has one, as other programs look it up."""
    code = crs.to_epsg()
    return rasterio.crs.CRS.from_epsg(code) if code else rasterio.crs.CRS.from_wkt(crs.to_wkt())


def _number(entry: Category) -> int:
    if not isinstance(entry.value, int) or not 0 <= entry.value < MISSING_CLASS:
        raise ValueError(f"a class of a raster is a whole number from 0 to 254, not {entry.value!r}")
    return entry.value


def _rgba(colour: str) -> tuple[int, int, int, int]:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue, 255


def _qml(classes: Sequence[Category]) -> str:
    """The style of a raster of classes as QGIS stores it."""
    root = Element("qgis", version=QGIS_VERSION, styleCategories="Symbology")
    pipe = SubElement(root, "pipe")
    renderer = SubElement(
        pipe,
        "rasterrenderer",
        type="paletted",
        band="1",
        opacity="1",
        alphaBand="-1",
        nodataColor="",
    )
    palette = SubElement(renderer, "colorPalette")
    for entry in classes:
        SubElement(
            palette,
            "paletteEntry",
            value=str(_number(entry)),
            color=entry.colour,
            alpha="255",
            label=entry.label,
        )
    return HEADER + tostring(root, encoding="unicode") + "\n"
