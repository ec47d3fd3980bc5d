"""Layer export: one layer as a file for other programs: rows with all results, or the cells of a raster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import geopandas as gpd

from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import text
from desktop.expressions import rows_meant
from desktop.map_layers import RASTER, raster_said, table_title
from desktop.names import LAYER_EXPORTS, RASTER_EXPORTS
from desktop.outputs import Results, stem, style_of
from desktop.plan_map import plan_as_result
from desktop.result_tables import frame_of, with_results
from layers.city import Raster
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
from layers.project import PLAN
from potential import Assessment
from reports.wording import outdated_said


@dataclass(frozen=True)
class Rows:
    """Which rows of a layer are meant.

    Parameters
    ----------
    ids : sequence of str, optional
        Their ids; None for all.
    where : str
        A condition that they meet; empty for none.
    said : str
        How they were chosen, in words, for who reads the file; empty says the condition.
    """

    ids: Sequence[str] | None = None
    where: str = ""
    said: str = ""


ALL = Rows()


def layer_rows(results: Results, table: str, rows: Rows = ALL) -> gpd.GeoDataFrame:
    """Rows of a layer with all results and what the plan says of them.

    Raises
    ------
    UserError
        If there is no such layer or row, or the condition cannot be read.
    """
    made: Mapping[str, Assessment] = results.assessments
    if results.plan is not None:
        made = {**made, PLAN: plan_as_result(results.plan)}
    if frame_of(results.city, made, table) is None:
        known = [name for name in results.city.tables if not results.city.tables[name].empty]
        known += [RASTER + name for name in _rasters(results)]
        raise UserError(
            Problem(
                "There is no layer {layer}.", "Choose from: {known}.", layer=table, known=", ".join(known)
            )
        )
    frame = with_results(results.city, made, table)
    if rows.ids is not None:
        there = frame.index.astype(str)
        unknown = [one for one in rows.ids if one not in set(there)]
        if unknown:
            raise UserError(
                Problem(
                    "{layer} has no rows {ids}.",
                    "Check the ids.",
                    layer=table_title(table),
                    ids=", ".join(unknown),
                )
            )
        frame = frame[there.isin(list(rows.ids))]
    meant = rows_meant(frame, rows.where)
    frame = frame if meant is None else frame[meant]
    if frame.empty:
        raise UserError(Problem("No row meets this condition.", "Change the condition."))
    return frame


def export_layer(
    results: Results,
    table: str,
    forms: Sequence[str],
    folder: Path,
    rows: Rows = ALL,
    *,
    name: str = "",
    style: LayerStyle | None = None,
    encoding: str = "UTF-8",
    job: Job,
) -> tuple[list[Path], list[Problem]]:
    """Write one layer of shapes in each of some formats.

    Parameters
    ----------
    results : Results
        The city with what was found; may be without results.
    table : str
        Name of the layer.
    forms : sequence of str
        Formats of `LAYER_EXPORTS`.
    folder : Path
        Where to; it is made where it is not there.
    rows : Rows
        Which rows.
    name : str
        Name of the files without ending; empty for city and layer.
    style : LayerStyle, optional
        How QGIS shows it; that of its best result where not given.
    encoding : str
        Of Shapefiles, `UTF-8` or `GBK`.

    Returns
    -------
    files and problems
        What was written, and what the user should know: results older than the data, what a format could not hold.

    Raises
    ------
    UserError
        If there is no such layer, row or format, or a file cannot be written.
    """
    _refuse_forms(forms, LAYER_EXPORTS, "A layer cannot be written as {forms}.")
    frame = layer_rows(results, table, rows)
    make_folder(folder)
    style = style or style_of(results, table)
    files, problems = [], list(results.problems)
    for form in forms:
        path = folder / f"{name or f'{stem(results)}_{table_title(table)}'}.{form}"
        problems += _write(path, table, frame, _origin(results, rows), style, encoding, job)
        files.append(path)
    return files, problems


def raster_named(results: Results, name: str) -> str | None:
    """The raster that a name means, `terrain` or `raster:terrain`; None where it means none, or a table."""
    if not name.startswith(RASTER) and name in results.city.tables:
        return None
    raster = name.removeprefix(RASTER)
    return raster if raster in _rasters(results) else None


def export_raster(
    results: Results, name: str, forms: Sequence[str], folder: Path, *, called: str = "", job: Job
) -> tuple[list[Path], list[Problem]]:
    """Write one raster of the city or its results in each of some formats.

    Parameters
    ----------
    results : Results
        The city with what was found; may be without results.
    name : str
        Of the raster, as in `City.rasters` or `Assessment.rasters`.
    forms : sequence of str
        Formats of `RASTER_EXPORTS`.
    folder : Path
        Where to; it is made where it is not there.
    called : str
        Name of the file without ending; empty for city and raster.

    Returns
    -------
    files and problems
        What was written, and a warning where it is a result older than the data.

    Raises
    ------
    UserError
        If a raster cannot be written in a format, or a file cannot be written.
    """
    _refuse_forms(forms, RASTER_EXPORTS, "A raster cannot be written as {forms}.")
    owner, raster = _rasters(results)[name]
    title, unit = raster_said(name)
    make_folder(folder)
    files = []
    for form in forms:
        path = folder / f"{called or f'{stem(results)}_{title}'}.{form}"
        write_cog(path, raster, title, unit, job=job)
        files.append(path)
    stale = tuple(one for one in results.stale if one == owner)
    return files, replace(results, stale=stale).problems


def _rasters(results: Results) -> dict[str, tuple[str, Raster]]:
    """Rasters by name, each with the potential that found it; empty for one that was given."""
    found = {name: ("", raster) for name, raster in results.city.rasters.items()}
    for owner, made in results.assessments.items():
        found |= {name: (owner, raster) for name, raster in made.rasters.items()}
    return found


def _refuse_forms(forms: Sequence[str], known: Sequence[str], words: str) -> None:
    unknown = [form for form in forms if form not in known]
    if unknown:
        raise UserError(
            Problem(words, "Choose from: {known}.", forms=", ".join(unknown), known=", ".join(known))
        )


def _write(
    path: Path,
    table: str,
    frame: gpd.GeoDataFrame,
    origin: Origin,
    style: LayerStyle | None,
    encoding: str,
    job: Job,
) -> list[Problem]:
    title = table_title(table)
    if path.suffix == ".gpkg":
        remark = " ".join(one for one in (origin.chosen, origin.notice) if one)
        return write_geopackage(
            path, {title: frame}, {title: style} if style is not None else {}, remark=remark, job=job
        )
    if path.suffix == ".shp":
        return write_shapefile(path, frame, encoding, style, job=job)
    if path.suffix == ".geojson":
        return write_geojson(path, frame, style, job=job)
    if path.suffix == ".csv":
        return write_csv(path, frame, job=job)
    return write_xlsx(path, {title: frame}, origin, job=job)


def _origin(results: Results, rows: Rows) -> Origin:
    """Where the rows come from and how they were chosen."""
    where = text("Rows that meet: {condition}", condition=rows.where) if rows.where else ""
    sources = [
        f"{number.key} = {number.value:g} {number.unit} · {number.source}"
        for made in results.assessments.values()
        for number in made.numbers
    ]
    return Origin(
        project=results.name,
        day=date.today(),
        crs=results.city.crs.name,
        chosen=rows.said or where,
        notice=outdated_said() if results.outdated else "",
        sources=list(dict.fromkeys(sources)),
    )
