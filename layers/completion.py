"""Completion: uses, heights, storeys, years, roofs and floor areas that the data leave out, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from core.fields import FieldTitle, field
from core.problems import Problem, Severity
from layers.geometry import shapes_of
from layers.land_use import LandUses, split_name
from layers.parcel_uses import first_kind, parcel_uses
from standards import Standards

BUILDING_KINDS = ("kind", "kind_detail", "fclass")
SURROUNDINGS = ("landuse_kind",)
OPEN_LAND = ("green", "square", "water", "reserve", "unknown")  # uses that no building has
_NO_USE = (
    "The use of {count} of {total} buildings is not known; they count as public buildings.",
    "Give their use, or the land use of their parcels.",
)
GIVEN, DERIVED, DEFAULT = "given", "derived", "default"
# Columns that are completed, and where it stands whether a value was given.
SOURCE_OF = {
    "use": "use_source",
    "height_m": "height_source",
    "floors_above": "floors_source",
    "year_built": "year_source",
    "roof_type": "roof_type_source",
    "gfa_m2": "gfa_source",
    "plot_area_m2": "plot_area_source",
}


def complete(
    buildings: gpd.GeoDataFrame,
    parcels: gpd.GeoDataFrame,
    facts: Mapping[str, Any],
    standards: Standards,
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, list[Problem]]:
    """Buildings and parcels with no value missing that computing needs.

    Given values stay. A height or number of storeys of zero is missing. Height follows from storeys and
    storeys from height by the storey height of the use, floor area from footprint and storeys, use from the
    parcel; what nothing tells is taken by use from `building_defaults` and `roof_type_defaults`.

    Parameters
    ----------
    buildings : GeoDataFrame
        Joined with the parcels (`parcel_id`).
    parcels : GeoDataFrame
        Indexed by `parcel_id`; may be empty.
    facts : Mapping
        `land_use_system` where the user has said it; `year_built` that holds where no year is given.
    standards : Standards
        Published and assumed numbers.

    Returns
    -------
    GeoDataFrame
        Buildings with `use`, `height_m`, `floors_above`, `year_built`, `roof_type`, `gfa_m2`,
        `footprint_m2`, and `<field>_source` `given`, `derived` or `default` of each.
    GeoDataFrame
        Parcels with `use`, `use_source`, `use_mix`, `land_use_system`, `plot_area_m2`, `plot_area_source`.
    list of Problem
        How many values were derived or taken by default, and which words were not understood.
    """
    parcels = parcels.copy()
    found, problems = parcel_uses(parcels, standards, str(facts.get("land_use_system", "")))
    parcels[found.columns] = found
    area = pd.Series(shapely.area(shapes_of(parcels)), index=parcels.index, dtype="float64")
    plot, derived = _told(parcels, "plot_area_m2", "plot_area_source")
    parcels["plot_area_m2"] = plot.fillna(area)
    parcels["plot_area_source"] = _source(plot.notna() & ~derived, pd.Series(True, index=parcels.index))
    out = buildings.copy()
    out, said = _with_use(out, parcels, standards)
    problems += said
    zero = (_number(out, "height_m") <= 0) | (_number(out, "floors_above") <= 0)
    if zero.any():
        problems.append(
            _problem(
                Severity.WARNING,
                "{count} buildings have a height or number of storeys of zero or less; it counts as missing.",
                "Correct them.",
                out.index[zero],
            )
        )
    out = _with_heights(out, standards)
    out = _with_year(out, facts, standards)
    out = _with_roof(out, standards)
    out = _with_floor_area(out)
    return out, parcels, problems + _summaries(out)


def _with_use(
    out: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame, standards: Standards
) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Use of each building: its own, else by its kind, else of its parcel, else by the land around it."""
    given = _words(out, "use").mask(_words(out, "use_source").isin((DERIVED, DEFAULT)), "")
    kind = first_kind(out, BUILDING_KINDS)
    around = first_kind(out, SURROUNDINGS)
    uses = LandUses(standards)
    by_word = {word: _use_of_word(uses, word) for word in {*given, *kind, *around} - {""}}

    def meant(words: pd.Series[Any]) -> pd.Series[Any]:
        return words.map(by_word).astype("str")

    known = given.isin(field("use").choices) & given.ne("unknown")
    own = given.where(known).fillna(meant(given.where(~known)))
    strange = given.ne("") & own.isna()
    own = own.fillna(meant(kind))
    of_parcel = _parcel(out, parcels, "use").where(lambda use: use.ne("unknown"))
    of_land = meant(around).where(lambda use: ~use.isin(OPEN_LAND))
    use = own.fillna(of_parcel).fillna(of_land)
    out["use"] = use.fillna("unknown").astype("str")
    out["use_mix"] = _parcel(out, parcels, "use_mix").where(own.isna()).astype("str")
    out["use_source"] = _source(known, use.notna())
    if not strange.any():
        return out, []
    return out, [
        _problem(
            Severity.WARNING,
            "The use “{words}” is not known; the use of the parcel was taken where there is one.",
            "Choose one of the uses of the program for these buildings.",
            out.index[strange],
            words="、".join(sorted(given[strange].unique())[:8]),
        )
    ]


def _use_of_word(uses: LandUses, word: str) -> str | None:
    """What a word in the data says of use; the first of several."""
    for part in (word, *split_name(word)):
        found = uses.of_kind(part) or uses.of_name(part)
        if part and found:
            return found.use
    return None


def _with_heights(out: gpd.GeoDataFrame, standards: Standards) -> gpd.GeoDataFrame:
    """Height and storeys, each from the other, else by use."""
    height, height_derived = _told(out, "height_m", "height_source")
    floors, floors_derived = _told(out, "floors_above", "floors_source")
    under = _number(out, "min_height_m").fillna(0.0).clip(lower=0.0)
    storey = _by_use(out["use"], "storey_height", standards)
    usual = _by_use(out["use"], "storeys", standards)
    tall = under + floors * storey
    out["height_m"] = height.fillna(tall).fillna(under + usual * storey)
    stacked = np.maximum(1.0, np.rint(((height - under).clip(lower=0.0) / storey).to_numpy()))
    out["floors_above"] = floors.fillna(pd.Series(stacked, index=out.index)).fillna(usual)
    out["height_source"] = _source(height.notna() & ~height_derived, height.notna() | floors.notna())
    out["floors_source"] = _source(floors.notna() & ~floors_derived, height.notna() | floors.notna())
    return out


def _with_year(out: gpd.GeoDataFrame, facts: Mapping[str, Any], standards: Standards) -> gpd.GeoDataFrame:
    """Year built: given, else the city's, else by use."""
    year, _ = _told(out, "year_built", "year_source")
    stated = facts.get("year_built")
    usual = (
        pd.Series(float(stated), index=out.index) if stated else _by_use(out["use"], "year_built", standards)
    )
    out["year_built"] = year.fillna(usual)
    out["year_source"] = _source(year.notna(), pd.Series(False, index=out.index))
    return out


def _with_roof(out: gpd.GeoDataFrame, standards: Standards) -> gpd.GeoDataFrame:
    """Roof type: given, else by use."""
    given = _words(out, "roof_type").mask(_words(out, "roof_type_source").eq(DEFAULT), "")
    known = given.isin(field("roof_type").choices)
    types = _of_classes(standards.table("roof_type_defaults"), "roof_type")
    out["roof_type"] = given.where(known).fillna(out["use"].map(types)).astype("str")
    out["roof_type_source"] = _source(known, pd.Series(False, index=out.index))
    return out


def _with_floor_area(out: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Footprint and floor area."""
    area = pd.Series(shapely.area(shapes_of(out)), index=out.index)
    footprint = _number(out, "footprint_m2")
    out["footprint_m2"] = footprint.where(footprint > 0, area)
    floor_area, derived = _told(out, "gfa_m2", "gfa_source")
    out["gfa_m2"] = floor_area.fillna(out["footprint_m2"] * out["floors_above"])
    out["gfa_source"] = _source(floor_area.notna() & ~derived, out["floors_source"].ne(DEFAULT))
    return out


def _by_use(use: pd.Series[Any], quantity: str, standards: Standards) -> pd.Series[Any]:
    """The default of a quantity for the use of each row."""
    table = standards.table("building_defaults")
    values = _of_classes(table[table["quantity"] == quantity], "default")
    return use.map(values).astype("float64")


def _of_classes(table: pd.DataFrame, column: str) -> dict[str, Any]:
    """Value of a column for each use, from a table whose rows list the uses of a class."""
    return {
        use: value
        for uses, value in zip(table["uses"], table[column], strict=True)
        for use in str(uses).split(";")
    }


def _parcel(out: pd.DataFrame, parcels: pd.DataFrame, column: str) -> pd.Series[Any]:
    """A column of the parcel of each building, missing where it stands on none."""
    if "parcel_id" not in out.columns or parcels.empty:
        return pd.Series(np.nan, index=out.index, dtype="str")
    return out["parcel_id"].map(parcels[column]).astype("str")


def _number(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    """A column as numbers, NaN where missing or absent."""
    if name not in frame.columns:
        return pd.Series(np.nan, index=frame.index, dtype="float64")
    return pd.to_numeric(frame[name], errors="coerce").astype("float64")


def _told(frame: pd.DataFrame, name: str, source: str) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Values above zero that are not defaults of an earlier completion, and which of them were derived."""
    told = _words(frame, source)
    values = _number(frame, name)
    values = values.where((values > 0) & told.ne(DEFAULT))
    return values, told.eq(DERIVED) & values.notna()


def _words(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    """A column as words without blanks around, empty where missing or absent."""
    if name not in frame.columns:
        return pd.Series("", index=frame.index, dtype="str")
    return frame[name].astype("string").str.strip().fillna("").astype("str")


def _source(given: pd.Series[Any], derived: pd.Series[Any]) -> pd.Series[Any]:
    """Where each value comes from."""
    words: NDArray[np.str_] = np.select([given, derived], [GIVEN, DERIVED], DEFAULT)
    return pd.Series(words, index=given.index, dtype="str")


def _summaries(out: gpd.GeoDataFrame) -> list[Problem]:
    """One note for each field and source that was not given."""
    problems = []
    for name, source in ((name, source) for name, source in SOURCE_OF.items() if source in out):
        for word, message, remedy in (
            (
                DERIVED,
                "“{title}” of {count} of {total} buildings follows from other values.",
                "Give it where it is known.",
            ),
            (
                DEFAULT,
                "“{title}” of {count} of {total} buildings is not known; the usual value was taken.",
                "Give it where it is known; results for these buildings are rough.",
            ),
        ):
            rows = out.index[out[source] == word]
            if len(rows):
                if name == "use" and word == DEFAULT:
                    message, remedy = _NO_USE
                problems.append(
                    _problem(Severity.NOTE, message, remedy, rows, title=FieldTitle(name), total=len(out))
                )
    return problems


def _problem(severity: Severity, message: str, remedy: str, rows: pd.Index, **values: Any) -> Problem:
    """A problem of buildings."""
    return Problem(
        message, remedy, severity=severity, table="building", rows=tuple(rows), count=len(rows), **values
    )
