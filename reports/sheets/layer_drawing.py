"""Drawing of one layer: a path for each class or a symbol for each point, and the rows of the legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from core.fields import fields
from core.texts import text
from core.units import NO_BREAK_SPACE, count, figure, scale, share_of_whole, unit_said
from reports import svg
from reports.sheets.classing import Classed, amounts, class_numbers, classed
from reports.sheets.declared import SheetLayer
from reports.sheets.inks import INK, OVERLAYS, Kind, Pen, defs, symbol
from reports.sheets.labels import Placer, middle, named, turned
from reports.sheets.material import Material
from reports.sheets.paper import Frame, Shapes

LABEL_POINTS, AREA_POINTS, NUMBER_POINTS = 6.5, 8.0, 6.5
SYMBOL_MM, MARK_MM, DISC_MM = 1.9, 1.7, 3.5
EDGE, ROOF_EDGE, ROOF_EDGE_MM = "#9aa3a0", "#8f9694", 0.05
LEAST_LINE_MM = 0.2
DIVIDED = ("parcel", "building", "planning_unit")
STRIP_MM = (83.0, 3.2)


@dataclass(frozen=True)
class LegendRow:
    """A row of a legend: its picture, its words, how many features, how much of what is counted, and its share."""

    swatch: str
    label: str
    count: str = ""
    amount: str = ""
    share: str = ""


@dataclass(frozen=True)
class Legend:
    """The legend of one layer; the strip shows the shares of its rows side by side."""

    title: str
    rows: tuple[LegendRow, ...]
    count_head: str = ""
    amount_head: str = ""
    share_head: str = ""
    strip: str = ""


@dataclass(frozen=True, eq=False)
class Shown:
    """A layer as it was drawn: what was declared, its material, its classes, and the class of each shape."""

    layer: SheetLayer
    material: Material
    found: Classed
    numbers: NDArray[np.int16]


@dataclass(frozen=True)
class Spot:
    """A symbol or a name at a place on paper, or a number in a disc. [mm]"""

    x: float
    y: float
    pen: Pen
    words: str = ""
    number: int = 0
    bare: bool = False
    points: float = 0.0
    size: float = 1.0


@dataclass(frozen=True, eq=False)
class DrawnLayer:
    """The paths of a layer below and above borders and buildings, its spots, its legend, and what they were made of."""

    below: tuple[str, ...]
    above: tuple[str, ...]
    spots: tuple[Spot, ...]
    pens: tuple[Pen, ...]
    legend: Legend
    shown: Shown


def symbols(spots: Sequence[Spot], placer: Placer) -> list[str]:
    """Symbols at their places, numbers over them, and words where there is room."""
    drawn, words = [], []
    for spot in spots:
        if spot.bare:
            continue
        size = DISC_MM if spot.number else SYMBOL_MM if spot.words else MARK_MM * spot.size
        drawn.append(symbol(spot.x, spot.y, spot.pen.symbol, spot.pen.colour, size_mm=size))
        if spot.number or spot.words:
            placer.take(spot.x, spot.y, size, size)
    for spot in spots:
        if spot.number:
            said = str(spot.number)
            words.append(turned(spot.x, spot.y, said, points=NUMBER_POINTS, colour="#ffffff", halo=False))
        elif spot.words:
            away = 0.0 if spot.bare else 2.3
            points = spot.points or (AREA_POINTS if spot.bare else LABEL_POINTS)
            words += placer.words(spot.x, spot.y - away, (spot.words,), points=points, colour=spot.pen.colour)
    return [*drawn, *words]


def shown_of(layer: SheetLayer, material: Material) -> Shown:
    """A layer with its classes, as it is drawn."""
    found = classed(layer, material)
    return Shown(layer, material, found, class_numbers(layer, material, found.classes))


def draw_layer(layer: SheetLayer, material: Material, frame: Frame) -> DrawnLayer:
    """One layer in a frame; its legend is over all features, also those outside."""
    shown = shown_of(layer, material)
    found, numbers = shown.found, shown.numbers
    kind = _kind(material.frame.geometry.to_numpy(), layer)
    pens = _pens(layer, found, kind, roofs=material.frame.index.name == "building_id")
    rows = frame.rows_of(material.frame)
    below: list[str] = []
    above: list[str] = []
    spots: list[Spot] = []
    if kind == "point":
        spots = _spots(layer, material, rows, numbers, pens, frame)
    else:
        cut = frame.cut(material.frame.geometry.to_numpy()[rows])
        for number, pen in enumerate(pens):
            group = cut[numbers[rows] == number]
            paths = frame.line_paths(group) if kind == "line" else frame.area_paths(group)
            place = above if kind == "line" or pen.hatch in OVERLAYS else below
            place += [f'<path d="{d}" {style}/>' for style in pen.style() for d in paths]
        if layer.label:
            ink = pens[0] if layer.given is None else replace(pens[0], colour=INK)
            spots = _names(material, cut, rows, ink, frame)
    key = legend(layer, material, found, numbers, pens)
    return DrawnLayer(tuple(below), tuple(above), tuple(spots), pens, key, shown)


def legend(
    layer: SheetLayer, material: Material, found: Classed, numbers: NDArray[np.int16], pens: Sequence[Pen]
) -> Legend:
    """The legend of a layer: the classes that hold any feature, with what they add up to."""
    counts = pd.Series(numbers).value_counts()
    added = amounts(layer, material, numbers)
    factor, unit = (1.0, "")
    if added:
        factor, unit = (1.0, unit_said("ha")) if layer.count == "area" else scale(added[0].max(), added[1])
    rows = []
    parts = added[0][added[0].index >= 0] if added else counts[counts.index >= 0]
    whole = float(parts.sum())
    shares: list[tuple[Pen, float]] = []
    for number, (pen, label) in enumerate(zip(pens, found.labels, strict=True)):
        if not counts.get(number, 0):
            continue
        amount = ""
        if added:
            value = figure(float(added[0].get(number, 0.0)) * factor)
            amount = f"{value}{NO_BREAK_SPACE}{unit}"
        share = float(parts.get(number, 0.0)) / whole if whole else 0.0
        shares.append((pen, share))
        rows.append(LegendRow(pen.swatch(), label, count(int(counts[number])), amount, share_of_whole(share)))
    if layer.classes == "single":  # its one row says the title
        return Legend("", tuple(replace(row, share="") for row in rows))
    title = f"{layer.title.said()} ({found.unit})" if found.unit else layer.title.said()
    amount_head = _amount_head(layer) if added else ""
    of_all = bool(added) or (layer.shape in DIVIDED and not layer.mark)  # what may overlap has no shares
    if len(rows) < 2 or not whole or not of_all:
        return Legend(title, tuple(replace(row, share="") for row in rows), text("How many"), amount_head)
    strip = "" if pens[0].kind == "point" else shares_strip(shares)
    return Legend(title, tuple(rows), text("How many"), amount_head, text("Share"), strip)


def shares_strip(shares: Sequence[tuple[Pen, float]]) -> str:
    """A bar whose pieces are as long as the shares of the classes, in the order of the legend."""
    wide, high = STRIP_MM
    across, parts = 0.0, []
    for pen, share in shares:
        length = wide * share
        parts += [
            f'<path d="M{across:.2f} 0h{length:.2f}v{high:g}h{-length:.2f}z" {style}/>'
            for style in pen.style(1)
        ]
        across += length
    pens = [pen for pen, _ in shares]
    return svg.picture(wide, high, [defs(pens, 1.0), *parts])


def _amount_head(layer: SheetLayer) -> str:
    if layer.count == "area":
        return text("Land area")
    return text("In all") if layer.count == "value" else fields()[layer.count].title


def _kind(shapes: Shapes, layer: SheetLayer) -> Kind:
    if layer.mark:
        return "point"
    kinds = shapely.get_type_id(shapes)
    if np.isin(kinds, (3, 6)).any():
        return "area"
    return "line" if np.isin(kinds, (1, 2, 5)).any() else "point"


def _pens(layer: SheetLayer, found: Classed, kind: Kind, *, roofs: bool) -> tuple[Pen, ...]:
    hatches = found.classes.hatches or ("",) * len(found.labels)
    outline = (layer.outline or (ROOF_EDGE if roofs else EDGE)) if layer.outline_mm else ""
    return tuple(
        Pen(
            kind,
            colour,
            hatch if kind == "area" else "",
            layer.opacity,
            outline,
            max(layer.outline_mm, LEAST_LINE_MM)
            if kind == "line" or hatch in OVERLAYS
            else ROOF_EDGE_MM
            if roofs
            else layer.outline_mm,
            layer.symbol,
        )
        for colour, hatch in zip(found.classes.colours, hatches, strict=True)
    )


def _spots(
    layer: SheetLayer,
    material: Material,
    rows: NDArray[np.int64],
    numbers: NDArray[np.int16],
    pens: Sequence[Pen],
    frame: Frame,
) -> list[Spot]:
    places = shapely.get_coordinates(shapely.point_on_surface(material.frame.geometry.to_numpy()[rows]))
    said = named(material.frame) if layer.label else [""] * len(material.frame)
    ranks: Any = (
        material.ranks.reindex(material.frame.index).fillna(0) if material.ranks is not None else None
    )
    found = []
    west, south, east, north = frame.bounds
    for row, (x, y) in zip(rows, places, strict=True):
        if numbers[row] >= 0 and west < x < east and south < y < north:
            number = int(ranks.iloc[row]) if ranks is not None else 0
            found.append(Spot(*frame.on_paper(x, y), pens[numbers[row]], said[row], number, size=layer.size))
    return sorted(found, key=lambda spot: -spot.number if spot.number else -len(found) - 1)


def _names(material: Material, cut: Shapes, rows: NDArray[np.int64], pen: Pen, frame: Frame) -> list[Spot]:
    """The names of areas, well inside of what is seen of them."""
    said = named(material.frame)
    return [
        Spot(*frame.on_paper(*middle(shape)), pen, said[row], bare=True)
        for row, shape in zip(rows, cut, strict=True)
        if not shapely.is_empty(shape) and shapely.area(shape) > 0
    ]
