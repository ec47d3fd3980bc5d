"""Shading of scenes: from the triangle at every pixel to its colour in the light, with shadows and the map on the ground."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.compiled import inlined, kernel

EDGE_SHADE = 0.78  # how dark the line between two buildings is
EDGE_FROM_M_PER_PX = 1.5  # farther away lines would cover what they part
TAPS = 2  # samples of a shadow in each direction, so that its rim is soft
SELECTED = np.uint8(1)


@inlined
def _sampled(picture, west, north, step, x, y):  # type: ignore[no-untyped-def]
    """Colour of a picture of the ground at a place; 0 beyond it."""
    row, column = int(np.floor((north - y) / step)), int(np.floor((x - west) / step))
    if 0 <= row < picture.shape[0] and 0 <= column < picture.shape[1]:
        return picture[row, column]
    return np.uint32(0)


@kernel
def shade_scene(
    which: NDArray[np.int32],
    nearest: NDArray[np.float32],
    owner: NDArray[np.int32],
    tones: NDArray[np.float32],
    ambient: float,
    colours: NDArray[np.uint32],
    flags: NDArray[np.uint8],
    selected_colour: np.uint32,
    ground_colour: np.uint32,
    coarse: NDArray[np.uint32],
    coarse_place: NDArray[np.float64],
    fine: NDArray[np.uint32],
    fine_place: NDArray[np.float64],
    eye: NDArray[np.float64],
    right: NDArray[np.float64],
    up: NDArray[np.float64],
    forward: NDArray[np.float64],
    focal: float,
    shadow: NDArray[np.float32],
    lifts: NDArray[np.float32],
    light_axes: NDArray[np.float64],
    light_place: NDArray[np.float64],
    sky: NDArray[np.uint32],
    sub_pixels: int,
    image: NDArray[np.uint32],
    stop: NDArray[np.uint8],
) -> bool:
    """Colour a scene and average its sub-pixels.

    Parameters
    ----------
    which, nearest : ndarray, shape (rows * sub_pixels, columns * sub_pixels)
        As of `fill_triangles`; nearness is 1 over depth.
    owner : ndarray of int32, shape (triangles)
        Row of the feature plus one, 0 for the ground.
    tones : ndarray of float32, shape (triangles)
        Brightness that the direct light adds to a face, 0 to 1 - `ambient`.
    ambient : float
        Brightness of what lies in shadow.
    colours : ndarray of uint32, shape (features + 1)
        Opaque colours by owner; that of the ground is not looked at.
    flags : ndarray of uint8, shape (features + 1)
        `SELECTED` or not.
    coarse, fine : ndarray of uint32, shape (rows, columns)
        Pictures of the ground, the fine one looked at first; either may be empty.
    coarse_place, fine_place : ndarray, shape (3)
        West, north and metres per pixel of each picture. [m]
    eye, right, up, forward, focal
        The camera, in sub-pixels.
    shadow : ndarray of float32, shape (rows, columns)
        Nearness to the sun of what it sees first; empty without shadows. [m]
    lifts : ndarray of float32, shape (triangles)
        How far a face is lifted to the sun before it is looked up, so that it does not lie in its own shadow. [m]
    light_axes : ndarray, shape (3, 3)
        Right, up and to the sun.
    light_place : ndarray, shape (4)
        Pixels per metre, left, top and farthest, as in `project_parallel`.
    sky : ndarray of uint32, shape (rows)
        Colour behind everything, by row of the image.
    image : ndarray of uint32, shape (rows, columns)
        Written to.
    stop : ndarray of uint8, shape (1)
        As in `fill_triangles`.
    """
    rows, columns = image.shape
    height, width = which.shape
    count = sub_pixels * sub_pixels
    shadowed = shadow.size > 0
    for y in range(rows):
        if y % 8 == 0 and stop[0] != 0:
            return False
        for x in range(columns):
            red, green, blue = 0.0, 0.0, 0.0
            for v in range(y * sub_pixels, (y + 1) * sub_pixels):
                for u in range(x * sub_pixels, (x + 1) * sub_pixels):
                    triangle = which[v, u]
                    if triangle < 0:
                        colour, tone = sky[y], 1.0
                    else:
                        feature = owner[triangle]
                        direct = np.float64(tones[triangle])
                        px = (u + 0.5 - width / 2) / focal
                        py = (v + 0.5 - height / 2) / focal
                        depth = 1.0 / nearest[v, u]
                        east = eye[0] + depth * (forward[0] + px * right[0] - py * up[0])
                        north = eye[1] + depth * (forward[1] + px * right[1] - py * up[1])
                        above = eye[2] + depth * (forward[2] + px * right[2] - py * up[2])
                        if feature == 0:
                            colour = _sampled(fine, fine_place[0], fine_place[1], fine_place[2], east, north)
                            if colour == 0:
                                colour = _sampled(
                                    coarse, coarse_place[0], coarse_place[1], coarse_place[2], east, north
                                )
                            if colour == 0:
                                colour = ground_colour
                        else:
                            colour = colours[feature]
                            if flags[feature] & SELECTED:
                                colour = selected_colour
                        if shadowed and direct > 0.0:
                            across = (
                                east * light_axes[0, 0] + north * light_axes[0, 1] + above * light_axes[0, 2]
                            )
                            upward = (
                                east * light_axes[1, 0] + north * light_axes[1, 1] + above * light_axes[1, 2]
                            )
                            near = (
                                light_place[3]
                                + east * light_axes[2, 0]
                                + north * light_axes[2, 1]
                                + above * light_axes[2, 2]
                            )
                            column = (across - light_place[1]) * light_place[0] - 0.5
                            row = (light_place[2] - upward) * light_place[0] - 0.5
                            dark = 0
                            for tap in range(TAPS * TAPS):
                                i, j = int(np.floor(row)) + tap // TAPS, int(np.floor(column)) + tap % TAPS
                                if (
                                    0 <= i < shadow.shape[0]
                                    and 0 <= j < shadow.shape[1]
                                    and shadow[i, j] > near + lifts[triangle]
                                ):
                                    dark += 1
                            direct *= 1.0 - dark / (TAPS * TAPS)
                        tone = ambient + direct
                        if feature > 0 and depth < EDGE_FROM_M_PER_PX * focal:
                            beside = (
                                u + 1 < width and which[v, u + 1] >= 0 and owner[which[v, u + 1]] != feature
                            )
                            below = (
                                v + 1 < height and which[v + 1, u] >= 0 and owner[which[v + 1, u]] != feature
                            )
                            if beside or below:
                                tone *= EDGE_SHADE
                    red += tone * ((colour >> np.uint32(16)) & np.uint32(255))
                    green += tone * ((colour >> np.uint32(8)) & np.uint32(255))
                    blue += tone * (colour & np.uint32(255))
            image[y, x] = (
                np.uint32(0xFF000000)
                | (np.uint32(min(255.0, red / count)) << np.uint32(16))
                | (np.uint32(min(255.0, green / count)) << np.uint32(8))
                | np.uint32(min(255.0, blue / count))
            )
    return True
