"""Shapes of roofs: outlines of planes and of their usable parts, from the cells of a surface or from footprints."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from operator import itemgetter
from typing import cast

import numpy as np
import rasterio.features
import shapely
from affine import Affine
from contourpy import FillType, contour_generator
from numpy.typing import NDArray

from layers.surface import Surface
from potential.solar.roofs import Roofs

Shapes = NDArray[np.object_]

ROWS_AT_ONCE = 2048  # in which planes begin that are outlined together, so that no second raster need be held
SIMPLIFIED_CELLS = 0.75  # the steps of a slanting edge deviate by 0.71 cells at most
SIMPLIFIED_CONTOUR_CELLS = 0.25
HALF = 0.5  # share of cells between which the outline of the usable part runs


def plane_outlines(polygons: Shapes, roofs: Roofs, surface: Surface) -> Shapes:
    """Outline of every plane: round its cells where measured, else the footprint's half on its side of the ridge."""
    measured = roofs.planes["measured"].to_numpy()
    shapes = _halves(polygons, roofs)
    if measured.any():
        round_cells = outlines_of_cells(roofs, surface, measured[roofs.plane])
        shapes[measured] = round_cells[measured]
    return shapes


def usable_outlines(
    polygons: Shapes,
    outlines: Shapes,
    setback_m: NDArray[np.float64],
    roofs: Roofs,
    surface: Surface,
    light: NDArray[np.bool_],
    least_m2: float,
) -> Shapes:
    """Outline of what is usable of every plane, in one piece or several; empty where nothing is.

    Parameters
    ----------
    polygons : ndarray of Polygon or MultiPolygon
        Footprints.
    outlines : ndarray of Polygon or MultiPolygon, one for each plane
        As of `plane_outlines`.
    setback_m : ndarray, one for each building
        Distance to keep from the footprint. [m]
    roofs : Roofs
        Planes and cells.
    surface : Surface
        The grid of the cells.
    light : ndarray of bool, one for each cell
        Whether it lies above the shade threshold.
    least_m2 : float
        Least area of a piece in plan. [m²]
    """
    measured = roofs.planes["measured"].to_numpy()
    inner = shapely.buffer(polygons, -setback_m, quad_segs=2, join_style="mitre")
    shapes = _halves(inner, roofs, polygons)
    of_measured = measured[roofs.plane]
    dark = ~light & ~of_measured
    if dark.any():
        shaded = outlines_of_cells(roofs, surface, dark)
        some = np.unique(roofs.plane[dark])
        shapes[some] = shapely.difference(shapes[some], shaded[some])
    able = np.flatnonzero(measured & (roofs.planes["usable_m2"] > 0).to_numpy())
    shapes[measured] = shapely.MultiPolygon()
    if len(able):
        share = np.zeros(surface.building.shape, dtype=np.float32)
        chosen = of_measured & light
        share[roofs.rows[chosen], roofs.columns[chosen]] = roofs.share[chosen]
        lines = _contours(share, surface)
        bounds = shapely.intersection(outlines[able], inner[roofs.planes["building"].to_numpy()[able]])
        line, plane = shapely.STRtree(bounds).query(lines, predicate="intersects")
        parts, pair = shapely.get_parts(shapely.intersection(lines[line], bounds[plane]), return_index=True)
        return _large_pieces(
            np.concatenate([shapes[~measured], parts]),
            np.concatenate([np.flatnonzero(~measured), able[plane[pair]]]),
            least_m2,
            len(shapes),
        )
    return _large_pieces(shapes, np.arange(len(shapes)), least_m2, len(shapes))


def outlines_of_cells(roofs: Roofs, surface: Surface, chosen: NDArray[np.bool_]) -> Shapes:
    """Outline round the chosen cells of each plane, its steps smoothed; empty for planes without."""
    count = len(roofs.planes)
    cells = np.flatnonzero(chosen)
    first = np.full(count, surface.building.shape[0])
    np.minimum.at(first, roofs.plane[cells], roofs.rows[cells])
    band = (first // ROWS_AT_ONCE)[roofs.plane[cells]]
    cells = cells[np.argsort(band, kind="stable")]
    parts = np.split(cells, np.flatnonzero(np.diff(np.sort(band))) + 1)
    pieces = sorted((piece for part in parts for piece in _pieces(roofs, surface, part)), key=itemgetter(0))
    if not pieces:
        return np.full(count, shapely.MultiPolygon(), dtype=object)
    rings = [ring for _, piece in pieces for ring in piece]
    points = np.array(list(chain.from_iterable(rings)))
    plane = np.array([number for number, _ in pieces])
    of_rings = np.concatenate([[0], np.cumsum([len(ring) for ring in rings])])
    of_pieces = np.concatenate([[0], np.cumsum([len(piece) for _, piece in pieces])])
    of_planes = np.searchsorted(plane, np.arange(count + 1))
    shapes = shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON, points, (of_rings, of_pieces, of_planes)
    )
    smoothed: Shapes = shapely.simplify(shapes, SIMPLIFIED_CELLS * surface.height.cell_m)
    return smoothed


def _pieces(
    roofs: Roofs, surface: Surface, cells: NDArray[np.int64]
) -> Iterator[tuple[int, list[list[tuple[float, float]]]]]:
    """Plane and rings of every patch of some cells, all cells of a plane among them or none."""
    if not len(cells):
        return
    rows, columns, plane = roofs.rows[cells], roofs.columns[cells], roofs.plane[cells]
    top, left = int(rows.min()), int(columns.min())
    mark = np.full((int(rows.max()) - top + 1, int(columns.max()) - left + 1), -1, dtype=np.int32)
    mark[rows - top, columns - left] = plane
    place = surface.height.transform @ Affine.translation(left, top)
    for shape, value in rasterio.features.shapes(mark, mask=mark >= 0, transform=place):
        yield int(value), shape["coordinates"]


def _halves(shapes: Shapes, roofs: Roofs, ridged_as: Shapes | None = None) -> Shapes:
    """Shape of each plane's building, cut along the ridge through the centroid where the plane is drawn and slopes."""
    planes = roofs.planes
    owner = planes["building"].to_numpy()
    whole: Shapes = shapes[owner].copy()
    sloping = (planes["tilt_deg"] > 0).to_numpy() & ~planes["measured"].to_numpy()
    if not sloping.any():
        return whole
    parents = (shapes if ridged_as is None else ridged_as)[owner[sloping]]
    centre = shapely.get_coordinates(shapely.centroid(parents))
    fall = -planes.loc[sloping, ["slope_east", "slope_north"]].to_numpy()
    down = fall / np.hypot(fall[:, :1], fall[:, 1:])
    along = np.column_stack([-down[:, 1], down[:, 0]])
    size = np.ptp(shapely.bounds(parents).reshape(-1, 2, 2), axis=1).sum(axis=1)[:, None]
    corners = np.stack(
        [
            centre - along * size,
            centre + along * size,
            centre + (along + down) * size,
            centre + (down - along) * size,
        ],
        axis=1,
    )
    whole[sloping] = shapely.intersection(whole[sloping], shapely.polygons(corners))
    return whole


def _contours(share: NDArray[np.float32], surface: Surface) -> Shapes:
    """Polygons within which more than half is usable, drawn between the cells so that parts of cells count."""
    found = contour_generator(z=share, fill_type=FillType.OuterOffset).filled(HALF, np.inf)
    points, rings = cast("tuple[list[NDArray[np.float64]], list[NDArray[np.uint32]]]", found)
    if not points:
        return np.zeros(0, dtype=object)
    columns, rows = np.concatenate(points).T
    places = np.column_stack(surface.height.transform @ (columns + 0.5, rows + 0.5))
    begins = np.cumsum([0, *(len(one) for one in points)])
    of_rings = np.concatenate([[0], *(ring[1:] + begin for ring, begin in zip(rings, begins, strict=False))])
    of_polygons = np.cumsum([0, *(len(ring) - 1 for ring in rings)])
    drawn = shapely.from_ragged_array(shapely.GeometryType.POLYGON, places, (of_rings, of_polygons))
    return shapely.make_valid(shapely.simplify(drawn, SIMPLIFIED_CONTOUR_CELLS * surface.height.cell_m))


def _large_pieces(shapes: Shapes, owner: NDArray[np.int64], least_m2: float, count: int) -> Shapes:
    """The polygons that are large enough, as one multipolygon for each of `count` owners."""
    parts, of_shape = shapely.get_parts(shapes, return_index=True)
    owner = owner[of_shape]
    kept = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & (shapely.area(parts) >= least_m2)
    order = np.argsort(owner[kept], kind="stable")
    out: Shapes = np.full(count, shapely.MultiPolygon(), dtype=object)
    if kept.any():
        shapely.multipolygons(parts[kept][order], indices=owner[kept][order], out=out)
    return out
