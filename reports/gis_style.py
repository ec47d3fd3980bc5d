"""Styles of exported layers from the classes of the map, so that QGIS shows what the window shows."""

from __future__ import annotations

from itertools import pairwise

from cartography.classes import Classes
from layers.qgis_style import Category, LayerStyle, Range

METHODS = {
    "quantile": "Quantile",
    "natural_breaks": "Jenks",
    "equal": "EqualInterval",
    "deviation": "StdDev",
    "pretty": "Pretty",
}


def layer_style(column: str, classes: Classes, *, title: str = "Lütu", opacity: float = 1.0) -> LayerStyle:
    """The style of a layer whose colour says the class of a column; labels are in the language of the moment.

    Parameters
    ----------
    column : str
        Column of the layer.
    classes : Classes
        Its classes, of numbers or words.
    title : str
        Name of the style.
    opacity : float
        0 (not seen) to 1.
    """
    hatches = classes.hatches or ("",) * len(classes.colours)
    drawn = list(zip(classes.colours, classes.labels, (bool(hatch) for hatch in hatches), strict=True))
    if not classes.numeric:
        categories = tuple(Category(key, *look) for key, look in zip(classes.keys, drawn, strict=True))
        return LayerStyle(column, categories=categories, title=title, opacity=opacity)
    ranges = tuple(
        Range(low, high, *look) for (low, high), look in zip(pairwise(classes.edges), drawn, strict=True)
    )
    method = METHODS.get(classes.method, "Custom")
    return LayerStyle(column, ranges=ranges, method=method, title=title, opacity=opacity)
