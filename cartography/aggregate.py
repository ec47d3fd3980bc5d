"""Gathering: features too small to be told apart are drawn as cells of a grid, through their classes."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cartography import colours as palette
from cartography.classes import Classes, graduated
from cartography.layers import StyledLayer
from cartography.ragged import Bounds, Kind
from cartography.view import View
from core.compiled import kernel

GATHERED_BELOW_PX = (
    0.6  # typical size of a feature on screen; down to there each one still adds to the picture
)
MANY, MANY_BELOW_PX = 300_000, 1.2  # layers of more features are gathered sooner: they would take too long
SMALLEST_CELL_PX = 4.0  # cells are 4 to 8 px wide, their size in metres a power of two
MOST_CELLS = 4_000_000
FULLEST_SHARE = 0.45  # built share of a cell that is drawn without transparency
FAINTEST = 0.25  # opacity of a cell that holds anything at all


class Gathered(NamedTuple):
    """A gathered layer: its picture, the width of a cell, and the classes it was coloured by."""

    image: NDArray[np.uint32]
    cell_m: float
    classes: Classes | None


def is_gathered(layer: StyledLayer, m_per_px: float) -> bool:
    """Whether the features of a layer are too small at a scale to be drawn one by one."""
    if layer.ragged is None or layer.kind is not Kind.POLYGON or layer.gathered == "never":
        return False
    smallest_px = MANY_BELOW_PX if layer.ragged.features > MANY else GATHERED_BELOW_PX
    return 0 < layer.ragged.typical_m < smallest_px * m_per_px


@kernel
def _gather(
    centres: NDArray[np.float64],
    areas: NDArray[np.float64],
    values: NDArray[np.float64],
    numbers: NDArray[np.int16],
    seen: NDArray[np.bool_],
    west: float,
    north: float,
    cell: float,
    area: NDArray[np.float64],
    weight: NDArray[np.float64],
    total: NDArray[np.float64],
    by_class: NDArray[np.float64],
    summed: bool,
) -> None:
    """Add features into cells: all area, weight and weighted total of values, and area by class."""
    rows, columns = area.shape
    for feature in range(centres.shape[0]):
        if not seen[feature] or not np.isfinite(centres[feature, 0]):
            continue
        across = (centres[feature, 0] - west) / cell
        down = (north - centres[feature, 1]) / cell
        if across < 0.0 or down < 0.0 or across >= columns or down >= rows:
            continue
        column, row = int(across), int(down)
        area[row, column] += areas[feature]
        value = values[feature]
        if np.isfinite(value):
            share = 1.0 if summed else areas[feature]
            weight[row, column] += share
            total[row, column] += share * value
        if by_class.shape[2] > 1:
            by_class[row, column, numbers[feature] + 1] += areas[feature]


@kernel
def _enlarge(
    cells: NDArray[np.uint32], left: float, top: float, cell_px: float, image: NDArray[np.uint32]
) -> None:
    """Draw cells, the first with its upper left corner at (left, top), into a picture."""
    for y in range(image.shape[0]):
        row = int(np.floor((y + 0.5 - top) / cell_px))
        if row < 0 or row >= cells.shape[0]:
            continue
        for x in range(image.shape[1]):
            column = int(np.floor((x + 0.5 - left) / cell_px))
            if 0 <= column < cells.shape[1]:
                image[y, x] = cells[row, column]


def gathered(layer: StyledLayer, view: View, summed_classes: Classes | None = None) -> Gathered:
    """A layer of polygons as cells of a grid that stays still on the ground.

    Means (weighted by footprint area) go through the layer's own classes; words show the one with the most area. Sums have
    another size than the values of single features, so they get classes of their own by the same method and ramp,
    found over the whole layer; the legend shows them (`Gathered.classes`).

    Parameters
    ----------
    layer : StyledLayer
        A layer for which `is_gathered` holds.
    view : View
        What is seen.
    summed_classes : Classes, optional
        Classes of sums found before at the same cell size.
    """
    cell_m = cell_at(view.m_per_px)
    west, south, east, north = _overlap(layer.extent, view.bounds, cell_m)
    image = np.zeros((view.height_px, view.width_px), dtype=np.uint32)
    if east <= west or north <= south:
        return Gathered(image, cell_m, layer.classes)
    area, value, by_class = _cells(layer, (west, south, east, north), cell_m)
    classes = layer.classes
    if classes is not None and classes.numeric and layer.gathered == "sum":
        classes = summed_classes or _classes_of_sums(layer, cell_m, value)
    if classes is None:
        table = np.array([layer.lut[1:].max(initial=0)], dtype=np.uint32)
        numbers = np.zeros(area.shape, dtype=np.int64)
    else:
        table = classes.table()
        numbers = by_class
        if classes.numeric:
            numbers = classes.numbers(value.ravel()).reshape(value.shape).astype(np.int64) + 1
    share = np.clip(area / cell_m**2 / FULLEST_SHARE, FAINTEST, 1.0) * (area > 0)
    cells = _weakened(table[numbers], share)
    left, top = view.to_px(west, north)
    _enlarge(cells, left, top, cell_m / view.m_per_px, image)
    return Gathered(image, cell_m, classes)


def cell_at(m_per_px: float) -> float:
    """Width of a cell at a scale: the smallest power of two of at least 4 px. [m]"""
    return float(2.0 ** np.ceil(np.log2(SMALLEST_CELL_PX * m_per_px)))


def _cells(
    layer: StyledLayer, bounds: Bounds, cell_m: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Area, value (NaN where there is none) and class with the most area plus one, of each cell."""
    ragged, classes = layer.ragged, layer.classes
    if ragged is None:
        raise ValueError(f"layer {layer.name!r} is a raster; only polygons are gathered")
    west, south, east, north = bounds
    shape = round((north - south) / cell_m), round((east - west) / cell_m)
    words = classes is not None and not classes.numeric
    numeric = layer.values if classes is not None and classes.numeric else None
    values = np.full(ragged.features, np.nan) if numeric is None else np.asarray(numeric, dtype=np.float64)
    area, weight, total = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    by_class = np.zeros((*shape, len(classes.colours) + 1 if words and classes is not None else 1))
    centres, areas = ragged.sizes
    summed = layer.gathered == "sum"
    _gather(
        centres, areas, values, layer.class_numbers, layer.seen, west, north, cell_m,
        area, weight, total, by_class, summed,
    )  # fmt: skip
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(weight > 0, total if summed else total / weight, np.nan)
    return area, value, by_class.argmax(axis=2)


def _classes_of_sums(layer: StyledLayer, cell_m: float, in_view: NDArray[np.float64]) -> Classes:
    """Classes of the sums over all cells of a layer, by its own method and colours."""
    classes = layer.classes
    if classes is None:
        raise ValueError(f"layer {layer.name!r} has no classes")
    whole = _snapped(layer.extent, cell_m)
    sums = in_view
    if (whole[2] - whole[0]) * (whole[3] - whole[1]) / cell_m**2 <= MOST_CELLS:
        sums = _cells(layer, whole, cell_m)[1]
    method = "quantile" if classes.method in ("manual", "continuous") else classes.method
    count = min(len(classes.colours), 9)
    found = graduated(sums.ravel(), method=method, count=count, unit=classes.unit)
    ramp = palette.spread(classes.colours, len(found.colours))
    return replace(found, colours=ramp, missing_colour=classes.missing_colour)


def _weakened(colours: NDArray[np.uint32], share: NDArray[np.float64]) -> NDArray[np.uint32]:
    """Premultiplied colours at a share of their opacity."""
    weakened = np.zeros(colours.shape, dtype=np.uint32)
    for shift in (24, 16, 8, 0):
        channel = (colours >> np.uint32(shift)) & np.uint32(255)
        weakened |= np.rint(channel * share).astype(np.uint32) << np.uint32(shift)
    return weakened


def _snapped(bounds: Bounds, cell_m: float) -> Bounds:
    """Bounds widened to whole cells."""
    west, south = (float(np.floor(side / cell_m) * cell_m) for side in bounds[:2])
    east, north = (float((np.floor(side / cell_m) + 1) * cell_m) for side in bounds[2:])
    return west, south, east, north


def _overlap(extent: Bounds, seen: Bounds, cell_m: float) -> Bounds:
    """What two rectangles share, in whole cells."""
    west, south, east, north = _snapped(extent, cell_m)
    other = _snapped(seen, cell_m)
    return max(west, other[0]), max(south, other[1]), min(east, other[2]), min(north, other[3])
