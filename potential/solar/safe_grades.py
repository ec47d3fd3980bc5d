"""Safe grades: what the state of safety makes of the grade that yield and shade give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from potential.solar.safety import Safety
from potential.sums import GRADES


def with_safety(
    rank: NDArray[np.int64],
    reason: NDArray[np.object_],
    states: pd.DataFrame,
    none: NDArray[np.bool_],
    *,
    tall: NDArray[np.bool_] | None = None,
) -> dict[str, Any]:
    """Grade and reason of every building, with safety looked at.

    What is excluded is forbidden for the reason of its exclusion; what is to be checked keeps its grade and says which
    check is open; a building taller than the limit is conditional at best.

    Parameters
    ----------
    rank, reason : ndarray, shape (buildings,)
        By yield, shade and cost: rank in `GRADES` and what keeps it from a better one.
    states : DataFrame
        `safety_state` and `safety_reason`.
    none : ndarray of bool
        Where there is nothing to install: no check is asked for.
    tall : ndarray of bool, optional
        Buildings taller than the limit.
    """
    rank, reason = rank.copy(), reason.copy()
    if tall is not None:
        limited = tall & (rank <= GRADES.index("conditional"))
        rank[limited], reason[limited] = GRADES.index("conditional"), "taller than the limit"
    state, said = states["safety_state"].to_numpy(), states["safety_reason"].to_numpy()
    excluded = state == str(Safety.EXCLUDED)
    rank[excluded], reason[excluded] = GRADES.index("forbidden"), said[excluded]
    waiting = (state == str(Safety.TO_CHECK)) & ~none
    reason[waiting] = [
        f"{words}; {check}" if words else check
        for words, check in zip(reason[waiting], said[waiting], strict=True)
    ]
    return {"grade": np.array(GRADES, dtype=object)[rank], "reason": reason}
