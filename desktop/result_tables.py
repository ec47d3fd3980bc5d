"""Tables with results: those of the city with what potentials found of their rows, and those that potentials brought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import geopandas as gpd
import pandas as pd

from layers.city import City
from potential import Assessment

# Words that every potential says of the same row; beside each other they carry the potential's name.
SHARED = ("grade", "reason", "missing_data", "safety_state", "safety_reason", "safety_checks")


def brought(city: City, assessments: Mapping[str, Assessment]) -> dict[str, gpd.GeoDataFrame]:
    """Tables with shapes of their own that potentials brought, such as roof planes and walls."""
    return {
        name: frame
        for made in assessments.values()
        for name, frame in made.details.items()
        if isinstance(frame, gpd.GeoDataFrame) and name not in city.tables
    }


def frame_of(city: City, assessments: Mapping[str, Assessment], table: str) -> gpd.GeoDataFrame | None:
    """A table by its name, of the city or brought by a potential; None where there is none."""
    if table in city.tables:
        return city.tables[table]
    return brought(city, assessments).get(table)


def found_in(made: Assessment, table: str) -> pd.DataFrame | None:
    """What an assessment found of the rows of a table; None where it says nothing of it."""
    return made.parcels if table == "parcel" else made.details.get(table)


def with_results(city: City, assessments: Mapping[str, Assessment], table: str) -> gpd.GeoDataFrame:
    """A table with all results of its rows.

    The words that all potentials say carry the name of theirs, `facade_grade`. Where a given column has the name
    of a result, the result takes it and the given one becomes `<name>_given`.
    """
    if table not in city.tables:
        return brought(city, assessments)[table]
    joined = city.tables[table]
    taken: set[str] = set()
    for name, found in _results(assessments, table):
        named = found.rename(columns={word: f"{name}_{word}" for word in SHARED})
        new = [one for one in named.columns if one not in taken]
        new = [one for one in new if one != "parcel_id" or one not in joined.columns]
        clashes = {one: f"{one}_given" for one in new if one in joined.columns}
        joined = joined.rename(columns=clashes).join(named[new])
        taken |= set(new)
    return joined


def _results(assessments: Mapping[str, Assessment], table: str) -> Iterator[tuple[str, pd.DataFrame]]:
    for name, made in assessments.items():
        found = found_in(made, table)
        if found is not None:
            yield name, found
