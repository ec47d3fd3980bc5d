"""Service: what machines give parcels through a year, by the air in which each hour of each month comes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.compiled import kernel
from potential.air_source.bins import CELLS, Places
from potential.air_source.load import KIND_SHARES, Load

Floats = NDArray[np.float64]
STEPS = 8  # sizes and loads in a table to each doubling
OCTAVES_BELOW = 12  # the smallest load of a table, in doublings below the size
OCTAVES_ABOVE = 5  # and the largest above it
NODE_LEAST = 0.25  # sizes at which what machines give is known: from here
NODES = 2 * STEPS + 7  # up to 1.68 of the size that covers the design load


@dataclass(frozen=True)
class Curves:
    """What machines give in the hours of every cell as a function of the load, exactly.

    Machines give the load or their capacity, whichever is less. In the order of `bound`, the load over the size at
    which the hours of a place become too cold, heat is a straight line between bounds: the load times `load_hours`
    plus the size times `size_hours`.

    Parameters
    ----------
    start : ndarray of int64, shape (289,)
        Where the places of each cell begin in `bound`; its pieces begin at the same place plus the cell.
    bound : ndarray, shape (places,)
        Load over size from which the place is short of heat, rising within a cell. [-]
    bin_of, weight_hours, capacity_hours : ndarray, shape (places,)
        Bin of the place; its hours times weight and times capacity. [h]
    load_hours, size_hours, load_power, size_power : ndarray, shape (places + cells,)
        Hours by which load and size count in each piece, and those over the performance. [h]
    """

    start: NDArray[np.int64]
    bound: Floats
    bin_of: NDArray[np.int64]
    weight_hours: Floats
    capacity_hours: Floats
    load_hours: Floats
    size_hours: Floats
    load_power: Floats
    size_power: Floats

    @classmethod
    def of(cls, places: Places, capacity: ArrayLike, cop: ArrayLike) -> Curves:
        """Curves of machines of some capacity over their size and performance in each bin, shape (bins,)."""
        cell = np.repeat(np.arange(CELLS), np.diff(places.start))
        at = np.asarray(capacity, dtype=float)[places.bin_of]
        power = 1 / np.asarray(cop, dtype=float)[places.bin_of]
        bound = np.divide(at, places.weight, out=np.full_like(at, np.inf), where=places.weight > 0)
        order = np.lexsort((bound, cell))
        cell, bin_of, bound, power = cell[order], places.bin_of[order], bound[order], power[order]
        whole, limited = (places.hours * places.weight)[order], (places.hours * at)[order]
        # Hours in which machines stand still draw nothing; their bound is 0, so their load never counts as given.

        def pieces(values: Floats, *, above: bool) -> Floats:
            """For each piece, the sum over the places below its bound, or from it on."""
            found = np.zeros(len(values) + CELLS)
            for one in range(CELLS):
                here = slice(places.start[one], places.start[one + 1])
                sums = np.concatenate([[0.0], np.cumsum(values[here])])
                found[places.start[one] + one : places.start[one + 1] + one + 1] = (
                    sums[-1] - sums if above else sums
                )
            return found

        return cls(
            places.start, bound, bin_of, whole, limited,
            load_hours=pieces(whole, above=True),
            size_hours=pieces(limited, above=False),
            load_power=pieces(whole * power, above=True),
            size_power=pieces(limited * power, above=False),
        )  # fmt: skip

    def table(self) -> tuple[Floats, Floats]:
        """Heat and electricity of a size of one at loads from 2**-12 to 2**5, shape (288, loads). [h]"""
        loads = 2.0 ** (np.arange(-OCTAVES_BELOW * STEPS, OCTAVES_ABOVE * STEPS + 1) / STEPS)
        heat, power = np.zeros((2, CELLS, len(loads)))
        for cell in range(CELLS):
            piece = np.searchsorted(self.bound[self.start[cell] : self.start[cell + 1]], loads)
            piece += self.start[cell] + cell
            heat[cell] = loads * self.load_hours[piece] + self.size_hours[piece]
            power[cell] = loads * self.load_power[piece] + self.size_power[piece]
        return heat, power


def given_by_size(load: Load, full: Floats, curves: Curves) -> tuple[Floats, Floats]:
    """Heat that machines of each size give in a year, and the electricity it takes.

    Parameters
    ----------
    load : Load
        What is wanted.
    full : ndarray, shape (parcels,)
        Size that covers the design load, as capacity where that of `curves` is one. [kW]
    curves : Curves
        What machines do here.

    Returns
    -------
    heat, electricity : ndarray, shape (parcels, NODES)
        At `node_sizes()` times the full size. Between its loads the table is straight, which gives up to 0.3 % less
        than the curves. [kWh]
    """
    heat, power = curves.table()
    return _by_size(load.days, load.place, load.scale, load.flat, full, heat, power)


def given_by_month(
    load: Load, size: Floats, curves: Curves, bins: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Heat that machines of one size give in every month and in all bins, and the electricity it takes; exact.

    Parameters
    ----------
    load : Load
        What is wanted.
    size : ndarray, shape (parcels,)
        Size of the machines, as capacity where that of `curves` is one. [kW]
    curves : Curves
        What machines do here.
    bins : int
        Number of bins.

    Returns
    -------
    heat, electricity : ndarray, shape (parcels, 12)
        [kWh]
    needed, given : ndarray, shape (bins,)
        Load of all parcels together in each bin, and what machines give of it. [kWh]
    """
    heat, electricity, loads, sizes = _by_month(
        load.days, load.place, load.scale, load.flat, size,
        curves.start, curves.bound, curves.load_hours, curves.size_hours, curves.load_power, curves.size_power,
    )  # fmt: skip
    needed, given = np.zeros(bins), np.zeros(bins)
    for cell in range(CELLS):
        here = slice(curves.start[cell], curves.start[cell + 1])
        pieces = slice(here.start + cell, here.stop + cell + 1)
        # A place covers the loads of all pieces up to its own, and is limited in those after it.
        covered = np.cumsum(loads[pieces])[:-1]
        limited = (sizes[pieces].sum() - np.cumsum(sizes[pieces]))[:-1]
        np.add.at(needed, curves.bin_of[here], curves.weight_hours[here] * loads[pieces].sum())
        part = curves.weight_hours[here] * covered + curves.capacity_hours[here] * limited
        np.add.at(given, curves.bin_of[here], part)
    return heat, electricity, needed, given


def node_sizes() -> Floats:
    """Sizes of `given_by_size` over the full one: 0.25 to 1.68 in steps of an eighth of a doubling."""
    found: Floats = NODE_LEAST * 2.0 ** (np.arange(NODES) / STEPS)
    return found


def at_size(by_node: Floats, size: Floats) -> Floats:
    """Values of `given_by_size` at any size, straight between the nodes and down to nothing at no size.

    Parameters
    ----------
    by_node : ndarray, shape (parcels, NODES)
        Values at the nodes.
    size : ndarray, shape (..., parcels)
        Over the full size; beyond the last node as there. [-]
    """
    nodes = node_sizes()
    held = np.clip(size, 0.0, nodes[-1])
    below = np.clip(np.floor(np.log2(np.maximum(held, NODE_LEAST) / NODE_LEAST) * STEPS), 0, NODES - 2)
    below = below.astype(np.int64)
    rows = np.arange(len(by_node))
    part = (held - nodes[below]) / (nodes[below + 1] - nodes[below])
    inside = by_node[rows, below] * (1 - part) + by_node[rows, below + 1] * part
    found: Floats = np.where(held < NODE_LEAST, by_node[rows, 0] * held / NODE_LEAST, inside)
    return found


@kernel
def _by_size(
    days: NDArray[np.float32],
    place: NDArray[np.int64],
    scale: Floats,
    flat: Floats,
    full: Floats,
    table: Floats,
    power_table: Floats,
) -> tuple[Floats, Floats]:
    heat = np.zeros((place.shape[0], NODES))
    electricity = np.zeros((place.shape[0], NODES))
    last = table.shape[1] - 2
    wide = 2.0 ** (1.0 / STEPS) - 1.0
    for parcel in range(place.shape[0]):
        if full[parcel] <= 0:
            continue
        least = full[parcel] * NODE_LEAST
        for month in range(12):
            if scale[parcel, month] <= 0 and flat[parcel, month] <= 0:
                continue
            for kind in range(2):
                share = KIND_SHARES[kind]
                for hour in range(24):
                    load = flat[parcel, month]
                    if place[parcel] >= 0:
                        day = days[place[parcel], month, kind, hour]
                        if day > 0:
                            load += scale[parcel, month] * day
                    if load <= 0:
                        continue
                    cell = month * 24 + hour
                    position = (np.log2(load / least) + OCTAVES_BELOW) * STEPS
                    # Loads never lie above the table: machines of the full size cover the peak on the design day.
                    first = min(int(np.floor(position)), last)
                    part = min((2.0 ** ((position - first) / STEPS) - 1.0) / wide, 1.0)
                    for node in range(min(NODES, first + 1)):  # below the table there is hardly any load
                        at = first - node
                        low, high = table[cell, at], table[cell, at + 1]
                        heat[parcel, node] += share * (low + part * (high - low))
                        low, high = power_table[cell, at], power_table[cell, at + 1]
                        electricity[parcel, node] += share * (low + part * (high - low))
        for node in range(NODES):
            size = least * 2.0 ** (node / STEPS)
            heat[parcel, node] *= size
            electricity[parcel, node] *= size
    return heat, electricity


@kernel
def _by_month(
    days: NDArray[np.float32],
    place: NDArray[np.int64],
    scale: Floats,
    flat: Floats,
    size: Floats,
    start: NDArray[np.int64],
    bound: Floats,
    load_hours: Floats,
    size_hours: Floats,
    load_power: Floats,
    size_power: Floats,
) -> tuple[Floats, Floats, Floats, Floats]:
    heat = np.zeros((place.shape[0], 12))
    electricity = np.zeros((place.shape[0], 12))
    loads = np.zeros(load_hours.shape[0])  # of all parcels, by the piece in which they lie
    sizes = np.zeros(load_hours.shape[0])
    for parcel in range(place.shape[0]):
        for month in range(12):
            if scale[parcel, month] <= 0 and flat[parcel, month] <= 0:
                continue
            for kind in range(2):
                share = KIND_SHARES[kind]
                for hour in range(24):
                    load = flat[parcel, month]
                    if place[parcel] >= 0:
                        day = days[place[parcel], month, kind, hour]
                        if day > 0:
                            load += scale[parcel, month] * day
                    if load <= 0:
                        continue
                    cell = month * 24 + hour
                    first, end = start[cell], start[cell + 1]
                    while first < end:  # the first place whose bound the load does not pass
                        middle = (first + end) // 2
                        if bound[middle] * size[parcel] < load:
                            first = middle + 1
                        else:
                            end = middle
                    piece = first + cell
                    heat[parcel, month] += share * (
                        load * load_hours[piece] + size[parcel] * size_hours[piece]
                    )
                    electricity[parcel, month] += share * (
                        load * load_power[piece] + size[parcel] * size_power[piece]
                    )
                    loads[piece] += share * load
                    sizes[piece] += share * size[parcel]
    return heat, electricity, loads, sizes
