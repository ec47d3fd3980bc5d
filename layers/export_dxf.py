"""Drawings for CAD (DXF): shapes by class on layers of their own, hatched and labelled, with their values attached."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ezdxf
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from ezdxf import colors, units

from core.jobs import Job
from core.look import LIGHT
from core.problems import Problem, Severity
from core.texts import language as language_of_the_moment
from core.texts import speaking, text
from layers.export_columns import heading, plain, spoken, with_index
from layers.export_files import replacing
from layers.export_vector import columns, require_crs
from layers.qgis_style import Category, LayerStyle, Range

VERSION = "R2010"  # true colours and Unicode; AutoCAD 2010 and all later programs read it
APPLICATION = "LUTU"  # the name under which values are attached to shapes
TEXT_STYLE, FONT = "LUTU_ZH", "simsun.ttc"  # 宋体, on every Chinese Windows
NOT_IN_A_NAME = re.compile(r'[<>/\\":;?*|=`,\x00-\x1f]')
INK = LIGHT["ink"]
TRANSPARENCY = 0.45
HATCH, HATCH_SCALE_SHARE = "ANSI31", 1 / 60  # of the middle size of an area
TEXT_SHARE, LEAST_TEXT_M, MOST_TEXT_M = 1 / 14, 1.0, 40.0
POINT_SHARE = 1 / 250  # radius of points as a share of the drawing's width
LONGEST_VALUE = 250  # DXF allows 255 bytes in an attached text
MOST_ATTACHED = 120  # values of one shape; DXF allows 16 kB


@dataclass(frozen=True)
class DrawingLayer:
    """A layer of a drawing.

    Parameters
    ----------
    frame : GeoDataFrame
        Areas, lines or points.
    style : LayerStyle
        Colours and classes; every class is a CAD layer of its own.
    labels : tuple of str
        Columns written at each shape, one under the other; the index by its name.
    attached : tuple of str
        Columns attached to each shape as extended data, which CAD and GIS programs read back; all where empty.
    """

    frame: gpd.GeoDataFrame
    style: LayerStyle
    labels: tuple[str, ...] = ()
    attached: tuple[str, ...] = ()


def write_dxf(
    path: Path,
    layers: Mapping[str, DrawingLayer],
    *,
    language: str | None = None,
    overwrite: bool = True,
    job: Job | None = None,
) -> list[Problem]:
    """Write layers into one drawing: an outline, a fill and a label for each shape, a legend beside the map.

    Parameters
    ----------
    path : Path
        The file, `.dxf`.
    layers : Mapping of str to DrawingLayer
        By name, which may be Chinese; all in one reference system, in metres. The first is switched on.
    language : str, optional
        Of words and layer names, `zh` or `en`; the language of the moment where not given.
    overwrite : bool
        Whether a file that is there already may be replaced.
    job : Job, optional
        Reports progress and stops when asked; a stopped job leaves the old file as it was.

    Returns
    -------
    list of Problem
        What the format cannot hold.

    Raises
    ------
    UserError
        If a layer has no reference system or the file cannot be written.

    References
    ----------
    .. [1] Autodesk, DXF Reference, AutoCAD 2010.
    """
    job = job or Job()
    require_crs({name: layer.frame for name, layer in layers.items()})
    problems: list[Problem] = []
    with speaking(language or language_of_the_moment()), replacing(path, overwrite=overwrite) as place:
        drawing = ezdxf.new(VERSION, setup=True, units=units.M)
        drawing.header["$MEASUREMENT"] = 1
        drawing.styles.add(TEXT_STYLE, font=FONT)
        drawing.appids.add(APPLICATION)
        systems = dict.fromkeys(layer.frame.crs.name for layer in layers.values())
        for name in systems:
            drawing.header.custom_vars.append("CRS", name)
        filled = {name: layer for name, layer in layers.items() if len(layer.frame)}
        pages = [
            _Page(drawing, name, layer, number == 0) for number, (name, layer) in enumerate(filled.items())
        ]
        for page in job.each(pages, "Writing layers"):
            problems += page.draw()
        if pages:
            _legend(drawing, pages, ", ".join(systems))
        drawing.saveas(place)
    return problems


@dataclass(frozen=True)
class _Page:
    """One layer being drawn."""

    drawing: Any
    name: str
    layer: DrawingLayer
    shown: bool

    def draw(self) -> list[Problem]:
        """Draw all shapes; gives what could not be held."""
        frame = self.layer.frame
        flat = plain(with_index(frame))
        attached = [one for one in self.layer.attached or columns(flat) if one in flat.columns]
        said = spoken(flat[[one for one in self.layer.labels if one in flat.columns]])
        rows: list[Any] = flat[attached[:MOST_ATTACHED]].to_dict("records")
        words = said.astype(object).where(said.notna(), "").astype(str).to_numpy()
        height = self.text_m
        point_m = (frame.total_bounds[2] - frame.total_bounds[0]) * POINT_SHARE or 1.0
        for number, (entry, shape) in enumerate(zip(self.classes(), frame.geometry, strict=True)):
            if entry is None or shape is None or shape.is_empty:
                continue
            layer = self.cad_layer(entry)
            outline = None
            for part in shapely.get_parts(shape):
                first = self._outline(part, layer, entry, point_m)
                outline = outline or first
            if outline is not None:
                outline.set_xdata(APPLICATION, list(_attached(rows[number])))
            self._label(shape, [line for line in words[number] if line], height)
        return _left_out(self.name, attached)

    @property
    def text_m(self) -> float:
        """Height of labels, from the middle size of the shapes. [m]"""
        bounds = self.layer.frame.geometry.bounds.to_numpy()
        sides = np.sqrt(np.prod(bounds[:, 2:] - bounds[:, :2], axis=1))
        middle = float(np.nanmedian(sides)) if len(sides) else 0.0
        return float(np.clip(middle * TEXT_SHARE, LEAST_TEXT_M, MOST_TEXT_M)) if middle else 12.0

    def entries(self) -> tuple[Range | Category, ...]:
        """The classes of the legend."""
        style = self.layer.style
        return style.entries or (Category(None, style.colour, ""),)

    def classes(self) -> list[Range | Category | None]:
        """The class of each shape; None for those of no class."""
        style, frame = self.layer.style, self.layer.frame
        if not style.column:
            return [self.entries()[0]] * len(frame)
        values = frame[style.column]
        if style.categories:
            known = {entry.value: entry for entry in style.categories}
            rest = known.get(None)
            return [known.get(_as_key(value), rest) for value in values]
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(float)
        upper = np.array([entry.upper for entry in style.ranges[:-1]])
        place = np.searchsorted(upper, numbers, side="left")
        return [
            style.ranges[n] if math.isfinite(value) else None for n, value in zip(place, numbers, strict=True)
        ]

    def cad_layer(self, entry: Range | Category, tail: str = "") -> str:
        """The CAD layer of a class, made where it is not there."""
        return self._made(
            f"{self.name}_{entry.label}{tail}" if entry.label else self.name + tail, entry.colour
        )

    def _made(self, words: str, colour: str) -> str:
        name = name_in_drawing(words)
        if name not in self.drawing.layers:
            made = self.drawing.layers.add(name)
            made.rgb = _rgb(colour)
            if not self.shown:
                made.off()
        return name

    def _outline(self, part: Any, layer: str, entry: Range | Category, point_m: float) -> Any:
        space = self.drawing.modelspace()
        if part.geom_type == "Point":
            return space.add_circle((part.x, part.y), point_m, dxfattribs={"layer": layer})
        if part.geom_type != "Polygon":
            line = shapely.get_coordinates(part)
            return space.add_lwpolyline(line, dxfattribs={"layer": layer})
        rings = [shapely.get_coordinates(ring)[:-1] for ring in (part.exterior, *part.interiors)]
        drawn = [space.add_lwpolyline(ring, close=True, dxfattribs={"layer": layer}) for ring in rings]
        hatch = space.add_hatch(dxfattribs={"layer": self.cad_layer(entry, f"_{text('Fill of areas')}")})
        if entry.hatched:
            hatch.set_pattern_fill(HATCH, scale=max(1.0, math.sqrt(part.area) * HATCH_SCALE_SHARE))
        else:
            hatch.set_solid_fill()
            hatch.transparency = TRANSPARENCY
        hatch.rgb = _rgb(entry.colour)
        for number, ring in enumerate(rings):
            flags = ezdxf.const.BOUNDARY_PATH_EXTERNAL if number == 0 else ezdxf.const.BOUNDARY_PATH_OUTERMOST
            hatch.paths.add_polyline_path(ring, is_closed=True, flags=flags)
        return drawn[0]

    def _label(self, shape: Any, lines: Sequence[str], height: float) -> None:
        if not lines:
            return
        name = self._made(f"{self.name}_{text('Labels')}", INK)
        place: Any = shapely.point_on_surface(shape)
        for number, line in enumerate(lines):
            down = (number - (len(lines) - 1) / 2) * height * 1.5
            drawn = self.drawing.modelspace().add_text(
                line, height=height, dxfattribs={"layer": name, "style": TEXT_STYLE}
            )
            drawn.set_placement(
                (place.x, place.y - down), align=ezdxf.enums.TextEntityAlignment.MIDDLE_CENTER
            )


def name_in_drawing(words: str) -> str:
    """Words as the name of a layer of a drawing."""
    return NOT_IN_A_NAME.sub("-", words).replace("\u00a0", "").replace("\u2009", "")


def drawn_rows(layer: DrawingLayer) -> list[bool]:
    """Which rows of a layer stand in the drawing: those with a shape and, where it has classes, a class."""
    classes = _Page(None, "", layer, False).classes()
    return [
        entry is not None and shape is not None and not shape.is_empty
        for entry, shape in zip(classes, layer.frame.geometry, strict=True)
    ]


def attached_values(entity: Any) -> dict[str, str | float]:
    """The values attached to a shape of a drawing that Lütu wrote, by column."""
    if not entity.has_xdata(APPLICATION):
        return {}
    values = [tag.value for tag in entity.get_xdata(APPLICATION) if tag.code in (1000, 1040)]
    return dict(zip(values[0::2], values[1::2], strict=True))


def attached_word(value: Any) -> str:
    """A word as it is attached to a shape: cut where it is longer than DXF allows."""
    return str(value)[:LONGEST_VALUE].encode()[:LONGEST_VALUE].decode(errors="ignore")


def _attached(row: Mapping[str, Any]) -> Iterator[tuple[int, Any]]:
    """Names and values of a row as extended data; missing values are left out."""
    for name, value in row.items():
        if value is None or value is pd.NA or value != value:
            continue
        yield 1000, name
        if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number):
            yield 1000, attached_word(value)
        else:
            yield 1040, float(value)


def _left_out(name: str, attached: Sequence[str]) -> list[Problem]:
    if len(attached) <= MOST_ATTACHED:
        return []
    return [
        Problem(
            "Of the layer {layer} only {most} columns are attached to the shapes of the drawing, not {count}.",
            "Write a GeoPackage for all of them.",
            severity=Severity.WARNING,
            layer=name,
            most=MOST_ATTACHED,
            count=len(attached),
        )
    ]


def _legend(drawing: Any, pages: Sequence[_Page], system: str) -> None:
    """The classes of all layers, to the right of everything drawn."""
    boxes = np.array([page.layer.frame.total_bounds for page in pages])
    west, east, north = float(boxes[:, 0].min()), float(boxes[:, 2].max()), float(boxes[:, 3].max())
    size = (east - west) / 120 or 1.0
    name = text("Legend of the drawing")
    drawing.layers.add(name).rgb = _rgb(INK)
    space = drawing.modelspace()
    left, down = east + 3 * size, north

    def write(words: str, across: float, height: float) -> None:
        drawn = space.add_text(words, height=height, dxfattribs={"layer": name, "style": TEXT_STYLE})
        drawn.set_placement((left + across, down), align=ezdxf.enums.TextEntityAlignment.MIDDLE_LEFT)

    for page in pages:
        write(page.name, 0.0, size)
        down -= 2 * size
        for entry in page.entries():
            corners = [
                (left, down - size / 2),
                (left + 2 * size, down - size / 2),
                (left + 2 * size, down + size / 2),
                (left, down + size / 2),
            ]
            space.add_lwpolyline(corners, close=True, dxfattribs={"layer": name})
            fill = space.add_hatch(dxfattribs={"layer": name})
            if entry.hatched:
                fill.set_pattern_fill(HATCH, scale=size * HATCH_SCALE_SHARE * 6)
            fill.rgb = _rgb(entry.colour)
            fill.paths.add_polyline_path(corners, is_closed=True)
            write(entry.label or page.name, 2.8 * size, 0.8 * size)
            down -= 1.5 * size
        if page.layer.style.column:
            write(heading(page.layer.style.column), 0.0, 0.6 * size)
        down -= 2 * size
    write(text("Reference system: {system}", system=system), 0.0, 0.8 * size)


def _as_key(value: Any) -> Any:
    """A value as it stands in a category."""
    if value is None or value is pd.NA or value != value:
        return None
    return value.item() if isinstance(value, np.generic) else value


def _rgb(colour: str) -> colors.RGB:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return colors.RGB(red, green, blue)
