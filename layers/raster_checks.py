"""Suspicious values of height rasters: zeros that mean missing, whole metres, heights no ground has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.problems import Problem, Severity

FALSE_ZERO_GAP_M = 10.0  # no ground or roof falls to zero at once from this height
LOWEST_M, HIGHEST_M = -500.0, 9000.0
TERRACE_SAMPLE = 200_000


def without_false_zeros(values: NDArray[np.float32]) -> tuple[NDArray[np.float32], list[Problem]]:
    """Heights with zeros as missing where nothing else comes near zero, and what was said of it.

    At a site 500 m above the sea a zero is a pit; where zeros are most of the cells (crowns of trees) or
    other values lie near zero they stay.
    """
    zero = values == 0
    count = int(zero.sum())
    others = values[~zero & ~np.isnan(values)]
    if not count or not len(others) or count > len(others):
        return values, []
    if others.min() < FALSE_ZERO_GAP_M:
        return values, []
    out = values.copy()
    out[zero] = np.nan
    problem = Problem(
        "{count} cells of the raster are 0 while all others lie above {lowest} m; they were taken as missing.",
        "If they are real, lift the raster by a constant height.",
        severity=Severity.WARNING,
        count=count,
        lowest=f"{others.min():.0f}",
    )
    return out, [problem]


def value_problems(values: NDArray[np.float32]) -> list[Problem]:
    """What looks wrong with the heights of a raster.

    Parameters
    ----------
    values : ndarray of float32
        Heights, NaN where missing. [m]
    """
    step = max(1, values.size // TERRACE_SAMPLE)
    sample = values.reshape(-1)[::step]
    sample = sample[~np.isnan(sample)]
    problems = []
    if len(sample) and np.ptp(sample) > 2 and (sample == np.round(sample)).all():
        problems.append(
            Problem(
                "The heights of the raster are whole metres: slopes show as terraces.",
                "Use a raster with decimals for slopes and roofs; for shadows this one does.",
                severity=Severity.WARNING,
            )
        )
    wild = int(((values < LOWEST_M) | (values > HIGHEST_M)).sum())
    if wild:
        problems.append(
            Problem(
                "{count} cells of the raster lie below {low} m or above {high} m.",
                "Check the unit of heights and the value that marks missing cells.",
                severity=Severity.WARNING,
                count=wild,
                low=f"{LOWEST_M:g}",
                high=f"{HIGHEST_M:g}",
            )
        )
    return problems
