"""Layers as the map shows them: geometry or raster, values, classes and style, for window and paper alike."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cartography import colours as palette
from cartography.classes import Classes, LegendEntry
from cartography.ragged import Bounds, Kind, Ragged
from core import look
from layers.city import Raster


@dataclass(frozen=True, eq=False)
class StyledLayer:
    """One layer of a map. A change of style is a new `StyledLayer` made by `dataclasses.replace`.

    While `ragged`, `point_px` and `line_px` stay the same, nothing is drawn anew: only colours are looked up.

    Parameters
    ----------
    name : str
        Key of the layer, unique on its map; for tables the name of the table.
    title : str
        What it is called on the map, in the user's words.
    ragged : Ragged, optional
        Its geometry, rows in the order of `values`; None for rasters.
    raster : Raster, optional
        Its values on a grid, north up; None for vectors.
    values : ndarray, shape (features), optional
        What `classes` are asked about: numbers, or words for categories.
    classes : Classes, optional
        Without them everything has the single `colour`.
    colour : str
        `#rrggbb`, or `#rrggbbaa`.
    filled : bool
        Whether polygons are filled; if not they show their outline only.
    outline : str
        Colour of outlines, empty for none.
    outline_chosen : bool
        Whether a person chose the outline, which the legend then shows too.
    outline_px : float
        Width of outlines, drawn inside each feature. [px]
    hatch : str
        Hatch over the single colour, see `colours.HATCHES`.
    opacity : float
        Share of opacity of the whole layer, 0 to 1.
    visible : bool
        Whether it is drawn.
    shown : ndarray of bool, shape (features), optional
        The filter: features that are drawn and can be picked; None for all.
    hidden_classes : frozenset of int
        Classes switched off in the legend; -1 for missing values.
    point_px, line_px : float
        Diameter of points and width of lines. [px]
    gathered : {"mean", "sum", "never"}
        How values go together when features are too small to be told apart: mean for what is per m², sum for
        totals; `never` draws every feature at every scale.
    relief : bool
        For rasters: shown as a hillshade instead of by classes.
    pickable : bool
        Whether identify and selection look at it.
    yields : bool
        Whether it is of zones that cover half a city and each other: a click reaches what lies below before it, and
        smaller features lie over larger ones.
    """

    name: str
    title: str
    ragged: Ragged | None = None
    raster: Raster | None = None
    values: NDArray[Any] | None = None
    classes: Classes | None = None
    colour: str = look.MAP_PARCEL
    filled: bool = True
    outline: str = ""
    outline_chosen: bool = False
    outline_px: float = 0.75
    hatch: str = ""
    opacity: float = 1.0
    visible: bool = True
    shown: NDArray[np.bool_] | None = None
    hidden_classes: frozenset[int] = frozenset()
    point_px: float = 8.0
    line_px: float = 2.0
    gathered: Literal["mean", "sum", "never"] = "mean"
    relief: bool = False
    pickable: bool = True
    yields: bool = False

    def __post_init__(self) -> None:
        if (self.ragged is None) == (self.raster is None):
            raise ValueError(f"layer {self.name!r} needs either ragged geometry or a raster")
        if self.ragged is not None:
            for what, given in (("values", self.values), ("shown", self.shown)):
                if given is not None and len(given) != self.ragged.features:
                    raise ValueError(
                        f"layer {self.name!r} has {self.ragged.features} features, but {len(given)} {what}"
                    )

    @property
    def extent(self) -> Bounds:
        """West, south, east, north; zeros when there is nothing. [m]"""
        if self.raster is not None:
            return self.raster.bounds
        return self.ragged.extent if self.ragged is not None else (0.0, 0.0, 0.0, 0.0)

    @property
    def kind(self) -> Kind | None:
        """Polygons, lines or points; None for rasters."""
        return self.ragged.kind if self.ragged is not None else None

    @cached_property
    def class_numbers(self) -> NDArray[np.int16]:
        """Class of each feature, -1 for missing; all 0 without classes."""
        features = self.ragged.features if self.ragged is not None else 0
        if self.classes is None or self.values is None:
            return np.zeros(features, dtype=np.int16)
        return self.classes.numbers(self.values)

    @cached_property
    def seen(self) -> NDArray[np.bool_]:
        """Which features are drawn: those the filter lets through, of classes that are switched on."""
        seen = np.ones(self.class_numbers.size, dtype=np.bool_) if self.shown is None else self.shown.copy()
        if self.hidden_classes:
            seen &= ~np.isin(self.class_numbers, list(self.hidden_classes))
        return seen

    @cached_property
    def lut(self) -> NDArray[np.uint32]:
        """Premultiplied colour by feature id (row + 1); entry 0 and hidden features are 0."""
        table = np.zeros(self.class_numbers.size + 1, dtype=np.uint32)
        if not self.filled and self.kind is Kind.POLYGON:
            table[1:] = palette.premultiplied(
                self.outline or self.colour, 1 / 255
            )  # there, but not to be seen
        elif self.classes is None:
            table[1:] = palette.premultiplied(self.colour)
        else:
            table[1:] = self.classes.table()[self.class_numbers + 1]
        table[1:][~self.seen] = 0
        return table

    @cached_property
    def hatch_lut(self) -> NDArray[np.uint8]:
        """Number of the hatch by feature id (row + 1)."""
        table = np.zeros(self.class_numbers.size + 1, dtype=np.uint8)
        if self.classes is not None:
            table[1:] = self.classes.hatch_table()[self.class_numbers + 1]
        elif self.hatch:
            table[1:] = palette.HATCHES.index(self.hatch)
        return table

    def legend(self) -> list[LegendEntry]:
        """Rows of the legend with the features that the filter lets through; nothing is counted on rasters."""
        if self.classes is None or self.relief:
            return []
        if self.raster is not None:
            return self.classes.legend(self.raster.values.ravel()[:0])
        entries = self.classes.legend(self.values, self.shown)
        return [entry._replace(outline=self.outline) for entry in entries] if self.outline_chosen else entries

    def at(self, x: float, y: float, tolerance_m: float = 0.0) -> NDArray[np.int64]:
        """Rows of features seen at a point, the one on top first; see `Ragged.at`."""
        if self.ragged is None:
            return np.zeros(0, dtype=np.int64)
        rows = self.ragged.at(x, y, tolerance_m)
        if self.yields:
            rows = rows[np.argsort(self.ragged.sizes[1][rows], kind="stable")]
        return rows[self.seen[rows]]

    def value_at(self, x: float, y: float) -> float:
        """Value of the raster at a point, NaN outside and where missing."""
        if self.raster is None:
            return float("nan")
        column, row = (int(np.floor(place)) for place in ~self.raster.transform @ (x, y))
        rows, columns = self.raster.values.shape
        inside = 0 <= row < rows and 0 <= column < columns
        return float(self.raster.values[row, column]) if inside else float("nan")


def extent_of(layers: list[StyledLayer] | tuple[StyledLayer, ...]) -> Bounds:
    """West, south, east, north of all layers that hold anything; zeros when none does. [m]"""
    boxes = [
        box for box in (layer.extent for layer in layers) if box[2] > box[0] or box[3] > box[1] or box[0]
    ]
    if not boxes:
        return (0.0, 0.0, 0.0, 0.0)
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)
