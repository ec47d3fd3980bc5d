"""Verdicts: the grade of every parcel for one source of heat, with its reasons, what limits it and what is missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from potential import Grade

# Worst last: what is forbidden stays so whatever is missing, and nothing is suitable where a layer is missing.
ORDER = (
    Grade.SUITABLE,
    Grade.FAIRLY_SUITABLE,
    Grade.CONDITIONAL,
    Grade.UNSUITABLE,
    Grade.NEEDS_SURVEY,
    Grade.FORBIDDEN,
)
COUNTS = (
    Grade.SUITABLE,
    Grade.FAIRLY_SUITABLE,
    Grade.CONDITIONAL,
)  # grades under which a source gives something

CLEARED = "to be demolished; only for what is built anew"


class Verdicts:
    """Grades that only get worse, with the reasons of the worst.

    Parameters
    ----------
    count : int
        Number of parcels.
    """

    def __init__(self, count: int) -> None:
        self._rank = np.zeros(count, dtype=np.int64)
        self._reasons: list[list[str]] = [[] for _ in range(count)]
        self._missing: list[list[str]] = [[] for _ in range(count)]

    def judge(self, rows: NDArray[np.bool_], grade: Grade, reason: str) -> None:
        """Give some parcels a grade for a reason, unless theirs is worse; equal grades gather reasons."""
        rank = ORDER.index(grade)
        for row in np.flatnonzero(rows & (self._rank <= rank)):
            if self._rank[row] < rank:
                self._rank[row], self._reasons[row] = rank, []
            if reason and reason not in self._reasons[row]:
                self._reasons[row].append(reason)

    def lack(self, rows: NDArray[np.bool_], layer: str) -> None:
        """Say that a layer or fact is missing in some parcels, which then need a survey unless forbidden.

        `layer` is the name of the field or table.
        """
        for row in np.flatnonzero(rows):
            self._missing[row].append(layer)
        self.judge(rows, Grade.NEEDS_SURVEY, "needs survey")

    def clear(self, parcels: pd.DataFrame) -> None:
        """Say of parcels that are to be cleared that a source serves only what is built there anew."""
        if "planned_demolition" in parcels:
            gone = parcels["planned_demolition"].astype(object).map(lambda flag: flag is True or flag == 1)
            self.judge(gone.to_numpy(dtype=bool), Grade.CONDITIONAL, CLEARED)

    @property
    def counts(self) -> NDArray[np.bool_]:
        """Where the source may give something, shape (parcels,)."""
        return np.isin(self._rank, [ORDER.index(grade) for grade in COUNTS])

    def columns(self) -> dict[str, Any]:
        """`grade`, `reason` and `missing_data` of every parcel, several words joined by `; `."""
        return {
            "grade": np.array([str(ORDER[rank]) for rank in self._rank], dtype=object),
            "reason": np.array(["; ".join(reasons) for reasons in self._reasons], dtype=object),
            "missing_data": np.array(["; ".join(layers) for layers in self._missing], dtype=object),
        }
