"""Areas: the district and planning unit of parcels, and of buildings on none, by where they lie if the data do not say."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from core.problems import Problem, Severity

NAMES = ("name", "district_name")  # what a district is called in its own table


def in_areas(
    parcels: gpd.GeoDataFrame, tables: Mapping[str, gpd.GeoDataFrame], *, table: str = "parcel"
) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Parcels with the district and planning unit they lie in, where their own columns say nothing.

    A parcel belongs to the area that holds a point inside of it. What is given stays as it is.

    Parameters
    ----------
    parcels : GeoDataFrame
        Indexed by `parcel_id`, with `district_name`, `district_code` and `planning_unit` where given.
    tables : Mapping of str to GeoDataFrame
        With `district` and `planning_unit` where known, in the reference system of the parcels.
    table : str
        Whose rows these are: `parcel`, or `building` of those that stand on none.

    Returns
    -------
    GeoDataFrame
        Parcels with the columns that could be found.
    list of Problem
        Of how many parcels they were found by position.
    """
    found: dict[str, pd.Series] = {}
    districts = tables.get("district")
    if districts is not None and len(districts):
        ids = pd.Series(districts.index.astype(str), index=districts.index, dtype=object)
        name = next((one for one in NAMES if one in districts), "")
        if name:
            found["district_name"] = districts[name]
        found["district_code"] = districts.get("district_code", ids)
    places = {"district": districts, "planning_unit": tables.get("planning_unit")}
    units = places["planning_unit"]
    if units is not None and len(units):
        found["planning_unit"] = pd.Series(units.index.astype(str), index=units.index, dtype=object)
    whole = parcels
    problems: list[Problem] = []
    for column, said in found.items():
        owner = "planning_unit" if column == "planning_unit" else "district"
        known = (
            parcels[column].astype(object)
            if column in parcels
            else pd.Series(np.nan, parcels.index, dtype=object)
        )
        lacking = known.isna() | (known.astype(str).str.strip() == "")
        if not lacking.any():
            continue
        place = _area_of(parcels[lacking.to_numpy()], places[owner])
        told = place.map(said.astype(object)).dropna()
        if told.empty:
            continue
        known = known.copy()
        known.loc[told.index] = told.astype(str)
        whole = whole.assign(**{column: known})
        if column != "district_code" or "district_name" not in found:
            problems.append(_said(owner, table, told.index))
    return whole, problems


def off_parcels_in_areas(
    buildings: gpd.GeoDataFrame, tables: Mapping[str, gpd.GeoDataFrame]
) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Buildings, those that stand on no parcel with the district they lie in; the others have that of their parcel."""
    off = buildings["parcel_id"].isna().to_numpy()
    if not off.any() or "district" not in tables:
        return buildings, []
    found, problems = in_areas(buildings[off], {"district": tables["district"]}, table="building")
    columns = [one for one in ("district_name", "district_code") if one in found]
    whole = buildings.copy()
    for column in columns:
        known = (
            whole[column].astype(object) if column in whole else pd.Series(np.nan, whole.index, dtype=object)
        )
        known[off] = found[column].to_numpy(dtype=object)
        whole[column] = known
    return whole, problems


def _area_of(parcels: gpd.GeoDataFrame, areas: gpd.GeoDataFrame | None) -> pd.Series:
    """Index of the area that holds a point of each parcel; parcels outside of all areas are left out."""
    if areas is None or not len(parcels):
        return pd.Series(dtype=object)
    usable = ~(
        shapely.is_missing(parcels.geometry.to_numpy()) | shapely.is_empty(parcels.geometry.to_numpy())
    )
    inside = shapely.point_on_surface(parcels.geometry.to_numpy()[usable])
    rows, columns = areas.sindex.query(inside, predicate="intersects")
    first = pd.Series(areas.index.to_numpy()[columns], index=parcels.index[usable][rows], dtype=object)
    return first[~first.index.duplicated()]


def _said(owner: str, table: str, rows: pd.Index) -> Problem:
    messages = {
        "planning_unit": "The planning unit of {count} parcels was taken from the layer of planning units, by position.",
        "parcel": "The district of {count} parcels was taken from the layer of districts, by position.",
        "building": "The district of {count} buildings was taken from the layer of districts, by position.",
    }
    return Problem(
        messages["planning_unit" if owner == "planning_unit" else table],
        "Give it in the data if it is another.",
        severity=Severity.NOTE,
        count=len(rows),
        table=table,
        rows=tuple(rows),
    )
