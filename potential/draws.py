"""Draws: uncertain numbers drawn anew with a fixed seed, and what nine and one in ten draws reach."""

from __future__ import annotations

from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray

from standards import Taken

SEED = 20240
Floats = NDArray[np.float64]


class Draws:
    """Numbers drawn between their published low and high ends, most often near their default.

    Every number has a sequence of its own, so a further one moves no other, and all parcels share it.

    Parameters
    ----------
    taken : Taken
        Where numbers are read, and remembered with their source.
    count : int
        How many draws.
    """

    def __init__(self, taken: Taken, count: int) -> None:
        self._taken = taken
        self.count = count

    def number(self, table: str, *, each: int = 0, **keys: str) -> Floats:
        """A number of a table in every draw, shape (count,), or (count, each) for several that differ.

        A number without a low or high end is the same in all draws.
        """
        value = self._taken.number(table, **keys)
        row = self._taken.used[-1]
        low, high = (value if end is None else end for end in (row.low, row.high))
        return self.between(" / ".join((table, row.key)), low, value, high, each=each)

    def between(self, name: str, low: float, middle: float, high: float, *, each: int = 0) -> Floats:
        """Draws between two ends by a triangle with its top at `middle`, in the sequence of a name."""
        shape = (self.count, each) if each else (self.count,)
        if not low < high:
            return np.full(shape, middle)
        return np.random.default_rng([SEED, crc32(name.encode())]).triangular(low, middle, high, shape)


def reached_by_90(draws: ArrayLike) -> Floats:
    """P90: what nine in ten draws reach at least; draws along the first axis."""
    return np.asarray(np.percentile(np.asarray(draws, dtype=float), 10, axis=0))


def reached_by_10(draws: ArrayLike) -> Floats:
    """P10: what one in ten draws reaches at least; draws along the first axis."""
    return np.asarray(np.percentile(np.asarray(draws, dtype=float), 90, axis=0))
