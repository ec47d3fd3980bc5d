"""Chart scope: which parcels or buildings a chart is about: the city, an area, the selection; always what passes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, UserError
from core.texts import text
from core.units import count
from desktop.expressions import rows_meant
from desktop.result_tables import with_results
from layers.city import City
from potential import Assessment

CITY, DISTRICT, UNIT, SELECTION = "city", "district", "unit", "selection"
PARCEL, BUILDING = "parcel", "building"
COLUMNS = {DISTRICT: "district_name", UNIT: "planning_unit"}

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Scope:
    """The rows a chart adds up.

    Parameters
    ----------
    table : str
        `parcel` or `building`.
    ids : Index
        Ids of its rows.
    kind, area : str
        `city`, `district`, `unit` or `selection`, and the id of the district or unit.
    whole : bool
        Whether it is the whole city, with nothing filtered out.
    """

    table: str
    ids: pd.Index
    kind: str = CITY
    area: str = ""
    whole: bool = False

    @property
    def said(self) -> str:
        """How many rows of what, in words."""
        if self.table == BUILDING:
            return text("{count} buildings", count=count(len(self.ids)))
        return text("{count} parcels", count=count(len(self.ids)))


def areas_of(city: City) -> list[tuple[str, str, str]]:
    """Districts and units that have parcels: kind, id and name of each, by name."""
    parcels = city.tables.get(PARCEL)
    if parcels is None:
        return []
    found: list[tuple[str, str, str]] = []
    units = city.tables.get("planning_unit")
    names = units["name"] if units is not None and "name" in units else pd.Series(dtype=object)
    for kind, column in COLUMNS.items():
        if column not in parcels:
            continue
        for one in sorted(map(str, parcels[column].dropna().unique())):
            name = names.get(one) if kind == UNIT else None
            found.append((kind, one, f"{one} {name}" if isinstance(name, str) and name else one))
    return found


def scope_of(
    city: City,
    kind: str = CITY,
    area: str = "",
    *,
    filters: Mapping[str, pd.Index] | None = None,
    selection: tuple[str, Sequence[str]] = ("", ()),
) -> Scope:
    """The rows that are meant and pass the filters.

    Parameters
    ----------
    city : City
        The checked city.
    kind, area : str
        See `Scope`.
    filters : Mapping of table to Index, optional
        Ids that pass, of the tables that are filtered.
    selection : (str, sequence of str)
        Table and ids that are selected; looked at where `kind` is `selection`.

    Returns
    -------
    Scope
        Buildings where buildings are filtered or selected, or where the city has no parcels; else parcels.
    """
    passing = filters or {}
    parcels, buildings = city.tables.get(PARCEL), city.tables.get(BUILDING)
    if kind == SELECTION:
        table, chosen = selection
        rows = pd.Index([str(one) for one in chosen])
        if table in passing:
            rows = rows[rows.isin(passing[table])]
        return Scope(
            table if table == BUILDING else PARCEL, rows if table in (PARCEL, BUILDING) else rows[:0], kind
        )
    narrowed = PARCEL in passing or kind in COLUMNS
    ids = parcels.index if parcels is not None else pd.Index([])
    if parcels is not None and kind in COLUMNS:
        ids = parcels.index[parcels[COLUMNS[kind]].astype(str) == area]
    if PARCEL in passing:
        ids = ids[ids.isin(passing[PARCEL])]
    if buildings is not None and (BUILDING in passing or parcels is None):
        rows = passing.get(BUILDING, buildings.index)
        if narrowed and "parcel_id" in buildings:
            rows = rows[buildings["parcel_id"].reindex(rows).isin(ids)]
        return Scope(BUILDING, rows, kind, area, whole=not passing and not narrowed)
    return Scope(PARCEL, ids, kind, area, whole=not narrowed)


def parcels_meant(city: City, assessments: Mapping[str, Assessment], condition: str) -> list[str]:
    """Ids of the parcels that meet a condition on their columns and results; UserError where none does."""
    frame = with_results(city, assessments, PARCEL)
    mask = rows_meant(frame, condition)
    found = [str(one) for one in (frame.index if mask is None else frame.index[mask])]
    if not found:
        raise UserError(Problem("No row meets this condition.", "Change the condition."))
    return found
