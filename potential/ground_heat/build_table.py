"""Building the table of g-functions: runs pygfunction over the axes of the table and writes `g_table.npz`.

Run it as `python -m potential.ground_heat.build_table`; it takes some minutes.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from importlib.metadata import version
from itertools import combinations_with_replacement
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]

PATH = Path(__file__).with_name("g_table.npz")
METHOD, CONDITION, SEGMENTS = "equivalent", "UBWT", 8
COUNTS = (1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 28, 50)  # holes along a side
SPACINGS = (0.009, 0.015, 0.025, 0.035, 0.05, 0.07, 0.10, 0.16, 0.25)  # over the active length
# Depths of the heads over the active length, and with each the radius it is met with: about 75 mm with 2 m. In large fields
# the radius changes more than the temperature of a hole's own wall: narrow holes share the heat more evenly.
DEPTHS = (0.0035, 0.009, 0.022, 0.05, 0.12, 0.3)
RADII = (0.00013, 0.00034, 0.00083, 0.0019, 0.0022, 0.0022)
FACTORS = (0.16, 2.0)  # of these radii, for the correction of others
CORRECTED_COUNTS = (1, 2, 4, 8, 16, 32)
LOG_TIMES = np.arange(-11.5, 4.01, 0.5)  # ln(t/ts)
OFFSET = 0.02  # keeps the logarithm finite where a hole does not feel its neighbours yet


def g_function(
    n1: int, n2: int, *, spacing: float, length: float, head: float, radius: float, diffusivity: float,
    time: ArrayLike, method: str = METHOD,
) -> Numbers:  # fmt: skip
    """The g-function of a rectangular field by pygfunction, walls of one temperature.

    Parameters
    ----------
    n1, n2 : int
        Holes along the sides.
    spacing, length, head, radius : float
        Spacing of the holes, their active length, depth of their heads and radius. [m]
    diffusivity : float
        Of the ground. [m²/s]
    time : array_like, (times,)
        Rising times since the load began. [s]
    method : str
        Method of pygfunction.

    Returns
    -------
    ndarray, (times,)
        The g-function.
    """
    from pygfunction.borefield import Borefield
    from pygfunction.gfunction import gFunction

    field = Borefield.rectangle_field(n1, n2, spacing, spacing, length, head, radius)
    found = gFunction(
        field, diffusivity, time=np.asarray(time, float), boundary_condition=CONDITION, method=method,
        options={"nSegments": SEGMENTS},
    )  # fmt: skip
    return np.asarray(found.gFunc, dtype=float)


@cache
def single_hole(depth: float, radius: float) -> Numbers:
    """g of one hole at the times of the table; lengths are over the active length."""
    return _of_axes(1, 1, 1.0, depth, radius)


def log_excess(n1: int, n2: int, spacing: float, depth: float, radius: float) -> Numbers:
    """Logarithm of g above that of one hole, at the times of the table; lengths are over the active length."""
    excess = _of_axes(n1, n2, spacing, depth, radius) - single_hole(depth, radius)
    return np.asarray(np.log(excess + OFFSET))


def _of_axes(n1: int, n2: int, spacing: float, depth: float, radius: float) -> Numbers:
    length, diffusivity = 100.0, 1e-6
    return g_function(
        n1, n2, spacing=spacing * length, length=length, head=depth * length, radius=radius * length,
        diffusivity=diffusivity, time=length**2 / (9 * diffusivity) * np.exp(LOG_TIMES),
    )  # fmt: skip


def _fields_of(task: tuple[int, int, float]) -> Numbers:
    """Of one pair of counts and one factor of the radius, at every spacing and depth, (spacings, depths, times)."""
    n1, n2, factor = task
    heads = list(zip(DEPTHS, RADII, strict=True))
    return np.array(
        [
            [log_excess(n1, n2, spacing, depth, factor * radius) for depth, radius in heads]
            for spacing in SPACINGS
        ]
    )


def pairs_of(counts: tuple[int, ...]) -> list[tuple[int, int]]:
    """Pairs of counts in the order in which the file keeps them."""
    return list(combinations_with_replacement(counts, 2))


def build(path: Path = PATH, workers: int | None = None) -> None:
    """Run pygfunction over the axes and write the table.

    Parameters
    ----------
    path : Path
        File to write.
    workers : int, optional
        Processes to run side by side.
    """
    tasks = {(*pair, 1.0) for pair in pairs_of(COUNTS)}
    tasks |= {(*pair, factor) for pair in pairs_of(CORRECTED_COUNTS) for factor in (1.0, *FACTORS)}
    ordered = sorted(tasks, key=lambda task: -task[0] * task[1])  # the longest first
    found: dict[tuple[int, int, float], Numbers] = {}
    with ProcessPoolExecutor(workers) as pool:
        for task, fields in zip(ordered, pool.map(_fields_of, ordered), strict=True):
            found[task] = fields
            sys.stdout.write(f"{len(found)} of {len(ordered)}: {task}\n")
            sys.stdout.flush()
    np.savez_compressed(
        path,
        library=np.array(f"pygfunction {version('pygfunction')}"),
        method=np.array(f"{METHOD}, {CONDITION}, {SEGMENTS} segments"),
        counts=np.array(COUNTS, float),
        corrected_counts=np.array(CORRECTED_COUNTS, float),
        spacings_over_length=np.array(SPACINGS),
        depths_over_length=np.array(DEPTHS),
        radii_over_length=np.array(RADII),
        radius_factors=np.array(FACTORS),
        log_times=LOG_TIMES,
        offset=np.array(OFFSET),
        single=np.array([single_hole(*head) for head in zip(DEPTHS, RADII, strict=True)]),
        log_excess=np.array([found[*pair, 1.0] for pair in pairs_of(COUNTS)], np.float32),
        correction=np.array(
            [
                [found[*pair, factor] - found[*pair, 1.0] for pair in pairs_of(CORRECTED_COUNTS)]
                for factor in FACTORS
            ],
            np.float32,
        ),
    )


if __name__ == "__main__":
    build()
