"""Shadows on the ground: footprints drawn out along the sun's rays, by the height of their buildings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.ragged import Ragged

LEAST_ELEVATION_DEG = 1.0  # below it shadows are longer than the city and say nothing
CORNERS = 5  # of the quad under one edge, closed


def cast(
    ragged: Ragged, height_m: NDArray[np.float64], azimuth_deg: float, elevation_deg: float
) -> Ragged | None:
    """The shadows of buildings on level ground, as one feature.

    The shadow of a prism is its footprint, its footprint moved to where the roof's shadow falls, and what each edge
    sweeps on the way. These pieces overlap; drawn as one feature they are their union.

    Parameters
    ----------
    ragged : Ragged
        Footprints.
    height_m : ndarray of float64, shape (features)
        Heights; buildings without one (NaN) or of none cast no shadow. [m]
    azimuth_deg, elevation_deg : float
        Where the sun stands, from north over east, and above the horizon. [°]

    Returns
    -------
    Ragged or None
        None while the sun is below 1°.
    """
    if elevation_deg < LEAST_ELEVATION_DEG:
        return None
    azimuth = np.radians(azimuth_deg)
    away = np.array([-np.sin(azimuth), -np.cos(azimuth)])
    length = np.nan_to_num(np.maximum(height_m, 0.0), nan=0.0) / np.tan(np.radians(elevation_deg))
    parts = np.flatnonzero(length[ragged.part_feature] > 0)
    shift_of_part = length[ragged.part_feature][:, None] * away
    corners_of_ring = np.diff(ragged.ring_offsets)
    part_of_ring = np.repeat(np.arange(len(ragged.part_feature)), np.diff(ragged.part_offsets))
    part_of_corner = np.repeat(part_of_ring, corners_of_ring)
    tall = np.zeros(len(ragged.part_feature), dtype=np.bool_)
    tall[parts] = True
    moved, rings, offsets = _roofs(ragged, shift_of_part, part_of_corner, part_of_ring, tall)
    quads = _swept(ragged, shift_of_part, part_of_corner, tall)
    xy = np.concatenate([moved, quads.reshape(-1, 2)])
    count = len(quads)
    ring_offsets = np.concatenate([rings, rings[-1] + CORNERS * np.arange(1, count + 1)])
    part_offsets = np.concatenate([offsets, offsets[-1] + np.arange(1, count + 1)])
    boxes = np.concatenate(
        [
            ragged.bounds[parts] + np.tile(shift_of_part[parts], 2),
            np.concatenate([quads.min(axis=1), quads.max(axis=1)], axis=1),
        ]
    )
    owners = np.zeros(len(boxes), dtype=np.int32)
    return Ragged(ragged.kind, 1, xy, ring_offsets, part_offsets, owners, np.ascontiguousarray(boxes))


def _roofs(
    ragged: Ragged,
    shift_of_part: NDArray[np.float64],
    part_of_corner: NDArray[np.int64],
    part_of_ring: NDArray[np.int64],
    tall: NDArray[np.bool_],
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """The outlines of tall parts moved to where the shadows of their roofs fall: corners and both offsets."""
    corners = tall[part_of_corner]
    moved = ragged.xy[corners] + shift_of_part[part_of_corner[corners]]
    lengths = np.diff(ragged.ring_offsets)[tall[part_of_ring]]
    rings = np.diff(ragged.part_offsets)[tall]
    return moved, _offsets(lengths), _offsets(rings)


def _swept(
    ragged: Ragged,
    shift_of_part: NDArray[np.float64],
    part_of_corner: NDArray[np.int64],
    tall: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """What the edges of tall parts sweep, shape (edges, 5, 2)."""
    ends = np.zeros(len(ragged.xy), dtype=np.bool_)
    ends[ragged.ring_offsets[1:] - 1] = True  # no edge begins at the last corner of a ring
    begin = np.flatnonzero(~ends & tall[part_of_corner])
    one, other = ragged.xy[begin], ragged.xy[begin + 1]
    shift = shift_of_part[part_of_corner[begin]]
    return np.stack([one, other, other + shift, one + shift, one], axis=1)


def _offsets(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
