"""Looks: how a person has a layer of the map shown; with the layer itself it gives what the map draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from cartography.classes import Classes, graduated
from cartography.colours import REVERSED
from cartography.layers import StyledLayer
from cartography.ragged import Kind
from core.fields import field, fields
from core.texts import text
from desktop.map_layers import RASTER, layer_title, shown_by
from desktop.plan_map import CHOICE, CHOSEN, until_year
from desktop.themes import Theme, classes_of, column_of, themes_of
from layers.city import City
from layers.project import PLAN
from potential import Assessment

MOST_CLASSES = 9
MOST_DECIMALS = 4
NOTHING = "Nothing"  # what the legend calls amounts of nothing
UNPLANNED = "Nothing planned"
NO_OUTLINE = "none"


@dataclass(frozen=True)
class LayerLook:
    """How a layer is shown.

    Parameters
    ----------
    visible : bool
        Whether it is drawn.
    opacity : float
        Share of opacity, 0 to 1.
    theme : Theme, optional
        The column that colours it; None for its plain colour.
    method, ramp : str
        How classes are found and coloured; empty for what the theme proposes.
    count : int
        Most classes.
    breaks : tuple of float
        Borders between classes, for the method `manual`.
    hidden : frozenset of int
        Classes switched off in the legend.
    label : str
        What is written on its features: a column, or a word of `map_labels`; empty for nothing.
    colour : str
        The one colour without a theme, `#rrggbb`; empty for that of the layer.
    until_year : int
        Year up to which a plan is shown as built; 0 for all of it.
    outline : str
        Colour of the outlines of coloured areas, `#rrggbb`, or `NO_OUTLINE`; empty for that of the layer.
    decimals : int, optional
        Of the borders of classes in legends; None for as many as it takes.
    """

    visible: bool
    opacity: float
    theme: Theme | None = None
    method: str = ""
    ramp: str = ""
    count: int = 6
    breaks: tuple[float, ...] = ()
    hidden: frozenset[int] = frozenset()
    label: str = ""
    colour: str = ""
    until_year: int = 0
    outline: str = ""
    decimals: int | None = None


def restyled(look: LayerLook, **changes: Any) -> LayerLook:
    """A look with changes; decimals go when another theme comes that is in another unit."""
    made = replace(look, **changes)
    if "decimals" in changes or _alike(look.theme, made.theme):
        return made
    return replace(made, decimals=None)


def _alike(one: Theme | None, other: Theme | None) -> bool:
    """Whether the figures of two themes can be told to the same decimals."""
    if one is None or other is None:
        return one == other
    unit, others = (field(theme.column).unit.removesuffix("/a") for theme in (one, other))
    return one.column == other.column or (bool(unit) and unit == others)


def first_look(base: StyledLayer, city: City, assessments: Mapping[str, Assessment]) -> LayerLook:
    """How a layer is shown at first: buildings by their best result, zones by their kind, the rest plainly."""
    theme = None
    if base.name == "building" and assessments:
        theme = next(iter(themes_of(city, assessments, "building")), None)
    if base.name == "protection_zone":
        theme = next(iter(themes_of(city, assessments, base.name)), None)
    return LayerLook(base.visible, base.opacity, theme)


def dressed(
    base: StyledLayer, look: LayerLook, city: City, assessments: Mapping[str, Assessment]
) -> StyledLayer:
    """A layer as it is to be shown. Finding classes takes a while: not for the window's own thread."""
    plain = switched(base, look)
    if base.raster is not None and base.classes is not None and look.ramp:
        return replace(plain, classes=base.classes.recoloured(look.ramp))
    values = column_of(city, assessments, look.theme) if look.theme else None
    if look.theme is None or values is None:
        return of_one_colour(plain, look.colour)
    some = values
    if look.theme.gathered == "sum" and (values != 0).any():  # an amount of nothing is no class of its own
        some = values.mask(values == 0)
    classes = classes_for(look.theme, some, look)
    if some is not values or look.theme.column in CHOSEN:
        classes = replace(classes, missing_label=UNPLANNED if look.theme.column in CHOSEN else NOTHING)
    if look.until_year:
        some = built_by(city, assessments, look.theme, look.until_year, some)
    classes = replace(classes, decimals=look.decimals if classes.numeric else None)
    return outlined(shown_by(plain, look.theme, some, classes), look.outline)


def built_by(
    city: City, assessments: Mapping[str, Assessment], theme: Theme, year: int, whole: pd.Series[Any]
) -> pd.Series[Any]:
    """Values of a theme of the plan at the end of a year, classed as those of the whole plan; others as they are."""
    plan = assessments.get(PLAN)
    if plan is None or CHOICE not in plan.details or theme.column not in plan.parcels:
        return whole
    found = column_of(city, {**assessments, PLAN: until_year(plan, year)}, theme)
    if found is None:
        return whole.mask(whole.notna())
    return found.mask(found == 0) if theme.gathered == "sum" else found


def tried(
    base: StyledLayer,
    look: LayerLook,
    city: City,
    kept: Mapping[str, Assessment],
    trial: Mapping[str, Assessment],
) -> StyledLayer:
    """A layer that shows a plan that is only tried, in the classes of the kept one; its title says that it is a trial."""
    look = replace(look, until_year=0)  # nobody has said when what is tried would be built
    before = dressed(base, look, city, kept)
    now = dressed(base, look, city, trial)
    if before.classes is not None and before.classes.numeric:
        now = replace(now, classes=before.classes)
    return replace(now, title=text("{title} (trial)", title=now.title))


def of_one_colour(layer: StyledLayer, colour: str) -> StyledLayer:
    """A layer of shapes in one colour, or as it is where none was chosen."""
    if not colour or layer.ragged is None:
        return layer
    outline = layer.outline if layer.filled else colour
    return replace(layer, classes=None, values=None, colour=colour, outline=outline, hatch="")


def has_outline(layer: StyledLayer) -> bool:
    """Whether a layer consists of filled areas, whose outlines can be chosen."""
    return layer.ragged is not None and layer.filled and layer.kind is Kind.POLYGON


def outlined(layer: StyledLayer, outline: str) -> StyledLayer:
    """A layer of areas with the outline of a look; others as they are."""
    if not outline or not has_outline(layer):
        return layer
    return replace(layer, outline="" if outline == NO_OUTLINE else outline, outline_chosen=True)


def switched(layer: StyledLayer, look: LayerLook) -> StyledLayer:
    """A layer shown, faded and with classes switched off as a look says; its colours stay."""
    return replace(layer, visible=look.visible, opacity=look.opacity, hidden_classes=look.hidden)


def classes_for(theme: Theme, values: pd.Series[Any], look: LayerLook) -> Classes:
    """Classes of a theme as a look asks for them."""
    proposed = classes_of(theme, values)
    if not proposed.numeric:
        return proposed
    if look.method or look.count != LayerLook.count:
        made = graduated(
            values,
            method=look.method or proposed.method,
            count=look.count,
            breaks=look.breaks,
            unit=proposed.unit,
        )
        proposed = made.recoloured(look.ramp or ramp_of(theme))
    return proposed.recoloured(look.ramp) if look.ramp else proposed


def ramp_of(theme: Theme | None, name: str = "") -> str:
    """The ramp that a theme, or a raster, is shown in when nobody chose another."""
    column = theme.column if theme else name.removeprefix(RASTER)
    if theme is None:
        return "irradiation" if column.startswith("irradiation") else "viridis"
    return "viridis" if column in ("height_m", "year_built", "far") else "irradiation"


def turned(ramp: str) -> str:
    """A ramp that runs the other way."""
    return ramp.removesuffix(REVERSED) if ramp.endswith(REVERSED) else ramp + REVERSED


def is_graduated(look: LayerLook) -> bool:
    """Whether a layer is shown by numbers."""
    return look.theme is not None and field(look.theme.column).type in ("number", "count")


def called(layer: StyledLayer, look: LayerLook) -> StyledLayer:
    """A layer with its title in the language of the moment."""
    return replace(layer, title=layer_title(layer.name, look.theme))


def unit_of(layer: StyledLayer, look: LayerLook) -> str:
    """Unit of what colours a layer; empty for words and plain colours."""
    name = look.theme.column if look.theme else layer.name.removeprefix(RASTER)
    return fields()[name].unit if name in fields() else ""
