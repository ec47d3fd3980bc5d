"""Natural breaks: the classes of numbers within which they differ least, found exactly (Fisher, Jenks)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.compiled import inlined, kernel


def natural_breaks(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """The largest value of each class but the last.

    Classes are those whose sum of squared differences from their means is least [1]_. The best beginning of the
    last class never moves down as the values go up, so that halving finds it in n log n steps a class [2]_.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        Finite numbers in any order, at least as many different ones as there are classes.
    count : int
        Number of classes.

    Returns
    -------
    ndarray of float64, shape (count - 1,)
        Ascending.

    References
    ----------
    .. [1] W. D. Fisher, "On grouping for maximum homogeneity," J. Am. Stat. Assoc. 53(284), 789-798, 1958.
    .. [2] A. Gronlund et al., "Fast exact k-means, k-medians and Bregman divergence clustering in 1D,"
       arXiv:1701.07204, 2017.
    """
    ascending = np.sort(values)
    begins = _begins_of_classes(ascending - ascending.mean(), count)
    found: NDArray[np.float64] = ascending[begins[1:] - 1]
    return found


@inlined
def _spread(sums: NDArray[np.float64], squares: NDArray[np.float64], first: int, last: int) -> float:
    """Sum of squared differences from their mean of values first to last."""
    total = sums[last + 1] - sums[first]
    spread = squares[last + 1] - squares[first] - total * total / (last - first + 1)
    least: float = max(spread, 0.0)
    return least


@kernel
def _begins_of_classes(values: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Place of the first value of each class; values ascend."""
    n = values.size
    sums, squares = np.zeros(n + 1), np.zeros(n + 1)
    for place in range(n):
        sums[place + 1] = sums[place] + values[place]
        squares[place + 1] = squares[place] + values[place] * values[place]
    least = np.empty(n)  # of values 0 to last in so many classes as were laid out
    for last in range(n):
        least[last] = _spread(sums, squares, 0, last)
    begin = np.zeros((count, n), dtype=np.int64)
    ranges = np.empty((2 * n + 64, 4), dtype=np.int64)  # still to do: places, and where their class may begin
    for number in range(1, count):
        before = least.copy()
        left = 1
        ranges[0] = (number, n - 1, number, n - 1)
        while left > 0:
            left -= 1
            low, high, from_, to = ranges[left]
            if low > high:
                continue
            last = (low + high) // 2
            best, where = np.inf, from_
            for first in range(from_, min(to, last) + 1):
                cost = before[first - 1] + _spread(sums, squares, first, last)
                if cost < best:
                    best, where = cost, first
            least[last] = best
            begin[number, last] = where
            ranges[left] = (low, last - 1, from_, where)
            ranges[left + 1] = (last + 1, high, where, to)
            left += 2
    found = np.zeros(count, dtype=np.int64)
    last = n - 1
    for number in range(count - 1, 0, -1):
        found[number] = begin[number, last]
        last = found[number] - 1
    return found
