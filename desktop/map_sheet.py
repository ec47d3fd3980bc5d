"""The map as a sheet: the layers that are visible, with their colours, classes and filters, as a sheet of the composer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from cartography.layers import StyledLayer
from cartography.ragged import Kind
from core.fields import fields
from core.texts import LANGUAGES, speaking, text
from desktop.layer_look import LayerLook, ramp_of
from desktop.map_labels import label_words
from desktop.map_layers import RASTER, layer_title, table_title
from desktop.result_tables import found_in, frame_of
from layers.city import City
from layers.project import PLAN
from potential import Assessment
from reports.sheets.declared import BARE, Sheet, SheetLayer, SheetRaster, Words
from reports.sheets.given import Given

KEY = "as_shown"
MM_PER_PX = 25.4 / 96
MARK_MM, OUTLINE_MM = 1.7, 0.1  # of a point of size 1 on a sheet; of areas
MOST_LABELS = 2000  # of a layer; more are not read on paper, and to find room for them takes long
GRADE, GRADES, CHOICES = (
    "green_grade",
    "plan:grade",
    "plan:choice",
)  # tables of the plan, as a sheet names them
NAMED = {"planning_unit": "unit", "road": "road", "water": "water", "district": "district"}


def map_sheet(
    layers: Sequence[StyledLayer],
    looks: Mapping[str, LayerLook],
    city: City,
    results: Mapping[str, Assessment],
    filters: Mapping[str, str],
) -> Sheet:
    """The visible layers of a map as a sheet.

    Parameters
    ----------
    layers : sequence of StyledLayer
        From below to above, as they are shown.
    looks : Mapping of layer name to LayerLook
    city, results
        What the layers were made of; the plan is one of the results.
    filters : Mapping of table to condition
        As printed in the notes; the layers are filtered already.
    """
    drawn: list[SheetLayer] = []
    rasters: list[SheetRaster] = []
    notes: list[Words] = []
    base = [BARE]
    seen = [layer for layer in layers if layer.visible]
    highest = max(
        (place for place, one in enumerate(seen) if one.raster is not None and not one.relief), default=-1
    )
    for place, layer in enumerate(seen):
        look = looks.get(layer.name, LayerLook(visible=True, opacity=1.0))
        made: SheetLayer | SheetRaster | None
        if layer.raster is not None:
            if layer.relief and layer.name == RASTER + "terrain":
                base.append("relief")
                continue
            made = _raster(layer, look, results)
        else:
            found = _layer(layer, look, city, results)
            made = replace(found, under=place < highest) if found is not None else None
        if isinstance(made, SheetRaster):
            rasters.append(made)
        elif made is not None:
            drawn.append(made)
        else:
            notes.append(_both(partial(_left_out, layer.name)))
        if look.until_year and look.theme is not None:
            notes.append(_both(partial(text, "The plan as built by {year}.", year=look.until_year)))
    shown = {layer.name for layer in seen}
    notes += [_both(partial(_only, table, words)) for table, words in filters.items() if table in shown]
    names = tuple(word for table, word in NAMED.items() if table in shown)
    return Sheet(
        KEY,
        "",
        "planning",
        _both(lambda: text("Map as shown")),
        layers=tuple(drawn),
        rasters=tuple(rasters),
        notes=tuple(notes),
        base=tuple(base),
        labels=names,
    )


def _raster(layer: StyledLayer, look: LayerLook, results: Mapping[str, Assessment]) -> SheetRaster | None:
    """A raster in classes along its ramp; None for one without a column that says its unit, and for relief."""
    name = layer.name.removeprefix(RASTER)
    if layer.relief or name not in fields():
        return None
    owner = next((one for one, made in results.items() if name in made.rasters), "")
    title = _both(lambda: layer_title(layer.name))
    ramp = look.ramp or ramp_of(None, layer.name)
    return SheetRaster(f"{owner}:{name}" if owner else name, name, title, ramp=ramp)


def _layer(
    layer: StyledLayer, look: LayerLook, city: City, results: Mapping[str, Assessment]
) -> SheetLayer | None:
    """A layer of shapes with its classes; None where its table is not there."""
    frame = frame_of(city, results, layer.name)
    if frame is None or layer.ragged is None or len(frame) != layer.ragged.features:
        return None
    rows = np.flatnonzero(layer.seen)
    shapes = frame.geometry.to_numpy()[rows]
    lined = layer.kind is Kind.POLYGON and not layer.filled
    shown = gpd.GeoDataFrame(
        index=frame.index[rows], geometry=shapely.boundary(shapes) if lined else shapes, crs=frame.crs
    )
    words = label_words(city, results, look, layer.name) if len(rows) <= MOST_LABELS else None
    if words is not None:
        shown["name"] = [words(int(row)) for row in rows]
    classes = None if lined else layer.classes
    numbers = layer.class_numbers[rows].astype(np.int16)
    if classes is not None:
        numbers = np.where(numbers < 0, len(classes.colours), numbers).astype(np.int16)
    colour, clear = _opaque((layer.outline or layer.colour) if lined else layer.colour)
    wide = layer.outline_px if lined else layer.line_px
    outline_mm = (
        wide * MM_PER_PX if lined or layer.kind is Kind.LINE else OUTLINE_MM if layer.outline else 0.0
    )
    return SheetLayer(
        layer.name,
        _both(lambda: layer_title(layer.name, look.theme)),
        values=_origin(look, results, layer.name),
        classes="single" if classes is None else "given",
        colour=colour,
        hatch=layer.hatch,
        opacity=layer.opacity * clear,
        outline=layer.outline if layer.outline_chosen else "",
        outline_mm=outline_mm,
        size=layer.point_px * MM_PER_PX / MARK_MM,
        label="name" if words is not None else "",
        given=Given(shown, pd.Series(numbers, index=shown.index), classes),
    )


def _origin(look: LayerLook, results: Mapping[str, Assessment], table: str) -> str:
    """Where the values of a theme come from, as a sheet says it; empty for what was given."""
    theme = look.theme
    if theme is None:
        return ""
    for name, made in results.items():
        found = found_in(made, table)
        if found is not None and theme.column in found and theme.potential in ("", name):
            return f"assessment:{name}" if name != PLAN else GRADES if theme.column == GRADE else CHOICES
    return ""


def _opaque(colour: str) -> tuple[str, float]:
    """A colour without its opacity, and that."""
    return (colour[:7], int(colour[7:9], 16) / 255) if len(colour) == 9 else (colour, 1.0)


def _left_out(name: str) -> str:
    return text("Not on paper: {layer}.", layer=layer_title(name))


def _only(table: str, words: str) -> str:
    return text(
        "Of {layer} only those are shown where {condition}.", layer=table_title(table), condition=words
    )


def _both(said: Callable[[], str]) -> Words:
    """Words in both languages."""
    found: dict[str, Any] = {}
    for spoken in LANGUAGES:
        with speaking(spoken):
            found[spoken] = said()
    return Words(**found)
