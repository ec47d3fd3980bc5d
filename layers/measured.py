"""Measured surfaces against footprints: which buildings they show, and those they are too old for."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from core.problems import Problem, Severity
from layers.footprints import Footprints, ground_under, outline_steps, raise_roofs
from standards import Standards

RING_CELLS = 5  # width of the window that looks for ground beside a building: two cells each way


@dataclass(frozen=True)
class Settled:
    """A measured surface with footprints laid on it; parameters as in `Surface`."""

    height: NDArray[np.float32]
    building: NDArray[np.int32]
    ground: NDArray[np.float32]
    base_m: NDArray[np.float64]
    problems: list[Problem]
    drawn: NDArray[np.bool_]


def settle_measured(
    buildings: gpd.GeoDataFrame,
    surface: NDArray[np.float32],
    ground: NDArray[np.float32] | None,
    feet: Footprints,
    standards: Standards,
) -> Settled:
    """Lay footprints on a measured surface.

    Parameters
    ----------
    buildings : GeoDataFrame
        With `height_m` where known.
    surface, ground : ndarray of float32, shape (rows, columns)
        Measured heights, and the ground on the same grid or None. [m]
    feet : Footprints
        Cells of the buildings.
    standards : Standards
        `given_data_rules`.

    Returns
    -------
    Settled
        A building of whose outline less than `step_share` shows a step of `step_height` is newer than the
        surface: its cells are set to its base plus its height, where a height is known.
    """

    def rule(name: str) -> float:
        return standards.number("given_data_rules", rule=name).value

    unset = np.full(surface.shape, -1, dtype=np.int32)
    lie = unset.copy()
    raise_roofs(surface.reshape(-1).copy(), lie.reshape(-1), feet.cells, feet.start, np.zeros(len(buildings)))
    if ground is None:
        ground = _ground_beside(surface, lie, len(buildings))
    base = ground_under(ground.reshape(-1), feet.cells, feet.start, rule("steep_relief"))
    roof = ground_under(surface.reshape(-1), feet.cells, feet.start, np.inf)
    sections, steps = outline_steps(surface, lie, len(buildings), rule("step_height"))
    covered = np.diff(feet.start) > 0
    unseen = (sections > 0) & (steps < rule("step_share") * sections)
    height_m = np.full(len(buildings), np.nan)
    if "height_m" in buildings.columns:
        height_m = buildings["height_m"].to_numpy(dtype=float)
    newer = (unseen | (covered & np.isnan(roof))) & (height_m > rule("step_height"))
    height = surface.copy()
    building = unset
    tops = np.where(newer, base + height_m, np.nan)
    raise_roofs(height.reshape(-1), building.reshape(-1), feet.cells, feet.start, tops)
    building = np.where(building >= 0, building, lie).astype(np.int32)
    away = ~newer & covered & (np.abs(roof - base - height_m) > rule("most_height_difference"))
    problems = [
        Problem(
            message,
            remedy,
            severity=severity,
            table="building",
            rows=tuple(buildings.index[which]),
            count=int(which.sum()),
            most=f"{rule('most_height_difference'):g}",
        )
        for which, severity, message, remedy in (
            (
                newer,
                Severity.WARNING,
                "{count} buildings do not show in the measured surface; footprint and height were used for them.",
                "The surface may be older than these buildings, or shifted against them.",
            ),
            (
                unseen & ~newer,
                Severity.WARNING,
                "{count} buildings do not show in the measured surface and have no height to use instead.",
                "Give their height or number of storeys.",
            ),
            (
                ~covered,
                Severity.WARNING,
                "{count} buildings lie outside the measured surface and get no sun.",
                "Use a surface that covers all buildings, or remove it so that footprints are used.",
            ),
            (
                away & ~unseen,
                Severity.NOTE,
                "The height of {count} buildings differs by more than {most} m from the measured surface; "
                "the surface holds.",
                "Check the given heights and the date of the surface.",
            ),
        )
        if which.any()
    ]
    return Settled(height, building, ground, base, problems, newer)


def _ground_beside(
    surface: NDArray[np.float32], building: NDArray[np.int32], count: int
) -> NDArray[np.float32]:
    """Ground from the surface alone: under a building the lowest cells beside it, elsewhere the surface."""
    from scipy.ndimage import maximum_filter  # late: it takes a while to import

    free = building < 0
    beside = maximum_filter(building, size=RING_CELLS, mode="nearest")
    ring = free & (beside >= 0) & ~np.isnan(surface)
    lowest = np.full(count, np.inf)
    np.minimum.at(lowest, beside[ring], surface[ring].astype(np.float64))
    lowest[np.isinf(lowest)] = np.nan
    ground = surface.copy()
    ground[~free] = lowest[building[~free]]
    return ground
