"""Readers: the layers a file offers, and one of them as a table, whatever the format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import CRS
from pyproj.exceptions import CRSError

from core.jobs import Job
from core.problems import Problem, Severity, UserError
from layers import drawing_files, table_files, vector_files
from layers.archives import Member, check_content, members
from layers.crs import check_crs
from layers.datum import DATUMS, WGS84, convert, datum_name
from layers.encodings import EncodingChoice, of_csv
from layers.sources import SAMPLE_ROWS, Coordinates, Given, Source

TABLES = ("CSV", "XLSX")
SAMPLED = 2_000  # rows of a table that are looked at before it is read


@dataclass(frozen=True)
class _Offer:
    """A source and what is needed to read it."""

    source: Source
    member: Member
    layer: vector_files.Layer | None = None
    rows: table_files.Grid = field(default_factory=list)
    frame: gpd.GeoDataFrame | None = None
    refused: tuple[Problem, ...] = ()


def inspect(path: str | Path, *, encoding: str | None = None, job: Job | None = None) -> list[Source]:
    """Everything a file, folder or archive offers, with a sample of each layer.

    Parameters
    ----------
    path : path
        A Shapefile, GeoPackage, GeoJSON, file geodatabase, KML, DXF, CSV or XLSX; a folder or .zip of them.
    encoding : str, optional
        The encoding of text, where the user knows it.
    job : Job, optional
        Reports progress and can be stopped.

    Raises
    ------
    UserError
        If there is no such file, or nothing in it can be read.
    """
    with _offers(path, encoding, job or Job()) as offers:
        return [offer.source for offer in offers]


def read(
    path: str | Path,
    layer: str | None = None,
    *,
    encoding: str | None = None,
    crs: Any = None,
    columns: Sequence[str] | None = None,
    coordinates: Coordinates | None = None,
    job: Job | None = None,
) -> Given:
    """One layer as a table with its own column names.

    Parameters
    ----------
    path : path
        As for `inspect`.
    layer : str, optional
        Which of the layers; needed if there are several with geometry.
    encoding : str, optional
        The encoding of text; found from the file if not given.
    crs : optional
        The reference system, as pyproj takes it, in place of the one stated; or `GCJ-02`, `BD-09` for
        coordinates of Chinese web maps, which are converted to WGS 84.
    columns : sequence of str, optional
        Columns to read; all if not given.
    coordinates : Coordinates, optional
        For tables: the columns that hold the place; found by their names if not given.
    job : Job, optional
        Reports progress and can be stopped.

    Returns
    -------
    Given
        The rows, numbered from 0, and everything worth knowing about them. A missing reference system is
        among the problems, and the frame then has none.

    Raises
    ------
    UserError
        If nothing can be read, several layers are there and none is named, or the layer holds no geometry.
    """
    work = job or Job()
    with _offers(path, encoding, work) as offers:
        offer = _chosen(offers, layer, Path(str(path)).name)
        if offer.refused:
            raise UserError(*offer.refused)
        if offer.source.features == 0:
            raise UserError(
                Problem("The layer {layer} has no rows.", "Choose another layer.", layer=offer.source.layer)
            )
        if offer.frame is not None:
            frame = _drawn(offer.frame, columns)
            problems: list[Problem] = []
        elif offer.layer is not None:
            frame, problems = _vector(offer, columns, work)
        else:
            frame, problems = _table(offer, columns, coordinates, work)
        source = offer.source
    if crs is None and frame.crs is None and source.coordinates:
        crs = table_files.stated_datum(source.coordinates)
    frame, more = _placed(frame, crs, source)
    return Given(frame, (*source.problems, *problems, *more), source)


@contextmanager
def _offers(path: str | Path, encoding: str | None, job: Job) -> Iterator[list[_Offer]]:
    """What the files of a path offer; the files stay prepared for reading until the block ends."""
    with ExitStack() as stack:
        files = stack.enter_context(members(path, job))
        outer = Path(str(path))
        offers: list[_Offer] = []
        for member in job.each(files, "Looking into the file"):
            try:
                check_content(member)
                found = _of_member(outer, member, encoding, stack, job)
            except UserError as error:
                if len(files) == 1:
                    raise
                found = [_refused(outer, member, error.problems)]
            offers += found
        if offers and all(offer.refused for offer in offers):
            raise UserError(*(problem for offer in offers for problem in offer.refused))
        yield _named(offers)


def _of_member(outer: Path, member: Member, encoding: str | None, stack: ExitStack, job: Job) -> list[_Offer]:
    if member.form == "CSV":
        choice = of_csv(member.path, encoding)
        rows = table_files.csv_rows(member.path, choice.encoding, job)
        return [_table_offer(outer, member, rows, Path(member.name).stem, choice, choice.problems)]
    if member.form == "XLSX":
        found = []
        for sheet in table_files.sheet_names(member.path):
            rows, filled = table_files.sheet_rows(member.path, sheet, job)
            if rows:
                problems = (_filled(filled),) if filled else ()
                found.append(_table_offer(outer, member, rows, sheet, None, problems))
        return found
    if member.form == "DXF":
        found_layers, noted = drawing_files.read_drawing(member.path, member.name, encoding, job)
        return [
            _drawing_offer(outer, member, name, frame, tuple(noted)) for name, frame in found_layers.items()
        ]
    path, chosen, mended = stack.enter_context(vector_files.prepared(member, encoding))
    name = chosen.encoding if chosen and member.form == "Shapefile" else None
    return [
        _Offer(
            Source(
                path=outer,
                layer=layer.name,
                form=member.form,
                geometry_type=layer.geometry_type,
                features=layer.features,
                crs=layer.crs,
                columns=layer.columns,
                encodings=chosen,
                sample=vector_files.sample(layer),
                problems=tuple(mended),
            ),
            member,
            layer=layer,
        )
        for layer in vector_files.layers(path, member.name, name)
    ]


def _table_offer(
    outer: Path,
    member: Member,
    rows: table_files.Grid,
    name: str,
    choice: EncodingChoice | None,
    problems: tuple[Problem, ...],
) -> _Offer:
    head = table_files.table(rows[:SAMPLED])
    coordinates, _ = table_files.find_coordinates(head) if len(head) else (None, [])
    skipped = min(len(rows), SAMPLED) - len(head)
    source = Source(
        path=outer,
        layer=name,
        form=member.form,
        geometry_type="" if coordinates is None else "WKT" if coordinates.wkt else "Point",
        features=len(rows) - skipped,
        crs=None,
        columns=tuple(map(str, head.columns)),
        encodings=choice,
        sample=head.head(SAMPLE_ROWS),
        coordinates=coordinates,
        problems=problems,
    )
    return _Offer(source, member, rows=rows)


def _drawing_offer(
    outer: Path, member: Member, name: str, frame: gpd.GeoDataFrame, problems: tuple[Problem, ...]
) -> _Offer:
    source = Source(
        path=outer,
        layer=name,
        form=member.form,
        geometry_type=str(frame.geometry.iloc[0].geom_type),
        features=len(frame),
        crs=None,
        columns=tuple(str(one) for one in frame.columns if one != "geometry"),
        sample=pd.DataFrame(frame.drop(columns="geometry").head(SAMPLE_ROWS)),
        problems=problems,
    )
    return _Offer(source, member, frame=frame)


def _drawn(frame: gpd.GeoDataFrame, columns: Sequence[str] | None) -> gpd.GeoDataFrame:
    """A layer of a drawing, with some of its columns where they are named."""
    _check_columns(columns, tuple(map(str, frame.columns)))
    return frame if columns is None else frame[[*columns, "geometry"]]


def _refused(outer: Path, member: Member, problems: tuple[Problem, ...]) -> _Offer:
    source = Source(outer, member.name, member.form, "", 0, None, (), problems=problems)
    return _Offer(source, member, refused=problems)


def _named(offers: list[_Offer]) -> list[_Offer]:
    """The offers under names that are unique: with the file's name where two layers are called the same."""
    names = [offer.source.layer for offer in offers]
    return [
        replace(offer, source=replace(offer.source, layer=f"{offer.member.name}/{offer.source.layer}"))
        if names.count(offer.source.layer) > 1
        else offer
        for offer in offers
    ]


def _chosen(offers: list[_Offer], layer: str | None, name: str) -> _Offer:
    if layer is not None:
        for offer in offers:
            if layer in (offer.source.layer, offer.member.name):
                return offer
    mapped = [offer for offer in offers if offer.source.geometry_type and not offer.refused]
    if layer is None and len(mapped) == 1:
        return mapped[0]
    if layer is None and len(offers) == 1:
        return offers[0]
    listed = ", ".join(f"{offer.source.layer} ({offer.source.features})" for offer in offers)
    if layer is not None:
        raise UserError(
            Problem(
                "{name} has no layer called {layer}.",
                "Choose one of these: {layers}.",
                name=name,
                layer=layer,
                layers=listed,
            )
        )
    raise UserError(
        Problem("{name} holds several layers.", "Choose one of these: {layers}.", name=name, layers=listed)
    )


def _vector(offer: _Offer, columns: Sequence[str] | None, job: Job) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    layer = offer.layer
    assert layer is not None
    _check_columns(columns, layer.columns)
    frame, problems = vector_files.read_layer(layer, offer.member.name, columns, job)
    if not isinstance(frame, gpd.GeoDataFrame) or not (~frame.geometry.isna()).any():
        raise UserError(
            Problem(
                "The layer {layer} holds no geometry, only the columns {columns}.",
                "Choose a layer with points, lines or areas.",
                layer=layer.name,
                columns=", ".join(layer.columns),
            )
        )
    return frame.set_crs(layer.crs, allow_override=True) if layer.crs else _bare(frame), problems


def _table(
    offer: _Offer, columns: Sequence[str] | None, coordinates: Coordinates | None, job: Job
) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    frame = table_files.table(offer.rows)
    if coordinates is None:
        coordinates, ways = table_files.find_coordinates(frame)
        if coordinates is None:
            raise UserError(_no_place(offer.source.layer, frame, ways))
    _check_columns(columns, tuple(map(str, frame.columns)))
    found, problems = table_files.located(frame, coordinates, job)
    if columns is not None:
        found = found[[*columns, "geometry"]]
    return found, problems


def _filled(count: int) -> Problem:
    return Problem(
        "{count} merged cells were filled with the value of the cell they are merged with.",
        "Check these values.",
        severity=Severity.NOTE,
        count=count,
    )


def _no_place(layer: str, frame: pd.DataFrame, ways: list[Coordinates]) -> Problem:
    if ways:
        return Problem(
            "Several columns of {layer} may hold the coordinates: {ways}.",
            "Choose the two that do.",
            layer=layer,
            ways="; ".join(" + ".join(way.names) for way in ways),
        )
    return Problem(
        "{layer} has no columns of coordinates; its columns are {columns}.",
        "Choose the columns of longitude and latitude, of easting and northing, or of WKT.",
        layer=layer,
        columns=", ".join(map(str, frame.columns)),
    )


def _check_columns(columns: Sequence[str] | None, there: Sequence[str]) -> None:
    missing = [name for name in columns or () if name not in there]
    if missing:
        raise UserError(
            Problem(
                "The layer has no columns {missing}.",
                "Choose among these: {there}.",
                missing=", ".join(missing),
                there=", ".join(there),
            )
        )


def _placed(frame: gpd.GeoDataFrame, crs: Any, source: Source) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """The frame in the system it is said to be in, with what is doubtful about that."""
    datum = datum_name(crs) if isinstance(crs, str) else None
    notes: list[Problem] = []
    if datum in DATUMS and datum != WGS84:
        frame = convert(_bare(frame), datum, WGS84)
        notes.append(
            Problem(
                "The coordinates were converted from {datum} to WGS 84.",
                "Compare the layer with another one; a wrong choice shifts it by some 500 m.",
                severity=Severity.NOTE,
                datum=datum,
            )
        )
    elif crs is not None:
        frame = frame.set_crs(_system("EPSG:4326" if datum == WGS84 else crs), allow_override=True)
    if frame.crs is None and source.form in TABLES and frame.total_bounds[2] <= 180:
        notes.append(
            Problem(
                "The longitudes and latitudes do not say in which datum they are.",
                "Choose CGCS2000, WGS 84, GCJ-02 (Amap, Tencent) or BD-09 (Baidu).",
            )
        )
        return frame, notes
    return frame, [*notes, *check_crs(frame)]


def _system(crs: Any) -> CRS:
    try:
        return CRS.from_user_input(crs)
    except CRSError as error:
        raise UserError(
            Problem(
                "There is no reference system called {crs}.",
                "Give its EPSG number, such as EPSG:4549.",
                crs=crs,
            )
        ) from error


def _bare(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The frame without a reference system."""
    return frame.set_crs(None, allow_override=True)


__all__ = ["Coordinates", "Given", "Source", "inspect", "read"]
