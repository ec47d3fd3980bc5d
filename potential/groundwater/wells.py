"""Places of wells: doublets along the flow of the groundwater inside parcels, production upstream, injection downstream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from core.compiled import kernel
from potential.groundwater.well_search import doublets_on_lines

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

MOST_LINES = 40  # along the flow in one parcel; in a wider one they stand further apart
CORNERS = 2  # segments of a quarter circle around obstacles


@dataclass(frozen=True)
class Spacing:
    """Least distances of wells. [m]

    Parameters
    ----------
    boundary : float
        To the boundary of the parcel.
    beside : float
        Between injection wells of one doublet.
    doublet : float
        From production to injection well.
    across : float
        Between doublets side by side.
    """

    boundary: float
    beside: float
    doublet: float
    across: float


@dataclass(frozen=True)
class WellPlaces:
    """Doublets that fit into parcels.

    Parameters
    ----------
    count : ndarray of int, (parcels,)
        Doublets side by side.
    spacing, angle, across : ndarray, (parcels,)
        Mean distance from production to injection wells [m], mean angle of it to the flow, 0 to 90 [°], and between
        doublets [m]; NaN where there is none.
    parcel, doublet : ndarray of int, (wells,)
        Of each well.
    production : ndarray of bool, (wells,)
        Whether it takes water; else it gives it back.
    x, y : ndarray, (wells,)
        Places in the reference system of the city. [m]
    """

    count: Counts
    spacing: Floats
    angle: Floats
    across: Floats
    parcel: Counts
    doublet: Counts
    production: NDArray[np.bool_]
    x: Floats
    y: Floats


def well_places(
    parcels: gpd.GeoSeries,
    obstacles: Sequence[shapely.Geometry] | NDArray[np.object_],
    flow_deg: Floats,
    injection: Counts,
    least: Spacing,
) -> WellPlaces:
    """Doublets inside parcels, as long and as many as fit.

    Lines are drawn through each parcel along the flow. On each the most upstream free place is one for production and
    the most downstream one for injection; neighbouring lines together make a doublet with its injection wells. Where no
    line is long enough, one doublet is turned, up to right across the flow: upstream injection would bring all its water
    back.

    Parameters
    ----------
    parcels : GeoSeries
        Areas.
    obstacles : sequence of geometry
        Where no well may stand: buildings, tunnels, zones, each with its distance.
    flow_deg : ndarray, (parcels,)
        Azimuth the groundwater flows to; where it is NaN no well is placed. [°]
    injection : ndarray of int, (parcels,)
        Injection wells of a doublet; where it is 0 no well is placed.
    least : Spacing
        Least distances.
    """
    shapes = np.array(parcels.geometry.to_numpy(), dtype=object)
    able = np.isfinite(flow_deg) & (injection > 0) & ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    rows = np.flatnonzero(able)
    turn = np.radians(flow_deg[rows])
    along, aside = np.stack([np.sin(turn), np.cos(turn)], 1), np.stack([np.cos(turn), -np.sin(turn)], 1)
    inner = shapely.buffer(shapes[rows], -least.boundary, quad_segs=CORNERS, join_style="mitre")
    owner, offset, step = _lines(inner, aside, least.beside)
    line_along, line_aside = along[owner], aside[owner]
    reach = _reach(inner, along)[owner]
    base = offset[:, None] * line_aside
    ends = base[:, None, :] + reach[:, :, None] * line_along[:, None, :]
    lines = shapely.linestrings(ends) if len(ends) else np.empty(0, dtype=object)
    axes = np.concatenate([line_along, line_aside], axis=1)
    free = _intervals(np.arange(len(lines)), offset, axes, inner, owner)
    things = np.asarray(obstacles, dtype=object)
    hit, thing = STRtree(things).query(lines, predicate="intersects") if len(things) else _none()
    blocked = _intervals(hit, offset[hit], axes[hit], things, thing)
    first_line = np.searchsorted(owner, np.arange(len(rows) + 1))
    found = doublets_on_lines(
        first_line, offset, step, *_compressed(free, len(lines)), *_compressed(blocked, len(lines)),
        injection[rows].astype(np.int64), least.beside, least.doublet, least.across,
    )  # fmt: skip
    return _places(found, rows, step, along, aside, len(parcels))


def _none() -> tuple[Counts, Counts]:
    return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)


def _extent(shapes: NDArray[np.object_], axis: Floats) -> Floats:
    """Least and largest coordinate of each shape along its own axis, shape (shapes, 2); empty ones have a NaN."""
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    value = (points * axis[owner]).sum(axis=1)
    low, high = np.full(len(shapes), np.inf), np.full(len(shapes), -np.inf)
    np.minimum.at(low, owner, value)
    np.maximum.at(high, owner, value)
    found: Floats = np.where(low[:, None] <= high[:, None], np.stack([low, high], axis=1), np.nan)
    return found


def _reach(inner: NDArray[np.object_], along: Floats) -> Floats:
    found: Floats = _extent(inner, along) + np.array([-1.0, 1.0])
    return found


def _lines(inner: NDArray[np.object_], aside: Floats, beside: float) -> tuple[Counts, Floats, Floats]:
    """Owner and offset of the lines of all parcels, and how far apart those of each parcel are."""
    extent = _extent(inner, aside)
    width = np.nan_to_num(extent[:, 1] - extent[:, 0])
    step = np.maximum(beside, width / MOST_LINES)
    number = np.where(width > 0, np.maximum(np.floor(width / step), 1), 0).astype(np.int64)
    owner = np.repeat(np.arange(len(inner)), number)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(number) - number, number)
    middle = extent.mean(axis=1)[owner]
    offset: Floats = middle + (place - (number[owner] - 1) / 2) * step[owner]
    return owner, offset, step


def _intervals(
    line: Counts, offset: Floats, axes: Floats, areas: NDArray[np.object_], area: Counts
) -> tuple[Counts, Floats, Floats]:
    """Where lines run inside areas: the line, and where it enters and leaves along the flow.

    `line`, `offset`, `axes` (along and aside) and `area` are of pairs of a line and an area.
    """
    rings, owner = shapely.get_rings(areas, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    first_ring = np.searchsorted(owner, np.arange(len(areas) + 1))
    first_point = np.searchsorted(ring, np.arange(len(rings) + 1))
    pair, start, end = _crossed(offset, axes, area, first_ring, first_point, points)
    return line[pair], start, end


def _compressed(found: tuple[Counts, Floats, Floats], count: int) -> tuple[Counts, Floats, Floats]:
    """Intervals sorted by line and start, with the place of each line's first."""
    line, start, end = found
    order = np.lexsort((start, line))
    return np.searchsorted(line[order], np.arange(count + 1)), start[order], end[order]


def _places(
    found: tuple[Counts, Floats, Floats, Counts, Counts, NDArray[np.bool_], Floats, Floats],
    rows: Counts,
    step: Floats,
    along: Floats,
    aside: Floats,
    parcels: int,
) -> WellPlaces:
    """The results of the kernel, for all parcels and in the reference system."""
    units, sums, width, owner, doublet, production, s, n = found
    count, fits = np.zeros(parcels, dtype=np.int64), units > 0
    spacing, angle, across = np.full(parcels, np.nan), np.full(parcels, np.nan), np.full(parcels, np.nan)
    count[rows] = units
    here, mean = rows[fits], sums[fits] / units[fits][:, None]
    spacing[here] = np.hypot(mean[:, 0], mean[:, 1])
    angle[here] = np.degrees(np.arctan2(mean[:, 1], mean[:, 0]))
    across[here] = width[fits] * step[fits]
    place = s[:, None] * along[owner] + n[:, None] * aside[owner]
    return WellPlaces(
        count, spacing, angle, across, rows[owner], doublet, production, place[:, 0], place[:, 1]
    )


@kernel
def _crossed(
    offset: Floats, axes: Floats, area: Counts, first_ring: Counts, first_point: Counts, points: Floats
) -> tuple[Counts, Floats, Floats]:
    """Intervals of lines inside areas: between every odd crossing of an outline and the next."""
    room = 4 * len(area) + 16
    pairs, starts, ends = np.empty(room, np.int64), np.empty(room), np.empty(room)
    found, crossings = 0, np.empty(64)
    for pair in range(len(area)):
        n, count = offset[pair], 0
        ax, ay, bx, by = axes[pair, 0], axes[pair, 1], axes[pair, 2], axes[pair, 3]
        for ring in range(first_ring[area[pair]], first_ring[area[pair] + 1]):
            for point in range(first_point[ring], first_point[ring + 1] - 1):
                before = points[point, 0] * bx + points[point, 1] * by
                after = points[point + 1, 0] * bx + points[point + 1, 1] * by
                if (before <= n) == (after <= n):
                    continue
                here = points[point, 0] * ax + points[point, 1] * ay
                there = points[point + 1, 0] * ax + points[point + 1, 1] * ay
                if count == len(crossings):
                    crossings = np.concatenate((crossings, np.empty(count)))
                crossings[count] = here + (n - before) / (after - before) * (there - here)
                count += 1
        crossings[:count].sort()
        for one in range(0, count - 1, 2):
            if found == len(pairs):
                pairs = np.concatenate((pairs, np.empty(found, np.int64)))
                starts, ends = (
                    np.concatenate((starts, np.empty(found))),
                    np.concatenate((ends, np.empty(found))),
                )
            pairs[found], starts[found], ends[found] = pair, crossings[one], crossings[one + 1]
            found += 1
    return pairs[:found], starts[:found], ends[:found]
