"""Data in: how a file becomes a table of a project, and which of its columns are ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from pyproj import CRS

from core.fields import fields
from core.jobs import Job
from core.problems import Problem, Severity, UserError
from core.texts import text
from desktop.names import TABLES as TABLES
from layers import contents
from layers.aliases import unit_named, units
from layers.columns import ColumnMatch, Pair, convert, match_columns, signature
from layers.contents import Origin
from layers.crs import Candidate, candidates, check_crs, swap_axes, to_project_crs
from layers.datum import datum_name
from layers.encodings import encoding_name
from layers.geometry import unique_ids
from layers.readers import read
from layers.sources import Coordinates, Given
from layers.system_names import system_said

MOST_CANDIDATES = 6
AREAS = ("building", "parcel")


@dataclass(frozen=True)
class TableImport:
    """How a file becomes a table of the project.

    `crs` is the reference system of a file that states none, as an EPSG code or text; `GCJ-02` and `BD-09`
    are the shifted degrees of web maps. `match` says which column is which; None matches by the aliases
    and by what was chosen for such a file before. `columns` are pairs set by hand: `ours=theirs` or
    `ours=theirs:unit`. `swapped` exchanges north and east. `coordinates` names the two columns of a sheet
    that hold the place, parted by a comma.
    """

    path: Path
    table: str
    layer: str | None = None
    encoding: str | None = None
    crs: str = ""
    match: ColumnMatch | None = None
    columns: tuple[str, ...] = ()
    swapped: bool = False
    coordinates: str = ""


@dataclass(frozen=True)
class TableRead:
    """A table in the project's reference system under our column names, with its origin."""

    frame: gpd.GeoDataFrame
    origin: Origin
    match: ColumnMatch
    problems: tuple[Problem, ...]


def reference_system(words: str) -> CRS:
    """A reference system by EPSG code or text; UserError if there is none."""
    try:
        return CRS.from_user_input(int(words) if words.isdigit() else words)
    except Exception as error:
        raise UserError(
            Problem(
                "{crs} is not a known reference system.", "Give an EPSG code, for instance 4545.", crs=words
            )
        ) from error


def read_table(
    wanted: TableImport,
    crs: CRS,
    remembered: Mapping[str, Any],
    job: Job,
    *,
    near: tuple[float, float] | None = None,
) -> TableRead:
    """Read a file as one of our tables.

    Parameters
    ----------
    wanted : TableImport
        The file and how to take it.
    crs : CRS
        Reference system of the project.
    remembered : Mapping
        Matches of earlier files by the signature of their columns.
    job : Job
        Reports progress and stops when asked.
    near : tuple of float, optional
        Longitude and latitude of the city, to say which systems a file without one may be in. [°]

    Raises
    ------
    UserError
        If the file cannot be read, or its coordinates cannot be believed: a wrong place is not taken in.
    """
    job.say("Reading the file", 0.0, force=True)
    given = read_layer(wanted, job)
    refused = [one for one in given.problems if one.severity is Severity.ERROR and not one.rows]
    if refused:
        raise UserError(*refused, *believable(given, near))
    if pointed := _without_areas(given, wanted.table):
        raise UserError(*pointed)
    kind = signature(given.frame)
    match = wanted.match or match_columns(given.frame, wanted.table, remembered=remembered.get(kind))
    match = with_columns(match, wanted.columns)
    converted = convert(to_project_crs(given.frame, crs, job), match)
    frame, noticed = unique_ids(converted.frame, wanted.table)
    origin = Origin(
        file=str(wanted.path),
        digest=contents.digest_of(
            contents.digest_of_file(wanted.path),
            wanted.layer,
            wanted.encoding,
            wanted.crs,
            wanted.swapped,
            wanted.coordinates,
            match.to_json(),
        ),
        imported_at=contents.now(),
        details={
            "layer": given.source.layer,
            "crs": given.frame.crs.name if given.frame.crs is not None else "",
            "rows": len(frame),
            "columns": match.to_json(),
        },
    )
    early = [_by_id(one, frame) for one in (*given.problems, *converted.problems)]
    problems = (*early, *match.problems, *noticed)
    return TableRead(frame, origin, match, problems)


def read_layer(wanted: TableImport, job: Job) -> Given:
    """The layer as the file gives it, with the reference system and axes that were chosen for it."""
    stated = datum_name(wanted.crs) or (reference_system(wanted.crs) if wanted.crs else None)
    if wanted.encoding and encoding_name(wanted.encoding) is None:
        raise UserError(
            Problem(
                "There is no encoding {name}.",
                "Give for instance UTF-8, GB18030 or Big5.",
                name=wanted.encoding,
            )
        )
    given = read(
        wanted.path,
        wanted.layer,
        encoding=wanted.encoding,
        crs=stated,
        coordinates=coordinates_of(wanted.coordinates),
        job=job,
    )
    return _swapped(given) if wanted.swapped else given


def _by_id(problem: Problem, frame: gpd.GeoDataFrame) -> Problem:
    """A problem of rows by their numbers in the file as one of rows by their ids."""
    if not problem.rows or not all(isinstance(row, int) and row < len(frame) for row in problem.rows):
        return problem
    return Problem(
        problem.message,
        problem.remedy,
        severity=problem.severity,
        table=problem.table,
        rows=tuple(frame.index[list(problem.rows)]),
        **problem.values,
    )


def _without_areas(given: Given, table: str) -> list[Problem]:
    """A table of areas must not be one of points."""
    if table not in AREAS or not set(given.frame.geometry.geom_type.dropna()) <= {"Point", "MultiPoint"}:
        return []
    return [
        Problem(
            "The layer {layer} holds points; buildings and parcels need areas.",
            "Choose a layer of outlines.",
            table=table,
            layer=given.source.layer,
        )
    ]


def coordinates_of(words: str) -> Coordinates | None:
    """Columns of the place, from their names parted by a comma; None where none are named."""
    if not words:
        return None
    x, sign, y = (part.strip() for part in words.replace("，", ",").partition(","))
    if not (x and sign and y):
        raise UserError(
            Problem(
                "{words} does not name two columns.",
                "Write the column of the longitude or easting, a comma, and that of the latitude or northing.",
                words=words,
            )
        )
    return Coordinates(x=x, y=y)


def _swapped(given: Given) -> Given:
    """A layer with north and east exchanged, and what is doubtful about its coordinates then."""
    frame = swap_axes(given.frame)
    before = {(one.message, one.remedy) for one in check_crs(given.frame)}
    kept = [one for one in given.problems if (one.message, one.remedy) not in before]
    return replace(given, frame=frame, problems=(*kept, *check_crs(frame)))


def believable(given: Given, near: tuple[float, float] | None) -> list[Problem]:
    """The reference systems in which the coordinates of a layer would lie in or near the city."""
    west, south, east, north = (float(one) for one in given.frame.total_bounds)
    if not np.isfinite([west, south, east, north]).all():
        return []
    bounds = (west, south, east, north)
    found = candidates(bounds, near) or candidates(bounds)
    if not found:
        return []
    shown = [_candidate_words(one) for one in found[:MOST_CANDIDATES]]
    if len(found) > MOST_CANDIDATES:
        shown.append(text("{count} more", count=len(found) - MOST_CANDIDATES))
    return [
        Problem(
            "The coordinates fit these systems: {systems}.",
            "Name the right one with --crs; exchange the axes with --swap-axes.",
            severity=Severity.NOTE,
            systems=text("; ").join(shown),
        )
    ]


def _candidate_words(one: Candidate) -> str:
    """A reference system with its code, and how far from the city the layer would lie."""
    name = system_said(one.crs)
    about = []
    if np.isfinite(one.distance_m):
        about.append(text("{distance} km from the city", distance=f"{one.distance_m / 1000:.0f}"))
    if one.swapped:
        about.append(text("axes exchanged"))
    return f"{name} {text('({rows})', rows=text(', ').join(about))}" if about else name


def existing(path: Path) -> Path:
    """A file that is there; UserError where it is not."""
    if not path.exists():
        raise UserError(Problem("There is no file {path}.", "Check its name and folder.", path=str(path)))
    return path


def replacing(sources: Mapping[str, Origin], name: str) -> tuple[Problem, ...]:
    """A note where a table, raster or the weather is there already and gives way."""
    if name not in sources:
        return ()
    before = sources[name]
    return (
        Problem(
            "{name} replaces what was imported from {file} on {day}.",
            "Import that file again if this was not meant.",
            severity=Severity.NOTE,
            name=name,
            file=Path(before.file).name or before.file,
            day=before.imported_at[:10],
        ),
    )


def raster_name(name: str) -> str:
    """The name of a raster: a number of the dictionary, or `surface`."""
    known = fields().get(name)
    if name == "surface" or (known is not None and known.type == "number"):
        return name
    near = get_close_matches(name, ("terrain", "surface", *fields())) or ["terrain", "surface"]
    raise UserError(
        Problem(
            "There is no raster {name}.",
            "Give terrain, surface, or a number of the dictionary; the nearest names are: {names}.",
            name=name or "—",
            names=", ".join(near),
        )
    )


def with_columns(match: ColumnMatch, columns: Sequence[str]) -> ColumnMatch:
    """A match with pairs set by hand, written `ours=theirs` or `ours=theirs:unit`."""
    pairs = {pair.field: pair for pair in match.pairs}
    theirs = {pair.column for pair in match.pairs} | set(match.unmatched)
    for word in columns:
        ours, sign, rest = word.partition("=")
        column, _, unit = rest.partition(":")
        if not sign or ours not in fields() or column not in theirs:
            raise UserError(
                Problem(
                    "{word} does not say which column is which.",
                    "Write ours=theirs, with ours from the dictionary and theirs one of: {columns}.",
                    word=word,
                    columns=", ".join(sorted(theirs)),
                )
            )
        pairs = {name: pair for name, pair in pairs.items() if pair.column != column}
        named = unit_named(unit) if unit else ""
        if unit and not named:
            raise UserError(
                Problem(
                    "{unit} is not a unit that is known.",
                    "Give one of these: {known}.",
                    unit=unit,
                    known=", ".join(units()),
                )
            )
        pairs[ours] = Pair(ours, column, named, units()[named].factor if named else 1.0)
    used = {pair.column for pair in pairs.values()}
    doubts = tuple(doubt for doubt in match.ambiguities if doubt.field not in pairs or not columns)
    return replace(
        match,
        pairs=tuple(pairs.values()),
        ambiguities=doubts,
        unmatched=tuple(sorted(theirs - used)),
    )
