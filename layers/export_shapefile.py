"""Shapefiles as ArcGIS, QGIS and WPS read them, with a sheet of what the short column names mean."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from core.fields import fields
from core.jobs import Job
from core.problems import Problem, Severity, UserError
from core.texts import language as language_of_the_moment
from core.texts import speaking, text
from layers.export_columns import (
    EXACT_IN_A_DOUBLE,
    heading,
    in_chunks,
    plain,
    short_names,
    with_index,
)
from layers.export_files import replacing
from layers.export_vector import columns, geometry_type, require_crs, write_qml
from layers.qgis_style import LayerStyle

# What stands in the .cpg file, and the language byte of the .dbf: ArcGIS looks at the byte first, then at the
# .cpg. There is no byte for UTF-8; 0x4D is code page 936.
CODE_PAGES = {"UTF-8": "UTF-8", "GBK": "936"}
LANGUAGE_BYTE_AT = 29
LANGUAGE_BYTES = {"UTF-8": 0x00, "GBK": 0x4D}
MOST_TEXT_BYTES = 254
MOST_COLUMNS = 255
MOST_SAID = 6  # columns that a warning lists by name
MOST_FILE_BYTES = 2**31 - 1
# Indices and caches of other programs; beside a new file those of the old one would be wrong.
SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")
LEFT_BY_OTHERS = (".qix", ".qpj", ".sbn", ".sbx", ".fbn", ".fbx", ".ain", ".aih", ".atx", ".shp.xml")
SHEET_HEAD = {"zh": "_字段说明.csv", "en": "_fields.csv"}


def write_shapefile(
    path: Path,
    frame: gpd.GeoDataFrame,
    encoding: str = "UTF-8",
    style: LayerStyle | None = None,
    *,
    language: str | None = None,
    overwrite: bool = True,
    job: Job | None = None,
) -> list[Problem]:
    """Write a layer as a Shapefile, with `.cpg`, short column names and a sheet of the full ones beside it.

    Parameters
    ----------
    path : Path
        The file, `.shp`.
    frame : GeoDataFrame
        Points, lines or polygons, not mixed.
    encoding : str
        `UTF-8` for QGIS and ArcGIS from 10.2.1 on, `GBK` for older ones.
    style : LayerStyle, optional
        Written beside as `.qml`.
    language : str, optional
        Of the sheet and the titles in the `.qml`, `zh` or `en`; the language of the moment where not given.
    overwrite : bool
        Whether files that are there already may be replaced.
    job : Job, optional
        Reports progress and stops when asked; a stopped job leaves the old files as they were.

    Returns
    -------
    list of Problem
        What the format cannot hold: missing numbers, times of day, long texts, characters outside GBK, 2 GB.

    Raises
    ------
    UserError
        If the layer has no reference system, mixed geometry or too many columns, or cannot be written.

    References
    ----------
    .. [1] ESRI Shapefile Technical Description, ESRI White Paper, July 1998.
    """
    job = job or Job()
    if encoding not in CODE_PAGES:
        raise ValueError(f"no such encoding: {encoding!r}; there are {', '.join(CODE_PAGES)}")
    require_crs({path.stem: frame})
    _require_one_kind(path.stem, frame)
    flat = plain(with_index(frame), whole_numbers_up_to=EXACT_IN_A_DOUBLE)
    problems = list(_losses(flat.set_axis(frame.index), path.stem, encoding))
    with (
        speaking(language or language_of_the_moment()),
        replacing(path, overwrite=overwrite, stale=(*SHAPEFILE, *LEFT_BY_OTHERS)) as place,
    ):
        names = short_names(columns(flat), encoding)
        ready = fitting(flat, encoding).rename(columns=names)
        kind = geometry_type(flat)
        for number, piece in enumerate(job.each(in_chunks(ready), "Writing layers")):
            with warnings.catch_warnings():  # all that GDAL could warn of is said in `problems`
                warnings.simplefilter("ignore", RuntimeWarning)
                pyogrio.write_dataframe(
                    piece,
                    place,
                    driver="ESRI Shapefile",
                    encoding=encoding,
                    geometry_type=kind,
                    promote_to_multi=(kind or "").startswith("Multi"),
                    append=number > 0,
                )
        problems += _too_large(place)
        _state_encoding(place, encoding)
        _write_sheet(place, names)
        if style is not None:
            titles = {short: heading(name) for name, short in names.items()}
            write_qml(place, style.with_columns(names), ready, titles)
    return problems


def _require_one_kind(layer: str, frame: gpd.GeoDataFrame) -> None:
    problems = []
    if geometry_type(frame) in (None, "Unknown") and len(frame):
        problems.append(
            Problem(
                "The layer {layer} mixes points, lines and areas; a Shapefile holds only one of them.",
                "Write it as a GeoPackage, or write points, lines and areas one by one.",
                table=layer,
                layer=layer,
            )
        )
    if len(columns(with_index(frame))) > MOST_COLUMNS:
        problems.append(
            Problem(
                "The layer {layer} has more than {most} columns, more than a Shapefile holds.",
                "Write it as a GeoPackage, or choose fewer columns.",
                table=layer,
                layer=layer,
                most=MOST_COLUMNS,
            )
        )
    if problems:
        raise UserError(*problems)


def _losses(frame: pd.DataFrame, layer: str, encoding: str) -> Iterator[Problem]:
    """What a Shapefile cannot hold of a layer."""

    def warning(message: str, remedy: str, found: Mapping[str, Any], rows: tuple[Any, ...] = ()) -> Problem:
        said = text(", ").join(heading(name) for name in list(found)[:MOST_SAID])
        if len(found) > MOST_SAID:
            said = text("{columns} and {count} more columns", columns=said, count=len(found) - MOST_SAID)
        return Problem(
            message, remedy, severity=Severity.WARNING, table=layer, rows=rows, columns=said, layer=layer
        )

    values = {name: frame[name] for name in columns(frame)}
    missing = {
        name: column
        for name, column in values.items()
        if column.isna().any()
        and (pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype))
    }
    if missing:
        yield warning(
            "Missing values of {columns} read as 0 in ArcGIS, because a Shapefile cannot tell them apart.",
            "Write a GeoPackage where the difference matters.",
            missing,
        )
    times = {name: c for name, c in values.items() if pd.api.types.is_datetime64_any_dtype(c.dtype)}
    if times:
        yield warning(
            "Dates and times of {columns} are written as text, because a Shapefile knows no time of day.",
            "Write a GeoPackage where they are to be filtered as times.",
            times,
        )
    texts = {name: column.dropna().astype(str) for name, column in values.items() if _is_text(column)}
    longest = {
        name: column.index[column.map(lambda words: len(words.encode(encoding, "replace"))) > MOST_TEXT_BYTES]
        for name, column in texts.items()
    }
    long = {name: rows for name, rows in longest.items() if len(rows)}
    if long:
        yield warning(
            "Texts of {columns} are cut to 254 bytes, the longest a Shapefile holds.",
            "Write a GeoPackage to keep them whole.",
            long,
            tuple(dict.fromkeys(row for rows in long.values() for row in rows)),
        )
    unknown = {
        name: column.index[~column.map(lambda words: _fits(words, encoding)).astype(bool)]
        for name, column in texts.items()
    }
    foreign = {name: rows for name, rows in unknown.items() if len(rows)}
    if foreign:
        yield warning(
            "{columns} hold characters that GBK does not know; they are written as question marks.",
            "Write the Shapefile in UTF-8 to keep them.",
            foreign,
            tuple(dict.fromkeys(row for rows in foreign.values() for row in rows)),
        )


def fitting(frame: gpd.GeoDataFrame, encoding: str) -> gpd.GeoDataFrame:
    """The layer with flags as 0 and 1, times as text, and texts that fit."""
    fit = frame.copy(deep=False)
    for name in columns(frame):
        values = frame[name]
        if pd.api.types.is_bool_dtype(values.dtype):
            fit[name] = values.astype("Int16") if values.isna().any() else values.astype("int16")
        elif pd.api.types.is_datetime64_any_dtype(values.dtype):
            fit[name] = values.map(lambda moment: f"{moment:%Y-%m-%d %H:%M:%S}", na_action="ignore")
        elif _is_text(values):
            fit[name] = values.map(lambda words: _cut_text(str(words), encoding), na_action="ignore")
    return fit


def _cut_text(words: str, encoding: str) -> str:
    return words.encode(encoding, "replace")[:MOST_TEXT_BYTES].decode(encoding, "ignore")


def _fits(words: str, encoding: str) -> bool:
    try:
        words.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _is_text(values: pd.Series[Any]) -> bool:
    return pd.api.types.is_string_dtype(values.dtype) or pd.api.types.is_object_dtype(values.dtype)


def _too_large(place: Path) -> Iterator[Problem]:
    for ending in (".shp", ".dbf"):
        if place.with_suffix(ending).stat().st_size > MOST_FILE_BYTES:
            yield Problem(
                "{file} is larger than 2 GB; many programs will not read it.",
                "Write a GeoPackage, or write fewer rows or columns.",
                severity=Severity.WARNING,
                file=place.with_suffix(ending).name,
            )


def _state_encoding(place: Path, encoding: str) -> None:
    """Say in both places where programs look which encoding the texts are in."""
    place.with_suffix(".cpg").write_text(CODE_PAGES[encoding], encoding="ascii")
    with place.with_suffix(".dbf").open("rb+") as table:
        table.seek(LANGUAGE_BYTE_AT)
        table.write(bytes([LANGUAGE_BYTES[encoding]]))


def _write_sheet(place: Path, names: Mapping[str, str]) -> None:
    """Write what the short names mean, beside the Shapefile."""
    sheet = place.with_name(place.stem + SHEET_HEAD[language_of_the_moment()])
    head = ["Short name", "Name", "Chinese title", "English title", "Unit", "Meaning"]
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([text(word) for word in head])
        for name, short in names.items():
            known = fields().get(name)
            said = (known.title_zh, known.title_en, known.unit, known.meaning) if known else ("", "", "", "")
            writer.writerow([short, name, *said])
