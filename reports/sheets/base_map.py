"""The base map of sheets: ground, roads, water, parks, buildings and the borders of units and districts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from core import look
from core.texts import text
from layers.city import City
from reports.sheets.declared import BARE
from reports.sheets.inks import ACCENT, INK, Pen
from reports.sheets.paper import UNITS_PER_MM, Frame, Shapes
from reports.sheets.raster_layer import relief

PARKS = ("green", "square")
ROAD, RAIL = "#ffffff", "#59646a"
LEAST_ROAD_MM, MOST_ROAD_MM = 0.12, 1.4
UNIT_BORDER, DISTRICT_BORDER = "#7c878b", "#8a4a6b"
BUILDING_OPACITY = 0.13
RELIEF_SWATCH = "#d5d4cd"
LEAST_FILLED = 0.15  # share of districts that parcels cover where districts are what is planned
GAP_M = 15.0  # units farther apart leave a gap in the planning area


@dataclass(frozen=True, eq=False)
class BaseMap:
    """The base map of one frame: what lies below the layers, what lies over them, and its words in the legend."""

    below: tuple[str, ...]
    above: tuple[str, ...]
    legend: tuple[tuple[Pen, str], ...]


def base_map(city: City, frame: Frame, parts: Sequence[str]) -> BaseMap:
    """The base map of a frame.

    Parameters
    ----------
    city : City
        Tables that are missing are left out.
    frame : Frame
    parts : sequence of str
        Which of relief, parks, buildings, units, districts and scope are drawn besides ground, roads and water;
        with `bare` only the relief is, and the ground.
    """
    below = [
        f'<path d="M0 0H{frame.width_mm * 100:g}V{frame.height_mm * 100:g}H0z" fill="{look.MAP_GROUND}"/>'
    ]
    legend: list[tuple[Pen, str]] = []
    if BARE in parts:
        drawn = "relief" in parts and "terrain" in city.rasters
        below += relief(city.rasters["terrain"], frame) if drawn else []
        swatch = (Pen("area", RELIEF_SWATCH), text("Relief of the ground"))
        return BaseMap(tuple(below), (), (swatch,) if drawn else ())
    below += _roads(city, frame)
    parcels = city.tables.get("parcel")
    if parcels is not None:
        seen, shapes = _seen(parcels, frame)
        use = seen["use"] if "use" in seen else pd.Series("", index=seen.index)
        below += _areas(frame, shapes, look.MAP_PARCEL, look.LIGHT["line"])
        if "parks" in parts and use.isin(PARKS).any():
            below += _areas(frame, shapes[use.isin(PARKS).to_numpy()], look.MAP_PARK, "")
            legend.append((Pen("area", look.MAP_PARK), text("Parks and squares")))
    if "relief" in parts and "terrain" in city.rasters:
        below += relief(city.rasters["terrain"], frame)
        legend.append((Pen("area", RELIEF_SWATCH), text("Relief of the ground")))
    above: list[str] = []
    water = city.tables.get("water")
    if water is not None:
        above += _areas(
            frame, _seen(water, frame)[1], look.MAP_WATER, ""
        )  # no colour of a theme lies on water
        legend.append((Pen("area", look.MAP_WATER), text("Rivers and lakes")))
    buildings = city.tables.get("building")
    if "buildings" in parts and buildings is not None:
        paths = frame.area_paths(_seen(buildings, frame)[1])
        above += [f'<path d="{d}" fill="{INK}" fill-opacity="{BUILDING_OPACITY:g}"/>' for d in paths]
        legend.append((Pen("area", "#dcdcd8"), text("Buildings")))
    for name, wanted, pen, words in (
        (
            "planning_unit",
            "units",
            Pen("line", UNIT_BORDER, width_mm=0.28, dashes_mm=(2.2, 0.9)),
            "Border of planning units",
        ),
        (
            "district",
            "districts",
            Pen("line", DISTRICT_BORDER, width_mm=0.5, dashes_mm=(4.0, 1.0, 0.8, 1.0)),
            "Border of districts",
        ),
    ):
        if wanted in parts and name in city.tables:
            above += borders(city.tables[name], frame, pen)
            legend.append((pen, text(words)))
    if "scope" in parts and (outline := scope(city)) is not None:
        pen = Pen("line", ACCENT, width_mm=0.9)
        above += [f'<path d="{d}" {pen.style()[0]}/>' for d in frame.area_paths(frame.cut(outline))]
        legend.append((pen, text("Border of the planning area")))
    return BaseMap(tuple(below), tuple(above), tuple(legend))


def scope(city: City) -> Shapes | None:
    """The planning area: all planning units together, else districts that the data fill, else a hull of the parcels."""
    parcels = city.tables.get("parcel")
    for name in ("planning_unit", "district"):
        if name not in city.tables or city.tables[name].empty:
            continue
        areas = city.tables[name].geometry.to_numpy()
        if name == "district" and _wider_than(areas, parcels):
            continue  # the districts of a whole province or city around a piece of it
        grown = shapely.buffer(areas, GAP_M, join_style="mitre")
        whole = shapely.buffer(shapely.union_all(grown), -GAP_M, join_style="mitre")
        return np.array([shapely.Polygon(part.exterior) for part in shapely.get_parts(whole)], dtype=object)
    if parcels is not None and not parcels.empty:
        return np.array([shapely.convex_hull(shapely.union_all(parcels.geometry.to_numpy()))])
    return None


def is_hull(city: City) -> bool:
    """Whether the planning area is no more than a hull of the parcels, for want of areas."""
    if "planning_unit" in city.tables and not city.tables["planning_unit"].empty:
        return False
    districts = city.tables.get("district")
    return (
        districts is None
        or districts.empty
        or _wider_than(districts.geometry.to_numpy(), city.tables.get("parcel"))
    )


def _wider_than(areas: Shapes, parcels: gpd.GeoDataFrame | None) -> bool:
    """Whether parcels cover but a small part of areas."""
    if parcels is None:
        return False
    return bool(parcels.geometry.area.sum() < LEAST_FILLED * shapely.area(areas).sum())


def borders(table: gpd.GeoDataFrame, frame: Frame, pen: Pen) -> list[str]:
    """The borders of areas, those between two of them drawn once."""
    shapes = frame.cut(table.geometry.to_numpy()[frame.rows_of(table)])
    lines = shapely.line_merge(shapely.union_all(shapely.boundary(shapely.set_precision(shapes, 0.5))))
    paths = frame.line_paths(np.array([lines], dtype=object))
    return [f'<path d="{d}" {pen.style()[0]}/>' for d in paths]


def _seen(table: gpd.GeoDataFrame, frame: Frame) -> tuple[gpd.GeoDataFrame, Shapes]:
    rows = table.iloc[frame.rows_of(table)]
    return rows, frame.cut(rows.geometry.to_numpy())


def _areas(frame: Frame, shapes: Shapes, colour: str, outline: str) -> list[str]:
    edge = f' stroke="{outline}" stroke-width="8"' if outline else ""
    return [f'<path d="{d}" fill="{colour}" fill-rule="evenodd"{edge}/>' for d in frame.area_paths(shapes)]


def _roads(city: City, frame: Frame) -> list[str]:
    """Roads as wide as they are, within what can be seen and what does not drown the rest."""
    table = city.tables.get("road")
    if table is None or table.empty:
        return []
    seen, shapes = _seen(table, frame)
    width_m: Any = seen["width_m"] if "width_m" in seen else pd.Series(np.nan, index=seen.index)
    width_mm = (width_m.fillna(0.0) * frame.mm_per_m).clip(LEAST_ROAD_MM, MOST_ROAD_MM).to_numpy()
    rail = (seen["kind"] == "railway").to_numpy() if "kind" in seen else np.zeros(len(seen), bool)
    drawn = []
    steps = np.ceil(width_mm / 0.2) * 0.2
    for step in np.unique(steps[~rail]):
        style = f'fill="none" stroke="{ROAD}" stroke-width="{step * UNITS_PER_MM:g}" stroke-linecap="round"'
        drawn += [f'<path d="{d}" {style}/>' for d in frame.line_paths(shapes[~rail & (steps == step)])]
    for style in (
        f'stroke="{RAIL}" stroke-width="50"',
        'stroke="#fff" stroke-width="30" stroke-dasharray="200 200"',
    ):
        drawn += [f'<path d="{d}" fill="none" {style}/>' for d in frame.line_paths(shapes[rail])]
    return drawn
