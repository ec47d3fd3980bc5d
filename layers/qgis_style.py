"""Styles as QGIS reads them (QML): one colour, classes of numbers or categories, with titles of the columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element, SubElement, tostring

from core.look import GRADES, LIGHT, MAP_PARCEL

QGIS_VERSION = "3.22.0"  # the oldest QGIS in common use; newer ones read it
HEADER = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
KINDS = {"Point": "marker", "LineString": "line", "Polygon": "fill"}
HATCH_INK = GRADES["forbidden"][0]
HATCH_MM, HATCH_LINE_MM = 1.8, 0.3  # between the lines of a hatch, and their width
HATCH_DEG = 45.0


@dataclass(frozen=True)
class Range:
    """One class of numbers, `lower` to `upper`, as it is drawn and named in the legend."""

    lower: float
    upper: float
    colour: str  # "#rrggbb"
    label: str
    hatched: bool = False


@dataclass(frozen=True)
class Category:
    """One value, as it is drawn and named in the legend; the value None stands for all others."""

    value: str | int | float | bool | None
    colour: str  # "#rrggbb"
    label: str
    hatched: bool = False


@dataclass(frozen=True)
class LayerStyle:
    """How a layer is drawn.

    Parameters
    ----------
    column : str
        Column that gives the class; empty when all features look the same.
    ranges, categories : tuple
        The classes, in the order of the legend; at most one of the two is filled.
    colour : str
        Fill of all features when there are no classes, `#rrggbb`.
    outline : str
        Colour of outlines, `#rrggbb`.
    outline_mm : float
        Width of outlines; 0 for none. [mm]
    opacity : float
        0 (not seen) to 1.
    method : str
        How the breaks were found, in QGIS's words: Quantile, Jenks, EqualInterval, Pretty, Custom.
    title : str
        Name of the style.
    """

    column: str = ""
    ranges: tuple[Range, ...] = ()
    categories: tuple[Category, ...] = ()
    colour: str = MAP_PARCEL
    outline: str = LIGHT["muted"]
    outline_mm: float = 0.1
    opacity: float = 1.0
    method: str = "Custom"
    title: str = "Lütu"

    def __post_init__(self) -> None:
        if self.ranges and self.categories:
            raise ValueError("a style has ranges or categories, not both")
        if bool(self.column) != bool(self.ranges or self.categories):
            raise ValueError("a style with a column has classes, one without has none")
        for colour in (self.colour, self.outline, *(entry.colour for entry in self.entries)):
            _rgba(colour)

    @property
    def entries(self) -> tuple[Range | Category, ...]:
        """The classes, in the order of the legend."""
        return self.ranges or self.categories

    def with_columns(self, names: Mapping[str, str]) -> LayerStyle:
        """The style for a layer whose columns have other names."""
        return replace(self, column=names.get(self.column, self.column))


def qml(style: LayerStyle, kind: str, aliases: Mapping[str, str]) -> str:
    """A layer's style as QGIS stores it.

    Parameters
    ----------
    style : LayerStyle
        How the layer is drawn.
    kind : str
        `Point`, `LineString` or `Polygon`.
    aliases : Mapping of str to str
        Title with unit by column name, in the order of the columns.

    Returns
    -------
    str
        An XML document.

    Notes
    -----
    Follows what QGIS 3.22 writes itself under Save Style, reduced to symbols and titles of columns; whatever is
    left out keeps QGIS's own value.
    """
    root = Element("qgis", version=QGIS_VERSION, styleCategories="Symbology|Fields")
    renderer = SubElement(root, "renderer-v2", enableorderby="0", forceraster="0", symbollevels="0")
    symbols = Element("symbols")
    if style.ranges:
        renderer.set("type", "graduatedSymbol")
        renderer.set("graduatedMethod", "GraduatedColor")
        renderer.set("attr", _clean(style.column))
        renderer.append(_ranges(style))
    elif style.categories:
        renderer.set("type", "categorizedSymbol")
        renderer.set("attr", _clean(style.column))
        renderer.append(_categories(style))
    else:
        renderer.set("type", "singleSymbol")
    entries = style.entries or (Category(None, style.colour, ""),)
    for number, entry in enumerate(entries):
        symbols.append(_symbol(style, entry, kind, str(number)))
    renderer.append(symbols)
    if style.ranges:
        SubElement(renderer, "classificationMethod", id=style.method)
    titles = SubElement(root, "aliases")
    for index, (column, title) in enumerate(aliases.items()):
        SubElement(titles, "alias", index=str(index), field=_clean(column), name=_clean(title))
    SubElement(root, "layerGeometryType").text = str(list(KINDS).index(kind))
    return HEADER + tostring(root, encoding="unicode") + "\n"


def _ranges(style: LayerStyle) -> Element:
    ranges = Element("ranges")
    for number, entry in enumerate(style.ranges):
        SubElement(
            ranges,
            "range",
            symbol=str(number),
            lower=f"{entry.lower:.15f}" if abs(entry.lower) < 1e15 else repr(entry.lower),
            upper=f"{entry.upper:.15f}" if abs(entry.upper) < 1e15 else repr(entry.upper),
            label=_clean(entry.label),
            render="true",
        )
    return ranges


def _categories(style: LayerStyle) -> Element:
    categories = Element("categories")
    for number, entry in enumerate(style.categories):
        value, kind = _value(entry.value)
        SubElement(
            categories,
            "category",
            symbol=str(number),
            value=_clean(value),
            type=kind,
            label=_clean(entry.label),
            render="true",
        )
    return categories


def _value(value: str | int | float | bool | None) -> tuple[str, str]:
    """A value and its kind in QGIS's words."""
    if value is None:
        return "", "string"
    if isinstance(value, bool):
        return str(value).lower(), "bool"
    if isinstance(value, int):
        return str(value), "long"
    if isinstance(value, float):
        return repr(value), "double"
    return value, "string"


def _symbol(style: LayerStyle, entry: Range | Category, kind: str, name: str) -> Element:
    symbol = Element(
        "symbol",
        type=KINDS[kind],
        name=name,
        alpha=f"{style.opacity:g}",
        clip_to_extent="1",
        force_rhr="0",
    )
    if kind == "Polygon":
        layers = list(_fills(style, entry))
    elif kind == "LineString":
        layers = [
            (
                "SimpleLine",
                {
                    "line_color": _rgba(entry.colour),
                    "line_width": f"{max(style.outline_mm, 0.1) * 3:g}",
                    "line_width_unit": "MM",
                    "line_style": "dash" if entry.hatched else "solid",
                },
            )
        ]
    else:
        layers = [
            (
                "SimpleMarker",
                {
                    "name": "cross_fill" if entry.hatched else "circle",
                    "color": _rgba(entry.colour),
                    "size": "2.4",
                    "size_unit": "MM",
                    **_outline(style),
                },
            )
        ]
    for class_name, properties in layers:
        symbol.append(_symbol_layer(class_name, properties))
        if class_name == "LinePatternFill":
            hatch = SubElement(symbol[-1], "symbol", type="line", name=f"@{name}@1", alpha="1")
            line = {
                "line_color": _rgba(HATCH_INK),
                "line_width": f"{HATCH_LINE_MM:g}",
                "line_width_unit": "MM",
            }
            hatch.append(_symbol_layer("SimpleLine", line))
    return symbol


def _fills(style: LayerStyle, entry: Range | Category) -> Iterator[tuple[str, dict[str, str]]]:
    yield "SimpleFill", {"color": _rgba(entry.colour), "style": "solid", **_outline(style)}
    if entry.hatched:
        yield (
            "LinePatternFill",
            {
                "angle": f"{HATCH_DEG:g}",
                "distance": f"{HATCH_MM:g}",
                "distance_unit": "MM",
                "color": _rgba(HATCH_INK),
            },
        )


def _outline(style: LayerStyle) -> dict[str, str]:
    return {
        "outline_color": _rgba(style.outline),
        "outline_width": f"{style.outline_mm:g}",
        "outline_width_unit": "MM",
        "outline_style": "solid" if style.outline_mm else "no",
    }


def _symbol_layer(class_name: str, properties: Mapping[str, str]) -> Element:
    """A symbol layer with its properties in both spellings: of QGIS up to 3.24 and of later ones."""
    layer = Element("layer", {"class": class_name, "enabled": "1", "locked": "0", "pass": "0"})
    options = SubElement(layer, "Option", type="Map")
    for name, value in properties.items():
        SubElement(options, "Option", name=name, type="QString", value=value)
    for name, value in properties.items():
        SubElement(layer, "prop", k=name, v=value)
    return layer


def _rgba(colour: str) -> str:
    """`#rrggbb` as QGIS writes it."""
    if not re.fullmatch("#[0-9a-fA-F]{6}", colour):
        raise ValueError(f"a colour is written #rrggbb, not {colour!r}")
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"{red},{green},{blue},255"


def _clean(words: str) -> str:
    """Text without the characters XML cannot hold at all."""
    return NOT_IN_XML.sub("", words)
