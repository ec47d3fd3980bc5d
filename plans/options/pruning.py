"""Pruning: options that another of the same decision beats in everything that counts are left out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.compiled import kernel

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@kernel
def undominated(start: Places, good: Floats, draws: Places) -> NDArray[Any]:
    """Which options no other of their decision beats.

    Parameters
    ----------
    start : ndarray of int64, shape (decisions + 1,)
        Where the options of every decision begin.
    good : ndarray, shape (options, measures)
        The more the better, in every measure that an account or the objective looks at.
    draws : ndarray of int64, shape (options,)
        Which shared resource an option draws from; 0 for none. Only what draws from none, or from the same, can beat.

    Returns
    -------
    ndarray of bool, shape (options,)
        Of two alike the first stays.
    """
    kept = np.ones(len(good), dtype=np.bool_)
    for decision in range(len(start) - 1):
        for one in range(start[decision], start[decision + 1]):
            for other in range(start[decision], start[decision + 1]):
                if other == one or not kept[other] or (draws[other] != 0 and draws[other] != draws[one]):
                    continue
                beaten, alike = True, True
                for measure in range(good.shape[1]):
                    if good[other, measure] < good[one, measure]:
                        beaten = False
                        break
                    alike = alike and good[other, measure] == good[one, measure]
                if beaten and (not alike or other < one):
                    kept[one] = False
                    break
    return kept
