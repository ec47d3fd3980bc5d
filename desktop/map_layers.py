"""Map layers: the city and its results as the map shows them, for window, reports and exports alike; no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from cartography.classes import Classes, categories, continuous
from cartography.layers import StyledLayer
from cartography.ragged import Ragged
from core import look
from core.fields import field, fields
from core.texts import text
from desktop.result_tables import brought
from desktop.themes import Theme, classes_of
from layers.city import City, Raster
from potential import Assessment

# Tables of the base map, from below to above: colour, outline, filled, hatch.
BASE = {
    "district": ("#00000000", "#9aa39f", False, ""),
    "planning_unit": ("#00000000", "#b9c0bd", False, ""),
    "water": (look.MAP_WATER, "", True, ""),
    "tree": (look.MAP_PARK, "", True, ""),
    "road": ("#ffffff", "", True, ""),
    "parcel": (look.MAP_PARCEL, look.LIGHT["line"], True, ""),
    "building": (look.MAP_BUILDING, look.MAP_EDGE, True, ""),
    "geology": ("#d8cbb3", "#b8a98c", True, ""),
    "key_area": (look.LIGHT["accent"], look.LIGHT["accent"], False, ""),
    "protection_zone": (look.LIGHT["bad"], look.LIGHT["bad"], True, "forbidden"),
    "underground_space": (look.LIGHT["deep"], look.LIGHT["deep"], True, "forbidden"),
    "metro": (look.LIGHT["deep"], "", True, ""),
    "borehole": (look.LIGHT["water"], "#ffffff", True, ""),
    "facility": (look.LIGHT["sun"], "#ffffff", True, ""),
    "pv_asset": (look.LIGHT["accent"], "#ffffff", True, ""),
}
# What is switched on at first; the rest waits in the list.
SHOWN = ("water", "tree", "parcel", "building")
TABLE_TITLES = {
    "building": "Buildings",
    "parcel": "Parcels",
    "water": "Rivers and lakes",
    "tree": "Parks and trees",
    "road": "Roads",
    "metro": "Metro lines",
    "underground_space": "Planned underground space",
    "protection_zone": "Protection zones",
    "key_area": "Key functional areas",
    "planning_unit": "Planning units",
    "district": "Districts",
    "geology": "Geology",
    "borehole": "Boreholes",
    "facility": "Facilities",
    "pv_asset": "PV systems",
    "metered": "Meter readings",
    "roof_plane": "Roof planes",
    "roof_usable": "Usable parts of roofs",
    "wall": "Walls",
    "canopy": "Canopies",
    "module": "Modules laid out",
    "water_source": "Waters and sewage that give heat",
    "water_link": "Pipes from waters",
    "heat_source": "Sources of waste heat",
    "heat_link": "Pipes of waste heat",
    "fuel_source": "Stores of biomass",
    "well": "Groundwater wells",
    "plume": "Plumes of groundwater heat",
    "borefield": "Holes of ground loops",
    "usable_ground": "Ground for boreholes",
    "deep_well": "Deep wells",
    "deep_doublet": "Deep doublets",
}
ROW_TITLES = {  # of one row, where it is called otherwise
    "building": "Building",
    "parcel": "Parcel",
    "water": "River or lake",
    "tree": "Park or tree",
    "road": "Road",
    "metro": "Metro line",
    "protection_zone": "Protection zone",
    "key_area": "Key functional area",
    "planning_unit": "Planning unit",
    "district": "District",
    "geology": "Ground layer",
    "borehole": "Borehole",
    "facility": "Facility",
    "pv_asset": "PV system",
    "metered": "Meter reading",
    "roof_plane": "Roof plane",
    "roof_usable": "Usable part of a roof",
    "wall": "Wall",
    "canopy": "Canopy",
    "module": "Module laid out",
    "water_source": "Water or sewage that gives heat",
    "water_link": "Pipe from a water",
    "heat_source": "Source of waste heat",
    "heat_link": "Pipe of waste heat",
    "fuel_source": "Store of biomass",
    "well": "Groundwater well",
    "plume": "Plume of groundwater heat",
    "borefield": "Hole of a ground loop",
    "deep_well": "Deep well",
    "deep_doublet": "Deep doublet",
}
RASTER_TITLES = {
    "terrain": "Relief",
    "surface": "Measured surface",
    "irradiation_kwh_per_m2": "Roof irradiation",
}
RASTER = "raster:"
RELIEF = ("terrain", "surface")
YIELDING = ("district", "planning_unit", "geology", "key_area", "protection_zone", "underground_space")
THEMED_OUTLINES = {"building": look.MAP_EDGE, "protection_zone": look.LIGHT["muted"]}
OPACITY = {"geology": 0.6, "protection_zone": 0.45, "underground_space": 0.6}
UNSEEN = ("metered",)  # readings lie in heaps on their buildings
PARKS = ("green", "square")


def table_title(table: str) -> str:
    """What a table is called on the map."""
    return text(TABLE_TITLES[table]) if table in TABLE_TITLES else table


def row_title(table: str) -> str:
    """What one row of a table is called: `PV system` of `PV systems`."""
    return text(ROW_TITLES[table]) if table in ROW_TITLES else table_title(table)


def layer_title(name: str, theme: Theme | None = None) -> str:
    """What a layer is called, with the theme it is shown by."""
    if name.startswith(RASTER):
        raster = name.removeprefix(RASTER)
        if raster in RASTER_TITLES:
            return text(RASTER_TITLES[raster])
        return fields()[raster].title if raster in fields() else raster
    return f"{table_title(name)} · {theme.title}" if theme else table_title(name)


def raster_said(name: str) -> tuple[str, str]:
    """What the values of a raster are called in files, and their unit; empty where nobody knows it."""
    known = fields().get(name)
    if known is not None:
        return known.title, known.unit
    return layer_title(RASTER + name), field("terrain").unit if name in RELIEF else ""


def raster_layer(name: str, raster: Raster) -> StyledLayer:
    """A raster as a layer: heights as relief, other values along a ramp."""
    relief = name in RELIEF
    ramp = "irradiation" if name.startswith("irradiation") else "viridis"
    unit = fields()[name].unit if name in fields() else ""
    return StyledLayer(
        RASTER + name,
        layer_title(RASTER + name),
        raster=raster,
        relief=relief,
        classes=None if relief else continuous(raster.values, ramp=ramp, unit=unit),
        visible=False,
        opacity=0.9 if ramp == "irradiation" else 0.55,
        pickable=False,
    )


def city_layers(city: City, assessments: Mapping[str, Assessment]) -> list[StyledLayer]:
    """All layers of a city and its results without themes, from below to above.

    Relief lies under everything, maps of the ground under the buildings, results on the roofs.
    """
    layers = base_layers(city)
    ground = [layer for layer in layers if layer.raster is not None and not layer.relief]
    others = [layer for layer in layers if layer.raster is None or layer.relief]
    place = next((n for n, layer in enumerate(others) if layer.name == "building"), len(others))
    results = [
        raster_layer(name, raster) for made in assessments.values() for name, raster in made.rasters.items()
    ]
    shapes = [_shapes_layer(name, frame) for name, frame in brought(city, assessments).items() if len(frame)]
    return [*others[:place], *ground, *others[place : place + 1], *results, *shapes, *others[place + 1 :]]


def _shapes_layer(name: str, frame: gpd.GeoDataFrame) -> StyledLayer:
    """Shapes that a potential brought: there to be switched on, coloured by their themes."""
    return StyledLayer(
        name,
        table_title(name),
        ragged=Ragged.of(frame.geometry),
        colour=look.LIGHT["sun"],
        outline=look.MAP_EDGE,
        visible=False,
        line_px=3.0,
    )


def drawn_layer(name: str, frame: gpd.GeoDataFrame) -> StyledLayer:
    """Shapes that belong to no table, such as the modules of one roof: over everything, and not to be picked."""
    return StyledLayer(
        name,
        table_title(name),
        ragged=Ragged.of(frame.geometry),
        colour=look.LIGHT["deep"],
        outline="#ffffff",
        pickable=False,
    )


def base_layers(city: City) -> list[StyledLayer]:
    """The tables of a city in calm colours, and its rasters, from below to above."""
    layers = [raster_layer(name, raster) for name, raster in city.rasters.items()]
    order = [table for table in BASE if table in city.tables]
    order += [table for table in city.tables if table not in BASE]
    for table in order:
        frame = city.tables[table]
        if frame.empty or table in UNSEEN:
            continue
        colour, outline, filled, hatch = BASE.get(table, (look.LIGHT["muted"], "", True, ""))
        layer = StyledLayer(
            table,
            table_title(table),
            ragged=Ragged.of(frame.geometry),
            colour=colour,
            outline=outline,
            filled=filled,
            hatch=hatch,
            visible=table in SHOWN,
            pickable=table not in ("road", "tree"),
            yields=table in YIELDING,
            opacity=OPACITY.get(table, 1.0),
        )
        if table == "parcel" and "use" in frame:
            layer = _with_parks(layer, frame["use"])
        layers.append(layer)
    return layers


def shown_by(
    layer: StyledLayer, theme: Theme, values: pd.Series[Any], classes: Classes | None = None
) -> StyledLayer:
    """A layer coloured by a theme."""
    numeric = field(theme.column).type in ("number", "count")
    return replace(
        layer,
        title=layer_title(theme.table, theme),
        values=values.to_numpy(dtype=float)
        if numeric
        else values.astype(object).where(values.notna(), "").to_numpy(),
        classes=classes or classes_of(theme, values),
        gathered=theme.gathered,
        outline=THEMED_OUTLINES.get(theme.table, layer.outline),
    )


def _with_parks(layer: StyledLayer, use: pd.Series[Any]) -> StyledLayer:
    """Parcels with parks and water in their own colours."""
    kind = np.where(use.isin(PARKS), "green", np.where(use == "water", "water", "other"))
    colours = {"green": look.MAP_PARK, "water": look.MAP_WATER, "other": look.MAP_PARCEL}
    return replace(layer, values=kind.astype(object), classes=categories(kind, colours))
