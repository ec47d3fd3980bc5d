"""Data in: how a file becomes a table of a project, and which of its columns are ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
from pyproj import CRS

from core.fields import fields
from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import text
from layers import contents
from layers.aliases import unit_named, units
from layers.columns import ColumnMatch, Pair, convert, match_columns, signature
from layers.contents import Origin
from layers.crs import to_project_crs
from layers.datum import datum_name
from layers.geometry import unique_ids
from layers.readers import inspect, read

# Tables that a planner brings; `building` and `parcel` have columns of their own, others keep theirs.
TABLES = (
    "building",
    "parcel",
    "water",
    "tree",
    "road",
    "metro",
    "underground_space",
    "protection_zone",
    "key_area",
    "planning_unit",
    "district",
    "geology",
    "borehole",
    "facility",
)


@dataclass(frozen=True)
class TableImport:
    """How a file becomes a table of the project.

    `crs` is the reference system of a file that states none, as an EPSG code or text; `GCJ-02` and `BD-09`
    are the shifted degrees of web maps. `match` says which column is which; None matches by the aliases
    and by what was chosen for such a file before. `columns` are pairs set by hand: `ours=theirs` or
    `ours=theirs:unit`.
    """

    path: Path
    table: str
    layer: str | None = None
    encoding: str | None = None
    crs: str = ""
    match: ColumnMatch | None = None
    columns: tuple[str, ...] = ()


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


def read_table(wanted: TableImport, crs: CRS, remembered: Mapping[str, Any], job: Job) -> TableRead:
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
    """
    stated = datum_name(wanted.crs) or (reference_system(wanted.crs) if wanted.crs else None)
    job.say("Reading the file", 0.0, force=True)
    given = read(wanted.path, wanted.layer, encoding=wanted.encoding, crs=stated, job=job)
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
    problems = (*given.problems, *match.problems, *converted.problems, *noticed)
    return TableRead(frame, origin, match, problems)


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


def described(wanted: TableImport, remembered: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """What a file offers and how its columns would be matched, in words and as facts."""
    lines: list[str] = []
    facts: dict[str, Any] = {"layers": []}
    for source in inspect(wanted.path, encoding=wanted.encoding):
        if wanted.layer and source.layer != wanted.layer:
            continue
        crs = source.crs.name if source.crs is not None else text("no reference system")
        lines.append(f"{source.layer} · {source.form} · {source.geometry_type} · {source.features} · {crs}")
        if source.encodings is not None:
            lines += [
                f"    {one.encoding} {one.score:.2f} {' '.join(one.sample[:4])}"
                for one in source.encodings.candidates
            ]
        match = match_columns(gpd.GeoDataFrame(source.sample), wanted.table)
        kept = remembered.get(match.signature)
        match = ColumnMatch.from_json(kept) if kept else match
        lines += [f"    {pair.field} ← {pair.column} {pair.unit}".rstrip() for pair in match.pairs]
        lines += [f"    – {column}" for column in match.unmatched]
        lines += [f"    ! {problem.said()}" for problem in match.problems]
        facts["layers"].append(
            {
                "layer": source.layer,
                "form": source.form,
                "geometry": source.geometry_type,
                "features": source.features,
                "crs": crs,
                "columns": match.to_json(),
            }
        )
    return "\n".join(lines), facts
