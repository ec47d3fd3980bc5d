"""Self-use: what buildings use of the power of their own places in the hour it comes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.compiled import kernel
from demand.electricity import DAYS, WORKDAYS, Electricity

Numbers = NDArray[np.float64]
WH_PER_KWH = 1000.0


def used_at_once(days_wh: NDArray[np.int32], use: Electricity) -> Numbers:
    """Energy of a year that buildings use in the hour it comes, shape (buildings,). [kWh]

    Parameters
    ----------
    days_wh : ndarray of int, (buildings, 12, 24)
        Energy of the hours of typical days. [Wh]
    use : Electricity
        Of the same buildings.

    Notes
    -----
    On a typical day the sun is smoother than on real ones, so the result is somewhat too high.
    """
    used = np.zeros(len(days_wh))
    _used(days_wh, use.kwh, use.kind, use.workday, use.holiday, DAYS, used)
    return used


@kernel
def _used(
    days_wh: NDArray[np.int32], kwh: Numbers, kind: NDArray[np.int64], workday: Numbers, holiday: Numbers,
    days: NDArray[np.int64], used: Numbers,
) -> None:  # fmt: skip
    for row in range(days_wh.shape[0]):
        total = 0.0
        for month in range(days_wh.shape[1]):
            day = 0.0
            for hour in range(days_wh.shape[2]):
                given = days_wh[row, month, hour] / WH_PER_KWH
                work = kwh[row] * workday[kind[row], month, hour]
                rest = kwh[row] * holiday[kind[row], month, hour]
                day += WORKDAYS * min(given, work) + (1.0 - WORKDAYS) * min(given, rest)
            total += days[month] * day
        used[row] = total
