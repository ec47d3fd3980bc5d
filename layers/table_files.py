"""Tables of rows with coordinates: CSV and XLSX as people write them, turned into points or shapes."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from core.jobs import Job
from core.problems import Problem, Severity, UserError
from layers import cells
from layers.aliases import Aliases
from layers.crs import CHINA_DEG, EASTING_6_DEG_ZONE_M, EASTING_M, EASTING_WITH_ZONE_M, NORTHING_M
from layers.datum import datum_name
from layers.sources import Coordinates, unreadable

DELIMITERS = (",", "\t", ";", "|", "，")
HEAD_ROWS = 12
ROWS_A_STEP = 20_000
WORKBOOK = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]+\d+:[A-Z]+\d+)"')

Grid = list[list[object]]


def csv_rows(path: Path, encoding: str, job: Job, most: int | None = None) -> Grid:
    """The cells of a CSV, every row of one length; bytes the encoding does not know become �."""
    content = path.read_bytes().decode(encoding, "replace")
    return _square(_stepped(csv.reader(io.StringIO(content), delimiter=_delimiter(content)), job, most))


def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook that hold anything.

    Raises
    ------
    UserError
        If it is no workbook, or is protected by a password.
    """
    import openpyxl  # late: it takes a while to import

    try:
        book = openpyxl.load_workbook(path, read_only=True)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise unreadable(path.name, error) from error
    try:
        return [str(name) for name in book.sheetnames if name in {sheet.title for sheet in book.worksheets}]
    finally:
        book.close()


def sheet_rows(path: Path, sheet: str, job: Job, most: int | None = None) -> tuple[Grid, int]:
    """The cells of a sheet, and how many cells were filled because they are merged with another."""
    import openpyxl  # late: it takes a while to import
    from openpyxl.utils import range_boundaries

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        page = book[sheet]
        page.reset_dimensions()
        rows = _square(_stepped(page.iter_rows(values_only=True), job, most))
    finally:
        book.close()
    filled = 0
    for reference in _merged_ranges(path, sheet):
        left, top, right, bottom = (int(edge or 1) for edge in range_boundaries(reference))
        for row in rows[top - 1 : bottom]:
            for place in range(left - 1, min(right, len(row))):
                if row[place] is None and rows[top - 1][left - 1] is not None:
                    row[place] = rows[top - 1][left - 1]
                    filled += 1
    return rows, filled


def table(rows: Grid) -> pd.DataFrame:
    """Rows under the names of their head; columns of numbers as numbers, rows without any cell left out."""
    rows = [row for row in rows if any(cells.plain(cell) for cell in row)]
    if not rows:
        return pd.DataFrame()
    names, taken = cells.head(rows[:HEAD_ROWS])
    frame = pd.DataFrame(rows[taken:], columns=names, dtype=object)
    kept = [
        name
        for name in names
        if not (name.startswith("column_") and all(cells.is_empty(value) for value in frame[name]))
    ]
    return pd.DataFrame({name: cells.tidied(frame[name]) for name in kept})


def find_coordinates(frame: pd.DataFrame) -> tuple[Coordinates | None, list[Coordinates]]:
    """The columns that say where the rows lie, found by their names and values; and all that might.

    Returns
    -------
    Coordinates or None
        The one way that fits; None if there is none, or several that are equally good.
    list of Coordinates
        Every way that fits, the surest first.
    """
    aliases = Aliases()
    named: dict[str, list[str]] = {}
    for column in map(str, frame.columns):
        for claim in aliases.claims(column, "point"):
            named.setdefault(claim.field, []).append(column)
    found = [Coordinates(wkt=name) for name in named.get("wkt", []) if _is_wkt(frame[name])]
    easts = dict.fromkeys([*named.get("longitude", []), *named.get("easting_m", [])])
    norths = dict.fromkeys([*named.get("latitude", []), *named.get("northing_m", [])])
    values = {name: _median(frame[name]) for name in (*easts, *norths)}
    pairs = []
    for x in easts:
        for y in norths:
            by_name = x in named.get("longitude", []) and y in named.get("latitude", [])
            if x != y and _alike(x, y) and _are_coordinates(values[x], values[y], by_name):
                pairs.append(Coordinates(x=x, y=y))
    degrees = [pair for pair in pairs if abs(values[pair.x]) <= 180]
    metres = [pair for pair in pairs if abs(values[pair.x]) > 180]
    found += degrees + metres
    groups = [group for group in (found[: len(found) - len(pairs)], degrees, metres) if group]
    sure = groups[0][0] if groups and len(groups[0]) == 1 else None
    return sure, found


def stated_datum(coordinates: Coordinates) -> str | None:
    """The datum that the columns name themselves, as `lng_gcj02` does; None if they do not."""
    for part in re.split(r"[\s_\-()（）]+", coordinates.x):
        found = datum_name(part)
        if found:
            return found
    return None


def located(
    frame: pd.DataFrame, coordinates: Coordinates, job: Job
) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """The table with its places as geometry; the columns of the coordinates stay.

    Raises
    ------
    UserError
        If a column is not there, or no row can be placed.
    """
    missing = [name for name in coordinates.names if name not in frame.columns]
    if missing or not coordinates.names or bool(coordinates.x) != bool(coordinates.y):
        raise UserError(
            Problem(
                "The table has no column {columns}.",
                "Choose the columns of the coordinates among these: {there}.",
                columns=", ".join(missing) or "?",
                there=", ".join(map(str, frame.columns)),
            )
        )
    if coordinates.wkt:
        words = [None if cells.is_empty(value) else str(value).strip() for value in frame[coordinates.wkt]]
        steps = job.each(range(0, len(words), ROWS_A_STEP), "Reading coordinates")
        parts = [shapely.from_wkt(words[at : at + ROWS_A_STEP], on_invalid="ignore") for at in steps]
        shapes = np.concatenate(parts) if parts else np.array([], dtype=object)
        empty = np.array([word is None for word in words], dtype=bool)
    else:
        x = np.array([cells.degrees(value) for value in frame[coordinates.x]], dtype=float)
        y = np.array([cells.degrees(value) for value in frame[coordinates.y]], dtype=float)
        there = np.isfinite(x) & np.isfinite(y) & ~((x == 0) & (y == 0))
        shapes = np.full(len(frame), None, dtype=object)
        shapes[there] = shapely.points(x[there], y[there])
        empty = np.zeros(len(frame), dtype=bool)
    placed = np.array([shape is not None for shape in shapes], dtype=bool)
    if len(frame) and not placed.any():
        raise UserError(
            Problem(
                "No row has readable coordinates in {columns}.",
                "Choose the columns that hold them.",
                columns=", ".join(coordinates.names),
            )
        )
    problems = []
    lost = ~placed & ~empty
    if lost.any():
        problems.append(
            Problem(
                "Some rows have no readable coordinates; they are kept without a place.",
                "Correct the coordinates in the file, or leave these rows out.",
                severity=Severity.WARNING,
                rows=tuple(frame.index[lost]),
            )
        )
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, index=frame.index)), problems


def _stepped(rows: Iterator[Any], job: Job, most: int | None) -> Iterator[Sequence[object]]:
    """The rows, stopping when asked; how many there will be is not known before the end."""
    for count, row in enumerate(rows):
        if most is not None and count >= most:
            return
        if count % ROWS_A_STEP == 0:
            job.say("Reading rows", 0.0)
        yield row


def _square(rows: Iterator[Sequence[object]]) -> Grid:
    """Rows filled up to the longest, and cut after the last column that holds anything."""
    found = [list(row) for row in rows]
    width = 0
    for row in found:
        while row and (row[-1] is None or row[-1] == ""):
            row.pop()
        width = max(width, len(row))
    return [[*row, *([None] * (width - len(row)))] for row in found]


def _delimiter(content: str) -> str:
    """The sign between cells: the one that parts most of the first lines into equally many."""
    lines = [line for line in content[:50_000].splitlines()[:HEAD_ROWS] if line.strip()]

    def evenness(sign: str) -> tuple[float, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=sign)]
        usual = max(set(widths), key=widths.count, default=1)
        return (widths.count(usual) / len(widths) if usual > 1 else 0.0), usual

    return max(DELIMITERS, key=evenness)


def _merged_ranges(path: Path, sheet: str) -> list[str]:
    """Ranges of merged cells, which openpyxl leaves out when it reads row by row."""
    with zipfile.ZipFile(path) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        targets = {link.get("Id"): str(link.get("Target")) for link in links}
        for page in book.iter(f"{WORKBOOK}sheet"):
            if page.get("name") == sheet:
                target = targets[page.get(RELATION)].lstrip("/")
                inner = target if target.startswith("xl/") else f"xl/{target}"
                return [found.decode() for found in MERGED.findall(archive.read(inner))]
    return []


def _is_wkt(column: pd.Series[Any]) -> bool:
    first = next((str(value).strip() for value in column if not cells.is_empty(value)), "")
    return shapely.from_wkt(first, on_invalid="ignore") is not None if first[-1:] == ")" else False


def _median(column: pd.Series[Any]) -> float:
    values = np.array([cells.degrees(value) for value in column.head(1000)], dtype=float)
    return float(np.nanmedian(values)) if np.isfinite(values).any() else float("nan")


def _are_coordinates(x: float, y: float, named_degrees: bool) -> bool:
    """Whether two medians can be longitude and latitude, or easting and northing in China."""
    west, south, east, north = CHINA_DEG
    if west <= x <= east and south <= y <= north:
        return True
    if named_degrees and abs(x) <= 180 and abs(y) <= 90:
        return True
    is_east = any(low <= x <= high for low, high in (EASTING_M, EASTING_WITH_ZONE_M, EASTING_6_DEG_ZONE_M))
    return is_east and NORTHING_M[0] <= y <= NORTHING_M[1]


def _alike(x: str, y: str) -> bool:
    """Whether two names are of one pair: `lng_gcj02` goes with `lat_gcj02`, not with `lat_wgs84`."""
    ends = [name.replace(" ", "_").split("_") for name in (x, y)]
    datums = [{found for part in parts if (found := datum_name(part))} for parts in ends]
    return datums[0] == datums[1]
