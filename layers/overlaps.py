"""Overlaps: pairs of areas of one table that claim the same ground."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from core.jobs import Job
from core.problems import Problem, Severity
from layers.geometry import layer_title, shapes_of

SAID_OVERLAP_M2 = 1.0  # smaller overlaps are digitising noise and are not said
SAID_OVERLAP_SHARE = 0.01
BLOCK_PAIRS = 20_000


def overlaps(frame: gpd.GeoDataFrame, job: Job) -> pd.DataFrame:
    """Pairs of rows of one table whose areas overlap.

    Parameters
    ----------
    frame : GeoDataFrame
        Valid polygons in metres.
    job : Job
        Reports progress and can stop the work.

    Returns
    -------
    DataFrame
        `first`, `second` (index values), `overlap_m2`, `overlap_share` (of the smaller of the two),
        largest first; overlaps below 1 m² or 1 % of the smaller area are left out.
    """
    shapes = shapes_of(frame)
    first, second = shapely.STRtree(shapes).query(shapes)
    ordered = first < second
    first, second = first[ordered], second[ordered]
    shapely.prepare(shapes)
    overlap_m2 = np.zeros(len(first))
    for start in job.each(range(0, len(first), BLOCK_PAIRS), "Looking for overlaps"):
        pairs = np.arange(start, min(start + BLOCK_PAIRS, len(first)))
        pairs = pairs[shapely.relate_pattern(shapes[first[pairs]], shapes[second[pairs]], "T********")]
        common = shapely.intersection(shapes[first[pairs]], shapes[second[pairs]])
        overlap_m2[pairs] = shapely.area(common)
    area = shapely.area(shapes)
    smaller = np.minimum(area[first], area[second])
    share = np.divide(overlap_m2, smaller, out=np.zeros_like(smaller), where=smaller > 0)
    said = (overlap_m2 >= SAID_OVERLAP_M2) & (share >= SAID_OVERLAP_SHARE)
    found = pd.DataFrame(
        {
            "first": frame.index.to_numpy()[first[said]],
            "second": frame.index.to_numpy()[second[said]],
            "overlap_m2": overlap_m2[said],
            "overlap_share": share[said],
        }
    )
    return found.sort_values("overlap_m2", ascending=False, ignore_index=True, kind="stable")


def overlap_problems(pairs: pd.DataFrame, table: str) -> list[Problem]:
    """What the overlaps of a table mean for the user: one warning with the largest pair."""
    if pairs.empty:
        return []
    largest = pairs.iloc[0]
    return [
        Problem(
            "{count} pairs in the table “{layer}” overlap, by {area} m² in all; the largest is {first} over "
            "{second} with {most} m².",
            "Where areas overlap, the same ground counts twice: correct the outlines.",
            severity=Severity.WARNING,
            table=table,
            rows=tuple(pd.unique(pairs[["first", "second"]].to_numpy().ravel())),
            layer=layer_title(table),
            count=len(pairs),
            area=f"{pairs['overlap_m2'].sum():.0f}",
            first=largest["first"],
            second=largest["second"],
            most=f"{largest['overlap_m2']:.0f}",
        )
    ]
