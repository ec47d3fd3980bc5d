"""Links: which parcels lie within reach of which sources, how far from each other, and the lines between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray


def links_within(
    parcels: gpd.GeoDataFrame, shapes: Sequence[Any] | NDArray[Any], most_m: ArrayLike
) -> pd.DataFrame:
    """All pairs of a parcel and a source that lie within reach of each other.

    Parameters
    ----------
    parcels : GeoDataFrame
        Parcels; distances are from their edge.
    shapes : sequence of geometries
        Sources; from empty or missing ones nothing is within reach.
    most_m : array_like, shape (sources,) or ()
        How far each source reaches. [m]

    Returns
    -------
    DataFrame
        Columns `parcel` and `source` (places in their tables) and `distance_m`, in the order of parcels, then sources.
    """
    sources = np.asarray(shapes, dtype=object)
    reach = np.broadcast_to(np.asarray(most_m, dtype=float), sources.shape)
    outlines = parcels.geometry.to_numpy()
    usable = ~(shapely.is_missing(sources) | shapely.is_empty(sources))
    pairs = np.zeros((2, 0), dtype=np.int64)
    if len(outlines) and usable.any():
        places = np.flatnonzero(usable)
        found = shapely.STRtree(outlines).query(sources[places], predicate="dwithin", distance=reach[places])
        pairs = np.vstack([found[1], places[found[0]]])
    order = np.lexsort((pairs[1], pairs[0]))
    parcel, source = pairs[0][order], pairs[1][order]
    return pd.DataFrame(
        {
            "parcel": parcel,
            "source": source,
            "distance_m": shapely.distance(outlines[parcel], sources[source]),
        }
    )


def link_lines(
    parcels: gpd.GeoDataFrame, shapes: Sequence[Any] | NDArray[Any], links: pd.DataFrame
) -> NDArray[Any]:
    """The shortest line from the source to the parcel of every link; from the edge inwards where they touch."""
    middle = parcels.geometry.representative_point().to_numpy()[links["parcel"]]
    sources = np.asarray(shapes, dtype=object)[links["source"]]
    lines: NDArray[Any] = shapely.reverse(shapely.shortest_line(middle, sources))
    return lines
