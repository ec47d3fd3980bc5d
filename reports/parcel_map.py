"""The map figure of a parcel: its outline, its neighbours, its roofs coloured by what falls on them."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Proj, Transformer

from cartography.classes import Classes, graduated
from core import look
from core.texts import text
from core.units import figure
from layers.city import City, Raster
from reports import svg

SCALES = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.5, 10.0)  # times a power of ten
LARGEST_SCALE = 200
CLASSES = 6
INK, MUTED, ACCENT = (look.LIGHT[name] for name in ("ink", "muted", "accent"))
ROOF = "#c8cdca"  # a roof without values
FILLED = 0.86  # share of the frame the parcel may fill
LEGEND_MM = 9.5
DOTS_PER_MM = 300 / 25.4
ROUND = (1.0, 2.0, 5.0, 10.0)
GAUSS_KRUGER = re.compile(
    r"(?P<datum>[^/]+) / (?:(?P<width>3)-degree )?Gauss-Kruger (?:CM (?P<meridian>\d+)E|zone (?P<zone>\d+))"
)
SMALLEST_NUMBERED_MM2 = 6.0


@dataclass(frozen=True)
class ParcelMap:
    """A map as SVG, with what is said under it."""

    picture: str
    scale: int
    convergence_deg: float


@dataclass(frozen=True)
class Roofs:
    """The buildings of a parcel on its map: their number in the report's table, and whether they count."""

    numbers: pd.Series[int]
    excluded: Collection[str] = ()


@dataclass(frozen=True)
class Painter:
    """Draws the maps of many parcels of one city; classes are the same on all of them.

    Parameters
    ----------
    city : City
        With tables `parcel` and `building`; `water` is drawn where there is one.
    values : Raster, optional
        What colours the roofs, in the reference system of the city.
    classes : Classes, optional
        Of the raster.
    title : str
        What the values are, as the legend says it.
    width_mm, height_mm : float
        Size of the whole figure on paper, with the legend. [mm]
    """

    city: City
    values: Raster | None = None
    classes: Classes | None = None
    title: str = ""
    width_mm: float = 96.0
    height_mm: float = 88.0
    _grid_north: Transformer = field(init=False, repr=False)

    def __post_init__(self) -> None:
        geographic = self.city.crs.geodetic_crs
        transformer = Transformer.from_crs(self.city.crs, geographic, always_xy=True)
        object.__setattr__(self, "_grid_north", transformer)

    def draw(self, parcel_id: object, roofs: Roofs) -> ParcelMap:
        """The map of one parcel."""
        outline = self.city.tables["parcel"].geometry.loc[parcel_id]
        bounds = _bounds(outline)
        legend = LEGEND_MM if self.values is not None else 0.0
        frame_mm = (self.width_mm, self.height_mm - legend)
        scale = _scale(bounds[2] - bounds[0], bounds[3] - bounds[1], frame_mm)
        mm_per_m = 1000 / scale
        half_m = np.array(frame_mm) / mm_per_m / 2
        middle = np.array([bounds[0] + bounds[2], bounds[1] + bounds[3]]) / 2
        west, south = middle - half_m
        east, north = middle + half_m
        sheet = _Sheet(west, south, east, north, mm_per_m)

        parts = [
            f'<defs><clipPath id="frame"><rect width="{frame_mm[0]:g}" height="{frame_mm[1]:g}"/></clipPath>',
            '<pattern id="hatch" width="1.2" height="1.2" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><rect width="1.2" height="1.2" fill="#fff" fill-opacity="0.55"/>'
            f'<line x1="0" y1="0" x2="0" y2="1.2" stroke="{MUTED}" stroke-width="0.35"/></pattern>',
            "</defs>",
            '<g clip-path="url(#frame)">',
            svg.rectangle(0, 0, *frame_mm, f'fill="{look.MAP_GROUND}"'),
            *self._surroundings(sheet),
            svg.path(sheet.outline(np.array([outline])), f'fill="{look.MAP_PARCEL}"'),
            *self._buildings(sheet, outline, roofs),
            svg.path(
                sheet.outline(np.array([outline])),
                f'fill="none" stroke="{ACCENT}" stroke-width="0.6"',
            ),
            *self._numbers(sheet, roofs),
            "</g>",
            *_north_arrow(frame_mm[0] - 6, 5),
            *_scale_bar(3, frame_mm[1] - 3.2, frame_mm[0] / mm_per_m, mm_per_m),
        ]
        if self.values is not None and self.classes is not None:
            parts += _legend(self.classes, self.title, frame_mm[1] + 1.6, self.width_mm)
        return ParcelMap(
            svg.picture(self.width_mm, self.height_mm, parts), scale, self._convergence_deg(middle)
        )

    def _surroundings(self, sheet: _Sheet) -> list[str]:
        parcels = sheet.part_of(self.city.tables["parcel"])
        uses = parcels["use"] if "use" in parcels else pd.Series("", index=parcels.index)
        edge = f'stroke="{look.MAP_EDGE}" stroke-width="0.15"'
        parts = [svg.path(sheet.outline(parcels.geometry.to_numpy()), f'fill="{look.MAP_PARCEL}" {edge}')]
        for kinds, colour in ((("green", "square"), look.MAP_PARK), (("water",), look.MAP_WATER)):
            chosen = parcels.geometry[uses.isin(kinds).to_numpy()]
            parts.append(svg.path(sheet.outline(chosen.to_numpy()), f'fill="{colour}" {edge}'))
        water = self.city.tables.get("water")
        if water is not None:
            parts.append(
                svg.path(sheet.outline(sheet.part_of(water).geometry.to_numpy()), f'fill="{look.MAP_WATER}"')
            )
        return parts

    def _buildings(self, sheet: _Sheet, outline: shapely.Geometry, roofs: Roofs) -> list[str]:
        table = self.city.tables.get("building")
        if table is None:
            return []
        near = sheet.part_of(table)
        others = near.geometry[~near.index.isin(roofs.numbers.index)]
        own = table.geometry.loc[roofs.numbers.index]
        excluded = own[own.index.isin(list(roofs.excluded))]
        edge = 'stroke-width="0.18" stroke-linejoin="round"'
        roofs_outline = sheet.outline(own.to_numpy())
        parts = [
            svg.path(sheet.outline(others.to_numpy()), f'fill="{look.MAP_BUILDING}"'),
            svg.path(roofs_outline, f'fill="{ROOF}"'),
        ]
        if self.values is not None and self.classes is not None and roofs_outline:
            image = _image(self.values, self.classes, sheet, shapely.total_bounds(own.to_numpy()))
            parts += [
                f'<clipPath id="roofs"><path d="{roofs_outline}" clip-rule="evenodd"/></clipPath>',
                f'<g clip-path="url(#roofs)">{image}</g>',
            ]
        parts += [
            svg.path(sheet.outline(excluded.to_numpy()), 'fill="url(#hatch)"'),
            svg.path(roofs_outline, f'fill="none" stroke="{INK}" {edge}'),
        ]
        return parts

    def _numbers(self, sheet: _Sheet, roofs: Roofs) -> list[str]:
        """The number of each roof that is large enough to carry one."""
        if not len(roofs.numbers):
            return []
        shapes = self.city.tables["building"].geometry.loc[roofs.numbers.index].to_numpy()
        large = shapely.area(shapes) * sheet.mm_per_m**2 >= SMALLEST_NUMBERED_MM2
        points = shapely.get_coordinates(shapely.point_on_surface(shapes[large]))
        parts = []
        for (x, y), number in zip(points, roofs.numbers[large], strict=True):
            left, down = (x - sheet.west) * sheet.mm_per_m, (sheet.north - y) * sheet.mm_per_m
            parts.append(svg.label(left, down + 0.9, str(number), points=7, anchor="middle", halo=True))
        return parts

    def _convergence_deg(self, middle: NDArray[np.float64]) -> float:
        """Angle from true north to grid north at a point, clockwise positive. [°]"""
        longitude, latitude = self._grid_north.transform(*middle)
        factors = Proj(self.city.crs).get_factors(longitude, latitude)
        return float(factors.meridian_convergence)


@dataclass(frozen=True)
class _Sheet:
    """The piece of the world in the frame, and its scale."""

    west: float
    south: float
    east: float
    north: float
    mm_per_m: float

    def part_of(self, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Rows of a table that reach into the frame, cut near its edge."""
        pad = 2 / self.mm_per_m  # strokes at the cut stay outside the frame
        box = (self.west - pad, self.south - pad, self.east + pad, self.north + pad)
        rows = np.sort(table.sindex.query(shapely.box(*box)))
        near = table.iloc[rows]
        return near.set_geometry(shapely.clip_by_rect(near.geometry.to_numpy(), *box), crs=table.crs)

    def outline(self, shapes: NDArray[np.object_]) -> str:
        return svg.outline_of(shapes, self.west, self.north, self.mm_per_m)


def round_classes(values: Raster, unit: str, ramp: str | Sequence[str] = "irradiation") -> Classes:
    """Round classes between the 2nd and the 98th hundredth of all cells that have a value."""
    known = values.values[np.isfinite(values.values)]
    low, high = (float(end) for end in np.percentile(known, (2, 98))) if known.size else (0.0, 1.0)
    step = _round((high - low) / CLASSES or 1.0)
    last = math.floor(high / step) * step  # most roofs lie near the top
    breaks = [last - step * number for number in reversed(range(CLASSES - 1))]
    return graduated(values.values, method="manual", breaks=breaks, ramp=ramp, unit=unit)


def _image(values: Raster, classes: Classes, sheet: _Sheet, bounds: NDArray[np.float64]) -> str:
    """The cells within bounds as a picture of 300 dots an inch of paper."""
    west, south = max(sheet.west, bounds[0]), max(sheet.south, bounds[1])
    east, north = min(sheet.east, bounds[2]), min(sheet.north, bounds[3])
    width_mm, height_mm = (east - west) * sheet.mm_per_m, (north - south) * sheet.mm_per_m
    columns = max(1, round(width_mm * DOTS_PER_MM))
    rows = max(1, round(height_mm * DOTS_PER_MM))
    x = west + (np.arange(columns) + 0.5) * (east - west) / columns
    y = north - (np.arange(rows) + 0.5) * (north - south) / rows
    raster_west, _, _, raster_north = values.bounds
    column = np.floor((x - raster_west) / values.cell_m).astype(np.int64)
    row = np.floor((raster_north - y) / values.cell_m).astype(np.int64)
    height, width = values.values.shape
    inside = ((row >= 0) & (row < height))[:, None] & ((column >= 0) & (column < width))[None, :]
    cells = values.values[np.clip(row, 0, height - 1)[:, None], np.clip(column, 0, width - 1)[None, :]]
    index = np.where(inside, classes.numbers(cells) + 1, 0).astype(np.uint8)
    left, up = (west - sheet.west) * sheet.mm_per_m, (sheet.north - north) * sheet.mm_per_m
    return svg.image_of_classes(index, classes.colours, left, up, width_mm, height_mm)


def _bounds(outline: shapely.Geometry) -> NDArray[np.float64]:
    found: NDArray[np.float64] = shapely.bounds(outline)
    return found


def _scale(width_m: float, height_m: float, frame_mm: tuple[float, float]) -> int:
    """The largest round scale at which the parcel fills no more than its share of the frame."""
    needed = 1000 * max(width_m / (frame_mm[0] * FILLED), height_m / (frame_mm[1] * FILLED))
    needed = max(needed, LARGEST_SCALE)
    power = 10.0 ** math.floor(math.log10(needed))
    return round(next(power * step for step in SCALES if power * step >= needed * (1 - 1e-9)))


def _round(value: float) -> float:
    """A value near this one that is 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return min((power * factor for factor in ROUND), key=lambda choice: abs(choice - value))


def _north_arrow(x: float, y: float) -> list[str]:
    return [
        f'<path d="M{x:g} {y:g}l2 6l-2 -1.4z" fill="{INK}"/>',
        f'<path d="M{x:g} {y:g}l-2 6l2 -1.4z" fill="#fff" stroke="{INK}" stroke-width="0.2"/>',
        svg.label(x, y - 0.8, "N", points=7.5, anchor="middle", halo=True),
    ]


def _scale_bar(x: float, y: float, width_m: float, mm_per_m: float) -> list[str]:
    """A bar of two fields, about a quarter of the frame long."""
    length_m = _round(width_m / 4.5)
    length = length_m * mm_per_m
    said = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
    edge = f'stroke="{INK}" stroke-width="0.2"'
    return [
        svg.rectangle(x, y - 1.1, length / 2, 1.1, f'fill="{INK}" {edge}'),
        svg.rectangle(x + length / 2, y - 1.1, length / 2, 1.1, f'fill="#fff" {edge}'),
        svg.label(x, y - 1.9, "0", points=6.5, halo=True),
        svg.label(x + length, y - 1.9, said, points=6.5, anchor="middle", halo=True),
    ]


def _legend(classes: Classes, title: str, y: float, width_mm: float) -> list[str]:
    """A strip of colours with the breaks under their borders."""
    strip = width_mm * 0.5
    left = width_mm - strip
    step = strip / len(classes.colours)
    parts = [svg.label(0, y + 2.6, title, points=7, colour=MUTED)]
    for number, colour in enumerate(classes.colours):
        parts.append(svg.rectangle(left + number * step, y, step, 3, f'fill="{colour}"'))
    for number, value in enumerate(classes.breaks):
        parts.append(
            svg.label(
                left + (number + 1) * step,
                y + 6,
                figure(float(value)),
                points=6.5,
                colour=MUTED,
                anchor="middle",
            )
        )
    return parts


@cache
def epsg_of(crs: CRS) -> int | None:
    """The code of a reference system; looking it up takes a while."""
    return crs.to_epsg()


def system_said(crs: CRS) -> str:
    """Name of a reference system as printed under a map; zones of Gauss and Krüger are said in words."""
    code = epsg_of(crs)
    zone = GAUSS_KRUGER.fullmatch(crs.name)
    if code and zone:
        width = int(zone["width"] or 6)
        return text(
            "{datum}, {width}° Gauss-Kruger zone, central meridian {meridian}°E (EPSG:{code})",
            datum=text(zone["datum"]),
            width=width,
            meridian=zone["meridian"] or int(zone["zone"]) * width - (3 if width == 6 else 0),
            code=code,
        )
    return f"{crs.name} (EPSG:{code})" if code else text("{name} (no EPSG code)", name=crs.name)
