"""Gathered layers: too many features for a browser become squares that hold their sums."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from cartography.classes import graduated
from core.fields import fields
from core.texts import text

if TYPE_CHECKING:
    from reports.web_map import MapLayer

SIDES_M = (50, 100, 200, 250, 500, 1000, 2000, 5000, 10000)


def gathered(layer: MapLayer, most_features: int) -> MapLayer:
    """A layer of squares with the sums of the features whose middle lies in them.

    Parameters
    ----------
    layer : MapLayer
        In a projected reference system; coloured by a number that can be summed.
    most_features : int
        Most squares; the side is the smallest round one that keeps to it.

    Returns
    -------
    MapLayer
        With the sums of all columns that are added up over a city, and the number of features.
    """
    frame = layer.frame
    middle = shapely.get_coordinates(shapely.centroid(frame.geometry.to_numpy()))
    for side in SIDES_M:
        cell = np.floor(middle / side).astype(np.int64)
        cells, owner = np.unique(cell, axis=0, return_inverse=True)
        if len(cells) <= most_features:
            break
    owner = owner.ravel()
    known = fields()
    summed = [
        name
        for name in dict.fromkeys((layer.column, *layer.columns))
        if name in frame
        and name in known
        and known[name].unit
        and not _is_mean(known[name].unit)
        and pd.api.types.is_numeric_dtype(frame[name])
    ]
    sums = pd.DataFrame(
        {name: np.bincount(owner, weights=frame[name].fillna(0.0).to_numpy(dtype=float)) for name in summed}
    )
    sums["buildings"] = np.bincount(owner)
    west, south = cells[:, 0] * side, cells[:, 1] * side
    squares = gpd.GeoDataFrame(
        sums, geometry=shapely.box(west, south, west + side, south + side), crs=frame.crs
    )
    values = squares[layer.column]
    return replace(
        layer,
        title=text("{layer}, squares of {side} m", layer=layer.title, side=side),
        frame=squares,
        classes=graduated(values, method="quantile", unit=known[layer.column].unit),
        columns=("buildings", *summed),
    )


def _is_mean(unit: str) -> bool:
    """Whether values of a unit are per area or power, or angles, which sums make no sense of."""
    return "/m²" in unit or "/kWp" in unit or unit in ("°", "m", "%")
