"""Scores: how well parcels suit a higher grade, by land use, density, size, nearness, resource and price of land."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from plans.green.settings import PROMOTION, cases, weights
from standards import Taken

STATION = "station"


def promotion_score(
    facts: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    taken: Taken,
    resource: pd.Series[Any] | None = None,
    land_price: pd.Series[Any] | None = None,
) -> pd.Series[float]:
    """How well every parcel suits a higher grade, 0 to 1: the weighted mean of what is known of it.

    Parameters
    ----------
    facts : DataFrame, indexed by parcel_id
        `grade_class`, `far`, `civil_m2`.
    tables : Mapping of str to DataFrame
        `parcel`, and what is there of `metro` and `key_area`, for the distance.
    taken : Taken
        Weights and scales, of the table `green_score`.
    resource, land_price : Series, optional
        Renewable energy of every parcel and price of its land, in any unit; the largest scores 1.

    Returns
    -------
    Series
        Factors that are not known leave the others their weight.
    """

    def scale(factor: str, case: str) -> float:
        return taken.number("green_score", purpose=PROMOTION, factor=factor, case=case)

    kinds = cases(taken, PROMOTION, "land_use")
    first = facts["grade_class"].str.split(";").str[0]
    parts = {
        "land_use": first.map(kinds),
        "far": facts["far"] / scale("far", "full"),
        "size": facts["civil_m2"] / scale("size", "full"),
        "distance": 1 - distance_m(tables) / scale("distance", "none"),
        "resource": relative(resource, facts.index),
        "land_price": relative(land_price, facts.index),
    }
    return weighted(parts, weights(taken, PROMOTION), facts.index)


def weighted(
    parts: Mapping[str, pd.Series[Any]], weight: Mapping[str, float], index: pd.Index
) -> pd.Series[float]:
    """Mean of the known parts of every row by their weights, each part kept within 0 and 1; 0 where none is known."""
    values = pd.DataFrame(
        {name: part.reindex(index).astype(float).clip(0.0, 1.0) for name, part in parts.items()}
    )
    by = pd.Series({name: weight.get(name, 0.0) for name in parts})
    known = values.notna() * by
    total = known.sum(axis=1)
    return ((values.fillna(0.0) * by).sum(axis=1) / total.where(total > 0)).fillna(0.0)


def relative(values: pd.Series[Any] | None, index: pd.Index) -> pd.Series[float]:
    """Values as shares of the largest; not known where none is given or none is above nothing."""
    if values is None:
        return pd.Series(np.nan, index=index)
    numbers = pd.to_numeric(values, errors="coerce").reindex(index)
    largest = numbers.max()
    return numbers / largest if largest > 0 else pd.Series(np.nan, index=index)


def distance_m(tables: Mapping[str, pd.DataFrame]) -> pd.Series[float]:
    """Distance of every parcel from the nearest station or key functional area; NaN where there is none. [m]"""
    parcels = tables["parcel"]
    targets = []
    metro, areas = tables.get("metro"), tables.get("key_area")
    if isinstance(metro, gpd.GeoDataFrame) and "kind" in metro.columns:
        targets += list(metro.geometry[metro["kind"] == STATION])
    if isinstance(areas, gpd.GeoDataFrame):
        targets += list(areas.geometry)
    found = pd.Series(np.nan, index=parcels.index)
    if not targets or not isinstance(parcels, gpd.GeoDataFrame):
        return found
    ends = gpd.GeoSeries(targets, crs=parcels.crs)
    places, near = ends.sindex.nearest(parcels.geometry.centroid, return_all=False, return_distance=True)
    found.iloc[places[0]] = near
    return found
