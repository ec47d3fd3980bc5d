"""Classing: the classes of a declared layer, with the colours and words of its legend."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.classes import METHODS, Classes, categories, grades, graduated, uses
from cartography.colours import spread
from core.fields import fields
from core.texts import text, word
from core.units import MINUS, fixed, given, unit_said
from reports.sheets.declared import SheetLayer, palettes
from reports.sheets.material import M2_PER_HECTARE, Material

CLASSES = 6
ROUND = "round"  # natural breaks, each moved to a number that people remember
MANTISSAS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
STEPS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True)
class Classed:
    """Classes with the words of the legend.

    Parameters
    ----------
    classes : Classes
    labels : tuple of str
        One for each class, in the language of the moment.
    unit : str
        Unit of the numbers as printed; empty for words.
    """

    classes: Classes
    labels: tuple[str, ...]
    unit: str = ""


def classed(layer: SheetLayer, material: Material) -> Classed:
    """The classes of a layer's values."""
    values = material.values
    if layer.given is not None and layer.given.classes is not None:
        return _given(layer.given.classes)
    if layer.classes == "single":
        whole = Classes("categories", (layer.colour,), keys=("",), hatches=(layer.hatch,))
        return Classed(whole, (layer.title.said(),))
    if layer.classes == "uses":
        return _worded(uses(), material)
    if layer.classes == "grades":
        return _worded(grades(), material)
    if layer.classes in palettes():
        palette = palettes()[layer.classes]
        keys = tuple(one.key for one in palette)
        hatches = tuple(one.hatch for one in palette)
        found = Classes("categories", tuple(one.colour for one in palette), keys=keys, hatches=hatches)
        return Classed(found, tuple(one.words.said() for one in palette))
    if layer.classes == "categories":
        return _worded(categories(values), material)
    if layer.classes == "years":
        years = sorted({int(year) for year in values.dropna()})
        found = Classes("categories", spread(layer.ramp, len(years)), keys=tuple(map(str, years)))
        return Classed(found, found.keys)
    if layer.classes not in (*METHODS, ROUND):
        raise ValueError(f"no such classes: {layer.classes!r}")
    return _numbers(layer, material)


def class_numbers(layer: SheetLayer, material: Material, classes: Classes) -> np.ndarray:
    """The class of each shape, -1 for what has no value."""
    if layer.classes == "single":
        return np.where(material.values.notna(), 0, -1).astype(np.int16)
    values = material.values
    if layer.given is not None:
        return values.to_numpy(np.int16)
    if layer.classes == "years":
        values = values.map(lambda year: str(int(year)), na_action="ignore")
    return classes.numbers(values.to_numpy())


def _given(classes: Classes) -> Classed:
    """Classes of the map of the window in the words of a sheet, with one more for what has no value."""
    labels = (*(open_labels(classes) if classes.numeric else classes.labels), text(classes.missing_label))
    colours = (*classes.colours, classes.missing_colour)
    hatches = (*classes.hatches, "") if classes.hatches else ()
    unit = unit_said(classes.unit) if classes.numeric and classes.unit else ""
    return Classed(Classes("categories", colours, keys=labels, hatches=hatches), labels, unit)


def _worded(classes: Classes, material: Material) -> Classed:
    known = fields().get(material.column)
    said = [known.shown(key) if known else key for key in classes.keys]
    return Classed(classes, tuple(word(one) for one in said))


def _numbers(layer: SheetLayer, material: Material) -> Classed:
    known = fields().get(material.column)
    unit = layer.unit or (known.unit if known else "")
    values = material.values.to_numpy(float)
    method, breaks = layer.classes, layer.breaks
    if method == ROUND:
        natural = graduated(values, method="natural_breaks", count=CLASSES).breaks
        method, breaks = "manual", round_breaks(natural, values)
    classes = graduated(values, method=method, count=CLASSES, ramp=layer.ramp, breaks=breaks)
    if not layer.plain:
        return Classed(classes, open_labels(classes), unit_said(unit))
    edges = [int(edge) for edge in classes.breaks]
    between = [f"{low + 1} – {high}" for low, high in pairwise(edges)]
    labels = (f"≤ {edges[0]}", *between, f"≥ {edges[-1] + 1}") if edges else classes.labels
    return Classed(classes, labels, unit_said(unit))


def round_breaks(breaks: Sequence[float], values: np.ndarray) -> tuple[float, ...]:
    """Borders moved to numbers that people remember, those that fall together or beyond all values left out.

    Borders that lie close beside each other are rounded in even steps about as wide as the classes between them.
    """
    known = values[np.isfinite(values)]
    if not len(breaks) or not known.size:
        return ()
    told = sorted({_nearest(border, MANTISSAS) for border in breaks})
    if len(told) < len(set(breaks)):
        gaps = np.diff(np.unique(breaks))
        step = _nearest(float(np.median(gaps)), STEPS) if gaps.size else 0.0
        told = sorted({round(border / step) * step for border in breaks} if step else set(told))
    return tuple(float(f"{border:.6g}") for border in told if known.min() <= border < known.max())


def _nearest(value: float, mantissas: Sequence[float]) -> float:
    """The number of some mantissas and a power of ten that is nearest by ratio; nothing stays nothing."""
    if value == 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(abs(value)))
    return math.copysign(
        min((power * m for m in mantissas), key=lambda one: abs(math.log(one / abs(value)))), value
    )


def open_labels(classes: Classes) -> tuple[str, ...]:
    """What each class of numbers holds; the first and last are open, as the legend is of no single value."""
    if classes.decimals is not None:
        written = [fixed(border, classes.decimals) for border in classes.breaks]
    else:
        finest = max((_decimals(border) for border in classes.breaks), default=0)
        written = [
            f"{border:.{finest}f}".replace("-", MINUS) if finest else given(border)
            for border in classes.breaks
        ]
    if not written:
        return classes.labels
    between = [f"{low} – {high}" for low, high in pairwise(written)]
    return (f"≤ {written[0]}", *between, f"> {written[-1]}")


def _decimals(border: float) -> int:
    """Decimals it takes to write a border."""
    return max(0, -int(Decimal(f"{border:.6g}").normalize().as_tuple().exponent))


def amounts(layer: SheetLayer, material: Material, numbers: np.ndarray) -> tuple[pd.Series, str] | None:
    """What the legend adds up for each class beside the number of features, and its unit; None for nothing."""
    held = weights_of(layer, material)
    if held is None:
        return None
    return pd.Series(held[0]).groupby(numbers).sum(), held[1]


def weights_of(layer: SheetLayer, material: Material) -> tuple[NDArray[np.float64], str] | None:
    """What the legend adds up, for each shape, and its unit; None where it adds up nothing. Land is in hectares."""
    if not layer.count:
        return None
    if layer.count == "area":
        weights, unit = material.frame.geometry.area / M2_PER_HECTARE, "ha"
    elif layer.count == "value":
        known = fields().get(material.column)
        weights, unit = material.values, layer.unit or (known.unit if known else "")
    else:
        held = material.weights if material.weights is not None else material.frame.get(layer.count)
        if held is None:
            return None
        weights, unit = held, fields()[layer.count].unit
    return pd.to_numeric(weights, errors="coerce").fillna(0.0).to_numpy(float), unit
