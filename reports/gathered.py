"""Gathered layers: too many features for a browser become squares that hold their sums."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

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
        In a projected reference system. Coloured by what cannot be summed, such as a grade, the squares show
        the first of its columns that can, else how many features they hold.
    most_features : int
        Most squares; the side is the smallest round one that keeps to it.

    Returns
    -------
    MapLayer
        With the sums of all columns that are added up over a city, and the number of buildings or features.
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
    counted, weights = _how_many(frame)
    sums[counted] = np.bincount(owner, weights=weights).astype(np.int64)
    west, south = cells[:, 0] * side, cells[:, 1] * side
    squares = gpd.GeoDataFrame(
        sums, geometry=shapely.box(west, south, west + side, south + side), crs=frame.crs
    )
    column = layer.column if layer.column in summed else [*summed, counted][0]
    shown = known.get(column)
    called = layer.title if column == layer.column or shown is None else shown.title
    return replace(
        layer,
        title=text("{layer}, squares of {side} m", layer=called, side=side),
        frame=squares,
        column=column,
        classes=graduated(squares[column], method="quantile", unit=shown.unit if shown else ""),
        columns=(counted, *summed),
    )


def _how_many(frame: gpd.GeoDataFrame) -> tuple[str, NDArray[np.float64]]:
    """What is counted, and how much of it each feature is: the buildings on a parcel, else one."""
    if "buildings" in frame and pd.api.types.is_numeric_dtype(frame["buildings"]):
        return "buildings", frame["buildings"].fillna(0).to_numpy(dtype=float)
    return text("Parcels") if frame.index.name == "parcel_id" else "buildings", np.ones(len(frame))


def _is_mean(unit: str) -> bool:
    """Whether values of a unit are per area or power, or angles, which sums make no sense of."""
    return "/m²" in unit or "/kWp" in unit or unit in ("°", "m", "%")
