"""Buildings joined with the parcels they stand on, cut where they stand on two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from core.jobs import Job
from core.problems import Problem, Severity
from layers.geometry import areas_of, as_ids, shapes_of
from standards import Standards

SHARED_OUT = ("gfa_m2", "footprint_m2", "roof_m2")  # sums that the pieces of a building share


@dataclass(frozen=True)
class _Overlaps:
    """Pairs of building and parcel (row numbers) with their common area, largest first per building."""

    building: NDArray[np.int64]
    parcel: NDArray[np.int64]
    area_m2: NDArray[np.float64]


def join_to_parcels(
    buildings: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame, standards: Standards, job: Job
) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Buildings with the parcel each stands on; a building on two parcels is cut into two pieces.

    A building belongs to the parcel with the largest share of its footprint. Where further parcels hold
    at least `cut_share` and `cut_area` of it, it becomes pieces `<id>#1`, `<id>#2`, largest first, each on
    its own parcel; what remains stays with the first, so that footprints add up. A `parcel_id` that is
    given and known holds, and such a building is not cut. The given tables are not changed.

    Parameters
    ----------
    buildings, parcels : GeoDataFrame
        Repaired, in the same reference system, indexed by their ids.
    standards : Standards
        Gives the limits (`given_data_rules`).
    job : Job
        Reports progress and can stop the work.

    Returns
    -------
    GeoDataFrame
        Buildings and pieces with `parcel_id` (missing where there is none) and `parcel_share`, the share
        of the given footprint that the row is. Floor areas are shared out by it.
    list of Problem
        What was cut, what lies outside parcels, which given parcel ids do not fit.
    """

    def rule(name: str) -> float:
        return standards.number("given_data_rules", rule=name).value

    pairs = _overlaps(buildings, parcels, job)
    area = shapely.area(shapes_of(buildings))
    inside = np.bincount(pairs.building, pairs.area_m2, len(buildings))
    parcel = np.full(len(buildings), -1)
    first = np.unique(pairs.building, return_index=True)
    parcel[first[0]] = pairs.parcel[first[1]]
    fixed, problems = _given_parcels(buildings, parcels, pairs)
    parcel = np.where(fixed >= 0, fixed, parcel)
    lost = (parcel < 0) & (fixed < 0)
    outside_m2 = np.maximum(area - inside, 0.0)
    out = (outside_m2 > rule("outside_area")) & (outside_m2 > rule("outside_share") * area) & ~lost
    large = (
        (pairs.area_m2 >= rule("cut_area"))
        & (pairs.area_m2 >= rule("cut_share") * area[pairs.building])
        & (fixed[pairs.building] < 0)
    )
    several = np.bincount(pairs.building[large], minlength=len(buildings)) > 1
    names = parcels.index.to_numpy(dtype=object)
    joined = buildings.copy()
    found = np.flatnonzero(parcel >= 0)
    joined["parcel_id"] = pd.Series(names[parcel[found]], index=buildings.index[found], dtype="str").reindex(
        buildings.index
    )
    joined["parcel_share"] = joined["parcel_share"].fillna(1.0) if "parcel_share" in joined.columns else 1.0
    pieces = _pieces(buildings, parcels, pairs, large & several[pairs.building], rule("cut_area"), job)
    if len(pieces):
        joined = _with_pieces(joined, pieces, names)
    problems += _said(
        buildings,
        cut=np.flatnonzero(buildings.index.isin(pieces["building"])),
        lost=np.flatnonzero(lost) if len(parcels) else np.array([], dtype=int),
        out=np.flatnonzero(out),
        outside_m2=float(outside_m2[out].sum()),
    )
    return joined, problems


def standing_on(places: gpd.GeoDataFrame, ground: gpd.GeoDataFrame | None, column: str) -> pd.Series[Any]:
    """The row of another table on which each place stands: the one it names, else the first in which it lies.

    Parameters
    ----------
    places : GeoDataFrame
        Points, or shapes that count where a point on them lies.
    ground : GeoDataFrame, optional
        Areas by their id, in the same reference system.
    column : str
        Where places may name the id; an unknown one does not hold.

    Returns
    -------
    Series of str
        Missing where a place stands on none.
    """
    found = pd.Series(None, index=places.index, dtype=object)
    if ground is None or ground.empty:
        return found
    points = shapely.point_on_surface(shapes_of(places))
    place, row = ground.sindex.query(points, predicate="intersects")
    place, first = np.unique(place, return_index=True)
    found.iloc[place] = ground.index.to_numpy(dtype=object)[row[first]]
    if column in places:
        given = as_ids(places[column])
        found = given.where(given.isin(ground.index), found)
    return found


def _overlaps(buildings: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame, job: Job) -> _Overlaps:
    """Common areas of buildings and parcels; a building within a parcel needs no intersection."""
    job.say("Joining buildings with parcels", 0.0, force=True)
    shapes, grounds = shapes_of(buildings), shapes_of(parcels)
    tree = shapely.STRtree(grounds)
    building, parcel = tree.query(shapes, predicate="intersects")
    job.say("Joining buildings with parcels", 0.4)
    shapely.prepare(grounds)
    whole = shapely.covers(grounds[parcel], shapes[building])
    area = shapely.area(shapes)[building]
    area[~whole] = shapely.area(shapely.intersection(shapes[building[~whole]], grounds[parcel[~whole]]))
    kept = area > 0
    building, parcel, area = building[kept], parcel[kept], area[kept]
    order = np.lexsort((parcel, -area, building))
    job.say("Joining buildings with parcels", 0.8)
    return _Overlaps(building[order], parcel[order], area[order])


def _given_parcels(
    buildings: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame, pairs: _Overlaps
) -> tuple[NDArray[np.int64], list[Problem]]:
    """Row number of the parcel that is given for each building, -1 where none is or it is unknown."""
    if "parcel_id" not in buildings.columns or not len(parcels):
        return np.full(len(buildings), -1), []
    given = as_ids(buildings["parcel_id"])
    fixed = parcels.index.get_indexer(given)
    unknown = (fixed < 0) & given.ne("").to_numpy(dtype=bool)
    known = np.flatnonzero(fixed >= 0)
    touched = set(zip(pairs.building.tolist(), pairs.parcel.tolist(), strict=True))
    away = [number for number in known.tolist() if (number, int(fixed[number])) not in touched]
    problems = []
    if unknown.any():
        problems.append(
            _problem(
                Severity.WARNING,
                "{count} buildings name a parcel that is not among the parcels; their place decided instead.",
                "Correct their parcel id or add the parcels.",
                buildings.index[unknown],
            )
        )
    if away:
        problems.append(
            _problem(
                Severity.WARNING,
                "{count} buildings do not stand on the parcel they name.",
                "The given parcel was kept; correct it or the outline.",
                buildings.index[away],
            )
        )
    return fixed, problems


def _pieces(
    buildings: gpd.GeoDataFrame,
    parcels: gpd.GeoDataFrame,
    pairs: _Overlaps,
    wanted: NDArray[np.bool_],
    least_m2: float,
    job: Job,
) -> pd.DataFrame:
    """Pieces of the buildings that stand on several parcels: building, number, parcel, shape."""
    shapes, grounds = shapes_of(buildings), shapes_of(parcels)
    chosen = pd.DataFrame({"building": pairs.building[wanted], "parcel": pairs.parcel[wanted]})
    rows: list[tuple[Any, int, int, Any]] = []
    held = {number: group.to_list() for number, group in chosen.groupby("building")["parcel"]}
    for number in job.each(list(chosen["building"].unique()), "Cutting buildings at parcels"):
        rest = shapes[number]
        found: list[tuple[int, Any]] = []
        for parcel in held[number]:
            piece = areas_of(np.array([shapely.intersection(rest, grounds[parcel])], dtype=object))[0]
            if piece is not None and piece.area >= least_m2:
                rest = shapely.difference(rest, grounds[parcel])
                found.append((parcel, piece))
        if len(found) < 2:
            continue  # the parcels overlap each other: one of them holds it all
        parcel, piece = found[0]
        found[0] = parcel, areas_of(np.array([shapely.union(piece, rest)], dtype=object))[0]
        name = buildings.index[number]
        rows += [(name, count, parcel, piece) for count, (parcel, piece) in enumerate(found, 1)]
    return pd.DataFrame(rows, columns=["building", "number", "parcel", "shape"])


def _with_pieces(
    joined: gpd.GeoDataFrame, pieces: pd.DataFrame, names: NDArray[np.object_]
) -> gpd.GeoDataFrame:
    """Buildings with the cut ones replaced by their pieces, in their place."""
    whole = shapely.area(shapes_of(joined.loc[pieces["building"]]))
    cut = joined.loc[pieces["building"]].copy()
    ids = pieces["building"].astype(str) + "#" + pieces["number"].astype(str)
    cut.index = pd.Index(ids, name=joined.index.name, dtype=object)
    cut = cut.set_geometry(gpd.GeoSeries(list(pieces["shape"]), index=cut.index, crs=joined.crs))
    cut["parcel_id"] = names[pieces["parcel"].to_numpy()]
    cut["parcel_share"] = shapely.area(shapes_of(cut)) / whole
    for name in SHARED_OUT:
        if name in cut.columns:
            cut[name] = cut[name] * cut["parcel_share"]
    place = pd.Series(np.arange(len(joined)), index=joined.index)
    whole_rows = ~joined.index.isin(pieces["building"])
    order = np.r_[place[whole_rows].to_numpy(), place[pieces["building"]].to_numpy()]
    both = pd.concat([joined[whole_rows], cut])
    return both.iloc[np.argsort(order, kind="stable")]


def _said(
    buildings: gpd.GeoDataFrame,
    *,
    cut: NDArray[np.int64],
    lost: NDArray[np.int64],
    out: NDArray[np.int64],
    outside_m2: float,
) -> list[Problem]:
    """What the join found, one problem of each kind."""
    problems = []
    if len(cut):
        problems.append(
            _problem(
                Severity.NOTE,
                "{count} buildings stand on several parcels and were cut at their boundaries.",
                "Each piece counts for its own parcel; correct the outlines if this is not meant.",
                buildings.index[cut],
            )
        )
    if len(lost):
        problems.append(
            _problem(
                Severity.WARNING,
                "{count} buildings stand on no parcel; they count for the city but for no parcel.",
                "Check whether parcels are missing or the layers are shifted against each other.",
                buildings.index[lost],
            )
        )
    if len(out):
        problems.append(
            _problem(
                Severity.NOTE,
                "{count} buildings reach beyond the parcels, by {area} m² in all; the whole roof counts.",
                "Check the outlines of buildings and parcels.",
                buildings.index[out],
                area=f"{outside_m2:.0f}",
            )
        )
    return problems


def _problem(severity: Severity, message: str, remedy: str, rows: pd.Index, **values: str) -> Problem:
    """A problem of buildings."""
    return Problem(
        message, remedy, severity=severity, table="building", rows=tuple(rows), count=len(rows), **values
    )
