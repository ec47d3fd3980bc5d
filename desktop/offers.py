"""Offers: what a file holds and how it would be taken in, in words and as facts, before anything is imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import rasterio

from core.fields import fields
from core.jobs import Job
from core.problems import Problem, Severity, UserError
from core.texts import text
from desktop.data_in import TableImport, believable, read_layer
from layers.columns import ColumnMatch, match_columns
from layers.readers import inspect
from layers.sources import Source
from layers.weather_files import read_epw, read_tmy_csv
from standards import Standards

MOST_SAMPLES = 4


def of_table(
    wanted: TableImport, remembered: Mapping[str, Any], near: tuple[float, float] | None = None
) -> tuple[str, dict[str, Any]]:
    """What a file offers and how its columns would be matched.

    Parameters
    ----------
    wanted : TableImport
        The file; its `layer` restricts the answer to one.
    remembered : Mapping
        Matches of earlier files by the signature of their columns.
    near : tuple of float, optional
        Longitude and latitude of the city. [°]

    Notes
    -----
    A single layer is read whole, so that units can be told from shapes; of several only the first rows are.
    """
    lines: list[str] = []
    layers = []
    sources = inspect(wanted.path, encoding=wanted.encoding)
    chosen = [one for one in sources if wanted.layer in (None, one.layer)]
    if not chosen:
        raise UserError(
            Problem(
                "{name} has no layer called {layer}.",
                "Choose one of these: {layers}.",
                name=wanted.path.name,
                layer=wanted.layer,
                layers=", ".join(f"{one.layer} ({one.features})" for one in sources),
            )
        )
    for source in chosen:
        frame, problems = _looked_at(source, wanted, near, alone=len(chosen) == 1)
        match = match_columns(frame, wanted.table)
        match = match_columns(frame, wanted.table, remembered=remembered.get(match.signature))
        found = [*problems, *match.problems]
        lines += _lines(source, match, found)
        layers.append(_facts(source, match, found))
    return "\n".join(lines), {"layers": layers}


def of_raster(path: Path) -> tuple[str, dict[str, Any]]:
    """What a raster file holds, from its head."""
    try:
        with rasterio.open(path) as file:
            facts = {
                "columns": file.width,
                "rows": file.height,
                "bands": file.count,
                "cell": [abs(file.transform.a), abs(file.transform.e)],
                "bounds": list(file.bounds),
                "missing": file.nodata,
                "crs": file.crs.to_string() if file.crs else None,
            }
    except rasterio.errors.RasterioIOError as error:
        raise UserError(
            Problem(
                "{file} cannot be read as a raster ({reason}).",
                "Check that the file is whole and of a raster format such as GeoTIFF.",
                file=path.name,
                reason=str(error).splitlines()[0],
            )
        ) from error
    said = text(
        "{columns} × {rows} cells of {cell}, {bands} bands, {crs}",
        columns=facts["columns"],
        rows=facts["rows"],
        cell=f"{facts['cell'][0]:g}",
        bands=facts["bands"],
        crs=facts["crs"] or text("no reference system"),
    )
    return said, facts


def of_weather(path: Path, standards: Standards) -> tuple[str, dict[str, Any]]:
    """What a weather file holds."""
    weather = (read_epw if path.suffix.lower() == ".epw" else read_tmy_csv)(path, standards)
    facts = {
        "name": weather.name,
        "latitude": weather.latitude,
        "longitude": weather.longitude,
        "ghi_kwh_per_m2_year": weather.ghi_kwh_per_m2_year,
        "mean_temp_c": float(weather.hours["temp_air"].mean()),
    }
    said = text(
        "{name}, {latitude}° N {longitude}° E: {ghi} kWh/m² a year on level ground, {mean} °C on average",
        name=weather.name,
        latitude=f"{weather.latitude:.2f}",
        longitude=f"{weather.longitude:.2f}",
        ghi=f"{weather.ghi_kwh_per_m2_year:.0f}",
        mean=f"{facts['mean_temp_c']:.1f}",
    )
    return said, facts


def _looked_at(
    source: Source, wanted: TableImport, near: tuple[float, float] | None, *, alone: bool
) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """The rows of a layer that are looked at, and what is doubtful about it."""
    if alone and source.geometry_type:
        given = read_layer(replace(wanted, layer=source.layer), Job())
        doubtful = any(one.severity is Severity.ERROR for one in given.problems)
        return given.frame, [*given.problems, *(believable(given, near) if doubtful else [])]
    sample = pd.DataFrame(source.sample)
    if "geometry" in sample.columns:
        return gpd.GeoDataFrame(sample, geometry="geometry"), list(source.problems)
    return gpd.GeoDataFrame(sample, geometry=[None] * len(sample)), list(source.problems)


def _lines(source: Source, match: ColumnMatch, noticed: list[Problem]) -> list[str]:
    """A layer in words: what it is, how its text is written, which column becomes what."""
    crs = source.crs.name if source.crs is not None else text("no reference system")
    shape = source.geometry_type or text("no geometry")
    lines = [
        f"{source.layer}  ·  {source.form}  ·  {shape}  ·  "
        + text("{rows} rows", rows=source.features)
        + f"  ·  {crs}"
    ]
    if source.coordinates is not None:
        lines.append("  " + text("Coordinates: {columns}", columns=", ".join(source.coordinates.names)))
    if source.encodings is not None:
        lines.append("  " + text("Encodings, the likeliest first, with samples:"))
        lines += [
            f"    {one.encoding:<10} {one.score:4.2f}  {' · '.join(one.sample[:MOST_SAMPLES])}".rstrip()
            for one in source.encodings.candidates
        ]
    if match.pairs:
        lines.append("  " + text("Columns that would be read:"))
        for pair in match.pairs:
            known = fields().get(pair.field)
            title = f"  {known.label}" if known else ""
            unit = f" [{pair.unit}]" if pair.unit else ""
            lines.append(f"    {pair.field} ← {pair.column}{unit}{title}")
    if match.unmatched:
        lines.append("  " + text("Columns that would be left as they are:"))
        lines.append("    " + ", ".join(match.unmatched))
    if noticed:
        lines.append("  " + text("To decide:"))
        lines += [f"    ! {problem.said()}" for problem in noticed]
    return lines


def _facts(source: Source, match: ColumnMatch, noticed: list[Problem]) -> dict[str, Any]:
    """A layer as facts."""
    encodings = source.encodings.candidates if source.encodings is not None else ()
    return {
        "layer": source.layer,
        "form": source.form,
        "geometry": source.geometry_type,
        "features": source.features,
        "crs": source.crs.name if source.crs is not None else None,
        "coordinates": source.coordinates.names if source.coordinates is not None else None,
        "encodings": [
            {"encoding": one.encoding, "score": one.score, "sample": list(one.sample)} for one in encodings
        ],
        "columns": match.to_json(),
        "problems": [problem.said() for problem in noticed],
    }
