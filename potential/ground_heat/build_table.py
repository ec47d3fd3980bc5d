"""Building the table of g-functions: runs pygfunction over the axes of the table and writes `g_table.npz`.

Run it as `python -m potential.ground_heat.build_table`; it takes some minutes.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from itertools import combinations_with_replacement
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]

PATH = Path(__file__).with_name("g_table.npz")
METHOD, CONDITION, SEGMENTS = "equivalent", "UBWT", 8
COUNTS = (1, 2, 3, 4, 6, 8, 12, 20, 32, 50)  # holes along a side
SPACINGS = (0.009, 0.015, 0.025, 0.035, 0.05, 0.07, 0.10, 0.16, 0.25)  # over the active length
DEPTHS = (0.004, 0.012, 0.035, 0.1, 0.3)  # of the heads, over the active length
LOG_TIMES = np.arange(-11.5, 4.01, 0.5)  # ln(t/ts)
RADIUS = 0.00075  # over the active length
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


def of_axes(n1: int, n2: int, spacing: float, depth: float) -> Numbers:
    """The g-function at the times of the table; `spacing` and `depth` over the active length."""
    length, diffusivity = 100.0, 1e-6
    time = length**2 / (9 * diffusivity) * np.exp(LOG_TIMES)
    return g_function(
        n1, n2, spacing=spacing * length, length=length, head=depth * length, radius=RADIUS * length,
        diffusivity=diffusivity, time=time,
    )  # fmt: skip


def _fields_of(pair: tuple[int, int]) -> Numbers:
    """Of one pair of counts at every spacing and depth, (B/H, D/H, times)."""
    return np.array([[of_axes(*pair, spacing, depth) for depth in DEPTHS] for spacing in SPACINGS])


def build(path: Path = PATH, workers: int | None = None) -> None:
    """Run pygfunction over the axes and write the table.

    Parameters
    ----------
    path : Path
        File to write.
    workers : int, optional
        Processes to run side by side.
    """
    single = np.array([of_axes(1, 1, SPACINGS[0], depth) for depth in DEPTHS])
    pairs = list(combinations_with_replacement(COUNTS, 2))[1:]
    size = len(COUNTS)
    log_excess = np.full((size, size, len(SPACINGS), *single.shape), np.log(OFFSET))
    with ProcessPoolExecutor(workers) as pool:
        for done, (pair, g) in enumerate(zip(pairs, pool.map(_fields_of, pairs), strict=True), 1):
            first, second = (COUNTS.index(count) for count in pair)
            log_excess[first, second] = log_excess[second, first] = np.log(g - single + OFFSET)
            sys.stdout.write(f"{done} of {len(pairs)}: {pair[0]} x {pair[1]}\n")
            sys.stdout.flush()
    upper = np.triu_indices(size)
    np.savez_compressed(
        path,
        library=np.array(f"pygfunction {version('pygfunction')}"),
        method=np.array(f"{METHOD}, {CONDITION}, {SEGMENTS} segments"),
        counts=np.array(COUNTS, float),
        spacings_over_length=np.array(SPACINGS),
        depths_over_length=np.array(DEPTHS),
        log_times=LOG_TIMES,
        radius_over_length=np.array(RADIUS),
        offset=np.array(OFFSET),
        single=single,
        log_excess=log_excess[upper].astype(np.float32),
    )


if __name__ == "__main__":
    build()
