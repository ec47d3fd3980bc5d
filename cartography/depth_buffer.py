"""The depth buffer: which triangle is nearest at every pixel, from an eye or along the light of the sun."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.compiled import kernel

NO_TRIANGLE = -1


@kernel
def project(
    vertices: NDArray[np.float32],
    eye: NDArray[np.float64],
    right: NDArray[np.float64],
    up: NDArray[np.float64],
    forward: NDArray[np.float64],
    focal: float,
    middle_x: float,
    middle_y: float,
    near: float,
    points: NDArray[np.float64],
) -> None:
    """Vertices onto a picture with perspective.

    Parameters
    ----------
    vertices : ndarray of float32, shape (vertices, 3)
        In space. [m]
    eye, right, up, forward : ndarray, shape (3)
        The camera; see `Camera`.
    focal, middle_x, middle_y : float
        Its picture. [px]
    near : float
        What is nearer than that is marked by 0 as its nearness. [m]
    points : ndarray, shape (vertices, 3)
        Written to: x, y [px] and nearness, 1 over the depth [1/m], which is linear on the picture.
    """
    for n in range(len(vertices)):
        x, y, z = vertices[n, 0] - eye[0], vertices[n, 1] - eye[1], vertices[n, 2] - eye[2]
        depth = x * forward[0] + y * forward[1] + z * forward[2]
        if depth < near:
            points[n, 2] = 0.0
            continue
        nearness = 1.0 / depth
        points[n, 0] = middle_x + focal * (x * right[0] + y * right[1] + z * right[2]) * nearness
        points[n, 1] = middle_y - focal * (x * up[0] + y * up[1] + z * up[2]) * nearness
        points[n, 2] = nearness


@kernel
def project_parallel(
    vertices: NDArray[np.float32],
    right: NDArray[np.float64],
    up: NDArray[np.float64],
    light: NDArray[np.float64],
    scale: float,
    left: float,
    top: float,
    farthest: float,
    points: NDArray[np.float64],
) -> None:
    """Vertices onto a plane across the light of the sun.

    Parameters
    ----------
    right, up, light : ndarray, shape (3)
        Unit vectors in the plane, and to the sun.
    scale : float
        Pixels per metre. [px/m]
    left, top : float
        Place in the plane of the buffer's upper left corner. [m]
    farthest : float
        Added to the height along the light, so that all are above 0. [m]
    points : ndarray, shape (vertices, 3)
        Written to: x, y [px] and nearness to the sun [m].
    """
    for n in range(len(vertices)):
        x, y, z = np.float64(vertices[n, 0]), np.float64(vertices[n, 1]), np.float64(vertices[n, 2])
        points[n, 0] = (x * right[0] + y * right[1] + z * right[2] - left) * scale
        points[n, 1] = (top - x * up[0] - y * up[1] - z * up[2]) * scale
        points[n, 2] = farthest + x * light[0] + y * light[1] + z * light[2]


@kernel
def fill_triangles(
    points: NDArray[np.float64],
    triangles: NDArray[np.int32],
    owner: NDArray[np.int32],
    shown: NDArray[np.bool_],
    nearest: NDArray[np.float32],
    which: NDArray[np.int32],
    stop: NDArray[np.uint8],
) -> bool:
    """Draw triangles; at every pixel the nearest stays.

    Pixels are sampled at their centres. Triangles seen from behind, of hidden features, or with a vertex of nearness 0
    are left out.

    Parameters
    ----------
    points : ndarray, shape (vertices, 3)
        x, y [px] and nearness, above 0 and linear on the picture.
    triangles : ndarray of int32, shape (triangles, 3)
        Numbers of vertices, seen from outside anticlockwise.
    owner : ndarray of int32, shape (triangles)
        Row of the feature plus one, 0 for the ground.
    shown : ndarray of bool, shape (features + 1)
        Whether what a triangle belongs to is drawn.
    nearest : ndarray of float32, shape (rows, columns)
        Written to; 0 where nothing is.
    which : ndarray of int32, shape (rows, columns)
        Written to: number of the triangle, `NO_TRIANGLE` where nothing is.
    stop : ndarray of uint8, shape (1)
        Set to anything but 0 by another thread, drawing ends.

    Returns
    -------
    bool
        False where it was stopped.
    """
    rows, columns = nearest.shape
    for t in range(len(triangles)):
        if t % 4096 == 0 and stop[0] != 0:
            return False
        if not shown[owner[t]]:
            continue
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        za, zb, zc = points[a, 2], points[b, 2], points[c, 2]
        if za <= 0.0 or zb <= 0.0 or zc <= 0.0:
            continue
        xa, ya, xb, yb, xc, yc = (
            points[a, 0],
            points[a, 1],
            points[b, 0],
            points[b, 1],
            points[c, 0],
            points[c, 1],
        )
        twice = (xc - xa) * (yb - ya) - (xb - xa) * (
            yc - ya
        )  # rows run down: seen from outside it is above 0
        if not twice > 1e-9:
            continue
        top, bottom = min(ya, yb, yc), max(ya, yb, yc)
        if bottom < 0.5 or top > rows - 0.5 or max(xa, xb, xc) < 0.5 or min(xa, xb, xc) > columns - 0.5:
            continue
        first, last = max(0, int(np.ceil(top - 0.5))), min(rows - 1, int(np.floor(bottom - 0.5)))
        # Nearness is a plane over the picture.
        across = ((zc - za) * (yb - ya) - (zb - za) * (yc - ya)) / twice
        down = ((xc - xa) * (zb - za) - (xb - xa) * (zc - za)) / twice
        for row in range(first, last + 1):
            y = row + 0.5
            low, high = np.inf, -np.inf
            for side in range(3):
                if side == 0:
                    x0, y0, x1, y1 = xa, ya, xb, yb
                elif side == 1:
                    x0, y0, x1, y1 = xb, yb, xc, yc
                else:
                    x0, y0, x1, y1 = xc, yc, xa, ya
                if y0 > y1:  # every edge the same way, so that neighbours meet in the same bits
                    x0, y0, x1, y1 = x1, y1, x0, y0
                if y0 <= y < y1:
                    x = x0 + (y - y0) * (x1 - x0) / (y1 - y0)
                    low, high = min(low, x), max(high, x)
            if low > high:
                continue
            start, end = max(0, int(np.ceil(low - 0.5))), min(columns, int(np.ceil(high - 0.5)))
            near = za + (start + 0.5 - xa) * across + (y - ya) * down
            for column in range(start, end):
                if near > nearest[row, column]:
                    nearest[row, column] = near
                    which[row, column] = t
                near += across
    return True
