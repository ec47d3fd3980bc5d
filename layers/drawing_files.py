"""Drawings (DXF): closed lines of each CAD layer as areas, with the words inside them as attributes."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from core.jobs import Job
from core.problems import Problem, Severity
from layers.sources import unreadable

LINES = ("LWPOLYLINE", "POLYLINE", "LINE", "CIRCLE", "ELLIPSE", "SPLINE", "ARC")
FILLS = ("HATCH", "MPOLYGON")
WORDS = ("TEXT", "MTEXT", "ATTRIB")
CHORD_M = 0.1  # how far a straight piece may stand off the arc it takes the place of
CLOSED_M = 0.01  # ends that lie closer than this are one point
LEAST_AREA_M2 = 1.0
NESTED_BLOCKS = 4  # blocks inside blocks are opened that deep
WIDE, NARROW = 1.0, 0.6  # width of a letter in heights of the text: Han and Latin
MOST_WORDS = 8  # of one layer in one area that get columns of their own
# Codes of land use as drawings write them: R2, A33, B1/B2, R2+B1, H11; or six figures of the guide of 2023.
LAND_USE = re.compile(
    r"^[ABCEGHMRSUW]\d{0,3}[a-z]?([/+][ABCEGHMRSUW]\d{0,3}[a-z]?)*$|^(0[1-9]|1\d|2[0-4])(\d{2}){1,2}$"
)
NUMBERED = re.compile(r"^(?=.*\d)[A-Za-z\u4e00-\u9fff]{0,6}\d*([-–—][A-Za-z0-9\u4e00-\u9fff]{1,6}){1,4}$")
NAMED_VALUE = re.compile(r"^\s*([^\d:：=＝\s][^:：=＝]{0,20}?)\s*[:：=＝]\s*(\S.*)$", re.DOTALL)
CODE, NUMBER = "用地代码", "地块编号"  # names of columns that the aliases know
MILLIMETRES = 4  # in $INSUNITS
MOST_METRES = 1e8  # coordinates beyond are those of a real place in millimetres


@dataclass(frozen=True)
class Word:
    """A text of a drawing: what it says, its CAD layer, the middle of it, and the name of its column, if any."""

    said: str
    layer: str
    x: float
    y: float
    column: str = ""


@dataclass
class _Sheet:
    """What is found in a drawing, by CAD layer."""

    areas: dict[str, list[shapely.Polygon]] = field(default_factory=lambda: defaultdict(list))
    fills: dict[str, list[shapely.Polygon]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[str, list[shapely.LineString]] = field(default_factory=lambda: defaultdict(list))
    points: dict[str, list[shapely.Point]] = field(default_factory=lambda: defaultdict(list))
    words: list[Word] = field(default_factory=list)


def read_drawing(
    path: Path, name: str, encoding: str | None, job: Job
) -> tuple[dict[str, gpd.GeoDataFrame], list[Problem]]:
    """The layers of a drawing, each as a table.

    Parameters
    ----------
    path : Path
        A DXF file of any release, as text or binary.
    name : str
        What the user calls it, for problems.
    encoding : str, optional
        Encoding of its text where the file states a wrong one.

    Returns
    -------
    layers : dict of str to GeoDataFrame
        Areas under the name of their CAD layer; open lines and points, where a layer has them too, under
        `name/line` and `name/point`. Columns of areas are the texts inside.
    problems : list of Problem
        What was assumed.

    Raises
    ------
    UserError
        If it cannot be read.
    """
    document = _document(path, name, encoding)
    sheet = _Sheet()
    entities = list(document.modelspace())
    for entity in job.each(entities, "Reading the drawing"):
        for one, layer in _opened(entity, str(entity.dxf.layer), 0):
            _take(one, layer, sheet)
    factor, problems = _factor(document, sheet)
    found = _tables(sheet, factor)
    return found, problems


def _document(path: Path, name: str, encoding: str | None) -> Any:
    import ezdxf  # late, here and below: it takes a while to import
    from ezdxf import recover

    try:
        return ezdxf.readfile(path, encoding=encoding)
    except (ezdxf.DXFError, UnicodeError, OSError, ValueError, LookupError):
        try:
            return recover.readfile(path)[0]
        except (ezdxf.DXFError, UnicodeError, OSError, ValueError, LookupError) as error:
            raise unreadable(name, error) from error


def _opened(entity: Any, layer: str, depth: int) -> Iterator[tuple[Any, str]]:
    """An entity, or what stands in its block; what is on layer 0 of a block is on the layer of the block."""
    if entity.dxftype() != "INSERT":
        yield entity, layer
        return
    for attribute in entity.attribs:
        yield attribute, layer
    if depth >= NESTED_BLOCKS:
        return
    drawn = False
    for inner in entity.virtual_entities():
        own = str(inner.dxf.layer)
        drawn = drawn or inner.dxftype() in LINES
        yield from _opened(inner, layer if own == "0" else own, depth + 1)
    if not drawn:
        yield entity, layer


def _take(entity: Any, layer: str, sheet: _Sheet) -> None:
    """Put one entity where it belongs; what is neither line, area, point nor text is left."""
    kind = entity.dxftype()
    if kind in WORDS:
        word = _word(entity, layer)
        if word is not None:
            sheet.words.append(word)
    elif kind in LINES:
        points = _points(entity)
        closed = len(points) > 3 and _near(points[0], points[-1])
        if closed:
            area = shapely.Polygon([*points[:-1], points[0]])
            if area.area >= LEAST_AREA_M2:
                sheet.areas[layer].append(area)
        elif len(points) > 1:
            sheet.lines[layer].append(shapely.LineString(points))
    elif kind in FILLS:
        from ezdxf.path import from_hatch

        for made in from_hatch(entity):
            fill = shapely.Polygon(shell) if len(shell := _flat(made)) > 3 else shapely.Polygon()
            if fill.area >= LEAST_AREA_M2:
                sheet.fills[layer].append(fill)
    elif kind in ("POINT", "INSERT"):
        place = entity.dxf.location if kind == "POINT" else entity.dxf.insert
        sheet.points[layer].append(shapely.Point(place.x, place.y))


def _points(entity: Any) -> list[tuple[float, float]]:
    """The course of a line, arcs as short straight pieces."""
    from ezdxf.path import make_path

    try:
        made = make_path(entity)
    except (TypeError, ValueError):  # a mesh, or a line without length
        return []
    return _flat(made)


def _flat(made: Any) -> list[tuple[float, float]]:
    points = [(point.x, point.y) for point in made.flattening(CHORD_M)]
    return points if all(math.isfinite(value) for point in points for value in point) else []


def _near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return math.dist(one, other) <= CLOSED_M


def _word(entity: Any, layer: str) -> Word | None:
    """A text with the middle of its first line."""
    kind = entity.dxftype()
    said = entity.plain_text() if kind != "MTEXT" else entity.plain_text(split=False)
    said = unicodedata.normalize("NFKC", said).strip()
    if not said:
        return None
    if kind == "MTEXT":
        place, height, turned = entity.dxf.insert, entity.dxf.char_height, entity.get_rotation()
        sideways = (entity.dxf.attachment_point - 1) % 3  # 0 left, 1 middle, 2 right
        upwards = (entity.dxf.attachment_point - 1) // 3  # 0 top, 1 middle, 2 foot
        shift = (0.5 - sideways / 2, (upwards - 1) / 2)
    else:
        alignment, place, _ = entity.get_placement()
        height, turned = entity.dxf.height, entity.dxf.rotation
        word = alignment.name
        sideways = (
            2 if "RIGHT" in word else 1 if "CENTER" in word or word in ("MIDDLE", "ALIGNED", "FIT") else 0
        )
        upwards = 0 if word.startswith("TOP") else 1 if word.startswith("MIDDLE") else 2
        shift = (0.5 - sideways / 2, (upwards - 1) / 2)
    first = said.splitlines()[0]
    wide = sum(WIDE if unicodedata.east_asian_width(sign) in "WF" else NARROW for sign in first)
    along, up = shift[0] * wide * height, shift[1] * height
    angle = math.radians(turned)
    x = place.x + along * math.cos(angle) - up * math.sin(angle)
    y = place.y + along * math.sin(angle) + up * math.cos(angle)
    column = str(entity.dxf.tag) if kind == "ATTRIB" else ""
    return Word(said, layer, x, y, column)


def _factor(document: Any, sheet: _Sheet) -> tuple[float, list[Problem]]:
    """Metres of one unit of the drawing.

    Templates of drawing programs state millimetres whatever is drawn; they are believed only where the
    coordinates could be of no place on earth in metres.
    """
    shapes = [
        one
        for layers in (sheet.areas, sheet.fills, sheet.lines)
        for found in layers.values()
        for one in found
    ]
    largest = float(np.abs(shapely.total_bounds(np.asarray(shapes, dtype=object))).max()) if shapes else 0.0
    if document.header.get("$INSUNITS", 0) == MILLIMETRES and largest > MOST_METRES:
        note = Problem(
            "The drawing is in millimetres; it was brought to metres.",
            "Check the areas of the shapes.",
            severity=Severity.NOTE,
        )
        return 0.001, [note]
    return 1.0, []


def _tables(sheet: _Sheet, factor: float) -> dict[str, gpd.GeoDataFrame]:
    """Each layer as a table, areas with the texts inside them."""
    found: dict[str, gpd.GeoDataFrame] = {}
    fills = {layer: some for layer, some in sheet.fills.items() if layer not in sheet.areas}
    for layer, areas in {**sheet.areas, **fills}.items():
        shapes = with_holes(areas)
        words = words_inside(shapes, sheet.words)
        found[layer] = _table(shapes, factor, words)
    for kind, layers in (("line", sheet.lines), ("point", sheet.points)):
        for layer, some in layers.items():
            name = f"{layer}/{kind}" if layer in found else layer
            found[name] = _table(some, factor, pd.DataFrame(index=range(len(some))))
    return found


def _table(shapes: Sequence[Any], factor: float, columns: pd.DataFrame) -> gpd.GeoDataFrame:
    moved = shapely.transform(np.asarray(shapes), lambda xy: xy * factor) if factor != 1 else shapes
    return gpd.GeoDataFrame(columns, geometry=list(moved))


def with_holes(areas: Sequence[shapely.Polygon]) -> list[shapely.Polygon]:
    """The areas of a layer once each; one that lies wholly in another of the layer stays, and is cut out of it."""
    shapes = list({area.normalize().wkb: area for area in areas}.values())
    tree = shapely.STRtree(shapes)
    outer, inner = tree.query(shapes, predicate="contains_properly")
    whole = []
    for number, shape in enumerate(shapes):
        inside = [shapes[n] for n in inner[outer == number]]
        if not inside or not shape.is_valid:
            whole.append(shape)
            continue
        cut = shape.difference(shapely.union_all([one.buffer(0) for one in inside]))
        whole.append(max(shapely.get_parts(cut), key=lambda part: part.area) if not cut.is_empty else shape)
    return whole


def words_inside(shapes: Sequence[shapely.Polygon], words: Sequence[Word]) -> pd.DataFrame:
    """The texts inside each area as columns.

    `容积率: 2.5` and attributes of blocks name their column. Other texts that are a code of land use or a
    number of a parcel are taken as such; the rest stand under the name of their CAD layer, numbered from
    above to below where an area holds several.
    """
    columns: dict[str, dict[int, str]] = defaultdict(dict)
    bare: dict[tuple[str, int], list[Word]] = defaultdict(list)
    tree = shapely.STRtree(list(shapes))
    size = shapely.area(np.asarray(shapes))
    for word in words:
        hits = tree.query(shapely.Point(word.x, word.y), predicate="within")
        if not hits.size:
            continue
        row = int(hits[np.argmin(size[hits])])
        if word.column:
            columns[word.column].setdefault(row, word.said)
            continue
        for line in word.said.splitlines():
            named = NAMED_VALUE.match(line)
            if named:
                columns[named[1].strip()].setdefault(row, named[2].strip())
            elif line.strip():
                bare[(word.layer, row)].append(Word(line.strip(), word.layer, word.x, word.y))
    _sort_bare(bare, columns)
    frame = pd.DataFrame(index=range(len(shapes)))
    for name, values in columns.items():
        frame[name] = _numbers([values.get(row) for row in range(len(shapes))])
    return frame


def _sort_bare(bare: Mapping[tuple[str, int], list[Word]], columns: dict[str, dict[int, str]]) -> None:
    """Give texts without a name the column they belong to."""
    most: dict[str, int] = defaultdict(int)
    left: dict[tuple[str, int], list[str]] = {}
    for (layer, row), words in bare.items():
        rest = []
        for word in sorted(words, key=lambda one: (-one.y, one.x)):
            if layer not in (CODE, NUMBER) and LAND_USE.match(word.said) and row not in columns[CODE]:
                columns[CODE][row] = word.said
            elif layer not in (CODE, NUMBER) and NUMBERED.match(word.said) and row not in columns[NUMBER]:
                columns[NUMBER][row] = word.said
            else:
                rest.append(word.said)
        left[(layer, row)] = rest
        most[layer] = max(most[layer], len(rest))
    for (layer, row), rest in left.items():
        if not rest:
            continue
        if most[layer] == 1:
            columns[layer].setdefault(row, rest[0])
        elif most[layer] > MOST_WORDS:
            columns[layer].setdefault(row, " ".join(rest))
        else:
            for number, said in enumerate(rest, 1):
                columns[f"{layer} {number}"][row] = said
    for name in (CODE, NUMBER):
        if not columns[name]:
            del columns[name]


def _numbers(values: list[str | None]) -> pd.Series[Any]:
    """A column as numbers where all of it are, else as text; codes with leading zeros stay text."""
    there = [value for value in values if value is not None]
    plain = re.compile(r"^-?(0|[1-9]\d*)(\.\d+)?$")
    if there and all(plain.match(value) for value in there):
        return pd.Series([None if value is None else float(value) for value in values], dtype="float64")
    return pd.Series(values, dtype="str")
