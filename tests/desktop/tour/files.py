"""The files of a tour: the sample city as a planner gets it, its buildings in a Shapefile without reference system."""

from __future__ import annotations

from pathlib import Path

import pyogrio

from core.jobs import Job
from sample_city import write
from sample_city.files import GEOPACKAGE

BUILDINGS = "建筑"
LETTERS = 5  # of a Chinese column name that a Shapefile has room for


def planners_files(folder: Path) -> Path:
    """Write the files into a folder; gives the folder."""
    write(folder, job=Job())
    whole, rest = folder / GEOPACKAGE, folder / f"new-{GEOPACKAGE}"
    for layer, _ in pyogrio.list_layers(whole):
        frame = pyogrio.read_dataframe(whole, layer=layer)
        if layer != BUILDINGS:
            pyogrio.write_dataframe(frame, rest, layer=layer, driver="GPKG")
            continue
        short = frame.rename(columns={name: name[:LETTERS] for name in frame.columns if name != "geometry"})
        path = folder / f"{BUILDINGS}.shp"
        pyogrio.write_dataframe(short, path, driver="ESRI Shapefile", encoding="GBK")
        for suffix in (".prj", ".cpg"):
            path.with_suffix(suffix).unlink()
    rest.replace(whole)
    return folder
