"""Outputs: reports and files for other programs, from the results of a project."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from core.jobs import Job
from core.problems import Problem, Severity, UserError
from core.texts import text
from core.units import MISSING, quantity
from desktop.map_layers import raster_said, table_title
from desktop.names import EXPORTS as EXPORTS
from desktop.result_tables import brought, with_results
from desktop.themes import classes_of, column_of, themes_of
from layers.city import City
from layers.contents import Origin as GivenOrigin
from layers.export import (
    LayerStyle,
    Origin,
    write_cog,
    write_csv,
    write_geojson,
    write_geopackage,
    write_shapefile,
    write_xlsx,
)
from layers.export_files import make_folder
from plans import Part
from potential import Assessment
from reports.gis_style import layer_style
from reports.needs import needs
from reports.parcel import file_names, parcel_reports
from reports.quantities import quantities
from reports.wording import listed, outdated_said, title_of


@dataclass(frozen=True)
class Results:
    """A city with its assessments and its plan, ready to print and export.

    `stale` names the assessments that are out of date, `plan_stale` says so of the plan.
    """

    city: City
    assessments: Mapping[str, Assessment]
    stale: tuple[str, ...]
    name: str
    origins: Mapping[str, GivenOrigin]
    plan: Part | None = None
    plan_stale: bool = False

    @property
    def outdated(self) -> bool:
        """Whether anything that a report of a parcel says is older than the data."""
        return bool(self.stale) or (self.plan is not None and self.plan_stale)

    @property
    def problems(self) -> list[Problem]:
        """A warning where results are older than the data."""
        if not self.stale:
            return []
        return [
            Problem(
                "The results of {names} are older than the last change of the data.",
                "Check and assess again, or use them knowing this.",
                severity=Severity.WARNING,
                names=listed([title_of(self.assessments[name]) for name in self.stale]),
            )
        ]

    @property
    def notice(self) -> str:
        """What stands in every file of results that are older than the data; empty where none is."""
        return outdated_said() if self.stale else ""


def summary_sentence(made: Assessment) -> str:
    """What a potential is called, and what it adds up to."""
    return text("{potential}: {summary}", potential=title_of(made), summary=summary(made))


def summary(made: Assessment) -> str:
    """What an assessment adds up to, and what that replaces and avoids in a year."""
    totals = made.totals
    if needed := needs(totals):
        said = [need.said(totals, a_year=False) for need in needed]
        return text("{amounts} a year.", amounts=text("; ").join(said))
    found = quantities(totals)
    most = [found.capacities[:1], [item for item in found.others if item.unit == "m²"][:1]]
    amounts = [quantity(totals[item.name], item.unit) for item in next((one for one in most if one), [])]
    amounts += [quantity(totals[item.name], item.unit.removesuffix("/a")) for item in found.energies[:1]]
    if not made.graded:
        return text("{amounts} a year.", amounts=listed(amounts))
    worse = next(
        (-totals[one.name] for one in found.others if one.unit == "tCO2/a" and totals[one.name] < 0), 0.0
    )
    gains = {item.unit: quantity(totals[item.name], item.unit.removesuffix("/a")) for item in found.others}
    if worse > 0:
        return text(
            "{amounts} in the first year; a year it replaces {tce}, but gives off {co2} more.",
            amounts=listed(amounts),
            tce=gains.get("kgce/a", MISSING),
            co2=quantity(worse, "tCO2"),
        )
    return text(
        "{amounts} in the first year; a year it replaces {tce} and avoids {co2}.",
        amounts=listed(amounts),
        tce=gains.get("kgce/a", MISSING),
        co2=gains.get("tCO2/a", MISSING),
    )


def report(
    results: Results,
    parcel_ids: Sequence[str] | None,
    folder: Path,
    *,
    language: str,
    author: str,
    one_file: bool,
    job: Job,
    warn: Callable[[Problem], None] | None = None,
) -> list[Path]:
    """Write the suitability reports of some parcels, or of all; `warn` takes what the user should know."""
    if warn is not None:
        for problem in results.problems:
            warn(problem)
    parcels = results.city.tables.get("parcel", pd.DataFrame())
    wanted = [str(one) for one in parcels.index] if parcel_ids is None else list(parcel_ids)
    return parcel_reports(
        results.city,
        results.assessments,
        wanted,
        folder,
        language=language,
        author=author,
        one_file=one_file,
        outdated=results.outdated,
        plan=results.plan,
        job=job,
        warn=warn,
    )


def export(
    results: Results, forms: Sequence[str], folder: Path, *, encoding: str, job: Job
) -> tuple[list[Path], list[Problem]]:
    """Write results in the given formats.

    Gives the files and what the user should know: results older than the data, what a format could not hold.
    """
    unknown = [form for form in forms if form not in EXPORTS]
    if unknown:
        raise UserError(
            Problem(
                "{forms} is not a format.",
                "Choose from: {known}.",
                forms=", ".join(unknown),
                known=", ".join(EXPORTS),
            )
        )
    make_folder(folder)
    files: list[Path] = []
    problems = results.problems
    layers = result_layers(results)
    for form in job.each(list(forms), "Exporting"):
        written, noticed = _WRITERS[form](results, layers, folder, encoding)
        files += written
        problems += noticed
    return files, problems


def stem(results: Results) -> str:
    """What the names of all files begin with: the city's name, without what no file may be called."""
    return Path(file_names([results.name])[0]).stem


def result_layers(results: Results) -> dict[str, gpd.GeoDataFrame]:
    """Tables of the city with all results joined to them, and those that potentials brought, by table."""
    names = (*results.city.tables, *brought(results.city, results.assessments))
    return {table: with_results(results.city, results.assessments, table) for table in names}


def style_of(results: Results, table: str) -> LayerStyle | None:
    """The style by which an exported table opens: that of its best result."""
    theme = next(iter(themes_of(results.city, results.assessments, table)), None)
    values = column_of(results.city, results.assessments, theme) if theme else None
    if theme is None or values is None:
        return None
    return layer_style(theme.column, classes_of(theme, values))


Written = tuple[list[Path], list[Problem]]


def _geopackage(
    results: Results, layers: Mapping[str, gpd.GeoDataFrame], folder: Path, encoding: str
) -> Written:
    path = folder / f"{stem(results)}.gpkg"
    titled = {table_title(table): frame for table, frame in layers.items() if not frame.empty}
    styles = {
        table_title(table): style for table in layers if (style := style_of(results, table)) is not None
    }
    return [path], write_geopackage(path, titled, styles, remark=results.notice)


def _shapefiles(
    results: Results, layers: Mapping[str, gpd.GeoDataFrame], folder: Path, encoding: str
) -> Written:
    files, problems = [], []
    for table in ("building", "parcel"):
        if table in layers and not layers[table].empty:
            path = folder / f"{stem(results)}_{table_title(table)}.shp"
            problems += write_shapefile(path, layers[table], encoding, style_of(results, table))
            files.append(path)
    return files, problems


def _geojson(
    results: Results, layers: Mapping[str, gpd.GeoDataFrame], folder: Path, encoding: str
) -> Written:
    files, problems = [], []
    for table in ("building", "parcel"):
        if table in layers and not layers[table].empty:
            path = folder / f"{stem(results)}_{table_title(table)}.geojson"
            problems += write_geojson(path, layers[table], style_of(results, table))
            files.append(path)
    return files, problems


def _rasters(
    results: Results, layers: Mapping[str, gpd.GeoDataFrame], folder: Path, encoding: str
) -> Written:
    files = []
    for made in results.assessments.values():
        for name, raster in made.rasters.items():
            title, unit = raster_said(name)
            path = folder / f"{stem(results)}_{title}.tif"
            write_cog(path, raster, title, unit)
            files.append(path)
    return files, []


def _csv(results: Results, layers: Mapping[str, gpd.GeoDataFrame], folder: Path, encoding: str) -> Written:
    files, problems = [], []
    for title, frame in _tables(results, layers).items():
        path = folder / f"{stem(results)}_{title}.csv"
        problems += write_csv(path, frame)
        files.append(path)
    return files, problems


def _workbook(
    results: Results, layers: Mapping[str, gpd.GeoDataFrame], folder: Path, encoding: str
) -> Written:
    path = folder / f"{stem(results)}.xlsx"
    sources = [
        f"{number.key} = {number.value:g} {number.unit} · {number.source}"
        for made in results.assessments.values()
        for number in made.numbers
    ]
    origin = Origin(
        project=results.name,
        day=date.today(),
        crs=results.city.crs.name,
        notice=results.notice,
        sources=list(dict.fromkeys(sources)),
    )
    return [path], write_xlsx(path, _tables(results, layers), origin)


def _web_map(
    results: Results, layers: Mapping[str, gpd.GeoDataFrame], folder: Path, encoding: str
) -> Written:
    from reports.web_map import assessment_layers, write_web_map  # late: it takes a while to import

    path = folder / f"{stem(results)}.html"
    shown = [
        replace(layer, shown=number == 0)  # one potential at a time: their layers lie over each other
        for number, made in enumerate(results.assessments.values())
        for layer in assessment_layers(results.city, made)
    ]
    remarks = [text(words) for made in results.assessments.values() for words in made.remarks]
    lines = [summary_sentence(made) for made in results.assessments.values()]
    lines += [results.notice] if results.notice else []
    return [path], write_web_map(path, results.name, shown, lines=lines, remarks=remarks)


def _tables(results: Results, layers: Mapping[str, gpd.GeoDataFrame]) -> dict[str, pd.DataFrame]:
    """Tables without geometry: the totals, parcels and buildings."""
    tables: dict[str, Any] = {}
    for table in ("parcel", "building"):
        if table in layers and not layers[table].empty:
            tables[table_title(table)] = pd.DataFrame(layers[table].drop(columns=layers[table].geometry.name))
    return tables


_WRITERS = {
    "gpkg": _geopackage,
    "shp": _shapefiles,
    "geojson": _geojson,
    "tif": _rasters,
    "csv": _csv,
    "xlsx": _workbook,
    "html": _web_map,
}
