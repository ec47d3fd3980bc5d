"""The sample city as files: what a planner would be given, and a folder of files with the usual faults."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import rasterio

from core.fields import fields
from core.jobs import Job
from layers.city import Raster
from sample_city.city import SEED, SampleCity, generate
from sample_city.dirty import write_dirty
from sample_city.words import LAYERS, as_planners_write

GEOPACKAGE = "青禾市.gpkg"
README = "说明.txt"
FACTS_FILE = "城市概况.csv"
# A fixed date in the files' heads, so that the same seed gives the same bytes.
DATE = "2026-01-01T00:00:00.000Z"
# Shares of values that surveys lack, told apart by column.
GAPS = {"height_m": 0.010, "floors_above": 0.010, "year_built": 0.015, "use": 0.006, "roof_type": 0.012,
        "structure": 0.012, "gfa_m2": 0.010, "investor": 0.010, "ownership": 0.012}  # fmt: skip


def write(folder: Path | str, seed: int = SEED, job: Job | None = None) -> list[Path]:
    """Write the sample city as a planner would get it, with a subfolder `dirty` of faulty files.

    Parameters
    ----------
    folder : Path
        Made where it is not there; files of the same names are replaced.
    seed : int
        Another seed gives another city.
    job : Job, optional
        Reports progress and can be stopped.

    Returns
    -------
    list of Path
        All files written. The same seed gives the same bytes.
    """
    work = job or Job()
    place = Path(folder)
    (place / "dirty").mkdir(parents=True, exist_ok=True)
    city = generate(seed, work)
    with _dated():
        written = [_write_tables(city, place / GEOPACKAGE, seed, work)]
    for name, raster in work.each(list(city.rasters.items()), "Writing rasters"):
        written.append(_write_raster(raster, place / f"{fields()[name].title_zh}.tif"))
    written.append(_write_facts(city.facts, place / FACTS_FILE))
    work.say("Writing faulty files", 0.0, force=True)
    with_gaps = {**city.tables, "building": with_missing(city.tables["building"], seed)}
    with _dated():
        written += write_dirty(with_gaps, place / "dirty")
    readme = place / README
    shutil.copyfile(Path(__file__).with_name("README.txt"), readme)
    return [*written, readme]


def with_missing(buildings: gpd.GeoDataFrame, seed: int = SEED) -> gpd.GeoDataFrame:
    """Buildings with the gaps of a real survey: never both height and storeys."""
    rng = np.random.default_rng([seed, 20])
    out = buildings.copy()
    chance = rng.random((len(GAPS), len(out)))
    for row, (column, share) in enumerate(GAPS.items()):
        gone = chance[row] < share
        if column == "floors_above":
            gone &= chance[0] >= GAPS["height_m"]
        out[column] = (
            out[column].astype("Int64" if out[column].dtype == "int64" else out[column].dtype).mask(gone)
        )
    return out


def _write_tables(city: SampleCity, path: Path, seed: int, job: Job) -> Path:
    path.unlink(missing_ok=True)
    for name, table in job.each(list(city.tables.items()), "Writing layers"):
        given = with_missing(table, seed) if name == "building" else table
        pyogrio.write_dataframe(as_planners_write(given, name), path, layer=LAYERS[name][0], driver="GPKG")
    return path


@contextmanager
def _dated() -> Iterator[None]:
    """GeoPackages with a fixed date in their heads, and no line in the log for every layer."""
    log = logging.getLogger("pyogrio._io")
    level, before = log.level, pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    log.setLevel(logging.WARNING)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": DATE})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
        log.setLevel(level)


def _write_raster(raster: Raster, path: Path) -> Path:
    rows, columns = raster.values.shape
    with rasterio.open(
        path, "w", driver="GTiff", height=rows, width=columns, count=1, dtype="float32", crs=raster.crs.to_wkt(),
        transform=raster.transform, nodata=float("nan"), compress="deflate", predictor=3,
    ) as file:  # fmt: skip
        file.write(raster.values, 1)
    return path


def _write_facts(facts: Mapping[str, Any], path: Path) -> Path:
    titles = {
        "name": "城市名称",
        "province": "省份",
        "nearest_city": "最近气象城市",
        "climate_zone": "气候分区",
        "base_year": "基准年",
    }
    lines = ["项目,内容", *(f"{titles[key]},{value}" for key, value in facts.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig", newline="\n")
    return path
