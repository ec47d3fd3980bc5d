"""Drawing: one map of a declared sheet as a vector picture, with the rows of its legend."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from core.problems import Problem
from core.texts import text
from layers.city import City
from reports import svg
from reports.sheets.base_map import BaseMap, base_map
from reports.sheets.declared import BASE, Said, Sheet, table_named
from reports.sheets.furniture import BAND_MM, crosses, neat_line, north_arrow
from reports.sheets.inks import defs
from reports.sheets.labels import Placer, labels
from reports.sheets.layer_drawing import DrawnLayer, Legend, LegendRow, draw_layer
from reports.sheets.material import Missing, Sources, left_out
from reports.sheets.paper import UNITS_PER_MM, Frame

ARROW_MM = (8.0, 8.5)  # from the right upper corner of the map to the tip of the arrow


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
        self,
        sheet: Sheet,
        frame: Frame,
        *,
        furniture: bool = True,
        emphasis: NDArray[np.object_] | None = None,
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
        placer.take(frame.width_mm - ARROW_MM[0], ARROW_MM[1] + 5, 11, 22)  # the north arrow
        over = [part for one in drawn for part in one.symbols(placer)]
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
            f'<defs><clipPath id="map"><rect width="{wide * UNITS_PER_MM:g}" height="{high * UNITS_PER_MM:g}"/>'
            "</clipPath></defs>",
            f'<g transform="translate({band:g} {band:g}) scale({1 / UNITS_PER_MM:g})"><g clip-path="url(#map)">',
            *inside,
            f'</g></g><g transform="translate({band:g} {band:g})">',
            *(crosses(frame) if furniture else ()),
            *over,
            *words,
            *north_arrow(wide - ARROW_MM[0], ARROW_MM[1]),
            "</g>",
            *(neat_line(self.sources.city, frame, band, band) if furniture else ()),
        ]
        picture = svg.picture(wide + 2 * band, high + 2 * band, parts)
        rows = tuple(LegendRow(pen.swatch(), words) for pen, words in base.legend)
        return DrawnMap(picture, frame, (*legends, Legend(text("Base map"), rows)), tuple(problems))

    def _base(self, sheet: Sheet, frame: Frame) -> BaseMap:
        themed = any(layer.shape == "building" for layer in sheet.layers)
        parts = tuple(part for part in sheet.base if part != "buildings" or not themed or sheet.base != BASE)
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
        problems += [left_out(sheet.number, sheet.title, one, optional=True) for one in lacking]
        return drawn, legends, problems


def _dimmed(frame: Frame, emphasis: NDArray[np.object_] | None) -> list[str]:
    """A light veil over everything but some areas."""
    if emphasis is None:
        return []
    west, south, east, north = frame.bounds
    veil = shapely.difference(shapely.box(west, south, east, north), shapely.union_all(emphasis))
    return [
        f'<path d="{d}" fill="#fff" fill-opacity="0.55" fill-rule="evenodd"/>'
        for d in frame.area_paths(np.array([veil]))
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
