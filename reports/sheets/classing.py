"""Classing: the classes of a declared layer, with the colours and words of its legend."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from cartography.classes import METHODS, Classes, categories, grades, graduated, uses
from cartography.colours import spread
from core.fields import fields
from core.texts import word
from core.units import unit_said
from reports.sheets.declared import SheetLayer, palettes
from reports.sheets.material import Material

CLASSES = 6


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
    if layer.classes not in METHODS:
        raise ValueError(f"no such classes: {layer.classes!r}")
    return _numbers(layer, material)


def class_numbers(layer: SheetLayer, material: Material, classes: Classes) -> np.ndarray:
    """The class of each shape, -1 for what has no value."""
    if layer.classes == "single":
        return np.where(material.values.notna(), 0, -1).astype(np.int16)
    values = material.values
    if layer.classes == "years":
        values = values.map(lambda year: str(int(year)), na_action="ignore")
    return classes.numbers(values.to_numpy())


def _worded(classes: Classes, material: Material) -> Classed:
    known = fields().get(material.column)
    return Classed(classes, tuple(known.shown(key) if known else word(key) for key in classes.keys))


def _numbers(layer: SheetLayer, material: Material) -> Classed:
    known = fields().get(material.column)
    unit = layer.unit or (known.unit if known else "")
    classes = graduated(
        material.values.to_numpy(float),
        method=layer.classes,
        count=CLASSES,
        ramp=layer.ramp,
        breaks=layer.breaks,
    )
    if not layer.plain:
        return Classed(classes, classes.labels, unit_said(unit))
    edges = [int(edge) for edge in classes.breaks]
    between = [f"{low + 1} – {high}" for low, high in pairwise(edges)]
    labels = (f"≤ {edges[0]}", *between, f"≥ {edges[-1] + 1}") if edges else classes.labels
    return Classed(classes, labels, unit_said(unit))


def amounts(layer: SheetLayer, material: Material, numbers: np.ndarray) -> tuple[pd.Series, str] | None:
    """What the legend adds up for each class beside the number of features, and its unit; None for nothing."""
    if not layer.count:
        return None
    if layer.count == "area":
        weights, unit = material.frame.geometry.area, "m²"
    elif layer.count == "value":
        known = fields().get(material.column)
        weights, unit = material.values, layer.unit or (known.unit if known else "")
    else:
        held = material.weights if material.weights is not None else material.frame.get(layer.count)
        if held is None:
            return None
        weights, unit = held, fields()[layer.count].unit
    amount = pd.to_numeric(weights, errors="coerce").fillna(0.0).to_numpy(float)
    return pd.Series(amount).groupby(numbers).sum(), unit
