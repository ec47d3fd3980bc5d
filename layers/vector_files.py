"""Vector files: layers of Shapefiles, GeoPackages, GeoJSON, file geodatabases and KML through GDAL."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS
from pyproj.exceptions import CRSError

from core.jobs import Job
from core.problems import Problem, Severity
from layers.archives import PARTS_OF_SHAPEFILE, Member, part
from layers.encodings import EncodingChoice, of_csv, of_dbf, repaired
from layers.sources import SAMPLE_ROWS, unreadable

ROWS_A_STEP = 20_000
BYTE_BY_BYTE = "iso8859-1"


@dataclass(frozen=True)
class Layer:
    """A layer as GDAL sees it, with the encoding its text is read in."""

    path: Path
    name: str
    geometry_type: str
    features: int
    crs: CRS | None
    columns: tuple[str, ...]
    encoding: str | None
    steps_are_fast: bool


@contextmanager
def prepared(
    member: Member, encoding: str | None
) -> Iterator[tuple[Path, EncodingChoice | None, list[Problem]]]:
    """A file ready for GDAL: where to read it, the encoding of its text, and what was mended for it.

    A Shapefile without its index, and a GeoJSON that is not in UTF-8, are mended in a copy that is gone
    when the block ends; the file given is never changed.
    """
    with ExitStack() as stack:
        if member.form == "Shapefile":
            yield _prepared_shapefile(member, encoding, stack)
        elif member.form == "GeoJSON":
            choice = of_csv(member.path, encoding)
            path = member.path
            if choice.encoding not in ("utf-8", "utf-8-sig"):
                path = Path(stack.enter_context(tempfile.TemporaryDirectory())) / member.path.name
                content = member.path.read_bytes().decode(choice.encoding, "replace")
                path.write_text(content, "utf-8")
            yield path, choice, list(choice.problems) if choice.encoding != "utf-8" else []
        else:
            yield member.path, None, []


def layers(path: Path, name: str, encoding: str | None) -> list[Layer]:
    """The layers of a prepared file.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        What the user calls it, for problems.
    encoding : str, optional
        Encoding of its text, for Shapefiles.

    Raises
    ------
    UserError
        If GDAL cannot open it.
    """
    try:
        listed = pyogrio.list_layers(path)
        infos = [(str(layer), _info(path, str(layer), encoding)) for layer, _ in listed]
    except (DataSourceError, DataLayerError, UnicodeDecodeError) as error:
        raise unreadable(name, _without_path(error, path)) from error
    return [
        Layer(
            path=path,
            name=layer,
            geometry_type=_type(info["geometry_type"]),
            features=max(0, int(info["features"])),
            crs=_crs(info["crs"]),
            columns=_names(info["fields"], encoding),
            encoding=encoding,
            steps_are_fast=bool(info["capabilities"]["fast_set_next_by_index"]),
        )
        for layer, info in infos
    ]


def sample(layer: Layer) -> pd.DataFrame:
    """The first rows of a layer, without geometry."""
    rows: pd.DataFrame = _read(layer, None, 0, SAMPLE_ROWS, geometry=False)[0]
    return rows


def read_layer(
    layer: Layer, name: str, columns: Sequence[str] | None, job: Job
) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """All rows of a layer, step by step where the format allows it.

    Raises
    ------
    UserError
        If GDAL cannot read it.
    """
    step = ROWS_A_STEP if layer.steps_are_fast else max(layer.features, 1)
    parts: list[gpd.GeoDataFrame] = []
    broken: list[int] = []
    try:
        for start in job.each(range(0, layer.features, step), "Reading features"):
            frame, wrong = _read(layer, columns, start, step)
            broken += [start + row for row in wrong]
            parts.append(frame)
    except (DataSourceError, DataLayerError, ValueError, CRSError) as error:
        raise unreadable(name, _without_path(error, layer.path)) from error
    whole = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
    for column in whole.columns:  # a step without any text in a column makes it one of objects
        if whole[column].dtype == object and any(part[column].dtype == "str" for part in parts):
            whole[column] = whole[column].astype("str")
    if not broken:
        return whole, []
    problem = Problem(
        "Some texts of {name} hold bytes that {encoding} does not know; these bytes were left out.",
        "Look at these rows, and choose another encoding if they are garbled.",
        severity=Severity.WARNING,
        rows=tuple(broken),
        name=name,
        encoding=str(layer.encoding).upper(),
    )
    return whole, [problem]


def _prepared_shapefile(
    member: Member, encoding: str | None, stack: ExitStack
) -> tuple[Path, EncodingChoice | None, list[Problem]]:
    parts = {suffix: found for suffix in PARTS_OF_SHAPEFILE if (found := part(member.path, suffix))}
    problems: list[Problem] = []
    path = member.path
    alike = len({found.suffix.islower() for found in parts.values()}) == 1
    if ".shx" not in parts or not alike:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lutu_")))
        for suffix, found in parts.items():
            shutil.copyfile(found, folder / f"{member.path.stem}{suffix}")
        path = folder / f"{member.path.stem}.shp"
    if ".shx" not in parts:
        _rebuild_index(path, member.name)
        problems.append(
            Problem(
                "The index {name} is missing; it was rebuilt from the .shp file.",
                "Ask for the complete Shapefile if features are missing.",
                severity=Severity.NOTE,
                name=f"{member.path.stem}.shx",
            )
        )
    if ".dbf" not in parts:
        problems.append(
            Problem(
                "The attributes {name} are missing; only the geometry can be read.",
                "Copy all files of the Shapefile into one folder.",
                severity=Severity.WARNING,
                name=f"{member.path.stem}.dbf",
            )
        )
        return path, None, problems
    choice = of_dbf(parts[".dbf"], parts.get(".cpg"), encoding)
    return path, choice, [*problems, *choice.problems]


def _rebuild_index(path: Path, name: str) -> None:
    before = pyogrio.get_gdal_config_option("SHAPE_RESTORE_SHX")
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": "YES"})
    try:
        pyogrio.read_info(path, encoding=BYTE_BY_BYTE)
    except DataSourceError as error:
        raise unreadable(name, _without_path(error, path)) from error
    finally:
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": before})


def _info(path: Path, layer: str, encoding: str | None) -> dict[str, Any]:
    reading = BYTE_BY_BYTE if encoding else None
    info: dict[str, Any] = pyogrio.read_info(path, layer=layer, encoding=reading, force_feature_count=True)
    return info


def _read(
    layer: Layer, columns: Sequence[str] | None, start: int, count: int, *, geometry: bool = True
) -> tuple[Any, list[int]]:
    """Some rows of a layer, and which of them hold text that its encoding does not allow.

    Text of a Shapefile is taken byte by byte and decoded here, since GDAL drops bytes without a word.
    """
    wanted = None if columns is None else [name for name in columns if name in layer.columns]
    plan: dict[str, Any] = {
        "layer": layer.name,
        "skip_features": start,
        "max_features": count,
        "read_geometry": geometry,
    }
    if layer.encoding is None:
        return pyogrio.read_dataframe(layer.path, columns=wanted, **plan), []
    frame = pyogrio.read_dataframe(layer.path, encoding=BYTE_BY_BYTE, **plan)
    names = [name for name in frame.columns if name != "geometry"]
    frame = frame.rename(columns=dict(zip(names, layer.columns, strict=True)))
    if wanted is not None:
        frame = frame[[*wanted, "geometry"] if geometry else wanted]
    broken = pd.Series(False, index=frame.index)
    for name in frame.columns:
        if name != "geometry" and pd.api.types.is_string_dtype(frame[name].dtype):
            texts = {value: repaired(value, layer.encoding) for value in frame[name].dropna().unique()}
            broken |= frame[name].isin([value for value, (_, wrong) in texts.items() if wrong])
            frame[name] = frame[name].map({value: right for value, (right, _) in texts.items()}).astype("str")
    return frame, np.flatnonzero(broken).tolist()


def _names(columns: Sequence[str], encoding: str | None) -> tuple[str, ...]:
    """Names of the columns in their encoding; two that become alike when cut get a number."""
    found: list[str] = []
    for column in columns:
        name = str(repaired(column, encoding)[0]) if encoding else str(column)
        count = sum(other == name or other.startswith(f"{name}_") for other in found)
        found.append(f"{name}_{count + 1}" if name in found else name)
    return tuple(found)


def _type(name: str | None) -> str:
    if name is None:
        return ""
    return "Geometry" if name.startswith("Unknown") else name.removesuffix(" Z").removeprefix("2.5D ")


def _crs(name: str | None) -> CRS | None:
    """The system GDAL read; None for one that is empty or only local, as in files of drawing programs."""
    if not name:
        return None
    try:
        found = CRS.from_user_input(name)
    except CRSError:
        return None
    return None if found.is_engineering else found


def _without_path(error: Exception, path: Path) -> str:
    """GDAL's reason without the place of a copy that the user never saw."""
    return str(error).replace(str(path), path.name).split(";")[0]
