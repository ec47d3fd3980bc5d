"""Given layers: shapes with the class of each as a map shows them, drawn on a sheet in place of what a table declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd

if TYPE_CHECKING:
    import pandas as pd

    from cartography.classes import Classes


@dataclass(frozen=True, eq=False)
class Given:
    """What a layer of a sheet shows.

    Parameters
    ----------
    frame : GeoDataFrame
        The shapes that are seen; `name` holds what is written on them, where anything is.
    numbers : Series of int
        The class of each, on the same index; one more than the last where a value is missing.
    classes : Classes, optional
        None for the single colour of the layer.
    """

    frame: gpd.GeoDataFrame
    numbers: pd.Series[Any]
    classes: Classes | None = None
