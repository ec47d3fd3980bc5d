"""Outlines of buildings in their own frame: corner at the origin, width along x, depth along y, in metres."""

from __future__ import annotations

import numpy as np
from shapely import Polygon, box


def block(width: float, depth: float) -> Polygon:
    """A plain rectangle."""
    return box(0, 0, width, depth)


def slab(rng: np.random.Generator, width: float, depth: float) -> Polygon:
    """A walk-up slab: plain, with stair bays on its north side, or stepped in the middle."""
    kind = rng.random()
    if kind < 0.45 or width < 24:
        return block(width, depth)
    if kind < 0.78:
        units = max(2, round(width / 15))
        step, body = width / units, depth - 1.3
        points = [(0.0, 0.0), (width, 0.0), (width, body)]
        for unit in range(units - 1, -1, -1):
            middle = (unit + 0.5) * step
            points += [
                (middle + 1.6, body),
                (middle + 1.6, depth),
                (middle - 1.6, depth),
                (middle - 1.6, body),
            ]
        return Polygon([*points, (0.0, body)])
    shift, middle, body = 2.8, round(width / 2, 1), depth - 2.8
    return Polygon([(0, 0), (middle, 0), (middle, shift), (width, shift), (width, depth), (middle, depth),
                    (middle, body), (0, body)])  # fmt: skip


def tower(rng: np.random.Generator, width: float, depth: float) -> Polygon:
    """A high-rise: notched like a butterfly, a cross, or stepped towards the sun."""
    kind, w, d = rng.random(), width, depth
    if kind < 0.45:
        a, b = 0.34 * w, 0.22 * d
        return Polygon([(0, 0), (a, 0), (a, b), (w - a, b), (w - a, 0), (w, 0), (w, d - b), (w - a, d - b),
                        (w - a, d), (a, d), (a, d - b), (0, d - b)])  # fmt: skip
    if kind < 0.7:
        a, b = 0.22 * w, 0.25 * d
        return Polygon([(a, 0), (w - a, 0), (w - a, b), (w, b), (w, d - b), (w - a, d - b), (w - a, d), (a, d),
                        (a, d - b), (0, d - b), (0, b), (a, b)])  # fmt: skip
    if kind < 0.88:
        a, b = 0.5 * w, 0.2 * d
        return Polygon([(0, 0), (a, 0), (a, b), (w, b), (w, d), (a, d), (a, d - b), (0, d - b)])
    return block(w, d)


def angle_shape(width: float, depth: float, arm: float) -> Polygon:
    """An L: arms along the south and the west side."""
    return Polygon([(0, 0), (width, 0), (width, arm), (arm, arm), (arm, depth), (0, depth)])


def u_shape(width: float, depth: float, arm: float) -> Polygon:
    """A U open to the south."""
    return Polygon([(0, 0), (arm, 0), (arm, depth - arm), (width - arm, depth - arm), (width - arm, 0), (width, 0),
                    (width, depth), (0, depth)])  # fmt: skip


def h_shape(width: float, depth: float, arm: float) -> Polygon:
    """Two wings joined in the middle."""
    low, high = (depth - arm) / 2, (depth + arm) / 2
    return Polygon([(0, 0), (arm, 0), (arm, low), (width - arm, low), (width - arm, 0), (width, 0), (width, depth),
                    (width - arm, depth), (width - arm, high), (arm, high), (arm, depth), (0, depth)])  # fmt: skip


def court(width: float, depth: float, arm: float) -> Polygon:
    """Four wings around a yard."""
    return Polygon(block(width, depth).exterior, [box(arm, arm, width - arm, depth - arm).exterior.coords])


def comb(width: float, depth: float, arm: float, teeth: int) -> Polygon:
    """A school: a corridor along the north with wings to the south."""
    points = [(0.0, depth)]
    step = (width - arm) / max(teeth - 1, 1)
    for tooth in range(teeth):
        left = tooth * step
        points += [(left, 0.0), (left + arm, 0.0)]
        if tooth < teeth - 1:
            points += [(left + arm, depth - arm), (left + step, depth - arm)]
    return Polygon([*points, (width, depth)])


def t_shape(width: float, depth: float, arm: float) -> Polygon:
    """A long front with a wing behind it."""
    left, right = (width - arm) / 2, (width + arm) / 2
    return Polygon([(0, 0), (width, 0), (width, arm), (right, arm), (right, depth), (left, depth), (left, arm),
                    (0, arm)])  # fmt: skip


def oval(width: float, depth: float) -> Polygon:
    """An ellipse of 28 corners."""
    turn = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    return Polygon(np.column_stack([width / 2 * (1 + np.cos(turn)), depth / 2 * (1 + np.sin(turn))]))


def skewed(width: float, depth: float, lean: float) -> Polygon:
    """A parallelogram leaning by `lean` metres."""
    left, right = max(-lean, 0.0), max(lean, 0.0)
    inner = width - left - right
    return Polygon([(left, 0), (left + inner, 0), (left + inner + lean, depth), (left + lean, depth)])


def chamfered(width: float, depth: float, corner: float) -> Polygon:
    """A rectangle with cut corners."""
    c = corner
    return Polygon([(c, 0), (width - c, 0), (width, c), (width, depth - c), (width - c, depth), (c, depth),
                    (0, depth - c), (0, c)])  # fmt: skip


def crescent(width: float, depth: float, arm: float) -> Polygon:
    """A bent slab, open to the south."""
    turn = np.linspace(np.radians(25), np.radians(155), 14)
    outer = np.column_stack([np.cos(turn), np.sin(turn)])
    inner = outer[::-1] * (1 - arm / (width / 2))
    shape = np.vstack([outer, inner]) * (width / 2)
    shape -= shape.min(axis=0)
    shape *= np.minimum(1.0, [width / shape[:, 0].max(), depth / shape[:, 1].max()])
    return Polygon(shape)
