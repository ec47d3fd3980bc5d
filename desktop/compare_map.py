"""Maps of a comparison: both scenarios in the same classes, and what differs between them; no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cartography.classes import Classes, categories, graduated
from cartography.colours import spread
from cartography.layers import StyledLayer
from core import look
from core.fields import field
from core.texts import text, word
from core.units import MISSING, count, quantity
from desktop.comparing import Pair, listed
from desktop.layer_look import NOTHING
from desktop.map_layers import BASE, RELIEF, layer_title
from desktop.themes import PALETTES
from reports.sheets.declared import palettes

PARCEL, BUILDING = "parcel", "building"
# Columns both scenarios are shown by, and columns of what differs; those without values are not offered.
BOTH = ("plan_heat_family", "plan_pv_kw", "plan_heat_kw", "phase_year", "capex_yuan", "green_grade")
DIFFERENCES = (
    "plan_change",
    "pv_change_kw",
    "heat_change_kw",
    "phase_change_years",
    "capex_change_yuan",
    "saved_change_kgce_per_year",
)
COLOURS = {**PALETTES, "plan_change": "plan_change"}
YEARS = ("#d65f12", "#f9b233", "#fdeec9", "#8fbcdb", "#1f5482")
LESS, MORE = ("#e08a3c", "#b5561a", "#7a3208"), ("#9cc3df", "#4f8fc0", "#1f5482")  # told apart by all eyes
UNCHANGED = "No change"
FARTHEST_YEARS = 40  # between the years of a plan
STEPS = 3  # classes on either side of no change


def themes_of_pair(pair: Pair, *, differences: bool) -> list[str]:
    """Columns that have anything to show; of those that show either scenario, the ones that differ come first."""
    if differences:
        return [name for name in DIFFERENCES if _shows(pair.parcels, name)]
    before, after = pair.shown
    shown = [name for name in BOTH if _shows(before, name) or _shows(after, name)]
    ids = before.index.union(after.index)
    same = {name for name in shown if _values(before, ids, name).equals(_values(after, ids, name))}
    return sorted(shown, key=lambda name: name in same)


def pair_layers(
    base: Sequence[StyledLayer], ids: pd.Index, pair: Pair, column: str
) -> tuple[tuple[StyledLayer, ...], tuple[StyledLayer, ...]]:
    """Layers of both scenarios, from below to above, the parcels coloured by a column in the same classes.

    Parameters
    ----------
    base : sequence of StyledLayer
        The layers of the map as it is.
    ids : Index
        Ids of the parcels in the order of their layer.
    """
    values = [_values(frame, ids, column) for frame in pair.shown]
    classes = _classes(column, pd.concat(values))
    first, second = (_coloured(base, column, one, classes) for one in values)
    return first, second


def difference_layers(
    base: Sequence[StyledLayer], ids: pd.Index, pair: Pair, column: str
) -> tuple[StyledLayer, ...]:
    """Layers from below to above, the parcels coloured by what differs."""
    values = _values(pair.parcels, ids, column)
    if field(column).type == "number" and column != "phase_change_years":
        return _coloured(base, column, values, _diverging(column, values))
    return _coloured(base, column, values, _classes(column, values))


def parcel_said(pair: Pair, parcel: str) -> list[str]:
    """What differs on a parcel and by how much, a line each; the first is the parcel itself."""
    if parcel not in pair.parcels.index:
        return [parcel, text("Neither plan says anything of this parcel.")]
    row: Any = pair.parcels.loc[parcel]
    lines = [f"{parcel} · {listed(row['plan_change_kinds']) or word(str(row['plan_change']))}"]
    pairs = (
        ("Technologies", listed(row["technologies_before"]), listed(row["technologies_after"])),
        ("PV", quantity(row["pv_before_kw"], "kW"), quantity(row["pv_after_kw"], "kW")),
        ("Heat", quantity(row["heat_before_kw"], "kW"), quantity(row["heat_after_kw"], "kW")),
        ("Year", _year(row["phase_before_year"]), _year(row["phase_after_year"])),
        ("Grade", word(str(row["grade_before"])), word(str(row["grade_after"]))),
    )
    for title, before, after in pairs:
        shown = before or MISSING if before == after else f"{before or MISSING} → {after or MISSING}"
        lines.append(f"{text(title)}: {shown}")
    capex = float(row["capex_change_yuan"])
    if capex:
        lines.append(f"{field('capex_change_yuan').title}: {_signed(capex, 'yuan')}")
    return lines


def how_much(row: pd.Series[Any]) -> list[str]:
    """By how much a parcel differs, a few words for each thing."""
    parts = []
    for name, title in (("pv_change_kw", "PV"), ("heat_change_kw", "Heat")):
        if row[name]:
            parts.append(f"{text(title)} {_signed(float(row[name]), 'kW')}")
    years = row["phase_change_years"]
    if not pd.isna(years) and years:
        parts.append(_shift(float(years)))
    if row["grade_before"] != row["grade_after"]:
        parts.append(f"{word(str(row['grade_before']))} → {word(str(row['grade_after']))}")
    return parts or [MISSING]


def legend_rows(layers: Sequence[StyledLayer]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Classes of the parcels of one or two maps: colour, words, and how many parcels are in each map."""
    parcels = [one for one in layers if one.name == PARCEL and one.classes is not None]
    if not parcels or parcels[0].classes is None:
        return []
    classes = parcels[0].classes
    found = [
        np.bincount(one.class_numbers.astype(np.int64) + 1, minlength=len(classes.colours) + 1)
        for one in parcels
    ]
    rows = []
    for number, (colour, label) in enumerate(zip(classes.colours, classes.labels, strict=True)):
        if any(one[number + 1] for one in found):
            rows.append((colour, label, tuple(count(int(one[number + 1])) for one in found)))
    if any(one[0] for one in found):
        missing = tuple(count(int(one[0])) for one in found)
        rows.append((classes.missing_colour, text(classes.missing_label), missing))
    return rows


def _coloured(
    base: Sequence[StyledLayer], column: str, values: pd.Series[Any], classes: Classes
) -> tuple[StyledLayer, ...]:
    """The base of the map with its parcels coloured; buildings lie over them plainly."""
    found = []
    for layer in base:
        if layer.name == PARCEL:
            numeric = classes.numeric
            given = values.to_numpy(float) if numeric else values.astype(object).fillna("").to_numpy()
            title = f"{layer_title(PARCEL)} · {field(column).title}"
            found.append(
                replace(
                    layer, title=title, values=given, classes=classes, visible=True, shown=None,
                    hidden_classes=frozenset(), opacity=1.0, gathered="sum" if numeric else "never",
                )
            )  # fmt: skip
        elif layer.name in BASE or layer.name.removeprefix("raster:") in RELIEF:
            plain = layer.name != BUILDING
            changes: dict[str, Any] = (
                {} if plain else {"values": None, "classes": None, "colour": look.MAP_BUILDING}
            )
            found.append(replace(layer, pickable=False, hidden_classes=frozenset(), **changes))
    return tuple(found)


def _values(frame: pd.DataFrame, ids: pd.Index, column: str) -> pd.Series[Any]:
    """A column by the ids of parcels; amounts of nothing and years as the classes want them."""
    values = frame[column].reindex(ids) if column in frame else pd.Series(np.nan, index=ids)
    if column == "phase_year":
        return values.map(lambda year: f"{year:.0f}", na_action="ignore")
    if column == "phase_change_years":
        return values.where(values != 0).map(_shift, na_action="ignore")
    if field(column).type == "number":
        return values.astype(float).where(values != 0)
    return values


def _shift(years: float) -> str:
    said = count(round(abs(years)))
    return (
        text("Years later: {count}", count=said) if years > 0 else text("Years earlier: {count}", count=said)
    )


def _classes(column: str, values: pd.Series[Any]) -> Classes:
    """Classes of both maps together, in the colours of the sheets."""
    if column in COLOURS:
        colours = {one.key: one.colour for one in palettes()[COLOURS[column]]}
        return categories(values.dropna(), colours)
    found = set(values.dropna().unique())
    if column == "phase_year":
        years = sorted(found)
        return categories(years, dict(zip(years, spread(YEARS, len(years)), strict=True)) if years else {})
    if column == "phase_change_years":
        earlier, later = (
            [said for years in ahead if (said := _shift(years)) in found]
            for ahead in (range(-FARTHEST_YEARS, 0), range(1, FARTHEST_YEARS + 1))
        )
        colours = dict(zip(earlier, reversed(spread(MORE, len(earlier))), strict=True)) if earlier else {}
        colours |= dict(zip(later, spread(LESS, len(later)), strict=True)) if later else {}
        return replace(categories(values.dropna(), colours), missing_label=UNCHANGED)
    made = graduated(values, method="natural_breaks", ramp="irradiation", unit=field(column).unit)
    return replace(made, missing_label=NOTHING)


def _diverging(column: str, values: pd.Series[Any]) -> Classes:
    """Classes below and above no change, as far on either side."""
    sizes = graduated(values.abs(), method="natural_breaks", count=STEPS, unit=field(column).unit).breaks
    borders = (*(-one for one in reversed(sizes)), 0.0, *sizes)
    made = graduated(values, method="manual", breaks=borders, unit=field(column).unit)
    largest, side = float(values.abs().max()), len(sizes) + 1
    return replace(
        made,
        edges=(-largest, *borders, largest),
        colours=(*reversed(spread(LESS, side)), *spread(MORE, side)),
        missing_label=UNCHANGED,
    )


def _shows(frame: pd.DataFrame, column: str) -> bool:
    if column not in frame:
        return False
    values = frame[column].dropna()
    if field(column).type == "number":
        return bool((values != 0).any())
    return bool(len(values))


def _year(year: float) -> str:
    return MISSING if pd.isna(year) else f"{year:.0f}"


def _signed(change: float, unit: str) -> str:
    return f"{'+' if change > 0 else '−'}{quantity(abs(change), unit)}"
