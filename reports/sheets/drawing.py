"""Drawing: one map of a declared sheet as a vector picture, with the rows of its legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
import shapely

from cartography.ragged import Bounds
from core.problems import Problem
from core.texts import text
from layers.city import City
from reports import svg
from reports.sheets.base_map import BaseMap, base_map
from reports.sheets.declared import BASE, Said, Sheet, SheetLayer, table_named
from reports.sheets.furniture import BAND_MM, crosses, neat_line, north_arrow
from reports.sheets.inks import ACCENT, Pen, defs
from reports.sheets.labels import Placer, labels
from reports.sheets.layer_drawing import DrawnLayer, Legend, LegendRow, Shown, Spot, draw_layer, symbols
from reports.sheets.material import Empty, Material, Missing, Sources, left_out
from reports.sheets.paper import UNITS_PER_MM, Frame
from reports.sheets.raster_layer import origin_said, values_drawn

FIRST = ("district", "unit", "unit_code")  # names that are set before the symbols of layers
VEIL = 0.6
ARROW_MM = (8.0, 8.5)  # from the right upper corner of the map to the tip of the arrow


@dataclass(frozen=True, eq=False)
class DrawnMap:
    """A map as SVG with its legends, what could not be drawn, where its rasters come from, and the layers it shows."""

    picture: str
    frame: Frame
    legends: tuple[Legend, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    shown: tuple[Shown, ...] = ()


@dataclass(frozen=True, eq=False)
class Area:
    """A part of the city: its shape, and the parcels that belong to it."""

    shape: shapely.Geometry
    parcels: pd.Index[Any]

    def part_of(self, material: Material, layer: SheetLayer) -> Material:
        """What lies in the area of a layer."""
        frame = material.frame
        if layer.shape == "parcel":
            inside = frame.index.isin(self.parcels)
        else:
            inside = shapely.intersects(frame.geometry.to_numpy(), shapely.buffer(self.shape, -1.0))
        weights = None if material.weights is None else material.weights[inside]
        return replace(material, frame=frame[inside], values=material.values[inside], weights=weights)


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
        self,
        sheet: Sheet,
        frame: Frame,
        *,
        furniture: bool = True,
        arrow: bool = True,
        area: Area | None = None,
        spots: Sequence[Spot] = (),
    ) -> DrawnMap:
        """The map of a sheet.

        Parameters
        ----------
        sheet : Sheet
        frame : Frame
            What is shown.
        furniture : bool
            Whether the neat line with coordinates is drawn around the map.
        arrow : bool
            Whether the north arrow is drawn.
        area : Area, optional
            The part of the city that the map is about: layers and legends hold only what lies in it, and the rest
            of the map is dimmed.
        spots : sequence of Spot
            Symbols and words of this map alone, in the order of their weight.

        Raises
        ------
        Missing
            No layer that the sheet needs can be drawn.
        """
        pictures, keys, notes, there, lacking = self._rasters(sheet, frame)
        drawn, legends, problems = self._layers(sheet, frame, area, there, lacking)
        legends = [*keys, *legends]
        base = self._base(sheet, frame)
        placer = Placer(frame)
        if arrow:
            placer.take(frame.width_mm - ARROW_MM[0], ARROW_MM[1] + 5, 11, 22)
        names = labels(self.sources.city, placer, [one for one in sheet.labels if one in FIRST])
        over = [part for one in drawn for part in symbols(one.spots, placer)]
        names += symbols(spots, placer)
        names += labels(self.sources.city, placer, [one for one in sheet.labels if one not in FIRST])
        band = BAND_MM if furniture else 0.0
        wide, high = frame.width_mm, frame.height_mm
        inside = [
            *base.below,
            *(path for one in drawn if one.shown.layer.under for path in one.below),
            *pictures,
            *(path for one in drawn if not one.shown.layer.under for path in one.below),
            *base.above,
            *(path for one in drawn for path in one.above),
            *_dimmed(frame, area),
        ]
        parts = [
            defs([pen for one in drawn for pen in one.pens]),
            f'<defs><clipPath id="map"><rect width="{wide * UNITS_PER_MM:g}" height="{high * UNITS_PER_MM:g}"/>'
            "</clipPath></defs>",
            f'<g transform="translate({band:g} {band:g}) scale({1 / UNITS_PER_MM:g})"><g clip-path="url(#map)">',
            *inside,
            f'</g></g><g transform="translate({band:g} {band:g})">',
            *(crosses(frame) if furniture else ()),
            *over,
            *names,
            *(north_arrow(wide - ARROW_MM[0], ARROW_MM[1]) if arrow else ()),
            "</g>",
            *(neat_line(self.sources.city, frame, band, band) if furniture else ()),
        ]
        picture = svg.picture(wide + 2 * band, high + 2 * band, parts)
        rows = tuple(LegendRow(pen.swatch(), words) for pen, words in base.legend)
        keys_of_all = (*legends, Legend(text("Base map"), rows))
        shown = tuple(one.shown for one in drawn)
        return DrawnMap(picture, frame, keys_of_all, tuple(problems), tuple(notes), shown)

    def _base(self, sheet: Sheet, frame: Frame) -> BaseMap:
        shown = {layer.shape for layer in sheet.layers if not layer.mark}
        whole = {layer.shape for layer in sheet.layers if layer.classes == "uses"}
        hidden = {"buildings"} if "building" in shown or sheet.rasters else set()
        hidden |= {"parks"} if "parcel" in whole else set()
        parts = sheet.base or tuple(part for part in BASE if part not in hidden)
        key = (frame, parts)
        if key not in self._bases:
            self._bases[key] = base_map(self.sources.city, frame, parts)
        return self._bases[key]

    def _rasters(
        self, sheet: Sheet, frame: Frame
    ) -> tuple[list[str], list[Legend], list[str], set[str], dict[str, Missing]]:
        """Pictures, legends and origins of rasters; the names of those that are there, and what keeps others away."""
        pictures: list[str] = []
        legends: list[Legend] = []
        notes: list[str] = []
        there: set[str] = set()
        lacking: dict[str, Missing] = {}
        if "terrain" in self.sources.city.rasters and (not sheet.base or "relief" in sheet.base):
            terrain = self.sources.city.rasters["terrain"]
            notes.append(origin_said(text("Relief of the ground"), terrain, text("ground levels as given")))
        for place, one in enumerate(sheet.rasters):
            try:
                raster = self.sources.raster(one)
            except Missing as why:
                if not one.optional:
                    lacking[one.name or f"raster {place}"] = why
                continue
            there.add(one.name or f"raster {place}")
            drawn, legend = values_drawn(one, raster, frame)
            pictures += drawn
            legends.append(legend)
            owner = one.raster.rpartition(":")[0]
            origin = text("result of the computation") if owner else text("raster as given")
            notes.append(origin_said(one.title.said(), raster, origin))
        return pictures, legends, notes, there, lacking

    def _layers(
        self,
        sheet: Sheet,
        frame: Frame,
        area: Area | None,
        there: set[str],
        lacking: dict[str, Missing],
    ) -> tuple[list[DrawnLayer], list[Legend], list[Problem]]:
        drawn: list[DrawnLayer] = []
        legends: list[Legend] = []
        problems: list[Problem] = []
        needed = bool(there)
        for place, layer in enumerate(sheet.layers):
            if layer.unless in there and layer.unless:
                continue
            try:
                material = self.sources.material(layer)
            except Missing as why:
                if not layer.optional:
                    lacking[layer.name or str(place)] = why
                elif not isinstance(why, Empty):  # nothing of an optional kind is no lack
                    problems.append(left_out(sheet, why, optional=True))
                continue
            if area is not None:
                material = area.part_of(material, layer)
                if not len(material.frame) or not material.values.notna().any():
                    continue  # another layer may stand in for it in this area
            there.add(layer.name)
            if layer.unless:
                lacking.pop(layer.unless, None)  # this one stands in for it
            needed |= not layer.optional
            if layer.shape == "district":
                material = _seen_districts(material, frame)
            one = draw_layer(layer, material, frame)
            drawn.append(one)
            legends.append(one.legend)
        if lacking and not needed:
            raise next(iter(lacking.values()))
        problems += [left_out(sheet, one, optional=True) for one in lacking.values()]
        return drawn, legends, problems


def _seen_districts(material: Material, frame: Frame) -> Material:
    """Districts that the map shows; a layer of districts may be of a whole province."""
    shown = shapely.intersects(material.frame.geometry.to_numpy(), shapely.box(*frame.bounds))
    return replace(material, frame=material.frame[shown], values=material.values[shown], weights=None)


def _dimmed(frame: Frame, area: Area | None) -> list[str]:
    """A light veil over everything outside an area, and a line around it."""
    if area is None:
        return []
    veil = np.array([shapely.difference(shapely.box(*frame.bounds), area.shape)], dtype=object)
    edge = frame.cut(np.array([area.shape], dtype=object))
    pen = Pen("line", ACCENT, width_mm=0.7)
    return [
        *(
            f'<path d="{d}" fill="#fff" fill-opacity="{VEIL:g}" fill-rule="evenodd"/>'
            for d in frame.area_paths(veil)
        ),
        *(f'<path d="{d}" {pen.style()[0]}/>' for d in frame.area_paths(edge)),
    ]


def frame_of(city: City, width_mm: float, height_mm: float, *, filled: float = 0.97) -> Frame:
    """The frame around the whole planning area, which may fill so much of it.

    Raises
    ------
    Missing
        The city has no parcels, buildings or units.
    """
    return Frame.around(area_of(city), width_mm, height_mm, filled=filled)


def area_of(city: City) -> Bounds:
    """West, south, east and north of the planning area; Missing where the city has no shapes. [m]"""
    for name in ("planning_unit", "parcel", "district", "building"):
        if name in city.tables and not city.tables[name].empty:
            west, south, east, north = map(float, city.tables[name].total_bounds)
            return west, south, east, north
    raise Missing("the layer {layer}", layer=Said(table_named("city", "parcel")))
