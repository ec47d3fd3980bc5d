"""Obstacles: all that keeps boreholes out of the ground of a city, grown by its distance, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.city import City
from potential.ground_heat.drilling_limits import DrillingLimits

Shapes = NDArray[Any]
Floats = NDArray[np.float64]

LAYERS = ("protection_zone", "metro", "underground_space", "water", "road", "building", "tree")
LARGE = 200  # vertices: more are cut into tiles, so that a parcel meets only what is near it
OVERLAP_M = 0.001  # of two tiles, so that no sliver is left between them
MITRE = 2.0  # corners sharper than a right angle are blunted, at no less than the distance


@dataclass(frozen=True)
class Obstacles:
    """Obstacles of a city.

    Parameters
    ----------
    shapes : ndarray of Polygon, shape (n,)
        Grown by their distance.
    reason : ndarray of int, shape (n,)
        Number of the reason in the table's order.
    built : ndarray of bool, shape (n,)
        Buildings, basements and trees, which a new layout of a parcel does away with.
    """

    shapes: Shapes
    reason: NDArray[np.int64]
    built: NDArray[np.bool_]


def obstacles(
    city: City, limits: DrillingLimits, spacing_m: float
) -> tuple[Obstacles, Obstacles, tuple[str, ...]]:
    """What forbids boreholes in a city, where they need consent, and which layers are not given.

    Parameters
    ----------
    city : City
        Its tables.
    limits : DrillingLimits
        What keeps which distance, and why.
    spacing_m : float
        Between boreholes; they keep at least half of it from buildings. [m]

    Returns
    -------
    forbidding, conditional : Obstacles
        Numbered by `limits.reasons["forbid"]` and `limits.reasons["condition"]`.
    missing : tuple of str
        Tables that the city does not have: nothing of theirs was taken away.
    """
    found: dict[str, list[tuple[Shapes, int, bool]]] = {"forbid": [], "condition": []}
    for layer in LAYERS:
        table = city.tables.get(layer)
        if table is None or table.empty:
            continue
        for effect, reason, shapes in _of_layer(layer, table, limits, spacing_m):
            number = limits.reasons[effect].index(reason)
            found[effect].append((shapes, number, layer in ("building", "tree")))
    missing = tuple(layer for layer in LAYERS if layer not in city.tables)
    return _gathered(found["forbid"]), _gathered(found["condition"]), missing


def _of_layer(
    layer: str, table: gpd.GeoDataFrame, limits: DrillingLimits, spacing_m: float
) -> Iterator[tuple[str, str, Shapes]]:
    """Effect, reason and grown shapes of each kind and level in a layer."""
    shapes = table.geometry.to_numpy()
    here = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if layer == "building":
        yield from _of_buildings(table[here], limits, spacing_m)
        return
    own = _numbers(table, "protection_m")
    half = np.nan_to_num(_numbers(table, "width_m")) / 2
    half[shapely.get_dimensions(shapes) > 1] = 0.0  # an area has its width already
    kinds, levels = _words(table, "kind"), _words(table, "zone_level")
    if layer == "tree":
        kinds = np.where(shapely.get_dimensions(shapes) == 0, "point", "")
    for kind, level in sorted(set(zip(kinds[here], levels[here], strict=True))):
        limit = limits.limit(layer, kind, level)
        if limit.effect in ("forbid", "condition"):
            rows = here & (kinds == kind) & (levels == level)
            distance = np.where(np.isnan(own[rows]), limit.distance_m, own[rows])
            yield limit.effect, limit.reason, grown(shapes[rows], distance + half[rows])


def _of_buildings(
    table: gpd.GeoDataFrame, limits: DrillingLimits, spacing_m: float
) -> Iterator[tuple[str, str, Shapes]]:
    """Buildings with their set-back, and once more those with a basement, which reaches further."""
    shapes = table.geometry.to_numpy()
    building, basement = limits.limit("building"), limits.limit("building", "basement")
    set_back = max(building.distance_m, spacing_m / 2)
    yield building.effect, building.reason, grown(shapes, np.full(len(shapes), set_back))
    deep = np.nan_to_num(_numbers(table, "floors_below")) > 0
    wide = max(basement.distance_m, spacing_m / 2)
    if deep.any() and wide > set_back:
        yield basement.effect, basement.reason, grown(shapes[deep], np.full(deep.sum(), wide))


def grown(shapes: Shapes, distance: Floats) -> Shapes:
    """Shapes with all that lies within a distance; valid, and those without area left out.

    The corners of areas stay sharp, which keeps the distance and few vertices.
    """
    area = shapely.get_dimensions(shapes) > 1
    found = shapes.copy()
    sharp = area & (distance > 0)
    found[sharp] = shapely.buffer(shapes[sharp], distance[sharp], join_style="mitre", mitre_limit=MITRE)
    found[~area] = shapely.buffer(shapes[~area], np.maximum(distance[~area], 0.0), quad_segs=4)
    broken = ~shapely.is_valid(found)
    found[broken] = shapely.make_valid(found[broken], method="structure", keep_collapsed=False)
    return found[shapely.area(found) > 0]


def tiled(shape: Any) -> list[Any]:
    """A shape of many vertices as pieces of few, which overlap by a hair."""
    if shapely.get_num_coordinates(shape) <= LARGE:
        return [shape]
    west, south, east, north = shape.bounds
    if max(east - west, north - south) < 1.0:
        return [shape]
    if east - west > north - south:
        middle = (west + east) / 2
        boxes = ((west, south, middle + OVERLAP_M, north), (middle, south, east, north))
    else:
        middle = (south + north) / 2
        boxes = ((west, south, east, middle + OVERLAP_M), (west, middle, east, north))
    halves = (shapely.intersection(shape, shapely.box(*bounds)) for bounds in boxes)
    return [piece for half in halves if half.area > 0 for piece in tiled(areas_of(half))]


def areas_of(shape: Any) -> Any:
    """The areas of a shape, without the points and lines that an overlay may leave."""
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    return shapely.union_all([part for part in shapely.get_parts(shape) if part.area > 0])


def _gathered(found: list[tuple[Shapes, int, bool]]) -> Obstacles:
    """All obstacles of one effect, the large ones in tiles."""
    shapes: list[Shapes] = []
    reason: list[NDArray[np.int64]] = []
    built: list[NDArray[np.bool_]] = []
    for group, number, of_layout in found:
        parts = shapely.get_parts(group)
        large = shapely.get_num_coordinates(parts) > LARGE
        pieces = [piece for shape in parts[large] for piece in tiled(shape)]
        whole = np.concatenate([parts[~large], np.array(pieces, dtype=object)])
        shapes.append(whole)
        reason.append(np.full(len(whole), number))
        built.append(np.full(len(whole), of_layout))
    if not shapes:
        return Obstacles(np.empty(0, dtype=object), np.empty(0, dtype=np.int64), np.empty(0, dtype=bool))
    return Obstacles(np.concatenate(shapes), np.concatenate(reason), np.concatenate(built))


def _numbers(table: pd.DataFrame, column: str) -> Floats:
    if column not in table:
        return np.full(len(table), np.nan)
    return pd.to_numeric(table[column], errors="coerce").to_numpy(dtype=float)


def _words(table: pd.DataFrame, column: str) -> NDArray[np.object_]:
    if column not in table:
        return np.full(len(table), "", dtype=object)
    words: NDArray[np.object_] = (
        table[column].astype(object).where(table[column].notna(), "").astype(str).to_numpy(object)
    )
    return words
