"""Themes: the columns by which a layer can be shown, and the classes each is shown in at first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from cartography.classes import Classes, categories, grades, graduated, uses
from core.fields import field, fields
from core.texts import text
from desktop.result_tables import found_in, frame_of
from layers.city import City
from potential import Assessment
from potential.registry import potentials
from reports.sheets.declared import palettes


@dataclass(frozen=True)
class Theme:
    """A column shown on a table.

    Parameters
    ----------
    table, column : str
        What is shown.
    gathered : {"mean", "sum", "never"}
        How values go together when features are too small to be told apart.
    potential : str
        Whose word it is, where several potentials have a column of the name; empty for the only one.
    """

    table: str
    column: str
    gathered: Literal["mean", "sum", "never"] = "mean"
    potential: str = ""

    @property
    def title(self) -> str:
        """What the theme is called."""
        title = field(self.column).title
        whose = next((text(one.title) for one in potentials() if one.name == self.potential), "")
        return f"{whose} · {title}" if whose else title


# Themes offered for every assessment that has the columns, best first.
RESULT_THEMES = (
    Theme("building", "pv_kwh_per_roof_m2"),
    Theme("building", "irradiation_kwh_per_m2"),
    Theme("building", "pv_kwh_per_year", "sum"),
    Theme("building", "pv_yield_kwh_per_kwp"),
    Theme("building", "shading_loss"),
    Theme("building", "pv_self_use_share"),
    Theme("building", "pv_payback_surplus_years"),
    Theme("building", "facade_kwh_per_year", "sum"),
    Theme("building", "facade_irradiation_kwh_per_m2"),
    Theme("building", "ancillary_kwh_per_year", "sum"),
    Theme("building", "municipal_kwh_per_year", "sum"),
    Theme("building", "solar_heat_kwh_per_year", "sum"),
    Theme("building", "solar_fraction"),
    Theme("parcel", "pv_kwh_per_year", "sum"),
    Theme("parcel", "pv_kwp", "sum"),
    Theme("parcel", "facade_kwh_per_year", "sum"),
    Theme("parcel", "ancillary_kwh_per_year", "sum"),
    Theme("parcel", "municipal_kwh_per_year", "sum"),
    Theme("parcel", "solar_heat_kwh_per_year", "sum"),
    Theme("building", "heat_kwh_per_m2"),
    Theme("building", "cold_kwh_per_m2"),
    Theme("building", "heat_w_per_m2"),
    Theme("building", "heat_kwh_per_year", "sum"),
    Theme("building", "cold_kwh_per_year", "sum"),
    Theme("parcel", "heat_kwh_per_year", "sum"),
    Theme("parcel", "cold_kwh_per_year", "sum"),
    Theme("parcel", "heat_kwh_per_m2"),
    Theme("parcel", "electricity_kwh_per_year", "sum"),
    *(
        Theme("parcel", f"{source}_{what}_kwh_per_year", "sum")
        for what in ("heat", "cold")
        for source in ("ghe", "gw", "water", "deep", "air", "waste", "biomass")
        if f"{source}_{what}_kwh_per_year" in fields()
    ),
    Theme("parcel", "plan_heat_family", "never"),
    Theme("parcel", "green_grade", "never"),
    Theme("parcel", "plan_pv_kw", "sum"),
    Theme("parcel", "plan_heat_kw", "sum"),
    Theme("roof_plane", "irradiation_kwh_per_m2"),
    Theme("roof_plane", "plane_tilt_deg"),
    Theme("roof_plane", "pv_kwh_per_year", "sum"),
    Theme("wall", "facade_irradiation_kwh_per_m2"),
    Theme("wall", "facade_kwh_per_year", "sum"),
    Theme("canopy", "ancillary_kwh_per_year", "sum"),
    Theme("facility", "municipal_kwh_per_year", "sum"),
)
CITY_THEMES = (
    Theme("building", "use", "never"),
    Theme("building", "height_m"),
    Theme("building", "year_built"),
    Theme("building", "height_source", "never"),
    Theme("parcel", "use", "never"),
    Theme("parcel", "far"),
    Theme("protection_zone", "kind", "never"),
)
JUDGED = ("grade", "safety_state")  # words of every potential that are shown as themes of their own
PALETTES = {"plan_heat_family": "family", "green_grade": "green_grade"}
WIDE_ZONE, OTHER_ZONE = "#c3c9cb", "#6b777c"  # of zones over all of a city, pale; of kinds without a colour
SAFETY_COLOURS = {"passed": "#5fa27f", "to_check": "#f1c761", "excluded": "#c9533f"}
SOURCE_COLOURS = {"given": "#5fa27f", "derived": "#f1c761", "default": "#c9533f"}


def column_of(city: City, assessments: Mapping[str, Assessment], theme: Theme) -> pd.Series[Any] | None:
    """Values of a theme in the order of its table; None where no table has the column."""
    table = frame_of(city, assessments, theme.table)
    if table is None:
        return None
    for name, made in assessments.items():
        found = found_in(made, theme.table)
        if found is not None and theme.column in found and theme.potential in ("", name):
            return found[theme.column].reindex(table.index)
    return None if theme.potential else pd.DataFrame(table).get(theme.column)


def themes_of(city: City, assessments: Mapping[str, Assessment], table: str) -> list[Theme]:
    """Themes that a table can be shown by, results first."""
    judged = [
        Theme(table, word, "never", name)
        for word in JUDGED
        for name, made in assessments.items()
        if (found := found_in(made, table)) is not None
        and word in found
        and (found[word].astype(str) != "").any()
    ]
    offered = (*(RESULT_THEMES if assessments else ()), *judged, *CITY_THEMES)
    return [
        theme
        for theme in offered
        if theme.table == table
        and (values := column_of(city, assessments, theme)) is not None
        and values.notna().any()
    ]


def best_theme(
    city: City, results: Mapping[str, Assessment], name: str, known: Collection[str]
) -> Theme | None:
    """What shows a result best: of buildings, of what it brought, or of parcels, among tables that are known."""
    made = results[name]
    for table in ("building", *made.details, "parcel"):
        found = found_in(made, table)
        if table not in known or found is None or found.empty:
            continue
        for theme in themes_of(city, results, table):
            if theme.column in found and theme.potential in ("", name):
                return theme
    return None


def zones(values: pd.Series[Any]) -> Classes:
    """Kinds of protection zones in the colours of the sheets; other kinds after them."""
    known = {one.key: one.colour for one in palettes()["limits"]} | {"no_burn": WIDE_ZONE}
    others = sorted(set(values.dropna().astype(str)) - set(known) - {""})
    return categories(values, {**known, **dict.fromkeys(others, OTHER_ZONE)})


def classes_of(theme: Theme, values: pd.Series[Any]) -> Classes:
    """Default classes of a theme."""
    if theme.column == "grade":
        return grades()
    if theme.column == "use":
        return uses()
    if theme.table == "protection_zone":
        return zones(values)
    if theme.column in PALETTES:  # in the colours of the sheets
        return categories(values, {one.key: one.colour for one in palettes()[PALETTES[theme.column]]})
    if theme.column == "safety_state":
        return categories(values, SAFETY_COLOURS)
    if theme.column.endswith("_source"):
        return categories(values, SOURCE_COLOURS)
    if field(theme.column).type in ("text", "phrase", "flag"):
        return categories(values)
    ramp = "viridis" if theme.column in ("height_m", "year_built", "far") else "irradiation"
    return graduated(values, method="natural_breaks", ramp=ramp, unit=field(theme.column).unit)
