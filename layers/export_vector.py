"""Layers for other GIS: a styled GeoPackage and GeoJSON for the web."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from core.fields import fields
from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import language as language_of_the_moment
from core.texts import speaking
from layers.export_columns import (
    EXACT_IN_A_DOUBLE,
    heading,
    in_chunks,
    is_spatial,
    plain,
    renamed,
    unique_names,
    with_index,
)
from layers.export_files import replacing
from layers.qgis_style import KINDS, LayerStyle, qml

GPKG_VERSION = "1.3"  # QGIS 3.22 warns of 1.4
GEOMETRY = "geom"
WGS84 = 4326
DECIMALS_OF_DEGREES = 7  # about 1 cm
LEFT_BY_SQLITE = ("-journal", "-shm", "-wal")

# As QGIS makes it; catalogue and schema are empty, never NULL, or QGIS does not find the style.
LAYER_STYLES = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
    f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
    update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));
INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id)
    VALUES ('layer_styles', 'attributes', 'layer_styles', 0);
"""
# The schema extension of OGC 12-128r18, F.9: titles and meanings of columns for programs other than QGIS.
DATA_COLUMNS = """
CREATE TABLE IF NOT EXISTS gpkg_extensions (
    table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
    scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_data_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
    mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
    CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
    constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
    min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
    CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
INSERT INTO gpkg_extensions VALUES
    ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema',
     'read-write'),
    ('gpkg_data_column_constraints', NULL, 'gpkg_schema',
     'http://www.geopackage.org/spec121/#extension_schema', 'read-write');
"""


def write_geopackage(
    path: Path,
    layers: Mapping[str, pd.DataFrame],
    styles: Mapping[str, LayerStyle] | None = None,
    *,
    remark: str = "",
    language: str | None = None,
    overwrite: bool = True,
    job: Job | None = None,
) -> list[Problem]:
    """Write layers into one GeoPackage that QGIS opens styled, with titles over the columns.

    Parameters
    ----------
    path : Path
        The file, `.gpkg`.
    layers : Mapping of str to GeoDataFrame or DataFrame
        By layer name, which may be Chinese; a table without geometry becomes an attribute table.
    styles : Mapping of str to LayerStyle, optional
        By layer name.
    remark : str
        What a reader must know of every layer; becomes its description.
    language : str, optional
        Of titles, `zh` or `en`; the language of the moment where not given.
    overwrite : bool
        Whether a file that is there already may be replaced.
    job : Job, optional
        Reports progress and stops when asked; a stopped job leaves the old file as it was.

    Returns
    -------
    list of Problem
        What had to be changed to fit the format.

    Raises
    ------
    UserError
        If a layer has no reference system or the file cannot be written.

    References
    ----------
    .. [1] OGC 12-128r18, GeoPackage Encoding Standard 1.3.1.
    """
    job = job or Job()
    require_crs(layers)
    problems: list[Problem] = []
    with (
        speaking(language or language_of_the_moment()),
        replacing(
            path, overwrite=overwrite, stale=tuple(path.suffix + ending for ending in LEFT_BY_SQLITE)
        ) as place,
    ):
        ready: dict[str, pd.DataFrame] = {}
        names: dict[str, dict[str, str]] = {}
        for layer, frame in layers.items():
            flat = plain(with_index(frame))
            names[layer] = unique_names(columns(flat), {GEOMETRY, "fid"})
            flat, notes = renamed(flat, names[layer], layer)
            problems += notes
            ready[layer] = flat
        pieces = [(layer, piece) for layer, frame in ready.items() for piece in in_chunks(frame)]
        begun: set[str] = set()
        for layer, piece in job.each(pieces, "Writing layers"):
            kind = geometry_type(ready[layer])
            pyogrio.write_dataframe(
                piece,
                place,
                layer=layer,
                driver="GPKG",
                append=layer in begun,
                geometry_type=kind,
                promote_to_multi=(kind or "").startswith("Multi"),
                dataset_options={} if begun else {"VERSION": GPKG_VERSION},
                layer_options={"GEOMETRY_NAME": GEOMETRY} if kind else {},
            )
            begun.add(layer)
        _describe(place, ready, names, styles or {}, remark)
    return problems


def write_geojson(
    path: Path,
    frame: gpd.GeoDataFrame,
    style: LayerStyle | None = None,
    *,
    language: str | None = None,
    overwrite: bool = True,
    job: Job | None = None,
) -> list[Problem]:
    """Write a layer as GeoJSON: longitude and latitude (EPSG:4326) to 7 decimals, after RFC 7946.

    Whole numbers too long for JavaScript become text. With a style, a `.qml` of the same name stands beside.

    Parameters
    ----------
    path : Path
        The file, `.geojson`.
    frame : GeoDataFrame
        In any reference system.
    style, language, overwrite, job
        As for `write_geopackage`.

    Returns
    -------
    list of Problem
        Empty: nothing is lost.

    Raises
    ------
    UserError
        If the layer has no reference system or the file cannot be written.

    References
    ----------
    .. [1] H. Butler et al., "The GeoJSON Format," RFC 7946, IETF, 2016.
    """
    job = job or Job()
    require_crs({path.stem: frame})
    with (
        speaking(language or language_of_the_moment()),
        replacing(path, overwrite=overwrite) as place,
    ):
        flat = plain(with_index(frame.to_crs(WGS84)), whole_numbers_up_to=EXACT_IN_A_DOUBLE)
        lines = place.with_suffix(".lines")
        with place.open("w", encoding="utf-8", newline="\n") as file:
            file.write('{"type": "FeatureCollection", "features": [')
            between = "\n"
            for piece in job.each(in_chunks(flat), "Writing layers"):
                if len(piece) == 0:
                    continue
                pyogrio.write_dataframe(
                    piece,
                    lines,
                    driver="GeoJSONSeq",
                    layer_options={"COORDINATE_PRECISION": str(DECIMALS_OF_DEGREES)},
                )
                with lines.open(encoding="utf-8") as written:
                    for line in written:
                        file.write(between + line.rstrip("\n"))
                        between = ",\n"
                lines.unlink()
            file.write("\n]}\n")
        if style is not None:
            write_qml(place, style, flat, {name: heading(name) for name in columns(flat)})
    return []


def write_qml(place: Path, style: LayerStyle, frame: pd.DataFrame, titles: Mapping[str, str]) -> None:
    """Write a layer's style beside it, with the same name; QGIS reads it for files of one layer."""
    kind = basic_kind(frame)
    if kind:
        place.with_suffix(".qml").write_text(qml(style, kind, titles), encoding="utf-8")


def require_crs(layers: Mapping[str, pd.DataFrame]) -> None:
    """Refuse layers without a reference system, all at once."""
    problems = [
        Problem(
            "The layer {layer} has no coordinate reference system.",
            "Choose one for it under Data.",
            table=layer,
            layer=layer,
        )
        for layer, frame in layers.items()
        if isinstance(frame, gpd.GeoDataFrame) and is_spatial(frame) and frame.crs is None
    ]
    if problems:
        raise UserError(*problems)


def geometry_type(frame: pd.DataFrame) -> str | None:
    """The one type of geometry a layer is declared with; None for a table without geometry."""
    if not isinstance(frame, gpd.GeoDataFrame) or not is_spatial(frame):
        return None
    kinds = {str(kind) for kind in frame.geom_type.dropna()}
    basic = {kind.removeprefix("Multi").replace("LinearRing", "LineString") for kind in kinds}
    if len(basic) != 1 or not basic <= set(KINDS):
        return "Unknown"
    several = any(kind.startswith("Multi") for kind in kinds)
    height = " Z" if frame.geometry.has_z.any() else ""
    return f"{'Multi' if several else ''}{basic.pop()}{height}"


def basic_kind(frame: pd.DataFrame) -> str | None:
    """`Point`, `LineString` or `Polygon`; None where a layer has no geometry or several kinds."""
    kind = (geometry_type(frame) or "").removeprefix("Multi").removesuffix(" Z")
    return kind if kind in KINDS else None


def columns(frame: pd.DataFrame) -> list[str]:
    """Names of the columns other than the geometry."""
    shape = frame.active_geometry_name if isinstance(frame, gpd.GeoDataFrame) else None
    return [str(name) for name in frame.columns if name != shape]


def _describe(
    place: Path,
    layers: Mapping[str, pd.DataFrame],
    names: Mapping[str, Mapping[str, str]],
    styles: Mapping[str, LayerStyle],
    remark: str,
) -> None:
    """Add a remark, styles, and titles and meanings of columns, to a GeoPackage just written."""
    connection = sqlite3.connect(place, isolation_level=None)
    try:
        connection.execute("BEGIN")
        for statement in (DATA_COLUMNS + (LAYER_STYLES if styles else "")).split(";\n"):
            connection.execute(statement)
        if remark:
            connection.execute("UPDATE gpkg_contents SET description = ?", [remark])
        for layer, frame in layers.items():
            titles = {new: heading(old) for old, new in names[layer].items()}
            meanings = {new: fields()[old].meaning for old, new in names[layer].items() if old in fields()}
            often = Counter(titles.values())
            listed = [
                (layer, name, title if often[title] == 1 else f"{title} [{name}]", title, meanings.get(name))
                for name, title in titles.items()
                if title != name
            ]
            connection.executemany(
                "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description) "
                "VALUES (?, ?, ?, ?, ?)",
                listed,
            )
            kind = basic_kind(frame)
            style = styles.get(layer)
            if style is not None and kind:
                connection.execute(
                    "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
                    "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, ui) "
                    "VALUES ('', '', ?, ?, ?, ?, '', 1, '', '', '')",
                    [layer, GEOMETRY, style.title, qml(style.with_columns(names[layer]), kind, titles)],
                )
        connection.execute("COMMIT")
    finally:
        connection.close()
