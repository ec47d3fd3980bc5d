"""Service: what machines give parcels hour by hour, by temperature bins in place of the hours of a year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.compiled import kernel

Floats = NDArray[np.float64]
NODES = 31  # sizes at which what a machine gives is known: 0 to 1.5 of the size that covers the design load
NODE_STEP = 0.05
KINDS = 2  # working day, holiday
KIND_SHARES = (5.0 / 7.0, 2.0 / 7.0)  # of the hours of a cell


@kernel
def given_by_size(
    power: NDArray[np.float32],
    full: Floats,
    capacity: Floats,
    cop: Floats,
    start: NDArray[np.int64],
    bin_of: NDArray[np.int64],
    hours: Floats,
    weight: Floats,
) -> tuple[Floats, Floats]:
    """Heat that machines of each size give in a year, and the electricity it takes.

    Parameters
    ----------
    power : ndarray of float32, shape (parcels, 12, 2, 24)
        Mean load in the hours of a working day and of a holiday of each month. [kW]
    full : ndarray, shape (parcels,)
        Size that covers the design load, as capacity where `capacity` is one. [kW]
    capacity, cop : ndarray, shape (bins,)
        Capacity over that of the size, and performance; a machine that stands still has a capacity of zero. [-]
    start, bin_of, hours, weight : ndarray
        As in `Places`.

    Returns
    -------
    heat, electricity : ndarray, shape (parcels, NODES)
        At 0, 0.05 … 1.5 times the full size. [kWh]
    """
    parcels = power.shape[0]
    heat = np.zeros((parcels, NODES))
    electricity = np.zeros((parcels, NODES))
    whole = np.zeros(
        (2, NODES + 1)
    )  # energy of the hours that a node covers from here on, and its electricity
    lent = np.zeros((2, NODES + 1))  # hours times capacity that limit all smaller nodes, and over the COP
    for parcel in range(parcels):
        if full[parcel] <= 0:
            continue
        whole[:] = 0.0
        lent[:] = 0.0
        for month in range(12):
            for kind in range(KINDS):
                for hour in range(24):
                    mean = power[parcel, month, kind, hour]
                    if mean <= 0:
                        continue
                    cell = month * 24 + hour
                    for place in range(start[cell], start[cell + 1]):
                        one = bin_of[place]
                        if capacity[one] <= 0:
                            continue
                        length = hours[place] * KIND_SHARES[kind]
                        load = mean * weight[place]
                        need = load / (full[parcel] * capacity[one]) / NODE_STEP
                        node = min(int(np.ceil(need - 1e-9)), NODES)
                        whole[0, node] += load * length
                        whole[1, node] += load * length / cop[one]
                        lent[0, node] += capacity[one] * length
                        lent[1, node] += capacity[one] * length / cop[one]
        for which in range(2):
            covered = 0.0
            limited = lent[which].sum()
            for node in range(NODES):
                covered += whole[which, node]
                limited -= lent[which, node]
                found = covered + node * NODE_STEP * full[parcel] * limited
                if which == 0:
                    heat[parcel, node] = found
                else:
                    electricity[parcel, node] = found
    return heat, electricity


@kernel
def given_by_month(
    power: NDArray[np.float32],
    size: Floats,
    capacity: Floats,
    cop: Floats,
    start: NDArray[np.int64],
    bin_of: NDArray[np.int64],
    hours: Floats,
    weight: Floats,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Heat that machines of one size give in every month and in all bins, and the electricity it takes.

    Parameters
    ----------
    power, capacity, cop, start, bin_of, hours, weight
        As in `given_by_size`.
    size : ndarray, shape (parcels,)
        Size of the machines, as capacity where `capacity` is one. [kW]

    Returns
    -------
    heat, electricity : ndarray, shape (parcels, 12)
        [kWh]
    needed, given : ndarray, shape (bins,)
        Load of all parcels together in each bin, and what machines give of it. [kWh]
    """
    parcels = power.shape[0]
    heat = np.zeros((parcels, 12))
    electricity = np.zeros((parcels, 12))
    needed = np.zeros(capacity.shape[0])
    given = np.zeros(capacity.shape[0])
    for parcel in range(parcels):
        for month in range(12):
            for kind in range(KINDS):
                for hour in range(24):
                    mean = power[parcel, month, kind, hour]
                    if mean <= 0:
                        continue
                    cell = month * 24 + hour
                    for place in range(start[cell], start[cell + 1]):
                        one = bin_of[place]
                        length = hours[place] * KIND_SHARES[kind]
                        load = mean * weight[place]
                        part = min(load, size[parcel] * capacity[one])
                        needed[one] += load * length
                        given[one] += part * length
                        heat[parcel, month] += part * length
                        if part > 0:
                            electricity[parcel, month] += part * length / cop[one]
    return heat, electricity, needed, given


def at_size(by_node: Floats, size: Floats) -> Floats:
    """Values of `given_by_size` at any size, straight between the nodes.

    Parameters
    ----------
    by_node : ndarray, shape (parcels, NODES)
        Values at the nodes.
    size : ndarray, shape (..., parcels)
        Over the full size; beyond the last node as there. [-]
    """
    place = np.clip(np.nan_to_num(size) / NODE_STEP, 0.0, NODES - 1)
    below = np.minimum(place.astype(np.int64), NODES - 2)
    rows = np.arange(len(by_node))
    part = place - below
    found: Floats = by_node[rows, below] * (1 - part) + by_node[rows, below + 1] * part
    return found
