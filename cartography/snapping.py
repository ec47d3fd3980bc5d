"""Snapping: the corner, else the edge, that a place near it was meant to be on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from cartography.ragged import Kind, Ragged

MOST_PARTS = 2_000  # looked at for one place; where more lie under the mouse the scale is too coarse to snap

Run = NDArray[np.float64]


class Onto(IntEnum):
    """What a place was put on; a lower one goes first."""

    CORNER = 0
    EDGE = 1


@dataclass(frozen=True)
class Snapped:
    """A place on a corner or an edge. [m]"""

    x: float
    y: float
    onto: Onto


def snap(x: float, y: float, reach_m: float, runs: Iterable[Run]) -> Snapped | None:
    """The nearest corner within reach, else the nearest place on an edge; None where there is neither.

    Parameters
    ----------
    x, y : float
        The place. [m]
    reach_m : float
        How far a corner or an edge may be away. [m]
    runs : iterable of ndarray of float64, shape (corners, 2)
        Rings and lines; a ring ends where it began. [m]
    """
    place = np.array([x, y])
    best: tuple[Onto, float, Run] | None = None
    for run in runs:
        away = np.hypot(*(run - place).T)
        nearest = int(np.argmin(away)) if len(run) else -1
        if nearest >= 0 and away[nearest] <= reach_m:
            found = (Onto.CORNER, float(away[nearest]), run[nearest])
        elif len(run) > 1 and (best is None or best[0] is Onto.EDGE):
            on_edge, distance = _on_edges(place, run)
            if distance > reach_m:
                continue
            found = (Onto.EDGE, distance, on_edge)
        else:
            continue
        if best is None or found[:2] < best[:2]:
            best = found
    return None if best is None else Snapped(float(best[2][0]), float(best[2][1]), best[0])


def runs_near(
    layer: Ragged, x: float, y: float, reach_m: float, seen: NDArray[np.bool_] | None = None
) -> list[Run]:
    """Rings and lines of a layer whose box comes within reach of a place; none where there are too many.

    Parameters
    ----------
    x, y, reach_m : float
        The place, and how far away they may be. [m]
    seen : ndarray of bool, shape (features), optional
        Which features there are to be snapped to; all if not given.
    """
    if layer.kind is Kind.POINT:
        return []
    parts = layer.query((x - reach_m, y - reach_m, x + reach_m, y + reach_m))
    if seen is not None:
        parts = parts[seen[layer.part_feature[parts]]]
    if len(parts) > MOST_PARTS:
        return []
    return [ring for part in parts for ring in layer.rings(int(part))]


def _on_edges(place: Run, run: Run) -> tuple[Run, float]:
    """The place on the edges of a run that is nearest, and how far away it is."""
    begin, along = run[:-1], np.diff(run, axis=0)
    length = (along**2).sum(axis=1)
    share = ((place - begin) * along).sum(axis=1) / np.where(length > 0, length, 1.0)
    on = begin + np.clip(share, 0.0, 1.0)[:, None] * along
    away = np.hypot(*(on - place).T)
    nearest = int(np.argmin(away))
    return on[nearest], float(away[nearest])
