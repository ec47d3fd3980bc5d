"""Drawing: one map of a declared sheet as a vector picture, with the rows of its legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely

from core.problems import Problem
from core.texts import text
from core.units import count, land_area, quantity
from layers.city import City
from reports import svg
from reports.sheets.base_map import BaseMap, base_map
from reports.sheets.classing import Classed, amounts, class_numbers, classed
from reports.sheets.declared import Said, Sheet, SheetLayer, table_named
from reports.sheets.furniture import BAND_MM, crosses, neat_line, north_arrow
from reports.sheets.inks import OVERLAYS, SYMBOL_MM, Kind, Pen, defs, symbol
from reports.sheets.labels import Placer, labels, named, turned
from reports.sheets.material import Material, Missing, Sources, left_out
from reports.sheets.paper import UNITS_PER_MM, Frame

NUMBER_POINTS = 6.5
LABEL_POINTS = 6.5
MISSING_WORDS = "No value"


@dataclass(frozen=True)
class LegendRow:
    """A row of a legend: its picture, its words, how many features and how much of what is counted."""

    swatch: str
    label: str
    count: str = ""
    amount: str = ""


@dataclass(frozen=True)
class Legend:
    """The legend of one layer."""

    title: str
    rows: tuple[LegendRow, ...]
    count_head: str = ""
    amount_head: str = ""


@dataclass(frozen=True, eq=False)
class DrawnMap:
    """A map as SVG with its legends, and what could not be drawn."""

    picture: str
    frame: Frame
    legends: tuple[Legend, ...]
    problems: tuple[Problem, ...] = ()


@dataclass
class Mapper:
    """Draws the maps of one city; base maps of the same frame are drawn once.

    Parameters
    ----------
    sources : Sources
    """

    sources: Sources
    _bases: dict[tuple[Frame, tuple[str, ...]], BaseMap] = field(default_factory=dict, repr=False)

    def draw(
        self, sheet: Sheet, frame: Frame, *, furniture: bool = True, emphasis: np.ndarray | None = None
    ) -> DrawnMap:
        """The map of a sheet.

        Parameters
        ----------
        sheet : Sheet
        frame : Frame
            What is shown.
        furniture : bool
            Whether the neat line with coordinates is drawn around the map.
        emphasis : ndarray of shapely geometries, optional
            Areas around which the rest of the map is dimmed.

        Raises
        ------
        Missing
            No layer that the sheet needs can be drawn.
        """
        drawn, legends, problems = self._layers(sheet, frame)
        base = self._base(sheet, frame)
        placer = Placer(frame)
        placer.take(frame.width_mm - 8, 13.5, 11, 22)  # the north arrow
        over = [part for one in drawn if one.symbols for part in one.symbols(placer)]
        words = labels(self.sources.city, placer, sheet.labels)
        band = BAND_MM if furniture else 0.0
        wide, high = frame.width_mm, frame.height_mm
        inside = [
            *base.below,
            *(path for one in drawn for path in one.below),
            *base.above,
            *(path for one in drawn for path in one.above),
            *_dimmed(frame, emphasis),
        ]
        parts = [
            defs([pen for one in drawn for pen in one.pens]),
            f'<defs><clipPath id="map"><rect width="{wide * UNITS_PER_MM:g}" height="{high * UNITS_PER_MM:g}"/></clipPath></defs>',
            f'<g transform="translate({band:g} {band:g}) scale({1 / UNITS_PER_MM:g})"><g clip-path="url(#map)">',
            *inside,
            f'</g></g><g transform="translate({band:g} {band:g})">',
            *(crosses(frame) if furniture else ()),
            *over,
            *words,
            *north_arrow(wide - 8, 8.5),
            "</g>",
            *(neat_line(self.sources.city, frame, band, band) if furniture else ()),
        ]
        picture = svg.picture(wide + 2 * band, high + 2 * band, parts)
        rows = tuple(LegendRow(pen.swatch(), words) for pen, words in base.legend)
        return DrawnMap(picture, frame, (*legends, Legend(text("Base map"), rows)), tuple(problems))

    def _base(self, sheet: Sheet, frame: Frame) -> BaseMap:
        themed = any(layer.shape == "building" for layer in sheet.layers)
        parts = tuple(
            part for part in sheet.base if part != "buildings" or not themed or sheet.base != BASE_PARTS
        )
        key = (frame, parts)
        if key not in self._bases:
            self._bases[key] = base_map(self.sources.city, frame, parts)
        return self._bases[key]

    def _layers(self, sheet: Sheet, frame: Frame) -> tuple[list[DrawnLayer], list[Legend], list[Problem]]:
        drawn: list[DrawnLayer] = []
        legends: list[Legend] = []
        problems: list[Problem] = []
        there: set[str] = set()
        lacking: list[Missing] = []
        needed = False
        for layer in sheet.layers:
            if layer.unless in there and layer.unless:
                continue
            try:
                material = self.sources.material(layer)
            except Missing as why:
                if layer.optional:
                    problems.append(left_out(sheet.number, sheet.title, why, optional=True))
                else:
                    lacking.append(why)
                continue
            there.add(layer.name)
            needed |= not layer.optional
            one = draw_layer(layer, material, frame)
            drawn.append(one)
            legends.append(one.legend)
        if sheet.layers and not needed:
            raise lacking[0]
        for why in lacking:
            problems.append(left_out(sheet.number, sheet.title, why, optional=True))
        return drawn, legends, problems


BASE_PARTS = ("parks", "buildings", "units", "districts")


@dataclass(frozen=True, eq=False)
class DrawnLayer:
    """The paths of a layer below and above the borders and buildings, its points, and its legend."""

    below: tuple[str, ...]
    above: tuple[str, ...]
    points: tuple[tuple[float, float, str, str, str], ...]
    pens: tuple[Pen, ...]
    legend: Legend

    def symbols(self, placer: Placer) -> list[str]:
        """Points and labels, each where there is room for its words. [mm]"""
        drawn, words = [], []
        for x, y, name, colour, said in self.points:
            drawn.append(symbol(x, y, name, colour))
            placer.take(x, y, SYMBOL_MM, SYMBOL_MM)
        for x, y, name, colour, said in self.points:
            if said and name:
                words += placer.words(x, y - 2.2, (said,), points=LABEL_POINTS, colour=colour)
            elif said:
                words += placer.words(x, y, (said,), points=LABEL_POINTS + 1.5, colour=colour)
        return [*drawn, *words]


def draw_layer(layer: SheetLayer, material: Material, frame: Frame) -> DrawnLayer:
    """One layer: a path for each class, or a symbol for each point."""
    found = classed(layer, material)
    numbers = class_numbers(layer, material, found.classes)
    shapes = material.frame.geometry.to_numpy()
    kind = _kind(shapes, layer)
    hatches = found.classes.hatches or ("",) * len(found.labels)
    themed = material.frame.index.name == "building_id"
    outline = "#8f9694" if themed else "#9aa3a0"
    pens = tuple(
        Pen(
            kind,
            colour,
            hatch if kind == "area" else "",
            layer.opacity,
            outline if layer.outline_mm else "",
            max(layer.outline_mm, 0.2)
            if kind == "line" or hatch in OVERLAYS
            else (0.05 if themed else layer.outline_mm),
            layer.symbol,
        )
        for colour, hatch in zip(found.classes.colours, hatches, strict=True)
    )
    below: list[str] = []
    above: list[str] = []
    points: list[tuple[float, float, str, str, str]] = []
    rows = frame.rows_of(material.frame)
    cut = frame.cut(shapes[rows])
    inside = numbers[rows]
    if kind == "point":
        points = _points(layer, material, rows, numbers, pens, frame)
    else:
        for number, pen in enumerate(pens):
            group = cut[inside == number]
            paths = frame.line_paths(group) if kind == "line" else frame.area_paths(group)
            place = above if kind == "line" or pen.hatch in OVERLAYS else below
            place += [f'<path d="{d}" {style}/>' for style in pen.style() for d in paths]
        if layer.label:
            points = _named_areas(material, rows, frame, layer)
    return DrawnLayer(
        tuple(below), tuple(above), tuple(points), pens, legend(layer, material, found, numbers, pens)
    )


def legend(
    layer: SheetLayer, material: Material, found: Classed, numbers: np.ndarray, pens: Sequence[Pen]
) -> Legend:
    """The legend of a layer, over all of its features: classes that hold any, with what they add up to."""
    counts = pd.Series(numbers).value_counts()
    added = amounts(layer, material, numbers)
    rows = []
    unit = added[1] if added else ""
    for number, (pen, label) in enumerate(zip(pens, found.labels, strict=True)):
        if not counts.get(number, 0):
            continue
        amount = ""
        if added:
            value = float(added[0].get(number, 0.0))
            amount = land_area(value) if layer.count == "area" else quantity(value, unit)
        rows.append(LegendRow(pen.swatch(), label, count(int(counts[number])), amount))
    title = f"{layer.title.said()} ({found.unit})" if found.unit else layer.title.said()
    return Legend(title, tuple(rows), text("How many"), _amount_head(layer) if added else "")


def _amount_head(layer: SheetLayer) -> str:
    from core.fields import fields

    if layer.count == "area":
        return text("Land area")
    return text("In all") if layer.count == "value" else fields()[layer.count].title


def _kind(shapes: np.ndarray, layer: SheetLayer) -> Kind:
    if layer.mark:
        return "point"
    kinds = shapely.get_type_id(shapes)
    if np.isin(kinds, (3, 6)).any():
        return "area"
    return "line" if np.isin(kinds, (1, 2, 5)).any() else "point"


def _points(
    layer: SheetLayer,
    material: Material,
    rows: np.ndarray,
    numbers: np.ndarray,
    pens: Sequence[Pen],
    frame: Frame,
) -> list[tuple[float, float, str, str, str]]:
    places = shapely.get_coordinates(shapely.point_on_surface(material.frame.geometry.to_numpy()[rows]))
    said = named(material.frame) if layer.label else [""] * len(material.frame)
    found = []
    west, south, east, north = frame.bounds
    for row, (x, y) in zip(rows, places, strict=True):
        if numbers[row] >= 0 and west < x < east and south < y < north:
            pen = pens[numbers[row]]
            found.append((*frame.on_paper(x, y), pen.symbol, pen.colour, said[row]))
    return found


def _named_areas(
    material: Material, rows: np.ndarray, frame: Frame, layer: SheetLayer
) -> list[tuple[float, float, str, str, str]]:
    from reports.sheets.labels import middle

    said = named(material.frame)
    return [
        (*frame.on_paper(*middle(material.frame.geometry.iloc[row])), "", layer.colour, said[row])
        for row in rows
    ]


def _dimmed(frame: Frame, emphasis: np.ndarray | None) -> list[str]:
    """A light veil over everything but some areas."""
    if emphasis is None:
        return []
    west, south, east, north = frame.bounds
    veil = shapely.difference(shapely.box(west, south, east, north), shapely.union_all(emphasis))
    return [
        f'<path d="{d}" fill="#fff" fill-opacity="0.55" fill-rule="evenodd"/>'
        for d in frame.area_paths(np.array([veil]))
    ]


def numbered(x: float, y: float, number: int, colour: str) -> list[str]:
    """A number in a disc. [mm]"""
    return [
        symbol(x, y, "dot", colour, size_mm=3.4),
        turned(x, y, str(number), points=NUMBER_POINTS, colour="#fff", halo=False),
    ]


def frame_of(city: City, width_mm: float, height_mm: float) -> Frame:
    """The frame around the whole planning area.

    Raises
    ------
    Missing
        The city has no parcels, buildings or units.
    """
    for name in ("planning_unit", "parcel", "district", "building"):
        if name in city.tables and not city.tables[name].empty:
            return Frame.around(tuple(city.tables[name].total_bounds), width_mm, height_mm)
    raise Missing("the layer {layer}", layer=Said(table_named("city", "parcel")))
