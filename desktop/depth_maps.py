"""Depth maps: heat-flow points of a file become maps of temperature at depth, a layer of points and a sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyproj import CRS
from pyproj.crs import ProjectedCRS
from pyproj.crs.coordinate_operation import AlbersEqualAreaConversion

from core.jobs import Job
from core.problems import Problem, Severity, UserError
from core.texts import text
from core.units import count, quantity
from desktop.data_in import TableImport, existing, read_table, reference_system
from desktop.words import number_typed
from layers.export import write_cog, write_geopackage
from layers.export_files import make_folder
from layers.readers import inspect
from potential.deep.depth_map import DepthMaps, depth_maps
from reports import depth_map
from standards import Standards

# Columns of the Global Heat Flow Database (Fuchs et al. 2023), by ours.
DATABASE_COLUMNS = {
    "heat_flow_mw_per_m2": "q",
    "ground_conductivity_w_per_mk": "tc_mean",
    "gradient_k_per_km": "T_grad_mean",
}
CHINA = ProjectedCRS(  # as on maps of all China
    name="CGCS2000 / Albers 25°N 47°N 105°E",
    conversion=AlbersEqualAreaConversion(25, 47, longitude_false_origin=105),
    geodetic_crs=CRS.from_epsg(4490),
)


@dataclass(frozen=True)
class Written:
    """Files, and of each depth how far the map is off at points with a gradient: points, median and P90. [K]"""

    files: tuple[Path, ...]
    agreement: dict[float, tuple[int, float, float]]
    problems: tuple[Problem, ...]

    def agreement_said(self) -> list[str]:
        """A sentence for each depth at which there are points that can judge the map."""
        return [
            text(
                "{depth}: at {known} points with a gradient of their own, off by {median} in the median, "
                "{most} at nine in ten.",
                depth=quantity(depth, "m"),
                known=count(known),
                median=quantity(median, "K", digits=2),
                most=quantity(most, "K", digits=2),
            )
            for depth, (known, median, most) in self.agreement.items()
        ]


def write_depth_maps(
    file: Path,
    folder: Path,
    depths: Sequence[float],
    *,
    cell_m: float,
    crs: str = "",
    points_crs: str = "EPSG:4326",
    columns: Sequence[str] = (),
    surface_c: float | None = None,
    language: str = "zh",
    job: Job,
) -> Written:
    """Read heat-flow points and write rasters, points and the sheet, in the reference system named or that of China.

    Raises
    ------
    UserError
        The file, its columns, the depths or the cell cannot be used.
    """
    system = reference_system(crs) if crs else CHINA
    wanted = TableImport(existing(file), "borehole", crs=points_crs, columns=_columns(file, columns))
    read = read_table(wanted, system, {}, job)
    made = depth_maps(read.frame, depths, cell_m=cell_m, standards=Standards(), surface_c=surface_c, job=job)
    make_folder(folder)
    files = [*_rasters(made, folder), _points(made, folder), folder / f"temperature_{language}.pdf"]
    source = file.name
    files[-1].write_bytes(
        depth_map.sheet(made.rasters, made.points, depths, source=source, language=language)
    )
    agreement = {float(depth): depth_map.agreement(made.points, float(depth)) for depth in depths}
    told = tuple(one for one in read.problems if one.severity is not Severity.NOTE)
    return Written(tuple(files), agreement, told)


def columns_offered(file: Path) -> list[str]:
    """Names of the columns of a file of points, in its order; UserError where it cannot be read."""
    return list(dict.fromkeys(name for source in inspect(existing(file)) for name in source.columns))


def depths_of(words: str) -> tuple[float, ...]:
    """Depths as they were typed, in metres, parted by commas or spaces; UserError with what is no number."""
    found: list[float] = []
    problems: list[Problem] = []
    for word in re.split(r"[,;，；、\s]+", words.strip()):
        try:
            found.append(number_typed(word))
        except UserError as error:
            problems += error.problems
    if problems:
        raise UserError(*problems)
    return tuple(found)


def _columns(file: Path, columns: Sequence[str]) -> tuple[str, ...]:
    """Pairs set by hand, and those of the database where the file has them."""
    offered = {name for source in inspect(file) for name in source.columns}
    ours = {pair.partition("=")[0] for pair in columns}
    known = [
        f"{our}={their}" for our, their in DATABASE_COLUMNS.items() if their in offered and our not in ours
    ]
    return (*columns, *known)


def _rasters(made: DepthMaps, folder: Path) -> list[Path]:
    files = []
    for name, raster in made.rasters.items():
        unit = {"c": "°C", "m2": "mW/m²", "m": "m"}[name.rsplit("_", 1)[-1]]
        files.append(folder / f"{name}.tif")
        write_cog(files[-1], raster, name, unit)
    return files


def _points(made: DepthMaps, folder: Path) -> Path:
    path = folder / "heat_flow_points.gpkg"
    write_geopackage(path, {"heat_flow_points": made.points})
    return path
