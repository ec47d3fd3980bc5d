"""Table of options: the choices of all parcels, compressed, in an order of its own, and passes over it on all processors."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from core.jobs import Job
from plans.allocation.choices import Choices, Floats, Places
from plans.allocation.kernels import curvature_pass, hard_pass, reach_of, soft_pass, sums_of

CHUNK_PARCELS = 2048  # at least; sums do not depend on how many processors there are
MOST_CHUNKS = 64
TILT = 1e-6  # of the mean cost: by so much at most ties are broken


@dataclass(frozen=True)
class Table:
    """Options of all parcels, parcels in the order of the hash of their keys.

    Any first part of the parcels is thus a random sample, and the order in which parcels were given does not matter.

    Parameters
    ----------
    choices : Choices
        As they were given.
    order : ndarray of int64, shape (parcels,)
        Which parcel of the choices each parcel of the table is.
    start : ndarray of int64, shape (parcels + 1,)
        Where options of each parcel begin.
    source : ndarray of int64, shape (options,)
        Row of each option in the choices.
    cost, tilt : ndarray, shape (options,)
        Cost, and the tiny change of it that breaks ties. [yuan]
    first, account, gain : ndarray
        Gains that are not zero, option after option: where they begin, whose they are, and how much.
    accounts : int
        How many accounts there are.
    mean_cost : float
        Mean size of costs, the measure of softness; 1 where nothing costs anything. [yuan]
    """

    choices: Choices
    order: Places
    start: Places
    source: Places
    cost: Floats
    tilt: NDArray[np.float32]
    first: Places
    account: NDArray[np.uint16]
    gain: NDArray[Any]
    accounts: int
    mean_cost: float

    def __len__(self) -> int:
        return len(self.order)

    def part(self, parcels: Places) -> Table:
        """Some parcels of the table, as a smaller table of the same mean cost."""
        return self._of(parcels, *ranges(self.start, parcels))

    def part_of(self, parcels: Places, kept: NDArray[np.bool_]) -> tuple[Table, Places]:
        """Some parcels with some of their options, and where these options stand in this table."""
        _, options = ranges(self.start, parcels)
        options = options[kept[options]]
        counts = np.add.reduceat(kept, self.start[:-1])[parcels]
        start = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])
        return self._of(parcels, start, options), options

    def _of(self, parcels: Places, start: Places, options: Places) -> Table:
        first, places = ranges(self.first, options)
        return Table(
            self.choices, self.order[parcels], start, self.source[options], self.cost[options],
            self.tilt[options], first, self.account[places], self.gain[places], self.accounts, self.mean_cost,
        )  # fmt: skip


def ranges(start: Places, rows: Places) -> tuple[Places, Places]:
    """New starts of some rows of a compressed table, and the places of all their entries one after another."""
    counts = start[rows + 1] - start[rows]
    found = np.zeros(len(rows) + 1, np.int64)
    np.cumsum(counts, out=found[1:])
    places = np.arange(found[-1], dtype=np.int64) + np.repeat(start[rows] - found[:-1], counts)
    return found, places


def table_of(choices: Choices) -> Table:
    """The choices prepared for many passes."""
    order = np.argsort(mixed(choices.key), kind="stable").astype(np.int64)
    start, source = ranges(choices.start, order)
    rows = csr_array(choices.gain)[source]
    cost = np.ascontiguousarray(choices.cost[source], dtype=np.float64)
    mean_cost = float(np.abs(cost).sum()) / max(len(cost), 1) or 1.0
    counts = np.diff(start)
    within = (np.arange(len(cost)) - np.repeat(start[:-1], counts)).astype(np.uint64)
    lots = mixed(np.repeat(choices.key[order].astype(np.uint64), counts) * np.uint64(1_000_003) + within)
    tilt = (TILT * mean_cost * (lots >> np.uint64(40)).astype(np.float64) / 2.0**24).astype(np.float32)
    return Table(
        choices, order, start, source, cost, tilt, rows.indptr.astype(np.int64), rows.indices.astype(np.uint16),
        rows.data, rows.shape[1], mean_cost,
    )  # fmt: skip


def mixed(key: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Whole numbers shaken so that neighbours become strangers (the finaliser of SplitMix64, Steele et al. 2014)."""
    value = key.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


class Passes:
    """Passes over a table on all processors; chunks are fixed, so the sums are the same on any machine.

    Parameters
    ----------
    table : Table
        What to pass over.
    job : Job
        Is asked before every pass whether to stop.
    threads : int, optional
        How many; as many as there are processors by default.
    """

    def __init__(self, table: Table, job: Job, threads: int | None = None) -> None:
        self.table = table
        self.calls = 0
        self._job = job
        chunks = max(1, min(MOST_CHUNKS, len(table) // CHUNK_PARCELS))
        edges = np.linspace(0, len(table), chunks + 1).astype(np.int64)
        self._chunks = [(int(low), int(high)) for low, high in pairwise(edges)]
        self.threads = min(threads or os.cpu_count() or 1, chunks)
        self._pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown()

    def check(self) -> None:
        """Stop here where the job was asked to.

        Raises
        ------
        Cancelled
            The job was asked to stop.
        """
        self._job.check()

    def soft(self, price: Floats, softness: float) -> tuple[float, float, Floats]:
        """Soft minimum over all parcels, cost and sums of the accounts at its weights.

        Parameters
        ----------
        price : ndarray, shape (accounts,)
            With its sign: what a unit earns. [yuan per unit]
        softness : float
            [yuan]
        """
        table = self.table

        def one(low: int, high: int, found: Floats) -> None:
            soft_pass(
                table.start, table.cost, table.tilt, 1.0, table.first, table.account, table.gain, price,
                softness, low, high, found,
            )  # fmt: skip

        return self._summed(one)

    def curvature(self, price: Floats, softness: float) -> Floats:
        """How the sums of the accounts change with the prices, shape (accounts, accounts). [unit² per yuan]"""
        table = self.table
        found = np.zeros((len(self._chunks), table.accounts, table.accounts))

        def one(number: int) -> None:
            low, high = self._chunks[number]
            curvature_pass(
                table.start, table.cost, table.tilt, table.first, table.account, table.gain, price, softness,
                low, high, found[number],
            )  # fmt: skip

        self.calls += 1
        self._each(one)
        return np.asarray(found.sum(axis=0))

    def hard(self, price: Floats, *, ties: bool) -> tuple[float, float, Floats, Places]:
        """Least reduced cost over all parcels, cost and sums of what is chosen, and the options chosen."""
        table = self.table
        chosen = np.empty(len(table), np.int64)

        def one(low: int, high: int, found: Floats) -> None:
            hard_pass(
                table.start, table.cost, table.tilt, float(ties), table.first, table.account, table.gain, price,
                low, high, chosen, found,
            )  # fmt: skip

        return *self._summed(one), chosen

    def sums(self, chosen: Places) -> tuple[float, Floats]:
        """Cost and sums of the accounts of some choice of options."""
        table = self.table

        def one(low: int, high: int, found: Floats) -> None:
            sums_of(table.cost, table.first, table.account, table.gain, low, high, chosen, found)

        _, cost, sums = self._summed(one)
        return cost, sums

    def reach(self) -> tuple[Floats, Floats]:
        """The least and the most that all parcels could give to every account alone."""
        table = self.table
        found = np.zeros((len(self._chunks), 2, table.accounts))

        def one(number: int) -> None:
            low, high = self._chunks[number]
            reach_of(
                table.start,
                table.first,
                table.account,
                table.gain,
                low,
                high,
                found[number, 0],
                found[number, 1],
            )

        self._each(one)
        least, most = found.sum(axis=0)
        return least, most

    def _summed(self, work: Callable[[int, int, Floats], None]) -> tuple[float, float, Floats]:
        found = np.zeros((len(self._chunks), self.table.accounts + 2))
        self.calls += 1
        self._each(lambda number: work(*self._chunks[number], found[number]))
        total = found.sum(axis=0)
        return float(total[-1]), float(total[-2]), total[:-2]

    def _each(self, work: Callable[[int], None]) -> None:
        self._job.check()
        numbers = range(len(self._chunks))
        for _ in self._pool.map(work, numbers) if self._pool else map(work, numbers):
            continue
