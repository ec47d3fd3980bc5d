"""Labels of layers: which columns can be written on the map, and the words of a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.fields import fields
from core.texts import text
from core.units import figure
from desktop.layer_look import LayerLook
from desktop.result_tables import frame_of
from desktop.themes import Theme, column_of
from layers.city import City
from potential import Assessment

ID, THEME = "@id", "@theme"  # the id of a row, and the value that colours it
OFFERED = (
    "name",
    "use",
    "land_use_code",
    "land_use_name",
    "status",
    "plot_area_m2",
    "far",
    "gfa_m2",
    "height_m",
    "floors_above",
    "year_built",
    "kind",
)
Words = Callable[[int], str]


def label_choices(
    city: City, results: Mapping[str, Assessment], look: LayerLook, table: str
) -> list[tuple[str, str]]:
    """What can be written on the features of a table: the word of the choice, and how it is called."""
    frame = frame_of(city, results, table)
    if frame is None:
        return []
    index = fields().get(str(frame.index.name))
    found = [("", text("No labels")), (ID, index.title if index is not None else text("Number"))]
    if look.theme is not None:
        found.append((THEME, look.theme.title))
    return [*found, *((name, fields()[name].title) for name in OFFERED if name in frame.columns)]


def label_words(city: City, results: Mapping[str, Assessment], look: LayerLook, table: str) -> Words | None:
    """The words of a row of a table, by its number; None where nothing is to be written."""
    frame = frame_of(city, results, table)
    if not look.label or frame is None:
        return None
    if look.label == ID:
        index = frame.index
        return lambda row: str(index[row])
    theme = look.theme if look.label == THEME else Theme(table, look.label)
    values = column_of(city, results, theme) if theme is not None else None
    known = fields().get(theme.column) if theme is not None else None
    if values is None or known is None:
        return None
    numeric = known.type in ("number", "count")

    def words(row: int) -> str:
        value: Any = values.iloc[row]
        if value is None or value != value or value == "":
            return ""
        return figure(float(value)) if numeric else known.shown(value)

    return words
