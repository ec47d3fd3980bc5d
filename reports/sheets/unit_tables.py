"""Tables of a policy unit beside its map: its state, its control indicators, what each source gives and the plan takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from core.fields import fields
from core.texts import text, word
from core.units import MISSING, count, quantity
from potential import Grade
from potential.registry import potentials
from reports.quantities import Quantities, quantities
from reports.sheets.content import column_said
from reports.sheets.declared import UnitGroup
from reports.sheets.material import Missing, Sources, known_column

TARGET = "_target"  # ending of the column that holds what an indicator is to reach
USABLE = (str(Grade.SUITABLE), str(Grade.FAIRLY_SUITABLE))


def indicator_tables(
    sources: Sources, unit: gpd.GeoDataFrame, groups: Sequence[UnitGroup]
) -> list[dict[str, Any]]:
    """The indicators of a unit in their declared groups, for the template; groups of which nothing is known are left out.

    An indicator stands with its target and whether it binds or guides, where the plan says so. The plan's value goes
    before the city's.
    """
    rows = _indicators(sources, unit)
    kinds = control_kinds(sources)
    tables = []
    for group in groups:
        lines = []
        for wanted in group.columns:
            column = known_column(rows, wanted)
            if not column or column not in fields():
                continue
            value, target = _said(column, rows), _said(f"{column}{TARGET}", rows)
            if target == MISSING and (
                value == MISSING or not (group.zero or _is_something(rows[column].iloc[0]))
            ):
                continue
            lines.append([fields()[column].title, value, target, kinds.get(column, "")])
        if lines:
            tables.append(_trimmed(group.title.said(), lines))
    return tables


def energy_table(sources: Sources, parcels: gpd.GeoDataFrame) -> dict[str, Any] | None:
    """What each assessed source could give in a unit, and what the plan takes of it; None where there is nothing."""
    planned = _planned(sources, parcels)
    lines = []
    for one in potentials():
        made = sources.assessments.get(one.name)
        if made is None or not made.graded:
            continue
        inside = made.parcels.reindex(parcels.index)
        found = quantities(made.parcels.columns)
        power = found.capacities[0].unit if found.capacities else "kW"
        kw, kwh = _given(inside, found)
        technologies = set(made.options["technology"]) if "technology" in made.options else set()
        taken = planned[planned["technology"].isin(technologies)]
        if not kw and taken.empty:
            continue
        usable = int(inside["grade"].isin(USABLE).sum()) if "grade" in inside else 0
        lines.append(
            [
                text(one.title),
                count(usable),
                quantity(kw, power),
                quantity(kwh, "kWh/a"),
                quantity(float(taken["planned_kw"].sum()), power) if len(taken) else MISSING,
                quantity(float(taken["kwh_per_year"].sum()), "kWh/a") if len(taken) else MISSING,
            ]
        )
    lines += _new_roofs(sources, parcels, planned)
    if not lines:
        return None
    heads = [
        text("Energy source"),
        text("Well suited parcels"),
        text("Potential"),
        text("Potential a year"),
        text("Planned"),
        text("Planned a year"),
    ]
    return {
        "title": text("Renewable energy of the unit: potential and plan"),
        "heads": heads,
        "aligns": ["left", *("right" for _ in heads[1:])],
        "widths": [1.5, 1.2, 1.2, 1.0, 1.0, 1.0],
        "rows": lines,
        "left-out": "",
        "summed": False,
    }


def _new_roofs(sources: Sources, parcels: gpd.GeoDataFrame, planned: pd.DataFrame) -> list[list[str]]:
    """The line of PV on roofs of new buildings, which no assessment has seen; empty where the unit has none."""
    try:
        roofs = sources.table("plan:planned_roof")
    except Missing:
        return []
    lines = []
    for technology, rows in roofs[roofs["parcel_id"].isin(parcels.index)].groupby("technology"):
        taken = planned[planned["technology"] == technology]
        lines.append(
            [
                word(str(technology)),
                MISSING,
                quantity(float(rows["resource_kw"].sum()), "kWp"),
                quantity(float(rows["resource_kwh_per_year"].sum()), "kWh/a"),
                quantity(float(taken["planned_kw"].sum()), "kWp") if len(taken) else MISSING,
                quantity(float(taken["kwh_per_year"].sum()), "kWh/a") if len(taken) else MISSING,
            ]
        )
    return lines


def control_kinds(sources: Sources) -> dict[str, str]:
    """Whether an indicator binds or guides, by the names it has as a share and as an area."""
    try:
        rows = sources.table("plan:control")
    except Missing:
        return {}
    said = {
        "binding": text("binding indicator"),
        "guiding": text("guiding indicator"),
        "either": text("binding or guiding indicator"),
    }
    return {
        f"{indicator}{ending}": said.get(str(kind), word(str(kind)))
        for indicator, kind in rows["control_kind"].items()
        for ending in ("", "_m2", "_share")
    }


def _indicators(sources: Sources, unit: gpd.GeoDataFrame) -> pd.DataFrame:
    """The one row of a unit: columns of the plan, and those of the city that the plan does not have."""
    rows = pd.DataFrame(unit.drop(columns=unit.geometry.name))
    try:
        planned = sources.table("plan:unit").reindex(unit.index)
    except Missing:
        planned = pd.DataFrame(index=unit.index)
    return rows[[one for one in rows.columns if one not in planned.columns]].join(planned)


def _is_something(value: Any) -> bool:
    """Whether a value is other than nothing."""
    return not isinstance(value, int | float) or value != 0


def _said(column: str, rows: pd.DataFrame) -> str:
    """The value of a column of one row with its unit; a dash where it holds nothing."""
    if column not in rows or column not in fields() or not rows[column].notna().any():
        return MISSING
    known = fields()[column]
    if known.type == "number" and known.unit:
        return quantity(float(rows[column].iloc[0]), known.unit)
    _, (value,), _ = column_said(column, rows[column])
    return value or MISSING


def _trimmed(title: str, lines: list[list[str]]) -> dict[str, Any]:
    """A table without the columns of targets and kinds where no indicator has one."""
    heads = [text("Indicator"), text("Value"), text("Target"), text("Control")]
    blank = ("", MISSING)
    kept = [0, 1, *(place for place in (2, 3) if any(line[place] not in blank for line in lines))]
    aligns, widths = ["left", "right", "right", "left"], [2.6, 1.2, 0.9, 0.9]
    return {
        "title": title,
        "heads": [heads[place] for place in kept],
        "aligns": [aligns[place] for place in kept],
        "widths": [widths[place] for place in kept],
        "rows": [[line[place] for place in kept] for line in lines],
        "left-out": "",
        "summed": False,
    }


def _planned(sources: Sources, parcels: gpd.GeoDataFrame) -> pd.DataFrame:
    """The choices of the plan on some parcels."""
    try:
        choices = sources.table("plan:choice")
    except Missing:
        return pd.DataFrame({"technology": [], "planned_kw": [], "kwh_per_year": []})
    needed = choices.reindex(columns=["parcel_id", "technology", "planned_kw", "kwh_per_year"])
    return needed[needed["parcel_id"].isin(parcels.index)]


def _given(inside: pd.DataFrame, found: Quantities) -> tuple[float, float]:
    """What a source gives on some parcels: power and a year's energy. [kW], [kWh/a]"""
    sums = [
        float(inside[those[0].name].sum()) if those else 0.0 for those in (found.capacities, found.energies)
    ]
    return sums[0], sums[1]


def without_prefix(ids: Sequence[Any]) -> tuple[list[str], str]:
    """Ids as they stand on a small map, and what all of them begin with up to a dash; empty where they share nothing."""
    words = [str(one) for one in ids]
    heads: set[str] = {one.rpartition("-")[0] for one in words}
    if len(words) < 2 or len(heads) != 1 or not (head := heads.pop()):
        return words, ""
    return [one.rpartition("-")[2] for one in words], f"{head}-"
