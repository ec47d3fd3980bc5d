"""Units of columns: in which unit values are, judged by their size and by the shapes they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from layers.aliases import units
from layers.crs import is_web_mercator, suggest_crs

SHARE_UNITS = ("%", "ratio")
MEASURED = 500  # shapes whose area is compared
NEAR = 1.5  # a unit fits if areas then agree within this factor
SAME = 1.1  # and within this one where the area should be that of the shape
FAR_AWAY = 3.0  # a unit is possible up to this factor
FLOOR_AREA_PER_SHAPE = (0.02, 200.0)  # floor area to area of the shape: parcels and buildings alike
AREAS = ("plot_area_m2", "footprint_m2")
FLOOR_AREAS = ("gfa_m2", "gfa_far_m2")


def unit_of(
    field: str,
    plain: pd.Series[Any],
    allowed: Sequence[str],
    shapes_m2: pd.Series[float] | None,
    *,
    closely: bool = False,
) -> tuple[str, tuple[str, ...]]:
    """The unit that values are in, empty if they do not tell; and the units that are possible at all.

    Parameters
    ----------
    field : str
        Name of our field.
    plain : Series
        The values above zero, as given.
    allowed : sequence of str
        Units the field is met in, the usual first.
    shapes_m2 : Series, optional
        Areas of the same rows' shapes. [m²]
    closely : bool
        Whether an area must be that of its shape, as in columns GIS programs write themselves.
    """
    if len(allowed) == 1:
        return allowed[0], tuple(allowed)
    if not len(plain):
        return "", ()
    if tuple(allowed) == SHARE_UNITS:
        highest = float(plain.max())
        return ("%" if highest > 1.5 else "ratio" if highest <= 1 else ""), SHARE_UNITS
    if shapes_m2 is None:
        return "", ()
    common = plain.index.intersection(shapes_m2.index)
    if not len(common):
        return "", ()
    times = float(np.median(plain[common] / shapes_m2[common]))
    by_factor = {units()[unit].factor: unit for unit in reversed(allowed)}
    if field in AREAS:
        off = {unit: max(times * factor, 1 / (times * factor)) for factor, unit in by_factor.items()}
        best = min(off, key=lambda unit: off[unit])
        near = tuple(unit for unit in off if off[unit] <= FAR_AWAY)
        return (best if off[best] <= (SAME if closely else NEAR) else ""), near
    if field in FLOOR_AREAS:
        low, high = FLOOR_AREA_PER_SHAPE
        near = tuple(unit for factor, unit in by_factor.items() if low <= times * factor <= high)
        return (near[0] if len(near) == 1 else ""), near
    return "", ()


def areas_m2(frame: gpd.GeoDataFrame) -> pd.Series[float] | None:
    """Areas of some shapes. [m²] None where they cannot be known: no areas, or degrees of no known system."""
    shapes = frame.geometry[~(frame.geometry.isna() | frame.geometry.is_empty)]
    shapes = shapes[shapes.geom_type.isin(["Polygon", "MultiPolygon"])].head(MEASURED)
    if not len(shapes):
        return None
    if frame.crs is None:
        if shapes.total_bounds[2] <= 180:
            return None
    else:
        crs = CRS.from_user_input(frame.crs)
        if not crs.is_projected or is_web_mercator(crs) or crs.axis_info[0].unit_name != "metre":
            middle = shapes.to_crs(4326).total_bounds
            centre = suggest_crs(
                float((middle[0] + middle[2]) / 2), latitude=float((middle[1] + middle[3]) / 2)
            )
            shapes = shapes.to_crs(centre)
    areas: pd.Series[float] = shapes.area
    return areas[areas > 0]
