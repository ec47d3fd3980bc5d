"""Given figures: columns of tables as numbers, and a usual and a winter temperature as twelve months."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standards import Taken

Floats = NDArray[np.float64]


def given_numbers(table: pd.DataFrame, name: str) -> Floats:
    """A column as numbers, shape (rows,); NaN where there is none, or no such column."""
    if name not in table:
        return np.full(len(table), np.nan)
    found: Floats = pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=float)
    return found


def winter_months(taken: Taken) -> NDArray[np.bool_]:
    """Months in which sources have their winter temperature, shape (12,)."""
    months = np.arange(1, 13)
    first = taken.number("heat_supply", item="winter", case="first_month")
    last = taken.number("heat_supply", item="winter", case="last_month")
    return (months >= first) | (months <= last)


def by_month(usual: Floats, in_winter: Floats, winter: NDArray[np.bool_]) -> Floats:
    """Temperature of sources in every month, shape (sources, 12), from their usual one and that of winter. [°C]"""
    return np.where(winter, in_winter[:, None], usual[:, None])
